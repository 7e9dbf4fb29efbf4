"""What changed in a report from one day to another, headline by headline, each difference laid to its causes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aimlib.bulletin.changes.recompute import recompute as worked_out
from aimlib.bulletin.changes.record import Record
from aimlib.bulletin.changes.steps import Headlines, Steps
from aimlib.present import numbers
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
    Change,
    Part,
)
from aimlib.present.changes.words import is_day, last_words, months_between, printed
from aimlib.present.early.months import CENSUS, ESTIMATE, LICENSED

_LICENSE_MONTH = (LICENSED, ESTIMATE)
Headline = Mapping[str, Any]
Step = tuple[str, str, float | None]
"""A cause, its words, and the amount after it; None where that could not be worked out."""


def changes_between(
    before: Record | None, after: Record, recompute: Callable[..., list[dict[str, Any]]] = worked_out
) -> list[Change]:
    """Return what changed in a report, in its reading order; what is gone comes last.

    The parts of each change add up to its difference: published before, the old day worked out again with today's code,
    law and selection (only where these differ), today's data at the old months, the new month. What cannot be worked
    out is laid to the step after it, and its words say so. Nothing before: no changes.
    """
    if before is None:
        return []
    steps = Steps(before, after, recompute)
    old, new = before.by_name, after.by_name
    found = [_change(steps, old.get(name), now) for name, now in new.items() if not name.startswith(CENSUS)]
    gone = [then for name, then in old.items() if name not in new and not name.startswith(CENSUS)]
    return found + [_gone(steps, then) for then in gone]


def _change(steps: Steps, then: Headline | None, now: Headline) -> Change:
    if then is None:
        return _made(steps, None, now, (_appeared(steps, now),))
    if _same(then, now):
        return _made(steps, then, now, ())
    if then["amount_unit"] != now["amount_unit"]:
        cause, words = (SELECTION, _selection_words(steps)) if steps.selection else (CODE, _code_words(steps))
        return _made(steps, then, now, (Part(cause, None, f"{words}; the units differ"),))
    if now["name"].startswith(_LICENSE_MONTH):
        last = (*_license_month(then, now), now["amount"])
        return _made(steps, then, now, _parts(then, [*_remade(steps, then), last]))
    return _made(steps, then, now, _parts(then, [*_remade(steps, then), *_moved(steps, then, now)]))


def _license_month(then: Headline, now: Headline) -> tuple[str, str]:
    """Return the cause and words of a change in a license month, or in its estimate."""
    if now["name"].startswith(ESTIMATE):
        return ESTIMATED, "estimated anew: licenses, revisions and the age of the month together"
    has_fallen = None not in (then["amount"], now["amount"]) and now["amount"] < then["amount"]
    if then["partial"] and not has_fallen:
        month = last_words(now["period"])
        return FILLING, f"{month} still filling" if now["partial"] else f"the last licenses for {month} came in"
    return _revised(now)


def _same(then: Headline, now: Headline) -> bool:
    return all(then[name] == now[name] for name in ("amount", "amount_unit", "number", "period", "subject"))


def _remade(steps: Steps, then: Headline) -> list[Step]:
    """Return the steps that work the old day out again."""
    found: list[Step] = []
    if steps.has_other_code or steps.has_other_law_files:
        is_law = steps.has_other_law_files and (then["data_basis"] == "law" or not steps.has_other_code)
        words = _law_files_words(steps) if is_law else _code_words(steps)
        found.append((LAW if is_law else CODE, words, _amount(steps.other_code, then)))
    if steps.selection:
        found.append((SELECTION, _selection_words(steps), _amount(steps.other_selection, then)))
    return found


def _moved(steps: Steps, then: Headline, now: Headline) -> list[Step]:
    """Return the steps of data, law and new month for a figure that is not of a license month."""
    has_moved = then["period"] != now["period"]
    what = "tariff factor in force" if now["data_basis"] == "prices" else "law in force or known"
    in_law = (LAW, f"{what} since {numbers.day_name(steps.before.as_of)}")
    if now["data_basis"] == "law" and is_day(now["period"]):  # a rate rests on the law and on nothing else
        return [(*in_law, now["amount"])]
    found: list[Step] = []
    if has_moved or steps.law_may_differ:
        found.append((*_revised(now), _amount(steps.other_data, then, now)))
    if steps.law_may_differ:
        # Where the months are the same, today's law on them is what is said now.
        found.append((*in_law, _amount(steps.other_law, then, now) if has_moved else now["amount"]))
    if has_moved:
        found.append((NEW_MONTH, _new_words(then, now), now["amount"]))
    elif not steps.law_may_differ:
        found.append((*_revised(now), now["amount"]))
    return found


def _amount(step: Headlines | None, then: Headline, now: Headline | None = None) -> float | None:
    """Return the headline's amount in a step; None where it is not there, or is about another period."""
    found = (step or {}).get(then["name"])
    if found is None or found["amount_unit"] != then["amount_unit"]:
        return None
    of_prices = now is not None and now["data_basis"] == "prices" and found["period"] == now["period"]
    return found["amount"] if found["period"] == then["period"] or of_prices else None


def _parts(then: Headline, steps: list[Step]) -> tuple[Part, ...]:
    """Return what each step adds to the amount before; steps not worked out go into the next one that was."""
    parts, last, merged = [], then["amount"], []
    for place, (cause, words, amount) in enumerate(steps):
        if amount is None and place < len(steps) - 1:
            merged.append(cause)
            continue
        if merged:
            words += f" (with {' and '.join(merged)}, which cannot be told apart here)"
            merged = []
        if amount is None or last is None:
            parts.append(Part(cause, None, words))
        elif amount != last:
            parts.append(Part(cause, amount - last, words))
        last = amount
    if steps[-1][2] is None or then["amount"] is None:
        # Without a difference there is nothing for the parts to come to.
        return tuple(Part(part.cause, None, part.words) for part in parts[-1:])
    # Another subject may have the very same amount.
    return tuple(parts) or (Part(steps[-1][0], 0.0, steps[-1][1]),)


def _appeared(steps: Steps, now: Headline) -> Part:
    """Return the cause of a headline that was not there before."""
    if now["name"].startswith(_LICENSE_MONTH) and now["period"] > f"{steps.before.as_of:%Y-%m}":
        begun = f"{last_words(now['period'])} has begun; licenses filed ahead of it count from now"
        return Part(NEW_MONTH, None, begun)
    name = now["name"]
    if steps.has_other_code and (steps.other_code is None or name in steps.other_code):
        return Part(CODE, None, _code_words(steps))
    if steps.selection and (steps.other_selection is None or name in steps.other_selection):
        return Part(SELECTION, None, _selection_words(steps))
    return Part(APPEARED, None, "no prices before" if now["data_basis"] == "prices" else "not available before")


def _gone(steps: Steps, then: Headline) -> Change:
    """Return the change of a headline that is not there any more; of a license month, Census may have its place."""
    if then["name"].startswith(_LICENSE_MONTH) and then["period"] <= _newest_census(steps.after):
        words = f"{'licenses' if then['name'].startswith(LICENSED) else 'estimate'} replaced by Census"
        census = _census(steps, then["period"])
        if census is None:
            return _made(steps, then, None, (Part(REPLACED, None, words),))
        parts = _parts(then, [*_remade(steps, then), (REPLACED, words, census["amount"])])
        label = f"{then['label']}; now imports by Census"
        return _made(steps, then, {**census, "name": then["name"], "label": label}, parts)
    name = then["name"]
    if steps.has_other_code and (steps.other_code is None or name not in steps.other_code):
        part = Part(CODE, None, _code_words(steps))
    elif steps.selection and (steps.other_selection is None or name not in steps.other_selection):
        part = Part(SELECTION, None, _selection_words(steps))
    else:
        part = Part(VANISHED, None, "not available any more")
    return _made(steps, then, None, (part,))


def _newest_census(after: Record) -> str:
    """Return the newest month that the newer bulletin has of Census, '' where it tells none."""
    months = [told["period"] for told in after.headlines if told["name"].startswith(CENSUS) or told["name"] == "level"]
    return max(months, default="")


def _census(steps: Steps, month: str) -> Headline | None:
    """Return what Census says of a month: from the newer bulletin, or worked out where it is too long ago."""
    for ask in (lambda: steps.after.by_name, lambda: steps.at_month(month)):
        held = ask()
        for name in (f"{CENSUS}{month}", "level"):
            if name in held and held[name]["period"] == month:
                return held[name]
    return None


def _made(steps: Steps, then: Headline | None, now: Headline | None, parts: tuple[Part, ...]) -> Change:
    shown = now or then
    amounts = [None if side is None else side["amount"] for side in (then, now)]
    of_one_unit = then is not None and now is not None and then["amount_unit"] == now["amount_unit"]
    known = of_one_unit and None not in amounts
    return Change(
        headline=shown["name"],
        label=shown["label"],
        amount_unit=shown["amount_unit"],
        unit=shown["unit"],
        before=amounts[0],
        after=amounts[1],
        before_text=printed(then, shown["label"]),
        after_text=printed(now),
        period_before="" if then is None else then["period"],
        period_after="" if now is None else now["period"],
        difference=amounts[1] - amounts[0] if known else None,
        parts=parts,
        data_basis=shown["data_basis"],
        partial=shown["partial"],
        concept=steps.after.concept,
        label_before="" if then is None else then["label"],
    )


# Words.


def _revised(now: Headline) -> tuple[str, str]:
    if now["name"].startswith(ESTIMATE):
        return REVISED, "figures that the estimate rests on were revised"
    words = {
        "census": "revised by Census",
        "license": "licenses corrected, cancelled or filed late",
        "law": "imports revised by Census",
        "declared": "revised or newly reported by countries",
        "prices": "prices revised",
    }
    return REVISED, words[now["data_basis"]]


def _new_words(then: Headline, now: Headline) -> str:
    last = last_words(now["period"])
    if now["data_basis"] == "prices":
        return f"prices of {last}"
    if ":" not in now["period"]:
        return f"{last} is new"
    months = months_between(then["period"], now["period"])
    return f"now through {last}, {months} months on" if months > 1 else f"now through {last}"


def _code_words(steps: Steps) -> str:
    names = [
        words
        for part, words in (("code", "the calculation"), ("tables", "reference tables"), ("notebook", "the notebook"))
        if steps.before.differs_in(steps.after, part)
    ]
    return f"{' and '.join(names) or 'the calculation'} changed"


def _law_files_words(steps: Steps) -> str:
    also = "; so did the calculation, which cannot be told apart" if steps.has_other_code else ""
    return f"the law as held changed{also}"


def _selection_words(steps: Steps) -> str:
    told = [
        f"{name.replace('_', ' ')} {_value(mine)} before, now {_value(theirs)}"
        for name, (mine, theirs) in steps.selection.items()
    ]
    return f"selection changed: {'; '.join(told)}"


def _value(value: Any) -> str:
    return "unset" if value in (None, "") else str(value)
