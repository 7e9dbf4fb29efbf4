"""A license file, whatever its format, as chunks of text cells by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from aimlib.sources.licenses.text import TextFile, open_text
from aimlib.sources.licenses.workbook import STARTS, Workbook, open_workbook


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file: `rows` are their numbers, `cells` the texts by field without blanks around them."""

    rows: np.ndarray
    cells: dict[str, pa.Array]


@dataclass(frozen=True)
class Sheet:
    """The rows of a license file.

    `misshapen` fills while chunks are read: (row, content) of rows with more or fewer cells than the header.
    """

    source: TextFile | Workbook
    misshapen: list[tuple[int, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def others(self) -> tuple[str, ...]:
        """The headings that are no field of a license, and are not read."""
        return self.source.header.others

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows in chunks; blank rows are left out. May be called again."""
        self.misshapen.clear()
        for rows, batch in self.source.chunks(self.misshapen):
            cells = {
                name: pc.utf8_trim_whitespace(batch.column(place))
                for name, place in self.source.header.places.items()
                if place < batch.num_columns
            }
            filled = np.zeros(len(rows), dtype=bool)
            for texts in cells.values():
                filled |= pc.greater(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False)
            if not filled.all():
                keep = pa.array(filled)
                rows, cells = rows[filled], {name: texts.filter(keep) for name, texts in cells.items()}
            if len(rows):
                yield Chunk(rows, cells)


def open_sheet(body: bytes, name: str) -> Sheet:
    """Recognize the format of a file and find its header; `name` says in messages which file.

    Raises NotLicenses that names what the bytes are, if not licenses.
    """
    is_workbook = body.startswith(STARTS)
    return Sheet(open_workbook(body, name) if is_workbook else open_text(body, name))
