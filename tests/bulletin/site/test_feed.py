"""The Atom feed."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from aimlib.bulletin.site.feed import feed

ATOM = "{http://www.w3.org/2005/Atom}"


def parsed(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)


def test_it_has_what_rfc_4287_asks_of_feed_and_entries(edition, before):
    root = parsed(feed([before, edition]))
    assert root.tag == f"{ATOM}feed"
    for place in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(place.findall(f"{ATOM}{name}")) == 1
        assert place.find(f"{ATOM}link[@rel='alternate']") is not None
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", place.findtext(f"{ATOM}updated"))
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    assert root.find(f"{ATOM}link[@rel='self']") is not None
    identifiers = [element.text for element in root.iter(f"{ATOM}id")]
    assert len(set(identifiers)) == len(identifiers) == 3
    assert all(identifier.startswith("urn:uuid:") for identifier in identifiers)


def test_ids_stay_when_the_folder_moves_and_when_weeks_are_added(edition, before):
    def identifiers(content: bytes) -> dict[str, str]:
        return {
            entry.findtext(f"{ATOM}title"): entry.findtext(f"{ATOM}id")
            for entry in parsed(content).iter(f"{ATOM}entry")
        }

    alone, moved = identifiers(feed([before])), identifiers(feed([edition, before], "https://example.org/aim"))
    assert moved["Bulletins of November 12, 2026"] == alone["Bulletins of November 12, 2026"]
    # What readers have seen must not come again as new: these two never change.
    assert "urn:uuid:dac69aa1-f672-5d73-874e-f4b06ce7e367" in feed([edition]).decode()
    assert moved["Bulletins of November 19, 2026"] == "urn:uuid:cb990c7c-1c15-5767-adc1-8135d58b95b5"


def test_the_newest_comes_first_and_dates_the_feed(edition, before):
    root = parsed(feed([before, edition]))
    titles = [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]
    assert titles == ["Bulletins of November 19, 2026", "Bulletins of November 12, 2026"]
    assert root.findtext(f"{ATOM}updated") == "2026-11-19T00:00:00Z"


def test_links_are_relative_unless_the_folder_has_an_address(edition):
    hrefs = [link.get("href") for link in parsed(feed([edition])).iter(f"{ATOM}link")]
    assert "2026-11-19/index.html" in hrefs
    assert not [href for href in hrefs if ":" in href]
    addressed = parsed(feed([edition], "https://example.org/aim"))
    assert all(link.get("href").startswith("https://example.org/aim/") for link in addressed.iter(f"{ATOM}link"))
    assert 'href="https://example.org/aim/2026-11-19/canada/' in addressed.findtext(f"{ATOM}entry/{ATOM}content")


def test_names_and_changes_are_text_in_the_html_inside(edition):
    content = parsed(feed([edition])).find(f"{ATOM}entry/{ATOM}content")
    assert content.get("type") == "html"
    assert "Imports rose &lt;5%." in content.text
    assert "Figure 1: 1,234 t (+1% on 2025)" in content.text
