"""What is found does not depend on the file's format, on how it is cut into chunks, or on how files are cut."""

import io
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from license_files import ROW, row, to_csv

from aimlib.ingest.licenses import check_licenses

ON = date(2024, 6, 1)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "license_number": st.sampled_from(["A1", "A2", "A3"]),
        "line_number": st.sampled_from(["1", "2", ""]),
        "status": st.sampled_from(["filed", "corrected", "cancelled"]),
        "status_date": st.sampled_from(["03/01/2024", "03/04/2024", "03/09/2024", "13/09/2024", ""]),
        "origin": st.sampled_from(["Mexico", "Canada", "Korea", ""]),
        "importer": st.sampled_from(["Acme Metals Inc.", "Other", ""]),
        "second_smelt": st.sampled_from(["N/A", "NA", "Canada", "Norway", "unknown"]),
        "hts10": st.sampled_from(["7604291090", "7602000030", "7605110000", "76"]),
        "quantity_kg": st.sampled_from(["20000", "20,000.0", "2.000,5", "0", "1"]),
        "expected_import_date": st.sampled_from(["03/20/2024", "06/20/2024", "03/03/2024"]),
    },
)


def findings(folder, *bodies, suffix="csv"):
    paths = []
    for at, body in enumerate(bodies):
        paths.append(folder / f"part{at}.{suffix}")
        paths[-1].write_bytes(body)
    report = check_licenses(paths, on=ON)
    told = report.findings[["license_number", "field", "value", "rule"]].astype(str)
    return report.rows_refused, sorted(told.itertuples(index=False, name=None))


def workbook(rows):
    book = openpyxl.Workbook()
    book.active.append(list(ROW))
    for cells in rows:
        book.active.append(list(cells.values()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHANGES, min_size=1, max_size=12))
def test_one_file_many_files_small_chunks_and_a_workbook_say_the_same(tmp_path, changes):
    rows = [row(**one) for one in changes]
    whole = findings(tmp_path, to_csv(*rows).encode())
    assert findings(tmp_path, *(to_csv(one).encode() for one in rows)) == whole
    assert findings(tmp_path, workbook(rows), suffix="xlsx") == whole
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aimlib.sources.licenses.text._CHUNK_BYTES", 1500)
        assert findings(tmp_path, to_csv(*rows).encode()) == whole


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHANGES, min_size=2, max_size=8))
def test_every_row_is_loaded_refused_or_a_repetition(tmp_path, changes):
    """Count by another road: distinct events of the rows that no error names."""
    import pandas as pd

    from aimlib.ingest.licenses.examine import examine
    from aimlib.ingest.licenses.row_rules import Known
    from aimlib.store.raw import Origin, Snapshot

    rows = [row(**one) for one in changes]
    origin = Origin("test", "test", "test", pd.Timestamp("2024-06-01", tz="UTC").to_pydatetime(), "test")
    examined = examine([Snapshot(to_csv(*rows).encode(), origin, "x.csv")], Known(pd.Timestamp(ON)))
    refused = set(examined.refused())
    kept = [cells for at, cells in enumerate(rows) if at not in refused and cells["status"] != "cancelled"]
    events = {
        (cells["license_number"], cells["line_number"] or "1", cells["status"], cells["status_date"] or "03/01/2024")
        for cells in kept
    }
    loaded = examined.rows[examined.rows["status"] != "cancelled"]
    assert len(loaded) == len(events)
    # Refused or repeated are all the others, and a cancellation never stands without a line's content.
    assert examined.rows[["importer", "origin", "quantity_kg", "product"]].notna().all(axis=None)
