"""The errors of the mirror methods in the synthetic world, as they were computed and kept beside it."""

from __future__ import annotations

import pandas as pd

from aimlib import settings


def read_method_errors() -> pd.DataFrame:
    """Return each method's errors against the true flows of the synthetic world, fractions of the true amounts.

    Columns: flow, method, factor (text, empty for quantities), measure, error_totals, error_pairs, share_invisible,
    note (the group of countries). ``benchmarks/mirror_errors.py`` makes the table.
    """
    path = settings.share_dir("sample") / "method_errors.csv"
    return pd.read_csv(path, comment="#", dtype={"factor": "str"}, keep_default_na=False)
