"""Every chart of every notebook against Vega-Lite's schema, which is not checked where bulletins are made."""

from __future__ import annotations

import pytest

from aimlib.bulletin.opening import (
    open_duty_scenarios,
    open_gatm_comparison,
    open_import_trends,
    open_smelt_origin,
)
from aimlib.present import duty_scenarios, gatm_comparison, import_trends, smelt_origin, svg
from aimlib.present.blocks import Figure
from aimlib.store.shared import FOLDER


@pytest.mark.parametrize(
    ("opening", "sections", "given"),
    [
        pytest.param(open_import_trends, import_trends, {"country": "CAN", "as_of": "2023-03-16"}, id="import_trends"),
        pytest.param(open_smelt_origin, smelt_origin, {"country": "CAN", "as_of": "2023-03-16"}, id="smelt_origin"),
        pytest.param(open_gatm_comparison, gatm_comparison, {"focus": "CAN"}, id="gatm_comparison"),
        pytest.param(open_duty_scenarios, duty_scenarios, {"country": "CAN"}, id="duty_scenarios"),
    ],
)
def test_the_specification_is_valid_and_the_same_as_a_checked_one(sample_store, monkeypatch, opening, sections, given):
    monkeypatch.setenv("AIM_STORE", str(sample_store))
    monkeypatch.delenv(FOLDER, raising=False)
    view = opening(**given).view
    blocks = [getattr(sections, name)(view) for name in sections.__all__]
    figures = [block for block in blocks if isinstance(block, Figure)]
    assert len(figures) >= 3
    for figure in figures:
        checked = figure.chart.to_dict(validate=True)
        used = svg.specification(figure.chart)
        ours = {"config", "autosize"}
        assert {name: part for name, part in used.items() if name not in ours} == {
            name: part for name, part in checked.items() if name not in ours
        }, figure.key


def test_a_chart_that_is_not_valid_would_be_found():
    """So that the test above can fail."""
    from altair.utils.schemapi import SchemaValidationError

    from aimlib.present.charts.encoding import unchecked

    @unchecked
    def wrong():
        import altair as alt

        return alt.Chart({"values": [{"a": 1}]}).mark_bar().encode(x=alt.X("a:Q", axis=alt.Axis(orient="sideways")))

    chart = wrong()
    assert svg.specification(chart)["encoding"]["x"]["axis"]["orient"] == "sideways"
    with pytest.raises(SchemaValidationError):
        chart.to_dict(validate=True)
