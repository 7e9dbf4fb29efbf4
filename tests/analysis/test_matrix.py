"""Products by origin."""

from __future__ import annotations

import pytest

from aimlib.analysis.grid import grid
from aimlib.analysis.matrix import product_by_origin
from aimlib.analysis.months import month_window
from aimlib.analysis.totals import total

C = "customs_value_usd"


@pytest.fixture
def found(book):
    found = book("2024-01", "2024-01").complete("2024-01")
    for origin, foil, wire in (("CAN", 1, 50), ("CHN", 30, 0), ("ITA", 4, 5)):
        found.row("2024-01", origin, foil, 1, product="foil").row("2024-01", origin, wire, 1, product="wire")
    return found


def matrix(found, **options):
    cells = grid(found.rows, found.months, found.listed, by=("origin", "product"))
    by_product = total(found.rows, found.totals, found.months, by=("product",))
    whole = total(found.rows, found.totals, found.months)
    return product_by_origin(cells, by_product, whole, month_window(found.months), **options)


def test_rows_are_the_largest_origins_and_columns_the_products(found):
    table = matrix(found, top=2)
    assert table["origin"].drop_duplicates().tolist() == ["CAN", "CHN", "REST", "TOTAL"]
    assert table["product"].tolist()[:3] == ["foil", "wire", "TOTAL"]
    assert table[C].tolist() == [1, 50, 51, 30, 0, 30, 4, 5, 9, 35, 55, 90]


def test_each_figure_has_its_share_of_all(found, at):
    table = matrix(found)
    assert at(table, "share_of_total", origin="CAN", product="wire") == 50 / 90
    assert at(table, "share_of_total", origin="TOTAL", product="TOTAL") == 1


def test_a_kept_origin_is_shown(found):
    assert "ITA" in set(matrix(found, top=1, keep=["ITA"])["origin"])


def test_the_rest_of_a_selection_takes_in_what_is_not_listed(found, at):
    found.selection("2024-01", listed=("CAN", "CHN", "ITA"))
    found.published("2024-01", 100, product="foil").published("2024-01", 100, product="wire")
    table = matrix(found)
    assert at(table, C, origin="REST", product="foil") == 65
    assert at(table, C, origin="REST", product="TOTAL") == 110
    assert at(table, "not_listed", origin="REST", product="foil")
    assert not at(table, "not_listed", origin="CAN", product="foil")
    assert at(table, "share_of_total", origin="CAN", product="TOTAL") == 51 / 200
