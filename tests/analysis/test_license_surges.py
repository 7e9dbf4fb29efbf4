"""Licenses over the last three Census months: the published cases of February 2022, and what blanks a base."""

from __future__ import annotations

import pandas as pd
import pytest

from aimlib.analysis.confidentiality import Rule
from aimlib.analysis.license_surges import license_surges

ZAF = {"2021-10": 9999.0, "2021-11": 6000.0, "2021-12": 5000.0, "2022-01": 5995.0}
CHN = {"2021-11": 19000.0, "2021-12": 19500.0, "2022-01": 19520.0}


def cell(origin, tonnes, product="unwrought", month="2022-02", importers=9, top_share=0.3, price=3000.0):
    return {
        "month": pd.Timestamp(month), "origin": origin, "product": product, "quantity_kg": tonnes * 1000,
        "customs_value_usd": tonnes * price, "importers": importers, "top_share": top_share,
    }  # fmt: skip


def cells(*rows):
    return pd.DataFrame(rows).astype({"month": "datetime64[us]", "importers": "Int64"})


@pytest.fixture
def early_2022(book):
    """Census through January 2022, with South Africa's and China's published bases."""
    found = book("2021-01", "2022-02").complete("2021-01", "2022-01")
    found.complete("2022-02", data_basis="license")
    for origin, months in {"ZAF": ZAF, "CHN": CHN}.items():
        for month, tonnes in months.items():
            found.row(month, origin, tonnes * 3000, tonnes)
    return found


def surged(found, licenses, *arguments, **options):
    return license_surges(licenses, found.rows, found.months, *arguments, listed=found.listed, **options)


def test_the_published_surges_of_february_2022(early_2022, at):
    table = surged(early_2022, cells(cell("ZAF", 22775), cell("CHN", 23981)), threshold=0.2)
    assert at(table, "quantity_t", origin="ZAF") == 22775
    assert at(table, "quantity_t_base", origin="ZAF") == pytest.approx(5665)
    assert f"{at(table, 'change', origin='ZAF'):+.0%}" == "+302%"
    assert at(table, "quantity_t_base", origin="CHN") == pytest.approx(19340)
    assert f"{at(table, 'change', origin='CHN'):+.0%}" == "+24%"
    assert (table["from"] == pd.Timestamp("2021-11")).all()
    assert (table["to"] == pd.Timestamp("2022-01")).all()
    assert table["origin"].tolist() == ["ZAF", "CHN"]  # the greater excess first
    assert table.columns.tolist() == [
        "origin", "product", "month", "quantity_t", "quantity_t_base", "change", "new", "from", "to", "protected",
    ]  # fmt: skip


def test_below_the_threshold_is_no_surge(early_2022):
    licenses = cells(cell("ZAF", 22775), cell("CHN", 23981))
    assert surged(early_2022, licenses)["origin"].tolist() == ["ZAF"]
    assert len(surged(early_2022, cells(cell("ZAF", 5665 * 1.5)))) == 1
    assert not len(surged(early_2022, cells(cell("ZAF", 5665 * 1.499))))


def test_below_the_minimum_is_no_surge(early_2022):
    assert len(surged(early_2022, cells(cell("MYS", 250.0)))) == 1
    assert not len(surged(early_2022, cells(cell("MYS", 249.9))))
    assert len(surged(early_2022, cells(cell("MYS", 249.9)), minimum=100))


def test_the_month_judged_is_not_in_its_base(early_2022, at):
    """Also where Census has published it by now."""
    early_2022.complete("2022-02").row("2022-02", "ZAF", 1.0, 20000.0)
    assert at(surged(early_2022, cells(cell("ZAF", 22775))), "quantity_t_base") == pytest.approx(5665)


def test_license_months_between_are_not_in_the_base(early_2022, at):
    early_2022.complete("2022-01", data_basis="license")
    table = surged(early_2022, cells(cell("ZAF", 22775)))
    assert at(table, "to") == pd.Timestamp("2021-12")
    assert at(table, "quantity_t_base") == pytest.approx((9999 + 6000 + 5000) / 3)


def test_the_calendar_may_end_before_the_month(early_2022, at):
    months = early_2022.months[early_2022.months["month"] < "2022-02"]
    table = license_surges(cells(cell("ZAF", 22775)), early_2022.rows, months)
    assert at(table, "quantity_t_base") == pytest.approx(5665)


def test_no_row_in_a_complete_month_is_a_true_zero(early_2022, at):
    early_2022.without("2021-12", "ZAF")
    assert at(surged(early_2022, cells(cell("ZAF", 22775))), "quantity_t_base") == pytest.approx(11995 / 3)


def test_an_origin_without_a_base_is_new(early_2022, at):
    table = surged(early_2022, cells(cell("MYS", 300.0), cell("ZAF", 300.0, product="foil")))
    assert table["new"].all()
    assert table["change"].isna().all()
    assert (table["quantity_t_base"] == 0).all()


def test_a_base_with_a_month_not_loaded_is_blank_and_no_surge(early_2022):
    early_2022.not_loaded("2021-12")
    assert not len(surged(early_2022, cells(cell("ZAF", 22775), cell("MYS", 300.0))))


def test_a_month_that_does_not_list_the_origin_blanks_its_base(early_2022):
    early_2022.selection("2021-12", listed=("ZAF",))
    assert surged(early_2022, cells(cell("ZAF", 22775), cell("CHN", 239810), cell("MYS", 300.0)))[
        "origin"
    ].tolist() == ["ZAF"]


def test_a_quantity_withheld_blanks_the_base_of_quantity_alone(early_2022):
    early_2022.without("2021-12", "ZAF").row("2021-12", "ZAF", 15e6, None)
    assert not len(surged(early_2022, cells(cell("ZAF", 22775))))
    assert len(surged(early_2022, cells(cell("ZAF", 22775)), "value"))


def test_a_month_still_filling_is_not_judged(early_2022):
    early_2022.complete("2022-02", data_basis="license", partial=True)
    licenses = cells(cell("ZAF", 22775), cell("ZAF", 22775, month="2022-01"))
    assert surged(early_2022, licenses)["month"].unique().tolist() == [pd.Timestamp("2022-01")]
    assert surged(early_2022, licenses, month=pd.Timestamp("2022-02")).empty


def test_protected_cells_come_last_without_their_figures(early_2022):
    licenses = cells(
        cell("ZAF", 90000.0, importers=2),
        cell("CHN", 40000.0),
        cell("ARE", 900.0, top_share=0.81),
        cell("BHR", 800.0, top_share=0.8),
    )
    table = surged(early_2022, licenses)
    assert table["origin"].tolist() == ["CHN", "BHR", "ARE", "ZAF"]
    assert table["protected"].tolist() == [False, False, True, True]
    hidden = table[table["protected"]]
    assert hidden[["quantity_t", "change", "new"]].isna().all(axis=None)
    assert table.loc[~table["protected"], "quantity_t"].notna().all()
    assert not surged(early_2022, licenses, rule=Rule(importers=1, share=1.0))["protected"].any()


def test_by_one_key(early_2022):
    whole = cells(cell("ZAF", 22775), cell("CHN", 23981))
    by_origin = surged(early_2022, whole.drop(columns="product"), threshold=0.2)
    assert by_origin["origin"].tolist() == ["ZAF", "CHN"]
    by_product = surged(early_2022, whole.head(1).drop(columns="origin").assign(quantity_kg=50e6))
    assert by_product["quantity_t_base"].tolist() == [pytest.approx(5665 + 19340)]


def test_two_rows_for_a_cell_are_refused(early_2022):
    with pytest.raises(ValueError, match="one row a cell"):
        surged(early_2022, cells(cell("ZAF", 1.0), cell("ZAF", 1.0)))


def test_without_licenses_there_are_no_surges(early_2022):
    assert surged(early_2022, cells(cell("ZAF", 1.0)).iloc[:0]).empty
