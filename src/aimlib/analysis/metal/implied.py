"""Census tonnes by country of smelt, implied by the licenses' shares; and bounds for the metal of a country.

**Implied tonnes.** Within an origin, product and month, Census is divided as the licenses' quantity is:

    implied(o, p, m, s) = census(o, p, m) x licensed(o, p, m, s) / licensed(o, p, m).

Where Census has imports and there is no license, the quantity is *not covered*, a column of its own. So implied tonnes
over the columns, with not covered, add up to Census.

**What a license tells of the metal.** Let w1 and w2 be the shares of a product's primary metal that come from the
countries of largest and second-largest smelt: w1 >= w2 and w1 + w2 <= 1. For a country X and a quantity q:

==================================  ==============================
the license says                    primary metal from X, of q
==================================  ==============================
largest X, second *N/A*             all: w1 = 1
largest X, second another           between 0 and 1: w1 in (0, 1)
largest another, second X           between 0 and 1/2: w2 in (0, 1/2]
largest *N/A* (no primary metal)    nothing
largest or second *unknown*         between 0 and 1
neither names X                     nothing
==================================  ==============================

The last line assumes that a country which is neither named holds nothing; the form does not ask for a third. The
tonnes are those of goods, weighted by the part of their *primary* metal that is X's: how much of the goods is primary
metal the form does not ask either. Where it is p, the primary metal from X is p times as much, and its lower bound
zero. So, with q(.) implied quantities,

    content_low = q(sole X),   content_high = q(largest X) + q(second only X) / 2 + q(unknown) + q(not covered)

where q(unknown) leaves out licenses that name X. **Goods touched by X** are those that name it as largest or second:

    touched_low = q(any smelt X),   touched_high = touched_low + q(unknown) + q(not covered).

What is hidden among the licenses of these months, or in the tables of the whole period, is hidden here: Census totals
of an origin are public, and the licenses' pattern is made as if the totals of licenses were (see `cube`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aimlib.analysis.confidentiality.cells import Dimension
from aimlib.analysis.metal.exposures import ANY, ANY_OR_UNKNOWN, LARGEST, SOLE, Exposures, contributions
from aimlib.analysis.metal.fields import NOT_COVERED, SMELT, UNKNOWN, rows_of
from aimlib.analysis.metal.shares import kind_of_origin, nodes_of
from aimlib.analysis.metal.spans import PERIOD_SMELT
from aimlib.analysis.metal.steps import Frame
from aimlib.analysis.totals import TOTAL

CELL = ["month", "origin", "product"]


@dataclass(frozen=True)
class Weighted:
    """License rows with what each implies of Census (``implied_kg``), and Census with what no license covers.

    `census` has month, origin, product, quantity_kg, not_covered_kg. `without_quantity` counts Census cells that have
    value and no quantity, `without_census` cells with licenses that Census does not have.
    """

    rows: pd.DataFrame
    census: pd.DataFrame
    without_quantity: int
    without_census: int


def weighted(detail: pd.DataFrame, census: pd.DataFrame, frame: Frame) -> Weighted:
    """Return license rows and Census of the frame's months, joined within origin, product and month."""
    rows = rows_of(detail, SMELT, frame.first, frame.last)
    known = census[(census["month"] >= frame.first) & (census["month"] <= frame.last)]
    lacking = int((known["quantity_kg"].isna() & (known["customs_value_usd"] > 0)).sum())
    known = known.groupby(CELL, as_index=False)["quantity_kg"].sum()
    licensed = rows.groupby(CELL, as_index=False)["quantity_kg"].sum().rename(columns={"quantity_kg": "licensed_kg"})
    known = known.merge(licensed, on=CELL, how="left")
    covered = known["licensed_kg"] > 0
    known["not_covered_kg"] = known["quantity_kg"].where(~covered, 0.0)
    known["per_kg"] = (known["quantity_kg"] / known["licensed_kg"]).where(covered, 0.0)
    rows = rows.merge(known[[*CELL, "per_kg"]], on=CELL, how="left")
    outside = len(rows.loc[rows["per_kg"].isna(), CELL].drop_duplicates())
    rows["implied_kg"] = rows["quantity_kg"] * rows["per_kg"].fillna(0.0)
    return Weighted(rows, known.drop(columns=["licensed_kg", "per_kg"]), lacking, outside)


def implied(found: Weighted, exposures: Exposures, origins: Sequence[str]) -> pd.DataFrame:
    """Return Census tonnes by origin and country of largest smelt, as the licenses imply.

    Columns: origin, row_kind, largest_smelt (a country, *N/A*, *unknown*, ``not covered``, ``TOTAL``),
    implied_quantity_kg, share_implied (of the origin's Census total), suppressed. The rows ``TOTAL`` are Census
    itself. Blank are the cells that the licenses of these months hide; of an origin whose total they hide, all but
    Census.
    """
    cube = exposures.smelt
    rows = nodes_of(cube, origins) if len(found.census) else np.zeros(0, dtype=np.int64)
    when = np.array([cube.time.at(PERIOD_SMELT)])
    size = (cube.origins.size, cube.metals.size)
    block = np.zeros(size)
    of_origin = pd.Index(cube.origins.nodes).get_indexer(found.rows["origin"])
    of_metal = pd.Index(cube.metals.nodes).get_indexer(found.rows["largest_smelt"])
    np.add.at(block, (of_origin, of_metal), found.rows["implied_kg"].to_numpy())
    block = _summed(block, cube.origins)
    census, uncovered = (_by_origin(found.census, name, cube.origins) for name in ("quantity_kg", "not_covered_kg"))
    block[:, cube.metals.at(TOTAL)] = census
    origin, metal = (part.ravel() for part in np.meshgrid(rows, np.arange(cube.metals.size), indexing="ij"))
    status = cube.read(origin, metal, when)["suppressed"]
    blank = cube.row_hidden(rows, np.broadcast_to(when, rows.shape))
    names, metals = pd.Series(cube.origins.nodes, dtype="str"), pd.Series(cube.metals.nodes, dtype="str")
    cells = pd.DataFrame({"origin": names.array.take(origin), "largest_smelt": metals.array.take(metal)})
    cells = cells.assign(implied_quantity_kg=block[origin, metal], suppressed=status)
    cells.loc[cells["largest_smelt"] == TOTAL, "suppressed"] = ""
    extra = pd.DataFrame({"origin": names.array.take(rows)}).assign(
        largest_smelt=NOT_COVERED,
        implied_quantity_kg=uncovered[rows],
        suppressed=np.where(blank, "secondary", ""),
    )
    out = pd.concat([cells, extra], ignore_index=True)
    out["implied_quantity_kg"] = out["implied_quantity_kg"].mask(out["suppressed"] != "")
    whole = out["origin"].map(dict(zip(names, census, strict=True))).astype("float64")
    out["share_implied"] = out["implied_quantity_kg"] / whole.where(whole > 0)
    out["row_kind"] = kind_of_origin(out["origin"])
    place = {name: at for at, name in enumerate([*metals[metals != TOTAL], NOT_COVERED, TOTAL])}
    order = np.lexsort((out["largest_smelt"].map(place), pd.Index(names[rows]).get_indexer(out["origin"])))
    columns = ["origin", "row_kind", "largest_smelt", "implied_quantity_kg", "share_implied", "suppressed"]
    return out.iloc[order][columns].reset_index(drop=True)


def bounds(found: Weighted, exposures: Exposures, origins: Sequence[str]) -> pd.DataFrame:
    """Return lower and upper bounds of the metal of each country of the watch list, within Census tonnes.

    Columns: origin, row_kind, country, content_low_kg, content_high_kg, touched_low_kg, touched_high_kg (see the
    module), census_quantity_kg, suppressed (why a bound is blank, else ''). Empty where the source does not have
    the second smelt.
    """
    cube = exposures.smelt
    columns = ["origin", "row_kind", "country", *BOUNDS, "census_quantity_kg", "suppressed"]
    if SOLE not in exposures.derived or not len(found.census):
        return pd.DataFrame({name: pd.Series(dtype="float64" if name.endswith("_kg") else "str") for name in columns})
    rows = nodes_of(cube, origins)
    when = np.broadcast_to(cube.time.at(PERIOD_SMELT), rows.shape)
    blank = cube.row_hidden(rows, when)
    census = _by_origin(found.census, "quantity_kg", cube.origins)[rows]
    uncovered = np.where(blank, np.nan, _by_origin(found.census, "not_covered_kg", cube.origins)[rows])
    names = pd.Series(cube.origins.nodes, dtype="str").array.take(rows)
    unknown_hidden = np.zeros(len(rows), dtype=bool)
    if UNKNOWN in cube.metals.nodes:
        told = cube.read(rows, np.array([cube.metals.at(UNKNOWN)]), when)["suppressed"]
        unknown_hidden = (told != "").to_numpy()
    tables = []
    for country in exposures.watch:
        q, words = {}, []
        for measure in (SOLE, LARGEST, ANY, ANY_OR_UNKNOWN):
            taken = contributions(found.rows, measure, (country,))
            word = exposures.read(measure, country, rows, when)["suppressed"]
            q[measure] = np.where(word == "", _by_origin(taken, "implied_kg", cube.origins)[rows], np.nan)
            words.append(word)
        # Of a country that nobody names, the upper bounds are the unknown and what is not covered.
        unknown = np.where(unknown_hidden, np.nan, q[ANY_OR_UNKNOWN] - q[ANY])
        out = pd.DataFrame({"origin": names, "row_kind": kind_of_origin(pd.Series(names))}).assign(
            country=country,
            content_low_kg=q[SOLE],
            content_high_kg=q[LARGEST] + (q[ANY] - q[LARGEST]) / 2 + unknown + uncovered,
            touched_low_kg=q[ANY],
            touched_high_kg=q[ANY] + unknown + uncovered,
            census_quantity_kg=census,
        )
        word = pd.concat(words, axis=1)
        worst = np.where((word == "primary").any(axis=1), "primary", "secondary")
        tables.append(out.assign(suppressed=np.where(out[list(BOUNDS)].isna().any(axis=1), worst, "")))
    return pd.concat(tables, ignore_index=True)[columns].astype({"suppressed": "str", "country": "str"})


BOUNDS = ("content_low_kg", "content_high_kg", "touched_low_kg", "touched_high_kg")


def _by_origin(frame: pd.DataFrame, column: str, origins: Dimension) -> np.ndarray:
    """Return the sum of a column for every node of the origins."""
    at = pd.Index(origins.nodes).get_indexer(frame["origin"])
    leaves = np.bincount(at, weights=frame[column].to_numpy(float), minlength=origins.size)
    return _summed(leaves[:, None], origins)[:, 0]


def _summed(block: np.ndarray, origins: Dimension) -> np.ndarray:
    """Fill the rows of a block that are sums of origins."""
    out = block.copy()
    for child, parent in zip(origins.children, origins.parents, strict=True):
        out[parent] += block[child]
    return out
