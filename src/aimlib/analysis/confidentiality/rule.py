"""The rule that says which figures rest on too few importers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aimlib.errors import AimError


@dataclass(frozen=True)
class Rule:
    """When a figure may not be shown.

    Attributes
    ----------
    importers
        The least number of importers that a figure must rest on.
    share
        The largest part of a figure's quantity, or of its value, that one importer may have.
    """

    importers: int = 3
    share: float = 0.8

    def __post_init__(self) -> None:
        if self.importers < 1:
            raise AimError(f"A figure must rest on at least one importer, not {self.importers}.", "Use 3 or more.")
        if not 0 < self.share <= 1:
            raise AimError(f"The share one importer may have is {self.share}.", "Give a fraction, such as 0.8.")


def is_sensitive(
    importers: np.ndarray,
    quantity: np.ndarray,
    value: np.ndarray,
    top_quantity: np.ndarray,
    top_value: np.ndarray,
    rule: Rule,
) -> np.ndarray:
    """Tell which figures rest on too few importers, or on one that has more than the rule's share.

    Parameters
    ----------
    importers
        The number of known importers behind each figure. Zero: nobody is behind it, or the publisher has
        protected it already; it is not sensitive.
    quantity, value, top_quantity, top_value
        What those importers brought together, and the most that one of them did, in any one unit.
    """
    # A share of just the limit is allowed; the slack is for sums of floating-point numbers.
    limit = rule.share * (1 + 1e-12)
    dominated = (top_quantity > limit * quantity) | (top_value > limit * value)
    return (importers > 0) & ((importers < rule.importers) | dominated)
