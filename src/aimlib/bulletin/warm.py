"""What a process that reports are forked from may do beforehand, so that none of them does it again.

Only what rests on the installation alone, and so is the same for all: the law, the reference tables, templates,
classes of charts. DuckDB, the JavaScript engine, typst and polars are not called: a process forked after that hangs.
"""

from __future__ import annotations

import contextlib

import pandas as pd
from pyarrow import feather  # noqa: F401  (imported where it is used, in each report)

from aimlib.bulletin.warm_duty import warm_duty
from aimlib.digests import part_digests
from aimlib.errors import AimError
from aimlib.present import fragments, outlines, tariff_marks
from aimlib.present.charts import lines
from aimlib.present.svg import specification
from aimlib.reference import carbon, countries, early_events, products
from aimlib.reference.law import law
from aimlib.settings import read_settings


def warm_up() -> None:
    """Fill the caches of this process that do not depend on a store or on a report's parameters."""
    law()
    part_digests()
    tariff_marks.warm_marks()
    _reference()
    _charts()
    _templates()
    # What settings say is read anew by each report, and a mistake in them is told there; how to read them is not.
    with contextlib.suppress(AimError):
        read_settings()
    warm_duty()


def _templates() -> None:
    for name in fragments.environment().list_templates():
        fragments.environment().get_template(name)


def _reference() -> None:
    for product in products.named():
        products.resolve(product.key)
    countries.resolve("all")
    countries.resolve("EU27")
    carbon.intensities()
    early_events.license_outages()
    early_events.front_loaded_months()


def _charts() -> None:
    outlines.outlined()
    outlines.points()
    month = pd.to_datetime(["2024-01-01"])
    specification(lines.series_lines(pd.DataFrame({"month": month, "series": "", "amount": 1.0}), "", ""))
