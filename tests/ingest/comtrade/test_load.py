"""Comtrade into a store: what a commit holds, what is complete, what is a true zero, what is refused whole."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from comtrade_rows import BRAZIL, MEXICO, USA, WORLD, answer, record, table, trade, web_export

from aimlib.errors import AimError
from aimlib.ingest.commit import Declaration
from aimlib.ingest.comtrade import Asked, commit_comtrade, load_comtrade
from aimlib.reference import hs_editions
from aimlib.sources.comtrade.problems import CutShort, NoRows, PartsDiffer
from aimlib.store import Store
from aimlib.store.raw import Origin, Snapshot

TODAY = date(2026, 11, 21)
KNOWN = date(2024, 3, 1)


@pytest.fixture
def load(tmp_path):
    """Write bodies to files and load them into a store of the test's own."""

    def run(*bodies, **options):
        paths = []
        for at, body in enumerate(bodies):
            path = tmp_path / f"file{at}.json"
            path.write_bytes(body)
            paths.append(path)
        return load_comtrade(run.root, paths, **{"today": TODAY, "known_on": KNOWN} | options)

    run.root = tmp_path / "store"
    return run


@pytest.fixture
def commit(tmp_path):
    """Commit records as one answer to a question."""

    def run(records, asked=None, **told):
        at = datetime(2024, 3, 1, tzinfo=UTC)
        options = {"known_on": KNOWN, "captured_at": at, "today": TODAY} | told
        snapshot = Snapshot(
            answer(records), Origin("United Nations", "UN Comtrade", "a question", at, "terms"), "answer"
        )
        return commit_comtrade(run.root, [snapshot], Declaration(**options), asked=asked)

    run.root = tmp_path / "store"
    return run


def blocks(root):
    found = Store.open(root).blocks()
    return {
        (block.code_level, block.concept, block.period, block.heading): (block.coverage, block.rows)
        for block in found.itertuples()
    }


def told(report, words):
    return any(words in text for text in report.warnings)


def whole_heading(heading, **more):
    return [row for code in hs_editions.codes_of(heading, "H6") for row in trade(cmdCode=code, **more)]


def test_an_answer_becomes_a_block_a_reporter_heading_flow_and_period(load):
    report = load(answer([*trade(), *trade(flowCode="M", period="202401"), *trade(cmdCode="7604")]))
    assert blocks(load.root) == {
        ("hs4", "export", "2022", "CAN 7601"): ("complete", 3),
        ("hs4", "export", "2022", "CAN 7604"): ("complete", 3),
        ("hs4", "import", "2024-01", "CAN 7601"): ("complete", 3),
    }
    assert (report.rows_read, report.rows_rejected, report.exit_status) == (9, 0, 0)
    rows = Store.open(load.root).read("comtrade", concept="export")
    assert set(rows.loc[rows["row_kind"] == "total", "partner"]) == {"WLD"}
    assert rows.loc[rows["row_kind"] == "country", "primary_value_usd"].sum() == 2000.0


def test_the_sources_say_whose_figures_they_are(load):
    load(answer(trade()))
    (source,) = Store.open(load.root).commits[0].sources
    assert (source["publisher"], source["title"]) == ("United Nations", "UN Comtrade")
    assert "no re-dissemination" in source["license"]


def test_the_same_file_again_changes_nothing(load):
    load(answer(trade()))
    again = load(answer(trade()))
    assert again.already_held
    assert len(Store.open(load.root).commits) == 1


@pytest.mark.parametrize("form", [answer, table, web_export])
def test_every_form_gives_the_same_blocks(load, form):
    load(form(whole_heading("7601")))
    assert blocks(load.root) == {("hs6", "export", "2022", "CAN 7601"): ("complete", 6)}


def test_files_of_one_load_are_one_commit(load):
    load(answer(trade()), answer(trade(flowCode="M")), answer(trade()))
    assert len(Store.open(load.root).commits) == 1
    assert len(blocks(load.root)) == 2


def test_partners_that_miss_the_world_stop_the_load(load):
    with pytest.raises(PartsDiffer, match="--selection"):
        load(answer(trade()[1:]))
    assert Store.open(load.root).is_empty


def test_a_selection_says_its_share_and_stands_behind_a_complete_answer(load):
    report = load(answer(trade()[1:]), selection=True)
    assert [(share.concept, share.period, share.share) for share in report.shares] == [("export", "2022", 0.4)]
    assert blocks(load.root) == {("hs4", "export", "2022", "CAN 7601"): ("selection", 2)}
    assert Store.open(load.root).blocks()["partners"].tolist() == [("BRA",)]
    load(answer(trade()), known_on=date(2023, 1, 5))
    assert blocks(load.root) == {("hs4", "export", "2022", "CAN 7601"): ("complete", 3)}


def test_a_selection_above_the_world_is_told(load):
    report = load(answer([record(USA, 1200.0), record(WORLD, 1000.0)]), selection=True)
    assert told(report, "more than the world: CAN export 2022 7601 by 200 USD")


def test_without_rows_of_the_world_all_is_a_selection(load):
    report = load(answer([*trade()[:2], *trade(flowCode="M")[:2]]))
    assert {coverage for coverage, _ in blocks(load.root).values()} == {"selection"}
    assert told(report, "No row of the world to check the partners against: 2 sums (CAN export 2022 7601")
    assert told(
        report, "2 blocks of a reporter and heading count as a selection. Ask UN Comtrade with partnerCode left"
    )


def test_without_rows_of_the_world_what_was_asked_and_is_absent_is_not_zero(load):
    report = load(answer(trade()[:2]), codes=["7601", "7604"])
    assert blocks(load.root) == {("hs4", "export", "2022", "CAN 7601"): ("selection", 2)}
    assert not told(report, "zero")


def test_one_code_without_its_row_of_the_world_makes_its_block_a_selection(load):
    report = load(answer([*whole_heading("7601")[:-1], *whole_heading("7604"), *trade()]))
    assert blocks(load.root) == {
        ("hs4", "export", "2022", "CAN 7601"): ("complete", 3),
        ("hs6", "export", "2022", "CAN 7601"): ("selection", 5),
        ("hs6", "export", "2022", "CAN 7604"): ("complete", 9),
    }
    assert told(report, "1 sums (CAN export 2022 760120)")


def test_a_file_cut_between_two_rows_has_its_last_block_as_a_selection(load):
    body = table([*trade(), *trade(cmdCode="7604"), *trade(cmdCode="7606")]).rstrip(b"\n")
    report = load(body.rsplit(b"\n", 1)[0])
    assert [coverage for coverage, _ in blocks(load.root).values()] == ["complete", "complete", "selection"]
    assert told(report, "CAN export 2022 7606")


def test_rows_of_the_world_everywhere_warn_of_nothing(load):
    assert load(answer([*trade(), *trade(flowCode="M")])).warnings == ()


def test_rows_without_a_weight_are_counted(load):
    no_weight = {"netWgt": None, "qty": None}
    records = [record(USA, 600.0, **no_weight), record(MEXICO, 0.0, **no_weight), record(BRAZIL, 400.0)]
    report = load(answer([*records, record(WORLD, 1000.0, **no_weight)]))
    assert told(report, "Rows without a weight, which stays missing: 1 of 2.")


def test_the_world_alone_lists_no_partners(load):
    with pytest.raises(AimError, match="list no partners"):
        load(answer([record(WORLD, 1000.0)]))
    assert load(answer([record(WORLD, 1000.0)]), selection=True).tables[0].rows == 1


def test_weights_that_miss_the_world_are_told(load):
    report = load(answer([record(USA, 600.0, netWgt=9240.0), *trade()[1:]]))
    assert told(report, "weights do not add up to the world's in 1 sums: CAN export 2022 7601 by +9.0 t")


def test_codes_that_miss_their_heading_are_told(load):
    report = load(answer([*trade(), *whole_heading("7601")]))
    assert told(report, "HS6 codes do not add up to their heading in 1 of 1: CAN export 2022 7601 by +1,000 USD")


# Complete at HS6


def test_a_heading_whose_codes_are_not_all_there_is_a_selection(load):
    report = load(answer([*trade(cmdCode="760110"), *whole_heading("7604")]))
    assert told(report, "760120 of 7601")
    assert {key[3]: coverage for key, (coverage, _) in blocks(load.root).items()} == {
        "CAN 7601": "selection",
        "CAN 7604": "complete",
    }


def test_codes_asked_for_and_absent_are_zero_and_complete(load):
    load(answer(trade(cmdCode="760110")), codes=["7601.10", "760120"])
    assert blocks(load.root) == {("hs6", "export", "2022", "CAN 7601"): ("complete", 3)}


def test_a_code_counts_as_there_if_any_reporter_has_it(load):
    load(answer([*trade(cmdCode="760110"), *trade(cmdCode="760120", reporterCode=MEXICO)]))
    assert {coverage for coverage, _ in blocks(load.root).values()} == {"complete"}


def test_the_codes_wanted_are_those_of_the_edition(load):
    old = [row for code in ("761510", "761520") for row in trade(cmdCode=code)]
    load(answer(old))
    assert {coverage for coverage, _ in blocks(load.root).values()} == {"complete"}


# What was asked


def test_what_was_asked_and_is_absent_is_zero(commit):
    asked = Asked(("CAN",), ("export", "import"), "annual", ("2022",), ("7601", "7604"))
    report = commit(trade(), asked)
    assert blocks(commit.root) == {
        ("hs4", "export", "2022", "CAN 7601"): ("complete", 3),
        ("hs4", "export", "2022", "CAN 7604"): ("complete", 0),
        ("hs4", "import", "2022", "CAN 7601"): ("complete", 0),
        ("hs4", "import", "2022", "CAN 7604"): ("complete", 0),
    }
    assert told(report, "3 blocks")


def test_a_reporter_without_a_row_has_not_reported(commit):
    asked = Asked(("CAN", "RUS"), ("export",), "monthly", ("2022-01", "2022-02"), ("7601",))
    report = commit(trade(period="202201"), asked)
    assert blocks(commit.root) == {("hs4", "export", "2022-01", "CAN 7601"): ("complete", 3)}
    assert told(report, "Not reported, no row at all: CAN 2022-02, RUS 2022-01, RUS 2022-02.")


def test_a_row_outside_the_scope_shows_that_a_reporter_has_reported(commit):
    asked = Asked(("CAN", "MEX"), ("export",), "annual", ("2022",), ("7601",))
    commit([*trade(), record(USA, 9.0, reporterCode=MEXICO, cmdCode="TOTAL")], asked)
    assert blocks(commit.root)["hs4", "export", "2022", "MEX 7601"] == ("complete", 0)


def test_a_later_answer_without_a_row_takes_the_figure_away(commit):
    asked = Asked(("CAN",), ("export",), "annual", ("2022",), ("7601", "7604"))
    commit([*trade(), *trade(cmdCode="7604")], asked)
    commit(trade(), asked, known_on=date(2024, 5, 1))
    assert blocks(commit.root)["hs4", "export", "2022", "CAN 7604"] == ("complete", 0)


def test_a_heading_asked_for_and_held_at_hs6_is_not_zero_at_hs4(load):
    load(answer([*trade(cmdCode="760110"), *trade(flowCode="M", cmdCode="760110", period="2023")]), codes=["7601"])
    assert blocks(load.root) == {
        ("hs6", "export", "2022", "CAN 7601"): ("complete", 3),
        ("hs6", "import", "2023", "CAN 7601"): ("complete", 3),
        ("hs6", "import", "2022", "CAN 7601"): ("complete", 0),
        ("hs6", "export", "2023", "CAN 7601"): ("complete", 0),
    }


def test_a_heading_of_which_nothing_is_held_is_zero_at_the_level_of_the_others(load):
    load(answer(trade(cmdCode="760110")), codes=["7601", "7604"])
    assert blocks(load.root)["hs6", "export", "2022", "CAN 7604"] == ("complete", 0)
    assert {level for level, *_ in blocks(load.root)} == {"hs6"}


def test_a_reporter_at_the_other_level_is_not_zero(load):
    report = load(answer([*trade(), *trade(cmdCode="760110", reporterCode=MEXICO)]), codes=["7601"])
    assert blocks(load.root) == {
        ("hs4", "export", "2022", "CAN 7601"): ("complete", 3),
        ("hs6", "export", "2022", "MEX 7601"): ("complete", 3),
    }
    assert not told(report, "zero")


def test_a_heading_and_one_of_its_codes_are_asked_for_as_they_are_written(load):
    load(answer([*trade(), *trade(cmdCode="760110")]), codes=["7601", "760110"])
    assert {key[0]: coverage for key, (coverage, _) in blocks(load.root).items()} == {
        "hs4": "complete",
        "hs6": "selection",
    }


@pytest.mark.parametrize("code", ["76", "7701", "760199", "x", "76011000"])
def test_codes_that_cannot_be_asked(load, code):
    with pytest.raises(AimError):
        load(answer(trade()), codes=[code])


# Cut short


def years_that_add_up(number):
    """Return so many years of nine partners and the world, ten records each."""
    partners = [8, 12, 32, 36, 40, 50, 51, 68, 70]
    told = [
        {"period": str(1990 + at % 30), "flowCode": "MX"[at // 30], "classificationCode": ""} for at in range(number)
    ]
    return [record(code, 90.0 if code == WORLD else 10.0, **each) for each in told for code in (*partners, WORLD)]


def test_500_records_that_add_up_are_whole(load):
    records = years_that_add_up(50)
    assert len(records) == 500
    assert load(answer(records)).rows_rejected == 0


def test_500_records_without_the_world_were_probably_cut(load):
    records = [*years_that_add_up(50)[:-1], record(USA, 5.0, flowCode="RX")]
    assert len(records) == 500
    for selection in (False, True):
        with pytest.raises(CutShort, match="probably cut short"):
            load(answer(records), selection=selection)
    assert Store.open(load.root).is_empty
    assert load(answer(records[:-1])).rows_rejected == 0  # a record fewer is no limit


# Days, editions, rejects


@pytest.mark.parametrize(
    ("period", "known_on", "passes"),
    [
        ("2022", date(2022, 12, 30), False),
        ("2022", date(2022, 12, 31), True),
        ("202202", date(2022, 2, 27), False),
        ("202202", date(2022, 2, 28), True),
    ],
)
def test_nothing_is_known_before_its_period_ended(load, period, known_on, passes):
    if passes:
        load(answer(trade(period=period)), known_on=known_on)
    else:
        with pytest.raises(AimError, match="before the period ended"):
            load(answer(trade(period=period)), known_on=known_on)


def test_nothing_is_known_in_the_future(load):
    with pytest.raises(AimError, match="future"):
        load(answer(trade()), known_on=date(2026, 11, 22))


def test_an_edition_that_changes_within_a_series_is_told_with_what_moved(load):
    records = [
        *trade(period="2011", classificationCode="H3", cmdCode="761519"),
        *trade(period="2012", classificationCode="H4", cmdCode="761510"),
    ]
    report = load(answer(records))
    assert told(report, "CAN H3 to H4 in 2012")
    assert told(report, "HS 2012 made 7615.10 of 7615.11 and 7615.19")
    assert not any("edition" in text for text in load(answer(trade())).warnings)


def test_rows_set_apart_are_kept_with_their_reason(load):
    rejected = record(MEXICO, -5.0)
    report = load(answer([*trade(), rejected, *trade(flowCode="M")]))
    assert report.exit_status == 1
    assert "value is negative" in pd.read_csv(report.rejects_file)["reason"].tolist()
    assert blocks(load.root) == {
        ("hs4", "export", "2022", "CAN 7601"): ("selection", 3),
        ("hs4", "import", "2022", "CAN 7601"): ("complete", 3),
    }


def test_a_row_set_apart_that_the_world_contains_stops_the_load(load):
    with pytest.raises(PartsDiffer, match="value is not a number"):
        load(answer([*trade()[1:], record(USA, 600.0) | {"primaryValue": "?"}]))


def test_rows_with_different_figures_are_named_first_where_they_are_what_is_missing(load):
    with pytest.raises(PartsDiffer) as caught:
        load(answer([*trade(period="202201"), record(USA, 601.0, period="202201")]))
    assert caught.value.message.startswith("Rows with different figures for one reporter")
    assert "file0.json row 1 (partnerCode 842, cmdCode 7601, 600" in caught.value.message
    assert "file0.json row 4" in caught.value.message
    assert "Keep one row" in caught.value.advice
    with pytest.raises(PartsDiffer) as caught:
        load(answer([*trade()[1:], record(MEXICO, 1.0, flowCode="M"), record(MEXICO, 2.0, flowCode="M")]))
    assert caught.value.message.startswith("The partners do not add up")


def test_where_no_row_can_be_used_one_is_shown(load):
    with pytest.raises(NoRows) as caught:
        load(table([record(USA, 5.0) | {"primaryValue": "1 234"}] * 2))
    assert (
        "2 were set apart, most because: value is not a number. For instance file0.json row 2" in caught.value.message
    )
    assert "primaryValue '1 234'" in caught.value.message
    assert "decimal point" in caught.value.advice


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([], "no rows"),
        ([record(USA, 5.0, cmdCode="TOTAL")], "holds TOTAL of CAN, 2022 to 2022"),
        ([record(USA, 5.0, flowCode="XOP")], "flows that are left out"),
        ([record(USA, -5.0)], "value is negative"),
    ],
)
def test_nothing_to_load_says_what_there_is(load, records, said):
    with pytest.raises(NoRows, match=said):
        load(answer(records))
    assert Store.open(load.root).is_empty


def test_levels_are_never_added(load):
    load(answer([*trade(), *trade(cmdCode="760110"), *trade(cmdCode="760120")]))
    store = Store.open(load.root)
    for level, total in (("hs4", 1000.0), ("hs6", 2000.0)):
        rows = store.read("comtrade", code_level=level)
        assert rows.loc[rows["row_kind"] == "total", "primary_value_usd"].sum() == total


def test_brazil_and_areas_not_specified_are_ordinary_partners(load):
    load(answer([record(BRAZIL, 5.0), record(899, 7.0), record(837, 8.0), record(WORLD, 20.0)]))
    rows = Store.open(load.root).read("comtrade")
    assert set(rows.loc[rows["row_kind"] == "country", "partner"]) == {"BRA", "XNS", "XBK"}
