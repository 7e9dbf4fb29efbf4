"""Bad input gets one clear message, a non-zero exit status, and the store stays as it was."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from aimlib.cli import main


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str


@pytest.fixture
def aim(monkeypatch, capsys, tmp_path):
    """Run the command line in this process on a store of the test's own."""

    def run(*arguments: str, store: Path | None = None) -> Said:
        monkeypatch.setenv("AIM_STORE", str(store or tmp_path / "store"))
        monkeypatch.setattr(sys, "argv", ["aim", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        captured = capsys.readouterr()
        return Said(int(stopped.value.code or 0), captured.out, captured.err)

    return run


def one_message(said: Said, *words: str) -> None:
    text = " ".join(said.err.split())
    assert said.status == 2, text
    assert text.startswith("Error:")
    for word in words:
        assert word in text
    assert "Traceback" not in text
    assert not re.search(r"\bFile \"|\.py\b|/tmp/", text)


ANSWER = [
    ["CTY_CODE", "CTY_NAME", "CON_VAL_MO", "I_COMMODITY", "COMM_LVL", "time"],
    ["1220", "CANADA", "70", "7601106030", "HS10", "2024-03"],
    ["2010", "MEXICO", "30", "7601106030", "HS10", "2024-03"],
    ["-", "TOTAL FOR ALL COUNTRIES", "100", "7601106030", "HS10", "2024-03"],
]


@pytest.fixture
def answer(tmp_path) -> Path:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(ANSWER))
    return path


def test_a_good_answer_goes_in_and_the_same_again_changes_nothing(aim, answer):
    first = aim("load", "census", answer)
    assert first.status == 0, first.err
    assert "2024-03" in first.out
    again = aim("load", "census", answer)
    assert again.status == 0
    assert "already" in again.out
    assert "1 " in aim("tables").out


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("country=Canda",), ("Canda", "Did you mean Canada?")),
        (("contry=CAN",), ("contry", "Did you mean country?")),
        (("as_of=2021-13-01",), ("2021-13-01", "not a day")),
        (("as_of=2016-01-01",), ("2016-01-01", "first figures")),
        (("period=2024-13",), ("2024-13", "not a period")),
        (("period=1990",), ("1990", "no month")),
        (("product=foile",), ("foile", "Did you mean")),
        (("country",), ("-p country", "NAME=VALUE")),
        (("country=CAN", "country=MEX"), ("given twice",)),
    ],
)
def test_parameters(aim, sample_store, given, words):
    pairs = [part for pair in given for part in ("-p", pair)]
    one_message(aim("run", "import_trends", *pairs, store=sample_store), *words)


def test_an_unknown_notebook(aim):
    one_message(aim("run", "import_trend"), "import_trend", "Did you mean import_trends?")


def test_an_empty_store_says_how_to_fill_it(aim):
    one_message(aim("run", "import_trends"), "empty", "aim sample", "aim load")


def test_quantity_where_there_is_none(aim, answer):
    aim("load", "census", answer)
    one_message(aim("run", "import_trends", "-p", "measure=quantity"), "no quantities", "measure=value")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "key.json",
            "<html><title>Missing Key</title>A valid <em>key</em> must be included</html>",
            ("key.json", "key"),
        ),
        ("cut.json", json.dumps(ANSWER)[:150], ("cut.json", "cut")),
        ("empty.json", "", ("empty.json", "empty")),
        ("other.csv", "a,b\n1,2\n", ("other.csv", "CTY_CODE")),
        ("picture.png", "\x89PNG\r\n\x1a\n\x00\x00", ("picture.png",)),
    ],
)
def test_files_that_are_no_answers(aim, tmp_path, name, content, words):
    (tmp_path / name).write_text(content, encoding="latin-1")
    one_message(aim("load", "census", tmp_path / name), *words)
    assert "empty" in aim("tables").out


def test_a_file_that_is_not_there(aim, tmp_path):
    one_message(aim("load", "census", tmp_path / "none.csv"), "none.csv", "does not exist")


def test_an_answer_that_misses_its_total_shows_where(aim, tmp_path):
    wrong = [row.copy() for row in ANSWER]
    wrong[1][2] = "69"
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(wrong))
    one_message(aim("load", "census", path), "2024-03", "7601106030")
    assert "empty" in aim("tables").out


def test_text_in_a_number_of_a_selection_is_set_aside_and_the_rest_goes_in(aim, tmp_path):
    odd = [*ANSWER[:3], ["4280", "GERMANY", "many", "7601106030", "HS10", "2024-03"]]
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(odd))
    said = aim("load", "census", path, "--selection", "--rejects", tmp_path / "rejects.csv")
    assert said.status == 1
    assert "1 of 3 rows were set aside" in " ".join(said.err.split())
    assert "many" in (tmp_path / "rejects.csv").read_text()


def test_rows_set_aside_are_where_the_message_says(aim, tmp_path, monkeypatch):
    odd = [*ANSWER[:3], ["4280", "GERMANY", "many", "7601106030", "HS10", "2024-03"]]
    (tmp_path / "odd.json").write_text(json.dumps(odd))
    monkeypatch.chdir(tmp_path)
    said = " ".join(aim("load", "census", "odd.json", "--selection").err.split())
    named = re.search(r"They are in (store/rejects/\S+\.csv), with the reason of each", said)
    assert "many" in Path(named[1]).read_text()


def test_known_on_in_the_future_or_before_the_month_is_over(aim, answer):
    one_message(aim("load", "census", answer, "--known-on", "2099-01-01"), "2099-01-01")
    one_message(aim("load", "census", answer, "--known-on", "2024-03-15"), "2024-03")


def test_fetching_without_a_key_says_where_to_get_one(aim, monkeypatch):
    for name in ("CENSUS_API_KEY", "AIM_CENSUS_KEY"):
        monkeypatch.delenv(name, raising=False)
    one_message(aim("fetch", "census", "--from", "2024-01"), "CENSUS_API_KEY", "key_signup")


def test_the_sample_goes_into_an_empty_store_only(aim, answer):
    aim("load", "census", answer)
    one_message(aim("sample"), "real", "AIM_STORE")


@pytest.mark.parametrize("option", ["-o", "--output", "--on", "--data", "--only"])
@pytest.mark.parametrize("text", ["", " "])
def test_an_empty_option_of_the_weekly_run_is_not_the_default(aim, option, text):
    name = "--output" if option == "-o" else option
    one_message(aim("weekly", option, text), f"{name} is empty.", "or leave it away")


def test_an_output_that_is_a_file_or_another_bulletins_folder(aim, sample_store, tmp_path):
    (tmp_path / "file").write_text("")
    one_message(aim("run", "import_trends", "-o", tmp_path / "file", store=sample_store), "file", "--output")
    other = tmp_path / "other"
    other.mkdir()
    (other / "run.json").write_text(json.dumps({"outputs": {"another.html": ""}}))
    one_message(aim("run", "import_trends", "-o", other, store=sample_store), "another", "--output")


@pytest.mark.parametrize(
    "command",
    [(), ("load",), ("load", "census"), ("fetch",), ("fetch", "census"), ("run",), ("sample",), ("tables",), 
     ("params",), ("list",), ("doctor",)],
)  # fmt: skip
def test_help_everywhere(aim, command):
    said = aim(*command, "--help")
    assert said.status == 0
    assert "Usage" in said.out
    if command and command not in (("load",), ("fetch",)):
        assert "Example" in said.out


def test_version_params_list_and_doctor(aim, sample_store):
    assert re.fullmatch(r"aim \d+\.\d+\.\d+", aim("--version").out.strip())
    assert "concept" in aim("params", "import_trends").out
    assert "import_trends" in aim("list").out
    doctor = aim("doctor", store=sample_store)
    assert doctor.status == 0
    assert "sample" in doctor.out


def test_real_data_never_go_into_the_samples_store(aim, answer, sample_store):
    said = aim("load", "census", answer, store=sample_store / "sample")
    one_message(said, "sample", "AIM_STORE")


def test_a_fault_inside_is_one_message_without_a_trace(aim, monkeypatch):
    monkeypatch.setattr("aimlib.cli.data.tables", lambda: 1 / 0)
    said = aim("tables")
    assert said.status == 70
    assert "Traceback" not in said.err
    assert "AIM_DEBUG" in said.err
