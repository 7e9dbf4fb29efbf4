"""The duty on entries, as a specification: one entry a line, worked out by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from aimlib.analysis.duty.rate import rate_entries
from aimlib.errors import AimError
from aimlib.reference.law import law

P1020, BILLET, SHEET, FOIL, SCRAP = "7601106030", "7601209045", "7606123045", "7607113000", "7602000030"
PROFILE, WIRE, ARTICLE, OTHER_ARTICLE, CANS = "7604291010", "7614105000", "7616995160", "7616995190", "7612901000"


def rated(day: str, hts: str, origin: str, known_on: str | None = None, **facts: object):
    """Rate one entry; metal of the origin itself unless said otherwise."""
    entry = {"entry_date": day, "hts": hts, "origin": origin, "largest_smelt": origin, "recent_cast": origin} | facts
    return rate_entries(pd.DataFrame([entry]), known_on=date.fromisoformat(known_on) if known_on else None)


def answer(*args: object, **facts: object) -> pd.Series:
    return rated(*args, **facts).frame.iloc[0]


def total(*args: object, **facts: object) -> float:
    return answer(*args, **facts)["total_pct"]


def span(*args: object, **facts: object) -> tuple[float, float, str]:
    """Return the range and the fields that would settle it; there is no single figure then."""
    found = answer(*args, **facts)
    assert found[["total_pct", "refundable_pct", "after_refund_pct"]].isna().all()
    return found["low_pct"], found["high_pct"], found["missing"]


def measures(*args: object, **facts: object) -> dict[str, float]:
    """Return what is in the total and more than nothing, by measure."""
    parts = rated(*args, **facts).parts()
    counted = parts[parts["in_total"] & (parts["pct"] > 0)]
    return dict(zip(counted["measure"], counted["pct"].round(9), strict=True))


NOT_GIVEN = {"largest_smelt": "", "recent_cast": ""}


# The days on which something changes, and the days before


@pytest.mark.parametrize(
    ("hts", "origin", "facts", "before", "day", "after"),
    [
        (P1020, "ARE", {}, 0, "2018-03-23", 10),  # Section 232 begins
        (P1020, "KOR", {}, 0, "2018-05-01", 10),  # Korea
        (P1020, "MEX", {}, 0, "2018-06-01", 10),
        (P1020, "DEU", {}, 0, "2018-06-01", 10),
        (P1020, "BRA", {}, 0, "2018-06-01", 10),
        (P1020, "GBR", {}, 0, "2018-06-01", 10),  # then in the Union
        (P1020, "MEX", {}, 10, "2019-05-20", 0),
        (P1020, "CAN", {}, 0, "2020-08-16", 10),  # two weeks of August 2020
        (P1020, "CAN", {}, 10, "2020-09-01", 0),
        (WIRE, "ARE", {}, 4.9, "2020-02-08", 14.9),  # derivatives
        (WIRE, "CAN", {}, 29.9, "2025-03-12", 29.9),  # 25% of the emergency duty; Section 232 yields to it
        (P1020, "DEU", {"claims": "in_quota"}, 10, "2022-01-01", 0),
        (P1020, "GBR", {"claims": "in_quota"}, 10, "2022-06-01", 0),
        (P1020, "RUS", {}, 10, "2022-04-09", 21),  # column 2 is 11%
        (P1020, "RUS", {}, 21, "2022-07-27", 45),
        (P1020, "RUS", {}, 45, "2023-03-10", 235),
        (P1020, "RUS", {}, 235, "2023-04-01", 270),
        (P1020, "ARE", {"largest_smelt": "RUS"}, 10, "2023-04-10", 200),
        (P1020, "MEX", {"recent_cast": "CHN"}, 0, "2024-07-10", 10),
        (P1020, "AUS", {}, 0, "2025-03-12", 25),
        (P1020, "ARG", {}, 0, "2025-03-12", 25),
        (P1020, "JPN", {}, 10, "2025-03-12", 25),
        (P1020, "JPN", {}, 25, "2025-06-04", 50),
        (P1020, "GBR", {}, 10, "2025-03-12", 25),
        (P1020, "ARE", {"largest_smelt": "unknown"}, 50, "2025-06-28", 200),
        (P1020, "GBR", {}, 25, "2026-04-06", 50),  # the 95% are not claimed
        (P1020, "BRA", {"claims": "onshoring_quota"}, 50, "2026-07-20", 25),
        (SCRAP, "CHN", {}, 0, "2018-09-24", 10),
        (SCRAP, "CHN", {}, 10, "2019-05-10", 25),
        (P1020, "CHN", {}, 10, "2019-09-01", 25),
        (P1020, "CHN", {}, 25, "2020-02-14", 17.5),
        (P1020, "CHN", {}, 17.5, "2024-09-27", 35),
        (P1020, "CHN", {}, 35, "2025-02-04", 45),
        (P1020, "CHN", {}, 45, "2025-03-04", 55),
        (P1020, "CHN", {}, 55, "2025-03-12", 70),
        (PROFILE, "CAN", {}, 55, "2026-09-15", 105),
    ],
)
def test_the_day_of_a_change_and_the_day_before(hts, origin, facts, before, day, after):
    last = str((pd.Timestamp(day) - pd.Timedelta(days=1)).date())
    assert (total(last, hts, origin, **facts), total(day, hts, origin, **facts)) == (before, after)


def test_the_emergency_duty_on_canada_day_by_day():
    days = ["2025-03-03", "2025-03-04", "2025-03-06", "2025-03-07", "2025-03-12", "2025-06-03", "2025-06-04"]
    assert [total(day, P1020, "CAN") for day in days] == [0, 25, 25, 25, 25, 25, 50]
    assert [total(day, P1020, "CAN", claims="usmca") for day in days] == [0, 25, 25, 0, 25, 25, 50]
    assert [answer(day, P1020, "CAN")["refundable_pct"] for day in days] == [0, 25, 25, 25, 25, 25, 0]
    claimed = [answer(day, P1020, "CAN", claims="usmca")["refundable_pct"] for day in days]
    assert claimed == [0, 25, 25, 0, 0, 0, 0]


def test_emergency_duties_were_collected_four_days_after_their_legal_end():
    days = ["2026-02-19", "2026-02-20", "2026-02-23", "2026-02-24"]
    surcharge = {"s122_surcharge_canada_mexico": 10}
    assert [measures(day, SCRAP, "MEX") for day in days] == [{"ieepa_mexico": 25}] * 3 + [surcharge]
    assert [measures(day, SCRAP, "MEX", claims="usmca") for day in days] == [{}] * 4


# What was known


@pytest.mark.parametrize(
    ("day", "known_on", "wanted"),
    [
        ("2020-08-20", None, 10),
        ("2020-08-20", "2020-08-05", 0),  # Proc 10060 was signed on 2020-08-06
        ("2020-08-20", "2020-08-06", 10),
        ("2020-09-10", "2020-09-15", 10),  # Proc 10106, signed on 2020-10-27, ended it from 2020-09-01
        ("2020-09-10", "2020-10-26", 10),
        ("2020-09-10", "2020-10-27", 0),
        ("2020-09-10", None, 0),
    ],
)
def test_canada_in_2020_as_known_then(day, known_on, wanted):
    assert total(day, P1020, "CAN", known_on) == wanted


@pytest.mark.parametrize(
    ("known_on", "wanted"),
    [("2021-01-18", 10), ("2021-01-19", 0), ("2021-01-25", 0), ("2021-01-31", 0), ("2021-02-01", 10), (None, 10)],
)
def test_the_exemption_of_the_emirates_that_never_took_effect(known_on, wanted):
    assert total("2021-02-05", P1020, "ARE", known_on) == wanted


@pytest.mark.parametrize(
    ("known_on", "wanted"),
    [
        ("2025-04-28", {"ieepa_canada": 25, "s232_articles": 25}),
        ("2025-04-29", {"ieepa_canada": 25}),  # EO 14289
        (None, {"ieepa_canada": 25}),
    ],
)
def test_the_order_against_stacking_reached_back(known_on, wanted):
    assert measures("2025-03-20", P1020, "CAN", known_on) == wanted
    assert measures("2025-03-20", P1020, "MEX", known_on) == {
        name.replace("canada", "mexico"): rate for name, rate in wanted.items()
    }


def test_an_entry_after_what_was_known_takes_the_law_as_it_stood():
    """On 2025-06-02 nobody knew of 50%; on 2019-01-01 nobody knew of an exemption."""
    assert total("2025-07-01", P1020, "ARE", "2025-06-02") == 25
    assert total("2025-07-01", P1020, "ARE", "2025-06-03") == 50
    assert total("2019-06-01", P1020, "CAN", "2019-01-01") == 10
    assert total("2024-02-01", P1020, "DEU", "2023-06-01", claims="in_quota") == 10  # the quota was to end in 2023
    assert total("2024-02-01", P1020, "DEU", "2023-12-28", claims="in_quota") == 0


@pytest.mark.parametrize(
    ("origin", "day", "known_on", "wanted"),
    [
        ("KOR", "2018-05-02", "2018-04-29", 10),  # all exemptions of March were to end with April
        ("BRA", "2018-05-02", "2018-04-29", 10),
        ("BRA", "2018-05-02", "2018-04-30", 0),
        ("BRA", "2018-06-02", "2018-05-30", 0),  # that of Brazil was prolonged without an end
        ("BRA", "2018-06-02", "2018-05-31", 10),
        ("ARG", "2018-06-02", "2018-05-30", 0),
        ("DEU", "2018-06-02", "2018-05-30", 10),  # that of the Union until the end of May
        ("AUS", "2025-04-01", "2025-02-09", 0),
        ("AUS", "2025-04-01", "2025-02-10", 25),
    ],
)
def test_exemptions_as_known_then(origin, day, known_on, wanted):
    assert total(day, P1020, origin, known_on) == wanted


def test_a_refund_is_known_from_the_judgment_on():
    facts = {"day": "2025-05-01", "hts": P1020, "origin": "CAN"}
    assert answer(**facts, known_on="2026-02-19")["refundable_pct"] == 0
    assert answer(**facts, known_on="2026-02-20")["refundable_pct"] == 25
    for known_on in ("2026-02-19", "2026-02-20"):
        assert total(**facts, known_on=known_on) == 25


# Metal not given


def test_where_no_measure_tests_the_metal_the_answer_is_one_number():
    for day in ("2018-04-01", "2022-05-31", "2023-04-09"):
        found = answer(day, P1020, "ARE", **NOT_GIVEN)
        assert found["total_pct"] == found["low_pct"] == found["high_pct"] == 10
        assert found["missing"] == ""


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        (NOT_GIVEN, (50, 200, "largest_smelt+recent_cast")),
        ({"largest_smelt": ""}, (50, 200, "largest_smelt")),
        ({"recent_cast": ""}, (50, 200, "recent_cast")),
    ],
)
def test_what_is_not_given_makes_a_range_and_is_named(facts, wanted):
    assert span("2026-10-01", P1020, "ARE", **facts) == wanted


def test_a_field_that_cannot_change_the_answer_is_not_missed():
    assert total("2026-10-01", P1020, "ARE", recent_cast="", largest_smelt="RUS") == 200
    assert total("2026-10-01", P1020, "ARE", largest_smelt="", second_smelt="RUS") == 200
    assert total("2026-10-01", P1020, "RUS", **NOT_GIVEN) == 282.5
    assert total("2026-10-01", SCRAP, "ARE", **NOT_GIVEN) == 0
    assert total("2026-10-01", P1020, "ARE", **NOT_GIVEN, claims="exclusion") == 0


def test_a_range_has_the_bounds_of_all_that_could_be():
    both = {"claims": "usmca+commerce_authorisation", **NOT_GIVEN}
    assert span("2026-05-01", P1020, "CAN", **both) == (25, 200, "largest_smelt+recent_cast")
    assert span("2024-08-01", P1020, "MEX", **NOT_GIVEN) == (0, 200, "largest_smelt+recent_cast")
    assert span("2024-08-01", P1020, "MEX", largest_smelt="CHN", recent_cast="") == (10, 200, "recent_cast")
    assert span("2025-07-01", WIRE, "ARE", **NOT_GIVEN) == (4.9, 204.9, "largest_smelt+recent_cast")


def test_no_second_smelt_beside_a_largest_is_one_source():
    assert total("2026-10-01", P1020, "ARE", largest_smelt="ARE", second_smelt="") == 50
    assert total("2026-10-01", P1020, "ARE", largest_smelt="ARE", second_smelt="N/A") == 50
    assert total("2026-10-01", P1020, "ARE", largest_smelt="ARE", second_smelt="RUS") == 200


@pytest.mark.parametrize("field", ["largest_smelt", "second_smelt", "recent_cast"])
@pytest.mark.parametrize("word", ["unknown", "Unknown", "UN"])
def test_unknown_is_a_fact(field, word):
    assert total("2025-06-27", P1020, "ARE", **{field: word}) == 50
    assert total("2025-06-28", P1020, "ARE", **{field: word}) == 200
    assert total("2020-01-01", P1020, "ARE", **{field: word}) == 10


def test_not_applicable_is_a_fact_too_and_in_no_country():
    assert total("2026-10-01", P1020, "ARE", largest_smelt="N/A", second_smelt="N/A") == 50
    authorized = {"claims": "usmca+commerce_authorisation", "recent_cast": "CAN"}
    assert total("2026-05-01", P1020, "CAN", largest_smelt="N/A", **authorized) == 50


# Claims


@pytest.mark.parametrize(
    ("day", "hts", "origin", "claim", "with_claim", "without"),
    [
        ("2019-01-01", SHEET, "MEX", "nafta", 10, 13),
        ("2020-06-30", SHEET, "CAN", "nafta", 0, 3),
        ("2020-07-01", SHEET, "CAN", "nafta", 3, 3),  # it has ended
        ("2020-06-30", SHEET, "CAN", "usmca", 3, 3),  # it has not begun
        ("2020-07-01", SHEET, "CAN", "usmca", 0, 3),
        ("2026-10-01", SHEET, "CAN", "usmca", 50, 53),
        ("2026-10-01", SHEET, "BHR", "fta", 50, 53),
        ("2026-10-01", SHEET, "ARE", "fta", 53, 53),  # no agreement
        ("2022-03-01", SHEET, "DEU", "in_quota", 3, 13),
        ("2021-12-31", SHEET, "DEU", "in_quota", 13, 13),
        ("2018-04-01", SHEET, "ARE", "exclusion", 3, 13),
        ("2020-12-28", SHEET, "ARE", "general_exclusion", 13, 13),
        ("2020-12-29", SHEET, "ARE", "general_exclusion", 3, 13),
        ("2025-03-12", SHEET, "ARE", "general_exclusion", 28, 28),
        ("2026-10-01", SHEET, "GBR", "uk_95", 28, 53),
        ("2026-10-01", SHEET, "DEU", "uk_95", 53, 53),
        ("2026-03-01", SHEET, "GBR", "uk_95", 28, 28),
        ("2026-10-01", WIRE, "DEU", "us_95", 14.9, 54.9),
        ("2026-10-01", SHEET, "DEU", "us_95", 53, 53),  # for derivatives only
        ("2026-10-01", P1020, "ARE", "onshoring_quota", 25, 50),
        ("2026-10-01", SHEET, "ARE", "onshoring_quota", 53, 53),  # for heading 7601 only
        ("2026-05-01", P1020, "MEX", "commerce_authorisation", 50, 50),  # and not without USMCA
        ("2026-05-01", P1020, "MEX", "usmca+commerce_authorisation", 25, 50),
        ("2026-04-22", P1020, "MEX", "usmca+commerce_authorisation", 50, 50),
        ("2026-05-01", P1020, "ARE", "usmca+commerce_authorisation", 50, 50),
    ],
)
def test_a_claim_and_the_same_entry_without_it(day, hts, origin, claim, with_claim, without):
    assert total(day, hts, origin, claims=claim) == with_claim
    assert total(day, hts, origin) == without


def test_the_authorized_half_rate_needs_all_metal_of_north_america():
    facts = {"day": "2026-05-01", "hts": P1020, "origin": "CAN", "claims": "usmca+commerce_authorisation"}
    assert total(**facts, largest_smelt="MEX", second_smelt="CAN", recent_cast="MEX") == 25
    assert total(**facts, second_smelt="ISL") == 50
    assert total(**facts, recent_cast="USA") == 50
    assert total(**facts, largest_smelt="RUS") == 200


def test_the_surcharge_spares_goods_of_usmca_and_of_no_other_country():
    assert total("2026-03-01", SCRAP, "CAN", claims="usmca") == 0
    assert total("2026-03-01", SCRAP, "DEU", claims="usmca") == 10


def test_what_is_claimed_for_nothing_changes_nothing():
    base = total("2023-05-01", SHEET, "DEU")
    assert total("2023-05-01", SHEET, "DEU", claims="uk_95+us_95+commerce_authorisation+onshoring_quota+nafta") == base


def test_a_word_that_is_no_claim_is_refused_with_the_nearest():
    with pytest.raises(AimError, match=r"'in_qouta' is no claim. Did you mean in_quota\?"):
        rated("2023-05-01", SHEET, "DEU", claims="usmca+in_qouta")


# The metal and the rest of the value


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        ("2025-06-03", {"column_1": 2.5, "s232_articles": 25}),  # on the full value
        ("2025-06-04", {"column_1": 2.5, "s232_articles": 20, "ieepa_reciprocal": 6}),
        ("2026-02-23", {"column_1": 2.5, "s232_articles": 20, "ieepa_reciprocal": 6}),
        ("2026-02-24", {"column_1": 2.5, "s232_articles": 20, "s122_surcharge": 6}),
        ("2026-04-05", {"column_1": 2.5, "s232_articles": 20, "s122_surcharge": 6}),
        ("2026-04-06", {"column_1": 2.5, "s232_articles": 50}),
    ],
)
def test_an_article_of_two_fifths_aluminum(day, wanted):
    assert measures(day, ARTICLE, "DEU", metal_share=0.4) == wanted


@pytest.mark.parametrize(
    ("hts", "origin", "claims", "wanted"),
    [
        (ARTICLE, "DEU", "", 52.5),
        (WIRE, "DEU", "", 54.9),
        (WIRE, "DEU", "us_95", 14.9),
        ("7616991000", "DEU", "", 25),
        (ARTICLE, "GBR", "uk_95", 27.5),
        ("7616991000", "GBR", "uk_95", 15),
        (ARTICLE, "MEX", "usmca+commerce_authorisation", 25),
        (ARTICLE, "RUS", "", 270),
    ],
)
def test_from_april_2026_the_metals_share_does_not_matter(hts, origin, claims, wanted):
    for share in (0.0, 0.4, 1.0):
        assert total("2026-05-01", hts, origin, claims=claims, metal_share=share) == wanted


def test_the_rest_of_canadian_and_mexican_goods_owes_the_emergency_duty():
    share = {"metal_share": 0.4}
    assert measures("2025-07-01", ARTICLE, "CAN", **share) == {
        "column_1": 2.5, "s232_articles": 20, "ieepa_canada": 15,
    }  # fmt: skip
    assert measures("2025-08-01", ARTICLE, "CAN", **share)["ieepa_canada"] == 21
    assert measures("2025-08-01", ARTICLE, "MEX", **share)["ieepa_mexico"] == 15
    assert measures("2025-08-01", ARTICLE, "MEX", **share, claims="usmca") == {"s232_articles": 20}


def test_the_fentanyl_duty_is_on_the_whole_value():
    assert measures("2025-07-01", ARTICLE, "CHN", metal_share=0.4) == {
        "column_1": 2.5, "s301_china_list_3": 25, "ieepa_china_fentanyl": 20, "ieepa_reciprocal": 6,
        "s232_articles": 20,
    }  # fmt: skip


def test_russian_and_unknown_metal_pays_on_the_full_value():
    for metal in ("RUS", "unknown"):
        assert total("2025-07-01", ARTICLE, "DEU", metal_share=0.4, largest_smelt=metal) == 202.5


def test_a_share_that_is_not_known_is_the_whole():
    assert total("2025-07-01", ARTICLE, "DEU") == total("2025-07-01", ARTICLE, "DEU", metal_share=1.0) == 52.5
    assert total("2025-07-01", ARTICLE, "DEU", metal_share="") == 52.5
    assert total("2025-07-01", ARTICLE, "DEU", metal_share=0.0) == 12.5


def test_a_range_where_only_a_part_pays():
    low, high, missing = span("2025-07-01", ARTICLE, "DEU", metal_share=0.4, **NOT_GIVEN)
    assert (low, high, missing) == (28.5, 202.5, "largest_smelt+recent_cast")


# Refunds


def test_what_the_court_voided_stands_in_the_total_and_beside_it():
    found = answer("2025-11-09", "7601103000", "CHN")
    assert (found["total_pct"], found["refundable_pct"], found["after_refund_pct"]) == (97.6, 20, 77.6)
    found = answer("2025-07-01", ARTICLE, "DEU", metal_share=0.4)
    assert (found["refundable_pct"], found["after_refund_pct"]) == (6, 22.5)
    found = answer("2025-09-01", SCRAP, "CAN")
    assert (found["total_pct"], found["refundable_pct"], found["after_refund_pct"]) == (35, 35, 0)


def test_section_122_and_232_are_not_refunded():
    assert answer("2026-03-01", SCRAP, "DEU")["refundable_pct"] == 0
    assert answer("2026-03-01", P1020, "DEU")["refundable_pct"] == 0


# Lines, countries and programs


def test_scrap_is_under_no_measure_of_section_232():
    wanted = {
        "2019-01-01": {},
        "2023-05-01": {},
        "2025-04-04": {},
        "2025-04-05": {"ieepa_reciprocal": 10},
        "2026-03-01": {"s122_surcharge": 10},
        "2026-07-24": {},
    }
    assert {day: measures(day, SCRAP, "DEU", largest_smelt="RUS") for day in wanted} == wanted
    assert measures("2026-08-01", SCRAP, "BRA") == {"s301_brazil": 25}
    assert measures("2026-08-01", SCRAP, "RUS") == {"s301_forced_labor_russia": 12.5}


def test_brazil_pays_section_301_only_where_section_232_does_not_apply():
    assert measures("2026-07-22", P1020, "BRA") == {"s232_articles": 50}
    assert measures("2026-07-21", SCRAP, "BRA") == {"s122_surcharge": 10}
    assert measures("2026-07-22", SCRAP, "BRA") == {"s301_brazil": 25, "s122_surcharge": 10}
    assert measures("2026-07-24", SCRAP, "BRA") == {"s301_brazil": 25}


def test_russian_metal_pays_forced_labor_beside_section_232():
    assert measures("2026-08-01", P1020, "RUS") == {
        "column_2_russia": 70, "s301_forced_labor_russia": 12.5, "s232_russia": 200,
    }  # fmt: skip
    assert total("2026-08-01", P1020, "RUS") == 282.5
    assert total("2026-07-23", P1020, "RUS") == 270


def test_belarus_pays_plain_column_2():
    assert total("2022-04-08", P1020, "BLR") == 10
    assert total("2022-04-09", P1020, "BLR") == 21
    assert total("2026-10-01", P1020, "BLR") == 61


def test_russian_metal_from_elsewhere_keeps_its_column():
    assert measures("2026-10-01", SHEET, "ARE", second_smelt="RUS") == {"column_1": 3, "s232_russian_metal": 200}
    assert measures("2026-10-01", SHEET, "RUS", largest_smelt="ARE") == measures("2026-10-01", SHEET, "RUS")


def test_the_united_kingdom():
    assert total("2025-06-04", P1020, "GBR", metal_share=1.0) == 25
    assert total("2026-04-05", P1020, "GBR") == 25
    assert total("2026-04-06", P1020, "GBR", claims="uk_95") == 25
    assert total("2026-04-06", P1020, "GBR", claims="uk_95", largest_smelt="RUS") == 200
    assert total("2025-07-01", ARTICLE, "GBR", metal_share=0.4) == 2.5 + 10 + 6
    assert total("2026-05-01", "7616991000", "GBR", claims="uk_95") == 15  # Annex I-B
    assert total("2026-05-01", "7616991000", "GBR") == 25


def test_metal_of_the_united_states_in_derivatives():
    american = {"largest_smelt": "USA", "recent_cast": "USA"}
    assert total("2025-05-01", WIRE, "DEU", **american) == 4.9
    assert total("2025-05-01", WIRE, "DEU", **american | {"second_smelt": "CAN"}) == 29.9
    assert total("2025-05-01", SHEET, "DEU", **american) == 28  # an article is no derivative
    assert total("2025-05-01", WIRE, "DEU") == 29.9
    assert total("2026-05-01", WIRE, "DEU", **american) == 54.9  # from April 2026 it must be claimed
    assert total("2026-05-01", WIRE, "DEU", claims="us_95") == 14.9
    assert total("2026-05-01", WIRE, "GBR", claims="us_95+uk_95") == 14.9


def test_empty_cans():
    assert [total(day, CANS, "DEU") for day in ("2025-04-03", "2025-04-04", "2025-06-04")] == [5.7, 30.7, 55.7]
    assert total("2025-04-04", CANS, "DEU", metal_share=0.6) == 5.7 + 15
    assert total("2025-04-05", CANS, "DEU", metal_share=0.6) == 5.7 + 15 + 4


def test_the_quota_of_the_union():
    assert total("2022-03-01", SHEET, "DEU", claims="in_quota") == 3
    assert total("2022-03-01", SHEET, "GBR", claims="in_quota") == 13  # the United Kingdom has its own, from June
    assert total("2025-03-11", SHEET, "DEU", claims="in_quota") == 3
    assert total("2025-03-12", SHEET, "DEU", claims="in_quota") == 28
    assert total("2023-05-01", SHEET, "DEU", claims="in_quota", recent_cast="RUS") == 203


def test_the_quota_of_the_united_kingdom_takes_no_wrought_metal_smelted_in_china_russia_or_belarus():
    quota = {"day": "2023-01-10", "origin": "GBR", "claims": "in_quota"}
    assert total(hts=SHEET, **quota) == 3
    assert total(hts=SHEET, **quota, largest_smelt="CHN") == 13
    assert total(hts=SHEET, **quota, second_smelt="BLR") == 13
    assert total(hts=SHEET, **quota, largest_smelt="unknown") == 13
    assert total(hts=SHEET, **quota, recent_cast="CHN") == 3  # where it was cast is not asked
    assert total(hts=P1020, **quota, largest_smelt="CHN") == 0  # nor is unwrought metal
    assert span(hts=SHEET, **quota, **NOT_GIVEN) == (3, 13, "largest_smelt")


def test_argentina_enters_within_its_absolute_quota_or_not_at_all():
    assert total("2018-06-01", P1020, "ARG") == total("2025-03-11", P1020, "ARG") == 0


def test_mexican_products_of_chinese_metal():
    assert total("2024-07-10", P1020, "MEX", second_smelt="IRN") == 10
    assert total("2024-07-10", P1020, "MEX", recent_cast="RUS") == 200  # Russia comes first
    assert total("2024-07-10", P1020, "CAN", largest_smelt="CHN") == 0
    assert total("2025-03-12", P1020, "MEX", largest_smelt="CHN", claims="usmca") == 25


def test_canadian_extrusions_and_tubes_pay_section_338_on_top():
    assert measures("2026-09-15", PROFILE, "CAN") == {
        "column_1": 5, "s338_canada_extrusions_and_tubes": 50, "s232_articles": 50,
    }  # fmt: skip
    assert total("2026-09-15", PROFILE, "CAN", claims="usmca") == 100
    assert total("2026-09-15", SHEET, "CAN") == 53
    assert total("2026-09-14", PROFILE, "CAN") == 55


def test_lines_whose_suffix_decides_need_ten_digits():
    assert answer("2026-10-01", "76169951", "DEU")["refused"] == "ten digits"
    assert answer("2026-10-01", "7616.10.90", "DEU")["refused"] == "ten digits"
    assert total("2026-10-01", ARTICLE, "DEU") == 52.5
    assert total("2026-10-01", "7616995110", "DEU") == 27.5  # Annex I-B
    assert total("2026-10-01", "7616109030", "DEU") == 6
    assert total("2026-10-01", "7616109090", "DEU") == 56
    assert total("2018-03-22", "76169951", "DEU") == 2.5  # no suffix decided anything


@pytest.mark.parametrize(
    ("day", "hts", "origin", "wanted"),
    [("2019-01-01", "76169951", "AUS", 2.5), ("2025-07-01", "76169910", "DEU", 50)],
)
def test_lines_whose_suffix_does_not_decide_do_not(day, hts, origin, wanted):
    assert total(day, hts, origin) == wanted


@pytest.mark.parametrize("hts", ["7601.10.60", "76011060", "7601.10.60.30", "7601106030"])
def test_a_line_may_have_points_or_none(hts):
    assert total("2026-10-01", hts, "ARE") == 50


@pytest.mark.parametrize("hts", ["76011099", "7615102015", "72011000"])
def test_lines_that_are_not_held_are_refused(hts):
    found = answer("2026-10-01", hts, "ARE")
    assert found["refused"] == "not covered"
    assert found[["total_pct", "low_pct", "high_pct"]].isna().all()


# Days outside


def test_days_outside_are_refused_and_the_last_law_goes_on_only_where_asked():
    entry = pd.DataFrame([{"entry_date": "2026-12-01", "hts": P1020, "origin": "ARE", "largest_smelt": "ARE"}])
    entry["recent_cast"] = "ARE"
    assert rate_entries(entry).frame["refused"].tolist() == ["beyond verified coverage"]
    assert rate_entries(entry, extend=True).frame["total_pct"].tolist() == [50]
    assert answer("2017-12-31", P1020, "ARE")["refused"] == "before coverage"
    assert rate_entries(entry.assign(entry_date="2017-12-31"), extend=True).frame["refused"].item() == "before coverage"


# What stands beside the total


def test_deposits_and_fees_stand_beside_the_total():
    parts = rated("2026-10-01", SHEET, "CHN").parts()
    beside = parts[~parts["in_total"]]
    assert set(beside["program"]) == {"ad_cvd", "mpf", "hmf"}
    assert total("2026-10-01", SHEET, "CHN") == 3 + 25 + 50


# Frames


@pytest.fixture(scope="module")
def frame(random_entries) -> pd.DataFrame:
    rows = pd.DataFrame(random_entries.entries(seed=42, count=2000))
    return rows.assign(customs_value_usd=np.arange(1.0, len(rows) + 1))


@pytest.fixture(scope="module")
def answers(frame) -> pd.DataFrame:
    return rate_entries(frame).frame


def test_the_order_of_the_rows_does_not_matter(frame, answers):
    shuffled = frame.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(rate_entries(shuffled).frame, answers.loc[shuffled.index])


def test_a_row_alone_is_as_it_is_among_others(frame, answers):
    for at in range(0, len(frame), 20):
        alone = rate_entries(frame.iloc[[at]]).frame
        pd.testing.assert_frame_equal(alone, answers.iloc[[at]], rtol=0, atol=1e-9)


def test_the_index_of_the_entries_is_that_of_the_answers(frame, answers):
    named = frame.set_axis([f"entry {at}" for at in range(len(frame))])
    found = rate_entries(named).frame
    assert found.index.equals(named.index)
    pd.testing.assert_frame_equal(found.reset_index(drop=True), answers)


def test_rows_that_are_the_same_have_the_same_answer(frame, answers):
    twice = rate_entries(pd.concat([frame, frame], ignore_index=True)).frame
    pd.testing.assert_frame_equal(twice.iloc[len(frame) :].reset_index(drop=True), answers)


def test_no_entries_have_no_answers(frame):
    found = rate_entries(frame.iloc[:0])
    assert len(found.frame) == 0
    assert len(found.parts()) == 0


def test_the_parts_in_the_total_sum_to_it(frame, answers):
    parts = rate_entries(frame).parts()
    sums = parts[parts["in_total"]].groupby("entry")["pct"].sum().reindex(range(len(frame)))
    single = answers["total_pct"].notna().to_numpy()
    np.testing.assert_allclose(sums.to_numpy()[single], answers.loc[single, "total_pct"], atol=1e-9)
    assert single.sum() > 1000


def test_the_parts_of_a_range_are_those_of_metal_from_elsewhere(frame, answers):
    parts = rate_entries(frame).parts()
    sums = parts[parts["in_total"]].groupby("entry")["pct"].sum().reindex(range(len(frame)))
    ranges = (answers["missing"] != "").to_numpy()
    elsewhere = frame.assign(
        **{name: frame[name].where(frame[name] != "", "NOR") for name in ("largest_smelt", "recent_cast")}
    )
    wanted = rate_entries(elsewhere).frame["total_pct"]
    np.testing.assert_allclose(sums.to_numpy()[ranges], wanted[ranges], atol=1e-9)
    assert ranges.sum() > 50


def test_of_each_family_one_measure_applies(frame):
    parts = rate_entries(frame).parts()
    parts["family"] = [law().rules[place].family for place in parts["place"]]
    assert not parts.duplicated(["entry", "family"]).any()


def test_every_answer_is_one_number_a_range_or_a_refusal(answers):
    is_range, is_refused = answers["missing"] != "", answers["refused"] != ""
    assert not (is_range & is_refused).any()
    assert answers.loc[is_refused, ["total_pct", "low_pct", "high_pct", "duty_usd"]].isna().all(axis=None)
    assert (answers.loc[is_range, "high_pct"] > answers.loc[is_range, "low_pct"]).all()
    one = answers[~is_range & ~is_refused]
    assert (one["low_pct"] == one["total_pct"]).all()
    assert (one["high_pct"] == one["total_pct"]).all()
    assert (one["total_pct"] >= 0).all()
    assert (one["refundable_pct"].between(0, one["total_pct"])).all()


def test_dollars_are_the_percent_of_the_value(frame, answers):
    for dollars, percent in (("duty_usd", "total_pct"), ("duty_low_usd", "low_pct"), ("duty_high_usd", "high_pct")):
        wanted = answers[percent] * frame["customs_value_usd"] / 100
        np.testing.assert_allclose(answers[dollars], wanted, rtol=1e-12, equal_nan=True)


def test_a_given_fact_narrows_the_range(frame, answers):
    """Whatever the metal turns out to be, the duty is within what was said before."""
    given = rate_entries(frame.assign(largest_smelt=frame["largest_smelt"].where(frame["largest_smelt"] != "", "CHN")))
    inside = given.frame.loc[answers["refused"] == ""]
    outside = answers.loc[inside.index]
    assert (inside["low_pct"] >= outside["low_pct"] - 1e-9).all()
    assert (inside["high_pct"] <= outside["high_pct"] + 1e-9).all()


# What cannot be read


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"hts": "7601"}, "hts: '7601' cannot be read"),
        ({"origin": "Canada"}, "origin: 'Canada' cannot be read"),
        ({"largest_smelt": "Canada"}, "largest_smelt: 'Canada' cannot be read"),
        ({"entry_date": "2026-13-01"}, "'2026-13-01' in row 1 is not a day"),
        ({"metal_share": 40}, "metal_share: 40 in row 1 is no share"),
        ({"metal_share": "two fifths"}, "metal_share: two fifths in row 1 is no share"),
    ],
)
def test_what_cannot_be_read_is_named(change, told):
    entry = {"entry_date": "2026-05-01", "hts": P1020, "origin": "CAN"} | change
    with pytest.raises(AimError) as caught:
        rate_entries(pd.DataFrame([entry]))
    assert told in str(caught.value)


@pytest.mark.parametrize("column", ["entry_date", "hts", "origin"])
def test_a_column_that_is_needed(frame, column):
    with pytest.raises(AimError, match=f"no column {column}"):
        rate_entries(frame.drop(columns=column))


def test_columns_that_are_absent_are_not_given(frame):
    few = frame[["entry_date", "hts", "origin"]]
    blank = few.assign(largest_smelt="", second_smelt="", recent_cast="", claims="", metal_share=np.nan)
    pd.testing.assert_frame_equal(rate_entries(few).frame, rate_entries(blank).frame)
