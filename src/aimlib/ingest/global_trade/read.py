"""Reading declared trade for the analysis: what reporters say, both accounts of a flow, who has reported.

Only rows of partners count; the rows for the world as a whole are a control total, which `read_controls` tells apart.
For each reporter, flow, period and heading the figures are of HS6 where it is held, else of HS4. A year is the
reporter's own annual answer, else the sum of its twelve months where all are held. A product of which a reporter has
not told all headings is not reported, and its figures are missing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import pandas as pd

from aimlib.errors import AimError
from aimlib.ingest.frames import empty
from aimlib.ingest.global_trade.frames import ACCOUNTS, PAIRS, REPORTING
from aimlib.ingest.global_trade.wanted import asked_of
from aimlib.reference.products import Product
from aimlib.store import trade
from aimlib.store.store import Store
from aimlib.store.tables import FLOWS
from aimlib.store.trade_gaps import gaps
from aimlib.store.trade_plan import TABLE, plan

WORLD = "WLD"
ASYMMETRIES = {name: kind for name, kind in PAIRS.items() if name in ("exporter", "importer", "product", "period")}
ASYMMETRIES |= dict.fromkeys(("x_quantity_t", "m_quantity_t", "asymmetry"), "float64")


def read_pairs(
    store: Store,
    product: Product | str,
    *,
    as_of: date | None = None,
    frequency: str,
    first: object,
    last: object,
    by_category: bool = False,
    exporters: Collection[str] | None = None,
    importers: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return both accounts of each flow in the columns of `PAIRS`, ordered by exporter, importer, product, period.

    One row a flow and period that either side mentions: 0 where the other side reported all of the product and says
    nothing of it, blank where it did not report, or only a selection that does not mention it. Partners that are no
    countries (XNS, XBK, ...) stay as they are. `product` is the product's key, or a category `by_category`.
    """
    asked = asked_of(product, frequency=frequency, first=first, last=last, by_category=by_category)
    return _shaped(trade.pairs(store, asked, as_of, exporters=exporters, importers=importers), PAIRS)


def read_asymmetries(
    store: Store,
    product: Product | str,
    *,
    as_of: date | None = None,
    frequency: str,
    first: object,
    last: object,
    by_category: bool = True,
    exporters: Collection[str] | None = None,
    importers: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return how far both accounts of each flow are apart in weight: `read_pairs` for play with tables of full size.

    Columns: exporter, importer, product, period, x_quantity_t, m_quantity_t, asymmetry (2 |X - M| / (X + M); blank
    where a side has no weight or both are 0). Rows and their order are those of `read_pairs`.
    """
    asked = asked_of(product, frequency=frequency, first=first, last=last, by_category=by_category)
    return _shaped(gaps(store, asked, as_of, exporters=exporters, importers=importers), ASYMMETRIES)


def read_accounts(
    store: Store,
    product: Product | str,
    *,
    as_of: date | None = None,
    frequency: str,
    first: object,
    last: object,
    flow: str | None = None,
    reporters: Collection[str] | None = None,
    partners: Collection[str] | None = None,
    by_category: bool = False,
    by_partner: bool = True,
) -> pd.DataFrame:
    """Return what reporters declare in the columns of `ACCOUNTS`, ordered by its columns of text and periods.

    `flow` is export, import, re-export, re-import, domestic export or foreign import; without it exports and imports
    come. Without `by_partner` the partner is WLD, the sum over all partners (or over `partners`).
    """
    flows = ("export", "import") if flow is None else (flow,)
    asked = asked_of(product, frequency=frequency, first=first, last=last, by_category=by_category, flows=flows)
    by = [key for key in trade.KEYS if by_partner or key != "partner"]
    found = trade.accounts(store, asked, as_of, by=by, reporters=reporters, partners=partners)
    if found is not None and not by_partner:
        found = found.assign(partner=WORLD)
    return _shaped(found, ACCOUNTS)


def read_controls(
    store: Store,
    product: Product | str,
    *,
    as_of: date | None = None,
    frequency: str,
    first: object,
    last: object,
    by_category: bool = False,
) -> pd.DataFrame:
    """Return the rows for the world as a whole that reporters give beside their partners, in the columns of `ACCOUNTS`.

    They are control totals: the sums over partners should meet them, and they are inside no other figure.
    """
    asked = asked_of(product, frequency=frequency, first=first, last=last, by_category=by_category)
    return _shaped(trade.accounts(store, asked, as_of, row_kind="total"), ACCOUNTS)


def totals(
    store: Store,
    product: Product | str,
    *,
    by: Sequence[str] = ("product", "partner", "period"),
    flow: str,
    as_of: date | None = None,
    frequency: str,
    first: object,
    last: object,
    by_category: bool = True,
    reporters: Collection[str] | None = None,
    partners: Collection[str] | None = None,
    with_values: bool = True,
) -> pd.DataFrame:
    """Return sums of what reporters declare of one flow, without a frame of all pairs in between.

    Columns: `by` (some of reporter, partner, flow, product, period), quantity_t, fob_value_usd, cif_value_usd,
    covered_fob_value_usd, covered_cif_value_usd (quantity_t only, and sooner, without `with_values`); ordered by `by`.
    The sums are over reporters that told the product
    whole in a period, whoever they were: compare periods only over the same ones (see `read_reporting`).
    """
    strange = [name for name in by if name not in trade.KEYS]
    if strange or not by:
        raise AimError(
            f"Trade is not summed by {strange[0] if strange else 'nothing'}.", f"Sum by {', '.join(trade.KEYS)}."
        )
    asked = asked_of(product, frequency=frequency, first=first, last=last, by_category=by_category, flows=(flow,))
    found = trade.accounts(store, asked, as_of, by=by, reporters=reporters, partners=partners, with_values=with_values)
    figures = [name for name in ACCOUNTS if name not in trade.KEYS]
    return _shaped(found, {name: ACCOUNTS[name] for name in (*by, *(figures if with_values else figures[:1]))})


def read_reporting(
    store: Store,
    product: Product | str,
    *,
    as_of: date | None = None,
    frequency: str,
    first: object,
    last: object,
) -> pd.DataFrame:
    """Return who has reported the product, in the columns of `REPORTING`.

    One row a reporter and flow of which the store holds anything as of the day, and period asked for. Reported is who
    told all headings of the product; known_on is the day of the newest block used.
    """
    asked = asked_of(product, frequency=frequency, first=first, last=last, flows=FLOWS)
    held = store.blocks(TABLE, as_of)[["heading", "concept"]]
    pairs = pd.DataFrame({"reporter": held["heading"].str[:3], "flow": held["concept"]}).drop_duplicates()
    grid = pairs.merge(pd.DataFrame({"period": asked.periods}), how="cross")
    told = plan(store, asked, as_of).told
    found = grid.merge(
        told[["reporter", "flow", "period", "coverage", "from_months", "known_on"]],
        on=["reporter", "flow", "period"],
        how="left",
    )
    found = found.assign(
        reported=found["coverage"].notna(),
        coverage=found["coverage"].fillna(""),
        from_months=found["from_months"].eq(True),
    )
    return _shaped(found.sort_values(["reporter", "flow", "period"], ignore_index=True), REPORTING)


def _shaped(found: pd.DataFrame | None, types: Mapping[str, str]) -> pd.DataFrame:
    return empty(types) if found is None else found[list(types)].astype(dict(types))
