"""The law changed: what each step of a scenario does to the rate, what it says, and what is refused."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from aimlib.analysis.duty.rate import rate_entries
from aimlib.analysis.duty.scenario_files import read_scenarios, scenario_names
from aimlib.analysis.duty.scenarios import Scenario, the_law
from aimlib.analysis.duty.statutory import statutory_duty
from aimlib.errors import AimError
from aimlib.reference.law import law

P1020, PROFILE, CAN_BODY = "7601106030", "7604291010", "7612901000"
ARTICLES = "Section 232 duty on aluminum articles"

SURCHARGE = """
program: made_up
family: made_up
family_title: Made-up surcharges
measure: made_up_surcharge
title: Made-up surcharge
scope: ["7601"]
origins: {except: [CAN]}
basis: full
versions:
  - id: Z01
    from: 2025-01-01
    known: 2024-12-01
    known_basis: made up
    rate: 7
    heading: none
    citation: none, made up
    link: https://example.org/made-up
    confidence: made up
"""


def pct(scenario: Scenario, day: str, hts: str, origin: str, *claims: str, metal_share: float = 1.0) -> float:
    """Return the total on an entry of metal from its own origin, percent."""
    entry = {
        "entry_date": day,
        "hts": hts,
        "origin": origin,
        "largest_smelt": origin,
        "recent_cast": origin,
        "claims": "+".join(claims),
        "metal_share": metal_share,
    }
    return rate_entries(pd.DataFrame([entry]), law=scenario.law, known_on=scenario.known_on).frame["total_pct"].item()


def mine(**given) -> Scenario:
    return Scenario("mine", **given)


# Each step


def test_a_rate_on_all_days_or_from_a_day_on():
    always = mine().set_rate("s232_articles", 30)
    assert [pct(always, day, P1020, "ARE") for day in ("2018-04-01", "2024-07-01", "2025-07-01")] == [30, 30, 30]
    later = mine().set_rate("s232_articles", 30, since=date(2026, 1, 1))
    days = ("2024-07-01", "2025-12-31", "2026-01-01", "2026-04-06", "2026-10-09")
    assert [pct(later, day, P1020, "ARE") for day in days] == [10, 50, 30, 30, 30]
    assert later.steps == (f"{ARTICLES} at 30% from January 1, 2026",)
    assert always.steps == (f"{ARTICLES} at 30%",)


def test_a_rate_of_a_measure_leaves_what_replaces_it():
    """Russian metal and that of the United Kingdom have measures of their own."""
    changed = mine().set_rate("s232_articles", 12)
    assert (
        pct(changed, "2026-10-01", P1020, "GBR", "uk_95") == pct(the_law(), "2026-10-01", P1020, "GBR", "uk_95") == 25
    )
    assert pct(changed, "2026-07-01", P1020, "RUS") == pct(the_law(), "2026-07-01", P1020, "RUS") == 270
    assert pct(changed, "2026-10-01", P1020, "GBR") == 12


def test_a_quotas_two_rates_become_one():
    changed = mine().set_rate("s232_quota_european_union", 4)
    for claims in ((), ("in_quota",)):
        assert pct(changed, "2023-05-01", P1020, "DEU", *claims) == 4
    assert (pct(the_law(), "2023-05-01", P1020, "DEU", "in_quota"), pct(the_law(), "2023-05-01", P1020, "DEU")) == (
        0,
        10,
    )


def test_an_exemption_of_countries_and_groups():
    free = mine().exempt("s232", ["Canada", "EU27"], since=date(2025, 6, 4))
    assert pct(free, "2025-06-03", P1020, "CAN", "usmca") == 25
    assert pct(free, "2025-06-04", P1020, "CAN", "usmca") == 0
    # Of a German entry the reciprocal duty no longer yields to Section 232.
    assert pct(free, "2025-06-04", P1020, "DEU") == 10
    assert pct(free, "2026-08-01", P1020, "DEU") == 0
    assert pct(free, "2026-08-01", P1020, "ARE") == 50
    assert free.steps == (
        "Austria, Belgium, Bulgaria, Canada, Croatia and 23 others exempt from Section 232, aluminum from June 4, 2025",
    )
    assert mine().exempt("s232_articles", ["CAN"]).steps == (f"Canada exempt from {ARTICLES}",)


def test_an_exemption_keeps_those_already_exempt():
    """Australia was exempt in 2019, and stays so when Canada is exempted as well."""
    free = mine().exempt("s232", ["CAN"])
    assert (pct(free, "2018-07-01", P1020, "CAN"), pct(free, "2018-07-01", P1020, "AUS")) == (0, 0)
    assert pct(free, "2018-07-01", P1020, "ARE") == 10


def test_a_value_basis():
    half = mine().set_basis("s232_articles", "metal_content", since=date(2026, 4, 6))
    assert pct(half, "2026-10-01", P1020, "ARE", metal_share=0.5) == 25
    assert pct(the_law(), "2026-10-01", P1020, "ARE", metal_share=0.5) == 50
    assert half.steps == (f"{ARTICLES} on the aluminum content from April 6, 2026",)
    full = mine().set_basis("s232_articles", "full")
    # June 2025 to April 2026: the duty on the content, and the reciprocal duty on the rest; now on all of it.
    assert pct(the_law(), "2025-09-01", P1020, "ARE", metal_share=0.5) == 0.5 * 50 + 0.5 * 10
    assert pct(full, "2025-09-01", P1020, "ARE", metal_share=0.5) == 50
    assert full.steps == (f"{ARTICLES} on the full value",)


def test_another_start_earlier_and_later():
    earlier = mine().start("s338_canada_extrusions_and_tubes", date(2026, 8, 1))
    assert pct(earlier, "2026-07-31", PROFILE, "CAN", "usmca") == 50
    assert pct(earlier, "2026-08-01", PROFILE, "CAN", "usmca") == 100
    later = mine().start("s232_articles", date(2020, 1, 1))
    assert [pct(later, day, P1020, "ARE") for day in ("2018-06-01", "2019-12-31", "2020-01-01", "2026-10-01")] == [
        0,
        0,
        10,
        50,
    ]
    assert later.steps == (f"{ARTICLES} from January 1, 2020",)


def test_an_end_brings_back_what_was_replaced():
    ended = mine().end("s232_canada_2020", date(2020, 8, 20))
    days = ("2020-08-15", "2020-08-16", "2020-08-20", "2020-08-21")
    assert [pct(ended, day, P1020, "CAN") for day in days] == [0, 10, 10, 0]
    over = mine().end("s232", date(2026, 6, 30))
    assert [pct(over, day, P1020, "ARE") for day in ("2026-06-30", "2026-08-01")] == [50, 0]
    assert over.steps == ("Section 232, aluminum until June 30, 2026",)


def test_removal_of_a_measure_a_program_and_a_family():
    assert pct(mine().remove("s232_canada_2020"), "2020-08-20", P1020, "CAN") == 0
    assert pct(mine().remove("s301_cn"), "2026-10-01", P1020, "CHN") == 50
    assert pct(mine().remove("s301_china"), "2026-10-01", P1020, "CHN") == 50
    assert pct(the_law(), "2026-10-01", P1020, "CHN") == 75
    # Without Section 232 what yielded to it is due: the surcharge of Section 122.
    assert pct(mine().remove("s232"), "2026-03-01", P1020, "ARE") == 10
    assert mine().remove("s338").steps == ("Section 338, Canada removed",)
    assert mine().remove("s301_cn").steps == ("4 measures of the program s301_cn removed",)


def test_measures_from_a_file(tmp_path):
    file = tmp_path / "surcharge.yml"
    file.write_text(SURCHARGE)
    added = mine().add(file)
    assert pct(added, "2026-10-01", P1020, "ARE") == 57
    assert pct(added, "2026-10-01", P1020, "CAN", "usmca") == 50
    assert pct(added, "2024-12-31", P1020, "ARE") == 10
    assert added.steps == ("with surcharge",)
    halved = added.set_rate("made_up_surcharge", 3.5)
    assert pct(halved, "2026-10-01", P1020, "ARE") == 53.5
    assert halved.steps[-1] == "Made-up surcharge at 3.5%"
    with pytest.raises(AimError, match="only before other changes"):
        halved.add(file)


def test_the_law_of_a_day_on_all_entries():
    rows = imports("2026-05-01", "2026-05-31", "ARE")
    old = mine().law_of(date(2025, 3, 11))
    assert statutory_duty(rows, scenario=old)["statutory_pct"].tolist() == [10]
    assert statutory_duty(rows)["statutory_pct"].tolist() == [50]
    assert old.steps == ("the law of March 11, 2025 on all entries",)


def test_the_law_as_known_on_a_day():
    """Canada's duty of August 2020 ended in September by what was signed at the end of October."""
    then, after = (mine().as_known(date(2020, month, 28)) for month in (9, 10))
    assert (pct(then, "2020-09-15", P1020, "CAN"), pct(after, "2020-09-15", P1020, "CAN")) == (10, 0)
    assert then.steps == ("the law as known on September 28, 2020",)


def test_steps_add_up_in_their_order():
    twice = mine().set_rate("s232_articles", 40).set_rate("s232_articles", 20, since=date(2026, 1, 1))
    assert [pct(twice, day, P1020, "ARE") for day in ("2025-12-31", "2026-01-01")] == [40, 20]
    assert twice.steps == (f"{ARTICLES} at 40%", f"{ARTICLES} at 20% from January 1, 2026")
    assert twice.law.edits == twice.steps
    lone = mine().remove("s338").law_of(date(2026, 10, 1)).exempt("s232", ["CAN"])
    assert lone.on == date(2026, 10, 1)
    assert len(lone.steps) == 3


def test_the_law_itself_is_never_changed():
    before = law().rules, law().yields, dict(law().families), law().edits
    start = mine()
    start.set_rate("s232", 1).exempt("s232", ["CAN"]).set_basis("s232", "full").start("s338", date(2020, 1, 1))
    start.end("s232", date(2020, 1, 1)).remove("s301_china").law_of(date(2020, 1, 1)).as_known(date(2020, 1, 1))
    assert (law().rules, law().yields, dict(law().families), law().edits) == before
    assert start == mine()
    assert start.steps == the_law().steps == ()
    assert start.law is law()


def test_its_name_is_its_title_or_its_key():
    assert (mine().name, mine(title="My law").name, the_law().name) == ("mine", "My law", "The law")


# What is refused


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (lambda one: one.remove("s338_canada_list"), "Did you mean s338_canada_lists?"),
        (lambda one: one.set_rate("s232_article", 5), "Did you mean s232_articles?"),
        (lambda one: one.end("zzz", date(2025, 1, 1)), "The families are column, s301_china"),
        (lambda one: one.set_rate("s232", -1), "A rate of -1% is not possible."),
        (lambda one: one.set_rate("s232", float("nan")), "A rate of nan% is not possible."),
        (lambda one: one.set_rate("s232", 1001), "from 0 to 1000"),
        (lambda one: one.exempt("s232", ["Canda"]), "Did you mean Canada?"),
        (lambda one: one.set_basis("s232", "metal_contents"), "Did you mean metal_content?"),
        (lambda one: one.set_basis("s232", "value"), "Take full or metal_content."),
        (lambda one: one.set_basis("s232", "rest"), "Take full or metal_content."),
        (lambda one: one.exempt("s232", []), "s232"),
    ],
)
def test_a_step_that_cannot_be(step, told):
    with pytest.raises(AimError) as caught:
        step(mine())
    assert told in str(caught.value)


# Scenarios by name and in files


def imports(first: str, last: str, *origins: str, codes: tuple[str, ...] = (P1020,)) -> pd.DataFrame:
    """Return a thousand dollars of each code from each origin over a period."""
    return pd.DataFrame(
        [
            {
                "first": date.fromisoformat(first),
                "last": date.fromisoformat(last),
                "origin": origin,
                "code": code,
                "customs_value_usd": 1000.0,
            }
            for origin in origins
            for code in codes
        ]
    )


@pytest.mark.parametrize("name", scenario_names())
def test_every_named_scenario_changes_what_something_pays(name):
    (scenario,) = read_scenarios(name)
    assert (scenario.key, scenario.title) == (name, scenario_names()[name])
    assert scenario.steps
    rows = imports("2026-10-01", "2026-10-09", "CAN", "MEX", "ARE", "CHN", codes=(P1020, PROFILE, CAN_BODY))
    law_takes, takes = (statutory_duty(rows, scenario=one)["statutory_duty_usd"] for one in (the_law(), scenario))
    assert takes.notna().all()
    assert (takes - law_takes).abs().max() > 10


def test_what_the_named_scenarios_say_they_do():
    rows = imports("2026-10-01", "2026-10-09", "CAN", "MEX", "ARE", "CHN")

    def rates(name: str) -> dict[str, float]:
        rated = statutory_duty(rows, scenario=read_scenarios(name)[0])
        return dict(zip(rated["origin"], rated["statutory_pct"], strict=True))

    assert rates("half_rate") == {"CAN": 25, "MEX": 25, "ARE": 25, "CHN": 50}
    assert rates("canada_exempt")["CAN"] == 0
    assert rates("canada_exempt")["MEX"] == 50
    assert (rates("usmca_exempt")["CAN"], rates("usmca_exempt")["MEX"], rates("usmca_exempt")["ARE"]) == (0, 0, 50)
    assert rates("no_china_301")["CHN"] == 50
    assert rates("law_of_march_11_2025")["ARE"] == 10
    assert rates("law_of_june_3_2025")["ARE"] == 25


def read(folder: Path, text: str) -> tuple[Scenario, ...]:
    file = folder / "mine.yml"
    file.write_text(text)
    return read_scenarios(str(file))


def test_a_file_of_the_user_with_every_step(tmp_path):
    (tmp_path / "surcharge.yml").write_text(SURCHARGE)
    one, two = read(
        tmp_path,
        """
surcharge:
  title: With a surcharge
  changes:
    - {add: surcharge.yml}
    - {rate: made_up_surcharge, to: 5, since: 2026-01-01}
    - {exempt: s232_articles, origins: [CAN, EU27], since: 2026-01-01}
    - {basis: s232_articles, to: full}
    - {start: s338, "on": 2026-09-20}
    - {end: s301_china, "on": 2026-09-30}
old:
  changes: [{remove: s232}, {law_of: 2024-01-01}, {as_known: 2024-06-01}]
""",
    )
    assert (one.key, one.title, len(one.steps)) == ("surcharge", "With a surcharge", 6)
    assert pct(one, "2026-10-01", P1020, "CHN") == 50 + 5
    assert pct(one, "2026-10-01", P1020, "CAN", "usmca") == 0
    assert pct(one, "2026-09-19", PROFILE, "CAN", "usmca") == 0
    assert pct(one, "2026-09-20", PROFILE, "CAN", "usmca") == 50
    assert (two.name, two.on, two.known_on) == ("old", date(2024, 1, 1), date(2024, 6, 1))


def test_names_and_files_together(tmp_path):
    (tmp_path / "mine.yml").write_text("mine: {title: Mine, changes: [{remove: s338}]}")
    found = read_scenarios(f"half_rate, {tmp_path / 'mine.yml'},")
    assert [one.key for one in found] == ["half_rate", "mine"]
    assert read_scenarios("") == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no_section_23", "Did you mean no_section_232?"),
        ("everything", "The scenarios are no_section_232, half_rate"),
        ("half_rate,half_rate", "half_rate is named twice"),
        ("nowhere.yml", "There is no file nowhere.yml."),
    ],
)
def test_names_that_are_none(text, told):
    with pytest.raises(AimError, match=re.escape(told)):
        read_scenarios(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mine: 3", "needs a title and a list of changes"),
        ("mine: {title: Mine, changes: {remove: s232}}", "The scenario mine: changes: Input should be a valid tuple"),
        ("mine: {changes: [], note: none}", "note is not known"),
        ("mine: {changes: []}", "The scenario mine: changes"),
        ("- mine", "holds no measure"),
        ("mine: [", "mine.yml is no YAML"),
        ("mine: {changes: [{rat: s232, to: 3}]}", "A change is one of rate, exempt, basis"),
        ("mine: {changes: [remove]}", "The scenario mine: changes"),
        ("mine: {changes: [{remove: s232, to: 3}]}", "The scenario mine, remove: to is not known"),
        ("mine: {changes: [{rate: s232_articles}]}", "The scenario mine, rate: to is missing"),
        ("mine: {changes: [{rate: s232_articles, to: high}]}", "The scenario mine, rate: to: Input should be a valid"),
        ("mine: {changes: [{rate: s232_articles, to: true}]}", "The scenario mine, rate: to: Input should be a valid"),
        ("mine: {changes: [{start: s338, on: soon}]}", "'soon' is no day; write days as 2026-01-01"),
        ("mine: {changes: [{end: s338, at: 2026-01-01}]}", "at is not known"),
        ("mine: {changes: [{remove: s338_canada_list}]}", "Did you mean s338_canada_lists?"),
        ("mine: {changes: [{exempt: s232, origins: [Canda]}]}", "Did you mean Canada?"),
        ("mine: {changes: [{add: nowhere.yml}]}", "nowhere.yml"),
        ("mine: {changes: [{exempt: s232, origins: CAN}]}", "[CAN]"),
        ("mine: {changes: [{exempt: s232, origins: []}]}", "mine"),
        ("mine: {changes: [{rate: 232, to: 3}]}", "232"),
        ("mine: {changes: [{remove: [s232, s338]}]}", "remove: Input should be a valid string"),
        ("mine: {changes: [{add: [nowhere.yml]}]}", "add: Input should be a valid string"),
        ("mine: {changes: [{law_of: 2025-01-01 12:00:00}]}", "no day"),
    ],
)
def test_files_that_are_not_of_the_form(tmp_path, text, told):
    with pytest.raises(AimError) as caught:
        read(tmp_path, text)
    assert told in str(caught.value)


def test_names_and_titles_of_a_file_are_words(tmp_path):
    """A name becomes a part of file names, so that it is no path."""
    (one,) = read(tmp_path, "mine: {title: , changes: [{remove: s338}]}")
    assert one.name == "mine"
    (two,) = read(tmp_path, "2025: {title: Two, changes: [{remove: s338}]}")
    assert two.key == "2025"
    with pytest.raises(AimError):
        read(tmp_path, "../other: {title: Other, changes: [{remove: s338}]}")


@pytest.mark.parametrize("name", ["law", "today"])
def test_the_names_of_the_law_itself_are_taken(tmp_path, name):
    """BUG, reported: the bulletin's data tell the law's rows by these words, and a scenario may have the same."""
    with pytest.raises(AimError, match=name):
        read(tmp_path, f"{name}: {{title: Mine, changes: [{{remove: s338}}]}}")
