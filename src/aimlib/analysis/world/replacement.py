"""Who replaced whom among a country's partners between two spans. Accounting, not causes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.totals import TOTAL
from aimlib.analysis.world.amounts import AMOUNTS, amounts_of, ordered, side, with_shares
from aimlib.analysis.world.partner_tables import of_country, partner_sums, trading
from aimlib.analysis.world.spans import Span
from aimlib.analysis.world.standings import INCOMPLETE, MISSING, SPLICED
from aimlib.errors import AimError

NET_GROWTH, NET_DECLINE = "net growth", "net decline"
_ROUNDING = 1e-9


def replaced(
    flows: pd.DataFrame,
    standing: pd.DataFrame,
    *,
    country: str,
    flow: str,
    before: Span,
    after: Span,
    measure: str = "quantity",
) -> pd.DataFrame:
    """Return each partner of a country before and after, and what it lost or gained.

    Amounts are averages a period (a month or a year, as the spans are), so that spans of different length compare.

    Returns
    -------
    pandas.DataFrame
        partner, row_kind (``partner`` by change in `measure`, the greatest loss first; ``total`` last); for each amount
        `<amount>_before_per_period`, `<amount>_after_per_period`, `<amount>_change_per_period`; share_quantity_before,
        share_quantity_after, share_quantity_change and the same of share_value (fractions of the country's total; the
        change is their difference); role (``lost``, ``gained``, ``same``, blank for the total and where a change is not
        known); standing_before, standing_after; note. The changes of the partners add up to the total's, save those
        whose quantity is not known (see the note). Everything is blank where a period of the country is missing.

    Raises
    ------
    AimError
        The spans overlap, do not come in order, or one is monthly and the other annual.
    """
    if before.frequency != after.frequency or after.first <= before.last:
        raise AimError(
            f"{before.label} ({before.frequency}) and {after.label} ({after.frequency}) do not compare.",
            "Give two spans of the same frequency, the second after the end of the first.",
        )
    of = side(flow)
    column = of.column(measure)
    flows, standing = of_country(flows, standing, country, flow)
    named = trading(flows, country=country, flow=flow, spans=(before, after))
    sums, told = {}, {}
    for when, span in (("before", before), ("after", after)):
        found, rests = partner_sums(flows, standing, country=country, flow=flow, span=span, named=named)
        sums[when] = with_shares(found[amounts_of(found)] / len(span.periods), of, found.loc[TOTAL] / len(span.periods))
        told[when] = rests
    change = sums["after"] - sums["before"]
    words = {when: rests["standing"] for when, rests in told.items()}
    made = {}
    for name in sums["before"]:
        per = "_per_period" if name in AMOUNTS else ""
        for when, frame in (*sums.items(), ("change", change)):
            made[f"{name}_{when}{per}"] = frame[name]
    out = pd.DataFrame(made).rename_axis("partner").reset_index()
    changed = change[column].to_numpy()
    size = np.fmax(sums["before"][column].abs(), sums["after"][column].abs()).to_numpy()
    total = (out["partner"] == TOTAL).to_numpy()
    out.insert(1, "row_kind", np.where(total, "total", "partner"))
    out["role"] = _roles(np.where(total, np.nan, changed), size)
    out["standing_before"], out["standing_after"] = words["before"], words["after"]
    out["note"] = _note(told, before, after)
    unknown = np.isnan(changed) & ~total & (words["before"] not in (MISSING, INCOMPLETE))
    unknown &= words["after"] not in (MISSING, INCOMPLETE)
    out.loc[unknown, "note"] = "Not known in one of the spans: no row has the figure."
    listed = out[~total].assign(fall=-changed[~total])
    listed = ordered(listed, "fall", "partner").drop(columns="fall")
    text = dict.fromkeys(("partner", "row_kind", "role", "standing_before", "standing_after", "note"), "str")
    return pd.concat([listed, out[total]], ignore_index=True).astype(text)


def _roles(changed: np.ndarray, size: np.ndarray) -> np.ndarray:
    small = np.abs(changed) <= _ROUNDING * size
    return np.select([np.isnan(changed), small, changed < 0], ["", "same", "lost"], default="gained")


def _note(told: dict[str, pd.Series], before: Span, after: Span) -> str:
    spans = {"before": before, "after": after}
    for when, span in spans.items():
        if told[when]["standing"] in (MISSING, INCOMPLETE):
            return f"{span.label} is {told[when]['standing']}: no comparison."
    words = [told[when]["standing"] for when in spans]
    if words[0] != words[1] or SPLICED in words:
        return (
            f"{before.label} rests on '{words[0]}', {after.label} on '{words[1]}': "
            "part of the change may be the change of account."
        )
    heard = [f"{told[when]['partners_reporting']} of {told[when]['partners']} in {spans[when].label}" for when in spans]
    reporting = [told[when]["partners_reporting"] for when in spans]
    if not pd.isna(reporting).any() and reporting[0] != reporting[1]:
        return f"Partners reporting: {' and '.join(heard)}. What others took is not seen."
    return ""


def replacements(changes: pd.DataFrame, column: str = "quantity_t") -> pd.DataFrame:
    """Match what some partners lost to what others gained, in proportion.

    An accounting device and no statement about causes: of the lesser of all losses and all gains, each loser's part is
    as its part in the losses, and goes to the gainers as their parts in the gains. What is left over is net growth, or
    net decline, and is shared among the gainers, or the losers, in the same proportion.

    Parameters
    ----------
    changes
        What `replaced` returns.
    column
        Which amount: ``quantity_t``, ``fob_value_usd`` or ``import_value_usd``.

    Returns
    -------
    pandas.DataFrame
        row_kind (``replaced``, ``net growth``, ``net decline``), lost_partner, gained_partner (the words of the kind
        stand in the place of the one that is not there), `<column>_per_period`, share_of_lost (of the loser's loss),
        share_of_gained (of the gainer's gain); the largest first. Adds up to every partner's loss and gain. Empty if
        nothing changed, or the changes are not known.
    """
    amount = f"{column}_change_per_period"
    of_partners = changes[changes["row_kind"] == "partner"].set_index("partner")[amount].dropna()
    lost, gained = -of_partners[of_partners < 0], of_partners[of_partners > 0]
    moved = min(lost.sum(), gained.sum())
    rows = [
        ("replaced", loser, gainer, moved * (loss / lost.sum()) * (gain / gained.sum()))
        for loser, loss in lost.items()
        for gainer, gain in gained.items()
    ]
    # What exceeds by no more than the rounding of the sums is not growth.
    rounding = _ROUNDING * max(lost.sum(), gained.sum())
    if (left := gained.sum() - moved) > rounding:
        rows += [(NET_GROWTH, NET_GROWTH, name, left * gain / gained.sum()) for name, gain in gained.items()]
    if (left := lost.sum() - moved) > rounding:
        rows += [(NET_DECLINE, name, NET_DECLINE, left * loss / lost.sum()) for name, loss in lost.items()]
    made = f"{column}_per_period"
    out = pd.DataFrame(rows, columns=["row_kind", "lost_partner", "gained_partner", made])
    out = out.astype({"row_kind": "str", "lost_partner": "str", "gained_partner": "str", made: "float64"})
    out["share_of_lost"] = out[made] / out["lost_partner"].map(lost).astype("float64")
    out["share_of_gained"] = out[made] / out["gained_partner"].map(gained).astype("float64")
    kind = out["row_kind"] != "replaced"
    order = np.lexsort((out["gained_partner"], out["lost_partner"], -out[made], kind))
    return out.iloc[order].reset_index(drop=True)
