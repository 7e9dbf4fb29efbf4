"""What foretells Census: a figure known early, how it erred in the past, and two of them weighed together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Signal:
    """A prediction of each part in logs. Arrays run over the parts, after the trials where there are several.

    Attributes
    ----------
    log
        The log of what is predicted; -inf or NaN where there is nothing to go by.
    ratio
        The mean log ratio of Census to the early figure (to licenses, where two signals are weighed together).
    errors
        Past months by parts (after the trials): log Census less the log predicted with the mean of all; NaN where
        not used.
    weight
        The weight of licenses in it.
    fitted
        How many numbers were taken from the past months: the mean, and the weight where two signals are mixed.
    """

    log: np.ndarray
    ratio: np.ndarray
    errors: np.ndarray
    weight: np.ndarray
    fitted: np.ndarray

    @property
    def used(self) -> np.ndarray:
        """Return which past months were used for which parts."""
        return np.isfinite(self.errors)

    @property
    def months(self) -> np.ndarray:
        """Return how many past months were used for each part."""
        return self.used.sum(axis=-2)

    @property
    def freedom(self) -> np.ndarray:
        """Return the degrees of freedom of the spread."""
        return self.months - self.fitted

    @property
    def variance(self) -> np.ndarray:
        """Return the variance of past errors, blank without a degree of freedom."""
        with np.errstate(invalid="ignore", divide="ignore"):
            found = np.nansum(self.errors**2, axis=-2) / self.freedom
        return np.where(self.freedom > 0, found, np.nan)

    @property
    def spread(self) -> np.ndarray:
        """Return the standard deviation of a new month's error, s * sqrt(1 + 1/n)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.sqrt(self.variance * (1 + 1 / self.months))


def signal(now: np.ndarray, early: np.ndarray, census: np.ndarray) -> Signal:
    """Return what `now` foretells, from past early figures and what Census said of the same months.

    Parts in `now`; months by parts in `early` and `census`; all after the trials where there are several. Months in
    which either is blank or not above zero are not used.
    """
    used = np.isfinite(early) & np.isfinite(census) & (early > 0) & (census > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.where(used, np.log(census / early), 0.0)
        mean = logs.sum(axis=-2) / used.sum(axis=-2)
        log, errors = np.log(now) + mean, np.where(used, logs - mean[..., None, :], np.nan)
    return Signal(log, mean, errors, np.ones(now.shape), np.ones(now.shape, int))


def weighed(licenses: Signal, usual: Signal, minimum: int) -> Signal:
    """Return the two signals weighed by the inverse of the variance of their past errors.

    Both are measured over the months that both have; where these are fewer than `minimum`, or the second has
    nothing to say, the first stands alone. The errors of the mixture are those it would have had with its weights of
    today, so that what the two err alike in is in its spread.
    """
    both = licenses.used & usual.used
    first, second = (replace(s, errors=np.where(both, s.errors, np.nan)) for s in (licenses, usual))
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = second.variance / (first.variance + second.variance)
        log = weight * licenses.log + (1 - weight) * usual.log
        errors = weight[..., None, :] * first.errors + (1 - weight[..., None, :]) * second.errors
        errors = errors - (np.nansum(errors, axis=-2) / both.sum(axis=-2))[..., None, :]
    mixed = (both.sum(axis=-2) >= minimum) & np.isfinite(log)
    return Signal(
        np.where(mixed, log, licenses.log),
        licenses.ratio,
        np.where(mixed[..., None, :], errors, licenses.errors),
        np.where(mixed, weight, 1.0),
        np.where(mixed, 2, 1),
    )
