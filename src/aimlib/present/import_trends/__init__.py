"""The sections of the import trends bulletin: each function takes a view and returns one block."""

from aimlib.present.early.months import early_lead, early_table
from aimlib.present.early.surges import license_surges
from aimlib.present.import_trends.contributions import origin_contributions, product_contributions
from aimlib.present.import_trends.decomposition import quantity_price_mix
from aimlib.present.import_trends.headline import key_figures, lead
from aimlib.present.import_trends.longer_periods import longer_periods
from aimlib.present.import_trends.method import method
from aimlib.present.import_trends.monthly import monthly, recent
from aimlib.present.import_trends.origins import suppliers, top_origins, world_map
from aimlib.present.import_trends.products import product_by_origin, product_table
from aimlib.present.import_trends.surges import surge_list
from aimlib.present.import_trends.unit_values import unit_values

__all__ = [
    "early_lead",
    "early_table",
    "key_figures",
    "lead",
    "license_surges",
    "longer_periods",
    "method",
    "monthly",
    "origin_contributions",
    "product_by_origin",
    "product_contributions",
    "product_table",
    "quantity_price_mix",
    "recent",
    "suppliers",
    "surge_list",
    "top_origins",
    "unit_values",
    "world_map",
]
