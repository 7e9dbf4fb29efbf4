"""The box of sources, method and limits at the end."""

from __future__ import annotations

from aimlib.present import numbers
from aimlib.present.blocks import Notes
from aimlib.present.view import View, by_title
from aimlib.reference import products

_CONCEPTS = {
    "consumption": (
        "Imports for consumption: goods that enter the United States' commerce directly or are withdrawn from bonded "
        "warehouses and foreign-trade zones. Duty belongs to this concept."
    ),
    "general": (
        "General imports: all goods that arrive, whether they enter commerce directly or go into bonded warehouses or "
        "foreign-trade zones."
    ),
}


_CUSTOMS_VALUE = "Customs value is the price paid, without freight, insurance and duty."


def method(view: View) -> Notes:
    """Return what the figures rest on, how they were made, and what they do not say."""
    sections = [
        ("Sources", _sources(view)),
        ("What is counted", _counted(view)),
        ("How figures are made", _made(view)),
    ]
    return Notes("method", [(heading, [text for text in texts if text]) for heading, texts in sections])


def _sources(view: View) -> list[str]:
    texts = [f"{name}; {vintages}." for name, vintages in by_title(view.sources).items()]
    texts += [f"License: {text}." for text in sorted({source["license"] for source in view.sources})]
    if view.cumulative:
        texts.append(
            f"Held: the year to date through {view.latest_words}, no months. As of "
            f"{numbers.day_name(view.imports.as_of)}."
        )
        return texts
    months = view.months
    loaded = months[months["loaded"]]
    texts.append(
        f"Months held: {numbers.month_name(loaded['month'].iloc[0])} to "
        f"{numbers.month_name(loaded['month'].iloc[-1])}, "
        f"{len(loaded)} of {len(months)}. As of {numbers.day_name(view.imports.as_of)}: for each "
        "month, the newest figures known by that day."
    )
    provisional = months[months["provisional"]]
    if len(provisional):
        texts.append(
            "Census may revise the last six months with each release, and the last three years in the annual revision "
            "each June."
        )
    return texts


def _counted(view: View) -> list[str]:
    imports = view.imports
    texts = [_CONCEPTS[imports.concept], products.scope_note(imports.product, imports.code_level)]
    texts.append(
        "Origin is the country of origin in the customs sense. It is not where the metal was smelted, nor where it was "
        "last cast."
    )
    if view.is_selection:
        texts.append(
            "The loaded table lists a selection of partners; one that is not listed is not zero but not listed. "
            + (
                "It holds no published totals, so that totals and shares are blank."
                if imports.totals.empty
                else "Totals are the published ones, and shares are of them."
            )
        )
    return texts


def _made(view: View) -> list[str]:
    if view.cumulative:
        return [_CUSTOMS_VALUE]
    return [
        _CUSTOMS_VALUE,
        "Quantity is net weight in metric tons (1,000 kg); quantities in other units are not added.",
        "A month that is not loaded is blank and never zero; averages over months with a blank are blank. Year to date "
        "compares only months loaded in both years. A change on a base of zero is blank.",
        "Unit value is total value over total quantity of the rows that have both.",
        "The annual rate is the year to date times twelve over the number of months; nothing is seasonally adjusted.",
    ]
