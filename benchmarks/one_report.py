"""One report (execute, HTML, PDF): `aim run` against the chain that a user would otherwise run.

Both sides start fresh processes on the same notebook, parameters and store, by turns in the same run; what counts is
the ratio. The chain is papermill, then `nbconvert --to html`, then `nbconvert --to webpdf` (Chromium).

Usage: python benchmarks/one_report.py [--rounds 3]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "notebooks" / "import_trends.ipynb"

# nbconvert lets Playwright look for a Chromium that it downloaded; this points it to the system's.
WEBPDF = """
import shutil, sys
from playwright.async_api import BrowserType
launch = BrowserType.launch
def with_system_chromium(self, **options):
    return launch(self, executable_path=shutil.which("chromium"), **options)
BrowserType.launch = with_system_chromium
from nbconvert.nbconvertapp import main
main()
"""


def timed(*command: str, environment: dict[str, str]) -> float:
    """Run a command to its end and return its wall seconds; a failure ends the benchmark."""
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[:4])} failed:\n{done.stderr[-2000:]}")
    return time.perf_counter() - start


def chain(scratch: Path, environment: dict[str, str]) -> dict[str, float]:
    """Run papermill, nbconvert to HTML and nbconvert to webpdf, and return the seconds of each."""
    executed = scratch / "executed.ipynb"
    python = sys.executable
    steps = {
        "papermill": (python, "-m", "papermill", str(NOTEBOOK), str(executed), "-p", "country", "CAN"),
        "nbconvert --to html": (python, "-m", "nbconvert", "--to", "html", "--no-input", str(executed)),
        "nbconvert --to webpdf": (
            python, "-c", WEBPDF, "--to", "webpdf", "--no-input", "--disable-chromium-sandbox", str(executed),
        ),
    }  # fmt: skip
    return {name: timed(*command, environment=environment) for name, command in steps.items()}


def aim(scratch: Path, environment: dict[str, str]) -> float:
    """Make the same report with `aim run` and return the seconds."""
    code = "from aimlib.cli import main; main()"
    given = ("run", "import_trends", "-p", "country=CAN", "--output", str(scratch / "bulletin"))
    return timed(sys.executable, "-c", code, *given, environment=environment)


def main() -> None:
    """Run both sides by turns and print medians and the ratio; exit with 1 above 0.5."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=3)
    rounds = arguments.parse_args().rounds
    if not shutil.which("chromium"):
        sys.exit("Chromium is needed for the chain's PDF.")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        environment = {**os.environ, "AIM_STORE": str(scratch / "store")}
        timed(sys.executable, "-c", "from aimlib.cli import main; main()", "sample", environment=environment)
        aim(scratch, environment)
        ours, theirs = [], []
        for _ in range(rounds):
            theirs.append(chain(scratch, environment))
            ours.append(aim(scratch, environment))
    for step in theirs[0]:
        print(f"{step:24} {statistics.median(turn[step] for turn in theirs):6.2f} s")
    whole = statistics.median(sum(turn.values()) for turn in theirs)
    own = statistics.median(ours)
    print(f"{'the chain':24} {whole:6.2f} s")
    print(f"{'aim run':24} {own:6.2f} s")
    print(f"ratio {own / whole:.2f} (medians of {rounds} rounds)")
    sys.exit(own / whole > 0.5)


if __name__ == "__main__":
    main()
