"""Trade of the world at full size, against the obvious pandas code on the same Parquet files.

Sixty reporters declare exports and imports of nineteen HS6 codes by month, a quarter of the cells without trade. Asked
are (a) totals by category, partner and month, (b) both accounts of each flow by pair, category and month with their
asymmetry 2 |X - M| / (X + M), each by our function and by pandas, every run in a process of its own, and (c) ours again
with a limit on memory. The answers of both roads are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd

PLACES, CELLS = 60, 0.75
ROADS = {
    ("totals", "pandas"): """
frame = frame[frame["concept"] == "import"]
found = frame.groupby(["category", "partner", "month"], as_index=False)["quantity_kg"].sum()
found["quantity_kg"] /= 1000
""",
    ("mirror", "pandas"): """
keys = ["exporter", "importer", "category", "month"]
names = {"reporter": "exporter", "partner": "importer", "quantity_kg": "x"}
x = frame[frame["concept"] == "export"].rename(columns=names).groupby(keys, as_index=False)["x"].sum(min_count=1)
names = {"partner": "exporter", "reporter": "importer", "quantity_kg": "m"}
m = frame[frame["concept"] == "import"].rename(columns=names).groupby(keys, as_index=False)["m"].sum(min_count=1)
found = x.merge(m, how="outer", on=keys, indicator=True)
found.loc[found["_merge"] == "right_only", "x"] = 0.0
found.loc[found["_merge"] == "left_only", "m"] = 0.0
found = found.drop(columns="_merge")
found[["x", "m"]] /= 1000
found["asymmetry"] = 2 * (found["x"] - found["m"]).abs() / (found["x"] + found["m"])
""",
    ("totals", "ours"): """
found = totals(store, "gatm", by=("product", "partner", "period"), flow="import", with_values=False, **span)
""",
    ("mirror", "ours"): """
found = read_asymmetries(store, "gatm", **span)
""",
}
START = {
    "pandas": """
import sys, time
from pathlib import Path
import pandas as pd
from aimlib.reference._tables import load
began = time.perf_counter()
columns = ["concept", "reporter", "partner", "month", "code", "row_kind", "quantity_kg"]
frame = pd.read_parquet(sorted(Path(sys.argv[1], "tables", "comtrade").glob("*.parquet")), columns=columns)
frame = frame[frame["row_kind"] == "country"].drop(columns="row_kind")
frame["category"] = frame["code"].map(load("hs6_gatm").set_index("hs6")["category"])
""",
    "ours": """
import sys, time
from pathlib import Path
import pandas as pd
from aimlib.ingest.global_trade import read_asymmetries, totals
from aimlib.store import Store
began = time.perf_counter()
store = Store.open(sys.argv[1])
span = {"frequency": "monthly", "first": "2000-01", "last": "2050-12"}
""",
}
END = """
seconds = time.perf_counter() - began
import json, re, resource
status = Path("/proc/self/status")  # ru_maxrss starts from what the process that started this one had
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
if status.exists():
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) / 1e6
found.columns = range(found.shape[1])
if len(sys.argv) > 2:
    found.sort_values(list(found.columns[:-1]), ignore_index=True).to_parquet(sys.argv[2])
print(json.dumps({"seconds": seconds, "peak_gb": peak, "rows": len(found)}))
"""


def run(task: str, road: str, store: Path, result: Path | None = None, memory: str = "") -> dict[str, float]:
    """Return seconds, peak of memory (GB) and rows of one run in a process of its own."""
    words = [
        sys.executable,
        "-c",
        START[road] + ROADS[task, road] + END,
        str(store),
        *([str(result)] if result else []),
    ]
    environment = {name: text for name, text in os.environ.items() if name != "AIM_MEMORY"}
    done = subprocess.run(
        words, env=environment | {"AIM_MEMORY": memory}, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def generate(root: Path, rows: int) -> None:
    """Write about `rows` rows of declared trade into a store, one commit a year."""
    from aimlib.reference._tables import load
    from aimlib.store.commits import commit_name
    from aimlib.store.raw import Origin, Snapshot
    from aimlib.store.writing import Draft, write_commit

    countries = load("countries")
    places = np.array(sorted(countries.loc[countries["kind"] == "country", "iso3"][:PLACES]))
    codes = np.array(load("hs6_gatm")["hs6"].tolist())
    months = max(1, round(rows / (PLACES * (PLACES - 1) * len(codes) * 2 * CELLS)))
    calendar = pd.date_range("2010-01-01", periods=months, freq="MS")
    draws = np.random.default_rng(4)
    for year in sorted(set(calendar.year)):
        made = [year_part(month, places, codes, draws) for month in calendar[calendar.year == year]]
        scopes = tuple(scope for _, of_month in made for scope in of_month)
        moment, day = datetime(year + 1, 6, 1, tzinfo=UTC), date(year + 1, 6, 1)
        snapshot = Snapshot(
            str(year).encode(), Origin("Benchmark", "Generated trade", "x.csv", moment, "none"), "x.csv"
        )
        frame = pd.concat([part for part, _ in made])
        name = commit_name(day, [snapshot.sha256], {})
        write_commit(root, Draft(name, day, moment, False, (snapshot,), scopes, {"comtrade": frame}))


def year_part(month: pd.Timestamp, places: np.ndarray, codes: np.ndarray, draws: np.random.Generator) -> tuple:
    """Return a month's rows of both flows, and what they are about."""
    from aimlib.store.writing import Scope

    exporter, importer, code = (
        axis.ravel() for axis in np.meshgrid(*map(np.arange, (len(places),) * 2 + (len(codes),)))
    )
    apart = exporter != importer
    exporter, importer, code = exporter[apart], importer[apart], code[apart]
    tonnes = draws.lognormal(2, 1.5, len(code))
    headings = np.array([text[:4] for text in codes])
    told = tuple(f"{place} {heading}" for place in places for heading in sorted(set(headings)))
    parts, scopes = [], []
    for flow in ("export", "import"):
        reporter, partner = (exporter, importer) if flow == "export" else (importer, exporter)
        kept = draws.random(len(code)) < CELLS
        weight = np.round(1000 * tonnes * draws.lognormal(0, 0.2, len(code)), 1)
        weight = np.where(draws.random(len(code)) < 0.03, np.nan, weight)[kept]
        names = pd.Series(places[reporter[kept]], dtype="str")
        parts.append(
            pd.DataFrame(
                {
                    "code_level": "hs6",
                    "concept": flow,
                    "period": f"{month:%Y-%m}",
                    "heading": names + " " + pd.Series(headings[code[kept]], dtype="str"),
                    "month": month,
                    "reporter": names,
                    "partner": places[partner[kept]],
                    "code": codes[code[kept]],
                    "row_kind": "country",
                    "edition": "H6",
                    "primary_value_usd": np.round(2_500 * tonnes[kept], 2),
                    "cif_value_usd": np.nan,
                    "fob_value_usd": np.nan,
                    "quantity_kg": weight,
                    "quantity_estimated": False,
                }
            )
        )
        scopes.append(Scope("comtrade", "hs6", flow, f"{month:%Y-%m}", "complete", told))
    return pd.concat(parts), scopes


def same(left: Path, right: Path) -> bool:
    """Tell whether two answers agree but for the last digits of sums."""
    one, other = pd.read_parquet(left), pd.read_parquet(right)
    texts = [name for name in one if one[name].dtype != "float64"]
    figures = [name for name in one if name not in texts]
    return one[texts].equals(other[texts].astype(one[texts].dtypes)) and np.allclose(
        one[figures], other[figures], rtol=1e-9, atol=1e-6, equal_nan=True
    )


def main() -> None:
    """Print the ratios; exit with 1 where the answers differ."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, nargs="+", default=[2_000_000, 20_000_000])
    options.add_argument("--memory", default="1GB", help="the limit of (c), on the largest size")
    options.add_argument("--folder", type=Path, help="keep the generated stores here, and use those that are there")
    options.add_argument("--no-compare", action="store_true", help="do not compare the answers (takes long)")
    given = options.parse_args()
    differs = False
    with tempfile.TemporaryDirectory() as scratch:
        for rows in given.rows:
            store = (given.folder or Path(scratch)) / f"store{rows}"
            if not store.exists():
                generate(store, rows)
            for task in ("totals", "mirror"):
                told = {}
                for road in ("pandas", "ours"):
                    kept = None if given.no_compare else Path(scratch) / f"{task}-{road}.parquet"
                    told[road] = run(task, road, store, kept)
                agrees = given.no_compare or same(*(Path(scratch) / f"{task}-{road}.parquet" for road in told))
                differs |= not agrees
                show(rows, task, told, "not compared" if given.no_compare else "same" if agrees else "DIFFERENT")
                if rows == max(given.rows):
                    limited = run(task, "ours", store, memory=given.memory)
                    print(f"  within {given.memory}: {limited['seconds']:.1f} s, peak {limited['peak_gb']:.2f} GB")
    sys.exit(differs)


def show(rows: int, task: str, told: dict[str, dict[str, float]], verdict: str) -> None:
    """Print one comparison."""
    ours, theirs = told["ours"], told["pandas"]
    print(
        f"{rows:,} rows, {task} ({ours['rows']:,} rows out, {verdict}): pandas {theirs['seconds']:.1f} s, "
        f"{theirs['peak_gb']:.2f} GB; ours {ours['seconds']:.1f} s, {ours['peak_gb']:.2f} GB; "
        f"{theirs['seconds'] / ours['seconds']:.1f} times faster, "
        f"{ours['peak_gb'] / theirs['peak_gb']:.2f} of the memory",
        flush=True,
    )


if __name__ == "__main__":
    main()
