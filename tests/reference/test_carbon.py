"""Carbon intensities: dated, sourced, and a user's own file in their place."""

from __future__ import annotations

import pandas as pd
import pytest

from aimlib.errors import AimError
from aimlib.reference import carbon, countries
from aimlib.reference._tables import load


@pytest.fixture
def own(tmp_path):
    """Return a writer of a user's file."""

    def write(text: str):
        path = tmp_path / "own.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


class TestTable:
    def test_every_row_says_scope_certainty_and_source(self):
        table = load("carbon_intensity")
        assert (table[["scope", "source"]] != "").all().all()
        assert set(table["certainty"]) == {"sourced", "recalled"}
        assert not table.duplicated(["set", "country", "year"]).any()

    def test_countries_are_known_and_ranges_in_order(self):
        table = load("carbon_intensity").query("set != 'secondary'")
        assert set(table["country"]) <= set(countries.all_countries()["iso3"])
        low, high = table["low_t_t"].astype(float), table["high_t_t"].astype(float)
        assert (low <= high).all()
        assert low.between(1, 35).all()

    @pytest.mark.parametrize("which", carbon.intensity_sets())
    def test_every_set_has_the_world(self, which):
        assert carbon.WORLD in set(carbon.intensities(which)["country"])

    def test_figures_as_published(self):
        found = carbon.intensities().set_index("country")
        assert found.loc["CAN", "low_t_t"] == 4.59
        assert found.loc["CHN", "high_t_t"] == 24.19
        assert found.loc["AUS", "low_t_t"] == found.loc["NZL", "low_t_t"] == 18.06
        assert found.loc["BHR", "low_t_t"] == 14.79
        assert found.loc["CAN", "year"] == 2017

    def test_the_newest_year_of_a_set_is_taken(self):
        found = carbon.intensities("iai_world")
        assert found["year"].tolist() == [2022]
        assert found["low_t_t"].tolist() == [15.1]

    def test_metal_from_scrap_is_a_band(self):
        assert carbon.secondary_intensity() == (0.5, 0.6)

    def test_an_unknown_set_is_refused_with_a_suggestion(self):
        with pytest.raises(AimError, match="practitoner") as caught:
            carbon.intensities("practitoner")
        assert "practitioner" in caught.value.advice

    def test_caveats_hold_no_figures(self):
        assert not any(letter.isdigit() for sentence in carbon.CAVEATS for letter in sentence.replace("CO2", ""))


class TestOverride:
    def test_a_users_row_takes_the_place_of_the_sets(self, own):
        found = carbon.intensities(override=own("country,t_co2_t,source\nCanada,2.1,EPD 2024\nVietnam,16,own\n"))
        found = found.set_index("country")
        assert found.loc["CAN", ["low_t_t", "high_t_t"]].tolist() == [2.1, 2.1]
        assert found.loc["CAN", "certainty"] == "user"
        assert found.loc["CAN", "source"] == "EPD 2024"
        assert found.loc["VNM", "low_t_t"] == 16
        assert found.loc["CHN", "low_t_t"] == 24.19
        assert pd.isna(found.loc["CAN", "year"])

    def test_the_world_can_be_replaced_too(self, own):
        found = carbon.intensities(override=own("country,t_co2_t,source\nworld,14.5,own\n")).set_index("country")
        assert found.loc["WLD", "low_t_t"] == 14.5

    def test_case_order_blanks_and_a_byte_order_mark_do_not_matter(self, own):
        found = carbon.intensities(override=own("\ufeffSource , T_CO2_T,Country\n own , 3 , no \n"))
        assert found.set_index("country").loc["NOR", "low_t_t"] == 3

    @pytest.mark.parametrize(
        ("row", "said"),
        [
            ("Canda,2,own", "Canda"),
            ("EU27,2,own", "group"),
            ("Canada,two,own", "not a number"),
            ("Canada,nan,own", "not between"),
            ("Canada,0,own", "not between"),
            ("Canada,4590,own", "not between"),
            ("Canada,100.1,own", "not between"),
            ("Canada,2,", "source is empty"),
        ],
    )
    def test_a_row_that_is_not_right_is_named_by_its_line(self, own, row, said):
        with pytest.raises(AimError, match="line 3") as caught:
            carbon.intensities(override=own(f"country,t_co2_t,source\nNorway,2,own\n{row}\n"))
        assert said in caught.value.message
        assert "line 2" not in caught.value.message

    def test_the_largest_figure_allowed_is_taken(self, own):
        found = carbon.intensities(override=own("country,t_co2_t,source\nCanada,100,own\n"))
        assert found.set_index("country").loc["CAN", "high_t_t"] == 100

    def test_a_country_twice_is_refused(self, own):
        with pytest.raises(AimError, match="twice"):
            carbon.intensities(override=own("country,t_co2_t,source\nCanada,2,own\nCAN,3,own\n"))

    def test_a_missing_column_file_or_content_is_said(self, own, tmp_path):
        with pytest.raises(AimError, match="no column source"):
            carbon.intensities(override=own("country,t_co2_t\nCanada,2\n"))
        with pytest.raises(AimError, match="no file"):
            carbon.intensities(override=tmp_path / "absent.csv")
        with pytest.raises(AimError, match="cannot be read"):
            carbon.intensities(override=own(""))
        with pytest.raises(AimError, match="cannot be read"):
            carbon.intensities(override=tmp_path)
