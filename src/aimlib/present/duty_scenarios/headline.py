"""The lead paragraph and the key figures of the duty bulletin."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.duty.compare import totals
from aimlib.present import numbers
from aimlib.present.blocks import KeyFigure, Prose, Strip, csv_text
from aimlib.present.duty_scenarios.beside import newest
from aimlib.present.duty_scenarios.view import DutyView
from aimlib.present.duty_scenarios.words import effective, entry_words, millions, percent, rate_words, total_words
from aimlib.reference import p1020


def lead(view: DutyView) -> Prose:
    """Say what the entry pays, what the imports would pay, and what the reporter's duty is."""
    said = [_rate(view), _refund(view), _last_change(view)]
    return Prose("lead", [" ".join(text for text in said if text), *_figures(view)], lead=True)


def key_figures(view: DutyView) -> Strip:
    """Return the key figures: the rate, what is refundable, the effective rate, the duty, the reporter's duty."""
    figures = [
        KeyFigure(
            f"Rate on {view.line_words} from {view.origin_words}", total_words(view.answer), "of customs value",
            view.day_words,
        )
    ]  # fmt: skip
    if view.answer.refundable_pct:
        after = f"{percent(view.answer.after_refund_pct)} after refund"
        figures.append(KeyFigure("Of it refundable", percent(view.answer.refundable_pct), "", after))
    if view.imports is not None:
        today = totals(view.today).iloc[0]
        if today["covered_value_usd"] > 0:
            words = f"imports {view.from_place}, {view.year_words}"
            figures.append(KeyFigure("Effective statutory rate", effective(today["effective_pct"]), "", words))
            figures.append(
                KeyFigure("Statutory duty on them", millions(today["statutory_duty_usd"]), "million US$", "static")
            )
    last = newest(view)
    if last is not None:
        figures.append(KeyFigure("P1020 import duty", numbers.plain(last["duty_usd_t"], 0), "US$/t", last["words"]))
        if not numbers.is_missing(last["duty_unpaid_premium_c_lb"]):
            premium = numbers.plain(last["duty_unpaid_premium_c_lb"], 1)
            figures.append(KeyFigure("Implied duty-unpaid premium", premium, "c/lb", last["words"]))
    data = pd.DataFrame(
        {
            "figure": [figure.label for figure in figures],
            "printed": [figure.number for figure in figures],
            "unit": [figure.unit for figure in figures],
            "of": [figure.note for figure in figures],
        }
    )
    return Strip("key_figures", "Key figures", figures, view.law_source, csv_text(view.tidy(data)))


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
    held = view.timeline[view.timeline["refused"] == ""]
    if len(held) < 2:
        return ""
    now, before = held.iloc[-1], held.iloc[-2]
    change = rate_words(before["low_pct"], before["high_pct"])
    if (now["low_pct"], now["high_pct"]) == (before["low_pct"], before["high_pct"]):
        return f"The measures last changed on {numbers.day_name(now['first'])}; the rate did not."
    return f"The rate last changed on {numbers.day_name(now['first'])}, from {change}."


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
