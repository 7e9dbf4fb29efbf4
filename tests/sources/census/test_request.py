"""Asking a real HTTP server that fails as the service does; the key shows nowhere."""

import logging
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from aimlib.sources.census import request
from aimlib.sources.census.answer import read_answer
from aimlib.sources.census.errors import (
    BadKey,
    BadRequest,
    MissingKey,
    NoData,
    NotCensus,
    ProviderDown,
    Throttled,
    TooLarge,
)
from aimlib.sources.census.request import CensusClient

HEADINGS = tuple(str(heading) for heading in range(7601, 7617))
MONTH = "2024-01"


@pytest.fixture
def client(census):
    with CensusClient(census.url, SecretStr(census.key), wait_seconds=0.005) as asking:
        yield asking


def test_a_question_names_what_is_needed_and_brings_the_key(census, client):
    reply = client.ask(MONTH, "76")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(census.addresses[0]).query).items()}
    assert asked["key"] == census.key
    assert (asked["time"], asked["COMM_LVL"], asked["I_COMMODITY"]) == (MONTH, "HS10", "76*")
    wanted = {
        *("CTY_CODE", "CTY_NAME", "SUMMARY_LVL", "CON_VAL_MO", "GEN_VAL_MO", "CON_CIF_MO", "GEN_CIF_MO"),
        *("CAL_DUT_MO", "DUT_VAL_MO", "CON_QY1_MO", "CON_QY2_MO", "UNIT_QY1", "UNIT_QY2", "CON_QY1_MO_FLAG"),
    }
    assert wanted <= set(asked["get"].split(","))
    assert len(asked["get"].split(",")) <= 50
    assert census.key not in reply.asked
    assert "time=2024-01" in reply.asked


def test_every_variable_asked_for_is_in_the_services_list(census, client):
    client.ask(MONTH, "76")  # the server answers 400 to one that it does not know
    assert read_answer(client.ask(MONTH, "7601").body, "answer").columns[0] == "CTY_CODE"


@pytest.mark.parametrize("fault", ["429", "502", "503", "drop", "truncate"])
def test_what_passes_is_asked_again(census, client, fault):
    census.faults[MONTH].extend([fault, fault])
    assert client.ask(MONTH, "76").body.startswith(b"[[")
    assert len(census.asked) == 3


@pytest.mark.parametrize(("fault", "error"), [("429", Throttled), ("503", ProviderDown), ("drop", ProviderDown)])
def test_what_does_not_pass_is_told_after_five_attempts(census, client, fault, error):
    census.faults[MONTH].extend([fault] * 9)
    with pytest.raises(error):
        client.ask(MONTH, "76")
    assert len(census.asked) == 5


def test_the_waits_are_told(census):
    told = []
    with CensusClient(census.url, SecretStr(census.key), wait_seconds=0.005, on_wait=told.append) as client:
        census.faults[MONTH].extend(["429", "503"])
        client.ask(MONTH, "76")
    assert [type(error) for error in told] == [Throttled, ProviderDown]


def test_retry_after_is_honored(census, client):
    census.retry_after = "1"
    census.faults[MONTH].append("429")
    before = time.monotonic()
    client.ask(MONTH, "76")
    assert time.monotonic() - before >= 1.0
    assert len(census.asked) == 2


def test_a_retry_after_beyond_patience_ends_it_with_the_time(census, client):
    census.retry_after = "3600"
    census.faults[MONTH].append("429")
    with pytest.raises(Throttled, match="no more questions") as caught:
        client.ask(MONTH, "76")
    assert "3600 seconds" in caught.value.advice
    assert len(census.asked) == 1


@pytest.mark.parametrize(("header", "least", "most"), [("7", 7, 7), ("soon", None, None), ("", None, None)])
def test_retry_after_is_a_number_or_nothing(header, least, most):
    assert request._wait_asked(header) in ((least, most) if least else (None,))


def test_retry_after_may_be_a_date():
    assert request._wait_asked("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert request._wait_asked("Wed, 21 Oct 2099 07:28:00 GMT") > 1e6


@pytest.mark.parametrize(
    ("fault", "error"),
    [("400", BadRequest), ("404", NoData), ("500", TooLarge), ("504", TooLarge), ("html", NotCensus)],
)
def test_what_stays_is_not_asked_again(census, client, fault, error):
    census.faults[MONTH].append(fault)
    with pytest.raises(error):
        client.ask(MONTH, "76")
    assert len(census.asked) == 1


def test_a_month_not_published_has_no_data(census, client):
    with pytest.raises(NoData):
        client.month("2030-01", "76", HEADINGS)


def test_a_key_that_is_not_valid_is_told(census):
    with CensusClient(census.url, SecretStr("wrong-key")) as client, pytest.raises(BadKey) as caught:
        client.ask(MONTH, "76")
    assert "wrong-key" not in f"{caught.value} {caught.value!r}"


def test_the_page_behind_the_redirect_is_known(census, monkeypatch):
    monkeypatch.setattr(request._KeyTransport, "_is_home", lambda self, url: False)
    with CensusClient(census.url, SecretStr("unsent")) as client, pytest.raises(MissingKey):
        client.ask(MONTH, "76")
    assert census.addresses[-1] == "/data/missing_key.html"


def test_a_redirect_does_not_carry_the_key_away(census):
    transport = request._KeyTransport(f"{census.url}/imports/hs", SecretStr(census.key))
    with httpx.Client(transport=transport) as client:
        client.get(f"{census.url}/imports/elsewhere")
    assert census.key not in census.addresses[-1]


def test_no_server_is_told_without_its_address(census):
    client = CensusClient("http://127.0.0.1:9/data", SecretStr("s3cret"), attempts=1)
    with client, pytest.raises(ProviderDown) as caught:
        client.ask(MONTH, "76")
    assert "s3cret" not in str(caught.value)


def test_too_large_is_asked_by_heading_and_digit_and_remembered(census, client):
    census.too_large = lambda prefix: len(prefix) < 4 or prefix == "7601"
    replies = client.month(MONTH, "76", HEADINGS)
    prefixes = [prefix for _, prefix in census.asked]
    assert prefixes[:3] == ["76", "7601", "76010"]
    assert {"76011", "76012", "7602", "7616"} <= set(prefixes)
    census.asked.clear()
    again = client.month("2024-02", "76", HEADINGS)
    assert "76" not in [prefix for _, prefix in census.asked]
    assert len(again) == len(replies)
    whole = sum(len(read_answer(reply.body, "part").lines) for reply in replies)
    census.too_large = lambda prefix: False
    with CensusClient(census.url, SecretStr(census.key)) as fresh:
        assert whole == len(read_answer(fresh.ask(MONTH, "76").body, "whole").lines)


def test_failing_at_small_questions_too_is_not_size(census):
    census.too_large = lambda prefix: True
    client = CensusClient(census.url, SecretStr(census.key), attempts=2, wait_seconds=0.005)
    with client, pytest.raises(ProviderDown, match="small questions"):
        client.month(MONTH, "76", HEADINGS)


def test_the_key_is_in_no_log_and_no_error(census, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    with CensusClient(census.url, SecretStr(census.key), attempts=2, wait_seconds=0.005) as client:
        client.ask(MONTH, "76")
        for fault in ("drop", "truncate", "400", "429", "503", "html"):
            census.faults[MONTH].extend([fault] * 2)
            with pytest.raises(Exception) as caught:  # noqa: PT011 - each of them
                client.ask(MONTH, "76")
            shown = f"{caught.value} {caught.value!r} {caught.value.__cause__!r} {vars(caught.value)}"
            assert census.key not in shown
            census.faults[MONTH].clear()
    assert any(record.name == "httpx" for record in caplog.records)
    assert census.key not in caplog.text
    captured = capfd.readouterr()
    assert census.key not in captured.out + captured.err
