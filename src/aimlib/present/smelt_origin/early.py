"""The early figures in the smelt and cast bulletin: the sections that import trends have, and the record."""

from __future__ import annotations

from aimlib.present.blocks import Figure, Prose, Table
from aimlib.present.early import months, record, surges
from aimlib.present.smelt_origin.view import MetalView

_NONE = "No Census months are held, so that nothing is estimated from the licenses after them."


def early_lead(view: MetalView) -> Prose:
    """Say what the licenses point to, and what is still filling."""
    return months.early_lead(view.trends) if view.trends else Prose("early_lead", [])


def early_table(view: MetalView) -> Table | Prose:
    """Return the license months of the place, with their early estimate."""
    return months.early_table(view.trends) if view.trends else Prose("early", [_NONE])


def license_surges(view: MetalView) -> Table | Prose:
    """Return origins and products whose licenses stand far above the last three Census months."""
    return surges.license_surges(view.trends) if view.trends else Prose("license_surges", [])


def completeness_figure(view: MetalView) -> Figure | Prose:
    """Return the curve of how complete the licenses of a month are, week by week."""
    return record.completeness_figure(view.trends) if view.trends else Prose("completeness", [])


def record_table(view: MetalView) -> Table | Prose:
    """Return the back-test of the place's early estimate, beside four rivals."""
    return record.record_table(view.trends) if view.trends else Prose("record", [])


def record_by_part(view: MetalView) -> Table | Prose:
    """Return which method erred least, by product and origin."""
    return record.record_by_part(view.trends) if view.trends else Prose("record_by_part", [])
