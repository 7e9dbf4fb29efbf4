"""What the tables say: periods, words that are no countries, public sources, hidden rows, bounds and notes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aimlib.analysis.metal.carbon import carbon
from aimlib.analysis.metal.concentration import concentration
from aimlib.analysis.metal.differs import with_year_before
from aimlib.reference.carbon import intensities

NAN = float("nan")


def three(month, origin, largest, second="N/A", cast="CAN", kg=300.0, product="wire", importers=(1, 2, 3)):
    """Return rows of equal importers that together bring `kg` kilograms at two dollars."""
    part = kg / len(importers)
    return [(month, origin, product, largest, second, cast, i, part, 2 * part) for i in importers]


def cell(table, **keys):
    for key, value in keys.items():
        table = table[table[key] == value]
    assert len(table) == 1
    return table.iloc[0]


class TestPeriod:
    @pytest.fixture
    def found(self, made, tables):
        rows = [
            *three("2021-06", "CAN", "not collected", "not collected"),
            *three("2021-07", "CAN", "not collected", "not collected"),
            *three("2022-06", "CAN", "not collected", "not collected"),
            *three("2022-07", "CAN", "CAN"),
            *three("2022-08", "CAN", "RUS", kg=600.0),
        ]
        return tables(made.tidy(rows))

    def test_smelt_begins_in_july_2022_and_cast_in_july_2021(self, found):
        assert found.notes.smelt_first == pd.Timestamp("2022-07-01")
        assert found.notes.cast_first == pd.Timestamp("2021-07-01")
        assert found.notes.months_left_out == 13
        assert cell(found.matrix_smelt, origin="CAN", largest_smelt="TOTAL")["quantity_kg"] == 900
        assert cell(found.matrix_cast, origin="CAN", recent_cast="TOTAL")["quantity_kg"] == 1500

    def test_no_figure_of_smelt_stands_before(self, found):
        over = found.over_time
        assert over.loc[over["field"] == "largest_smelt", "period"].min() == pd.Timestamp("2022-07-01")
        assert over.loc[over["field"] == "recent_cast", "period"].min() == pd.Timestamp("2021-07-01")
        assert found.exposures_over_time["period"].min() == pd.Timestamp("2022-07-01")

    def test_a_quarter_cut_by_the_period_holds_the_months_inside(self, found):
        quarters = found.over_time.query("by == 'quarter' and field == 'recent_cast' and metal == 'TOTAL'")
        own = quarters[quarters["origin"] == "CAN"].set_index("period")["quantity_kg"]
        assert own[pd.Timestamp("2022-07-01")] == 900
        assert own[pd.Timestamp("2021-10-01")] == 0

    def test_exposures_to_cast_count_the_months_of_smelt_alone(self, made, tables):
        rows = [*three("2022-05", "MEX", "not collected", "not collected", "CHN"), *three("2022-07", "MEX", "CAN")]
        found = tables(made.tidy(rows)).exposures
        assert cell(found, origin="MEX", country="CHN", measure="cast")["quantity_kg"] == 0

    def test_a_period_before_smelt_has_none(self, made, tables):
        found = tables(made.tidy(three("2022-05", "MEX", "not collected", "not collected", "CHN")))
        assert found.notes.smelt_first is None
        assert found.implied.empty
        assert found.exposures.empty
        assert found.exposures_over_time.empty
        assert cell(found.matrix_cast, origin="MEX", recent_cast="CHN")["quantity_kg"] == 300


class TestWords:
    @pytest.fixture
    def detail(self, made):
        return made.tidy(
            [
                *three("2024-01", "MEX", "CAN", kg=300),
                *three("2024-01", "MEX", "RUS", "CAN", kg=300),
                *three("2024-01", "MEX", "N/A", kg=600),
                *three("2024-01", "MEX", "unknown", "unknown", kg=300),
            ]
        )

    def test_na_and_unknown_are_columns_and_stay_in_the_denominator(self, detail, tables):
        found = tables(detail).matrix_smelt
        assert cell(found, origin="MEX", largest_smelt="CAN")["share_quantity"] == 0.2
        assert cell(found, origin="MEX", largest_smelt="N/A")["share_quantity"] == 0.4
        assert cell(found, origin="MEX", largest_smelt="unknown")["column_kind"] == "unknown"

    def test_primary_only_leaves_na_out_of_the_denominator(self, detail, tables):
        found = tables(detail, primary_only=True)
        assert np.isclose(cell(found.matrix_smelt, origin="MEX", largest_smelt="CAN")["share_quantity"], 1 / 3)
        assert np.isnan(cell(found.matrix_smelt, origin="MEX", largest_smelt="N/A")["share_quantity"])
        inner = found.matrix_smelt[(found.matrix_smelt["largest_smelt"] != "TOTAL")]
        assert np.allclose(inner[inner["origin"] != "ZAF"].groupby("origin")["share_value"].sum(), 1)
        assert found.notes.share_na == 0.4

    def test_concentration_is_of_countries(self, detail, tables):
        row = cell(tables(detail).concentration, origin="MEX", measure="quantity")
        assert row["herfindahl_low"] == 0.5
        assert row["countries"] == 2
        assert row["share_na"] == 0.4
        assert row["share_unknown"] == 0.2

    def test_bounds_follow_the_ordering(self, detail, made, tables):
        census = pd.DataFrame(
            {
                "month": pd.to_datetime(["2024-01-01"] * 2),
                "origin": "MEX",
                "product": ["wire", "foil"],
                "quantity_kg": [3000.0, 50.0],
                "customs_value_usd": 1.0,
            }
        )
        found = tables(detail, census, watch=("CAN", "RUS", "CHN"))
        can = cell(found.implied_bounds, origin="MEX", country="CAN")
        assert can["content_low_kg"] == 600
        assert can["content_high_kg"] == 600 + 600 / 2 + 600 + 50
        assert can["touched_low_kg"] == 1200
        assert can["touched_high_kg"] == 1200 + 600 + 50
        rus = cell(found.implied_bounds, origin="MEX", country="RUS")
        assert rus["content_low_kg"] == 0
        assert rus["content_high_kg"] == 600 + 600 + 50
        assert cell(found.implied, origin="MEX", largest_smelt="not covered")["implied_quantity_kg"] == 50
        assert np.isclose(found.notes.share_not_covered, 50 / 3050)

    def test_a_license_without_smelt_after_the_start_is_a_column_of_its_own(self, detail, made, tables):
        late = made.tidy(three("2024-01", "MEX", "not collected", "not collected"))
        found = tables(pd.concat([detail, late]))
        assert cell(found.matrix_smelt, origin="MEX", largest_smelt="not collected")["quantity_kg"] == 300
        assert found.notes.share_not_collected == 300 / 1800


class TestPublicMonitor:
    """Its dashboards repeat the same imports: by smelt without cast, by cast without smelt; nobody is named."""

    @pytest.fixture
    def found(self, made, tables):
        rows = [
            ("2024-01", "MEX", "wire", "CHN", "not collected", "not collected", pd.NA, 40.0, 80.0),
            ("2024-01", "MEX", "wire", "CAN", "not collected", "not collected", pd.NA, 60.0, 120.0),
            ("2024-01", "MEX", "wire", "not collected", "not collected", "MEX", pd.NA, 90.0, 180.0),
            ("2024-01", "MEX", "wire", "not collected", "not collected", "CHN", pd.NA, 10.0, 20.0),
        ]
        return tables(made.tidy(rows))

    def test_nothing_is_counted_twice_and_nothing_hidden(self, found):
        assert cell(found.matrix_smelt, origin="MEX", largest_smelt="TOTAL")["quantity_kg"] == 100
        assert cell(found.matrix_cast, origin="MEX", recent_cast="TOTAL")["quantity_kg"] == 100
        assert found.notes.hidden[["primary", "secondary"]].to_numpy().sum() == 0
        assert "not collected" not in set(found.matrix_smelt["largest_smelt"])

    def test_measures_that_need_the_second_smelt_are_missing_and_the_notes_say_so(self, found):
        assert found.notes.measures == ("largest", "cast")
        assert set(found.exposures["measure"]) == {"largest", "cast"}
        assert cell(found.exposures, origin="MEX", country="CHN", measure="cast")["share_quantity"] == 0.1
        assert found.implied_bounds.empty


class TestHidden:
    @pytest.fixture
    def detail(self, made):
        """One origin of a single importer beside larger ones."""
        return made.tidy(
            [
                *three("2024-01", "BHR", "BHR", kg=100, importers=(9,)),
                *three("2024-01", "MEX", "CAN", kg=6000),
                *three("2024-01", "MEX", "RUS", kg=900),
                *three("2024-01", "CAN", "CAN", kg=9000),
                *three("2024-01", "CAN", "RUS", kg=600),
                *three("2024-01", "DEU", "NOR", kg=800),
                *three("2024-01", "DEU", "CAN", kg=700),
            ]
        )

    def test_an_origin_whose_total_is_hidden_is_blank_throughout(self, detail, tables):
        found = tables(detail).matrix_smelt
        row = found[found["origin"] == "BHR"]
        assert (row["suppressed"] != "").all()
        assert row["quantity_kg"].isna().all()
        assert found[found["origin"] == "BHR"].set_index("largest_smelt").loc["BHR", "suppressed"] == "primary"

    def test_zeros_of_other_origins_are_zeros(self, detail, tables):
        found = tables(detail).matrix_smelt
        assert cell(found, origin="CAN", largest_smelt="NOR")["suppressed"] in ("", "secondary")
        assert cell(found, origin="MEX", largest_smelt="BHR")["quantity_kg"] == 0

    def test_implied_tonnes_of_a_hidden_origin_are_its_census_total_alone(self, detail, made, tables):
        found = tables(detail, made.census(detail))
        row = found.implied[found.implied["origin"] == "BHR"].set_index("largest_smelt")["implied_quantity_kg"]
        assert row.drop("TOTAL").isna().all()
        assert row["TOTAL"] > 0

    def test_carbon_withholds_what_is_hidden_as_one_row(self, detail, made, tables):
        found = tables(detail, made.census(detail)).carbon
        row = cell(found, origin="BHR", largest_smelt="withheld")
        assert row["quantity_kg"] == cell(found, origin="BHR", largest_smelt="TOTAL")["quantity_kg"]
        assert row["co2e_low_t"] == pytest.approx(0.5 * row["quantity_kg"] / 1000)
        assert row["co2e_high_t"] == pytest.approx(31.0 * row["quantity_kg"] / 1000)

    def test_the_notes_count_what_is_hidden(self, detail, tables):
        found = tables(detail)
        counted = found.notes.hidden.set_index("table").loc["matrix_smelt"]
        assert counted["primary"] == (found.matrix_smelt["suppressed"] == "primary").sum() > 0
        assert counted["cells"] == len(found.matrix_smelt)

    def test_differing_origins_that_are_hidden_are_not_listed(self, detail, made, tables):
        rows = pd.concat([detail, made.tidy(three("2024-01", "BHR", "ARE", kg=50, importers=(9,)))])
        assert "BHR" not in set(tables(rows).differs["origin"])


class TestStepsOfExposure:
    """What is left of one exposure after another is a figure too."""

    def exposures(self, made, tables, *rows):
        base = [*three("2024-01", "CAN", "CAN", kg=9000), *three("2024-01", "CAN", "RUS", kg=600)]
        rows = [*base, *three("2024-01", "MEX", "CHN", cast="MEX", kg=900), *(row for part in rows for row in part)]
        found = tables(made.tidy(rows)).exposures
        return found[(found["origin"] == "MEX") & (found["country"] == "CHN")].set_index("measure")["suppressed"]

    def test_a_single_importer_of_second_smelt_hides_any_smelt_but_not_the_largest(self, made, tables):
        others = three("2024-01", "MEX", "CAN", cast="MEX", kg=900)
        his = three("2024-01", "MEX", "CAN", "CHN", "MEX", kg=50, importers=(1,))
        found = self.exposures(made, tables, others, his)
        assert found["largest"] == ""
        assert found["any_smelt"] != ""
        assert found["any_smelt_or_cast"] != ""

    def test_three_importers_of_second_smelt_do_not(self, made, tables):
        others = three("2024-01", "MEX", "CAN", cast="MEX", kg=900)
        theirs = three("2024-01", "MEX", "CAN", "CHN", "MEX", kg=60)
        assert (self.exposures(made, tables, others, theirs) == "").all()

    def test_a_single_importer_of_all_the_rest_hides_it_too(self, made, tables):
        theirs = three("2024-01", "MEX", "CAN", "CHN", "MEX", kg=600)
        rest = three("2024-01", "MEX", "CAN", cast="MEX", kg=60, importers=(1,))
        found = self.exposures(made, tables, theirs, rest)
        assert found["largest"] == ""
        assert found["any_smelt"] != ""


class TestConcentrationOfHidden:
    def matrix(self, hidden: dict[str, float | None]) -> pd.DataFrame:
        total = 100.0
        rows = [
            ("MEX", "origin", name, "country", kg, kg, "" if kg is not None else "primary")
            for name, kg in hidden.items()
        ]
        rows.append(("MEX", "origin", "TOTAL", "total", total, total, ""))
        names = ["origin", "row_kind", "largest_smelt", "column_kind", "quantity_kg", "customs_value_usd", "suppressed"]
        return pd.DataFrame(rows, columns=names).astype({"quantity_kg": "float64", "customs_value_usd": "float64"})

    def test_bounds_take_in_every_way_the_hidden_cells_may_fall(self):
        row = cell(concentration(self.matrix({"CAN": 70.0, "RUS": None, "CHN": None})), measure="quantity")
        assert row["herfindahl_low"] == pytest.approx(0.49 + 0.3**2 / 2)
        assert row["herfindahl_high"] == pytest.approx(0.49 + 0.3**2)
        assert row["share_top"] == 0.7
        assert np.isnan(row["share_top3"])
        assert row["countries"] == 3

    def test_the_largest_is_said_only_if_no_hidden_cell_can_be_larger(self):
        row = cell(concentration(self.matrix({"CAN": 40.0, "RUS": None, "CHN": None})), measure="quantity")
        assert row["top_country"] == ""
        assert np.isnan(row["share_top"])


class TestYearBefore:
    def table(self, rows):
        names = ["field", "origin", "metal", "product", "quantity_kg", "customs_value_usd", "suppressed"]
        out = pd.DataFrame(rows, columns=names)
        return out.assign(share_quantity=0.1, share_value=0.1)

    def test_twice_and_a_thousand_tonnes_are_marked_and_just_less_is_not(self):
        now = [
            ("largest_smelt", "MEX", name, "wire", kg, 1.0, "")
            for name, kg in (("A", 1e6), ("B", 999_999.0), ("C", 2e6))
        ]
        then = [
            ("largest_smelt", "MEX", name, "wire", kg, 1.0, "") for name, kg in (("A", 5e5), ("B", 1.0), ("C", 1.1e6))
        ]
        found = with_year_before(self.table(now), self.table(then), [])
        assert found.set_index("metal")["new_or_doubled"].to_dict() == {"A": True, "B": False, "C": False}
        assert found["metal"].tolist() == ["C", "A", "B"]

    def test_absent_then_is_zero_unless_the_origin_was_hidden(self):
        now = [("largest_smelt", origin, "A", "wire", 3e6, 1.0, "") for origin in ("MEX", "CAN")]
        found = with_year_before(self.table(now), self.table([]), ["CAN"]).set_index("origin")
        assert found.loc["MEX", "base_quantity_kg"] == 0
        assert found.loc["MEX", "new_or_doubled"]
        assert np.isnan(found.loc["MEX", "quantity_yoy"])
        assert np.isnan(found.loc["CAN", "base_quantity_kg"])
        assert not found.loc["CAN", "new_or_doubled"]

    def test_a_year_before_that_was_not_collected_is_blank(self, made, tables):
        rows = [*three("2022-09", "MEX", "CAN"), *three("2021-09", "MEX", "not collected", "not collected")]
        given = {"first": pd.Timestamp("2022-09-01"), "base_first": pd.Timestamp("2021-09-01")}
        found = tables(made.tidy(rows), base_last=pd.Timestamp("2021-09-01"), **given).differs
        smelt = found[found["field"] == "largest_smelt"]
        assert smelt["base_quantity_kg"].isna().all()
        assert found.loc[found["field"] == "recent_cast", "base_quantity_kg"].notna().all()


class TestCarbonTable:
    cells = pd.DataFrame(
        {
            "origin": "MEX",
            "largest_smelt": ["CAN", "VNM", "N/A", "unknown", "not covered", "TOTAL"],
            "kg": [1000.0, 2000.0, 3000.0, 4000.0, 500.0, 10500.0],
            "suppressed": "",
        }
    ).astype({"suppressed": "str"})

    def test_the_band_is_from_all_secondary_to_all_primary(self):
        found = carbon(self.cells, "kg", intensities()).set_index("largest_smelt")
        assert found.loc["CAN", ["co2e_low_t", "co2e_high_t"]].tolist() == [0.5, 4.59]
        assert found.loc["N/A", ["co2e_low_t", "co2e_high_t"]].tolist() == pytest.approx([1.5, 1.8])
        assert found.loc["unknown", ["co2e_low_t", "co2e_high_t"]].tolist() == [2.0, 124.0]
        assert found.loc["CAN", "co2e_if_primary_low_t"] == 4.59
        assert found.loc["TOTAL", "co2e_low_t"] == pytest.approx(10.5 * 0.5)

    def test_a_country_without_a_figure_has_that_of_the_world_and_says_so(self):
        found = carbon(self.cells, "kg", intensities()).set_index("largest_smelt")
        assert found.loc["VNM", "intensity_of"] == "world"
        assert found.loc["VNM", "intensity_high_t_t"] == 17.5
        assert found.loc["CAN", "intensity_of"] == "country"

    def test_a_range_gives_two_ends_for_all_primary(self):
        found = carbon(self.cells, "kg", intensities("practitioner")).set_index("largest_smelt")
        assert found.loc["CAN", ["co2e_if_primary_low_t", "co2e_if_primary_high_t"]].tolist() == [2.0, 5.0]


@pytest.mark.parametrize("seed", range(6))
class TestProperties:
    def test_shares_of_open_rows_sum_to_one(self, seed, made, tables):
        found = tables(made.detail(seed), rule=made.hides_nothing)
        for table, column in ((found.matrix_smelt, "largest_smelt"), (found.matrix_cast, "recent_cast")):
            inner = table[table[column] != "TOTAL"].groupby("origin")[["share_quantity", "share_value"]].sum()
            assert np.allclose(inner[inner["share_quantity"] > 0], 1)

    def test_implied_tonnes_and_not_covered_add_up_to_census(self, seed, made, tables):
        detail = made.detail(seed)
        census = made.census(detail, seed)
        for rule in ({}, {"rule": made.hides_nothing}):
            implied = tables(detail, census, **rule).implied.set_index(["origin", "largest_smelt"])
            kg = implied["implied_quantity_kg"]
            known = census[census["month"] >= "2022-07-01"].groupby("origin")["quantity_kg"].sum()
            for origin, total in known.items():
                assert np.isclose(kg[(origin, "TOTAL")], total, rtol=1e-12)
                parts = kg[origin].drop("TOTAL")
                if (implied.loc[origin, "suppressed"] == "").all():
                    assert np.isclose(parts.sum(), total, rtol=1e-9)
                else:
                    assert parts.sum() <= total * (1 + 1e-9)

    def test_exposures_are_ordered(self, seed, made, tables):
        for rule in ({}, {"rule": made.hides_nothing}):
            found = tables(made.detail(seed, first="2023-01-01"), **rule).exposures
            kg = found.pivot(index=["origin", "country"], columns="measure", values="quantity_kg")
            for small, large in (
                ("largest", "any_smelt"),
                ("any_smelt", "any_smelt_or_cast"),
                ("cast", "any_smelt_or_cast"),
            ):
                both = kg[[small, large]].dropna()
                assert (both[small] <= both[large] * (1 + 1e-12)).all()

    def test_the_order_of_rows_changes_nothing(self, seed, made, tables):
        detail = made.detail(seed)
        census = made.census(detail, seed)
        found = tables(detail, census)
        again = tables(detail.sample(frac=1, random_state=seed), census.sample(frac=1, random_state=seed))
        for name in ("matrix_smelt", "over_time", "exposures", "differs", "implied", "implied_bounds", "carbon"):
            pd.testing.assert_frame_equal(getattr(found, name), getattr(again, name), check_exact=False, rtol=1e-12)

    def test_bounds_are_in_order_and_within_census(self, seed, made, tables):
        found = tables(made.detail(seed), rule=made.hides_nothing).implied_bounds
        slack = 1 + 1e-9
        assert (found["content_low_kg"] <= found["content_high_kg"] * slack).all()
        assert (found["content_low_kg"] <= found["touched_low_kg"] * slack).all()
        assert (found["touched_low_kg"] <= found["touched_high_kg"] * slack).all()
        assert (found["content_high_kg"] <= found["touched_high_kg"] * slack).all()
        assert (found["touched_high_kg"] <= found["census_quantity_kg"] * slack).all()


def test_no_rows_at_all_are_empty_tables(made, tables):
    detail = made.tidy([])
    census = detail[["month", "origin", "product", "quantity_kg", "customs_value_usd"]]
    found = tables(detail, census, first=pd.Timestamp("2024-01-01"), last=pd.Timestamp("2024-03-01"))
    assert found.notes.hidden["primary"].sum() == 0
    assert found.differs.empty
    assert found.implied.empty


def test_a_hidden_member_takes_its_partner_within_the_group_so_that_the_groups_total_stays(made, tables):
    """BHR and ARE, OMN are of the Gulf; ISL would be the cheaper partner, but would leave the Gulf without a total."""
    rows = [row for origin, kg in (("CAN", 9000), ("MEX", 6000)) for row in three("2024-01", origin, "CAN", kg=kg)]
    gulf = [row for origin, kg in (("ARE", 900), ("OMN", 600)) for row in three("2024-01", origin, "ARE", kg=kg)]
    own = three("2024-01", "BHR", "BHR", kg=100, importers=(9,))
    detail = made.tidy([*rows, *gulf, *own, *three("2024-01", "ISL", "ISL", kg=150)])
    found = tables(detail, origins=["ARE", "BHR", "OMN"]).matrix_smelt
    assert cell(found, origin="GROUP", largest_smelt="TOTAL")["quantity_kg"] == 1600
    assert cell(found, origin="BHR", largest_smelt="TOTAL")["suppressed"] == "primary"
    assert cell(found, origin="OMN", largest_smelt="TOTAL")["suppressed"] == "secondary"
