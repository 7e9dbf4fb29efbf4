"""The days on which the duty changed, as they are marked on axes of time."""

from __future__ import annotations

import pandas as pd
import pytest

from aimlib.analysis.duty.rate import rate_entries
from aimlib.present.tariff_marks import marks_note, marks_of_law
from aimlib.reference import countries, products


def marks(place: str, product: str, first: str, last: str) -> pd.DataFrame:
    return marks_of_law(countries.resolve(place), products.resolve(product), pd.Timestamp(first), pd.Timestamp(last))


def days(*given: str) -> list[str]:
    return marks(*given)["day"].dt.strftime("%Y-%m-%d").tolist()


def test_unwrought_metal_of_all_countries():
    found = marks("all", "unwrought", "2018-01-01", "2026-09-01")
    assert found["day"].dt.strftime("%Y-%m-%d").tolist() == ["2018-03-23", "2025-03-12", "2025-06-04"]
    assert found["label"].tolist() == ["duty 10%", "", "duty 50%"]  # no room between March and June 2025


def test_labels_come_back_when_there_is_room():
    found = marks("all", "unwrought", "2025-01-01", "2025-12-01")
    assert found["label"].tolist() == ["duty 25%", "duty 50%"]
    # No label at the very end of the axis, where it would be cut off.
    assert marks("all", "unwrought", "2024-01-01", "2025-06-01")["label"].tolist()[-1] == ""


def test_only_days_after_the_first_and_to_the_end_of_the_last_month():
    assert days("all", "unwrought", "2025-03-12", "2025-05-01") == []
    assert days("all", "unwrought", "2025-03-11", "2025-03-01") == ["2025-03-12"]
    assert days("all", "unwrought", "2025-05-01", "2025-06-01") == ["2025-06-04"]


def test_a_country_has_its_own():
    canada = days("CAN", "unwrought", "2018-01-01", "2026-09-01")
    assert canada == [
        "2018-06-01",
        "2019-05-20",
        "2020-08-16",
        "2020-09-01",
        "2025-03-04",
        "2025-03-07",
        "2025-03-12",
        "2025-06-04",
    ]
    assert "2026-09-15" in days("CAN", "7604.29.10", "2026-01-01", "2026-09-01")
    assert days("RUS", "unwrought", "2022-01-01", "2024-01-01") == ["2023-03-10"]
    assert days("AUS", "unwrought", "2018-01-01", "2026-09-01")[0] == "2025-03-12"


def test_a_group_stands_for_an_origin_that_was_never_exempt():
    assert days("EU27", "unwrought", "2018-01-01", "2026-09-01") == days("all", "unwrought", "2018-01-01", "2026-09-01")


@pytest.mark.parametrize("place", ["ARE", "CHN", "CAN", "RUS"])
def test_each_is_a_step_of_the_engine_of_five_points_or_more(place):
    """A second road: the day and the day before, asked one by one."""
    for day in marks(place, "unwrought", "2018-01-01", "2026-09-01")["day"]:
        entries = pd.DataFrame(
            {
                "entry_date": [day - pd.Timedelta(days=1), day],
                "hts": "7601106030",
                "origin": place,
                "largest_smelt": place,
                "recent_cast": place,
                "claims": "usmca" if place == "CAN" else "",
            }
        )
        rated = rate_entries(entries).frame
        extra = rated["total_pct"] - rated["column_pct"]
        assert abs(extra.iloc[1] - extra.iloc[0]) >= 5, day


def test_a_step_of_column_1_or_2_alone_is_not_marked():
    """Column 2 for Russia rose by 35 points on April 1, 2023; additional duties did not."""
    assert "2023-04-01" not in days("RUS", "unwrought", "2023-01-01", "2023-12-01")


def test_products_without_a_covered_line_have_marks_of_the_usual_one():
    assert days("all", "7615", "2018-01-01", "2026-09-01") == days("all", "7601.10.60", "2018-01-01", "2026-09-01")


def test_what_is_kept_is_not_what_is_given_away():
    """The marks are worked out once a line and origin; changing a frame must not change the next."""
    first = marks("all", "unwrought", "2018-01-01", "2026-09-01")
    first["label"] = "changed"
    assert "changed" not in set(marks("all", "unwrought", "2018-01-01", "2026-09-01")["label"])


def test_the_note_says_whose_duty_it_is():
    def note(place: str, product: str) -> list[str]:
        chosen = countries.resolve(place), products.resolve(product)
        return marks_note(*chosen, marks(place, product, "2018-01-01", "2026-09-01"))

    assert note("CAN", "unwrought") == [
        "Dotted rules: days on which the additional duties on 7601.10.60 from Canada with a USMCA claim changed."
    ]
    assert "from Mexico with a USMCA claim changed" in note("MEX", "unwrought")[0]
    assert "claim" not in note("CHN", "unwrought")[0] + note("all", "unwrought")[0]
    assert note("EU27", "foil") == [
        "Dotted rules: days on which the additional duties on 7607.11.30 from origins without an exemption, such as "
        "the United Arab Emirates changed."
    ]
    assert (
        marks_note(countries.resolve("all"), products.resolve("aim"), marks("all", "aim", "2024-01-01", "2024-05-01"))
        == []
    )
