"""What the checks of a load of Comtrade find: errors that stop it, and notes beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from aimlib.errors import AimError
from aimlib.ingest.report import ShareOfTotal, first_few
from aimlib.reference import hs_editions
from aimlib.sources.comtrade import control
from aimlib.sources.comtrade.areas import as_countries
from aimlib.sources.comtrade.clean import CONFLICT, Cleaned
from aimlib.sources.comtrade.fields import FLOWS, WORLD
from aimlib.sources.comtrade.problems import CutShort


def check_known_on(rows: pd.DataFrame, known_on: date) -> None:
    """Raise AimError where `known_on` is before the last period ended."""
    last, ended = max(((text, _end(text)) for text in rows["period"].unique()), key=lambda pair: pair[1])
    if known_on < ended:
        raise AimError(
            f"Figures for {last} cannot have been known on {known_on}, before the period ended.",
            "Give a later known_on, or correct the period.",
        )


def check_whole(lines: pd.DataFrame, at_limit: Sequence[str]) -> None:
    """Raise CutShort for answers that end at a limit of the service, unless all partners add up to the world."""
    if at_limit and not control.is_whole(lines):
        raise CutShort(
            f"{first_few(list(at_limit))} has as many records as the service gives at most, so that it was probably "
            "cut short without a mark; the partners do not show that it is whole.",
            "Ask in smaller parts: fewer periods, flows, codes or reporters. Nothing was loaded.",
        )


def told_by_control(lines: pd.DataFrame, cleaned: Cleaned, selection: bool) -> list[str]:
    """Return notes on totals, weights and levels. Raises PartsDiffer where a complete load misses a total."""
    if not selection:
        _check_partners(lines)
        reasons = cleaned.rejects["reason"].value_counts()
        told = [f"{why} ({rows:,})" for why, rows in reasons.items()]
        conflicts = _conflicts(control.misses(lines), cleaned.rejects)
        control.check(lines, f" Rows set apart: {first_few(told)}." if told else "", conflicts)
    notes = []
    over = control.excesses(lines)
    if selection and len(over):
        told = [f"{_name(line)} by {line.difference:,.0f} USD" for line in over.itertuples()]
        notes.append(f"The listed partners are more than the world: {first_few(told)}.")
    off = control.weights_off(lines)
    if len(off) and not selection:
        worst = off.loc[off["apart"].abs().sort_values(ascending=False, kind="stable").index]
        told = [f"{_name(line)} by {line.apart / 1000:+,.1f} t" for line in worst.itertuples()]
        notes.append(f"The partners' weights do not add up to the world's in {len(off):,} sums: {first_few(told)}.")
    return [*notes, *_weights(cleaned.rows), *_levels(cleaned.rows)]


def told_by_editions(rows: pd.DataFrame) -> list[str]:
    """Say where the edition of the HS changes within a reporter's series, and which codes moved with it."""
    seen = rows[["reporter", "period", "edition"]].drop_duplicates()
    seen = seen.assign(length=seen["period"].str.len()).sort_values(["reporter", "length", "period"], kind="stable")
    seen = seen.assign(before=seen.groupby(["reporter", "length"])["edition"].shift())
    changes = seen[seen["before"].notna() & (seen["before"] != seen["edition"])]
    if changes.empty:
        return []
    told = [f"{row.reporter} {row.before} to {row.edition} in {row.period}" for row in changes.itertuples()]
    notes = [f"The edition of the HS changes within a series: {first_few(told)}."]
    held = sorted(code for code in rows["code"].unique() if len(code) == 6)
    bridged = dict(hs_editions.bridge(code) for code in held)
    moves = sorted({note for note in bridged.values() if note})
    if moves:
        notes.append(f"Compare over that change at HS4 where codes moved: {'; '.join(moves)}.")
    return notes


def shares_of(lines: pd.DataFrame, table: str) -> tuple[ShareOfTotal, ...]:
    """Return what the listed partners make up of the world's value, by level and flow."""
    shares = []
    lines = lines.assign(code_level="hs" + lines["code"].str.len().astype("str"))
    for (level, flow), of_flow in lines.groupby(["code_level", "flow"]):
        with_world = of_flow[of_flow["world"] > 0].groupby("period")[["parts", "world"]].sum()
        share = with_world["parts"] / with_world["world"]
        numbers = (float(share.iloc[-1]), float(share.min()), float(share.max())) if len(share) else (None, None, None)
        last = share.index[-1] if len(share) else of_flow["period"].max()
        shares.append(ShareOfTotal(table, str(level), str(flow), str(last), *numbers))
    return tuple(shares)


def _check_partners(lines: pd.DataFrame) -> None:
    if not lines["listed"].any():
        raise AimError(
            "The files list no partners, only the world.",
            "Ask for all partners, or load with --selection to keep the totals alone.",
        )


def _conflicts(off: pd.DataFrame, rejects: pd.DataFrame) -> str:
    """Name the rows with different figures for one key that are missing in the sums of `off`."""
    rows = rejects[rejects["reason"] == CONFLICT]
    if rows.empty or off.empty:
        return ""
    missed = set(zip(off["reporter"], off["flow"], off["period"].str.replace("-", ""), off["code"], strict=True))
    keys = zip(
        as_countries(rows, "reporterCode"), rows["flowCode"].map(FLOWS), rows["period"], rows["cmdCode"], strict=True
    )
    rows = rows[[key in missed for key in keys]]
    if rows.empty:
        return ""
    told = [
        f"{row.file} row {row.row} (partnerCode {row.partnerCode}, cmdCode {row.cmdCode}, {row.primaryValue})"
        for row in rows.itertuples()
    ]
    return f"Rows with different figures for one reporter, period, flow, partner and code: {first_few(told, 4)}.\n"


def _weights(rows: pd.DataFrame) -> list[str]:
    traded = rows[(rows["partner"] != WORLD) & (rows["primary_value_usd"] > 0)]
    missing = int(traded["quantity_kg"].isna().sum())
    return [f"Rows without a weight, which stays missing: {missing:,} of {len(traded):,}."] if missing else []


def _levels(rows: pd.DataFrame) -> list[str]:
    both = control.compare_levels(rows)
    off = both[~both["agrees"]]
    if off.empty:
        return []
    worst = off.loc[off["difference"].abs().sort_values(ascending=False, kind="stable").index]
    told = [
        f"{row.reporter} {row.flow} {row.period} {row.heading} by {row.difference:+,.0f} USD"
        for row in worst.itertuples()
    ]
    return [f"HS6 codes do not add up to their heading in {len(off):,} of {len(both):,}: {first_few(told)}."]


def _name(line: object) -> str:
    return f"{line.reporter} {line.flow} {line.period} {line.code}"


def _end(period: str) -> date:
    return pd.Period(period, freq="M" if len(period) == 7 else "Y").end_time.date()
