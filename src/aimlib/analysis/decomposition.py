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
from aimlib.analysis.windows import Summing

EFFECTS = ["quantity_effect_usd", "price_effect_usd", "mix_effect_usd"]
VALUE = "customs_value_usd"
SPANS = [VALUE, f"{VALUE}_prior"]
_SIDES = ("now", "then", "weight_now", "weight_then")
_SUMMED = ["quantity_t", "quantity_t_prior", "not_split_usd", "value_split", *EFFECTS]


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
    (found,) = decompose_each(rows, totals, months, listed, [window], by=by, origins=origins)
    return found


def decompose_each(
    rows: pd.DataFrame,
    totals: pd.DataFrame,
    months: pd.DataFrame,
    listed: pd.DataFrame,
    windows: Sequence[Window],
    *,
    by: str = "product",
    origins: Sequence[str] | None = None,
) -> list[pd.DataFrame]:
    """Return what `decompose` does for each of several windows, which are summed together."""
    rows = rows if origins is None else rows[rows["origin"].isin(list(origins))]
    cells = Summing(grid(rows, months, listed, by=("origin",), origins=origins))
    whole = None if origins is not None else Summing(total(rows, totals, months))
    names = series_of(cells.frame)["origin"]
    known, taken = [], []
    for window in windows:
        spans = (window.compared, window.base)
        is_listed = np.isfinite([cells.sum(VALUE, span) for span in spans]).all(axis=0)
        known.append(bool(window.compared) and (origins is None or bool(is_listed.all())))
        taken.append(rows["origin"].isin(names[is_listed & known[-1]]).to_numpy())
    found = []
    for parts, window, told in zip(_parts(_lines(rows, windows, taken), by, len(windows)), windows, known, strict=True):
        if whole is not None and told:
            found.append(_with_rest(parts, window, whole, by))
        else:
            found.append(_with_total(parts, parts[SPANS].sum().to_numpy() if told else np.full(2, np.nan)))
    return found


def _lines(rows: pd.DataFrame, windows: Sequence[Window], taken: Sequence[np.ndarray]) -> pd.DataFrame:
    """Return one row a window and line: value and quantity of the two spans, and whether a quantity is missing.

    `taken` says for each window which rows count.
    """
    number = month_numbers(rows["month"])
    pieces = []
    for place, (window, mine) in enumerate(zip(windows, taken, strict=True)):
        spans = (window.compared, window.base)
        now, then = (mine & np.isin(number, month_numbers(pd.DatetimeIndex(span))) for span in spans)
        at = np.flatnonzero(now | then)
        pieces.append((at, np.full(len(at), place), now[at], then[at]))
    at, of, now, then = (np.concatenate(column) for column in zip(*pieces, strict=True))
    value, quantity = (rows[name].to_numpy(float)[at] for name in (VALUE, "quantity_kg"))
    keys = [pd.factorize(rows[name]) for name in ("origin", "product", "code")]
    line, _ = pd.factorize(_together([(of, windows), *((code[at], names) for code, names in keys)]))
    first = np.zeros(int(line.max(initial=-1)) + 1, dtype=np.int64)
    first[line[::-1]] = np.arange(len(line))[::-1]
    sums = _summed(
        line,
        now=np.where(now, value, 0.0),
        then=np.where(then, value, 0.0),
        weight_now=np.where(now, np.nan_to_num(quantity), 0.0) / 1000.0,
        weight_then=np.where(then, np.nan_to_num(quantity), 0.0) / 1000.0,
        lacking=np.isnan(quantity) & (value != 0),
    )
    no_weight = ((sums["now"] != 0) & (sums["weight_now"] == 0)) | ((sums["then"] != 0) & (sums["weight_then"] == 0))
    named = {
        name: names.take(code[at[first]]) for name, (code, names) in zip(("origin", "product"), keys[:2], strict=True)
    }
    return pd.DataFrame({"window": of[first]} | named | sums | {"lacking": (sums["lacking"] > 0) | no_weight})


def _together(keys: Sequence[tuple[np.ndarray, Sequence]]) -> np.ndarray:
    """Return one number for each combination of coded keys."""
    out = np.zeros(len(keys[0][0]), dtype=np.int64)
    for at, names in keys:
        out = out * max(len(names), 1) + at
    return out


def _summed(group: np.ndarray, **columns: np.ndarray) -> dict[str, np.ndarray]:
    """Return the sums of columns over numbered groups."""
    # Grouping by a column spares the search for an array among the columns' names.
    sums = pd.DataFrame({"group": group, **columns}).groupby("group").sum()
    return {name: sums[name].to_numpy() for name in columns}


def _parts(lines: pd.DataFrame, by: str, windows: int) -> list[pd.DataFrame]:
    """Sum the lines of each window to parts and split those that have quantities, by the formula of this module."""
    code, names = pd.factorize(lines[by], sort=True)
    count = max(len(names), 1)
    part, has = lines["window"].to_numpy() * count + code, ~lines["lacking"].to_numpy(bool)
    whole = _summed(part, **{side: lines[side].to_numpy() for side in _SIDES[:2]})
    split = _summed(part[has], **{side: lines[side].to_numpy()[has] for side in _SIDES})
    there, divided = np.unique(part), np.unique(part[has])
    full = np.zeros((len(_SIDES), windows * count))
    full[:, divided] = [split[side] for side in _SIDES]
    made = []
    for window in range(windows):
        mine = there // count == window
        at = there[mine]
        made.append(_part_rows(by, names.take(at % count), whole["now"][mine], whole["then"][mine], full[:, at]))
    return made


def _part_rows(by: str, names: pd.Index, now: np.ndarray, then: np.ndarray, split: np.ndarray) -> pd.DataFrame:
    """Return the parts of one window, in the order of the size of their change; `split` in the order of the sides."""
    effects = _effects(*split) if len(names) else np.zeros((len(EFFECTS), 0))
    out = pd.DataFrame(
        {
            by: names,
            VALUE: now,
            f"{VALUE}_prior": then,
            "quantity_t": split[2],
            "quantity_t_prior": split[3],
            "not_split_usd": (now - split[0]) - (then - split[1]),
            "value_split": split[0] + split[1],
            **dict(zip(EFFECTS, effects, strict=True)),
        }
    )
    order = np.argsort(-np.abs(now - then), kind="stable")
    return out.iloc[order].reset_index(drop=True).assign(row_kind=by)


def _with_rest(parts: pd.DataFrame, window: Window, whole: Summing, by: str) -> pd.DataFrame:
    """Return the parts with what a selection leaves out, and the whole."""
    spans, frame = (window.compared, window.base), whole.frame
    of_all = np.array([whole.sum(VALUE, span)[0] for span in spans])
    if frame["coverage"][frame["month"].isin([*window.compared, *window.base])].eq("selection").any():
        left = pd.DataFrame([of_all - parts[SPANS].sum().to_numpy()], columns=SPANS)
        left["not_split_usd"] = left[VALUE] - left[f"{VALUE}_prior"]
        left = left.assign(**{by: REST}, row_kind="rest", value_split=0.0)
        parts = pd.concat([parts, left], ignore_index=True)
    return _with_total(parts, of_all)


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
    columns = {name: parts[name].to_numpy(float) for name in (*SPANS, *_SUMMED)}
    whole = {name: _sum_known(columns[name]) if known else np.nan for name in _SUMMED}
    if known:
        whole |= {name: np.nan_to_num(whole[name]) for name in ("not_split_usd", "value_split")}
    whole |= dict(zip(SPANS, of_all, strict=True))
    columns = {name: np.append(values, whole[name]) for name, values in columns.items()}
    now, then = columns[VALUE], columns[f"{VALUE}_prior"]
    share = ratio(columns.pop("value_split"), now + then)
    made = {"change_usd": now - then, "share_value_split": share}
    keys = {by: [*parts[by], TOTAL], "row_kind": [*parts["row_kind"], "total"]}
    out = {name: pd.Series(texts, dtype="str") for name, texts in keys.items()} | columns | made
    order = [by, "row_kind", *SPANS, "quantity_t", "quantity_t_prior", "change_usd", *EFFECTS, "not_split_usd"]
    return pd.DataFrame({name: out[name] for name in (*order, "share_value_split")})


def _sum_known(values: np.ndarray) -> float:
    """Return the sum of what is known, blank where nothing is."""
    held = ~np.isnan(values)
    return float(np.where(held, values, 0.0).sum()) if held.any() else np.nan
