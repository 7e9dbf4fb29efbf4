"""The early estimate's record on the sample: what it would have said each Thursday, beside four rivals.

Not a claim about aluminum: the sample is synthetic, and the noise of its licenses is that of the published steel
record, fixed before the estimator was written. It tells whether the machinery is right: whether intervals hold what
they promise and which method errs least under known conditions.

Usage: python benchmarks/early_estimate.py [--store FOLDER] [--measure quantity] [--concept consumption] [--all-parts]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from aimlib.analysis.early.backtest import METHODS, backtest, rivals_ahead
from aimlib.ingest.licensing import read_filings, read_panel
from aimlib.ingest.prints import read_prints
from aimlib.ingest.sample import fill_sample
from aimlib.store.store import Store, resolve_store


def record(store: Store, measure: str, concept: str) -> pd.DataFrame:
    """Return the record as of the newest panel day, and say how long the back-test took."""
    panel = read_panel(store, concept=concept, product="aim")
    prints = read_prints(store, concept=concept, product="aim")
    if panel.empty:
        sys.exit("The store holds no licenses.")
    filings, day = read_filings(store), panel["day"].max()
    start = time.perf_counter()
    found = backtest(panel, prints, filings, day, measure)
    print(f"{len(panel):,} panel rows, {len(prints):,} rows of prints, as of {day:%Y-%m-%d}")
    print(f"back-test in {time.perf_counter() - start:.1f} s")
    return found


def printed(found: pd.DataFrame) -> pd.DataFrame:
    """Return the record as one row a group: n, months marked, coverage, bias, and the mean error of each method."""
    keys = ["against", "part_kind", "part", "horizon"]
    own = found[found["method"] == "estimate"].set_index(keys)
    errors = found.pivot_table(index=keys, columns="method", values="mae")[list(METHODS)]
    counts = own[["n", "months_front_loaded", "months_left_out", "bias", "coverage_80", "coverage_95"]]
    counts = counts.rename(columns={"months_front_loaded": "front_loaded", "months_left_out": "left_out"})
    percent = pd.concat([counts[["bias"]], errors], axis=1).mul(100).round(2)
    cover = counts[["coverage_80", "coverage_95"]].round(3)
    return pd.concat([counts[["n", "front_loaded", "left_out"]], cover, percent, own["winner"]], axis=1).sort_index()


def main() -> None:
    """Print the record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="a store to take instead of a fresh sample")
    parser.add_argument("--measure", default="quantity", choices=["quantity", "value"])
    parser.add_argument("--concept", default="consumption", choices=["consumption", "general"])
    parser.add_argument("--all-parts", action="store_true", help="products and origins too")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if wanted.store is None:
            fill_sample(Path(scratch))
        found = record(resolve_store(wanted.store or Path(scratch)), wanted.measure, wanted.concept)
    table = printed(found)
    if not wanted.all_parts:
        table = table[table.index.get_level_values("part_kind") == "total"]
    print(f"errors and bias in percent of Census; {wanted.measure}, {wanted.concept}\n")
    print(table.to_string())
    groups = found.drop_duplicates(["against", "horizon", "part_kind", "part"])
    ahead = rivals_ahead(found)
    print(f"\na rival errs less than the estimate in {len(ahead)} of {len(groups)} groups", end="")
    print(f" by {ahead['ahead'].median() * 100:.2f} points of error (median):" if len(ahead) else "")
    for winner, rows in ahead.groupby("winner"):
        print(f"  {winner}: {len(rows)}, by {rows['ahead'].median() * 100:.2f} points (median)")


if __name__ == "__main__":
    main()
