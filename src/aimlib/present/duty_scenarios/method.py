"""The law's references, and the box of sources, method and limits."""

from __future__ import annotations

import pandas as pd

from aimlib.present import numbers
from aimlib.present.blocks import Column, Notes, Row, Table, csv_text
from aimlib.present.duty_scenarios.view import DutyView
from aimlib.present.duty_scenarios.words import capitalized
from aimlib.present.view import by_title
from aimlib.reference.law.model import Rule


def references(view: DutyView) -> Table:
    """Return every measure that has touched the line and origin, with its dates, citation and how sure it is."""
    held: dict[tuple[str, str, str], Rule] = {}
    for rule in view.law.rules:
        known = view.known_on is None or rule.known <= view.known_on
        if known and rule.lines.contains(view.facts.hts) and rule.origins.contains(view.facts.origin):
            held.setdefault((rule.measure, rule.id, str(rule.effective_from)), rule)
    rules = sorted(held.values(), key=lambda rule: (list(view.law.families).index(rule.family), rule.effective_from))
    frame = pd.DataFrame(
        [
            {
                "id": rule.id,
                "measure": rule.measure,
                "title": rule.title,
                "heading": rule.heading,
                "effective_from": rule.effective_from,
                "effective_until": rule.effective_until,
                "collected_until": rule.collected_until,
                "known_on": rule.published,
                "known_basis": rule.known_basis,
                "citation": rule.citation,
                "link": rule.link,
                "confidence": rule.confidence,
            }
            for rule in rules
        ]
    )
    return Table(
        key="references",
        title=f"The law's references for {view.line_words} from {view.origin_words}",
        caption="Every measure held that has been about this line and origin, in force or not.",
        columns=[
            Column("Measure", align="left"),
            Column("From", align="left"),
            Column("Until", align="left"),
            Column("Known", align="left"),
            Column("Citation", align="left"),
            Column("How sure", align="left"),
        ],
        rows=[
            Row(
                [
                    f"{rule.title} ({rule.id})",
                    str(rule.effective_from),
                    str(rule.effective_until or "open"),
                    str(rule.published),
                    rule.citation,
                    rule.confidence,
                ]
            )
            for rule in rules
        ],
        source=view.law_source,
        csv=csv_text(view.tidy(frame)),
        notes=["Known: the day on which it became known, worked out from the citation. Links stand in the data."],
    )


def method(view: DutyView) -> Notes:
    """Return what the figures rest on, how they were made, and what they do not say."""
    return Notes(
        "method",
        [
            ("Sources", _sources(view)),
            ("The law", _law(view)),
            ("Duty on imports", _imports(view)),
            ("The price reporter's series", _prices()),
            ("Limits", _limits(view)),
        ],
    )


def _sources(view: DutyView) -> list[str]:
    held = view.sources
    texts = [f"{name}; {vintages}." for name, vintages in by_title(held).items()] if held else []
    texts += [f"License: {text}." for text in sorted({source["license"] for source in held})]
    return [capitalized(view.law_source.removeprefix("Source: ")), *texts]


def _law(view: DutyView) -> list[str]:
    held = view.law.coverage
    extended = (
        f"The day of the law, {view.day_words}, is beyond verified coverage: the law is taken as last verified."
        if view.extended and view.facts.on > held.verified_through
        else ""
    )
    return [
        text
        for text in (
            f"The law is told whole from {numbers.day_name(held.first_day)} and verified through "
            f"{numbers.day_name(held.verified_through)} against {held.verified_against}.",
            extended,
            "Rates are percent of customs value, ad valorem, payable at entry for consumption or withdrawal from "
            "warehouse. Measures that a court or an order voided later stay in and are named as refundable.",
            "Of the measures of one family one applies, by the precedence that the law gives; families add up unless "
            "one yields to another. A claim that is not made does not count; unknown smelt or cast is a reported fact.",
            "Antidumping and countervailing deposits and fees are not in any total.",
        )
        if text
    ]


def _imports(view: DutyView) -> list[str]:
    return [
        view.assumptions.words(),
        "Statutory duty is the rate of each line, origin and day on the customs value of imports for consumption. "
        "Where a rate changes within a period, it is the mean over the days of the period, as if imports came evenly.",
        "Scenarios are static counts on the same imports: nobody buys less, elsewhere or earlier. Origins that pay "
        "less than under the law gain, those that pay more lose, on the same trade.",
        "Bounds let all claims be made whose share nobody publishes (USMCA, other agreements, quotas, metal of the "
        "United Kingdom), and none.",
    ]


def _prices() -> list[str]:
    return [
        "Implied FOB is the transaction price less the freight factor; over one plus the factor's rate it is the "
        "duty-unpaid FOB value, and that times the rate the import duty. Averages are means of daily values.",
        "The duty rests on the whole metal at the Canadian border, premium and all; a rate times the LME price alone "
        "leaves the premium out.",
        "The factor is the reporter's parameter and not the law; beside it stands the statutory rate of the day.",
    ]


def _limits(view: DutyView) -> list[str]:
    return [
        "The law is encoded from proclamations, notices and third parties' encodings, each with how sure it is; it is "
        "no legal advice. What was set after the verified day is not in it.",
        "Product exclusions, quota fill, chapter 98 claims, drawback and zone status are not in trade statistics.",
        "Rates of single countries under the reciprocal duty, and which economies pay the duty on forced labor, are "
        "not held. Both yield to Section 232 where it covers the whole value, and come in where a scenario removes it.",
        *(["Sums of a year to date are held, no months: rates are weighted by day."] if view.is_year else []),
    ]
