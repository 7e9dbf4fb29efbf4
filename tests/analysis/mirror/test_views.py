"""Accounts side by side, asymmetry, the factor, what is invisible, and errors against the truth: by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from aimlib.analysis.mirror import (
    FACTOR_SOURCES,
    FACTORS,
    accounts,
    asymmetry,
    board,
    errors_against,
    estimate_factor,
    factor_band,
    invisible,
    settle,
)
from aimlib.analysis.mirror.asymmetry import LEAST_CORRELATION
from aimlib.errors import AimError

ALL = {(country, flow): True for country in ("CAN", "USA", "DEU") for flow in ("export", "import")}
MONTHS = [f"{period:%Y-%m}" for period in pd.date_range("2023-01-01", periods=14, freq="MS")]


def row_of(frame, period, scope, **keys):
    found = frame[(frame["period"] == pd.Timestamp(period)) & (frame["scope"] == scope)]
    for name, value in keys.items():
        found = found[found[name] == value]
    assert len(found) == 1
    return found.iloc[0]


def test_accounts_of_an_exporter(made):
    told = ALL | {("RUS", "import"): False, ("CHN", "import"): ("2024-01",)}
    pairs = made.pairs(
        {"e": "CAN", "i": "USA", "x": 100.0, "m": 90.0},
        {"e": "CAN", "i": "DEU", "x": 40.0, "m": 50.0, "fob": 100_000.0},
        {"e": "CAN", "i": "RUS", "x": 60.0},
        {"e": "CAN", "i": "CHN", "x": 1.0, "m": 7.0},
    )
    found = accounts(pairs, made.reporting(told), country="CAN", flow="export", factor=1.06)
    everything = row_of(found, "2024-01", "all")
    assert (everything["own_quantity_t"], everything["mirror_quantity_t"]) == (201.0, 140.0)
    assert everything["gap_quantity_t"] == -61.0
    assert everything["relative_gap_quantity"] == pytest.approx(-61 / 201)
    assert everything["mirror_value_usd"] == pytest.approx(180_000 + 100_000)
    assert (everything["own_valuation"], everything["mirror_valuation"]) == ("FOB", "FOB and CIF / 1.06")
    assert (everything["partners_reporting"], everything["partners"]) == (2, 4)
    common = row_of(found, "2024-01", "both report")
    assert (common["own_quantity_t"], common["mirror_quantity_t"]) == (140.0, 140.0)
    assert common["relative_gap_value"] == pytest.approx(0.0)
    # February: both reported and nobody tells of trade, which is zero and not blank.
    assert row_of(found, "2024-02", "all")[["own_quantity_t", "mirror_quantity_t"]].tolist() == [0.0, 0.0]

    partners = accounts(pairs, made.reporting(told), country="CAN", flow="export", factor=1.06, by_partner=True)
    russia = row_of(partners, "2024-01", "all", partner="RUS")
    assert russia["own_quantity_t"] == 60.0
    assert math.isnan(russia["mirror_quantity_t"])
    assert russia["mirror_valuation"] == ""
    assert partners.loc[partners["scope"] == "both report", "partner"].tolist() == ["DEU", "USA"]


def test_accounts_of_an_importer_have_the_valuations_the_other_way(made):
    pairs = made.pairs({"e": "CAN", "i": "USA", "x": 100.0, "m": 90.0})
    found = row_of(accounts(pairs, made.reporting(ALL), country="USA", flow="import"), "2024-01", "all")
    assert (found["own_quantity_t"], found["mirror_quantity_t"]) == (90.0, 100.0)
    assert (found["own_valuation"], found["mirror_valuation"]) == ("CIF", "FOB")
    assert found["own_value_usd"] == pytest.approx(90 * 2120.0)


def test_accounts_of_a_country_that_does_not_report_are_blank_and_not_zero(made):
    pairs = made.pairs({"e": "RUS", "i": "USA", "m": 90.0})
    found = accounts(pairs, made.reporting(ALL), country="RUS", flow="export")
    assert found["own_quantity_t"].isna().all()
    assert found["gap_quantity_t"].isna().all()
    assert row_of(found, "2024-02", "all")["mirror_quantity_t"] == 0.0
    assert math.isnan(row_of(found, "2024-01", "both report")["mirror_quantity_t"])


def test_accounts_say_how_much_of_the_value_has_a_weight(made):
    pairs = made.pairs(
        {"e": "CAN", "i": "USA", "x": 10.0, "x_usd": 300.0, "m": 10.0},
        {"e": "CAN", "i": "DEU", "x": float("nan"), "x_usd": 100.0, "m": 5.0},
    )
    found = accounts(pairs, made.reporting(ALL), country="CAN", flow="export")
    assert row_of(found, "2024-01", "all")["own_share_value_weighed"] == 0.75
    common = row_of(found, "2024-01", "both report")
    assert (common["own_quantity_t"], common["mirror_quantity_t"]) == (10.0, 10.0)


def test_accounts_of_an_unknown_country(made):
    with pytest.raises(AimError, match="No account of ZZZ"):
        accounts(made.pairs(), made.reporting(ALL), country="ZZZ", flow="export")


def held_and_board(made):
    """Three months of CAN, CHN silent in one of them: its import account counts in no month."""
    told = ALL | {("CHN", "import"): ("2024-01", "2024-02"), ("RUS", "import"): False}
    pairs = made.pairs(
        *[{"e": "CAN", "i": "USA", "t": t, "x": 100.0, "m": 90.0} for t in ("2024-01", "2024-02", "2024-03")],
        {"e": "CAN", "i": "CHN", "t": "2024-01", "x": 8.0, "m": 7.0},
        {"e": "RUS", "i": "IND", "t": "2024-01", "x": None, "m": None},
    )
    return pairs, made.reporting(told)


def test_accounts_on_a_board_made_once_are_those_of_the_whole_window(made):
    pairs, reporting = held_and_board(made)
    whole = board(pairs, reporting, "export", ("VEN",))
    options = {"country": "CAN", "flow": "export", "factor": 1.06}
    one = pairs[(pairs["exporter"] == "CAN") & (pairs["period"] == pd.Timestamp("2024-01-01"))]
    found = accounts(one, reporting, on=whole, **options)
    wanted = accounts(pairs, reporting, **options)
    wanted = wanted[wanted["period"] == pd.Timestamp("2024-01-01")].reset_index(drop=True)
    named = ["partners_reporting", "partners"]
    pd.testing.assert_frame_equal(found.drop(columns=named), wanted.drop(columns=named))
    # USA and DEU report throughout; DEU, USA, CHN, RUS, IND and VEN, which was named only, are all the others.
    assert found[named].drop_duplicates().values.tolist() == [[2, 6]]
    # On the one month alone CHN would count, and countries that trade with others only would not be there.
    alone = accounts(one, reporting[reporting["period"] == pd.Timestamp("2024-01-01")], **options)
    assert row_of(alone, "2024-01", "all")["mirror_quantity_t"] == 97.0
    assert row_of(found, "2024-01", "all")["mirror_quantity_t"] == 90.0


def test_periods_named_come_back_also_where_no_row_speaks_of_them(made):
    pairs, reporting = held_and_board(made)
    one = pairs[(pairs["exporter"] == "CAN") & (pairs["importer"] == "CHN")]
    options = {"country": "CAN", "flow": "export", "on": board(pairs, reporting, "export")}
    months = pd.to_datetime(["2024-01-01", "2024-03-01"])
    assert accounts(one, reporting, **options)["period"].drop_duplicates().tolist() == [months[0]]
    found = accounts(one, reporting, periods=months, **options)
    assert found["period"].drop_duplicates().tolist() == months.tolist()
    assert row_of(found, "2024-03", "all")["own_quantity_t"] == 0.0
    unasked = accounts(pairs, reporting, country="CAN", flow="export", periods=months[:1])
    assert unasked["period"].drop_duplicates().tolist() == [months[0]]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("flow", ["export", "import"])
def test_n_of_accounts_is_n_of_the_settled_standing(made, seed, flow):
    pairs, reporting, _ = made.world(seed, gaps=0.1)
    mirrored = ("A", "B", "Z")
    standing = settle(pairs, reporting, flow=flow, method="reverse", mirrored=mirrored).standing
    on = board(pairs, reporting, flow, mirrored)
    own = "exporter" if flow == "export" else "importer"
    named = ["partners_reporting", "partners"]
    for country in mirrored:
        wanted = standing.loc[standing["country"] == country, named].drop_duplicates()
        periods = on.periods[:1]
        rows = pairs[(pairs[own] == country) & pairs["period"].isin(periods)]
        found = accounts(rows, reporting, country=country, flow=flow, on=on, periods=periods)
        assert found[named].drop_duplicates().values.tolist() == wanted.values.tolist()


def test_a_board_of_something_else_is_refused(made):
    pairs, reporting = held_and_board(made)
    with pytest.raises(AimError, match="flow import"):
        accounts(pairs, reporting, country="CAN", flow="export", on=board(pairs, reporting, "import"))
    more, on = made.pairs({"e": "CAN", "i": "JPN", "x": 1.0}), board(pairs, reporting, "export")
    with pytest.raises(AimError, match="lacks partners"):
        accounts(more, reporting, country="CAN", flow="export", on=on)


def test_asymmetry_by_hand(made):
    pairs = made.pairs(
        {"e": "CAN", "i": "USA", "t": "2024-01", "x": 100.0, "m": 50.0},
        {"e": "CAN", "i": "USA", "t": "2024-02", "x": 50.0, "m": 100.0},
        {"e": "CAN", "i": "USA", "t": "2024-03", "x": 70.0},
        {"e": "CAN", "i": "DEU", "t": "2024-01", "x": 10.0, "m": 0.0},
    )
    found = asymmetry(pairs).set_index("importer")
    usa, germany = found.loc["USA"], found.loc["DEU"]
    assert (usa["periods"], usa["x_quantity_t"], usa["asymmetry"]) == (2, 150.0, 0.0)
    assert usa["asymmetry_by_period"] == pytest.approx(2 * 100 / 300)
    assert (usa["lag"], usa["asymmetry_lagged"]) == (0, usa["asymmetry_by_period"])
    assert germany["asymmetry"] == 2.0
    assert asymmetry(pairs, by=("exporter",))["asymmetry"].tolist() == [pytest.approx(2 * 10 / 310)]
    assert asymmetry(pairs.iloc[:0]).empty


def test_a_shipment_that_arrives_a_month_later_is_no_asymmetry_once_lagged(made):
    sent = [100.0, 300, 50, 700, 20, 90, 400, 10, 250, 60, 500, 30, 120, 80]
    arrived = [5.0, *sent[:-1]]
    flows = [
        {"e": "CAN", "i": i, "t": t, "x": x, "m": m}
        for i in ("USA", "DEU")
        for t, x, m in zip(MONTHS, sent, arrived if i == "USA" else sent, strict=True)
    ]
    found = asymmetry(made.pairs(*flows)).set_index("importer")
    assert found["lag"].to_dict() == {"DEU": 0, "USA": 1}
    assert found["asymmetry_lagged"].tolist() == [0.0, 0.0]
    assert found.loc["USA", "asymmetry_by_period"] > 1
    assert found["correlation"].tolist() == pytest.approx([1.0, 1.0])
    # Eleven common months at lag 1 are too few, twelve at lag 0 choose no lag.
    short = made.pairs(*[flow for flow in flows if flow["i"] == "USA"][:12])
    assert asymmetry(short)["lag"].item() == 0


def test_noise_chooses_no_lag(made):
    """Accounts that have nothing to do with each other: some lag correlates best, and stays below a half."""
    draw = np.random.default_rng(3)
    flows = [
        {"e": f"E{e}", "i": "USA", "t": t, "x": float(draw.uniform(10, 20)), "m": float(draw.uniform(10, 20))}
        for e in range(40)
        for t in MONTHS
    ]
    pairs = made.pairs(*flows)
    found, naive = asymmetry(pairs), _lagged_by_correlation_alone(pairs)
    weak = naive[(naive["lag"] > 0) & (naive["correlation"] < LEAST_CORRELATION)].index
    assert len(weak) > 10
    kept = found.set_index("exporter").loc[weak]
    unlagged = kept[kept["lag"] == 0]
    assert (unlagged["asymmetry_lagged"] == unlagged["asymmetry_by_period"]).all()
    # A weak lag leaves zero, or another one only if that is strong, which the highest of them was not.
    assert (kept["lag"] == 0).all()


def _lagged_by_correlation_alone(pairs):
    rows = []
    for exporter, of in pairs.groupby("exporter"):
        x, m = of["x_quantity_t"].to_numpy(), of["m_quantity_t"].to_numpy()
        correlations = [np.corrcoef(x[: len(x) - lag], m[lag:])[0, 1] for lag in (0, 1, 2)]
        rows.append((exporter, int(np.argmax(correlations)), max(correlations)))
    return pd.DataFrame(rows, columns=["exporter", "lag", "correlation"]).set_index("exporter")


def test_a_lag_that_brings_the_accounts_no_closer_is_not_chosen(made):
    """The importer's account follows a month later, at a tenth of the level: moved back it is no closer."""
    sent = [100.0, 110, 90, 120, 80, 130, 70, 140, 60, 150, 50, 160, 40, 60]
    flows = [
        {"e": "CAN", "i": "USA", "t": t, "x": x, "m": m}
        for t, x, m in zip(MONTHS, sent, [1000.0, *(value / 10 for value in sent[:-1])], strict=True)
    ]
    found = asymmetry(made.pairs(*flows[1:])).iloc[0]
    assert found["asymmetry_by_period"] < 2 * (1 - 0.1) / (1 + 0.1)
    assert found["lag"] == 0
    assert found["asymmetry_lagged"] == found["asymmetry_by_period"]
    lagged = asymmetry(made.pairs(*flows[1:]), lags=(1,)).iloc[0]
    assert (lagged["lag"], lagged["asymmetry_lagged"]) == (0, found["asymmetry_by_period"])
    assert math.isnan(lagged["correlation"])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("moved", [False, True])
def test_asymmetry_as_worked_out_pair_by_pair(made, seed, moved):
    pairs, _, _ = made.world(seed, gaps=0.05, countries="ABC", periods=tuple(MONTHS))
    if moved:
        pairs["m_quantity_t"] = pairs.groupby(["exporter", "importer", "product"])["m_quantity_t"].shift()
    found = asymmetry(pairs)
    told = pairs.dropna(subset=["x_quantity_t", "m_quantity_t"])
    assert len(found) == len(told[["exporter", "importer", "product"]].drop_duplicates())
    for row in found.itertuples():
        of = told[
            (told["exporter"] == row.exporter) & (told["importer"] == row.importer) & (told["product"] == row.product)
        ]
        x, m = of.set_index("period")["x_quantity_t"], of.set_index("period")["m_quantity_t"]
        best = (-2.0, 0, _index(x, m))
        unlagged = best[2]
        for lag in (0, 1, 2):
            joined = pd.concat([x, m.set_axis(m.index - pd.DateOffset(months=lag))], axis=1, join="inner")
            if len(joined) >= 12:
                correlation = np.corrcoef(joined.iloc[:, 0], joined.iloc[:, 1])[0, 1]
                index = _index(*joined.T.to_numpy())
                if lag == 0 or (correlation >= 0.5 and index < unlagged):
                    best = max(best, (correlation, lag, index), key=lambda kept: kept[0])
        assert row.lag == best[1]
        assert row.asymmetry_lagged == pytest.approx(best[2])
        assert row.asymmetry_by_period == pytest.approx(_index(x, m))


def _index(x, m):
    return 2 * np.abs(x - m).sum() / (x + m).sum()


def test_the_factor_is_found_again(made):
    draw = np.random.default_rng(7)
    flows = [
        {"e": e, "i": "DEU", "t": t, "x": x, "m": x * float(draw.uniform(0.8, 1.2))}
        for e in ("CAN", "NOR", "ISL", "IND")
        for t in MONTHS
        for x in draw.uniform(20, 900, 4).tolist()
    ]
    for flow in flows:
        flow["cif"] = flow["m"] * 2000 * 1.05 * float(np.exp(draw.normal(0, 0.02)))
    noise = [
        {"e": "CAN", "i": "AUS", "x": 100.0, "m": 100.0, "fob": 999_000.0},  # an FOB importer
        {"e": "CAN", "i": "DEU", "x": 1.9, "m": 2.5, "cif": 90_000.0},  # too small
        {"e": "CAN", "i": "DEU", "x": 50.0, "m": 50.0, "cif": 9e9},  # trimmed
    ]
    factor = estimate_factor(made.pairs(*flows, *noise))
    assert factor.value == pytest.approx(1.05, abs=0.004)
    assert 1.0 <= factor.low < factor.value < factor.high < 1.06
    assert (factor.exporters, factor.floored) == (4, False)
    assert factor.flows == pytest.approx(0.9 * (len(flows) + 1), abs=2)


def test_the_factor_and_its_interval_by_hand(made):
    """Two flows of CAN with ln ratio 0 and weight 1, two of ISL with 0.1 and weight 1/2.

    Mean 0.1 / 3; sums of weighted distances -+ 0.2 / 3; error sqrt(2 * 2 * (0.2 / 3)^2) / 3 = 0.4 / 9.
    """
    flows = [{"e": "CAN", "i": "DEU", "t": t, "x": 10.0, "m": 10.0, "cif": 20_000.0} for t in MONTHS[:2]]
    high = 2000 * 20 * math.exp(0.1)
    flows += [{"e": "ISL", "i": "DEU", "t": t, "x": 10.0, "m": 20.0, "cif": high} for t in MONTHS[:2]]
    factor = estimate_factor(made.pairs(*flows))
    assert factor.value == pytest.approx(math.exp(0.1 / 3))
    assert factor.high == pytest.approx(math.exp(0.1 / 3 + 1.96 * 0.4 / 9))
    assert (factor.low, factor.flows, factor.exporters, factor.floored) == (1.0, 4, 2, False)


def test_a_factor_below_one_is_floored_and_says_so(made):
    factor = estimate_factor(made.pairs({"e": "CAN", "i": "DEU", "x": 10.0, "m": 10.0, "cif": 19_000.0}))
    assert (factor.value, factor.floored, factor.exporters) == (1.0, True, 1)
    with pytest.raises(AimError, match="No CIF/FOB factor"):
        estimate_factor(made.pairs({"e": "CAN", "i": "DEU", "x": 10.0}))


def test_the_band_is_wide_only_where_a_cif_account_is_used(made):
    pairs = made.pairs({"e": "CAN", "i": "USA", "x": 100.0, "m": 90.0}, {"e": "RUS", "i": "DEU", "m": 50.0})
    band = factor_band(pairs, made.reporting(ALL), flow="export", method="reverse", mirrored=("RUS",)).set_index(
        "country"
    )
    assert band.loc["CAN", ["fob_value_usd_low", "fob_value_usd_high"]].tolist() == [200_000.0] * 2
    assert band.loc["RUS", "fob_value_usd_low"] == pytest.approx(106_000 / 1.08)
    assert band.loc["RUS", "fob_value_usd_central"] == pytest.approx(100_000)
    assert band.loc["RUS", "fob_value_usd_high"] == pytest.approx(106_000)
    assert set(FACTOR_SOURCES) == set(FACTORS)


@pytest.mark.parametrize(("central", "at", "highest"), [(None, 1.06, 1.08), (1.08, 1.08, 1.08), (1.153, 1.153, 1.153)])
def test_the_center_of_the_band_is_the_factor_in_use(made, central, at, highest):
    pairs = made.pairs({"e": "RUS", "i": "DEU", "m": 50.0})
    options = {"flow": "export", "method": "reverse", "mirrored": ("RUS",), "central": central}
    row = factor_band(pairs, made.reporting(ALL), **options).set_index("country").loc["RUS"]
    assert row[["factor_low", "factor_central", "factor_high"]].tolist() == [1.0, at, highest]
    assert row["fob_value_usd_central"] == pytest.approx(106_000 / at)
    assert row["fob_value_usd_low"] == pytest.approx(106_000 / highest)


def test_trade_with_partners_that_do_not_report_is_invisible(made):
    told = ALL | {("RUS", "export"): ("2024-01",), ("ARE", "import"): False, ("CHN", "import"): ("2024-01", "2024-02")}
    pairs = made.pairs(
        {"e": "RUS", "i": "DEU", "x": 60.0, "m": 60.0},
        {"e": "RUS", "i": "ARE", "x": 30.0},
        {"e": "RUS", "i": "CHN", "x": 10.0, "m": 10.0},
        {"e": "CAN", "i": "VNM", "x": 1.0},
    )
    options = {"flow": "export", "method": "reverse", "mirrored": ("RUS", "CAN")}
    found = invisible(pairs, made.reporting(told), **options).set_index("country")
    assert found.loc["RUS", ["periods_reported", "periods", "partners_invisible"]].tolist() == [1, 3, 3]
    assert found.loc["RUS", "invisible"] == "ARE CHN VNM"
    assert found.loc["RUS", "share_then"] == pytest.approx(0.4)
    assert found.loc["CAN", "invisible"] == "ARE CHN RUS VNM"
    assert math.isnan(found.loc["VNM", "share_then"])
    assert "USA" not in found.index


def test_errors_against_the_truth_by_hand(made):
    pairs = made.pairs(
        {"e": "CAN", "i": "USA", "x": 100.0, "m": 90.0},
        {"e": "CAN", "i": "DEU", "x": 40.0, "m": 50.0},
        {"e": "RUS", "i": "DEU", "m": 50.0},
    )
    truth = pd.DataFrame(
        [("CAN", "USA", 90.0), ("CAN", "DEU", 50.0), ("RUS", "DEU", 50.0), ("RUS", "ARE", 10.0)],
        columns=["exporter", "importer", "quantity_t"],
    ).assign(product="unwrought", period=pd.Timestamp("2024-01-01"))
    truth["fob_value_usd"] = truth["quantity_t"] * 2000
    options = {"flow": "export", "factor": 1.06}
    told = made.reporting(ALL)
    found = errors_against(
        truth,
        {
            "reported": settle(pairs, told, method="reported", **options),
            "reverse": settle(pairs, told, method="reverse", mirrored=("RUS",), **options).flows,
        },
    ).set_index("method")
    assert found.loc["reported", "total_error_quantity"] == pytest.approx(60 / 200)
    assert found.loc["reverse", "total_error_quantity"] == pytest.approx(10 / 200)
    assert found.loc["reverse", "pair_error_quantity"] == pytest.approx(30 / 200)
    assert found.loc["reverse", "flow_error_value"] == pytest.approx(30 / 200)
    assert found["share_invisible"].tolist() == pytest.approx([60 / 200, 10 / 200])
    russia = errors_against(truth, settle(pairs, told, method="reverse", mirrored=("RUS",), **options), among=("RUS",))
    assert russia[["method", "total_error_quantity"]].values.tolist() == [["", pytest.approx(10 / 60)]]
