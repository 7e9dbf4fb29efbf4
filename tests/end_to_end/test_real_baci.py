"""The real BACI file of unwrought aluminum, loaded and compared, against plain pandas on the file itself."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from commands import aim
from places import REAL

from aimlib.analysis import world
from aimlib.analysis.world import Span
from aimlib.bulletin.opening import open_gatm_comparison
from aimlib.ingest.baci import load_baci
from aimlib.ingest.global_trade.baci import read_baci
from aimlib.present import gatm_comparison
from aimlib.reference import countries
from aimlib.store import Store

FILE = REAL / "baci" / "baci_hs92_760110_1995_2024.csv"
ALL = {"first": "1995-01-01", "last": "2024-01-01"}

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="the real files are not beside this checkout")


@pytest.fixture(scope="module")
def raw() -> pd.DataFrame:
    frame = pd.read_csv(FILE)
    for side, name in (("i", "exporter"), ("j", "importer")):
        frame[name] = countries.from_comtrade(frame[side].astype(str))
    return frame


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    root = tmp_path_factory.mktemp("baci")
    report = load_baci(root, [FILE])
    assert report.rows_rejected == 0
    return root


@pytest.fixture(scope="module")
def flows(store) -> pd.DataFrame:
    return read_baci(Store.open(store), "760110", **ALL)


def test_world_totals_by_year(raw, flows):
    plain = raw.groupby("t")[["q", "v"]].sum()
    ours = flows.groupby(flows["period"].dt.year)[["quantity_t", "fob_value_usd"]].sum()
    assert len(plain) == 30
    assert ours["quantity_t"].to_numpy() == pytest.approx(plain["q"].to_numpy(), rel=1e-9)
    assert ours["fob_value_usd"].to_numpy() == pytest.approx(plain["v"].to_numpy() * 1000, rel=1e-9)


def test_the_ten_largest_exporters_of_2023(raw, flows):
    plain = raw[raw["t"] == 2023].groupby("exporter")["q"].sum().nlargest(10)
    year = Span("2023-01-01", "2023-01-01", "annual")
    ours = world.ranking(flows, world.one_standing(flows), flow="export", span=year).head(10)
    assert list(ours["country"]) == list(plain.index)
    assert ours["quantity_t"].to_numpy() == pytest.approx(plain.to_numpy(), rel=1e-9)
    assert list(ours["rank"]) == list(range(1, 11))


def test_where_russia_sold_before_and_after_2022(raw, flows):
    mine = raw[raw["exporter"] == "RUS"]
    spans = {"before": (2019, 2021), "after": (2022, 2024)}
    plain = {
        when: mine[mine["t"].between(*years)].groupby("importer")["q"].sum(min_count=1) / 3
        for when, years in spans.items()
    }
    ours = world.replaced(
        flows,
        world.one_standing(flows),
        country="RUS",
        flow="export",
        before=Span.parse("2019:2021", "annual"),
        after=Span.parse("2022:2024", "annual"),
    ).set_index("partner")
    for when, expected in plain.items():
        found = ours[f"quantity_t_{when}_per_period"].drop("TOTAL")
        for partner, amount in expected.dropna().items():
            assert found[partner] == pytest.approx(amount, rel=1e-9), (when, partner)
        assert ours.at["TOTAL", f"quantity_t_{when}_per_period"] == pytest.approx(expected.sum(), rel=1e-9)
    assert ours["quantity_t_after_per_period"].drop("TOTAL").idxmax() == plain["after"].idxmax() == "CHN"


def test_the_bulletin_on_baci_alone_needs_no_method(store, raw, tmp_path):
    asked = ["-p", "reporters=CAN,ARE,RUS,IND", "-p", "flow=export", "-p", "period=2015:2024"]
    done = aim("run", "gatm_comparison", *asked, "-o", str(tmp_path / "out"), store=store)
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(tmp_path / "out" / "data" / "ranking.csv").set_index("country")
    plain = raw[raw["t"] == 2024].groupby("exporter")["q"].sum()
    assert table.loc[["CAN", "ARE", "RUS", "IND"], "quantity_t"].to_dict() == pytest.approx(
        plain[["CAN", "ARE", "RUS", "IND"]].to_dict(), rel=1e-9
    )
    resolved = json.loads((tmp_path / "out" / "run.json").read_text())["inputs"]["resolved"]
    assert (resolved["source"], resolved["method"], resolved["product"]) == ("baci", None, "760110")


def test_a_flow_beyond_reason_is_named_beside_what_rests_on_it(store, raw, monkeypatch):
    """Singapore to China in 2021: 1.1 million t at 272 US$/t, two fifths of China's imports."""
    monkeypatch.setenv("AIM_STORE", str(store))
    view = open_gatm_comparison(flow="import", focus="CHN", period="2015:2021").view
    china = raw[(raw["importer"] == "CHN") & (raw["t"] == 2021)]
    without = china.loc[china["exporter"] != "SGP", "q"].sum()
    lead = gatm_comparison.lead(view).paragraphs[0]
    assert f"China would have {without / 1e3:,.1f} thousand t" in lead
    for section in (gatm_comparison.ranking_table, gatm_comparison.partners_table, gatm_comparison.series_figure):
        assert any("from Singapore in 2021 1,106.8 thousand t at 272 US$/t" in note for note in section(view).notes)
    table = gatm_comparison.ranking_table(view).frame.set_index("country")
    assert table.at["CHN", "doubtful_quantity_t"] >= 1_106_820


def test_a_method_asked_of_baci_is_refused(store, tmp_path):
    done = aim("run", "gatm_comparison", "-p", "method=reverse", "-o", str(tmp_path / "out"), store=store)
    assert done.returncode != 0
    assert "reconciled already" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_product_of_which_a_part_is_held_is_refused(store, tmp_path):
    done = aim("run", "gatm_comparison", "-p", "product=unwrought", "-o", str(tmp_path / "out"), store=store)
    assert done.returncode != 0
    assert "7601.10" in done.stderr
    assert "product=760110" in done.stderr
