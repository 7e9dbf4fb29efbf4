"""Which rows are read, which are left out, and which are set apart with a reason."""

import pytest
from census_server import answer, to_json

from aimlib.sources.census.answer import read_answer, to_sheets
from aimlib.sources.census.clean import clean
from aimlib.sources.census.errors import MissingColumns, NotCensus

HEADER = ["CTY_CODE", "CTY_NAME", "CON_VAL_MO", "CAL_DUT_MO", "I_COMMODITY", "time", "COMM_LVL"]
CANADA = ["1220", "CANADA", "10", "1", "7601103000", "2024-01", "HS10"]
TOTAL = ["-", "TOTAL FOR ALL COUNTRIES", "10", "1", "7601103000", "2024-01", "HS10"]


def cleaned(*rows, header=HEADER):
    (sheet,) = to_sheets([read_answer(to_json([header, *rows]), "answer.json")])
    return clean(sheet)


def changed(row, **cells):
    return [cells.get(name, cell) for name, cell in zip(HEADER, row, strict=True)]


def reason(row):
    rejects = cleaned(CANADA, row).rejects
    assert rejects["row"].tolist() == [3]
    return rejects["reason"][0]


def test_groups_are_left_out_and_the_total_is_apart():
    (sheet,) = to_sheets([read_answer(to_json(answer("2024-01")), "answer.json")])
    found = clean(sheet)
    assert found.aggregates == 2 * 18
    assert set(found.cells["kind"]) == {"country", "total"}
    assert found.cells["kind"].value_counts()["total"] == 18
    assert found.rejects.empty


def test_a_group_by_its_summary_level_is_left_out():
    header = [*HEADER, "SUMMARY_LVL"]
    found = cleaned([*CANADA, "DET"], [*changed(CANADA, CTY_CODE="2010"), "CGP"], header=header)
    assert found.aggregates == 1
    assert found.cells["partner"].tolist() == ["1220"]


@pytest.mark.parametrize("code", ["-", ""])
def test_the_total_has_a_dash_or_a_blank_for_a_code(code):
    assert cleaned(CANADA, changed(TOTAL, CTY_CODE=code)).cells["kind"].tolist() == ["country", "total"]


def test_a_country_without_its_code_is_not_the_total():
    assert "not a country code" in reason(changed(CANADA, CTY_CODE="", CTY_NAME="MEXICO"))


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"CON_VAL_MO": "12x"}, "CON_VAL_MO is '12x', not a number"),
        ({"CON_VAL_MO": "1,234"}, "CON_VAL_MO is '1,234', not a number"),
        ({"CON_VAL_MO": "-5"}, "CON_VAL_MO is '-5', not a number"),
        ({"CON_VAL_MO": "1e6"}, "not a number"),
        ({"CON_VAL_MO": "٣"}, "not a number"),
        ({"CON_VAL_MO": ""}, "CON_VAL_MO is blank"),
        ({"CAL_DUT_MO": "n/a"}, "CAL_DUT_MO is 'n/a', not a number"),
        ({"time": "2024-13"}, "'2024-13' is not a month"),
        ({"time": "2024-00"}, "'2024-00' is not a month"),
        ({"time": "2024"}, "'2024' is not a month"),
        ({"time": ""}, "'' is not a month"),
        ({"CTY_CODE": "122"}, "'122' is not a country code"),
        ({"CTY_CODE": "CAN"}, "'CAN' is not a country code"),
        ({"I_COMMODITY": "7.6011E+09"}, "not a code of"),
        ({"I_COMMODITY": "76011"}, "not a code of"),
        ({"COMM_LVL": "HS4"}, "not of its COMM_LVL"),
    ],
)
def test_a_bad_row_is_set_apart_with_its_reason(cells, told):
    assert told in reason(changed(CANADA, **cells))


def test_a_good_row_stays_beside_a_bad_one():
    found = cleaned(CANADA, changed(CANADA, CTY_CODE="2010", CON_VAL_MO="x"), changed(CANADA, CTY_CODE="5700"))
    assert found.cells["partner"].tolist() == ["1220", "5700"]
    assert found.cells["row"].tolist() == [2, 4]
    assert found.numbers["CON_VAL_MO"].tolist() == [10, 10]
    assert found.rejects["CTY_CODE"].tolist() == ["2010"]


def test_of_equal_rows_the_first_stays():
    found = cleaned(CANADA, TOTAL, CANADA)
    assert found.cells["row"].tolist() == [2, 3]
    assert found.rejects[["row", "reason"]].values.tolist() == [[4, "repeats an earlier row"]]


def test_of_contradicting_rows_none_stays():
    found = cleaned(CANADA, TOTAL, changed(CANADA, CON_VAL_MO="11"))
    assert found.cells["kind"].tolist() == ["total"]
    assert found.rejects["row"].tolist() == [2, 4]
    assert set(found.rejects["reason"]) == {"contradicts another row of the same line, partner and month"}


def test_rows_that_differ_in_columns_which_are_not_read_repeat():
    header = [*HEADER, "src"]
    assert len(cleaned([*CANADA, "a"], [*CANADA, "b"], header=header).cells) == 1


def test_the_same_rows_in_two_files_are_not_repeats_within_one():
    body = to_json([HEADER, CANADA])
    (sheet,) = to_sheets([read_answer(body, "a.json"), read_answer(body, "b.json")])
    assert clean(sheet).rejects.empty


def test_year_and_month_stand_for_time():
    header = [name for name in HEADER if name != "time"] + ["YEAR", "MONTH"]
    row = [cell for name, cell in zip(HEADER, CANADA, strict=True) if name != "time"]
    assert cleaned([*row, "2024", "3"], header=header).cells["period"].tolist() == ["2024-03"]
    assert "not a month" in cleaned([*row, "2024", "13"], header=header).rejects["reason"][0]


def test_the_level_follows_from_the_code_where_it_is_not_told():
    header = [name for name in HEADER if name != "COMM_LVL"]
    rows = [changed(CANADA, I_COMMODITY=code)[:-1] for code in ("76", "7601", "760110", "7601103000")]
    assert cleaned(*rows, header=header).cells["level"].tolist() == ["hs2", "hs4", "hs6", "hts10"]


def test_columns_that_lack_are_named():
    with pytest.raises(MissingColumns) as caught:
        cleaned(["1", "2"], header=["Country", "Value"])
    for name in ("I_COMMODITY", "CTY_CODE", "time (or YEAR and MONTH)", "CON_VAL_MO"):
        assert name in caught.value.message


def test_an_answer_of_another_chapter_is_refused_and_stray_rows_are_told():
    steel = changed(CANADA, I_COMMODITY="7201101000")
    with pytest.raises(NotCensus, match="nothing of chapter 76"):
        cleaned(steel)
    found = cleaned(CANADA, steel)
    assert len(found.cells) == 1
    assert found.notes == ("Rows outside chapter 76, which are not read: 1.",)


def test_an_answer_broken_down_further_is_refused():
    header = [*HEADER, "RP"]
    with pytest.raises(NotCensus, match="rate provision"):
        cleaned([*CANADA, "10"], [*CANADA, "61"], header=header)


def test_what_cannot_be_used_is_noted():
    header = ["CTY_CODE", "GEN_VAL_MO", "CAL_DUT_MO", "GEN_QY1_MO", "I_COMMODITY", "time"]
    notes = " ".join(cleaned(["1220", "1", "2", "3", "7601103000", "2024-01"], header=header).notes)
    assert "CAL_DUT_MO need CON_VAL_MO" in notes
    assert "without UNIT_QY1" in notes
