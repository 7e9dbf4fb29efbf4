"""The published folder's pages: its front page, and one a week. They need neither a server nor the network."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from aimlib.bulletin.notices import SAMPLE_NOTICE
from aimlib.bulletin.page_templates import environment
from aimlib.bulletin.site import words
from aimlib.bulletin.site.records import Edition, Entry, newest_first
from aimlib.bulletin.webfont import font_faces


def index_page(editions: Sequence[Edition]) -> bytes:
    """Return the front page: the latest edition's bulletins with a few headlines each, and the weeks before.

    Raises
    ------
    ValueError
        If there is no edition.
    """
    if not editions:
        raise ValueError("a front page needs at least one edition")
    latest, *earlier = newest_first(list(editions))
    return _page(
        "index.html.j2",
        latest=latest,
        folder=f"{latest.day}/",
        rows=[{**row, "headlines": row["headlines"][: words.HEADLINES]} for row in _rows(latest)],
        earlier=earlier,
        synthetic=latest.synthetic,
    )


def edition_page(edition: Edition) -> bytes:
    """Return the page of one edition: each bulletin with its headlines, what changed, and all of its files."""
    rows = [{**row, "reports": _reports(row["entry"])} for row in _rows(edition)]
    return _page("edition.html.j2", edition=edition, rows=rows, synthetic=edition.synthetic)


def _page(template: str, **values: object) -> bytes:
    text = (
        environment()
        .get_template(template)
        .render(
            fonts=Markup(font_faces()),
            site_title=words.SITE_TITLE,
            synthetic_notice=SAMPLE_NOTICE,
            edition_title=words.edition_title,
            counted=words.counted,
            **values,
        )
    )
    return text.encode()


def _rows(edition: Edition) -> list[dict]:
    captions = words.captions(edition)
    return [
        {
            "entry": entry,
            "caption": captions[entry.name],
            "words": words.search_words(entry),
            "headlines": _of_first_report(entry),
        }
        for entry in edition.entries
    ]


def _of_first_report(entry: Entry) -> list[dict]:
    """Return the key figures of the bulletin's first report: those of all of them would fill a page each.

    Names with a colon (``census:2026-09``) are of a series of months that programs compare.
    """
    figures = [headline for headline in entry.headlines if ":" not in headline.get("name", "")]
    return [figure for figure in figures if figure.get("report") == figures[0].get("report")]


def _reports(entry: Entry) -> list[dict]:
    """Return the data files and the executed notebook of each report."""
    notebooks = {path.rsplit("/", 1)[-1].removesuffix(".ipynb"): path for path in entry.executed}
    return [
        {
            "title": words.report_words(label),
            "files": [data for data in entry.data if data.label == label],
            "notebook": notebooks.get(label, ""),
        }
        for label in dict.fromkeys(data.label for data in entry.data)
    ]
