"""The monitor's columns and cells: headers, words, units, shares, each rule with a row that just keeps it."""

from datetime import date

import pandas as pd
import pytest

from aimlib.errors import AimError
from aimlib.sources.monitor.clean import clean
from aimlib.sources.monitor.columns import recognize
from aimlib.sources.monitor.read import read_dashboards

THURSDAY = date(2026, 10, 15)
IMPORTS = "month,data_status,country_of_origin,product_category,quantity_metric_tons,customs_value_usd"
SMELT = "month,country_of_origin,country_of_largest_smelt,product_category,share_of_quantity_pct"


def cleaned(*lines, known_on=THURSDAY):
    (board,) = read_dashboards("\n".join(lines).encode(), "monitor.csv")
    return clean(board, known_on)


def imports(*rows, **options):
    return cleaned(IMPORTS, *rows, **options)


@pytest.mark.parametrize(
    ("header", "field", "unit"),
    [
        ("month", "month", ""),
        ("Month of Import", "month", ""),
        ("Data Status", "status", ""),
        ("Country of Origin", "origin", ""),
        ("HTS6", "hs6", ""),
        ("Country of Largest Smelt", "largest_smelt", ""),
        ("Country of Most Recent Cast", "recent_cast", ""),
        ("quantity_metric_tons", "quantity", "metric tons"),
        ("Quantity (MT)", "quantity", "metric tons"),
        ("Volume (kg)", "quantity", "kg"),
        ("Customs Value (US$)", "value", "USD"),
        ("Customs Value (Thousand US$)", "value", "thousand USD"),
        ("Average Unit Value ($/MT)", "unit_value", "USD per metric tons"),
        ("average_unit_value_usd_t", "unit_value", "USD per metric tons"),
        ("Share of Quantity (%)", "share_quantity", "percent"),
        ("share_of_value_pct", "share_value", "percent"),
        ("Quantity Share", "share_quantity", ""),
        ("Share of value (fraction)", "share_value", "fraction"),
    ],
)
def test_headers_in_other_words(header, field, unit):
    column = recognize(header)
    assert (column.field, column.unit) == (field, unit)


@pytest.mark.parametrize(
    ("header", "told"),
    [("Quantity", "does not say its unit"), ("Quantity (short tons)", "'short tons'"), ("Customs value (EUR)", "unit")],
)
def test_a_figure_in_no_unit_or_a_strange_one_is_refused(header, told):
    with pytest.raises(AimError, match=told):
        recognize(header)


def test_a_row_of_imports():
    (row,) = imports('2026-09,License,Canada,Unwrought,"100,000.5",320000000').rows.to_dict("records")
    assert row["month"] == pd.Timestamp("2026-09-01")
    assert (row["data_basis"], row["origin"], row["product"], row["code_level"]) == (
        "license",
        "CAN",
        "unwrought",
        "category",
    )
    assert (row["quantity_kg"], row["customs_value_usd"]) == (100_000_500, 320_000_000)
    assert (row["largest_smelt"], row["recent_cast"]) == ("", "")


def test_kilograms_and_thousands_only_where_the_header_says_so():
    head = IMPORTS.replace("quantity_metric_tons", "quantity_kg").replace("value_usd", "value_thousand_usd")
    (row,) = cleaned(head, "2026-09,License,Canada,Unwrought,100,320").rows.to_dict("records")
    assert (row["quantity_kg"], row["customs_value_usd"]) == (100, 320_000)


@pytest.mark.parametrize("text", ["2026-09", "Sep 2026", "September 2026", "9/1/2026", "2026-09-01", "09/2026"])
def test_months_as_they_are_written(text):
    assert imports(f"{text},License,Canada,Foil,1,2").rows["month"].tolist() == [pd.Timestamp("2026-09-01")]


@pytest.mark.parametrize("month", ["9", "09", "Sep", "September"])
def test_a_year_and_a_month_apart(month):
    found = cleaned("year," + IMPORTS, f"2026,{month},License,Canada,Foil,1,2")
    assert found.rows["month"].tolist() == [pd.Timestamp("2026-09-01")]


@pytest.mark.parametrize(
    ("text", "basis"),
    [("License", "license"), ("Licence data", "license"), ("Census", "census"), ("Prelim. Census", "census")],
)
def test_what_a_month_rests_on(text, basis):
    assert imports(f"2026-08,{text},Canada,Foil,1,2").rows["data_basis"].tolist() == [basis]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Bars, rods & profiles", "bars_rods_profiles"),
        ("Tube & Pipe Fittings", "fittings"),
        ("castings_forgings", "castings_forgings"),
        ("Castings & forgings (other articles)", "castings_forgings"),
        ("All", "aim"),
        ("All aluminum products", "aim"),
    ],
)
def test_products_by_their_names(text, slug):
    assert imports(f'2026-08,Census,Canada,"{text}",1,2').rows["product"].tolist() == [slug]


@pytest.mark.parametrize(("text", "code"), [("7601.10", "760110"), ("760110", "760110"), ("HTS 7601.10 - x", "760110")])
def test_six_digits_tell_their_category(text, code):
    found = cleaned(IMPORTS.replace("product_category", "hts6"), f"2026-08,Census,Canada,{text},1,2").rows.iloc[0]
    assert (found["code_level"], found["code"], found["product"]) == ("hs6", code, "unwrought")


def test_six_digits_under_another_category_are_set_apart():
    head = IMPORTS + ",hts6"
    found = cleaned(head, "2026-08,Census,Canada,Foil,1,2,760110", "2026-08,Census,Canada,Unwrought,1,2,760110")
    assert list(found.rejects["reason"]) == ["HTS6 760110 is no code of foil"]
    assert len(found.rows) == 1


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2026-08,Census,Atlantis,Foil,1,2", "origin not known in row 2 'Atlantis'"),
        ("2026-08,Census,All other,Foil,1,2", "origin not known in row 2 'All other'"),
        ("2026-08,Census,Canada,Scrap,1,2", "product not known in row 2 'Scrap'"),
        ("2026-08,Final,Canada,Foil,1,2", "status not known in row 2 'Final'"),
    ],
)
def test_a_word_that_is_not_known_stops_the_load_with_its_rows(row, told):
    with pytest.raises(AimError, match=told):
        imports(row)


def test_a_six_digit_code_outside_the_scope_stops_the_load():
    with pytest.raises(AimError, match="hs6 not known in row 2 '760200'"):
        cleaned(IMPORTS.replace("product_category", "hts6"), "2026-08,Census,Canada,760200,1,2")


def test_groups_are_left_out_and_counted_and_the_world_is_kept():
    found = imports("2026-08,Census,European Union,Foil,5,6", "2026-08,Census,World,Foil,5,6")
    assert (found.groups, list(found.rows["origin"])) == (1, ["TOTAL"])


@pytest.mark.parametrize("mark", ["", "(D)", "W", "withheld"])
def test_a_withheld_cell_is_missing_and_not_zero(mark):
    (row,) = imports(f"2026-08,Census,Canada,Foil,{mark},0").rows.to_dict("records")
    assert pd.isna(row["quantity_kg"])
    assert row["customs_value_usd"] == 0


@pytest.mark.parametrize(
    ("bad", "good", "told"),
    [
        ("2026-13,Census,Canada,Foil,1,2", "2026-08,Census,Canada,Foil,1,2", "is no month"),
        ("2026-08-02,Census,Canada,Foil,1,2", "2026-08-01,Census,Canada,Foil,1,2", "is no month"),
        ("2026-11,License,Canada,Foil,1,2", "2026-10,License,Canada,Foil,1,2", "is after 2026-10-15"),
        ("2026-10,Census,Canada,Foil,1,2", "2026-09,Census,Canada,Foil,1,2", "had not ended on 2026-10-15"),
        ("2021-05,License,Canada,Foil,1,2", "2021-06,License,Canada,Foil,1,2", "licenses begin in June 2021"),
        ("2026-08,Census,Canada,Foil,-1,2", "2026-08,Census,Canada,Foil,0,2", "is negative"),
        ("2026-08,Census,Canada,Foil,-,2", "2026-08,Census,Canada,Foil,(D),2", "no mark of a withheld figure"),
        ('2026-08,Census,Canada,Foil,"1,5",2', '2026-08,Census,Canada,Foil,"1,500",2', "is no number"),
    ],
)
def test_each_rule_sets_apart_what_breaks_it_and_keeps_what_just_does_not(bad, good, told):
    found = imports(bad, good)
    assert list(found.rejects["row"]) == [2]
    assert told in found.rejects["reason"].iloc[0]
    assert len(found.rows) == 1


@pytest.mark.parametrize(("printed", "rejected"), [("2000", 0), ("2019.9", 0), ("1981", 0), ("2040", 1), ("1960", 1)])
def test_the_unit_value_is_value_over_quantity_within_one_percent(printed, rejected):
    found = cleaned(IMPORTS + ",average_unit_value_usd_t", f"2026-08,Census,Canada,Foil,1000.0,2000000,{printed}")
    assert len(found.rejects) == rejected


def test_a_small_quantity_printed_without_decimals_leaves_its_unit_value_room():
    found = cleaned(
        IMPORTS + ",auv", "2026-08,Census,Canada,Foil,1,3500,2500", "2026-08,Census,Canada,Wire,1,3500,2300"
    )
    assert list(found.rejects["row"]) == [3]  # 1 t may be 1.5 t, and 3,500 / 1.5 is 2,333


@pytest.mark.parametrize(
    ("word", "stored"), [("Canada", "CAN"), ("N/A", "N/A"), ("Not applicable", "N/A"), ("Unknown", "unknown")]
)
def test_the_words_of_smelt(word, stored):
    found = cleaned(SMELT, f"2026-08,Canada,{word},Foil,100")
    assert found.rows["largest_smelt"].tolist() == [stored]
    assert found.rows["data_basis"].tolist() == ["license"]


def test_na_without_a_stroke_can_be_namibia():
    with pytest.raises(AimError, match=r"largest smelt not known in row 2 'NA'.*Namibia"):
        cleaned(SMELT, "2026-08,Canada,NA,Foil,100")


def test_smelt_begins_in_july_2022_and_cast_in_june_2021():
    found = cleaned(SMELT, "2022-06,Canada,Canada,Foil,100", "2022-07,Canada,Canada,Foil,100")
    assert "before 2022-07" in found.rejects["reason"].item()
    head = SMELT.replace("largest_smelt", "most_recent_cast")
    found = cleaned(head, "2021-05,Canada,Canada,Foil,100", "2021-06,Canada,Canada,Foil,100")
    assert len(found.rejects) == 1
    assert found.heading == "cast"


def test_cast_is_never_not_applicable_nor_unknown():
    head = SMELT.replace("largest_smelt", "most_recent_cast").replace("share_of_quantity_pct", "quantity_metric_tons")
    found = cleaned(head, "2026-08,Canada,N/A,Foil,1", "2026-08,Canada,Unknown,Foil,1", "2026-08,Canada,Chile,Foil,1")
    assert list(found.rejects["row"]) == [2, 3]


@pytest.mark.parametrize(("second", "rejected"), [("39.8", 0), ("40.2", 0), ("39.7", 2), ("40.3", 2)])
def test_shares_add_up_to_a_hundred_within_two_tenths(second, rejected):
    found = cleaned(SMELT, "2026-08,Canada,Canada,Foil,60.0", f"2026-08,Canada,N/A,Foil,{second}")
    assert len(found.rejects) == rejected
    if rejected:
        assert f"{60 + float(second):.2f}%, not 100%" in found.rejects["reason"].iloc[0]
    else:
        assert found.rows["share_quantity"].tolist() == [0.6, pytest.approx(float(second) / 100)]


def test_many_shares_printed_in_whole_percents_may_miss_by_their_rounding():
    places = ["Canada", "Chile", "Ghana", "India", "Japan", "Kenya", "Nepal"]
    found = cleaned(SMELT, *(f"2026-08,Canada,{place},Foil,14" for place in places))  # 7 x 14.29 = 100
    assert found.rejects.empty


@pytest.mark.parametrize(
    ("header", "cells", "noted"),
    [
        ("share_of_quantity_pct", ("60", "40"), False),
        ("share_of_quantity", ("0.6", "0.4"), False),
        ("share_of_quantity", ("60%", "40%"), False),
        ("share_of_quantity_pct", ("0.6", "0.4"), True),  # Excel shows such cells in percent
    ],
)
def test_percent_or_fraction_is_told_by_the_sums(header, cells, noted):
    head = SMELT.replace("share_of_quantity_pct", header)
    rows = [f"2026-08,Canada,{place},Foil,{cell}" for place, cell in zip(("Canada", "N/A"), cells, strict=True)]
    found = cleaned(head, *rows)
    assert found.rows["share_quantity"].tolist() == pytest.approx([0.6, 0.4])
    assert bool(found.notes) == noted


def test_shares_beside_a_withheld_one_may_be_less_but_not_more():
    rows = ("2026-08,Canada,Canada,Foil,60", "2026-08,Canada,N/A,Foil,(D)", "2026-08,Chile,Chile,Foil,100")
    assert cleaned(SMELT, *rows).rejects.empty
    more = ("2026-08,Canada,Canada,Foil,103", *rows[1:])
    assert len(cleaned(SMELT, *more).rejects) == 2


def test_shares_without_a_header_or_a_whole_origin_cannot_be_read():
    head = SMELT.replace("share_of_quantity_pct", "share_of_quantity")
    with pytest.raises(AimError, match="whether share_quantity is in percent"):
        cleaned(head, "2026-08,Canada,Canada,Foil,0.6", "2026-08,Canada,N/A,Foil,(D)")


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (SMELT + ",country_of_most_recent_cast", "smelt and cast in one table"),
        ("month,country_of_origin,product_category,quantity_metric_tons", "needs data_status"),
        ("month,data_status,product_category,quantity_metric_tons", "needs country_of_origin"),
        ("month,data_status,country_of_origin,quantity_metric_tons", "needs product_category or hts6"),
        ("month,data_status,country_of_origin,product_category", "needs a figure"),
        (IMPORTS + ",Quantity (kg)", "both read as quantity"),
        (IMPORTS.replace("quantity_metric_tons", "Quantity"), "does not say its unit"),
    ],
)
def test_a_table_that_lacks_a_column_or_has_two_of_one(head, told):
    with pytest.raises(AimError, match=told):
        cleaned(head, ",".join("x" * (head.count(",") + 1)))


def test_titles_above_and_lines_of_text_below_are_passed_over():
    lines = ("U.S. aluminum imports", "", IMPORTS, "2026-08,Census,Canada,Foil,1,2", "", "Source: the monitor")
    assert len(cleaned(*lines).rows) == 1
    assert cleaned(*lines).rejects.empty


def test_columns_that_are_not_used_are_named():
    assert cleaned(IMPORTS + ",region", "2026-08,Census,Canada,Foil,1,2,North").notes == (
        "monitor.csv: columns not used: region.",
    )


def test_a_table_without_the_monitors_columns():
    with pytest.raises(AimError, match="no columns of the public monitor; its first row is 'date, price'"):
        read_dashboards(b"date,price\n2024-01-01,1\n", "monitor.csv")
