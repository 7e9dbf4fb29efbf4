"""The tables themselves: keys are unique, references hold, dates fit together, every file says its source."""

from __future__ import annotations

from importlib.resources import files

import pandas as pd
import pytest

from aimlib.reference import products
from aimlib.reference._tables import fold, load

FOLDER = files("aimlib.reference") / "tables"
TABLES = sorted(entry.name.removesuffix(".csv") for entry in FOLDER.iterdir() if entry.name.endswith(".csv"))


@pytest.mark.parametrize("name", TABLES)
def test_the_readme_lists_every_table_with_its_columns(name):
    line = next(row for row in (FOLDER / "README.md").read_text().splitlines() if f"`{name}.csv` |" in row)
    assert all(f"`{column}`" in line for column in load(name).columns)


@pytest.mark.parametrize("name", TABLES)
def test_cells_are_text_without_blanks_around(name):
    table = load(name)
    assert (table.dtypes == "str").all()
    assert not table.isna().any().any()
    assert all((table[column] == table[column].str.strip()).all() for column in table)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("countries", ["iso3"]),
        ("census_countries", ["census_code"]),
        ("comtrade_countries", ["comtrade_code"]),
        ("groups", ["group"]),
        ("group_members", ["group", "iso3"]),
        ("hts10_lines", ["hts10"]),
        ("hs6_gatm", ["hs6"]),
        ("product_categories", ["category"]),
        ("product_sets", ["product"]),
    ],
)
def test_keys_are_unique(name, key):
    assert not load(name).duplicated(key).any()


def test_every_reference_to_a_country_holds():
    known = set(load("countries")["iso3"])
    for name in ("census_countries", "comtrade_countries", "country_aliases", "group_members"):
        assert set(load(name)["iso3"]) <= known
    assert set(" ".join(load("country_ambiguous")["iso3_choices"]).split()) <= known


def test_iso_codes_are_unique_among_living_countries():
    living = load("countries").query("kind == 'country'")
    for column in ("iso2", "iso_numeric", "name"):
        filled = living.loc[living[column] != "", column]
        assert filled.is_unique
    assert len(living) == 250  # the 249 of ISO 3166-1 and Kosovo


def test_one_comtrade_code_at_a_time():
    current = load("comtrade_countries").query("in_data == 'yes' and valid_to == '' and iso3 != 'XNS'")
    assert current["iso3"].is_unique


def test_no_name_means_two_countries_unless_it_is_refused_as_such():
    refused = {fold(text) for text in load("country_ambiguous")["text"]}
    seen: dict[str, set[str]] = {}
    for table, columns in (
        ("countries", ["iso3", "iso2", "name", "phrase"]),
        ("census_countries", ["census_name"]),
        ("comtrade_countries", ["un_name"]),
        ("country_aliases", ["alias"]),
    ):
        for row in load(table).to_dict("records"):
            for column in columns:
                seen.setdefault(fold(row[column]), set()).add(row["iso3"])
    groups = load("groups")
    words = {fold(word) for text in groups["aliases"] for word in text.split(";")}
    words |= {fold(key) for key in groups["group"]} | {fold(name) for name in groups["name"]}
    double = {name for name, iso3s in seen.items() if name and len(iso3s) > 1}
    assert double <= refused
    assert not words & seen.keys()


def test_lines_and_changes_tell_the_same_story():
    lines = load("hts10_lines").set_index("hts10")
    changes = load("hts10_changes")
    ended, begun = {}, {}
    for row in changes.to_dict("records"):
        before = (pd.Period(row["month"], freq="M") - 1).strftime("%Y-%m")
        ended |= {code: (before, row["dates_basis"]) for code in row["old"].split()}
        begun |= {code: (row["month"], row["dates_basis"]) for code in row["new"].split()}
    for code, row in lines.iterrows():
        assert (row["valid_to"], row["valid_to_basis"]) == ended.get(code, ("", ""))
        assert (row["valid_from"], row["valid_from_basis"]) == begun.get(code, ("", ""))


def test_a_change_never_crosses_from_one_category_to_another():
    category = load("hts10_lines").set_index("hts10")["category"]
    for row in load("hts10_changes").to_dict("records"):
        assert category[f"{row['old']} {row['new']}".split()].nunique() == 1


def test_bases_of_dates_are_the_three_words():
    lines = load("hts10_lines")
    words = set(lines["valid_from_basis"]) | set(lines["valid_to_basis"]) | set(load("hts10_changes")["dates_basis"])
    assert words <= {"", "sourced", "derived", "approximate"}


def test_at_any_time_every_hs6_of_the_scope_has_a_line():
    hs6 = set(load("hs6_gatm")["hs6"])
    for month in ("2010-01", "2018-06", "2019-08", "2021-01", "2026-01"):
        lines = products.aim_lines(month)["hts10"]
        assert {code[:6] for code in lines if not code.startswith("7616")} == hs6
        assert sum(code.startswith("761699") for code in lines) == 2


def test_hs6_and_lines_agree_on_categories():
    by_hs6 = load("hs6_gatm").set_index("hs6")["category"]
    for row in load("hts10_lines").to_dict("records"):
        assert row["category"] == by_hs6.get(row["hts10"][:6], "castings_forgings")
