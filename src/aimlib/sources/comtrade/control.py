"""The row of the world as a control of its partners, and headings as a control of their HS6 codes."""

from __future__ import annotations

import pandas as pd

from aimlib.sources.comtrade.fields import WORLD
from aimlib.sources.comtrade.problems import PartsDiffer

LINE = ["reporter", "flow", "period", "code"]
_FIGURES = ["primary_value_usd", "quantity_kg"]
_SHARE, _DOLLARS = 0.001, 1.0
_SHOWN = 5


def compare(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the sum of the partners beside the row of the world, for each reporter, flow, period and code.

    Columns: reporter, flow, period, code, parts, world (NaN where there is no such row), difference (parts less world),
    agrees (within 0.1 % and a dollar), listed (partners), parts_kg and world_kg (NaN where a weight is missing).
    """
    is_world = rows["partner"] == WORLD
    groups = rows[~is_world].groupby(LINE)
    parts = groups[_FIGURES].sum().assign(listed=groups.size())
    parts["quantity_kg"] = parts["quantity_kg"].mask(groups["quantity_kg"].count() < parts["listed"])
    world = rows[is_world].set_index(LINE)[_FIGURES]
    lines = parts.rename(columns={"primary_value_usd": "parts", "quantity_kg": "parts_kg"}).join(
        world.rename(columns={"primary_value_usd": "world", "quantity_kg": "world_kg"}), how="outer"
    )
    lines = lines.fillna({"parts": 0.0, "listed": 0}).astype({"listed": "int64"})
    lines["difference"] = lines["parts"] - lines["world"]
    lines["agrees"] = lines["difference"].abs() <= _tolerance(lines["world"])
    return lines.reset_index()


def check(lines: pd.DataFrame, set_apart: str = "", conflicts: str = "") -> None:
    """Raise PartsDiffer unless the partners of every line with a world row meet it, within 0.1 % and a dollar.

    `set_apart` says which rows were rejected, for they may be what is missing; `conflicts` which rows certainly are,
    and comes first.
    """
    off = misses(lines)
    if off.empty:
        return
    worst = off.loc[off["difference"].abs().sort_values(ascending=False, kind="stable").index].head(_SHOWN)
    shown = "\n".join(_told(line) for line in worst.itertuples())
    more = f"\n  and {len(off) - len(worst):,} more" if len(off) > len(worst) else ""
    raise PartsDiffer(
        f"{conflicts}The partners do not add up to the world in {len(off):,} of {len(lines):,} sums:\n{shown}{more}\n"
        f"Nothing was loaded.{set_apart}",
        "Keep one row of each, then load again."
        if conflicts
        else "If some partners only were asked for, load with --selection; otherwise ask again, for all partners.",
    )


def misses(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines whose partners do not meet their row of the world."""
    return lines[lines["world"].notna() & ~lines["agrees"]]


def is_whole(lines: pd.DataFrame) -> bool:
    """Tell whether every line has a world row that its partners meet."""
    return len(lines) > 0 and bool((lines["world"].notna() & lines["agrees"]).all())


def excesses(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines whose listed partners are more than the world, which no selection can be."""
    return lines[lines["difference"] > _tolerance(lines["world"])]


def weights_off(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines whose weights differ from the world's by more than 0.1 % and a kilogram, with ``apart`` (kg)."""
    apart = lines["parts_kg"] - lines["world_kg"]
    return lines.assign(apart=apart)[apart.abs() > _tolerance(lines["world_kg"])]


def compare_levels(rows: pd.DataFrame) -> pd.DataFrame:
    """Return headings beside the sum of their HS6 codes, where both levels are held.

    Columns: reporter, flow, period, heading, hs4, hs6 (US dollars: the world row, else the sum of the partners),
    difference (hs6 less hs4), agrees.
    """
    lines = compare(rows)
    lines = lines.assign(figure=lines["world"].fillna(lines["parts"]), heading=lines["code"].str[:4])
    key = ["reporter", "flow", "period", "heading"]
    is_heading = lines["code"].str.len() == 4
    hs4 = lines[is_heading].set_index(key)["figure"].rename("hs4")
    hs6 = lines[~is_heading].groupby(key)["figure"].sum().rename("hs6")
    both = pd.concat([hs4, hs6], axis=1, join="inner").reset_index()
    both["difference"] = both["hs6"] - both["hs4"]
    return both.assign(agrees=both["difference"].abs() <= _tolerance(both["hs4"]))


def _tolerance(figures: pd.Series) -> pd.Series:
    return (figures.abs() * _SHARE).clip(lower=_DOLLARS)


def _told(line: object) -> str:
    return (
        f"  {line.reporter} {line.flow} {line.period} {line.code}: partners {line.parts:,.0f} USD, "
        f"world {line.world:,.0f}, difference {line.difference:+,.0f}"
    )
