"""Census figures by vintage: what each month was first printed as, and each day on which it was revised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from aimlib.ingest.frames import CENSUS, PRINTS, empty, shaped
from aimlib.ingest.read import read_imports
from aimlib.ingest.sharing import kept
from aimlib.ingest.view import View, view, with_categories
from aimlib.reference import products
from aimlib.reference.products import Product
from aimlib.store.scan import changes, scanning
from aimlib.store.store import Store
from aimlib.store.tables import BLOCK_KEY

_TABLE = "census_imports"
_SUMS = ["customs_value_usd", "quantity_kg", "value_with_quantity", "lacking"]

# First the rows of one country, as the monthly reading adds them: two Census codes of one country have a quantity
# where both have. Then the sums, with what it takes to tell whether a quantity is missing.
_QUERY = f"""
WITH countries AS (
    SELECT block, origin, named.product, code, sum(customs_value_usd) AS value,
        CASE WHEN count(quantity_kg) = count(*) THEN sum(quantity_kg) END AS quantity
    FROM rows
    JOIN blocks USING (commit_name, {", ".join(BLOCK_KEY)})
    JOIN named USING (code)
    WHERE row_kind = 'country' GROUP BY ALL
)
SELECT block, CASE WHEN grouping(product) = 0 THEN 'product' WHEN grouping(origin) = 0 THEN 'origin' ELSE 'total' END
    AS part_kind, coalesce(product, origin, 'all') AS part,
    sum(value) AS customs_value_usd, coalesce(sum(quantity), 0) AS quantity_kg,
    coalesce(sum(value) FILTER (quantity IS NOT NULL), 0) AS value_with_quantity,
    count(*) FILTER (quantity IS NULL AND value <> 0) AS lacking
FROM countries GROUP BY GROUPING SETS ((block), (block, product), (block, origin)) ORDER BY ALL
"""


@kept("census-prints", (_TABLE,), by_day=True)
def read_prints(
    store: Store,
    *,
    concept: str = "consumption",
    product: Product | str | None = None,
    origins: Sequence[str] | Mapping[str, Sequence[str]] | None = None,
    as_of: date | None = None,
) -> pd.DataFrame:
    """Return Census figures of `product` as each vintage known by `as_of` had them.

    Columns: known_on, month, part_kind (total, product, origin), part ('all', a category, an origin), quantity_kg,
    customs_value_usd. The figures of a month stood so from known_on until its next one. Each month has one group of
    rows for each day on which complete figures of it were published or changed, with all parts in it: one that has no
    rows is a true zero. A month is there from the day on which all the product's headings were. `quantity_kg` is
    blank where there is value but no quantity.

    `origins` are the countries to tell, or groups with their members; None takes all that occur.

    Raises AimError where `read_imports` does.
    """
    found = view(store, _TABLE, as_of, concept, product)
    blocks = _blocks(found)
    standing = _standing(blocks, 1 if found.code_level == "hs2" else len(products.headings_of(found.product)))
    if standing.empty:
        return empty(PRINTS)
    sums = _sums(found, blocks)
    sums = sums if origins is None else _of_places(sums, origins)
    kept = standing.merge(sums, on="block").groupby(["month", "known_on", "part_kind", "part"])[_SUMS].sum()
    every = standing[["month", "known_on"]].drop_duplicates().merge(_parts(found.product, sums, origins), how="cross")
    prints = every.merge(kept.reset_index(), how="left", on=list(every))
    prints[_SUMS] = prints[_SUMS].fillna(0.0)
    has_none = prints["value_with_quantity"].eq(0) & prints["quantity_kg"].eq(0) & prints["lacking"].gt(0)
    prints["quantity_kg"] = prints["quantity_kg"].mask(has_none)
    return shaped(prints, PRINTS)


@kept("census-cells", (_TABLE,), by_day=True)
def read_census_cells(
    store: Store,
    *,
    as_of: date | None = None,
    concept: str = "consumption",
    product: Product | str | None = None,
    first: pd.Timestamp | None = None,
    last: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Return Census imports as known on a day: month, origin, product, quantity_kg, customs_value_usd.

    `first` and `last` are months, both included. A cell without trade has no row; `quantity_kg` is blank where
    there is value but no quantity. Raises AimError where `read_imports` does.
    """
    rows = read_imports(store, as_of=as_of, concept=concept, product=product).rows
    rows = rows if first is None else rows[rows["month"] >= pd.Timestamp(first)]
    rows = rows if last is None else rows[rows["month"] <= pd.Timestamp(last)]
    has = rows["quantity_kg"].notna()
    told = rows.assign(
        value_with_quantity=rows["customs_value_usd"].where(has, 0.0),
        lacking=~has & rows["customs_value_usd"].ne(0),
    )
    cells = told.groupby(["month", "origin", "product"], as_index=False)[_SUMS].sum()
    has_none = cells["value_with_quantity"].eq(0) & cells["quantity_kg"].eq(0) & cells["lacking"].gt(0)
    cells["quantity_kg"] = cells["quantity_kg"].mask(has_none)
    return shaped(cells, CENSUS)


def _blocks(found: View) -> pd.DataFrame:
    """Return the complete blocks of the product, of all vintages known on the day, that changed a figure."""
    every = found.store.every_block(_TABLE)
    mine = every[
        (every["concept"] == found.concept)
        & (every["code_level"] == found.code_level)
        & every["heading"].isin(found.blocks["heading"].unique())
        & (every["known_on"] <= pd.Timestamp(found.as_of))
    ]
    return changes(mine).rename_axis("block").reset_index()


def _standing(blocks: pd.DataFrame, headings: int) -> pd.DataFrame:
    """Return month, known_on and block: which blocks stood on each day that changed one of their month's."""
    days = blocks[["period", "known_on"]].drop_duplicates()
    pairs = days.merge(blocks[["period", "block", "known_on", "until"]], on="period", suffixes=("", "_block"))
    stood = (pairs["known_on_block"] <= pairs["known_on"]) & ~(pairs["until"] <= pairs["known_on"])
    pairs = pairs[stood]
    pairs = pairs[pairs.groupby(["period", "known_on"])["block"].transform("size") == headings]
    month = pd.to_datetime(pairs["period"], format="%Y-%m").astype("datetime64[us]")
    return pairs.assign(month=month)[["month", "known_on", "block"]]


def _sums(found: View, blocks: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of each block by part: block, part_kind, part, and what `_QUERY` adds up."""
    filled = blocks[blocks["rows"] > 0]
    if filled.empty:
        return empty({"block": "int64", "part_kind": "str", "part": "str"} | dict.fromkeys(_SUMS, "float64"))
    with scanning(found.store, _TABLE, filled["commit_name"].unique()) as connection:
        connection.register("blocks", filled[["block", "commit_name", *BLOCK_KEY]])
        codes = connection.sql(
            f"SELECT code, min(month) AS month FROM rows JOIN blocks USING (commit_name, {', '.join(BLOCK_KEY)}) "
            "GROUP BY code ORDER BY code"
        ).df()
        named = with_categories(codes.astype({"code": "str", "month": "datetime64[us]"}), found.product)
        connection.register("named", named[["code", "product"]])
        return connection.sql(_QUERY).df().astype({"part_kind": "str", "part": "str", "lacking": "float64"})


def _of_places(sums: pd.DataFrame, origins: Sequence[str] | Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return the sums with those of single origins turned into those of the places asked for."""
    is_origin = sums["part_kind"] == "origin"
    pairs = [(part, member) for part, members in places_of(origins).items() for member in sorted(set(members))]
    places = pd.DataFrame(pairs, columns=["place", "part"], dtype="str")
    told = sums[is_origin].merge(places, on="part").drop(columns="part").rename(columns={"place": "part"})
    return pd.concat([sums[~is_origin], told], ignore_index=True)


def places_of(origins: Sequence[str] | Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Return each part that stands for origins with its members; a country stands for itself."""
    return dict(origins) if isinstance(origins, Mapping) else {origin: (origin,) for origin in origins}


def _parts(
    product: Product, sums: pd.DataFrame, origins: Sequence[str] | Mapping[str, Sequence[str]] | None
) -> pd.DataFrame:
    """Return part_kind and part of every part that each print tells."""
    places = sorted(sums.loc[sums["part_kind"] == "origin", "part"].unique()) if origins is None else places_of(origins)
    parts = [("total", "all"), *(("product", name) for name in product.categories)]
    return pd.DataFrame([*parts, *(("origin", place) for place in places)], columns=["part_kind", "part"], dtype="str")
