"""How importers value imports, and who reports: facts with dates."""

import pandas as pd
import pytest

from aimlib.reference import countries
from aimlib.reference._tables import load
from aimlib.reference.trade_reporting import non_reporters, reporting_facts, valuation, valuations


@pytest.mark.parametrize("reporter", ["CAN", "AUS", "ZAF", "USA", "NAM", "DZA", "GEO"])
def test_customs_values_of_these_are_of_the_fob_type(reporter):
    assert valuation(reporter, "2024-03-01") == "fob"


def test_all_others_are_cif():
    assert valuation("DEU", pd.Timestamp("2024-03-01")) == "cif"


def test_only_the_united_states_have_a_cif_primary_value_beside_a_fob_flag():
    table = valuations().set_index("reporter")
    assert table.index[table["comtrade_primary"] == "cif"].tolist() == ["USA"]


def test_a_flag_counts_inside_its_dates_only(monkeypatch):
    from aimlib.reference import trade_reporting

    table = (
        valuations()
        .head(1)
        .assign(reporter="XXX", valid_from=pd.Timestamp("2010-01-01"), valid_to=pd.Timestamp("2019-12-31"))
    )
    monkeypatch.setattr(trade_reporting, "_valuations", lambda: table)
    told = [valuation("XXX", day) for day in ("2009-12-31", "2010-01-01", "2019-12-31", "2020-01-01")]
    assert told == ["cif", "fob", "fob", "cif"]


def test_the_monitors_eight():
    assert non_reporters() == ("ARE", "KHM", "LAO", "MMR", "MOZ", "OMN", "RUS", "VNM")


def test_russia_published_months_through_january_2022_and_what_is_recalled_says_so():
    facts = reporting_facts().set_index("reporter")
    assert (facts.loc["RUS", "frequency"], facts.loc["RUS", "last"]) == ("monthly", pd.Timestamp("2022-01-01"))
    assert facts.drop(index="RUS")["last"].isna().all()
    assert {"BLR", "IRN"} <= set(facts.index)
    assert facts.drop(index="RUS")["how_sure"].str.startswith("recalled and not checked").all()


@pytest.mark.parametrize("name", ["import_valuation", "trade_reporting"])
def test_every_row_is_of_a_country_and_says_how_sure_it_is(name):
    table = load(name)
    known = set(load("countries")["iso3"])
    assert set(table["reporter"]) <= known
    assert (table[["how_sure", "source"]] != "").all(axis=None)
    assert all(countries.print_name(place) for place in table["reporter"])
