"""The workbook of an edition."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from aimlib.bulletin.site import workbook as module
from aimlib.bulletin.site.columns import heading
from aimlib.bulletin.site.records import DataFile
from aimlib.bulletin.site.workbook import read_frames, workbook

PATHS = ("canada/data/import_trends-monthly.csv", "cote-d-ivoire/data/import_trends-monthly.csv")


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(sheet) -> list[tuple]:
    return [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[0] is not None]


def test_data_of_all_bulletins_stand_below_each_other(make):
    edition, contents = make()
    book = opened(workbook(edition, read_frames(edition, contents)))
    assert book.sheetnames == ["Contents", "Headlines", "Monthly"]
    sheet = book["Monthly"]
    assert sheet["A1"].value == "Imports from each place by month"
    assert sheet["A2"].value.startswith("Source: ")
    assert [cell.value for cell in sheet[4]] == [
        "Bulletin",
        "Month",
        "Origin",
        "Quantity (t)",
        "Share of total (fraction, shown as %)",
        "Heading",
        "Partial",
    ]
    assert rows(sheet) == [
        ("Canada", dt.datetime(2026, 9, 1), "canada", 1234.5, 0.25, "7601", False),
        ("Côte d'Ivoire", dt.datetime(2026, 9, 1), "cote-d-ivoire", 1234.5, 0.25, "7601", False),
    ]
    assert sheet.freeze_panes == "B5"
    assert [sheet.cell(5, column).number_format for column in (2, 4, 5)] == ["yyyy-mm-dd", "#,##0.0", "0.0%"]


def test_headlines_have_the_printed_and_the_exact_number(edition):
    sheet = opened(workbook(edition, {}))["Headlines"]
    first = dict(zip([cell.value for cell in sheet[3]], rows(sheet)[0], strict=True))
    assert (first["bulletin"], first["printed"], first["unit"], first["amount"]) == ("Canada", "1,234", "t", 1234.5)
    assert len(rows(sheet)) == 8


def test_headlines_say_of_what_they_are_and_stand_once(edition):
    first, second = edition.entries
    law = {**first.headlines[0], "concept": "consumption", "flow": "import", "law_day": "2026-10-09"}
    entry = replace(first, headlines=(law, {**law, "report": "smelt_origin", "repeats": "import_trends"}))
    sheet = opened(workbook(replace(edition, entries=(entry, second)), {}))["Headlines"]
    heads = [cell.value for cell in sheet[3]]
    found = [dict(zip(heads, row, strict=True)) for row in rows(sheet)]
    assert [row["bulletin"] for row in found].count("Canada") == 1
    assert (found[0]["concept"], found[0]["flow"]) == ("consumption", "import")
    assert found[0]["law_day"] in (dt.datetime(2026, 10, 9), "2026-10-09")


def test_equal_input_gives_equal_bytes_dated_by_the_edition(make):
    edition, contents = make()
    made = workbook(edition, read_frames(edition, contents))
    assert made == workbook(edition, read_frames(edition, contents))
    assert opened(made).properties.created == dt.datetime(2026, 11, 19)


def test_nothing_from_data_is_a_formula_or_a_link(edition):
    frame = pd.DataFrame({"note": ['=HYPERLINK("http://x")', "+1", "@x", "https://example.org", "7601", "{=1}"]})
    sheet = opened(workbook(edition, {PATHS[0]: frame}))["Monthly"]
    cells = [sheet.cell(row, 2) for row in range(5, 11)]
    assert [cell.value for cell in cells] == frame["note"].tolist()
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in cells)


def test_rows_that_all_bulletins_share_stand_once(edition):
    shared = pd.DataFrame({"origin": ["CAN", "CHN", "RUS"], "quantity_t": [1.0, 2.0, 3.0]})
    own = pd.concat([shared, pd.DataFrame({"origin": ["CIV"], "quantity_t": [None]})])
    book = opened(workbook(edition, {PATHS[0]: shared, PATHS[1]: own}))
    found = rows(book["Monthly"])
    assert [row[:2] for row in found] == [
        ("All bulletins", "CAN"), ("All bulletins", "CHN"), ("All bulletins", "RUS"), ("Côte d'Ivoire", "CIV"),
    ]  # fmt: skip
    assert book["Monthly"]["A2"].value.startswith(
        "Rows that are the same in each bulletin stand once, as “All bulletins”: to filter on one bulletin, choose that"
    )
    assert "A filter on one bulletin alone leaves them out." in book["Contents"]["A2"].value
    assert [cell.value for cell in book["Contents"][6]][3:] == [4, 3]


def test_nothing_is_said_of_shared_rows_where_there_are_none(make):
    edition, contents = make()
    book = opened(workbook(edition, read_frames(edition, contents)))
    assert book["Contents"]["A2"].value == "As of November 19, 2026: what was known by that day."


def test_the_bulletins_own_data_share_a_sheet_whatever_report_they_are_of(edition):
    entries, frames = [], {}
    for entry in edition.entries:
        keys = (f"changes_imports_from_{entry.place.lower()}", "changes_world_trade")
        data = tuple(DataFile(f"{entry.name}/data/{key}.csv", key, "", key, "Source: x.") for key in keys)
        frames |= {file.path: pd.DataFrame({"report": [file.key], "amount": [float(len(frames))]}) for file in data}
        entries.append(replace(entry, data=data))
    book = opened(workbook(replace(edition, entries=tuple(entries)), frames))
    assert book.sheetnames == ["Contents", "Headlines", "Changes"]
    assert [row[:2] for row in rows(book["Changes"])] == [
        ("Canada", "changes_imports_from_can"), ("Canada", "changes_world_trade"),
        ("Côte d'Ivoire", "changes_imports_from_civ"), ("Côte d'Ivoire", "changes_world_trade"),
    ]  # fmt: skip


def test_missing_numbers_are_blank_and_not_zero(edition):
    frame = pd.DataFrame({"quantity_t": [1.0, None, 0.0]})
    sheet = opened(workbook(edition, {PATHS[0]: frame}))["Monthly"]
    assert [sheet.cell(row, 2).value for row in (5, 6, 7)] == [1.0, None, 0.0]


def test_names_of_sheets_are_valid_and_unique(edition):
    keys = [
        "history",
        "contents",
        "a_very_long_name_of_a_figure_indeed_1",
        "a_very_long_name_of_a_figure_indeed_2",
        "a/b[c]",
    ]
    data = tuple(
        DataFile(f"canada/data/{number}.csv", "T", "import_trends", key, "S") for number, key in enumerate(keys)
    )
    entry = replace(edition.entries[0], data=data)
    frames = {file.path: pd.DataFrame({"quantity_t": [1.0]}) for file in data}
    names = opened(workbook(replace(edition, entries=(entry,)), frames)).sheetnames
    assert len({name.lower() for name in names}) == len(names) == 7
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert "history" not in {name.lower() for name in names}


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(edition, monkeypatch):
    monkeypatch.setattr(module, "ROWS_OF_A_SHEET", 9)
    frame = pd.DataFrame({"quantity_t": [float(number) for number in range(7)]})
    book = opened(workbook(edition, {PATHS[0]: frame}))
    assert [len(rows(book[name])) for name in ("Monthly", "Monthly 2", "Monthly 3")] == [3, 3, 1]
    assert all(sheet.max_row <= 9 for sheet in (book["Monthly"], book["Monthly 2"]))


def test_sources_that_differ_stand_below_the_data(edition):
    first, second = edition.entries
    other = replace(second, data=(replace(second.data[0], source="Source: another."),))
    frame = pd.DataFrame({"quantity_t": [1.0]})
    sheet = opened(workbook(replace(edition, entries=(first, other)), dict.fromkeys(PATHS, frame)))["Monthly"]
    column = [cell.value for cell in sheet["A"]]
    assert "Sources differ" in column[1]
    assert column[-2:] == [first.data[0].source, "Source: another."]


@pytest.mark.parametrize(
    ("name", "text", "number_format"),
    [
        ("quantity_t_ytd_yoy", "Quantity, year to date, change on year before (fraction, shown as %)", "0.0%"),
        ("unit_value_usd_t", "Unit value (US$ per t)", "#,##0"),
        ("customs_value_usd", "Customs value (US$)", "#,##0"),
        ("duty_unpaid_premium_c_lb", "Duty unpaid premium (c/lb)", "0.00"),
        ("share_of_total", "Share of total (fraction, shown as %)", "0.0%"),
        ("quantity_change", "Quantity change (fraction, shown as %)", "0.0%"),
        ("share_quantity_change", "Share quantity change (fraction; 0.01 is one percentage point)", "0.0000"),
        ("contribution", "Contribution (fraction; 0.01 is one percentage point)", "0.0000"),
        ("rate", "Rate (fraction, shown as %)", "0.0%"),
        ("rate_pct", "Rate (%)", "0.0#"),
        ("cif_new_orleans_c_lb", "CIF New Orleans (c/lb)", "0.00"),
        ("statutory_pct", "Statutory rate (%)", "0.0#"),
        ("quantity_t_low_80", "Quantity, low of 80% interval (t)", "#,##0.0"),
        ("co2e_if_primary_low_t", "CO2 equivalent if primary low (t)", "#,##0.0"),
        ("herfindahl_low", "HHI low (0 to 1)", "0.0000"),
        ("origin", "Origin", ""),
        ("t", "T", ""),
    ],
)
def test_headings_say_the_unit(name, text, number_format):
    assert (heading(name).text, heading(name).number_format) == (text, number_format)
