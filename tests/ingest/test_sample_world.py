"""The synthetic world: its true flows, what each side makes of them, and the files that tell it."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from aimlib.ingest.sample import parameters, true_flows, world_files
from aimlib.ingest.sample import world_parameters as chosen
from aimlib.ingest.sample.world_accounts import world_accounts
from aimlib.ingest.sample.world_tables import read_world_tables
from aimlib.reference import countries, products
from aimlib.reference._tables import load
from aimlib.reference.trade_reporting import non_reporters, valuation
from aimlib.store.store import resolve_store

HASHES = """
import hashlib
from aimlib.ingest.sample import world_files
for batch in world_files():
    print(*[hashlib.sha256(body).hexdigest() for _, body in batch.files])
"""
ROW = ["known_on", "freqCode", "period", "reporter", "flowCode", "cmdCode"]
VALUES = ["cifvalue", "fobvalue", "primaryValue"]


@pytest.fixture(scope="module")
def tables():
    return read_world_tables()


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    flows = true_flows()
    return flows.assign(category=products.classify(flows["code"], flows["month"]), year=flows["month"].dt.year)


@pytest.fixture(scope="module")
def batches():
    return world_files()


@pytest.fixture(scope="module")
def printed(batches) -> pd.DataFrame:
    """Every row of every file as text, with its known_on."""
    frames = [
        pd.read_csv(io.BytesIO(body), dtype=str, keep_default_na=False).assign(known_on=batch.known_on)
        for batch in batches
        for _, body in batch.files
    ]
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="module")
def rows(printed) -> pd.DataFrame:
    """The rows that count, with countries and numbers; no number where a cell is empty."""
    counts = (printed["motCode"] == "0") & (printed["partner2Code"] == "0") & (printed["cmdCode"] != "TOTAL")
    found = printed[counts].assign(
        reporter=lambda frame: countries.from_comtrade(frame["reporterCode"]),
        partner=lambda frame: countries.from_comtrade(frame["partnerCode"]),
    )
    return found.assign(**{name: pd.to_numeric(found[name]) for name in ("netWgt", *VALUES)})


@pytest.fixture(scope="module")
def monthly(rows) -> pd.DataFrame:
    """The newest rows of partners by month."""
    found = rows[(rows["freqCode"] == "M") & (rows["partner"] != "WLD")]
    return found[found["known_on"] == found.groupby(["reporter", "period"])["known_on"].transform("max")]


def tons(flows: pd.DataFrame, *by: str) -> pd.Series:
    return flows.groupby(list(by))["quantity_kg"].sum() / 1000


def test_true_flows_are_one_whole_row_a_flow_and_month(truth):
    assert not truth.duplicated(["exporter", "importer", "code", "month"]).any()
    assert (truth["exporter"] != truth["importer"]).all()
    assert (truth[["quantity_kg", "fob_value_usd"]] > 0).all(axis=None)
    assert truth[["quantity_kg", "fob_value_usd"]].dtypes.eq("int64").all()
    assert (truth["month"].min(), truth["month"].max()) == (pd.Timestamp("2019-01"), pd.Timestamp("2026-08"))
    assert set(truth["code"]) == set(load("hs6_gatm")["hs6"])


def test_tables_agree_with_the_reference(tables):
    gatm = load("hs6_gatm").set_index("hs6")["category"]
    assert tables.codes["category"].to_dict() == gatm.to_dict()
    assert tables.codes.groupby("category")["share_permille"].sum().eq(1000).all()
    traders = {*tables.links["exporter"], *tables.links["importer"]}
    assert traders <= set(tables.countries.index)
    assert all(countries.to_comtrade(country, "2026") for country in tables.countries.index)
    assert not tables.links.duplicated(["category", "exporter", "importer"]).any()
    named = tables.changes[["exporter", "importer"]].stack().unique()
    assert set(named) - {"*"} <= traders


def test_who_reports_by_month_is_not_who_the_monitor_mirrors(tables):
    by_month = set(tables.reporters("monthly"))
    assert by_month & set(non_reporters()) == {"RUS"}
    assert set(tables.reporters("annual")) < set(non_reporters())
    valued = tables.countries.loc[tables.reporters("monthly"), "import_valuation"]
    assert {country for country in by_month if valuation(country, "2024-01-01") == "fob"} == set(
        valued.index[valued != "cif"]
    )


def test_orders_of_magnitude_are_those_of_the_world(truth):
    metal = tons(truth[(truth["category"] == "unwrought") & (truth["year"] == 2024)], "exporter") / 1e6
    assert metal["RUS"] == pytest.approx(3.2, abs=0.4)
    assert metal["CAN"] == pytest.approx(3.0, abs=0.3)
    assert metal["ARE"] == pytest.approx(2.4, abs=0.3)
    assert metal["IND"] == pytest.approx(2.0, abs=0.3)
    for category in ("plates_sheets_strip", "foil"):
        made = tons(truth[(truth["category"] == category) & (truth["year"] == 2024)], "exporter")
        assert made.idxmax() == "CHN"
    prices = truth.groupby("category")["fob_value_usd"].sum() / tons(truth, "category")
    assert prices["unwrought"] < prices["wire"] < prices["foil"] < prices["fittings"]


def test_russian_metal_turns_from_the_west_to_the_east_after_february_2022(truth):
    metal = truth[(truth["exporter"] == "RUS") & (truth["category"] == "unwrought")]
    sent = tons(metal, "year", "importer").unstack(fill_value=0)
    share = sent.div(sent.sum(axis=1), axis=0)
    west, east = ["DEU", "NLD", "ITA", "POL", "USA", "JPN"], ["CHN", "TUR", "KOR"]
    assert share.loc[2021, west].sum() > 0.6
    assert share.loc[2024, west].sum() < 0.2
    assert share.loc[2021, east].sum() < 0.35
    assert share.loc[2024, east].sum() > 0.65
    assert sent.loc[2024, "USA"] == 0


def test_canada_loses_the_united_states_in_2025_and_others_fill_in(truth):
    metal = tons(truth[(truth["category"] == "unwrought") & (truth["importer"] == "USA")], "year", "exporter")
    change = (metal[2025] - metal[2024]).dropna()
    assert metal[2025]["CAN"] < 0.85 * metal[2024]["CAN"]
    assert set(change.nlargest(3).index) == {"ARE", "BHR", "IND"}
    assert change.nlargest(3).sum() < -change["CAN"]


def test_another_process_makes_the_same_bytes(batches):
    environment = os.environ | {"PYTHONHASHSEED": "12345", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    made = subprocess.run([sys.executable, "-c", HASHES], capture_output=True, text=True, check=True, env=environment)
    here = [" ".join(hashlib.sha256(body).hexdigest() for _, body in batch.files) for batch in batches]
    assert made.stdout.splitlines() == here


def test_partners_meet_the_row_of_the_world(rows):
    figures = ["netWgt", *VALUES]
    parts = rows[rows["partner"] != "WLD"].groupby(ROW)[figures].sum()
    world = rows[rows["partner"] == "WLD"].set_index(ROW)[figures].fillna(0).sort_index()
    pd.testing.assert_frame_equal(parts, world, check_dtype=False)
    assert not rows.duplicated([*ROW, "partner"]).any()


def test_rows_that_must_not_count_are_there_and_counted(printed, batches):
    planted = (printed["motCode"] != "0") | (printed["partner2Code"] != "0") | (printed["cmdCode"] == "TOTAL")
    assert planted.sum() == sum(batch.left_out for batch in batches) > 100
    assert not printed.duplicated(list(printed)).any()
    assert set(printed.loc[printed["cmdCode"] == "TOTAL", "flowCode"]) == {"X", "M"}


def test_a_file_holds_no_more_rows_than_agreed(printed):
    assert 100_000 < len(printed) < 250_000


def test_imports_are_cif_but_where_they_are_fob_and_the_united_states_give_both(monthly):
    imports = monthly[monthly["flowCode"] == "M"]
    fob = imports["reporter"].isin(["CAN", "AUS", "ZAF"])
    both = imports["reporter"] == "USA"
    assert imports.loc[fob, "cifvalue"].isna().all()
    assert (imports.loc[fob, "fobvalue"] == imports.loc[fob, "primaryValue"]).all()
    assert (imports.loc[both, "cifvalue"] == imports.loc[both, "primaryValue"]).all()
    margin = imports.loc[both, "cifvalue"] / imports.loc[both, "fobvalue"]
    assert margin.between(1.015, 1.095).all()
    rest = imports[~fob & ~both]
    assert rest["fobvalue"].isna().all()
    assert (rest["cifvalue"] == rest["primaryValue"]).all()
    exports = monthly[monthly["flowCode"] == "X"]
    assert exports["cifvalue"].isna().all()
    assert (exports["fobvalue"] == exports["primaryValue"]).all()


def test_freight_is_by_pair_between_two_and_nine_percent(tables):
    pairs = tables.links[["exporter", "importer"]].drop_duplicates()
    margins = {pair: tables.freight(*pair) for pair in pairs.itertuples(index=False, name=None)}
    assert min(margins.values()) >= 20
    assert max(margins.values()) <= 90
    assert len(set(margins.values())) > 30
    assert margins["CAN", "USA"] < margins["ARE", "USA"]


def test_reporters_stray_from_the_truth_as_much_as_their_table_says(truth, tables):
    told = world_accounts()
    exports = told[(told["flow"] == "X") & ~told["partner"].isin(["NLD", *chosen.ROTTERDAM])]
    both = exports.merge(
        truth.rename(columns={"exporter": "reporter", "importer": "partner"}),
        on=["reporter", "partner", "code", "month"],
        suffixes=("_told", "_true"),
    )
    both = both[both["reporter"] != "NLD"]
    stray = both["quantity_kg_told"] / both["quantity_kg_true"] - 1
    found = stray.groupby(both["reporter"]).agg(lambda part: np.sqrt((part**2).mean()))
    noise = tables.countries.loc[found.index, "noise_permille"] / 1000
    expected = noise * np.sqrt(2)  # what stays with a partner, and the row's own
    assert (found / expected).between(0.5, 1.6).all()
    assert found["TUR"] > 4 * found["USA"]


def test_goods_arrive_later_the_farther_they_come_and_none_is_lost(truth):
    told = world_accounts()
    imports = told[told["flow"] == "M"]
    far = tons(imports[(imports["reporter"] == "JPN") & (imports["partner"] == "ARE")], "month")
    left = tons(truth[(truth["importer"] == "JPN") & (truth["exporter"] == "ARE")], "month")
    inside = slice("2019-06-01", "2026-03-01")
    assert far[inside].sum() == pytest.approx(left[inside].sum(), rel=0.06)
    at_once = far[inside].pct_change().corr(left[inside].pct_change())
    later = far[inside].pct_change().corr(left.shift(1)[inside].pct_change())
    assert later > at_once
    assert far.index.min() == pd.Timestamp("2019-01-01")


def test_metal_by_rotterdam_is_told_as_dutch_by_exporters_and_by_origin_by_importers(truth):
    told = world_accounts()
    metal = told[told["code"].str.startswith("7601") & (told["partner"] != told["reporter"])]
    true = tons(truth[truth["category"] == "unwrought"], "exporter", "importer")
    exports = tons(metal[metal["flow"] == "X"], "reporter", "partner")
    imports = tons(metal[metal["flow"] == "M"], "partner", "reporter")
    assert exports["ARE", "DEU"] < 0.8 * true["ARE", "DEU"]
    assert imports["ARE", "DEU"] == pytest.approx(true["ARE", "DEU"], rel=0.1)
    assert exports["ARE", "NLD"] > 1.1 * true["ARE", "NLD"]
    assert exports["NLD", "DEU"] > 1.2 * imports["NLD", "DEU"]


def test_re_exports_are_inside_exports(rows):
    keys = [*ROW[:4], "cmdCode", "partner"]
    parts = rows[rows["flowCode"] == "RX"].set_index(keys)["primaryValue"]
    whole = rows[rows["flowCode"] == "X"].set_index(keys)["primaryValue"].reindex(parts.index)
    recent = parts.index.get_level_values("known_on") == parameters.LAST_DAY
    assert set(parts.index.get_level_values("reporter")) == {"NLD", "USA", "ARE"}
    assert (parts[recent] <= whole[recent]).all()


def test_each_kind_of_hole_is_where_the_table_says(monthly, rows, tables):
    assert set(rows.loc[rows["partner"] == "XNS", "reporter"]) == {"TUR"}
    least = monthly["reporter"].map(tables.countries["threshold_usd"])
    final = monthly["known_on"] == parameters.LAST_DAY
    assert (monthly["primaryValue"] >= least)[final].all()
    empty = monthly["netWgt"].isna().groupby(monthly["reporter"]).mean()
    zero = (monthly["netWgt"] == 0).groupby(monthly["reporter"]).mean()
    guessed = (monthly["isNetWgtEstimated"] == "true").groupby(monthly["reporter"]).mean()
    for country, row in tables.countries.loc[tables.reporters("monthly")].iterrows():
        share = row["no_weight_permille"] / 1000
        assert empty[country] == pytest.approx(share if row["no_weight_as"] == "blank" else 0, abs=0.02)
        assert zero[country] == pytest.approx(share if row["no_weight_as"] == "zero" else 0, abs=0.02)
        assert guessed[country] == pytest.approx(row["estimated_permille"] / 1000, abs=0.03)


def test_editions_change_in_2022_and_once_a_year_later(rows):
    since = rows[rows["classificationCode"] == "H6"].groupby("reporter")["period"].min().str.ljust(6, "0")
    assert since["THA"] == "202301"
    assert set(since.drop("THA").str[:4]) == {"2022"}


def test_two_vintages_of_which_the_later_revises_a_year(rows):
    last = rows.groupby(["known_on", "freqCode", "reporter"])["period"].max()
    first, newest = chosen.FIRST_KNOWN_ON, parameters.LAST_DAY
    assert last[first, "M"].drop(["CHN", "RUS"]).eq("202508").all()
    assert (last[first, "M", "CHN"], last[first, "M", "RUS"]) == ("202505", "202201")
    assert last[newest, "M"].drop("CHN").eq("202608").all()
    assert last[newest, "M", "CHN"] == "202605"
    assert last[first, "A"].eq("2023").all()
    assert last[newest, "A"].eq("2024").all()
    assert rows.loc[(rows["known_on"] == newest) & (rows["freqCode"] == "M"), "period"].min() == "202409"
    keys = ["reporter", "flowCode", "partner", "cmdCode", "period"]
    overlap = rows[(rows["freqCode"] == "M") & rows["period"].between("202409", "202508") & (rows["partner"] != "WLD")]
    old, new = (overlap[overlap["known_on"] == day].set_index(keys)["primaryValue"] for day in (first, newest))
    both = pd.concat([old, new], axis=1, keys=["old", "new"]).dropna()
    changed = both["new"] / both["old"] - 1
    assert 0.1 < (changed.abs() > 1e-4).mean() < 0.4
    assert changed.abs().max() < 0.08
    assert 0 < len(new.index.difference(old.index)) < 0.1 * len(new)


def test_the_store_holds_the_world_as_comtrade_gives_it(sample_store, rows):
    store = resolve_store(sample_store)
    held = store.read("comtrade", code_level="hs6")
    assert {day.isoformat() for day in store.known_days("comtrade")} == {chosen.FIRST_KNOWN_ON, parameters.LAST_DAY}
    assert set(held["concept"]) == {"import", "export", "re-export"}
    newest = rows[rows["known_on"] == rows.groupby(["reporter", "period"])["known_on"].transform("max")]
    assert held["primary_value_usd"].sum() == pytest.approx(newest["primaryValue"].sum(), rel=1e-12)
    assert held["quantity_kg"].sum() == pytest.approx(newest["netWgt"].sum(), rel=1e-12)
    assert not (held["quantity_kg"] == 0).any()
    blocks = store.blocks("comtrade")
    assert set(blocks["coverage"]) == {"complete"}
    headings = len({code[:4] for code in load("hs6_gatm")["hs6"]})
    norway = blocks[blocks["heading"].str.startswith("NOR") & (blocks["concept"] == "import")]
    assert norway.groupby("period").size().eq(headings).all()
    assert len(norway) == 92 * headings
