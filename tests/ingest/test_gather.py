"""Whatever the bytes, there are rows, rejects or one clear message; never another error."""

from datetime import UTC, datetime

import pytest
from census_server import answer, to_json
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aimlib.errors import AimError
from aimlib.ingest.gather import gather
from aimlib.store.raw import Origin, Snapshot

ORIGIN = Origin("publisher", "title", "asked", datetime(2024, 1, 1, tzinfo=UTC), "license")
ROWS = answer("2024-01", prefix="7611", partners=["1220", "5082"])
CSV = "\n".join(",".join(f'"{cell}"' for cell in row) for row in ROWS).encode()


def gathered(*bodies):
    return gather([Snapshot(body, ORIGIN, "answer.json") for body in bodies])


def unharmed(body):
    try:
        found = gathered(body)
    except AimError as error:
        assert error.message  # noqa: PT017 - any AimError is good
        return
    kept = sum(len(rows) for rows in found.tables.values())
    assert kept + len(found.rejects) > 0


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes(body):
    unharmed(body)


@given(st.sampled_from([to_json(ROWS), CSV]), st.data())
@settings(max_examples=40, deadline=None)
def test_an_answer_with_a_piece_cut_out_or_put_in(body, data):
    at = data.draw(st.integers(0, len(body)))
    until = data.draw(st.integers(at, min(len(body), at + 40)))
    put_in = data.draw(st.sampled_from([b"", b'"', b",", b"\n", b"]", b"-", b"x", b"\xff", b"null", b'"7601"']))
    unharmed(body[:at] + put_in + body[until:])


CELLS = st.one_of(
    st.sampled_from(["", "-", "0", "7611000000", "1220", "2024-01", "1XXX", "KG", "NaN", "inf", "1e3", None, 5, 2.5]),
    st.text(max_size=6),
)


@given(st.integers(1, len(ROWS) - 1), st.integers(0, len(ROWS[0]) - 1), CELLS)
@example(1, 0, "9999")
@settings(max_examples=40, deadline=None)
def test_an_answer_with_another_cell(line, column, cell):
    import json

    rows = [list(row) for row in ROWS]
    rows[line][column] = cell
    unharmed(json.dumps(rows).encode())


def test_rows_and_rejects_are_every_row_that_is_not_left_out():
    rows = [list(row) for row in ROWS]
    rows[1][rows[0].index("CON_VAL_MO")] = "x"
    found = gathered(to_json(rows))
    one_concept = len(found.tables["census_imports"]) // 2
    assert found.rows_read == one_concept + len(found.rejects) + found.aggregates


def test_a_file_with_other_columns_may_join():
    fewer = answer("2024-02", prefix="7611", variables=["CTY_CODE", "CON_VAL_MO"])
    found = gathered(to_json(ROWS), to_json(fewer))
    assert set(found.tables["census_imports"]["period"]) == {"2024-01", "2024-02"}
    assert set(found.tables["census_imports"]["file"]) == {"answer.json", "answer.json (2)"}


def test_an_unknown_line_names_itself():
    with pytest.raises(AimError, match="7606999999"):
        gathered(to_json(answer("2024-01", codes=["7606999999"])))
