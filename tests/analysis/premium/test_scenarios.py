"""The choices of February 2025 side by side."""

import pandas as pd
import pytest

from aimlib.analysis.premium.formula import COLUMNS, p1020
from aimlib.analysis.premium.scenarios import by_origins, consultation, origin_parts
from aimlib.errors import AimError

ORIGINS = pd.DataFrame(
    {
        "origin": ["CAN", "ARE", "BHR"],
        "share": [0.84, 0.10, 0.04],  # 0.98 in all
        "rate": [0.35, 0.25, 0.25],
        "freight_c_lb": [3.0, 7.5, 8.0],
    }
)


def test_the_scenarios_with_their_numbers():
    found = consultation(140.0, 3.0, 24.0, ORIGINS).set_index("scenario")
    assert found["rate"].iloc[:2].tolist() == [0.10, 0.35]
    assert found.loc["keep_section_232", "duty_c_lb"] == pytest.approx(137 / 1.1 * 0.1)
    assert found.loc["with_ieepa", "duty_c_lb"] == pytest.approx(137 / 1.35 * 0.35)
    duty = sum(row.share / 0.98 * row.rate * (140 - row.freight_c_lb) / (1 + row.rate) for row in ORIGINS.itertuples())
    other = found.loc["other_origins"]
    assert other["duty_c_lb"] == pytest.approx(duty)
    assert other["duty_unpaid_fob_c_lb"] * other["rate"] == pytest.approx(duty)
    assert other["duty_unpaid_premium_c_lb"] == pytest.approx(24 - duty)
    assert found["duty_against_kept_c_lb"].tolist() == pytest.approx(
        [0, 137 / 1.35 * 0.35 - 137 / 1.1 * 0.1, duty - 137 / 1.1 * 0.1]
    )
    assert len(consultation(140.0, 3.0)) == 2


def test_one_origin_is_the_formula_itself():
    one = pd.DataFrame({"origin": ["CAN"], "share": [85], "rate": [0.5], "freight_c_lb": [3.0]})
    assert by_origins(160.0, one, 60.0) == pytest.approx(p1020(160.0, 3.0, 0.5, 60.0))
    series = pd.DataFrame(by_origins(pd.Series([160.0, 170.0]), one))
    assert series["duty_c_lb"].tolist() == pytest.approx([157 / 3, 167 / 3])
    assert set(series) == set(COLUMNS)


def test_shares_are_brought_to_one():
    assert origin_parts(ORIGINS)["share"].sum() == pytest.approx(1)
    doubled = ORIGINS.assign(share=ORIGINS["share"] * 200)
    assert by_origins(140.0, doubled)["duty_c_lb"] == pytest.approx(by_origins(140.0, ORIGINS)["duty_c_lb"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"share": [1, 0, 1]}, "share of ARE is 0"),
        ({"share": [1, 1, -0.1]}, "share of BHR is -0.1"),
        ({"share": [1, 1, None]}, "share of BHR is 'nan'"),
        ({"rate": [35, 0.1, 0.1]}, "fraction: 0.35"),
        ({"freight_c_lb": [3, 150, 1]}, "freight of ARE is above"),
        ({"freight_c_lb": [3, -1, 1]}, "freight of ARE is '-1.0'|freight of ARE is '-1'"),
        ({"origin": ["CAN", "CAN", "BHR"]}, "CAN is given twice"),
    ],
)
def test_origins_that_cannot_be(change, told):
    with pytest.raises(AimError, match=told):
        by_origins(140.0, ORIGINS.assign(**change))


def test_no_origins():
    with pytest.raises(AimError, match="No origin"):
        by_origins(140.0, ORIGINS.head(0))
    with pytest.raises(AimError, match="no column rate"):
        by_origins(140.0, ORIGINS.drop(columns="rate"))
