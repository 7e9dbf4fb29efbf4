"""The sample's premiums by day: the published points, the sum that makes the transaction price, the same bytes."""

import hashlib
import io

import pandas as pd
import pytest

from aimlib.ingest.sample.price_files import daily_file, premium_file
from aimlib.ingest.sample.tables import read_tables


@pytest.fixture(scope="module")
def premiums() -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(premium_file()), index_col="date")


def test_the_transaction_price_is_cash_and_premium(premiums):
    cash = pd.read_csv(io.BytesIO(daily_file()), index_col="date")["lme_cash"]
    pd.testing.assert_series_equal(
        premiums["midwest_transaction_price_usd_t"], cash + premiums["midwest_premium_usd_t"], check_names=False
    )
    assert (premiums.dtypes == "int64").all()
    assert (premiums > 0).all().all()


@pytest.mark.parametrize("series", ["midwest_premium", "cif_new_orleans_premium"])
def test_on_the_day_of_a_point_the_premium_is_the_point(premiums, series):
    anchors = read_tables().premium_anchors.query(f"series == '{series}'").set_index("day")["premium_c_lb"]
    assert anchors.index.is_monotonic_increasing
    held = anchors.astype(float).loc[anchors.index.isin(premiums.index)]
    assert len(held) >= 3
    assert (premiums[f"{series}_usd_t"][held.index] - held * 22.0462).abs().max() <= 0.5
    assert anchors.index[0] <= premiums.index[0]
    assert anchors.index[-1] >= premiums.index[-1]


def test_the_press_point_of_november_2025_is_in(premiums):
    assert premiums.loc["2025-11-07", "midwest_premium_usd_t"] == 1942


def test_every_point_says_whether_it_is_published():
    anchors = read_tables().premium_anchors
    published = anchors[anchors["basis"] == "published"]
    assert set(anchors["basis"]) == {"published", "assumed"}
    assert (published["confidence"] == "sourced").all()
    assert (published["note"] != "").all()


def test_the_same_bytes_on_every_machine():
    body = premium_file()
    assert premium_file() == body
    assert hashlib.sha256(body).hexdigest() == "7b84df1f5291001d59d56a6a2178c93e35dd1334816abe731f6a4a9655d1e7d4"
