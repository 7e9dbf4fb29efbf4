"""What the duty report and the global comparison rest on beyond any store, filled in before processes are forked."""

from __future__ import annotations

from aimlib.analysis.duty.scenario_files import read_scenarios
from aimlib.bulletin.parameters import DutyScenarios
from aimlib.ingest.global_trade.wanted import world_product
from aimlib.ingest.sample.world_errors import read_method_errors
from aimlib.present import fragments
from aimlib.reference import countries, p1020, price_series, products, trade_reporting


def warm_duty() -> None:
    """Fill the caches of this process: named scenarios, the reporter's tables, who reports trade, a template."""
    read_scenarios(DutyScenarios().scenario)
    p1020.factors()
    p1020.events()
    price_series.keys()
    trade_reporting.valuations()
    trade_reporting.non_reporters()
    trade_reporting.reporting_facts()
    read_method_errors()
    world_product("gatm")
    for slug in products.resolve("gatm").categories:
        products.short_title(slug)
    for iso3 in filter(countries.is_country, countries.codes()):
        countries.resolve(iso3)
    fragments.environment().get_template("fragment.html.j2")
