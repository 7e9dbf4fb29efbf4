"""By what rule each block of a bulletin is worked out: in words, by which calculation, on which tables, and its source.

Keys are the blocks' own. A key that ends in ``*`` stands for all that begin so. A test holds that every block with
numbers of every notebook is here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from aimlib.analysis import decomposition, growth, headline, matrix, mirror, periods, surges, tables, unit_values, world
from aimlib.analysis import license_surges as license_surges_
from aimlib.analysis.duty import collected, compare, demand, explain, statutory, timeline
from aimlib.analysis.early import backtest, completeness, estimate
from aimlib.analysis.metal import carbon, concentration, differs, exposures, implied, shares
from aimlib.analysis.premium import beside, breakeven, daily, formula, net_forward, scenarios, sensitivity
from aimlib.bulletin.explaining.duty import OF_LICENSES, PRICES
from aimlib.bulletin.explaining.imports import CENSUS, CENSUS_YTD
from aimlib.bulletin.explaining.metal import LICENSES, MONITOR
from aimlib.bulletin.explaining.world import BACI, COMTRADE
from aimlib.reference import p1020

_IMPORTS, _METAL, _WORLD = (CENSUS, CENSUS_YTD), (LICENSES, MONITOR), (COMTRADE, BACI)
_EARLY = (CENSUS, LICENSES)

_PLATTS = "Platts subscriber notes of July 27, 2018 and February 3, 2025"
_FACTORS = f"{_PLATTS}; the factors: " + "; ".join(f"{one.rate:.0%}, {one.source}" for one in p1020.factors())
_BENNET = "T. L. Bennet, The Theory of Measurement of Changes in Cost of Living, 1920"
_LICENSE_LAW = "19 CFR part 361 (Aluminum Import Monitoring and Analysis system)"
_BEFORE_ENTRY = "A license tells what is expected before entry; importers of a cell are protected before it is shown."


@dataclass(frozen=True)
class BlockRule:
    """How a block is worked out.

    ``calculation`` is the function that does it, ``tables`` the tables of the store that it rests on (none: the law
    or the reference tables alone), ``source`` where the method comes from, '' where it is plain arithmetic.
    """

    words: str
    calculation: Callable
    tables: tuple[str, ...] = ()
    source: str = ""

    @property
    def summary(self) -> str:
        """Return the first paragraph of what the calculation says of itself."""
        told = inspect.getdoc(self.calculation) or ""
        return " ".join(told.split("\n\n")[0].replace("`", "").split())

    @property
    def name(self) -> str:
        """Return where the calculation is: its module and name."""
        return f"{self.calculation.__module__}.{self.calculation.__name__}"


_HEADLINE = BlockRule(
    "Sums of the rows of the months named. A change is the later sum over the earlier less one; the year to date "
    "compares only months loaded in both years; a share is the place's sum over that of all origins; a unit value is "
    "total value over total quantity of the rows that have both, never a mean of means; the annual rate is the year to "
    "date times twelve over its months.",
    headline.headline, _IMPORTS,
)  # fmt: skip
_WINDOW = BlockRule(
    "Sums over the months named, by origin or product; the rest is the total less those shown. A contribution is the "
    "change of one over the total of the year before.",
    tables.window_table, _IMPORTS,
)  # fmt: skip
_UNIT_VALUES = BlockRule(
    "Total customs value over total quantity of the rows that have both, never a mean of means.",
    unit_values.unit_values, _IMPORTS,
)  # fmt: skip
_ESTIMATE = BlockRule(
    "What licenses of the same Thursday of past months came to in Census (mean of logs), before the month's end "
    "weighed with the mean of three Census months by past errors; parts are adjusted to the total.",
    estimate.estimate, _EARLY,
    "Stone, Champernowne and Meade, The Precision of National Income Estimates, 1942, for the adjustment",
)  # fmt: skip
_LICENSE_SURGES = BlockRule(
    "Licenses of the newest full month over the mean of the last three Census months, where both floors are passed.",
    license_surges_.license_surges, _EARLY,
)  # fmt: skip
_BACKTEST = BlockRule(
    "Every past month judged on what was known on its own Thursday, the estimate beside four simpler methods.",
    backtest.backtest, _EARLY,
)  # fmt: skip
_EXPOSURES = BlockRule(
    f"Shares of the licensed metal of which a watched country is named as smelt or cast. {_BEFORE_ENTRY}",
    exposures.exposures_of, _METAL, _LICENSE_LAW,
)  # fmt: skip
_BOUNDS = BlockRule(
    "The least and the most metal of a country that Census tonnes can hold, given what licenses of the same origin, "
    "product and month say.",
    implied.bounds, (CENSUS, *_METAL), _LICENSE_LAW,
)  # fmt: skip

_IMPORT_TRENDS = {
    "key_figures": _HEADLINE,
    "lead": _HEADLINE,
    "monthly": BlockRule(
        "The sum of the month's rows; the band spans the same month of the three years before.",
        growth.seasonal_range, (*_IMPORTS, LICENSES),
    ),
    "monthly_recent": BlockRule(
        "Sums over three and twelve calendar months divided by three and twelve.", growth.changes, _IMPORTS
    ),
    "longer_periods": BlockRule(
        "Sums over the quarter's or year's months; blank unless each has a figure.", periods.quarterly, _IMPORTS
    ),
    "early": _ESTIMATE,
    "early_lead": _ESTIMATE,
    "top_origins": _WINDOW,
    "world_map": _WINDOW,
    "suppliers": _WINDOW,
    "products": _WINDOW,
    "product_by_origin": BlockRule(
        "Sums over the year to date by origin and product; shares are of all imports.",
        matrix.product_by_origin, _IMPORTS,
    ),
    "unit_values": _UNIT_VALUES,
    "origin_contributions": _WINDOW,
    "product_contributions": _WINDOW,
    "quantity_price_mix": BlockRule(
        "The change in value split by weights that are the means of both periods, so that quantity, price and mix add "
        "up to it.",
        decomposition.decompose, _IMPORTS, _BENNET,
    ),
    "surges": BlockRule(
        "The month over the mean of the three before, and over the same month of past years, above the floor and the "
        "threshold that the table's note names.",
        surges.surges, _IMPORTS,
    ),
    "license_surges": _LICENSE_SURGES,
}  # fmt: skip

_METAL_SHARES = BlockRule(
    f"Licensed amounts of an origin by country of smelt (or cast) over the origin's total. {_BEFORE_ENTRY}",
    shares.matrix, _METAL, _LICENSE_LAW,
)  # fmt: skip
_SMELT_ORIGIN = {
    "key_figures": _METAL_SHARES,
    "lead": _METAL_SHARES,
    "smelt_heat_map": _METAL_SHARES,
    "smelt_bars": _METAL_SHARES,
    "smelt_over_time": BlockRule(_METAL_SHARES.words, shares.over_time, _METAL, _LICENSE_LAW),
    "cast": _METAL_SHARES,
    "exposures": _EXPOSURES,
    "exposures_over_time": BlockRule(_EXPOSURES.words, exposures.time_table, _METAL, _LICENSE_LAW),
    "differences": BlockRule(
        "Licensed metal whose country of smelt or cast is not the origin, with the same months a year before.",
        differs.differs, _METAL, _LICENSE_LAW,
    ),
    "concentration": BlockRule(
        "The sum of squared shares of the countries of smelt, between bounds where cells are not shown.",
        concentration.concentration, _METAL, "Herfindahl-Hirschman index",
    ),
    "implied": BlockRule(
        "The tonnes that Census counts divided as licenses divide theirs, within origin, product and month; an "
        "inference, and no statistic.",
        implied.implied, (CENSUS, *_METAL), _LICENSE_LAW,
    ),
    "implied_bounds": _BOUNDS,
    "carbon": BlockRule(
        "Implied tonnes times the primary metal's carbon intensity in the country of smelt; the sources of the "
        "intensities stand in the data's rows.",
        carbon.carbon, (CENSUS, *_METAL),
    ),
    "early": _ESTIMATE,
    "early_lead": _ESTIMATE,
    "license_surges": _LICENSE_SURGES,
    "completeness": BlockRule(
        "Licenses at each number of weeks over what the month's licenses settled at, over past months.",
        completeness.completeness, _EARLY,
    ),
    "record": _BACKTEST,
    "record_by_part": _BACKTEST,
}  # fmt: skip

_SETTLED = "Flows settled first: by the method named, from the country's own report or from its partners'."
_RANKING = BlockRule(
    f"Sums over the span of the flows of each country whose periods are all known; a share is of the countries "
    f"compared. {_SETTLED}",
    world.ranking, _WORLD,
)  # fmt: skip
_PARTNERS = BlockRule(f"Sums over the span by partner. {_SETTLED}", world.partners, _WORLD)
_REPLACED = BlockRule(
    "What each partner lost or gained between two spans, per period; losses are laid to gains in proportion.",
    world.replaced, _WORLD,
)  # fmt: skip
_GATM = {
    "key_figures": _RANKING,
    "lead": _RANKING,
    "ranking": _RANKING,
    "ranking_bars": _RANKING,
    "series": BlockRule(f"Sums of the flows of each period. {_SETTLED}", world.series, _WORLD),
    "category_mix": BlockRule(
        f"Sums by product category, and their shares within the country. {_SETTLED}", world.category_mix, _WORLD
    ),
    "coverage": BlockRule("Who has reported all headings of the product, by period.", world.reporting_grid, _WORLD),
    "matrix": BlockRule(f"Sums by exporter and importer. {_SETTLED}", world.matrix, _WORLD),
    "partners": _PARTNERS,
    "partners_bars": _PARTNERS,
    "concentration": BlockRule(
        f"The shares of the countries in the total, squared and summed. {_SETTLED}",
        world.concentration, _WORLD, "Herfindahl-Hirschman index",
    ),
    "replaced": _REPLACED,
    "replacements": BlockRule(_REPLACED.words, world.replacements, _WORLD),
    "net_trade": BlockRule(f"Exports less imports over the span. {_SETTLED}", world.net_trade, _WORLD),
    "accounts": BlockRule(
        "A country's own account beside that of its partners; the gap is theirs less its own.",
        mirror.accounts, (COMTRADE,),
    ),
    "asymmetry": BlockRule(
        "Twice the distance of both accounts of a flow over their sum.", mirror.asymmetry, (COMTRADE,)
    ),
    "invisible": BlockRule(
        "Partners that do not report, so that trade with them is told by nobody.", mirror.invisible, (COMTRADE,)
    ),
    "factor_band": BlockRule(
        "The value of each country at every factor between CIF and FOB that is tried.",
        mirror.factor_band, (COMTRADE,),
    ),
    "methods": BlockRule(
        "Each method's errors on a made-up world of which the true flows are known.", mirror.errors_against
    ),
}  # fmt: skip

_RATE = BlockRule(
    "The measures of the law that apply to the entry on the day, each rate on its share of the value, added up.",
    explain.explain,
)
_TIMELINE = BlockRule("The rate of the entry on every day on which the law changes.", timeline.rate_timeline)
_DUTY = BlockRule(
    "The rate of the law on each row of imports times its customs value, added up; an effective rate is that sum over "
    "the value that the law held covers. A static count: imports stay as they were.",
    statutory.statutory_duty, _IMPORTS,
)  # fmt: skip
_P1020 = BlockRule(
    "FOB is the transaction price less the freight factor; the duty-unpaid FOB is that over one plus the rate; the "
    "duty is the rate on the duty-unpaid FOB.",
    formula.p1020, (PRICES,), _FACTORS,
)  # fmt: skip
_BESIDE = BlockRule(
    "Premiums beside the implied duty-unpaid one, and the part of the duty that reached the premium.",
    beside.pass_through, (PRICES,), _FACTORS,
)  # fmt: skip
_BESIDE_ROWS = {
    "Implied effective rate": BlockRule(
        "The rate r at which (transaction price − freight factor) × r / (1 + r) = premium − (premium CIF New Orleans + "
        "freight from the port): with D for the right side, r = D / (transaction price − freight factor − D).",
        beside.implied_rate, (PRICES,), _PLATTS,
    ),
    "Implied less assessed": BlockRule(
        "The implied duty-unpaid premium less the assessed one CIF New Orleans.",
        beside.new_orleans_gap, (PRICES,), _FACTORS,
    ),
    "Implied duty-unpaid premium": _P1020,
    "Assessed premium CIF New Orleans": BlockRule(
        "The price as the reporter assesses it, of the same day.", daily.daily_series, (PRICES,)
    ),
    "Break-even premium, seaborne": BlockRule(
        "The premium CIF New Orleans, the duty by the law on LME and FOB premium, and freight to the Midwest.",
        breakeven.seaborne, (PRICES,),
    ),
    "Break-even premium, Canadian": BlockRule(
        "The premium FOB Canada given, the duty by the law on LME and that premium, and freight.",
        breakeven.canadian, (PRICES,),
    ),
    "Pass-through": BlockRule(
        "The change of the premium since the base day over the change of the duty.",
        beside.pass_through, (PRICES,), _FACTORS,
    ),
    "Duty on the LME price alone": BlockRule(
        "The factor on the LME price, without the premium and without taking off the freight.",
        formula.duty_by_base, (PRICES,), _FACTORS,
    ),
}  # fmt: skip
"""The rows of the table beside the implied premium, each with a rule of its own, by how they begin."""
_SENSITIVITY = BlockRule(
    "The reporter's formula when one input moves and the others stand still.",
    sensitivity.sensitivity, (PRICES,), _FACTORS,
)  # fmt: skip
_COLLECTED = BlockRule(
    "The duty by the law beside the calculated duty that Census publishes.", collected.beside_census, _IMPORTS
)
_DUTY_SCENARIOS = {
    "key_figures": BlockRule(f"{_RATE.words} {_DUTY.words}", explain.explain, (*_IMPORTS, PRICES)),
    "lead": BlockRule(f"{_RATE.words} {_DUTY.words}", explain.explain, (*_IMPORTS, PRICES)),
    "waterfall": _RATE,
    "measures": _RATE,
    "not_due": _RATE,
    "changes": _RATE,
    "rate_over_time": _TIMELINE,
    "rate_steps": _TIMELINE,
    "p1020": _P1020,
    "p1020_over_time": BlockRule(_P1020.words, daily.daily_series, (PRICES,), _FACTORS),
    "p1020_months": BlockRule(
        f"Means of the daily values. {_P1020.words}", daily.daily_series, (PRICES,), _FACTORS
    ),
    "factor_and_law": BlockRule(
        "The reporter's factor by day beside the rate of the law on P1020.", timeline.rate_timeline, (), _FACTORS
    ),
    "beside": _BESIDE,
    "net_forward": BlockRule(
        "The duty-unpaid premium that origins weighted by trade would need, delivered.",
        net_forward.net_forward, (PRICES, *_IMPORTS), _PLATTS,
    ),
    "consultation": BlockRule(
        "The reporter's formula under each of the questions asked.", scenarios.consultation, (PRICES,), _PLATTS
    ),
    "p1020_events": BlockRule("What the reporter decided, as its notes tell.", p1020.factor_on, (), _FACTORS),
    "sensitivity": _SENSITIVITY,
    "sensitivity_map": BlockRule(_SENSITIVITY.words, sensitivity.duty_grid, (PRICES,), _FACTORS),
    "scenarios": _DUTY,
    "changes_*": BlockRule(
        "The duty of each origin under the scenario less that under the law of the day.", compare.against, _IMPORTS
    ),
    "duty_by_product": _DUTY,
    "demand": BlockRule(
        "The change of the price after duty times the user's own elasticity and pass-through.",
        demand.demand_response, _IMPORTS,
    ),
    "tonnes_by_rate": BlockRule(
        "Tonnes by the rate of the duties beyond column 1 or 2; a rate that changed counts by its days.",
        compare.by_rate, (*_IMPORTS, *_METAL),
    ),
    "exposures": _EXPOSURES,
    "implied_bounds": _BOUNDS,
    "collected_over_time": _COLLECTED,
    "collected": _COLLECTED,
    "references": _RATE,
}  # fmt: skip

_ROWS = {
    ("duty_scenarios", "beside"): _BESIDE_ROWS,
    ("duty_scenarios", "tonnes_by_rate"): {
        OF_LICENSES: BlockRule(
            "The share of the imports of the bulletin's months that licenses imply to name Russia as smelt (at least), "
            "or that or unknown or not covered (at most), times the month's imports.",
            implied.bounds, (CENSUS, *_METAL), _LICENSE_LAW,
        ),
    },
}  # fmt: skip
"""Rows of tables that have a rule of their own, by how they begin."""

_GATM_FIGURES = {"concentration": _GATM["concentration"]}
_DUTY_FIGURES = {
    "rate": _RATE,
    "refundable": _RATE,
    "effective_rate": _DUTY,
    "statutory_duty": _DUTY,
    "p1020_duty": _P1020,
    "p1020_premium": _P1020,
}
_FIGURES = {"duty_scenarios": _DUTY_FIGURES, "gatm_comparison": _GATM_FIGURES}
"""Key figures that have another rule than the rest of their strip."""

RULES: dict[str, dict[str, BlockRule]] = {
    "import_trends": _IMPORT_TRENDS,
    "smelt_origin": _SMELT_ORIGIN,
    "gatm_comparison": _GATM,
    "duty_scenarios": _DUTY_SCENARIOS,
}


def rule_of(notebook: str, key: str, figure: str = "", where: str = "") -> BlockRule | None:
    """Return the rule of a notebook's block, or of a key `figure` or a row in it, None where nothing is told of it.

    `where` is what a number is called in its block, which begins with its row.
    """
    held = RULES.get(notebook, {})
    if figure in _FIGURES.get(notebook, {}):
        return _FIGURES[notebook][figure]
    for row, rule in _ROWS.get((notebook, key), {}).items():
        if where.startswith(row):
            return rule
    begun = (rule for name, rule in held.items() if name.endswith("*") and key.startswith(name[:-1]))
    return held.get(key) or next(begun, None)
