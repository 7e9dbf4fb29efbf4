"""The sample's licenses: the noise that its parameters say, the same on every machine, and all that is planted."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.license_events import COLUMNS, license_events
from aimlib.ingest.sample.license_files import BAD_ROWS, as_text, bad_rows, license_files
from aimlib.ingest.sample.license_flows import census_flows, licensed_flows
from aimlib.ingest.sample.license_lines import make_lines
from aimlib.ingest.sample.license_noise import MILLION, licensed_parts, month_noise
from aimlib.ingest.sample.license_parameters import LICENSES, Outage, Surge
from aimlib.ingest.sample.monitor_files import in_force
from aimlib.ingest.sample.parties import with_parties
from aimlib.ingest.sample.smelt import draw_smelt
from aimlib.ingest.sample.tables import read_tables
from aimlib.reference import countries, products

LAST = date(2026, 11, 19)
KEY = ["license_number", "line_number"]
HASH = """
import hashlib, random
import numpy as np
np.random.seed(1); np.random.random(99); random.seed(2)
from aimlib.ingest.sample.license_files import license_files
for file in license_files():
    print(file.name, file.bad_rows, hashlib.sha256(file.body).hexdigest())
"""


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    return license_events()


@pytest.fixture(scope="module")
def final(events) -> pd.DataFrame:
    """Lines in force on the last day, with month and product."""
    return in_force(events, LAST)


@pytest.fixture(scope="module")
def census() -> pd.DataFrame:
    """Final imports by month, origin and product, in kilograms."""
    flows = census_flows()
    wide = pd.DataFrame(flows.kg, columns=flows.months).groupby([flows.origins, flows.products]).sum()
    long = wide.stack().rename_axis(["origin", "product", "month"]).rename("kg")
    return long[long > 0].reset_index()


def months(first: str, last: str) -> list[str]:
    return [str(month) for month in pd.period_range(first, last, freq="M")]


def completeness(events: pd.DataFrame, month: str, day: str) -> float:
    """Consumption licenses of `month` known on `day` over those of the last day."""

    def kg(when: date) -> int:
        lines = in_force(events, when)
        return lines.loc[(lines["month"] == month) & (lines["entry_type"] != "zone"), "quantity_kg"].sum()

    return kg(date.fromisoformat(day)) / kg(LAST)


def test_columns_and_words_are_those_of_the_form(events):
    assert tuple(events) == COLUMNS
    assert set(events["status"]) == {"filed", "corrected", "cancelled"}
    assert set(events["entry_type"]) == {"consumption", "zone", "warehouse"}
    assert set(events["low_value"]) == {"yes", "no"}
    assert events.notna().all(axis=None)
    assert 60_000 < len(events) < 100_000
    assert (events[["quantity_kg", "customs_value_usd"]] > 0).all(axis=None)
    assert not events.duplicated([*KEY, "status"]).any()


def test_another_process_makes_the_same_bytes():
    environment = os.environ | {"PYTHONHASHSEED": "4321", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    printed = subprocess.run(
        [sys.executable, "-c", HASH], capture_output=True, text=True, check=True, env=environment
    ).stdout.splitlines()
    import hashlib

    made = [f"{file.name} {file.bad_rows} {hashlib.sha256(file.body).hexdigest()}" for file in license_files()]
    assert printed == made
    assert [line.split()[1] for line in made] == [f"{year}.csv" for year in range(2021, 2027)]


def test_the_bell_has_the_deviation_asked_for():
    draws = Draws("a bell").bell(40_000, 50_000)
    assert draws.mean() == pytest.approx(0, abs=600)
    assert draws.std() == pytest.approx(40_000, rel=0.02)
    assert Draws("a bell").bell(40, 4).tolist() == Draws("a bell").bell(40, 4).tolist()


def test_the_noise_of_months_is_as_large_and_as_alternating_as_the_record():
    noise = month_noise(LICENSES, 50_000) / MILLION
    assert noise.std() == pytest.approx(LICENSES.month_noise_permille / 1000, rel=0.02)
    assert np.corrcoef(noise[1:], noise[:-1])[0, 1] == pytest.approx(LICENSES.alternation_permille / 1000, abs=0.02)
    calm = month_noise(replace(LICENSES, month_noise_permille=0), 100)
    assert (calm == 0).all()


@pytest.mark.parametrize("seed", ["licenses", "one", "two", "three"])
def test_licensed_over_final_imports_is_as_the_parameters_say(seed):
    parameters = replace(LICENSES, seed=seed, surges=())
    flows = licensed_flows(parameters)
    lines = make_lines(parameters, flows)
    used = lines[~lines["unused"]]
    # From the third month on, when all goods withdrawn from zones had been licensed, to the last but zone stays.
    span = slice(2, flows.months.index("2026-07"))
    ratio = (used.groupby("month")["kg"].sum() / flows.kg.sum(axis=0)[: used["month"].max() + 1]).iloc[span]
    assert ratio.mean() == pytest.approx(LICENSES.covered_permille / 1000, abs=0.02)
    # The common noise, and on top that of origins and cells, of which the largest make up a quarter of a month.
    assert 0.03 < ratio.std() < 0.075
    parts = licensed_parts(parameters, flows) / MILLION / (LICENSES.covered_permille / 1000)
    common = 1 + month_noise(parameters, len(flows.months)) / MILLION
    own = parts / common
    expected = np.hypot(LICENSES.origin_noise_permille, LICENSES.cell_noise_permille) / 1000
    assert own.std() == pytest.approx(expected, rel=0.05)


def test_coverage_of_consumption_leaves_zones_out(final, census):
    total = census.groupby("month")["kg"].sum()
    span = months("2021-09", "2026-08")
    by_type = final.pivot_table(index="month", columns="entry_type", values="quantity_kg", aggfunc="sum").loc[span]
    consumption = (by_type["consumption"] + by_type["warehouse"]).sum() / total[span].sum()
    assert consumption == pytest.approx(0.973 * (1 - 0.06), abs=0.02)
    assert by_type["zone"].sum() / by_type.sum(axis=None) == pytest.approx(0.06, abs=0.01)
    assert by_type["warehouse"].sum() / by_type.sum(axis=None) == pytest.approx(0.015, abs=0.005)
    assert by_type.sum(axis=None) / total[span].sum() == pytest.approx(0.973, abs=0.02)


def test_zone_goods_are_licensed_two_months_before_they_count():
    parameters = replace(LICENSES, covered_permille=1000, month_noise_permille=0, origin_noise_permille=0)
    parameters = replace(parameters, cell_noise_permille=0, unused_permille=0, low_value_permille=0, surges=())
    flows = licensed_flows(parameters)
    lines = make_lines(parameters, flows)
    by_type = lines.assign(zone=lines["entry_type"] == "zone").pivot_table(
        index="month", columns="zone", values="kg", aggfunc="sum"
    )
    counted = flows.kg.sum(axis=0)
    for month in range(2, 60):
        made = by_type.loc[month, False] + by_type.loc[month - LICENSES.zone_stay_months, True]
        assert made == pytest.approx(counted[month], rel=0.002)  # informal entries need no license


def test_a_month_fills_up_passes_one_and_is_purged(events):
    for month, end in (("2023-05", "2023-05-31"), ("2025-09", "2025-09-30")):
        day = pd.Timestamp(end)
        steps = [
            completeness(events, month, f"{day + pd.Timedelta(weeks=weeks):%Y-%m-%d}") for weeks in (-4, -2, 0, 2, 13)
        ]
        assert 0.2 < steps[0] < 0.6
        assert steps[0] < steps[1] < steps[2] < 1.08
        assert steps[3] > 1.0
        assert steps[4] == pytest.approx(1, abs=0.01)
    shares = [
        completeness(events, str(month), f"{(month.end_time + pd.Timedelta(weeks=2)):%Y-%m-%d}")
        for month in pd.period_range("2024-01", "2025-12", freq="M")
    ]
    assert max(shares) > 1.02
    assert min(shares) > 0.97


def test_licenses_are_taken_from_60_days_before_to_14_after(events):
    filed = events[events["status"] == "filed"]
    lead = (filed["expected_import_date"] - filed["application_date"]).dt.days
    late = filed["application_date"].between("2024-08-17", "2024-08-23")
    assert lead.max() <= 60
    assert lead[~late].min() >= -14
    assert (lead < 0).mean() == pytest.approx(0.15, abs=0.05)
    assert (lead > 30).mean() == pytest.approx(0.11, abs=0.05)
    assert filed["application_date"].dt.day_of_week.ge(5).mean() < 0.06
    assert (events["expected_export_date"] < events["expected_import_date"]).all()


def test_nothing_is_known_before_the_first_day_nor_after_the_last(events):
    assert events["status_date"].min() == events["application_date"].min() == pd.Timestamp("2021-06-28")
    assert events["expected_import_date"].min() >= pd.Timestamp("2021-06-28")
    assert events["status_date"].max() == pd.Timestamp("2026-11-19")
    ahead = events["expected_import_date"].max() - pd.Timestamp("2026-11-19")
    assert 40 <= ahead.days <= 60


def test_the_outage_is_a_hole_and_what_was_due_comes_after(events):
    filed = events.loc[events["status"] == "filed", "status_date"].value_counts().sort_index()
    [outage] = LICENSES.outages
    assert filed.loc[outage.first_day : outage.last_day].sum() == 0
    usual = filed.loc["2024-06-03":"2024-07-26"].sum() / 54
    assert filed.loc["2024-08-17":"2024-08-23"].mean() > 2 * usual
    without = license_events(replace(LICENSES, outages=()))
    day = without.loc[without["status"] == "filed", "status_date"]
    assert day.between(outage.first_day, outage.last_day).sum() > 200
    assert len(day) == pytest.approx((events["status"] == "filed").sum(), rel=0.001)


def test_corrections_and_cancellations_are_as_many_as_said(events):
    lines = events[events["status"] == "filed"]
    corrected = events[events["status"] == "corrected"]
    assert len(corrected) / lines["license_number"].nunique() == pytest.approx(0.06, abs=0.01)
    both = corrected.merge(lines, on=KEY, suffixes=("", "_filed"))
    change = both["quantity_kg_filed"] / both["quantity_kg"] - 1
    assert change.abs().max() <= 0.121
    moved = both["expected_import_date"].dt.to_period("M") > both["expected_import_date_filed"].dt.to_period("M")
    assert moved.mean() == pytest.approx(0.15, abs=0.03)
    assert (both["expected_import_date"] >= both["expected_import_date_filed"]).all()
    assert (both["status_date"] > both["application_date"]).all()
    assert (both["status_date"] > both["expected_import_date"] + pd.Timedelta(days=13)).mean() > 0.1
    cancelled = events[events["status"] == "cancelled"]
    before = cancelled["status_date"] <= cancelled["expected_import_date"]
    assert before.sum() / len(lines) == pytest.approx(0.02, abs=0.008)
    assert (~before).sum() / len(lines) == pytest.approx(0.03, abs=0.008)
    wait = (cancelled["status_date"] - cancelled["expected_import_date"]).dt.days[~before]
    assert wait.between(25, 97).mean() > 0.99  # but for those that the outage held up


def test_some_licenses_have_two_lines_of_one_importer(events):
    filed = events[events["status"] == "filed"]
    groups = filed.groupby("license_number")
    count = groups["line_number"].count()
    assert set(count) == {1, 2}
    assert 0.03 < (count == 2).mean() < 0.15
    one = ["importer", "exporter", "manufacturer", "origin", "exportation", "entry_type", "expected_import_date"]
    assert (groups[one].nunique() == 1).all(axis=None)
    assert (groups["hts10"].nunique() == count).all()


def test_codes_live_in_their_month_and_countries_are_known(events):
    pairs = events[["hts10", "expected_import_date"]].assign(
        month=events["expected_import_date"].dt.to_period("M").dt.to_timestamp()
    )
    pairs = pairs[["hts10", "month"]].drop_duplicates(ignore_index=True)
    assert set(products.classify(pairs["hts10"], pairs["month"])) == set(products.resolve("aim").categories)
    split = pairs.groupby("hts10")["month"].agg(["min", "max"])
    assert split.loc["7601106030", "max"] < pd.Timestamp("2025-07-01") <= split.loc["7601106040", "min"]
    for word in set(events["origin"]) | set(events["recent_cast"]) | set(events["exportation"]):
        assert countries.resolve(word).key == word


def test_smelt_is_unknown_only_while_it_may_be(events):
    told = events[events["status"] != "cancelled"]
    unknown = (told["largest_smelt"] == "unknown") | (told["second_smelt"] == "unknown")
    day = told["status_date"]
    assert not unknown[day.between("2022-06-29", "2025-06-27")].any()
    assert unknown[day <= "2022-06-28"].mean() == pytest.approx(0.35, abs=0.02)
    assert 0 < unknown[day >= "2025-06-28"].mean() < 0.02
    assert (told.loc[told["largest_smelt"] == "N/A", "second_smelt"] == "N/A").all()
    assert not told["recent_cast"].isin(["N/A", "unknown"]).any()


def test_the_mix_of_metal_is_that_of_the_table(events):
    canada = events[
        (events["origin"] == "CAN") & (events["status"] == "filed") & events["hts10"].str.startswith("7601")
    ]
    canada = canada[canada["application_date"] > "2022-06-28"]
    own = canada.loc[canada["largest_smelt"] == "CAN", "quantity_kg"].sum() / canada["quantity_kg"].sum()
    assert own == pytest.approx(0.955, abs=0.02)
    table = read_tables().smelt
    assert (table.groupby(["origin", "from_month", "products"])["weight"].sum() == 1000).all()
    lines = pd.DataFrame({"origin": ["KWT"] * 400, "product": "foil", "month": "2025-01"})
    drawn = draw_smelt(LICENSES, table, lines)
    assert set(drawn["recent_cast"]) == {"KWT"}
    assert (drawn["largest_smelt"] == "N/A").mean() == pytest.approx(0.42, abs=0.08)


@pytest.mark.parametrize(
    ("origin", "product", "least"),
    [
        ("THA", "foil", 0.4),
        ("MYS", "foil", 0.3),
        ("VNM", "bars_rods_profiles", 0.3),
        ("MEX", "bars_rods_profiles", 0.05),
    ],
)
def test_metal_of_china_comes_by_other_origins_in_the_last_four_quarters(final, origin, product, least):
    mine = final[(final["origin"] == origin) & (final["product"] == product)]
    chinese = mine["quantity_kg"].where((mine["recent_cast"] == "CHN") & (mine["largest_smelt"] == "CHN"), 0)
    quarter = pd.PeriodIndex(mine["month"], freq="Q")
    share = chinese.groupby(quarter).sum() / mine["quantity_kg"].groupby(quarter).sum()
    assert (share["2025Q4":"2026Q3"] > least).all()
    assert share["2023Q1":"2025Q3"].max() < least


def test_the_surge_is_there_and_nowhere_before(final, census):
    [surge] = LICENSES.surges
    mine = final[
        (final["origin"] == surge.origin) & (final["product"] == surge.product) & (final["entry_type"] != "zone")
    ]
    kg = mine.groupby("month")["quantity_kg"].sum()
    counted = census[(census["origin"] == surge.origin) & (census["product"] == surge.product)].set_index("month")["kg"]

    def over(month: str) -> float:
        before = [str(pd.Period(month, "M") - back) for back in (1, 2, 3)]
        return kg[month] / counted[before].mean()

    assert over("2026-10") == pytest.approx(2.8, abs=0.4)
    assert max(over(month) for month in months("2022-01", "2026-09")) < 2.2
    plain = license_events(replace(LICENSES, surges=()))
    mine = plain[(plain["origin"] == surge.origin) & plain["hts10"].str.startswith("7601")]
    mine = mine[(mine["status"] == "filed") & (mine["expected_import_date"].dt.strftime("%Y-%m") == "2026-10")]
    assert mine["quantity_kg"].sum() < kg["2026-10"] / 2


def test_months_that_census_does_not_have_go_on_from_those_before(final):
    kg = final[final["entry_type"] != "zone"].groupby("month")["quantity_kg"].sum()
    assert kg["2026-10"] / kg["2025-10"] == pytest.approx(0.95, abs=0.2)
    assert 0.5 < kg["2026-11"] / kg["2026-10"] < 1
    assert kg["2026-12"] / kg["2026-10"] < 0.4
    assert kg["2027-01"] > 0


def test_an_origin_and_product_has_one_to_nine_importers(final):
    importers = final.groupby(["origin", "product"])["importer"].nunique()
    assert importers.max() == 9
    assert importers["CAN", "unwrought"] >= 8
    assert (importers <= 2).mean() > 0.2
    assert final["importer"].str.fullmatch(r"Importer \d{4}").all()
    flows = licensed_flows(LICENSES)
    licenses = pd.DataFrame({"row": np.zeros(5000, dtype=np.int64), "origin": flows.origins[0]})
    told = with_parties(LICENSES, flows, licenses)
    assert (told["manufacturer"] == "unknown").mean() == pytest.approx(0.06, abs=0.02)


def test_seed_and_parameters_change_the_licenses(events):
    other = license_events(replace(LICENSES, seed="another"))
    assert not other.equals(events)
    assert len(other) == pytest.approx(len(events), rel=0.03)
    more = license_events(replace(LICENSES, corrected_permille=200, unused_permille=0))
    assert (more["status"] == "corrected").sum() > 2.5 * (events["status"] == "corrected").sum()
    late = more[more["status"] == "cancelled"]
    assert (late["status_date"] <= late["expected_import_date"]).mean() > 0.99  # but for those of the outage
    wild = license_events(replace(LICENSES, month_noise_permille=200))
    assert wild["quantity_kg"].std() > 0
    short = license_events(replace(LICENSES, outages=(Outage("2023-03-06", "2023-03-10", 3),)))
    day = short.loc[short["status"] == "filed", "status_date"]
    assert not day.between("2023-03-06", "2023-03-10").any()
    moved = license_events(replace(LICENSES, surges=(Surge("IND", "wire", "2026-10", 3000),)))
    assert not moved.equals(events)


def test_files_hold_the_events_and_every_kind_of_bad_row(events):
    bad = bad_rows(LICENSES, events)
    assert set(bad["rule"]) == {rule for rule, _ in BAD_ROWS}
    filed = (events["status"] == "filed").sum()
    assert len(bad) / filed == pytest.approx(LICENSES.bad_rows_permille / 1000, rel=0.3)
    assert not set(bad["license_number"]) & set(events["license_number"])
    assert bad_rows(replace(LICENSES, bad_rows_permille=0), events).empty
    text = as_text(events)
    gone = text[text["status"] == "cancelled"]
    assert (gone["line_number"] == "").all()
    assert (gone["quantity_kg"] == "").all()
    assert not gone["license_number"].duplicated().any()
    lines = sum(file.body.count(b"\n") - 1 for file in license_files())
    assert lines == len(text) + len(bad)
