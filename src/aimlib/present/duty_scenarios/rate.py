"""The rate in force: how it was reached, what does not apply, and how it came to be so over time."""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.duty.explain import NotDue
from aimlib.present import numbers
from aimlib.present.blocks import Column, Figure, Prose, Row, Table, csv_text
from aimlib.present.charts import duty as charts
from aimlib.present.duty_scenarios.view import DutyView
from aimlib.present.duty_scenarios.words import capitalized, claim_words, entry_words, percent, rate_words, total_words
from aimlib.reference.law.model import METAL_CONTENT, REST

_BASES = {"full": "full value", METAL_CONTENT: "aluminum content", REST: "rest of the value"}


def waterfall(view: DutyView) -> Figure:
    """Return the measures that add up to the total, as a waterfall."""
    rows, reached = [], 0.0
    for line in view.answer.due:
        role = "refund" if line.is_refundable else ""
        start, reached = reached, reached + line.pct
        label = f"+{percent(line.pct)}" if rows and line.pct > 0 else percent(line.pct)
        rows.append({"name": line.rule.title, "start": start, "end": reached, "label": label, "role": role})
    rows.append(
        {"name": "Total at entry", "start": 0.0, "end": reached, "label": total_words(view.answer), "role": "total"}
    )
    frame = pd.DataFrame(rows)
    parts = numbers.joined([f"{line.rule.title} {percent(line.pct)}" for line in view.answer.due])
    notes = [f"Claims: {claim_words(view.facts.claims)}; what is not claimed is not made."]
    if view.answer.may_add_pct:
        notes.append(
            f"Duties whose rate is not held may add up to {percent(view.answer.may_add_pct)}; see the next table."
        )
    if any(line.is_refundable for line in view.answer.due):
        notes.append("Pale bars were voided later and are refundable.")
    if view.answer.total_pct is None:
        missing = numbers.joined([name.replace("_", " ") for name in view.answer.missing])
        notes.append(f"The total hangs on {missing}, not given; bars are those of metal from elsewhere.")
    return Figure(
        key="waterfall",
        title=f"How the rate on {view.line_words} from {view.origin_words} is reached, {view.day_words}",
        caption=f"Percent of customs value, ad valorem, payable at entry; {entry_words(view)}.",
        alt=f"Waterfall of bars. {parts}; total {total_words(view.answer)}.",
        source=view.law_source,
        chart=charts.waterfall(frame, "Percent of customs value"),
        csv=csv_text(view.tidy(_due_frame(view))),
        notes=[*notes, *view.answer.cautions],
    )


def measures(view: DutyView) -> Table:
    """Return the measures due, with basis, heading, dates and citation."""
    rows = [
        Row(
            [
                line.rule.title,
                percent(line.rate_pct),
                _BASES[REST if line.share_of_value < 1 and line.rule.basis == "full" else line.rule.basis]
                + ("" if line.share_of_value == 1 else f" ({numbers.percent(line.share_of_value, 0)})"),
                percent(line.pct),
                line.rule.heading,
                str(line.rule.effective_from),
                line.rule.citation,
            ]
        )
        for line in view.answer.due
    ]
    rows.append(Row(["Total at entry", "", "", total_words(view.answer), "", "", ""], "total"))
    return Table(
        key="measures",
        title=f"Measures due on {view.line_words} from {view.origin_words}, {view.day_words}",
        caption="Percent of customs value. The value basis says of which part of the value each is due.",
        columns=[
            Column("Measure", align="left"),
            Column("Rate"),
            Column("Due on", align="left"),
            Column("Of value"),
            Column("HTS heading", align="left"),
            Column("Since", align="left"),
            Column("Citation", align="left"),
        ],
        rows=rows,
        source=view.law_source,
        csv=csv_text(view.tidy(_due_frame(view))),
        notes=_beside(view),
    )


def not_due(view: DutyView) -> Table | Prose:
    """Return the measures about this line and origin that do not apply, and why."""
    near = [one for one in view.answer.not_due if one.concerns and _is_told(view, one)]
    if not near:
        return Prose("not_due", [])
    frame = pd.DataFrame(
        [{"id": one.rule.id, "measure": one.rule.measure, "title": one.rule.title, "why_not": one.why} for one in near]
    )
    return Table(
        key="not_due",
        title="Considered, and not due",
        caption="Measures for this tariff line and origin that do not apply to the entry, each with the reason.",
        columns=[Column("Measure", align="left"), Column("Why not", align="left")],
        rows=[Row([one.rule.title, _sentence(one.why)]) for one in near],
        source=view.law_source,
        csv=csv_text(view.tidy(frame)),
    )


def _is_told(view: DutyView, one: NotDue) -> bool:
    """Tell whether a measure is worth a row: duties that were known, and others where they yield under a heading."""
    return one.rule.is_known(view.known_on) and (one.rule.in_total or one.why.startswith("yields to"))


def changes(view: DutyView) -> Table | Prose:
    """Return the facts that would change the answer."""
    held = view.answer.changes
    if not held:
        return Prose("changes", [])
    refunds = any(one.after_refund < one.low for one in held) or bool(view.answer.refundable_pct)
    frame = pd.DataFrame(
        [
            {"fact": one.fact, "low_pct": one.low, "high_pct": one.high, "after_refund_pct": one.after_refund}
            for one in held
        ]
    )
    return Table(
        key="changes",
        title="What would change the rate",
        caption="The total in percent of customs value if one fact were otherwise, all else equal.",
        columns=[
            Column("If it were so", align="left"),
            Column("Total"),
            *([Column("After refund")] if refunds else []),
        ],
        rows=[
            Row(
                [
                    capitalized(one.fact),
                    rate_words(one.low, one.high),
                    *([percent(one.after_refund)] if refunds else []),
                ]
            )
            for one in held
        ],
        source=view.law_source,
        csv=csv_text(view.tidy(frame)),
    )


def rate_over_time(view: DutyView) -> Figure:
    """Return the entry's rate over all days that the law held covers."""
    held = view.timeline
    frame = stepped(held, "Total")
    if (held["high_pct"] > held["low_pct"]).any():
        low = stepped(held.assign(total_pct=held["low_pct"]), "At least")
        frame = pd.concat([low, stepped(held.assign(total_pct=held["high_pct"]), "At most")])
    told = [
        f"{rate_words(row['low_pct'], row['high_pct'])} from {numbers.day_name(row['first'])}"
        for row in held[held["refused"] == ""].tail(4).to_dict("records")
    ]
    return Figure(
        key="rate_over_time",
        title=f"The rate on {view.line_words} from {view.origin_words} since {view.law.coverage.first_day.year}",
        caption=f"Percent of customs value payable at entry, by day of entry; {entry_words(view)}.",
        alt=f"A line that steps. The last steps: {numbers.joined(told)}.",
        source=view.law_source,
        chart=charts.stepped_rate(frame, "Percent of customs value", pd.DataFrame(columns=["day", "label"])),
        csv=csv_text(view.tidy(held)),
        notes=["As known today: what was set or ended later with effect for the past counts. Of that which was voided "
               "later the rate is still what was paid at entry."],
    )  # fmt: skip


def rate_steps(view: DutyView) -> Table:
    """Return the same as a table."""
    held = view.timeline[view.timeline["refused"] == ""]
    rows = [
        Row(
            [
                numbers.day_name(row["first"]),
                numbers.day_name(row["last"]) if row["last"] < view.law_end else "in force",
                rate_words(row["low_pct"], row["high_pct"]),
                percent(row["refundable_pct"]) if row["refundable_pct"] else "",
                row["measures"].replace("; ", " + ") or "none",
            ]
        )
        for row in held.iloc[::-1].to_dict("records")
    ]
    return Table(
        key="rate_steps",
        title=f"Steps of the rate on {view.line_words} from {view.origin_words}",
        caption=f"Percent of customs value, by day of entry through {numbers.day_name(view.law_end)}; "
        f"{entry_words(view)}.",
        columns=[
            Column("From", align="left"),
            Column("Through", align="left"),
            Column("Rate"),
            Column("Refundable part"),
            Column("Measures above zero", align="left"),
        ],
        rows=rows,
        source=view.law_source,
        csv=csv_text(view.tidy(held)),
    )


def stepped(timeline: pd.DataFrame, series: str) -> pd.DataFrame:
    """Return a timeline as points of a line that steps: day, series, amount."""
    if timeline.empty:
        kinds = {"day": "datetime64[us]", "amount": "float64", "series": "str"}
        return pd.DataFrame(columns=list(kinds)).astype(kinds)
    points = timeline.assign(day=pd.to_datetime(timeline["first"]), amount=timeline["total_pct"])[["day", "amount"]]
    end = pd.DataFrame({"day": [pd.Timestamp(timeline["last"].iloc[-1])], "amount": [timeline["total_pct"].iloc[-1]]})
    return pd.concat([points, end], ignore_index=True).assign(series=series)


def _due_frame(view: DutyView) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "id": line.rule.id,
                "program": line.rule.program,
                "measure": line.rule.measure,
                "title": line.rule.title,
                "rate_pct": line.rate_pct,
                "value_basis": line.rule.basis,
                "share_of_value": line.share_of_value,
                "pct": line.pct,
                "refundable": line.is_refundable,
                "heading": line.rule.heading,
                "effective_from": line.rule.effective_from,
                "effective_until": line.rule.effective_until,
                "known_on": line.rule.published,
                "citation": line.rule.citation,
                "link": line.rule.link,
                "confidence": line.rule.confidence,
            }
            for line in view.answer.due
        ]
    )


def _beside(view: DutyView) -> list[str]:
    """Say what stands beside the total, what is refundable and how sure the rates are."""
    notes = [f"Besides the total: {line.rule.title}, {line.rule.amount}." for line in view.answer.besides]
    for line in view.answer.due:
        if line.is_refundable:
            notes.append(f"{line.rule.title} was voided by {line.rule.voided.by} and is refundable.")
        if line.rule.confidence != "sourced":
            notes.append(f"{line.rule.title}, how sure: {line.rule.confidence}.")
    return [*notes, *(f"{line.rule.title}: {line.rule.note}" for line in view.answer.due if line.rule.note)]


def _sentence(text: str) -> str:
    return f"{capitalized(text)}."
