"""Asking UN Comtrade, with a key or its preview: one question at a time, at its pace, patient with what passes."""

from __future__ import annotations

import json
import logging
import random
import re
import time
from collections.abc import Callable
from typing import Any

import httpx
import stamina
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
from aimlib.sources.comtrade.question import PERIODS_AT_ONCE, Question, Reply, service_period
from aimlib.sources.comtrade.read import LIMITS

KEY_HEADER = "Ocp-Apim-Subscription-Key"
PREVIEW_ROWS = 500
KEYED_ROWS = 100_000  # what a free key gets; a paid one gets 250,000
_PREVIEW_PACE = 2.0  # times the pace with a key, which is a call a second
_PATIENCE_SECONDS = 120.0  # what the service may ask us to wait
_TIMEOUT = httpx.Timeout(120.0, connect=20.0)
_KEY_FORM = re.compile(r"[!-~]+")  # what an HTTP header can carry

# The retries are told through `on_wait`; without a handler of its own Python would print them to stderr.
logging.getLogger("stamina").addHandler(logging.NullHandler())


class ComtradeClient:
    """A client of the final goods data. Use as a context manager.

    The key goes into a header of questions to the service itself; redirects are not followed, so that it
    reaches no other address. ``on_wait`` is called with the error before each further attempt. At most
    ``max_calls`` calls are made, repeated ones included.
    """

    def __init__(
        self,
        base_url: str,
        key: SecretStr | None,
        *,
        attempts: int = 7,
        wait_seconds: float = 1.0,
        max_calls: int | None = None,
        on_wait: Callable[[Exception], None] | None = None,
    ) -> None:
        self._key = key.get_secret_value() if key is not None else ""
        if self._key and not _KEY_FORM.fullmatch(self._key):
            raise BadKey
        self.calls = 0
        self._url = base_url.rstrip("/") + ("/data/v1/get/" if self._key else "/public/v1/preview/")
        self._attempts = attempts
        self._wait_seconds = wait_seconds
        self._pace = wait_seconds * (1.0 if self._key else _PREVIEW_PACE)
        self._max_calls = max_calls
        self._on_wait = on_wait or (lambda error: None)
        self._last_call = -self._pace
        self._http = httpx.Client(timeout=_TIMEOUT, headers={KEY_HEADER: self._key} if self._key else {})

    def __enter__(self) -> ComtradeClient:
        return self

    def __exit__(self, *exc: object) -> None:
        self._http.close()

    @property
    def periods_at_once(self) -> int:
        """How many periods a question may have."""
        return PERIODS_AT_ONCE if self._key else 1

    def ask(self, question: Question) -> Reply:
        """Return the answer, retrying what passes.

        Raises TooLarge where it may be cut (ask its parts), and the other errors of
        `aimlib.sources.comtrade.errors`.
        """
        attempts = stamina.retry_context(
            on=self._backoff,
            attempts=self._attempts,
            timeout=None,
            wait_initial=self._wait_seconds,
            wait_max=60 * self._wait_seconds,
            wait_jitter=self._wait_seconds,
        )
        for attempt in attempts:
            with attempt:
                return self._once(question)
        raise AssertionError("stamina raises after the last attempt")

    def _once(self, question: Question) -> Reply:
        most = KEYED_ROWS if self._key else PREVIEW_ROWS
        request = self._http.build_request("GET", self._url + question.path, params=question.params(most))
        self._wait_for_turn()
        try:
            response = self._http.send(request)
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise ProviderDown(type(error).__name__) from None
        self._check_status(response, question.name)
        rows = self._rows(response.content, question)
        reported = {str(row["period"]) for row in rows}
        periods = frozenset(period for period in question.periods if service_period(period) in reported)
        return Reply(response.content, str(request.url), question, len(rows), periods)

    def _wait_for_turn(self) -> None:
        if self._max_calls is not None and self.calls >= self._max_calls:
            raise CallsUsed(self.calls)
        time.sleep(max(0.0, self._last_call + self._pace - time.monotonic()))
        self._last_call = time.monotonic()
        self.calls += 1

    def _check_status(self, response: httpx.Response, name: str) -> None:
        status = response.status_code
        if status == httpx.codes.OK:
            return
        told = self._told(response.text)
        if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            self._raise_refusal(status, told, name)
        if status == httpx.codes.TOO_MANY_REQUESTS:
            raise Throttled(_wait_asked(response.headers.get("Retry-After", ""), told))
        _check_page(response.text, name)
        if status == httpx.codes.REQUEST_URI_TOO_LONG:
            raise TooLong(name)
        if status == httpx.codes.BAD_REQUEST:
            raise BadRequest(name, told)
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise ProviderDown(f"HTTP {status}")
        raise NotFigures(name, f"came with HTTP status {status}")

    def _raise_refusal(self, status: int, told: str, name: str) -> None:
        if status == httpx.codes.UNAUTHORIZED:
            raise BadKey if "invalid" in told.lower() else MissingKey
        if "quota" in told.lower():
            when = re.search(r"replenished in ([0-9][0-9:.]*[0-9])", told)
            raise QuotaUsed(when[1] if when else "")
        raise KeyExpired(told) if self._key else NotFigures(name, f"was refused (HTTP status 403): {told}")

    def _told(self, text: str) -> str:
        """Return what the body of a refusal says, on one line, without the key."""
        try:
            said = json.loads(text)
        except ValueError:
            said = "a page in place of figures" if text.lstrip().startswith("<") else text
        if isinstance(said, dict):
            inner = said.get("errorObject")
            said = inner.get("errorMessage") if isinstance(inner, dict) else said.get("message") or said.get("error")
        line = " ".join(str(said or "").split())
        line = line.replace(self._key, "(key)") if self._key else line
        return line[:200].rstrip(".") or "no reason given"

    def _rows(self, body: bytes, question: Question) -> list[dict[str, Any]]:
        if self._key and self._key.encode() in body:
            raise NotFigures(question.name, "repeats the key, and is not kept")
        answer = _parsed(body, question.name)
        if answer.get("error"):
            raise BadRequest(question.name, self._told(body.decode()))
        rows = answer.get("data")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise NotFigures(question.name, "holds no rows of figures")
        if len(rows) in LIMITS or _count(answer) > len(rows):
            raise TooLarge(question.name, len(rows))
        if not all(question.fits(row) for row in rows):
            raise NotFigures(question.name, "has rows that were not asked for")
        return rows

    def _backoff(self, error: Exception) -> bool | float:
        if not isinstance(error, ProviderDown | Throttled | Truncated):
            return False
        wait = error.wait_seconds if isinstance(error, Throttled) else None
        if wait is not None and wait > _PATIENCE_SECONDS:
            return False
        self._on_wait(error)
        return True if wait is None else wait + random.uniform(0, self._wait_seconds)


def _parsed(body: bytes, name: str) -> dict[str, Any]:
    """Return the envelope of an answer. Raises by name what is none."""
    text = body.decode("utf-8-sig", errors="replace").strip()
    _check_page(text, name)
    try:
        answer = json.loads(text)
    except ValueError:
        if text.startswith("{"):
            raise Truncated(name) from None
        raise NotFigures(name, "is not JSON") from None
    if not isinstance(answer, dict):
        raise NotFigures(name, "is not an answer of UN Comtrade")
    return answer


def _check_page(text: str, name: str) -> None:
    """Raise where a text is one of the pages that come in an answer's place, with whatever status."""
    start = text.lstrip()[:2000].lower()
    if "request url too long" in start:
        raise TooLong(name)
    if "resource you are looking for has been removed" in start:
        raise Removed(name)


def _count(answer: dict[str, Any]) -> int:
    count = answer.get("count")
    return count if isinstance(count, int) else 0


def _wait_asked(header: str, told: str) -> float | None:
    """Return the seconds to wait that a header or else a message asks for."""
    if header.strip().isdecimal():
        return float(header)
    seconds = re.search(r"in (\d+) seconds?", told)
    return float(seconds[1]) if seconds else None
