"""Countries of which too many partners are left out: small worlds with figures worked by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from aimlib.analysis.mirror import settle, without_thin
from aimlib.errors import AimError

EVERYWHERE = {(country, flow): True for country in ("CAN", "DEU") for flow in ("export", "import")}
LATE = ("2024-01", "2024-02")
TOLD = EVERYWHERE | {("CHN", "import"): LATE, ("IND", "import"): LATE}
REVERSE = {"flow": "export", "method": "reverse"}


def russia(made):
    """Partners told of 200 t of Russia: DEU, always there, 100; CHN 60 and IND 40, which lack March."""
    return made.pairs(
        *[{"e": "RUS", "i": "DEU", "t": t, "m": 50.0} for t in ("2024-01", "2024-03")],
        *[{"e": "RUS", "i": "CHN", "t": t, "m": 30.0} for t in LATE],
        {"e": "RUS", "i": "IND", "t": "2024-01", "m": 40.0},
        {"e": "CAN", "i": "CHN", "t": "2024-01", "x": 500.0, "m": 500.0},
        {"e": "CAN", "i": "DEU", "t": "2024-02", "x": 10.0, "m": 10.0},
    )


def words(settled, country="RUS"):
    return settled.standing.loc[settled.standing["country"] == country, "standing"].tolist()


@pytest.mark.parametrize(("most", "thin"), [(0.05, True), (0.499, True), (0.5, False), (0.6, False)])
def test_a_country_is_thin_above_the_threshold(made, most, thin):
    settled = settle(russia(made), made.reporting(TOLD), mirrored=("RUS",), **REVERSE)
    found, who = without_thin(settled, most)
    assert words(found) == ["missing" if thin else "mirror"] * 3
    wanted = [["RUS", 0.5, "CHN IND"]] if thin else []
    assert who.values.tolist() == wanted
    assert who.columns.tolist() == ["country", "share_left_out", "left_out"]


def test_all_else_stays_as_it_was(made):
    settled = settle(russia(made), made.reporting(TOLD), mirrored=("RUS",), **REVERSE)
    found, _ = without_thin(settled)
    for name in ("flows", "left_out", "counted", "reliability"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(settled, name))
    pd.testing.assert_frame_equal(
        found.standing.drop(columns="standing"), settled.standing.drop(columns="standing"), check_exact=True
    )
    assert found.standing.dtypes.equals(settled.standing.dtypes)
    # What was given is not changed.
    assert words(settled) == ["mirror"] * 3


def test_who_reports_itself_is_not_touched(made):
    """Canada's partner CHN, half a thousand tons, is late too: Canada's own account does not need it."""
    settled = settle(russia(made), made.reporting(TOLD), mirrored=("RUS",), **REVERSE)
    assert words(without_thin(settled, 0.0)[0], "CAN") == ["reported"] * 3
    for method in ("better", "weighted"):
        found, who = without_thin(settle(russia(made), made.reporting(TOLD), flow="export", method=method), 0.0)
        assert words(found, "CAN") == ["both"] * 3
        assert who["country"].tolist() == ["RUS"]


def test_a_spliced_series_loses_only_its_mirrored_part_and_with_it_the_break(made):
    """Of February and March partners told of 50 + 30 t: left out are CHN's 30, January's 70 have no part in it."""
    told = TOLD | {("RUS", "export"): ("2024-01",)}
    pairs = russia(made)
    january = (pairs["exporter"] == "RUS") & (pairs["period"] == pd.Timestamp("2024-01-01"))
    pairs.loc[january, "x_reported"] = True
    pairs.loc[january, "x_quantity_t"] = 1000.0
    settled = settle(pairs, made.reporting(told), mirrored=("RUS",), splice=True, **REVERSE)
    assert words(settled) == ["reported", "mirror", "mirror"]
    assert len(settled.breaks) == 1
    found, who = without_thin(settled, 0.37)
    assert words(found) == ["reported", "missing", "missing"]
    assert found.breaks.empty
    assert who.values.tolist() == [["RUS", 0.375, "CHN"]]
    unchanged, nobody = without_thin(settled, 0.375)
    assert words(unchanged) == words(settled)
    assert nobody.empty


def test_imports_are_built_from_the_exports_of_partners(made):
    told = EVERYWHERE | {("CHN", "export"): LATE}
    pairs = made.pairs(
        {"e": "DEU", "i": "VNM", "x": 90.0},
        {"e": "CHN", "i": "VNM", "x": 10.0},
        {"e": "CHN", "i": "VNM", "t": "2024-02", "x": float("nan"), "x_usd": 7e6},
    )
    settled = settle(pairs, made.reporting(told), flow="import", method="reverse", mirrored=("VNM",))
    assert without_thin(settled)[1].values.tolist() == [["VNM", 0.1, "CHN"]]
    assert words(without_thin(settled, 0.1)[0], "VNM") == ["mirror"] * 3


def test_several_thin_countries_are_in_order_and_a_silent_late_partner_is_none(made):
    pairs = made.pairs(
        {"e": "RUS", "i": "CHN", "m": 5.0},
        {"e": "RUS", "i": "IND", "m": 7.0},
        {"e": "IRN", "i": "IND", "m": 1.0},
        {"e": "KAZ", "i": "CHN", "m": 0.0},
        {"e": "KAZ", "i": "DEU", "m": 1.0},
    )
    mirrored = ("RUS", "IRN", "KAZ")
    found, who = without_thin(settle(pairs, made.reporting(TOLD), mirrored=mirrored, **REVERSE), 0.0)
    assert who.values.tolist() == [["IRN", 1.0, "IND"], ["RUS", 1.0, "IND CHN"]]
    assert words(found, "KAZ") == ["mirror"] * 3


def test_nothing_settled_has_nothing_thin(made):
    settled = settle(made.pairs(), made.reporting({}), flow="export", method="reverse")
    found, who = without_thin(settled)
    assert found.standing.empty
    assert who.empty
    with pytest.raises(AimError, match="between 0 and 1"):
        without_thin(settled, 5)
