"""A function of two columns, worked out once a pair and not once a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd


def per_pair(left: pd.Series, right: pd.Series, told: Callable[[str, str], Any], dtype: str = "str") -> pd.Series:
    """Return `told` of each row's two texts, on the index of `left`."""
    left_codes, lefts = pd.factorize(left)
    right_codes, rights = pd.factorize(right)
    pairs, places = np.unique(left_codes * len(rights) + right_codes, return_inverse=True)
    words = pd.Series([told(lefts[pair // len(rights)], rights[pair % len(rights)]) for pair in pairs], dtype=dtype)
    return words.take(places).set_axis(left.index)
