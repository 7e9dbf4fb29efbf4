"""The sections of the global comparison, one function a figure or table; each takes the `TradeView`."""

from __future__ import annotations

from aimlib.present.gatm_comparison.accounts import accounts_table, asymmetry_table
from aimlib.present.gatm_comparison.band import band_table
from aimlib.present.gatm_comparison.categories import category_mix
from aimlib.present.gatm_comparison.coverage import coverage_figure
from aimlib.present.gatm_comparison.errors import methods_table
from aimlib.present.gatm_comparison.flows import matrix
from aimlib.present.gatm_comparison.headline import key_figures, lead
from aimlib.present.gatm_comparison.invisible import invisible_table
from aimlib.present.gatm_comparison.method import method
from aimlib.present.gatm_comparison.net import net_trade_table
from aimlib.present.gatm_comparison.over_time import series_figure
from aimlib.present.gatm_comparison.partners import concentration_table, partners_bars, partners_table
from aimlib.present.gatm_comparison.ranking import ranking_bars, ranking_table
from aimlib.present.gatm_comparison.replaced import replaced_figure, replacements_table
from aimlib.present.shared_blocks import of_no_country

__all__ = [
    "accounts_table",
    "asymmetry_table",
    "band_table",
    "category_mix",
    "concentration_table",
    "coverage_figure",
    "invisible_table",
    "key_figures",
    "lead",
    "matrix",
    "method",
    "methods_table",
    "net_trade_table",
    "partners_bars",
    "partners_table",
    "ranking_bars",
    "ranking_table",
    "replaced_figure",
    "replacements_table",
    "series_figure",
]

# None of these depends on the country that the report is about.
accounts_table = of_no_country(accounts_table)
asymmetry_table = of_no_country(asymmetry_table)
band_table = of_no_country(band_table)
category_mix = of_no_country(category_mix)
concentration_table = of_no_country(concentration_table)
coverage_figure = of_no_country(coverage_figure)
invisible_table = of_no_country(invisible_table)
matrix = of_no_country(matrix)
method = of_no_country(method)
methods_table = of_no_country(methods_table)
net_trade_table = of_no_country(net_trade_table)
ranking_bars = of_no_country(ranking_bars)
series_figure = of_no_country(series_figure)
