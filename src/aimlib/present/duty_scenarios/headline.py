"""The lead paragraph and the key figures of the duty bulletin."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.duty.compare import totals
from aimlib.analysis.duty.explain import Change
from aimlib.present import numbers
from aimlib.present.blocks import KeyFigure, Prose, Strip, csv_text
from aimlib.present.duty_scenarios.beside import newest
from aimlib.present.duty_scenarios.view import DutyView
from aimlib.present.duty_scenarios.words import effective, entry_words, millions, percent, rate_words, total_words
from aimlib.present.headlines import for_programs, month_period, span_period
from aimlib.reference import p1020
from aimlib.reference.law.model import CLAIMS

_HELD_BY_FEW = {"exclusion", "general_exclusion", "onshoring_quota"}


def lead(view: DutyView) -> Prose:
    """Say what the entry pays, what the imports would pay, and what the reporter's duty is."""
    said = [_rate(view), _may_add(view), _refund(view), _last_change(view), _claims(view)]
    return Prose("lead", [" ".join(text for text in said if text), *_figures(view)], lead=True)


def key_figures(view: DutyView) -> Strip:
    """Return the key figures: the rate, what is refundable, the effective rate, the duty, the reporter's duty."""
    of_day = (str(view.facts.on), "law")
    figures = [
        KeyFigure(
            f"Rate on {view.line_words} from {view.origin_words}", total_words(view.answer), "of customs value",
            view.day_words, **for_programs("rate", view.answer.total_pct, "percent", *of_day),
        )
    ]  # fmt: skip
    if view.answer.refundable_pct:
        after = f"{percent(view.answer.after_refund_pct)} after refund"
        told = for_programs("refundable", view.answer.refundable_pct, "percent", *of_day)
        figures.append(KeyFigure("Refundable part", percent(view.answer.refundable_pct), "", after, **told))
    if view.imports is not None:
        today = totals(view.today).iloc[0]
        if today["covered_value_usd"] > 0:
            spans = view.newest_spans
            over = (span_period(spans["first"].min(), spans["last"].max()), "law")
            told = for_programs("effective_rate", today["effective_pct"], "percent", *over)
            rate = effective(today["effective_pct"])
            of_law = f"law of {view.day_words}"
            figures.append(KeyFigure("Effective statutory rate", rate, "", f"{view.year_words}, {of_law}", **told))
            duty = millions(today["statutory_duty_usd"])
            told = for_programs("statutory_duty", today["statutory_duty_usd"], "duty_usd", *over)
            figures.append(
                KeyFigure("Statutory duty", duty, "million US$", f"same imports, {of_law}, static count", **told)
            )
    last = newest(view)
    if last is not None:
        about = (str(last["on"]) if "day" in last else month_period(last["on"]), "prices")
        told = for_programs("p1020_duty", last["duty_usd_t"], "usd_t", *about)
        duty = numbers.plain(last["duty_usd_t"], 0)
        figures.append(KeyFigure("P1020 import duty", duty, "US$/t", last["words"], **told))
        if not numbers.is_missing(last["duty_unpaid_premium_c_lb"]):
            premium = numbers.plain(last["duty_unpaid_premium_c_lb"], 1)
            told = for_programs("p1020_premium", last["duty_unpaid_premium_c_lb"], "c_lb", *about)
            figures.append(KeyFigure("Implied duty-unpaid premium", premium, "c/lb", last["words"], **told))
    data = pd.DataFrame(
        {
            "figure": [figure.label for figure in figures],
            "printed": [figure.number for figure in figures],
            "unit": [figure.unit for figure in figures],
            "of": [figure.note for figure in figures],
        }
    )
    tidy = view.tidy(data).assign(data_basis=[figure.data_basis for figure in figures])
    return Strip("key_figures", "Key figures", figures, _source(view, figures), csv_text(tidy))


def _source(view: DutyView, figures: list[KeyFigure]) -> str:
    """Return the source line of the law, and those of imports and prices where a figure rests on them."""
    names = {figure.name for figure in figures}
    parts = [view.law_source]
    if "statutory_duty" in names:
        parts.append(f"Duty on imports: {view.import_source.removeprefix('Source: ')}")
    if "p1020_duty" in names:
        parts.append(f"P1020: {view.price_source.removeprefix('Source: ')}")
    return " ".join(parts)


def _rate(view: DutyView) -> str:
    words = entry_words(view)
    total = total_words(view.answer)
    day = f" on {view.day_words}"
    told = f"Entries of {view.line_words} from {view.origin_words} ({words}) pay {total} of their customs value{day}"
    if view.answer.total_pct is None:
        missing = numbers.joined([name.replace("_", " ") for name in view.answer.missing])
        return f"{told}; which of it hangs on {missing}."
    parts = [f"{percent(line.pct)} {line.rule.title}" for line in view.answer.due if line.pct > 0]
    return f"{told}{f': {numbers.joined(parts)}' if parts else ''}."


def _refund(view: DutyView) -> str:
    if not view.answer.refundable_pct:
        return ""
    return (
        f"Of that, {percent(view.answer.refundable_pct)} was voided later and is refundable; "
        f"{percent(view.answer.after_refund_pct)} remains."
    )


def _last_change(view: DutyView) -> str:
    """Say when the rate last changed before the day, and when it changes next, as far as is known."""
    held = view.timeline[view.timeline["refused"] == ""].reset_index(drop=True)
    place = int((held["first"] <= view.facts.on).sum()) - 1
    words = [rate_words(low, high) for low, high in zip(held["low_pct"], held["high_pct"], strict=True)]
    said = []
    if place > 0:
        day = numbers.day_name(held["first"][place])
        same = words[place] == words[place - 1]
        said.append(
            f"The measures last changed on {day}; the rate did not."
            if same
            else f"The rate last changed on {day}, from {words[place - 1]}."
        )
    if place + 1 < len(held):
        said.append(f"It changes on {numbers.day_name(held['first'][place + 1])}, to {words[place + 1]}.")
    return " ".join(said)


def _claims(view: DutyView) -> str:
    """Say what claims that the origin may make would change, but for exclusions, which few hold."""
    told = [
        f"{rate_words(one.low, one.high)}{_kept(view, one)} with the claim: "
        f"{' and '.join(CLAIMS[word] for word in one.claims)}"
        for one in view.answer.changes
        if one.claims and not set(one.claims) & _HELD_BY_FEW
    ]
    return f"It would be {numbers.joined(told)}." if told else ""


def _kept(view: DutyView, change: Change) -> str:
    """Say that less of it is refundable, where the rate is the same."""
    return ", not refundable," if view.answer.refundable_pct and change.after_refund == change.low else ""


def _may_add(view: DutyView) -> str:
    if not view.answer.may_add_pct:
        return ""
    return f"Duties whose rate is not held may add up to {percent(view.answer.may_add_pct)}."


def _figures(view: DutyView) -> list[str]:
    found = []
    if view.imports is not None:
        today = totals(view.today).iloc[0]
        if today["covered_value_usd"] > 0:
            found.append(
                f"On imports of {view.product.phrase} {view.from_place}, {view.year_words}, the law of "
                f"{view.day_words} takes ${millions(today['statutory_duty_usd'])} million, "
                f"{effective(today['effective_pct'])} of customs value, on a static count."
            )
    last = newest(view)
    if last is not None:
        factor = p1020.factor_on(last["on"])
        found.append(
            f"The price reporter's formula puts the import duty on P1020 at {numbers.plain(last['duty_c_lb'], 2)} c/lb "
            f"(${numbers.plain(last['duty_usd_t'], 0)} a metric ton) on {last['words']}, with a factor of "
            f"{percent(factor.rate * 100)}."
            if "day" in last
            else f"From monthly prices, the import duty on P1020 is {numbers.plain(last['duty_c_lb'], 2)} c/lb "
            f"(${numbers.plain(last['duty_usd_t'], 0)} a metric ton) in {last['words']}."
        )
    return found
