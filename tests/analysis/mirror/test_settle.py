"""Settling two accounts: small worlds with figures worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aimlib.analysis.mirror import known_share, settle
from aimlib.errors import AimError
from aimlib.ingest.global_trade.frames import FLOWS, STANDING

ALL = {(country, flow): True for country in ("CAN", "USA", "DEU") for flow in ("export", "import")}


def quantities(settled):
    flows = settled.flows
    return {
        (row.exporter, row.importer, f"{row.period:%Y-%m}"): (row.quantity_t, row.side) for row in flows.itertuples()
    }


def standings(settled, country):
    rows = settled.standing[settled.standing["country"] == country]
    return rows["standing"].tolist()


def test_own_accounts_only(made):
    pairs = made.pairs({"e": "CAN", "i": "USA", "x": 100.0, "m": 90.0}, {"e": "RUS", "i": "DEU", "m": 50.0})
    settled = settle(pairs, made.reporting(ALL | {("RUS", "export"): False}), flow="export", method="reported")
    assert quantities(settled) == {("CAN", "USA", "2024-01"): (100.0, "exporter")}
    assert standings(settled, "RUS") == ["missing"] * 3
    assert standings(settled, "CAN") == ["reported"] * 3
    assert dict(settled.flows.dtypes.astype(str)) == FLOWS
    assert dict(settled.standing.dtypes.astype(str)) == STANDING


def test_the_reverse_flow_takes_the_partners_account_of_the_mirrored_and_nobody_elses(made):
    pairs = made.pairs({"e": "CAN", "i": "USA", "x": 100.0, "m": 90.0}, {"e": "RUS", "i": "DEU", "m": 50.0})
    settled = settle(pairs, made.reporting(ALL), flow="export", method="reverse", mirrored=("RUS",), factor=1.06)
    assert quantities(settled) == {
        ("CAN", "USA", "2024-01"): (100.0, "exporter"),
        ("RUS", "DEU", "2024-01"): (50.0, "importer"),
    }
    russia = settled.flows[settled.flows["exporter"] == "RUS"].iloc[0]
    assert russia["fob_value_usd"] == pytest.approx(50 * 2000.0)
    assert russia["import_value_usd"] == pytest.approx(50 * 2120.0)
    standing = settled.standing[settled.standing["country"] == "RUS"]
    assert standing["standing"].tolist() == ["mirror"] * 3
    assert standing["partners_reporting"].tolist() == [3] * 3


def test_an_fob_part_of_an_import_value_is_not_divided(made):
    pairs = made.pairs({"e": "RUS", "i": "DEU", "m": 10.0, "fob": 5000.0, "cif": 10600.0})
    settled = settle(pairs, made.reporting(ALL), flow="export", method="reverse", mirrored=("RUS",), factor=1.06)
    assert settled.flows["fob_value_usd"].item() == pytest.approx(15_000.0)
    assert settled.flows["import_value_usd"].item() == pytest.approx(15_600.0)


def test_imports_rebuilt_from_exports_take_the_factor_only_where_the_importer_values_cif(made):
    pairs = made.pairs({"e": "CAN", "i": "VNM", "x": 10.0}, {"e": "CAN", "i": "AUS", "x": 10.0})
    options = {"flow": "import", "method": "reverse", "mirrored": ("VNM", "AUS"), "factor": 1.08}
    for valuations in (["AUS"], dated("AUS", "2020-01-01", "2024-12-31")):
        flows = settle(pairs, made.reporting(ALL), valuations=valuations, **options).flows.set_index("importer")
        assert flows["import_value_usd"].to_dict() == pytest.approx({"VNM": 21_600.0, "AUS": 20_000.0})
        assert flows["fob_value_usd"].to_dict() == {"VNM": 20_000.0, "AUS": 20_000.0}
    ended = settle(pairs, made.reporting(ALL), valuations=dated("AUS", "2020-01-01", "2023-12-31"), **options)
    assert ended.flows["import_value_usd"].tolist() == pytest.approx([21_600.0] * 2)


def dated(reporter, first, last):
    made = {"reporter": [reporter], "valuation": ["fob"], "comtrade_primary": ["fob"]}
    return pd.DataFrame({**made, "valid_from": [pd.Timestamp(first)], "valid_to": [pd.Timestamp(last)]})


def test_a_mirrored_series_stays_on_its_partners_where_it_reported_itself(made):
    told = ALL | {("RUS", "export"): ("2024-01",)}
    pairs = made.pairs(
        {"e": "RUS", "i": "DEU", "t": "2024-01", "x": 70.0, "m": 60.0},
        {"e": "RUS", "i": "DEU", "t": "2024-02", "m": 61.0},
    )
    options = {"flow": "export", "method": "reverse", "mirrored": ("RUS",)}
    whole = settle(pairs, made.reporting(told), **options)
    assert [quantity for quantity, _ in quantities(whole).values()] == [60.0, 61.0]
    assert whole.breaks.empty

    spliced = settle(pairs, made.reporting(told), splice=True, **options)
    assert list(quantities(spliced).values()) == [(70.0, "exporter"), (61.0, "importer")]
    assert standings(spliced, "RUS") == ["reported", "mirror", "mirror"]
    assert spliced.standing.set_index("country").loc["RUS", "partners"].isna().tolist() == [True, False, False]
    assert spliced.breaks.values.tolist() == [["RUS", "export", pd.Timestamp("2024-02-01"), "reported", "mirror"]]


def test_partners_count_only_if_they_reported_in_every_period(made):
    told = ALL | {("CHN", "import"): ("2024-01", "2024-02"), ("JPN", "import"): False}
    flows = [{"e": "RUS", "i": i, "t": t, "m": 10.0} for i in ("DEU", "CHN") for t in ("2024-01", "2024-02")]
    settled = settle(
        made.pairs(*flows), made.reporting(told), flow="export", method="reverse", mirrored=("RUS",), splice=True
    )
    assert set(settled.flows["importer"]) == {"DEU"}
    left = settled.left_out[settled.left_out["country"] == "RUS"]
    assert left.values.tolist() == [["RUS", "CHN", 2, 3, 20.0, 20.0]]
    row = settled.standing[settled.standing["country"] == "RUS"].iloc[0]
    # N counts Japan too, which never reports: what it bought nobody tells.
    assert (row["partners_reporting"], row["partners"]) == (3, 5)


def test_with_a_splice_partners_have_to_be_there_only_in_the_mirrored_part(made):
    told = ALL | {("RUS", "export"): ("2024-01",), ("CHN", "import"): ("2024-02", "2024-03")}
    pairs = made.pairs({"e": "RUS", "i": "CHN", "t": "2024-02", "m": 9.0})
    options = {"flow": "export", "method": "reverse", "mirrored": ("RUS",)}
    assert settle(pairs, made.reporting(told), **options).flows.empty
    assert quantities(settle(pairs, made.reporting(told), splice=True, **options)) == {
        ("RUS", "CHN", "2024-02"): (9.0, "importer")
    }


def test_who_is_counted_is_named_and_agrees_with_n(made):
    told = ALL | {("RUS", "export"): ("2024-01",), ("CHN", "import"): ("2024-02", "2024-03")}
    pairs = made.pairs({"e": "RUS", "i": "CHN", "t": "2024-02", "m": 9.0})
    options = {"flow": "export", "method": "reverse", "mirrored": ("RUS",)}
    whole = settle(pairs, made.reporting(told), **options)
    assert whole.counted.values.tolist() == [["RUS", partner] for partner in ("CAN", "DEU", "USA")]
    spliced = settle(pairs, made.reporting(told), splice=True, **options)
    assert spliced.counted["partner"].tolist() == ["CAN", "CHN", "DEU", "USA"]
    assert (spliced.standing["partners_reporting"].dropna() == 4).all()
    assert settle(pairs, made.reporting(told), flow="export", method="reported").counted.empty


@pytest.mark.parametrize(("method", "alone"), [("weighted", 4.0), ("better", 4.0), ("reverse", 9.0)])
def test_what_is_lost_where_partners_stand_alone_is_apart(made, method, alone):
    """RUS reported January: with both accounts only February's 4 t of CHN stand in for nothing else."""
    told = ALL | {("RUS", "export"): ("2024-01",), ("CHN", "import"): ("2024-01", "2024-02")}
    pairs = made.pairs(
        {"e": "RUS", "i": "CHN", "t": "2024-01", "x": 6.0, "m": 5.0}, {"e": "RUS", "i": "CHN", "t": "2024-02", "m": 4.0}
    )
    left = settle(pairs, made.reporting(told), flow="export", method=method, mirrored=("RUS",)).left_out
    left = left[left["country"] == "RUS"]
    assert left[["quantity_t", "mirror_quantity_t"]].values.tolist() == [[9.0, alone]]


def test_a_country_without_a_reporting_partner_is_missing_and_not_zero(made):
    pairs = made.pairs({"e": "RUS", "i": "DEU", "x": 5.0})
    settled = settle(
        pairs, made.reporting({("DEU", "import"): False}), flow="export", method="reverse", mirrored=("RUS",)
    )
    assert settled.flows.empty
    assert standings(settled, "RUS") == ["missing"] * 3


def test_nothing_held_settles_into_nothing(made):
    settled = settle(made.pairs(), made.reporting({}), flow="export", method="weighted")
    assert settled.flows.empty
    assert settled.standing.empty


def test_the_better_reporter_by_hand(made):
    """CAN tells 100 of its 150 t as others do, USA all of its own but the small flow, so USA is better."""
    pairs = made.pairs(
        {"e": "CAN", "i": "USA", "x": 100.0, "m": 90.0},  # AL = 10 / 90 = 0.11
        {"e": "CAN", "i": "DEU", "x": 50.0, "m": 20.0},  # AL = 30 / 20 = 1.5
        {"e": "DEU", "i": "USA", "x": 10.0, "m": 13.0},  # AL = 3 / 13 = 0.23
    )
    settled = settle(pairs, made.reporting(ALL), flow="export", method="better")
    scores = settled.reliability.set_index(["flow", "country"])["index_percent"]
    assert scores["export", "CAN"] == pytest.approx(100 * 100 / 150)
    assert scores["import", "USA"] == pytest.approx(100 * 90 / 103)
    assert scores["import", "DEU"] == scores["export", "DEU"] == 0.0
    assert quantities(settled) == {
        ("CAN", "USA", "2024-01"): (90.0, "importer"),
        ("CAN", "DEU", "2024-01"): (50.0, "exporter"),
        ("DEU", "USA", "2024-01"): (13.0, "importer"),
    }


@pytest.mark.parametrize("method", ["better", "weighted"])
def test_what_one_side_tells_is_taken_from_it(made, method):
    told = ALL | {("RUS", "export"): False, ("ARE", "import"): False}
    pairs = made.pairs(
        {"e": "CAN", "i": "ARE", "x": 7.0},
        {"e": "RUS", "i": "DEU", "m": 8.0},
        {"e": "CAN", "i": "USA", "x": 5.0, "m": float("nan"), "cif": 900.0},
        {"e": "RUS", "i": "ARE", "x": None, "m": None},
    )
    settled = settle(pairs, made.reporting(told), flow="export", method=method)
    assert quantities(settled) == {
        ("CAN", "ARE", "2024-01"): (7.0, "exporter"),
        ("RUS", "DEU", "2024-01"): (8.0, "importer"),
        ("CAN", "USA", "2024-01"): (5.0, "exporter"),
    }
    assert standings(settled, "CAN") == ["both"] * 3
    assert standings(settled, "RUS") == ["mirror"] * 3


def test_a_missing_weight_stays_missing_and_is_told(made):
    pairs = made.pairs(
        {"e": "CAN", "i": "USA", "x": float("nan"), "x_usd": 1000.0},
        {"e": "CAN", "i": "DEU", "x": 1.5, "x_usd": 3000.0},
    )
    flows = settle(pairs, made.reporting(ALL), flow="export", method="reported").flows
    assert np.isnan(flows["quantity_t"].iloc[0])
    assert flows["fob_value_usd"].tolist() == [1000.0, 3000.0]
    assert flows["covered_fob_value_usd"].tolist() == [0.0, 3000.0]
    share = known_share(flows, ["exporter"]).iloc[0]
    assert share.tolist() == ["CAN", 2, 1, 0.75]


def test_a_selection_is_said(made):
    told = made.reporting(ALL, selections={("CAN", "export", "2024-02")})
    settled = settle(made.pairs({"e": "CAN", "i": "USA", "x": 1.0}), told, flow="export", method="reported")
    assert standings(settled, "CAN") == ["reported", "selection", "reported"]
    assert settled.breaks.empty


def test_no_figure_lies_outside_the_window(made):
    pairs = made.pairs({"e": "CAN", "i": "USA", "x": 1.0}, {"e": "CAN", "i": "USA", "t": "2020-01", "x": 9.0})
    assert settle(pairs, made.reporting(ALL), flow="export", method="reported").flows["quantity_t"].tolist() == [1.0]


def test_mistakes_are_named(made):
    pairs, told = made.pairs(), made.reporting(ALL)
    with pytest.raises(AimError, match="method 'best'"):
        settle(pairs, told, flow="export", method="best")
    with pytest.raises(AimError, match="re-export"):
        settle(pairs, told, flow="re-export", method="reverse")
    with pytest.raises(AimError, match="positive"):
        settle(pairs, told, flow="export", method="reverse", factor=0.0)
