"""The published totals as a control: the parts of every line against its total, to the dollar."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from aimlib.sources.census.errors import ControlFailed

_LINE = ["code_level", "concept", "period", "code"]
_DOLLARS = ("customs_value_usd", "cif_value_usd", "duty_usd", "dutiable_value_usd")
_SHOWN = 5


def compare(rows: pd.DataFrame, columns: Sequence[str] = _DOLLARS) -> pd.DataFrame:
    """Return the sum over countries beside the published total, for each line and each column that is there.

    `rows` are tidy rows of one table. Columns: code_level, concept, period, code, column, parts, published
    (NaN where no total is published), difference (parts less published).
    """
    is_total = rows["row_kind"] == "total"
    parts = rows[~is_total].groupby(_LINE)[list(columns)].sum(min_count=1)
    published = rows[is_total].set_index(_LINE)[list(columns)]
    every = parts.index.union(published.index)
    sides = {"parts": parts.reindex(every), "published": published.reindex(every)}
    lines = pd.concat(
        [
            pd.DataFrame({side: frame[column] for side, frame in sides.items()}).assign(column=column)
            for column in columns
        ]
    )
    lines = lines.dropna(subset=["parts", "published"], how="all").fillna({"parts": 0.0})
    lines["difference"] = lines["parts"] - lines["published"]
    return lines.reset_index()


def check_complete(lines: pd.DataFrame, rejected: str = "") -> None:
    """Raise ControlFailed unless every line of `compare` meets its total to the dollar.

    `rejected` says which rows were set apart, for the message: they may be what is missing.
    """
    if lines["published"].isna().all():
        raise ControlFailed(
            f"The answer has no published totals (CTY_CODE '-') to check its parts against.{rejected}",
            "If it lists some partners only, load it with --selection; otherwise ask without CTY_CODE.",
        )
    off = lines[~(lines["difference"].abs() < 0.5)]
    if off.empty:
        return
    order = off["difference"].abs().fillna(float("inf")).sort_values(ascending=False, kind="stable").index
    shown = "\n".join(_told(line) for line in off.loc[order].head(_SHOWN).itertuples())
    more = f"\n  and {len(off) - _SHOWN:,} more" if len(off) > _SHOWN else ""
    error = ControlFailed(
        f"The parts do not meet the published totals in {len(off):,} of {len(lines):,} sums:\n{shown}{more}\n"
        f"Nothing was loaded.{rejected}",
        "If the answer lists some partners only, load it with --selection; otherwise ask for it again.",
    )
    error.differences = off.reset_index(drop=True)
    raise error


def excesses(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines whose parts are more than the published total, which no selection can be."""
    return lines[lines["difference"] > 0.5]


def shares_of_total(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the share of the published customs value that the listed partners make up.

    One row a code_level, concept and period that has totals: share (a fraction, NaN where the total is 0).
    """
    told = lines[(lines["column"] == "customs_value_usd") & lines["published"].notna()]
    sums = told.groupby(["code_level", "concept", "period"])[["parts", "published"]].sum()
    return (sums["parts"] / sums["published"].where(sums["published"] > 0)).rename("share").reset_index()


def _told(line: object) -> str:
    if pd.isna(line.published):
        return f"  {line.period}  {line.code}  {line.column} ({line.concept}): no published total"
    return (
        f"  {line.period}  {line.code}  {line.column} ({line.concept}): parts {line.parts:,.0f}, "
        f"published {line.published:,.0f}, difference {line.difference:+,.0f}"
    )
