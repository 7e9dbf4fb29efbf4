"""Writing commits and reading them back."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from aimlib.errors import AimError
from aimlib.store import Store, resolve_store
from aimlib.store.commits import commit_name
from aimlib.store.raw import Origin, Snapshot, read_raw
from aimlib.store.reads import commits_digest
from aimlib.store.tables import TABLES
from aimlib.store.writing import Draft, Scope, write_commit

MOMENT = datetime(2024, 3, 1, 12, tzinfo=UTC)
COLUMNS = list(TABLES["census_imports"].columns)


def row(code="7601103000", origin="CAN", value=10.0, period="2024-01", **changes):
    return {
        "month": pd.Timestamp(period),
        "period": period,
        "code_level": "hts10",
        "code": code,
        "heading": code[:4],
        "origin": origin,
        "census_code": {"CAN": "1220", "CHN": "5700"}[origin],
        "row_kind": "country",
        "concept": "consumption",
        "customs_value_usd": value,
        "cif_value_usd": value,
        "duty_usd": 0.0,
        "dutiable_value_usd": 0.0,
        "quantity_kg": float("nan"),
        "quantity_other": float("nan"),
        "quantity_unit": "",
        **changes,
    }


def draft(*rows, known_on=date(2024, 3, 1), headings=("7601", "7604"), body=b"bytes", **changes):
    origin = Origin("Publisher", "Title", "asked", MOMENT, "license")
    snapshot = Snapshot(body, origin, "answer")
    periods = sorted({one["period"] for one in rows}) or ["2024-01"]
    scopes = [Scope("census_imports", "hts10", "consumption", period, "complete", headings) for period in periods]
    name = commit_name(known_on, [snapshot.sha256], {})
    frame = pd.DataFrame(list(rows), columns=COLUMNS)
    made = Draft(name, known_on, MOMENT, False, (snapshot,), tuple(scopes), {"census_imports": frame})
    return replace(made, **changes)


def test_a_folder_that_is_not_there_is_an_empty_store(tmp_path):
    store = Store.open(tmp_path / "none")
    assert store.is_empty
    assert store.read("census_imports").empty
    assert list(store.read("census_imports")) == [name for name in COLUMNS if name != "period"]
    assert store.tables_summary().empty
    assert store.vintages().empty


def test_rows_come_back_as_they_went_in(tmp_path):
    write_commit(tmp_path, draft(row(value=10.0), row(origin="CHN", value=5.0)))
    found = Store.open(tmp_path).read("census_imports")
    assert found[["origin", "customs_value_usd"]].values.tolist() == [["CAN", 10.0], ["CHN", 5.0]]
    assert found["month"].tolist() == [pd.Timestamp("2024-01-01")] * 2
    assert found["quantity_kg"].isna().all()
    assert found["code"].tolist() == ["7601103000"] * 2
    types = TABLES["census_imports"].columns
    assert {name: str(kind) for name, kind in found.dtypes.items()} == {name: types[name] for name in found}


def test_raw_bytes_are_kept_with_their_origin(tmp_path):
    made = draft(row())
    commit, _ = write_commit(tmp_path, made)
    (source,) = commit.sources
    assert read_raw(tmp_path, source["sha256"]) == b"bytes"
    assert {"publisher", "title", "asked", "retrieved_at", "license", "sha256", "size"} == set(source)
    assert Store.open(tmp_path).commits == (commit,)


def test_the_same_again_changes_nothing(tmp_path):
    assert write_commit(tmp_path, draft(row()))[1]
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    _, is_new = write_commit(tmp_path, replace(draft(row()), captured_at=datetime(2025, 1, 1, tzinfo=UTC)))
    assert not is_new
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_names_follow_bytes_day_and_declaration():
    day = date(2024, 1, 1)
    name = commit_name(day, ["a", "b"], {"selection": True})
    assert name == commit_name(day, ["b", "a"], {"selection": True})
    others = [
        commit_name(date(2024, 1, 2), ["a", "b"], {"selection": True}),
        commit_name(day, ["a"], {"selection": True}),
        commit_name(day, ["a", "b"], {"selection": False}),
    ]
    assert len({name, *others}) == 4


def test_reading_as_of_a_day_sees_the_vintage_of_then(tmp_path):
    write_commit(tmp_path, draft(row(value=10.0), row(origin="CHN")))
    write_commit(tmp_path, draft(row(value=11.0), known_on=date(2024, 4, 1), body=b"later"))
    store = Store.open(tmp_path)
    assert store.read("census_imports")["customs_value_usd"].tolist() == [11.0]
    then = store.read("census_imports", date(2024, 3, 31))
    assert then["customs_value_usd"].tolist() == [10.0, 10.0]
    assert store.read("census_imports", date(2024, 2, 1)).empty
    assert store.known_days("census_imports") == [date(2024, 3, 1), date(2024, 4, 1)]


def test_filters_choose_blocks_and_columns(tmp_path):
    write_commit(tmp_path, draft(row(), row(code="7604101000"), row(period="2024-02")))
    store = Store.open(tmp_path)
    assert store.read("census_imports", headings=["7604"])["code"].tolist() == ["7604101000"]
    assert store.read("census_imports", periods=["2024-02"], columns=["code"]).to_dict("list") == {
        "code": ["7601103000"]
    }
    assert store.read("census_imports", row_kind="total").empty
    assert len(store.read("census_imports", row_kind="country")) == 3
    assert store.read("census_imports", concept="general").empty
    assert store.read("census_imports", code_level="hs2").empty


def test_an_empty_block_is_held(tmp_path):
    write_commit(tmp_path, draft(row()))
    blocks = Store.open(tmp_path).blocks("census_imports").set_index("heading")["rows"]
    assert blocks.to_dict() == {"7601": 1, "7604": 0}


def test_the_content_of_a_block_is_named_by_its_rows_alone(tmp_path):
    contents = []
    for at, rows in enumerate(
        [[row(), row(origin="CHN")], [row(origin="CHN"), row()], [row(), row(origin="CHN", value=1)]]
    ):
        write_commit(tmp_path / str(at), draft(*rows))
        contents.append(Store.open(tmp_path / str(at)).blocks().set_index("heading")["content"]["7601"])
    assert contents[0] == contents[1]
    assert contents[0] != contents[2]


@pytest.mark.parametrize("name", ["with [brackets]", "with *star", "with 'quote'", "with blank and ünïcode"])
def test_any_folder_name_will_do(tmp_path, name):
    write_commit(tmp_path / name, draft(row()))
    assert len(Store.open(tmp_path / name).read("census_imports")) == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"origin": "CAN", "row_kind": "region"}, "row_kind"),
        ({"code": "76011"}, "code"),
        ({"concept": "arrivals"}, "concept"),
    ],
)
def test_rows_that_break_the_tables_rules_are_shown(tmp_path, changes, told):
    broken = draft(row(**changes))
    with pytest.raises(AimError, match=told):
        write_commit(tmp_path, broken)
    assert Store.open(tmp_path).is_empty


def test_a_row_that_is_there_twice_breaks_the_rules(tmp_path):
    with pytest.raises(AimError, match="census_imports"):
        write_commit(tmp_path, draft(row(), row(value=3.0)))


def test_rows_outside_the_scope_are_a_mistake_of_ours(tmp_path):
    with pytest.raises(ValueError, match="outside the declared scope"):
        write_commit(tmp_path, draft(row(code="7602000030")))


def test_what_a_killed_process_left_is_not_read(tmp_path):
    write_commit(tmp_path, draft(row()))
    (tmp_path / "tmp" / "half").write_bytes(b'{"half')
    (tmp_path / "tables/census_imports/2024-03-02-never-committed.parquet").write_bytes(b"PAR1 half")
    (tmp_path / "raw" / "half").write_bytes(b"half")
    store = Store.open(tmp_path)
    assert len(store.commits) == 1
    assert len(store.read("census_imports")) == 1


def test_a_damaged_or_later_commit_is_told_without_a_path(tmp_path):
    commit, _ = write_commit(tmp_path, draft(row()))
    file = tmp_path / "commits" / f"{commit.name}.json"
    good = file.read_text()
    file.write_text(good[:-20])
    with pytest.raises(AimError, match=f"{commit.name} is damaged") as caught:
        Store.open(tmp_path)
    assert str(tmp_path) not in str(caught.value)
    file.write_text(good.replace('"format": 1', '"format": 99'))
    with pytest.raises(AimError, match="later aimlib"):
        Store.open(tmp_path)


def test_rows_that_are_gone_are_told(tmp_path):
    commit, _ = write_commit(tmp_path, draft(row()))
    (tmp_path / "tables/census_imports" / f"{commit.name}.parquet").unlink()
    with pytest.raises(AimError, match=commit.name):
        Store.open(tmp_path).read("census_imports")


def test_a_store_that_is_a_file_is_told(tmp_path):
    (tmp_path / "store").write_text("")
    with pytest.raises(AimError, match="is a file"):
        Store.open(tmp_path / "store")


def test_the_sample_is_read_only_where_nothing_real_is(tmp_path):
    assert resolve_store(tmp_path).is_empty
    write_commit(tmp_path / "sample", replace(draft(row(value=1.0)), sample=True))
    sample = resolve_store(tmp_path)
    assert sample.is_sample
    assert sample.read("census_imports")["customs_value_usd"].tolist() == [1.0]
    write_commit(tmp_path, draft(row(value=2.0), body=b"real"))
    real = resolve_store(tmp_path)
    assert not real.is_sample
    assert real.read("census_imports")["customs_value_usd"].tolist() == [2.0]
    assert len(Store.open(tmp_path / "sample").commits) == 1


def test_the_summary_says_what_is_held(tmp_path):
    write_commit(tmp_path, draft(row(), row(period="2024-02")))
    write_commit(tmp_path, draft(row(value=4.0), known_on=date(2024, 4, 1), body=b"later"))
    store = Store.open(tmp_path)
    (line,) = store.tables_summary().to_dict("records")
    assert (line["table"], line["code_level"], line["concept"]) == ("census_imports", "hts10", "consumption")
    assert (line["first"], line["last"], line["periods"], line["rows"]) == ("2024-01", "2024-02", 2, 2)
    assert (line["vintages"], line["known_on"], line["coverage"]) == (2, date(2024, 4, 1), "complete")
    assert line["publisher"] == "Publisher"
    assert store.vintages()["known_on"].tolist() == [date(2024, 3, 1), date(2024, 4, 1)]


def test_a_store_is_read_again_only_when_its_commits_changed(tmp_path):
    write_commit(tmp_path, draft(row()))
    first = Store.open(tmp_path)
    assert Store.open(tmp_path) is first
    write_commit(tmp_path, draft(row(value=11.0), known_on=date(2024, 4, 1), body=b"others"))
    assert len(Store.open(tmp_path).commits) == 2


def test_a_digest_of_loads_tells_those_known_by_a_day_and_what_their_files_hold(tmp_path):
    commit, _ = write_commit(tmp_path, draft(row()))
    first = Store.open(tmp_path)
    write_commit(tmp_path, draft(row(value=11.0), known_on=date(2024, 4, 1), body=b"others"))
    both = Store.open(tmp_path)

    def told(store, table="census_imports", day=None):
        return commits_digest(store, [table], day)

    assert told(first) == told(both, day=date(2024, 3, 31)) != told(both)
    assert told(first, "prices") == told(both, "prices")
    file = tmp_path / "commits" / f"{commit.name}.json"
    file.write_bytes(file.read_bytes() + b"\n")
    assert told(Store.open(tmp_path), day=date(2024, 3, 31)) != told(first)
