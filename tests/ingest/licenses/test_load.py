"""Loading license files: what goes in, what is set apart, what is refused and leaves the store as it was."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from license_files import ROW, row, to_csv

from aimlib.errors import AimError
from aimlib.ingest.commit import Declaration
from aimlib.ingest.licenses import check_licenses, commit_licenses, load_licenses
from aimlib.reference.license_rules import rules
from aimlib.store import Store
from aimlib.store.commits import commit_name
from aimlib.store.raw import Origin, Snapshot
from aimlib.store.tables import BLOCK_KEY
from aimlib.store.writing import Draft, Scope, write_commit

TODAY = date(2026, 11, 21)
KNOWN = date(2024, 4, 4)
CANCELLED = {"status": "cancelled", "status_date": "03/12/2024"} | dict.fromkeys(
    [name for name in ROW if name not in ("license_number", "status", "status_date")], ""
)


@pytest.fixture
def load(tmp_path):
    """Write rows (or bytes) to files and load them into a store of the test's own."""

    def run(*contents, names=None, store="store", **options):
        paths = []
        for at, content in enumerate(contents):
            path = tmp_path / (names[at] if names else f"licenses{at}.csv")
            path.write_bytes(content if isinstance(content, bytes) else to_csv(*content).encode())
            paths.append(path)
        return load_licenses(tmp_path / store, paths, today=TODAY, **{"known_on": KNOWN} | options)

    run.root = tmp_path / "store"
    run.folder = tmp_path
    return run


def held(root):
    return Store.open(root).read("licenses")


def files_of(root):
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_row_is_stored_in_the_field_s_words(load):
    report = load([row(low_value="")])
    assert report.exit_status == 0
    assert (report.rows_read, report.rows_rejected, report.rejects_file) == (1, 0, None)
    stored = held(load.root)
    assert stored.iloc[0].to_dict() == {
        "code_level": "hts10",
        "concept": "license",
        "heading": "7604",
        "month": pd.Timestamp("2024-03-01"),
        "license_number": "A1",
        "line_number": 1,
        "status": "filed",
        "status_date": pd.Timestamp("2024-03-01"),
        "entry_type": "consumption",
        "low_value": False,
        "importer": "Acme Metals Inc.",
        "exporter": "Norte Metales SA",
        "manufacturer": "Fundidora del Norte",
        "origin": "MEX",
        "exportation": "MEX",
        "port": "Laredo, TX",
        "expected_import": pd.Timestamp("2024-03-20"),
        "application_date": pd.Timestamp("2024-03-01"),
        "code": "7604291090",
        "product": "bars_rods_profiles",
        "largest_smelt": "CAN",
        "second_smelt": "N/A",
        "recent_cast": "MEX",
        "quantity_kg": 20000.0,
        "customs_value_usd": 60000.0,
    }


def test_blocks_are_months_and_headings(load):
    april = {"expected_import_date": "04/02/2024"}
    load([row(), row(license_number="A2", **april), row(license_number="A3", hts10="7605.11.00.00", **april)])
    blocks = Store.open(load.root).blocks("licenses")
    assert list(blocks[[*BLOCK_KEY]].itertuples(index=False, name=None)) == [
        ("hts10", "license", "2024-03", "7604"),
        ("hts10", "license", "2024-04", "7604"),
        ("hts10", "license", "2024-04", "7605"),
    ]
    assert set(blocks["coverage"]) == {"complete"}


def test_a_bad_row_goes_to_the_rejects_with_its_rules_and_its_cells(load):
    report = load([row(), row(license_number="A2", recent_cast="N/A", quantity_kg="-5"), "A3,1,filed"])
    assert report.exit_status == 1
    assert (report.rows_read, report.rows_rejected) == (3, 2)
    rejects = pd.read_csv(report.rejects_file, dtype=str, keep_default_na=False)
    assert list(rejects["row"]) == ["3", "4"]
    first, second = (rejects.iloc[at] for at in (0, 1))
    assert (first["file"], first["rule"]) == ("licenses0.csv", "AIM-CAST-01 | AIM-KG-01")
    assert (first["fields"], first["found"]) == ("recent_cast | quantity_kg", "N/A | -5")
    assert first["sentence"] == f"{rules()['AIM-CAST-01'].sentence} {rules()['AIM-KG-01'].sentence}"
    assert first[list(ROW)].to_dict() == ROW | {"license_number": "A2", "recent_cast": "N/A", "quantity_kg": "-5"}
    assert (second["rule"], second["content"], second["license_number"]) == ("AIM-ROW-01", "A3,1,filed", "")
    assert [text.split(":")[0] for text in report.reasons] == ["AIM-CAST-01", "AIM-KG-01", "AIM-ROW-01"]
    assert list(held(load.root)["license_number"]) == ["A1"]


def test_the_rejects_file_can_be_corrected_and_loaded(load):
    report = load([row(), row(license_number="A2", recent_cast="N/A")])
    corrected = report.rejects_file.read_text().replace("Canada,N/A,N/A", "Canada,N/A,Canada")
    again = load(corrected.encode(), names=["corrected.csv"])
    assert (again.exit_status, again.warnings) == (0, ())
    assert sorted(held(load.root)["license_number"]) == ["A1", "A2"]


def test_rejects_go_where_they_are_asked(load):
    target = load.folder / "elsewhere" / "rejects.csv"
    report = load([row(), row(license_number="A2", origin="nowhere")], rejects_path=target)
    assert report.rejects_file == target
    assert target.is_file()


def test_the_same_bytes_again_change_nothing(load):
    first = load([row(), row(license_number="A2", origin="nowhere")])
    before = files_of(load.root)
    second = load([row(), row(license_number="A2", origin="nowhere")])
    assert second.already_held
    assert second.commit_name == first.commit_name
    assert second.tables == first.tables
    assert files_of(load.root) == before


def test_several_files_are_one_commit(load):
    load([row()], [row(license_number="A2", recent_cast="")], [row(license_number="A3")])
    store = Store.open(load.root)
    assert len(store.commits) == 1
    assert len(store.commits[0].sources) == 3
    assert list(held(load.root)["license_number"]) == ["A1", "A3"]


def test_files_of_one_name_are_told_apart(tmp_path):
    for folder, cast in (("one", "N/A"), ("two", "Mexico")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "week.csv").write_text(to_csv(row(license_number=folder, recent_cast=cast)))
    paths = [tmp_path / folder / "week.csv" for folder in ("two", "one")]
    assert list(check_licenses(paths, on=KNOWN).findings["file"]) == ["week.csv (2)"]


def test_a_correction_and_the_filing_both_stay(load):
    load([row(), row(status="corrected", status_date="03/09/2024", quantity_kg="21000")])
    assert list(held(load.root)["quantity_kg"]) == [20000, 21000]


def test_a_cancellation_carries_the_line_as_it_stood_that_day(load):
    load(
        [
            row(**CANCELLED),
            row(),
            row(status="corrected", status_date="03/09/2024", quantity_kg="21000"),
            row(status="corrected", status_date="03/14/2024", quantity_kg="22000"),
        ]
    )
    cancelled = held(load.root).query("status == 'cancelled'").iloc[0]
    assert (cancelled["quantity_kg"], cancelled["importer"], cancelled["code"]) == (
        21000,
        "Acme Metals Inc.",
        "7604291090",
    )
    assert cancelled["month"] == pd.Timestamp("2024-03-01")


def test_a_cancellation_without_a_line_takes_the_whole_license_in_the_store(load):
    lines = [row(), row(line_number="2", hts10="7605.11.00.00", expected_import_date="03/20/2024")]
    load([*lines, row(license_number="A2")], known_on=date(2024, 3, 7))
    report = load([row(**CANCELLED)], names=["later.csv"], known_on=date(2024, 3, 14))
    assert report.exit_status == 0
    stored = held(load.root)
    cancelled = stored[stored["status"] == "cancelled"]
    assert list(cancelled["line_number"]) == [1, 2]
    assert list(cancelled["code"]) == ["7604291090", "7605110000"]
    assert set(cancelled["license_number"]) == {"A1"}
    filed = stored[(stored["status"] == "filed") & (stored["license_number"] == "A1")]
    same = [name for name in stored if name not in ("status", "status_date")]
    assert filed[same].reset_index(drop=True).equals(cancelled[same].reset_index(drop=True))


def test_cancelled_by_line_and_as_a_whole_is_cancelled_once(load):
    load([row(), row(**CANCELLED), row(**CANCELLED | {"line_number": "1"})])
    assert list(held(load.root)["status"]) == ["filed", "cancelled"]


def test_a_repeated_row_counts_once_and_is_said(load):
    report = load([row(), row(), row(license_number="A2", quantity_kg="20500")])
    assert report.exit_status == 0
    assert len(held(load.root)) == 2
    assert any(text.startswith("AIM-DUP-01") for text in report.warnings)


def test_smelt_left_blank_while_that_was_allowed_is_not_collected(load):
    days = {"day": "06/01/2022", "expected_import_date": "06/20/2022", "expected_export_date": "06/02/2022"}
    load([row(largest_smelt="", second_smelt="not collected", **days), row(license_number="A2", **days)])
    assert list(held(load.root)["largest_smelt"]) == ["not collected", "CAN"]
    assert list(held(load.root)["second_smelt"]) == ["not collected", "N/A"]


def test_events_that_the_store_holds_already_may_come_again(load, monkeypatch):
    monkeypatch.setattr("aimlib.ingest.licenses.history._ROWS_AT_ONCE", 2)
    days = {"day": "06/01/2022", "expected_import_date": "06/20/2022", "expected_export_date": "06/02/2022"}
    first = [row(), row(license_number="B", largest_smelt="", **days), row(license_number="C", quantity_kg="20000.25")]
    first += [row(license_number="D", expected_import_date="04/20/2024"), row(license_number="D", **CANCELLED)]
    load(first)
    again = [row(license_number="E", quantity_kg="1e3"), *first, row(license_number="F", quantity_kg="20001")]
    report = load(again, names=["next.csv"], known_on=date(2024, 4, 11))
    assert report.rows_rejected == 1
    assert report.reasons[0].startswith("AIM-NUMBER-01")
    assert len(held(load.root)) == 5 + 6
    moved = [cells | {"expected_import_date": "05/02/2024"} for cells in first if cells["license_number"] == "C"]
    report = load([row(license_number="G"), *moved], names=["third.csv"], known_on=date(2024, 4, 18))
    assert [text.split(":")[0] for text in report.reasons] == ["AIM-DUP-04"]


def test_columns_that_may_be_absent(load):
    absent = ("line_number", "status", "status_date", "low_value", "entry_number", "manufacturer", "valid_from")
    absent = (*absent, "valid_through", "product_description")
    kept = [name for name in ROW if name not in absent]
    load(("\n".join(",".join(cells) for cells in (kept, [row()[name].replace(",", "") for name in kept]))).encode())
    stored = held(load.root).iloc[0]
    assert (stored["line_number"], stored["status"], stored["manufacturer"]) == (1, "filed", "")
    assert stored["status_date"] == pd.Timestamp("2024-03-01")


def test_a_day_in_the_future_is_refused(load):
    with pytest.raises(AimError, match="in the future"):
        load([row()], known_on=date(2026, 11, 22))
    assert not load.root.exists()


@pytest.mark.parametrize(
    ("rows", "what"),
    [([row(recent_cast="N/A")], "AIM-CAST-01"), ([], "below its header it is empty")],
)
def test_a_file_without_a_usable_row_leaves_the_store_as_it_was(load, rows, what):
    load([row()])
    before = files_of(load.root)
    with pytest.raises(AimError, match=what):
        load(rows, names=["bad.csv"])
    assert files_of(load.root) == before


@pytest.mark.parametrize("name", ["absent.csv", ""])
def test_a_file_that_is_not_there(load, name):
    with pytest.raises(AimError, match=r"does not exist|is a folder"):
        load_licenses(load.root, [load.folder / name], known_on=KNOWN, today=TODAY)


def test_sample_and_real_licenses_never_mix(load):
    load([row()])
    origin = Origin("sample", "sample", "sample", datetime(2024, 4, 4, tzinfo=UTC), "CC0-1.0")
    snapshot = Snapshot(to_csv(row()).encode(), origin, "sample.csv")
    declared = Declaration(known_on=KNOWN, captured_at=origin.retrieved_at, sample=True)
    with pytest.raises(AimError, match="sample"):
        commit_licenses(load.root, [snapshot], declared)
    report = commit_licenses(load.folder / "other", [snapshot], declared)
    assert Store.open(load.folder / "other").is_sample
    assert report.known_on == KNOWN


def test_prices_in_the_store_judge_unit_values(load):
    day = datetime(2024, 4, 1, tzinfo=UTC)
    key = {"code_level": "monthly", "concept": "lme_cash", "period": "2024-03", "heading": "price"}
    price = pd.DataFrame([key | {"day": pd.Timestamp("2024-03-01"), "price_usd_t": 10.0, "as_given": 10.0}])
    draft = Draft(
        name=commit_name(KNOWN, ["x"], {}),
        known_on=KNOWN,
        captured_at=day,
        sample=False,
        snapshots=(Snapshot(b"x", Origin("test", "test", "test", day, "test"), "prices.csv"),),
        scopes=(Scope("prices", "monthly", "lme_cash", "2024-03", "complete", ("price",)),),
        tables={"prices": price.assign(rate=float("nan"), unit_given="USD/t")},
    )
    write_commit(load.root, draft)
    with pytest.raises(AimError, match="AIM-UNIT-01"):
        load([row()])


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("step", range(0, 11, 2))
def test_a_load_that_is_killed_leaves_the_store_as_it_was(load, monkeypatch, step):
    load([row()])
    steps = iter(range(1000))

    def perhaps(original):
        def run(*args):
            if next(steps) == step:
                raise Killed
            return original(*args)

        return run

    for name in ("fsync", "replace", "link"):
        monkeypatch.setattr(f"aimlib.store.files.os.{name}", perhaps(getattr(__import__("os"), name)))
    with pytest.raises(Killed):
        load([row(license_number="A2")], names=["second.csv"])
    monkeypatch.undo()
    assert list(held(load.root)["license_number"]) == ["A1"]
    load([row(license_number="A2")], names=["second.csv"])
    assert list(held(load.root)["license_number"]) == ["A1", "A2"]


def test_a_check_finds_what_a_load_refuses_and_writes_nothing(load):
    rows = [row(), row(license_number="A2", recent_cast="N/A"), row(license_number="A3", second_smelt="Canada")]
    path = load.folder / "draft.csv"
    path.write_text(to_csv(*rows))
    report = check_licenses([path], on=KNOWN, store_root=load.root)
    assert not load.root.exists()
    assert list(report.findings["license_number"]) == ["A2", "A3"]
    assert (report.rows_read, report.rows_refused, report.errors, report.warnings) == (3, 1, 1, 1)
    assert report.exit_status == 1
    assert list(report.counts()["rule"]) == ["AIM-CAST-01", "AIM-SMELT-04"]
    only_warned = load([row(license_number="A3", second_smelt="Canada")])
    assert only_warned.exit_status == 0
