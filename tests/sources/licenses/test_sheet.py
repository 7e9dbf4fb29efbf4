"""Files of all kinds: encodings, separators, headers, workbooks, and what is no license file."""

import io
import zipfile

import openpyxl
import pytest
from license_files import ROW, row, to_csv

from aimlib.sources.licenses import NotLicenses, open_sheet
from aimlib.sources.licenses.header import find_header
from aimlib.sources.licenses.workbook import to_text

ROWS = [row(), row(license_number="A2", exporter="Müller & Söhne, GmbH"), row(license_number="A3", importer='"X" Ltd')]


def cells_of(sheet, field):
    return [text for chunk in sheet.chunks() for text in chunk.cells[field].to_pylist()]


def numbers_of(sheet):
    return [number for chunk in sheet.chunks() for number in chunk.rows.tolist()]


def workbook(*sheets, titles=0):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        page = book.create_sheet(name)
        for _ in range(titles):
            page.append(["Report of licenses"])
        for cells in rows:
            page.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


TABLE = [list(ROW), *(list(cells.values()) for cells in ROWS)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be-bom", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(encoding, separator):
    text = to_csv(*ROWS, separator=separator)
    body = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-bom" else text.encode(encoding)
    sheet = open_sheet(body, "x.csv")
    assert cells_of(sheet, "exporter")[1] == "Müller & Söhne, GmbH"
    assert cells_of(sheet, "importer")[2] == '"X" Ltd'
    assert numbers_of(sheet) == [2, 3, 4]


def test_the_form_s_own_words_head_the_columns():
    sheet = open_sheet(to_csv(*ROWS, titles=True).encode(), "x.csv")
    assert cells_of(sheet, "hts10") == ["7604.29.10.90"] * 3
    assert sheet.others == ()


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("IMPORTER OF RECORD", "importer"),
        ("  HTS No. ", "hts10"),
        ("Country of Most Recent Cast", "recent_cast"),
        ("Net Weight (KG)", "quantity_kg"),
        ("Customs Value (US $)", "customs_value_usd"),
        ("Country of second largest smelt", "second_smelt"),
    ],
)
def test_synonyms_in_any_case_and_punctuation(title, field):
    names = {"hts10": "HTS number"} | {name: name for name in ROW if name != "hts10"}
    header = find_header([[title if name == field else shown for name, shown in names.items()]], "x.csv")
    assert field in header.places


def test_titles_above_the_header_and_blank_rows_are_passed_over():
    text = "Licenses of the week\n\n" + to_csv(ROWS[0]) + "\n" + "," * (len(ROW) - 1) + "\n"
    text += to_csv(ROWS[1]).split("\n", 1)[1]
    sheet = open_sheet(text.encode(), "x.csv")
    assert cells_of(sheet, "license_number") == ["A1", "A2"]
    assert numbers_of(sheet) == [4, 7]


def test_rows_of_another_width_are_kept_apart_with_their_number():
    text = to_csv(ROWS[0], "A9,1,filed", ROWS[1]) + "too,short"
    sheet = open_sheet(text.encode(), "x.csv")
    assert numbers_of(sheet) == [2, 4]
    assert sheet.misshapen == [(3, "A9,1,filed"), (5, "too,short")]


def test_row_numbers_hold_across_chunks(monkeypatch):
    monkeypatch.setattr("aimlib.sources.licenses.text._CHUNK_BYTES", 4096)
    lines = [row(license_number=f"A{number}") for number in range(200)]
    mixed = [part for at, cells in enumerate(lines) for part in ([cells, "bad"] if at % 7 == 0 else [cells])]
    sheet = open_sheet(to_csv(*mixed).encode(), "x.csv")
    expected = {f"A{cells['license_number'][1:]}": at + 2 for at, cells in enumerate(mixed) if cells != "bad"}
    for _ in range(2):  # chunks may be read again
        assert len(list(sheet.chunks())) > 1
        assert dict(zip(cells_of(sheet, "license_number"), numbers_of(sheet), strict=True)) == expected
        assert [number for number, _ in sheet.misshapen] == [at + 2 for at, cells in enumerate(mixed) if cells == "bad"]


def test_a_workbook():
    sheet = open_sheet(workbook(("Licenses", TABLE), titles=2), "x.xlsx")
    assert cells_of(sheet, "exporter")[1] == "Müller & Söhne, GmbH"
    assert numbers_of(sheet) == [4, 5, 6]


def test_of_several_sheets_the_one_with_the_fields_is_read():
    body = workbook(("Notes", [["Read me"]]), ("Data", TABLE), ("Totals", [["Origin", "Quantity"], ["Mexico", 3]]))
    assert cells_of(open_sheet(body, "x.xlsx"), "license_number") == ["A1", "A2", "A3"]
    with pytest.raises(NotLicenses, match="'one', 'two'"):
        open_sheet(workbook(("one", TABLE), ("two", TABLE)), "x.xlsx")
    with pytest.raises(NotLicenses, match="no sheet"):
        open_sheet(workbook(("Notes", [["Read me"]])), "x.xlsx")


def test_cells_of_a_workbook_as_text():
    import datetime as dt

    assert to_text(7604291090.0) == "7604291090"
    assert to_text(7604291090) == "7604291090"
    assert to_text(1234.5) == "1234.5"
    assert to_text(dt.datetime(2024, 3, 20, 0, 0)) == "2024-03-20"
    assert to_text(dt.date(2024, 3, 20)) == "2024-03-20"
    assert [to_text(cell) for cell in (None, float("nan"), "", True, False)] == ["", "", "", "yes", "no"]


ZIP = io.BytesIO()
with zipfile.ZipFile(ZIP, "w") as archive:
    archive.writestr("licenses.csv", to_csv(*ROWS))


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "is empty"),
        (b" \r\n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"<!DOCTYPE html><html><table>", "web page"),
        (b'{"license": 1}', "JSON"),
        (b"%PDF-1.7", "PDF"),
        (b"PAR1\x00\x00", "Parquet"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"PK\x03\x04broken", "archive"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "workbook"),
        (ZIP.getvalue(), "archive"),
        (b"\x00\x01\x02\x03", "not text"),
        (to_csv(*ROWS).encode("utf-16-le"), "not text"),
        (b"\xff\xfeabc", "UTF-16"),
        ("license_number\u0178".encode("utf-8") + b"\x81", "encoding"),
        (b"month,price\n2024-01,2200\n", "no header"),
        (b"just some words\n", "no header"),
        (to_csv(*ROWS).replace("recent_cast", "caster").encode(), "lacks a column for recent_cast"),
        (to_csv(*ROWS).replace("valid_from", "Country of origin").encode(), "two columns for the field origin"),
        ((to_csv(*ROWS) + '"' + "x" * (40 << 20)).encode(), "many megabytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_license_file_is_named(body, what):
    with pytest.raises(NotLicenses, match=what) as caught:
        list(open_sheet(body, "week.csv").chunks())
    assert caught.value.message.startswith("week.csv ")
    assert caught.value.advice
