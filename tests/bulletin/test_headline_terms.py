"""What a headline in the record of an edition is a figure of."""

from __future__ import annotations

from aimlib.bulletin.headline_terms import terms, with_terms
from aimlib.bulletin.parameters import DutyScenarios, GatmComparison, ImportTrends, SmeltOrigin
from aimlib.present.headlines import for_programs

PLACE = {"country": "CAN", "product": "aim"}


def told(name: str, basis: str = "census", amount: float = 1.0) -> dict:
    return {"label": name, **for_programs(name, amount, "quantity_t", "2026-09", basis)}


def test_terms_come_from_the_parameters_of_the_report():
    imports = ImportTrends(**PLACE, concept="general").model_dump(mode="json")
    assert terms(told("level"), imports) == {
        "concept": "general", "flow": "import", "product": "aim", "origin": "CAN",
    }  # fmt: skip
    world = GatmComparison(flow="export", product="unwrought").model_dump(mode="json")
    assert terms(told("focus", "declared"), world) == {"flow": "export", "product": "unwrought"}


def test_figures_of_the_law_say_its_day_and_prices_are_of_no_flow():
    duty = DutyScenarios(country="CAN", line="7601.10.60", on="2026-10-09").model_dump(mode="json") | {"origin": "CAN"}
    assert terms(told("statutory_duty", "law"), duty) == {
        "concept": "consumption",
        "flow": "import",
        "product": duty["product"],
        "origin": "CAN",
        "law_day": "2026-10-09",
    }
    assert terms(told("rate", "law"), duty) == {
        "flow": "import", "product": "7601.10.60", "origin": "CAN", "law_day": "2026-10-09",
    }  # fmt: skip
    assert terms(told("p1020_duty", "prices"), duty) == {}


def test_a_figure_told_before_says_by_which_report():
    trends = ImportTrends(**PLACE).model_dump(mode="json")
    smelt = SmeltOrigin(**PLACE).model_dump(mode="json")
    estimate = told("estimate:2026-10", "license_estimate")
    of_another = told("estimate:2026-10", "license_estimate", amount=2.0)
    found = with_terms([("trends", trends, [told("level"), estimate]), ("smelt", smelt, [estimate, of_another])])
    assert [(one["report"], one.get("repeats")) for one in found] == [
        ("trends", None), ("trends", None), ("smelt", "trends"), ("smelt", None),
    ]  # fmt: skip
