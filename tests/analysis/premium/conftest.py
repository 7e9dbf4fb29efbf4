"""A year of made-up prices over both changeovers, that move within every month."""

import numpy as np
import pandas as pd
import pytest

from aimlib.analysis.premium.daily import daily_series


@pytest.fixture
def prices() -> pd.DataFrame:
    days = pd.bdate_range("2025-01-01", "2025-12-31").as_unit("us")
    at = np.arange(len(days))
    premium = 24 + 0.25 * at + 2 * np.sin(at / 3)
    lme = 118 + 9 * np.sin(at / 11)
    return pd.DataFrame(
        {
            "day": days,
            "mwtp_c_lb": lme + premium,
            "premium_c_lb": premium,
            "freight_c_lb": 3 + 0.2 * np.cos(at / 7),
            "lme_c_lb": lme,
        }
    )


@pytest.fixture
def daily(prices) -> pd.DataFrame:
    return daily_series(prices)
