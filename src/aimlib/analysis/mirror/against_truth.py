"""How wrong each method is where the truth is known: on made data with true flows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.mirror.settle import Settled

FLOW = ["exporter", "importer", "product", "period"]
PAIR = FLOW[:3]


def errors_against(
    truth: pd.DataFrame,
    settled: Mapping[str, Settled | pd.DataFrame] | Settled | pd.DataFrame,
    *,
    by: Sequence[str] = ("exporter",),
    among: Collection[str] = (),
) -> pd.DataFrame:
    """Return each method's errors against true flows, as shares of the true quantity (or value).

    ``truth``: exporter, importer, product, period, quantity_t, fob_value_usd, with the same products and periods as
    the flows. ``settled``: by method, what ``settle`` gave, or its flows; one alone is called ''. ``by``: what totals
    are of; ``among``: only totals of these countries (values of the first column of ``by``).

    One row a method: ``total_error_quantity`` (sum over totals of |settled - true| / sum of true),
    ``pair_error_quantity`` (the same over pairs and products, periods summed), ``flow_error_quantity`` (over single
    flows: what was shipped in one month and arrived in the next counts as wrong twice), the same with ``_value``
    (FOB), and ``share_invisible`` (of the true quantity in flows without a settled quantity). A flow without a settled
    figure counts as nothing settled, so its whole quantity is an error.
    """
    if not isinstance(settled, Mapping):
        settled = {"": settled}
    rows = []
    for method, made in settled.items():
        flows = made.flows if isinstance(made, Settled) else made
        rows.append({"method": method, **_errors(truth, flows, list(by), among)})
    return pd.DataFrame(rows)


def _errors(truth: pd.DataFrame, flows: pd.DataFrame, by: list[str], among: Collection[str]) -> dict[str, float]:
    if among:
        truth, flows = (frame[frame[by[0]].isin(list(among))] for frame in (truth, flows))
    errors = {}
    for measure, word in (("quantity_t", "quantity"), ("fob_value_usd", "value")):
        for level, keys in (("total", by), ("pair", PAIR), ("flow", FLOW)):
            true, found = (frame.groupby(keys)[measure].sum() for frame in (truth, flows))
            errors[f"{level}_error_{word}"] = _share(true.sub(found, fill_value=0.0).abs().sum(), true.sum())
    told = flows.groupby(FLOW)["quantity_t"].sum(min_count=1).dropna()
    true = truth.groupby(FLOW)["quantity_t"].sum()
    return {**errors, "share_invisible": _share(true[~true.index.isin(told.index)].sum(), true.sum())}


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else np.nan
