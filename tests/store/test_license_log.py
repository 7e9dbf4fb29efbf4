"""The license log against a second, literal implementation of its rule, and by cases."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from license_store import UNWROUGHT, WIRE, event, load

from aimlib.errors import AimError
from aimlib.store import Store
from aimlib.store.license_log import Chosen, LicenseLog

EMPTY = Path("nowhere")
FIRST = date(2025, 2, 24)
RANK = {"filed": 0, "corrected": 1, "cancelled": 2}
FIGURES = ["quantity_kg", "customs_value_usd", "importers", "top_share"]


def tonnes(store, day, **chosen):
    """Return kilograms in force on a day, in tonnes."""
    with LicenseLog(store) as log:
        found = log.cells(date.fromisoformat(day), (), Chosen(**chosen))
    return found["quantity_kg"].sum() / 1000


# --- The rule, literally ----------------------------------------------------------------------------------


def known_events(loads):
    """Walk over the loads in order; give each event that tells something new the day on which it was known."""
    told, known = {}, []
    for place, (known_on, rows) in enumerate(loads):
        covered = max((day for day, _ in loads if day < known_on), default=None)
        for row in rows:
            key = (row["license_number"], row["line_number"], row["status"], row["status_date"])
            if told.get(key) == row:
                continue
            told[key] = row
            late = covered is not None and row["status_date"].date() <= covered
            known.append((known_on if late else row["status_date"].date(), place, row))
    return known


def in_force(loads, day):
    """Return the rows of the lines in force on a day."""
    newest = {}
    for known, place, row in known_events(loads):
        line = (row["license_number"], row["line_number"])
        order = (row["status_date"], RANK[row["status"]], place)
        if known <= day and (line not in newest or newest[line][0] < order):
            newest[line] = (order, row)
    return [row for _, row in newest.values() if row["status"] != "cancelled"]


def summed(rows, by):
    """Return the figures of rows by `by`, importer by importer."""
    if not rows:
        return {}
    frame = pd.DataFrame(rows)
    frame["importer"] = frame["importer"].str.upper()
    by_importer = frame.assign(all="all").groupby(["all", *by, "importer"])[FIGURES[:2]].sum()
    cells = by_importer.groupby(["all", *by])
    total = cells.sum()
    top = (cells.max() / total).max(axis=1)
    return {
        key[1:]: (row["quantity_kg"], row["customs_value_usd"], int(cells.size()[key]), pytest.approx(top[key]))
        for key, row in zip(total.index, total.to_dict("records"), strict=True)
    }


def as_dict(cells, by):
    return {tuple(row[name] for name in by): tuple(row[name] for name in FIGURES) for row in cells.to_dict("records")}


@st.composite
def histories(draw):
    """Loads of events of three license lines: some dated before an earlier load, some repeated, some retold."""
    days = st.integers(0, 40)
    rows = draw(
        st.lists(
            st.builds(
                lambda number, status, day, month, importer, code, kg: event(
                    number,
                    status,
                    str(FIRST + timedelta(days=day)),
                    month,
                    importer=importer,
                    code=code,
                    quantity_kg=kg,
                    customs_value_usd=round(2.5 * kg, 2),
                ),
                st.sampled_from(["A1", "A2", "A3"]),
                st.sampled_from(list(RANK)),
                days,
                st.sampled_from(["2025-02", "2025-03", "2025-04"]),
                st.sampled_from(["Acme", "ACME", "Bolt"]),
                st.sampled_from([UNWROUGHT, WIRE]),
                st.sampled_from([10.5, 2000.0, 33.333]),
            ),
            min_size=1,
            max_size=12,
        )
    )
    loads = []
    for day in sorted(draw(st.lists(days, min_size=1, max_size=4))):
        chosen = draw(st.lists(st.sampled_from(rows), min_size=1, max_size=8))
        once = {(row["license_number"], row["status"], row["status_date"]): row for row in chosen}
        loaded = FIRST + timedelta(days=day), list(once.values())
        # The same file again on the same day changes nothing, also after another one.
        loads += [] if loaded in loads else [loaded]
    return loads


def stored(loads, root):
    for at, (day, rows) in enumerate(loads):
        load(root, rows, str(day), at=at)
    return Store.open(root)


@settings(max_examples=40, deadline=None)
@given(histories())
def test_every_day_is_what_the_rule_says(loads):
    days = [FIRST + timedelta(days=day) for day in range(-1, 75, 6)]
    with tempfile.TemporaryDirectory() as folder, LicenseLog(stored(loads, Path(folder))) as log:
        by = ("month", "product")
        for day in days:
            assert as_dict(log.cells(day, by), by) == summed(in_force(loads, day), by)
        panel = log.panel(days, ("product",), months_back=1)
        for day in days:
            month = pd.Timestamp(day).to_period("M")
            rows = [row for row in in_force(loads, day) if 0 <= (month - row["month"].to_period("M")).n <= 1]
            seen = panel[panel["day"] == pd.Timestamp(day)]
            assert as_dict(seen, by) == summed(rows, by)


# --- Cases ------------------------------------------------------------------------------------------------


def test_a_line_is_in_force_from_its_filing_until_its_cancellation(tmp_path):
    store = load(tmp_path, [event(), event(status="cancelled", on="2025-03-10")], "2025-03-20")
    assert [tonnes(store, day) for day in ("2025-03-02", "2025-03-03", "2025-03-09", "2025-03-10")] == [0, 10, 10, 0]


def test_a_correction_moves_a_license_to_another_month_origin_and_product(tmp_path):
    moved = event(status="corrected", on="2025-03-10", month="2025-04", origin="MEX", code=WIRE, quantity_kg=9_000.0)
    store = load(tmp_path, [event(), moved], "2025-03-20")
    with LicenseLog(store) as log:
        before, after = (
            log.cells(date(2025, 3, day), ("month", "origin", "product"))[["origin", "product", "quantity_kg"]]
            for day in (9, 10)
        )
        seen = log.panel([date(2025, 3, 9), date(2025, 3, 10), date(2025, 4, 1)], ("origin",))
    assert before.values.tolist() == [["CAN", "unwrought", 10_000.0]]
    assert after.values.tolist() == [["MEX", "wire", 9_000.0]]
    # On 10 March it is a license of April: the monitor of March does not show it.
    assert seen[["day", "month", "origin"]].astype(str).values.tolist() == [
        ["2025-03-09", "2025-03-01", "CAN"],
        ["2025-04-01", "2025-04-01", "MEX"],
    ]


def test_only_the_cancelled_line_of_a_license_leaves(tmp_path):
    rows = [event(), event(line_number=2, quantity_kg=1_000.0), event(status="cancelled", on="2025-03-10")]
    assert tonnes(load(tmp_path, rows, "2025-03-20"), "2025-03-20") == 1


def test_a_row_dated_on_the_day_of_an_earlier_load_came_late_and_one_a_day_later_did_not(tmp_path):
    load(tmp_path, [event("A1")], "2025-03-06")
    store = load(tmp_path, [event("A2", on="2025-03-06"), event("A3", on="2025-03-07")], "2025-03-13")
    seen = [tonnes(store, f"2025-03-{day:02d}") for day in (3, 6, 7, 12, 13)]
    assert seen == [10, 10, 20, 20, 30]


def test_loads_of_one_day_are_one_load(tmp_path):
    load(tmp_path, [event("A1", on="2025-03-03")], "2025-03-20", at=0)
    store = load(tmp_path, [event("A2", on="2025-03-05")], "2025-03-20", at=1)
    assert tonnes(store, "2025-03-04") == 10
    assert tonnes(store, "2025-03-05") == 20


def test_a_repeated_row_counts_once_from_its_first_day(tmp_path):
    load(tmp_path, [event()], "2025-03-06")
    store = load(tmp_path, [event(), event("A2", on="2025-03-10")], "2025-03-13")
    assert [tonnes(store, day) for day in ("2025-03-03", "2025-03-09", "2025-03-13")] == [10, 10, 20]


def test_an_event_told_otherwise_by_a_later_load_changes_from_that_day_on_and_may_change_back(tmp_path):
    for at, (day, kilograms) in enumerate([("2025-03-06", 1e4), ("2025-03-13", 2e4), ("2025-03-20", 1e4)]):
        store = load(tmp_path, [event(quantity_kg=kilograms)], day, at=at)
    seen = [tonnes(store, f"2025-03-{day}") for day in ("06", "12", "13", "19", "20")]
    assert seen == [10, 10, 20, 20, 10]


def test_an_old_event_that_comes_late_does_not_undo_a_newer_one(tmp_path):
    load(tmp_path, [event(status="corrected", on="2025-03-05", quantity_kg=7_000.0)], "2025-03-06")
    load(tmp_path, [event("A2", status="cancelled", on="2025-03-05")], "2025-03-06", at=1)
    store = load(tmp_path, [event(on="2025-03-03"), event("A2", on="2025-03-03")], "2025-03-13")
    assert tonnes(store, "2025-03-13") == 7


def test_a_late_cancellation_leaves_past_days_as_they_were(tmp_path):
    before = load(tmp_path, [event()], "2025-03-06")
    then = tonnes(before, "2025-03-06")
    after = load(tmp_path, [event(status="cancelled", on="2025-03-05")], "2025-03-13")
    assert (then, tonnes(after, "2025-03-06"), tonnes(after, "2025-03-13")) == (10, 10, 0)


def test_of_events_of_one_day_a_correction_stands_over_a_filing_and_a_cancellation_over_both(tmp_path):
    rows = [event(), event(status="corrected", quantity_kg=5_000.0)]
    assert tonnes(load(tmp_path / "a", rows, "2025-03-06"), "2025-03-03") == 5
    assert tonnes(load(tmp_path / "b", [*rows, event(status="cancelled")], "2025-03-06"), "2025-03-03") == 0


HISTORY = [
    event("A1", on="2025-02-25", month="2025-03"),
    event("A2", on="2025-03-04", month="2025-03", importer="Bolt", code=WIRE),
    event("A3", on="2025-03-06", month="2025-04", importer="Bolt"),
    event("A1", "corrected", on="2025-03-07", month="2025-03", quantity_kg=12_000.0),
    event("A4", on="2025-03-13", month="2025-03", importer="Cast"),
    event("A2", "cancelled", on="2025-03-19", month="2025-03", importer="Bolt", code=WIRE),
    event("A3", "corrected", on="2025-03-20", month="2025-03", importer="Bolt", origin="MEX"),
    event("A5", on="2025-03-27", month="2025-04"),
    event("A4", "cancelled", on="2025-04-02", month="2025-03", importer="Cast"),
]
THURSDAYS = [date(2025, 2, 27) + timedelta(weeks=week) for week in range(6)]


def weekly(root):
    """Load the history Thursday by Thursday; return the view that each Thursday had on its own day."""
    seen = {}
    for before, day in zip([date(2025, 1, 1), *THURSDAYS], THURSDAYS, strict=False):
        rows = [row for row in HISTORY if before < row["status_date"].date() <= day]
        store = load(root, rows, str(day)) if rows else Store.open(root)
        seen[day] = view(store, day)
    return seen


def view(store, day):
    with LicenseLog(store) as log:
        return log.cells(day, ("month", "origin", "product", "largest_smelt", "entry_type"))


def test_each_stored_thursday_comes_back_after_all_are_loaded(tmp_path):
    seen = weekly(tmp_path)
    assert len({frame.to_csv() for frame in seen.values()}) == len(THURSDAYS)  # every week differs
    for day, then in seen.items():
        pd.testing.assert_frame_equal(view(Store.open(tmp_path), day), then)


def test_one_file_with_the_full_history_gives_the_same_thursdays_and_so_do_files_that_each_repeat_it(tmp_path):
    seen = weekly(tmp_path / "weekly")
    load(tmp_path / "one", HISTORY, str(THURSDAYS[-1]))
    for at, day in enumerate(THURSDAYS):
        load(tmp_path / "full", [row for row in HISTORY if row["status_date"].date() <= day], str(day), at=at)
    panels = []
    for name in ("weekly", "one", "full"):
        store = Store.open(tmp_path / name)
        for day, then in seen.items():
            pd.testing.assert_frame_equal(view(store, day), then)
        with LicenseLog(store) as log:
            assert log.thursdays() == THURSDAYS
            panels.append(log.panel(THURSDAYS, ("origin",)))
    for panel in panels[1:]:
        pd.testing.assert_frame_equal(panel, panels[0])


def test_importers_are_counted_and_not_added_and_spellings_are_one(tmp_path):
    rows = [
        event("A1", importer="Acme, Inc."),
        event("A2", importer="ACME  INC", code=WIRE),
        event("A3", importer="Bolt", code=WIRE, quantity_kg=5_000.0, customs_value_usd=90_000.0),
    ]
    with LicenseLog(load(tmp_path, rows, "2025-03-06")) as log:
        total = log.cells(date(2025, 3, 6), ())
        by_product = log.cells(date(2025, 3, 6), ("product",))
        panel = log.panel([date(2025, 3, 6)], ())
    assert total["importers"].tolist() == panel["importers"].tolist() == [2]
    assert by_product["importers"].tolist() == [1, 2]
    assert total["top_share"].tolist() == panel["top_share"].tolist() == [20 / 25]  # in quantity
    assert by_product["top_share"].tolist() == [1.0, 90 / 120]  # in value


def test_what_comes_out_names_no_license_and_no_importer(tmp_path):
    rows = [event("SECRET1", importer="Very Secret"), event("SECRET2", importer="Another Secret", origin="MEX")]
    with LicenseLog(load(tmp_path, rows, "2025-03-06")) as log:
        both = log.cells(date(2025, 3, 6), ("origin", "recent_cast"), with_importer=True)
        mexico = log.cells(date(2025, 3, 6), (), Chosen(places={"MEX": ["MEX"]}), with_importer=True)
        told = [both, mexico, log.panel([date(2025, 3, 6)], ()), log.filings(), log.codes()]
    assert "Secret" not in "".join(frame.to_csv() for frame in told)
    assert "SECRET" not in "".join(frame.to_csv() for frame in told)
    assert sorted(both["importer"]) == [1, 2]
    assert mexico["importer"].tolist() == [1]  # numbered anew: frames cannot be joined
    with LicenseLog(Store.open(tmp_path)) as log, pytest.raises(ValueError, match="importer"):
        log.cells(date(2025, 3, 6), ("importer",))


def test_what_counts_can_be_chosen(tmp_path):
    rows = [
        event("A1"),
        event("A2", entry_type="zone", quantity_kg=1_000.0),
        event("A3", code=WIRE, origin="MEX", quantity_kg=200.0),
    ]
    store = load(tmp_path, rows, "2025-03-06")
    assert tonnes(store, "2025-03-06") == 11.2
    assert tonnes(store, "2025-03-06", entry_types=("zone",)) == 1
    assert tonnes(store, "2025-03-06", codes=(WIRE,)) == 0.2
    assert tonnes(store, "2025-03-06", codes=()) == 0
    with LicenseLog(store) as log:
        groups = Chosen(places={"USMCA": ("CAN", "MEX"), "MEX": ("MEX",)})
        cells = log.cells(date(2025, 3, 6), ("origin",), groups)
    assert cells[["origin", "quantity_kg"]].values.tolist() == [["MEX", 200.0], ["USMCA", 11_200.0]]


def test_sums_do_not_depend_on_the_order_of_rows(tmp_path):
    rows = [event(f"A{at}", quantity_kg=0.1 * at + 0.007, customs_value_usd=0.01 * at + 0.05) for at in range(400)]
    for name, order in (("a", rows), ("b", rows[::-1])):
        load(tmp_path / name, [row | {"license_number": f"B{at}"} for at, row in enumerate(order)], "2025-03-06")
    one, other = (view(Store.open(tmp_path / name), date(2025, 3, 6)) for name in "ab")
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert one["quantity_kg"].tolist() == [round(sum(row["quantity_kg"] for row in rows), 3)]


def test_a_panel_shows_the_months_back_to_its_limit_and_none_ahead(tmp_path):
    months = ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05"]
    rows = [event(f"A{at}", on="2025-01-02", month=month) for at, month in enumerate(months)]
    with LicenseLog(load(tmp_path, rows, "2025-04-30")) as log:
        panel = log.panel([date(2025, 4, 3), date(2025, 3, 27)], (), months_back=1)
    assert panel[["day", "month"]].astype(str).values.tolist() == [
        ["2025-03-27", "2025-02-01"],
        ["2025-03-27", "2025-03-01"],
        ["2025-04-03", "2025-03-01"],
        ["2025-04-03", "2025-04-01"],
    ]


def test_filings_are_counted_on_every_calendar_day(tmp_path):
    rows = [
        event("A1", on="2025-03-03"),
        event("A2", on="2025-03-03"),
        event("A2", line_number=2, on="2025-03-03"),
        event("A1", "corrected", on="2025-03-04"),
        event("A3", on="2025-03-05"),
    ]
    load(tmp_path, rows, "2025-03-05")
    store = load(tmp_path, [event("A1", on="2025-03-03", quantity_kg=1.0), event("A4", on="2025-03-07")], "2025-03-07")
    with LicenseLog(store) as log:
        assert log.filings()["lines"].tolist() == [3, 0, 1, 0, 1]
        assert log.filings(date(2025, 3, 4))["day"].dt.day.tolist() == [3, 4]
        assert log.span == (date(2025, 3, 3), date(2025, 3, 7))
        assert log.thursdays() == [date(2025, 3, 6)]


def test_a_store_without_licenses_gives_empty_frames_of_the_same_types(tmp_path):
    filled = load(tmp_path, [event()], "2025-03-06")
    with LicenseLog(Store.open(EMPTY)) as none, LicenseLog(filled) as some:
        day = date(2025, 3, 6)
        for ask in (
            lambda log: log.cells(day, ("month", "origin")),
            lambda log: log.cells(day, ("product", "largest_smelt"), with_importer=True),
            lambda log: log.panel([day], ("origin",)),
            lambda log: log.filings(),
            lambda log: log.codes(),
        ):
            pd.testing.assert_series_equal(ask(none).dtypes, ask(some).dtypes)
            assert ask(none).empty
            assert not ask(some).empty
        assert none.span is None
        assert none.thursdays() == []
        assert none.commits_known() == []


def test_a_file_that_is_gone_is_told(tmp_path):
    store = load(tmp_path, [event()], "2025-03-06")
    (file,) = (tmp_path / "tables" / "licenses").glob("*.parquet")
    file.write_bytes(b"no parquet")
    with pytest.raises(AimError, match="damaged"):
        tonnes(store, "2025-03-06")
    file.unlink()
    with pytest.raises(AimError, match="lacks the rows"):
        tonnes(store, "2025-03-06")
