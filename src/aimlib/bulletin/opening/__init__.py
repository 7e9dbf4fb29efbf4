"""From typed parameters to what a notebook shows: the store read, the view made, the cover written."""

from __future__ import annotations

from aimlib.bulletin.opening.duty_scenarios import duty_scenarios
from aimlib.bulletin.opening.gatm_comparison import gatm_comparison
from aimlib.bulletin.opening.import_trends import import_trends
from aimlib.bulletin.opening.report import Report
from aimlib.bulletin.opening.revisions import revision_triangle
from aimlib.bulletin.opening.smelt_origin import smelt_origin
from aimlib.bulletin.parameters import DutyScenarios, GatmComparison, ImportTrends, Parameters, SmeltOrigin

__all__ = [
    "Report",
    "open_ahead",
    "open_duty_scenarios",
    "open_gatm_comparison",
    "open_import_trends",
    "open_report",
    "open_smelt_origin",
    "revision_triangle",
]

_OPENERS = {
    ImportTrends: import_trends,
    SmeltOrigin: smelt_origin,
    GatmComparison: gatm_comparison,
    DutyScenarios: duty_scenarios,
}


def open_report(parameters: Parameters) -> Report:
    """Read what the parameters ask for, with every open choice made.

    Raises
    ------
    AimError
        If the store is empty, holds nothing known by `as_of`, or does not hold the product, concept or measure.
    """
    return _ahead.get(parameters) or _OPENERS[type(parameters)](parameters)


_ahead: dict[Parameters, Report] = {}


def open_ahead(parameters: Parameters) -> Report:
    """Open a report, so that a notebook run in this process with its resolved parameters finds it open."""
    report = open_report(parameters)
    _ahead[report.parameters] = report
    return report


def open_import_trends(**given: object) -> Report:
    """Open the import trends report from a notebook's parameters; see ``aim params import_trends``."""
    return open_report(ImportTrends.parse(given))


def open_smelt_origin(**given: object) -> Report:
    """Open the smelt and cast report from a notebook's parameters; see ``aim params smelt_origin``."""
    return open_report(SmeltOrigin.parse(given))


def open_gatm_comparison(**given: object) -> Report:
    """Open the global comparison from a notebook's parameters; see ``aim params gatm_comparison``."""
    return open_report(GatmComparison.parse(given))


def open_duty_scenarios(**given: object) -> Report:
    """Open the duty report from a notebook's parameters; see ``aim params duty_scenarios``."""
    return open_report(DutyScenarios.parse(given))
