"""bulletins.yml: what it says is what is made, and a mistake in it is one message."""

from __future__ import annotations

import re
from datetime import date

import pytest
from places import ROOT

from aimlib.bulletin.weekly.plan import read_plan, slug
from aimlib.errors import AimError

DAY = date(2026, 11, 19)
ONE = """
title: Trial
bulletins:
  - for: [CAN, EU27, "Côte d'Ivoire"]
    name: "{name}"
    title: Imports from {phrase}
    reports: [{notebook: import_trends, country: "{code}"}]
"""


@pytest.fixture
def read(tmp_path):
    def run(text: str):
        path = tmp_path / "plan.yml"
        path.write_text(text)
        return read_plan(path, DAY)

    return run


def test_a_bulletin_for_each_country_with_names_filled_in(read):
    plan = read(ONE)
    assert [one.name for one in plan.bulletins] == ["canada", "european-union", "cote-d-ivoire"]
    canada = plan.bulletins[0]
    assert (canada.title, canada.place) == ("Imports from Canada", "CAN")
    (report,) = canada.reports
    assert (report.label, report.parameters.country, report.parameters.as_of) == ("import_trends", "CAN", DAY)


def test_the_plan_that_comes_with_the_project_can_be_read():
    plan = read_plan(ROOT / "reports" / "bulletins.yml", DAY)
    assert len(plan.bulletins) > 20
    assert {len(one.reports) for one in plan.bulletins} == {4}


@pytest.mark.parametrize(
    ("only", "limit", "names"),
    [
        (["CAN"], None, ["canada"]),
        (["canada", "EU27"], None, ["canada", "european-union"]),
        (["European Union"], None, ["european-union"]),
        ([], 2, ["canada", "european-union"]),
        (["EU27", "CAN"], 1, ["canada"]),
    ],
)
def test_what_is_asked_for(read, only, limit, names):
    assert [one.name for one in read(ONE).chosen(only, limit)] == names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title: [", "no YAML in line"),
        ("", "plan.yml is empty, and no plan"),
        ("- title: T\n- bulletins: []", "plan.yml is a list, and no plan"),
        ("import_trends for Canada", "plan.yml is plain text, and no plan"),
        ("bulletins: []", "title is missing. Add it; see reports/bulletins.yml"),
        ("title: T\nbulletins: []", "bulletins"),
        (ONE.replace("reports:", "repots:"), "repots"),
        (ONE.replace("import_trends", "import_trend"), "Did you mean import_trends"),
        (ONE.replace("country:", "contry:"), "Did you mean country"),
        (ONE.replace("EU27", "Atlantis"), "Atlantis"),
        (ONE.replace('"{name}"', "same"), "named 'same'"),
        (ONE.replace("country:", "as_of: 2026-01-01, country:"), "sets as_of"),
        (ONE.replace("reports: [", "reports: [{notebook: import_trends}, "), "Give each a label"),
        (ONE.replace("title: Trial", "title: Trial\naddress: example.org"), "address"),
        (
            ONE.replace("notebook:", "notbook:"),
            "1.notbook is nothing that a plan has. Did you mean notebook?",
        ),
        (ONE.replace("reports:", "repots:"), "bulletins.1.repots is nothing that a plan has. Did you mean reports?"),
        (ONE.replace("for:", "four:"), "bulletins.1.four is nothing that a plan has. Did you mean for?"),
        (ONE.replace("title: Trial", "titel: Trial"), "titel is nothing that a plan has. Did you mean title?"),
        (
            ONE.replace("title: Trial", "title: Trial\nweeks: 3"),
            "The keys there are title, address, keep, compare",
        ),
        (
            ONE.replace("country:", "lable: a, country:"),
            "lable, which is nothing that a plan has. Did you mean label?",
        ),
        (ONE.replace("title: Trial", "title: Trial\nlimits: {cell_secnds: 1}"), "limits.cell_secnds is nothing"),
        (ONE.replace("title: Trial", "title: 2026"), "title is 2026, and takes text: put it in quotes"),
        (ONE.replace("EU27", "NO"), "for.2 is false, and takes text: put it in quotes (no, off"),
        (ONE.replace('"{code}"', "NO"), "country=False is not text"),
        (ONE.replace("title: Trial", "title: Trial\nkeep: many"), "keep is many, and takes a whole number"),
        (ONE.replace("title: Trial", "title: Trial\nkeep: 0"), "keep is 0: take 1 or more"),
        (ONE.replace("title: Trial", "title: Trial\ncompare: perhaps"), "compare is perhaps, and takes true or false"),
        (ONE.replace("title: Trial", "title: Trial\nlimits: 3"), "limits is 3, and takes keys with their values"),
        ("title: T\nbulletins: import_trends", "bulletins is import_trends, and takes a list"),
        ("title: T\nbulletins: [CAN]", "bulletins.1 is CAN, and takes keys with their values"),
        ("title: T\nbulletins: []", "bulletins is empty: give it one or more"),
        (
            ONE.replace("title: Trial", "title: Trial\naddress: example.org"),
            "is example.org, and takes an address",
        ),
        (ONE.replace("title: Trial", "title: Trial\ntitle: Other"), "the key title is given twice, again in line 3"),
        (ONE.replace("country:", "country: all, country:"), "the key country is given twice, again in line 7"),
        (ONE.replace("{phrase}", "{phrse}"), "{phrse} stands for nothing"),
        (ONE.replace("title: Trial", "title: Trial\nlimits: {cell_seconds: 0}"), "cell_seconds"),
    ],
)
def test_a_mistake_is_one_message_that_names_the_file(read, text, words):
    with pytest.raises(AimError) as caught:
        read(text)
    assert words in str(caught.value)
    assert "plan.yml" in caught.value.message
    # None of the words of the library that checks the form.
    assert not re.search(r"(?i)input should|should match|field required|valid (string|list|dict)", str(caught.value))


def test_what_a_merge_overrides_is_not_given_twice(read):
    text = ONE.replace("  - for:", "  - &one\n    for:") + '  - {<<: *one, name: "{name} again"}\n'
    assert [one.name for one in read(text).bulletins][3:] == [
        "canada-again", "european-union-again", "cote-d-ivoire-again",
    ]  # fmt: skip


def test_a_word_that_names_no_bulletin_is_told_the_nearest(read):
    with pytest.raises(AimError, match="Did you mean canada"):
        read(ONE).chosen(["canda"])


def test_names_of_folders_are_plain():
    assert [slug(text) for text in ("Côte d'Ivoire", "Korea, South", "all countries")] == [
        "cote-d-ivoire", "korea-south", "all-countries",
    ]  # fmt: skip
