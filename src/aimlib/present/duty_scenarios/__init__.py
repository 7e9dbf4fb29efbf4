"""The sections of the duty bulletin: each function takes a view and returns one block, or a list of them."""

from aimlib.present.duty_scenarios.beside import (
    beside_table,
    consultation_table,
    net_forward_prose,
    sensitivity_map,
    sensitivity_table,
)
from aimlib.present.duty_scenarios.collected import by_origin, rates_over_time
from aimlib.present.duty_scenarios.headline import key_figures, lead
from aimlib.present.duty_scenarios.imports import (
    by_product,
    demand,
    gains_and_losses,
    scenarios_table,
    tonnes_by_rate,
)
from aimlib.present.duty_scenarios.metal import smelt_rule
from aimlib.present.duty_scenarios.method import method, references
from aimlib.present.duty_scenarios.p1020 import by_month, events_table, over_time, reporter_table, statutory_beside
from aimlib.present.duty_scenarios.rate import changes, measures, not_due, rate_over_time, rate_steps, waterfall
from aimlib.present.shared_blocks import of_no_country

__all__ = [
    "beside_table",
    "by_month",
    "by_origin",
    "by_product",
    "changes",
    "consultation_table",
    "demand",
    "events_table",
    "gains_and_losses",
    "key_figures",
    "lead",
    "measures",
    "method",
    "net_forward_prose",
    "not_due",
    "over_time",
    "rate_over_time",
    "rate_steps",
    "rates_over_time",
    "references",
    "reporter_table",
    "scenarios_table",
    "sensitivity_map",
    "sensitivity_table",
    "smelt_rule",
    "statutory_beside",
    "tonnes_by_rate",
    "waterfall",
]

# None of these depends on the country that the report is about.
beside_table = of_no_country(beside_table)
by_month = of_no_country(by_month)
events_table = of_no_country(events_table)
net_forward_prose = of_no_country(net_forward_prose)
over_time = of_no_country(over_time)
reporter_table = of_no_country(reporter_table)
sensitivity_map = of_no_country(sensitivity_map)
sensitivity_table = of_no_country(sensitivity_table)
statutory_beside = of_no_country(statutory_beside)
