"""The sections of the smelt and cast bulletin on stores and parameters of every shape."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from aimlib.bulletin.opening import open_import_trends, open_smelt_origin
from aimlib.errors import AimError
from aimlib.ingest.commit import Declaration
from aimlib.ingest.licenses import commit_licenses
from aimlib.ingest.monitor import commit_monitor
from aimlib.ingest.sample.license_files import license_files
from aimlib.ingest.sample.monitor_files import monitor_files
from aimlib.present import smelt_origin
from aimlib.present.blocks import Prose
from aimlib.store.raw import Origin, Snapshot

MISSING = re.compile(r"\b(nan|NaN|None|NaT|inf|Infinity|GROUP|TOTAL)\b")
PARTIES = re.compile(r"(Importer|Exporter|Manufacturer) (\d{4}|[A-Z]{3} \d\d)")


@pytest.fixture
def on_sample(sample_store, monkeypatch):
    """Open reports on the embedded sample."""
    monkeypatch.setenv("AIM_STORE", str(sample_store))
    return open_smelt_origin


def snapshot(name: str, body: bytes, moment: datetime) -> Snapshot:
    return Snapshot(body, Origin("Test", "figures", name, moment, "none"), name)


@pytest.fixture(scope="module")
def licenses_only(tmp_path_factory):
    """Return a store that holds licenses and nothing else."""
    root = tmp_path_factory.mktemp("licenses")
    moment = datetime(2026, 11, 19, 21, tzinfo=UTC)
    snapshots = [snapshot(file.name, file.body, moment) for file in license_files()]
    commit_licenses(root, snapshots, Declaration(date(2026, 11, 19), moment))
    return root


@pytest.fixture(scope="module")
def monitor_only(tmp_path_factory):
    """Return a store that holds some Thursdays of the public monitor and nothing else."""
    root = tmp_path_factory.mktemp("monitor")
    for day in (date(2026, 11, 12), date(2026, 11, 19)):
        moment = datetime(day.year, day.month, day.day, 21, tzinfo=UTC)
        snapshots = [snapshot(f"{name}.csv", body, moment) for name, body in monitor_files(day).items()]
        commit_monitor(root, snapshots, Declaration(day, moment))
    return root


def sections(report) -> dict[str, object]:
    """Return every section of a report, checked for what may never be printed or kept in its data."""
    made = {name: getattr(smelt_origin, name)(report.view) for name in smelt_origin.__all__}
    for name, block in {"cover": report.cover(), **made}.items():
        content = {key: value for key, value in block.content().items() if key != "csv"}
        text = json.dumps(content, ensure_ascii=False, allow_nan=False)
        assert not MISSING.search(text), (name, MISSING.search(text))
        assert not PARTIES.search(json.dumps(block.content())), name
        picture = block._repr_mimebundle_().get("image/svg+xml")
        if picture:
            marks = re.findall(r'class="mark-(?!group)\w+ role-mark [^"]*"(/?)>', picture)
            assert "" in marks, f"the figure {name} is blank"
    return made


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"country": "MEX", "measure": "value", "period": "2024Q1:2025Q4"},
        {"country": "THA", "product": "foil"},
        {"country": "CAN", "primary_only": True},
        {"country": "EU27", "period": "2023"},
        {"country": "GCC", "product": "unwrought", "measure": "value", "top": 3},
        {"country": "PAK"},
        {"country": "NRU"},
        {"period": "2021Q3:2022Q2"},
        {"country": "KOR", "period": "2021Q3:2022Q4"},
        {"as_of": "2022-03-03"},
        {"as_of": "2021-09-02", "country": "CAN"},
        {"as_of": "2024-08-15", "watch": "AUS,IND", "country": "KOR"},
        {"product": "7601.20.90.45", "country": "CAN"},
    ],
    ids=str,
)
def test_every_shape_makes_every_section(on_sample, given):
    sections(on_sample(**given))


def test_licenses_alone_tell_the_shares(licenses_only, monkeypatch):
    monkeypatch.setenv("AIM_STORE", str(licenses_only))
    made = sections(open_smelt_origin(country="KOR"))
    assert "No Census months are held" in made["early_table"].paragraphs[0]
    assert made["smelt_heat_map"].frame["share_quantity"].notna().any()


def test_the_monitor_alone_tells_what_it_can(monitor_only, monkeypatch):
    monkeypatch.setenv("AIM_STORE", str(monitor_only))
    made = sections(open_smelt_origin(country="KOR", period="2026-01:2026-08"))
    shares = made["smelt_heat_map"].frame.query("origin == 'KOR' and largest_smelt != 'TOTAL'")["share_quantity"]
    assert shares.sum() == pytest.approx(1, abs=0.01)
    assert {column.label for column in made["exposures"].columns} == {"Country", "Largest smelt", "Cast"}


def test_shares_are_those_of_the_license_file(on_sample):
    """A second road: the state of every line by pandas from the files themselves."""
    made = sections(on_sample(country="KOR", period="2025"))
    frame = made["smelt_heat_map"].frame
    found = frame[(frame["origin"] == "KOR") & frame["share_quantity"].notna()].set_index("largest_smelt")
    events = in_force(date(2026, 11, 19))
    mine = events[
        (events["origin"] == "KOR") & events["month"].between("2025-01", "2025-12") & (events["entry_type"] != "zone")
    ]
    assert found.loc["TOTAL", "quantity_kg"] == pytest.approx(mine["quantity_kg"].sum(), rel=1e-9)
    by_smelt = mine.groupby("largest_smelt")["quantity_kg"].sum()
    assert found.loc["IND", "quantity_kg"] == pytest.approx(by_smelt["IND"], rel=1e-9)
    assert found.loc["N/A", "share_quantity"] == pytest.approx(by_smelt["N/A"] / by_smelt.sum(), rel=1e-9)


def in_force(day: date) -> pd.DataFrame:
    """Return the sample's license lines in force on a day, by a loop over their events."""
    parts = [pd.read_csv(io.BytesIO(file.body), dtype=str, keep_default_na=False) for file in license_files()]
    events = pd.concat(parts)
    events = events[events["license_number"].str.startswith("A")]  # the planted bad rows begin with B
    rank = {"filed": 0, "corrected": 1, "cancelled": 2}
    events = events.assign(on=pd.to_datetime(events["status_date"]), rank=events["status"].map(rank))
    events = events[events["on"] <= pd.Timestamp(day)].sort_values(["on", "rank"], kind="stable")
    state: dict[str, dict[str, dict]] = {}
    for row in events.to_dict("records"):
        if row["status"] == "cancelled":
            state.pop(row["license_number"], None)
        else:
            state.setdefault(row["license_number"], {})[row["line_number"]] = row
    lines = pd.DataFrame([line for license in state.values() for line in license.values()])
    month = pd.to_datetime(lines["expected_import_date"]).dt.strftime("%Y-%m")
    return lines.assign(month=month, quantity_kg=lines["quantity_kg"].astype(float))


def test_what_is_hidden_is_hidden_in_every_form(on_sample):
    """Hidden cells have no figure in the data, and none of their amounts is in what is drawn."""
    report = on_sample(country="all", period="2025")
    made = sections(report)
    frame = made["smelt_heat_map"].frame
    hidden = frame[frame["suppressed"].fillna("") != ""]
    assert len(hidden) > 5
    assert hidden[["quantity_kg", "customs_value_usd", "share_quantity", "share_value"]].isna().all(axis=None)
    assert made["smelt_heat_map"].frame["quantity_kg"].notna().any()


def test_bounds_do_not_tell_the_unknown_that_is_hidden(on_sample):
    """At most, of a country that nobody names, would be the unknown and what is not covered."""
    report = on_sample(country="all", period="2025")
    implied, bounds = report.view.tables.implied, report.view.tables.implied_bounds
    unknown = implied[implied["largest_smelt"] == "unknown"].set_index("origin")["suppressed"]
    hidden = unknown[unknown != ""].index
    upper = bounds[bounds["origin"].isin(hidden)][["content_high_kg", "touched_high_kg"]]
    assert len(upper) > 8
    assert upper.isna().all(axis=None)
    assert bounds["content_high_kg"].notna().any()


def test_before_smelt_was_collected_nothing_is_said_of_it(on_sample):
    made = sections(on_sample(as_of="2022-03-03"))
    assert isinstance(made["key_figures"], Prose)
    for name in ("implied_tonnage", "carbon", "exposures"):
        assert "collected since July 2022" in made[name].paragraphs[0], name


def test_the_watched_are_named_by_the_widest_measure_shown(on_sample):
    report = on_sample()
    held = report.view.tables.exposures
    china = held[(held["origin"] == "TOTAL") & (held["country"] == "CHN")].dropna(subset=["share_quantity"])
    assert len(china)
    assert "China in " in smelt_origin.lead(report.view).paragraphs[0]


def test_carbon_is_told_in_tonnes_of_co2_equivalent(on_sample):
    table = smelt_origin.carbon(on_sample().view)
    assert [column.unit for column in table.columns if "CO2" in column.unit] == [
        "t CO2e per t",
        "thousand t CO2e",
        "thousand t CO2e",
    ]
    assert "CO2 equivalent (CO2e)" in table.caption
    said = [note for note in table.notes if "per t" in note]
    assert said
    assert not re.search(r"CO2(?!e| equivalent)", " ".join(said))
    assert {"co2e_low_t", "co2e_high_t"} <= set(table.frame.columns)


def test_concentration_shows_the_origins_whose_words_are_hidden(on_sample):
    view = on_sample().view
    table = smelt_origin.concentration(view)
    rows = {row.cells[0]: row.cells for row in table.rows}
    shown = [view.name_of(origin) for origin in view.origins_shown(view.tables.matrix_smelt)]
    assert list(rows) == shown
    frame = table.frame[table.frame["measure"] == view.measure.key].set_index("origin")
    hidden = [
        origin for origin in frame.index if view.name_of(origin) in rows and pd.isna(frame.at[origin, "share_unknown"])
    ]
    assert hidden
    for origin in hidden:
        cells = rows[view.name_of(origin)]
        assert cells[1:6] == ["c"] * 5
        assert cells[7] == "c"
    assert any(note.startswith("c: not shown, because it would tell too much") for note in table.notes)
    assert any(note.startswith("Not shown, because") for note in table.notes)


def test_what_is_no_country_is_gray_and_no_country_is(on_sample):
    view = on_sample().view
    color = smelt_origin.smelt_bars(view).chart.to_dict()["encoding"]["color"]["scale"]
    drawn = dict(zip(color["domain"], color["range"], strict=True))

    def spread(hex_color):
        parts = [int(hex_color[place : place + 2], 16) for place in (1, 3, 5)]
        return max(parts) - min(parts)

    grays = {"N/A", "Unknown", "Others"}
    assert {name for name, one in drawn.items() if spread(one) < 20} == grays & set(drawn)
    assert {"N/A", "Unknown"} <= set(drawn)
    assert len(set(drawn.values())) == len(drawn)


def test_a_month_that_an_outage_touched_has_no_estimate(on_sample):
    table = smelt_origin.early_table(on_sample(as_of="2024-08-15").view)
    frame = table.frame.set_index("month")
    assert pd.isna(frame.loc["2024-08-01", "quantity_t_estimate"])
    assert any("No estimate for August 2024" in note for note in table.notes)


def test_a_country_is_cut_from_the_pattern_of_all(on_sample):
    whole = sections(on_sample(period="2025"))["smelt_heat_map"].frame
    korea = sections(on_sample(country="KOR", period="2025"))["smelt_heat_map"].frame
    keys = ["origin", "largest_smelt"]
    both = whole.merge(korea, on=keys)
    assert len(both) == len(korea)
    assert (both["suppressed_x"].fillna("") == both["suppressed_y"].fillna("")).all()


def test_smelt_begins_in_july_2022_and_says_so(on_sample):
    made = sections(on_sample(country="KOR", period="2021Q3:2022Q4"))
    assert any("not collected before July 2022" in note for note in made["smelt_heat_map"].notes)
    assert made["smelt_over_time"].frame["period"].min() == "2022-07-01"
    assert "since July 2022" in sections(on_sample(period="2021Q3:2022Q2"))["smelt_heat_map"].paragraphs[0]


def test_the_planted_metal_is_found(on_sample):
    """Thailand's foil is smelted and cast in China from October 2025 on."""
    frame = sections(on_sample(country="THA"))["differences"].frame
    foil = frame[(frame["product"] == "foil") & (frame["metal"] == "CHN") & (frame["field"] == "recent_cast")]
    assert foil["new_or_doubled"].all()
    assert len(foil) == 1


def test_implied_tonnes_add_up_to_census(on_sample):
    made = sections(on_sample(country="KOR"))
    rows = {row.cells[0]: row.cells[1] for row in made["implied_tonnage"].rows}
    total = float(rows.pop("Census total").replace(",", ""))
    assert sum(float(text.replace(",", "").replace("<", "")) for text in rows.values()) == pytest.approx(total, abs=10)
    imports = open_import_trends(country="KOR").view
    last_year = imports.own.set_index("month").loc["2025-10":"2026-09", "quantity_kg"].sum() / 1000
    assert total == pytest.approx(last_year, abs=1)


def test_early_figures_are_those_of_import_trends(on_sample):
    made = sections(on_sample(country="KOR"))
    trends = open_import_trends(country="KOR").view
    early = made["early_table"].frame.set_index("month")
    assert list(early.index) == ["2026-10-01", "2026-11-01"]
    assert early["partial"].tolist() == [False, True]
    assert trends.early.series["quantity_kg"].tolist() == pytest.approx((early["quantity_t_licensed"] * 1000).tolist())


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"product": "chapter76"}, "not wholly within the scope"),
        ({"product": "scrap"}, "not wholly within the scope"),
        ({"watch": "CHN,Atlantis"}, "Atlantis"),
        ({"watch": "EU27"}, "watch=EU27"),
        ({"period": "2019"}, "no month of licenses"),
        ({"as_of": "2021-06-01"}, "no licenses known by"),
        ({"intensities": "nowhere.csv"}, "nowhere.csv"),
        ({"primary_only": "perhaps"}, "true or false"),
        ({"concept": "general"}, "concept=general"),
    ],
)
def test_what_cannot_be_is_one_message(on_sample, given, words):
    with pytest.raises(AimError, match=re.escape(words)):
        on_sample(**given)
