"""What a country's figures of a span rest on, and whether all of its periods are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from aimlib.analysis.world.spans import Span
from aimlib.ingest.global_trade.frames import STANDING

MISSING, SELECTION, SPLICED, INCOMPLETE = "missing", "selection", "spliced", "incomplete"


def known(standing: pd.DataFrame, flow: str, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the rows of STANDING of a flow and of periods that are not missing."""
    taken = (standing["flow"] == flow) & standing["period"].isin(periods) & (standing["standing"] != MISSING)
    return standing[taken]


def over(standing: pd.DataFrame, flow: str, span: Span, countries: Iterable[str] | None = None) -> pd.DataFrame:
    """Return what each country's figures of a span rest on, one row a country (the index), by name.

    A period that STANDING does not have is missing.

    Columns
    -------
    standing
        The word of all periods; ``spliced`` where several accounts follow each other, ``selection`` where one of
        them lists but some partners, ``incomplete`` where periods are missing and ``missing`` where all are.
    periods_known, periods
        How many of how many.
    partners_reporting, partners
        Of the period with the least of its partners reporting; blank where it is not built from partners.
    """
    held = known(standing, flow, span.periods)
    if countries is None:
        countries = standing.loc[standing["flow"] == flow, "country"].unique()
    index = pd.Index(sorted(set(countries)), dtype="str", name="country")
    count = held.groupby("country").size().reindex(index, fill_value=0)
    words = held.groupby("country")["standing"].agg(_one_word).reindex(index, fill_value=MISSING).astype("str")
    periods = len(span.periods)
    words = words.mask((count > 0) & (count < periods), INCOMPLETE)
    told = held[held["partners_reporting"].notna() & held["partners"].notna()]
    told = told.assign(part=told["partners_reporting"].astype("float64") / told["partners"].astype("float64"))
    least = told.sort_values(["country", "part", "period"]).drop_duplicates("country").set_index("country")
    return pd.DataFrame(
        {
            "standing": words,
            "periods_known": count.astype("int64"),
            "periods": periods,
            "partners_reporting": least["partners_reporting"].reindex(index).astype("Int64"),
            "partners": least["partners"].reindex(index).astype("Int64"),
        },
        index=index,
    )


def _one_word(words: pd.Series) -> str:
    found = set(words)
    if len(found) == 1:
        return found.pop()
    return SELECTION if SELECTION in found else SPLICED


def complete(rests: pd.DataFrame) -> np.ndarray:
    """Tell of each row of `over` whether all periods are known."""
    return (rests["periods_known"] == rests["periods"]).to_numpy()


def zero_if_absent(rests: pd.DataFrame) -> np.ndarray:
    """Tell of each row of `over` whether no flow means zero: in a selection it means that none is listed."""
    return (rests["periods_known"] > 0).to_numpy() & (rests["standing"] != SELECTION).to_numpy()


def constant_set(standing: pd.DataFrame, flow: str, periods: pd.DatetimeIndex) -> tuple[str, ...]:
    """Return the countries whose figures are known in every one of the periods, by name."""
    count = known(standing, flow, periods).groupby("country").size()
    return tuple(sorted(count.index[count == len(periods)]))


def rows_known(
    flows: pd.DataFrame, standing: pd.DataFrame, flow: str, own: str, periods: pd.DatetimeIndex
) -> pd.DataFrame:
    """Return the flows of the periods in which the standing of the country whose flow it is is not missing."""
    rows = flows[flows["period"].isin(periods)]
    keep = rows[own].isin(constant_set(standing, flow, periods)).to_numpy(copy=True)
    if keep.all():
        return rows
    # Most countries are known throughout: the pairs of country and period are looked up for the others alone.
    doubtful = rows.loc[~keep, [own, "period"]]
    at = pd.MultiIndex.from_frame(known(standing, flow, periods)[["country", "period"]])
    keep[~keep] = pd.MultiIndex.from_frame(doubtful).isin(at)
    return rows[keep]


def one_standing(
    flows: pd.DataFrame, word: str = "reconciled", *, not_told_apart: Mapping[str, Span] | None = None
) -> pd.DataFrame:
    """Return a STANDING that is the same word for every country in the flows, both flows and all their periods.

    For tables that a publisher has reconciled already (BACI), where every country's figures are known in each
    period that the table holds. `not_told_apart` are exceptions: countries whose trade the table holds under another
    name in a span (South Africa in its customs union through 1999), where no flow is missing and not zero.
    """
    countries = sorted({*flows["exporter"].unique(), *flows["importer"].unique()})
    periods = pd.DatetimeIndex(sorted(flows["period"].unique())).as_unit("us")
    grid = pd.MultiIndex.from_product([countries, ["export", "import"], periods], names=["country", "flow", "period"])
    out = grid.to_frame(index=False).assign(standing=word, partners_reporting=pd.NA, partners=pd.NA)
    for country, span in (not_told_apart or {}).items():
        out.loc[(out["country"] == country) & out["period"].isin(span.periods), "standing"] = MISSING
    return out.astype(STANDING)
