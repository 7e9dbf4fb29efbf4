"""The commands about licenses, as a user sees them."""

from datetime import date

import pandas as pd
import pytest
import typer
from license_files import row, to_csv

from aimlib.cli import licenses

ON = date(2024, 4, 4)


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Write rows to a file; the store is one of the test's own."""
    monkeypatch.setenv("AIM_STORE", str(tmp_path / "store"))

    def write(*rows):
        path = tmp_path / "week.csv"
        path.write_text(to_csv(*rows))
        return path

    return write


def test_a_check_says_where_what_and_what_to_do(file, capsys, tmp_path):
    path = file(row(), row(license_number="A2", recent_cast="N/A"), row(license_number="[b]A3[/b]", second_smelt="CAN"))
    csv = tmp_path / "findings.csv"
    with pytest.raises(typer.Exit) as stopped:
        licenses.check([path], ON, csv)
    assert stopped.value.exit_code == 1
    said = " ".join(capsys.readouterr().out.split())
    for words in ("AIM-CAST-01", "recent_cast", "[b]A3[/b]", "AIM-SMELT-04", "1 would be set aside", "361.103"):
        assert words in said
    assert said.index("AIM-CAST-01") < said.index("AIM-SMELT-04")
    written = pd.read_csv(csv, dtype=str, keep_default_na=False)
    assert list(written["rule"]) == ["AIM-CAST-01", "AIM-SMELT-04"]
    assert list(written["row"]) == ["3", "4"]
    assert not (tmp_path / "store").exists()


def test_a_check_with_warnings_only_succeeds(file, capsys):
    licenses.check([file(row(second_smelt="CAN"))], ON, None)
    assert "0 would be set aside, 0 errors and 1 warnings" in " ".join(capsys.readouterr().out.split())


def test_a_long_check_shows_the_first_and_counts_the_rest(file, capsys):
    with pytest.raises(typer.Exit):
        licenses.check([file(*(row(license_number=f"A{at}", recent_cast="N/A") for at in range(30)))], ON, None)
    said = " ".join(capsys.readouterr().out.split())
    assert "--csv FILE writes them all" in said
    assert said.count("AIM-CAST-01") == 21


def test_a_load_says_what_went_in_and_what_did_not(file, capsys):
    path = file(row(), row(license_number="A2", recent_cast="N/A"))
    with pytest.raises(typer.Exit) as stopped:
        licenses.load_licenses([path], ON, None)
    assert stopped.value.exit_code == 1
    captured = capsys.readouterr()
    assert "licenses: 1 lines, expected imports 2024-03 to 2024-03, known on 2024-04-04." in captured.out
    assert "AIM-CAST-01" in captured.err
    assert "1 of 2 rows were set aside" in " ".join(captured.err.split())
    assert "store/rejects/" in captured.err
    licenses.load_licenses([path], ON, None)
    assert "Nothing was changed" in capsys.readouterr().out
