"""Which blocks of a trade table count for a question: winners of a day, one code level, months or years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from aimlib.store.commits import COMPLETE, SELECTION
from aimlib.store.store import Store

TABLE = "comtrade"
_KEY = ["concept", "period", "heading"]
_SPAN = {"monthly": "%Y-%m", "annual": "%Y"}


@dataclass(frozen=True)
class Asked:
    """What is asked of declared trade.

    ``products`` maps HS4 headings to the product that their rows are told as. ``code`` is an HS6 code where only that
    is wanted. ``first`` and ``last`` are months or, annually, days inside the first and the last year.
    """

    products: Mapping[str, str]
    frequency: str
    first: pd.Timestamp
    last: pd.Timestamp
    code: str = ""
    flows: Sequence[str] = ("export", "import")

    @property
    def periods(self) -> pd.DatetimeIndex:
        """The periods asked for, by their first days."""
        freq = "MS" if self.frequency == "monthly" else "YS"
        first = self.first.to_period(freq[0]).start_time
        return pd.date_range(first, self.last, freq=freq, unit="us")


@dataclass(frozen=True)
class Plan:
    """Blocks that count for a question.

    ``told``: who told a product whole, one row a reporter, flow, product and period: coverage (complete, selection),
    from_months, known_on. ``used``: the blocks, with commit_name. ``parts``: the same by commits, level and
    frequency: columns code_level, is_month, commit_name, is_whole (all of the commit's blocks there count).
    """

    told: pd.DataFrame
    used: pd.DataFrame
    parts: pd.DataFrame


def plan(store: Store, asked: Asked, as_of: date | None = None) -> Plan:
    """Return the blocks that count as of a day.

    For each reporter, flow, period and heading one level counts: HS6 where it is held, else HS4, a complete answer
    before a selection. A year is its own block, else the sum of its twelve monthly blocks where all are held, again
    a complete answer before a selection. Blocks of a product of which some heading is not held do not count.
    """
    held = _inside(store.blocks(TABLE, as_of), asked)
    chosen = _one_level(held)
    if asked.frequency == "annual":
        chosen = _years(chosen)
    chosen = chosen.assign(product=chosen["hs4"].map(dict(asked.products)).astype("str"))
    told = _told(chosen, asked)
    used = chosen[_matches(chosen, told)]
    return Plan(told, used, _parts(store, asked, used))


def _inside(blocks: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return the blocks of the headings, flows and periods asked for, with hs4, is_month, year and reporter."""
    first, last = asked.first, asked.last
    hs4, is_month, year = blocks["heading"].str[4:], blocks["period"].str.len() == 7, blocks["period"].str[:4]
    if asked.frequency == "monthly":
        in_time = is_month & blocks["period"].between(f"{first:%Y-%m}", f"{last:%Y-%m}")
    else:
        in_time = year.between(f"{first:%Y}", f"{last:%Y}")
    of_level = (blocks["code_level"] == "hs6") if asked.code else True
    inside = in_time & blocks["concept"].isin(list(asked.flows)) & hs4.isin(list(asked.products)) & of_level
    found = blocks[inside]
    return found.assign(
        hs4=hs4[inside], is_month=is_month[inside], year=year[inside], reporter=found["heading"].str[:3]
    )


def _one_level(blocks: pd.DataFrame) -> pd.DataFrame:
    """Return one block a flow, period and heading."""
    rank = 2 * (blocks["coverage"] == COMPLETE) + (blocks["code_level"] == "hs6")
    ranked = blocks.assign(
        rank=rank, from_months=False, target=blocks["period"], is_selection=blocks["coverage"] != COMPLETE
    )
    if not ranked.duplicated(_KEY).any():
        return ranked
    return ranked.sort_values("rank", kind="stable").drop_duplicates(_KEY, keep="last").sort_index()


def _years(blocks: pd.DataFrame) -> pd.DataFrame:
    """Return the blocks that make up years: a year's own, or its twelve months'."""
    by_year = ["concept", "heading", "year"]
    months, own = blocks[blocks["is_month"]], blocks[~blocks["is_month"]]
    groups = months.groupby(by_year)["coverage"]
    sums = pd.DataFrame({"months": groups.size(), "is_complete": groups.min() == COMPLETE}).reset_index()
    sums = sums[sums["months"] == 12].assign(from_months=True)
    single = own[by_year].assign(is_complete=own["coverage"] == COMPLETE, from_months=False)
    either = pd.concat([sums.drop(columns="months"), single])
    either["rank"] = 2 * either["is_complete"] + ~either["from_months"]
    best = either.sort_values("rank", kind="stable").drop_duplicates(by_year, keep="last")
    picked = best[[*by_year, "from_months"]]
    found = blocks.assign(from_months=blocks["is_month"], target=blocks["year"])
    return found.merge(picked, on=[*by_year, "from_months"])


def _told(chosen: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return who told all headings of a product, by flow and period."""
    key = ["reporter", "concept", "product", "target"]
    needed = pd.Series(dict(asked.products), dtype="str").value_counts()
    headings = chosen.drop_duplicates([*key, "hs4"]) if chosen["from_months"].any() else chosen
    counts = headings.groupby(key, sort=False).size().rename("headings")
    groups = chosen.groupby(key, sort=False)
    told = pd.DataFrame(
        {
            "headings": counts,
            "coverage": groups["is_selection"].any(),
            "from_months": groups["from_months"].any(),
            "known_on": groups["known_on"].max(),
        }
    ).reset_index()
    whole = told[told["headings"] == told["product"].map(needed)]
    return whole.assign(
        flow=whole["concept"],
        period=pd.to_datetime(whole["target"], format=_SPAN[asked.frequency]).astype("datetime64[us]"),
        coverage=whole["coverage"].map({True: SELECTION, False: COMPLETE}).astype("str"),
    ).drop(columns="headings")


def _matches(chosen: pd.DataFrame, told: pd.DataFrame) -> pd.Series:
    key = ["reporter", "concept", "product", "target"]
    if len(chosen.drop_duplicates(key)) == len(told):
        return pd.Series(True, index=chosen.index)
    known = pd.MultiIndex.from_frame(told[key])
    return pd.Series(pd.MultiIndex.from_frame(chosen[key]).isin(known), index=chosen.index)


def _parts(store: Store, asked: Asked, used: pd.DataFrame) -> pd.DataFrame:
    """Return the commits to read at each level and frequency, and whether all of their blocks there count."""
    by = ["code_level", "is_month", "commit_name"]
    every = store.every_block(TABLE)
    every = every[every["rows"] > 0]
    held = _inside(every[every["commit_name"].isin(used["commit_name"].unique())], asked)
    counts = held.groupby(by).size()
    wanted = used[used["rows"] > 0].groupby(by).size()
    found = wanted.rename("used").to_frame().join(counts.rename("held")).reset_index()
    return found.assign(is_whole=found["used"] == found["held"])
