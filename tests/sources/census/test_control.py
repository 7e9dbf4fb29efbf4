"""The parts of every line against its published total."""

import pandas as pd
import pytest

from aimlib.sources.census.control import check_complete, compare, excesses, shares_of_total
from aimlib.sources.census.errors import ControlFailed

COLUMNS = [
    "period",
    "code",
    "row_kind",
    "customs_value_usd",
    "cif_value_usd",
    "duty_usd",
    "dutiable_value_usd",
]
NONE = float("nan")


def rows(*lines):
    frame = pd.DataFrame([(*line, NONE, NONE)[: len(COLUMNS)] for line in lines], columns=COLUMNS)
    return frame.assign(code_level="hts10", concept="consumption")


def lines_of(*lines):
    return compare(rows(*[(*line, NONE, NONE, NONE)[:7] for line in lines]))


GOOD = [
    ("2024-01", "7601103000", "country", 40.0),
    ("2024-01", "7601103000", "country", 60.0),
    ("2024-01", "7601103000", "total", 100.0),
]


def test_parts_that_meet_the_total_pass():
    lines = lines_of(*GOOD)
    assert lines[["column", "parts", "published", "difference"]].values.tolist() == [
        ["customs_value_usd", 100.0, 100.0, 0.0]
    ]
    check_complete(lines)


def test_a_line_is_shown_with_where_and_by_how_much():
    off = [*GOOD, ("2024-02", "7602000030", "country", 7.0), ("2024-02", "7602000030", "total", 9.0)]
    with pytest.raises(ControlFailed) as caught:
        check_complete(lines_of(*off))
    assert "in 1 of 2 sums" in caught.value.message
    for part in ("2024-02", "7602000030", "customs_value_usd", "parts 7", "published 9", "difference -2"):
        assert part in caught.value.message
    assert caught.value.differences["code"].tolist() == ["7602000030"]


def test_one_dollar_is_a_difference():
    with pytest.raises(ControlFailed):
        check_complete(lines_of(*GOOD, ("2024-01", "7601103000", "country", 1.0)))


def test_errors_that_cancel_out_over_lines_are_found():
    off = [
        ("2024-01", "7601103000", "country", 101.0),
        ("2024-01", "7601103000", "total", 100.0),
        ("2024-01", "7602000030", "country", 99.0),
        ("2024-01", "7602000030", "total", 100.0),
    ]
    with pytest.raises(ControlFailed, match="in 2 of 2 sums"):
        check_complete(lines_of(*off))


def test_every_dollar_column_is_checked():
    pairs = [("country", 100.0, 110.0, 5.0, 50.0), ("total", 100.0, 110.0, 6.0, 50.0)]
    with pytest.raises(ControlFailed, match="duty_usd") as caught:
        check_complete(compare(rows(*[("2024-01", "7601103000", *pair) for pair in pairs])))
    assert "customs_value_usd" not in caught.value.message


def test_a_line_without_a_total_among_others_fails_and_a_total_without_rows_is_its_parts_zero():
    with pytest.raises(ControlFailed, match=r"7602000030 .*: no published total"):
        check_complete(lines_of(*GOOD, ("2024-01", "7602000030", "country", 1.0)))
    with pytest.raises(ControlFailed, match="parts 0, published 3"):
        check_complete(lines_of(*GOOD, ("2024-01", "7602000030", "total", 3.0)))
    check_complete(lines_of(*GOOD, ("2024-01", "7602000030", "total", 0.0)))


def test_without_any_total_the_message_advises_a_selection():
    with pytest.raises(ControlFailed, match="no published totals") as caught:
        check_complete(lines_of(*GOOD[:2]))
    assert "--selection" in caught.value.advice


def test_rejected_rows_are_told_beside_the_difference():
    with pytest.raises(ControlFailed, match="row 4: not a number"):
        check_complete(lines_of(*GOOD[1:]), " Rows set apart: 1 (a.json row 4: not a number).")


def test_the_share_of_a_selection_is_of_lines_that_have_a_total():
    lines = lines_of(
        ("2024-01", "7601103000", "country", 40.0),
        ("2024-01", "7601103000", "total", 100.0),
        ("2024-01", "7602000030", "country", 9.0),
        ("2024-02", "7601103000", "total", 0.0),
    )
    shares = shares_of_total(lines).set_index("period")["share"]
    assert shares["2024-01"] == pytest.approx(0.4)
    assert pd.isna(shares["2024-02"])


def test_parts_above_the_total_are_found():
    over = excesses(lines_of(*GOOD, ("2024-01", "7601103000", "country", 5.0)))
    assert over["difference"].tolist() == [5.0]
