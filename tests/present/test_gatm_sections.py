"""The sections of the global comparison on stores and parameters of every shape."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

import pandas as pd
import pytest
import trade_store
from comtrade_rows import USA, WORLD, answer, record

from aimlib.bulletin.opening import open_gatm_comparison
from aimlib.bulletin.parameters import GatmComparison
from aimlib.errors import AimError
from aimlib.ingest.baci import commit_baci
from aimlib.ingest.commit import Declaration
from aimlib.ingest.comtrade import load_comtrade
from aimlib.ingest.global_trade.read import read_pairs
from aimlib.ingest.sample import true_flows
from aimlib.present import gatm_comparison
from aimlib.store import resolve_store
from aimlib.store.raw import Origin, Snapshot

MISSING = re.compile(r"\b(nan|NaN|None|NaT|inf|Infinity|GROUP|TOTAL|REST)\b")
FOUR = {"reporters": "CAN,ARE,RUS,IND", "product": "unwrought", "period": "2020:2025"}


@pytest.fixture
def on_sample(sample_store, monkeypatch):
    """Open reports on the embedded sample."""
    monkeypatch.setenv("AIM_STORE", str(sample_store))
    return open_gatm_comparison


@pytest.fixture
def on_baci(tmp_path, monkeypatch):
    """Open reports on a store that holds a small BACI and nothing else."""
    rows = [
        (2020, 643, 156, 760110, 100.0, 60.0),
        (2020, 643, 528, 760110, 500.0, 250.0),
        (2020, 124, 842, 760110, 900.0, 450.0),
        (2021, 643, 156, 760110, 800.0, 330.0),
        (2021, 643, 528, 760110, 50.0, "NA"),
        (2021, 124, 842, 760110, 950.0, 400.0),
    ]
    body = pd.DataFrame(rows, columns=list("tijkvq")).to_csv(index=False).encode()
    moment = datetime(2026, 1, 20, tzinfo=UTC)
    commit_baci(
        tmp_path,
        [Snapshot(body, Origin("CEPII", "BACI", "made", moment, "none"), "BACI_HS92_made.csv")],
        Declaration(date(2026, 1, 20), moment),
    )
    monkeypatch.setenv("AIM_STORE", str(tmp_path))
    return open_gatm_comparison


def sections(report) -> dict[str, object]:
    """Return every section of a report, checked for what may never be printed."""
    made = {name: getattr(gatm_comparison, name)(report.view) for name in gatm_comparison.__all__}
    for name, block in {"cover": report.cover(), **made}.items():
        content = {key: value for key, value in block.content().items() if key != "csv"}
        text = json.dumps(content, ensure_ascii=False, allow_nan=False)
        assert not MISSING.search(text), (name, MISSING.search(text), text)
        picture = block._repr_mimebundle_().get("image/svg+xml")
        if picture:
            marks = re.findall(r'class="mark-(?!group)\w+ role-mark [^"]*"(/?)>', picture)
            assert "" in marks, f"the figure {name} is blank"
    return made


def printed(block) -> dict[str, list[str]]:
    """Return a table's rows by what stands in the first cell of text."""
    return {next(cell for cell in row.cells if cell and not cell.isdecimal()): row.cells for row in block.rows}


@pytest.mark.parametrize(
    "given",
    [
        {},
        FOUR,
        FOUR | {"splice": True, "focus": "RUS", "measure": "value", "factor": "estimate"},
        {"flow": "import", "focus": "JPN", "base": "2019:2020", "period": "2019:2025", "measure": "value"},
        {"method": "weighted", "reporters": "EU27", "flow": "import", "product": "foil"},
        {"frequency": "annual", "reporters": "ARE,OMN,RUS", "method": "reported", "period": "2019:2024"},
        {"reporters": "MNG", "period": "2024-07"},
        {"mirrored": "IRN,BLR", "reporters": "IRN,BLR,RUS", "product": "760120", "period": "ytd"},
    ],
)
def test_every_section_stands_on_the_sample(on_sample, given):
    report = on_sample(**given)
    made = sections(report)
    assert {name for name, block in made.items() if block.kind != "prose"} >= {
        "key_figures",
        "coverage_figure",
        "method",
    }
    assert report.slug.startswith("gatm_comparison-")


def test_what_a_table_prints_is_the_sum_of_both_accounts(on_sample, sample_store):
    """Russia is built from what its partners import, Canada is its own account: recomputed from the pairs."""
    rows = printed(gatm_comparison.ranking_table(on_sample(**FOUR).view))
    span = {"frequency": "monthly", "first": "2020-01-01", "last": "2025-12-01"}
    pairs = read_pairs(resolve_store(sample_store), "unwrought", **span)
    last = pairs[pairs["period"].dt.year == 2025]
    always = pairs.groupby(["importer", "period"])["m_reported"].any().unstack().eq(True).all(axis=1)
    counted = last[last["importer"].map(always)]
    russia = counted.loc[counted["exporter"] == "RUS", "m_quantity_t"].sum()
    canada = last.loc[last["exporter"] == "CAN", "x_quantity_t"].sum()
    assert rows["Russia"][2] == f"{russia / 1e3:,.1f}"
    assert rows["Canada"][2] == f"{canada / 1e3:,.1f}"
    assert rows["Russia"][-1].startswith("partners' reports (21 of ")
    assert rows["Canada"][-1] == "own reports"


def test_reverse_flow_is_near_the_truth_of_the_made_up_world(on_sample):
    view = on_sample(**FOUR).view
    truth = true_flows()
    inside = (truth["exporter"] == "RUS") & truth["code"].str.startswith("7601") & (truth["month"].dt.year == 2025)
    true = truth.loc[inside, "quantity_kg"].sum() / 1e3
    found = view.ranking.set_index("country").at["RUS", "quantity_t"]
    # What goes to those that do not report is missing; the rest strays by noise and months on the way.
    assert 0.7 * true < found < true


def test_the_break_is_told_and_drawn_only_when_spliced(on_sample):
    whole = on_sample(**FOUR)
    assert whole.view.settled(use="drawn").breaks.empty
    spliced = on_sample(**FOUR, splice=True)
    breaks = spliced.view.settled(use="drawn").breaks
    assert breaks[["country", "period"]].values.tolist() == [["RUS", pd.Timestamp("2022-02-01")]]
    figure = gatm_comparison.series_figure(spliced.view)
    assert "Russia: partners' reports" in figure._repr_mimebundle_()["image/svg+xml"]
    assert "partners' reports" not in gatm_comparison.series_figure(whole.view)._repr_mimebundle_()["image/svg+xml"]


def test_a_late_reporter_does_not_end_in_a_fall(on_sample):
    """China is three months late: the default period ends where it does, a longer one leaves its sum blank."""
    view = on_sample().view
    assert view.drawn.last == pd.Timestamp("2026-05-01")
    assert any("newest that countries with 95%" in note for note in view.notes)
    late = sections(on_sample(reporters="CHN", period="2025:2026"))
    row = printed(late["ranking_table"])["China"]
    assert (row[0], row[2], row[3], row[6]) == ("", "", "", "reported in part")
    assert "China: 9 of 12 months are known" in " ".join(late["ranking_table"].notes)
    assert "not compared: China" in late["lead"].paragraphs[0]


def test_a_country_whose_large_partner_is_late_gets_no_figure(on_sample):
    """China buys two fifths of Russia's metal and is three months late: what is left would read as a fall."""
    view = on_sample(reporters="RUS,CAN", product="unwrought", period="2023-09:2026-08").view
    rows = printed(gatm_comparison.ranking_table(view))
    lead = gatm_comparison.lead(view).paragraphs[0]
    assert (rows["Russia"][0], rows["Russia"][2]) == ("", "")
    assert rows["Canada"][2]
    assert "Russia: no figure, for partners that told" in lead
    assert "(China)" in lead


def test_across_a_break_only_partners_seen_on_both_sides_are_compared(on_sample):
    """Belarus and the Emirates stand in Russia's own reports and cannot be seen after them: no loss of theirs."""
    asked = {"reporters": "RUS", "product": "unwrought", "splice": True, "base": "2020:2021", "period": "2020:2024"}
    figure = gatm_comparison.replaced_figure(on_sample(**asked).view)
    frame = figure.frame.set_index("partner")
    assert not {"BLR", "ARE", "VNM", "POL"} & set(frame.index)
    assert frame.at["CHN", "quantity_t_change_per_period"] > 0
    assert any("only partners that report throughout both" in note for note in figure.notes)


def test_concentration_is_printed_on_the_scale_of_antitrust(on_sample):
    view = on_sample().view
    table = gatm_comparison.concentration_table(view)
    assert [column.unit for column in table.columns if column.group == "Index (HHI)"] == ["0 to 10,000"] * 2
    index = table.frame.query("country == 'CHN'").sort_values("first")["herfindahl"]
    assert printed(table)["China"][1:3] == [f"{part * 10_000:,.0f}" for part in index]
    assert "from 0 to 1" in table.notes[0]
    (figure,) = [one for one in gatm_comparison.key_figures(view).figures if one.name == "concentration"]
    assert (figure.number, figure.unit) == (f"{figure.amount * 10_000:,.0f}", "0 to 10,000")


def test_a_factor_outside_the_estimate_says_why_it_is_kept_and_what_would_change(on_sample):
    note = gatm_comparison.band_table(on_sample(**FOUR).view).notes[0]
    assert "1.06, lies outside of that interval. It is the default, after the literature (IMF" in note
    estimated = float(re.search(r"the factor is (\d\.\d+)", note)[1])
    assert f"would be {(1.06 / estimated - 1) * 100:.1f}% higher, and quantities the same" in note
    bought = gatm_comparison.band_table(on_sample(**FOUR | {"flow": "import"}).view).notes[0]
    assert f"would be {(1 - estimated / 1.06) * 100:.1f}% lower, and quantities the same" in bought
    asked = gatm_comparison.band_table(on_sample(**FOUR | {"factor": "1.2"}).view).notes[0]
    assert "1.20, lies outside of that interval. It was asked for; with factor=estimate" in asked


def _of_the_sample(view) -> list[str]:
    texts = [text for _, texts in gatm_comparison.method(view).sections for text in texts]
    notes = gatm_comparison.partners_table(view).notes
    return [text for text in [*notes, *texts] if "does not reconcile with the sample's Census figures" in text]


def test_the_sample_says_that_its_halves_do_not_reconcile(on_sample):
    assert len(_of_the_sample(on_sample().view)) == 2


def test_real_figures_say_nothing_of_the_sample(on_baci):
    assert _of_the_sample(on_baci(source="baci", frequency="annual").view) == []


def test_who_is_not_compared_is_named_with_what_partners_tell(on_sample):
    notes = " ".join(gatm_comparison.ranking_table(on_sample().view).notes)
    assert "Not among the countries compared" in notes
    assert "Saudi Arabia" in notes
    assert "lower bounds" in notes


def test_import_bulletins_tell_each_sides_valuation(on_sample):
    view = on_sample(flow="import", measure="value").view
    accounts = printed(gatm_comparison.accounts_table(view))
    assert accounts["Germany"][7] == "own CIF / 1.06; partners FOB"
    rests = {name: cells[-1] for name, cells in printed(gatm_comparison.ranking_table(view)).items()}
    assert rests["Germany"] == "own reports (CIF)"
    assert rests["United States"] == "own reports (FOB)"


def test_n_of_n_is_the_same_wherever_it_stands(on_sample):
    view = on_sample(**FOUR).view
    told = printed(gatm_comparison.ranking_table(view))["Russia"][-1]
    assert printed(gatm_comparison.accounts_table(view))["Russia"][-1] in told


def test_the_band_holds_the_value_at_the_bulletins_factor(on_sample):
    view = on_sample(**FOUR, measure="value", factor="1.10").view
    band = printed(gatm_comparison.band_table(view))
    assert band["Russia"][2] == printed(gatm_comparison.ranking_table(view))["Russia"][2]
    low, at, high = (float(cell.replace(",", "")) for cell in band["Russia"][1:4])
    assert low <= at <= high


def test_baci_has_no_second_account_and_no_method(on_baci):
    report = on_baci()
    made = sections(report)
    assert report.parameters.method is None
    assert "no second account" in made["accounts_table"].paragraphs[0]
    assert made["methods_table"].kind == made["band_table"].kind == "prose"
    rows = printed(made["ranking_table"])
    assert rows["Canada"][:5] == ["1", "Canada", "0.4", "54.8%", "−11.1%"]
    # 330 t and a flow without a weight: the quantity is what is known, and the page says what is missing.
    assert rows["Russia"][2:4] == ["0.3", "45.2%"]
    assert any("Russia 5.9%" in note for note in made["ranking_table"].notes)
    with pytest.raises(AimError, match="reconciled already"):
        on_baci(method="reverse")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"product": "aim"}, "six digits"),
        ({"product": "scrap"}, "does not hold all of aluminum waste and scrap"),
        ({"period": "2030"}, "runs from January 2019 to August 2026"),
        ({"base": "2010"}, "not wholly held"),
        ({"frequency": "annual", "period": "2024Q1"}, "whole years"),
        ({"source": "baci"}, "holds nothing of baci"),
        ({"as_of": "2020-01-01"}, "known by 2020-01-01"),
    ],
)
def test_what_is_not_held_is_said_with_what_is(on_sample, given, said):
    with pytest.raises(AimError) as caught:
        on_sample(**given)
    assert said in str(caught.value)
    assert caught.value.advice


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reporters": "CAN,Rusia"}, "Did you mean Russia?"),
        ({"reporters": "XNS"}, "no country"),
        ({"factor": "2"}, "from 1.00 to 1.50"),
        ({"focus": "EU27"}, "not one country"),
        ({"method": "revers"}, "Did you mean reverse?"),
        ({"mirrored": "all"}, "Name countries"),
        ({"flow": "exports"}, "Did you mean export?"),
    ],
)
def test_impossible_parameters_are_refused_before_anything_is_read(given, said):
    with pytest.raises(AimError, match=re.escape(said)):
        GatmComparison.parse(given)


def test_a_code_that_moved_between_editions_is_shown_at_its_heading(tmp_path, monkeypatch):
    """HS 2012 made 7615.10 of 7615.11 and 7615.19: over 2011 and 2012 only the heading compares."""
    told = [("2011", "H3", "761511", 300.0), ("2011", "H3", "761519", 500.0), ("2012", "H4", "761510", 900.0)]
    told += [("2011", "H3", "761520", 50.0), ("2012", "H4", "761520", 60.0)]
    records = [
        record(partner, value, period=period, classificationCode=edition, cmdCode=code, netWgt=value / 4)
        for period, edition, code, value in told
        for partner in (WORLD, USA)
    ]
    file = tmp_path / "household.json"
    file.write_bytes(answer(records))
    load_comtrade(tmp_path / "store", [file], codes=["761510", "761511", "761519", "761520"], known_on=date(2014, 1, 1))
    monkeypatch.setenv("AIM_STORE", str(tmp_path / "store"))
    report = open_gatm_comparison(product="761510", period="2011:2012")
    assert report.view.product.key == "hs7615"
    assert any("7615.10 is not comparable over these years" in note for note in report.view.notes)
    series = report.view.flows.set_index("period")["quantity_t"]
    assert series.to_dict() == pytest.approx({pd.Timestamp("2011-01-01"): 0.2125, pd.Timestamp("2012-01-01"): 0.24})
    sections(report)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"method": "better"},
        {"flow": "import", "method": "reported"},
        {"reporters": "CAN,USA", "focus": "USA", "measure": "value"},
        {"period": "2024-01", "method": "weighted"},
    ],
)
def test_a_few_months_of_one_reporter_make_a_bulletin(tmp_path, monkeypatch, given):
    code = "7601" if "method" in given else "760110"
    months = [f"2024-{month:02d}" for month in (1, 2, 3)]
    rows = [trade_store.row(partner=to, period=month, code=code) for month in months for to in ("USA", "MEX", "XNS")]
    rows += [trade_store.row(period=month, code="760120") for month in months if len(code) == 6]
    trade_store.load(tmp_path, rows)
    monkeypatch.setenv("AIM_STORE", str(tmp_path))
    report = open_gatm_comparison(**given)
    made = sections(report)
    assert made["method"].sections
    if given.get("flow") != "import":
        assert printed(made["ranking_table"])["Canada"]


def test_cells_that_nobody_can_see_are_not_zero(on_sample):
    """Russia and Vietnam do not report: what goes from one to the other is blank, and marked; China's is not."""
    figure = gatm_comparison.matrix(on_sample(reporters="RUS,CHN").view)
    frame = figure.frame
    unseen = frame[(frame["exporter"] == "RUS") & frame["quantity_t"].isna()]
    assert "VNM" in set(unseen["importer"])
    assert unseen["share_of_exporter"].isna().all()
    assert "n.v.: not visible" in figure.caption
    told = frame[(frame["exporter"] == "CHN") & ~frame["importer"].isin(["REST", "TOTAL"])]
    assert told["quantity_t"].notna().all()
