"""Who reports trade, how often and until when, and how importers value their imports: facts with dates.

The tables are ``tables/import_valuation.csv`` and ``tables/trade_reporting.csv``; most dates in them are open, which
means that no source with dates was at hand, and not that nothing ever changed.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from aimlib.reference._tables import load

CIF, FOB = "cif", "fob"
_OPEN = (pd.Timestamp(1900, 1, 1), pd.Timestamp(9999, 12, 31))


def valuations() -> pd.DataFrame:
    """Return the reporters whose imports are not simply CIF, one row a reporter and span of days.

    Columns: reporter, valuation (cif or fob: what customs takes as the value of an import), comtrade_primary (which
    of the two Comtrade gives as the primary value), valid_from, valid_to (datetime64, both included; open ends are
    1900 and 9999), how_sure, source. Who is not listed values imports CIF.
    """
    return _valuations().copy()


def valuation(reporter: str, on: object) -> str:
    """Return how `reporter` (ISO alpha-3) values imports on a day: ``cif`` or ``fob`` (a customs value as FOB)."""
    day, table = pd.Timestamp(on), _valuations()
    inside = table[(table["reporter"] == reporter) & (table["valid_from"] <= day) & (day <= table["valid_to"])]
    return CIF if inside.empty else str(inside["valuation"].iloc[-1])


def non_reporters() -> tuple[str, ...]:
    """Return the eight countries (ISO alpha-3) that the Global Aluminum Trade Monitor constructs by reverse flow."""
    table = load("trade_reporting")
    return tuple(sorted(table.loc[table["monitor_mirrors"] == "yes", "reporter"]))


def reporting_facts() -> pd.DataFrame:
    """Return what is known beforehand of reporters that publish late, with gaps, or no longer.

    Columns: reporter, frequency (monthly, annual, or '' where not known), first, last (datetime64: first and last
    period published; NaT where open or not known), standing (late, irregular, stopped), note, how_sure, source.
    """
    table = load("trade_reporting").drop(columns="monitor_mirrors")
    return table.assign(**{name: _days(table[name]) for name in ("first", "last")})


@cache
def _valuations() -> pd.DataFrame:
    table = load("import_valuation").sort_values(["reporter", "valid_from"], kind="stable", ignore_index=True)
    opened, ended = _OPEN
    return table.assign(
        valid_from=_days(table["valid_from"]).fillna(opened), valid_to=_days(table["valid_to"]).fillna(ended)
    )


def _days(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts.where(texts != ""), format="ISO8601").astype("datetime64[us]")
