"""From bytes to text cells: which bytes are rows of Census, and what the others are."""

import json
from pathlib import Path

import pytest

from aimlib.sources.census.answer import read_answer, to_sheets
from aimlib.sources.census.errors import (
    BadKey,
    BadRequest,
    ExportsAnswer,
    MissingKey,
    NotCensus,
    Truncated,
)

HEADER = ["CTY_CODE", "CON_VAL_MO", "I_COMMODITY", "time", "COMM_LVL"]
ROW = ["1220", "10", "7601103000", "2024-01", "HS10"]
ERROR_FORMS = Path(__file__).resolve().parents[3].parent / "shared/real/census/error_forms"


def cells_of(*bodies):
    (sheet,) = to_sheets([read_answer(body, f"file{at}") for at, body in enumerate(bodies)])
    return sheet


def test_json_rows_become_text_with_their_line_in_the_file():
    cells = cells_of(json.dumps([HEADER, ROW, ROW]).encode()).cells
    assert cells["row"].tolist() == [2, 3]
    assert cells.loc[0, ["CTY_CODE", "CON_VAL_MO", "TIME"]].tolist() == ["1220", "10", "2024-01"]


def test_csv_of_the_same_columns_gives_the_same_cells():
    csv = ",".join(HEADER) + "\r\n" + ",".join(ROW) + "\r\n"
    as_csv, as_json = cells_of(csv.encode()).cells, cells_of(json.dumps([HEADER, ROW]).encode()).cells
    assert as_csv.equals(as_json)


def test_a_byte_order_mark_quotes_and_blank_lines_are_taken():
    csv = '\ufeffCTY_NAME,CON_VAL_MO\n"KOREA, SOUTH",5\n\n" CANADA ",6\n'
    cells = cells_of(csv.encode()).cells
    assert cells["CTY_NAME"].tolist() == ["KOREA, SOUTH", "CANADA"]
    assert cells["row"].tolist() == [2, 4]


def test_text_that_looks_like_a_missing_value_stays_text():
    assert cells_of(b"CTY_CODE,CON_VAL_MO,CTY_NAME\n0003,1,NA\n").cells.loc[0, "CTY_CODE"] == "0003"
    assert cells_of(b"CTY_CODE,CON_VAL_MO,CTY_NAME\n0003,1,NA\n").cells.loc[0, "CTY_NAME"] == "NA"


def test_a_null_is_a_blank_and_a_number_is_its_text():
    cells = cells_of(json.dumps([["A", "B"], [None, 7]]).encode()).cells
    assert cells.loc[0, ["A", "B"]].tolist() == ["", "7"]


def test_a_column_that_comes_twice_is_read_once():
    cells = cells_of(json.dumps([["I_COMMODITY", "A", "I_COMMODITY"], ["76", "1", "76"]]).encode()).cells
    assert list(cells) == ["file", "row", "I_COMMODITY", "A"]


def test_a_column_that_comes_twice_with_different_contents_is_refused():
    with pytest.raises(NotCensus, match="I_COMMODITY twice"):
        cells_of(json.dumps([["I_COMMODITY", "A", "I_COMMODITY"], ["76", "1", "7601"]]).encode())


def test_a_line_of_another_length_is_set_apart():
    sheet = cells_of(json.dumps([HEADER, ROW, ROW[:3]]).encode())
    assert len(sheet.cells) == 1
    assert sheet.misshapen[["file", "row"]].values.tolist() == [["file0", 3]]
    assert "3 values where the header has 5" in sheet.misshapen["reason"][0]


def test_answers_with_the_same_columns_come_as_one_sheet():
    body = json.dumps([HEADER, ROW]).encode()
    other = json.dumps([["E", *HEADER], ["x", *ROW]]).encode()
    sheets = to_sheets([read_answer(raw, name) for raw, name in ((body, "a"), (other, "b"), (body, "c"))])
    assert [sheet.cells["file"].tolist() for sheet in sheets] == [["a", "c"], ["b"]]


@pytest.mark.parametrize(
    ("body", "error", "told"),
    [
        (b"", NotCensus, "is empty"),
        (b"  \n ", NotCensus, "is empty"),
        (b"PK\x03\x04rest", NotCensus, "Excel workbook"),
        (b"\x1f\x8brest", NotCensus, "gzip"),
        (b"PAR1rest", NotCensus, "Parquet"),
        (bytes(range(256)), NotCensus, "not text"),
        ("a,b\n".encode("utf-16"), NotCensus, "UTF-16"),
        (b"<html><body>Maintenance</body></html>", NotCensus, "web page"),
        (b"<!doctype html><title>Invalid Key</title>", BadKey, "not valid"),
        (b"error: unknown variable 'XYZ'", BadRequest, "unknown variable 'XYZ'"),
        (b"There was an error while running your query.  We've logged it.", NotCensus, "too large"),
        (b'[["A","B"],\n["1","2"],\n["1","', Truncated, "cut off"),
        (b'[["A","B"],\n["1","2"],', Truncated, "cut off"),
        (b'[["A","B"],\n["1","2"]', Truncated, "cut off"),
        (b'[["A","B"],,["1","2"]]', NotCensus, "not JSON that can be read"),
        (b'{"data": [1]}', NotCensus, "not the rows"),
        (b'[{"A": 1}]', NotCensus, "not the rows"),
        (b"[]", NotCensus, "not the rows"),
        (b'[["A"],["\\ud800"]]', NotCensus, "not text"),
        (b'[["E_COMMODITY","ALL_VAL_MO"],["7601","5"]]', ExportsAnswer, "holds exports"),
    ],
)
def test_what_is_no_answer_is_told_by_its_name(body, error, told):
    with pytest.raises(error, match=told) as caught:
        to_sheets([read_answer(body, "imports.json")])
    assert caught.value.message.startswith("imports.json")
    assert caught.value.advice


@pytest.mark.shared
def test_the_real_key_page_is_known():
    page = ERROR_FORMS / "missing_key_200.html"
    if not page.exists():
        pytest.skip("the shared real files are not here")
    with pytest.raises(MissingKey, match="missing key") as caught:
        read_answer(page.read_bytes(), "imports.json")
    assert "key_signup" in caught.value.advice
