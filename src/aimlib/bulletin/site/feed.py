"""The Atom feed of the editions (RFC 4287)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from xml.etree import ElementTree

from aimlib.bulletin.notices import SAMPLE_NOTICE
from aimlib.bulletin.page_templates import environment
from aimlib.bulletin.site import words
from aimlib.bulletin.site.records import Edition, newest_first

_ATOM = "http://www.w3.org/2005/Atom"
# Drawn once; ids are made from it and from what they name (RFC 9562, version 5), so that they stay when the folder
# moves.
_NAMESPACE = uuid.UUID("6c0f4c1e-5d0b-4f0a-9d0e-2b8f4a76a1c3")
# A reader that looks in once a quarter misses none.
_EDITIONS = 16


def feed(editions: Sequence[Edition], base_url: str = "") -> bytes:
    """Return the feed: an entry an edition, the newest first, with each bulletin's headlines and what changed.

    Dates are the editions' days at midnight UTC, never the clock. Links are relative to the feed unless `base_url`,
    the address of the published folder, is given.

    Raises
    ------
    ValueError
        If there is no edition.
    """
    if not editions:
        raise ValueError("a feed needs at least one edition")
    shown = newest_first(list(editions))[:_EDITIONS]
    base = f"{base_url.rstrip('/')}/" if base_url else ""
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en-US"})
    _text(root, "title", f"{words.SITE_TITLE}: weekly bulletins")
    _text(root, "id", _urn("feed"))
    _text(root, "updated", _instant(shown[0]))
    _text(_child(root, "author"), "name", words.PUBLISHER)
    _link(root, "self", f"{base}feed.xml", "application/atom+xml")
    _link(root, "alternate", f"{base}index.html", "text/html")
    for edition in shown:
        _entry(root, edition, base)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _entry(root: ElementTree.Element, edition: Edition, base: str) -> None:
    entry = _child(root, "entry")
    folder = f"{base}{edition.day}/"
    _text(entry, "title", words.edition_title(edition))
    _text(entry, "id", _urn(f"edition {edition.day}"))
    _text(entry, "updated", _instant(edition))
    _link(entry, "alternate", f"{folder}index.html", "text/html")
    if edition.workbook:
        _link(entry, "enclosure", f"{folder}{edition.workbook}", words.media_type(edition.workbook))
    _text(entry, "summary", words.counted(len(edition.entries), "bulletin") + _of(edition))
    template = environment().get_template("feed_entry.html.j2")
    _text(entry, "content", template.render(edition=edition, folder=folder, most=words.HEADLINES), type="html")


def _of(edition: Edition) -> str:
    notice = f" {SAMPLE_NOTICE}" if edition.synthetic else ""
    return f": {', '.join(entry.title for entry in edition.entries)}.{notice}"


def _child(parent: ElementTree.Element, name: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)


def _text(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    _child(parent, name, **attributes).text = text


def _link(parent: ElementTree.Element, rel: str, href: str, kind: str) -> None:
    _child(parent, "link", rel=rel, href=href, type=kind)


def _urn(name: str) -> str:
    return uuid.uuid5(_NAMESPACE, name).urn


def _instant(edition: Edition) -> str:
    return f"{edition.day}T00:00:00Z"
