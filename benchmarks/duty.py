"""Ten million entries rated: the seconds, the peak of memory, and the ratio to one entry at a time in plain Python.

The engine runs in a process of its own on entries drawn at random over all days, lines, origins, metal facts and
claims that the law tells apart; nothing of them is real. What it is set beside is the literal implementation of the
tests, from the same files of law, on a few hundred of the same entries in the same run; their answers are compared.

Usage: python benchmarks/duty.py [--entries 10000000] [--literal 500]
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

SLOWEST_SECONDS, LEAST_RATIO = 60.0, 40.0
CLAIMED_FOR = 10_000_000
ROOT = Path(__file__).resolve().parents[1]
SEED = 20261121


def beside(name: str):
    """Load a module of the tests of the duty."""
    path = ROOT / "tests" / "analysis" / "duty" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"duty_{name}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def entries(count: int) -> pd.DataFrame:
    """Return entries whose every column is drawn by itself: days over all years, metal given and not given."""
    drawn, dice = beside("random_entries"), np.random.default_rng(SEED)

    def among(values: list[str]) -> pd.Categorical:
        distinct = list(dict.fromkeys(values))
        place = np.array([distinct.index(value) for value in values])
        return pd.Categorical.from_codes(place[dice.integers(0, len(values), count)], categories=distinct)

    span = (drawn.LAST - drawn.FIRST).days
    days = np.datetime64(drawn.FIRST) + dice.integers(0, span + 1, count).astype("timedelta64[D]")
    return pd.DataFrame(
        {
            "entry_date": days.astype("datetime64[s]"),
            "hts": among(drawn.lines()),
            "origin": among(drawn.origins()),
            "largest_smelt": among(drawn.metals()),
            "second_smelt": among(drawn.metals()),
            "recent_cast": among(drawn.metals()),
            "claims": among(drawn.claims()),
            "metal_share": dice.random(count).round(2),
            "customs_value_usd": dice.integers(1_000, 1_000_000, count).astype(float),
        }
    )


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def rate(count: int) -> None:
    """Make entries, rate them, and print the seconds and the peak of memory with and without the rating, in GB."""
    from aimlib.analysis.duty.rate import rate_entries
    from aimlib.reference.law import law

    held = entries(count)
    law()
    before = peak()
    start = time.perf_counter()
    frame = rate_entries(held).frame
    seconds = time.perf_counter() - start
    numbers, ranges = frame["total_pct"].notna().mean(), (frame["missing"] != "").mean()
    print(seconds, peak(), before, numbers, ranges)


def literal(count: int) -> tuple[float, float]:
    """Return the seconds an entry of the literal implementation and of the engine on the same few entries."""
    from aimlib.analysis.duty.rate import rate_entries
    from aimlib.reference.law import law

    drawn = beside("random_entries")
    plain = beside("literal").Literal(ROOT / "src" / "aimlib" / "reference" / "law")
    held = entries(count)
    rows = [drawn.as_asked(row) for row in held.assign(entry_date=held["entry_date"].dt.date).to_dict("records")]
    law()
    start = time.perf_counter()
    answers = [plain.answer(row) for row in rows]
    slow = (time.perf_counter() - start) / count
    start = time.perf_counter()
    frame = rate_entries(held).frame
    few = (time.perf_counter() - start) / count
    for name in ("low", "high"):
        wanted = np.array([getattr(answer, name) for answer in answers], dtype=float)
        np.testing.assert_allclose(frame[f"{name}_pct"].to_numpy(), wanted, atol=1e-8, equal_nan=True)
    return slow, few


def main() -> None:
    """Run both and print; exit with 1 where ten million entries take longer, or gain less, than is claimed."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--entries", type=int, default=CLAIMED_FOR)
    arguments.add_argument("--literal", type=int, default=500)
    arguments.add_argument("--rate", action="store_true", help="only rate, in this process")
    options = arguments.parse_args()
    if options.rate:
        rate(options.entries)
        return
    command = [sys.executable, __file__, "--rate", "--entries", str(options.entries)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    seconds, most, before, numbers, ranges = (float(word) for word in done.stdout.split())
    slow, few = literal(options.literal)
    each = seconds / options.entries
    print(f"{options.entries:,} entries on {os.cpu_count()} cores: {numbers:.0%} one number, {ranges:.0%} a range")
    print(f"engine   {seconds:8.1f} s  {options.entries / seconds:12,.0f} entries/s  peak {most:.2f} GB", end="")
    print(f" ({before:.2f} GB before, with the entries)")
    print(f"literal  {slow * 1e3:8.2f} ms an entry, {options.literal:,} entries; {slow / each:,.0f} times the engine")
    print(f"the engine on those {options.literal:,} alone: {few * 1e3:.2f} ms an entry")
    sys.exit(options.entries >= CLAIMED_FOR and (seconds > SLOWEST_SECONDS or slow / each < LEAST_RATIO))


if __name__ == "__main__":
    main()
