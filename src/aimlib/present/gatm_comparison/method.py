"""The box of sources, definitions and limits of the global comparison."""

from __future__ import annotations

from aimlib.present import numbers
from aimlib.present.blocks import Notes
from aimlib.present.gatm_comparison import cautions
from aimlib.present.gatm_comparison.view import METHODS, TradeView
from aimlib.present.view import by_title
from aimlib.reference import countries, trade_reporting


def method(view: TradeView) -> Notes:
    """Return what the figures rest on, how they are made, and what they cannot show."""
    sections = [
        ("Sources", _sources(view)),
        ("How figures are made", _made(view)),
        ("Who reports", _reporting(view)),
        ("Limits", _limits(view)),
    ]
    return Notes("method", [(heading, [text for text in texts if text]) for heading, texts in sections if any(texts)])


def _sources(view: TradeView) -> list[str]:
    texts = [f"{name}; {vintages}." for name, vintages in by_title(view.sources).items()]
    texts += [f"License: {text}." for text in sorted({source["license"] for source in view.sources})]
    texts.append(f"As of {numbers.day_name(view.as_of)}: what was known by that day.")
    return texts + cautions.sample_note(view)


def _made(view: TradeView) -> list[str]:
    texts = [
        "The seven categories are the headings 7601 and 7604 to 7609; that the Global Aluminum Trade Monitor's "
        "are these is inferred, for no page lists them.",
        "Quantities are net weight. A weight that is blank or zero beside a value is missing and not zero; the "
        "unit value is the value of the rows with a weight by their weight.",
        "Ranks and shares hold for countries whose figures of the span are complete; a sum with a missing "
        f"{view.period_word} is blank.",
    ]
    if view.is_reconciled:
        return [
            *texts,
            "BACI is reconciled already: CEPII takes the freight out of importers' values and weighs both "
            "reports by the "
            "quality of the reporters. It has one figure a flow, so that mirror methods do not apply.",
        ]
    texts.append(f"Method: {METHODS[view.method]}.")
    if view.method == "reverse":
        named = numbers.joined(sorted(view.name_of(country) for country in view.mirrored))
        texts.append(
            f"Built from partners' reports over the whole period: {named}. "
            + (
                "While they report themselves their own reports are used, and the break is drawn."
                if view.splice
                else "Their own reports are not used, so that each series stays on one side."
            )
        )
    if view.method == "better":
        texts.append(
            "Better reporter (Gehlhar): of each flow that both sides report, the account of the country of "
            "whose trade a greater part lies within 20% of its partners' accounts."
        )
    if view.method == "weighted":
        texts.append(
            "Weighted mean (Gaulier and Zignago 2010): the reporters' variances come from the distances between both "
            "accounts; the floor under the best reporter's is ours, for the printed formula is garbled."
        )
    texts += [
        "Partners count only where they report every period of what is compared (a table's span with the year before, "
        "the two spans of who replaced whom, the period drawn), so that the same ones tell both ends.",
        view.valuation_note,
        view.factor_note,
        _fob_importers(),
        "Exports include re-exports where the reporter counts them; re-exports and re-imports that it tells apart are "
        "flows of their own and never added.",
        *view.notes,
    ]
    return texts


def _fob_importers() -> str:
    held = trade_reporting.valuations()
    named = sorted(countries.print_name(code) for code in held.loc[held["valuation"] == "fob", "reporter"].unique())
    return (
        f"Importers whose customs value counts as FOB, as stated or by BACI's paper, without dates: "
        f"{numbers.joined(named)}; all others count as CIF."
    )


def _reporting(view: TradeView) -> list[str]:
    """Return what is known of the countries that are built from their partners."""
    if view.is_reconciled or not view.mirrored:
        return []
    facts = trade_reporting.reporting_facts()
    mine = facts[facts["reporter"].isin(view.mirrored)]
    told = [
        f"{numbers.joined([view.name_of(country) for country in rows['reporter']])}: {note} ({how_sure}; {source})."
        for (note, how_sure, source), rows in mine.groupby(["note", "how_sure", "source"], sort=False)
    ]
    return ["Who has reported so far stands above; what is known beforehand of those built from partners:", *told]


def _limits(view: TradeView) -> list[str]:
    if view.is_reconciled:
        return [
            "BACI is annual and comes a year late. Unit values beyond reason are marked in the data and kept "
            "in the sums.",
            *view.notes,
        ]
    return [
        "A flow between two countries of which neither reports is in no account. Partners' reports are dated "
        "by arrival, by "
        "origin and not by last consignment, so that metal by third ports counts to its origin; their "
        "confidentiality and areas not specified leave gaps.",
        "Importers' accounts are usually better than exporters', for duty is taken on them; the gap that freight and "
        "insurance make may reach 10% to 20% (WITS).",
    ]
