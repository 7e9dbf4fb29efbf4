"""Two Thursdays of a small store: what the reports say of them, and what each change comes from."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from weekly_store import AFTER, BEFORE

from aimlib.bulletin.changes import LawDay, Record, Through, changes_between, recompute, take_record
from aimlib.bulletin.opening import open_report, revision_triangle
from aimlib.bulletin.parameters import model_of
from aimlib.present.changes.change import FILLING, LAW, NEW_MONTH, REPLACED, REVISED
from aimlib.present.early.months import CENSUS, ESTIMATE, LICENSED
from aimlib.reference import periods
from aimlib.store import Store

GIVEN = {
    "import_trends": {"country": "CAN"},
    "smelt_origin": {"country": "CAN"},
    "gatm_comparison": {"reporters": "CAN,DEU"},
    "duty_scenarios": {"country": "CAN"},
}


@pytest.fixture
def on_weekly(weekly, monkeypatch):
    """Let the openers read the store."""
    monkeypatch.setenv("AIM_STORE", str(weekly))
    return weekly


@pytest.fixture(scope="module")
def records(weekly):
    """Return both records of each notebook."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIM_STORE", str(weekly))
        return {
            name: tuple(take_record(model_of(name).parse(given), day) for day in (BEFORE, AFTER))
            for name, given in GIVEN.items()
        }


@pytest.fixture(scope="module")
def changes(weekly, records):
    """Return the changes of each notebook by headline."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIM_STORE", str(weekly))
        return {name: {change.headline: change for change in changes_between(*both)} for name, both in records.items()}


def parts(change):
    return {part.cause: part.amount for part in change.parts}


@pytest.mark.parametrize("name", GIVEN)
def test_headlines_are_numbers_that_a_program_can_read(records, name):
    for record in records[name]:
        names = [told["name"] for told in record.headlines]
        assert len(names) == len(set(names)) > 3
        json.dumps(record.headlines, allow_nan=False)
        for told in record.headlines:
            assert told["label"]
            assert told["amount"] is not None or told["number"] in ("", "c")
            day = pd.to_datetime(told["period"], format="%Y-%m-%d", errors="coerce")
            assert not pd.isna(day) or periods.parse(told["period"]).first is not None
            assert told["partial"] == (told["name"].startswith((LICENSED, ESTIMATE)) and told["partial"])


@pytest.mark.parametrize("name", GIVEN)
def test_held_back_to_where_it_stood_a_report_says_the_same(on_weekly, records, name):
    before = records[name][0]
    law = LawDay(BEFORE, BEFORE) if name == "duty_scenarios" else None
    found = recompute(before.parameters, BEFORE, Through.of(before.headlines), law)
    own = [told for told in before.headlines if not told["name"].startswith((LICENSED, ESTIMATE, CENSUS))]
    assert found == own


@pytest.mark.parametrize("name", GIVEN)
def test_parts_add_up(changes, name):
    differences = [change for change in changes[name].values() if change.difference is not None]
    assert len(differences) > 3
    for change in differences:
        assert change.difference == pytest.approx(sum(part.amount for part in change.parts), rel=1e-9)


def test_revision_and_new_month_against_the_triangle(on_weekly, changes):
    held = revision_triangle(Store.open(on_weekly), origin="CAN", product="aim")
    then, now = held[pd.Timestamp("2025-05-08")], held[pd.Timestamp(AFTER)]
    march, april = pd.Timestamp("2025-03-01"), pd.Timestamp("2025-04-01")
    found = changes["import_trends"]
    revised = now[march] - then[march]
    assert revised != 0
    assert parts(found["level"]) == pytest.approx({REVISED: revised, NEW_MONTH: now[april] - now[march]})
    assert parts(found["ytd"]) == pytest.approx({REVISED: revised, NEW_MONTH: now[april]})
    dropped = now[pd.Timestamp("2024-04-01")]
    assert parts(found["last_12_months"]) == pytest.approx({REVISED: revised, NEW_MONTH: now[april] - dropped})
    assert found["level"].before == pytest.approx(then[march])


def test_license_months_fill_begin_and_give_way(changes):
    found = changes["import_trends"]
    assert parts(found["licensed:2025-05"]) == {FILLING: 20.0}
    assert parts(found["licensed:2025-06"]) == {NEW_MONTH: None}
    replaced = found["licensed:2025-04"]
    assert parts(replaced) == pytest.approx({REPLACED: found["level"].after - 40.0})
    assert [name for name in found if name.startswith(CENSUS)] == []
    smelt = changes["smelt_origin"]
    assert parts(smelt["licensed:2025-04"]) == parts(replaced)
    assert parts(smelt["licensed"]) == {NEW_MONTH: 40.0}


def test_countries_revise_and_report_a_month_more(changes):
    found = changes["gatm_comparison"]
    # January had 25,000 kg of one size, and has 11,000; February comes with 12,100, and February 2024 goes with 14,000.
    assert parts(found["focus"]) == pytest.approx({REVISED: 11.0 - 25.0, NEW_MONTH: 12.1 - 14.0})


def test_the_duty_doubles_on_june_4(changes):
    found = changes["duty_scenarios"]
    assert parts(found["rate"]) == {LAW: 25.0}
    assert parts(found["effective_rate"]) == {LAW: 25.0}
    duty = found["statutory_duty"]
    assert set(parts(duty)) == {REVISED, LAW, NEW_MONTH}
    # At a flat rate that doubles, the law adds what the revised imports paid before.
    assert parts(duty)[LAW] == pytest.approx(duty.before + parts(duty)[REVISED])


def test_the_reporters_duty_by_its_formula(changes):
    def duty(lme, premium, rate):
        price = lme / 22.0462 + premium - 3
        return price / (1 + rate) * rate * 22.0462

    steps = [duty(2455, 39, 0.25), duty(2456, 39.5, 0.25), duty(2456, 39.5, 0.5), duty(2465, 58, 0.5)]
    expected = {cause: steps[at + 1] - steps[at] for at, cause in enumerate((REVISED, LAW, NEW_MONTH))}
    assert parts(changes["duty_scenarios"]["p1020_duty"]) == pytest.approx(expected)


def test_another_selection_is_worked_out_on_the_old_day(on_weekly, records):
    before = records["import_trends"][0]
    given = before.parameters.model_copy(update={"country": "MEX"})
    mexico = Record.of(
        "import_trends", recompute(given, BEFORE, Through()), {"resolved": given.model_dump(mode="json")}
    )
    found = {change.headline: change for change in changes_between(mexico, before)}["level"]
    assert [part.cause for part in found.parts] == ["changed selection"]
    assert found.parts[0].amount == found.difference != 0


def test_a_record_comes_from_a_bulletins_own_blocks(on_weekly, records):
    record = records["import_trends"][1]
    report = open_report(record.parameters)
    from aimlib.present import import_trends

    nodes = [block(report.view).content() for block in (import_trends.key_figures, import_trends.early_table)]
    inputs = {"resolved": json.loads(json.dumps(dict(record.resolved))), "digests": record.digests}
    assert Record.of_nodes("import_trends", nodes, inputs) == record
