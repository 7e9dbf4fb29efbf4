"""The change in value between two spans of months, split into quantity, price and mix without a remainder.

For parts i with value v, quantity q, price p = v / q and share s = q / Q in the quantity of all parts,
Q = sum of q, and with d for the change between the two spans and a bar for the mean of the two,
d(xy) = mean(x) d(y) + mean(y) d(x) holds exactly. Applied to v = p q, and then to q = Q s,

    d(v of i) = mean(q) d(p)  +  d(Q) mean(s) mean(p)  +  mean(Q) mean(p) d(s)
                price            quantity                 mix

The three sum over the parts to the whole's change: what changed prices explain; what a greater quantity of the
same make-up explains; and what a shift towards dearer or cheaper parts explains. The price term, and the other two
together, are the indicators of Bennet (The Theory of Measurement of Changes in Cost of Living, Journal of the Royal
Statistical Society 83, 1920): in differences and with weights of both spans, so that no span is the base and
turning the two around only turns the signs. For a single part the mix tells how its share moved; only the sum over
the parts can be read as dearer or cheaper.

A part traded in one span only has no price in the other. It is given the price it has, so that it counts as
quantity and mix, and not as price.

Values without a quantity cannot be split. They are told by line (an origin and code): a line that in one of
the months has value without quantity goes, with all its value of both spans, to what is not split, so that
a quantity which is missing in one span never looks like growth.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimlib.analysis.blocks import ratio, series_of
from aimlib.analysis.grid import grid
from aimlib.analysis.months import Window, month_numbers
from aimlib.analysis.totals import REST, TOTAL, total
from aimlib.analysis.windows import window_sum

EFFECTS = ["quantity_effect_usd", "price_effect_usd", "mix_effect_usd"]
VALUE = "customs_value_usd"
SPANS = [VALUE, f"{VALUE}_prior"]


def decompose(
    rows: pd.DataFrame,
    totals: pd.DataFrame,
    months: pd.DataFrame,
    listed: pd.DataFrame,
    window: Window,
    *,
    by: str = "product",
    origins: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Split the change in value over a window, part by part and for the whole.

    Parameters
    ----------
    rows, totals, months, listed
        As the reader hands them over.
    window
        Its `compared` months are held against its `base` (see `months`).
    by
        ``product`` or ``origin``: the parts between which mix can shift. What shifts within a part is price.
    origins
        A country, the members of a group, or None for all. If a selection does not list one of them in a
        month concerned, all is blank; of all origins, those not listed throughout go to a row ``REST``, not
        split.

    Columns: the key, row_kind (`product` or `origin`, `rest`, `total` in the last row), customs_value_usd
    and customs_value_usd_prior of the two spans, quantity_t and quantity_t_prior of what is split,
    change_usd, quantity_effect_usd, price_effect_usd, mix_effect_usd, not_split_usd, and share_value_split
    (of the value of both spans). Effects and not_split_usd add up to change_usd in each row; where nothing
    could be split the effects are blank and not_split_usd is all the change. The parts are in the order of
    the size of their change.
    """
    spans = (window.compared, window.base)
    if not window.compared:
        return _blank(rows, by)
    rows, totals, months, listed = (_between(frame, window) for frame in (rows, totals, months, listed))
    by_origin = grid(rows, months, listed, by=("origin",), origins=origins)
    listed_in_all = np.isfinite([window_sum(by_origin, VALUE, span) for span in spans]).all(axis=0)
    if origins is not None and not listed_in_all.all():
        return _blank(rows, by)
    names = series_of(by_origin)["origin"][listed_in_all]
    parts = _parts(_lines(rows[rows["origin"].isin(names)], spans), by)
    if origins is not None:
        return _with_total(parts, parts[SPANS].sum().to_numpy())
    whole = total(rows, totals, months)
    of_all = np.array([window_sum(whole, VALUE, span)[0] for span in spans])
    if whole["coverage"][whole["month"].isin([*window.compared, *window.base])].eq("selection").any():
        left = pd.DataFrame([of_all - parts[SPANS].sum().to_numpy()], columns=SPANS)
        left["not_split_usd"] = left[VALUE] - left[f"{VALUE}_prior"]
        left = left.assign(**{by: REST}, row_kind="rest", value_split=0.0)
        parts = pd.concat([parts, left], ignore_index=True)
    return _with_total(parts, of_all)


def _between(frame: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return the rows from the first month compared to the last."""
    return frame[frame["month"].between(min(window.base), max(window.compared))]


def _blank(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    return _with_total(_parts(_lines(rows.iloc[:0], ((), ())), by), np.full(2, np.nan))


def _lines(rows: pd.DataFrame, spans: tuple[Sequence[pd.Timestamp], Sequence[pd.Timestamp]]) -> pd.DataFrame:
    """Return one row a line: value and quantity of the two spans, and whether a quantity is missing."""
    number = month_numbers(rows["month"])
    inside = [np.isin(number, month_numbers(pd.DatetimeIndex(span))) for span in spans]
    value, quantity = rows[VALUE].to_numpy(float), rows["quantity_kg"].to_numpy(float)
    made = rows[["origin", "product", "code"]].assign(
        now=np.where(inside[0], value, 0.0),
        then=np.where(inside[1], value, 0.0),
        weight_now=np.where(inside[0], np.nan_to_num(quantity), 0.0) / 1000.0,
        weight_then=np.where(inside[1], np.nan_to_num(quantity), 0.0) / 1000.0,
        lacking=np.isnan(quantity) & (value != 0),
    )[inside[0] | inside[1]]
    lines = made.groupby(["origin", "product", "code"], as_index=False, sort=False).sum()
    no_weight = (lines["now"].ne(0) & lines["weight_now"].eq(0)) | (lines["then"].ne(0) & lines["weight_then"].eq(0))
    return lines.assign(lacking=lines["lacking"].gt(0) | no_weight)


def _parts(lines: pd.DataFrame, by: str) -> pd.DataFrame:
    """Sum the lines to parts and split those that have quantities, by the formula of this module."""
    sides = ["now", "then", "weight_now", "weight_then"]
    parts = lines[[by, "now", "then"]].groupby(by).sum()
    split = lines[~lines["lacking"]].groupby(by)[sides].sum().reindex(parts.index, fill_value=0.0)
    out = pd.DataFrame(
        {
            VALUE: parts["now"],
            f"{VALUE}_prior": parts["then"],
            "quantity_t": split["weight_now"],
            "quantity_t_prior": split["weight_then"],
            "not_split_usd": (parts["now"] - split["now"]) - (parts["then"] - split["then"]),
            "value_split": split["now"] + split["then"],
        }
    )
    effects = _effects(*(split[side].to_numpy(float) for side in sides))
    out[EFFECTS] = np.column_stack(effects) if len(out) else np.zeros((0, 3))
    order = (out[VALUE] - out[f"{VALUE}_prior"]).abs().sort_values(ascending=False, kind="stable").index
    return out.loc[order].reset_index().assign(row_kind=by)


def _effects(
    now: np.ndarray, then: np.ndarray, weight_now: np.ndarray, weight_then: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the quantity, price and mix effects of each part; blank for a part without any quantity."""
    all_now, all_then = weight_now.sum(), weight_then.sum()
    share_now, share_then = ratio(weight_now, all_now), ratio(weight_then, all_then)
    if all_now == 0:
        share_now = share_then
    if all_then == 0:
        share_then = share_now
    price_now, price_then = ratio(now, weight_now), ratio(then, weight_then)
    price_now, price_then = (
        np.where(np.isnan(price_now), price_then, price_now),
        np.where(np.isnan(price_then), price_now, price_then),
    )
    mean_price = (price_now + price_then) / 2
    return (
        (all_now - all_then) * (share_now + share_then) / 2 * mean_price,
        (weight_now + weight_then) / 2 * (price_now - price_then),
        (all_now + all_then) / 2 * mean_price * (share_now - share_then),
    )


def _with_total(parts: pd.DataFrame, of_all: np.ndarray) -> pd.DataFrame:
    """Add the row of the whole, whose value in the two spans is `of_all`, and the columns made of others."""
    (by,) = [key for key in ("origin", "product") if key in parts]
    known = bool(np.isfinite(of_all).all())
    whole = parts[["quantity_t", "quantity_t_prior", "not_split_usd", "value_split", *EFFECTS]].sum(min_count=1)
    whole = whole.fillna({"not_split_usd": 0.0, "value_split": 0.0}) if known else whole * np.nan
    total_row = {by: TOTAL, "row_kind": "total", VALUE: of_all[0], f"{VALUE}_prior": of_all[1], **whole}
    out = pd.concat([parts, pd.DataFrame([total_row])], ignore_index=True) if len(parts) else pd.DataFrame([total_row])
    out["change_usd"] = out[VALUE] - out[f"{VALUE}_prior"]
    out["share_value_split"] = ratio(out["value_split"], out[VALUE] + out[f"{VALUE}_prior"])
    return out[
        [by, "row_kind", *SPANS, "quantity_t", "quantity_t_prior", "change_usd", *EFFECTS, "not_split_usd",
         "share_value_split"]
    ]  # fmt: skip
