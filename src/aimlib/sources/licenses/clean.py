"""Chunks of text cells into columns with types, and the cells that cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aimlib.reference.license_rules import fields, rules
from aimlib.sources.licenses import values
from aimlib.sources.licenses.sheet import Chunk

LINE_BREAK, SHORTENED = "AIM-ROW-02", "AIM-LENGTH-01"
RULES = values.RULES | {LINE_BREAK, SHORTENED}
"""The rules that reading finds broken."""

WORDS: dict[str, Callable[[str], values.Read]] = {
    "status": values.read_status,
    "entry_type": values.read_entry_type,
    "origin": values.read_country,
    "exportation": values.read_country,
    "hts10": values.read_code,
    "largest_smelt": values.read_smelt,
    "second_smelt": values.read_smelt,
    "recent_cast": values.read_cast,
}
DAYS = (
    "status_date",
    "expected_export_date",
    "expected_import_date",
    "application_date",
    "valid_from",
    "valid_through",
)
NUMBERS = ("quantity_kg", "customs_value_usd")
NAMES = ("importer", "exporter", "manufacturer", "port_of_entry")

# What most cells hold, read without a loop: few enough digits for a float to hold them all.
_SIMPLE_NUMBER = r"^([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})(\.[0-9]{1,6})?$"


@dataclass
class Cleaner:
    """Reads chunks; what a text means is worked out once for each distinct text of a field."""

    _known: dict[str, dict[str, values.Read]] = field(default_factory=dict)

    def clean(self, chunk: Chunk) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the chunk's rows, and their faults.

        Rows have: row; license_number (text); line_number (int; a blank is 0 in a cancellation, else 1); status,
        entry_type, origin, exportation, hts10, largest_smelt, second_smelt, recent_cast, importer, exporter,
        manufacturer and port_of_entry (categories, missing where blank or not readable); low_value (bool); the dates
        (datetime64; a blank status date of a filing is that of the application); quantity_kg and customs_value_usd
        (float).

        Faults have: at (the place in the chunk), field, value (the text) and rule; one row a fault.
        """
        faults: list[pd.DataFrame] = []
        columns: dict[str, object] = {"row": chunk.rows.astype("int64")}
        columns["license_number"] = self._license_numbers(chunk, faults)
        for name in WORDS:
            columns[name] = self._words(chunk, name, WORDS[name], faults)
        columns["line_number"] = self._lines(chunk, columns["status"] == "cancelled", faults)
        columns["low_value"] = self._low_values(chunk, faults)
        for name in NAMES:
            columns[name] = self._words(chunk, name, lambda text: (text or None, ""), faults)
        for name in DAYS:
            columns[name] = self._days(chunk, name, faults)
        for name in NUMBERS:
            columns[name] = self._numbers(chunk, name, faults)
        self._check_lengths(chunk, faults)
        rows = pd.DataFrame(columns)
        filed_on = rows["application_date"].where((rows["status"] == "filed").to_numpy())
        rows["status_date"] = rows["status_date"].fillna(filed_on)
        return rows, _together(faults)

    def _license_numbers(self, chunk: Chunk, faults: list[pd.DataFrame]) -> pd.Series:
        texts = chunk.cells["license_number"]
        shortened = pc.match_substring_regex(texts, r"^[0-9]\.[0-9]+E\+?[0-9]+$").to_numpy(zero_copy_only=False)
        self._tell(faults, texts, "license_number", shortened, SHORTENED)
        return pd.Series(texts.to_pandas(), dtype="str")

    def _encoded(self, chunk: Chunk, name: str, read: Callable, faults: list[pd.DataFrame]) -> tuple[list, np.ndarray]:
        """Return the values of the distinct texts of a field, and for each row the place of its value."""
        texts = chunk.cells.get(name)
        if texts is None:
            return [read("")[0]], np.zeros(len(chunk.rows), dtype="int64")
        encoded = texts.dictionary_encode()
        known = self._known.setdefault(name, {})
        distinct = encoded.dictionary.to_pylist()
        for text in distinct:
            if text not in known:
                known[text] = read(text)
        found = [known[text] for text in distinct]
        places = encoded.indices.to_numpy()
        broken = np.array([rule for _, rule in found], dtype=object)[places]
        for rule in {rule for _, rule in found if rule}:
            self._tell(faults, texts, name, broken == rule, rule)
        return [value for value, _ in found], places

    def _words(self, chunk: Chunk, name: str, read: Callable, faults: list[pd.DataFrame]) -> pd.Categorical:
        found, places = self._encoded(chunk, name, read, faults)
        codes, words = pd.factorize(np.array([*found, None], dtype=object)[:-1])
        return pd.Categorical.from_codes(codes[places], categories=pd.Index(words, dtype="str"))

    def _lines(self, chunk: Chunk, is_cancelled: np.ndarray, faults: list[pd.DataFrame]) -> np.ndarray:
        found, places = self._encoded(chunk, "line_number", values.read_line, faults)
        lines = np.array([value or 0 for value in found], dtype="int64")[places]
        return np.where((lines == 0) & ~is_cancelled, 1, lines)

    def _low_values(self, chunk: Chunk, faults: list[pd.DataFrame]) -> np.ndarray:
        found, places = self._encoded(chunk, "low_value", values.read_yes_no, faults)
        return np.array([bool(value) for value in found], dtype=bool)[places]

    def _days(self, chunk: Chunk, name: str, faults: list[pd.DataFrame]) -> np.ndarray:
        found, places = self._encoded(chunk, name, values.read_day, faults)
        return np.array(found, dtype="datetime64[D]").astype("datetime64[us]")[places]

    def _numbers(self, chunk: Chunk, name: str, faults: list[pd.DataFrame]) -> np.ndarray:
        texts = chunk.cells[name]
        is_simple = pc.match_substring_regex(texts, _SIMPLE_NUMBER)
        simple = pc.if_else(is_simple, texts, pa.scalar(None, pa.string()))
        numbers = pc.replace_substring(simple, ",", "").cast(pa.float64()).to_numpy(zero_copy_only=False).copy()
        others = np.flatnonzero(~is_simple.to_numpy(zero_copy_only=False))
        found = [values.read_number(text) for text in texts.take(pa.array(others)).to_pylist()]
        numbers[others] = [np.nan if value is None else value for value, _ in found]
        for rule in {rule for _, rule in found if rule}:
            broken = np.zeros(len(numbers), dtype=bool)
            broken[others] = [told == rule for _, told in found]
            self._tell(faults, texts, name, broken, rule)
        return numbers

    def _check_lengths(self, chunk: Chunk, faults: list[pd.DataFrame]) -> None:
        rule = rules()[LINE_BREAK]
        for name in rule.fields:
            if name in chunk.cells:
                texts = chunk.cells[name]
                broken = pc.greater(pc.utf8_length(texts), int(rule.limit))
                if name != "product_description":
                    broken = pc.or_(broken, pc.match_substring(texts, "\n"))
                self._tell(faults, texts, name, broken.to_numpy(zero_copy_only=False), LINE_BREAK)

    @staticmethod
    def _tell(faults: list[pd.DataFrame], texts: pa.Array, name: str, broken: np.ndarray, rule: str) -> None:
        at = np.flatnonzero(broken)
        if len(at):
            shown = [text[:80] for text in texts.take(pa.array(at)).to_pylist()]
            faults.append(pd.DataFrame({"at": at, "field": name, "value": shown, "rule": rule}))


def _together(faults: list[pd.DataFrame]) -> pd.DataFrame:
    if not faults:
        return pd.DataFrame({"at": [], "field": [], "value": [], "rule": []}).astype(
            {"at": "int64", "field": "str", "value": "str", "rule": "str"}
        )
    return pd.concat(faults, ignore_index=True)


def field_names() -> tuple[str, ...]:
    """Return the columns of a license file, in the order of the form."""
    return tuple(fields())
