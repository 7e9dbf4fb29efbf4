"""From a number back to its rows: they add up to it, come from where the bulletin says, and are never of licenses."""

from __future__ import annotations

import json
import math
import shutil

import numpy as np
import pandas as pd
import pytest

from aimlib.bulletin.explaining import as_json, explain_number
from aimlib.bulletin.explaining.published import open_published
from aimlib.bulletin.explaining.rules import RULES, rule_of
from aimlib.cli.explain import explain
from aimlib.errors import AimError
from aimlib.reference import products
from aimlib.store import resolve_store

LICENSE_COLUMNS = {"license_number", "importer", "exporter", "manufacturer", "port"}


def strips(folder):
    for report in open_published(str(folder)).reports:
        for figure in report.blocks["key_figures"]["figures"]:
            yield report, figure


def test_every_block_with_numbers_has_its_rule(weekly):
    for report in open_published(str(weekly)).reports:
        told = [key for key, block in report.blocks.items() if block.get("csv") or block["kind"] == "prose"]
        assert len(told) > 10, report.notebook
        assert [key for key in told if rule_of(report.notebook, key) is None] == [], report.notebook


def test_rules_say_something_of_calculations_that_say_something():
    for rules in RULES.values():
        for key, rule in rules.items():
            assert rule.summary.endswith("."), key
            assert len(rule.words) > 30, key
            assert rule.name.startswith("aimlib."), key


def test_every_key_figure_is_found_and_made_of_rows(weekly):
    no_sum = {"Concentration of exporters (HHI)", "Largest exporter"}
    for report, figure in strips(weekly):
        if figure["label"] in no_sum or not any(sign.isdigit() for sign in figure["number"]):
            continue
        made = explain_number(str(weekly), figure["label"])
        assert made.place.printed in figure["number"]
        assert made.report.label == report.label
        assert made.derivation is not None, figure["label"]
        assert made.adds_up, figure["label"]
        assert made.cautions == ()


def test_imports_add_up_by_a_second_road(weekly, sample_store):
    rows = resolve_store(sample_store).read(
        "census_imports", pd.Timestamp("2026-11-19").date(), concept="consumption", code_level="hts10",
        row_kind="country",
    )  # fmt: skip
    rows = rows[
        products.contains(products.resolve("aim"), rows["code"], products.classify(rows["code"], rows["month"]))
    ]
    of_canada = rows[rows["origin"] == "CAN"]
    month = pd.Timestamp("2026-09-01")
    by_month = of_canada.groupby("month")["quantity_kg"].sum() / 1000
    expected = {
        "level": by_month[month],
        "ytd": by_month[pd.date_range("2026-01-01", month, freq="MS")].sum(),
        "last_12_months": by_month[pd.date_range("2025-10-01", month, freq="MS")].sum(),
        "share_of_total": by_month[month] / rows.loc[rows["month"] == month, "quantity_kg"].sum() * 1000,
        "mom": by_month[month] / by_month[pd.Timestamp("2026-08-01")] - 1,
    }
    for name, amount in expected.items():
        made = explain_number(str(weekly), name)
        assert math.isclose(made.derivation.amount, amount, rel_tol=1e-12), name
        assert math.isclose(made.amount, amount, rel_tol=1e-12), name
        shown = made.derivation.sums[0]
        assert set(shown.rows["origin"]) == {"CAN"}
        assert shown.table == "census_imports"


def test_declared_trade_adds_up_for_own_reports_and_for_partners(weekly, sample_store):
    store = resolve_store(sample_store)
    day = pd.Timestamp("2026-11-19").date()
    months = [f"{month:%Y-%m}" for month in pd.date_range("2025-06-01", "2026-05-01", freq="MS")]
    own = store.read("comtrade", day, concept="export", headings=["CAN 7601"], periods=months, row_kind="country")
    own = own[own["code_level"] == "hs6"]
    made = explain_number(
        str(weekly), _printed(weekly, "ranking", "Canada"), ["gatm_comparison-ranking", "Canada"]
    )  # fmt: skip
    assert math.isclose(made.derivation.amount, own["quantity_kg"].sum() / 1000)
    told = explain_number(
        str(weekly), _printed(weekly, "ranking", "Russia"), ["gatm_comparison-ranking", "Russia"]
    ).derivation.sums[0]
    assert set(told.rows["flow"]) == {"import"}
    assert set(told.rows["partner"]) == {"RUS"}


def _printed(folder, key, name):
    report = next(one for one in open_published(str(folder)).reports if one.label == "gatm_comparison")
    block = report.blocks[key]
    row = next(row for row in block["rows"] if name in row["cells"])
    place = next(i for i, column in enumerate(block["columns"]) if column["unit"].endswith(" t"))
    return row["cells"][place]


def test_duty_is_the_rate_of_each_row_on_its_value(weekly):
    made = explain_number(str(weekly), "statutory_duty")
    rows = made.derivation.sums[0].rows
    assert np.allclose(rows["statutory_duty_usd"], rows["customs_value_usd"] * rows["statutory_pct"] / 100)
    assert any(rule.citation and rule.heading.startswith("9903") for rule in made.law)
    rate = explain_number(str(weekly), "rate")
    assert rate.derivation.sums[0].rows["pct"].sum() == rate.derivation.amount
    assert explain_number(str(weekly), "p1020_duty").law == ()


@pytest.mark.parametrize("asked", ["home_smelt", "licensed", "smelt_origin-cast", "smelt_origin-early"])
def test_no_license_row_is_ever_shown(weekly, asked):
    told = as_json(explain_number(str(weekly), asked))
    assert "not shown" in told["license_rows"]
    assert {commit["table"] for commit in told["commits"]} & {"licenses"}
    sums = (told["worked_out"] or {"sums": []})["sums"]
    shown = [*told["data"], *(row for one in sums for row in one["each"])]
    assert not LICENSE_COLUMNS & {name for row in shown for name in row}
    assert all(one["table"] != "licenses" for one in sums)


def test_the_snapshots_are_those_of_the_months_shown(weekly):
    made = explain_number(str(weekly), "level")
    newest = {commit.known_on for commit in made.commits}
    assert newest == {"2026-11-19"}
    asked = made.commits[0].snapshots[0]
    assert len(asked.sha256) == 64
    assert asked.asked.startswith("sample")
    assert asked.retrieved_at


def test_a_number_that_stands_often_is_listed_and_chosen_with_words(single):
    cells = open_published(str(single)).reports[0].blocks["suppliers"]["rows"][0]["cells"]
    printed = next(cell for cell in cells[2:] if len(cell) > 5)
    made = explain_number(str(single), printed, ["suppliers"])
    assert made.place.key == "suppliers"
    assert made.adds_up
    with pytest.raises(AimError, match=r"stands in \d+ places: .*--in") as several:
        explain_number(str(single), "100.0%")
    assert "suppliers" in str(several.value)


@pytest.mark.parametrize("form", ["{0}", "{0} t", " {0}"])
def test_numbers_are_taken_as_they_are_printed(single, form):
    report = open_published(str(single)).reports[0]
    printed = report.blocks["key_figures"]["figures"][0]["number"]
    assert explain_number(str(single), form.format(printed)).place.figure == "level"
    assert explain_number(str(single), printed.replace(",", "")).place.figure == "level"


def test_figures_and_tables_by_number_and_key(single):
    assert explain_number(str(single), "Figure 1").place.key == "monthly"
    assert explain_number(str(single), "table 1").place.key == explain_number(str(single), "longer_periods").place.key


def test_what_is_not_there_is_an_error_with_the_nearest(single, tmp_path):
    with pytest.raises(AimError, match=r"does not stand in .* nearest printed numbers are"):
        explain_number(str(single), "123456.7")
    with pytest.raises(AimError, match=r"neither a number nor a part.*Did you mean monthly"):
        explain_number(str(single), "montly")
    with pytest.raises(AimError, match="in none of the reports"):
        explain_number(str(single), "Figure 99")
    with pytest.raises(AimError, match="There is no bulletin nowhere"):
        explain_number("nowhere", "1")
    with pytest.raises(AimError, match=r"holds no run\.json"):
        explain_number(str(tmp_path), "1")


def test_a_file_of_the_bulletin_names_it(single):
    notebook = next(single.glob("*.ipynb"))
    assert open_published(str(notebook)).folder == single


def test_where_the_store_has_changed_the_bulletin_alone_explains(single, tmp_path):
    folder = shutil.copytree(single, tmp_path / "changed")
    manifest = json.loads((folder / "run.json").read_text())
    manifest["inputs"]["blocks"][0]["blocks_sha256"] = "0" * 64
    (folder / "run.json").write_text(json.dumps(manifest))
    made = explain_number(str(folder), "level")
    assert made.derivation is None
    assert not made.is_from_store
    assert "no longer holds the figures" in made.cautions[0]
    assert len(made.data) == 1
    assert made.commits


def test_an_altered_file_is_told(single, tmp_path):
    folder = shutil.copytree(single, tmp_path / "altered")
    notebook = next(folder.glob("*.ipynb"))
    notebook.write_text(notebook.read_text() + "\n")
    assert "is not as it was made" in explain_number(str(folder), "level").cautions[0]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("share_of_total", ["A / B = ", "These add up to", "rows of the table census_imports", "sha256 ", "The rule"]),
        ("home_smelt", ["Rows of licenses are confidential", "19 CFR part 361"]),
        ("statutory_duty", ["The law", "heading 9903", "https://www.federalregister.gov"]),
        ("Figure 1", ["Several reports"]),
        ("gatm_comparison-series", ["Rows of the bulletin's data", "comtrade"]),
    ],
)
def test_the_command_prints_it_plainly(weekly, capsys, asked, told):
    try:
        explain(str(weekly), asked, [], False)
        printed = capsys.readouterr().out
    except AimError as error:
        printed = str(error)
    assert [words for words in told if words not in printed] == []
    assert "nan" not in printed.split()


def test_the_command_prints_json(weekly, capsys):
    explain(str(weekly), "rate", [], True)
    told = json.loads(capsys.readouterr().out)
    assert told["worked_out"]["adds_up"] is True
    assert told["number"]["printed"] in ("50%", "0%")
    assert {"id", "heading", "citation"} <= set(told["law"][0])
