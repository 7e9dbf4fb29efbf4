"""Price files into a store: each shape, what is converted, what is set apart, what is refused whole."""

from datetime import date

import pandas as pd
import pytest
from openpyxl import Workbook

from aimlib.errors import AimError
from aimlib.ingest.prices import load_prices
from aimlib.ingest.read_prices import held_series, monthly_means, monthly_price, read_prices
from aimlib.store import Store

TODAY = date(2026, 11, 21)
LME = "date,cash_settlement,three_month,lme_stock\n2024-01-02,2335.0,2300.0,549050\n2024-01-03,2240.0,,549025\n"
PINK = (
    "World Bank Commodity Price Data (The Pink Sheet)\nmonthly prices in nominal US dollars\n\n"
    "Updated on June 04 2024,,\n,Copper,Aluminum\n,($/mt),($/mt)\n"
    "2024M01,8300,2200.5\n2024M02,8310,…\n2024M03,8400,2250\n"
)


@pytest.fixture
def load(tmp_path):
    """Write texts (or bytes) to files and load them into a store of the test's own."""

    def run(*contents, **options):
        paths = []
        for at, content in enumerate(contents):
            path = tmp_path / f"prices{at}.csv"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            paths.append(path)
        return load_prices(tmp_path / "store", paths, **{"today": TODAY, "known_on": date(2024, 6, 30)} | options)

    run.root = tmp_path / "store"
    run.folder = tmp_path
    return run


def held(load, series, **options):
    return read_prices(Store.open(load.root), series, **options)


def test_the_daily_file_of_the_exchange(load):
    report = load(LME)
    assert [(table.concept, table.code_level, table.rows) for table in report.tables] == [
        ("lme_cash", "daily", 2),
        ("lme_three_month", "daily", 1),
    ]
    assert report.rows_rejected == 0
    assert any("lme_stock" in text for text in report.warnings)
    assert "lme_three_month has no figure on 1 of 2 dates." in report.warnings
    assert held(load, "lme_cash")["price_usd_t"].tolist() == [2335.0, 2240.0]
    assert set(held(load, "lme_cash")["unit_given"]) == {"USD/t"}


def test_the_pink_sheet_as_csv_takes_aluminum_alone_and_leaves_missing_out(load):
    load(PINK)
    prices = held(load, "world_bank_aluminum")
    assert prices["day"].dt.strftime("%Y-%m-%d").tolist() == ["2024-01-01", "2024-03-01"]
    assert prices["price_usd_t"].tolist() == [2200.5, 2250.0]
    assert list(held_series(Store.open(load.root))["series"]) == ["world_bank_aluminum"]


def pink_workbook(path, title="Monthly Prices", column="Aluminum"):
    book = Workbook()
    book.active.title = "AFOSHEET"
    sheet = book.create_sheet(title)
    rows = [["World Bank"], ["monthly"], [None], ["Updated on June 04, 2024"], [None, "Copper", column]]
    for row in [*rows, [None, "($/mt)", "($/mt)"], ["2024M01", 8300, 2200.5], ["2024M02", 8310, "…"]]:
        sheet.append(row)
    indices = book.create_sheet("Monthly Indices")
    for row in ([None, "Aluminum"], ["2024M01", 101.5]):
        indices.append(row)
    book.save(path)
    return path


def test_the_pink_sheet_states_when_it_was_known(load):
    report = load_prices(load.root, [pink_workbook(load.folder / "pink.xlsx")], today=TODAY)
    assert report.known_on == date(2024, 6, 4)
    assert held(load, "world_bank_aluminum")["price_usd_t"].tolist() == [2200.5]
    said = load_prices(load.root, [load.folder / "pink.xlsx"], today=TODAY, known_on=date(2024, 6, 5))
    assert said.known_on == date(2024, 6, 5)


@pytest.mark.parametrize(
    ("options", "told"),
    [({"title": "Annual Prices"}, "sheets are .*'Annual Prices'"), ({"column": "Zinc"}, "no column 'Aluminum'")],
)
def test_a_workbook_without_the_sheet_or_the_column(load, options, told):
    with pytest.raises(AimError, match=told):
        load_prices(load.root, [pink_workbook(load.folder / "pink.xlsx", **options)], today=TODAY)


@pytest.mark.parametrize("head", ["observation_date,PALUMUSDM", "DATE,PALUMUSDM"])
def test_the_files_of_fred(load, head):
    load(f"{head}\n2024-01-01,2200.123456789012\n2024-02-01,.\n2024-03-01,2230.5\n")
    prices = held(load, "imf_aluminum")
    assert prices["frequency"].unique().tolist() == ["monthly"]
    assert prices["price_usd_t"].tolist() == [2200.123456789012, 2230.5]


def test_exchange_rates_daily_and_monthly_do_not_mix(load):
    load("observation_date,DEXCHUS\n2024-01-02,7.14\n2024-01-03,7.15\n", "observation_date,EXCHUS\n2024-01-01,7.17\n")
    assert held(load, "usd_cny")["rate"].tolist() == [7.14, 7.15]
    assert held(load, "usd_cny", frequency="monthly")["rate"].tolist() == [7.17]
    assert held(load, "usd_cny")["price_usd_t"].isna().all()


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("date,midwest_premium_c_lb\n2024-01-02,19.5\n2024-01-03,19.6\n", {}),
        ("date,Midwest premium (USD/lb)\n2024-01-02,0.195\n2024-01-03,0.196\n", {}),
        ("date,value\n2024-01-02,19.5\n2024-01-03,19.6\n", {"series": "midwest_premium", "unit": "c/lb"}),
        ("date,assessed\n2024-01-02,19.5\n2024-01-03,19.6\n", {"series": "MMAKE00"}),
        ("date,MMAKE00\n2024-01-02,19.5\n2024-01-03,19.6\n", {}),
        ("date,midwest_premium\n,c/lb\n2024-01-02,19.5\n2024-01-03,19.6\n", {}),
        ("Date,Open,Close,Volume\n2024-01-02,1,0.195,9\n2024-01-03,1,0.196,9\n", {"series": "AUP=F"}),
        ("date,series,value,unit\n2024-01-02,MMAKE00,19.5,\n2024-01-03,midwest_premium,19.6,c/lb\n", {}),
    ],
)
def test_a_premium_is_converted_from_every_form_that_tells_its_unit(load, text, options):
    report = load(text, **options)
    prices = held(load, "midwest_premium")
    assert prices["price_usd_t"].round(4).tolist() == [round(19.5 * 22.0462262185, 4), round(19.6 * 22.0462262185, 4)]
    assert set(prices["unit_given"]) <= {"c/lb", "USD/lb"}
    assert any("is 432.11 USD/t" in text for text in report.warnings)


@pytest.mark.parametrize(
    ("text", "options", "told"),
    [
        ("date,midwest_premium\n2024-01-02,19.5\n2024-01-03,19.6\n", {}, "unit of midwest_premium is not told"),
        ("date,value\n2024-01-02,19.5\n", {"series": "midwest_premium"}, "unit of midwest_premium is not told"),
        ("date,midwest_premium_c_lb\n2024-01-02,19.5\n", {"unit": "USD/t"}, "told as USD/t and as c/lb"),
        ("date,midwest_premium ($/ton)\n2024-01-02,430\n", {}, "short ton"),
        ("date,usd_cny\n2024-01-02,7.1\n", {"unit": "c/lb"}, "cannot be the unit of usd_cny"),
        ("date,palladium\n2024-01-02,1000\n", {}, "'palladium' names no series .*2024-01-02, 1000"),
        ("date,value\n2024-01-02,2200\n", {}, "names no series that is known"),
        ("date,lme_cash\n2024-01-02,2200\n", {"series": "lme_tin"}, "No price series is called 'lme_tin'"),
        ("date,series,value,unit\n2024-01-02,palladium,10,c/lb\n", {}, "row 2 .2024-01-02, palladium"),
        ("date,cash_settlement,lme_cash\n2024-01-02,2200,2200\n", {}, "lme_cash in two columns"),
        ("date,lme_cash\n2024-01-02,2200\n2024-01-02,2201\n", {}, "row 2 and .* row 3 give 2200 and 2201"),
        ("date,lme_cash\n2024-01,2200\n2024-02-05,2201\n", {}, "days and months are mixed"),
        ("date,lme_cash\n2024-01-31,2200\n2024-02-29,2201\n", {}, "Say --frequency"),
        ("date,lme_cash\n2024-01-02,2200\n2024-01-03,2201\n", {"frequency": "monthly"}, "so it is not monthly"),
        ("date,lme_cash\n2024-01,2200\n", {"frequency": "daily"}, "so it is not daily"),
        ("date,lme_cash\n2024-01-02,2200\n", {"frequency": "weekly"}, "'weekly' is no frequency"),
        ("date,MMAKE04\n2024-01-05,19\n", {}, "MMAKE04 .a weekly average"),
        ("date,lme_cash\n1/2/2024,2200\n31/1/2024,2200\n", {}, "not month/day/year"),
        ("date,lme_cash\n2024-01-02,100\n2024-01-03,101\n", {}, "is the unit right"),
        ("date,lme_cash\n2024-01-02,\n", {}, "no price that can be used"),
        ("<html><body>Forbidden</body></html>", {}, "is a web page"),
        ("", {}, "is empty"),
        ("name,figure\na,1\n", {}, "no column of dates"),
        ("date,lme_cash\n", {}, "no rows below its header"),
        (b"\x00\x01\x02", {}, "is not text"),
        (b"PK\x03\x04 no workbook", {}, "damaged or locked"),
    ],
)
def test_what_stops_a_load_leaves_the_store_as_it_was(load, text, options, told):
    with pytest.raises(AimError, match=told):
        load(text, **options)
    assert Store.open(load.root).is_empty
    assert not list(load.root.rglob("*.csv"))


def test_rows_that_break_a_rule_are_set_apart_and_those_that_just_do_not_go_in(load):
    rows = {
        "2024-06-27,2500": "",
        "2024-06-28,500": "",  # the lowest plausible
        "2024-06-21,499.99": "is the unit right",
        "2024-06-20,abc": "'abc' is no number",
        "2024-06-31,2500": "is no date",
        "2024-06-29,2500": "Saturday or Sunday",
        "2024-07-01,2500": "is after 2024-06-30",
        "2024-06-19,": "",
        "2024-06-18,.": "",
        "2024-06-17,8000": "",
    }
    report = load("date,lme_cash\n" + "\n".join(rows) + "\n")
    assert report.exit_status == 1
    told = [text for text in rows.values() if text]
    assert len(report.reasons) == len(told)
    for text in told:
        assert sum(text in reason for reason in report.reasons) == 1, text
    assert held(load, "lme_cash")["price_usd_t"].tolist() == [8000, 2500, 500]
    written = pd.read_csv(report.rejects_file)
    assert list(written.columns[:3]) == ["file", "row", "reason"]
    assert len(written) == len(told)


@pytest.mark.parametrize(("month", "rejected"), [("2024-05", 0), ("2024-06", 1)])
def test_a_month_counts_once_it_has_ended(load, month, rejected):
    text = f"date,lme_cash\n2024-01,2200\n{month},2210\n"
    report = load(text, known_on=date(2024, 6, 29))
    assert report.rows_rejected == rejected


def test_a_day_in_the_future_is_refused(load):
    with pytest.raises(AimError, match="in the future"):
        load(LME, known_on=date(2026, 11, 22))


def test_the_same_bytes_again_change_nothing(load):
    first, again = load(LME), load(LME)
    assert again.already_held
    assert again.tables == first.tables
    assert len(Store.open(load.root).commits) == 1


def test_two_files_of_one_day_that_agree_are_counted_once_and_others_stop(load):
    report = load(LME, LME.replace("549050", "549000"))
    assert any("counted once: 3" in text for text in report.warnings)
    with pytest.raises(AimError, match=r"prices0\.csv row 2 and prices1\.csv row 2 give"):
        load(LME, LME.replace("2335.0", "2336.0"))


def test_a_later_file_revises_and_as_of_gives_the_earlier(load):
    load(LME)
    load(LME.replace("2335.0", "2345.0"), known_on=date(2024, 7, 4))
    assert held(load, "lme_cash")["price_usd_t"].tolist() == [2345.0, 2240.0]
    assert held(load, "lme_cash", as_of=date(2024, 7, 3))["price_usd_t"].tolist() == [2335.0, 2240.0]


def test_a_file_that_begins_in_mid_month_keeps_the_days_before_it(load):
    load(LME)
    report = load("date,lme_cash\n2024-01-03,2241\n2024-01-04,2250\n", known_on=date(2024, 7, 4))
    assert held(load, "lme_cash")["price_usd_t"].tolist() == [2335.0, 2241.0, 2250.0]
    assert any("kept beside the new ones: 1." in text for text in report.warnings)
    assert held(load, "lme_three_month")["price_usd_t"].tolist() == [2300.0]


def test_a_series_that_is_not_held_is_named_with_those_that_are(load):
    load(LME)
    with pytest.raises(AimError, match=r"no figures of imf_aluminum; it holds lme_cash \(daily\)"):
        held(load, "imf_aluminum")
    with pytest.raises(AimError, match="no monthly figures of lme_cash"):
        held(load, "lme_cash", frequency="monthly")


def test_real_prices_never_go_beside_the_sample(load):
    load_prices(load.root, [_written(load, LME)], known_on=date(2024, 6, 30), today=TODAY, sample=True)
    with pytest.raises(AimError, match="synthetic"):
        load(LME)


def _written(load, text):
    path = load.folder / "sample.csv"
    path.write_text(text)
    return path


def test_the_price_of_a_month_comes_from_the_best_series_that_has_it_whole(load):
    days = pd.bdate_range("2024-02-01", "2024-03-12")
    lines = "".join(f"{day:%Y-%m-%d},{2000 + at}\n" for at, day in enumerate(days))
    load("date,cash_settlement\n" + lines, PINK, "DATE,PALUMUSDM\n2023-12-01,2100\n2024-01-01,2199\n")
    found = monthly_price(Store.open(load.root))
    february = [2000 + at for at, day in enumerate(days) if day.month == 2]
    assert {f"{month:%Y-%m}": value for month, value in found.price_usd_t.items()} == {
        "2023-12": 2100.0,
        "2024-01": 2200.5,
        "2024-02": sum(february) / len(february),
        "2024-03": 2250.0,  # the daily month is not whole
    }
    assert found.series.tolist() == ["imf_aluminum", "world_bank_aluminum", "lme_cash", "world_bank_aluminum"]
    assert found.incomplete == ()
    assert {source["publisher"] for source in found.sources} == {
        "International Monetary Fund",
        "World Bank",
        "London Metal Exchange",
    }
    assert all(source["snapshots_sha256"] and source["blocks_sha256"] for source in found.sources)


def test_a_month_still_filling_is_named_where_nothing_better_is_held(load):
    load(LME)
    found = monthly_price(Store.open(load.root))
    assert found.incomplete == (pd.Timestamp("2024-01-01"),)
    assert found.price_usd_t.tolist() == [(2335.0 + 2240.0) / 2]
    assert monthly_price(Store.open(load.root), date(2020, 1, 1)).price_usd_t.empty


@pytest.mark.parametrize(
    ("dropped", "complete"),
    [
        ([], True),
        ([4, 14, 15], True),
        ([4, 13, 14, 15], False),
        ([22], True),
        ([21, 22], False),
        ([0, 1], True),
        ([0, 1, 2], False),
    ],
)
def test_a_month_is_complete_when_holidays_can_explain_what_lacks(dropped, complete):
    days = pd.bdate_range("2024-05-01", "2024-05-31").delete(dropped)
    daily = pd.DataFrame({"day": days, "price_usd_t": 1.0, "rate": float("nan")})
    (found,) = monthly_means(daily).itertuples()
    assert (found.days, found.complete) == (23 - len(dropped), complete)
