"""A new measure takes one YAML file and no code: the engine applies it, names it and can cite it."""

from __future__ import annotations

import pandas as pd
import pytest

from aimlib.analysis.duty.rate import rate_entries
from aimlib.errors import AimError
from aimlib.reference.law import law, load_law

TOP_UP = """
program: fictional
family: fictional
family_title: Fictional
measure: fictional_foil_india
title: Additional duty on foil from India
scope: ["7607"]
origins: {only: [IND]}
basis: full
versions:
  - id: X01
    from: 2026-05-01
    until: 2026-06-30
    known: 2026-04-20
    known_basis: made up for a test
    top_up_to: 15
    heading: 9903.99.01
    citation: Fictional Foil Act, section 1
    link: https://example.org/foil
    confidence: made up for a test
  - id: X02
    from: 2026-07-01
    known: 2026-06-15
    known_basis: made up for a test
    top_up_to: 5.5
    heading: 9903.99.02
    citation: Fictional Foil Act, section 2
    link: https://example.org/foil
    confidence: made up for a test
"""

HALF = """
program: s232_al
family: s232
measure: fictional_half_rate_india
title: Half rate for India
replaces: [s232_articles]
replaced_by: [s232_onshoring]
scope: aluminum_articles
origins: {only: [IND]}
basis: full
versions:
  - id: X10
    from: 2026-05-01
    known: 2026-04-20
    known_basis: made up for a test
    rate: 25
    heading: 9903.99.10
    citation: Fictional Proclamation
    link: https://example.org/half
    confidence: made up for a test
"""

SURCHARGE = """
program: fictional
family: fictional_surcharge
family_title: Fictional surcharge
measure: fictional_surcharge
title: A surcharge on all that Section 232 does not cover
scope: ["76"]
origins: all
claims: {{bars: [usmca]}}
basis: {basis}
versions:
  - id: X20
    from: 2026-03-01
    known: 2026-02-20
    known_basis: made up for a test
    rate: 8
    heading: 9903.99.20
    citation: Fictional Proclamation
    link: https://example.org/surcharge
    confidence: made up for a test
stacking:
  - measures: all
    yields_to: s232
    part: {part}
    from: 2026-03-01
    known: 2026-02-20
    known_basis: made up for a test
    heading: 9903.99.21
    reason: what Section 232 covers is exempt
    citation: Fictional Proclamation
    link: https://example.org/surcharge
"""


def surcharge(part: str) -> str:
    """Return the surcharge that yields the whole, or what the other family covers."""
    return SURCHARGE.format(part=part, basis="rest" if part == "covered" else "full")


@pytest.fixture
def law_with(write):
    return lambda *texts: load_law(extra=[write.text(text, f"{at}.yml") for at, text in enumerate(texts)])


def answered(law_held, day: str, hts: str, origin: str = "IND", known_on=None, **facts: object):
    """Return the answer to one entry, and its measures in the total with what each comes to."""
    entry = {"entry_date": day, "hts": hts, "origin": origin, "largest_smelt": origin, "recent_cast": origin} | facts
    rated = rate_entries(pd.DataFrame([entry]), law=law_held, known_on=known_on)
    parts = rated.parts()
    counted = parts[parts["in_total"]]
    return rated.frame.iloc[0], dict(zip(counted["measure"], counted["pct"], strict=True))


# A duty in a family of its own


def test_a_top_up_brings_column_1_and_itself_to_the_total_it_names(law_with):
    held = law_with(TOP_UP)
    answer, measures = answered(held, "2026-05-01", "76071130")
    assert measures == pytest.approx({"column_1": 5.8, "s232_articles": 50, "fictional_foil_india": 9.2})
    assert answer["total_pct"] == 65.0


def test_a_top_up_below_column_1_is_nothing_and_takes_nothing_away(law_with):
    held = law_with(TOP_UP)
    assert answered(held, "2026-07-01", "76071130")[1]["fictional_foil_india"] == 0  # column 1 is 5.8
    assert answered(held, "2026-07-01", "76071160")[1]["fictional_foil_india"] == pytest.approx(0.2)  # and 5.3
    assert answered(held, "2026-07-01", "76071130")[0]["total_pct"] == 55.8


@pytest.mark.parametrize(
    ("day", "hts", "origin"),
    [("2026-04-30", "76071130", "IND"), ("2026-05-01", "76061130", "IND"), ("2026-05-01", "76071130", "NPL")],
)
def test_it_is_due_on_its_days_its_lines_and_its_origins_only(law_with, day, hts, origin):
    answer, measures = answered(law_with(TOP_UP), day, hts, origin)
    assert "fictional_foil_india" not in measures
    assert answer["total_pct"] == answered(law(), day, hts, origin)[0]["total_pct"]


def test_it_is_not_due_before_it_was_known(law_with):
    held = law_with(TOP_UP)
    before, after = pd.Timestamp("2026-04-19").date(), pd.Timestamp("2026-04-20").date()
    assert "fictional_foil_india" not in answered(held, "2026-05-01", "76071130", known_on=before)[1]
    assert "fictional_foil_india" in answered(held, "2026-05-01", "76071130", known_on=after)[1]


def test_what_applies_is_named_with_its_ground(law_with):
    held = law_with(TOP_UP)
    entries = pd.DataFrame({"entry_date": ["2026-05-01", "2026-07-01"], "hts": "76071130", "origin": "IND"})
    parts = rate_entries(entries, law=held).parts()
    mine = [held.rules[place] for place in parts.loc[parts["measure"] == "fictional_foil_india", "place"]]
    assert [rule.id for rule in mine] == ["X01", "X02"]
    assert [rule.citation for rule in mine] == ["Fictional Foil Act, section 1", "Fictional Foil Act, section 2"]
    assert {rule.title for rule in mine} == {"Additional duty on foil from India"}
    assert [rule.heading for rule in mine] == ["9903.99.01", "9903.99.02"]


def test_its_family_is_printed_last_under_its_title(law_with):
    found = law_with(TOP_UP).families
    assert list(found)[: len(law().families)] == list(law().families)
    assert list(found.items())[-1] == ("fictional", "Fictional")


def test_the_law_of_the_package_does_not_change(law_with):
    law_with(TOP_UP, HALF)
    assert "fictional_foil_india" not in law().measures
    assert answered(law(), "2026-05-01", "76071130")[0]["total_pct"] == 55.8


# A duty in the place of another


def test_it_takes_the_place_of_what_it_names(law_with):
    answer, measures = answered(law_with(HALF), "2026-05-01", "76071130")
    assert measures == pytest.approx({"column_1": 5.8, "fictional_half_rate_india": 25})
    assert answer["total_pct"] == 30.8


def test_it_says_its_place_among_all_that_it_can_meet(write):
    """The half rate within the quota of a smelter project is open to India as well."""
    path = write.text(HALF.replace("replaced_by: [s232_onshoring]\n", ""))
    with pytest.raises(AimError, match=r"s232_onshoring .* and fictional_half_rate_india .* neither says"):
        load_law(extra=[path])


def test_what_is_said_to_replace_it_does(law_with):
    measures = answered(law_with(HALF), "2026-08-01", "76011060", claims="onshoring_quota")[1]
    assert measures == {"column_1": 0, "s232_onshoring": 25}


def test_what_replaces_all_of_the_family_replaces_it_too(law_with):
    held = law_with(HALF)
    russian = {"largest_smelt": "RUS"}
    assert answered(held, "2026-05-01", "76071130", **russian)[1]["s232_russian_metal"] == 200
    assert answered(held, "2026-05-01", "76071130", claims="exclusion")[1]["s232_product_exclusion"] == 0


def test_where_metal_is_not_given_the_range_starts_at_the_new_rate(law_with):
    answer, _ = answered(law_with(HALF), "2026-05-01", "76071130", largest_smelt="", recent_cast="")
    assert (answer["low_pct"], answer["high_pct"]) == (30.8, 205.8)


def test_what_yields_to_the_family_yields_to_it_too(law_with):
    """The surcharge of Section 122 spares what any measure of Section 232 covers."""
    assert "s122_surcharge" not in answered(law_with(HALF), "2026-05-01", "76071130")[1]


# A duty that yields


@pytest.mark.parametrize("part", ["whole", "covered"])
def test_it_is_not_due_where_the_other_family_covers_all(law_with, part):
    assert "fictional_surcharge" not in answered(law_with(surcharge(part)), "2026-08-01", "76071130")[1]


@pytest.mark.parametrize("part", ["whole", "covered"])
def test_it_is_due_where_the_other_family_has_nothing(law_with, part):
    scrap = answered(law_with(surcharge(part)), "2026-08-01", "76020000")
    assert scrap[1] == {"column_1": 0, "fictional_surcharge": 8}


def test_covered_leaves_it_due_on_the_rest_of_the_value_and_whole_does_not(law_with):
    facts = {"day": "2026-03-15", "hts": "76169951.60", "metal_share": 0.25}
    covered = answered(law_with(surcharge("covered")), **facts)[1]
    assert covered == pytest.approx(
        {"column_1": 2.5, "s232_articles": 12.5, "s122_surcharge": 7.5, "fictional_surcharge": 6}
    )
    whole = answered(law_with(surcharge("whole")), **facts)[1]
    assert whole == pytest.approx({"column_1": 2.5, "s232_articles": 12.5, "s122_surcharge": 7.5})


def test_a_claim_that_bars_it(law_with):
    held = law_with(surcharge("whole"))
    assert "fictional_surcharge" not in answered(held, "2026-08-01", "76020000", "CAN", claims="usmca")[1]
