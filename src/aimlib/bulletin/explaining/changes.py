"""How a change since the edition before was worked out: from the headline on both days, and each cause by its rule."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd

from aimlib.analysis.early import license_months
from aimlib.bulletin.changes import changes_between, recompute
from aimlib.bulletin.explaining.derivation import LETTERS, Derivation, Sum, derived
from aimlib.bulletin.explaining.rules import BlockRule, rule_of
from aimlib.bulletin.explaining.told_changes import ToldChange
from aimlib.present.changes.change import (
    APPEARED,
    CODE,
    ESTIMATED,
    FILLING,
    LAW,
    NEW_MONTH,
    REPLACED,
    REVISED,
    SELECTION,
    VANISHED,
)
from aimlib.present.early.months import LICENSED

RULE = BlockRule(
    "Each headline of this edition less the headline of the same name before. Where more than one thing may have "
    "moved it, it is worked out again one step at a time: what was published, then the old day with today's "
    "calculation, with today's selection, today's data at the old months, today's law, the new month. The difference "
    "between two neighbors is what the step's cause adds, so that the parts come to the whole.",
    changes_between,
)  # fmt: skip
LICENSED_RULE = BlockRule(
    "The sum of the licenses for imports expected in the month, as they stood on the day; importers of a cell are "
    "protected before it is shown.",
    license_months.license_months, ("licenses", "aim_monitor"),
    "19 CFR part 361 (Aluminum Import Monitoring and Analysis system)",
)  # fmt: skip
CAUSE_RULES = {
    FILLING: BlockRule(
        "The month's licenses as known now less those known before, while importers still file for it.",
        changes_between,
    ),
    ESTIMATED: BlockRule(
        "The estimate now less the estimate before. Each is made anew from licenses, revised figures and the age of "
        "the month together, which cannot be told apart.",
        changes_between,
    ),
    REPLACED: BlockRule(
        "What Census has published of the month less what the licenses, or the estimate, said of it before.",
        changes_between,
    ),
    NEW_MONTH: BlockRule(
        "The headline now, whose period ends with the new month, less today's data at the period of before.", recompute
    ),
    REVISED: BlockRule(
        "Today's data at the period, and under the law, of before less the headline before; of a license month, the "
        "licenses corrected, cancelled or filed late.",
        recompute,
    ),
    LAW: BlockRule(
        "Today's data at the period of before under the law as in force and known now, less the same under the law of "
        "the day before.",
        recompute,
    ),
    CODE: BlockRule(
        "The figures known on the day before, worked out with today's calculation and reference tables, less what was "
        "published then.",
        recompute,
    ),
    SELECTION: BlockRule(
        "The figures known on the day before with the parameters of now, less the same with those of before.", recompute
    ),
    APPEARED: BlockRule(
        "The day before, the data did not hold what the headline rests on; there is nothing to subtract.", recompute
    ),
    VANISHED: BlockRule(
        "The data no longer hold what the headline rested on; there is nothing to subtract it from.", recompute
    ),
}
"""How what a cause adds is worked out."""


def headline_rule(notebook: str, change: ToldChange) -> BlockRule | None:
    """Return the rule by which the headline of a change is worked out, on either day."""
    if change.headline.startswith(LICENSED):
        return LICENSED_RULE
    return rule_of(notebook, change.block_key, change.headline)


def derive_change(
    change: ToldChange, column: str, now: Derivation | None, before: Derivation | None
) -> Derivation | None:
    """Return how a number of a change was worked out; `now` and `before` say it of the headline on both days.

    None for what a step adds that has others beside it: there is nothing to subtract it from in the bulletin.
    """
    sides = {"after": _agreeing(now, change.amounts["after"]), "before": _agreeing(before, change.amounts["before"])}
    if column in sides:
        return sides[column]
    if change.amounts["difference"] is None or (column == "part" and len(change.parts) > 1):
        return None
    return _less(*sides.values()) or _values(change)


def _agreeing(found: Derivation | None, amount: float | None) -> Derivation | None:
    return found if found is not None and amount is not None and found.agrees_with(amount) else None


def _less(now: Derivation | None, before: Derivation | None) -> Derivation | None:
    """Return one derivation less the other, the sums of the second named after those of the first."""
    if now is None or before is None or len(now.sums) + len(before.sums) > len(LETTERS):
        return None
    shift = str.maketrans(LETTERS[: len(before.sums)], LETTERS[len(now.sums) : len(now.sums) + len(before.sums)])
    one, other = now.formula, before.formula.translate(shift)
    formula = f"{one} − {other}" if len(one) == len(other) == 1 else f"({one}) − ({other})"
    sums = [_dated(one, "now") for one in now.sums] + [_dated(one, "before") for one in before.sums]
    return Derivation(formula, tuple(sums), now.amount - before.amount, now.remarks)


def _dated(one: Sum, when: str) -> Sum:
    return dataclasses.replace(one, words=f"{one.words}, as known {when}")


def _values(change: ToldChange) -> Derivation | None:
    """Return the difference of the two values that the bulletin's data hold."""
    days = {"after": change.now, "before": change.since}
    periods = {"after": change.period_after, "before": change.period_before}
    sums = [
        Sum(
            words=f"{change.label}, {'now' if name == 'after' else 'before'}, by the bulletin's data",
            table="",
            rows=pd.DataFrame(
                [{"known": str(day or ""), "period": periods[name], change.unit: change.amounts[name]}]
            ),
            column=change.unit,
        )
        for name, day in days.items()
    ]  # fmt: skip
    return derived("A − B", lambda a, b: a - b, sums)


def as_json(change: ToldChange) -> dict[str, Any]:
    """Return a change as JSON values."""
    return {
        "headline": change.headline,
        "label": change.label,
        "unit": change.unit,
        "known_before": str(change.since) if change.since else None,
        "known_now": str(change.now),
        "period_before": change.period_before,
        "period_after": change.period_after,
        **change.amounts,
        "printed": dict(change.texts),
        "rule": {"words": RULE.words, "calculation": RULE.name},
        "causes": [
            {
                "cause": part.cause,
                "words": part.words,
                "adds": part.amount,
                "rule": {"words": CAUSE_RULES[part.cause].words, "calculation": CAUSE_RULES[part.cause].name},
            }
            for part in change.parts
        ],
    }
