"""Known outages of licensing, and the months in which goods were brought forward before a duty rose."""

from __future__ import annotations

import pandas as pd

from aimlib.reference._tables import load

STOPPED = "stopped"


def license_outages(system: str = "aluminum") -> pd.DataFrame:
    """Return the days on which licenses of a system could not be taken: first_day, last_day, what, how_sure, source.

    Both days are included; `first_day` is NaT where it reaches back for ever. Rows of which it is not known
    whether licensing stopped are left out.
    """
    table = load("license_outages")
    table = table[(table["system"] == system) & (table["licensing"] == STOPPED)]
    days = {name: _days(table[name]) for name in ("first_day", "last_day")}
    return table.assign(**days)[[*days, "what", "how_sure", "source"]].reset_index(drop=True)


def front_loading() -> pd.DataFrame:
    """Return the announced rises of the duty: duty, announced, effective, month_from, month_to, how_sure, source."""
    table = load("front_loading")
    return table.assign(**{name: _days(table[name]) for name in ("announced", "effective", "month_from", "month_to")})


def front_loaded_months() -> pd.DatetimeIndex:
    """Return the months marked for front-loading, oldest first."""
    spans = [pd.date_range(row.month_from, row.month_to, freq="MS", unit="us") for row in front_loading().itertuples()]
    months = pd.DatetimeIndex([], dtype="datetime64[us]")
    for span in spans:
        months = months.union(span)
    return months


def _days(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts.where(texts != ""), format="ISO8601").astype("datetime64[us]")
