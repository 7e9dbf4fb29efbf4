"""The front page and the page of a week."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from aimlib.bulletin.site.pages import edition_page, index_page


def links(page: bytes) -> list[str]:
    return re.findall(r'href="([^"]+)"', page.decode())


def test_the_front_page_leads_to_the_latest_week_whatever_the_order(edition, before):
    page = index_page([before, edition]).decode()
    assert '<time datetime="2026-11-19">November 19, 2026</time>' in page
    assert page.index("November 19, 2026") < page.index("November 12, 2026")
    assert "2026-11-19/canada/canada-2026-11-19.pdf" in links(page.encode())
    assert "2026-11-12/index.html" in links(page.encode())
    assert "2026-11-12/canada/canada-2026-11-12.pdf" not in links(page.encode())


def test_the_front_page_shows_three_headlines_a_bulletin(edition):
    page = index_page([edition]).decode()
    assert page.count("<dt>Figure 3</dt>") == 2
    assert "Figure 4" not in page


def test_the_pages_show_the_key_figures_of_the_first_report(edition):
    (first, _) = edition.entries
    numbers = tuple({**number, "report": f"report_{place // 2}"} for place, number in enumerate(first.headlines))
    edition = replace(edition, entries=(replace(first, headlines=numbers),))
    for page in (index_page([edition]).decode(), edition_page(edition).decode()):
        assert "Figure 2" in page
        assert "Figure 3" not in page


def test_figures_of_series_are_for_programs_and_not_for_the_pages(edition):
    (first, _) = edition.entries
    series = {**first.headlines[1], "name": "census:2026-09"}
    edition = replace(edition, entries=(replace(first, headlines=(first.headlines[0], series)),))
    assert "Figure 1" in edition_page(edition).decode()
    assert "Figure 2" not in edition_page(edition).decode()


def test_names_from_data_are_text(edition):
    odd = replace(edition.entries[0], title="<script>x</script>", place='"><b>')
    page = edition_page(replace(edition, entries=(odd,))).decode()
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<b>" not in page


def test_links_are_relative(edition, before):
    for page in (index_page([edition, before]), edition_page(edition)):
        assert not [link for link in links(page) if re.match(r"(?!data:)[a-z]+:|/", link)]


def test_a_bulletin_is_found_by_title_country_code_and_notebook(edition):
    (words, _) = re.findall(r'data-words="([^"]+)"', index_page([edition]).decode())
    for asked in ("Canada", "CAN", "metal", "Import trends"):
        assert asked in words


def test_the_week_lists_changes_data_and_the_notebook_that_ran(edition):
    page = edition_page(edition).decode()
    assert "Imports rose &lt;5%." in page
    assert "canada/data/import_trends-monthly.csv" in links(page.encode())
    assert "canada/notebooks/import_trends.ipynb" in links(page.encode())


def test_the_synthetic_sample_is_labeled_and_real_data_are_not(edition):
    assert b"Not for citation" in index_page([edition])
    assert b"Not for citation" in edition_page(edition)
    assert b"Not for citation" not in index_page([replace(edition, synthetic=False)])


def test_equal_editions_give_equal_bytes_and_none_is_an_error(edition, before):
    assert index_page([edition, before]) == index_page([before, edition])
    with pytest.raises(ValueError, match="at least one"):
        index_page([])
