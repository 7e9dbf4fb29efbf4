"""The sections of the duty bulletin on stores and parameters of every shape."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from duty_store import CHAPTER, MONTHLY_PRICES, MONTHS, PARTNERS, PRICES, TONNES, YEAR_TO_DATE, fill, months_of

from aimlib.bulletin.opening import open_duty_scenarios
from aimlib.bulletin.site.columns import heading
from aimlib.errors import AimError
from aimlib.present import duty_scenarios
from aimlib.present.blocks import Block, Figure, Prose, Table
from aimlib.present.duty_scenarios.imports import scenarios_table
from aimlib.present.duty_scenarios.metal import russian_and_unknown

MONTH = pd.Timestamp("2026-09-01")
MISSING = re.compile(r"\b(nan|NaN|None|NaT|inf|Infinity|GROUP|TOTAL)\b")
STORES = {
    "nothing": {},
    "prices by day": {"prices": PRICES},
    "one price": {"prices": PRICES[:1]},
    "prices by month": {"prices": MONTHLY_PRICES},
    "imports by month": {"census": months_of(MONTHS)},
    "one month": {"census": months_of(MONTHS[-1:])},
    "imports of the chapter": {"census": CHAPTER},
    "a year to date and prices by month": {"census": YEAR_TO_DATE, "prices": MONTHLY_PRICES},
    "imports and prices": {"census": months_of(MONTHS), "prices": PRICES},
}


@pytest.fixture(scope="module")
def store_of(tmp_path_factory):
    """Return a function that makes each of the stores once."""
    made: dict[str, Path] = {}

    def of(name: str) -> Path:
        if name not in made:
            made[name] = fill(tmp_path_factory.mktemp("duty"), **STORES[name])
        return made[name]

    return of


@pytest.fixture
def on(store_of, monkeypatch):
    """Open the report on one of the stores."""

    def opened(name: str, **given):
        monkeypatch.setenv("AIM_STORE", str(store_of(name)))
        return open_duty_scenarios(**given)

    return opened


@pytest.fixture
def on_sample(sample_store, monkeypatch):
    """Open reports on the embedded sample."""
    monkeypatch.setenv("AIM_STORE", str(sample_store))
    return open_duty_scenarios


def sections(report) -> dict[str, list[Block]]:
    """Return every section of a report, checked for what may never be printed and for what a figure must have."""
    made = {}
    for name in duty_scenarios.__all__:
        found = getattr(duty_scenarios, name)(report.view)
        made[name] = found if isinstance(found, list) else [found]
        assert all(isinstance(block, Block) for block in made[name]), name
    for name, block in [("cover", report.cover()), *((name, one) for name, blocks in made.items() for one in blocks)]:
        content = {key: value for key, value in block.content().items() if key != "csv"}
        text = json.dumps(content, ensure_ascii=False, allow_nan=False)
        assert not MISSING.search(text), (name, text[max(0, MISSING.search(text).start() - 80) :][:200])
        if isinstance(block, Figure):
            assert block.alt not in (block.caption, block.title)
            assert len(block.alt) > 30
            marks = re.findall(
                r'class="mark-(?!group)\w+ role-mark [^"]*"(/?)>', block._repr_mimebundle_()["image/svg+xml"]
            )
            assert "" in marks, f"the figure {name} is blank"
        if isinstance(block, Figure | Table):
            assert len(block.frame), name
            assert block.source.startswith("Source: "), name
    keys = [block.key for blocks in made.values() for block in blocks if isinstance(block, Figure | Table)]
    assert len(keys) == len(set(keys))
    return made


def amount(text: str) -> float:
    """Return a printed number."""
    return float(text.replace(",", "").replace("−", "-").replace("+", "").replace("%", "") or "nan")


# Every shape


@pytest.mark.parametrize(
    "given",
    [
        {"elasticity": "-0.5,-1", "pass_through": 0.8, "top": 3},
        {"country": "CAN", "weight_canada": 0.7, "freights": "CAN=3,ARE=6", "claims": "usmca=0.5",
         "base_day": "2025-03-03"},
        {"country": "EU27", "period": "2024", "product": "foil", "claim": "in_quota", "on": "2024-05-01"},
        {"country": "CHN", "line": "7616.99.51.90", "smelt": "N/A", "cast": "unknown", "extend": True},
        {"as_of": "2018-06-01"},
    ],
    ids=str,
)  # fmt: skip
def test_every_section_stands_on_the_sample(on_sample, given):
    made = sections(on_sample(**given))
    for name in ("waterfall", "measures", "rate_over_time", "rate_steps", "statutory_beside", "references", "method"):
        assert not isinstance(made[name][0], Prose), name


@pytest.mark.parametrize("name", STORES)
def test_every_section_stands_on_stores_that_lack_things(on, name):
    one_country = {"country": "CAN", "line": "7604.29.10", "on": "2025-04-02", "weight_canada": 0.5}
    sections(on(name, **({} if name in ("nothing", "imports by month", "imports of the chapter") else one_country)))


@pytest.mark.parametrize("name", ["imports by month", "a year to date and prices by month"])
def test_a_country_that_sold_nothing(on, name):
    """BUG, reported: AttributeError (NaT) on months, IndexError on a year to date."""
    made = sections(on(name, country="NRU"))
    assert isinstance(made["scenarios_table"][0], Prose)


def test_lines_without_an_answer_are_said_to_have_none(on):
    made = sections(on("imports by month", product="7615", elasticity="-1", pass_through=1))
    assert "answers none of the imports" in made["scenarios_table"][0].paragraphs[0]
    assert isinstance(made["by_product"][0], Prose)
    assert "Effective statutory rate" not in [figure.label for figure in made["key_figures"][0].figures]


def test_no_scenarios_at_all(on):
    """BUG, reported: the response of demand to no scenario is a ValueError (pd.concat of nothing)."""
    made = sections(on("imports by month", scenario=",", elasticity="-1", pass_through=1))
    assert len(made["scenarios_table"][0].rows) == 2
    assert isinstance(made["gains_and_losses"][0], Prose)


# What is missing is said


def test_without_prices_it_says_which_series_are_missing(on):
    made = sections(on("imports by month"))
    said = made["reporter_table"][0].paragraphs[0]
    assert "no Midwest transaction price" in said
    assert "no freight factor" in said


def test_without_licenses_it_says_so(on):
    made = sections(on("imports by month"))
    assert "needs import licenses, which are not held" in made["smelt_rule"][0].paragraphs[0]
    assert any("only licenses tell" in note for note in made["tonnes_by_rate"][0].notes)


def metal_of_russia(low: float, high: float, cast: float) -> SimpleNamespace:
    """Return what the sentence on Russian and unknown metal reads of a view, with these kilograms."""
    row = {"origin": "ARE", "country": "RUS", "census_quantity_kg": 2e6, "touched_low_kg": low, "touched_high_kg": high}
    named = {"origin": "ARE", "country": "RUS", "measure": "any_smelt_or_cast", "quantity_kg": cast, "suppressed": ""}
    tables = SimpleNamespace(
        implied_bounds=pd.DataFrame([row]),
        implied=pd.DataFrame({"origin": ["ARE"], "largest_smelt": ["TOTAL"], "implied_quantity_kg": [2e6]}),
        exposures=pd.DataFrame([{**named, "suppressed": "primary" if np.isnan(cast) else ""}]),
        notes=SimpleNamespace(smelt_first=MONTH, implied_last=MONTH),
    )
    return SimpleNamespace(metal=SimpleNamespace(tables=tables, row="ARE", first=MONTH, last=MONTH))


@pytest.mark.parametrize(
    ("low", "high", "cast", "told"),
    [
        (0, np.nan, 0, "Nothing is named as smelted or cast in Russia; what is of unknown smelt is not shown"),
        (0, np.nan, 5e3, "Nothing is named as smelted in Russia; what is of unknown smelt is not shown"),
        (0, np.nan, np.nan, "Nothing is named as smelted in Russia; what is of unknown smelt is not shown"),
        (
            2e5,
            np.nan,
            2e5,
            "imply that 100 t of the 1,000 t name Russia as smelt; what is of unknown smelt is not shown",
        ),
        (
            np.nan,
            np.nan,
            np.nan,
            "What names Russia is not shown, for the sake of single importers, nor is what is unk",
        ),
        (0, 2e5, 0, "it is at least 0 t and at most 100 t of the 1,000 t"),
    ],
)
def test_a_hidden_bound_is_not_called_a_hidden_russia(low, high, cast, told):
    [said] = russian_and_unknown(metal_of_russia(low, high, cast), 1_000.0)
    assert told in said
    assert not MISSING.search(said)


def test_without_imports_it_says_what_is_held(on):
    assert "No data are held." in sections(on("nothing"))["scenarios_table"][0].paragraphs[0]
    # BUG, reported: the reason is overwritten by that of the year to date, which is not what is wrong:
    # "The store holds no imports for the year to date, only monthly imports."
    said = sections(on("imports of the chapter", product="chapter76"))["scenarios_table"][0].paragraphs[0]
    assert "by HS2, and the law goes by tariff line (HTS10)" in said


def test_the_year_to_date_has_a_rate_by_day_and_no_months(on):
    made = sections(on("a year to date and prices by month"))
    assert "2025" in made["scenarios_table"][0].title
    assert isinstance(made["rates_over_time"][0], Prose)
    assert "need quantities by tariff line" in made["tonnes_by_rate"][0].paragraphs[0]
    assert any("no daily prices are held" in block.caption for block in made["reporter_table"])
    limits = dict(made["method"][0].sections)["Limits"]
    assert any("year to date" in text for text in limits)


def test_a_day_beyond_coverage_is_refused_or_said_on_the_cover(on):
    with pytest.raises(AimError, match="beyond verified coverage"):
        on("imports by month", on="2026-11-01")
    report = on("imports by month", on="2026-11-01", extend=True)
    words = "beyond verified coverage"
    assert any(words in notice for notice in report.cover().notices)
    assert words in report.cover().running
    assert words in report.cover().footer
    assert "extended" in report.slug
    within = on("imports by month", on="2026-10-01", extend=True).cover()
    assert words not in within.running + within.footer + " ".join(within.notices)


def test_elasticity_and_pass_through_go_together(on):
    for given in ({"elasticity": "-1"}, {"pass_through": 0.5}):
        with pytest.raises(AimError, match="needs both elasticity and pass_through"):
            on("imports by month", **given)


# What is printed is what the data hold


@pytest.fixture(scope="module")
def made(store_of):
    """Return the sections on imports and prices, from all countries, and their view."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIM_STORE", str(store_of("imports and prices")))
        report = open_duty_scenarios(elasticity="-1", pass_through=1, scenario="no_section_232,half_rate,canada_exempt")
        return sections(report), report.view


def test_the_law_of_the_day_by_plain_multiplication(made):
    """A second road: dollars of twelve months at the rates of October 9, 2026, claims made where they can be."""
    value = {code: tonnes * 3000 * 12 for code, tonnes in TONNES.items() if not code.startswith("7615")}
    fifty = 0.5 * sum(value.values()) * len(PARTNERS)
    column = {"7601103000": 0.026, "7604291010": 0.05, "7605110000": 0.026, "7606123055": 0.03, "7607113000": 0.058,
              "7608200030": 0.057, "7609000000": 0.057, "7616995160": 0.025}  # fmt: skip
    # Canada and Mexico claim USMCA; China and the Emirates pay column 1, China 25% more.
    column_1 = 2 * sum(value[code] * rate for code, rate in column.items())
    canada = 0.5 * (value["7604291010"] + value["7608200030"])  # Section 338
    china = 0.25 * sum(value.values())
    frame = made[0]["scenarios_table"][0].frame.set_index("scenario")
    assert frame.loc["today", "customs_value_usd"] == sum(value.values()) * len(PARTNERS)
    assert frame.loc["today", "statutory_duty_usd"] == pytest.approx(fifty + column_1 + canada + china)
    assert frame.loc["half_rate", "statutory_duty_usd"] == pytest.approx(fifty / 2 + column_1 + canada + china)


def test_scenarios_print_what_their_data_hold(made):
    table = made[0]["scenarios_table"][0]
    frame = table.frame
    assert frame["scenario"].tolist() == ["law", "today", "no_section_232", "half_rate", "canada_exempt"]
    today = frame.set_index("scenario").loc["today"]
    for row, data in zip(table.rows, frame.to_dict("records"), strict=True):
        cells = [amount(cell) for cell in row.cells[1:]]
        assert cells[0] == pytest.approx(data["statutory_duty_usd"] / 1e6, abs=0.051)
        assert cells[1] == pytest.approx(data["effective_pct"], abs=0.051)
        assert row.cells[3] == "" or cells[2] == pytest.approx(data["refundable_duty_usd"] / 1e6, abs=0.051)
        assert cells[3:5] == pytest.approx([data["low_duty_usd"] / 1e6, data["high_duty_usd"] / 1e6], abs=0.051)
        if data["scenario"] != "today":
            change = (data["statutory_duty_usd"] - today["statutory_duty_usd"]) / 1e6
            assert cells[5] == pytest.approx(change, abs=0.051)
            assert cells[6] == pytest.approx(data["effective_pct"] - today["effective_pct"], abs=0.051)
        assert data["low_duty_usd"] <= data["statutory_duty_usd"] <= data["high_duty_usd"]
    heads = [column.label for column in table.columns if column.group == "Bounds of claims"]
    assert heads == ["All claims made", "No claim made"]
    assert any("In neither bound: the 200% on metal" in note for note in table.notes)


@pytest.mark.parametrize(
    ("day", "told"), [("2022-06-01", []), ("2024-06-03", ["RUS"]), ("2026-09-01", ["RUS", "unknown"])]
)
def test_the_rate_on_russian_and_unknown_metal_is_in_no_bound(on, day, told):
    view = on("imports and prices", on=day).view
    named = {
        "RUS": "the 200% on metal that was smelted or cast in Russia",
        "unknown": "the 200% on metal of unknown smelt",
    }
    notes = " ".join(scenarios_table(view).notes)
    assert [country for country, words in named.items() if words in notes] == told
    assert ("In neither bound" in notes) == bool(told)


def test_changes_by_origin_add_up_to_the_scenarios(made):
    frame = made[0]["scenarios_table"][0].frame.set_index("scenario")["statutory_duty_usd"]
    figures = {figure.key.removeprefix("changes_"): figure for figure in made[0]["gains_and_losses"]}
    assert set(figures) == {"no_section_232", "half_rate", "canada_exempt"}
    for key, figure in figures.items():
        assert figure.frame["duty_change_usd"].sum() == pytest.approx(frame[key] - frame["today"])
        assert (figure.frame["other_duty_usd"] - figure.frame["law_duty_usd"]).sum() == pytest.approx(
            frame[key] - frame["today"]
        )
    assert figures["canada_exempt"].frame["origin"].tolist() == ["CAN"]


def test_products_add_up_to_the_law(made):
    table = made[0]["by_product"][0]
    frame = table.frame[table.frame["scenario"] == "today"]
    today = made[0]["scenarios_table"][0].frame.set_index("scenario").loc["today"]
    assert frame["statutory_duty_usd"].sum() == pytest.approx(today["statutory_duty_usd"])
    for row, data in zip(table.rows, frame.to_dict("records"), strict=True):
        assert amount(row.cells[1]) == pytest.approx(data["covered_value_usd"] / 1e6, abs=0.051)
        assert amount(row.cells[2]) == pytest.approx(data["effective_pct"], abs=0.051)
        assert amount(row.cells[3]) == pytest.approx(data["statutory_duty_usd"] / 1e6, abs=0.051)


def test_tonnes_by_rate_are_those_of_the_month(made):
    table = made[0]["tonnes_by_rate"][0]
    frame = table.frame
    month = sum(tonnes for code, tonnes in TONNES.items() if not code.startswith("7615"))
    assert frame["quantity_t"].sum() == pytest.approx(month * len(PARTNERS))
    by_rate = frame.set_index("additional_pct")["quantity_t"]
    assert by_rate.loc[75] == pytest.approx(month)  # China
    # September 2026: Canadian profiles and tubes pay Section 338 from the 15th, 16 days of 30.
    assert by_rate.loc[100] == pytest.approx((90 + 20) * 16 / 30)
    assert by_rate.loc[50] == pytest.approx(3 * month - (90 + 20) * 16 / 30)
    assert {"0%", "25%", "50%", "75%", "100%", "200%"} <= {row.cells[0] for row in table.rows}
    for row, data in zip(table.rows, frame.to_dict("records"), strict=False):
        assert amount(row.cells[1]) == pytest.approx(data["quantity_t"], abs=0.51)
        assert amount(row.cells[3]) == pytest.approx(data["customs_value_usd"] / 1e6, abs=0.051)


def test_calculated_duty_is_what_was_loaded(made):
    table = made[0]["by_origin"][0]
    frame = table.frame.set_index("origin")
    month = sum(tonnes for code, tonnes in TONNES.items() if not code.startswith("7615"))
    assert frame["calculated_duty_usd"].tolist() == pytest.approx([month * 900 * 12] * 4)
    assert table.rows[-1].role == "total"
    assert amount(table.rows[-1].cells[2]) == pytest.approx(month * 900 * 48 / 1e6, abs=0.051)
    for row, data in zip(table.rows, table.frame.to_dict("records"), strict=False):
        assert amount(row.cells[6]) == pytest.approx(data["ratio"], abs=0.0051)
        assert amount(row.cells[5]) == pytest.approx(data["statutory_pct"], abs=0.051)


def test_the_rules_of_the_rates_over_time_say_whose_duty_changed(on):
    [figure] = sections(on("imports by month", country="CAN"))["rates_over_time"]
    assert any("from Canada with a USMCA claim changed" in note for note in figure.notes)


def test_measures_add_up_to_the_total(made):
    table, view = made[0]["measures"][0], made[1]
    assert table.rows[-1].role == "total"
    assert table.frame["pct"].sum() == pytest.approx(view.answer.total_pct)
    assert [amount(row.cells[3]) for row in table.rows[:-1]] == table.frame["pct"].tolist()
    assert amount(table.rows[-1].cells[3]) == view.answer.total_pct
    assert made[0]["waterfall"][0].frame.equals(table.frame)


def test_steps_are_those_of_the_timeline(made):
    table = made[0]["rate_steps"][0]
    held = table.frame[table.frame["refused"].isna()].iloc[::-1]
    assert [amount(row.cells[2]) for row in table.rows] == held["total_pct"].tolist()
    assert table.rows[0].cells[1] == "in force"
    assert made[0]["rate_over_time"][0].frame.equals(table.frame)


def test_the_lead_says_the_key_figures(made):
    lead = " ".join(made[0]["lead"][0].paragraphs)
    figures = {figure.label: figure.number for figure in made[0]["key_figures"][0].figures}
    assert figures["Effective statutory rate"] in lead
    assert f"${figures['Statutory duty']} million" in lead
    assert f"(${figures['P1020 import duty']} a metric ton)" in lead
    assert made[0]["key_figures"][0].frame["printed"].astype("str").tolist() == list(figures.values())


def test_the_key_figures_say_the_day_of_the_law_and_what_they_rest_on(made):
    strip = made[0]["key_figures"][0]
    notes = {figure.label: figure.note for figure in strip.figures}
    assert "law of " in notes["Effective statutory rate"]
    assert "law of " in notes["Statutory duty"]
    assert "Duty on imports: " in strip.source
    assert "P1020: " in strip.source
    bases = strip.frame.set_index("figure")["data_basis"].to_dict()
    assert bases == {figure.label: figure.data_basis for figure in strip.figures}
    assert bases["P1020 import duty"] == bases["Implied duty-unpaid premium"] == "prices"
    assert bases["Effective statutory rate"] == "law"


def test_licensed_prices_say_that_they_are_not_to_be_passed_on(on):
    licensed = on("prices by day").view.price_source
    assert "Price reporters (" in licensed
    assert "Not for redistribution: " in licensed


def test_made_up_prices_are_called_so_and_name_no_publisher(on_sample):
    told = on_sample(country="CAN").view.price_source
    assert told.startswith("Source: Synthetic sample, synthetic days of premiums and freight")
    assert not re.search("Price reporters|London Metal Exchange|redistribution", told)


def test_demand_by_hand(made):
    frame = made[0]["demand"][0].frame.set_index("scenario")
    sums = made[0]["scenarios_table"][0].frame.set_index("scenario")
    before, after = (1 + sums.loc[key, "effective_pct"] / 100 for key in ("today", "half_rate"))
    value = sums.loc["today", "customs_value_usd"] * before / after  # elasticity -1, all passed on
    assert frame.loc["half_rate", "customs_value_usd"] == pytest.approx(value)
    assert frame.loc["half_rate", "static_duty_usd"] == pytest.approx(sums.loc["half_rate", "statutory_duty_usd"])


def test_data_of_lines_say_their_unit_in_the_column(made):
    over_time, factor = made[0]["over_time"][0].frame, made[0]["statutory_beside"][0].frame
    assert heading("amount_usd_t").text == "Amount (US$ per t)"
    assert over_time["amount_usd_t"].notna().all()
    assert heading("rate_pct").text == "Rate (%)"
    assert factor.loc[factor["series"] == "Reporter's factor", "rate_pct"].iloc[-1] == 50
    assert "amount" not in {*over_time, *factor}


def test_the_reporters_duty_is_the_formula_on_the_prices(made):
    frame = made[0]["reporter_table"][0].frame.set_index("average")
    price = 2460.5 / 22.0462 + 58.25
    duty = (price - (44 + 14 + 9) / 22.0462) / 1.5 * 0.5
    assert frame.loc["daily", "duty_c_lb"] == pytest.approx(duty)
    assert any(row.cells[0] == "Import duty" and amount(row.cells[3]) == pytest.approx(duty, abs=0.00051)
               for row in made[0]["reporter_table"][0].rows)  # fmt: skip
