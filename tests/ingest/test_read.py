"""Out of the store: rows, totals, the calendar of months, and what is not held."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from census_server import answer, to_json

from aimlib.errors import AimError
from aimlib.ingest.baci import commit_baci
from aimlib.ingest.commit import Declaration
from aimlib.ingest.load import load_census
from aimlib.ingest.read import read_imports, read_ytd
from aimlib.store import Store
from aimlib.store.raw import Origin, Snapshot

TODAY = date(2026, 11, 21)
KNOWN = date(2025, 1, 10)
MONTHS = [f"2024-{month:02d}" for month in range(1, 11)]


@pytest.fixture
def filled(tmp_path):
    """Return a function that loads answers into a store and opens it."""

    def fill(*answers, **options):
        paths = []
        for at, rows in enumerate(answers):
            path = tmp_path / f"{at}.json"
            path.write_bytes(to_json(rows))
            paths.append(path)
        load_census(tmp_path / "store", paths, today=TODAY, **{"known_on": KNOWN} | options)
        return Store.open(tmp_path / "store")

    return fill


def plain_sum(rows, measure, code="", partners=("1220",)):
    at = {name: rows[0].index(name) for name in ("CTY_CODE", "I_COMMODITY", measure)}
    return sum(
        int(row[at[measure]])
        for row in rows[1:]
        if row[at["I_COMMODITY"]].startswith(code) and row[at["CTY_CODE"]] in partners
    )


def test_the_widest_product_comes_at_the_finest_level(filled):
    found = read_imports(filled(*[answer(month) for month in MONTHS]))
    assert (found.product.key, found.code_level, found.concept) == ("aim", "hts10", "consumption")
    assert found.as_of == KNOWN
    assert found.has_quantity
    assert set(found.rows["product"]) == set(found.product.categories)
    assert not found.rows["code"].str.startswith(("7602", "7610")).any()
    assert "7616995160" in set(found.rows["code"])
    assert "7616995190" not in set(found.rows["code"])


def test_figures_are_those_of_the_answer(filled):
    rows = answer("2024-03")
    store = filled(rows)
    for concept, measure in (("consumption", "CON_VAL_MO"), ("general", "GEN_VAL_MO")):
        found = read_imports(store, concept=concept, product="unwrought")
        canada = found.rows[found.rows["origin"] == "CAN"]
        assert canada["customs_value_usd"].sum() == plain_sum(rows, measure, "7601")
        assert found.totals["customs_value_usd"].sum() == plain_sum(rows, measure, "7601", ("-",))
    assert read_imports(store, concept="general").rows["duty_usd"].isna().all()


def test_columns_and_keys_are_as_agreed(filled):
    found = read_imports(filled(answer("2024-03")), product="chapter76")
    measures = ["customs_value_usd", "cif_value_usd", "duty_usd", "quantity_kg"]
    assert list(found.rows) == ["month", "origin", "product", "code", *measures]
    assert list(found.totals) == ["month", "product", "code", *measures]
    assert not found.rows.duplicated(["month", "origin", "code"]).any()
    assert "TOTAL" not in set(found.rows["origin"])


def test_codes_of_one_country_are_added_and_a_missing_quantity_is_not_zero(filled):
    rows = answer("2024-03", variables=[*answer("2024-03")[0][:-3], "CON_QY1_MO_FLAG"])
    expected = plain_sum(rows, "CON_VAL_MO", "7601103000", ("5082", "5083"))
    for row in rows[1:]:
        if row[0] == "5082" and "7602000030" in row:
            row[rows[0].index("CON_QY1_MO_FLAG")] = "S"
    found = read_imports(filled(rows), product="chapter76").rows.set_index(["origin", "code"])
    assert found.loc[("PSE", "7601103000"), "customs_value_usd"] == expected
    kilograms = plain_sum(rows, "CON_QY1_MO", "7601103000", ("5082", "5083"))
    assert found.loc[("PSE", "7601103000"), "quantity_kg"] == kilograms
    assert pd.isna(found.loc[("PSE", "7602000030"), "quantity_kg"])


def test_the_calendar_has_every_month_and_says_what_lacks(filled):
    whole, part = [answer("2024-01"), answer("2024-04")], answer("2024-02", prefix="7601")
    filled(*whole)
    found = read_imports(filled(part), product="aim")
    months = found.months.set_index(found.months["month"].dt.strftime("%Y-%m"))
    assert list(months.index) == ["2024-01", "2024-02", "2024-03", "2024-04"]
    assert months["loaded"].tolist() == [True, False, False, True]
    assert months["coverage"].tolist() == ["complete", "", "", "complete"]
    assert months["data_basis"].tolist() == ["census", "", "", "census"]
    assert months.loc["2024-02", "why"] == "no figures for 7604, 7605, 7606, 7607, 7608, 7609, 7616"
    assert months.loc["2024-03", "why"] == "not loaded"
    assert months.loc["2024-01", "why"] == ""
    assert months.loc["2024-01", "known_on"] == pd.Timestamp(KNOWN)
    assert pd.isna(months.loc["2024-03", "known_on"])
    assert not months["partial"].any()
    assert set(found.rows["month"].dt.strftime("%Y-%m")) == {"2024-01", "2024-04"}


def test_the_last_six_loaded_months_are_provisional(filled):
    months = read_imports(filled(*[answer(month) for month in MONTHS])).months
    assert months["provisional"].tolist() == [False] * 4 + [True] * 6


def test_a_day_shows_the_figures_of_then(filled):
    filled(answer("2024-03"))
    store = filled(answer("2024-03", edition=1), known_on=date(2025, 6, 20))
    then, now = read_imports(store, as_of=date(2025, 6, 19)), read_imports(store)
    assert now.as_of == date(2025, 6, 20)
    assert then.as_of == date(2025, 6, 19)
    assert then.months["known_on"].tolist() == [pd.Timestamp(KNOWN)]
    assert then.rows["customs_value_usd"].sum() != now.rows["customs_value_usd"].sum()
    assert [source["known_on"] for source in then.sources] == [KNOWN]
    assert [source["known_on"] for source in now.sources] == [date(2025, 6, 20)]
    with pytest.raises(AimError, match="first figures in the store are of 2025-01-10"):
        read_imports(store, as_of=date(2025, 1, 9))


def test_sources_say_who_what_when_and_how_much(filled):
    (source,) = read_imports(filled(answer("2024-03"), answer("2024-04")), product="unwrought").sources
    assert source["publisher"] == "U.S. Census Bureau"
    assert (source["table"], source["known_on"], source["blocks"]) == ("census_imports", KNOWN, 2)
    assert {"title", "license", "captured_on"} <= set(source)


def test_a_selection_lists_its_partners_and_a_complete_month_none(filled):
    filled(answer("2024-01"))
    store = filled(answer("2024-02", partners=["1220", "5700"], groups=False), selection=True)
    found = read_imports(store, product="aim")
    assert found.months["coverage"].tolist() == ["complete", "selection"]
    assert found.listed.values.tolist() == [
        [pd.Timestamp("2024-02-01"), "CAN"],
        [pd.Timestamp("2024-02-01"), "CHN"],
    ]


def test_a_partner_counts_as_listed_only_where_all_headings_list_it(filled):
    filled(answer("2024-02", prefix="7601", partners=["1220", "5700"], groups=False), selection=True)
    rest = answer("2024-02", partners=["1220"], groups=False)
    rest = [
        rest[0],
        *[row for row in rest[1:] if not row[-3].startswith("7601")],
    ]
    store = filled(rest, selection=True)
    assert read_imports(store, product="aim").listed["origin"].tolist() == ["CAN"]
    assert read_imports(store, product="unwrought").listed["origin"].tolist() == ["CAN", "CHN"]


def test_quantities_that_are_not_there_are_told(filled):
    rows = answer("2024-03", variables=["CTY_CODE", "CON_VAL_MO"])
    found = read_imports(filled(rows))
    assert not found.has_quantity
    assert found.rows["quantity_kg"].isna().all()


def test_an_empty_store_suggests_how_to_fill_it(tmp_path):
    with pytest.raises(AimError, match="empty") as caught:
        read_imports(Store.open(tmp_path))
    assert "aim sample" in caught.value.advice
    assert "aim load" in caught.value.advice


def test_what_is_not_held_is_told_with_what_is(filled):
    chapter = [["CTY_CODE", "CON_VAL_MO", "I_COMMODITY", "time", "COMM_LVL"]]
    chapter += [[partner, "5", "76", "2024-03", "HS2"] for partner in ("1220", "-")]
    store = filled(chapter)
    assert read_imports(store).product.key == "chapter76"
    assert read_imports(store).code_level == "hs2"
    with pytest.raises(AimError, match=r"no figures for unwrought aluminum; it has hs2 76 \(2024-03") as caught:
        read_imports(store, product="unwrought")
    assert "product=chapter76" in caught.value.advice
    with pytest.raises(AimError, match="concept consumption only") as caught:
        read_imports(store, concept="general")
    assert "concept=consumption" in caught.value.advice
    with pytest.raises(AimError, match="not a concept") as caught:
        read_imports(store, concept="consumtion")
    assert "consumption" in caught.value.advice
    with pytest.raises(AimError, match="no imports for the year to date, only monthly imports"):
        read_ytd(store)


def test_headings_of_a_product_in_different_months_only_are_told(filled):
    headings = ("7601", "7604", "7605", "7606", "7607", "7608", "7609")
    store = filled(*[answer(f"2024-{at:02d}", prefix=heading) for at, heading in enumerate(headings, start=1)])
    with pytest.raises(AimError, match="no month with all headings"):
        read_imports(store, product="gatm")


def test_levels_are_never_mixed(filled):
    chapter = [["CTY_CODE", "CON_VAL_MO", "I_COMMODITY", "time", "COMM_LVL"]]
    chapter += [[partner, "5", "76", "2024-02", "HS2"] for partner in ("1220", "-")]
    filled(chapter)
    found = read_imports(filled(answer("2024-03")), product="chapter76")
    assert found.code_level == "hts10"
    assert set(found.rows["code"].str.len()) == {10}


def test_year_to_date_stands_apart_from_the_months(filled):
    header = ["CTY_CODE", "CON_VAL_MO", "CON_VAL_YR", "I_COMMODITY", "time"]
    rows = [[partner, "5", "50", "7601103000", "2024-10"] for partner in ("1220", "-")]
    store = filled([header, *rows])
    assert read_imports(store, product="unwrought").rows["customs_value_usd"].tolist() == [5.0]
    year = read_ytd(store, product="unwrought")
    assert year.rows[["year", "through_month", "origin", "customs_value_usd"]].values.tolist() == [
        [2024, 10, "CAN", 50.0]
    ]
    assert year.totals["customs_value_usd"].tolist() == [50.0]
    assert year.periods[["year", "through_month", "coverage"]].values.tolist() == [[2024, 10, "complete"]]


def test_a_store_with_other_countries_trade_alone_says_what_it_holds(tmp_path):
    moment = datetime(2026, 1, 20, tzinfo=UTC)
    body = b"t,i,j,k,v,q\n2021,124,842,760110,950.0,400.0\n"
    snapshot = Snapshot(body, Origin("CEPII", "BACI", "made", moment, "none"), "BACI_HS92_made.csv")
    commit_baci(tmp_path, [snapshot], Declaration(moment.date(), moment))
    with pytest.raises(AimError, match="only BACI"):
        read_imports(Store.open(tmp_path))
