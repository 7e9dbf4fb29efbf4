"""One question to UN Comtrade: its address, how it is told, and the smaller questions that it falls into."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aimlib.sources.comtrade.fields import FLOWS

FLOW_CODES = {FLOWS[code]: code for code in ("M", "X")}
PERIODS_AT_ONCE = 12  # with a key; the preview takes one
_FREQUENCY_CODES = {"monthly": "M", "annual": "A"}


@dataclass(frozen=True)
class Question:
    """What is asked at once of one reporter, with all partners and the world.

    ``reporter`` is the service's code of the country ``iso3``; ``flows`` are ``import`` and ``export``;
    ``periods`` are ``2024-03`` or ``2024`` by ``frequency``; ``codes`` HS4 or HS6.
    """

    reporter: int
    iso3: str
    frequency: str
    flows: tuple[str, ...]
    periods: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The question as messages tell it."""
        span = self.periods[0] if len(self.periods) == 1 else f"{self.periods[0]} to {self.periods[-1]}"
        codes = ", ".join(self.codes) if len(self.codes) <= 3 else f"{len(self.codes)} codes"
        return f"The answer for {self.iso3} {' and '.join(self.flows)} of {codes} in {span}"

    @property
    def size(self) -> tuple[object, ...]:
        """What tells whether questions of the same reporter are about equally large."""
        return self.reporter, self.frequency, len(self.periods), self.flows, self.codes

    @property
    def path(self) -> str:
        """The end of the address: goods, frequency, harmonized system as reported."""
        return f"C/{_FREQUENCY_CODES[self.frequency]}/HS"

    def params(self, max_records: int) -> dict[str, str]:
        """Return the query: the total over transport, customs procedure and second partner; every partner."""
        return {
            "reporterCode": str(self.reporter),
            "flowCode": ",".join(FLOW_CODES[flow] for flow in self.flows),
            "period": ",".join(service_period(period) for period in self.periods),
            "cmdCode": ",".join(self.codes),
            "motCode": "0",
            "customsCode": "C00",
            "partner2Code": "0",
            "maxRecords": str(max_records),
            "includeDesc": "false",
        }

    def parts(self) -> list[Question]:
        """Return two questions that make up this one: by period, else by flow, else by code; [] for one cell."""
        for of in ("periods", "flows", "codes"):
            among = getattr(self, of)
            if len(among) > 1:
                middle = (len(among) + 1) // 2
                return [replace(self, **{of: among[:middle]}), replace(self, **{of: among[middle:]})]
        return []

    def fits(self, row: dict[str, object]) -> bool:
        """Tell whether a row of the service answers this question."""
        return (
            str(row.get("reporterCode")) == str(self.reporter)
            and str(row.get("period")) in {service_period(period) for period in self.periods}
            and row.get("flowCode") in {FLOW_CODES[flow] for flow in self.flows}
            and str(row.get("cmdCode")) in self.codes
        )


@dataclass(frozen=True)
class Reply:
    """The bytes of one answer, the address that was asked, without the key, and the periods that have rows."""

    body: bytes
    asked: str
    question: Question
    rows: int
    reported: frozenset[str]


def service_period(period: str) -> str:
    """Return a period as the service writes it: 202403 for 2024-03."""
    return period.replace("-", "")
