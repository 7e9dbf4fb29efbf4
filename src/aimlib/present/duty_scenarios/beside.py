"""Beside the reporter's series: the consultation, the second method, break-even, pass-through, sensitivity."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from aimlib.analysis.duty.compare import totals
from aimlib.analysis.premium import beside as measures
from aimlib.analysis.premium import breakeven, net_forward
from aimlib.analysis.premium.formula import duty_by_base
from aimlib.analysis.premium.scenarios import consultation
from aimlib.analysis.premium.sensitivity import duty_grid, sensitivity
from aimlib.errors import AimError
from aimlib.present import numbers
from aimlib.present.blocks import Column, Figure, Prose, Row, Table, csv_text
from aimlib.present.charts import duty as charts
from aimlib.present.duty_scenarios.view import P1020_LINE, DutyView
from aimlib.present.duty_scenarios.words import percent
from aimlib.reference import countries, p1020

_SHOWN_ORIGINS = 6
_UNALLOYED = P1020_LINE[:6]


def consultation_table(view: DutyView) -> Table | Prose:
    """Return the three questions of February 2025 side by side on the newest prices."""
    last = newest(view)
    if last is None:
        return Prose("consultation", [])
    origins = origin_basis(view, last)
    premium = None if numbers.is_missing(last["premium_c_lb"]) else last["premium_c_lb"]
    frame = consultation(last["mwtp_c_lb"], last["freight_c_lb"], premium, origins)
    rows = [
        Row(
            [
                row["title"],
                percent(row["rate"] * 100),
                numbers.plain(row["freight_c_lb"], 2),
                numbers.plain(row["duty_c_lb"], 3),
                numbers.plain(row["duty_usd_t"], 2),
                numbers.plain(row["duty_unpaid_premium_c_lb"], 3),
                numbers.signed(row["duty_against_kept_c_lb"], 3),
            ]
        )
        for row in frame.to_dict("records")
    ]
    return Table(
        key="consultation",
        title=f"The questions of the consultation of February 2025, on the prices of {last['words']}",
        caption="What each choice would make of the same transaction price.",
        columns=[
            Column("Choice", align="left"),
            Column("Rate"),
            Column("Freight", "c/lb"),
            Column("Duty", "c/lb"),
            Column("Duty", "US$/t"),
            Column("Duty-unpaid premium", "c/lb"),
            Column("Duty against 10%", "c/lb"),
        ],
        rows=rows,
        source=view.price_source,
        csv=csv_text(view.tidy(frame, "prices")),
        notes=_origin_notes(view, origins, last["on"]),
    )


def beside_table(view: DutyView) -> Table | Prose:
    """Return what stands beside the implied premium: New Orleans, break-even, pass-through, naive duty."""
    last = newest(view)
    if last is None or numbers.is_missing(last["premium_c_lb"]):
        return Prose("beside", [])
    rows = [*_new_orleans(view, last), *_breakeven(view, last), *_pass_through(view, last), *_implied(view, last)]
    rows += _naive(last)
    frame = pd.DataFrame(rows, columns=["measure", "amount_c_lb", "amount_usd_t", "share", "how"])
    return Table(
        key="beside",
        title=f"Beside the implied premium, {last['words']}",
        caption="Assessed against implied, what the premium would have to be for metal to come, and what of the duty "
        "it carries.",
        columns=[
            Column("Measure", align="left"),
            Column("c/lb"),
            Column("US$/t"),
            Column("Share or rate"),
            Column("How", align="left"),
        ],
        rows=[
            Row(
                [
                    row["measure"],
                    numbers.plain(row["amount_c_lb"], 2),
                    numbers.plain(row["amount_usd_t"], 2),
                    numbers.percent(row["share"]),
                    row["how"],
                ]
            )
            for row in frame.to_dict("records")
        ],
        source=view.price_source,
        csv=csv_text(view.tidy(frame, "prices")),
    )


def net_forward_prose(view: DutyView) -> Prose:
    """Return where the second method stands, and its value where a weight is given."""
    if p1020.event("net_forward_proposal").known_on > view.as_of:
        return Prose("net_forward", [])
    switch = p1020.event("net_forward_switch")
    parallel = p1020.event("net_forward_parallel")
    paragraphs = [
        "The reporter's second method, net-forward, builds the duty-unpaid premium up from those of Canada and New "
        "Orleans and freight, and infers no duty. By its proposal of "
        f"{numbers.day_name(p1020.event('net_forward_proposal').day)} it runs beside the implied one from "
        f"{numbers.day_name(parallel.day)} and takes its place on {numbers.day_name(switch.day)}; the final decision "
        f"was not seen. Its standing on {numbers.day_name(view.as_of)}: {net_forward.standing(view.as_of)}."
    ]
    last = newest(view)
    if view.weight_canada is None or view.fob_canada_c_lb is None:
        paragraphs.append(
            "Its weights are not published, and a Canadian premium inferred from the duty would be no second method. "
            "It is computed with a weight and a premium FOB Canada given (parameters weight_canada and fob_canada)."
        )
    elif last is None or any(
        map(numbers.is_missing, (last["cif_new_orleans_c_lb"], last["premium_c_lb"], _freights(view)[1]))
    ):
        paragraphs.append(
            "The premium CIF New Orleans, the Midwest premium and freight from the port are not all held."
        )
    else:
        paragraphs.append(_net_forward(view, last))
    return Prose("net_forward", paragraphs)


def sensitivity_table(view: DutyView) -> Table | Prose:
    """Return what the duty does when price, premium or freight moves."""
    last = newest(view)
    if last is None:
        return Prose("sensitivity", [])
    premium = None if numbers.is_missing(last["premium_c_lb"]) else last["premium_c_lb"]
    frame = sensitivity(last["mwtp_c_lb"], last["freight_c_lb"], last["rate"], premium)
    words = {
        "transaction_price": "LME price (premium stands)",
        "premium": "Midwest premium (LME stands)",
        "freight": "Freight factor",
    }
    steps = sorted(frame["step_c_lb"].unique())
    wide = frame.pivot(index="moved", columns="step_c_lb", values="duty_change_c_lb").reindex(words)
    rows = [
        Row([words[name], *(numbers.signed(wide.loc[name].get(step), 2) for step in steps)])
        for name in words
        if wide.loc[name].notna().any()
    ]
    t = last["rate"]
    return Table(
        key="sensitivity",
        title=f"What moves the implied duty, {last['words']}",
        caption=f"Change of the duty in c/lb when one input moves by so many c/lb and the others stand; the duty is "
        f"{numbers.plain(last['duty_c_lb'], 2)} c/lb.",
        columns=[
            Column("Input that moves", align="left"),
            *(Column(numbers.signed(step, 0) or "0", group="Moved by, c/lb") for step in steps),
        ],
        rows=rows,
        source=view.price_source,
        csv=csv_text(view.tidy(frame, "prices")),
        notes=[
            f"The implied duty moves with the transaction price by {numbers.percent(t / (1 + t))} of the move "
            f"(rate over one plus rate); the break-even premium moves with the LME by {numbers.percent(t)} of the move."
        ],
    )


def sensitivity_map(view: DutyView) -> Figure | Prose:
    """Return the duty over a grid of LME prices and premiums."""
    last = newest(view)
    if last is None or numbers.is_missing(last["premium_c_lb"]):
        return Prose("sensitivity_map", [])
    lme = last["mwtp_c_lb"] - last["premium_c_lb"]
    prices = [round(lme * step, 1) for step in (0.8, 0.9, 1.0, 1.1, 1.2)]
    premiums = [round(last["premium_c_lb"] * step, 1) for step in (0.5, 0.75, 1.0, 1.25, 1.5)]
    grid = duty_grid(prices, premiums, last["freight_c_lb"], last["rate"])
    frame = pd.DataFrame(
        {
            "row": [f"{price:,.1f}" for price in grid["lme_c_lb"]],
            "column": [f"{premium:,.1f}" for premium in grid["premium_c_lb"]],
            "amount": grid["duty_usd_t"],
            "label": [numbers.plain(duty, 0) for duty in grid["duty_usd_t"]],
        }
    )
    low, high = grid["duty_usd_t"].min(), grid["duty_usd_t"].max()
    return Figure(
        key="sensitivity_map",
        title="The implied duty by LME price and Midwest premium",
        caption=f"US dollars a metric ton, at a factor of {percent(last['rate'] * 100)} and a freight of "
        f"{numbers.plain(last['freight_c_lb'], 2)} c/lb. Rows: LME cash, c/lb; columns: premium, c/lb.",
        alt=f"Grid of five LME prices by five premiums. The duty runs from {numbers.plain(low, 0)} to "
        f"{numbers.plain(high, 0)} US dollars a metric ton; it rises with both.",
        source=view.price_source,
        chart=charts.amount_map(frame, "LME cash, c/lb", "Midwest premium, c/lb", "Duty, US$ a metric ton"),
        csv=csv_text(view.tidy(grid, "prices")),
        notes=[f"The middle of the grid is near {last['words']}."],
    )


def newest(view: DutyView) -> dict | None:
    """Return the newest day (or month) of the series with its words, None where there is none."""
    held = view.daily if not view.daily.empty else view.monthly_p1020
    held = held[held["duty_c_lb"].notna()] if len(held) else held
    if held.empty:
        return None
    row = held.iloc[-1].to_dict()
    if "day" in row:
        return {**row, "on": row["day"].date(), "words": numbers.day_name(row["day"])}
    return {
        **{name: None for name in ("lme_c_lb", "cif_new_orleans_c_lb")},
        **row,
        **_monthly_inputs(view, row["period_start"]),
        "on": row["period_end"].date(),
        "words": numbers.month_name(row["period_start"]),
    }


def origin_basis(view: DutyView, last: dict) -> pd.DataFrame | None:
    """Return the origins of unalloyed unwrought imports with share, statutory rate of the day and freight."""
    if view.imports is None:
        return None
    rows = view.from_everywhere(_UNALLOYED, min(last["on"], view.law_end))
    rows = rows[rows["statutory_pct"].notna()]
    if not rows["customs_value_usd"].sum() > 0:
        return None
    sums = totals(rows, ["origin"]).sort_values("covered_value_usd", ascending=False, kind="stable")
    sums = sums[sums["covered_value_usd"] > 0].head(_SHOWN_ORIGINS)
    return pd.DataFrame(
        {
            "origin": sums["origin"],
            "share": sums["covered_value_usd"] / sums["covered_value_usd"].sum(),
            "rate": sums["effective_pct"] / 100,
            "freight_c_lb": [view.freights.get(origin, last["freight_c_lb"]) for origin in sums["origin"]],
        }
    ).reset_index(drop=True)


def _origin_notes(view: DutyView, origins: pd.DataFrame | None, on: date) -> list[str]:
    if origins is None:
        return [
            "The wider origin basis needs imports of unalloyed unwrought aluminum by tariff line, which are not held."
        ]
    told = [
        f"{countries.print_name(row.origin)} {numbers.percent(row.share, 0)} at {percent(row.rate * 100)}, freight "
        f"{numbers.plain(row.freight_c_lb, 2)} c/lb"
        for row in origins.itertuples()
    ]
    given = set(view.freights) & set(origins["origin"])
    freight = (
        "" if given else " Every origin has the reporter's freight, for none of its own is given (parameter freights)."
    )
    return [
        f"Origins of unalloyed unwrought aluminum, {view.year_words}, by value, with the law of "
        f"{numbers.day_name(min(on, view.law_end))}: {'; '.join(told)}.{freight}",
        "The rate of that basis is the one that gives its duty on its FOB value.",
    ]


def _new_orleans(view: DutyView, last: dict) -> list[tuple]:
    assessed = last.get("cif_new_orleans_c_lb")
    if numbers.is_missing(assessed):
        return []
    k = p1020.USD_T_FOR_C_LB
    implied = last["duty_unpaid_premium_c_lb"]
    return [
        ("Implied duty-unpaid premium, Midwest", implied, implied * k, None, "premium less the reporter's duty"),
        ("Assessed premium CIF New Orleans, duty unpaid", assessed, assessed * k, None, "as the reporter assesses it"),
        (
            "Implied less assessed",
            implied - assessed,
            (implied - assessed) * k,
            None,
            "freight from the port is in the difference",
        ),
    ]


def _breakeven(view: DutyView, last: dict) -> list[tuple]:
    """Return the premiums at which metal comes by sea and from Canada, under the law of the day of the prices.

    That of Canada needs a premium FOB Canada of its own; one taken from the market's premium would give it back.
    """
    k, found = p1020.USD_T_FOR_C_LB, []
    lme, assessed = last.get("lme_c_lb"), last.get("cif_new_orleans_c_lb")
    sea, inland, whose = _freights(view)
    rate = _law_rate(view, "Most other origins", last["on"])
    if not any(map(numbers.is_missing, (lme, assessed, sea, inland, rate))):
        got = breakeven.seaborne(lme * k, assessed * k, rate, sea, inland)
        how = (
            f"New Orleans + {percent(rate * 100)} of LME and FOB premium + {numbers.plain(inland, 0)} US$/t to the "
            f"Midwest; freight by sea {numbers.plain(sea, 0)} US$/t ({whose})"
        )
        found.append(("Break-even premium, seaborne metal", got["breakeven_c_lb"], got["breakeven_usd_t"], None, how))
    rate, fob = _law_rate(view, "Canada", last["on"]), view.fob_canada_c_lb
    if not any(map(numbers.is_missing, (lme, rate, fob))):
        got = breakeven.canadian(lme * k, fob * k, rate, last["freight_c_lb"] * k)
        how = f"premium FOB Canada as given + {percent(rate * 100)} of LME and it + freight"
        found.append(("Break-even premium, Canadian metal", got["breakeven_c_lb"], got["breakeven_usd_t"], None, how))
    return found


def _freights(view: DutyView) -> tuple[float | None, float | None, str]:
    """Return freight by sea to New Orleans and from there to the Midwest, US$/t, and whose figures they are."""
    parts, sea, inland = view.freight_parts_usd_t, view.sea_freight_usd_t, view.port_freight_usd_t
    given = "both as given" if sea is not None and inland is not None else "parts of the reporter's freight factor"
    if len(parts) == 3:
        sea = parts["freight_sea"] if sea is None else sea
        inland = parts["freight_inland"] + parts["freight_handling"] if inland is None else inland
    return sea, inland, given


def _pass_through(view: DutyView, last: dict) -> list[tuple]:
    base = base_day(view)
    if base is None or view.daily.empty:
        return []
    try:
        found = measures.pass_through(view.daily, base)
    except AimError:
        return []
    if found.empty or numbers.is_missing(found["share_passed_through"].iloc[-1]):
        return []
    row = found.iloc[-1]
    told = (
        f"premium {numbers.signed(row['premium_change_c_lb'], 2)} c/lb, duty "
        f"{numbers.signed(row['duty_change_c_lb'], 2)} c/lb since {numbers.day_name(base)}"
    )
    return [("Pass-through of the duty into the premium", None, None, row["share_passed_through"], told)]


def base_day(view: DutyView) -> date | None:
    """Return the base of pass-through: the one asked for, or the last day held before the first change of factor."""
    if view.base_day is not None or view.daily.empty:
        return view.base_day
    days = view.daily["day"]
    changes = p1020.changeover_days(days.min().date() + timedelta(days=1), days.max().date())
    before = days[days < pd.Timestamp(changes[0])] if changes else days.iloc[:0]
    return before.iloc[-1].date() if len(before) else None


def _implied(view: DutyView, last: dict) -> list[tuple]:
    assessed, (_, inland, _) = last.get("cif_new_orleans_c_lb"), _freights(view)
    if numbers.is_missing(assessed) or numbers.is_missing(inland):
        return []
    unpaid = assessed + inland / p1020.USD_T_FOR_C_LB
    rate = measures.implied_rate(last["mwtp_c_lb"], last["premium_c_lb"], unpaid, last["freight_c_lb"])
    told = "the rate at which the formula gives New Orleans plus freight from the port"
    return [("Implied effective rate", None, None, rate, told)]


def _naive(last: dict) -> list[tuple]:
    if numbers.is_missing(last.get("lme_c_lb")):
        return []
    table = duty_by_base(last["lme_c_lb"], last["premium_c_lb"], last["freight_c_lb"], last["rate"])
    naive = table.iloc[1]
    told = f"leaves the premium out of the base: {numbers.signed(naive['gap_usd_t'], 0)} US$/t against the formula"
    return [("Duty on the LME price alone", naive["duty_c_lb"], naive["duty_usd_t"], None, told)]


def _law_rate(view: DutyView, name: str, day: date) -> float | None:
    # Prices go on where the law held ends: then its last day counts.
    held, day = view.statutory_p1020[name], min(day, view.law_end)
    row = held[(held["first"] <= day) & (held["last"] >= day) & held["total_pct"].notna()]
    return None if row.empty else float(row["total_pct"].iloc[0]) / 100


def _net_forward(view: DutyView, last: dict) -> str:
    found = net_forward.net_forward(
        view.fob_canada_c_lb,
        last["cif_new_orleans_c_lb"],
        weight_canada=view.weight_canada,
        weight_new_orleans=1 - view.weight_canada,
        freight_canada_c_lb=last["freight_c_lb"],
        freight_new_orleans_c_lb=_freights(view)[1] / p1020.USD_T_FOR_C_LB,
    )
    return (
        f"With a weight of {numbers.percent(found['share_canada'], 0)} for Canada and a premium FOB Canada of "
        f"{numbers.plain(view.fob_canada_c_lb, 2)} c/lb, both given by the user, it gives "
        f"{numbers.plain(found['net_forward_c_lb'], 2)} c/lb on {last['words']}, against an implied duty-unpaid "
        f"premium of {numbers.plain(last['duty_unpaid_premium_c_lb'], 2)} c/lb."
    )


def _monthly_inputs(view: DutyView, month: pd.Timestamp) -> dict:
    rows = view.prices.rows[view.prices.rows["day"] == month]
    return rows.iloc[-1][["lme_c_lb", "cif_new_orleans_c_lb"]].to_dict() if len(rows) else {}
