"""The parameters of the duty notebook: typed, and every mistake named before a kernel starts."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from places import ROOT

from aimlib.bulletin.opening import open_duty_scenarios
from aimlib.bulletin.parameters import DutyScenarios, describe, model_of
from aimlib.errors import AimError


def test_defaults():
    parsed = DutyScenarios.parse({})
    assert (parsed.country, parsed.product, parsed.line) == ("all", "aim", "7601.10.60")
    assert (parsed.origin, parsed.smelt, parsed.cast, parsed.claim) == (None, "origin", "origin", "")
    assert (parsed.on, parsed.as_of, parsed.base_day, parsed.period) == (None, None, None, None)
    assert parsed.scenario == "no_section_232,canada_exempt,half_rate,law_of_march_11_2025"
    assert (parsed.elasticity, parsed.pass_through, parsed.weight_canada, parsed.freight) == ("", None, None, None)
    assert (parsed.concept, parsed.extend, parsed.top, parsed.paper) == ("consumption", False, 10, "letter")
    assert model_of("duty_scenarios") is DutyScenarios


def test_no_elasticity_or_pass_through_is_a_default():
    """Neither looks official: both are the user's own."""
    defaults = {row["name"]: row["default"] for row in describe(DutyScenarios)}
    assert {defaults[name] for name in ("elasticity", "pass_through", "weight_canada")} <= {"unset", ""}


def test_text_becomes_typed():
    parsed = DutyScenarios.parse(
        {
            "country": "canada", "line": "7604291010", "origin": "Mexico", "smelt": "UNKNOWN", "cast": "n/a",
            "claim": "usmca, commerce_authorisation", "on": "2025-05-01", "base_day": "2025-03-03", "extend": "true",
            "watch": "russia,China", "freight": "3.5", "pass_through": "0.8", "elasticity": "-0.5,-1", "top": "5",
        }
    )  # fmt: skip
    assert (parsed.country, parsed.line, parsed.origin) == ("CAN", "7604.29.10.10", "MEX")
    assert (parsed.smelt, parsed.cast, parsed.claim) == ("unknown", "N/A", "commerce_authorisation+usmca")
    assert (parsed.on, parsed.base_day) == (dt.date(2025, 5, 1), dt.date(2025, 3, 3))
    assert (parsed.extend, parsed.watch, parsed.freight, parsed.pass_through) == (True, "RUS,CHN", 3.5, 0.8)
    assert (parsed.elasticity, parsed.top) == ("-0.5,-1", 5)


def test_blank_text_is_unset():
    assert DutyScenarios.parse({name: "" for name in DutyScenarios.model_fields}) == DutyScenarios()


def test_papermill_gets_text_that_parses_back_to_the_same():
    parsed = DutyScenarios.parse({"country": "EU27", "on": "2026-10-01", "freights": "CAN=3", "smelt": "RUS"})
    assert DutyScenarios.parse(parsed.as_papermill()) == parsed


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"contry": "CAN"}, "Did you mean country?"),
        ({"scenarios": "half_rate"}, "Did you mean scenario?"),
        ({"country": "Canda"}, "Did you mean Canada?"),
        ({"product": "unwrougt"}, "Did you mean unwrought?"),
        ({"line": "7601"}, "line=7601 is no tariff number of 8 or 10 digits. Write it as 7601.10.60."),
        ({"line": "7601.10.6x"}, "is no tariff number"),
        ({"origin": "EU27"}, "origin=EU27 is not one country. Name one, such as CAN or Canada."),
        ({"origin": "Canda"}, "Did you mean Canada?"),
        ({"smelt": "EU27"}, "is not one country"),
        ({"cast": "unknwn"}, "No country or group is called 'unknwn'."),
        ({"claim": "usmac"}, "Did you mean usmca?"),
        ({"claim": "usmca+everything"}, "'everything' is no claim."),
        ({"claims": "usmca=90"}, "has no share from 0 to 1. Write it as usmca=0.9,in_quota=0.5."),
        ({"claims": "usmac=0.9"}, "Did you mean usmca?"),
        ({"scenario": "no_section_23"}, "Did you mean no_section_232?"),
        ({"scenario": "half_rate,half_rate"}, "named twice"),
        ({"scenario": "nowhere.yml"}, "There is no file nowhere.yml."),
        ({"watch": "CHN,Atlantis"}, "Atlantis"),
        ({"freight": "-1"}, "freight"),
        ({"freight": "three"}, "freight=three is not a number"),
        ({"freights": "CAN"}, "'CAN' is no freight in c/lb. Write it as CAN=3,ARE=6."),
        ({"freights": "CAN=3,EU27=6"}, "freights=EU27 is not one country."),
        ({"freights": "CAN=nan"}, "is no freight in c/lb"),
        ({"weight_canada": "1.5"}, "weight_canada"),
        ({"elasticity": "1"}, "elasticity=1 is not possible. It is zero or negative, such as -1."),
        ({"elasticity": "nan"}, "elasticity=nan is not possible."),
        ({"elasticity": "-1;-2"}, "is no list of numbers. Write it as -0.5,-1,-2."),
        ({"pass_through": "1.2"}, "pass_through"),
        ({"concept": "general"}, "concept=general"),
        ({"on": "2026-02-30"}, "on=2026-02-30 is not a day"),
        ({"base_day": "yesterday"}, "base_day=yesterday is not a day"),
        ({"as_of": "2026-13-01"}, "is not a day"),
        ({"period": "2024-13"}, "is not a period"),
        ({"top": "2"}, "take 3 or more"),
        ({"extend": "perhaps"}, "true or false"),
        ({"paper": "A5"}, "choose letter or a4"),
    ],
    ids=str,
)
def test_mistakes_are_named_with_what_would_be_right(given, said):
    with pytest.raises(AimError) as caught:
        DutyScenarios.parse(given)
    assert said in str(caught.value)


@pytest.mark.parametrize("given", [{"elasticity": "-1"}, {"pass_through": 0.5}, {"pass_through": 0}])
def test_elasticity_and_pass_through_are_a_pair(given, tmp_path, monkeypatch):
    monkeypatch.setenv("AIM_STORE", str(tmp_path))
    with pytest.raises(AimError, match="needs both elasticity and pass_through"):
        open_duty_scenarios(**given)


def test_both_of_the_pair_are_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("AIM_STORE", str(tmp_path))
    view = open_duty_scenarios(elasticity="0,-1.5", pass_through=0).view
    assert (view.elasticities, view.pass_through) == ((0.0, -1.5), 0.0)


def test_what_the_law_has_no_answer_for_is_refused_before_anything_is_made(tmp_path, monkeypatch):
    monkeypatch.setenv("AIM_STORE", str(tmp_path))
    for given, said in (
        ({"line": "7615.10.20"}, "7615.10.20 is not covered"),
        ({"line": "7616.99.51", "origin": "CHN"}, "needs ten digits"),
        ({"line": "8708.10.30"}, "is not in chapter 76"),
        ({"on": "2017-12-31"}, "before the first day covered"),
        ({"on": "2026-10-10"}, "beyond verified coverage"),
    ):
        with pytest.raises(AimError) as caught:
            open_duty_scenarios(**given)
        assert said in str(caught.value)


def test_a_scenario_file_is_found_from_where_the_command_was_given(tmp_path, monkeypatch):
    """The kernel works elsewhere, where a relative name would be another file."""
    (tmp_path / "mine.yml").write_text("mine: {title: Mine, changes: [{remove: s338}]}")
    monkeypatch.chdir(tmp_path)
    parsed = DutyScenarios.parse({"scenario": "half_rate,mine.yml"})
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    again = DutyScenarios.parse(parsed.as_papermill())
    assert again.scenario.endswith("mine.yml")


def test_every_parameter_says_what_it_means_and_stands_in_the_notebook():
    rows = describe(DutyScenarios)
    assert [row["name"] for row in rows] == list(DutyScenarios.model_fields)
    assert all(row["meaning"] and row["type"] for row in rows)
    cells = json.loads((ROOT / "notebooks" / "duty_scenarios.ipynb").read_text())["cells"]
    (given,) = ["".join(cell["source"]) for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    assert [line.split(":")[0] for line in given.splitlines()] == list(DutyScenarios.model_fields)
