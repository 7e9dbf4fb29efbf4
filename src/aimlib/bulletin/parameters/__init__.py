"""The parameters of each notebook: one typed model serves papermill, the command line and JupyterLab."""

from __future__ import annotations

from aimlib.bulletin.parameters.base import Parameters, describe
from aimlib.bulletin.parameters.duty import DutyScenarios
from aimlib.bulletin.parameters.place import ImportTrends, PlaceParameters, SmeltOrigin
from aimlib.bulletin.parameters.world import GatmComparison
from aimlib.errors import AimError, did_you_mean

__all__ = [
    "NOTEBOOKS",
    "DutyScenarios",
    "GatmComparison",
    "ImportTrends",
    "Parameters",
    "PlaceParameters",
    "SmeltOrigin",
    "describe",
    "model_of",
]

NOTEBOOKS: dict[str, type[Parameters]] = {
    "import_trends": ImportTrends,
    "smelt_origin": SmeltOrigin,
    "gatm_comparison": GatmComparison,
    "duty_scenarios": DutyScenarios,
}


def model_of(notebook: str) -> type[Parameters]:
    """Return the parameter model of a notebook, or raise :class:`AimError` with a suggestion."""
    if notebook not in NOTEBOOKS:
        guess = did_you_mean(notebook, NOTEBOOKS)
        raise AimError(f"There is no notebook {notebook!r}.", guess or "See aim list.")
    return NOTEBOOKS[notebook]
