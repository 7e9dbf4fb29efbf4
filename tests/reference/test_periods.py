"""The grammar of periods."""

from __future__ import annotations

import pandas as pd
import pytest

from aimlib.errors import AimError
from aimlib.reference.periods import parse


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01", "2024-12"),
        ("2024Q1", "2024-01", "2024-03"),
        ("2024q4", "2024-10", "2024-12"),
        ("2024-07", "2024-07", "2024-07"),
        ("2015:2024", "2015-01", "2024-12"),
        ("2024Q1:2025Q4", "2024-01", "2025-12"),
        ("2024-02:2024Q3", "2024-02", "2024-09"),
    ],
)
def test_reads_the_grammar(text, first, last):
    period = parse(text)
    assert (period.first, period.last) == (pd.Timestamp(first), pd.Timestamp(last))


def test_year_to_date_ends_with_the_latest_month():
    assert parse("ytd").within(pd.Timestamp("2026-09-01")) == (
        pd.Timestamp("2026-01-01"),
        pd.Timestamp("2026-09-01"),
    )


@pytest.mark.parametrize("text", ["2024-13", "2024Q5", "24", "2025:2024", "July 2024", "", "2024-7", "0024"])
def test_refuses_what_is_no_period(text):
    with pytest.raises(AimError):
        parse(text)
