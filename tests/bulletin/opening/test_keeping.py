"""Reports of a run share frames: each says what it would say alone, and a later country finds what an earlier made."""

from __future__ import annotations

import json
from itertools import product

import pandas as pd
import pytest
import trade_store
from duty_store import MONTHS as CENSUS_MONTHS
from duty_store import PRICES, fill, months_of

from aimlib.bulletin.changes import Through, recompute
from aimlib.bulletin.opening import open_duty_scenarios, open_gatm_comparison
from aimlib.bulletin.opening.keeping import keeping
from aimlib.bulletin.parameters import GatmComparison
from aimlib.present import duty_scenarios, gatm_comparison
from aimlib.present.blocks import CHART_MIME, Block, Figure
from aimlib.present.shared_blocks import SharedBlock
from aimlib.store import resolve_store

REPORTERS = ("CAN", "DEU", "MEX", "USA")
CODES = ("760110", "760410", "760511", "760611", "760711", "760810", "760900")
MONTHS = [f"{year}-{month:02}" for year in (2023, 2024) for month in range(1, 13)]
GATM = {"factor": "1.08", "top": 4}
DUTY = {"scenario": "no_section_232,canada_exempt", "period": "2025:2026"}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return a store of two years of seven headings: four countries report, and trade with Russia, which does not."""
    cells = product(MONTHS, CODES, REPORTERS, (*REPORTERS, "RUS"), ("export", "import"))
    rows = [
        trade_store.row(
            reporter, partner, flow, month, code,
            quantity_kg=1e6 + 7919.0 * (at % 104_729), primary_value_usd=(2e6 + 104_729.0 * (at % 7919)) / 3,
        )
        for at, (month, code, reporter, partner, flow) in enumerate(cells) if reporter != partner
    ]  # fmt: skip
    return trade_store.load(tmp_path_factory.mktemp("world"), rows).root


@pytest.fixture(scope="module")
def imports(tmp_path_factory):
    """Return a store of imports by tariff line and of prices by day."""
    return fill(tmp_path_factory.mktemp("imports"), census=months_of(CENSUS_MONTHS), prices=PRICES)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder for frames that reports may be told to share; they share nothing as yet."""
    monkeypatch.delenv("AIM_SHARED", raising=False)
    return tmp_path / "shared"


def contents(sections, report) -> dict[str, list]:
    """Return what each section holds, and the data that its chart draws."""
    found = {"cover": [json.loads(json.dumps(report.cover().content(), default=str))]}
    for name in sections.__all__:
        made = getattr(sections, name)(report.view)
        blocks = made if isinstance(made, list) else [made]
        found[name] = [(json.loads(json.dumps(block.content(), default=str)), drawn(block)) for block in blocks]
    return found


def drawn(block: Block) -> dict | None:
    """Return the data that a block's chart draws."""
    if isinstance(block, SharedBlock):
        return block.bundle.get(CHART_MIME, {}).get("datasets")
    return block.chart.to_dict(validate=False)["datasets"] if isinstance(block, Figure) else None


def test_comparisons_of_two_countries_share_all_but_the_partners_shown(world, folder, monkeypatch):
    monkeypatch.setenv("AIM_STORE", str(world))
    alone = contents(gatm_comparison, open_gatm_comparison(**GATM, focus="RUS"))
    monkeypatch.setenv("AIM_SHARED", str(folder))
    other = contents(gatm_comparison, open_gatm_comparison(**GATM, focus="CAN"))
    made = set(folder.iterdir())
    assert contents(gatm_comparison, open_gatm_comparison(**GATM, focus="RUS")) == alone
    assert made
    assert set(folder.iterdir()) == made, "a frame that depends on the focus was shared"
    assert other["partners_table"] != alone["partners_table"]


def test_duty_bulletins_of_two_places_share_the_law_worked_out(imports, folder, monkeypatch):
    monkeypatch.setenv("AIM_STORE", str(imports))
    alone = contents(duty_scenarios, open_duty_scenarios(**DUTY, country="MEX"))
    monkeypatch.setenv("AIM_SHARED", str(folder))
    other = contents(duty_scenarios, open_duty_scenarios(**DUTY, country="CAN"))
    made = {path.name for path in folder.glob("duty_scenarios_*")}
    assert contents(duty_scenarios, open_duty_scenarios(**DUTY, country="MEX")) == alone
    assert made
    assert {path.name for path in folder.glob("duty_scenarios_*")} == made
    assert other["scenarios_table"] != alone["scenarios_table"]


def test_a_view_that_is_held_back_takes_nothing_of_what_is_shared(imports, folder, monkeypatch):
    monkeypatch.setenv("AIM_STORE", str(imports))
    parameters = open_duty_scenarios(**DUTY, country="MEX").parameters
    held_back = Through(month=pd.Timestamp(CENSUS_MONTHS[-2]))
    alone = recompute(parameters, parameters.as_of, held_back)
    monkeypatch.setenv("AIM_SHARED", str(folder))
    contents(duty_scenarios, open_duty_scenarios(**DUTY, country="MEX"))
    assert recompute(parameters, parameters.as_of, held_back) == alone
    assert recompute(parameters, parameters.as_of) != alone


def test_what_stands_in_a_file_of_scenarios_is_shared_with_nobody(imports, folder, tmp_path, monkeypatch):
    file = tmp_path / "mine.yml"
    file.write_text("mine:\n  title: Mine\n  changes:\n    - {rate: s232_articles, to: 25}\n")
    monkeypatch.setenv("AIM_STORE", str(imports))
    monkeypatch.setenv("AIM_SHARED", str(folder))
    view = open_duty_scenarios(country="CAN", scenario=str(file)).view
    assert len(view.by_scenario["mine"])
    assert not list(folder.glob("duty_scenarios_*"))


@pytest.mark.parametrize(
    ("changed", "is_found"),
    [
        ({"focus": "MEX"}, True),
        ({"paper": "a4"}, True),
        ({"flow": "import"}, False),
        ({"as_of": "2026-06-30"}, False),
    ],
)
def test_what_is_found_again_was_asked_alike_but_for_what_is_left_out(folder, monkeypatch, changed, is_found):
    monkeypatch.setenv("AIM_SHARED", str(folder))
    store = resolve_store(folder.parent / "none")
    given = {"focus": "CAN", "as_of": "2026-05-28"}
    for told, parameters in (("first", given), ("second", given | changed)):
        keep = keeping(store, "gatm_comparison", GatmComparison.parse(parameters), tables=["comtrade"], but=["focus"])
        found = keep("words", lambda told=told: {"frame": pd.DataFrame({"told": [told]})})["frame"]
    assert found["told"].tolist() == ["first" if is_found else "second"]
