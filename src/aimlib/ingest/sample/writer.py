"""Numbers of a month to an answer of the Census API: countries, groups and total, every value a text."""

from __future__ import annotations

import numpy as np

from aimlib.ingest.sample import parameters
from aimlib.ingest.sample.draws import Draws
from aimlib.ingest.sample.panel import MEASURES, Panel
from aimlib.ingest.sample.tables import SampleTables

_COLUMNS = (
    "CTY_CODE,CTY_NAME,SUMMARY_LVL,UNIT_QY1,UNIT_QY2,LAST_UPDATE,"
    "CON_VAL_MO,CON_CIF_MO,DUT_VAL_MO,CAL_DUT_MO,GEN_VAL_MO,GEN_CIF_MO,"
    "CON_QY1_MO,CON_QY2_MO,GEN_QY1_MO,GEN_QY2_MO,"
    "CON_QY1_MO_FLAG,CON_QY2_MO_FLAG,GEN_QY1_MO_FLAG,GEN_QY2_MO_FLAG,I_COMMODITY,time,COMM_LVL"
)
HEADER = _COLUMNS.split(",")
"""What `aimlib.sources.census` asks for, then the predicates, in the order of a real answer's address."""

TOTAL = ("-", "TOTAL FOR ALL COUNTRIES")
NO_UNIT, NO_FLAG, SUPPRESSED = "-", "-", "S"
_DOLLARS = [MEASURES.index(name) for name in ("con_value", "con_cif", "dutiable", "duty", "gen_value", "gen_cif")]
_CON_KG, _GEN_KG = MEASURES.index("con_kg"), MEASURES.index("gen_kg")


def answer_of(lines: list[list[str]]) -> bytes:
    """Return the bytes of an answer with these lines; none of their texts needs escaping."""
    texts = ['["' + '","'.join(line) + '"]' for line in [HEADER, *lines]]
    return ("[" + ",\n".join(texts) + "]").encode("ascii")


def suppressed_rows(panel: Panel) -> np.ndarray:
    """Return, rows x months, whether the row's quantity is suppressed."""
    draws = (
        Draws(f"flag|{code}|{origin}").below(1000, len(panel.months))
        for code, origin in zip(panel.codes, panel.origins, strict=True)
    )
    return np.array([row < parameters.FLAGGED_ROWS_PER_MILLE for row in draws])


class AnswerWriter:
    """Writes the months of one panel; `alive` (rows x months) says where the row's code is in force."""

    def __init__(self, tables: SampleTables, panel: Panel, alive: np.ndarray) -> None:
        lines = tables.lines.set_index("code")
        named = tables.origins.set_index("origin")[["census_code", "census_name"]]
        self._months = panel.months
        self._codes = panel.codes
        self._countries = [tuple(named.loc[origin]) for origin in panel.origins]
        self._units = {code: lines["unit"].get(code, "KG") for code in panel.codes}
        grams = lines["grams_each"]
        self._grams = np.array([int(grams.get(code, 0)) for code in panel.codes], dtype=np.int64)
        self._in_kg = np.array([self._units[code] == "KG" for code in panel.codes])
        self._groups = [(TOTAL, "DET", np.ones(len(panel.codes), dtype=bool))]
        for code, (name, members) in parameters.GROUPS.items():
            self._groups.append(((code, name), "CGP", np.isin(panel.origins, members)))
        self._listed = self._listed_rows(panel) & alive
        self._suppressed = suppressed_rows(panel)

    @staticmethod
    def _listed_rows(panel: Panel) -> np.ndarray:
        """Rows x months: Census lists a row, if with zeros, once it has a figure in the calendar year."""
        traded = (panel.numbers[MEASURES.index("con_value")] + panel.numbers[MEASURES.index("gen_value")]) > 0
        years = np.array([month[:4] for month in panel.months])
        for year in np.unique(years):
            traded[:, years == year] = np.logical_or.accumulate(traded[:, years == year], axis=1)
        return traded

    def lines(self, known_on: str, month: str, numbers: np.ndarray) -> list[list[str]]:
        """Return the lines of `month`, from its `numbers` (measures x rows of the panel), by code."""
        place = self._months.index(month)
        listed = np.flatnonzero(self._listed[:, place] | (numbers[_DOLLARS[0]] > 0))
        amounts = self._amounts(numbers)[:, listed]
        hidden = self._suppressed[listed, place]
        amounts[len(_DOLLARS) :, hidden] = 0
        codes = [self._codes[row] for row in listed]
        flags = [SUPPRESSED if is_hidden else NO_FLAG for is_hidden in hidden]
        countries = [self._countries[row] for row in listed]
        cells = list(zip(countries, codes, amounts.T.tolist(), flags, strict=True))
        rows = [self._row(country, "DET", *rest, known_on, month) for country, *rest in cells]
        for group, level, members in self._groups:
            inside = members[listed]
            own_codes = [code for code, is_inside in zip(codes, inside, strict=True) if is_inside]
            rows += [
                self._row(group, level, code, sums, NO_FLAG, known_on, month)
                for code, sums in _sums_by_code(own_codes, amounts[:, inside])
            ]
        return sorted(rows, key=lambda row: (row[-3], row[0]))

    def _amounts(self, numbers: np.ndarray) -> np.ndarray:
        """The ten numbers of a row: dollars, then first and second quantity of both concepts."""
        quantities = []
        for kg in (numbers[_CON_KG], numbers[_GEN_KG]):
            pieces = kg * 1000 // np.maximum(self._grams, 1)
            first = np.where(self._in_kg, kg, np.where(self._grams > 0, pieces, 0))
            quantities += [first, np.where(self._grams > 0, kg, 0)]
        return np.concatenate([numbers[_DOLLARS], np.array(quantities)])

    def _row(
        self, country: tuple[str, str], level: str, code: str, amount: list[int], flag: str, *days: str
    ) -> list[str]:
        known_on, month = days
        unit = self._units[code]
        second = "KG" if unit == "NO" else NO_UNIT
        second_flag = flag if unit == "NO" else NO_FLAG
        head = [*country, level, unit, second, known_on]
        return [*head, *map(str, amount), flag, second_flag, flag, second_flag, code, month, "HS10"]


def _sums_by_code(codes: list[str], amounts: np.ndarray) -> list[tuple[str, list[int]]]:
    """The sums of `amounts` (numbers x rows) over the rows of each code; `codes` are sorted."""
    if not codes:
        return []
    unique, starts = np.unique(np.array(codes), return_index=True)
    sums = np.add.reduceat(amounts, starts, axis=1).T.tolist()
    return list(zip(unique.tolist(), sums, strict=True))
