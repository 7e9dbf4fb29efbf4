"""A local HTTP server that answers as the Census service does for imports by HS code, faults included.

``python tests/census_server.py --port 8765 --key KEY --published 2026-09`` serves until interrupted; set
``AIM_CENSUS_URL=http://127.0.0.1:8765/data/timeseries/intltrade`` and ``CENSUS_API_KEY=KEY`` to use it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

DATA_PATH = "/data/timeseries/intltrade/imports/hs"
_SIGN_UP = 'sign up for one <a href="key_signup.html">here</a>.</p></body></html>'
_NEEDED = "<body><p>A valid <em>key</em> must be included with each data API request. "
MISSING_KEY = f"<html>\n<head><title>Missing Key</title></head>\n{_NEEDED}You may {_SIGN_UP}"
INVALID_KEY = (
    f"<html><head><title>Invalid Key</title></head>{_NEEDED}You included a key with this request, however, "
    f"it is not valid. Please check your key and try again. If you do not have a key you may {_SIGN_UP}"
)
QUERY_ERROR = "There was an error while running your query.  We've logged the error and we'll correct it ASAP."

# Codes of every heading of chapter 76 that live through 2019 to 2026, with their units.
CODES = {
    "7601103000": ("KG", "-"),
    "7601203000": ("KG", "-"),
    "7602000030": ("KG", "-"),
    "7603100000": ("KG", "-"),
    "7604101000": ("KG", "-"),
    "7605110000": ("KG", "-"),
    "7606123055": ("KG", "-"),
    "7607113000": ("KG", "-"),
    "7608200030": ("KG", "-"),
    "7609000000": ("KG", "-"),
    "7610900080": ("KG", "-"),
    "7611000000": ("NO", "KG"),
    "7612901090": ("NO", "-"),
    "7613000000": ("NO", "KG"),
    "7614900000": ("KG", "-"),
    "7615107180": ("NO", "KG"),
    "7616995160": ("KG", "-"),
    "7616995190": ("KG", "-"),
}
PARTNERS = {
    "1220": "CANADA",
    "2010": "MEXICO",
    "4280": "GERMANY",
    "5082": "GAZA STRIP ADMINISTERED BY ISRAEL",
    "5083": "WEST BANK ADMINISTERED BY ISRAEL",
    "5200": "UNITED ARAB EMIRATES",
    "5700": "CHINA",
    "7920": "NAMIBIA",
}
GROUPS = {"0003": ("EUROPEAN UNION", ("4280",)), "1XXX": ("NORTH AMERICA", ("1220", "2010"))}
MEASURES = (
    *("CON_VAL_MO", "CON_CIF_MO", "CAL_DUT_MO", "DUT_VAL_MO", "CON_QY1_MO", "CON_QY2_MO"),
    *("GEN_VAL_MO", "GEN_CIF_MO", "GEN_QY1_MO", "GEN_QY2_MO"),
)
VARIABLES = ("CTY_CODE", "CTY_NAME", "SUMMARY_LVL", "UNIT_QY1", "UNIT_QY2", *MEASURES)
PREDICATES = ("I_COMMODITY", "time", "COMM_LVL")
_KNOWN = {
    *(*VARIABLES, *PREDICATES, "LAST_UPDATE", "I_COMMODITY_SDESC"),
    *(f"{name}_FLAG" for name in MEASURES if "_QY" in name),
    *(name.replace("_MO", "_YR") for name in MEASURES),
}


def figures(month: str, code: str, partner: str, edition: int = 0) -> dict[str, int]:
    """Return the measures of one country row, always the same for the same arguments."""
    digest = hashlib.sha256(f"{month}|{code}|{partner}|{edition}".encode()).digest()
    value = 0 if digest[0] < 40 else 1_000 + int.from_bytes(digest[1:4], "big") % 900_000
    freight, general = value * digest[4] // 4_000, value + digest[5] * (digest[6] > 128)
    dutiable = value if digest[7] > 100 else 0
    kilograms, second = value // 3, value // 7
    found = (value, value + freight, dutiable * 10 // 100, dutiable, kilograms, second)
    return dict(zip(MEASURES, (*found, general, general + freight, general // 3, general // 7), strict=True))


def answer(
    month: str,
    prefix: str = "76",
    *,
    variables: Sequence[str] = VARIABLES,
    partners: Sequence[str] = tuple(PARTNERS),
    edition: int = 0,
    total: bool = True,
    groups: bool = True,
    codes: Sequence[str] = tuple(CODES),
) -> list[list[str]]:
    """Return an answer of the service, header first; [] where no code starts with `prefix`."""
    rows = []
    for code in (code for code in codes if code.startswith(prefix)):
        by_partner = {partner: figures(month, code, partner, edition) for partner in PARTNERS}
        lines = [(partner, PARTNERS[partner], "DET", (partner,)) for partner in partners]
        lines += [("-", "TOTAL FOR ALL COUNTRIES", "DET", tuple(PARTNERS))] * total
        lines += [(code_of, name, "CGP", members) for code_of, (name, members) in GROUPS.items()] * groups
        units = CODES.get(code, ("KG", "-"))
        for partner, name, level, members in lines:
            sums = {measure: sum(by_partner[member][measure] for member in members) for measure in MEASURES}
            cells = {"CTY_CODE": partner, "CTY_NAME": name, "SUMMARY_LVL": level, "LAST_UPDATE": "2026-11-05"}
            cells |= dict(zip(("UNIT_QY1", "UNIT_QY2"), units, strict=True))
            cells |= {measure: str(number) for measure, number in sums.items()}
            if units[1] == "-":
                cells |= {"CON_QY2_MO": "0", "GEN_QY2_MO": "0"}
            cells |= {"I_COMMODITY": code, "time": month, "COMM_LVL": "HS10"}
            rows.append([cells.get(column, "-") for column in (*variables, *PREDICATES)])
    return [[*variables, *PREDICATES], *rows] if rows else []


def to_json(rows: list[list[str]]) -> bytes:
    """Return rows as the service writes them, one a line."""
    return ("[" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "]").encode()


class CensusServer:
    """The server, in a thread. Use as a context manager.

    ``faults[month]`` holds what goes wrong in the next answers for that month, one after the other: ``429``,
    ``503``, ``502``, ``500``, ``504``, ``404``, ``drop`` (the connection breaks midway), ``truncate`` (JSON
    that ends early), ``html``. ``too_large`` tells which prefixes are too large, ``edit`` changes an answer's
    rows.
    ``asked`` lists (month, prefix) of each question, ``addresses`` every path with its query.
    """

    def __init__(self, key: str = "0123456789abcdef", published: str = "2026-09", port: int = 0) -> None:
        self.key = key
        self.published = published
        self.edition: Callable[[str], int] = lambda month: 0
        self.too_large: Callable[[str], bool] = lambda prefix: False
        self.edit: Callable[[list[list[str]]], list[list[str]]] = lambda rows: rows
        self.faults: dict[str, deque[str]] = defaultdict(deque)
        self.retry_after = "0"
        self.asked: list[tuple[str, str]] = []
        self.addresses: list[str] = []
        self._http = _Listener(self, port)

    @property
    def url(self) -> str:
        """The address to give as AIM_CENSUS_URL."""
        return f"http://127.0.0.1:{self._http.server_port}/data/timeseries/intltrade"

    def __enter__(self) -> CensusServer:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def months_asked(self) -> list[str]:
        """Return the months asked for, each once, in order."""
        return list(dict.fromkeys(month for month, _ in self.asked))


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, service: CensusServer, port: int) -> None:
        self.service = service
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, *args: object) -> None:
        """Stay quiet when a client goes away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer; otherwise each waits for an acknowledgment

    @property
    def service(self) -> CensusServer:
        return self.server.service

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.service.addresses.append(self.path)
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        if path == "/data/missing_key.html":
            self._send(200, MISSING_KEY, "text/html")
        elif path != DATA_PATH:
            self._send(404, "error: unknown path", "text/plain")
        elif "key" not in query:
            self._send(302, "", "text/html", {"Location": "/data/missing_key.html"})
        elif query["key"] != [self.service.key]:
            self._send(200, INVALID_KEY, "text/html")
        else:
            self._figures({name: values[0] for name, values in query.items()})

    def _figures(self, query: dict[str, str]) -> None:
        month, prefix = query.get("time", ""), query.get("I_COMMODITY", "").rstrip("*")
        variables = query.get("get", "").split(",")
        self.service.asked.append((month, prefix))
        unknown = [name for name in variables if name not in _KNOWN]
        if self.service.faults[month]:
            self._fault(self.service.faults[month].popleft(), month, prefix, variables)
        elif unknown:
            self._send(400, f"error: unknown variable '{unknown[0]}'", "text/plain")
        elif not re.fullmatch(r"\d{4}-\d\d", month) or query.get("COMM_LVL") != "HS10":
            self._send(400, "error: The requested resource is not available.", "text/plain")
        elif self.service.too_large(prefix):
            self._send(500, QUERY_ERROR, "text/plain")
        elif rows := self._rows(month, prefix, variables):
            self._send(200, to_json(rows).decode(), "application/json")
        else:
            self._send(204, "", "")

    def _rows(self, month: str, prefix: str, variables: list[str]) -> list[list[str]]:
        if month > self.service.published:
            return []
        edition = self.service.edition(month)
        return self.service.edit(answer(month, prefix, variables=variables, edition=edition))

    def _fault(self, fault: str, month: str, prefix: str, variables: list[str]) -> None:
        body = to_json(self._rows(month, prefix, variables)).decode()
        if fault == "drop":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2].encode())
            self.close_connection = True
        elif fault == "truncate":
            self._send(200, body[: len(body) // 2], "application/json")
        elif fault == "html":
            self._send(200, "<html><body>Down for maintenance</body></html>", "text/html")
        else:
            headers = {"Retry-After": self.service.retry_after} if fault == "429" else {}
            self._send(int(fault), QUERY_ERROR if fault in ("500", "504") else "", "text/plain", headers)

    def _send(self, status: int, body: str, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        content = body.encode()
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--key", default="0123456789abcdef")
    parser.add_argument("--published", default="2026-09")
    options = parser.parse_args()
    with CensusServer(options.key, options.published, options.port) as running:
        print(running.url, flush=True)
        threading.Event().wait()
