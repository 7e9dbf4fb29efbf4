"""What the loader refuses, and what it says: where, what is wrong, how to mend it."""

from __future__ import annotations

from datetime import date

import pytest

from aimlib.errors import AimError
from aimlib.reference.law import law, load_law

UNTIL_JUNE = {"until": date(2026, 6, 30), "until_known": date(2026, 6, 30)}
IN_232 = {"family": "s232", "program": "s232_al"}


def refusal(path) -> str:
    with pytest.raises(AimError) as caught:
        load_law(extra=[path])
    return str(caught.value)


def test_the_law_of_the_package_loads_and_the_made_up_duty_beside_it(write):
    assert len(write.law().rules) == len(law().rules) + 1


# Days


def test_a_gap_without_a_reason(write):
    told = refusal(write.duty(UNTIL_JUNE, more=({"id": "X02", "from": date(2026, 8, 1), "until": write.absent},)))
    assert "fictional_duty: between 2026-06-30 and 2026-08-01 there is a gap" in told
    assert "say in the later version why" in told


def test_a_gap_with_a_reason_is_one(write):
    later = {"id": "X02", "from": date(2026, 8, 1), "until": write.absent, "gap": "suspended in July"}
    found = write.law(UNTIL_JUNE, more=(later,)).of_measure("fictional_duty")
    assert [rule.id for rule in found] == ["X01", "X02"]


@pytest.mark.parametrize("until", [date(2026, 7, 1), None])
def test_overlapping_versions(write, until):
    ends = {"until": until, "until_known": until} if until else {}
    told = refusal(write.duty(ends, more=({"id": "X02", "from": date(2026, 7, 1)},)))
    assert "fictional_duty: version X02 starts on 2026-07-01, while version X01" in told
    assert "End the earlier one the day before" in told


def test_an_end_before_the_start(write):
    told = refusal(write.duty({"until": date(2026, 4, 30), "until_known": date(2026, 4, 30)}))
    assert "version X01: ends on 2026-04-30, before it starts on 2026-05-01" in told


def test_a_stacking_rule_that_ends_before_it_starts(write):
    told = refusal(write.duty(stacking=[write.stacking(until=date(2026, 4, 30), until_known=date(2026, 4, 30))]))
    assert "stacking: ends on 2026-04-30, before it starts on 2026-05-01" in told


def test_an_end_that_nobody_knows_when_was_known(write):
    told = refusal(write.duty({"until": date(2026, 6, 30)}))
    assert "when its end on 2026-06-30 became known is missing" in told
    assert "Say until_known" in told


def test_an_end_becomes_known_with_the_version_that_follows(write):
    later = {"id": "X02", "from": date(2026, 7, 1), "until": write.absent, "known": date(2026, 6, 20), "rate": 6}
    first, _ = write.law({"until": date(2026, 6, 30)}, more=(later,)).of_measure("fictional_duty")
    assert first.until_known == date(2026, 6, 20)


# Precedence


def test_two_measures_of_a_family_that_can_meet(write):
    told = refusal(write.duty(**IN_232))
    assert "fictional_duty (X01) and s232_articles (A18) of the family s232 can apply to the same entry" in told
    assert "Add replaces" in told


@pytest.mark.parametrize(
    "apart",
    [
        {"scope": ["7602"]},  # scrap is under no measure of Section 232
        {"version": {"from": date(2018, 1, 1), "until": date(2018, 3, 22), "until_known": date(2018, 3, 22)}},
    ],
)
def test_two_measures_that_cannot_meet_need_no_precedence(write, apart):
    assert write.law(**IN_232, **apart).of_measure("fictional_duty")


def test_claims_that_exclude_one_another_need_no_precedence(write):
    path = write.duty(measure="without_claim", claims={"bars": ["fta"]})
    other = write.duty(measure="with_claim", claims={"needs": ["fta"]})
    assert load_law(extra=[path, other]).of_measure("with_claim")


def test_a_circle(write):
    over = ["s232_articles", "s232_onshoring", "s232_russia", "s232_united_kingdom"]
    told = refusal(write.duty(**IN_232, replaces=over, replaced_by=["s232_authorized_north_america"]))
    assert "in a circle" in told
    assert "fictional_duty" in told
    assert "s232_onshoring" in told


def test_a_measure_in_two_families(write):
    told = refusal(write.duty(measure="s232_articles", family="s122"))
    assert "s232_articles stands in two families" in told


# What must be there


@pytest.mark.parametrize("name", ["citation", "link", "rate", "confidence", "heading", "id", "from", "known"])
def test_a_version_says_all_that_it_must(write, name):
    told = refusal(write.duty({name: write.absent}))
    assert "fictional_duty" in told
    assert f"{name} is missing" in told or ("takes one of rate" in told and name == "rate")


@pytest.mark.parametrize("name", ["basis", "title", "program", "family", "measure", "origins"])
def test_a_measure_says_all_that_it_must(write, name):
    assert f"{name} is missing" in refusal(write.duty(**{name: write.absent}))


@pytest.mark.parametrize(
    ("name", "value"), [("citation", ""), ("link", ""), ("link", "example.org"), ("confidence", "")]
)
def test_a_ground_that_is_none(write, name, value):
    assert f"version X01: {name}:" in refusal(write.duty({name: value}))


def test_a_rate_without_a_basis(write):
    assert "version X01: basis is missing" in refusal(write.duty(basis=write.absent))
    assert "'full', 'metal_content' or 'rest'" in refusal(write.duty(basis="gross"))


def test_a_rate_on_the_rest_of_nothing(write):
    told = refusal(write.duty(basis="rest"))
    assert "fictional_duty is due on the rest of the value, and no stacking rule says of what" in told
    assert "part: covered" in told


@pytest.mark.parametrize("other", [{"top_up_to": 15}, {"quota": {"in": 0, "over": 10}}, {"by_line": {"7607.11.30": 5}}])
def test_two_rates(write, other):
    (name,) = other
    assert f"takes one of rate, by_line, quota and top_up_to, and has rate and {name}" in refusal(write.duty(other))


@pytest.mark.parametrize("rate", [-1, "5%", float("nan")])
def test_a_rate_that_is_none(write, rate):
    assert "version X01: rate:" in refusal(write.duty({"rate": rate}))


def test_lines_and_a_list_of_measures_are_not_given_together(write):
    assert "takes one of scope and scope_of" in refusal(write.duty(scope_of=["s232_articles"]))
    assert "takes one of scope and scope_of" in refusal(write.duty(scope=write.absent))


def test_what_is_not_in_the_total_has_an_amount_in_words(write):
    assert "needs an amount in words" in refusal(write.duty(in_total=False))


def test_a_measure_without_versions(write):
    assert "fictional_duty has no versions" in refusal(write.text("measure: fictional_duty\n"))


# References


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"scope": "aluminium_articles"}, "no scope 'aluminium_articles'. Did you mean aluminum_articles?"),
        ({"claims": {"needs": ["usmka"]}}, "'usmka' is no claim; the claims are usmca, nafta"),
        ({"claims": {"bars": ["usmka"]}}, "'usmka' is no claim; the claims are usmca, nafta"),
        ({"origins": {"only": ["Indja"]}}, "No country or group is called 'Indja'. Did you mean India?"),
        ({"origins": {"except": ["Indja"]}}, "No country or group is called 'Indja'. Did you mean India?"),
        ({"metal": {"smelted_or_cast_in": ["Rusia"]}}, "No country or group is called 'Rusia'. Did you mean Russia?"),
        ({"replaces": ["s232_article"]}, "no measure 's232_article'. Did you mean s232_articles?"),
        ({"replaced_by": ["s232_article"]}, "no measure 's232_article'. Did you mean s232_articles?"),
        ({"scope": None, "scope_of": ["s232_article"]}, "no measure 's232_article'. Did you mean s232_articles?"),
    ],
)
def test_a_reference_to_nothing(write, given, told):
    given = {name: write.absent if value is None else value for name, value in given.items()}
    assert told in refusal(write.duty(**given))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"yields_to": "s322"}, "yields to 's322', which is no family. Did you mean s232?"),
        (
            {"measures": ["fictional_dutty"]},
            "names 'fictional_dutty', which is no measure. Did you mean fictional_duty?",
        ),
        ({"unless": ["s232_rusia"]}, "names 's232_rusia', which is no measure. Did you mean s232_russia?"),
        ({"until": date(2027, 1, 1)}, "says no until_known for its end on 2027-01-01"),
        ({"citation": ""}, "stacking: citation:"),
        ({"reason": None}, "stacking: reason is missing"),
        ({"part": "half"}, "stacking: part:"),
    ],
)
def test_a_stacking_rule_that_says_too_little_or_names_nothing(write, given, told):
    given = {name: write.absent if value is None else value for name, value in given.items()}
    assert told in refusal(write.duty(stacking=[write.stacking(**given)]))


# Form


@pytest.mark.parametrize("lines", ["[7610.10]", "[7607]", "['76.0x']", "['7607.1']", "['76071']"])
def test_a_line_that_is_no_code_in_text(write, lines):
    """7610.10 without quotation marks is the number 7610.1."""
    told = refusal(write.text(write.duty().read_text().replace("scope:\n- '7607'", f"scope: {lines}")))
    assert "fictional_duty, version X01: scope" in told


def test_a_line_with_a_rate_that_is_a_number(write):
    told = refusal(write.duty({"rate": write.absent, "by_line": {7610.10: 5}}))
    assert "fictional_duty, version X01: by_line: 7610.1 is read as a number; put it in quotes" in told


@pytest.mark.parametrize(
    ("wrong", "right"), [("citaton", "citation"), ("knownbasis", "known_basis"), ("until_know", "until_known")]
)
def test_a_misspelt_key_of_a_version(write, wrong, right):
    told = refusal(write.duty({wrong: "something"}))
    assert f"version X01: {wrong} is not known. Did you mean {right}?" in told


def test_a_misspelt_key_of_a_measure(write):
    told = refusal(write.duty(orgins="all"))
    assert "orgins is not known. Did you mean origins?" in told


def test_a_misspelt_key_of_a_stacking_rule(write):
    told = refusal(write.duty(stacking=[write.stacking(yield_to="s232")]))
    assert "stacking: yield_to is not known. Did you mean yields_to?" in told


@pytest.mark.parametrize(
    "metal", [{}, {"smelted_in": ["RUS"]}, {"smelted_or_cast_in": ["RUS"], "not_smelted_in": ["CHN"]}]
)
def test_one_metal_test_of_those_that_exist(write, metal):
    assert "version X01: metal" in refusal(write.duty(metal=metal))


@pytest.mark.parametrize("text", ["", "- one\n- two\n", "nothing but words\n"])
def test_a_file_that_holds_no_measure(write, text):
    assert "fictional.yml holds no measure" in refusal(write.text(text))


@pytest.mark.parametrize("text", ["measure: [fictional", "a: b: c\n", "measure:\n\t- tab\n", "\0"])
def test_a_file_that_is_no_yaml(write, text):
    assert "fictional.yml is no YAML" in refusal(write.text(text))


def test_a_file_in_another_encoding(write, tmp_path):
    (tmp_path / "fictional.yml").write_bytes("title: Österreich\n".encode("latin-1"))
    assert "fictional.yml is no YAML" in refusal(tmp_path / "fictional.yml")


# What the loader does not see yet


def test_a_day_that_no_calendar_has(write):
    refusal(write.text(write.duty().read_text().replace("from: 2026-05-01", "from: 2026-02-30")))


@pytest.mark.parametrize("versions", ["X01", "[X01]", "[null]"])
def test_versions_that_are_none(write, versions):
    refusal(write.text(f"measure: fictional_duty\nversions: {versions}\n"))


def test_a_file_that_is_not_there(tmp_path):
    refusal(tmp_path / "absent.yml")


@pytest.mark.parametrize("lines", [{"7607.11.30": 5}, {"7607.11": 5}, {"7607.11.30.00": 5}])
def test_rates_by_line_that_leave_lines_out(write, lines):
    refusal(write.duty({"rate": write.absent, "by_line": lines}))


def test_replacing_a_measure_of_another_family(write):
    refusal(write.duty(replaces=["s232_articles"]))


def test_a_misspelt_key_inside_another(write):
    assert "claims.need is not known. Did you mean needs?" in refusal(write.duty(claims={"need": ["fta"]}))


def test_following_a_measure_that_follows_another(write):
    told = refusal(write.duty(scope=write.absent, scope_of=["s232_russia"]))
    assert "s232_russia" in told
    assert "None" not in told


@pytest.mark.parametrize(
    "given", [{"scope": []}, {"origins": {"only": []}}, {"origins": {}}, {"metal": {"smelted_or_cast_in": []}}]
)
def test_lists_that_hold_nothing(write, given):
    refusal(write.duty(**given))


def test_a_key_given_twice(write):
    refusal(write.text(write.duty().read_text().replace("  rate: 5\n", "  rate: 5\n  rate: 50\n")))
