"""Bulletins on the sample, published once for these tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import nbformat
import published
import pytest

from aimlib.bulletin import pages
from aimlib.bulletin.changes import changes_between, take_record
from aimlib.bulletin.explaining import explanation
from aimlib.bulletin.weekly.comparing import Compared

SINCE = date(2026, 10, 29)


@pytest.fixture(scope="module")
def on_sample(sample_store):
    """Make the sample the store of this process."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AIM_STORE", str(sample_store))
        yield


@pytest.fixture(scope="module")
def executed(on_sample) -> dict:
    """Return the four reports, executed: label to notebook, inputs and the report."""
    return {
        "import_trends": published.execute("import_trends", country="CAN"),
        "smelt_origin": published.execute("smelt_origin", country="CAN"),
        "gatm_comparison": published.execute("gatm_comparison", reporters="CAN,RUS", product="unwrought"),
        "duty_scenarios": published.execute("duty_scenarios", country="CAN", product="unwrought"),
    }


@pytest.fixture(scope="module")
def weekly(executed, tmp_path_factory) -> Path:
    """Return a bulletin of all four reports."""
    return published.publish_together(
        tmp_path_factory.mktemp("weekly") / "canada", {label: made[:2] for label, made in executed.items()}
    )


@pytest.fixture(scope="module")
def single(executed, tmp_path_factory) -> Path:
    """Return the bulletin of one report."""
    return published.publish(tmp_path_factory.mktemp("single") / "trends", *executed["import_trends"][:2])


@pytest.fixture(scope="module")
def edition(executed, tmp_path_factory) -> Path:
    """Return a weekly bulletin with its page, whose front says what changed since three weeks before."""
    folder = tmp_path_factory.mktemp("edition")
    made, compared = [], {}
    for label in ("import_trends", "duty_scenarios"):
        executed_, inputs, report = executed[label]
        (folder / f"{label}.ipynb").write_text(nbformat.writes(executed_))
        made.append(pages.MadeReport(label, folder / f"{label}.ipynb", inputs))
        told = changes_between(take_record(report.parameters, SINCE), take_record(report.parameters))
        compared[label] = Compared(SINCE, tuple(told))
    day = executed["import_trends"][2].parameters.as_of
    (folder / "canada").mkdir()
    with pytest.MonkeyPatch.context() as patched:
        # The page alone is read; neither the PDF nor the charts are.
        patched.setattr(pages, "render_pdf", lambda _: b"%PDF-")
        work = pages.PageWork("canada", "Monitor: Canada", "CAN", day, made, compared=compared)
        pages.make_pages(work, folder / "canada")
    (folder / "canada" / "entry.json").unlink()
    return folder / "canada"


@pytest.fixture(scope="module", autouse=True)
def opened_once(executed):
    """Open each report once: its parameters and the sample tell all of it."""
    opened = explanation.open_report
    kept = {repr(report.parameters): report for _, _, report in executed.values()}

    def once(parameters):
        if repr(parameters) not in kept:
            kept[repr(parameters)] = opened(parameters)
        return kept[repr(parameters)]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(explanation, "open_report", once)
        yield
