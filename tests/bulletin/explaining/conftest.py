"""Bulletins on the sample, published once for these tests."""

from __future__ import annotations

from pathlib import Path

import published
import pytest

from aimlib.bulletin.explaining import explanation


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
