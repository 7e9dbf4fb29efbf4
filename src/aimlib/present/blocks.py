"""The blocks that a notebook puts before a reader: figure, table, strip of key figures, prose, cover, notes.

A block displays itself in JupyterLab and carries, in the same output, everything an exporter needs: the static
picture, the interactive form, the alternative text, caption, source and the data as CSV. Exporters read only
:data:`MIME` (and the chart specification beside it) and never the notebook's code.
"""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass, field

import altair as alt
import pandas as pd

from aimlib.present import style, svg
from aimlib.present.fragments import fragment

MIME = "application/vnd.aimlib.block+json"
# JupyterLab draws Vega-Lite up to this major version by itself, offline.
CHART_MIME = "application/vnd.vegalite.v5+json"
CHART_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"

# What every row of a figure's data says; `vintage` is the day on which its figures were known.
TIDY_COLUMNS = ("concept", "data_basis", "vintage", "partial", "not_listed")


def csv_text(data: pd.DataFrame) -> str:
    """Return `data` as tidy CSV; it must say concept, data basis, vintage, partial and not listed in each row."""
    absent = [column for column in TIDY_COLUMNS if column not in data]
    if absent:
        raise ValueError(f"the data of a figure lacks the columns {', '.join(absent)}")
    return data.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n", float_format="%.15g")


class Block:
    """What every block shares: its kind, and how it stands in a notebook output."""

    kind = ""

    @property
    def frame(self) -> pd.DataFrame:
        """Return the block's data, as its CSV holds them; empty for a block without numbers."""
        text = getattr(self, "csv", "")
        return pd.read_csv(io.StringIO(text), keep_default_na=False, na_values=[""]) if text else pd.DataFrame()

    def content(self) -> dict:
        """Return the block as plain JSON values."""
        return {"kind": self.kind, **asdict(self)}

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        content = self.content()
        return {MIME: content, "text/html": fragment(content), "text/plain": self.plain_text()}

    def plain_text(self) -> str:
        """Return a line that stands for the block where nothing else can be shown."""
        return f"[{self.kind}]"


@dataclass(frozen=True)
class Cover(Block):
    """The head of a bulletin: what it is about, on which data, known when."""

    kind = "cover"
    title: str
    subtitle: str
    facts: list[tuple[str, str]]
    as_of: str
    slug: str
    notices: list[str] = field(default_factory=list)
    paper: str = "us-letter"
    running: str = ""
    label: str = ""
    footer: str = ""
    key: str = "cover"


@dataclass(frozen=True)
class KeyFigure:
    """One key figure: a label, the number with its unit, what to compare it with, and the same for programs.

    `name` stays the same from week to week (``level``); `amount`, in `amount_unit`, is the number as it is, None where
    it is not available; `period` is what it is about, in the grammar of periods or a day; `data_basis` is one
    of `aimlib.present.headlines.BASES`; `subject` is the one thing of several that it is of, where that may change.
    Made by `aimlib.present.headlines.for_programs`.
    """

    label: str
    number: str
    unit: str
    note: str = ""
    direction: str = ""
    name: str = ""
    amount: float | None = None
    amount_unit: str = ""
    period: str = ""
    data_basis: str = ""
    partial: bool = False
    subject: str = ""


@dataclass(frozen=True)
class Strip(Block):
    """A row of key figures with their data. `headlines` are further ones, for programs only."""

    kind = "strip"
    key: str
    title: str
    figures: list[KeyFigure]
    source: str
    csv: str
    headlines: list[KeyFigure] = field(default_factory=list)


@dataclass(frozen=True)
class Prose(Block):
    """Computed sentences, a paragraph an item."""

    kind = "prose"
    key: str
    paragraphs: list[str]
    lead: bool = False

    def plain_text(self) -> str:
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True)
class Column:
    """A table's column: its heading, unit and alignment ('left' or 'right')."""

    label: str
    unit: str = ""
    align: str = "right"
    group: str = ""


@dataclass(frozen=True)
class Row:
    """A table's row: text of each cell, and its role ('', 'total', 'rest', 'highlight')."""

    cells: list[str]
    role: str = ""


@dataclass(frozen=True)
class Table(Block):
    """A table for print; the numbers behind it are in `csv`, the headlines among them, for programs, in `headlines`."""

    kind = "table"
    key: str
    title: str
    caption: str
    columns: list[Column]
    rows: list[Row]
    source: str
    csv: str
    notes: list[str] = field(default_factory=list)
    empty: str = "No rows."
    headlines: list[KeyFigure] = field(default_factory=list)

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"table {self.key}: a row of {len(row.cells)} cells, {len(self.columns)} columns")

    def plain_text(self) -> str:
        return f"Table: {self.title}"


@dataclass(frozen=True)
class Notes(Block):
    """A box of notes at the end: sources, method, limits; each a heading and its paragraphs."""

    kind = "notes"
    key: str
    sections: list[tuple[str, list[str]]]


@dataclass(frozen=True)
class Figure(Block):
    """A chart with what a reader, a screen reader and an exporter need.

    `alt` says what the picture shows to those who do not see it and must differ from title and caption.
    """

    kind = "figure"
    key: str
    title: str
    caption: str
    alt: str
    source: str
    chart: alt.TopLevelMixin
    csv: str
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.alt.strip() or self.alt.strip() in (self.caption.strip(), self.title.strip()):
            raise ValueError(f"figure {self.key}: the alternative text is missing or only repeats the caption")

    def content(self) -> dict:
        fields = {name: value for name, value in self.__dict__.items() if name != "chart"}
        return {"kind": self.kind, **fields}

    def plain_text(self) -> str:
        return f"Figure: {self.title}. {self.alt}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        spec = svg.specification(self.chart)
        config = {**spec["config"], "font": f"{style.FONT}, sans-serif"}
        live = svg.with_world({**spec, "$schema": CHART_SCHEMA, "title": self.title, "config": config})
        return {
            MIME: self.content(),
            CHART_MIME: live,
            "image/svg+xml": svg.render(spec, self.key),
            "text/plain": self.plain_text(),
        }


def show(*blocks: Block) -> None:
    """Display several blocks from one cell."""
    from IPython.display import display

    for block in blocks:
        display(block)
