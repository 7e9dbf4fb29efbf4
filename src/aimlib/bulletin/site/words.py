"""Words that the published pages, the feed, the catalog and the workbook share."""

from __future__ import annotations

from aimlib.bulletin.site.records import Edition, Entry
from aimlib.present import numbers
from aimlib.reference import countries

SITE_TITLE = "U.S. aluminum imports"
SYNTHETIC = "Made from the embedded sample: synthetic figures, shaped by published totals. Not for citation."
# How many key figures of a bulletin stand where many bulletins do.
HEADLINES = 3
PUBLISHER = "Aluminum import monitor"
_MEDIA_TYPES = {
    "csv": "text/csv",
    "html": "text/html",
    "ipynb": "application/x-ipynb+json",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def edition_title(edition: Edition) -> str:
    """Return ``Bulletins of November 19, 2026``."""
    return f"Bulletins of {numbers.day_name(edition.day)}"


def lower_first(text: str) -> str:
    """Return a title as it stands within a sentence; an acronym stays as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def counted(number: int, word: str) -> str:
    """Return ``1 bulletin`` or ``12 bulletins``."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def report_words(label: str) -> str:
    """Return a report's label as words: ``import_trends-unwrought`` gives ``Import trends, unwrought``.

    Data that belong to no report, such as those of what changed, have no label.
    """
    words = label.replace("_", " ").replace("-", ", ").replace("gatm", "GATM")
    return words[:1].upper() + words[1:] or "The whole bulletin"


def place_names(entry: Entry) -> tuple[str, ...]:
    """Return the words that stand for the bulletin's place in titles, none for a bulletin without a place."""
    if not entry.place:
        return ()
    printed = countries.print_name(entry.place) if countries.is_country_key(entry.place) else entry.place
    return tuple(dict.fromkeys((entry.title, printed)))


def search_words(entry: Entry) -> str:
    """Return all that a bulletin can be found by."""
    reports = (report_words(notebook) for notebook in entry.notebooks)
    return " ".join((entry.title, entry.subtitle, entry.place, entry.name, *place_names(entry), *reports))


def source_text(line: str) -> str:
    """Return a source line without the word that opens it in print."""
    return line.removeprefix("Source: ")


def media_type(path: str) -> str:
    """Return the media type of a published file."""
    return _MEDIA_TYPES[path.rsplit(".", 1)[-1]]
