"""What is held of the trade of the world, where it comes from, and what a reader should know of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from aimlib.ingest.global_trade import baci
from aimlib.ingest.global_trade.wanted import PAIRED, asked_of, world_product
from aimlib.ingest.provenance import sources_of
from aimlib.reference import countries, hs_editions
from aimlib.reference.products import Product
from aimlib.store.store import Store
from aimlib.store.trade_plan import TABLE as COMTRADE
from aimlib.store.trade_plan import plan

HELD = ("table", "frequency", "code_level", "edition", "first", "last", "reporters", "flows", "codes", "known_on")


def held_trade(store: Store, as_of: date | None = None) -> pd.DataFrame:
    """Return what is held of the world's trade as of a day, one row a table, frequency, code level and edition.

    Columns: table (comtrade, baci), frequency (monthly, annual), code_level, edition (of BACI, else ''), first, last
    (datetime64, first days of periods), reporters (tuple of ISO alpha-3; empty for BACI), flows (tuple), codes (tuple:
    HS4 headings of Comtrade, HS6 codes of BACI), known_on (the newest).
    """
    rows = []
    declared = store.blocks(COMTRADE, as_of)
    lengths = declared["period"].str.len().map({7: "monthly", 4: "annual"})
    for (frequency, level), blocks in declared.groupby([lengths, "code_level"]):
        heads = blocks["heading"].unique()
        rows.append(
            _row(COMTRADE, frequency, level, "", blocks)
            | {
                "reporters": tuple(sorted({text[:3] for text in heads})),
                "flows": tuple(sorted(blocks["concept"].unique())),
                "codes": tuple(sorted({text[4:] for text in heads})),
            }
        )
    for edition, blocks in store.blocks(baci.TABLE, as_of).groupby("concept"):
        told = {"reporters": (), "flows": PAIRED, "codes": tuple(sorted(blocks["heading"].unique()))}
        rows.append(_row(baci.TABLE, "annual", "hs6", edition, blocks) | told)
    return pd.DataFrame(rows, columns=list(HELD))


def trade_sources(
    store: Store,
    as_of: date | None = None,
    *,
    product: Product | str,
    frequency: str = "annual",
    first: object,
    last: object,
    table: str = COMTRADE,
    flows: tuple[str, ...] = PAIRED,
) -> tuple[dict[str, Any], ...]:
    """Return where the figures of a product and span come from, in the shape of `Imports.sources`.

    One entry a publication and vintage, however many blocks it has.
    """
    if table == baci.TABLE:
        blocks = baci.baci_blocks(store, product, as_of=as_of, first=first, last=last)
    else:
        blocks = plan(store, asked_of(product, frequency=frequency, first=first, last=last, flows=flows), as_of).used
    return sources_of(store, table, blocks)


def reading_notes(
    store: Store,
    product: Product | str,
    *,
    as_of: date | None = None,
    frequency: str,
    first: object,
    last: object,
    table: str = COMTRADE,
) -> tuple[str, ...]:
    """Return what a reader should know of the figures of `read_pairs` and `read_accounts`, or of BACI, in sentences."""
    wanted = world_product(product)
    edition = _edition_note(wanted, first, last)
    if table == baci.TABLE:
        return (
            "BACI is reconciled by its publisher: it has one figure a flow, and no second account to compare.",
            *edition,
        )
    found = plan(store, asked_of(wanted, frequency=frequency, first=first, last=last), as_of)
    notes = []
    if found.told["from_months"].any():
        notes.append(f"Years summed from twelve monthly answers: {_places(found.told, 'from_months')}.")
    if (found.used["code_level"] == "hs4").any():
        coarse = found.used.assign(is_hs4=found.used["code_level"] == "hs4")
        notes.append(f"Read at four digits, where six are not held: {_places(coarse, 'is_hs4')}.")
    if (found.told["coverage"] == "selection").any():
        selected = found.told.assign(is_selection=found.told["coverage"] == "selection")
        notes.append(
            f"Only a selection is held of {_places(selected, 'is_selection')}: what it does not list is not listed, "
            "and not zero."
        )
    return (*notes, *edition)


def _row(table: str, frequency: str, level: str, edition: str, blocks: pd.DataFrame) -> dict[str, Any]:
    first, last = (pd.Timestamp(text) for text in (blocks["period"].min(), blocks["period"].max()))
    kinds = {"table": table, "frequency": frequency, "code_level": level, "edition": edition}
    return kinds | {"first": first, "last": last, "known_on": blocks["known_on"].max()}


def _places(told: pd.DataFrame, flag: str) -> str:
    places = sorted(countries.print_name(code) for code in told.loc[told[flag], "reporter"].unique())
    return ", ".join(places[:8]) + (f" and {len(places) - 8} more" if len(places) > 8 else "")


def _edition_note(product: Product, first: object, last: object) -> tuple[str, ...]:
    code = product.key
    if not (code.isdecimal() and len(code) == 6 and hs_editions.is_known(code)):
        return ()
    heading, why = hs_editions.bridge(code)
    if not hs_editions.moved(code, pd.Timestamp(first).year, pd.Timestamp(last).year):
        return ()
    return (f"{code[:4]}.{code[4:]} is not comparable over these years ({why}): read the heading {heading}.",)
