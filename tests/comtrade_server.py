"""A local HTTP server that answers as UN Comtrade does for final goods data, with its limits and its faults.

``python tests/comtrade_server.py --port 8766 --key KEY --published 2026-08`` serves until interrupted; set
``AIM_COMTRADE_URL=http://127.0.0.1:8766`` (and ``COMTRADE_API_KEY=KEY``) to use it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PREVIEW_ROWS = 500
REPORTERS = {124: "CAN", 276: "DEU", 699: "IND", 842: "USA"}
PARTNERS = (36, 40, 56, 76, 156, 208, 251, 300, 348, 360, 372, 380, 392, 410, 458, 484, 490, 528, 554, 579)
PARTNERS += (616, 620, 642, 643, 682, 702, 703, 710, 724, 752, 757, 764, 784, 792, 804, 826, 858, 862)
CODES = ("760110", "760120", "760410", "760421", "760429", "760511", "760519", "760521", "760529", "760611", "760612")
CODES += ("760691", "760692", "760711", "760719", "760720", "760810", "760820", "760900")
HTML = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Come back later</body></html>"
REMOVED = "The resource you are looking for has been removed, had its name changed, or is temporarily unavailable."
_THROTTLED = {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 1 seconds."}
_QUOTA = {"statusCode": 403, "message": "Out of call volume quota. Quota will be replenished in 05:12:33."}
_EXPIRED = {"statusCode": 403, "message": "Access denied: the subscription is not active."}
_NO_KEY = "Access denied due to missing subscription key. Make sure to include subscription key when making requests."
_BAD_KEY = "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
_FAULTS = {
    "429": (429, json.dumps(_THROTTLED)),
    "quota": (403, json.dumps(_QUOTA)),
    "expired": (403, json.dumps(_EXPIRED)),
    "html": (200, HTML),
    "removed": (404, REMOVED),
    "too long": (200, "Request URL Too Long"),
    "not json": (200, "no figures today"),
    "503": (503, HTML),
    "500": (500, json.dumps({"statusCode": 500, "message": "Internal server error"})),
}


def _refused(told: str) -> str:
    return json.dumps({"statusCode": 400, "errorObject": {"errorCode": 1, "errorMessage": told}, "data": None})


@cache
def _number(*of: object) -> int:
    return int.from_bytes(hashlib.sha256(repr(of).encode()).digest()[:4], "big")


def flows(reporter: int, flow: str, period: str, code: str, partners: int, edition: int) -> dict[int, tuple[int, int]]:
    """Return partner -> (dollars, kilograms) of one cell, always the same for the same arguments."""
    start = _number(reporter, flow, code) % len(PARTNERS)
    around = [PARTNERS[(start + at) % len(PARTNERS)] for at in range(min(partners, len(PARTNERS)))]
    cells = {}
    for partner in around:
        kilograms = 1_000 + _number(reporter, flow, period, code, partner, edition) % 900_000
        cells[partner] = (kilograms * (2 + _number(code, partner) % 3), kilograms)
    return cells


def record(reporter: int, flow: str, period: str, code: str, partner: int, dollars: float, kilograms: float | None):
    """Return a row in the service's 47 fields, as it comes with includeDesc=false."""
    annual = len(period) == 4
    return {
        "typeCode": "C",
        "freqCode": "A" if annual else "M",
        "refPeriodId": int(f"{period[:4]}{'01' if annual else period[4:]}01"),
        "refYear": int(period[:4]),
        "refMonth": 52 if annual else int(period[4:]),
        "period": period,
        "reporterCode": reporter,
        **dict.fromkeys(("reporterISO", "reporterDesc")),
        "flowCode": flow,
        "flowDesc": None,
        "partnerCode": partner,
        **dict.fromkeys(("partnerISO", "partnerDesc")),
        "partner2Code": 0,
        **dict.fromkeys(("partner2ISO", "partner2Desc")),
        "classificationCode": "H6" if period[:4] >= "2022" else "H5",
        "classificationSearchCode": "HS",
        "isOriginalClassification": True,
        "cmdCode": code,
        "cmdDesc": None,
        "aggrLevel": None,
        "isLeaf": None,
        "customsCode": "C00",
        "customsDesc": None,
        "mosCode": "0",
        "motCode": 0,
        "motDesc": None,
        "qtyUnitCode": 8,
        "qtyUnitAbbr": None,
        "qty": kilograms,
        "isQtyEstimated": False,
        "altQtyUnitCode": 8,
        "altQtyUnitAbbr": None,
        "altQty": kilograms,
        "isAltQtyEstimated": False,
        "netWgt": kilograms,
        "isNetWgtEstimated": False,
        "grossWgt": 0.0,
        "isGrossWgtEstimated": False,
        "cifvalue": float(dollars) if flow == "M" else None,
        "fobvalue": float(dollars) if flow == "X" else None,
        "primaryValue": float(dollars),
        "legacyEstimationFlag": 0,
        "isReported": False,
        "isAggregate": True,
    }


def _broken_down(row: dict, query: dict[str, str]) -> Iterator[dict]:
    """Yield a row, and the rows that break it down where the question does not rule them out."""
    yield row
    for name, parts in (("motCode", (1000, 2100)), ("customsCode", ("C01", "C04")), ("partner2Code", (528, 56))):
        if name not in query:
            half = {measure: row[measure] and row[measure] / 2 for measure in ("primaryValue", "netWgt", "qty")}
            yield from (row | half | {name: part} for part in parts)


class ComtradeServer:
    """The server, in a thread. Use as a context manager.

    ``partners`` is how many a cell has, besides the world; ``published`` the last month that is reported, or the last
    for a reporter in ``published_by``; ``silent`` tells which (reporter, flow, period) have no trade. ``keyed_rows``
    is the limit with the key. ``faults[period]`` holds what goes wrong in the next answers whose first period it is:
    the names in ``_FAULTS``, ``400``, ``truncate``, ``drop``, ``stranger`` or ``echo``. ``edit`` changes an answer's
    rows. ``quota`` is how many calls are left, None for any number.
    ``asked`` lists each question's query, ``addresses`` every path with its query.
    """

    def __init__(self, key: str = "0123456789abcdef", published: str = "2026-08", port: int = 0) -> None:
        self.key = key
        self.published = published
        self.published_by: dict[int, str] = {}
        self.partners = 4
        self.keyed_rows = 100_000
        self.quota: int | None = None
        self.silent: Callable[[int, str, str], bool] = lambda reporter, flow, period: False
        self.edition: Callable[[str], int] = lambda period: 0
        self.edit: Callable[[list[dict]], list[dict]] = lambda rows: rows
        self.faults: dict[str, deque[str]] = defaultdict(deque)
        self.retry_after: str | None = "0"
        self.asked: list[dict[str, str]] = []
        self.addresses: list[str] = []
        self._http = _Listener(self, port)

    @property
    def url(self) -> str:
        """The address to give as AIM_COMTRADE_URL."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> ComtradeServer:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def rows(self, query: dict[str, str]) -> list[dict]:
        """Return the rows that a question finds, all of them."""
        reporter, found = int(query["reporterCode"]), []
        last = self.published_by.get(reporter, self.published).replace("-", "")
        for period in query["period"].split(","):
            if reporter not in REPORTERS or period > last[: len(period)] or (len(period) == 4 and period >= last[:4]):
                continue
            for flow in query["flowCode"].split(","):
                if not self.silent(reporter, flow, period):
                    found += [
                        row for code in query["cmdCode"].split(",") for row in self._cell(reporter, flow, period, code)
                    ]
        return self.edit([part for row in found for part in _broken_down(row, query)])

    def _cell(self, reporter: int, flow: str, period: str, code: str) -> list[dict]:
        below = [other for other in CODES if other.startswith(code)]
        sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for other in below:
            for partner, amounts in flows(reporter, flow, period, other, self.partners, self.edition(period)).items():
                sums[partner] = [one + more for one, more in zip(sums[partner], amounts, strict=True)]
        world = [sum(amounts) for amounts in zip(*sums.values(), strict=True)]
        lines = {0: world, **sums} if sums else {}
        return [record(reporter, flow, period, code, partner, *amounts) for partner, amounts in lines.items()]


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, service: ComtradeServer, port: int) -> None:
        self.service = service
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, *args: object) -> None:
        """Stay quiet when a client goes away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer; otherwise each waits for an acknowledgment

    @property
    def service(self) -> ComtradeServer:
        return self.server.service

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.service.addresses.append(self.path)
        path = urlsplit(self.path).path
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        known = re.fullmatch(r"/(data/v1/get|public/v1/preview)/C/([AM])/HS", path)
        keyed = path.startswith("/data/")
        if not known:
            self._send(404, REMOVED, "text/plain")
        elif keyed and not self.headers.get("Ocp-Apim-Subscription-Key"):
            self._send(401, json.dumps({"statusCode": 401, "message": _NO_KEY}))
        elif keyed and self.headers["Ocp-Apim-Subscription-Key"] != self.service.key:
            self._send(401, json.dumps({"statusCode": 401, "message": _BAD_KEY}))
        elif self.service.quota == 0:
            self._send(*_FAULTS["quota"])
        else:
            self.service.quota = None if self.service.quota is None else self.service.quota - 1
            self.service.asked.append(query)
            self._figures(query, keyed, known[2])

    def _figures(self, query: dict[str, str], keyed: bool, frequency: str) -> None:
        periods = query["period"].split(",")
        length = 4 if frequency == "A" else 6
        if self.service.faults[periods[0]]:
            self._fault(self.service.faults[periods[0]].popleft(), query)
        elif len(periods) > (12 if keyed else 1) or any(len(period) != length for period in periods):
            self._send(400, _refused("Maximum number of periods exceeded"))
        else:
            most = min(int(query.get("maxRecords", 500)), self.service.keyed_rows if keyed else PREVIEW_ROWS)
            self._send(200, self._envelope(self.service.rows(query)[:most]))

    def _envelope(self, rows: list[dict]) -> str:
        return json.dumps({"elapsedTime": "0.21 secs", "count": len(rows), "data": rows, "error": ""})

    def _fault(self, fault: str, query: dict[str, str]) -> None:
        rows = self.service.rows(query)
        body = self._envelope(rows)
        if fault == "drop":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2].encode())
            self.close_connection = True
        elif fault == "truncate":
            self._send(200, body[: len(body) // 2])
        elif fault == "400":
            key = self.headers.get("Ocp-Apim-Subscription-Key", "")
            self._send(400, _refused(f"Invalid cmdCode for {key}"))
        elif fault == "stranger":
            self._send(200, self._envelope([row | {"period": "199901"} for row in rows]))
        elif fault == "echo":
            self._send(200, self._envelope(rows)[:-1] + f', "you": "{self.service.key}"}}')
        else:
            status, body = _FAULTS[fault]
            retry = self.service.retry_after if fault == "429" else None
            self._send(status, body, headers={"Retry-After": retry} if retry is not None else {})

    def _send(
        self, status: int, body: str, kind: str = "application/json", headers: dict[str, str] | None = None
    ) -> None:
        content = body.encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/html" if body.startswith("<") else kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8766)
    parser.add_argument("--key", default="0123456789abcdef")
    parser.add_argument("--published", default="2026-08")
    options = parser.parse_args()
    with ComtradeServer(options.key, options.published, options.port) as running:
        print(running.url, flush=True)
        threading.Event().wait()
