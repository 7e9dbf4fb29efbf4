"""Bytes of files as text cells: what a CSV and a workbook hold, and what is refused."""

import datetime as dt
import io

import pandas as pd
import pytest
from openpyxl import Workbook

from aimlib.errors import AimError
from aimlib.sources.cells import decimals, numbers, whens
from aimlib.sources.sheets import read_sheets


def workbook(**sheets):
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def test_a_workbook_and_a_csv_of_the_same_rows_hold_the_same_text():
    rows = [["day", "price"], [dt.date(2024, 1, 31), 2200.5], [dt.datetime(2024, 2, 1), 2201], [None, "(D)"]]
    csv = b"day,price\n2024-01-31,2200.5\n2024-02-01,2201\n,(D)\n"
    (sheet,) = read_sheets(workbook(one=rows), "a.xlsx")
    (text,) = read_sheets(csv, "a.csv")
    assert sheet.cells.to_numpy().tolist() == text.cells.to_numpy().tolist()
    assert list(sheet.cells.index) == [1, 2, 3, 4]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(separator):
    (sheet,) = read_sheets(separator.join("abc").encode() + b"\n" + separator.join("123").encode(), "a.csv")
    assert sheet.cells.loc[2].tolist() == ["1", "2", "3"]


def test_empty_sheets_are_left_out_and_the_others_named():
    sheets = read_sheets(workbook(empty=[], held=[["a"]], other=[["b"]]), "a.xlsx")
    assert [sheet.name for sheet in sheets] == ["a.xlsx, sheet 'held'", "a.xlsx, sheet 'other'"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (b"<!DOCTYPE html><html></html>", "is a web page"),
        (b'{"a": 1}', "is JSON"),
        (b"PK\x03\x04 and no more", "damaged or locked workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged or locked workbook"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\xff\xfea\x00", "is UTF-16 text"),
        (b"a,b\n\x00\x01", "is not text"),
        (workbook(empty=[]), "is empty"),
    ],
)
def test_what_is_no_table_is_named(body, told):
    with pytest.raises(AimError, match=told):
        read_sheets(body, "junk")


@pytest.mark.parametrize(("text", "number"), [("1,234.5", 1234.5), ("-2", -2), (".5", 0.5), ("1e3", 1000), ("7.", 7)])
def test_numbers_as_they_are_written(text, number):
    found, is_bad = numbers(pd.Series([text]))
    assert (found.item(), is_bad.item()) == (number, False)


@pytest.mark.parametrize("text", ["1,5", "12,34", "abc", "1 000", "\U0001d7d9", "1e999", "inf", "nan", "--1", "1.2.3"])
def test_what_is_no_number(text):
    found, is_bad = numbers(pd.Series([text]))
    assert found.isna().item()
    assert is_bad.item()


def test_what_is_missing_is_neither():
    found, is_bad = numbers(pd.Series(["", " (D) "]), ("", "(d)"))
    assert found.isna().all()
    assert not is_bad.any()


def test_decimals_are_the_finest_printed():
    assert decimals(pd.Series(["1", "2.5", "3.25"])) == 2
    assert decimals(pd.Series(["1", ""])) == 0


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "2024/3/5",
        "3/5/2024",
        "03/05/2024",
        "5 Mar 2024",
        "05-MAR-2024",
        "March 5, 2024",
        "2024-03-05 00:00:00",
    ],
)
def test_days_as_they_are_written(text):
    found = whens(pd.Series([text]), "a.csv").iloc[0]
    assert (found["day"], found["is_month"]) == (pd.Timestamp("2024-03-05"), False)


@pytest.mark.parametrize(
    "text", ["2024-03", "2024M03", "2024/03", "03/2024", "Mar 2024", "March 2024", "Mar-24", "MAR-2024"]
)
def test_months_as_they_are_written(text):
    found = whens(pd.Series([text]), "a.csv").iloc[0]
    assert (found["day"], found["is_month"]) == (pd.Timestamp("2024-03-01"), True)


def test_a_day_before_a_month_is_refused_and_nonsense_is_no_day():
    with pytest.raises(AimError, match="not month/day/year"):
        whens(pd.Series(["3/5/2024", "31/5/2024"]), "a.csv")
    assert (
        whens(pd.Series(["2024-13-01", "2024-02-30", "soon", "", "45292", "0024-01-01"]), "a.csv")["day"].isna().all()
    )
