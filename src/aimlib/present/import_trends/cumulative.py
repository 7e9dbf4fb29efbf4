"""Key figures and lead where the figures held are sums from January and there are no months."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.tables import window_table
from aimlib.analysis.windows import window_sum
from aimlib.present import numbers, sentences
from aimlib.present.blocks import KeyFigure, Prose, Strip, csv_text
from aimlib.present.headlines import for_programs, span_period
from aimlib.present.view import View


def _figures(view: View) -> dict[str, float]:
    """Return amount, prior, change, share and rank of the place in the year to date; NaN where not known."""
    window, column = view.to_date, view.analysis_measure.source
    own, whole = (window_sum(frame, column, window.months)[0] for frame in (view.own, view.whole))
    prior = window_sum(view.own, column, window.base)[0]
    table = window_table(view.by_origin, view.whole, window, view.analysis_measure).set_index("origin")
    rank = table["rank"].get(view.place.key, float("nan")) if view.is_country else float("nan")
    divisor = view.analysis_measure.divisor
    return {
        "ytd": own / divisor,
        "ytd_prior": prior / divisor,
        "ytd_yoy": own / prior - 1 if prior > 0 else float("nan"),
        "total": whole / divisor,
        "share_of_total": own / whole if whole > 0 else float("nan"),
        "rank": rank,
        "ranked": float(table["rank"].notna().sum()),
    }


def key_figures(view: View) -> Strip:
    """Return the key figures of the year to date."""
    found, measure = _figures(view), view.measure
    change = numbers.percent_change(found["ytd_yoy"])
    about = (span_period(view.latest.replace(month=1), view.latest), "census")
    figures = [
        KeyFigure(
            view.ytd_words,
            measure.write(found["ytd"]),
            measure.unit,
            f"{change} on {view.latest.year - 1}" if change else "",
            sentences.direction(found["ytd_yoy"]),
            **for_programs("ytd", found["ytd"], measure.column, *about),
        )
    ]
    if not view.is_all:
        note = "" if numbers.percent(found["share_of_total"]) else "the published total is not held"
        told = for_programs("share_of_total", found["share_of_total"], "fraction", *about)
        figures.append(KeyFigure("Share of all imports", numbers.percent(found["share_of_total"]), "", note, **told))
    if view.is_country:
        among = "listed origins" if view.is_selection else "origins"
        of = f"of {found['ranked']:.0f} {among} with imports"
        told = for_programs("rank", found["rank"], "rank", *about)
        figures.append(KeyFigure("Rank", numbers.plain(found["rank"]), "", of, **told))
    data = pd.DataFrame(
        {
            "month": view.latest,
            "place": view.place.key,
            "product": view.imports.product.key,
            "figure": list(found),
            "amount": list(found.values()),
        }
    )
    return Strip("key_figures", "Key figures", figures, view.source, csv_text(view.tidy(data)))


def _unknown(view: View, goods: str, months: str) -> str:
    if view.is_country:
        return f"The selection of partners that is loaded does not list {view.place.phrase} in {months}."
    if not view.is_all:
        return (
            f"The selection of partners that is loaded lists {view.listed_members} of the {len(view.place.members)} "
            f"members of {view.place.phrase}, so no total of the group is formed."
        )
    together = float(window_sum(view.by_origin, view.analysis_measure.source, view.to_date.months).sum())
    partners = len(view.by_origin["origin"].unique())
    return (
        f"The published total of imports of {goods} from {months} is not held. The {partners} listed partners together "
        f"come to {view.measure.in_words(together / view.analysis_measure.divisor)}, a lower bound."
    )


def lead(view: View) -> Prose:
    """Return the lead paragraph on the year to date."""
    found = _figures(view)
    goods = f"{view.imports.product.phrase} {view.from_place}"
    months = view.ytd_words.replace(" to ", " through ")
    if numbers.is_missing(found["ytd"]):
        return Prose("lead", [_unknown(view, goods, months)], lead=True)
    if found["ytd"] == 0:
        return Prose("lead", [f"The United States recorded no imports of {goods} in {months}."], lead=True)
    words = sentences.up_on(found["ytd_yoy"], f"the same months of {view.latest.year - 1}")
    said = [
        f"From {months} the United States imported {view.measure.in_words(found['ytd'])} "
        f"{'of' if view.measure.key == 'quantity' else 'worth of'} {goods}{', ' + words if words else ''}."
    ]
    if numbers.is_missing(found["share_of_total"]) and not view.is_all:
        said.append("The published total is not held, so that no share can be given.")
    return Prose("lead", [" ".join(said)], lead=True)
