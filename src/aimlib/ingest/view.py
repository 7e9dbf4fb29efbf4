"""What a store holds of one product: the day, the code level, and which periods are loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from aimlib.errors import AimError, did_you_mean
from aimlib.ingest.provenance import sources_of
from aimlib.ingest.report import first_few
from aimlib.reference import products
from aimlib.reference.products import Product
from aimlib.store.commits import COMPLETE, SELECTION
from aimlib.store.store import Store
from aimlib.store.tables import CONCEPTS, LEVELS, TABLES

_KIND = {
    "census_imports": "monthly imports",
    "census_imports_ytd": "imports for the year to date",
    "licenses": "licenses",
    "aim_monitor": "figures of the public monitor",
    "prices": "prices",
    "comtrade": "reports to UN Comtrade",
    "baci": "BACI",
}
_OTHER_TABLES = ("prices", "comtrade", "baci")
_FILL = "Fill it with the sample (aim sample), or load figures (aim load census FILE, aim fetch census)."


@dataclass(frozen=True)
class View:
    """``blocks`` are the winning blocks of the product's headings.

    ``periods`` has one row a period of them: period (``YYYY-MM``), coverage, known_on and captured_on (of the
    newest block), lacking (headings without a block), loaded (nothing lacks).
    """

    store: Store
    table: str
    as_of: date
    concept: str
    product: Product
    code_level: str
    blocks: pd.DataFrame
    periods: pd.DataFrame

    @property
    def loaded(self) -> list[str]:
        """The loaded periods, oldest first."""
        return list(self.periods.loc[self.periods["loaded"], "period"])

    def rows(self, columns: Sequence[str]) -> pd.DataFrame:
        """Return the product's rows of the loaded periods, with ``product``, the category's slug."""
        rows = self.store.read(
            self.table,
            self.as_of,
            code_level=self.code_level,
            concept=self.concept,
            headings=self.blocks["heading"].unique(),
            periods=self.loaded,
            columns=columns,
        )
        return with_categories(rows, self.product)

    def listed(self) -> pd.DataFrame:
        """Return period and origin of the partners that selections list for all the product's headings."""
        selections = self.blocks[(self.blocks["coverage"] == SELECTION) & self.blocks["period"].isin(self.loaded)]
        pairs = [
            (period, origin)
            for period, partners in selections.groupby("period")["partners"]
            for origin in sorted(set.intersection(*map(set, partners)))
        ]
        return pd.DataFrame(pairs, columns=["period", "origin"]).astype("str")

    def sources(self) -> tuple[dict[str, Any], ...]:
        """Return where the figures come from: one dict a publication and vintage, oldest first."""
        winners = self.blocks[self.blocks["period"].isin(self.loaded)]
        return sources_of(self.store, self.table, winners)


def view(store: Store, table: str, as_of: date | None, concept: str, product: Product | str | None) -> View:
    """Find `product` in a store as of a day; without them the widest product held, on the newest day.

    Raises AimError for an empty store, a day before any figures, and a concept or product that is not held.
    """
    day = _day(store, table, as_of)
    blocks = _of_concept(store.blocks(table, day), concept, day)
    held = {level: set(blocks["heading"][blocks["code_level"] == level]) for level in LEVELS}
    wanted = products.resolve(product) if isinstance(product, str) else product or products.widest(held)
    levels = [level for level in reversed(LEVELS) if wanted and products.level_for(wanted, {level: held[level]})]
    for level in levels:
        headings = ("76",) if level == "hs2" else products.headings_of(wanted)
        mine = blocks[(blocks["code_level"] == level) & blocks["heading"].isin(headings)]
        periods = _periods(mine, headings)
        if periods["loaded"].any():
            return View(store, table, day, concept, wanted, level, mine, periods)
    raise _not_held(wanted, day, blocks, held, scattered=bool(levels))


def with_categories(rows: pd.DataFrame, product: Product) -> pd.DataFrame:
    """Return the rows that belong to `product`, with the column ``product``: the category's slug."""
    first_seen = rows.drop_duplicates("code")
    months = first_seen["month"] if "month" in rows else _month_of(first_seen["year"], first_seen["through_month"])
    since = _month_of(months.dt.year, 1)
    slugs = products.classify(first_seen["code"], months, since)
    named = rows.assign(product=rows["code"].map(dict(zip(first_seen["code"], slugs, strict=True))).astype("str"))
    return named[products.contains(product, named["code"], named["product"])].reset_index(drop=True)


def _month_of(year: pd.Series, month: pd.Series | int) -> pd.Series:
    return pd.to_datetime((year * 100 + month).astype("str"), format="%Y%m")


def newest_day(store: Store) -> date:
    """Return the newest day on which figures of U.S. imports or licenses were known.

    Prices and the trade of other countries move no bulletin's day. Raises AimError where the store holds neither.
    """
    days = [day for table in TABLES if table not in _OTHER_TABLES for day in store.known_days(table)[-1:]]
    if not days:
        raise AimError("The store holds no U.S. imports.", _FILL)
    return max(days)


def _day(store: Store, table: str, as_of: date | None) -> date:
    if store.is_empty:
        raise AimError("The store is empty.", _FILL)
    days = store.known_days(table)
    if not days:
        others = sorted({_KIND[name] for commit in store.commits for name in commit.tables()})
        advice = f"Load {_KIND[table]}: aim load census FILE, or aim fetch census --from YYYY-MM."
        raise AimError(f"The store holds no {_KIND[table]}, only {' and '.join(others)}.", advice)
    if as_of is not None and as_of < days[0]:
        raise AimError(
            f"Nothing was known yet on {as_of}: the first figures in the store are of {days[0]}.",
            f"Ask as_of {days[0]} or later.",
        )
    return as_of or newest_day(store)


def _of_concept(blocks: pd.DataFrame, concept: str, day: date) -> pd.DataFrame:
    """Return the blocks of `concept`. Raises AimError when it is none, or none is held."""
    if concept not in CONCEPTS:
        advice = did_you_mean(concept, CONCEPTS) or f"Use {' or '.join(CONCEPTS)}."
        raise AimError(f"'{concept}' is not a concept of imports.", advice)
    mine = blocks[blocks["concept"] == concept]
    if mine.empty:
        other = " and ".join(sorted(set(blocks["concept"])))
        advice = f"Take concept={other}, or load answers that have it."
        raise AimError(f"As of {day} the store holds imports of the concept {other} only.", advice)
    return mine


def _periods(blocks: pd.DataFrame, headings: tuple[str, ...]) -> pd.DataFrame:
    by_period = blocks.assign(is_selection=blocks["coverage"] == SELECTION).groupby("period")
    periods = by_period.agg(
        headings=("heading", "size"),
        is_selection=("is_selection", "any"),
        known_on=("known_on", "max"),
        captured_at=("captured_at", "max"),
    ).reset_index()
    there = by_period["heading"].agg(set)
    lacking = [", ".join(sorted(set(headings) - there[period])) for period in periods["period"]]
    return pd.DataFrame(
        {
            "period": periods["period"],
            "coverage": periods["is_selection"].map({True: SELECTION, False: COMPLETE}).astype("str"),
            "known_on": periods["known_on"],
            "captured_on": periods["captured_at"].dt.tz_localize(None).dt.normalize(),
            "lacking": pd.Series(lacking, dtype="str"),
            "loaded": periods["headings"] == len(headings),
        }
    )


def _not_held(
    product: Product | None, day: date, blocks: pd.DataFrame, held: dict[str, set[str]], scattered: bool
) -> AimError:
    """Return the error of a product that is not held, or (`scattered`) not in any one month."""
    spans = [f"{level} {first_few(sorted(headings), 8)}" for level, headings in held.items() if headings]
    what = product.phrase if product else "a product"
    lacks = f"no month with all headings of {what}" if scattered else f"no figures for {what}"
    widest = products.widest(held)
    other = widest is not None and widest != product
    return AimError(
        f"As of {day} the store holds {lacks}; it has {'; '.join(spans)} ({blocks['period'].min()} to "
        f"{blocks['period'].max()}).",
        f"Take product={widest.key}, or load answers at HTS10." if other else "Load answers at HTS10.",
    )
