"""A million license lines: checked and loaded, with the peak of memory and lines a second.

Each run is a process of its own on a file that is made in a temporary folder: nothing of it is real. What a user would
otherwise run is plain pandas: read_csv as text, then the same dates and numbers, with no rule examined.

Usage: python benchmarks/licenses.py [--lines 1000000] [--rounds 1]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

HIGHEST_PEAK_GB = 2.0

_RUN = """
import resource, sys, time
start = time.perf_counter()
{work}
seconds = time.perf_counter() - start
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2)
"""
CHECK = """
from datetime import date
from aimlib.ingest.licenses import check_licenses
report = check_licenses([sys.argv[1]], on=date(2026, 11, 20))
assert report.rows_read == int(sys.argv[2]), report.rows_read
"""
LOAD = """
from datetime import date
from aimlib.ingest.licenses import load_licenses
report = load_licenses(sys.argv[3], [sys.argv[1]], known_on=date(2026, 11, 20), today=date(2026, 11, 20))
assert report.rows_read == int(sys.argv[2]), report.rows_read
"""
PANDAS = """
import pandas as pd
rows = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
for name in ("Status date", "Expected date of export", "Expected date of import", "Date of application"):
    rows[name] = pd.to_datetime(rows[name], format="%m/%d/%Y", errors="coerce")
for name in ("Quantity (kg)", "Customs value (US$)"):
    rows[name] = pd.to_numeric(rows[name].str.replace(",", ""), errors="coerce")
assert len(rows) == int(sys.argv[2])
"""

COUNTRIES = ("Canada", "United Arab Emirates", "China", "Mexico", "Bahrain", "Korea, South", "India", "GERMANY")
PORTS = ("Detroit, MI", "New Orleans, LA", "Newark, NJ", "Laredo, TX", "Los Angeles, CA")
CODES = ("7601.10.60.90", "7601.20.90.45", "7604.29.10.90", "7605.11.00.00", "7606.12.30.91", "7607.11.60.90")


def write_file(path: Path, lines: int) -> None:
    """Write a file of license lines in the form's fields; one in fifty breaks a rule or is a correction."""
    dice = np.random.default_rng(20261121)
    day = pd.Timestamp("2022-07-01") + pd.to_timedelta(np.sort(dice.integers(0, 1500, lines)), unit="D")
    applied, imported = pd.Series(day), pd.Series(day) + pd.to_timedelta(dice.integers(0, 40, lines), unit="D")
    kilograms = dice.integers(1_000, 400_000, lines)
    smelt = dice.choice(COUNTRIES, lines)
    status = np.where(dice.random(lines) < 0.01, "corrected", "filed")
    later = pd.to_timedelta(np.where(status == "filed", 0, 3), unit="D")

    def written(days: pd.Series) -> pd.Series:
        return days.dt.strftime("%m/%d/%Y")

    rows = pd.DataFrame(
        {
            "License number": [f"AL{number:09d}" for number in range(lines)],
            "Line number": "1",
            "Status": status,
            "Status date": written(applied + later),
            "Entry type": dice.choice(("Consumption", "FTZ"), lines, p=(0.93, 0.07)),
            "Low value": "no",
            "Customs entry number": [f"XYZ-{number:07d}-4" for number in range(lines)],
            "Importer name": [f"Importer {number} of aluminum, Inc." for number in dice.integers(0, 3_000, lines)],
            "Exporter name": [f"Exporter {number} GmbH" for number in dice.integers(0, 8_000, lines)],
            "Manufacturer name": [f"Smelting and rolling works {number}" for number in dice.integers(0, 5_000, lines)],
            "Country of origin": dice.choice(COUNTRIES, lines),
            "Country of exportation": dice.choice(COUNTRIES, lines),
            "Expected port of entry": dice.choice(PORTS, lines),
            "Expected date of export": written(imported - pd.Timedelta(days=12)),
            "Expected date of import": written(imported),
            "Date of application": written(applied),
            "Valid from": written(applied),
            "Valid through": written(applied + pd.Timedelta(days=75)),
            "Product description": "Aluminum products, alloyed, as described in the commercial invoice",
            "HTS number": dice.choice(CODES, lines),
            "Country of largest smelt": np.where(dice.random(lines) < 0.005, "unknown", smelt),
            "Country of second-largest smelt": "N/A",
            "Country of most recent cast": np.where(dice.random(lines) < 0.005, "N/A", smelt),
            "Quantity (kg)": [f"{number:,}" for number in kilograms],
            "Customs value (US$)": (kilograms * dice.uniform(1.8, 5.0, lines)).round(2).astype(str),
        }
    )
    rows.to_csv(path, index=False)


def run(work: str, *given: str) -> tuple[float, float]:
    """Run `work` in a process of its own and return its seconds and the peak of its memory in GB."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN.format(work=work), *given], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    seconds, peak = (float(word) for word in done.stdout.split()[-2:])
    return seconds, peak


def main() -> None:
    """Run all by turns and print medians; exit with 1 where memory passes what is claimed."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--lines", type=int, default=1_000_000)
    arguments.add_argument("--rounds", type=int, default=1)
    arguments.add_argument("--write", type=Path, help="only write such a file, there")
    options = arguments.parse_args()
    if options.write:
        write_file(options.write, options.lines)
        return
    taken: dict[str, list[tuple[float, float]]] = {"plain pandas": [], "check": [], "load": []}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "licenses.csv"
        # In a process of its own too: a child's peak counts what its parent held when it was started.
        subprocess.run([sys.executable, __file__, "--lines", str(options.lines), "--write", str(file)], check=True)
        size = file.stat().st_size / 1e6
        for turn in range(options.rounds):
            given = (str(file), str(options.lines))
            taken["plain pandas"].append(run(PANDAS, *given))
            taken["check"].append(run(CHECK, *given))
            taken["load"].append(run(LOAD, *given, str(Path(folder) / f"store{turn}")))
    print(f"{options.lines:,} lines, {size:.0f} MB, medians of {options.rounds} rounds")
    base = statistics.median(seconds for seconds, _ in taken["plain pandas"])
    highest = 0.0
    for name, runs in taken.items():
        seconds = statistics.median(seconds for seconds, _ in runs)
        peak = max(peak for _, peak in runs)
        highest = max(highest, peak if name != "plain pandas" else 0.0)
        rate = options.lines / seconds
        print(f"{name:14} {seconds:6.1f} s  {rate:9,.0f} lines/s  peak {peak:.2f} GB  ratio {seconds / base:.2f}")
    sys.exit(highest > HIGHEST_PEAK_GB)


if __name__ == "__main__":
    main()
