"""Suppression, attacked: no hidden cell follows from what is shown, by subtraction or by any linear arithmetic."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimlib.analysis.confidentiality import Rule, is_sensitive, protect, protect_series
from aimlib.analysis.confidentiality.projection import determined
from aimlib.errors import AimError

RULE = Rule(importers=3, share=0.8)
AMOUNTS = ["quantity_kg", "customs_value_usd"]


def contributions(rows) -> pd.DataFrame:
    """Return contributions of (row, column, importer, kilograms, dollars)."""
    frame = pd.DataFrame(rows, columns=["row", "column", "importer", *AMOUNTS])
    return frame.astype({"importer": "Int64", "row": "str", "column": "str"} | dict.fromkeys(AMOUNTS, "float64"))


def random_table(seed: int) -> pd.DataFrame:
    """Return contributions to a table of 1 to 9 rows and columns, from scattered to concentrated."""
    rng = np.random.default_rng(seed)
    rows, columns, size = rng.integers(1, 10), rng.integers(1, 9), rng.integers(1, 400)
    weight = rng.dirichlet(np.full(rows, 0.6))
    mix = rng.dirichlet(np.full(columns, rng.choice([0.2, 1.0])), rows)
    row = rng.choice(rows, size, p=weight)
    column = np.array([rng.choice(columns, p=mix[at]) for at in row])
    kg = np.round(np.exp(rng.normal(8, 1.2, size)))
    usd = np.round(kg * rng.uniform(2, 5, size))
    importer = rng.integers(0, rng.integers(1, 25), size)
    return contributions(zip(row.astype(str), column.astype(str), importer, kg, usd, strict=True))


def equations(cells: pd.DataFrame) -> np.ndarray:
    """Return the sums of a two-way table as rows of coefficients over its cells."""
    out = []
    for key, other in (("row", "column"), ("column", "row")):
        for name in cells[key].unique():
            line = (cells[key] == name).to_numpy()
            out.append(np.where(line, np.where(cells[other] == "TOTAL", -1.0, 1.0), 0.0))
    return np.array(out)


def recovered(lines: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Return the hidden cells that the equations determine: zero in all of the null space (by singular values)."""
    known = lines[:, hidden]
    _, size, vectors = np.linalg.svd(known, full_matrices=True)
    free = vectors[(size > 1e-9).sum() :]
    return np.flatnonzero(hidden)[~(np.abs(free) > 1e-7).any(axis=0)]


def sensitive(rows: pd.DataFrame, rule: Rule = RULE) -> bool:
    """Judge contributions by the rule, in plain pandas."""
    by_importer = rows.groupby("importer")[AMOUNTS].sum()
    few = 0 < len(by_importer) < rule.importers
    return bool(few or (len(by_importer) and (by_importer.max() / by_importer.sum() > rule.share + 1e-9).any()))


def with_margins(rows: pd.DataFrame) -> pd.DataFrame:
    over = [rows.assign(**dict.fromkeys(keys, "TOTAL")) for keys in ((), ("row",), ("column",), ("row", "column"))]
    return pd.concat(over)


class TestRule:
    def tells(self, *importers: float, value=None) -> bool:
        kg = np.array(importers)
        usd = kg if value is None else np.array(value)
        one = (np.array([len(kg)]), *(np.array([f(x)]) for f in (np.sum, np.max) for x in (kg, usd)))
        return bool(is_sensitive(*one, RULE)[0])

    def test_two_importers_are_too_few_and_three_are_not(self):
        assert self.tells(50, 50)
        assert not self.tells(40, 30, 30)

    def test_eighty_percent_is_allowed_and_more_is_not(self):
        assert not self.tells(80, 10, 10)
        assert self.tells(81, 10, 9)

    def test_dominance_in_value_alone_is_enough(self):
        assert self.tells(40, 30, 30, value=[90, 5, 5])

    def test_nobody_is_not_sensitive(self):
        assert not is_sensitive(*(np.zeros(1),) * 5, RULE)[0]

    @pytest.mark.parametrize("wrong", [{"importers": 0}, {"share": 0.0}, {"share": 1.5}])
    def test_an_impossible_rule_is_refused(self, wrong):
        with pytest.raises(AimError):
            Rule(**wrong)


THREE = (1, 2, 3)


@pytest.fixture
def square():
    """Nine cells of three importers each, and one of them with a single importer; one cell without imports."""
    rows = [
        (row, column, importer, 10.0 * (1 + at) * (2 + place), 100.0 * (1 + at) * (2 + place))
        for at, row in enumerate("abc")
        for place, column in enumerate("xyz")
        for importer in THREE
        if (row, column) not in {("a", "x"), ("c", "z")}
    ]
    return contributions([*rows, ("a", "x", 1, 5.0, 50.0)])


def at(found, row, column, what="suppressed"):
    cells = found.cells.set_index(["row", "column"])
    return cells.loc[(row, column), what]


class TestTwoWay:
    def test_a_sensitive_cell_takes_partners_and_margins_stay(self, square):
        found = protect(square, "row", "column", RULE)
        assert at(found, "a", "x") == "primary"
        assert found.primary == 1
        assert found.secondary == 3
        margins = found.cells[(found.cells["row"] == "TOTAL") | (found.cells["column"] == "TOTAL")]
        assert (margins["suppressed"] == "").all()
        hidden = found.cells[found.cells["suppressed"] != ""]
        assert (hidden.groupby("row").size() == 2).all()
        assert (hidden.groupby("column").size() == 2).all()

    def test_the_cheapest_partners_are_taken(self, square):
        found = protect(square, "row", "column", RULE)
        hidden = found.cells[found.cells["suppressed"] == "secondary"]
        assert set(zip(hidden["row"], hidden["column"], strict=True)) == {("a", "y"), ("b", "x"), ("b", "y")}

    def test_hidden_figures_are_blank_in_both_measures_and_in_shares(self, square):
        found = protect(square, "row", "column", RULE).cells
        hidden = found["suppressed"] != ""
        for name in (*AMOUNTS, "share_quantity", "share_value"):
            assert found.loc[hidden, name].isna().all()
            assert found.loc[~hidden, name].notna().all()

    def test_a_zero_is_shown_as_zero_and_is_never_a_partner(self, square):
        found = protect(square, "row", "column", RULE)
        assert at(found, "c", "z") == ""
        assert at(found, "c", "z", "quantity_kg") == 0
        assert at(found, "c", "z", "share_value") == 0

    def test_nothing_is_hidden_where_nothing_is_sensitive(self, square):
        found = protect(square[square["row"] != "a"], "row", "column", RULE)
        assert found.primary == found.secondary == 0
        inner = found.cells[found.cells["column"] != "TOTAL"]
        assert np.allclose(inner.groupby("row")[["share_quantity", "share_value"]].sum(), 1)

    def test_importers_not_known_are_a_public_source_and_nothing_is_hidden(self, square):
        found = protect(square.assign(importer=pd.array([pd.NA] * len(square), dtype="Int64")), "row", "column", RULE)
        assert found.primary == found.secondary == 0

    def test_a_single_importer_leaves_nothing_but_zeros(self, square):
        found = protect(square.assign(importer=7), "row", "column", RULE).cells
        assert found.loc[found["suppressed"] == "", "quantity_kg"].eq(0).all()
        assert (found["suppressed"] == "primary").sum() == 8 + 7

    def test_a_rectangle_of_one_importer_is_no_cover_for_itself(self):
        """Four cells of one importer cannot be told apart, but what they are together in a row is his alone."""
        rows = [(row, column, i, 100, 100) for row in "abc" for column in "xyz" for i in (1, 2, 3, 4)]
        his = [("d", "x", 9, 10, 10), ("d", "y", 9, 10, 10), ("e", "x", 9, 10, 10), ("e", "y", 9, 10, 10)]
        others = [(row, "z", i, 100, 100) for row in "de" for i in (1, 2, 3, 4)]
        found = protect(contributions([*rows, *his, *others]), "row", "column", RULE)
        assert found.primary == 4
        assert at(found, "d", "z") == "secondary"
        assert at(found, "e", "z") == "secondary"

    def test_the_order_of_rows_changes_nothing(self, square):
        found = protect(square, "row", "column", RULE)
        again = protect(square.sample(frac=1, random_state=3), "row", "column", RULE)
        pd.testing.assert_frame_equal(found.cells, again.cells)

    def test_no_rows_are_no_cells_but_the_total(self):
        found = protect(contributions([]), "row", "column", RULE)
        assert found.cells["quantity_kg"].tolist() == [0]

    def test_a_share_of_a_hidden_total_is_blank(self):
        rows = [("a", "x", 1, 100, 100), *(("a", "y", i, 5, 5) for i in THREE)]
        other = [(row, column, i, 500, 500) for row in "bc" for column in "xy" for i in (1, 2, 3, 4)]
        found = protect(contributions([*rows, *other]), "row", "column", RULE)
        assert at(found, "a", "TOTAL") == "primary"
        assert np.isnan(at(found, "a", "y", "share_quantity"))


class TestAttack:
    @pytest.mark.parametrize("block", range(8))
    def test_no_hidden_cell_follows_from_all_sums_together(self, block):
        hidden_cells = 0
        for seed in range(100 * block, 100 * block + 100):
            cells = protect(random_table(seed), "row", "column", RULE).cells
            hidden = (cells["suppressed"] != "").to_numpy()
            if hidden.any():
                assert len(recovered(equations(cells), hidden)) == 0, seed
            hidden_cells += hidden.sum()
        assert hidden_cells > 500

    @pytest.mark.parametrize("seed", range(60))
    def test_what_is_hidden_of_a_line_is_together_not_sensitive(self, seed):
        rows = random_table(1000 + seed)
        cells = protect(rows, "row", "column", RULE).cells
        behind = with_margins(rows)
        status = cells.set_index(["row", "column"])["suppressed"]
        for key, other in (("row", "column"), ("column", "row")):
            for name, line in cells[cells[other] != "TOTAL"].groupby(key):
                total = status[(name, "TOTAL") if key == "row" else ("TOTAL", name)]
                hidden = line.loc[line["suppressed"] != "", other]
                if total == "" and len(hidden):
                    union = behind[(behind[key] == name) & behind[other].isin(hidden)]
                    assert not sensitive(union), (key, name)

    @pytest.mark.parametrize("seed", range(60))
    def test_primary_is_just_what_the_rule_says(self, seed):
        rows = random_table(2000 + seed)
        cells = protect(rows, "row", "column", RULE).cells.set_index(["row", "column"])["suppressed"]
        by_cell = with_margins(rows).groupby(["row", "column"])[["importer", *AMOUNTS]]
        expected = {key for key, group in by_cell if sensitive(group)}
        assert set(cells.index[cells == "primary"]) == expected

    @pytest.mark.parametrize("seed", range(40))
    def test_with_nonnegative_cells_too_no_line_leaves_one_hidden_cell_beside_zeros(self, seed):
        rows = random_table(3000 + seed)
        cells = protect(rows, "row", "column", RULE).cells
        held = with_margins(rows).groupby(["row", "column"])["quantity_kg"].sum()
        hidden = cells[cells["suppressed"] != ""]
        assert all(held.get(key, 0) > 0 for key in zip(hidden["row"], hidden["column"], strict=True))
        assert (hidden.groupby("row").size() != 1).all()
        assert (hidden.groupby("column").size() != 1).all()

    def test_the_attack_itself_finds_a_table_with_one_hidden_cell(self):
        cells = protect(random_table(5), "row", "column", Rule(1, 1.0)).cells
        inner = (cells["row"] != "TOTAL") & (cells["column"] != "TOTAL")
        hidden = np.zeros(len(cells), dtype=bool)
        hidden[np.flatnonzero(inner)[0]] = True
        assert len(recovered(equations(cells), hidden)) == 1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 20))
def test_the_projection_tells_what_singular_values_tell(seed, lines, cells):
    rng = np.random.default_rng(seed)
    matrix = rng.choice([0.0, 0.0, 1.0, -1.0], size=(lines, cells))
    line, cell = np.nonzero(matrix)
    found = determined(line, cell, matrix[line, cell], cells)
    expected = np.isin(np.arange(cells), recovered(matrix, np.ones(cells, dtype=bool)))
    assert (found == expected).all()


class TestSeries:
    def months(self, **importers) -> pd.DataFrame:
        rows = [
            ("", month, i, 10.0 * (i + 1), 10.0 * (i + 1)) for month, number in importers.items() for i in range(number)
        ]
        return contributions(rows).rename(columns={"column": "month"})[["month", "importer", *AMOUNTS]]

    def test_one_thin_month_takes_another_and_the_sum_stays(self):
        found = protect_series(self.months(jan=1, feb=4, mar=5, apr=6), "month", RULE).cells.set_index("month")
        assert found.loc["jan", "suppressed"] == "primary"
        assert (found["suppressed"] != "").sum() == 2
        assert found.loc["TOTAL", "suppressed"] == ""

    def test_a_thin_series_has_no_sum_either(self):
        found = protect_series(self.months(jan=1, feb=2), "month", RULE).cells
        assert (found["suppressed"] == "primary").all()

    def test_shares_are_of_the_sum(self):
        found = protect_series(self.months(jan=3, feb=3), "month", Rule(3, 0.9)).cells.set_index("month")
        assert found["share_quantity"].to_dict() == {"jan": 0.5, "feb": 0.5, "TOTAL": 1.0}
