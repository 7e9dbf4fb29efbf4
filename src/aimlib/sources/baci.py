"""CEPII's BACI: world trade by HS6, year, exporter and importer, already reconciled between the two accounts.

Columns: ``t`` year, ``i`` exporter and ``j`` importer (UN Comtrade's area codes), ``k`` HS6, ``v`` thousand US dollars
FOB, ``q`` metric tons, empty or NA where there is none. CSV, gzip or a zip of them, or Parquet; all text in some.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from aimlib.errors import AimError
from aimlib.sources import cells
from aimlib.sources.comtrade.areas import as_countries, summed
from aimlib.sources.comtrade.damage import CUT_ADVICE, UTF16_ADVICE, cut_at, is_utf16

PUBLISHER = "CEPII"
TITLE = "BACI"
LICENSE = "Etalab Open Licence 2.0"

DOUBTFUL_FACTOR = 8.0
"""A unit value beyond this many times the median of its code and year, or below its inverse, is doubtful.

The median is weighted by trade (half the value is at or below it). For unwrought aluminum, whose price differs by some
tens of percent between countries, a factor of 8 is beyond quality, contract and freight: it points to a wrong unit or
weight. Our choice; such rows are kept, and marked.
"""

_COLUMNS = ("t", "i", "j", "k", "v", "q")
_MISSING = ("", "na", "nan", "null", "none")
_CHAPTER = "76"
_ADVICE = "Give BACI's files as CEPII publishes them: CSV with the columns t, i, j, k, v, q, or Parquet of these."


@dataclass(frozen=True)
class Cleaned:
    """What the records became.

    ``rows``: year, exporter, importer, code, fob_value_usd, quantity_kg, doubtful, file, row. ``rejects`` have file,
    row, reason and the cells; ``outside`` counts records of other chapters. ``added`` counts rows of several area codes
    that are one of ours, added up.
    """

    rows: pd.DataFrame
    rejects: pd.DataFrame
    outside: int
    added: int = 0


def edition_in(name: str) -> str:
    """Return the edition that a file's name tells (``BACI_HS92_Y1995_V202401b.csv``), '' where it tells none.

    >>> edition_in("baci_hs92_760110_1995_2024.csv"), edition_in("flows.csv")
    ('HS92', '')
    """
    found = re.search(r"(?i)(?<![a-z])hs(\d\d)(?!\d)", name)
    return f"HS{found[1]}" if found else ""


def read(body: bytes, name: str) -> pd.DataFrame:
    """Read one file into text cells t, i, j, k, v, q, with file and row (a table's first record is row 2).

    Raises AimError where the bytes are not such a table.
    """
    if body.startswith(b"\x1f\x8b"):
        return read(_gunzipped(body, name), name)
    if body.startswith(b"PK\x03\x04"):
        return _zipped(body, name)
    _check_form(body, name)
    try:
        table = pq.read_table(io.BytesIO(body)) if body.startswith(b"PAR1") else _csv(body)
    except (pa.ArrowInvalid, OSError) as error:
        cut = cut_at(str(error))
        what = cut or str(error).splitlines()[0][:120].rstrip(". ")
        raise AimError(f"{name} is not a table that can be read: {what}.", CUT_ADVICE if cut else _ADVICE) from None
    named = {column.strip().strip('"').lower(): column for column in table.column_names}
    missing = [column for column in _COLUMNS if column not in named]
    if missing:
        raise AimError(f"{name} has no column {', '.join(missing)}.", _ADVICE)
    chosen = {column: _as_text(table[named[column]]) for column in _COLUMNS}
    numbers = pa.array(np.arange(len(table)) + 2)
    rows = pa.table(chosen | {"row": numbers})
    return rows.to_pandas().astype(dict.fromkeys(_COLUMNS, "str")).assign(file=name).astype({"file": "str"})


def clean(records: pd.DataFrame) -> Cleaned:
    """Return the flows of chapter 76, and the records that cannot be used. Raises AimError for an unknown area code."""
    records = records.assign(k=records["k"].str.zfill(6))
    about = records[records["k"].str.startswith(_CHAPTER)]
    value, bad_value = cells.numbers(about["v"], _MISSING)
    quantity, bad_quantity = cells.numbers(about["q"], _MISSING)
    reason = pd.Series("", index=about.index, dtype="str")
    areas = {column: as_countries(about, column) for column in ("i", "j")}
    for is_bad, why in (
        (~about["t"].str.fullmatch(r"(19|20)\d\d"), "the year is none"),
        (~about["k"].str.fullmatch(r"\d{6}"), "the code is no HS6"),
        (bad_value | value.isna(), "the value is not a number"),
        (bad_quantity, "the quantity is not a number"),
        ((value < 0) | (quantity < 0), "a negative figure"),
        (about["i"] == about["j"], "exporter and importer are the same"),
    ):
        reason = reason.mask(is_bad & (reason == ""), why)
    rows = pd.DataFrame(
        {
            "year": about["t"],
            "exporter": areas["i"],
            "importer": areas["j"],
            "code": about["k"],
            "fob_value_usd": value * 1000,
            "quantity_kg": quantity.where((quantity > 0) | (value == 0)) * 1000,
            "file": about["file"],
            "row": about["row"],
        }
    )
    twice = about[reason == ""].duplicated(["t", "i", "j", "k"], keep=False)
    reason.loc[twice.index[twice]] = "the same flow stands there twice"
    good, added = summed(rows[reason == ""], ["year", "exporter", "importer", "code"])
    good = good.reset_index(drop=True)
    rejects = about[reason != ""].assign(reason=reason[reason != ""])[["file", "row", "reason", *_COLUMNS]]
    return Cleaned(
        good.assign(doubtful=_doubtful(good)), rejects.reset_index(drop=True), len(records) - len(about), added
    )


def _doubtful(rows: pd.DataFrame) -> pd.Series:
    """Tell which rows have a unit value beyond reason for their code and year."""
    unit = (rows["fob_value_usd"] / rows["quantity_kg"].where(rows["quantity_kg"] > 0)).where(rows["fob_value_usd"] > 0)
    with_unit = rows.assign(unit=unit).dropna(subset=["unit"]).sort_values("unit", kind="stable")
    groups = with_unit.groupby(["code", "year"])["fob_value_usd"]
    at_half = with_unit[groups.cumsum() >= groups.transform("sum") / 2]
    medians = at_half.groupby(["code", "year"])["unit"].first().rename("median")
    ratio = unit / rows.join(medians, on=["code", "year"])["median"]
    return (ratio > DOUBTFUL_FACTOR) | (ratio < 1 / DOUBTFUL_FACTOR)


def _check_form(body: bytes, name: str) -> None:
    """Raise AimError for what is plainly something else."""
    if body.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"[")):
        raise AimError(
            f"{name} is JSON, not a BACI file.", "If it is an answer of UN Comtrade, load it with aim load comtrade."
        )
    if is_utf16(body):
        raise AimError(f"{name} is UTF-16 text, which cannot be read.", UTF16_ADVICE)


def _csv(body: bytes) -> pa.Table:
    header = body.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("latin-1")
    separator = max(",;\t", key=header.count)
    columns = [column.strip().strip('"') for column in header.strip("\r").split(separator)]
    return arrow_csv.read_csv(
        io.BytesIO(body),
        parse_options=arrow_csv.ParseOptions(delimiter=separator),
        convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string())),
    )


def _as_text(column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_floating(column.type):
        column = pa.chunked_array([pa.array(column.to_pandas().map(_number_text), pa.string())])
    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return pc.fill_null(text, "").combine_chunks()


def _number_text(number: float) -> str | None:
    if number != number:  # NaN
        return None
    return repr(int(number)) if float(number).is_integer() and abs(number) < 1e15 else repr(float(number))


def _gunzipped(body: bytes, name: str) -> bytes:
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error):
        raise AimError(f"{name} is a damaged gzip archive.", "Download it again.") from None


def _zipped(body: bytes, name: str) -> pd.DataFrame:
    """Read the files of an archive that are tables of flows; CEPII puts lists of countries and products beside them."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
        members = [member for member in archive.namelist() if not member.endswith("/")]
        flows = [member for member in members if not re.search(r"(?i)codes|readme", member.rsplit("/")[-1])]
        bodies = {member.rsplit("/")[-1]: archive.read(member) for member in flows}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, OSError):
        raise AimError(f"{name} is a damaged or locked archive.", "Download it again.") from None
    if not bodies:
        raise AimError(f"{name} is an archive without a table of flows.", _ADVICE)
    return pd.concat([read(inner, member) for member, inner in bodies.items()], ignore_index=True)
