"""From a number back to its rows: they add up to it, come from where the bulletin says, and are never of licenses."""

from __future__ import annotations

import json
import math
import shutil
from datetime import date

import numpy as np
import pandas as pd
import published
import pytest

from aimlib.bulletin.explaining import as_json, explain_number
from aimlib.bulletin.explaining.changes import CAUSE_RULES
from aimlib.bulletin.explaining.published import data_of, open_published
from aimlib.bulletin.explaining.rules import RULES, rule_of
from aimlib.bulletin.explaining.told_changes import told_changes
from aimlib.cli.explain import explain
from aimlib.errors import AimError
from aimlib.present.changes.change import CAUSES
from aimlib.reference import products
from aimlib.store import resolve_store

SINCE = date(2026, 10, 29)
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
            assert "None" not in rule.summary, key
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


def test_the_law_of_a_duty_leaves_out_what_is_not_in_the_sum(weekly):
    listed = explain_number(str(weekly), "statutory_duty").law
    assert listed
    assert [rule.title for rule in listed if not rule.in_total and not rule.may_add] == []


def test_a_row_with_a_rule_of_its_own_is_told_by_it(weekly):
    cells = _row(weekly, "beside", "Implied effective rate")
    made = explain_number(str(weekly), cells[3], ["duty_scenarios-beside", "Implied effective rate"])
    assert made.rule.name.endswith("beside.implied_rate")
    assert "× r / (1 + r) = premium − (premium CIF New Orleans + freight from the port)" in made.rule.words
    passed = _row(weekly, "beside", "Pass-through")
    asked = explain_number(str(weekly), passed[3], ["duty_scenarios-beside", "Pass-through"])
    assert asked.rule.name.endswith("beside.pass_through")


def test_every_row_beside_the_premium_has_its_rule(weekly):
    rows = [row["cells"][0] for row in _block(weekly, "beside")["rows"]]
    assert len(rows) > 4
    whole = rule_of("duty_scenarios", "beside")
    assert [name for name in rows if rule_of("duty_scenarios", "beside", where=f"{name}: c/lb") is whole] == []


def test_a_concentration_is_told_as_squared_shares_summed(weekly):
    made = explain_number(str(weekly), "Concentration of exporters (HHI)")
    assert "squared and summed" in made.rule.words
    assert made.rule.name.endswith("concentrations.concentration")


def test_the_reporters_duty_cites_the_note_of_its_factor(weekly):
    made = explain_number(str(weekly), "p1020_duty")
    assert (
        "0.5 is the reporter's factor since June 4, 2025 (Platts subscriber note of 2025-06-04;"
        in (made.derivation.remarks[0])
    )
    assert "50%, Platts subscriber note of 2025-06-04" in made.rule.source


def test_russian_and_unknown_metal_is_a_share_of_licenses_times_the_month(on_sample, tmp_path):
    korea = published.publish(tmp_path / "korea", *published.execute("duty_scenarios", country="KOR")[:2])
    low, high = _row(korea, "tonnes_by_rate", "Implied by licenses")[1].split(" to ")
    assert low != high
    for end, column in ((low, "touched_low_kg"), (high, "touched_high_kg")):
        made = explain_number(str(korea), end, ["tonnes_by_rate", "Implied by licenses"])
        assert made.place.printed == end
        assert made.derivation.formula == "A / B × C"
        part, whole, month = made.derivation.sums
        assert part.column == column
        assert f"{part.amount / whole.amount * month.amount:,.0f}" == end
        assert {rule.id for rule in made.law} == {"A12", "A17"}
        assert "licenses" in {commit.table for commit in made.commits}
        assert "not shown" in as_json(made)["license_rows"]


def _block(folder, key):
    return next(one for one in open_published(str(folder)).reports if one.notebook == "duty_scenarios").blocks[key]


def _row(folder, key, name):
    return next(row["cells"] for row in _block(folder, key)["rows"] if row["cells"][0].startswith(name))


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
    with pytest.raises(AimError, match=r"in none of the parts of trends\. There are Figures 1 to "):
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


CHANGES = "changes_u_s_aluminum_imports_from_canada"


def changes_in(edition) -> pd.DataFrame:
    return pd.read_csv(edition / "data" / f"{CHANGES}.csv", keep_default_na=False, na_values=[""])


def test_a_change_is_the_headline_on_both_days_by_the_rows_of_both(edition, sample_store):
    told = changes_in(edition).set_index("headline")
    row = told.loc["ytd"].iloc[0]
    made = explain_number(str(edition), "Table 1", [CHANGES])
    assert len(made.data) == len(told)
    assert "one step at a time" in made.rule.words
    shown = {column: text for column, text, *_ in _change(edition, "ytd").numbers() if column != "part"}
    store = resolve_store(sample_store)
    for column, day, last in (("before", SINCE, "2026-08-01"), ("after", date(2026, 11, 19), "2026-09-01")):
        made = explain_number(str(edition), shown[column], [CHANGES])
        assert made.adds_up
        assert made.place.change.label == row["label"]
        rows = store.read("census_imports", day, concept="consumption", code_level="hts10", row_kind="country")
        kept = rows[(rows["origin"] == "CAN") & rows["month"].between("2026-01-01", last)]
        kept = kept[
            products.contains(products.resolve("aim"), kept["code"], products.classify(kept["code"], kept["month"]))
        ]
        assert math.isclose(made.derivation.amount, kept["quantity_kg"].sum() / 1000)
        assert max(commit.known_on for commit in made.commits) <= str(day)
    made = explain_number(str(edition), shown["difference"], [CHANGES])
    assert (made.derivation.formula, made.adds_up) == ("A − B", True)
    assert [one.words.rpartition(", ")[2] for one in made.derivation.sums] == ["as known now", "as known before"]
    assert {"2026-11-19", "2026-10-08"} <= {commit.known_on for commit in made.commits}


def _change(edition, headline):
    block = next(
        block for front in open_published(str(edition)).fronts for key, block in front.blocks.items() if key == CHANGES
    )
    return next(one for one in told_changes(block, data_of(block)) if one.headline == headline)


def test_what_one_of_several_causes_adds_is_told_by_its_rule(edition):
    change = _change(edition, "level")
    assert [part.cause for part in change.parts] == ["revised data", "a new month"]
    assert sum(part.amount for part in change.parts) == pytest.approx(change.amounts["difference"])
    part = next(part for part in change.parts if part.printed)
    made = explain_number(str(edition), part.printed, [CHANGES, part.words])
    assert (made.place.column, made.amount, made.derivation) == ("part", part.amount, None)
    told = as_json(made)["change"]
    assert [(cause["cause"], cause["adds"]) for cause in told["causes"]] == [
        (part.cause, part.amount) for part in change.parts
    ]
    assert (told["known_before"], told["known_now"]) == (str(SINCE), "2026-11-19")


def test_every_cause_has_its_rule():
    assert set(CAUSE_RULES) == set(CAUSES)
    assert all(rule.summary.endswith(".") and len(rule.words) > 30 for rule in CAUSE_RULES.values())


def test_a_change_of_licenses_is_told_without_their_rows(edition):
    change = _change(edition, "licensed:2026-10")
    told = as_json(explain_number(str(edition), change.texts["difference"], [CHANGES]))
    assert "not shown" in told["license_rows"]
    assert {one["table"] for one in told["worked_out"]["sums"]} == {""}
    assert told["rule"]["calculation"].endswith("license_months")


def test_every_number_of_what_changed_is_found(edition, capsys):
    blocks = [block for front in open_published(str(edition)).fronts for block in front.blocks.values()]
    assert [block["kind"] for block in blocks] == ["prose", "table", "table"]
    for block in blocks[1:]:
        for change in told_changes(block, data_of(block)):
            for column, text, _, amount in change.numbers():
                if amount is None or not any(sign.isdigit() for sign in text):
                    continue
                explain(str(edition), text, [block["key"], change.label, _head(column)], False)
                printed = capsys.readouterr().out
                assert f"({change.headline})" in printed
                assert "as known on October 29, 2026" in printed
                assert "nan" not in printed.casefold().split()
                assert "None" not in printed


def _head(column: str) -> str:
    return {"before": "before", "after": "now", "difference": "the change"}.get(column, "")


def test_what_changed_does_not_hide_what_the_reports_say(edition):
    assert explain_number(str(edition), "level").place.key == "key_figures"
    assert explain_number(str(edition), "changes").place.name == "duty_scenarios-changes"


def test_without_its_page_what_changed_is_explained_from_the_data(edition, tmp_path):
    folder = shutil.copytree(edition, tmp_path / "pageless")
    next(folder.glob("*.html")).unlink()
    change = changes_in(folder).set_index("headline").loc["licensed:2026-10"]
    made = explain_number(str(folder), f"{change['difference']:.3f}", [CHANGES])
    assert made.place.change.headline == "licensed:2026-10"
    assert made.place.change.since is None


def test_a_part_that_is_not_there_is_told_with_those_there_are(edition):
    with pytest.raises(AimError, match=r"'supliers': nothing .* Did you mean suppliers\? .* import_trends-suppliers, "):
        explain_number(str(edition), "1.0%", ["supliers"])
    printed = open_published(str(edition)).reports[0].blocks["key_figures"]["figures"][0]["number"]
    with pytest.raises(AimError, match=r"does not stand in unit_values\. It stands in import_trends-key_figures"):
        explain_number(str(edition), printed, ["unit_values"])
    assert explain_number(str(edition), "monthly", ["import_trends"]).place.key == "monthly"


def test_the_nearest_numbers_are_told_as_they_are_printed(single):
    figures = {
        figure["label"]: figure for figure in open_published(str(single)).reports[0].blocks["key_figures"]["figures"]
    }
    level = figures["Imports in September 2026"]
    off = float(level["number"].replace(",", "")) + 0.2
    with pytest.raises(AimError, match=f"are {level['number']} t in key_figures; "):
        explain_number(str(single), f"{off:.1f}")
    with pytest.raises(AimError) as caught:
        explain_number(str(single), "58.6123%")
    assert all("%" in told for told in caught.value.advice.split("; "))
