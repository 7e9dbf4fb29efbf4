"""Headlines compared, by cases with made-up steps: each cause by itself, and all of them together."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimlib.bulletin.changes import Record, changes_between
from aimlib.errors import AimError
from aimlib.present.changes import cells
from aimlib.present.changes.change import (
    APPEARED,
    CODE,
    FILLING,
    LAW,
    NEW_MONTH,
    REPLACED,
    REVISED,
    SELECTION,
    VANISHED,
)
from aimlib.present.changes.words import is_unchanged

OLD, NEW = date(2026, 10, 29), date(2026, 11, 5)
SAME = {"code": "a", "law": "a", "tables": "a", "templates": "a"}


def figure(name="level", amount=100.0, period="2026-08", basis="census", **changes):
    text = "" if amount is None else f"{amount:,.0f}"
    return {
        "label": name.capitalize(), "number": text, "unit": "t", "note": "", "direction": "", "name": name,
        "amount": amount, "amount_unit": "quantity_t", "period": period, "data_basis": basis, "partial": False,
        "subject": "", **changes,
    }  # fmt: skip


def record(*figures, day=OLD, notebook="import_trends", digests=None, sha=None, **resolved):
    return Record.of(
        notebook,
        figures,
        {"resolved": {"as_of": str(day), **resolved}, "digests": digests or SAME, "notebook_sha256": sha},
    )


def never(*_, **__):
    raise AssertionError("nothing is to be worked out")


def fails(*_, **__):
    raise AimError("The store does not hold that day.")


class Steps:
    """Stands for the working out: amounts of `level` by day, by whether months are held back, and the law."""

    def __init__(self, **amounts):
        self.amounts = amounts
        self.asked = []

    def __call__(self, parameters, as_of, through=None, law=None):
        held_back = through is not None
        old_selection = parameters.country == "MEX"
        name = "data" if held_back else "code" if old_selection else "selection"
        if held_back and law is not None:
            name = "old_law"
        self.asked.append(name)
        assert as_of == (NEW if held_back else OLD)
        return [figure(amount=self.amounts[name])]


def parts(change):
    assert change.difference == pytest.approx(sum(part.amount for part in change.parts))
    return {part.cause: pytest.approx(part.amount) for part in change.parts}


def only(changes):
    (change,) = changes
    return change


def test_nothing_before_is_no_change():
    assert changes_between(None, record(figure())) == []


def test_equal_figures_have_no_parts_and_nothing_is_worked_out():
    change = only(changes_between(record(figure()), record(figure(), day=NEW, digests=SAME | {"code": "b"}), never))
    assert (change.difference, change.parts) == (0.0, ())


def test_the_same_month_otherwise_is_revised_data():
    change = only(changes_between(record(figure()), record(figure(amount=103.0), day=NEW), never))
    assert parts(change) == {REVISED: 3.0}
    assert change.parts[0].words == "revised by Census"


def test_what_is_held_for_the_first_time_is_no_revision():
    priced = figure("p1020_duty", 1_822.0, "2026-10-30", "prices")
    before, after = record(figure()), record(figure(), priced, day=NEW)
    _, change = changes_between(before, after, never)
    assert [(part.cause, part.words) for part in change.parts] == [(APPEARED, "no prices before")]
    _, gone = changes_between(record(figure(), priced), record(figure(), day=NEW), never)
    assert [part.cause for part in gone.parts] == [VANISHED]


def test_a_new_month_is_told_from_a_revision_of_the_old_one():
    steps = Steps(data=98.0)
    after = record(figure(amount=130.0, period="2026-09"), day=NEW)
    change = only(changes_between(record(figure()), after, steps))
    assert parts(change) == {REVISED: -2.0, NEW_MONTH: 32.0}
    assert steps.asked == ["data"]


def test_what_cannot_be_held_back_goes_to_the_new_month_and_says_so():
    after = record(figure(amount=130.0, period="2026-09"), day=NEW)
    change = only(changes_between(record(figure()), after, fails))
    assert parts(change) == {NEW_MONTH: 30.0}
    assert "revised data, which cannot be told apart" in change.parts[0].words


def test_a_step_about_another_month_does_not_count():
    def elsewhere(*_, **__):
        return [figure(amount=98.0, period="2026-07")]

    after = record(figure(amount=130.0, period="2026-09"), day=NEW)
    assert parts(only(changes_between(record(figure()), after, elsewhere))) == {NEW_MONTH: 30.0}


def test_a_license_month_fills_and_once_it_is_full_is_revised():
    filling = figure("licensed:2026-10", 50.0, "2026-10", "license", partial=True)
    now = figure("licensed:2026-10", 70.0, "2026-10", "license", partial=True)
    assert parts(only(changes_between(record(filling), record(now, day=NEW), never))) == {FILLING: 20.0}
    full = {**filling, "partial": False}
    change = only(changes_between(record(full), record({**now, "partial": False}, day=NEW), never))
    assert parts(change) == {REVISED: 20.0}
    assert "licenses" in change.parts[0].words


def test_a_license_month_that_begins_is_a_new_month():
    begun = figure("licensed:2026-11", 10.0, "2026-11", "license", partial=True)
    change = only(changes_between(record(), record(begun, day=NEW), never))
    assert change.is_new
    assert [part.cause for part in change.parts] == [NEW_MONTH]
    assert change.difference is None


def test_a_license_month_that_began_long_before_is_not_new():
    held = figure("licensed:2026-10", 10.0, "2026-10", "license")
    change = only(changes_between(record(), record(held, day=NEW), never))
    assert [part.cause for part in change.parts] == [APPEARED]


@pytest.mark.parametrize("where", ["level", "census:2026-09"])
def test_licenses_that_census_replaced(where):
    licensed = figure("licensed:2026-09", 80.0, "2026-09", "license")
    after = record(figure(where, 95.0, "2026-09"), day=NEW)
    change = changes_between(record(licensed), after, never)[-1]
    assert parts(change) == {REPLACED: 15.0}
    assert (change.after, change.data_basis) == (95.0, "census")
    assert change.label == "Licensed:2026-09; now imports by Census"
    assert not change.is_gone


def test_licenses_that_census_replaced_long_ago_are_worked_out():
    licensed = figure("licensed:2026-02", 80.0, "2026-02", "license")

    def at_month(parameters, as_of, through):
        assert (as_of, f"{through.month:%Y-%m}") == (NEW, "2026-02")
        return [figure(amount=90.0, period="2026-02")]

    after = record(figure(amount=1.0, period="2026-09"), day=NEW)
    change = changes_between(record(licensed), after, at_month)[-1]
    assert parts(change) == {REPLACED: 10.0}
    lost = changes_between(record(licensed), after, fails)[-1]
    assert lost.is_gone
    assert [part.cause for part in lost.parts] == [REPLACED]


def test_census_months_are_looked_up_and_not_listed():
    after = record(figure("census:2026-09", 95.0, "2026-09"), day=NEW)
    assert changes_between(record(figure("census:2026-09", 94.0, "2026-09")), after, never) == []


@pytest.mark.parametrize("part", ["code", "tables"])
def test_changed_code_is_what_the_old_day_says_today(part):
    steps = Steps(code=104.0)
    before = record(figure(), country="MEX")
    after = record(figure(amount=105.0), day=NEW, digests=SAME | {part: "b"}, country="MEX")
    assert parts(only(changes_between(before, after, steps))) == {CODE: 4.0, REVISED: 1.0}
    assert steps.asked == ["code"]


def test_a_changed_notebook_counts_as_code_and_templates_or_law_do_not():
    before, after = record(figure(), sha="1"), record(figure(amount=105.0), day=NEW, sha="2")
    assert set(parts(only(changes_between(before, after, lambda *_: [figure(amount=104.0)])))) == {CODE, REVISED}
    looks = record(figure(amount=105.0), day=NEW, digests=SAME | {"templates": "b", "law": "b"})
    assert parts(only(changes_between(record(figure()), looks, never))) == {REVISED: 5.0}


def test_digests_that_one_side_does_not_tell_count_as_equal():
    before = Record.of("import_trends", [figure()], {"resolved": {"as_of": str(OLD)}})
    assert parts(only(changes_between(before, record(figure(amount=105.0), day=NEW), never))) == {REVISED: 5.0}


def test_selection_comes_after_code_and_before_data():
    steps = Steps(code=110.0, selection=60.0, data=63.0)
    before = record(figure(), country="MEX")
    after = record(figure(amount=70.0, period="2026-09"), day=NEW, digests=SAME | {"code": "b"}, country="CAN")
    change = only(changes_between(before, after, steps))
    assert parts(change) == {CODE: 10.0, SELECTION: -50.0, REVISED: 3.0, NEW_MONTH: 7.0}
    assert "country MEX before, now CAN" in change.parts[1].words


def test_days_looks_and_what_is_unset_are_no_selection():
    before = record(figure(), country="MEX", paper="letter", top=5, period=None)
    after = record(figure(amount=101.0), day=NEW, country="MEX", paper="a4", top=9, period="")
    assert parts(only(changes_between(before, after, never))) == {REVISED: 1.0}


def test_other_units_cannot_be_subtracted():
    dollars = figure(amount=5.0, amount_unit="customs_value_usd", unit="million US$")
    change = only(
        changes_between(record(figure(), measure="quantity"), record(dollars, day=NEW, measure="value"), never)
    )
    assert change.difference is None
    assert [part.cause for part in change.parts] == [SELECTION]


def test_an_index_that_was_printed_from_0_to_1_is_compared_on_one_scale():
    """Earlier editions printed the index of concentration as a fraction; the amount was one then and is one now."""
    index = {"name": "concentration", "amount_unit": "index", "basis": "declared"}
    then = record(figure(**index, amount=0.0679, number="0.068", unit="0 to 1"))
    same = figure(**index, amount=0.0679, number="679", unit="0 to 10,000")
    assert is_unchanged(only(changes_between(then, record(same, day=NEW), never)))
    risen = figure(**index, amount=0.0690, number="690", unit="0 to 10,000")
    assert cells(only(changes_between(then, record(risen, day=NEW), never)))[1:4] == ("679", "690", "+11")


@pytest.mark.parametrize(("then", "now"), [(None, 5.0), (5.0, None), (None, None)])
def test_a_figure_that_is_not_available_has_a_cause_and_no_difference(then, now):
    before, after = figure(amount=then, number="a"), figure(amount=now, number="b")
    change = only(changes_between(record(before), record(after, day=NEW), never))
    assert change.difference is None
    assert [(part.cause, part.amount) for part in change.parts] == [(REVISED, None)]


def test_another_subject_with_the_same_amount_is_a_change():
    before, after = figure(number="Canada", subject="Canada"), figure(number="China", subject="China")
    change = only(changes_between(record(before), record(after, day=NEW), never))
    assert parts(change) == {REVISED: 0.0}


DUTY = {"notebook": "duty_scenarios", "country": "CAN"}


def test_a_rate_rests_on_the_law_alone():
    rate = {"basis": "law", "amount_unit": "percent"}
    before = record(figure("rate", 25.0, "2025-05-29", **rate), on="2025-05-29", **DUTY)
    after = record(figure("rate", 50.0, "2025-06-05", **rate), day=NEW, on="2025-06-05", **DUTY)
    assert parts(only(changes_between(before, after, never))) == {LAW: 25.0}


def test_law_in_force_since_comes_after_data_and_before_the_new_month():
    before = record(figure(basis="law"), on="2025-05-29", **DUTY)
    after = record(figure(basis="law", amount=260.0, period="2026-09"), day=NEW, on="2025-06-05", **DUTY)
    steps = Steps(old_law=110.0, data=220.0)
    assert parts(only(changes_between(before, after, steps))) == {REVISED: 10.0, LAW: 110.0, NEW_MONTH: 40.0}
    same_month = record(figure(basis="law", amount=220.0), day=NEW, on="2025-06-05", **DUTY)
    steps = Steps(old_law=110.0)
    assert parts(only(changes_between(before, same_month, steps))) == {REVISED: 10.0, LAW: 110.0}
    assert steps.asked == ["old_law"]


def test_law_files_that_changed_are_law_for_what_applies_it():
    before = record(figure(basis="law"), day=date(2026, 11, 5), on="2026-10-09", **DUTY)
    changed = SAME | {"law": "b"}
    both = [figure(basis="law", amount=120.0)]
    after = record(figure(basis="law", amount=125.0), day=NEW, on="2026-10-09", digests=changed, **DUTY)
    assert parts(only(changes_between(before, after, lambda *_: both))) == {LAW: 20.0, REVISED: 5.0}
    after = record(figure(basis="law", amount=125.0), day=NEW, on="2026-10-09", digests=changed | {"code": "b"}, **DUTY)
    change = only(changes_between(before, after, lambda *_: both))
    assert "cannot be told apart" in change.parts[0].words


def test_a_headline_that_new_code_brings_or_takes_away():
    newer = SAME | {"code": "b"}
    brought = only(changes_between(record(), record(figure(), day=NEW, digests=newer), lambda *_: [figure()]))
    assert [part.cause for part in brought.parts] == [CODE]
    gone = only(changes_between(record(figure()), record(day=NEW, digests=newer), lambda *_: []))
    assert gone.is_gone
    assert [part.cause for part in gone.parts] == [CODE]


def test_new_code_is_not_blamed_for_what_the_data_bring_or_take_away():
    """After any change of code: the old day worked out with today's code lacks it too, or still has it."""
    newer = SAME | {"code": "b"}
    brought = only(changes_between(record(), record(figure(), day=NEW, digests=newer), lambda *_: []))
    assert [part.cause for part in brought.parts] == [APPEARED]
    gone = only(changes_between(record(figure()), record(day=NEW, digests=newer), lambda *_: [figure()]))
    assert [part.cause for part in gone.parts] == [VANISHED]
    unknown = only(changes_between(record(), record(figure(), day=NEW, digests=newer), fails))
    assert [part.cause for part in unknown.parts] == [CODE]


def test_a_window_that_jumps_says_by_how_many_months():
    before = record(figure(period="2024-06:2025-05"))
    after = record(figure(amount=120.0, period="2025-06:2026-05"), day=NEW)
    change = only(changes_between(before, after, lambda *_: [figure(period="2024-06:2025-05")]))
    assert change.parts[-1].words == "now through May 2026, 12 months on"


def test_a_rank_before_is_that_of_before():
    before = record(figure(label="Canada, 3rd", subject="3rd"))
    after = record(figure(amount=120.0, label="Canada, 2nd", subject="2nd"), day=NEW)
    change = only(changes_between(before, after, never))
    assert (change.before_text, change.after_text) == ("100 t (3rd)", "120 t")


AMOUNTS = st.one_of(st.none(), st.floats(-1e9, 1e9))


@given(st.lists(AMOUNTS, min_size=3, max_size=3), st.floats(0, 1e9), st.floats(0, 1e9))
def test_parts_always_add_up_to_the_difference(steps, then, now):
    code, selection, data = steps

    def worked_out(parameters, as_of, through=None, law=None):
        amount = data if through else code if parameters.country == "MEX" else selection
        if amount is None:
            raise AimError("not held")
        return [figure(amount=amount)]

    before = record(figure(amount=then), country="MEX")
    after = record(figure(amount=now, period="2026-09"), day=NEW, digests=SAME | {"code": "b"}, country="CAN")
    change = only(changes_between(before, after, worked_out))
    assert change.difference == pytest.approx(sum(part.amount for part in change.parts), abs=1e-5)
    causes = [part.cause for part in change.parts]
    assert len(causes) == len(set(causes))
