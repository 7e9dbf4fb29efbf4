"""`aim explain`: from a number in a bulletin back to its rows, its sources and its rule."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd

from aimlib.bulletin.explaining import Explanation, as_json, explain_number
from aimlib.bulletin.explaining.changes import CAUSE_RULES, RULE
from aimlib.bulletin.explaining.derivation import LETTERS, Sum
from aimlib.bulletin.explaining.metal import NO_ROWS
from aimlib.bulletin.explaining.told_changes import ToldChange
from aimlib.cli.messages import say, table, warn
from aimlib.present import numbers
from aimlib.present.blocks import TIDY_COLUMNS
from aimlib.present.changes.words import period_words

_ROWS, _DATA_ROWS, _SNAPSHOTS, _COLUMNS = 10, 5, 6, 8


def explain(bulletin: str, asked: str, within: Sequence[str], as_json_: bool) -> None:
    """Print the explanation, as lines or as one JSON object."""
    made = explain_number(bulletin, asked, within)
    if as_json_:
        # Plain print: nothing in it is wrapped to a terminal's width.
        print(json.dumps(as_json(made), indent=2, ensure_ascii=False, allow_nan=False))
        return
    for caution in made.cautions:
        warn(caution)
    _what(made)
    if made.place.change is None:
        _data(made)
    else:
        _change(made.place.change)
    _worked_out(made)
    _sources(made)
    _rule(made)


def _head(text: str) -> None:
    say("")
    say(text)


def _what(made: Explanation) -> None:
    place, block = made.place, made.place.block
    if place.printed:
        unit = f" {place.unit}" if place.unit else ""
        say(f"{place.where}: {place.printed}{unit}")
        if made.amount is not None:
            say(f"  Unrounded: {_number(made.amount)}{f', in the column {place.column}' if place.column else ''}")
        if place.period:
            say(f"  Period: {place.period}")
    say(f"In: {block.get('title', place.key)} ({place.name}), bulletin {made.bulletin}")
    if block.get("caption"):
        say(f"  {block['caption']}")
    if block.get("source"):
        say(f"  {block['source']}")
    resolved = made.report.inputs["resolved"]
    told = [f"{name}={value}" for name, value in resolved.items() if value not in (None, "", False) and name != "as_of"]
    say(f"  Parameters: {', '.join(told)}")
    say(f"  As of {numbers.day_name(pd.Timestamp(resolved['as_of']))}: the newest figures known by that day")
    if made.others:
        say(f"  The same digits also stand in {', '.join(other.name for other in made.others)} (choose with --in)")


def _data(made: Explanation) -> None:
    rows = made.data
    if rows.empty:
        return
    _head("Rows of the bulletin's data")
    # What every row has alike tells none of them apart.
    keep = [name for name in rows if name not in TIDY_COLUMNS and rows[name].notna().any()]
    if made.place.column in keep[_COLUMNS:]:
        keep = [*keep[: _COLUMNS - 1], made.place.column]
    _table(rows[keep[:_COLUMNS]], _DATA_ROWS)
    more = len(keep) - len(keep[:_COLUMNS])
    if more > 0:
        say(f"  {more} more columns in the bulletin's data file")


def _change(change: ToldChange) -> None:
    """Print a headline's change: both values with their vintages, and what each cause adds by which rule."""
    _head(f"The headline: {change.label} ({change.headline}), in {change.unit}")
    for name, words, day, period in (
        ("before", "Before", change.since, change.period_before),
        ("after", "Now", change.now, change.period_after),
    ):
        known = f"as known on {numbers.day_name(day)}" if day else "as of the edition before"
        about = f", for {period_words(period)}" if period else ""
        say(f"  {words}, {known}{about}: {_value(change, name)}")
    if change.amounts["difference"] is not None:
        say(f"  Change: {_value(change, 'difference')}")
    _head("What it comes from" if change.parts else "No cause: nothing of it has changed.")
    for part in change.parts:
        adds = f", adds {_number(part.amount)}" if part.amount is not None else ""
        say(f"  {part.cause[0].upper()}{part.cause[1:]} ({part.words}){adds}")
        rule = CAUSE_RULES[part.cause]
        say(f"    {rule.words}")
        say(f"    Calculation: {rule.name}")
    if len(change.parts) > 1:
        say(f"  {RULE.words}")


def _value(change: ToldChange, name: str) -> str:
    """Return a value of a change as printed, with all its digits where the data hold them."""
    amount, printed = change.amounts[name], change.texts[name]
    told = [printed] if printed else []
    told += [f"unrounded {_number(amount)}" if printed else _number(amount)] if amount is not None else []
    return ", ".join(told) or "not told"


def _worked_out(made: Explanation) -> None:
    if made.derivation is None:
        if made.place.printed and made.is_from_store and not made.rests_on_licenses:
            _head("This number is no plain sum, change or share of rows; the rule below says how it comes about.")
        return
    found = made.derivation
    _head("Worked out from")
    for letter, one in zip(LETTERS, found.sums, strict=False):
        _sum(letter, one)
    _head(_result(made))
    for remark in found.remarks:
        say(f"  {remark}")


def _sum(letter: str, one: Sum) -> None:
    where = f"{_counted(len(one.rows))} of the table {one.table}" if one.table else _counted(len(one.rows))
    say(f"{letter}: {one.words}; {where}")
    _table(one.rows, _ROWS)
    verb = "This comes" if len(one.rows) == 1 else "These add up"
    amount = f" = {_number(one.amount)} {one.unit}" if one.divisor != 1 else f" {one.unit}" if one.unit else ""
    stored = " kg" if one.column == "quantity_kg" and one.divisor != 1 else ""
    say(f"  {verb} to {_number(one.stored)}{stored}{amount}")


def _counted(count: int) -> str:
    return f"{numbers.plain(count)} {'row' if count == 1 else 'rows'}"


def _result(made: Explanation) -> str:
    found = made.derivation
    words = f"{found.formula} = {_number(found.amount)}"
    if made.place.printed and made.adds_up:
        words += f", printed as {made.place.printed}{f' {made.place.unit}' if made.place.unit else ''}"
    return words


def _sources(made: Explanation) -> None:
    if not made.commits and not made.law:
        return
    if made.rests_on_licenses:
        _head(NO_ROWS)
    if made.commits:
        _head("Where the rows come from")
    snapshots = [(commit, snapshot) for commit in made.commits for snapshot in commit.snapshots]
    last = None
    for commit, snapshot in snapshots[:_SNAPSHOTS]:
        if commit is not last:
            say(f"  {commit.table}, known on {commit.known_on}, commit {commit.name}")
            last = commit
        told = [f"{snapshot.publisher}, {snapshot.title}"]
        told += [f"asked {snapshot.asked}"] if snapshot.asked else []
        told += [f"retrieved {snapshot.retrieved_at}"] if snapshot.retrieved_at else []
        say(f"    {'; '.join(told)}")
        say(f"      sha256 {snapshot.sha256}")
    if len(snapshots) > _SNAPSHOTS:
        left = len(snapshots) - _SNAPSHOTS
        say(f"  and {left} more {'file' if left == 1 else 'files'}; --json lists them all")


def _rule(made: Explanation) -> None:
    rule = made.rule
    if rule is not None:
        _head("The rule")
        say(f"  {rule.words}")
        say(f"  Calculation: {rule.name}: {rule.summary}")
        if rule.source:
            say(f"  Source: {rule.source}.")
    if made.law:
        _head("The law")
        for measure in made.law:
            say(f"  {measure.id}, {measure.title}, heading {measure.heading}, from {measure.effective_from}")
            say(f"    {measure.citation} ({measure.confidence})")
            if measure.link:
                say(f"    {measure.link}")


def _table(rows: pd.DataFrame, most: int) -> None:
    numeric = [name for name in rows if pd.api.types.is_numeric_dtype(rows[name])]
    shown = rows.head(most)
    cells = ([_cell(name, value) for name, value in row.items()] for row in shown.to_dict("records"))
    table(list(rows.columns), cells, numeric)
    if len(rows) > most:
        say(f"  and {numbers.plain(len(rows) - most)} more")


def _cell(column: str, value: object) -> str:
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m}" if column == "month" else f"{value:%Y-%m-%d}"
    return _number(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def _number(value: float) -> str:
    """Write a number with all the digits it has, without those that are only rounding."""
    return numbers.plain(value) if float(value).is_integer() else f"{float(value):,.12g}".replace("-", numbers.MINUS)
