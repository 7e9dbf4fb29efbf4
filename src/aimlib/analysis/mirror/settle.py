"""One figure a flow out of two accounts of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from aimlib.analysis.mirror import gehlhar, weighted
from aimlib.analysis.mirror.board import ENDS, Board, board
from aimlib.analysis.mirror.partner_sets import PartnerSets, counted, left_out, partner_sets
from aimlib.analysis.mirror.standing import breaks_in, standing_frame
from aimlib.analysis.mirror.valuation import Valuations, importers_account, importers_fob
from aimlib.errors import AimError
from aimlib.ingest.global_trade.frames import FLOWS

METHODS = ("reported", "reverse", "better", "weighted")
_KEYS = ["exporter", "importer", "product", "period"]


@dataclass(frozen=True)
class Settled:
    """Settled flows and what they rest on.

    ``flows``: FLOWS. ``standing``: STANDING of every country and period. ``breaks``: country, flow, period,
    from_side, to_side, one row where a series changes sides. ``left_out``: country, partner, periods_reported,
    periods, quantity_t, mirror_quantity_t: partners not counted since they reported only in some periods, the quantity
    they told of, and the part of it in periods in which the country rests on partners alone.
    ``reliability``: the scores of ``better`` (``gehlhar.indices``) or ``weighted`` (``weighted.reliabilities``), empty
    for the others. ``counted``: country, partner, for every country built from partners those whose accounts count:
    across a break of a spliced series only the trade with them is told of on both sides. Empty under ``reported``.
    """

    flows: pd.DataFrame
    standing: pd.DataFrame
    breaks: pd.DataFrame
    left_out: pd.DataFrame
    reliability: pd.DataFrame
    counted: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["country", "partner"]))


def settle(
    pairs: pd.DataFrame,
    reporting: pd.DataFrame,
    *,
    flow: str,
    method: str,
    mirrored: Collection[str] = (),
    factor: float = 1.0,
    splice: bool = False,
    valuations: Valuations = None,
) -> Settled:
    """Settle PAIRS into one figure a flow, for the totals of exporters (``flow="export"``) or importers.

    Methods: ``reported``, every country's own account. ``reverse``, the monitor's: the countries in ``mirrored``
    from their partners' accounts over the whole window, all others from their own; with ``splice`` their own account
    in the periods that they reported and their partners' in the rest. ``better``, the side with the higher index of
    Gehlhar. ``weighted``, BACI's mean of both. Under the last two a flow that one side reports is that side's, and one
    of which only one side has a weight is that one's too.

    Quantity first; values settle by the same side or weights. ``fob_value_usd`` of an importer's account is its FOB
    part plus its CIF part over ``factor``; ``import_value_usd`` is what the importer recorded, or, from an exporter's
    account, that value times the factor where the importer records CIF (see ``valuation.importers_fob``).

    A flow whose side did not report is not in the flows; a flow told as nothing is there with 0; a missing quantity
    stays missing (sum with ``min_count`` or see ``known_share``). Partners count only if they reported the
    counter-flow in every period of the window (``left_out`` names the others).

    Raises: AimError for an unknown flow or method or a factor that is not positive.
    """
    _check(method, factor)
    known = board(pairs, reporting, flow, mirrored)
    pairs = known.inside(pairs)
    own_counts, window = _plan(known, method, mirrored, splice)
    sets = partner_sets(known, window)
    x_usable, m_usable, heard = _usable(pairs, known, sets, own_counts)
    reliability, preference = _preference(pairs, method)
    share, side = _share_of_exporter(pairs, x_usable, m_usable, preference)
    standing = standing_frame(known, sets, own_counts)
    flows = _blend(pairs, share, side, factor, importers_fob(pairs, valuations))
    unheard = left_out(known, sets, heard)
    return Settled(flows, standing, breaks_in(standing), unheard, reliability, counted(known, sets))


def known_share(flows: pd.DataFrame, by: list[str] | None = None) -> pd.DataFrame:
    """Return how much of FLOWS has a quantity: by, flows, flows_known, share_value_known (of FOB value)."""
    by = by or ["period"]
    known = flows["quantity_t"].notna()
    told = flows[by].assign(
        flows=1,
        flows_known=known.astype("int64"),
        fob_value_usd=flows["fob_value_usd"],
        covered_fob_value_usd=flows["covered_fob_value_usd"],
    )
    sums = told.groupby(by, as_index=False).sum()
    share = sums["covered_fob_value_usd"] / sums["fob_value_usd"].where(sums["fob_value_usd"] > 0)
    return sums[[*by, "flows", "flows_known"]].assign(share_value_known=share)


def _check(method: str, factor: float) -> None:
    if method not in METHODS:
        raise AimError(f"Unknown method {method!r}.", f"Choose one of {', '.join(METHODS)}.")
    if not factor > 0:
        raise AimError(f"A CIF/FOB factor is a positive number; this is {factor}.", "Give 1.00, 1.06 or 1.08.")


def _plan(known: Board, method: str, mirrored: Collection[str], splice: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return in which periods a country's own account counts, and in which its partners' do."""
    everywhere = np.ones(known.shape, dtype=bool)
    if method == "reported":
        return everywhere, ~everywhere
    if method == "reverse":
        built = np.repeat(known.mask(mirrored)[:, None], len(known.periods), axis=1)
        built &= ~(known.own & splice)
        return ~built, built
    return everywhere, everywhere


def _usable(
    pairs: pd.DataFrame, known: Board, sets: PartnerSets, own_counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Return for which rows the exporter's and the importer's account may be used, and what partners told in all."""
    own_side, partner_side = ("x", "m") if known.flow == "export" else ("m", "x")
    country, partner = (known.codes(pairs[end]) for end in ENDS[known.flow])
    period = known.period_codes(pairs["period"])
    own_period = (known.own & own_counts)[country, period]
    own = pairs[f"{own_side}_reported"].to_numpy() & own_counts[country, period]
    told = pairs[f"{partner_side}_reported"].to_numpy() & sets.window[country, period]
    mirror = told & sets.constant[country, partner]
    quantity = pairs[f"{partner_side}_quantity_t"].to_numpy()[told]
    columns = {"country": country[told], "partner": partner[told], "quantity_t": quantity, "own": own_period[told]}
    heard = pd.DataFrame(columns)
    return (own, mirror, heard) if known.flow == "export" else (mirror, own, heard)


def _preference(pairs: pd.DataFrame, method: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the scores, and the exporter's share in a flow that both may tell."""
    if method == "better":
        scores = gehlhar.indices(pairs)
        return scores, gehlhar.exporter_is_better(pairs, scores).astype("float64")
    if method == "weighted":
        scores = weighted.reliabilities(pairs)
        return scores, weighted.exporters_weight(pairs, scores)
    return pd.DataFrame(), np.ones(len(pairs))


def _share_of_exporter(
    pairs: pd.DataFrame, x_usable: np.ndarray, m_usable: np.ndarray, preference: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the exporter's share in each row (blank where no side may be used) and the side's name."""
    both = x_usable & m_usable
    x, m = pairs["x_quantity_t"].to_numpy(), pairs["m_quantity_t"].to_numpy()
    choices = [
        (both & np.isnan(m) & (x > 0), 1.0),
        (both & np.isnan(x) & (m > 0), 0.0),
        (both, preference),
        (x_usable, 1.0),
        (m_usable, 0.0),
    ]
    share = np.select([where for where, _ in choices], [value for _, value in choices], np.nan)
    return share, np.select([share == 1, share == 0], ["exporter", "importer"], "mean")


def _blend(
    pairs: pd.DataFrame, share: np.ndarray, side: np.ndarray, factor: float, fob_importer: np.ndarray
) -> pd.DataFrame:
    told = ~np.isnan(share)
    rows, share = pairs[told], share[told]
    to_import = np.where(fob_importer[told], 1.0, factor)

    def mean(exporter: np.ndarray, importer: np.ndarray) -> np.ndarray:
        # A side that has no part is not multiplied by zero: it may be blank.
        return np.where(share == 1, exporter, np.where(share == 0, importer, share * exporter + (1 - share) * importer))

    made = {name: rows[name] for name in _KEYS}
    made["quantity_t"] = mean(rows["x_quantity_t"].to_numpy(), rows["m_quantity_t"].to_numpy())
    for prefix in ("", "covered_"):
        x = rows[f"x_{prefix}fob_value_usd"].to_numpy()
        as_fob, as_recorded = (importers_account(rows, rate, covered=bool(prefix)) for rate in (factor, 1.0))
        made[f"{prefix}fob_value_usd"] = mean(x, as_fob)
        made[f"{prefix}import_value_usd"] = mean(x * to_import, as_recorded)
    made["side"] = side[told]
    return pd.DataFrame(made)[list(FLOWS)].astype(FLOWS).reset_index(drop=True)
