"""Reading declared trade, against plain pandas on small random stores, and by cases."""

import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from trade_store import NAN, block, load, row

from aimlib.errors import AimError
from aimlib.ingest.global_trade import (
    read_accounts,
    read_asymmetries,
    read_controls,
    read_pairs,
    read_reporting,
    totals,
)
from aimlib.ingest.global_trade.frames import ACCOUNTS, PAIRS, REPORTING

PLACES, MONTHS = ("CAN", "DEU", "USA"), ("2024-01", "2024-02")
CODES = {"unwrought": ("760110", "760120"), "wire": ("760511",)}
HEADINGS = {"unwrought": "7601", "wire": "7605"}
SPAN = {"frequency": "monthly", "first": "2024-01", "last": "2024-12"}
YEARS = {"frequency": "annual", "first": "2024", "last": "2024"}
X = ["x_quantity_t", "x_fob_value_usd", "x_covered_fob_value_usd"]
M = [f"m_{name}" for name in ("quantity_t", "fob_value_usd", "cif_value_usd")]
M += ["m_covered_fob_value_usd", "m_covered_cif_value_usd"]


def one(frame):
    """Return the only row."""
    assert len(frame) == 1
    return frame.iloc[0]


NO_SHRINK = (Phase.explicit, Phase.reuse, Phase.generate)  # an example takes seconds

# --- Against plain pandas ---------------------------------------------------------------------------------


@st.composite
def worlds(draw):
    """Draw rows, and which (reporter, flow, period, heading) were told at all."""
    told = draw(
        st.sets(
            st.tuples(
                st.sampled_from(PLACES),
                st.sampled_from(["export", "import"]),
                st.sampled_from(MONTHS),
                st.sampled_from(["7601", "7605"]),
            ),
            min_size=1,
            max_size=8,
        )
    )
    rows = []
    for reporter, flow, period, heading in sorted(told):
        for code in [code for codes in CODES.values() for code in codes if code[:4] == heading]:
            for partner in draw(st.sets(st.sampled_from(["CAN", "DEU", "USA", "XNS", "WLD"]))) - {reporter}:
                value = draw(st.integers(1, 10_000)) / 4
                cif = draw(st.sampled_from([NAN, value, value + 1])) if flow == "import" else NAN
                fob = draw(st.sampled_from([NAN, 0.0, value - 0.25])) if flow == "import" else NAN
                weight = draw(st.sampled_from([NAN, 0.5, 1234.5]))
                rows.append(
                    row(
                        *(reporter, partner, flow, period, code),
                        primary_value_usd=value,
                        cif_value_usd=cif,
                        fob_value_usd=fob,
                        quantity_kg=weight,
                    )
                )
    return told, rows


def split(line):
    """Return the FOB and the CIF part of a row, by the rule in words."""
    if line["concept"] == "export":
        return line["primary_value_usd"], 0.0
    if line["fob_value_usd"] > 0:
        return line["fob_value_usd"], 0.0
    shows_cif = line["reporter"] == "USA" and line["cif_value_usd"] == line["primary_value_usd"]
    if line["reporter"] in ("CAN", "USA") and not shows_cif:
        return line["primary_value_usd"], 0.0
    return 0.0, line["primary_value_usd"]


def side(lines, exporter, importer, product, period, flow):
    """Return the sums of one side over rows given as dicts, None without any."""
    reporter, partner = (exporter, importer) if flow == "export" else (importer, exporter)
    mine = [
        line
        for line in lines
        if (line["reporter"], line["partner"], line["concept"], line["period"]) == (reporter, partner, flow, period)
        and line["code"] in CODES[product]
    ]
    if not mine:
        return None
    weights = [line["quantity_kg"] for line in mine if line["quantity_kg"] == line["quantity_kg"]]
    covered = [split(line) for line in mine if line["quantity_kg"] == line["quantity_kg"]]
    fob, cif = (sum(split(line)[part] for line in mine) for part in (0, 1))
    covered_fob, covered_cif = (sum(part[at] for part in covered) for at in (0, 1))
    quantity = sum(weights) / 1000 if weights else NAN
    return [quantity, fob, covered_fob] if flow == "export" else [quantity, fob, cif, covered_fob, covered_cif]


def expected_pairs(told, lines):
    """Return PAIRS by category, walking over every possible key."""
    found = []
    everywhere = (*PLACES, "XNS")
    for exporter in sorted(everywhere):
        for importer in sorted(everywhere):
            for product in ("unwrought", "wire"):
                for period in MONTHS:
                    key = (exporter, importer, product, period)
                    x, m = side(lines, *key, "export"), side(lines, *key, "import")
                    if x is None and m is None:
                        continue
                    heading = HEADINGS[product]
                    x_told = (exporter, "export", period, heading) in told
                    m_told = (importer, "import", period, heading) in told
                    found.append(
                        [*key[:3], pd.Timestamp(period), x_told]
                        + (x or [0.0 if x_told else NAN] * 3)
                        + [m_told]
                        + (m or [0.0 if m_told else NAN] * 5)
                    )
    return pd.DataFrame(found, columns=list(PAIRS)).astype(PAIRS)


@settings(max_examples=12, deadline=None, phases=NO_SHRINK)
@given(worlds())
def test_pairs_are_those_of_plain_python(world):
    told, lines = world
    with tempfile.TemporaryDirectory() as folder:
        blocks = [block(place, flow, period, heading) for place, flow, period, heading in told]
        store = load(Path(folder), lines, blocks=blocks)
        found = read_pairs(store, "gatm", **SPAN, by_category=True)
        gaps = read_asymmetries(store, "gatm", **SPAN)
        parts = [read_pairs(store, key, **SPAN) for key in ("unwrought", "wire")]
    expected = expected_pairs(told, [line for line in lines if line["partner"] != "WLD"])
    pd.testing.assert_frame_equal(found, expected)
    pd.testing.assert_frame_equal(gaps[list(gaps)[:6]], expected[list(gaps)[:6]])
    x, m = expected["x_quantity_t"], expected["m_quantity_t"]
    pd.testing.assert_series_equal(gaps["asymmetry"], 2 * (x - m).abs() / (x + m), check_names=False)
    pd.testing.assert_frame_equal(pd.concat(parts).sort_values(list(PAIRS)[:4], ignore_index=True), expected)


@settings(max_examples=8, deadline=None, phases=NO_SHRINK)
@given(worlds())
def test_totals_by_partner_and_by_category_agree_with_each_other_and_with_the_accounts(world):
    told, lines = world
    sides = {"flow": "import", **SPAN}
    with tempfile.TemporaryDirectory() as folder:
        blocks = [block(place, flow, period, heading) for place, flow, period, heading in told]
        store = load(Path(folder), lines, blocks=blocks)
        by_partner = totals(store, "7601", by=("partner",), **sides)
        by_product = totals(store, "7601", by=("product", "period"), **sides)
        weights = totals(store, "7601", by=("partner",), with_values=False, **sides)
        rows = read_accounts(store, "7601", **sides)
    pd.testing.assert_frame_equal(weights, by_partner[["partner", "quantity_t"]])
    for figure in list(ACCOUNTS)[5:]:
        assert by_partner[figure].sum() == pytest.approx(by_product[figure].sum())
        assert by_partner[figure].sum() == pytest.approx(rows[figure].sum())


# --- Zero, blank, selection -------------------------------------------------------------------------------


def test_a_side_that_reported_and_says_nothing_says_zero_and_one_that_did_not_is_blank(tmp_path):
    lines = [row("CAN", "USA"), row("CAN", "DEU"), row("CAN", "XNS")]
    found = read_pairs(load(tmp_path, lines, blocks=[block("USA", "import")]), "unwrought", **SPAN)
    found = found.set_index("importer")
    assert found.index.tolist() == ["DEU", "USA", "XNS"]
    assert found["m_reported"].tolist() == [False, True, False]
    assert (found.loc["USA", M] == 0).all()
    assert found.loc[["DEU", "XNS"], M].isna().all(axis=None)
    assert found["x_quantity_t"].tolist() == [1.0, 1.0, 1.0]


def test_what_a_selection_does_not_mention_is_blank_and_not_zero(tmp_path):
    load(tmp_path, [row("CAN", "USA"), row("DEU", "USA")])
    store = load(tmp_path, [row("USA", "DEU", "import")], coverage="selection")
    found = read_pairs(store, "unwrought", **SPAN).set_index("exporter")
    assert found.loc["CAN", M].isna().all()
    assert not found.loc["CAN", "m_reported"]
    assert found.loc["DEU", ["m_quantity_t", "m_reported"]].tolist() == [1.0, True]
    told = read_reporting(store, "unwrought", **SPAN | {"last": "2024-01"}).set_index(["reporter", "flow"])
    assert told.loc[("USA", "import"), "coverage"] == "selection"


def test_a_complete_answer_stands_before_a_later_selection(tmp_path):
    load(tmp_path, [row(quantity_kg=1_000.0)], "2025-01-01")
    store = load(tmp_path, [row(quantity_kg=9_000.0)], "2025-06-01", coverage="selection")
    assert one(read_pairs(store, "unwrought", **SPAN))["x_quantity_t"] == 1.0


def test_a_product_told_in_part_is_not_reported_and_its_part_is_no_total(tmp_path):
    blocks = [block("CAN", heading=heading) for heading in ("7601", "7604", "7605", "7606", "7607", "7608")]
    store = load(tmp_path, [row()], blocks=blocks)
    assert read_pairs(store, "gatm", **SPAN).empty
    assert not read_reporting(store, "gatm", **SPAN)["reported"].any()
    whole = load(tmp_path, [], blocks=[block("CAN", heading="7609")], at=1)
    assert one(read_pairs(whole, "gatm", **SPAN))["x_quantity_t"] == 1.0
    assert one(read_pairs(whole, "gatm", **SPAN))["product"] == "gatm"
    assert one(read_pairs(whole, "gatm", **SPAN, by_category=True))["product"] == "unwrought"


def test_value_without_any_weight_has_no_quantity_and_covers_nothing(tmp_path):
    found = one(read_pairs(load(tmp_path, [row(quantity_kg=NAN)]), "unwrought", **SPAN))
    assert np.isnan(found["x_quantity_t"])
    assert (found["x_fob_value_usd"], found["x_covered_fob_value_usd"]) == (3_000, 0)


# --- As of a day ------------------------------------------------------------------------------------------


def test_a_row_withdrawn_by_a_later_answer_disappears_and_is_there_as_of_before(tmp_path):
    load(tmp_path, [row("CAN", "USA"), row("CAN", "DEU")], "2025-01-01")
    store = load(tmp_path, [row("CAN", "USA", quantity_kg=2_000.0)], "2025-02-01")
    now = read_pairs(store, "unwrought", **SPAN)
    before = read_pairs(store, "unwrought", **SPAN, as_of=date(2025, 1, 31))
    assert now[["importer", "x_quantity_t"]].to_numpy().tolist() == [["USA", 2.0]]
    assert before[["importer", "x_quantity_t"]].to_numpy().tolist() == [["DEU", 1.0], ["USA", 1.0]]
    assert read_pairs(store, "unwrought", **SPAN, as_of=date(2024, 12, 31)).empty


def test_a_load_that_wins_in_part_gives_that_part_only(tmp_path):
    load(tmp_path, [row(), row(period="2024-02"), row(code="760511")], "2025-01-01")
    store = load(tmp_path, [row(period="2024-02", quantity_kg=5_000.0)], "2025-02-01")
    found = read_pairs(store, "unwrought", **SPAN)
    assert found["x_quantity_t"].tolist() == [1.0, 5.0]
    known = read_reporting(store, "unwrought", **SPAN | {"last": "2024-02"})["known_on"]
    assert known.tolist() == [pd.Timestamp("2025-01-01"), pd.Timestamp("2025-02-01")]


# --- Levels and years -------------------------------------------------------------------------------------


def test_one_level_counts_for_each_heading_and_never_both(tmp_path):
    lines = [row(code="7601", quantity_kg=7_000.0), row(code="760110"), row(code="760120")]
    lines += [row(code="7601", period="2024-02", quantity_kg=7_000.0)]
    found = read_pairs(load(tmp_path, lines), "unwrought", **SPAN)
    assert found["x_quantity_t"].tolist() == [2.0, 7.0]


def test_a_code_of_six_digits_needs_six_digits(tmp_path):
    lines = [row(code="7601"), row(code="760110", period="2024-02"), row(code="760120", period="2024-02")]
    store = load(tmp_path, lines)
    assert one(read_pairs(store, "760110", **SPAN))["period"] == pd.Timestamp("2024-02")
    assert read_reporting(store, "760110", **SPAN)["reported"].sum() == 1


def test_a_year_is_its_own_answer_or_twelve_months_and_never_eleven(tmp_path):
    months = [f"2024-{month:02}" for month in range(1, 13)]
    lines = [row("CAN", period=month) for month in months] + [row("DEU", period=month) for month in months[:11]]
    lines += [row("USA", "CAN", period="2024", quantity_kg=5_000.0)]
    lines += [row("USA", "CAN", period=month) for month in months]
    store = load(tmp_path, lines)
    found = read_pairs(store, "unwrought", **YEARS).set_index("exporter")
    assert found["x_quantity_t"].to_dict() == {"CAN": 12.0, "USA": 5.0}
    assert (found["period"] == pd.Timestamp("2024-01-01")).all()
    told = read_reporting(store, "unwrought", **YEARS).set_index("reporter")
    assert told["reported"].to_dict() == {"CAN": True, "DEU": False, "USA": True}
    assert told["from_months"].to_dict() == {"CAN": True, "DEU": False, "USA": False}
    assert len(read_pairs(store, "unwrought", **SPAN)) == 35  # and months never take the year in


# --- Valuation --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reporter", "figures", "fob", "cif"),
    [
        ("DEU", {}, 0, 3_000),
        ("DEU", {"fob_value_usd": 0.0}, 0, 3_000),
        ("DEU", {"fob_value_usd": 2_800.0}, 2_800, 0),
        ("CAN", {}, 3_000, 0),
        ("ZAF", {"cif_value_usd": 3_000.0}, 3_000, 0),
        ("USA", {"cif_value_usd": 3_000.0, "fob_value_usd": 2_900.0}, 2_900, 0),
        ("USA", {"cif_value_usd": 3_000.0}, 0, 3_000),
        ("USA", {"cif_value_usd": 3_100.0}, 3_000, 0),
        ("USA", {}, 3_000, 0),
    ],
)
def test_how_an_import_is_valued(tmp_path, reporter, figures, fob, cif):
    found = one(read_pairs(load(tmp_path, [row(reporter, "NOR", "import", **figures)]), "unwrought", **SPAN))
    assert (found["m_fob_value_usd"], found["m_cif_value_usd"]) == (fob, cif)
    assert (found["m_covered_fob_value_usd"], found["m_covered_cif_value_usd"]) == (fob, cif)


# --- What is never inside ---------------------------------------------------------------------------------


def test_the_world_and_re_exports_are_readable_apart_and_inside_no_sum(tmp_path):
    lines = [row(), row(partner="WLD", quantity_kg=1_500.0), row(flow="re-export", quantity_kg=4_000.0)]
    store = load(tmp_path, lines)
    assert one(read_pairs(store, "unwrought", **SPAN))["x_quantity_t"] == 1.0
    assert one(read_accounts(store, "unwrought", **SPAN))["quantity_t"] == 1.0
    assert one(read_controls(store, "unwrought", **SPAN))["quantity_t"] == 1.5
    assert one(read_accounts(store, "unwrought", flow="re-export", **SPAN))["quantity_t"] == 4.0


def test_filters_and_sums_over_partners(tmp_path):
    lines = [row("CAN", "USA"), row("CAN", "DEU"), row("DEU", "USA"), row("USA", "CAN", "import")]
    store = load(tmp_path, lines)
    assert set(read_pairs(store, "unwrought", **SPAN, exporters=["CAN"])["importer"]) == {"DEU", "USA"}
    assert one(read_pairs(store, "unwrought", **SPAN, importers=["USA"], exporters=["DEU"]))["m_reported"]
    summed = one(read_accounts(store, "unwrought", **SPAN, reporters=["CAN"], by_partner=False))
    assert (summed["partner"], summed["quantity_t"]) == ("WLD", 2.0)
    assert read_pairs(store, "unwrought", **SPAN, exporters=[]).empty


def test_frames_are_of_the_types_promised_even_empty(tmp_path):
    store = load(tmp_path, [row()])
    for read, types in ((read_pairs, PAIRS), (read_accounts, ACCOUNTS), (read_reporting, REPORTING)):
        for product in ("unwrought", "foil"):
            assert read(store, product, **SPAN).dtypes.astype(str).to_dict() == types


def test_an_empty_store_gives_empty_frames(tmp_path):
    from aimlib.store import Store

    assert read_pairs(Store.open(tmp_path / "none"), "gatm", **SPAN).empty
    assert read_reporting(Store.open(tmp_path / "none"), "gatm", **SPAN).empty


@pytest.mark.parametrize("product", ["aim", "castings_forgings", "7601103000"])
def test_what_six_digits_cannot_show_is_refused_with_advice(tmp_path, product):
    with pytest.raises(AimError, match="six digits") as error:
        read_pairs(load(tmp_path, [row()]), product, **SPAN)
    assert "gatm" in error.value.advice


def test_mistakes_are_named(tmp_path):
    store = load(tmp_path, [row()])
    with pytest.raises(AimError, match="no frequency"):
        read_pairs(store, "gatm", frequency="monthy", first="2024", last="2024")
    with pytest.raises(AimError, match="no flow"):
        read_accounts(store, "gatm", flow="exports", **SPAN)
    with pytest.raises(AimError, match="before they start"):
        read_pairs(store, "gatm", frequency="monthly", first="2024-02", last="2024-01")
    with pytest.raises(AimError, match="not summed by"):
        totals(store, "gatm", by=("exporter",), flow="import", **SPAN)
