"""Which lines each origin ships, and how its published total of 2024 is spread over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aimlib.ingest.sample import parameters
from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.tables import SampleTables


@dataclass(frozen=True)
class Pair:
    """One line from one origin: its value in a year of base size, in whole dollars.

    `departed` pairs ended before the base year, so that no published total binds them.
    """

    code: str
    origin: str
    product: str
    customs_value_usd: int
    departed: bool = False


def spread(total: int, weights: np.ndarray) -> np.ndarray:
    """Return whole parts of `total` in proportion to whole `weights`, adding up to it exactly.

    What rounding down leaves goes to the largest part.
    """
    weights = [int(weight) for weight in weights]
    whole = sum(weights)
    parts = np.array([total * weight // whole for weight in weights], dtype=np.int64)
    parts[int(parts.argmax())] += total - int(parts.sum())
    return parts


def _line_weights(codes: list[str], sizes: np.ndarray, origin: str) -> np.ndarray:
    """The lines' national values, each moved by the origin's own taste (a fifth to three times)."""
    taste = [int(Draws(f"taste|{code}|{origin}").below(281, 1)[0]) + 20 for code in codes]
    return sizes * np.array(taste) // 100 + 1


def _kept_by(tables: SampleTables) -> dict[str, str]:
    """The large origin that keeps each line however small, so that no line goes without trade."""
    by_size = tables.figures.sort_values(["product", "customs_value_usd"], kind="stable")
    largest = by_size.groupby("product")["origin"].apply(lambda origins: list(origins.tail(2)))
    kept_by = {}
    for place, line in enumerate(tables.lines.itertuples(index=False)):
        candidates = largest[line.product]
        kept_by[line.code] = candidates[place % len(candidates)]
    return kept_by


def make_pairs(tables: SampleTables) -> list[Pair]:
    """Return the pairs of the sample; those of an origin and product add up to its figure of 2024."""
    kept_by = _kept_by(tables)
    lines_of = {
        product: (lines["code"].tolist(), lines["customs_value_usd"].to_numpy())
        for product, lines in tables.lines.groupby("product")
    }
    figures = tables.figures[["origin", "product", "customs_value_usd"]]
    totals = [(*figure, False) for figure in figures.itertuples(index=False, name=None)]
    totals += [(*key, value, True) for key, value in parameters.DEPARTED.items()]
    pairs: list[Pair] = []
    for origin, product, total, departed in totals:
        codes, sizes = lines_of[product]
        weights = _line_weights(codes, sizes, origin)
        always = [kept_by[code] == origin and not departed for code in codes]
        kept = (spread(total, weights) >= parameters.KEEP_LINE_USD) | np.array(always)
        kept[int(weights.argmax())] = True
        parts = iter(spread(total, weights[kept]).tolist())
        for code, is_kept in zip(codes, kept, strict=True):
            if is_kept:
                pairs.append(Pair(code, origin, product, next(parts), departed))
    return pairs
