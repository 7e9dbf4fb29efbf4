"""What the tests of the global comparison share."""

from __future__ import annotations

import pytest
from analysis.world.written import all_reported, make_flows


@pytest.fixture
def small():
    """Three exporters in 2022 and 2023; AAA reports both years, BBB the later alone, CCC without trade in 2023."""
    flows = make_flows(
        ("AAA", "DDD", 2022, 60.0, 600.0),
        ("AAA", "EEE", 2022, 40.0, 500.0),
        ("AAA", "DDD", 2023, 30.0, 360.0),
        ("AAA", "EEE", 2023, None, 140.0),
        ("AAA", "BBB", 2023, 45.0, 540.0),
        ("BBB", "DDD", 2023, 25.0, 200.0),
        ("CCC", "DDD", 2022, 10.0, 90.0),
    )
    return flows, all_reported(["AAA", "BBB", "CCC"], [2022, 2023], BBB={2022: "missing"})
