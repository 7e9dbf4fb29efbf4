"""The strip of key figures and the computed lead paragraph."""

from __future__ import annotations

import dataclasses

import pandas as pd

from aimlib.analysis.headline import Headline
from aimlib.present import numbers, sentences
from aimlib.present.blocks import KeyFigure, Prose, Strip, csv_text
from aimlib.present.headlines import for_programs, month_period, span_period
from aimlib.present.import_trends import cumulative
from aimlib.present.view import View


def key_figures(view: View) -> Strip:
    """Return the key figures of the place: month, year to date, twelve months, share and rank, unit value."""
    if view.cumulative:
        return cumulative.key_figures(view)
    found, measure = view.headline, view.measure
    month = view.latest_words
    year_before = numbers.month_name(view.latest - pd.DateOffset(years=1), short=True)
    month_before = numbers.month_name(view.latest - pd.DateOffset(months=1), short=True)

    def compared(change: float | None, base: str) -> tuple[str, str]:
        text = numbers.percent_change(change)
        return (f"{text} on {base}", sentences.direction(change)) if text else ("", "")

    unit, column, basis = measure.unit, measure.column, "census"
    in_month = (month_period(view.latest), basis)
    to_date = (span_period(view.latest.replace(month=1), view.latest), basis)
    year = (span_period(view.latest - pd.DateOffset(months=11), view.latest), basis)
    figures = [
        KeyFigure(
            f"Imports in {month}",
            measure.write(found.level),
            unit,
            *compared(found.yoy, year_before),
            **for_programs("level", found.level, column, *in_month),
        ),
        KeyFigure(
            f"Change on {month_before}",
            numbers.percent_change(found.mom),
            "",
            _base(view, found.prior_month),
            "",
            **for_programs("mom", found.mom, "fraction", *in_month),
        ),
        KeyFigure(
            f"Year to date, {view.ytd_words}",
            measure.write(found.ytd),
            unit,
            *compared(found.ytd_yoy, _same_months(view)),
            **for_programs("ytd", found.ytd, column, *to_date),
        ),
        KeyFigure(
            "Last twelve months",
            measure.write(found.last_12_months),
            unit,
            *compared(found.last_12_months_yoy, "the 12 before"),
            **for_programs("last_12_months", found.last_12_months, column, *year),
        ),
        KeyFigure(
            "Year to date at annual rate",
            measure.write(found.annualized),
            unit,
            "not seasonally adjusted",
            **for_programs("annualized", found.annualized, column, *to_date),
        ),
    ]
    if not view.is_all:
        share = numbers.percent(found.share_of_total)
        rank = ""
        if found.rank:
            rank = f"rank {found.rank} of {found.ranked}{' listed' if found.rank_among_listed else ''}"
        told = for_programs("share_of_total", found.share_of_total, "fraction", *in_month)
        figures.append(KeyFigure(f"Share of all imports in {month}", share, "", rank, **told))
    if view.imports.has_quantity:
        figures.append(
            KeyFigure(
                f"Unit value in {month}",
                numbers.plain(found.unit_value_usd_t),
                "US$ per t",
                *compared(found.unit_value_yoy, year_before),
                **for_programs("unit_value", found.unit_value_usd_t, "usd_t", *in_month),
            )
        )
    if view.is_all:
        counted = "with imports" if measure.key == "value" else "with a quantity"
        listed = "listed, " if view.is_selection else ""
        count = found_origins(view) or None
        told = for_programs("origins", count, "count", *in_month)
        figures.append(KeyFigure("Origins in the month", str(count or ""), "", listed + counted, **told))
    return Strip("key_figures", "Key figures", figures, view.source, csv_text(_as_rows(view, found)))


def found_origins(view: View) -> int:
    """Return how many origins have imports in the latest month."""
    rows = view.imports.rows
    column = view.analysis_measure.source
    amounts = rows.loc[rows["month"] == view.latest].groupby("origin")[column].sum()
    return int((amounts > 0).sum())


def _same_months(view: View) -> str:
    """Return ``Jan–Sep 2025``: what the year to date is compared with."""
    before = view.latest - pd.DateOffset(years=1)
    return f"{before:%Y}" if before.month == 12 else f"Jan–{before:%b %Y}" if before.month > 1 else f"{before:%b %Y}"


def _base(view: View, amount: float | None) -> str:
    return f"from {view.measure.in_words(amount)}" if amount is not None else ""


def _as_rows(view: View, found: Headline) -> pd.DataFrame:
    """Return the headline as tidy rows: one key figure a row, with its unit."""
    c = found.column
    units = {
        "level": c, "prior_month": c, "prior_year": c, "ytd": c, "last_12_months": c, "annualized": c, "total": c,
        "rank": "rank", "ranked": "origins", "unit_value_usd_t": "usd_t",
    }  # fmt: skip
    numeric = {
        name: value
        for name, value in dataclasses.asdict(found).items()
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    }
    frame = pd.DataFrame(
        {
            "month": view.latest,
            "place": view.place.key,
            "product": view.imports.product.key,
            "figure": list(numeric),
            "amount": list(numeric.values()),
            "unit": [units.get(name, "months" if name.endswith("compared") else "fraction") for name in numeric],
        }
    )
    return view.tidy(frame.assign(not_listed=found.status == "not listed"))


def lead(view: View) -> Prose:
    """Return the lead paragraph: what happened in the month and in the year to date, and where the place stands."""
    if view.cumulative:
        return cumulative.lead(view)
    found = view.headline
    return Prose("lead", [" ".join(_lead_sentences(view, found))], lead=True)


def _lead_sentences(view: View, found: Headline) -> list[str]:
    goods = f"{view.imports.product.phrase} {view.from_place}"
    month = view.latest_words
    if found.status == "nothing loaded" or (found.level is None and found.status == "ok"):
        return [f"Imports of {goods} in {month} are not available."]
    if found.status == "not listed":
        return [not_listed(view, month)]
    if found.status == "no trade":
        first = numbers.month_name(view.months["month"].iloc[0])
        return [f"The United States recorded no imports of {goods} between {first} and {month}."]
    said = [_month_sentence(view, found, goods, month)]
    to_date = _year_to_date_sentence(view, found)
    said += [to_date] if to_date else []
    standing = "" if view.is_all else _standing_sentence(view, found)
    said += [standing] if standing else []
    if found.provisional:
        said.append("Census may still revise these months.")
    return said


def not_listed(view: View, when: str) -> str:
    """Say that a selection does not list the place, or how many members of a group it lists."""
    if view.is_country:
        return f"The selection of partners that is loaded for {when} does not list {view.place.phrase}."
    return (
        f"The selection of partners that is loaded for {when} lists {view.listed_members} of the "
        f"{len(view.place.members)} members of {view.place.phrase}, so no total of the group is formed."
    )


def _month_sentence(view: View, found: Headline, goods: str, month: str) -> str:
    concept = "for consumption" if view.imports.concept == "consumption" else "(general imports)"
    if found.level == 0:
        return f"The United States recorded no imports of {goods} {concept} in {month}."
    amount = view.measure.in_words(found.level)
    compared = [
        sentences.more_than(found.mom, f"in {numbers.month_name(view.latest - pd.DateOffset(months=1)).split()[0]}"),
        sentences.more_than(found.yoy, f"in {numbers.month_name(view.latest - pd.DateOffset(years=1))}"),
    ]
    tail = numbers.joined([words for words in compared if words])
    of = "" if view.measure.key == "value" else " of"
    head = f"The United States imported {amount}{of if of else ' worth of'} {goods} {concept} in {month}"
    return f"{head}, {tail}." if tail else f"{head}."


def _year_to_date_sentence(view: View, found: Headline) -> str:
    if found.ytd is None or view.latest.month == 1:
        return ""
    amount = view.measure.in_words(found.ytd)
    words = sentences.up_on(found.ytd_yoy, f"the same months of {view.latest.year - 1}")
    months = (
        ""
        if not words or found.ytd_months_compared == view.latest.month
        else (f" (over the {found.ytd_months_compared} months loaded in both years)")
    )
    return f"From {view.ytd_words.replace(' to ', ' through ')} imports came to {amount}" + (
        f", {words}{months}." if words else "."
    )


def _standing_sentence(view: View, found: Headline) -> str:
    if found.share_of_total is None:
        return "The published total of the month is not held, so no share can be given." if found.total is None else ""
    name = view.place.phrase[0].upper() + view.place.phrase[1:]
    share = f"{name} supplied {numbers.percent(found.share_of_total)} of the total in the month"
    if found.rank:
        among = "the partners listed" if found.rank_among_listed else f"{found.ranked} origins"
        share += f" and ranked {numbers.ordinal(found.rank)} among {among}"
    return share + "."
