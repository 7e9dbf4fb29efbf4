"""The inputs of the P1020 duty out of a store: which series were used, in which unit, and what is missing."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from aimlib.errors import AimError
from aimlib.ingest.prices import load_prices
from aimlib.ingest.read_p1020 import COLUMNS, read_p1020
from aimlib.store import Store, resolve_store

TODAY = date(2026, 11, 21)
CASH = "date,lme_cash\n2025-06-03,2455.0\n2025-06-04,2460.5\n"
PREMIUM = "date,MMAKE00\n2025-06-03,40.1\n2025-06-04,58.25\n"
PRICE = "date,MMAAF10\n2025-06-03,151.4\n2025-06-04,169.8\n"
FREIGHT = "date,AFLSA00\n2025-06-03,66.0\n2025-06-04,66.5\n"
PARTS = (
    "date,Inland freight ($/mt),Sea freight ($/mt),Loading and unloading ($/mt)\n"
    "2025-06-03,44,13,9\n2025-06-04,44,14,9\n"
)
GULF = "date,CIF New Orleans duty-unpaid premium ($/mt)\n2025-06-03,180\n"
K = 22.0462


@pytest.fixture
def load(tmp_path):
    """Load texts, each as a file of its own, and read the inputs back."""

    def run(*texts, known_on=date(2026, 6, 30), **options):
        for at, text in enumerate(texts):
            path = tmp_path / f"{at}-{known_on}.csv"
            path.write_text(text)
            report = load_prices(tmp_path / "store", [path], known_on=known_on, today=TODAY)
            assert report.rows_rejected == 0
        return read_p1020(Store.open(tmp_path / "store"), **options)

    return run


def test_the_transaction_price_and_the_factor_come_first(load):
    found = load(CASH, PREMIUM, PRICE, FREIGHT, PARTS, GULF)
    assert found.frequency == "daily"
    assert found.missing == ()
    rows = found.rows.set_index(found.rows["day"].dt.strftime("%m-%d"))
    assert rows["mwtp_c_lb"].tolist() == [151.4, 169.8]  # as given
    assert rows["premium_c_lb"].tolist() == [40.1, 58.25]
    assert rows["freight_c_lb"].tolist() == pytest.approx([66 / K, 66.5 / K])
    assert rows["lme_c_lb"].tolist() == pytest.approx([2455 / K, 2460.5 / K])
    assert rows.loc["06-03", "cif_new_orleans_c_lb"] == pytest.approx(180 / K)
    assert pd.isna(rows.loc["06-04", "cif_new_orleans_c_lb"])
    assert set(rows["price_from"]) == {"midwest_transaction_price"}
    assert set(rows["freight_from"]) == {"freight_factor"}
    titles = {source["title"] for source in found.sources}
    assert len(titles) == 5  # the parts of the freight stand in no figure
    assert not any("part" in title for title in titles)
    assert all(source["blocks_sha256"] and source["known_on"] == date(2026, 6, 30) for source in found.sources)


def test_without_them_the_price_is_cash_and_premium_and_the_freight_its_parts(load):
    found = load(CASH, PREMIUM, PARTS)
    assert found.rows["mwtp_c_lb"].tolist() == pytest.approx([2455 / K + 40.1, 2460.5 / K + 58.25])
    assert found.rows["freight_c_lb"].tolist() == pytest.approx([66 / K, 67 / K])
    assert set(found.rows["price_from"]) == {"lme_cash + midwest_premium"}
    assert set(found.rows["freight_from"]) == {"freight_inland + freight_sea + freight_handling"}
    assert len(found.sources) == 5
    assert len(found.missing) == 1
    assert "CIF New Orleans" in found.missing[0]


def test_each_day_says_where_its_figures_are_from(load):
    found = load(
        CASH, PREMIUM, PRICE.replace("2025-06-03,151.4\n", ""), FREIGHT.replace("2025-06-03,66.0\n", ""), PARTS
    )
    assert found.rows["price_from"].tolist() == ["lme_cash + midwest_premium", "midwest_transaction_price"]
    assert found.rows["freight_from"].tolist() == [
        "freight_inland + freight_sea + freight_handling",
        "freight_factor",
    ]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ((), "no Midwest transaction price"),
        ((PREMIUM, FREIGHT), "no Midwest transaction price"),
        ((CASH, FREIGHT), "not both an LME cash price and a premium"),
        ((CASH, PREMIUM), "no freight factor"),
        ((CASH, PREMIUM, "date,freight_sea ($/mt)\n2025-06-03,13\n"), "not all of its parts"),
        ((PRICE, "date,AFLSA00\n2025-05-01,66.0\n"), "no day with both a price and a freight"),
    ],
)
def test_what_is_missing_is_said(load, texts, told):
    found = load(*texts, frequency="daily")
    assert found.rows.empty
    assert list(found.rows.columns[: len(COLUMNS)]) == list(COLUMNS)
    assert told in found.missing[0]
    assert found.sources == ()
    with pytest.raises(AimError, match=told) as error:
        found.required()
    assert "aim load prices" in error.value.advice


def test_a_price_alone_makes_a_duty_without_a_duty_unpaid_premium(load):
    found = load(PRICE, FREIGHT).required()
    assert len(found.rows) == 2
    assert found.rows["premium_c_lb"].isna().all()
    assert ["no Midwest premium" in text for text in found.missing] == [True, False]


def test_a_freight_given_by_hand_is_named_so(load):
    found = load(PRICE, FREIGHT.replace("2025-06-03,66.0\n", ""), freight_c_lb=3.0)
    assert found.rows["freight_c_lb"].tolist() == pytest.approx([3.0, 66.5 / K])
    assert found.rows["freight_from"].tolist() == ["given", "freight_factor"]


def test_as_of_gives_what_was_known(load):
    load(PRICE, FREIGHT, known_on=date(2025, 6, 30))
    now = load(PRICE.replace("151.4", "152.0"))
    assert now.rows["mwtp_c_lb"].tolist() == [152.0, 169.8]
    assert load(as_of=date(2025, 7, 1)).rows["mwtp_c_lb"].tolist() == [151.4, 169.8]
    assert load(as_of=date(2025, 6, 1)).rows.empty


def test_monthly_figures_where_days_are_not_held(load):
    days = pd.bdate_range("2025-06-01", "2025-07-10")
    cash = "date,lme_cash\n" + "".join(f"{day:%Y-%m-%d},{2400 + at}\n" for at, day in enumerate(days))
    june = np.mean([2400 + at for at, day in enumerate(days) if day.month == 6])
    found = load(
        cash,
        "month,MMAKE03\n2025-05,40\n2025-06,55\n2025-07,60\n",
        "month,AFLSB03\n2025-05,3\n2025-06,3.1\n2025-07,3\n",
    )
    assert found.frequency == "monthly"
    assert found.rows["day"].tolist() == [pd.Timestamp(2025, 6, 1)]  # July is not whole, of May no cash is held
    assert found.rows["mwtp_c_lb"].tolist() == pytest.approx([june / K + 55])
    assert found.rows["freight_c_lb"].tolist() == [3.1]
    daily = load(frequency="daily")
    assert daily.rows.empty
    with pytest.raises(AimError, match="'weekly' is no frequency"):
        load(frequency="weekly")


def test_the_sample_has_all_of_it_by_day(sample_store):
    found = read_p1020(resolve_store(sample_store)).required()
    assert (found.frequency, found.missing) == ("daily", ())
    rows = found.rows
    assert (rows["day"].min(), rows["day"].max()) == (pd.Timestamp(2025, 1, 1), pd.Timestamp(2026, 10, 30))
    assert rows[list(COLUMNS)].notna().all().all()
    assert (rows["mwtp_c_lb"] - rows["lme_c_lb"] - rows["premium_c_lb"]).abs().max() < 1e-9
    assert all(source["sample"] for source in found.sources)


def test_the_sample_makes_a_plausible_series(sample_store):
    from aimlib.analysis.premium.beside import new_orleans_gap
    from aimlib.analysis.premium.daily import daily_series

    found = daily_series(read_p1020(resolve_store(sample_store)).rows)
    assert found["is_changeover"].sum() == 2
    assert found["duty_unpaid_premium_c_lb"].between(-5, 40).all()
    assert new_orleans_gap(found)["gap_c_lb"].abs().median() < 10
