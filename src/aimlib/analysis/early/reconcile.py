"""Parts made to add up to their total: least-squares adjustment (Stone, Champernowne and Meade 1942)."""

from __future__ import annotations

import numpy as np


def reconcile(parts: np.ndarray, variances: np.ndarray, total: float) -> np.ndarray:
    """Return the parts, none negative, moved to add to `total` with the least sum of squared moves over variances.

    The gap is shared out in proportion to the variances; a part that would turn negative becomes zero and the
    others take its share. A part of infinite variance (nothing is known of it) takes the whole gap. Where no
    part has a variance, or those that have are used up, all are scaled alike.

    Raises ValueError if the total or a part is negative.
    """
    parts, variances = np.asarray(parts, float), np.asarray(variances, float)
    if total < 0 or (parts < 0).any():
        raise ValueError("parts and total may not be negative")
    out, weights = parts.copy(), _weights(variances)
    free = np.ones(len(parts), bool)
    for _ in range(len(parts)):
        gap, share = total - out[free].sum(), weights * free
        if share.sum() <= 0:
            break
        moved = out + share / share.sum() * gap
        if (moved[free] >= 0).all():
            return np.where(free, moved, 0.0)
        if np.isinf(variances).any():
            # The unknown part is none; the others are then adjusted by their own variances.
            free &= ~np.isinf(variances)
            out, variances = np.where(free, out, 0.0), np.where(np.isinf(variances), 0.0, variances)
            weights = _weights(variances)
            continue
        free &= moved >= 0
        out = np.where(free, parts, 0.0)
    held = np.where(free, parts, 0.0)
    return held * (total / held.sum()) if held.sum() > 0 else held


def reconcile_rows(parts: np.ndarray, variances: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Return `reconcile` of each row: rows by parts, and a total a row. All at once where nothing turns negative."""
    shares = variances.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        out = parts + variances / shares[:, None] * (totals - parts.sum(axis=1))[:, None]
    plain = np.isfinite(shares) & (shares > 0) & (out >= 0).all(axis=1) & (parts >= 0).all(axis=1) & (totals >= 0)
    for row in np.flatnonzero(~plain):
        out[row] = reconcile(parts[row], variances[row], totals[row])
    return out


def _weights(variances: np.ndarray) -> np.ndarray:
    unknown = np.isinf(variances)
    return unknown.astype(float) if unknown.any() else variances
