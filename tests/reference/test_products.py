"""Products: the scope of 66 lines, exhaustive classification with dates, what each code level can show."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aimlib.errors import AimError
from aimlib.reference import products

REAL = Path(__file__).resolve().parents[2] / "../shared/real"
YEAR_2024 = "census/imports_2024-12_YTD_hs10_ch76_48_partners.csv"

AIM_CATEGORIES = (
    "unwrought",
    "bars_rods_profiles",
    "wire",
    "plates_sheets_strip",
    "foil",
    "tubes_pipes",
    "fittings",
    "castings_forgings",
)
RETIRED = """
    7604293010 7604293050 7604295030 7604295060 7605110030 7605110090
    7606123030 7606123090 7606913030 7606913060 7606913075 7606913090
    7606916020 7606916040 7606916060 7606916080 7606923030 7606923060
    7606923075 7606923090 7606926020 7606926040 7606926060 7606926080
    7607116000
"""
AIM_HEADINGS = ("7601", "7604", "7605", "7606", "7607", "7608", "7609", "7616")
ALL_HEADINGS = tuple(f"76{number:02d}" for number in range(1, 17))


def classify(*pairs: tuple[str, str]) -> list[str]:
    codes = pd.Series([code for code, _ in pairs])
    months = pd.to_datetime(pd.Series([month for _, month in pairs]), format="%Y-%m")
    return products.classify(codes, months).tolist()


class TestTheScope:
    def test_it_has_66_lines_in_eight_categories(self):
        counts = products.aim_lines("2025-01")["category"].value_counts()
        assert [counts[category] for category in AIM_CATEGORIES] == [12, 13, 4, 19, 11, 4, 1, 2]
        assert counts.sum() == 66

    @pytest.mark.shared
    def test_the_lines_of_2024_are_exactly_those_that_census_published(self):
        if not (REAL / YEAR_2024).is_file():
            pytest.skip("third-party file not at hand")
        codes = pd.read_csv(REAL / YEAR_2024, dtype=str, keep_default_na=False)["I_COMMODITY"]
        months = pd.Series(pd.Timestamp("2024-12-01"), index=codes.index)
        category = products.classify(codes, months, since=months - pd.DateOffset(months=11))
        published = set(codes[category.isin(AIM_CATEGORIES)])
        assert published == set(products.aim_lines("2024-06")["hts10"])
        assert set(category) == set(products.all_categories()["category"]) - {"chapter76"}

    def test_lines_carry_dates_and_what_the_dates_rest_on(self):
        lines = products.aim_lines().set_index("hts10")
        old, new = lines.loc["7601106000"], lines.loc["7601106030"]
        assert old["valid_to"] == pd.Timestamp("2019-06-01")
        assert new["valid_from"] == pd.Timestamp("2019-07-01")
        assert (old["valid_to_basis"], new["valid_from_basis"]) == ("sourced", "sourced")
        assert new["valid_to_basis"] == "approximate"
        assert pd.isna(lines.loc["7601103000", "valid_from"])

    def test_retired_suffixes_of_long_series_are_known(self):
        retired = RETIRED.split()
        assert set(classify(*((code, "2016-05") for code in retired))) <= set(AIM_CATEGORIES)
        assert not set(retired) & set(products.aim_lines("2025-01")["hts10"])


class TestClassify:
    def test_ten_digits_give_the_category(self):
        assert classify(("7601106030", "2024-01"), ("7606123045", "2024-01"), ("7609000000", "2012-01")) == [
            "unwrought",
            "plates_sheets_strip",
            "fittings",
        ]

    def test_of_7616_only_castings_and_forgings_are_in_the_scope(self):
        found = classify(
            ("7616995160", "2024-01"),
            ("7616995170", "2024-01"),
            ("7616995190", "2024-01"),
            ("7616109090", "2024-01"),
            ("7616995060", "2014-03"),
        )
        assert found == ["castings_forgings", "castings_forgings", "hs7616", "hs7616", "castings_forgings"]

    def test_outside_the_scope_the_heading_decides_even_for_new_lines(self):
        assert classify(("7602000035", "2024-01"), ("7603200000", "2024-01"), ("7610999999", "2030-01")) == [
            "scrap",
            "powder",
            "hs7610",
        ]

    def test_short_codes_and_the_whole_chapter(self):
        found = classify(("76", "2024-01"), ("7601", "2024-01"), ("760720", "2024-01"), ("7616", "2024-01"))
        assert found == ["chapter76", "unwrought", "foil", "hs7616"]

    def test_an_unknown_line_in_the_scope_stops_the_load_and_says_how_to_add_it(self):
        with pytest.raises(AimError) as caught:
            classify(("7601106030", "2024-01"), ("7601106077", "2024-01"), ("7606129999", "2024-01"))
        assert "7601106077, 7606129999" in caught.value.message
        for word in ("hts10_lines.csv", "valid_from", "hts10_changes.csv", "aimlib/reference/tables"):
            assert word in caught.value.advice

    @pytest.mark.parametrize(
        ("code", "good", "bad"),
        [
            ("7601106000", "2019-06", "2019-07"),
            ("7601106030", "2019-07", "2019-06"),
            ("7607116000", "2018-12", "2019-01"),
            ("7607116010", "2019-01", "2018-12"),
        ],
    )
    def test_a_line_outside_its_sourced_dates_stops_the_load(self, code, good, bad):
        assert classify((code, good))[0] in AIM_CATEGORIES
        with pytest.raises(AimError, match=f"{code} in {bad}"):
            classify((code, good), (code, bad))

    def test_a_date_that_is_only_inferred_gives_way_by_a_year(self):
        assert classify(("7604293010", "2020-06")) == ["bars_rods_profiles"]
        with pytest.raises(AimError, match="7604293010 in 2020-07"):
            classify(("7604293010", "2020-07"))

    def test_a_date_only_roughly_known_gives_way_by_three(self):
        assert classify(("7601106040", "2024-01"), ("7601106030", "2026-06")) == ["unwrought", "unwrought"]
        with pytest.raises(AimError, match="7601106040 in 2015-01"):
            classify(("7601106040", "2015-01"))

    def test_a_year_to_date_figure_may_hold_lines_that_ended_within_it(self):
        codes = pd.Series(["7601106000", "7601106030"])
        through = pd.Series(pd.to_datetime(["2019-12-01", "2019-12-01"]))
        since = pd.Series(pd.to_datetime(["2019-01-01", "2019-01-01"]))
        assert products.classify(codes, through, since).tolist() == ["unwrought", "unwrought"]
        with pytest.raises(AimError, match="7601106000 in 2019-12"):
            products.classify(codes, through)

    @pytest.mark.parametrize("code", ["7201", "7617", "760130", "7601.10", "76011", "CAN", ""])
    def test_what_is_no_code_of_the_chapter_is_an_error(self, code):
        with pytest.raises(AimError, match="Not codes of chapter 76"):
            classify((code, "2024-01"))

    def test_a_code_read_as_a_number_or_missing_is_an_error(self):
        months = pd.Series(pd.to_datetime(["2024-01-01"]))
        with pytest.raises(AimError):
            products.classify(pd.Series([7601]), months)
        with pytest.raises(AimError):
            products.classify(pd.Series([None], dtype="str"), months)

    def test_index_is_kept(self):
        codes = pd.Series(["7601", "7602"], index=[5, 2])
        months = pd.Series(pd.Timestamp("2024-01-01"), index=[5, 2])
        assert products.classify(codes, months).to_dict() == {5: "unwrought", 2: "scrap"}

    def test_gatm_categories_of_hs6(self):
        assert products.gatm_category("760120") == "unwrought"
        assert products.gatm_category("760900") == "fittings"
        with pytest.raises(AimError, match="761699"):
            products.gatm_category("761699")


class TestResolve:
    @pytest.mark.parametrize(
        ("text", "key"),
        [
            ("unwrought", "unwrought"),
            ("Unwrought aluminum", "unwrought"),
            ("bars_rods_profiles", "bars_rods_profiles"),
            ("Bars, rods & profiles", "bars_rods_profiles"),
            ("bars rods and profiles", "bars_rods_profiles"),
            ("Tube & pipe fittings", "fittings"),
            ("castings", "castings_forgings"),
            ("structures", "hs7610"),
            ("AIM", "aim"),
            ("scrap", "scrap"),
            ("downstream", "downstream"),
            ("chapter76", "chapter76"),
            ("chapter 76", "chapter76"),
            ("76", "chapter76"),
            ("gatm", "gatm"),
            ("7601", "unwrought"),
            ("7602", "scrap"),
            ("7616", "7616"),
            ("7601.10.60", "76011060"),
            ("7601106030", "7601106030"),
        ],
    )
    def test_what_people_write(self, text, key):
        assert products.resolve(text).key == key

    def test_a_category(self):
        product = products.resolve("unwrought")
        assert product.title == "Unwrought aluminum"
        assert product.phrase == "unwrought aluminum"
        assert (product.categories, product.code_prefixes) == (("unwrought",), ("7601",))
        assert not product.is_whole_chapter

    def test_the_named_sets(self):
        assert products.resolve("aim").categories == AIM_CATEGORIES
        assert products.resolve("gatm").categories == AIM_CATEGORIES[:7]
        assert products.resolve("downstream").code_prefixes == ALL_HEADINGS[9:]
        assert products.resolve("scrap").categories == ("scrap",)
        assert products.resolve("chapter76").is_whole_chapter

    def test_a_code_says_what_it_is(self):
        product = products.resolve("7601.10.60.30")
        assert product.title == "Unwrought aluminum, HTS 7601.10.60.30 (not alloyed, over 99.8% aluminum)"
        assert product.phrase == "unwrought aluminum (HTS 7601.10.60.30)"
        assert products.resolve("7616.99.51.60").categories == ("castings_forgings",)
        assert products.resolve("7616.99").categories == ("castings_forgings", "hs7616")
        assert products.resolve("7616.10").categories == ("hs7616",)

    @pytest.mark.parametrize(
        ("text", "hint"),
        [
            ("unwrougt", "Did you mean unwrought?"),
            ("wirre", "Did you mean wire?"),
            ("downstraem", "Did you mean downstream?"),
            ("7601.10.70", "Did you mean 7601.10.60?"),
        ],
    )
    def test_a_misspelt_product_gets_the_nearest(self, text, hint):
        with pytest.raises(AimError) as caught:
            products.resolve(text)
        assert text in caught.value.message
        assert caught.value.advice == hint

    @pytest.mark.parametrize("text", ["", "copper", "72", "7617", "76011"])
    def test_what_is_no_product_gets_the_list_or_the_form(self, text):
        with pytest.raises(AimError, match=r"Use one of|Codes have"):
            products.resolve(text)

    def test_titles(self):
        assert products.title("hs7610") == "Aluminum structures and parts of structures"
        assert products.short_title("plates_sheets_strip") == "Plates, sheets & strip"
        with pytest.raises(AimError, match=r"Did you mean foil\?"):
            products.title("foill")

    def test_rows_of_a_product_by_code_and_category(self):
        codes = pd.Series(["7601106030", "7616995160", "7616995190", "7602000035", "76"])
        categories = pd.Series(["unwrought", "castings_forgings", "hs7616", "scrap", "chapter76"])
        rows = {
            key: products.contains(products.resolve(key), codes, categories).tolist()
            for key in ("aim", "downstream", "chapter76", "7601.10.60")
        }
        assert rows == {
            "aim": [True, True, False, False, False],
            "downstream": [False, False, True, False, False],
            "chapter76": [True] * 5,
            "7601.10.60": [True, False, False, False, False],
        }


class TestWhatALevelCanShow:
    def test_headings_that_must_be_loaded(self):
        assert products.headings_of(products.resolve("aim")) == AIM_HEADINGS
        assert products.headings_of(products.resolve("gatm")) == AIM_HEADINGS[:7]
        assert products.headings_of(products.resolve("chapter76")) == ALL_HEADINGS
        assert products.headings_of(products.resolve("scrap")) == ("7602",)
        assert products.headings_of(products.resolve("7601.10.60")) == ("7601",)
        assert products.headings_of(products.resolve("castings_forgings")) == ("7616",)

    @pytest.mark.parametrize(
        ("product", "verdicts"),
        [
            ("chapter76", ["complete", "complete", "complete", "complete"]),
            ("aim", ["none", "partial", "partial", "complete"]),
            ("gatm", ["none", "complete", "complete", "complete"]),
            ("castings_forgings", ["none", "none", "none", "complete"]),
            ("downstream", ["none", "complete", "complete", "complete"]),
            ("7601.10", ["none", "none", "complete", "complete"]),
            ("7601.10.60", ["none", "none", "none", "complete"]),
            ("7616", ["none", "complete", "complete", "complete"]),
        ],
    )
    def test_from_two_to_ten_digits(self, product, verdicts):
        found = [products.supports(products.resolve(product), level) for level in products.LEVELS]
        assert found == verdicts

    def test_a_level_must_be_one_of_four(self):
        with pytest.raises(AimError, match="hs8"):
            products.supports(products.resolve("aim"), "hs8")

    def test_the_note_says_what_is_missing_or_mixed(self):
        note = products.scope_note(products.resolve("aim"), "hs4")
        assert "Castings and forgings" in note
        assert "incomplete" in note
        assert products.scope_note(products.resolve("aim"), "hts10") == ""
        assert "wider than the AIM license scope" in products.scope_note(products.resolve("chapter76"), "hs2")
        assert "counted among" in products.scope_note(products.resolve("downstream"), "hs6")
        assert products.scope_note(products.resolve("downstream"), "hts10") == ""
        assert "cannot show unwrought aluminum" in products.scope_note(products.resolve("unwrought"), "hs2")

    @pytest.mark.parametrize(
        ("held", "key"),
        [
            ({"hts10": AIM_HEADINGS}, "aim"),
            ({"hts10": ALL_HEADINGS}, "aim"),
            ({"hts10": AIM_HEADINGS, "hs2": ["76"]}, "aim"),
            ({"hts10": ["7601"], "hs2": ["76"]}, "chapter76"),
            ({"hs4": ALL_HEADINGS}, "chapter76"),
            ({"hs4": AIM_HEADINGS}, "gatm"),
            ({"hts10": AIM_HEADINGS[:7]}, "gatm"),
            ({"hts10": ALL_HEADINGS[9:]}, "downstream"),
            ({"hts10": ["7604", "7601"]}, "unwrought"),
            ({"hts10": ["7602000035"]}, "scrap"),
        ],
    )
    def test_the_widest_scope_held(self, held, key):
        assert products.widest(held).key == key

    def test_nothing_held_has_no_scope(self):
        assert products.widest({}) is None
        assert products.widest({"hts10": []}) is None

    def test_the_finest_level_that_holds_a_product(self):
        held = {"hts10": ["7601"], "hs4": ALL_HEADINGS, "hs2": ["76"]}
        assert products.level_for(products.resolve("unwrought"), held) == "hts10"
        assert products.level_for(products.resolve("foil"), held) == "hs4"
        assert products.level_for(products.resolve("chapter76"), held) == "hs4"
        assert products.level_for(products.resolve("castings_forgings"), held) == ""


class TestBreaks:
    def test_code_changes_inside_the_window_with_a_plain_note(self):
        found = products.breaks(products.resolve("unwrought"), "2019-01", "2020-12")
        assert found["month"].dt.strftime("%Y-%m").tolist() == ["2019-07", "2019-07"]
        first = found.iloc[0]
        assert (first["old"], first["new"]) == (("7601106000",), ("7601106030", "7601106090"))
        assert first["note"] == "From July 2019, HTS 7601.10.60.00 became 7601.10.60.30 and 7601.10.60.90."
        assert not found["splits_product"].any()

    def test_a_change_in_the_first_month_breaks_nothing(self):
        product = products.resolve("unwrought")
        assert products.breaks(product, "2019-07", "2020-12").empty
        assert len(products.breaks(product, pd.Timestamp("2019-06-01"), pd.Timestamp("2019-07-01"))) == 2

    def test_a_date_not_sourced_is_said_to_be_so(self):
        rods = products.breaks(products.resolve("bars_rods_profiles"), "2018-01", "2019-12")
        assert rods["note"].str.contains("inferred").all()
        unwrought = products.breaks(products.resolve("unwrought"), "2024-01", "2026-06")
        assert unwrought["note"].str.endswith("The month is approximate.").tolist() == [True]

    def test_a_line_cut_out_of_a_split_moves_its_level(self):
        found = products.breaks(products.resolve("7606.12.30.96"), "2018-01", "2022-01")
        assert found["splits_product"].tolist() == [True]
        whole = products.breaks(products.resolve("7606.12.30"), "2018-01", "2022-01")
        assert not whole["splits_product"].any()

    def test_no_change_no_row(self):
        assert products.breaks(products.resolve("fittings"), "2010-01", "2026-12").empty
        assert products.breaks(products.resolve("scrap"), "2010-01", "2026-12").empty


def test_a_window_without_changes_has_no_breaks_and_all_columns():
    found = products.breaks(products.resolve("fittings"), "2026-01", "2026-09")
    assert found.empty
    assert {"month", "old", "new", "splits_product", "note"} <= set(found)
