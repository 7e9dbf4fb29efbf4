"""Every form of a Comtrade file gives the same records of text."""

import gzip
import io
import zipfile

import pandas as pd
import pytest
from comtrade_rows import BRAZIL, FIELDS, USA, answer, record, table, trade, web_export

from aimlib.sources.comtrade.fields import COLUMNS
from aimlib.sources.comtrade.problems import CutShort, NotComtrade
from aimlib.sources.comtrade.read import read


def zipped(body, name="data.csv"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, body)
    return buffer.getvalue()


def workbook(records):
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="openpyxl") as book:
        pd.DataFrame(records).to_excel(book, sheet_name="Sheet1", index=False)
        pd.DataFrame().to_excel(book, sheet_name="Sheet2", index=False)
    return buffer.getvalue()


FORMS = {
    "answer": answer,
    "bare list": lambda records: answer(records).split(b'"data": ', 1)[1].rsplit(b', "error"', 1)[0],
    "bulk": lambda records: table(records, "\t"),
    "bulk, gzip": lambda records: gzip.compress(table(records, "\t")),
    "frame": table,
    "zip": lambda records: zipped(table(records)),
    "web": web_export,
    "web, as wide as its header": lambda records: web_export(records, ""),
    "workbook": workbook,
    "byte order mark": lambda records: b"\xef\xbb\xbf" + table(records),
    "windows lines": lambda records: table(records).replace(b"\n", b"\r\n"),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_records(form):
    rows = read(FORMS[form](trade()), "file").rows
    assert rows["reporterCode"].tolist() == ["124"] * 3
    assert rows["partnerCode"].tolist() == ["842", "76", "0"]
    assert rows["cmdCode"].tolist() == ["7601"] * 3
    assert rows["customsCode"].tolist() == ["C00"] * 3
    assert rows["primaryValue"].astype(float).tolist() == [600.0, 400.0, 1000.0]
    assert rows["netWgt"].astype(float).tolist() == [240.0, 160.0, 400.0]
    assert set(rows["isNetWgtEstimated"].str.lower()) == {"false"}
    assert set(rows["period"]) == {"2022"}


def test_the_web_export_would_shift_its_columns_in_plain_pandas():
    body = web_export([record(USA, 600.0, cmdDesc="Aluminium; unwrought", partnerDesc="Cura\xe7ao")])
    plain = pd.read_csv(io.BytesIO(body), encoding="latin-1")
    assert plain["typeCode"].tolist() == ["A"]
    with pytest.raises(UnicodeDecodeError):
        body.decode()
    rows = read(body, "TradeData.csv").rows
    assert rows[["typeCode", "freqCode", "cmdCode"]].iloc[0].tolist() == ["C", "A", "7601"]


def test_a_column_too_many_that_is_not_empty_is_refused():
    with pytest.raises(NotComtrade, match="a column more than its header"):
        read(web_export(trade(), ",7"), "TradeData.csv")
    with pytest.raises(NotComtrade, match="not a table that can be read"):
        read(web_export(trade(), ",,,"), "TradeData.csv")


def test_commas_and_lines_inside_quotes_stay_inside():
    rows = read(table([record(USA, 5.0, cmdDesc='one, "two"\nthree'), record(BRAZIL, 7.0)]), "file").rows
    assert rows["primaryValue"].tolist() == ["5.0", "7.0"]


def test_a_subset_of_columns_stands_for_totals():
    body = b"period,freqCode,reporterCode,flowCode,partnerCode,cmdCode,primaryValue\n202203,M,124,X,842,7601,5\n"
    row = read(body, "file").rows.iloc[0]
    assert row[["partner2Code", "customsCode", "motCode", "typeCode", "netWgt"]].tolist() == ["0", "C00", "0", "C", ""]
    assert (row["file"], row["row"]) == ("file", 2)


@pytest.mark.parametrize("column", ["period", "primaryValue", "partnerCode"])
def test_a_needed_column_that_is_absent_is_named(column):
    kept = [{name: told for name, told in record(USA, 5.0).items() if name != column}]
    for body in (table(kept), answer(kept)):
        with pytest.raises(NotComtrade, match=f"no column {column}"):
            read(body, "file")


def test_no_rows_are_no_rows():
    assert read(answer([]), "empty").rows.empty
    assert list(read(answer([]), "empty").rows.columns) == [*COLUMNS, "file", "row"]
    assert read((",".join(FIELDS) + "\n").encode(), "empty").rows.empty


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (answer([], error="Invalid period"), "Invalid period"),
        (b'{"errorObject": {"errorMessage": "Wrong cmdCode"}, "data": null}', "Wrong cmdCode"),
        (b'{"statusCode": 429, "message": "Rate limit is exceeded."}', "Rate limit is exceeded"),
        (b'{"count": 0}', "no data"),
        (b'{"data": [', "cut off"),
        (b"<html><body>down</body></html>", "web page"),
        (b"", "empty"),
        (b"PAR1\x00\x01", "not text"),
        (b"\x1f\x8bnothing", "damaged gzip"),
        (zipped(b"", "folder/"), "without a file"),
        (b"PK\x03\x04nothing", "damaged or locked"),
        (b'{"data": [1, 2]}', "not objects"),
    ],
)
def test_what_is_no_file_of_comtrade_is_told(body, said):
    with pytest.raises(NotComtrade, match=said) as caught:
        read(body, "file.json")
    assert "file.json" in caught.value.message


def test_fewer_records_than_counted_is_a_cut():
    with pytest.raises(CutShort, match="3 of 4"):
        read(answer(trade(), count=4), "cut")


@pytest.mark.parametrize(("records", "at_limit"), [(499, False), (500, True), (501, False)])
def test_only_answers_of_exactly_the_limit_are_suspect(records, at_limit):
    rows = [record(USA, 5.0)] * records
    assert read(answer(rows), "file").at_limit is at_limit
    assert not read(table(rows), "file").at_limit


@pytest.mark.parametrize("form", ["frame", "bulk", "web"])
def test_a_file_cut_within_a_row_is_told(form):
    body = FORMS[form](trade())
    cut = body[: body.rstrip().rfind(b"7601")]
    with pytest.raises(NotComtrade, match=r"has \d+ of \d+ columns, so that the file is probably cut there") as caught:
        read(cut, "file.csv")
    assert caught.value.advice == "Download it again."


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_told(encoding):
    with pytest.raises(NotComtrade, match="UTF-16") as caught:
        read(table(trade()).decode().encode(encoding), "file.csv")
    assert "UTF-8" in caught.value.advice
