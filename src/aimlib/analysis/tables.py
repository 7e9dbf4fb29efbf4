"""Tables over a window: suppliers or products, ranked, with the rest and the total."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.blocks import change, keys_of, ratio, remainder, series_of
from aimlib.analysis.measures import Measure, measure
from aimlib.analysis.months import Window
from aimlib.analysis.shares import largest
from aimlib.analysis.totals import REST, TOTAL
from aimlib.analysis.unit_values import unit_value
from aimlib.analysis.windows import Summing


def window_table(
    parts: pd.DataFrame,
    whole: pd.DataFrame,
    window: Window,
    which: str | Measure = "value",
    *,
    top: int | None = None,
    keep: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the largest parts over a window, the rest, and the total, one row each, the largest first.

    Parameters
    ----------
    parts, whole
        The grid frames of the parts, with one key, and of what they are parts of, with none: all origins and
        `totals.total`; or one country's products and that country.
    window
        The year to date makes the supplier table, one month the list of top origins (see `months`).
    top, keep
        How many parts to show (None for all that were traded), and those to show in any case.

    Columns, ``c`` being the measure's column and ``w`` the window's suffix (``_ytd``, ``_12m``, or none for a
    month):

    - rank (blank for the rest, the total, and parts without trade), the key (``REST``, ``TOTAL``), row_kind;
    - ``cw``: the sum over the window, blank if a month of it is not loaded or does not list the part;
    - ``cw_compared``, ``cw_prior``: this year and the year before over the ``months_compared`` that both
      hold, blank unless the part is listed in all of them; ``cw_yoy``: the change between these two
      (``_mom`` for a window against the month before);
    - share_of_total, share_of_total_prior: of `cw`, and of `cw_prior`, in the total's;
    - contribution: the part's change over the total's base; the column adds up to the total's own change;
    - unit_value_usd_t, unit_value_usd_t_yoy (of the months compared), share_value_covered;
    - not_listed: for a part, that a month of the window or of its base does not list it; for the rest, that
      it takes in partners which a selection does not list.

    The rest is the total less what the parts shown print, and left out where there is nothing in it.
    """
    what = measure(which)
    (key,) = keys_of(parts)
    every = Summing(parts)
    amounts = every.sum(what.source, window.months)
    count = int((np.nan_to_num(amounts) > 0).sum()) if top is None else top
    chosen = largest(parts, amounts, count, keep)
    shown = {name: values[chosen] for name, values in _sums(every, window, what).items()}
    of_all = _sums(Summing(whole), window, what)
    left = {name: remainder(of_all[name], np.where(np.isnan(shown[name]), 0.0, shown[name]).sum()) for name in _SUMS}
    left["not_listed"] = np.array([_is_selection(whole, window)])
    pieces = {key: shown, "rest": left, "total": of_all}
    if not left["not_listed"][0] and left["level"][0] == 0 and np.nan_to_num(left["prior"][0]) == 0:
        del pieces["rest"]
    names = {key: series_of(parts)[key].to_numpy()[chosen], "rest": [REST], "total": [TOTAL]}
    sums = {name: np.concatenate([piece[name] for piece in pieces.values()]) for name in of_all}
    kinds = np.repeat(list(pieces), [len(names[kind]) for kind in pieces])
    return _named(sums, np.concatenate([names[kind] for kind in pieces]), kinds, key, window, what)


_SUMS = [
    *("level", "compared", "prior", "value", "covered", "quantity"),
    *("covered_compared", "quantity_compared", "covered_prior", "quantity_prior"),
]


def _sums(frame: Summing, window: Window, what: Measure) -> dict[str, np.ndarray]:
    """Return a figure a series of each: sums over the window, and over its two sides compared."""
    out = {
        "level": frame.sum(what.source, window.months) / what.divisor,
        "value": frame.sum("customs_value_usd", window.months),
        "not_listed": frame.unlisted([*window.months, *window.base]),
    }
    out["quantity"], out["covered"] = frame.quantity(window.months)
    for side, months in (("compared", window.compared), ("prior", window.base)):
        out[side] = frame.sum(what.source, months) / what.divisor
        out[f"quantity_{side}"], out[f"covered_{side}"] = frame.quantity(months)
    for name in ("", "quantity_", "covered_"):
        pair = (f"{name}compared", f"{name}prior")
        blank = np.isnan(out[pair[0]] + out[pair[1]])
        out |= {side: np.where(blank, np.nan, out[side]) for side in pair}
    return out


def _named(
    sums: dict[str, np.ndarray], names: np.ndarray, kinds: np.ndarray, key: str, window: Window, what: Measure
) -> pd.DataFrame:
    """Turn sums, the total the last, into the columns of the table."""
    c, of_all = f"{what.column}{window.suffix}", {name: values[-1] for name, values in sums.items()}
    traded = (kinds == key) & (sums["level"] > 0)
    # A published total does not show which of its quantities are missing: the rest would seem over-covered.
    covered = np.clip(sums["covered"], 0.0, sums["value"])
    then = unit_value(sums["covered_prior"], sums["quantity_prior"])
    return pd.DataFrame(
        {
            "rank": pd.Series(np.where(traded, sums["level"], np.nan)).rank(ascending=False, method="min"),
            key: pd.Series(names, dtype="str"),
            "row_kind": pd.Series(kinds, dtype="str"),
            c: sums["level"],
            f"{c}_compared": sums["compared"],
            f"{c}_prior": sums["prior"],
            f"{c}_{window.change}": change(sums["compared"], sums["prior"]),
            "share_of_total": ratio(sums["level"], of_all["level"]),
            "share_of_total_prior": ratio(sums["prior"], of_all["prior"]),
            "contribution": ratio(sums["compared"] - sums["prior"], of_all["prior"]),
            "unit_value_usd_t": unit_value(covered, sums["quantity"]),
            f"unit_value_usd_t_{window.change}": change(
                unit_value(sums["covered_compared"], sums["quantity_compared"]), then
            ),
            "share_value_covered": ratio(covered, sums["value"]),
            "months_compared": len(window.compared),
            "not_listed": sums["not_listed"].astype(bool),
        }
    )


def _is_selection(whole: pd.DataFrame, window: Window) -> bool:
    """Return whether an answer of the window or its base is a selection."""
    of = whole["month"].isin([*window.months, *window.base]).to_numpy()
    return bool((whole["coverage"].to_numpy(object)[of] == "selection").any())
