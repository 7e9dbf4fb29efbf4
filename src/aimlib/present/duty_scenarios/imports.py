"""Duty on actual imports: scenarios side by side, who gains and loses, tonnes by rate, the answer of demand."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.duty.compare import against, by_rate, totals
from aimlib.analysis.duty.demand import demand_response
from aimlib.analysis.metal.fields import UNKNOWN
from aimlib.present import numbers
from aimlib.present.blocks import Column, Figure, Prose, Row, Table, csv_text
from aimlib.present.charts import bars
from aimlib.present.duty_scenarios.metal import metal_rules, russian_and_unknown, russian_and_unknown_range
from aimlib.present.duty_scenarios.view import DutyView
from aimlib.present.duty_scenarios.words import capitalized, effective, millions, percent, signed_millions
from aimlib.present.lacking import of_the_data
from aimlib.reference import products


def scenarios_table(view: DutyView) -> Table | Prose:
    """Return the law and the scenarios side by side: revenue, effective rate, change."""
    if view.imports is None:
        return Prose("scenarios", [of_the_data(view.why_no_imports)])
    today = totals(view.today).iloc[0]
    if not today["covered_value_usd"] > 0:
        return Prose("scenarios", [f"The law held answers none of the imports {view.from_place}, {view.year_words}."])
    own = totals(view.newest_rated).iloc[0]
    rows = [
        _scenario_row("The law month by month, as it was", own, today),
        _scenario_row(f"The law of {view.day_words} on all of it", today, today, "highlight"),
    ]
    data = [("law", own), ("today", today)]
    rows_named = [("The law month by month", own), (f"The law of {view.day_words}", today)]
    for scenario in view.scenarios:
        sums = totals(view.by_scenario[scenario.key]).iloc[0]
        rows.append(_scenario_row(scenario.name, sums, today))
        data.append((scenario.key, sums))
    frame = pd.DataFrame([{"scenario": key, **row.to_dict()} for key, row in data])
    idle = all(abs(row["statutory_duty_usd"] - today["statutory_duty_usd"]) < 1 for _, row in data[2:])
    covered = today["covered_value_usd"] / today["customs_value_usd"]
    return Table(
        key="scenarios",
        title=f"Statutory duty on imports {view.from_place}, {view.year_words}",
        caption=f"{view.product.title}, {view.concept_words}; a static count on the same imports. Bounds of claims: "
        "all made is the least, none made the most, with what duties whose rate is not held may add.",
        columns=[
            Column("Law", align="left"),
            Column("Duty", "million US$"),
            Column("Effective rate"),
            Column("Refundable part", "million US$"),
            Column("All claims made", "million US$", group="Bounds of claims"),
            Column("No claim made", "million US$", group="Bounds of claims"),
            Column("Duty", "million US$", group=f"Against the law of {view.day_words}"),
            Column("Rate", "points", group=f"Against the law of {view.day_words}"),
        ],
        rows=rows,
        source=view.import_source,
        csv=csv_text(view.tidy(frame, "census")),
        notes=[
            view.assumptions.words(),
            *([f"The law held covers {numbers.percent(covered)} of the value; the rest has no column 1 rate in it."]
              if covered < 0.9995 else []),
            *(f"{scenario.name}: {'; '.join(scenario.steps)}." for scenario in view.scenarios if scenario.steps),
            *_metal_not_in_it(view),
            *_not_held([*rows_named, *_named(view, data)]),
            *(["On this day no scenario changes anything; the parameter on takes another."] if view.scenarios and idle
              else []),
            *view.coverage_notes,
        ],
    )  # fmt: skip


def gains_and_losses(view: DutyView) -> list[Figure | Prose]:
    """Return, for each scenario, the origins whose duty changes most against the law of the day."""
    if view.imports is None or view.place.kind == "country":
        return [Prose("gains_and_losses", [])]
    found = [_changes_figure(view, scenario) for scenario in view.scenarios]
    return [one for one in found if one is not None] or [Prose("gains_and_losses", [])]


def by_product(view: DutyView) -> Table | Prose:
    """Return the duty by product under the law of the day and each scenario."""
    if view.imports is None:
        return Prose("by_product", [])
    law = totals(view.today, ["product"])
    law = law[law["covered_value_usd"] > 0].sort_values("covered_value_usd", ascending=False, kind="stable")
    if len(law) < 2:
        return Prose("by_product", [])
    sums = {
        scenario.key: totals(view.by_scenario[scenario.key], ["product"]).set_index("product")
        for scenario in view.scenarios
    }
    rows = [
        Row(
            [
                products.short_title(row["product"]),
                millions(row["covered_value_usd"]),
                effective(row["effective_pct"]),
                millions(row["statutory_duty_usd"]),
                *(effective(sums[key]["effective_pct"].get(row["product"])) for key in sums),
            ]
        )
        for row in law.to_dict("records")
    ]
    frame = pd.concat(
        [law.assign(scenario="today"), *(table.reset_index().assign(scenario=key) for key, table in sums.items())]
    )
    return Table(
        key="duty_by_product",
        title=f"Effective statutory rates by product, imports {view.from_place}, {view.year_words}",
        caption=f"Percent of customs value, under the law of {view.day_words} and under the scenarios.",
        columns=[
            Column("Product", align="left"),
            Column("Customs value", "million US$"),
            Column("Rate", group="The law"),
            Column("Duty", "million US$", group="The law"),
            *(Column(scenario.name, group="Rate under") for scenario in view.scenarios),
        ],
        rows=rows,
        source=view.import_source,
        csv=csv_text(view.tidy(frame, "census")),
    )


def tonnes_by_rate(view: DutyView) -> Table | Prose:
    """Return this month's metal by the additional duty it pays, with what licenses say of the highest."""
    if view.imports is None:
        return Prose("tonnes_by_rate", [])
    parts = view.latest_parts
    if parts.empty or not parts["quantity_kg"].sum() > 0:
        return Prose("tonnes_by_rate", ["Tonnes by rate need quantities by tariff line, which are not held."])
    held = by_rate(parts)
    bounds = [
        Row(["Implied by licenses: Russian or unknown metal, at 200%", f"{low} to {high}", "", "", ""], "rest")
        for low, high in russian_and_unknown_range(view, float(held["quantity_t"].sum()))
    ]
    words_of = [_rate_words(rate) for rate in held["additional_pct"]]
    return Table(
        key="tonnes_by_rate",
        title=f"Imports {view.from_place} by the rate of the additional duties, {view.latest_words}",
        caption="Duties beyond column 1 or 2, percent of customs value. Smelt and cast are taken to be the origin.",
        columns=[
            Column("Rate", align="left"),
            Column("Quantity", "t"),
            Column("Share of quantity"),
            Column("Customs value", "million US$"),
            Column("Share of value"),
        ],
        rows=[
            *(
                Row(
                    [
                        words,
                        numbers.at_least(row["quantity_t"]),
                        numbers.percent(row["share_quantity"]),
                        millions(row["customs_value_usd"]),
                        numbers.percent(row["share_value"]),
                    ]
                )
                for words, row in zip(words_of, held.to_dict("records"), strict=True)
            ),
            *bounds,
        ],
        source=view.import_source,
        csv=csv_text(view.tidy(held, "census")),
        notes=[
            "A line whose rate changed within the period counts under each rate by the days it was in force.",
            *russian_and_unknown(view, float(held["quantity_t"].sum())),
            view.assumptions.words(),
        ],
    )


def demand(view: DutyView) -> Table | Prose:
    """Return the answer of imports to each scenario, with the user's own elasticities; none are assumed."""
    if view.imports is None:
        return Prose("demand", [])
    if not view.elasticities or view.pass_through is None:
        return Prose(
            "demand",
            [
                "No response of demand is shown: elasticities of import demand and the share of a duty that is passed "
                "on in prices are the user's own input, and none is official. The count above is static."
            ],
        )
    if not view.scenarios:
        return Prose("demand", ["No scenario is named, so that there is no other rate to answer to."])
    today = totals(view.today).iloc[0]
    frames = []
    for scenario in view.scenarios:
        after = totals(view.by_scenario[scenario.key]).iloc[0]
        found = demand_response(
            today["covered_value_usd"],
            today["effective_pct"],
            after["effective_pct"],
            view.elasticities,
            view.pass_through,
        )
        frames.append(found.assign(scenario=scenario.key, name=scenario.name))
    frame = pd.concat(frames, ignore_index=True)
    rows = [
        Row(
            [
                row["name"],
                f"{row['elasticity']:g}".replace("-", numbers.MINUS),
                numbers.percent_change(row["quantity_change"]),
                millions(row["static_duty_usd"]),
                millions(row["duty_usd"]),
                signed_millions(row["duty_change_usd"]),
            ]
        )
        for row in frame.to_dict("records")
    ]
    return Table(
        key="demand",
        title=f"If imports answered, by elasticity, {view.year_words}",
        caption=f"Elasticities and a pass-through of {numbers.percent(view.pass_through, 0)} given by the user; not "
        "estimates of this suite.",
        columns=[
            Column("Scenario", align="left"),
            Column("Elasticity"),
            Column("Imports"),
            Column("Duty, static", "million US$"),
            Column("Duty, with the response", "million US$"),
            Column("Against today", "million US$"),
        ],
        rows=rows,
        source=view.import_source,
        csv=csv_text(view.tidy(frame, "census")),
        notes=[
            "Change of quantity: elasticity times pass-through times the change of the log of one plus the effective "
            "rate; the customs price is held fixed when duty is counted. All of the imports answer as one; origins do "
            "not replace one another.",
        ],
    )


def _scenario_row(name: str, sums: pd.Series, today: pd.Series, role: str = "") -> Row:
    is_today = sums is today
    return Row(
        [
            name,
            millions(sums["statutory_duty_usd"]),
            effective(sums["effective_pct"]),
            millions(sums["refundable_duty_usd"]) if sums["refundable_duty_usd"] > 0 else "",
            millions(sums["low_duty_usd"]),
            millions(sums["high_duty_usd"]),
            "" if is_today else signed_millions(sums["statutory_duty_usd"] - today["statutory_duty_usd"]),
            "" if is_today else numbers.signed(sums["effective_pct"] - today["effective_pct"], 1),
        ],
        role,
    )


def _named(view: DutyView, data: list[tuple[str, pd.Series]]) -> list[tuple[str, pd.Series]]:
    sums = dict(data)
    return [(scenario.name, sums[scenario.key]) for scenario in view.scenarios]


def _not_held(sums: list[tuple[str, pd.Series]]) -> list[str]:
    """Say where duties whose rate is not held may add to the count."""
    told = [
        f"{name} up to ${millions(one['may_add_usd'])} million" for name, one in sums if one["may_add_usd"] > 50_000
    ]
    if not told:
        return []
    return [
        "Not in the count, but in the greatest bound: duties whose rates or lists are not held, such as that on forced "
        f"labor where Section 232 does not apply: {'; '.join(told)}."
    ]


def _metal_not_in_it(view: DutyView) -> list[str]:
    """Say that the bounds leave out the rate on Russian and unknown metal, and where it stands."""
    words = {UNKNOWN: "of unknown smelt or cast", "RUS": "that was smelted or cast in Russia and came from elsewhere"}
    told = [
        f"the {percent(rule.rate.flat)} on metal {words[country]}"
        for rule in metal_rules(view, view.facts.on)
        for country in rule.metal.countries
    ]
    if not told:
        return []
    return [
        f"In neither bound: {numbers.joined(told)}, for imports do not tell it. What licenses tell of it stands "
        "with the table of imports by the rate of the additional duties."
    ]


def _changes_figure(view: DutyView, scenario) -> Figure | None:
    frame = against(view.today, view.by_scenario[scenario.key], ["origin"])
    frame = frame[frame["duty_change_usd"].abs() > 50_000]
    if frame.empty:
        return None
    shown = frame.head(view.top)
    rest = frame["duty_change_usd"].sum() - shown["duty_change_usd"].sum()
    rows = [
        {"name": view.name_of(row["origin"]), "amount": row["duty_change_usd"] / 1e6, "role": ""}
        for row in shown.to_dict("records")
    ]
    if abs(rest) > 50_000:
        rows.append({"name": "Other countries", "amount": rest / 1e6, "role": "rest"})
    data = pd.DataFrame(rows)
    data["label"] = [numbers.signed(amount, 1) for amount in data["amount"]]
    first = data.iloc[0]
    return Figure(
        key=f"changes_{scenario.key}",
        title=f"{scenario.name}: change in duty by origin, {view.year_words}",
        caption=f"Million US dollars against the law of {view.day_words}, on the same imports.",
        alt=f"Bars to both sides of zero, one an origin. The largest: {first['name']} {first['label']} million US "
        f"dollars; all origins {numbers.signed(frame['duty_change_usd'].sum() / 1e6, 1)}.",
        source=view.import_source,
        chart=bars.diverging_bars(data, "Million US$", ",.1f"),
        csv=csv_text(view.tidy(frame, "census")),
        notes=[capitalized(f"{'; '.join(scenario.steps)}.")] if scenario.steps else [],
    )


def _rate_words(rate: float) -> str:
    return "Not covered by the law held" if numbers.is_missing(rate) else percent(rate)
