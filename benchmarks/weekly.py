"""The weekly run against what a user would otherwise run: a report at a time through papermill and nbconvert.

Twenty countries by four notebooks on the embedded sample, each country's four reports as one bulletin in HTML and
PDF, as the project publishes them, with index, workbook and feed. On the other side, on the same cores and in the
same run, as many chains at a time as there are processors: papermill, `nbconvert --to html`, `nbconvert --to webpdf`
(Chromium), for a part of the same reports, before and after ours. What counts is the ratio per report. The section on
what changed is left out, for the chain has none. Printed beside the ratio: the floor (the same calculations, charts
and pages in one warm process), an unchanged rerun, the cost with what changed, the cost for more and fewer reports,
the peak of memory.

Usage: python benchmarks/weekly.py [--countries 20] [--chains 8] [--sizes 5,15,50]
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import psutil
from one_report import ROOT, WEBPDF

_CODES = """
CAN ARE MEX KOR CHN BHR IND ARG AUS ZAF TUR DEU THA VNM JPN BRA OMN IDN FRA TWN ITA ESP MYS QAT SAU NOR GRC AUT
CHE GBR COL CHL PER EGY ISR NZL PHL SGP HKG SVK TTO DOM CRI GTM SLV PAK BGD LKA KHM ECU
"""
COUNTRIES = tuple(_CODES.split())
NOTEBOOKS = {
    "import_trends": "country",
    "smelt_origin": "country",
    "gatm_comparison": "focus",
    "duty_scenarios": "country",
}
CODE = "from aimlib.cli import main; main()"
LEAST = 15


def plan_of(countries: Sequence[str], compare: bool = False) -> str:
    """Return a plan with a bulletin of four reports for each country, as the project's own plan has them."""
    reports = "".join(
        f"""
      - {{notebook: {notebook}, {parameter}: "{{code}}"}}"""
        for notebook, parameter in NOTEBOOKS.items()
    )
    return f"""title: Benchmark
compare: {str(compare).lower()}
bulletins:
  - for: [{", ".join(countries)}]
    name: "{{name}}"
    title: "{{name}}"
    reports:{reports}
"""


class Peak:
    """The greatest sum of memory (proportional shares) that this process's children took while the block ran."""

    def __enter__(self) -> Peak:
        self.bytes, self._over = 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.5):
            taken = 0
            for child in psutil.Process().children(recursive=True):
                try:
                    taken += child.memory_full_info().pss
                except (psutil.Error, AttributeError):
                    continue
            self.bytes = max(self.bytes, taken)


def run(*command: str, environment: dict[str, str]) -> float:
    """Run a command to its end and return its wall seconds; a failure ends the benchmark."""
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[:6])} failed:\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}")
    return time.perf_counter() - start


def chain(scratch: Path, notebook: str, country: str, environment: dict[str, str]) -> None:
    """Make one report as a user would otherwise."""
    executed = scratch / f"{notebook}-{country}.ipynb"
    python = sys.executable
    asked = ("-p", NOTEBOOKS[notebook], country)
    run(python, "-m", "papermill", str(ROOT / "notebooks" / f"{notebook}.ipynb"), str(executed), *asked,
        environment=environment)  # fmt: skip
    run(python, "-m", "nbconvert", "--to", "html", "--no-input", str(executed), environment=environment)
    run(python, "-c", WEBPDF, "--to", "webpdf", "--no-input", "--disable-chromium-sandbox", str(executed),
        environment=environment)  # fmt: skip


def chains(scratch: Path, reports: Sequence[tuple[str, str]], environment: dict[str, str], jobs: int) -> float:
    """Make these reports with as many chains at a time as `jobs`, and return the wall seconds."""
    start = time.perf_counter()
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda report: chain(scratch, *report, environment), reports))
    return time.perf_counter() - start


def weekly(
    scratch: Path,
    countries: Sequence[str],
    environment: dict[str, str],
    name: str,
    jobs: int,
    compare: bool = False,
) -> float:
    """Publish an edition of these countries' reports with `aim weekly` and return the wall seconds."""
    plan = scratch / f"{name}.yml"
    plan.write_text(plan_of(countries, compare))
    asked = ("--plan", str(plan), "--output", str(scratch / name), "-j", str(jobs))
    return run(sys.executable, "-c", CODE, "weekly", *asked, environment=environment)


def without_shared(store: Path) -> None:
    """Forget what earlier runs worked out together."""
    for folder in store.rglob("shared"):
        shutil.rmtree(folder)


FLOOR = """
import sys, time, resource
from aimlib.bulletin.document import read_document
from aimlib.bulletin.html import render_html
from aimlib.bulletin.opening import open_report
from aimlib.bulletin.parameters import model_of
from aimlib.bulletin.pdf import render_pdf
from aimlib.bulletin.warm import warm_up
from aimlib.settings import share_dir
import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbformat.v4 import new_output

def made(notebook, parameter, country):
    shell = InteractiveShell.instance()
    read = nbformat.read(share_dir("notebooks") / f"{notebook}.ipynb", 4)
    for count, cell in enumerate(cell for cell in read.cells if cell.cell_type == "code"):
        with capture_output() as held:
            result = shell.run_cell(cell.source)
        result.raise_error()
        cell.execution_count = count
        if "parameters" in cell.metadata.get("tags", []):
            shell.user_ns[parameter] = country
        shown = [one.data for one in held.outputs]
        if hasattr(result.result, "_repr_mimebundle_"):
            shown.append(result.result._repr_mimebundle_())
        cell.outputs = [new_output("display_data", data=data) for data in shown]
    document = read_document(read)
    return render_html(document), render_pdf(document)

warm_up()
pairs = [pair.split("=") for pair in sys.argv[2:]]
for country in sys.argv[1].split(","):
    if country == sys.argv[1].split(",")[1]:  # the first one fills what all share
        start = time.process_time(), time.perf_counter()
    for notebook, parameter in pairs:
        made(notebook, parameter, country)
print(time.process_time() - start[0], time.perf_counter() - start[1])
"""


def floor(countries: Sequence[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return processor and wall seconds a report in one warm process, after a first country."""
    pairs = [f"{notebook}={parameter}" for notebook, parameter in NOTEBOOKS.items()]
    command = [sys.executable, "-c", FLOOR, ",".join(countries), *pairs]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    processor, wall = map(float, done.stdout.split())
    reports = (len(countries) - 1) * len(NOTEBOOKS)
    return processor / reports, wall / reports


def batches(reports: Iterator[tuple[str, str]], size: int) -> Iterator[list[tuple[str, str]]]:
    """Yield the reports in lists of this size."""
    while batch := list(islice(reports, size)):
        yield batch


def main() -> None:
    """Run both sides by turns, print the ratio and what else there is, and exit with 1 below 15."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--countries", type=int, default=20)
    arguments.add_argument("--chains", type=int, default=8, help="reports that the chain makes, in two halves")
    arguments.add_argument("--sizes", default="5,15,50", help="countries of the runs that show the cost per report")
    asked = arguments.parse_args()
    if not shutil.which("chromium"):
        sys.exit("Chromium is needed for the chain's PDF.")
    jobs = os.cpu_count() or 1
    countries = COUNTRIES[: asked.countries]
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        environment = {**os.environ, "AIM_STORE": str(scratch / "store")}
        # As on any user's machine, modules are compiled once and not in each process.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        run(sys.executable, "-c", CODE, "sample", environment=environment)
        # Once before, so that neither side pays for what an installation does the first time only.
        weekly(scratch, countries[:1], environment, "once", jobs)
        wanted = [(notebook, country) for country in countries for notebook in NOTEBOOKS][: asked.chains]
        halves = list(batches(iter(wanted), -(-len(wanted) // 2)))
        theirs = [chains(scratch, halves[0], environment, jobs)]
        without_shared(scratch / "store")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ours = weekly(scratch, countries, environment, "weekly", jobs)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        theirs += [chains(scratch, half, environment, jobs) for half in halves[1:]]
        again = weekly(scratch, countries, environment, "weekly", jobs)
        reports = len(countries) * len(NOTEBOOKS)
        own, other = ours / reports, sum(theirs) / len(wanted)
        processor = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / reports
        print(f"the chain, {jobs} at a time          {other:7.2f} s a report ({len(wanted)} reports)")
        print(f"aim weekly, {reports} reports         {own:7.2f} s a report; {processor:.2f} s of a processor")
        print(f"ratio                          {other / own:7.1f} (aim for 20, not done below {LEAST})")
        print(f"unchanged rerun                {again:7.2f} s")
        floor_processor, _ = floor(countries[:6], environment | {"AIM_SHARED": str(scratch / "floor")})
        print(f"floor, one warm process        {floor_processor:7.2f} s of a processor a report")
        without_shared(scratch / "store")
        with Peak() as peak:  # looking takes time of its own, and so is not done while the ratio is measured
            compared = weekly(scratch, countries, environment, "compared", jobs, compare=True) / reports
        print(f"with what changed in front     {compared:7.2f} s a report (the day before worked out anew)")
        print(f"peak of memory                 {peak.bytes / 2**30:7.2f} GB, all processes")
        for size in map(int, filter(None, asked.sizes.split(","))):
            without_shared(scratch / "store")
            seconds = weekly(scratch, COUNTRIES[:size], environment, f"size-{size}", jobs)
            count = size * len(NOTEBOOKS)
            print(f"{count:4} reports                   {seconds / count:7.2f} s a report; {seconds:.1f} s in all")
    sys.exit(other / own < LEAST)


if __name__ == "__main__":
    main()
