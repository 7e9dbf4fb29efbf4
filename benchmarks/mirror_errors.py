"""How far each method of the global comparison is from the truth, in a synthetic world whose true flows are known.

Not a claim about aluminum: the world is made up, and so is how each side strays from it (``data/sample/README.md``). It
tells what the methods do with freight, lags, noise, a port between, thresholds and missing weights of known size.
Twelve months of 2024, seven categories, as of the sample's last day; the table is ``data/sample/method_errors.csv``.

Usage: python benchmarks/mirror_errors.py [--store FOLDER] [--write]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import pandas as pd

from aimlib import settings
from aimlib.analysis.mirror import FACTORS, METHODS, errors_against, estimate_factor, settle
from aimlib.ingest.global_trade import read_pairs, read_reporting
from aimlib.ingest.sample import fill_sample, true_flows
from aimlib.reference import products
from aimlib.reference.trade_reporting import non_reporters
from aimlib.store.store import Store, resolve_store

COLUMNS = ["flow", "method", "factor", "measure", "error_totals", "error_pairs", "share_invisible", "note"]
FIRST, LAST = "2024-01-01", "2024-12-01"
ENDS = {"export": "exporter", "import": "importer"}
EVERYONE, MIRRORED, REPORTERS = "all countries", "the eight that the monitor mirrors", "countries that report by month"
WIDENED = "all countries, with all that do not report mirrored"
DECIMALS = 4
HEAD = (
    "# Errors of the methods against the true flows of the synthetic world, as shares of the true quantity or FOB\n"
    "# value; made by benchmarks/mirror_errors.py. Synthetic: they say nothing of aluminum. Do not cite.\n"
)


def method_errors(store: Store) -> pd.DataFrame:
    """Return the errors of every method by flow, measure (and factor) and group of countries.

    error_totals is the sum over countries of |settled - true| over the sum of the true, error_pairs the same over pairs
    and categories; share_invisible what of the true quantity has no settled one. Rounded to four decimals.
    """
    span = {"frequency": "monthly", "first": FIRST, "last": LAST}
    pairs = read_pairs(store, "gatm", **span, by_category=True)
    reporting = read_reporting(store, "gatm", **span)
    truth = true_by_category()
    estimated = estimate_factor(pairs).value
    factors = {f"{factor:.2f}": factor for factor in FACTORS} | {"estimated": estimated}
    told = reporting[reporting["reported"]].groupby("reporter")["period"].nunique()
    reporters = told.index[told == told.max()].tolist()
    groups = {EVERYONE: (), MIRRORED: non_reporters(), REPORTERS: reporters}
    rows = []
    for flow, end in ENDS.items():
        silent = sorted({*truth[end]} - {*reporters})
        for name, factor in factors.items():
            options = {"flow": flow, "factor": factor}
            settled = {
                method: settle(pairs, reporting, method=method, mirrored=non_reporters(), **options)
                for method in METHODS
            }
            for group, among in groups.items():
                rows += _rows(errors_against(truth, settled, by=(end,), among=among), flow, name, group)
            widened = {"reverse": settle(pairs, reporting, method="reverse", mirrored=silent, **options)}
            rows += _rows(errors_against(truth, widened, by=(end,)), flow, name, WIDENED)
    table = pd.DataFrame(rows, columns=COLUMNS).drop_duplicates(["flow", "method", "factor", "measure", "note"])
    return table.sort_values(["flow", "measure", "note"], kind="stable", ignore_index=True)


def true_by_category() -> pd.DataFrame:
    """Return the true flows of the span as `errors_against` takes them: by category, in metric tons."""
    flows = true_flows()
    flows = flows[(flows["month"] >= FIRST) & (flows["month"] <= LAST)].rename(columns={"month": "period"})
    flows["product"] = products.classify(flows["code"], flows["period"])
    flows["quantity_t"] = flows["quantity_kg"] / 1000
    keys = ["exporter", "importer", "product", "period"]
    return flows.groupby(keys, as_index=False)[["quantity_t", "fob_value_usd"]].sum()


def as_csv(table: pd.DataFrame) -> str:
    """Return the table as it is committed."""
    return HEAD + table.to_csv(index=False, lineterminator="\n", float_format=f"%.{DECIMALS}f")


def _rows(errors: pd.DataFrame, flow: str, factor: str, note: str) -> list[dict[str, object]]:
    """One row a method for the quantity, which no factor moves, and one for the value."""
    return [
        {
            "flow": flow,
            "method": found["method"],
            "factor": factor if measure == "value" else "",
            "measure": measure,
            "error_totals": round(found[f"total_error_{measure}"], DECIMALS),
            "error_pairs": round(found[f"pair_error_{measure}"], DECIMALS),
            "share_invisible": round(found["share_invisible"], DECIMALS),
            "note": note,
        }
        for found in errors.to_dict("records")
        for measure in ("quantity", "value")
    ]


def main() -> None:
    """Print the table, or write it where it is committed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="a folder with the sample in it, instead of a fresh one")
    parser.add_argument("--write", action="store_true", help="write data/sample/method_errors.csv")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if wanted.store is None:
            fill_sample(Path(scratch))
        table = method_errors(resolve_store(wanted.store or Path(scratch)))
    if wanted.write:
        (settings.share_dir("sample") / "method_errors.csv").write_text(as_csv(table), encoding="utf-8")
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
