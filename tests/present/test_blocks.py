"""Blocks refuse to be shown without what a reader needs."""

from __future__ import annotations

import re

import altair as alt
import pandas as pd
import pytest

from aimlib.present.blocks import CHART_MIME, MIME, Column, Figure, Row, Table, csv_text
from aimlib.present.fragments import fragment

TIDY = pd.DataFrame(
    {
        "month": [pd.Timestamp("2024-01-01")],
        "amount": [1.5],
        "concept": "consumption",
        "data_basis": "census",
        "vintage": [pd.Timestamp("2024-03-07")],
        "partial": False,
        "not_listed": False,
    }
)


def figure(**changed) -> Figure:
    given = {
        "key": "one",
        "title": "Imports",
        "caption": "Million US$.",
        "alt": "A bar of 1.5.",
        "source": "Source: none.",
        "chart": alt.Chart(TIDY[["amount"]]).mark_bar().encode(x="amount:Q"),
        "csv": csv_text(TIDY),
    }
    return Figure(**{**given, **changed})


@pytest.mark.parametrize("alternative", ["", "  ", "Imports", "Million US$."])
def test_alternative_text_is_neither_missing_nor_the_caption(alternative):
    with pytest.raises(ValueError, match="alternative text"):
        figure(alt=alternative)


def test_a_figure_carries_everything_in_one_output():
    bundle = figure()._repr_mimebundle_()
    assert bundle["image/svg+xml"].startswith("<svg")
    assert bundle[CHART_MIME]["title"] == "Imports"
    assert bundle[MIME]["alt"] == "A bar of 1.5."
    assert bundle[MIME]["csv"].splitlines()[0] == "month,amount,concept,data_basis,vintage,partial,not_listed"
    assert figure().frame["amount"].tolist() == [1.5]


def test_data_say_concept_basis_vintage_partial_and_not_listed():
    with pytest.raises(ValueError, match="data_basis, partial"):
        csv_text(TIDY.drop(columns=["data_basis", "partial"]))


def test_a_row_has_a_cell_for_each_column():
    with pytest.raises(ValueError, match="2 cells, 1 columns"):
        Table("t", "T", "", [Column("A")], [Row(["1", "2"])], "Source.", "")


def test_names_from_data_are_never_markup():
    nasty = '<script>alert("x")</script>'
    table = Table("t", nasty, "", [Column("A", align="left")], [Row([nasty])], "Source.", csv_text(TIDY))
    html = table._repr_mimebundle_()["text/html"]
    assert nasty not in html
    assert "&lt;script&gt;" in html


def test_a_row_name_printed_once_is_read_for_each_of_its_rows():
    columns = [Column("Thursday", align="left"), Column("Method", align="left"), Column("Error")]
    rows = [Row(["First", "estimate", "1%"]), Row(["", "licenses", "2%"]), Row(["Second", "estimate", "3%"])]
    html = fragment(Table("record", "Record", "", columns, rows, "Source: x.", "").content())
    assert re.findall(r'<th scope="row"[^>]*>(.*?)</th>', html) == ["First", '<span class="sr">First</span>', "Second"]
