"""Words that the published pages, the feed, the catalog and the workbook share."""

from __future__ import annotations

from collections import Counter

from aimlib.bulletin.site.records import Edition, Entry
from aimlib.errors import AimError
from aimlib.present import numbers
from aimlib.reference import countries

SITE_TITLE = "U.S. aluminum imports"
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
    """Return the names of the bulletin's place as it reads in a sentence and by itself, none for no place."""
    if not entry.place:
        return ()
    try:
        place = countries.resolve(entry.place)
    except AimError:
        return (entry.place,)
    return tuple(dict.fromkeys((place.phrase, place.name)))


def short_titles(edition: Edition) -> dict[str, str]:
    """Return a short name for each bulletin by its folder: its place, or its title where that tells more."""
    places = {entry.name: (place_names(entry) or ("",))[-1] for entry in edition.entries}
    counts = Counter(places.values())
    return {
        entry.name: places[entry.name] if places[entry.name] and counts[places[entry.name]] == 1 else entry.title
        for entry in edition.entries
    }


def captions(edition: Edition) -> dict[str, str]:
    """Return a line to stand under each bulletin's title by its folder: its subtitle, or where all have the same, its
    reports."""
    if len(edition.entries) > 1 and len({entry.subtitle for entry in edition.entries}) == 1:
        return {
            entry.name: numbers.joined(
                [report if place == 0 else lower_first(report) for place, report in enumerate(_reports(entry))]
            )
            for entry in edition.entries
        }
    return {entry.name: entry.subtitle for entry in edition.entries}


def _reports(entry: Entry) -> list[str]:
    return [report_words(notebook) for notebook in dict.fromkeys(entry.notebooks)]


def search_words(entry: Entry) -> str:
    """Return all that a bulletin can be found by."""
    return " ".join((entry.title, entry.subtitle, entry.place, entry.name, *place_names(entry), *_reports(entry)))


def source_text(line: str) -> str:
    """Return a source line without the word that opens it in print."""
    return line.removeprefix("Source: ")


def media_type(path: str) -> str:
    """Return the media type of a published file."""
    return _MEDIA_TYPES[path.rsplit(".", 1)[-1]]
