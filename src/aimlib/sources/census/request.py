"""Asking the service: a month at a time, split by code where that is too large, patient with what passes."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.request import getproxies, proxy_bypass

import httpx
import stamina
from pydantic import SecretStr

from aimlib.sources.census.answer import check_page
from aimlib.sources.census.errors import (
    BadRequest,
    NoData,
    NotCensus,
    ProviderDown,
    Throttled,
    TooLarge,
)
from aimlib.sources.census.variables import asked_variables

_DATA_SET = "/imports/hs"
_LONGEST_PREFIX = 6
_PATIENCE_SECONDS = 120.0  # what the service may ask us to wait
_TIMEOUT = httpx.Timeout(200.0, connect=20.0)  # it thinks for up to 150 seconds before it gives up

# The retries are told through `on_wait`; without a handler of its own Python would print them to stderr.
logging.getLogger("stamina").addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Reply:
    """The bytes of one answer and the question it answers, without the key."""

    body: bytes
    asked: str


class CensusClient:
    """A client of intltrade/imports/hs. Use as a context manager.

    The key is put into a question below everything that logs or raises, so that no address that httpx shows
    has it. ``on_wait`` is called with the error before each further attempt.
    """

    def __init__(
        self,
        base_url: str,
        key: SecretStr,
        *,
        attempts: int = 5,
        wait_seconds: float = 1.0,
        on_wait: Callable[[Exception], None] | None = None,
    ) -> None:
        self._url = base_url.rstrip("/") + _DATA_SET
        self._key = key
        self._attempts = attempts
        self._wait_seconds = wait_seconds
        self._on_wait = on_wait or (lambda error: None)
        self._too_large: set[str] = set()
        transport = _KeyTransport(self._url, key)
        self._http = httpx.Client(transport=transport, timeout=_TIMEOUT, follow_redirects=True)

    def __enter__(self) -> CensusClient:
        return self

    def __exit__(self, *exc: object) -> None:
        self._http.close()

    def month(self, month: str, chapter: str, headings: Sequence[str]) -> list[Reply]:
        """Return the answers that together hold `chapter` at HTS10 in `month` (``YYYY-MM``).

        Where the service cannot answer at once, the chapter is asked by `headings`, and those digit by digit.
        Raises NoData when no part has rows, and the other errors of `aimlib.sources.census.errors`.
        """
        replies: list[Reply] = []
        prefixes = [chapter]
        while prefixes:
            prefix = prefixes.pop(0)
            if prefix not in self._too_large:
                try:
                    replies.append(self.ask(month, prefix))
                    continue
                except NoData:
                    continue
                except TooLarge:
                    self._too_large.add(prefix)
            narrower = headings if prefix == chapter else [f"{prefix}{digit}" for digit in range(10)]
            prefixes = [*narrower, *prefixes]
        if not replies:
            raise NoData(f"{chapter} in {month}")
        return replies

    def ask(self, month: str, prefix: str) -> Reply:
        """Return the answer for the codes that start with `prefix`, retrying what passes."""
        params = {
            "get": ",".join(asked_variables()),
            "time": month,
            "COMM_LVL": "HS10",
            "I_COMMODITY": f"{prefix}*",
        }
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
                return self._once(params, f"The answer for {prefix} in {month}", prefix)
        raise AssertionError("stamina raises after the last attempt")

    def _once(self, params: dict[str, str], name: str, prefix: str) -> Reply:
        request = self._http.build_request("GET", self._url, params=params)
        try:
            response = self._http.send(request)
        except httpx.ReadTimeout:
            raise _too_large(name, prefix) from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise ProviderDown(name, type(error).__name__) from None
        self._check_status(response, name, prefix)
        text = response.content.decode("utf-8", errors="replace").strip()
        if not text.startswith("["):
            check_page(text, name)
            raise NotCensus(name, "is not rows of figures", "Check AIM_CENSUS_URL.")
        if "".join(text[-8:].split())[-2:] != "]]":
            raise ProviderDown(name, "the answer ended early")
        return Reply(response.content, str(request.url))

    def _check_status(self, response: httpx.Response, name: str, prefix: str) -> None:
        status = response.status_code
        if status == httpx.codes.OK:
            return
        if status in (204, 404):
            raise NoData(name)
        if status == httpx.codes.BAD_REQUEST:
            told = response.text.replace(self._key.get_secret_value(), "...")
            check_page(told.strip(), name)
            raise BadRequest(name, " ".join(told.split())[:200] or "no reason given")
        if status == httpx.codes.TOO_MANY_REQUESTS:
            raise Throttled(name, _wait_asked(response.headers.get("Retry-After", "")))
        if status in (500, 504):
            raise _too_large(name, prefix)
        if status in (502, 503):
            raise ProviderDown(name, f"HTTP {status}")
        raise NotCensus(name, f"came with HTTP status {status}", "Check AIM_CENSUS_URL and the key.")

    def _backoff(self, error: Exception) -> bool | float:
        if not isinstance(error, ProviderDown | Throttled):
            return False
        wait = error.wait_seconds if isinstance(error, Throttled) else None
        if wait is not None and wait > _PATIENCE_SECONDS:
            return False
        self._on_wait(error)
        return True if wait is None else wait + random.uniform(0, self._wait_seconds)


class _KeyTransport(httpx.BaseTransport):
    """Adds the key to questions about the data set, and to no other address that a redirect leads to."""

    def __init__(self, url: str, key: SecretStr) -> None:
        self._home = httpx.URL(url)
        self._key = key
        host = self._home.host
        proxy = None if proxy_bypass(host) else getproxies().get(self._home.scheme)
        self._inner = httpx.HTTPTransport(proxy=proxy)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._is_home(request.url):
            keyed = request.url.copy_merge_params({"key": self._key.get_secret_value()})
            request = httpx.Request(
                request.method,
                keyed,
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()

    def _is_home(self, url: httpx.URL) -> bool:
        return url.copy_with(query=None) == self._home


def _too_large(name: str, prefix: str) -> TooLarge | ProviderDown:
    """Return the error of a question that failed for its size, which at six digits cannot be the reason."""
    if len(prefix) >= _LONGEST_PREFIX:
        return ProviderDown(name, "it fails at small questions too")
    return TooLarge(name)


def _wait_asked(header: str) -> float | None:
    """Return the seconds that a Retry-After header asks for, by number or by date."""
    if header.strip().isdecimal():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
