"""The section at the front of a weekly bulletin: what changed since the week before, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from aimlib.present import numbers
from aimlib.present.blocks import Block, Column, Prose, Row, Table, csv_text
from aimlib.present.changes import sentences
from aimlib.present.changes.change import Change
from aimlib.present.changes.words import (
    adds_up_as_printed,
    difference,
    is_unchanged,
    period_words,
    rounds_to_zero,
    smallest,
)

NOTHING_BEFORE = "There is no earlier edition of this bulletin to compare with."
COLUMNS = (
    "report", "headline", "label", "unit", "period_before", "period_after", "before", "after", "difference", "cause",
    "part", "words",
)  # fmt: skip


def changes_blocks(
    reports: Mapping[str, Sequence[Change]], since: date | None, now: date, *, key: str = "changes"
) -> list[Block]:
    """Return the section: a paragraph that says what changed, and a table a report of the headlines that did.

    Parameters
    ----------
    reports
        The changes of each report of the bulletin, by the report's title.
    since, now
        The days of the two bulletins; no `since`: there is nothing to compare with.
    key
        The table's key, with the report's title after it where there are several; the paragraph's is `key` with
        ``_lead`` after it.
    """
    if since is None:
        return [Prose(f"{key}_lead", [NOTHING_BEFORE])]
    reports = without_repeats(reports)
    lead = Prose(f"{key}_lead", [lead_words(reports, since)])
    several = len(reports) > 1
    tables = [
        _table(title, found, since, now, f"{key}_{_slug(title)}" if several else key, several)
        for title, found in reports.items()
        if not all(map(is_unchanged, found))
    ]
    return [lead, *tables]


def without_repeats(reports: Mapping[str, Sequence[Change]]) -> dict[str, list[Change]]:
    """Return the changes of each report without those that an earlier report tells too, as of license months."""
    told: list[Change] = []
    kept: dict[str, list[Change]] = {}
    for title, found in reports.items():
        kept[title] = [change for change in found if change not in told]
        told += kept[title]
    return kept


def lead_words(reports: Mapping[str, Sequence[Change]], since: date) -> str:
    """Return the paragraph: how many headline figures changed, and the first change of each cause."""
    every = [change for found in reports.values() for change in found]
    changed = [change for change in every if not is_unchanged(change)]
    day = numbers.day_name(since)
    if not every:
        return f"There are no headline figures to compare with those of {day}."
    if not changed:
        return f"None of the headline figures has changed since {day}."
    return " ".join(
        [f"{sentences.count_words(len(changed), len(every))} since {day}.", *sentences.told(list(reports.values()))]
    )


def cells(change: Change) -> tuple[str, str, str, str, str]:
    """Return a change as it is printed: headline, before, now, change, causes."""
    before = change.before_text or "not told"
    if change.has_moved and change.before_text and change.after_text:
        before = f"{before} ({_about(change)})"
    after = change.after_text or "no longer"
    return change.label, before, after, _difference(change), causes(change)


def _about(change: Change) -> str:
    """Return what a figure of an earlier period was about, where the label says it of the newer one."""
    about = period_words(change.period_before)
    # A change from month to month has both months in its label.
    return (
        f"{about}; {change.label_before[:1].lower()}{change.label_before[1:]}"
        if " on " in change.label_before
        else about
    )


def causes(change: Change) -> str:
    """Return the causes in words, the largest part first, with what each adds where there are several."""
    if is_unchanged(change):
        return ""
    known = [part for part in change.parts if part.amount is not None and not rounds_to_zero(part.amount, change)]
    shown = sorted(known, key=lambda part: -abs(part.amount or 0.0)) or list(change.parts[-1:])
    if len(shown) == 1:
        return shown[0].words
    return "; ".join(f"{part.words}: {difference(part.amount, change.amount_unit, change.unit)}" for part in shown)


def changes_frame(reports: Mapping[str, Sequence[Change]], now: date) -> pd.DataFrame:
    """Return all changes as tidy rows: one a headline and cause, one without a cause where nothing changed."""
    rows = [
        (
            *(title, change.headline, change.label, change.amount_unit, change.period_before, change.period_after),
            *(change.before, change.after, change.difference),
            *((part.cause, part.amount, part.words) if part else ("", None, "")),
            *(change.concept, change.data_basis, pd.Timestamp(now), change.partial, change.is_gone),
        )
        for title, found in reports.items()
        for change in found
        for part in change.parts or (None,)
    ]
    names = [*COLUMNS, "concept", "data_basis", "vintage", "partial", "not_listed"]
    numbers_of = dict.fromkeys(("before", "after", "difference", "part"), "float64")
    return pd.DataFrame(rows, columns=names).astype(numbers_of)


def _table(title: str, found: Sequence[Change], since: date, now: date, key: str, several: bool) -> Table:
    changed = [change for change in found if not is_unchanged(change)]
    same = [change.label for change in found if is_unchanged(change)]
    notes = [f"Unchanged: {'; '.join(same)}."] if same else []
    if any(change.has_moved and not change.is_new and not change.is_gone for change in changed):
        notes.append("Where a month is new, the figure before is of the period that was the newest then.")
    if not all(map(adds_up_as_printed, changed)):
        notes.append("Each figure is rounded by itself, so that differences and parts may not add up as printed.")
    day = numbers.day_name(since)
    return Table(
        key=key,
        title=f"{title}: what changed since {day}" if several else f"What changed since {day}",
        caption="Headline figures then and now, the difference, and what it comes from.",
        columns=[
            Column("Headline", align="left"),
            Column("Before", _short(since)),
            Column("Now", _short(now)),
            Column("Change"),
            Column("Cause", align="left"),
        ],
        rows=[Row(list(cells(change))) for change in changed],
        source=f"Source: this bulletin, as of {numbers.day_name(now)}, and what stood on {day}; their sources stand "
        "under each table and figure.",
        csv=csv_text(changes_frame({title: found}, now)),
        notes=notes,
    )


def _difference(change: Change) -> str:
    if is_unchanged(change):
        return "unchanged"
    if change.is_new or change.is_gone:
        return "new" if change.is_new else "gone"
    if change.difference is None:
        return "changed"
    if change.difference and rounds_to_zero(change.difference, change) and change.before_text != change.after_text:
        way = "up" if change.difference > 0 else "down"
        return f"{way} by less than {smallest(change)}"
    return difference(change.difference, change.amount_unit, change.unit)


def _short(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", title.casefold()).strip("_")
