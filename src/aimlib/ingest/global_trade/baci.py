"""Reading CEPII's reconciled flows, which have one account only and no reporters."""

from __future__ import annotations

from datetime import date

import pandas as pd

from aimlib.errors import AimError
from aimlib.ingest.frames import empty
from aimlib.ingest.global_trade.frames import FLOWS
from aimlib.ingest.global_trade.wanted import categories, world_product
from aimlib.reference import hs_editions
from aimlib.reference.products import Product
from aimlib.store import trade
from aimlib.store.store import Store

TABLE = "baci"
RECONCILED = FLOWS | {"doubtful_value_usd": "float64", "doubtful_quantity_t": "float64"}
"""Columns of `read_baci`: the part of each figure that rests on rows with a unit value beyond reason is inside it."""


def read_baci(
    store: Store,
    product: Product | str,
    *,
    as_of: date | None = None,
    first: object,
    last: object,
    by_category: bool = False,
    edition: str | None = None,
) -> pd.DataFrame:
    """Return reconciled flows by year in the columns of `RECONCILED`, ordered by exporter, importer, product, period.

    A year counts for a product when all of its HS6 codes are held; ``side`` is reconciled. The quantity is blank
    where no row has one. Editions of the HS are never mixed: see `baci_blocks`. Empty where nothing is held.
    """
    blocks = baci_blocks(store, product, as_of=as_of, first=first, last=last, by_category=by_category, edition=edition)
    used = blocks[blocks["rows"] > 0]
    if used.empty:
        return empty(RECONCILED)
    names = dict(zip(used["heading"].str[:4], used["product"], strict=True))
    found = trade.flows(store, TABLE, used, names).assign(side="reconciled")
    found["import_value_usd"] = found["fob_value_usd"]
    found["covered_import_value_usd"] = found["covered_fob_value_usd"]
    return found[list(RECONCILED)].astype(RECONCILED)


def baci_blocks(
    store: Store,
    product: Product | str,
    *,
    as_of: date | None = None,
    first: object,
    last: object,
    by_category: bool = False,
    edition: str | None = None,
) -> pd.DataFrame:
    """Return the blocks that make up the product, with ``product``: years of which all codes are held.

    Without `edition` (HS92) it is the one with the most such years, of several the oldest. Raises AimError for an
    edition that is not held.
    """
    wanted = world_product(product)
    names = categories(wanted, by_category=by_category)
    blocks = store.blocks(TABLE, as_of)
    held = sorted(blocks["concept"].unique(), key=hs_editions.of_baci)
    if edition is not None and edition not in held:
        raise AimError(f"BACI of the edition {edition} is not held.", f"Held: {', '.join(held) or 'none'}.")
    years = blocks["period"].between(f"{pd.Timestamp(first):%Y}", f"{pd.Timestamp(last):%Y}")
    inside = blocks[years & blocks["heading"].str[:4].isin(list(names))]
    inside = inside[inside["heading"].str.startswith(wanted.code_prefixes)]
    inside = inside.assign(product=inside["heading"].str[:4].map(names).astype("str"))
    whole = [
        _whole(inside[inside["concept"] == name], wanted, names, name) for name in ([edition] if edition else held)
    ]
    return max(whole, key=lambda found: found["period"].nunique(), default=inside)


def _whole(blocks: pd.DataFrame, product: Product, names: dict[str, str], edition: str) -> pd.DataFrame:
    """Return the blocks of years and products of which all codes of the edition are held."""
    codes = [code for heading in names for code in hs_editions.codes_of(heading, hs_editions.of_baci(edition))]
    wanted = [code for code in codes if code.startswith(product.code_prefixes)]
    needed = pd.Series([names[code[:4]] for code in wanted], dtype="str").value_counts()
    held = blocks.groupby(["period", "product"])["heading"].transform("nunique")
    return blocks[held == blocks["product"].map(needed)]
