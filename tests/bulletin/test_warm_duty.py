"""What is filled in before a fork may not have used what does not outlive one."""

from __future__ import annotations

import subprocess
import sys

PROBE = """
import sys, threading
from aimlib.bulletin.warm_duty import warm_duty
from aimlib.analysis.duty import scenario_files
warm_duty()
used = {"duckdb", "py_mini_racer", "vl_convert", "typst", "polars"} & set(sys.modules)
assert not used, used
assert threading.active_count() == 1
assert scenario_files._named_scenario.cache_info().currsize
"""


def test_the_warm_up_uses_no_engine_and_starts_no_thread():
    subprocess.run([sys.executable, "-c", PROBE], check=True)
