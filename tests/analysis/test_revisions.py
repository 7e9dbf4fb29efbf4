"""Revision triangles by hand, and against sums over what each day's reading says."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from census_server import answer, to_json

from aimlib.analysis.revisions import first_prints, how_revised, revisions, triangle
from aimlib.bulletin.opening import revision_triangle
from aimlib.errors import AimError
from aimlib.ingest.load import load_census
from aimlib.reference import countries
from aimlib.store import Store

NAN = float("nan")


def prints(*rows):
    """Return a frame of prints: month, day, tonnes (dollars are a thousand times as many)."""
    frame = pd.DataFrame(rows, columns=["month", "known_on", "tonnes"])
    return pd.DataFrame(
        {
            "month": pd.to_datetime(frame["month"]),
            "known_on": pd.to_datetime(frame["known_on"]),
            "quantity_kg": frame["tonnes"] * 1000,
            "customs_value_usd": frame["tonnes"] * 1000,
        }
    )


HAND = prints(
    ("2024-01", "2024-03-07", 100.0),
    ("2024-01", "2024-04-04", 110.0),
    ("2024-02", "2024-04-04", 50.0),
    ("2024-01", "2024-06-06", NAN),
    ("2024-02", "2024-06-06", 40.0),
)


def test_a_first_print_is_held_from_the_publication_of_its_month_on():
    later = prints(("2023-11", "2024-03-07", 90.0), ("2023-12", "2024-03-07", 95.0), ("2023-10", "2024-02-01", 80.0))
    found = first_prints(pd.concat([HAND, later], ignore_index=True)).set_index("month")["quantity_kg"]
    assert {f"{month:%Y-%m}": amount for month, amount in found.items()} == {"2024-01": 100_000.0, "2024-02": 50_000.0}


def test_each_column_is_what_was_known_on_its_day():
    found = triangle(HAND)
    assert found.index.strftime("%Y-%m").tolist() == ["2024-01", "2024-02"]
    assert found.columns.strftime("%m-%d").tolist() == ["03-07", "04-04", "06-06"]
    np.testing.assert_array_equal(found.to_numpy(), [[100.0, 110.0, NAN], [NAN, 50.0, 40.0]])
    assert triangle(HAND, "value").loc["2024-02-01"].iloc[-1] == 40_000.0


def test_the_order_of_rows_does_not_matter():
    pd.testing.assert_frame_equal(triangle(HAND[::-1]), triangle(HAND))


def test_revisions_step_by_step_and_since_the_first_print():
    found = revisions(HAND[HAND["quantity_kg"].notna()])
    assert found["print_number"].tolist() == [1, 2, 1, 2]
    assert found["change"].fillna(0).tolist() == [0.0, 10.0, 0.0, -10.0]
    assert found["since_first_share"].fillna(0).tolist() == [0.0, 0.1, 0.0, -0.2]
    told = how_revised(HAND[HAND["quantity_kg"].notna()])
    assert told["months"] == 2
    assert told["mean_share"] == pytest.approx(-0.05)
    assert told["mean_absolute_share"] == pytest.approx(0.15)
    assert (told["largest_share"], told["largest_month"]) == (-0.2, pd.Timestamp("2024-02-01"))


def test_a_blank_print_is_neither_a_base_nor_passed_over():
    found = revisions(HAND)
    january = found[found["month"] == "2024-01-01"]
    assert january["change"].isna().tolist() == [True, False, True]
    blank_first = revisions(prints(("2024-01", "2024-03-07", NAN), ("2024-01", "2024-04-04", 5.0)))
    assert blank_first["since_first"].isna().all()
    assert how_revised(prints(("2024-01", "2024-03-07", 5.0)))["months"] == 0


def test_a_share_of_nothing_is_blank():
    found = revisions(prints(("2024-01", "2024-03-07", 0.0), ("2024-01", "2024-04-04", 5.0)))
    assert found["change"].iloc[1] == 5.0
    assert np.isnan(found["change_share"].iloc[1])


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Return a store of three vintages."""
    folder = tmp_path_factory.mktemp("revisions")

    def fill(known_on, *answers):
        paths = []
        for place, rows in enumerate(answers):
            paths.append(folder / f"{known_on} {place}.json")
            paths[-1].write_bytes(to_json(rows))
        load_census(folder / "store", paths, known_on=date.fromisoformat(known_on))
        return Store.open(folder / "store")

    fill("2024-03-07", answer("2023-12"), answer("2024-01"))
    fill("2024-04-04", answer("2024-01", edition=1), answer("2024-02"))
    return fill("2024-06-06", answer("2023-12", edition=1), answer("2024-02", edition=1), answer("2024-03"))


@pytest.mark.parametrize("origin", ["CAN", "EU27", "USMCA", "all", "JPN"])
@pytest.mark.parametrize(
    ("product", "concept", "measure"), [("unwrought", "general", "value"), ("chapter76", "consumption", "quantity")]
)
def test_against_the_rows_in_force_on_each_day(filled, origin, product, concept, measure):
    found = revision_triangle(filled, origin=origin, product=product, measure=measure, concept=concept)
    column, scale = {"value": ("customs_value_usd", 1.0), "quantity": ("quantity_kg", 1000.0)}[measure]
    assert len(found.columns) == 3
    for day in found.columns:
        rows = filled.read("census_imports", day.date(), concept=concept, row_kind="country")
        rows = rows[rows["code"].str.startswith("7601" if product == "unwrought" else "76")]
        months = rows["month"].unique()
        if origin != "all":
            rows = rows[rows["origin"].isin(set(countries.resolve(origin).members) - {"USA"})]
        expected = rows.groupby("month")[column].sum().reindex(months, fill_value=0.0).sort_index() / scale
        assert found[day].dropna().to_numpy().tolist() == pytest.approx(expected.tolist())
        assert found[day].dropna().index.tolist() == expected.index.tolist()


def test_vintages_after_a_day_do_not_count(filled):
    found = revision_triangle(filled, origin="CAN", as_of=date(2024, 4, 5))
    assert found.columns.strftime("%m-%d").tolist() == ["03-07", "04-04"]


def test_selections_make_no_triangle(tmp_path):
    path = tmp_path / "some.json"
    path.write_bytes(to_json(answer("2024-01", partners=["1220"], groups=False)))
    load_census(tmp_path / "store", [path], known_on=date(2024, 3, 7), selection=True)
    with pytest.raises(AimError, match="only selections"):
        revision_triangle(Store.open(tmp_path / "store"), origin="CAN")


@pytest.mark.parametrize(
    "given", [{"origin": "Canda"}, {"product": "widgets"}, {"measure": "weight"}, {"concept": "consumtion"}]
)
def test_what_is_none_is_told(filled, given):
    with pytest.raises(AimError):
        revision_triangle(filled, **given)
