"""Census by vintage: against the reading of each day, and by cases."""

from datetime import date

import pandas as pd
import pytest
from census_server import answer, to_json

from aimlib.errors import AimError
from aimlib.ingest.load import load_census
from aimlib.ingest.prints import read_census_cells, read_prints
from aimlib.ingest.read import read_imports
from aimlib.store import Store

TODAY = date(2026, 11, 21)
FIGURES = ["quantity_kg", "customs_value_usd"]


@pytest.fixture
def loaded(tmp_path):
    """Return a function that loads one answer as known on a day, and opens the store."""

    def fill(rows, known_on, **options):
        path = tmp_path / "answer.json"
        path.write_bytes(to_json(rows))
        load_census(tmp_path / "store", [path], today=TODAY, known_on=date.fromisoformat(known_on), **options)
        return Store.open(tmp_path / "store")

    return fill


def days_of(prints, month):
    return prints.loc[prints["month"] == pd.Timestamp(month), "known_on"].dt.strftime("%Y-%m-%d").unique().tolist()


def test_each_vintage_is_what_the_reading_of_its_day_says(loaded):
    loaded(answer("2024-01"), "2024-03-07")
    loaded(answer("2024-02"), "2024-04-04")
    loaded(answer("2024-01", edition=1), "2024-04-04")
    loaded(answer("2024-03"), "2024-05-02")
    store = loaded(answer("2024-02", edition=1), "2024-06-06")
    for concept in ("consumption", "general"):
        prints = read_prints(store, concept=concept)
        assert days_of(prints, "2024-01") == ["2024-03-07", "2024-04-04"]
        assert days_of(prints, "2024-02") == ["2024-04-04", "2024-06-06"]
        assert days_of(prints, "2024-03") == ["2024-05-02"]
        for day in prints["known_on"].unique():
            rows = read_imports(store, as_of=day.date(), concept=concept).rows
            stood = prints[prints["known_on"] <= day].sort_values("known_on", kind="stable")
            stood = stood.groupby(["month", "part_kind", "part"], as_index=False).last()
            for kind, by in (("total", []), ("product", ["product"]), ("origin", ["origin"])):
                expected = rows.groupby(["month", *by])[FIGURES].sum()
                found = stood[stood["part_kind"] == kind].set_index(["month", "part"])[FIGURES]
                found = found if by else found.droplevel("part")
                pd.testing.assert_frame_equal(
                    found[found["customs_value_usd"] > 0], expected, check_names=False, check_exact=True
                )


def test_a_later_answer_that_changes_nothing_is_no_revision(loaded):
    loaded(answer("2024-01"), "2024-03-07")
    store = loaded([*answer("2024-01"), *answer("2024-02")[1:]], "2024-04-04")
    assert days_of(read_prints(store), "2024-01") == ["2024-03-07"]


def test_a_month_that_comes_by_heading_is_known_when_the_last_heading_is(loaded):
    loaded(answer("2024-01", prefix="7601"), "2024-03-07")
    headings = [row for row in answer("2024-01") if not row[-3].startswith("7601")]
    loaded(headings, "2024-03-14")
    store = loaded(answer("2024-01", prefix="7601", edition=1), "2024-04-04")
    assert days_of(read_prints(store, product="aim"), "2024-01") == ["2024-03-14", "2024-04-04"]
    assert days_of(read_prints(store, product="unwrought"), "2024-01") == ["2024-03-07", "2024-04-04"]
    assert days_of(read_prints(store, product="wire"), "2024-01") == ["2024-03-14"]


def test_a_selection_is_no_print(loaded):
    loaded(answer("2024-02"), "2024-04-04")
    loaded(answer("2024-01", partners=["1220"], groups=False), "2024-03-07", selection=True)
    store = loaded(answer("2024-02", partners=["1220"], groups=False, edition=1), "2024-05-02", selection=True)
    assert read_prints(store)["month"].dt.strftime("%Y-%m").unique().tolist() == ["2024-02"]
    assert days_of(read_prints(store), "2024-02") == ["2024-04-04"]


def small(*values):
    """Return an answer for January 2024 that has one line: partner, dollars and kilograms, with their total."""
    rows = [*values, ("-", sum(value[1] for value in values), sum(value[2] for value in values))]
    header = ["CTY_CODE", "CON_VAL_MO", "CON_QY1_MO", "UNIT_QY1", "I_COMMODITY", "time"]
    return [header, *([name, str(usd), str(kg), "KG", "7601103000", "2024-01"] for name, usd, kg in rows)]


def test_an_origin_that_a_revision_withdraws_becomes_zero(loaded):
    loaded(small(("1220", 100, 30), ("5700", 50, 20)), "2024-03-07")
    store = loaded(small(("1220", 100, 30)), "2024-04-04")
    prints = read_prints(store, product="unwrought").set_index(["part", "known_on"])
    assert prints.loc["CHN", FIGURES].to_numpy().tolist() == [[20.0, 50.0], [0.0, 0.0]]
    assert prints.loc["CAN", FIGURES].to_numpy().tolist() == [[30.0, 100.0]] * 2
    assert prints.loc["all", FIGURES].to_numpy().tolist() == [[50.0, 150.0], [30.0, 100.0]]


def test_only_what_is_asked_is_told(loaded):
    loaded(answer("2024-01"), "2024-03-07")
    store = loaded(answer("2024-02"), "2024-04-04")
    prints = read_prints(store, product="unwrought", origins=["CAN", "ATA"], as_of=date(2024, 4, 3))
    assert prints["month"].dt.strftime("%Y-%m").unique().tolist() == ["2024-01"]
    told = prints.set_index(["part_kind", "part"])["customs_value_usd"]
    assert list(told.index) == [("origin", "ATA"), ("origin", "CAN"), ("product", "unwrought"), ("total", "all")]
    assert told["origin", "ATA"] == 0.0
    grouped = read_prints(store, product="unwrought", origins={"two": ("CAN", "CHN"), "CAN": ("CAN",)})
    first = grouped[grouped["month"] == "2024-01-01"].set_index("part")["customs_value_usd"]
    everyone = read_prints(store, product="unwrought", as_of=date(2024, 4, 3)).set_index("part")
    assert first["CAN"] == told["origin", "CAN"]
    assert first["two"] == everyone["customs_value_usd"][["CAN", "CHN"]].sum()


def test_a_quantity_that_is_not_there_is_blank_and_one_that_is_partly_there_is_summed(loaded):
    variables = [*answer("2024-01")[0][:-3], "CON_QY1_MO_FLAG"]
    rows = answer("2024-01", variables=variables)
    at = {name: rows[0].index(name) for name in ("CTY_CODE", "CON_QY1_MO_FLAG")}
    for row in rows[1:]:
        if row[at["CTY_CODE"]] == "1220" or (row[at["CTY_CODE"]] == "5700" and "7601103000" in row):
            row[at["CON_QY1_MO_FLAG"]] = "S"
    store = loaded(rows, "2024-03-07")
    told = read_prints(store).set_index("part")["quantity_kg"]
    whole = read_imports(store).rows.groupby("origin")["quantity_kg"].sum()
    assert pd.isna(told["CAN"])
    assert told["CHN"] == whole["CHN"] > 0
    assert told["all"] == whole.sum()
    cells = read_census_cells(store)
    assert cells.loc[cells["origin"] == "CAN", "quantity_kg"].isna().all()
    assert cells.loc[cells["origin"] == "CHN", "quantity_kg"].sum() == told["CHN"]


def test_cells_are_the_rows_of_the_day_within_the_months_asked(loaded):
    loaded(answer("2024-01"), "2024-03-07")
    loaded(answer("2024-02"), "2024-04-04")
    store = loaded(answer("2024-03"), "2024-05-02")
    cells = read_census_cells(store, product="aim", first=pd.Timestamp("2024-02"), last=pd.Timestamp("2024-02"))
    rows = read_imports(store, product="aim").rows
    rows = rows[rows["month"] == "2024-02-01"]
    assert list(cells) == ["month", "origin", "product", *FIGURES]
    assert cells[FIGURES].sum().tolist() == rows[FIGURES].sum().tolist()
    assert len(cells) == len(rows[["origin", "product"]].drop_duplicates())


def test_what_is_not_held_is_told_as_in_the_monthly_reading(tmp_path, loaded):
    with pytest.raises(AimError, match="empty"):
        read_prints(Store.open(tmp_path / "none"))
    store = loaded(answer("2024-01"), "2024-03-07")
    with pytest.raises(AimError, match="not a concept"):
        read_prints(store, concept="consumtion")
