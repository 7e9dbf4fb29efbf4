"""Countries: every Census code maps or stops the load; people's names for countries are understood."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aimlib.errors import AimError
from aimlib.reference import countries

REAL = Path(__file__).resolve().parents[2] / "../shared/real"


def real(path: str) -> Path:
    file = REAL / path
    if not file.is_file():
        pytest.skip(f"third-party file not at hand: {path}")
    return file


def read_text(path: str) -> pd.DataFrame:
    return pd.read_csv(real(path), dtype=str, keep_default_na=False)


class TestCensusCodes:
    @pytest.mark.parametrize(
        ("code", "iso3"),
        [
            ("1000", "USA"),
            ("1010", "GRL"),
            ("1220", "CAN"),
            ("2390", "CUB"),
            ("4803", "XKX"),
            ("5082", "PSE"),
            ("5083", "PSE"),
            ("5460", "MMR"),
            ("5700", "CHN"),
            ("5790", "PRK"),
            ("5820", "HKG"),
            ("5830", "TWN"),
            ("5660", "MAC"),
            ("7920", "NAM"),
            ("9030", "PRI"),
        ],
    )
    def test_schedule_c_maps_to_iso(self, code, iso3):
        assert countries.from_census(pd.Series([code])).tolist() == [iso3]

    def test_index_and_repetition_are_kept_and_the_result_is_text(self):
        codes = pd.Series(["7920", "1220", "7920"], index=[7, 3, 9])
        origin = countries.from_census(codes)
        assert origin.to_dict() == {7: "NAM", 3: "CAN", 9: "NAM"}
        assert origin.dtype == "str"

    def test_unknown_codes_stop_the_load_and_are_all_named(self):
        with pytest.raises(AimError, match=r"1999, 9999") as caught:
            countries.from_census(pd.Series(["1220", "9999", "1999"]))
        assert "census_countries.csv" in caught.value.advice

    @pytest.mark.parametrize("code", ["0003", "1XXX", "-", ""])
    def test_groups_and_the_total_are_never_taken_for_countries(self, code):
        with pytest.raises(AimError, match="no countries but groups"):
            countries.from_census(pd.Series(["1220", code]))

    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            ("1220", "country"),
            ("9030", "country"),
            ("0003", "group"),
            ("1XXX", "group"),
            ("-", "total"),
            ("", "total"),
        ],
    )
    def test_kinds_of_code(self, code, kind):
        assert countries.kind_of_census_code(code) == kind
        assert countries.is_country_code(code) == (kind == "country")

    @pytest.mark.parametrize("code", ["122", "12200", "1220.0", "CAN", "nan", "000X"])
    def test_a_damaged_code_has_no_kind(self, code):
        with pytest.raises(AimError, match="not a Census country code"):
            countries.kind_of_census_code(code)

    @pytest.mark.shared
    @pytest.mark.parametrize(
        "path",
        [
            "census/imports_monthly_hs2_76_2013-01_2021-07.csv",
            "census/imports_2024-12_YTD_hs10_ch76_48_partners.csv",
        ],
    )
    def test_every_country_of_the_real_files_maps_and_bears_its_census_name(self, path):
        rows = read_text(path)[["CTY_CODE", "CTY_NAME"]].drop_duplicates()
        rows = rows[rows["CTY_CODE"].map(countries.kind_of_census_code) == "country"]
        origin = countries.from_census(rows["CTY_CODE"])
        assert len(rows) >= 30
        assert [countries.resolve(name).key for name in rows["CTY_NAME"]] == origin.tolist()

    @pytest.mark.shared
    def test_two_published_maps_of_schedule_c_agree_with_ours(self):
        fed = read_text("census/cty_code_iso3_FRBAtl.csv").query("CTY_CODE != ''")
        assert countries.from_census(fed["CTY_CODE"]).tolist() == fed["ISO3"].tolist()
        theirs = read_text("census/ustrade_country_codes.csv")
        iso2 = theirs["ISO"].replace({"KV": "XK", "GZ": "PS", "WE": "PS"})
        ours = countries.from_census(theirs["Code"])
        assert [countries.resolve(code).key for code in iso2] == ours.tolist()


class TestIsoCodes:
    def test_print_names_are_the_short_ones_economists_use(self):
        names = countries.print_names(pd.Series(["RUS", "KOR", "VNM", "MMR", "TUR", "CIV", "LAO", "TWN"]))
        assert names.tolist() == [
            "Russia",
            "South Korea",
            "Vietnam",
            "Myanmar",
            "Turkey",
            "Côte d'Ivoire",
            "Laos",
            "Taiwan",
        ]

    def test_a_name_in_a_sentence_has_its_article(self):
        assert countries.phrase("ARE") == "the United Arab Emirates"
        assert countries.phrase("NLD") == "the Netherlands"
        assert countries.phrase("CAN") == "Canada"

    def test_numeric_is_the_maps_key_and_kosovo_has_none(self):
        assert countries.numeric("CAN") == 124
        assert countries.numeric("AFG") == 4
        assert countries.numeric("USA") == 840
        assert countries.numeric("XKX") == 0

    def test_an_unknown_code_is_named(self):
        with pytest.raises(AimError, match="CNA"):
            countries.print_name("CNA")
        with pytest.raises(AimError, match="ZZZ"):
            countries.print_names(pd.Series(["CAN", "ZZZ"]))

    def test_one_row_a_country_with_every_code(self):
        table = countries.all_countries().set_index("iso3")
        assert table.index.is_unique
        assert table.loc["NAM", "iso2"] == "NA"
        assert table.loc["PSE", "census_codes"] == "5082 5083"
        assert table.loc["USA", "comtrade_code"] == 842
        assert pd.isna(table.loc["XKX", "comtrade_code"])
        assert set(table["region"]) == {
            "North America",
            "Latin America and Caribbean",
            "Europe",
            "Russia and Central Asia",
            "Middle East",
            "Asia",
            "Africa",
            "Oceania",
            "Other",
        }

    def test_regions_of_the_great_suppliers(self):
        found = {iso3: countries.region(iso3) for iso3 in ("CAN", "MEX", "BHR", "RUS", "CHN", "BRA", "ZAF")}
        assert found == {
            "CAN": "North America",
            "MEX": "North America",
            "BHR": "Middle East",
            "RUS": "Russia and Central Asia",
            "CHN": "Asia",
            "BRA": "Latin America and Caribbean",
            "ZAF": "Africa",
        }


class TestComtradeCodes:
    @pytest.mark.parametrize(
        ("code", "iso3"),
        [(842, "USA"), (490, "TWN"), (699, "IND"), (251, "FRA"), (579, "NOR"), (757, "CHE"), (380, "ITA")],
    )
    def test_the_codes_that_differ_from_iso_numeric_both_ways(self, code, iso3):
        assert countries.from_comtrade(pd.Series([code])).tolist() == [iso3]
        assert countries.to_comtrade(iso3) == code
        if iso3 != "ITA":
            assert countries.numeric(iso3) != code

    def test_numbers_and_text_are_the_same_code(self):
        assert countries.from_comtrade(pd.Series(["004", "4", "0"])).tolist() == ["AFG", "AFG", "WLD"]

    def test_codes_that_ended_have_their_years(self):
        assert countries.to_comtrade("USA", on=1980) == 841
        assert countries.to_comtrade("USA", on="1981-01") == 842
        assert countries.to_comtrade("IND", on=1974) == 356
        assert countries.to_comtrade("SDN", on=2010) == 736
        assert countries.to_comtrade("SDN") == 729
        assert countries.from_comtrade(pd.Series([356]), on=1974).tolist() == ["IND"]
        with pytest.raises(AimError, match="in 2020: 356"):
            countries.from_comtrade(pd.Series([356, 699]), on="2020-05-01")

    @pytest.mark.parametrize(
        ("code", "iso3"), [(810, "SUN"), (890, "YUG"), (891, "SCG"), (200, "CSK"), (530, "ANT"), (736, "SDN")]
    )
    def test_countries_that_are_gone(self, code, iso3):
        assert countries.from_comtrade(pd.Series([code])).tolist() == [iso3]

    def test_what_comtrade_does_not_publish_apart_has_no_code(self):
        assert countries.to_comtrade("XKX") is None
        assert countries.to_comtrade("LIE") is None
        assert countries.to_comtrade("SUN") == 810

    def test_areas_that_are_no_country_keep_codes_of_their_own(self):
        codes = pd.Series([899, 568, 697, 837, 838, 839, 0])
        assert countries.from_comtrade(codes).tolist() == ["XNS"] * 3 + ["XBK", "XFZ", "XSC", "WLD"]

    def test_an_unknown_area_stops_the_load(self):
        with pytest.raises(AimError, match="not known: 97, x"):
            countries.from_comtrade(pd.Series([842, 97, "x"]))

    @pytest.mark.shared
    def test_every_area_of_the_held_list_and_of_baci_is_known(self):
        areas = read_text("comtrade/ref_partner.csv")
        ended = pd.to_numeric(areas["exit_year"], errors="coerce") < 1973
        old = areas["country"].str.contains(r"\(\.\.\.19[0-7]\d\)") | ended
        iso = areas.loc[~old & areas["iso_3"].str.fullmatch("[A-Z]{3}")]
        nes = {"490": "TWN", "492": "XNS"}
        expected = [nes.get(code, iso3) for code, iso3 in zip(iso["id"], iso["iso_3"], strict=True)]
        assert countries.from_comtrade(iso["id"]).tolist() == expected
        assert len(countries.from_comtrade(areas.loc[~old, "id"])) > 280
        baci = read_text("baci/country_codes_V202401b.csv")
        old_asia = baci["country_iso3"].str.fullmatch("[A-Z]{3}") & (baci["country_code"] != "711")
        baci = baci[old_asia]
        assert countries.from_comtrade(baci["country_code"]).tolist() == baci["country_iso3"].tolist()


class TestPlaces:
    @pytest.mark.parametrize(
        ("text", "key"),
        [
            ("CAN", "CAN"),
            ("ca", "CAN"),
            ("canada", "CAN"),
            ("NA", "NAM"),
            ("na", "NAM"),
            ("Korea, South", "KOR"),
            ("KOREA, SOUTH", "KOR"),
            ("South Korea", "KOR"),
            ("Republic of Korea", "KOR"),
            ("Rep. of Korea", "KOR"),
            ("KOREA, NORTH", "PRK"),
            ("Burma", "MMR"),
            ("Côte d'Ivoire", "CIV"),
            ("Cote d’Ivoire", "CIV"),
            ("Viet Nam", "VNM"),
            ("UAE", "ARE"),
            ("the United Arab Emirates", "ARE"),
            ("UK", "GBR"),
            ("USA", "USA"),
            ("US", "USA"),
            ("Türkiye", "TUR"),
            ("TURKEY", "TUR"),
            ("Russian Federation", "RUS"),
            ("Bahamas, The", "BHS"),
            ("Macau", "MAC"),
            ("Other Asia, nes", "TWN"),
            ("Congo (Kinshasa)", "COD"),
            ("St. Kitts and Nevis", "KNA"),
            ("Guinea", "GIN"),
            ("Guinea-Bissau", "GNB"),
            ("West Bank", "PSE"),
            ("Kosovo", "XKX"),
            ("USSR", "SUN"),
            (" EU ", "EU27"),
            ("eu27", "EU27"),
            ("European Union", "EU27"),
            ("USMCA (NAFTA)", "USMCA"),
            ("ASEAN", "ASEAN"),
            ("All", "all"),
            ("world", "all"),
        ],
    )
    def test_what_people_write(self, text, key):
        assert countries.resolve(text).key == key

    def test_a_country_is_its_own_only_member(self):
        place = countries.resolve("uae")
        assert (place.kind, place.name, place.members) == ("country", "United Arab Emirates", ("ARE",))
        assert place.phrase == "the United Arab Emirates"

    def test_all_is_every_country_and_area_but_not_the_world_total(self):
        place = countries.resolve("all")
        assert place.kind == "all"
        assert {"CAN", "XKX", "SUN", "XNS"} <= set(place.members)
        assert "WLD" not in place.members

    def test_a_group_has_todays_members_for_all_years(self):
        place = countries.resolve("EU")
        assert (place.kind, len(place.members)) == ("group", 27)
        assert "GBR" not in place.members
        assert place.phrase == "the European Union"

    def test_members_on_a_day_when_asked(self):
        assert "GBR" in countries.group_members("EU27", "2020-01-31")
        assert "GBR" not in countries.group_members("EU27", "2020-02-01")
        assert len(countries.group_members("EU27", "2013-06-30")) == 27
        assert len(countries.group_members("EU27", "2019-12-31")) == 28
        assert len(countries.group_members("EU27", "2003-12-31")) == 15
        assert len(countries.group_members("ASEAN", "2020-01-01")) == 10
        assert len(countries.group_members("OECD")) == 38
        assert countries.group_members("USMCA") == ("CAN", "MEX", "USA")

    def test_an_unknown_group_is_an_error_with_the_nearest_key(self):
        with pytest.raises(AimError, match=r"Did you mean ASEAN\?"):
            countries.group_members("ASEEAN")

    @pytest.mark.parametrize(
        ("text", "hint"),
        [("Canda", "Did you mean Canada?"), ("Germny", "Did you mean Germany?"), ("Barhain", "Bahrain?")],
    )
    def test_a_misspelt_name_gets_the_nearest(self, text, hint):
        with pytest.raises(AimError) as caught:
            countries.resolve(text)
        assert text in caught.value.message
        assert caught.value.advice.endswith(hint)

    @pytest.mark.parametrize(
        ("text", "choices"),
        [("Korea", ("South Korea (KOR)", "North Korea (PRK)")), ("congo", ("DR Congo (COD)", "(COG)"))],
    )
    def test_a_name_of_two_countries_is_refused_with_both(self, text, choices):
        with pytest.raises(AimError) as caught:
            countries.resolve(text)
        assert all(choice in caught.value.message for choice in choices)

    def test_nothing_at_all_is_an_error_too(self):
        with pytest.raises(AimError, match="No country or group is named"):
            countries.resolve("  ")
