"""Figures from rows: concepts, periods, and quantities that are never added over units."""

import math

import pytest
from census_server import answer, to_json

from aimlib.errors import AimError
from aimlib.sources.census.answer import read_answer, to_sheets
from aimlib.sources.census.clean import clean
from aimlib.sources.census.errors import NotCensus
from aimlib.sources.census.tidy import tidy_tables


def tables(header, *rows):
    (sheet,) = to_sheets([read_answer(to_json([header, *rows]), "answer.json")])
    return tidy_tables(clean(sheet))


def quantity(qy1="5", unit1="KG", flag1="-", qy2="0", unit2="-", flag2="-"):
    header = [
        *("CTY_CODE", "CON_VAL_MO", "CON_QY1_MO", "UNIT_QY1", "CON_QY1_MO_FLAG"),
        *("CON_QY2_MO", "UNIT_QY2", "CON_QY2_MO_FLAG", "I_COMMODITY", "time"),
    ]
    row = ["1220", "10", qy1, unit1, flag1, qy2, unit2, flag2, "7611000000", "2024-01"]
    found = tables(header, row)["census_imports"].iloc[0]
    return [found["quantity_kg"], found["quantity_other"], found["quantity_unit"]]


def same(found, expected):
    assert [None if isinstance(one, float) and math.isnan(one) else one for one in found] == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, [5, None, ""]),
        ({"unit1": "kg"}, [5, None, ""]),
        ({"unit1": "T"}, [5000, None, ""]),
        ({"qy1": "0"}, [0, None, ""]),
        ({"qy1": "0", "unit1": "-"}, [None, None, ""]),
        ({"qy1": "0", "unit1": "X"}, [None, None, ""]),
        ({"qy1": ""}, [None, None, ""]),
        ({"flag1": "S"}, [None, None, ""]),
        ({"flag1": ""}, [5, None, ""]),
        ({"unit1": "NO", "qy2": "70", "unit2": "KG"}, [70, 5, "NO"]),
        ({"unit1": "NO"}, [None, 5, "NO"]),
        ({"unit1": "NO", "flag1": "A", "qy2": "70", "unit2": "KG"}, [70, None, "NO"]),
        ({"unit1": "NO", "qy2": "70", "unit2": "KG", "flag2": "A"}, [None, 5, "NO"]),
        ({"unit1": "KG", "qy2": "9", "unit2": "DOZ"}, [5, 9, "DOZ"]),
        ({"unit1": "NO", "qy2": "9", "unit2": "DOZ"}, [None, 5, "NO"]),
    ],
)
def test_kilograms_come_from_whichever_quantity_is_in_them(given, expected):
    same(quantity(**given), expected)


def test_an_unknown_unit_stops_the_load_and_shows_its_row():
    with pytest.raises(NotCensus, match=r"answer.json, row 2 has the unit 'BBL' in UNIT_QY1, for code 7611000000"):
        quantity(unit1="BBL")


def test_an_unknown_country_stops_the_load_and_shows_its_row():
    header = ["CTY_CODE", "CTY_NAME", "CON_VAL_MO", "I_COMMODITY", "time"]
    canada = ["1220", "CANADA", "1", "7601103000", "2024-01"]
    with pytest.raises(AimError, match=r"answer.json, row 3 \(ATLANTIS\).*8888"):
        tables(header, canada, ["8888", "ATLANTIS", *canada[2:]])


def test_both_concepts_come_out_of_one_answer_and_duty_belongs_to_consumption():
    header = ["CTY_CODE", "CON_VAL_MO", "CON_CIF_MO", "CAL_DUT_MO", "DUT_VAL_MO", "GEN_VAL_MO", "GEN_CIF_MO"]
    found = tables([*header, "I_COMMODITY", "time"], ["1220", "1", "2", "3", "4", "5", "6", "7601103000", "2024-01"])[
        "census_imports"
    ].set_index("concept")
    dollars = ["customs_value_usd", "cif_value_usd", "duty_usd", "dutiable_value_usd"]
    same(found.loc["consumption", dollars].tolist(), [1, 2, 3, 4])
    same(found.loc["general", dollars].tolist(), [5, 6, None, None])


def test_year_to_date_columns_are_a_table_of_their_own():
    found = tables(
        ["CTY_CODE", "CON_VAL_MO", "CON_VAL_YR", "I_COMMODITY", "time"],
        ["1220", "1", "30", "7601103000", "2024-03"],
    )
    month, year = found["census_imports"].iloc[0], found["census_imports_ytd"].iloc[0]
    assert (str(month["month"])[:10], month["customs_value_usd"]) == ("2024-03-01", 1)
    assert (year["year"], year["through_month"], year["customs_value_usd"]) == (2024, 3, 30)
    assert "month" not in found["census_imports_ytd"]


def test_codes_stay_text_and_say_heading_level_and_origin():
    found = tables(
        ["CTY_CODE", "CTY_NAME", "CON_VAL_MO", "I_COMMODITY", "time", "COMM_LVL"],
        ["5082", "GAZA STRIP", "1", "7601103000", "2024-01", "HS10"],
        ["7920", "NAMIBIA", "1", "76", "2024-01", "HS2"],
        ["", "TOTAL FOR ALL COUNTRIES", "2", "7601103000", "2024-01", "HS10"],
    )["census_imports"]
    shown = found[["code_level", "code", "heading", "origin", "census_code", "row_kind"]]
    assert shown.values.tolist() == [
        ["hts10", "7601103000", "7601", "PSE", "5082", "country"],
        ["hs2", "76", "76", "NAM", "7920", "country"],
        ["hts10", "7601103000", "7601", "TOTAL", "-", "total"],
    ]


def test_an_answer_of_the_server_keeps_its_sums():
    rows = answer("2024-01", groups=True)
    found = tables(*rows)["census_imports"]
    at = rows[0].index("GEN_VAL_MO")
    expected = sum(int(row[at]) for row in rows[1:] if row[0].isdecimal() and not row[0].startswith("0"))
    general = found[(found["concept"] == "general") & (found["row_kind"] == "country")]
    assert general["customs_value_usd"].sum() == expected
