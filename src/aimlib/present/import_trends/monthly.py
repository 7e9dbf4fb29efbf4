"""The monthly line, with the range of the three years before behind it."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.growth import changes, seasonal_range
from aimlib.analysis.months import Window
from aimlib.present import numbers, sentences
from aimlib.present.blocks import TIDY_COLUMNS, Figure, Prose, csv_text
from aimlib.present.charts import lines
from aimlib.present.import_trends.early import early_alternative, early_caption, early_months, early_notes
from aimlib.present.tariff_marks import marks_note, marks_of_law
from aimlib.present.view import View
from aimlib.reference import products


def monthly(view: View) -> Figure | Prose:
    """Return the figure of the place's imports by month."""
    if view.cumulative:
        return Prose("monthly", ["The figures held are sums from January; there are no months to show."])
    measure = view.measure
    c = measure.column
    series = view.drawn(seasonal_range(view.own, view.analysis_measure))
    grown = view.drawn(changes(view.own, view.analysis_measure))
    calendar = view.months.set_index("month")
    if series[c].isna().all():
        return Prose("monthly", [f"No month drawn has a figure for imports {view.from_place}: {_why(series)}."])
    if (series[c].fillna(0) == 0).all():
        return Prose("monthly", [f"There are no imports {view.from_place} in the months drawn."])
    state = series["month"].map(calendar["provisional"]).map({True: "provisional", False: "final"})
    early = early_months(view)
    drawn = pd.concat([part for part in (series.assign(state=state), early) if len(part)], ignore_index=True)
    marks = marks_of_law(view.place, view.imports.product, view.first, view.last)
    chart = lines.monthly_line(
        pd.DataFrame(
            {
                "month": drawn["month"],
                "amount": drawn[c] / measure.scale,
                "low": drawn[f"{c}_range_low"] / measure.scale,
                "high": drawn[f"{c}_range_high"] / measure.scale,
                "state": drawn["state"],
                "latest": drawn["month"] == view.latest,
            }
        ),
        measure.axis,
        measure.axis_format,
        marks=marks,
    )
    grown = grown.set_index("month")
    data = drawn.assign(
        **{name: drawn["month"].map(grown[name]) for name in (f"{c}_mom", f"{c}_yoy")},
        provisional=drawn["state"] == "provisional",
    )
    columns = ["month", c, f"{c}_range_low", f"{c}_range_high", f"{c}_mom", f"{c}_yoy", "provisional"]
    return Figure(
        key="monthly",
        title=f"Imports {view.from_place} by month",
        caption=f"{measure.axis}."
        + (" Open circles: the six newest Census months." if (state == "provisional").any() else "")
        + early_caption(early),
        alt=_alternative(view, series) + early_alternative(view, early),
        source=view.early_source if len(early) else view.source,
        chart=chart,
        csv=csv_text(view.tidy(data)[[*columns, *TIDY_COLUMNS]]),
        notes=_gaps(view, series)
        + _cover(view, series)
        + _breaks(view)
        + early_notes(view, early)
        + marks_note(view.place, view.imports.product, marks),
    )


def _alternative(view: View, series: pd.DataFrame) -> str:
    measure, known = view.measure, series.dropna(subset=[view.measure.column])
    c = measure.column
    low, high, last = known.loc[known[c].idxmin()], known.loc[known[c].idxmax()], known.iloc[-1]
    return (
        f"Line chart of monthly imports {view.from_place}, {numbers.month_name(known['month'].iloc[0])} to "
        f"{numbers.month_name(last['month'])}. Lowest {measure.in_words(low[c])} in "
        f"{numbers.month_name(low['month'])}, "
        f"highest {measure.in_words(high[c])} in {numbers.month_name(high['month'])}, last {measure.in_words(last[c])}."
        f"{_place_in_band(last, c)}"
    )


def _place_in_band(last: pd.Series, c: str) -> str:
    low, high = last[f"{c}_range_low"], last[f"{c}_range_high"]
    if numbers.is_missing(low):
        return ""
    where = "below" if last[c] < low else "above" if last[c] > high else "within"
    return f" The last month is {where} the range of the same month in the three years before."


def _gaps(view: View, series: pd.DataFrame) -> list[str]:
    """Name the months without a figure, by the reason: not loaded, not listed, quantity withheld."""
    absent = series[series[view.measure.column].isna()]
    said = []
    for reason, rows in absent.groupby(_reasons(absent), sort=False):
        names = [numbers.month_name(month, short=True) for month in rows["month"]]
        shown = numbers.joined(names if len(names) <= 6 else [*names[:5], f"{len(names) - 5} more"])
        said.append(f"{reason[0].upper()}{reason[1:]}: {shown}.")
    return said


def _reasons(absent: pd.DataFrame) -> pd.Series:
    """Return why each month has no figure."""
    reason = pd.Series("the quantity was withheld", index=absent.index)
    reason = reason.mask(absent["not_listed"].astype(bool), "not listed in the selection that is loaded")
    return reason.mask(absent["coverage"] == "", "not loaded")


def _why(series: pd.DataFrame) -> str:
    return " or ".join(dict.fromkeys(_reasons(series)))


def _cover(view: View, series: pd.DataFrame) -> list[str]:
    known = series[series[view.measure.column].notna()]
    window = Window("drawn", None, tuple(known["month"]))
    return view.cover_note(view.own, window, "the months drawn")


def _breaks(view: View) -> list[str]:
    """Say which codes changed in the months drawn, and whether the series is the same goods before and after."""
    if view.imports.code_level != "hts10":
        return []
    found = products.breaks(view.imports.product, view.first, view.last)
    traded = set(view.own_rows["code"].unique())
    concerned = [bool(traded & {*row.old, *row.new}) for row in found.itertuples()]
    found = found[pd.Series(concerned, dtype=bool)]
    said = [f"Series break. {row.note}" for row in found[found["splits_product"]].itertuples()]
    for month, inside in found[~found["splits_product"]].groupby("month"):
        codes = [products.dotted(code) for codes in inside["old"] for code in codes]
        shown = numbers.joined(codes if len(codes) <= 4 else [*codes[:3], f"{len(codes) - 3} more"])
        said.append(
            f"HTS lines were split or merged in {numbers.month_name(month)} ({shown}); all stay "
            "within the product, whose series goes on."
        )
    return said


def recent(view: View) -> Prose:
    """Return a sentence on the averages of the last three and twelve months."""
    if view.cumulative:
        return Prose("monthly_recent", [])
    c, measure = view.measure.column, view.measure
    now = changes(view.own, view.analysis_measure).set_index("month").loc[view.latest]
    last = view.latest_words
    words = []
    if not numbers.is_missing(now[f"{c}_3m_average"]):
        first = numbers.month_name(view.latest - pd.DateOffset(months=2))
        first = first.split()[0] if first.split()[1] == last.split()[1] else first
        words.append(f"{first} to {last} averaged {measure.in_words(now[f'{c}_3m_average'])} a month.")
    if not numbers.is_missing(now[f"{c}_12m"]):
        compared = sentences.up_on(now[f"{c}_12m_yoy"], "the twelve before")
        words.append(
            f"The twelve months to {last} came to {measure.in_words(now[f'{c}_12m'])}"
            + (f", {compared}." if compared else ".")
        )
    return Prose("monthly_recent", [" ".join(words)] if words else [])
