"""What is asked of UN Comtrade, and what each of its ways of failing becomes."""

from __future__ import annotations

import json

import pytest
from comtrade_server import CODES, PARTNERS, ComtradeServer
from pydantic import SecretStr

from aimlib.sources.comtrade.errors import (
    BadKey,
    BadRequest,
    CallsUsed,
    KeyExpired,
    MissingKey,
    NotFigures,
    ProviderDown,
    QuotaUsed,
    Removed,
    Throttled,
    TooLarge,
    TooLong,
    Truncated,
)
from aimlib.sources.comtrade.question import Question
from aimlib.sources.comtrade.request import ComtradeClient

MONTH = Question(124, "CAN", "monthly", ("import", "export"), ("2026-03",), CODES)
YEAR = Question(124, "CAN", "monthly", ("import", "export"), tuple(f"2025-{m:02d}" for m in range(1, 13)), CODES)


@pytest.fixture
def server():
    with ComtradeServer() as running:
        yield running


@pytest.fixture
def ask(server):
    def run(question=MONTH, *, key=server.key, **options):
        secret = SecretStr(key) if key else None
        with ComtradeClient(server.url, secret, **({"wait_seconds": 0.001, "attempts": 4} | options)) as client:
            return client.ask(question)

    return run


def test_the_totals_over_all_dimensions_are_asked_for_and_all_partners(ask, server):
    reply = ask()
    (query,) = server.asked
    assert query["motCode"] == "0"
    assert query["customsCode"] == "C00"
    assert query["partner2Code"] == "0"
    assert query["flowCode"] == "M,X"
    assert query["period"] == "202603"
    assert "partnerCode" not in query
    assert reply.rows == 2 * len(CODES) * 5
    assert reply.reported == {"2026-03"}
    assert {row["partnerCode"] for row in json.loads(reply.body)["data"]} >= {0}


def test_without_those_parameters_the_server_counts_double():
    """The fixture has the trap that the parameters avoid."""
    service = ComtradeServer()
    query = MONTH.params(500)
    plain = {name: text for name, text in query.items() if name not in ("motCode", "customsCode", "partner2Code")}
    assert len(service.rows(plain)) == 7 * len(service.rows(query))
    service._http.server_close()


def test_a_key_goes_in_a_header_to_the_data_and_no_key_to_the_preview(ask, server):
    assert ask(YEAR).reported == set(YEAR.periods)
    ask(key="")
    keyed, preview = server.addresses
    assert keyed.startswith("/data/v1/get/C/M/HS?")
    assert preview.startswith("/public/v1/preview/C/M/HS?")
    assert server.key not in keyed


def test_an_annual_question_has_years(ask, server):
    reply = ask(Question(842, "USA", "annual", ("export",), ("2023", "2024"), ("7601",)))
    assert server.addresses[0].startswith("/data/v1/get/C/A/HS?")
    assert reply.reported == {"2023", "2024"}
    assert {row["refMonth"] for row in json.loads(reply.body)["data"]} == {52}


def test_an_empty_answer_reports_nothing(ask):
    reply = ask(Question(124, "CAN", "monthly", ("import",), ("2026-10",), CODES))
    assert (reply.rows, reply.reported) == (0, frozenset())


@pytest.mark.parametrize(("key", "limit"), [("", 500), ("0123456789abcdef", 500), ("0123456789abcdef", 100_000)])
def test_as_many_rows_as_a_limit_may_be_a_cut_answer(ask, server, key, limit):
    slim = {"reporterCode": 124, "period": "202603", "flowCode": "M", "cmdCode": "760110"}
    server.edit = lambda rows: [slim] * limit
    with pytest.raises(TooLarge):
        ask(key=key)


def test_an_answer_that_counts_more_rows_than_it_has_is_cut(ask, server, monkeypatch):
    monkeypatch.setattr(
        "comtrade_server._Handler._envelope", lambda self, rows: json.dumps({"count": len(rows) + 1, "data": rows})
    )
    with pytest.raises(TooLarge):
        ask()


def test_parts_are_halves_by_period_then_flow_then_code():
    first, second = YEAR.parts()
    assert first.periods + second.periods == YEAR.periods
    imports, exports = MONTH.parts()
    assert (imports.flows, exports.flows) == (("import",), ("export",))
    some, others = imports.parts()
    assert some.codes + others.codes == CODES
    assert Question(124, "CAN", "monthly", ("import",), ("2026-03",), ("7601",)).parts() == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("quota", QuotaUsed),
        ("expired", KeyExpired),
        ("400", BadRequest),
        ("html", NotFigures),
        ("not json", NotFigures),
        ("stranger", NotFigures),
        ("echo", NotFigures),
        ("removed", Removed),
        ("too long", TooLong),
    ],
)
def test_what_will_not_pass_is_a_named_error_at_once(ask, server, fault, error):
    server.faults["202603"].append(fault)
    with pytest.raises(error) as caught:
        ask()
    assert len(server.asked) == 1
    assert server.key not in f"{caught.value}{caught.value.__cause__}"


@pytest.mark.parametrize(
    ("fault", "error"), [("503", ProviderDown), ("500", ProviderDown), ("drop", ProviderDown), ("truncate", Truncated)]
)
def test_what_may_pass_is_asked_again_and_then_named(ask, server, fault, error):
    server.faults["202603"].append(fault)
    assert ask().rows
    server.faults["202603"].extend([fault] * 4)
    with pytest.raises(error):
        ask()
    assert len(server.asked) == 6


def test_the_service_says_what_it_has_against_a_question(ask, server):
    server.faults["202603"].append("400")
    with pytest.raises(
        BadRequest, match=r"CAN import and export of 19 codes in 2026-03: .* Invalid cmdCode for \(key\)"
    ):
        ask()


def test_the_quota_says_when_it_is_replenished(ask, server):
    server.quota = 0
    with pytest.raises(QuotaUsed, match="replenished in 05:12:33"):
        ask()


@pytest.mark.parametrize(("retry_after", "waits"), [("1", 1.0), (None, 1.0), ("0", 0.0)])
def test_too_many_questions_wait_what_the_service_says(ask, server, retry_after, waits):
    server.retry_after = retry_after
    server.faults["202603"].append("429")
    told = []
    assert ask(on_wait=told.append).rows
    (error,) = told
    assert isinstance(error, Throttled)
    assert error.wait_seconds == waits


def test_a_wait_beyond_patience_ends_it(ask, server):
    server.retry_after = "3600"
    server.faults["202603"].append("429")
    with pytest.raises(Throttled, match="in 3600 seconds"):
        ask()
    assert len(server.asked) == 1


def test_keys_that_do_not_work_are_told_apart(ask, server):
    with pytest.raises(BadKey):
        ask(key="another")
    with pytest.raises(BadKey):
        ask(key="two\nlines")
    server.key = ""
    server.faults["202603"].append("expired")
    with pytest.raises(NotFigures, match="403"):
        ask(key="")
    assert MissingKey().advice.endswith("COMTRADE_API_KEY.")


def test_no_more_calls_are_made_than_allowed(ask, server):
    server.faults["202603"].extend(["503"] * 3)
    with pytest.raises(CallsUsed, match="2 calls"):
        ask(max_calls=2)
    assert len(server.asked) == 2


def test_calls_keep_their_distance(server, monkeypatch):
    clock, slept = [100.0], []

    def sleep(seconds):
        slept.append(round(seconds, 3))
        clock[0] += seconds

    monkeypatch.setattr("aimlib.sources.comtrade.request.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("aimlib.sources.comtrade.request.time.sleep", sleep)
    for key, pace in ((SecretStr(server.key), 1.0), (None, 2.0)):
        slept.clear()
        with ComtradeClient(server.url, key) as client:
            client.ask(MONTH)
            clock[0] += 0.25
            client.ask(MONTH)
        assert slept[-1] == pace - 0.25


def test_a_redirect_is_not_followed_with_the_key(ask, server, monkeypatch):
    monkeypatch.setattr(
        "comtrade_server._Handler._figures",
        lambda self, *of: self._send(302, "", headers={"Location": f"{server.url}/elsewhere"}),
    )
    with pytest.raises(NotFigures, match="status 302"):
        ask()
    assert not any("elsewhere" in address for address in server.addresses)


def test_partners_are_codes_that_the_tables_know():
    import pandas as pd

    from aimlib.reference.countries import from_comtrade

    assert len(set(from_comtrade(pd.Series(PARTNERS), on="2025"))) == len(PARTNERS)
