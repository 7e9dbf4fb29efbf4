"""The real BACI file of unwrought aluminum, not alloyed, against plain pandas straight from the raw rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from analysis.world.written import close
from places import REAL

from aimlib.analysis.world import (
    Span,
    concentration,
    matrix,
    one_standing,
    partners,
    ranking,
    replaced,
    replacements,
    world_series,
)
from aimlib.ingest.global_trade.frames import FLOWS

FILE = REAL / "baci/baci_hs92_760110_1995_2024.csv"
CODES = REAL / "baci/country_codes_V202401b.csv"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FILE.exists(), reason="the shared real files are not here"),
]
BEFORE, AFTER, Y2023 = (Span.parse(text, "annual") for text in ("2019:2021", "2022:2024", "2023"))


@pytest.fixture(scope="module")
def raw():
    """The file and nothing else: thousands of dollars, metric tons, the publisher's own country codes."""
    names = pd.read_csv(CODES).set_index("country_code")["country_iso3"]
    rows = pd.read_csv(FILE)
    return rows.assign(x=rows["i"].map(names), m=rows["j"].map(names))


@pytest.fixture(scope="module")
def world(raw):
    usd = raw["v"] * 1000.0
    covered = usd.where(raw["q"].notna(), 0.0)
    flows = pd.DataFrame(
        {
            "exporter": raw["x"],
            "importer": raw["m"],
            "product": "unwrought",
            "period": pd.to_datetime(raw["t"].astype(str) + "-01-01"),
            "quantity_t": raw["q"],
            "fob_value_usd": usd,
            "import_value_usd": usd,
            "covered_fob_value_usd": covered,
            "covered_import_value_usd": covered,
            "side": "reconciled",
        }
    ).astype(FLOWS)
    return flows, one_standing(flows)


def test_every_country_has_a_name_and_one_code_a_year(raw):
    assert raw[["x", "m"]].notna().all().all()
    assert raw.groupby(["t", "x"])["i"].nunique().max() == 1
    assert raw.groupby(["t", "m"])["j"].nunique().max() == 1


def test_world_totals_by_year(raw, world):
    found = world_series(*world, flow="export", periods=Span.parse("1995:2024", "annual").periods)
    plain = raw.groupby("t")[["v", "q"]].sum()
    assert list(found["period"].dt.year) == list(plain.index)
    close(found["quantity_t"], plain["q"])
    close(found["fob_value_usd"], plain["v"] * 1000)
    weighed = raw.dropna(subset=["q"]).groupby("t")[["v", "q"]].sum()
    close(found["unit_value_usd_t"], weighed["v"] * 1000 / weighed["q"])
    close(found["covered_share"], weighed["v"] / plain["v"])
    assert found["covered_share"].min() < 1  # The file lacks weights, so the test above can fail.


def test_top_ten_exporters_of_2023(raw, world):
    found = ranking(*world, flow="export", span=Y2023, base=Y2023.before()).head(10)
    year = raw[raw["t"] == 2023].groupby("x")[["q", "v"]].sum()
    top = year.sort_values("q", ascending=False).head(10)
    assert list(found["country"]) == list(top.index)
    assert list(found["rank"]) == list(range(1, 11))
    close(found["quantity_t"], top["q"])
    close(found["fob_value_usd"], top["v"] * 1000)
    close(found["share_quantity"], top["q"] / year["q"].sum())
    then = raw[raw["t"] == 2022].groupby("x")["q"].sum()
    close(found["quantity_change"], top["q"] / then.reindex(top.index) - 1)


def test_top_ten_importers_of_2023_by_value(raw, world):
    found = ranking(*world, flow="import", measure="value", span=Y2023).head(10)
    top = raw[raw["t"] == 2023].groupby("m")["v"].sum().sort_values(ascending=False).head(10)
    assert list(found["country"]) == list(top.index)
    close(found["import_value_usd"], top * 1000)


def test_russias_destinations_before_and_after_2022(raw, world):
    found = replaced(*world, country="RUS", flow="export", before=BEFORE, after=AFTER)
    russia = raw[raw["x"] == "RUS"]
    early = russia[russia["t"].between(2019, 2021)].groupby("m")["q"].sum() / 3
    late = russia[russia["t"].between(2022, 2024)].groupby("m")["q"].sum() / 3
    both = pd.DataFrame({"early": early, "late": late}).fillna(0.0)
    listed = found[found["row_kind"] == "partner"].set_index("partner")
    assert set(listed.index) == set(both.index)
    close(listed["quantity_t_before_per_period"], both["early"].reindex(listed.index))
    close(listed["quantity_t_after_per_period"], both["late"].reindex(listed.index))
    close(listed["share_quantity_after"], (both["late"] / late.sum()).reindex(listed.index))
    moved = (both["late"] - both["early"]).sort_values()
    assert listed.index[0] == moved.index[0]
    assert listed.index[-1] == moved.index[-1] == "CHN"
    total = found.iloc[-1]
    close(total["quantity_t_change_per_period"], late.sum() - early.sum())
    matched = replacements(found)
    close(matched[matched["gained_partner"] == "CHN"]["quantity_t_per_period"].sum(), moved["CHN"])


def test_russias_partners_and_their_concentration(raw, world):
    found = partners(*world, country="RUS", flow="export", span=AFTER, base=BEFORE)
    russia = raw[(raw["x"] == "RUS") & raw["t"].between(2022, 2024)].groupby("m")["q"].sum()
    top = russia.sort_values(ascending=False)
    assert list(found["partner"].head(5)) == list(top.index[:5])
    close(found["quantity_t"].head(5), top.head(5))
    index = concentration(*world, flow="export", span=AFTER, country="RUS").set_index("measure")["herfindahl"]
    close(index["quantity"], ((russia / russia.sum()) ** 2).sum())


def test_matrix_of_2023(raw, world):
    found = matrix(world[0], span=Y2023, top=5, standing=world[1]).set_index(["exporter", "importer"])
    year = raw[raw["t"] == 2023]
    close(found.loc[("TOTAL", "TOTAL"), "quantity_t"], year["q"].sum())
    named = [key for key in found.index if not {"REST", "TOTAL"} & set(key)]
    cells = year.groupby(["x", "m"])["q"].sum().reindex(pd.MultiIndex.from_tuples(named)).fillna(0.0)
    assert np.count_nonzero(cells) > 5
    close(found.loc[named, "quantity_t"], cells)
