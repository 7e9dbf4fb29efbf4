"""Both accounts of one country's trade side by side, with the gap and how each side values it."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from aimlib.analysis.mirror.board import ENDS, Board, board
from aimlib.analysis.mirror.partner_sets import PartnerSets, partner_sets
from aimlib.analysis.mirror.valuation import importers_account
from aimlib.errors import AimError

SCOPES = ("all", "both report")
_SIDES = ("own", "mirror")


def accounts(
    pairs: pd.DataFrame,
    reporting: pd.DataFrame,
    *,
    country: str,
    flow: str,
    factor: float = 1.0,
    by_partner: bool = False,
    on: Board | None = None,
    periods: Collection[pd.Timestamp] | None = None,
) -> pd.DataFrame:
    """Return one country's own account of a flow and its partners', by period (and partner).

    ``on``: the board of the whole table and window, made once by the caller (``mirror.board(pairs, reporting, flow,
    mirrored)``). n, N and the partners that count are then those of that window, as in ``settle`` without a splice
    (with one, a partner has to be there only in the mirrored part, so that n may be larger there). ``reporting`` is
    not looked at, and ``pairs`` may hold only the country's rows of the periods wanted. ``periods`` are the periods
    that come back: without it all of the window, with ``on`` those of ``pairs``. Name them where the country may
    have no row in one of them: that is a zero or a blank, and otherwise no row at all.

    Two rows a period: ``scope`` is ``all``, every flow that the side tells (totals of different partners if one side
    lacks some), or ``both report``, only flows that both tell, quantities only where both have a weight.

    Columns for ``own`` and ``mirror`` each: ``*_quantity_t``, ``*_value_usd`` (on an FOB basis: the importer's CIF part
    over ``factor``), ``*_valuation`` (FOB, CIF, 'CIF / 1.06', or both), ``*_share_value_weighed`` (share of the value
    whose rows have a weight: below 1 the quantity is too small). ``gap_*`` is mirror less own, ``relative_gap_*``
    the gap over own. A side that did not report is blank; one that reported and tells of nothing is 0.
    ``partners_reporting`` of ``partners`` are n and N of the country, by partner blank. The mirror holds only the
    partners that reported in every period, as in ``settle``.

    Raises: AimError for a country that is nowhere in the pairs and the reporting, and for a board of another flow or
    other pairs.
    """
    known = on or board(pairs, reporting, flow)
    if known.flow != flow:
        raise AimError(f"The board is of the flow {known.flow}, not {flow}.", "Make it with the flow asked for.")
    if country not in known.countries:
        raise AimError(f"No account of {country} and none about it is held.", "Check the code, or load its partners.")
    sets = partner_sets(known, np.ones(known.shape, dtype=bool))
    wanted = _wanted(known, pairs if on else None, periods)
    pairs = pairs[(pairs[ENDS[flow][0]] == country) & pairs["period"].isin(known.periods[wanted])]
    if not pairs[ENDS[flow][1]].isin(known.countries).all():
        raise AimError("The board lacks partners of the pairs.", "Make it of all the pairs, not of some of them.")
    rows = _sides(pairs, known, sets, factor)
    keys = ["period", "partner"] if by_partner else ["period"]
    place = known.countries.get_loc(country)
    frames = []
    for scope in SCOPES:
        sums = _sums(rows, keys, scope)
        if not by_partner:
            own, mirror = known.own[place, wanted], np.full(len(wanted), sets.reporting[place] > 0)
            if scope == "both report":
                own = mirror = own & mirror
            sums = _every_period(sums, known.periods[wanted], {"own": own, "mirror": mirror})
            sums = sums.assign(partners_reporting=sets.reporting[place], partners=sets.known[place])
        frames.append(_compared(sums.assign(scope=scope), factor))
    made = pd.concat(frames, ignore_index=True)
    order = [*keys, "scope", *(name for name in made if name not in (*keys, "scope"))]
    return made.sort_values([*keys, "scope"], kind="stable", ignore_index=True)[order]


def _wanted(known: Board, pairs: pd.DataFrame | None, periods: Collection[pd.Timestamp] | None) -> np.ndarray:
    """Return the columns of the board that are asked for, in order."""
    if periods is None and pairs is None:
        return np.arange(len(known.periods))
    asked = pairs["period"].unique() if periods is None else list(periods)
    return np.flatnonzero(known.periods.isin(asked))


def _sides(rows: pd.DataFrame, known: Board, sets: PartnerSets, factor: float) -> pd.DataFrame:
    """Return the country's rows with own_* and mirror_* in the place of x_* and m_*, blank where a side is silent."""
    country, partner = ENDS[known.flow]
    counted = sets.constant[known.codes(rows[country]), known.codes(rows[partner])]
    exporter = {
        "told": rows["x_reported"],
        "quantity": rows["x_quantity_t"],
        "fob": rows["x_fob_value_usd"],
        "cif": rows["x_fob_value_usd"] * 0.0,
        "value": rows["x_fob_value_usd"],
        "covered": rows["x_covered_fob_value_usd"],
    }
    importer = {
        "told": rows["m_reported"],
        "quantity": rows["m_quantity_t"],
        "fob": rows["m_fob_value_usd"],
        "cif": rows["m_cif_value_usd"],
        "value": importers_account(rows, factor),
        "covered": importers_account(rows, factor, covered=True),
    }
    own, mirror = (exporter, importer) if known.flow == "export" else (importer, exporter)
    mirror["told"] = mirror["told"] & counted
    made = {"period": rows["period"], "partner": rows[partner]}
    for side, columns in (("own", own), ("mirror", mirror)):
        told = columns.pop("told").to_numpy(dtype=bool)
        made[f"{side}_told"] = told
        made |= {f"{side}_{name}": np.where(told, values, np.nan) for name, values in columns.items()}
    return pd.DataFrame(made)


def _sums(rows: pd.DataFrame, keys: list[str], scope: str) -> pd.DataFrame:
    if scope == "both report":
        rows = rows[rows["own_told"] & rows["mirror_told"]]
        weighed = rows["own_quantity"].notna() & rows["mirror_quantity"].notna()
        rows = rows.assign(**{f"{side}_quantity": rows[f"{side}_quantity"].where(weighed) for side in _SIDES})
    return rows.drop(columns=[f"{side}_told" for side in _SIDES]).groupby(keys)[_measures()].sum(min_count=1)


def _measures() -> list[str]:
    return [f"{side}_{name}" for side in _SIDES for name in ("quantity", "fob", "cif", "value", "covered")]


def _every_period(sums: pd.DataFrame, periods: pd.Index, told: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return the sums for every period: a side that reported and of which no row speaks tells of no trade."""
    sums = sums.reindex(pd.Index(periods, name="period"))
    for side, reported in told.items():
        columns = [name for name in sums if name.startswith(f"{side}_")]
        silent = sums[columns].isna().all(axis=1)
        sums.loc[silent & reported, columns] = 0.0
    return sums


def _compared(sums: pd.DataFrame, factor: float) -> pd.DataFrame:
    frame = sums.reset_index()
    for side in _SIDES:
        frame[f"{side}_valuation"] = valuation_words(frame.pop(f"{side}_fob"), frame.pop(f"{side}_cif"), factor)
        covered, value = frame.pop(f"{side}_covered"), frame[f"{side}_value"]
        frame[f"{side}_share_value_weighed"] = covered / value.where(value > 0)
    frame = frame.rename(columns={f"{side}_quantity": f"{side}_quantity_t" for side in _SIDES})
    frame = frame.rename(columns={f"{side}_value": f"{side}_value_usd" for side in _SIDES})
    for measure in ("quantity_t", "value_usd"):
        own, mirror = frame[f"own_{measure}"], frame[f"mirror_{measure}"]
        frame[f"gap_{measure}"] = mirror - own
        frame[f"relative_gap_{measure.rsplit('_', 1)[0]}"] = (mirror - own) / own.where(own > 0)
    return frame


def valuation_words(fob: pd.Series, cif: pd.Series, factor: float) -> np.ndarray:
    """Return how values made of an FOB and a CIF part stand: FOB, CIF, 'CIF / 1.06', both, or '' for nothing."""
    as_cif = "CIF" if factor == 1 else f"CIF / {factor:.4g}" if round(factor, 2) != factor else f"CIF / {factor:.2f}"
    has_fob, has_cif = fob.fillna(0).to_numpy() > 0, cif.fillna(0).to_numpy() > 0
    return np.select([has_fob & has_cif, has_fob, has_cif], [f"FOB and {as_cif}", "FOB", as_cif], "")
