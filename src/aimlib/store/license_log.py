"""The license log as of any day: which lines were in force, and their sums as many days saw them.

A row tells what happened to a line of a license: filed, corrected, cancelled. It became known on its own date
where that is after the day of every earlier load, for none of them could hold it; else it came late, and was known
on the day of the load that first brought it. So one file with the full history gives back every past Thursday, and
so do weekly files, and what was published is never changed by a later load. Loads of one day are one load. A row
that later loads repeat counts once; the same event told otherwise by a later load is a correction known then.

On a day, a line is what the newest of its events known by then says: the newest by its date, then filed before
corrected before cancelled, then by load. An old event that arrives late does not undo a newer one known before it.

Rows and importers' names stay here: what comes out are sums. They are made in grams and cents, so that they do not
depend on the order of the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from aimlib.store.asof import KEY
from aimlib.store.license_sql import BUILD, BY, METAL, PANEL, READ, SUMS
from aimlib.store.scan import scanning
from aimlib.store.shared import shared
from aimlib.store.store import Store
from aimlib.store.tables import BLOCK_KEY, ENTRY_TYPES, TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLE = "licenses"
FIGURES = ("quantity_kg", "customs_value_usd", "importers", "top_share")
_TYPES = {"day": "datetime64[us]", "importer": "Int64", "importers": "Int64", "top_share": "float64"}


@dataclass(frozen=True)
class Chosen:
    """Which lines count.

    ``codes`` are HTS10, None for all. ``places`` are the parts that stand for origins, each with its members: a
    country for itself, or a group; None takes every origin for itself.
    """

    entry_types: Collection[str] = ENTRY_TYPES
    codes: Collection[str] | None = None
    places: Mapping[str, Sequence[str]] | None = None


EVERYTHING = Chosen()


@dataclass(frozen=True)
class LicenseLog:
    """The licenses of a store. Closed when done with: ``with LicenseLog(store) as log``.

    A store without licenses gives empty frames. Days are dates; months are month-start timestamps.
    """

    store: Store

    def __enter__(self) -> LicenseLog:
        return self

    def __exit__(self, *_: object) -> None:
        if "_connection" in self.__dict__:
            self._connection.close()

    @cached_property
    def loads(self) -> pd.DataFrame:
        """The license loads, oldest first: commit_name, known_on, place, covered (the load's day before it)."""
        commits = [commit for commit in self.store.commits if TABLE in commit.tables()]
        days = pd.Series([commit.known_on for commit in commits], dtype="datetime64[us]")
        earlier = pd.Series(sorted(days.unique()), dtype="datetime64[us]")
        before = dict(zip(earlier, earlier.shift(), strict=True))
        return pd.DataFrame(
            {
                "commit_name": pd.Series([commit.name for commit in commits], dtype="str"),
                "known_on": days,
                "place": range(len(commits)),
                "covered": days.map(before).astype("datetime64[us]"),
            }
        )

    @cached_property
    def is_empty(self) -> bool:
        return self._blocks.empty

    @cached_property
    def span(self) -> tuple[date, date] | None:
        """The first day on which a line was known, and the day of the newest load; None without licenses."""
        if self.brought.empty:
            return None
        return self.brought["first"].min().date(), self.loads["known_on"].max().date()

    def thursdays(self, as_of: date | None = None) -> list[date]:
        """Return the Thursdays of the span, through `as_of`."""
        return [day.date() for day in self._days(as_of) if day.day_of_week == 3]

    @cached_property
    def brought(self) -> pd.DataFrame:
        """The loads that brought a row, oldest first: commit_name, first (the day on which one was first known).

        Many reports ask for no more than this, which takes reading every event.
        """
        return shared(self.store, "license-loads", lambda: {"loads": self._read_brought()}, tables=(TABLE,))["loads"]

    def _read_brought(self) -> pd.DataFrame:
        types = {"commit_name": "str", "first": "datetime64[us]"}
        if self.is_empty:
            return pd.DataFrame(columns=list(types)).astype(types)
        query = "SELECT commit_name, first FROM loads JOIN brought USING (place) ORDER BY place"
        return self._connection.sql(query).df().astype(types)

    def commits_known(self, as_of: date | None = None) -> list[str]:
        """Return the names of the loads that brought a row known by then."""
        names, first = self.brought["commit_name"], self.brought["first"]
        return (names if as_of is None else names[first <= pd.Timestamp(as_of)]).tolist()

    def filings(self, as_of: date | None = None) -> pd.DataFrame:
        """Return how many lines became known as filed on each calendar day of the span: day, lines."""
        days = self._days(as_of)
        if not len(days):
            return pd.DataFrame({"day": days, "lines": pd.Series(dtype="int64")})
        counted = self._connection.sql("SELECT day, lines FROM filed").df()
        by_day = counted.set_index(counted["day"].astype("datetime64[us]"))["lines"]
        return pd.DataFrame({"day": days, "lines": by_day.reindex(days, fill_value=0).to_numpy("int64")})

    def cells(
        self,
        as_of: date,
        by: Sequence[str],
        chosen: Chosen = EVERYTHING,
        *,
        months: tuple[pd.Timestamp, pd.Timestamp] | None = None,
        with_importer: bool = False,
    ) -> pd.DataFrame:
        """Return the lines in force on a day, summed.

        Columns: `by` (of `BY` and `METAL`), quantity_kg, customs_value_usd, and either importers (how many)
        and top_share (the part of the largest one in quantity or in value, the greater), or, `with_importer`,
        the column importer after `by`: a number that means nothing outside this frame. `months` are the first
        and the last.
        """
        _check(by)
        keys = [*by, "importer"] if with_importer else list(by)
        figures = FIGURES[:2] if with_importer else FIGURES
        first, last = months or (pd.Timestamp(1900, 1, 1), pd.Timestamp(9000, 1, 1))
        return self._ask(
            f"""
            WITH summed AS (
                SELECT {_listed(*by, "importer", "sum(grams) AS grams", "sum(cents) AS cents")}
                FROM ({self._lines(chosen)})
                WHERE known <= $day AND $day < until AND month BETWEEN $first AND $last GROUP BY ALL
            )
            SELECT {_listed(*keys, SUMS)} FROM summed {"GROUP BY " + _listed(*keys) if keys else "HAVING count(*) > 0"}
            ORDER BY ALL
            """,
            [*keys, *figures],
            chosen,
            {"day": as_of, "first": first.date(), "last": last.date()},
        )

    def panel(
        self, days: Sequence[date], by: Sequence[str], chosen: Chosen = EVERYTHING, *, months_back: int = 12
    ) -> pd.DataFrame:
        """Return the sums as each of `days` saw them, of its own month and the `months_back` before it.

        Columns: day, month, `by`, quantity_kg, customs_value_usd, importers, top_share as in `cells`. A cell
        without a line in force has no row.
        """
        _check(by)
        keys = ["month", *by]
        query = PANEL.format(keys=_listed(*keys), lines=self._lines(chosen), sums=SUMS, figures=_listed(*FIGURES))
        ordered = pd.Series(sorted(set(days)), dtype="datetime64[us]")
        with_places = pd.DataFrame({"i": range(len(ordered)), "day": ordered})
        return self._ask(query, ["day", *keys, *FIGURES], chosen, {"back": months_back}, days=with_places)

    def codes(self) -> pd.DataFrame:
        """Return the codes that licenses name: code, product, first month."""
        types = {name: TABLES[TABLE].columns[name] for name in ("code", "product", "month")}
        query = "SELECT code, product, min(month) AS month FROM version GROUP BY ALL ORDER BY ALL"
        return self._ask(query, list(types), EVERYTHING, {})

    def _ask(
        self,
        query: str,
        columns: Sequence[str],
        chosen: Chosen,
        named: dict[str, Any],
        days: pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        types = {name: _TYPES.get(name) or TABLES[TABLE].columns[name] for name in columns}
        if self.is_empty:
            return pd.DataFrame(columns=list(types)).astype(types)
        connection = self._connection
        named = named | {"entry_types": list(chosen.entry_types)}
        if chosen.codes is not None:
            named["codes"] = list(chosen.codes)
        if chosen.places is not None:
            pairs = [(part, member) for part, members in chosen.places.items() for member in sorted(set(members))]
            connection.register("places", pd.DataFrame(pairs, columns=["part", "member"], dtype="str"))
        if days is not None:
            connection.register("days", days)
        asked = {name: value for name, value in named.items() if f"${name}" in query}
        found = connection.execute(query, asked).df()
        if "importer" in types:  # numbered anew, so that two frames cannot be laid side by side
            found["importer"] = pd.factorize(found["importer"], sort=True)[0] + 1
        return found[list(types)].astype(types)

    def _lines(self, chosen: Chosen) -> str:
        """Return the query of the versions of the lines that count, each place standing for its members."""
        has = [f"version.{name}" for name in (*BY, *METAL) if name != "origin"]
        place, join = "version.origin", ""
        if chosen.places is not None:
            place, join = "places.part", "JOIN places ON version.origin = places.member"
        among = "" if chosen.codes is None else "AND code IN (SELECT unnest($codes))"
        return (
            f"SELECT {_listed('known', 'until', *has, f'{place} AS origin', 'importer', 'grams', 'cents')} "
            f"FROM version {join} WHERE list_contains($entry_types, entry_type) {among}"
        )

    def _days(self, as_of: date | None) -> pd.DatetimeIndex:
        """Return the calendar days of the span, through `as_of`."""
        if self.span is None:
            return pd.DatetimeIndex([], dtype="datetime64[us]")
        first, last = self.span
        return pd.date_range(first, min(last, as_of or last), freq="D", unit="us")

    @cached_property
    def _connection(self) -> DuckDBPyConnection:
        """A connection that holds the tables event, importer and version, without the files."""
        import duckdb

        blocks = self._blocks
        with scanning(self.store, TABLE, blocks["commit_name"].unique()) as files:
            files.register("blocks", blocks)
            rows = files.sql(READ.format(block=_listed(*BLOCK_KEY))).to_arrow_table()
        connection = duckdb.connect(":memory:")
        connection.register("rows", rows)
        connection.register("loads", self.loads)
        for statement in BUILD:
            connection.execute(statement)
        connection.unregister("rows")
        return connection

    @cached_property
    def _blocks(self) -> pd.DataFrame:
        """The blocks to read: all with rows but those that only repeat the block before them."""
        every = self.store.every_block(TABLE)
        mine = every[every["rows"] > 0].sort_values(["known_on", "captured_at", "commit_name"], kind="stable")
        is_new = mine["content"] != mine.groupby(KEY)["content"].shift()
        return mine.loc[is_new, ["commit_name", *BLOCK_KEY]]


def _check(by: Sequence[str]) -> None:
    strange = [name for name in by if name not in (*BY, *METAL)]
    if strange:
        raise ValueError(f"licenses are not summed by {strange[0]}")


def _listed(*columns: str) -> str:
    return ", ".join(columns)
