"""The sections of the smelt and cast bulletin: each function takes a view and returns one block."""

from aimlib.present.smelt_origin.carbon import carbon
from aimlib.present.smelt_origin.cast import cast_by_origin
from aimlib.present.smelt_origin.differences import concentration, differences
from aimlib.present.smelt_origin.early import (
    completeness_figure,
    early_lead,
    early_table,
    license_surges,
    record_by_part,
    record_table,
)
from aimlib.present.smelt_origin.exposures import exposures, exposures_over_time
from aimlib.present.smelt_origin.headline import key_figures, lead
from aimlib.present.smelt_origin.implied import implied_bounds, implied_tonnage
from aimlib.present.smelt_origin.method import method
from aimlib.present.smelt_origin.smelt import smelt_bars, smelt_heat_map, smelt_over_time

__all__ = [
    "carbon",
    "cast_by_origin",
    "completeness_figure",
    "concentration",
    "differences",
    "early_lead",
    "early_table",
    "exposures",
    "exposures_over_time",
    "implied_bounds",
    "implied_tonnage",
    "key_figures",
    "lead",
    "license_surges",
    "method",
    "record_by_part",
    "record_table",
    "smelt_bars",
    "smelt_heat_map",
    "smelt_over_time",
]
