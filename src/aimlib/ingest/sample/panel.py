"""The months of every pair as whole numbers: values, duty and quantities of both concepts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aimlib.ingest.sample import duty, flows, parameters
from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.pairs import Pair, make_pairs
from aimlib.ingest.sample.tables import SampleTables

MEASURES = ("con_value", "con_cif", "con_kg", "dutiable", "duty", "gen_value", "gen_cif", "gen_kg")


@dataclass(frozen=True)
class Panel:
    """`codes` and `origins` of the rows; `numbers` (int64) is measures x rows x months (``YYYY-MM``)."""

    codes: list[str]
    origins: list[str]
    months: list[str]
    numbers: np.ndarray


def month_names(first: str, last: str) -> list[str]:
    """Return the months from `first` to `last`, both ``YYYY-MM``."""
    return [str(month) for month in pd.period_range(first, last, freq="M")]


def _flows(pair: Pair, line: flows.Line, origin: dict[str, int], course: flows.Course) -> tuple[np.ndarray, ...]:
    """The measures of one pair; duty and dutiable value are still to come."""
    draws = Draws(f"months|{pair.code}|{pair.origin}|{pair.departed}")
    if pair.customs_value_usd:
        value, kg = flows.consumption(pair, line, course, draws)
        general, general_kg = flows.general_imports(value, kg, origin["bonded_permille"], draws)
    else:
        value = kg = np.zeros(len(course.months), dtype=np.int64)
        general, general_kg = flows.bonded_only(line, course, draws)
    freight = origin["freight_permille"] * line["freight_percent"] // 10
    cif, general_cif = (amount + amount * freight // 10_000 for amount in (value, general))
    nothing = np.zeros_like(value)
    return value, cif, kg, nothing, nothing, general, general_cif, general_kg


def make_panel(tables: SampleTables) -> Panel:
    """Return the panel of the sample as last revised, codes as they stood in the base year.

    One month beyond the last is there as well, since arrivals look a month ahead.
    """
    beyond = str(pd.Period(parameters.LAST_MONTH, "M") + 1)
    course = flows.Course(tables, month_names(parameters.FIRST_MONTH, beyond))
    lines = tables.lines.set_index("code").to_dict("index")
    origins = tables.origins.set_index("origin").to_dict("index")
    pairs = make_pairs(tables)
    rows = [_flows(pair, lines[pair.code], origins[pair.origin], course) for pair in pairs]
    numbers = np.array(rows, dtype=np.int64).swapaxes(0, 1).copy()
    value, dutiable, paid = (numbers[MEASURES.index(name)] for name in ("con_value", "dutiable", "duty"))
    dutiable[:], paid[:] = duty.dutiable_and_duty(value, pairs, tables, course.months)
    return Panel([pair.code for pair in pairs], [pair.origin for pair in pairs], course.months, numbers)
