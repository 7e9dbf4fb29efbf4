"""Loading saved answers: what goes in, what is set apart, what is refused and leaves the store as it was."""

import json
from datetime import date

import pandas as pd
import pytest
from census_server import CODES, answer, to_json

from aimlib.errors import AimError
from aimlib.ingest.load import load_census
from aimlib.ingest.read import read_imports
from aimlib.reference import products
from aimlib.sources.census.errors import ControlFailed, MissingKey
from aimlib.store import Store

TODAY = date(2026, 11, 21)
KNOWN = date(2024, 6, 1)


@pytest.fixture
def load(tmp_path):
    """Write rows (or bytes) to files and load them into a store of the test's own."""

    def run(*contents, names=None, store="store", **options):
        paths = []
        for at, content in enumerate(contents):
            path = tmp_path / (names[at] if names else f"answer{at}.json")
            path.write_bytes(content if isinstance(content, bytes) else to_json(content))
            paths.append(path)
        return load_census(tmp_path / store, paths, today=TODAY, **{"known_on": KNOWN} | options)

    run.root = tmp_path / "store"
    run.folder = tmp_path
    return run


def files_of(root):
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def edited(rows, line, column, text):
    rows[line][rows[0].index(column)] = text
    return rows


def test_a_complete_answer_goes_in_with_both_concepts(load):
    report = load(answer("2024-01"), codes=["76"])
    assert [(table.concept, table.rows, table.blocks, table.coverage) for table in report.tables] == [
        ("consumption", 18 * 9, 16, "complete"),
        ("general", 18 * 9, 16, "complete"),
    ]
    assert (report.rows_read, report.aggregates, report.rows_rejected, report.exit_status) == (198, 36, 0, 0)
    assert (report.blocks_new, report.blocks_same, report.warnings, report.shares) == (32, 0, (), ())
    assert report.known_on == KNOWN
    assert not report.already_held


def test_csv_and_json_of_an_answer_hold_the_same(load):
    rows = answer("2024-01")
    csv = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode()
    load(rows, store="json")
    load(csv, store="csv", names=["answer.csv"])
    held = [Store.open(load.folder / name).read("census_imports") for name in ("json", "csv")]
    assert held[0].equals(held[1])


def test_the_same_bytes_again_change_nothing(load):
    first = load(answer("2024-01"))
    before = files_of(load.root)
    again = load(answer("2024-01"))
    assert again.already_held
    assert again.exit_status == 0
    assert again.tables == first.tables
    assert files_of(load.root) == before


def test_other_bytes_of_the_same_day_are_kept_and_win(load):
    load(answer("2024-01"))
    report = load(answer("2024-01", edition=1))
    assert not report.already_held
    store = Store.open(load.root)
    assert len(store.commits) == 2
    assert set(store.blocks()["commit_name"]) == {report.commit_name}


def test_figures_known_again_are_counted_as_the_same(load):
    load(answer("2024-01"))
    report = load(answer("2024-01"), known_on=date(2024, 7, 1))
    assert (report.blocks_new, report.blocks_same) == (0, 32)


def test_an_older_vintage_does_not_come_in_front_and_says_so(load):
    load(answer("2024-01"))
    report = load(answer("2024-01", edition=1), known_on=date(2024, 5, 1))
    assert any("2024-06-01" in warning and "in front" in warning for warning in report.warnings)
    assert set(Store.open(load.root).blocks()["known_on"].dt.date) == {KNOWN}


def test_several_files_are_one_commit(load):
    report = load(answer("2024-01"), answer("2024-02"))
    store = Store.open(load.root)
    assert len(store.commits) == 1
    assert len(store.commits[0].sources) == 2
    assert {(table.first, table.last) for table in report.tables} == {("2024-01", "2024-02")}


def test_the_bytes_are_kept_by_their_hash_and_the_file_by_its_name_alone(load):
    load(answer("2024-01"), names=["2024-01.json"])
    (source,) = Store.open(load.root).commits[0].sources
    assert (load.root / "raw" / source["sha256"]).read_bytes() == to_json(answer("2024-01"))
    assert source["asked"] == "2024-01.json"
    assert str(load.folder) not in json.dumps(source)


def test_a_key_in_a_files_name_is_not_kept(load):
    name = "hs?get=CTY_CODE&key=0123456789abcdef&time=2024-01"
    load(answer("2024-01"), names=[name])
    assert not [path for path, body in files_of(load.root).items() if b"0123456789abcdef" in body]


# Selections


def selected(month, *partners, **options):
    return answer(month, partners=partners, groups=False, **options)


def test_a_selection_shows_its_share_of_the_published_total(load):
    report = load(selected("2024-01", "1220", "5700"), selected("2024-02", "1220", "5700"), selection=True)
    rows = Store.open(load.root).read("census_imports", concept="general")
    months = rows.pivot_table(index="month", columns="row_kind", values="customs_value_usd", aggfunc="sum")
    expected = months["country"] / months["total"]
    (share,) = [share for share in report.shares if share.concept == "general"]
    assert (share.period, share.share) == ("2024-02", pytest.approx(expected.iloc[1]))
    assert (share.lowest, share.highest) == (pytest.approx(expected.min()), pytest.approx(expected.max()))
    assert {table.coverage for table in report.tables} == {"selection"}


def test_a_selection_without_totals_has_no_share(load):
    report = load(selected("2024-01", "1220", total=False), selection=True)
    assert {(share.share, share.lowest, share.highest) for share in report.shares} == {(None, None, None)}


def test_a_selection_declared_complete_fails_and_leaves_the_store_as_it_was(load):
    load(answer("2024-01"))
    before = files_of(load.root)
    with pytest.raises(ControlFailed, match="do not meet") as caught:
        load(selected("2024-02", "1220"))
    assert "--selection" in caught.value.advice
    with pytest.raises(ControlFailed, match="no published totals"):
        load(selected("2024-02", "1220", total=False))
    assert files_of(load.root) == before


def test_parts_above_the_total_of_a_selection_are_told(load):
    rows = edited(selected("2024-01", "1220"), 1, "CON_VAL_MO", "999999999999")
    assert any("more than the published total" in one for one in load(rows, selection=True).warnings)


def test_a_selection_does_not_hide_a_complete_answer(load):
    load(answer("2024-01"))
    report = load(selected("2024-01", "1220"), selection=True, known_on=date(2024, 7, 1))
    assert any("complete answers" in warning for warning in report.warnings)
    assert set(Store.open(load.root).blocks()["coverage"]) == {"complete"}


def test_a_selection_with_fewer_partners_than_the_one_before_is_told(load):
    load(selected("2024-01", "1220", "2010", "5700"), selection=True)
    report = load(selected("2024-01", "1220"), selection=True, known_on=date(2024, 7, 1))
    (told,) = [warning for warning in report.warnings if "fewer partners" in warning]
    assert "CHN (2024-01 to 2024-01), MEX (2024-01 to 2024-01)" in told


# Rejects


def test_a_bad_row_of_a_selection_goes_to_the_rejects_and_the_good_ones_in(load):
    rows = edited(selected("2024-01", "1220", "5700"), 1, "CON_VAL_MO", "12x")
    report = load(rows, selection=True)
    assert (report.rows_rejected, report.exit_status) == (1, 1)
    rejects = pd.read_csv(report.rejects_file, dtype="str")
    assert rejects[["file", "row", "reason"]].values.tolist() == [
        ["answer0.json", "2", "CON_VAL_MO is '12x', not a number"]
    ]
    assert rejects["CON_VAL_MO"].tolist() == ["12x"]
    assert report.reasons == ("answer0.json row 2: CON_VAL_MO is '12x', not a number",)
    held = Store.open(load.root).read("census_imports", concept="consumption")
    assert len(held) == 18 * 3 - 1


def test_rejects_go_where_they_are_told_to(load):
    path = load.folder / "elsewhere" / "bad.csv"
    rows = edited(selected("2024-01", "1220"), 1, "CON_VAL_MO", "12x")
    assert load(rows, selection=True, rejects_path=path).rejects_file == path
    assert "not a number" in path.read_text()


def test_a_bad_row_that_leaves_a_gap_in_a_complete_answer_fails_with_both_facts(load):
    with pytest.raises(ControlFailed, match="do not meet") as caught:
        load(edited(answer("2024-01"), 1, "CON_VAL_MO", "12x"))
    assert "answer0.json row 2: CON_VAL_MO is '12x', not a number" in caught.value.message
    assert Store.open(load.root).is_empty


def test_a_repeated_row_goes_to_the_rejects_and_the_totals_still_meet(load):
    rows = answer("2024-01")
    report = load([*rows, rows[1]])
    assert (report.rows_rejected, report.exit_status) == (1, 1)
    assert report.reasons == ("answer0.json row 200: repeats an earlier row",)
    assert sum(table.rows for table in report.tables) == 2 * 18 * 9


def test_contradicting_rows_of_a_complete_answer_fail(load):
    rows = answer("2024-01")
    other = edited([rows[0], list(rows[1])], 1, "CON_VAL_MO", "123456789")[1]
    with pytest.raises(ControlFailed, match="contradicts"):
        load([*rows, other])


def test_a_file_of_bad_rows_only_is_refused(load):
    header, *rows = selected("2024-01", "1220")
    with pytest.raises(AimError, match="no row that can be used: 'x' is not a month"):
        load([header, *[edited([header, row], 1, "time", "x")[1] for row in rows]], selection=True)


def test_the_same_row_in_two_files_counts_once(load):
    report = load(answer("2024-01"), answer("2024-01") + answer("2024-02")[1:])
    assert report.rows_rejected == 0
    assert any("counted once" in warning for warning in report.warnings)
    assert sum(table.rows for table in report.tables) == 2 * 2 * 18 * 9


def test_two_files_that_contradict_each_other_are_refused(load):
    with pytest.raises(AimError, match=r"answer0.json row \d+ and answer1.json row \d+") as caught:
        load(answer("2024-01"), answer("2024-01", edition=1))
    assert "--known-on" in caught.value.advice


# What the load says nothing about


def test_headings_not_asked_for_are_not_touched(load):
    load(answer("2024-01"))
    load(answer("2024-01", prefix="7601", edition=1), known_on=date(2024, 7, 1))
    blocks = Store.open(load.root).blocks().set_index("heading")["known_on"].dt.date
    assert set(blocks["7601"]) == {date(2024, 7, 1)}
    assert set(blocks["7604"]) == {KNOWN}


def test_a_heading_that_one_file_of_a_question_lacks_is_a_true_zero_and_told(load):
    without_foil = [code for code in CODES if not code.startswith("7607")]
    report = load(answer("2024-01"), answer("2024-02", codes=without_foil))
    assert "7607 has no row in 2024-02: taken as zero imports." in report.warnings
    blocks = Store.open(load.root).blocks()
    foil = blocks[(blocks["heading"] == "7607") & (blocks["concept"] == "general")]
    assert foil.set_index("period")["rows"].to_dict() == {"2024-01": 9, "2024-02": 0}


def test_files_of_different_questions_say_nothing_about_each_others_headings(load):
    load(answer("2024-01", prefix="7601"), answer("2024-02", prefix="7604"))
    blocks = Store.open(load.root).blocks()
    assert set(zip(blocks["period"], blocks["heading"], strict=True)) == {
        ("2024-01", "7601"),
        ("2024-02", "7604"),
    }


def test_what_was_asked_may_be_declared(load):
    report = load(answer("2024-01", prefix="7601"), codes=["76"])
    assert {table.blocks for table in report.tables} == {16}
    assert report.warnings == ()
    with pytest.raises(AimError, match="outside the codes declared: 7604, 7605"):
        load(answer("2024-02"), codes=["7601", "7602", "7603"])
    with pytest.raises(AimError, match="72 is not a heading"):
        load(answer("2024-02"), codes=["72"])


def test_an_answer_for_a_part_of_a_heading_is_doubted_unless_declared(load):
    told = [
        warning for warning in load(answer("2024-01", prefix="7601103000")).warnings if "few of its lines" in warning
    ]
    assert len(told) == 1
    assert "7601 has few of its lines in 2024-01 (1 of 12)" in told[0]
    assert load(answer("2024-01", prefix="7601103000", edition=1), codes=["7601"]).warnings == ()
    selection = answer("2024-01", prefix="7601103000", partners=["1220"], groups=False)
    assert not any("few of its lines" in one for one in load(selection, selection=True).warnings)


def test_a_withdrawn_row_disappears_with_the_newer_answer(load):
    load(answer("2024-01", prefix="7601"), codes=["7601"])
    header, *rows = answer("2024-01", prefix="7601")
    at = header.index("I_COMMODITY")
    load([header, *[row for row in rows if row[at] != "7601103000"]], codes=["7601"], known_on=date(2024, 7, 1))
    assert set(Store.open(load.root).read("census_imports")["code"]) == {"7601203000"}


def test_files_of_different_folders_may_be_called_alike(load):
    paths = []
    for folder, month in (("a", "2024-01"), ("b", "2024-02")):
        (load.folder / folder).mkdir()
        paths.append(load.folder / folder / "answer.json")
        paths[-1].write_bytes(to_json(answer(month)))
    bad = edited(answer("2024-03"), 1, "CON_VAL_MO", "12x")
    (load.folder / "answer.json").write_bytes(to_json([*bad, *answer("2024-03")[1:2]]))
    report = load_census(load.root, [*paths, load.folder / "answer.json"], known_on=KNOWN, today=TODAY)
    assert report.reasons == ("answer.json (3) row 2: CON_VAL_MO is '12x', not a number",)


# Days


def test_known_on_is_today_unless_said(load):
    assert load(answer("2024-01"), known_on=None).known_on == TODAY


@pytest.mark.parametrize(
    ("known_on", "told"),
    [(date(2026, 11, 22), "in the future"), (date(2024, 1, 30), "before the month ended")],
)
def test_days_that_make_no_sense_are_refused(load, known_on, told):
    with pytest.raises(AimError, match=told):
        load(answer("2024-01"), known_on=known_on)
    assert Store.open(load.root).is_empty


# What a user may hand over


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty.json is empty"),
        (b"\x00\x01", "empty.json is not text"),
        (to_json(answer("2024-01"))[:5000], "cut off"),
        (b"Country,Value\nCanada,5\n", "lacks Census's columns: I_COMMODITY, CTY_CODE, time"),
        (b'[["E_COMMODITY","ALL_VAL_MO","time"],["76","1","2024-01"]]', "holds exports"),
        (b"<html>Missing Key</html>", "missing key"),
        (to_json(answer("2024-01")[:1]), "no row that can be used: there are none"),
        (b"CTY_CODE,CON_VAL_MO,I_COMMODITY,time\n", "no row that can be used"),
        (b"CTY_CODE;CON_VAL_MO;I_COMMODITY;time\n1220;5;76;2024-01\n", "lacks Census's columns"),
    ],
)
def test_what_is_no_answer_is_told_in_one_message(load, content, told):
    with pytest.raises(AimError, match=told) as caught:
        load(content, names=["empty.json"])
    assert caught.value.exit_status == 2
    assert str(load.folder) not in str(caught.value)
    assert Store.open(load.root).is_empty


def test_a_good_file_beside_a_bad_one_does_not_go_in_alone(load):
    with pytest.raises(MissingKey, match="answer1"):
        load(answer("2024-01"), b"<html>Missing Key</html>")
    assert Store.open(load.root).is_empty


def test_files_that_are_not_there_folders_and_nothing_at_all(tmp_path):
    for paths, told in (
        ([tmp_path / "none.json"], "none.json does not exist"),
        ([tmp_path], "is a folder"),
        ([], "No file"),
    ):
        with pytest.raises(AimError, match=told) as caught:
            load_census(tmp_path / "store", paths, today=TODAY)
        assert f"{tmp_path}/" not in str(caught.value)


def test_an_unknown_line_of_the_scope_stops_the_load(load):
    rows = answer("2024-01", codes=["7606999999"])
    with pytest.raises(AimError, match="7606999999"):
        load(rows)


def test_a_line_that_ended_in_the_year_may_still_be_listed_with_zero(load):
    rows = answer("2019-12", codes=["7601106000", "7601106030"])
    for row in rows[1:]:
        if "7601106000" in row:
            row[:] = ["0" if cell.isdecimal() and len(cell) > 4 and cell != "7601106000" else cell for cell in row]
    assert load(rows, known_on=date(2020, 2, 6)).rows_rejected == 0
    with pytest.raises(AimError, match="7601106000"):
        load(answer("2024-01", codes=["7601106000"]))


def test_a_store_that_cannot_be_written_is_told(load, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("aimlib.store.files.os.fsync", full)
    with pytest.raises(AimError, match="No space left on device"):
        load(answer("2024-01"))
    monkeypatch.undo()
    assert Store.open(load.root).is_empty
    assert not load(answer("2024-01")).already_held


def test_quantities_that_do_not_meet_are_told_and_go_in(load):
    rows = answer("2024-01", variables=[*answer("2024-01")[0][:-3], "CON_QY1_MO_FLAG"])
    at = next(at for at, row in enumerate(rows) if row[0] == "1220" and row[rows[0].index("CON_QY1_MO")] != "0")
    report = load(edited(rows, at, "CON_QY1_MO_FLAG", "S"))
    assert any("Quantities do not meet" in warning for warning in report.warnings)
    assert report.rows_rejected == 0


def test_a_partner_with_a_rejected_row_is_not_listed_in_that_heading(load):
    rows = answer("2024-03", partners=["1220", "5700"])
    at = rows[0].index("CON_VAL_MO")
    place = next(i for i, row in enumerate(rows) if "7606123055" in row and "1220" in row)
    rows[place][at] = "abc"
    assert load(rows, selection=True).rows_rejected == 1
    store = Store.open(load.root)
    sheet = read_imports(store, product="plates_sheets_strip").listed
    assert "CAN" not in set(sheet["origin"])
    assert "CAN" in set(read_imports(store, product="foil").listed["origin"])


def test_one_six_digit_code_of_a_heading_is_doubted(load):
    lines = sorted(products.aim_lines("2024-01")["hts10"])
    some = [code for code in lines if code.startswith("760120")]
    assert any("7601 has few" in text for text in load(answer("2024-01", codes=some)).warnings)
    whole = [code for code in lines if code.startswith("7601")]
    assert not any("7601 has few" in text for text in load(answer("2024-02", codes=whole)).warnings)


def test_the_figures_of_one_district_are_not_the_nations(load):
    rows = answer("2024-01", codes=["7601103000"])
    rows = [[*row, "DISTRICT" if place == 0 else "10"] for place, row in enumerate(rows)]
    with pytest.raises(AimError, match="customs district"):
        load(rows)


def test_totals_alone_are_no_answer(load):
    with pytest.raises(AimError, match="lists no partners"):
        load(answer("2024-01", partners=[], groups=False), selection=True)


def test_loading_again_mends_a_store_that_lost_its_rows(load):
    rows = answer("2024-01")
    load(rows)
    (table,) = (load.root / "tables" / "census_imports").glob("*.parquet")
    table.write_bytes(table.read_bytes()[:100])
    with pytest.raises(AimError, match="damaged"):
        read_imports(Store.open(load.root))
    load(rows)
    assert len(read_imports(Store.open(load.root)).rows)


def test_the_same_bytes_after_others_of_that_day_say_what_is_in_front(load):
    first, second = answer("2024-01"), answer("2024-01", edition=1)
    load(first)
    load(second)
    assert any("stand before them" in text for text in load(first).warnings)
