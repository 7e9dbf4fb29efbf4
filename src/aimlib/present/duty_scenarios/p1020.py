"""The reporter's P1020 series: the table as it prints it, by month beside the law, and over time."""

from __future__ import annotations

from datetime import date

import pandas as pd

from aimlib.analysis.premium import averages
from aimlib.present import numbers
from aimlib.present.blocks import Column, Figure, Prose, Row, Table, csv_text
from aimlib.present.charts import duty as charts
from aimlib.present.duty_scenarios.rate import stepped
from aimlib.present.duty_scenarios.view import DutyView
from aimlib.present.duty_scenarios.words import percent, rate_words
from aimlib.reference import p1020, price_series

_VALUES = {
    "fob": "Implied FOB Canada value",
    "duty_unpaid_fob": "Duty-unpaid FOB value",
    "duty": "Import duty",
    "duty_unpaid_premium": "Transaction premium, implied duty-unpaid",
    "duty_unpaid_price": "Transaction price, implied duty-unpaid",
}
_UNITS = {"c/lb": ("c_lb", 3), "USD/t": ("usd_t", 2)}
_PRINT = {"c/lb": "c/lb", "USD/t": "US$/t"}
_MONTHS = 13
NO_MARKS = pd.DataFrame(columns=["day", "label"])


def reporter_table(view: DutyView) -> Table | Prose:
    """Return the five values in both units with their symbols: the newest day and the averages it stands in."""
    daily = view.daily
    if daily.empty or daily["duty_c_lb"].notna().sum() == 0:
        return Prose("p1020", [nothing(view)]) if view.monthly_p1020.empty else _by_month_only(view)
    last = daily[daily["duty_c_lb"].notna()].iloc[-1]
    held = {name: averaged.iloc[-1] for name, averaged in view.averages_p1020.items()}
    rows = []
    for value, title in _VALUES.items():
        for unit, (suffix, decimals) in _UNITS.items():
            column = f"{value}_{suffix}"
            cells = [numbers.plain(source[column], decimals) for source in (last, *held.values())]
            rows.append(Row([title, _PRINT[unit], p1020.symbol(value, unit), *cells]))
    factor = p1020.factor_on(last["day"].date())
    open_ended = [name for name, row in held.items() if not row["is_complete"]]
    frame = pd.concat(
        [
            daily.assign(average="daily", period_start=daily["day"]).tail(1),
            *(row.to_frame().T.assign(average=name) for name, row in held.items()),
        ],
        ignore_index=True,
    )
    return Table(
        key="p1020",
        title=f"P1020 import duty and duty-unpaid values, {numbers.day_name(last['day'])}",
        caption=f"As the price reporter prints them. Factor {factor.factor:.2f}, multiplier {factor.rate:.2f}, since "
        f"{numbers.day_name(factor.first_day)} ({factor.confidence}).",
        columns=[
            Column("Value", align="left"),
            Column("Unit", align="left"),
            Column("Symbol", align="left"),
            Column(numbers.day_name(last["day"]), group="Daily"),
            Column(f"week to {_short(held[p1020.WEEKLY]['period_end'])}", group="Average"),
            Column(f"{last['day']:%B %Y}", group="Average"),
            Column(f"{last['day']:%Y}", group="Average"),
        ],
        rows=rows,
        source=view.price_source,
        csv=csv_text(view.tidy(frame, "prices")),
        notes=[
            "Symbols are those of Platts; they end in 00 by day, 04 for the weekly, 03 for the monthly and 16 for the "
            "yearly average. Averages are means of the daily values.",
            f"Price: {_from(last['price_from'])}; freight: {_from(last['freight_from'])}.",
            f"{_law_day(view, last['day'].date())} the law took {_law_on(view, last['day'].date(), 'Canada')} on P1020 "
            "from Canada (with a USMCA claim) and "
            f"{_law_on(view, last['day'].date(), 'Most other origins')} from most other origins.",
            *([f"Not complete yet: the {numbers.joined(open_ended)} average."] if open_ended else []),
            *_missing(view),
        ],
    )


def _by_month_only(view: DutyView) -> Table:
    """Return the five values of the newest months, where no days are held."""
    months = view.monthly_p1020.tail(3)
    rows = [
        Row([title, _PRINT[unit], p1020.symbol(value, unit, p1020.MONTHLY),
             *(numbers.plain(one[f"{value}_{suffix}"], decimals) for _, one in months.iterrows())])
        for value, title in _VALUES.items()
        for unit, (suffix, decimals) in _UNITS.items()
    ]  # fmt: skip
    return Table(
        key="p1020",
        title=f"P1020 import duty and duty-unpaid values, {numbers.month_name(months['period_start'].iloc[-1])}",
        caption="From monthly prices: the factor is weighted by the days of each month, for no daily prices are held.",
        columns=[
            Column("Value", align="left"),
            Column("Unit", align="left"),
            Column("Symbol", align="left"),
            *(Column(numbers.month_name(day)) for day in months["period_start"]),
        ],
        rows=rows,
        source=view.price_source,
        csv=csv_text(view.tidy(months, "prices")),
        notes=[
            "Not the reporter's averages, which are means of daily values.",
            f"In {numbers.month_name(months['period_start'].iloc[-1])} the law took "
            f"{_law_in(view, months.iloc[-1], 'Canada')} on P1020 from Canada (with a USMCA claim) and "
            f"{_law_in(view, months.iloc[-1], 'Most other origins')} from most other origins.",
            *_missing(view),
        ],
    )


def by_month(view: DutyView) -> Table | Prose:
    """Return the duty by month beside the statutory rate, and what the formula on averages would have given."""
    months = view.monthly_p1020
    months = months[months["duty_c_lb"].notna()] if len(months) else months
    if months.empty:
        return Prose("p1020_months", [])
    months = _recent_and_changed(months)
    is_daily = view.prices.frequency == "daily"
    gaps = averages.against_formula(months).set_index("period_start")["gap_usd_t"] if is_daily else pd.Series()
    rows = [
        Row(
            [
                numbers.month_name(row["period_start"], short=True) + ("" if row["is_complete"] else " (not whole)"),
                numbers.plain(row["duty_c_lb"], 3),
                numbers.plain(row["duty_usd_t"], 2),
                *([numbers.signed(gaps.get(row["period_start"]), 2)] if is_daily else []),
                _factors_in(row),
                _law_in(view, row, "Canada"),
                _law_in(view, row, "Most other origins"),
            ]
        )
        for row in months.to_dict("records")
    ]
    return Table(
        key="p1020_months",
        title="The reporter's import duty by month, beside the law",
        caption=("Means of the daily values." if is_daily else "From monthly prices, the factor weighted by day.")
        + " The factor is the reporter's; the statutory rates are those of 7601.10.60.",
        columns=[
            Column("Month", align="left"),
            Column("Duty", "c/lb"),
            Column("Duty", "US$/t"),
            *([Column("Off if the formula were put on averages", "US$/t")] if is_daily else []),
            Column("Factor"),
            Column("Canada", group="Statutory rate"),
            Column("Most other origins", group="Statutory rate"),
        ],
        rows=rows,
        source=view.price_source,
        csv=csv_text(view.tidy(months, "prices")),
        notes=[
            "Shown are the last months and, before them, those in which the factor changed.",
            "The factor is a parameter of the reporter's formula and not the law; the two may differ for years.",
            "Statutory rates are of metal smelted and cast in its origin; Canada's with a USMCA claim. Two rates in a "
            "month are those before and after a change, of the factor as of the law.",
        ],
    )


def over_time(view: DutyView) -> Figure | Prose:
    """Return the duty by day (or month) with the days on which the factor changed."""
    frame, unit = _series(view)
    if frame.empty:
        return Prose("p1020_over_time", [])
    first, last = frame["day"].min(), frame["day"].max()
    days = p1020.changeover_days(first.date(), last.date())
    marks = pd.DataFrame(
        [{"day": pd.Timestamp(day), "label": f"factor {percent(p1020.factor_on(day).rate * 100)}"} for day in days]
    ).reindex(columns=["day", "label"])
    ends = frame[frame["day"] == last].set_index("series")["amount"]
    told = numbers.joined([f"{name} {numbers.plain(amount, 0)}" for name, amount in ends.dropna().items()])
    return Figure(
        key="p1020_over_time",
        title="Import duty and premium on P1020",
        caption=f"US dollars a metric ton, by {unit}; the factor's changes are marked.",
        alt=f"Lines by {unit} from {numbers.day_name(first)} to {numbers.day_name(last)}. At the end: {told}.",
        source=view.price_source,
        chart=charts.daily_lines(frame, "US$ a metric ton", marks),
        csv=csv_text(view.tidy(frame.rename(columns={"amount": "amount_usd_t"}), "prices")),
    )


def statutory_beside(view: DutyView) -> Figure:
    """Return the reporter's factor beside the law on P1020, by day."""
    end = view.law_end
    factors = [factor for factor in p1020.factors() if factor.first_day <= end and factor.decided_on <= view.as_of]
    held = pd.DataFrame(
        [
            {"first": factor.first_day, "last": min(factor.last_day or end, end), "total_pct": factor.rate * 100}
            for factor in factors
        ],
        columns=["first", "last", "total_pct"],
    )
    laws = [stepped(timeline, f"Law: {name}") for name, timeline in view.statutory_p1020.items()]
    frame = pd.concat([stepped(held, "Reporter's factor"), *laws], ignore_index=True)
    now = frame.groupby("series", sort=False)["amount"].last()
    return Figure(
        key="factor_and_law",
        title="The reporter's factor and the law on P1020",
        caption="Percent. The factor is a parameter of the reporter's formula, with a history of its own.",
        alt="Lines that step. At the end: "
        + numbers.joined([f"{name} {percent(amount)}" for name, amount in now.items()])
        + ".",
        source=view.law_source,
        chart=charts.stepped_rate(frame, "Percent", NO_MARKS),
        csv=csv_text(view.tidy(frame.rename(columns={"amount": "rate_pct"}))),
        notes=[_factor_notes(factors)],
    )


def events_table(view: DutyView) -> Table | Prose:
    """Return what the reporter decided when, with how sure it is."""
    held = [event for event in p1020.events() if event.known_on <= view.as_of]
    if not held:
        return Prose("p1020_events", [])
    frame = pd.DataFrame([vars(event) for event in held])
    return Table(
        key="p1020_events",
        title="What the price reporter decided",
        caption="Notes to subscribers, and how sure each is.",
        columns=[Column("From", align="left"), Column("What", align="left"), Column("How sure", align="left")],
        rows=[
            Row(
                [
                    numbers.day_name(event.day),
                    event.title + (f" ({event.note})" if event.note else ""),
                    event.confidence,
                ]
            )
            for event in held
        ],
        source="Source: Platts, notes to subscribers; the day of each is in the data.",
        csv=csv_text(view.tidy(frame, "reporter")),
    )


def nothing(view: DutyView) -> str:
    """Say why there is no series."""
    return f"No P1020 series can be shown: the data hold {'; '.join(view.prices.missing)}."


def _series(view: DutyView) -> tuple[pd.DataFrame, str]:
    held, unit = (view.daily, "day") if not view.daily.empty else (view.monthly_p1020, "month")
    if held.empty:
        return pd.DataFrame(columns=["day", "series", "amount"]), unit
    day = held["day"] if unit == "day" else held["period_start"]
    parts = [pd.DataFrame({"day": day, "series": "Import duty", "amount": held["duty_usd_t"]})]
    if held["premium_c_lb"].notna().any():
        premium = held["premium_c_lb"] * p1020.USD_T_FOR_C_LB
        parts.append(pd.DataFrame({"day": day, "series": "Midwest premium, duty paid", "amount": premium}))
        unpaid = held["duty_unpaid_premium_usd_t"]
        parts.append(pd.DataFrame({"day": day, "series": "Implied duty-unpaid premium", "amount": unpaid}))
    return pd.concat(parts, ignore_index=True).dropna(subset=["amount"]), unit


def _recent_and_changed(months: pd.DataFrame) -> pd.DataFrame:
    """Return the newest months, and before them those in which the factor changed."""
    recent = months.tail(_MONTHS)
    changed = months[months["is_changeover"] & ~months.index.isin(recent.index)]
    return pd.concat([changed, recent])


def _law_in(view: DutyView, row: pd.Series | dict, name: str) -> str:
    """Return the law's rates in a period: one, or those before and after changes."""
    first, last = pd.Timestamp(row["period_start"]).date(), pd.Timestamp(row["period_end"]).date()
    held = view.statutory_p1020[name]
    stretches = zip(held["first"], held["last"], held["refused"], held["total_pct"], strict=True)
    inside = [rate for start, end, refused, rate in stretches if end >= first and start <= last and not refused]
    return ", ".join(dict.fromkeys(map(percent, inside))) or "not covered"


def _law_day(view: DutyView, day: date) -> str:
    """Return the words for the day of the law beside a price: its own, or the last one held where prices go on."""
    end = view.law_end
    return "On that day" if day <= end else f"On {numbers.day_name(end)}, the last day of the law held,"


def _law_on(view: DutyView, day: date, name: str) -> str:
    held, day = view.statutory_p1020[name], min(day, view.law_end)
    row = held[(held["first"] <= day) & (held["last"] >= day)].iloc[0]
    return rate_words(row["low_pct"], row["high_pct"]) or "no rate that is covered"


def _factors_in(row: dict) -> str:
    """Return the reporter's factors of a period: one, or those before and after a change."""
    first, last = pd.Timestamp(row["period_start"]).date(), pd.Timestamp(row["period_end"]).date()
    return ", ".join(percent(factor.rate * 100) for factor in p1020.factors_between(first, last))


def _missing(view: DutyView) -> list[str]:
    return [f"The data hold {text}." for text in view.prices.missing]


def _factor_notes(factors: list[p1020.Factor]) -> str:
    told = [
        f"{percent(factor.rate * 100)} from {numbers.day_name(factor.first_day)} ({factor.confidence})"
        for factor in factors
    ]
    return f"Factor: {'; '.join(told)}."


def _from(words: str) -> str:
    """Return series keys joined by ``+`` by their titles."""
    keys, known = [word.strip() for word in words.split("+")], set(price_series.keys())
    return " + ".join(price_series.series(key).title if key in known else key for key in keys)


def _short(day: pd.Timestamp) -> str:
    return f"{day:%b} {day.day}"
