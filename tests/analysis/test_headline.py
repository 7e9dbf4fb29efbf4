"""The key figures of one place."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from aimlib.analysis.headline import headline


@pytest.fixture
def found(book):
    """Canada 1, 2, ... (thousand) and China a steady 10 from January 2022; April 2024 is still filling."""
    return (
        book("2022-01", "2024-04")
        .complete("2022-01", "2024-03")
        .complete("2024-04", partial=True, data_basis="license")
        .complete("2024-03", provisional=True)
        .rows_("2022-01", "CAN", [1000.0 * n for n in range(1, 29)], tonnes=2)
        .rows_("2022-01", "CHN", [10_000.0] * 28, tonnes=5)
    )


def test_a_country(found):
    figures = headline(*found.frames, origins=["CAN"])
    assert figures.status == "ok"
    assert figures.month == pd.Timestamp("2024-03")
    assert figures.partial_month == pd.Timestamp("2024-04")
    assert (figures.data_basis, figures.provisional, figures.coverage) == ("census", True, "complete")
    assert (figures.level, figures.prior_month, figures.prior_year) == (27_000, 26_000, 15_000)
    assert figures.mom == pytest.approx(1 / 26)
    assert figures.yoy == pytest.approx(12 / 15)
    assert figures.ytd == 78_000
    assert figures.ytd_yoy == pytest.approx(78 / 42 - 1)
    assert figures.ytd_months_compared == 3
    assert figures.annualized == 312_000
    assert figures.last_12_months == sum(range(16, 28)) * 1000
    assert figures.last_12_months_yoy == pytest.approx(sum(range(16, 28)) / sum(range(4, 16)) - 1)
    assert figures.total == 37_000
    assert figures.share_of_total == pytest.approx(27 / 37)
    assert figures.share_of_total_prior_year == pytest.approx(15 / 25)
    assert (figures.rank, figures.ranked, figures.rank_among_listed) == (1, 2, False)
    assert figures.unit_value_usd_t == 13_500
    assert figures.unit_value_yoy == pytest.approx(0.8)
    assert figures.share_value_covered == 1


def test_quantity_is_in_tonnes(found):
    figures = headline(*found.frames, origins=["CHN"], which="quantity")
    assert (figures.column, figures.level, figures.yoy, figures.rank) == ("quantity_t", 5, 0, 1)


def test_an_earlier_month(found):
    figures = headline(*found.frames, origins=["CAN"], month=pd.Timestamp("2022-01"))
    assert (figures.level, figures.prior_month, figures.yoy, figures.rank) == (1000, None, None, 2)


def test_an_earlier_month_still_filling_is_not_compared_with(found):
    figures = headline(*found.complete("2024-02", partial=True).frames, origins=["CAN"])
    assert figures.level == 27_000
    assert figures.prior_month is figures.mom is figures.ytd is None


def test_a_month_still_filling_has_its_level_only(found):
    figures = headline(*found.frames, origins=["CAN"], month=pd.Timestamp("2024-04"))
    assert figures.level == 28_000
    assert figures.yoy is figures.share_of_total is figures.rank is None


def test_all_origins_have_no_rank(found):
    figures = headline(*found.frames)
    assert (figures.level, figures.rank, figures.ranked) == (37_000, None, None)
    assert figures.share_of_total == 1


def test_a_group_is_summed_and_not_ranked(found):
    figures = headline(*found.frames, origins=["CAN", "CHN", "MEX"])
    assert (figures.level, figures.rank, figures.status) == (37_000, None, "ok")


def test_a_country_with_no_trade_is_zero_not_missing(found):
    figures = headline(*found.frames, origins=["CUB"])
    assert figures.status == "no trade"
    assert (figures.level, figures.ytd, figures.share_of_total, figures.ranked) == (0, 0, 0, 2)
    assert figures.yoy is figures.mom is figures.rank is figures.unit_value_usd_t is None


def test_a_country_that_stopped_has_a_figure_of_zero(found):
    found.row("2023-03", "NOR", 500, 1)
    figures = headline(*found.frames, origins=["NOR"])
    assert (figures.status, figures.level, figures.yoy) == ("ok", 0, -1)


def test_a_selection_ranks_among_the_listed(found):
    found.selection("2024-03", listed=("CAN", "CHN")).published("2024-03", 100_000, 20)
    figures = headline(*found.frames, origins=["CAN"])
    assert (figures.rank, figures.ranked, figures.rank_among_listed) == (1, 2, True)
    assert (figures.total, figures.share_of_total, figures.coverage) == (100_000, 0.27, "selection")


def test_a_selection_without_a_total_has_no_share(found):
    found.selection("2024-03", listed=("CAN", "CHN"))
    figures = headline(*found.frames, origins=["CAN"])
    assert figures.level == 27_000
    assert figures.total is figures.share_of_total is None


def test_a_country_that_is_not_listed_has_no_figures_and_says_why(found):
    found.selection("2024-03", listed=("CAN", "CHN"))
    figures = headline(*found.frames, origins=["NOR"])
    assert figures.status == "not listed"
    assert figures.level is figures.yoy is figures.ytd is figures.rank is None


def test_nothing_loaded(book):
    figures = headline(*book("2024-01", "2024-02").frames, origins=["CAN"])
    assert figures.status == "nothing loaded"
    assert figures.month is figures.level is None


def test_only_a_month_still_filling(book):
    found = book("2024-01", "2024-01").complete("2024-01", partial=True).row("2024-01", "CAN", 5)
    figures = headline(*found.frames, origins=["CAN"])
    assert figures.status == "nothing loaded"
    assert figures.partial_month == pd.Timestamp("2024-01")


def test_an_empty_calendar(book):
    found = book("2024-01", "2024-01")
    figures = headline(found.rows, found.totals, found.months.iloc[:0], found.listed)
    assert figures.status == "nothing loaded"


def test_the_key_figures_cannot_be_changed(found):
    with pytest.raises(dataclasses.FrozenInstanceError):
        headline(*found.frames).level = 1
