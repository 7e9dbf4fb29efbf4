"""The explanation of a number: what it is, the rows it was worked out from, where they come from, and the rule."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from aimlib.bulletin.explaining import changes
from aimlib.bulletin.explaining.derivation import Derivation
from aimlib.bulletin.explaining.duty import derive_duty, is_of_licenses, rules_behind
from aimlib.bulletin.explaining.imports import derive_imports
from aimlib.bulletin.explaining.metal import LICENSES, derive_metal
from aimlib.bulletin.explaining.places import Place, find
from aimlib.bulletin.explaining.published import Published, PublishedReport, data_of, open_published
from aimlib.bulletin.explaining.rules import BlockRule, rule_of
from aimlib.bulletin.explaining.snapshots import CommitBehind, commits_behind
from aimlib.bulletin.opening import Report, open_report
from aimlib.bulletin.parameters import model_of
from aimlib.errors import AimError
from aimlib.reference.law import law_digest
from aimlib.reference.law.model import Rule
from aimlib.settings import read_settings
from aimlib.store import Store, resolve_store


@dataclass(frozen=True)
class Explanation:
    """What there is to say of a number, or of a block as a whole.

    Attributes
    ----------
    bulletin
        The bulletin's name.
    place, others
        Where the number stands, and other parts in which it stands too.
    data
        The rows of the block's data that hold it; all of them for a block as a whole.
    derivation
        The rows of the store it was worked out from; None where it is no sum, change or share of rows, or where the
        store no longer gives them.
    is_from_store
        The store gives the very blocks that the bulletin was made from.
    commits
        Where the rows come from.
    rule, law
        The rule by which it was worked out, and the measures of the law behind it.
    cautions
        What to know before relying on it, in sentences.
    """

    bulletin: str
    place: Place
    others: tuple[Place, ...]
    data: pd.DataFrame = field(repr=False)
    derivation: Derivation | None
    is_from_store: bool
    commits: tuple[CommitBehind, ...]
    rule: BlockRule | None
    law: tuple[Rule, ...]
    cautions: tuple[str, ...]

    @property
    def report(self) -> PublishedReport:
        return self.place.report

    @property
    def adds_up(self) -> bool:
        """Say whether the rows give the number that the bulletin holds."""
        amount = self.place.amount
        return self.derivation is not None and (amount is None or self.derivation.agrees_with(amount))

    @property
    def amount(self) -> float | None:
        """Return the unrounded number: as the bulletin's data hold it, else as the rows give it."""
        if self.place.amount is not None:
            return self.place.amount
        return self.derivation.amount if self.derivation else None

    @property
    def rests_on_licenses(self) -> bool:
        return any(commit.table == LICENSES for commit in self.commits)


def explain_number(bulletin: str, asked: str, within: Sequence[str] = ()) -> Explanation:
    """Explain what `asked` names in a bulletin: a number as printed, ``Figure 3``, or a part's key.

    `bulletin` is a folder, a file in it, or a name under ``reports/build``; `within` are keys of parts to look in, and
    words of what the number is called there. The report is opened again on the store with the bulletin's own
    parameters; where the store no longer holds the blocks it was made from, the explanation is made from the bulletin
    alone and says so. Rows of licenses are in no explanation.

    Raises AimError where there is no such bulletin, number or part, and where a number stands in several places.
    """
    published = open_published(bulletin)
    place, others = find(published, asked, within)
    report = place.report
    cautions = [f"{name} is not as it was made." for name in published.altered]
    opened, store, why = _reopened(report)
    cautions += [why] if why else []
    # A change is worked out from its headline, which stands in the report itself.
    told = _headline(published, place) if place.change else place
    derivation = _derivation(opened, store, told) if opened and place.printed else None
    law = rules_behind(opened.view, told) if opened and report.notebook == "duty_scenarios" else ()
    rule = _rule(place)
    as_of = date.fromisoformat(str(report.inputs["resolved"]["as_of"]))
    commits = _commits(report.inputs["blocks"], rule, derivation, place, store, as_of)
    if place.change:
        derivation, before = _of_change(derivation, rule, told, place, store if opened else None)
        kept = () if place.column == "before" else commits
        commits = tuple(dict.fromkeys((*kept, *(() if place.column == "after" else before))))
    made = Explanation(
        published.slug, place, others, _rows(place), derivation, opened is not None, commits, rule, law, tuple(cautions)
    )
    if derivation is not None and not made.adds_up:
        made = dataclasses.replace(made, cautions=(*made.cautions, _off(made)))
    return made


def _off(made: Explanation) -> str:
    return (
        f"The rows in the store come to {made.derivation.amount:,.10g}, and the bulletin holds {made.amount:,.10g}: "
        "this version of the suite does not work the number out as that one did."
    )


def _reopened(report: PublishedReport) -> tuple[Report | None, Store | None, str]:
    """Return the report opened on the store as it was made, the store, and why it could not be opened so."""
    alone = "What follows is from the bulletin alone."
    store = resolve_store(read_settings().store)
    try:
        opened = open_report(model_of(report.notebook).parse(report.inputs["resolved"]))
        held = json.loads(json.dumps(opened.blocks, default=str))
    except AimError as obstacle:
        return None, store, f"The store no longer gives this report ({obstacle.message}) {alone}"
    if held != list(report.inputs["blocks"]):
        return None, store, f"The store no longer holds the figures that this bulletin was made from. {alone}"
    if report.inputs["law"]["sha256"] != law_digest():
        return opened, store, "The tariff law as held has changed since the bulletin was made."
    return opened, store, ""


def _derivation(opened: Report, store: Store, place: Place) -> Derivation | None:
    match place.report.notebook:
        case "import_trends":
            return derive_imports(opened.view, place)
        case "smelt_origin":
            return derive_metal(opened.view, place)
        case "gatm_comparison":
            from aimlib.bulletin.explaining.world import derive_world

            return derive_world(opened.view, store, place)
        case "duty_scenarios":
            return derive_duty(opened.view, place)
    return None


def _rule(place: Place) -> BlockRule | None:
    if place.change is not None:
        return changes.headline_rule(place.report.notebook, place.change)
    return (
        changes.RULE if place.report.is_front else rule_of(place.report.notebook, place.key, place.figure, place.where)
    )


def _headline(published: Published, place: Place) -> Place:
    """Return the place of the headline that a change is of, in the report."""
    report, change = published.report_of(place.report), place.change
    block = report.blocks.get(change.block_key, report.blocks.get("key_figures", place.block))
    figure = "" if change.block_key == "early" else change.headline
    return Place(report, block, change.label, place.printed, figure=figure, known=change.amounts["after"])


def _of_change(
    now: Derivation | None, rule: BlockRule | None, told: Place, place: Place, store: Store | None
) -> tuple[Derivation | None, tuple[CommitBehind, ...]]:
    """Return how a number of a change was worked out, and the commits behind the headline on the day before."""
    change, before, commits = place.change, None, ()
    opened = _opened_before(place) if store is not None and change.since and change.period_before else None
    if opened is not None:
        before = _derivation(opened, store, told)
        commits = _commits(opened.blocks, rule, before, place, store, change.since)
    return changes.derive_change(change, place.column, now, before), commits


def _opened_before(place: Place) -> Report | None:
    """Return the report on the day before; None where the store does not give it."""
    inputs, since = place.report.inputs, place.change.since
    try:
        asked = model_of(place.report.notebook).parse(inputs["parameters"] or inputs["resolved"])
        return open_report(asked.model_copy(update={"as_of": since}))
    except AimError:
        return None


def _commits(
    blocks: Sequence[Mapping], rule: BlockRule | None, derivation: Derivation | None, place: Place,
    store: Store | None, as_of: date,
) -> tuple[CommitBehind, ...]:  # fmt: skip
    sums = derivation.sums if derivation else ()
    return commits_behind(blocks, _tables(rule, derivation, place), store, sums, as_of)


def _tables(rule: BlockRule | None, derivation: Derivation | None, place: Place) -> set[str]:
    """Return the tables that count: those of the sums, and licenses where the data say that they rest on them."""
    of_rule = set(rule.tables) if rule else set()
    summed = {one.table for one in derivation.sums if one.table} if derivation else set()
    if summed and not _is_licensed(place):
        return summed
    return of_rule | summed


def _is_licensed(place: Place) -> bool:
    bases = data_of(place.block).get("data_basis", pd.Series(dtype="str"))
    basis = str((place.row or {}).get("data_basis", "")) or " ".join(map(str, bases.unique()))
    return "license" in basis or is_of_licenses(place)


def _rows(place: Place) -> pd.DataFrame:
    data = data_of(place.block)
    if place.row is None:
        return data if not place.printed else data.iloc[:0]
    if place.change is not None:
        return place.change.rows
    same = pd.Series(True, index=data.index)
    for name, value in place.row.items():
        same &= data[name].isna() if pd.isna(value) else data[name] == value
    return data[same]
