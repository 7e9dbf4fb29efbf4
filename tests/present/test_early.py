"""License months at the end of import trends: early, apart, and compared with nothing while they fill."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from aimlib.bulletin.opening import open_import_trends
from aimlib.ingest.commit import Declaration
from aimlib.ingest.monitor import commit_monitor
from aimlib.ingest.sample.answers import sample_answers
from aimlib.ingest.sample.monitor_files import monitor_files
from aimlib.present import import_trends
from aimlib.present.blocks import Prose
from aimlib.present.early import record as record_sections
from aimlib.present.early.words import intervals_held_words
from aimlib.store.raw import Origin, Snapshot


@pytest.fixture
def on_sample(sample_store, monkeypatch):
    """Open import trends on the embedded sample."""
    monkeypatch.setenv("AIM_STORE", str(sample_store))
    return open_import_trends


def test_license_months_follow_census_and_the_newest_is_still_filling(on_sample):
    frame = import_trends.monthly(on_sample(country="KOR").view).frame.set_index("month")
    assert frame.loc["2026-09-01", ["data_basis", "partial"]].tolist() == ["census", False]
    assert frame.loc["2026-10-01", ["data_basis", "partial"]].tolist() == ["license", False]
    assert frame.loc["2026-11-01", ["data_basis", "partial"]].tolist() == ["license", True]
    assert frame.loc["2026-10-01":, ["quantity_t_mom", "quantity_t_yoy"]].isna().all(axis=None)
    assert frame.loc["2026-10-01":, "quantity_t"].gt(0).all()


def test_the_caption_says_that_license_months_are_no_census_and_no_estimate(on_sample):
    caption = import_trends.monthly(on_sample(country="KOR").view).caption
    assert "Dashed, past the last Census month: what is licensed, as it stands and no estimate" in caption


def test_headline_and_sums_stay_with_census(on_sample):
    view = on_sample(country="KOR").view
    assert view.latest == pd.Timestamp("2026-09-01")
    assert view.months["data_basis"].eq("census").all()


def test_a_past_thursday_has_its_own_license_months(on_sample):
    # On October 8, 2026 Census had published August; September and October rested on licenses.
    early = on_sample(country="KOR", as_of="2026-10-08").view.early.series
    assert early["month"].dt.strftime("%Y-%m").tolist() == ["2026-09", "2026-10"]
    assert early["partial"].tolist() == [False, True]
    later = on_sample(country="KOR").view.early.series
    assert early["quantity_kg"].iloc[-1] < later["quantity_kg"].iloc[0]


def test_an_estimate_is_told_from_the_sum_of_licenses(on_sample):
    told = {one.name: one.data_basis for one in import_trends.early_table(on_sample(country="KOR").view).headlines}
    assert told["licensed:2026-10"] == "license"
    assert told["estimate:2026-10"] == "license_estimate"


def test_a_period_that_ends_before_them_does_not_draw_them(on_sample):
    frame = import_trends.monthly(on_sample(country="KOR", period="2025").view).frame
    assert frame["data_basis"].eq("census").all()


def test_goods_that_need_no_license_have_no_license_months(on_sample):
    for product in ("chapter76", "scrap", "downstream"):
        try:
            view = on_sample(product=product).view
        except Exception as error:
            pytest.fail(f"{product}: {error}")
        assert view.early is None
        assert isinstance(import_trends.early_table(view), Prose)


def test_zone_admissions_stand_apart_for_consumption_and_count_for_general(on_sample):
    apart, whole = (on_sample(country="KOR", concept=concept).view.early for concept in ("consumption", "general"))
    assert whole.zone.empty
    shown = ~apart.series["protected"] & ~whole.series["protected"] & ~apart.zone["protected"]
    assert shown.any()
    both = apart.series["quantity_kg"] + apart.zone["quantity_kg"]
    assert both[shown].tolist() == pytest.approx(whole.series.loc[shown, "quantity_kg"].tolist())


def test_a_place_with_few_importers_is_not_shown_and_nothing_of_it_is(on_sample):
    view = on_sample(country="RUS").view
    assert view.early.series.loc[view.early.series["protected"], "quantity_kg"].isna().all()
    assert view.early.series["protected"].any()
    frame = import_trends.monthly(view)
    assert isinstance(frame, Prose) or frame.frame.query("data_basis == 'license'")["quantity_t"].isna().any()


def test_the_estimate_stands_with_its_interval_and_its_record(on_sample):
    view = on_sample().view
    frame = import_trends.early_table(view).frame.set_index("month")
    october = frame.loc["2026-10-01"]
    assert october["quantity_t_low_95"] < october["quantity_t_low_80"] < october["quantity_t_estimate"]
    assert october["quantity_t_estimate"] < october["quantity_t_high_80"] < october["quantity_t_high_95"]
    assert october["months"] > 24
    assert "80% interval" in import_trends.early_lead(view).paragraphs[0]


def test_the_intervals_stand_with_how_often_they_held_at_that_horizon(on_sample):
    view = on_sample().view
    early, record = import_trends.early_table(view), record_sections.record_table(view)
    rows = [row.cells for row in record.rows]
    horizons = {cells[0]: cells for cells in rows if cells[0]}
    for horizon, month in (("Two weeks before that", "November 2026"), ("Two weeks after that", "October 2026")):
        _, _, months, _, _, in_80, in_95, *_ = horizons[horizon]
        said = [note for note in early.notes if note.startswith("In the back-test") and month in note]
        assert len(said) == 1, month
        assert f"{horizon.split(' that')[0].lower()} the first Thursday at the month's end or after" in said[0]
        assert f"the 80% interval held in {in_80} of {months} months and the 95% interval in {in_95}." in said[0]


def test_where_the_back_test_does_not_judge_a_horizon_it_is_said(on_sample):
    view = on_sample().view
    rows = pd.DataFrame({"month": [pd.Timestamp("2026-12-01")], "horizon": [-4.0]})
    assert intervals_held_words(view, rows) == [
        "How often the intervals held four weeks before the first Thursday at the month's end or after, where "
        "December 2026 stands, the back-test does not say."
    ]


def test_a_simpler_method_is_named_only_at_the_horizons_of_the_months_shown(on_sample):
    view = on_sample().view
    record = view.early.study.record
    at = (record["horizon"] == 0) & (record["part_kind"] == "total")
    record.loc[at, "winner"] = "licenses"
    assert any("A simpler method erred less" in note for note in record_sections.record_table(view).notes)
    notes = import_trends.early_table(view).notes
    assert not any("A simpler method erred less" in note for note in notes)
    assert notes[-1].endswith("each of its four rivals at the horizons of these months.")
    record.loc[(record["horizon"] == 2) & (record["part_kind"] == "total"), "winner"] = "licenses"
    note = import_trends.early_table(view).notes[-1]
    assert "A simpler method erred less" in note
    assert "(two weeks after the first Thursday at the month's end or after: " in note
    assert "(on the first Thursday" not in note


def test_the_planted_surge_in_licenses_is_listed(on_sample):
    found = import_trends.license_surges(on_sample().view).frame
    first = found.iloc[0]
    assert (first["origin"], first["product"]) == ("AUS", "unwrought")
    assert first["change"] == pytest.approx(first["quantity_t"] / first["quantity_t_base"] - 1)
    census = on_sample(country="AUS", product="unwrought").view.own.set_index("month")
    assert first["quantity_t_base"] == pytest.approx(census.loc["2026-07":"2026-09", "quantity_kg"].mean() / 1000)


def test_with_the_public_monitor_alone_its_license_months_are_shown(tmp_path, monkeypatch):
    """Those outside the Commerce Department hold Census figures and the monitor's downloads."""
    monkeypatch.setenv("AIM_STORE", str(tmp_path))
    moment = datetime(2026, 11, 19, 21, tzinfo=UTC)
    answers = [answer for answer in sample_answers() if answer.known_on == "2026-11-05"]
    from aimlib.ingest.commit import commit_census

    for answer in answers:
        shot = Snapshot(answer.body, Origin("Test", "census", "a", moment, "none"), answer.known_on)
        day = date.fromisoformat(answer.known_on)
        commit_census(tmp_path, [shot], Declaration(day, moment, codes=("76",)))
    day = date(2026, 11, 19)
    shots = [Snapshot(body, Origin("Test", "monitor", name, moment, "none"), f"{name}.csv") for name, body in
             monitor_files(day).items()]  # fmt: skip
    commit_monitor(tmp_path, shots, Declaration(day, moment))
    view = open_import_trends(country="KOR").view
    assert view.early.basis == "monitor"
    assert view.early.series["month"].dt.strftime("%Y-%m").tolist() == ["2026-10", "2026-11"]
    table = import_trends.early_table(view)
    assert any("does not tell the two apart" in note for note in table.notes)
    assert "the public monitor" in table.caption
