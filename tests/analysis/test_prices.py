"""Two accounts of a month's price, and the real files compared; plain pandas is the second road."""

from datetime import date

import pandas as pd
import pytest
from places import REAL

from aimlib.analysis.prices import by_month, compare_monthly

FOLDER = REAL / "prices"
LME = FOLDER / "lme_aluminium_daily_westmetall.csv"
PINK = FOLDER / "CMO-Historical-Data-Monthly.xlsx"
FRED = FOLDER / "fred_aluminum_monthly_date_value.csv"
TODAY = date(2026, 11, 21)


def monthly(prices, **changes):
    months = pd.date_range("2024-01-01", periods=len(prices), freq="MS")
    return pd.DataFrame({"month": months, "price_usd_t": prices, "complete": True} | changes)


def test_gaps_and_what_is_noted():
    found = compare_monthly(monthly([101.0, 100.0, 100.5, 99.0]), monthly([100.0, 100.0, 100.0]))
    assert found.months["gap"].round(6).tolist() == [0.01, 0.0, 0.005]
    assert (round(found.median, 6), round(found.largest, 6)) == (0.005, 0.01)
    assert found.largest_month == pd.Timestamp("2024-01-01")
    assert list(found.noted["month"]) == [pd.Timestamp("2024-01-01")]  # half a percent is not above it


def test_incomplete_months_are_left_out_and_named():
    found = compare_monthly(monthly([200.0, 100.0], complete=[False, True]), monthly([100.0, 100.0]))
    assert (found.largest, found.left_out) == (0.0, (pd.Timestamp("2024-01-01"),))


def test_nothing_in_common_is_blank():
    found = compare_monthly(monthly([]), monthly([100.0]))
    assert found.largest_month is None
    assert found.months.empty
    assert pd.isna(found.median)


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    from aimlib.ingest.prices import load_prices
    from aimlib.ingest.read_prices import read_prices
    from aimlib.store import Store

    if not LME.exists():
        pytest.skip("the shared real files are not here")
    root = tmp_path_factory.mktemp("prices")
    reports = [load_prices(root, [path], today=TODAY) for path in (LME, PINK)]
    reports.append(load_prices(root, [FRED], series="imf_aluminum", today=TODAY))
    store = Store.open(root)
    pairs = {"lme_cash": "daily", "world_bank_aluminum": "monthly", "imf_aluminum": "monthly"}
    return reports, store, {key: by_month(read_prices(store, key, pace), pace) for key, pace in pairs.items()}


@pytest.mark.shared
def test_the_real_files_go_in_whole(real):
    reports, _, _ = real
    assert [[(table.concept, table.rows) for table in report.tables] for report in reports] == [
        [("lme_cash", 4711), ("lme_three_month", 4630)],
        [("world_bank_aluminum", 797)],
        [("imf_aluminum", 318)],
    ]
    assert reports[0].reasons == (  # the Saturday repeats the Friday before it
        "lme_aluminium_daily_westmetall.csv row 220: lme_cash: 2008-11-08 is a Saturday or Sunday, on which nothing is "
        "priced",
        "lme_aluminium_daily_westmetall.csv row 220: lme_three_month: 2008-11-08 is a Saturday or Sunday, on which "
        "nothing is priced",
    )
    assert "lme_three_month has no figure on 81 of 4,712 dates." in reports[0].warnings
    assert reports[1].known_on == date(2026, 6, 2)
    assert not reports[1].rows_rejected


@pytest.mark.shared
@pytest.mark.parametrize(
    ("key", "months", "median", "largest", "noted"),
    [("imf_aluminum", 222, 0.0017, 0.0113, 18), ("world_bank_aluminum", 221, 0.0011, 0.0113, 13)],
)
def test_the_months_of_the_real_files_agree(real, key, months, median, largest, noted):
    _, _, series = real
    found = compare_monthly(series["lme_cash"], series[key])
    assert (len(found.months), round(found.median, 4), round(found.largest, 4)) == (months, median, largest)
    assert (found.largest_month, len(found.noted)) == (pd.Timestamp("2022-03-01"), noted)
    assert found.left_out == ()


@pytest.mark.shared
def test_the_real_months_by_plain_pandas(real):
    _, _, series = real
    days = pd.read_csv(LME, parse_dates=["date"])
    days = days[days["date"].dt.day_of_week < 5]
    means = days.groupby(days["date"].dt.strftime("%Y-%m"))["cash_settlement"].mean()
    held = series["lme_cash"].assign(month=series["lme_cash"]["month"].dt.strftime("%Y-%m")).set_index("month")
    assert held["price_usd_t"].to_dict() == pytest.approx(means.to_dict())
    assert list(held.index[~held["complete"]]) == ["2026-08"]
    fred = pd.read_csv(FRED).set_index("date")["value"]
    assert series["imf_aluminum"]["price_usd_t"].tolist() == pytest.approx(fred.tolist())


@pytest.mark.shared
def test_the_command_prints_the_comparison(real, monkeypatch, capsys):
    from aimlib.cli.prices import prices

    _, store, _ = real
    monkeypatch.setenv("AIM_STORE", str(store.root))
    prices()
    printed = capsys.readouterr().out
    assert "against imf_aluminum, 222 months: median gap 0.17%, largest 1.13% (2022-03)." in printed
    assert "  2022-03   3,537.85   3,498.37  +1.13%" in printed
