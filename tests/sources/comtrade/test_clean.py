"""Records become rows once each: totals only, our words and units, bad rows apart."""

import pandas as pd
import pytest
from comtrade_rows import BRAZIL, CANADA, MEXICO, USA, answer, record, table, trade, web_export
from hypothesis import given, settings
from hypothesis import strategies as st

from aimlib.errors import AimError
from aimlib.reference.countries import from_comtrade
from aimlib.sources.comtrade.clean import clean, store_period
from aimlib.sources.comtrade.read import read


def cleaned(*records):
    return clean(read(answer(list(records)), "file").rows)


def reasons(found):
    return found.rejects["reason"].tolist()


def test_a_record_in_our_words():
    found = cleaned(record(USA, 600.0, period="202203", cmdCode="760110"))
    row = found.rows.iloc[0]
    assert row[["reporter", "flow", "period", "partner", "code", "edition"]].tolist() == [
        *("CAN", "export", "2022-03", "USA", "760110", "H6")
    ]
    assert row["month"] == pd.Timestamp("2022-03-01")
    assert row[["primary_value_usd", "fob_value_usd", "quantity_kg"]].tolist() == [600.0, 600.0, 240.0]
    assert pd.isna(row["cif_value_usd"])
    assert not row["quantity_estimated"]
    assert found.notes == ()


def test_52_is_not_a_month():
    row = cleaned(record(USA, 5.0, refMonth=52)).rows.iloc[0]
    assert (row["period"], row["month"]) == ("2022", pd.Timestamp("2022-01-01"))
    assert reasons(cleaned(record(USA, 5.0, freqCode="M", period="202252"))) == ["the period is no year or month"]
    assert store_period("A", "202201") == ""


@pytest.mark.parametrize(
    ("code", "flow"),
    [
        *[("X", "export"), ("M", "import"), ("RX", "re-export"), ("RM", "re-import")],
        *[("DX", "domestic export"), ("FM", "foreign import")],
    ],
)
def test_flows_are_never_mixed(code, flow):
    assert cleaned(record(USA, 5.0, flowCode=code)).rows["flow"].tolist() == [flow]


def test_parts_of_flows_are_known_and_left_out():
    found = cleaned(*trade(), record(USA, 9.0, flowCode="XOP"), record(USA, 8.0, flowCode="MIP"))
    assert len(found.rows) == 3
    assert found.rejects.empty
    assert any("outward processing (1)" in note and "inward processing (1)" in note for note in found.notes)


def test_an_unknown_flow_stops_with_its_row():
    with pytest.raises(AimError, match="'ZZ' in file row 4"):
        cleaned(*trade(), record(USA, 5.0, flowCode="ZZ"))


def test_an_unknown_area_stops_with_its_row():
    with pytest.raises(AimError, match=r"not known: 1234.*partnerCode of 1 rows: file row 4"):
        cleaned(*trade(), record(1234, 5.0))


def test_codes_of_comtrade_are_not_iso():
    rows = cleaned(*(record(code, 5.0) for code in (842, 699, 251, 579, 757, 490, 837))).rows
    assert rows["partner"].tolist() == ["USA", "IND", "FRA", "NOR", "CHE", "TWN", "XBK"]


def test_total_and_other_chapters_are_outside_and_not_wrong():
    outside = [record(USA, 5.0, cmdCode=code) for code in ("TOTAL", "76", "72", "7208", "720851", "1")]
    found = cleaned(*trade(), *outside)
    assert len(found.rows) == 3
    assert found.rejects.empty
    assert found.outside.to_dict() == dict.fromkeys(["TOTAL", "76", "72", "7208", "720851", "1"], 1)
    assert "6 rows" in found.notes[0]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"cmdCode": "76011000"}, "no HS4 or HS6"),
        ({"cmdCode": "760199"}, "not in its edition"),
        ({"cmdCode": "761510", "classificationCode": "H3"}, "not in its edition"),
        ({"cmdCode": "761519", "classificationCode": "H4"}, "not in its edition"),
        ({"cmdCode": "761691", "classificationCode": "H0"}, "not in its edition"),
        ({"classificationCode": "H9"}, "not in its edition"),
        ({"classificationCode": "S3"}, "not the Harmonized System"),
        ({"typeCode": "S"}, "services"),
        ({"freqCode": "Q"}, "neither A nor M"),
        ({"reporterCode": 0}, "the world is no reporter"),
        ({"primaryValue": -1.0}, "value is negative"),
        ({"primaryValue": None}, "no value"),
        ({"primaryValue": "lots"}, "value is not a number"),
        ({"netWgt": -5.0}, "net weight is negative"),
        ({"netWgt": "inf"}, "net weight is not a number"),
        ({"qty": -5.0}, "quantity is negative"),
    ],
)
def test_a_bad_row_is_set_apart_with_its_reason_and_the_others_go_in(told, why):
    found = cleaned(*trade(), record(MEXICO, 5.0) | told)
    assert len(found.rows) == 3
    assert found.rejects["row"].tolist() == [4]
    assert why in found.rejects["reason"].iloc[0]


def test_only_totals_over_mode_procedure_and_second_partner_count():
    parts = [
        record(USA, 350.0, motCode=2100),
        record(USA, 250.0, motCode=9000),
        record(USA, 600.0, customsCode="C01"),
        record(USA, 600.0, partner2Code=USA),
        record(USA, 90.0, partner2Code=MEXICO),
    ]
    found = cleaned(*trade(), *parts)
    assert found.rows["primary_value_usd"].tolist() == [600.0, 400.0, 1000.0]
    assert found.rejects.empty
    assert any("left out: 5" in note for note in found.notes)


def test_a_breakdown_without_its_total_is_not_lost_silently():
    found = cleaned(*trade(), record(MEXICO, 5.0, motCode=2100), record(MEXICO, 6.0, motCode=9000))
    assert found.rejects["row"].tolist() == [4, 5]
    assert all("without its total row" in why for why in reasons(found))
    assert found.set_apart.to_dict("records") == [
        {"reporter": "CAN", "flow": "export", "period": "2022", "code": "7601"}
    ]


def test_the_same_row_twice_counts_once_and_two_figures_count_never():
    twice = cleaned(*trade(), record(USA, 600.0))
    assert twice.rows["primary_value_usd"].sum() == 2000.0
    assert any("counted once: 1" in note for note in twice.notes)
    other = cleaned(*trade(), record(USA, 601.0))
    assert sorted(other.rejects["row"]) == [1, 4]
    assert "USA" not in set(other.rows["partner"])


@pytest.mark.parametrize(
    ("told", "kilograms"),
    [
        ({"netWgt": 240.0, "qty": 7.0}, 240.0),
        ({"netWgt": None, "qty": 7.0}, 7.0),
        ({"netWgt": 0.0, "qty": 7.0}, 7.0),
        ({"netWgt": 0.0, "qty": 7.0, "qtyUnitAbbr": "u", "qtyUnitCode": 5}, None),
        ({"netWgt": None, "qty": 7.0, "qtyUnitAbbr": "N/A", "qtyUnitCode": -1}, None),
        ({"netWgt": None, "qty": 7.0, "qtyUnitAbbr": None, "qtyUnitCode": 8}, 7.0),
        ({"netWgt": None, "qty": None}, None),
        ({"netWgt": 0.0, "qty": 0.0}, None),
        ({"netWgt": None, "qty": None, "primaryValue": 0.0}, 0.0),
        ({"netWgt": 3.0, "primaryValue": 0.0}, 3.0),
    ],
)
def test_no_weight_beside_a_value_is_missing(told, kilograms):
    row = cleaned(record(USA, 600.0) | told).rows.iloc[0]
    assert pd.isna(row["quantity_kg"]) if kilograms is None else row["quantity_kg"] == kilograms


@pytest.mark.parametrize("mark", [True, "true", "True"])
def test_estimated_weights_are_marked(mark):
    rows = cleaned(
        record(USA, 5.0, isNetWgtEstimated=mark),
        record(BRAZIL, 5.0, isQtyEstimated=mark),
        record(MEXICO, 5.0, netWgt=0, isQtyEstimated=mark),
        record(MEXICO, 5.0, netWgt=0, qty=0, isNetWgtEstimated=mark, flowCode="M"),
    ).rows
    assert rows["quantity_estimated"].tolist() == [True, False, True, False]


def test_both_valuations_are_kept_and_0_is_none():
    rows = cleaned(
        record(USA, 600.0, flowCode="M", cifvalue=600.0, fobvalue=570.0),
        record(BRAZIL, 600.0, flowCode="M", cifvalue=600.0, fobvalue=0.0),
    ).rows
    assert rows["cif_value_usd"].tolist() == [600.0, 600.0]
    assert rows["fob_value_usd"].isna().tolist() == [False, True]


@pytest.mark.parametrize(("period", "edition"), [("2010", "H3"), ("201201", "H4"), ("2023", "H6"), ("1990", "H0")])
@pytest.mark.parametrize("told", [None, "", "HS"])
def test_an_edition_that_is_not_told_is_that_in_force(period, edition, told):
    found = cleaned(record(USA, 5.0, period=period, classificationCode=told))
    assert found.rows["edition"].tolist() == [edition]
    assert any("in the one in force: 1" in note for note in found.notes)


def test_areas_not_specified_are_many_codes_and_one_row():
    found = cleaned(record(899, 5.0), record(568, 7.0), record(697, 8.0, netWgt=None, qty=None, flowCode="M"))
    assert found.rows.set_index("flow")["primary_value_usd"].to_dict() == {"import": 8.0, "export": 12.0}
    assert set(found.rows["partner"]) == {"XNS"}
    assert any("added up: 2" in note for note in found.notes)


def test_a_weight_that_one_part_of_an_area_lacks_is_missing_in_the_sum():
    row = cleaned(record(899, 5.0), record(568, 7.0, netWgt=None, qty=None)).rows.iloc[0]
    assert row["primary_value_usd"] == 12.0
    assert pd.isna(row["quantity_kg"])


def test_france_contains_its_metropolitan_part():
    found = cleaned(record(251, 9.0), record(250, 7.0), record(250, 7.0, flowCode="M"))
    assert found.rows["primary_value_usd"].tolist() == [9.0, 7.0]
    assert "contained in another code" in found.rejects["reason"].iloc[0]


def test_a_country_may_trade_with_itself():
    assert cleaned(record(CANADA, 5.0, flowCode="RM")).rows["partner"].tolist() == ["CAN"]


def test_who_answered_counts_what_is_outside_too():
    found = cleaned(record(USA, 5.0), record(USA, 5.0, cmdCode="TOTAL", reporterCode=MEXICO, period="202304"))
    assert found.answered == {("CAN", "2022"), ("MEX", "2023-04")}


amounts = st.integers(1, 10**9)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from([USA, BRAZIL, MEXICO, 899]), st.sampled_from(["7601", "760110"]), st.sampled_from("MX")
        ),
        st.tuples(amounts, st.integers(0, 3)),
        min_size=1,
    ),
    st.sampled_from([answer, table, web_export]),
    st.randoms(use_true_random=False),
)
def test_whatever_the_form_order_and_breakdown_the_sum_is_that_of_the_totals(cells, form, random):
    records = []
    for (partner, code, flow), (value, parts) in cells.items():
        told = {"cmdCode": code, "flowCode": flow}
        records.append(record(partner, float(value), **told))
        records += [record(partner, value / parts, motCode=1000 + at, **told) for at in range(parts)]
    random.shuffle(records)
    found = clean(read(form(records), "file").rows)
    assert found.rejects.empty
    got = found.rows.set_index(["partner", "code", "flow"])["primary_value_usd"].to_dict()
    names = dict(zip((codes := [USA, BRAZIL, MEXICO, 899]), from_comtrade(pd.Series(codes)), strict=True))
    flows = {"M": "import", "X": "export"}
    assert got == {(names[p], code, flows[f]): float(value) for (p, code, f), (value, _) in cells.items()}
