"""The box of sources, definitions and limits of the smelt and cast bulletin."""

from __future__ import annotations

import pandas as pd

from aimlib.present import numbers
from aimlib.present.blocks import Notes
from aimlib.present.early.held import LICENSES
from aimlib.present.smelt_origin.view import MetalView
from aimlib.present.view import by_title

_UNKNOWN_ON_ENTRY = pd.Timestamp("2025-06-28")
"""CBP, CSMS 65340246."""


def method(view: MetalView) -> Notes:
    """Return what the figures rest on, what the fields mean, and what is not shown."""
    sections = [
        ("Sources", _sources(view)),
        ("What licenses tell", _told(view)),
        ("How figures are made", _made(view)),
        ("What is not shown", _hidden(view)),
    ]
    return Notes("method", [(heading, [text for text in texts if text]) for heading, texts in sections])


def _sources(view: MetalView) -> list[str]:
    census = view.trends.imports.sources if view.trends else ()
    every = (*view.sources, *census)
    texts = [f"{name}; {vintages}." for name, vintages in by_title(every).items()]
    texts += [f"License: {text}." for text in sorted({source["license"] for source in every})]
    texts.append(
        f"As of {numbers.day_name(view.as_of)}: each license as it stood on that day, corrected ones as corrected, "
        "without those cancelled by then."
        if view.basis == LICENSES
        else f"As of {numbers.day_name(view.as_of)}: the newest figures of the public monitor by that day."
    )
    return texts


def _told(view: MetalView) -> list[str]:
    return [
        "Licenses of the Aluminum Import Monitoring and Analysis system (19 CFR part 361) are required since June 28, "
        "2021, for the headings 7601 and 7604 to 7609 and for castings and forgings of 7616.99.51. Scrap, powder and "
        "other articles need none.",
        "Origin is the country of origin in the customs sense. Largest smelt is the country where the largest volume "
        "of the primary metal in the product was made from alumina; second smelt the next. Most recent cast is where "
        "the metal was last liquefied by heat and cast solid. They may be three different countries.",
        "N/A means that there is no primary metal (or, for the second smelt, one source only). Unknown is what the "
        "filer declared, which licenses allowed through June 28, 2022. "
        "Before July 2022 smelt was not collected. These are three different statements, and no missing data.",
        "Since June 28, 2025 customs accepts unknown on the entry, at the 200% rate of duty; whether the license "
        "does is not known."
        if view.as_of >= _UNKNOWN_ON_ENTRY
        else "",
        "What is declared has not been verified; quantity and value on a license are estimates made before entry.",
        "A license belongs to the month of its expected import. "
        + (
            "With imports for consumption, licenses for entries and for warehouse withdrawals count, and admissions to "
            "foreign-trade zones do not."
            if view.concept == "consumption" and view.basis == LICENSES
            else "Licenses of all entry types count."
        ),
        *view.notes,
    ]


def _made(view: MetalView) -> list[str]:
    shares = "Shares are of the licensed quantity or customs value of an origin in the period. "
    shares += (
        "Metal without primary content (N/A) is left out of them."
        if view.primary_only
        else "Metal without primary content (N/A) is in the denominator."
    )
    return [
        shares,
        "Implied tonnage divides the tonnes that Census counts as licenses divide theirs, within origin, product and "
        "month; what no license covers stays apart. It is an inference and no statistic.",
        "The early estimate takes, for each part, what licenses on the same Thursday of past months came to in "
        "Census (mean of logs), with Student intervals; before the month's end it is weighed with the mean of three "
        "Census months by past errors. Products and origins are adjusted to the total (Stone, Champernowne and "
        "Meade 1942).",
    ]


def _hidden(view: MetalView) -> list[str]:
    if view.basis != LICENSES:
        return ["The public monitor's figures are protected by its publisher; cells withheld there are missing here."]
    hidden = view.tables.notes.hidden
    count, of = int(hidden["primary"].sum() + hidden["secondary"].sum()), int(hidden["cells"].sum())
    return [
        f"A figure that rests on fewer than {numbers.number_word(view.rule.importers)} importers, or of which one "
        f"importer has more than {numbers.percent(view.rule.share, 0)} of quantity or value, is not shown; nor are "
        "others from which it could be worked out by adding and subtracting. The pattern is found over all origins, "
        "so that it is the same in every country's bulletin for the same product and period. Bulletins for other "
        "periods or other cuts of products may hide other cells.",
        f"Here {numbers.plain(count)} of {numbers.plain(of)} cells are not shown."
        if count
        else "Here all cells are shown.",
    ]
