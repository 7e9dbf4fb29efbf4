"""What the public monitor's files tell in the place of licenses: early months by vintage, and the metal's history.

Its figures are protected already, and name no importers. A figure withheld is missing, and so is a sum that it
belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from aimlib.ingest.frames import CELLS, DETAIL, PANEL, empty, shaped
from aimlib.reference.products import Product
from aimlib.store.scan import changes, scanning
from aimlib.store.store import Store
from aimlib.store.tables import BLOCK_KEY

TABLE = "aim_monitor"
_ALL, _SCOPE = "TOTAL", "aim"
_FIGURES = ["quantity_kg", "customs_value_usd"]
_SHARES = {"quantity_kg": "share_quantity", "customs_value_usd": "share_value"}
_COLUMNS = ["month", "data_basis", "code_level", "code", "product", "origin", "largest_smelt", "recent_cast"]


def known_days(store: Store, as_of: date | None = None) -> list[date]:
    """Return the days of the monitor's vintages through `as_of`."""
    return [day for day in store.known_days(TABLE) if as_of is None or day <= as_of]


def blocks_used(store: Store, as_of: date | None = None) -> pd.DataFrame:
    """Return the monitor's blocks of all vintages through `as_of` that changed a figure, with ``until``."""
    mine = store.every_block(TABLE)
    return changes(mine if as_of is None else mine[mine["known_on"] <= pd.Timestamp(as_of)])


def read_panel(
    store: Store,
    days: Sequence[date],
    product: Product,
    places: Mapping[str, Sequence[str]] | None,
    months_back: int,
) -> pd.DataFrame:
    """Return the license-marked months as each of `days` saw them: the frame PANEL, without importers.

    Without `places` every origin stands for itself. Totals over origins and products are the monitor's own where
    it prints them, else sums of what it prints.
    """
    blocks = blocks_used(store).rename_axis("block").reset_index()
    blocks = blocks[blocks["heading"] == "imports"]
    at = np.array(sorted(set(days)), dtype="datetime64[us]")
    seen_from = at.searchsorted(blocks["known_on"].to_numpy("datetime64[us]"))
    seen_until = at.searchsorted(blocks["until"].fillna(pd.Timestamp.max.floor("D")).to_numpy("datetime64[us]"))
    months = pd.to_datetime(blocks["period"], format="%Y-%m").to_numpy("datetime64[M]")
    ended = (months + months_back + 1).astype("datetime64[us]")
    seen_from = np.maximum(seen_from, at.searchsorted(months.astype("datetime64[us]")))
    seen_until = np.maximum(seen_from, np.minimum(seen_until, at.searchsorted(ended)))
    if not (seen_until > seen_from).any():
        return empty(PANEL)
    rows = _rows(store, blocks[seen_until > seen_from], "data_basis = 'license'")
    times = seen_until - seen_from
    day = at[np.concatenate([np.arange(*span) for span in zip(seen_from, seen_until, strict=True)])]
    seen = pd.DataFrame({"block": blocks["block"].to_numpy().repeat(times), "day": day})
    told = _at_level(seen.merge(rows, on="block"), product, ["day", "month"])
    parts = _parts(told, ["day", "month"], product, places)
    return shaped(parts.assign(importers=pd.NA, top_share=np.nan), PANEL)


def read_cells(store: Store, as_of: date, product: Product, months: Sequence[pd.Timestamp]) -> pd.DataFrame:
    """Return the license-marked figures of `months` by origin and product: the frame CELLS, without importers."""
    rows = _standing(store, as_of, "imports")
    rows = rows[rows["month"].isin(list(months)) & (rows["data_basis"] == "license") & (rows["origin"] != _ALL)]
    told = _at_level(rows, product, ["month"])
    told = told[told["product"] != _SCOPE]
    cells = _sum(told, ["month", "origin", "product"]).reset_index()
    return shaped(cells.assign(importers=pd.NA, top_share=np.nan), CELLS)


def read_detail(
    store: Store, as_of: date, product: Product, first: pd.Timestamp, last: pd.Timestamp, metal: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the frame DETAIL of the dashboard `metal` (smelt or cast), and the cells left out of it.

    A share is turned into tonnes and dollars by the imports dashboard's volume of the origin, product and month.
    Where that is not held, or the share is withheld, it is left out; the second frame tells of such: month, origin,
    product, withheld. What the dashboard does not tell is 'not collected'. A month that it tells over all products
    only has the product aim.
    """
    rows = _standing(store, as_of, metal)
    rows = rows[rows["month"].between(first, last) & (rows["origin"] != _ALL)]
    told = _at_level(rows, product, ["month"])
    by_product = told[told["product"] != _SCOPE]
    told = pd.concat([by_product, told[~told["month"].isin(by_product["month"])]])
    key = ["month", "code_level", "code", "product", "origin"]
    volumes = _volumes(store, as_of, product)
    told = told.merge(volumes, how="left", on=key, suffixes=("", "_imported"))
    for figure, share in _SHARES.items():
        told[figure] = told[figure].fillna(told[share] * told[f"{figure}_imported"])
    lacks = told[_FIGURES].isna().all(axis=1)
    told["withheld"] = told[list(_SHARES.values())].isna().all(axis=1)
    gaps = told.loc[lacks, ["month", "origin", "product", "withheld"]].drop_duplicates(ignore_index=True)
    kept = told[~lacks].assign(second_smelt="not collected", importer=pd.NA)
    for name in ("largest_smelt", "recent_cast"):
        kept[name] = kept[name].replace("", "not collected")
    keys = [name for name in DETAIL if name not in ("importer", *_FIGURES)]
    return shaped(_sum(kept, keys).reset_index().assign(importer=pd.NA), DETAIL), gaps


def _volumes(store: Store, as_of: date, product: Product) -> pd.DataFrame:
    """Return the imports dashboard's volumes by month, code level, code, product and origin."""
    key = ["month", "code_level", "code", "product", "origin"]
    rows = _standing(store, as_of, "imports")
    rows = rows[(rows["code_level"] == "hs6") | rows["product"].isin([*product.categories, _SCOPE])]
    held = _sum(rows, key)
    over = _sum(rows[(rows["code_level"] == "category") & (rows["product"] != _SCOPE)], ["month", "origin"])
    over = over.reset_index().assign(code_level="category", code="", product=_SCOPE)
    return held.combine_first(over.set_index(key)).reset_index()


def _standing(store: Store, as_of: date, dashboard: str) -> pd.DataFrame:
    blocks = blocks_used(store, as_of).rename_axis("block").reset_index()
    return _rows(store, blocks[(blocks["heading"] == dashboard) & blocks["until"].isna()], "TRUE")


def _rows(store: Store, blocks: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return the rows of `blocks`: block, `_COLUMNS`, figures and shares; code is '' but at six digits."""
    types = {"block": "int64", "month": "datetime64[us]"} | dict.fromkeys(_COLUMNS[1:], "str")
    types |= dict.fromkeys([*_FIGURES, *_SHARES.values()], "float64")
    filled = blocks[blocks["rows"] > 0]
    if filled.empty:
        return empty(types)
    with scanning(store, TABLE, filled["commit_name"].unique()) as connection:
        connection.register("blocks", filled[["block", "commit_name", *BLOCK_KEY]])
        rows = connection.sql(
            f"SELECT {', '.join(types)} FROM rows JOIN blocks USING (commit_name, {', '.join(BLOCK_KEY)}) "
            f"WHERE {where} ORDER BY ALL"
        ).df()
    rows = rows.astype(types)
    return rows.assign(code=rows["code"].where(rows["code_level"] == "hs6", ""))


def _at_level(rows: pd.DataFrame, product: Product, over: list[str]) -> pd.DataFrame:
    """Return the rows that make up `product`: of categories, else (or where it is a code) of six digits.

    The two are never added: within `over` one of them counts.
    """
    is_hs6 = rows["code_level"] == "hs6"
    if product.key.isdecimal():
        return rows[is_hs6 & rows["code"].str.startswith(product.key)]
    wanted = [*product.categories, _SCOPE] if product.key == _SCOPE else list(product.categories)
    mine = rows[rows["product"].isin(wanted)]
    of_categories = mine[mine["code_level"] == "category"]
    held = pd.MultiIndex.from_frame(of_categories[over].drop_duplicates())
    others = mine[is_hs6.loc[mine.index]]
    return pd.concat([of_categories, others[~pd.MultiIndex.from_frame(others[over]).isin(held)]])


def _parts(
    rows: pd.DataFrame, over: list[str], product: Product, places: Mapping[str, Sequence[str]] | None
) -> pd.DataFrame:
    """Return the sums by part within `over`: each the monitor's own where printed, else added up."""
    is_all, is_scope = rows["origin"] == _ALL, rows["product"] == _SCOPE
    total = _first_known(
        _sum(rows[is_all & is_scope], over),
        _sum(rows[is_all & ~is_scope], over),
        _sum(rows[~is_all & is_scope], over),
        _sum(rows[~is_all & ~is_scope], over),
    )
    by_product = [*over, "product"]
    products = _first_known(_sum(rows[is_all & ~is_scope], by_product), _sum(rows[~is_all & ~is_scope], by_product))
    by_origin = [*over, "origin"]
    origins = _first_known(
        _sum(rows[~is_all & is_scope], by_origin), _sum(rows[~is_all & ~is_scope], by_origin)
    ).reset_index()
    if places is not None:
        pairs = [(part, member) for part, members in places.items() for member in sorted(set(members))]
        named = pd.DataFrame(pairs, columns=["part", "origin"], dtype="str")
        origins = origins.merge(named, on="origin").drop(columns="origin").rename(columns={"part": "origin"})
        origins = _sum(origins, by_origin).reset_index()
    return pd.concat(
        [
            total.reset_index().assign(part_kind="total", part="all"),
            products.reset_index().assign(part_kind="product").rename(columns={"product": "part"}),
            origins.assign(part_kind="origin").rename(columns={"origin": "part"}),
        ]
    )


def _first_known(*frames: pd.DataFrame) -> pd.DataFrame:
    first, *others = [frame for frame in frames if len(frame)] or frames[:1]
    for other in others:
        first = first.combine_first(other)
    return first


def _sum(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sum the figures by `keys`; a sum with a missing figure in it is missing."""
    groups = rows[[*keys, *_FIGURES]].groupby(keys)
    return groups[_FIGURES].sum().where(groups[_FIGURES].count().eq(groups.size(), axis=0))
