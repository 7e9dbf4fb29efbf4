"""aim diff and aim revisions, as a user sees them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from weekly_store import AFTER, BEFORE

from aimlib.bulletin.opening import revision_triangle
from aimlib.cli import changes
from aimlib.errors import AimError
from aimlib.store import Store


@pytest.fixture
def store(weekly, monkeypatch):
    monkeypatch.setenv("AIM_STORE", str(weekly))
    return weekly


def test_diff_prints_each_headline_with_its_cause_and_writes_them(store, capsys, tmp_path):
    csv = tmp_path / "changes.csv"
    changes.diff(BEFORE, date(2025, 6, 6), "import_trends", ["country=CAN", "measure=value"], csv)
    said = capsys.readouterr()
    out = " ".join(said.out.split())
    assert "import_trends: country CAN" in out
    assert "licenses replaced by Census" in out
    assert "May 2025 still filling" in out
    assert "2025-06-06 is no day on which the monitor comes out; the newest before it is 2025-06-05" in " ".join(
        said.err.split()
    )
    data = pd.read_csv(csv)
    level = data[data["headline"] == "level"]
    assert level["part"].sum() == pytest.approx(level["difference"].iloc[0])


@pytest.mark.parametrize(
    ("days", "notebook", "given", "words"),
    [
        ((AFTER, BEFORE), "import_trends", [], "is after"),
        ((AFTER, AFTER), "import_trends", [], "given twice"),
        ((date(2019, 1, 3), AFTER), "import_trends", [], "Nothing was known yet on 2019-01-03"),
        (
            (BEFORE, date(2999, 1, 3)),
            "import_trends",
            [],
            f"2999-01-03 is in the future. The newest day .* is {date.today()}",
        ),
        ((BEFORE, AFTER), "import_trend", [], "no notebook"),
        ((BEFORE, AFTER), "import_trends", ["as_of=2025-06-05"], "has no place here"),
        ((BEFORE, AFTER), "import_trends", ["country"], "is not a parameter"),
    ],
)
def test_what_diff_refuses(store, days, notebook, given, words):
    with pytest.raises(AimError, match=words):
        changes.diff(*days, notebook, given, None)


def test_revisions_print_the_triangle_and_write_every_print(store, capsys, tmp_path):
    csv = tmp_path / "revisions.csv"
    changes.revisions("Canada", None, "quantity", "consumption", 2, None, csv)
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert "U.S. imports of" in out
    assert "from Canada" in out
    assert "Licenses are left out" in out
    head = next(line for line in lines if line.startswith("Month"))
    assert head.split() == ["Month", "First", "print", "2025-05-08", "2025-06-05"]
    march, april = (next(line.split() for line in lines if line.startswith(month)) for month in ("2025-03", "2025-04"))
    assert len(march) == 4
    assert march[1] == march[2] != march[3]
    assert len(april) == 3
    assert april[1] == april[2]
    assert "No first print" not in out
    data = pd.read_csv(csv)
    assert data.groupby("month").size().loc["2025-03-01"] == 2
    assert set(data["product"]) == {"aim"}


def test_what_revisions_refuse(store, tmp_path):
    with pytest.raises(AimError, match="not a measure"):
        changes.revisions("CAN", None, "weight", "consumption", 2, None, None)
    with pytest.raises(AimError, match=f"--as-of 2999-01-03 is in the future. The newest day .* is {date.today()}"):
        changes.revisions("CAN", None, "value", "consumption", 2, date(2999, 1, 3), None)
    with pytest.raises(AimError, match="as_of=2999-01-03 is in the future"):
        revision_triangle(Store.open(store), as_of=date(2999, 1, 3))
    with pytest.raises(AimError, match="cannot be written"):
        changes.revisions("CAN", None, "value", "consumption", 2, None, tmp_path / "none" / "file.csv")
