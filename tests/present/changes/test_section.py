"""The section of a bulletin that says what changed: its sentences, its table and its data."""

from __future__ import annotations

import io
from datetime import date

import pandas as pd
import pytest

from aimlib.bulletin.document import Document
from aimlib.bulletin.html import render_html
from aimlib.bulletin.pdf import render_pdf
from aimlib.present.blocks import TIDY_COLUMNS, Cover
from aimlib.present.changes import Change, Part, cells, changes_blocks, lead_words
from aimlib.present.changes.change import FILLING, LAW, NEW_MONTH, REPLACED, REVISED

SINCE, NOW = date(2026, 10, 29), date(2026, 11, 5)


def change(name="level", before=100.0, after=103.0, parts=((REVISED, 3.0, "revised by Census"),), **given):
    texts = [f"{amount:,.0f} t" if amount is not None else "" for amount in (before, after)]
    return Change(
        **{
            "headline": name, "label": "Imports in August 2026", "amount_unit": "quantity_t", "unit": "t",
            "before": before, "after": after, "before_text": texts[0], "after_text": texts[1],
            "period_before": "2026-08", "period_after": "2026-08",
            "difference": None if None in (before, after) else after - before,
            "parts": tuple(Part(*part) for part in parts), "data_basis": "census", "concept": "consumption",
        } | given
    )  # fmt: skip


SAME = change("share", 50.0, 50.0, (), label="Share of all imports")
FILLED = change(
    "licensed:2026-10", 200.0, 250.0, [(FILLING, 50.0, "October 2026 still filling")],
    label="Licensed for October 2026", period_before="2026-10", period_after="2026-10", partial=True,
)  # fmt: skip
MOVED = change(
    "level", 100.0, 130.0, [(REVISED, -2.0, "revised by Census"), (NEW_MONTH, 32.0, "September 2026 is new")],
    label="Imports in September 2026", period_after="2026-09",
)  # fmt: skip
GAVE_WAY = change(
    "licensed:2026-09", 90.0, 130.0, [(REPLACED, 40.0, "licenses replaced by Census")],
    label="Licensed for September 2026", period_before="2026-09", period_after="2026-09",
)  # fmt: skip
BEGUN = change(
    "licensed:2026-11", None, 20.0, [(NEW_MONTH, None, "first licenses for November 2026")],
    label="Licensed for November 2026", period_before="", period_after="2026-11", partial=True,
)  # fmt: skip


def test_the_first_edition_has_nothing_to_compare_with():
    (block,) = changes_blocks({"Import trends": []}, None, NOW)
    assert "no earlier edition" in block.plain_text()


def test_an_unchanged_bulletin_is_one_sentence():
    (block,) = changes_blocks({"Import trends": [SAME]}, SINCE, NOW)
    assert block.paragraphs == ["None of the headline figures has changed since October 29, 2026."]
    assert "no headline figures" in lead_words({"Import trends": []}, SINCE)


def test_sentences_give_direction_amount_and_cause_the_gravest_first():
    words = lead_words({"Import trends": [FILLED, MOVED, GAVE_WAY, BEGUN, SAME]}, SINCE)
    assert words == (
        "Four of 5 headline figures changed since October 29, 2026. "
        "Census has published September 2026: 130 t, where licenses stood at 90 t. "
        "Imports in September 2026: 130 t, up from 100 t for August 2026 (September 2026 is new). "
        "Licensed for October 2026 rose by 50 t to 250 t as the month fills."
    )
    assert "November 2026 is a new license month, with 20 t so far." in lead_words({"": [BEGUN]}, SINCE)
    fell = change(after=96.0, parts=[(REVISED, -4.0, "revised by Census")])
    assert "Imports in August 2026: down 4 t to 96 t (revised by Census)" in lead_words({"": [fell]}, SINCE)


def test_of_a_cause_the_largest_change_in_proportion_is_told_among_those_of_one_unit():
    small = change(before=100.0, after=101.0, parts=[(REVISED, 1.0, "revised by Census")])
    large = change(
        "year_to_date", 800.0, 790.0, [(REVISED, -10.0, "revised by Census")], label="January to August 2026"
    )
    share = change("share", 0.01, 0.02, [(REVISED, 0.01, "revised by Census")], amount_unit="fraction", label="Share")
    words = lead_words({"": [small, large, share]}, SINCE)
    assert "January to August 2026: down 10 t to 790 t (revised by Census)." in words
    assert "Share" not in words
    assert "Imports in" not in words


def test_census_is_held_against_the_estimate_too():
    estimate = change(
        "estimate:2026-09", 120.0, 130.0, [(REPLACED, 10.0, "estimate replaced by Census")],
        label="Early estimate for September 2026", period_before="2026-09", period_after="2026-09",
    )  # fmt: skip
    words = lead_words({"": [GAVE_WAY, estimate]}, SINCE)
    assert (
        "Census has published September 2026: 130 t, where it was estimated at 120 t and licenses stood at 90 t."
        in words
    )


def test_a_figure_of_an_earlier_span_is_told_with_the_whole_span():
    window = change(
        "twelve_months", 100.0, 130.0, [(NEW_MONTH, 30.0, "now through September 2026")],
        label="Last twelve months", period_before="2025-09:2026-08", period_after="2025-10:2026-09",
    )  # fmt: skip
    assert cells(window)[1] == "100 t (September 2025 to August 2026)"
    on_month = change(
        "month_on_month", 100.0, 130.0, [(NEW_MONTH, 30.0, "September 2026 is new")], label="Change on Aug 2026",
        label_before="Change on Jul 2026", period_before="2026-08", period_after="2026-09",
    )  # fmt: skip
    assert cells(on_month)[1] == "100 t (August 2026; change on Jul 2026)"


def test_it_says_where_now_less_before_is_not_the_change_as_printed():
    apart = change(before=100.4, after=149.6, parts=[(REVISED, 49.2, "revised")], difference=49.2)
    (note,) = changes_blocks({"": [apart]}, SINCE, NOW)[1].notes
    assert "rounded by itself" in note


def test_the_table_lists_what_changed_and_names_the_rest():
    _, table = changes_blocks({"Import trends": [MOVED, SAME, BEGUN]}, SINCE, NOW)
    assert table.title == "What changed since October 29, 2026"
    assert [row.cells for row in table.rows] == [
        [
            "Imports in September 2026", "100 t (August 2026)", "130 t", "+30 t",
            "September 2026 is new: +32 t; revised by Census: −2 t",
        ],
        ["Licensed for November 2026", "not told", "20 t", "new", "first licenses for November 2026"],
    ]  # fmt: skip
    assert table.notes[0] == "Unchanged: Share of all imports."
    assert "the period that was the newest then" in table.notes[1]


def test_what_rounds_away_is_unchanged():
    tiny = change(before=100.2, after=100.3, parts=[(REVISED, 0.1, "revised by Census")])
    assert cells(tiny)[3:] == ("unchanged", "")
    (block,) = changes_blocks({"": [tiny]}, SINCE, NOW)
    assert "None of the headline figures" in block.paragraphs[0]
    apart = change(before=100.4, after=100.6, parts=[(REVISED, 0.2, "revised by Census")])
    assert cells(apart)[3:] == ("up by less than 1 t", "revised by Census")
    fell = change(before=100.6, after=100.4, parts=[(REVISED, -0.2, "revised by Census")])
    assert cells(fell)[3] == "down by less than 1 t"


def test_parts_that_offset_each_other_are_told():
    offset = change(after=100.0, parts=[(REVISED, -5.0, "revised by Census"), (LAW, 5.0, "law")], difference=0.0)
    assert cells(offset)[3:] == ("0 t", "revised by Census: −5 t; law: +5 t")


def test_it_says_where_rounded_parts_do_not_add_up():
    halves = change(after=101.0, parts=[(REVISED, 0.4, "revised"), (NEW_MONTH, 0.6, "new")], difference=1.0)
    assert len(changes_blocks({"": [halves]}, SINCE, NOW)[1].notes) == 0
    thirds = change(after=102.0, parts=[(REVISED, 0.7, "revised"), (NEW_MONTH, 0.7, "new")], difference=1.4)
    assert "may not add up" in changes_blocks({"": [thirds]}, SINCE, NOW)[1].notes[-1]


@pytest.mark.parametrize(
    ("amount_unit", "unit", "difference", "words"),
    [
        ("customs_value_usd", "million US$", -6_600_000.0, "−$6.6 million"),
        ("usd_t", "US$/t", 12.0, "+$12/t"),
        ("usd_t", "US$ per t", -12.0, "−$12 per t"),
        ("fraction", "", 0.012, "+1.2 points"),
        ("percent", "of customs value", 25.0, "+25.0 points"),
        ("c_lb", "c/lb", -7.13, "−7.1 c/lb"),
        ("index", "0 to 10,000", 0.0052, "+52"),
        ("quantity_t", "thousand t", 1_500.0, "+1.5 thousand t"),
        ("count", "", 1.0, "+1"),
    ],
)
def test_differences_carry_their_unit(amount_unit, unit, difference, words):
    given = {"amount_unit": amount_unit, "unit": unit, "before": 0.0, "after": difference}
    told = change(**given, parts=[(REVISED, difference, "revised")], before_text="a", after_text="b")
    assert cells(told)[3] == words


def test_data_have_a_row_a_cause_and_all_headlines():
    _, table = changes_blocks({"Import trends": [MOVED, SAME, BEGUN]}, SINCE, NOW)
    data = pd.read_csv(io.StringIO(table.csv))
    assert set(TIDY_COLUMNS) <= set(data.columns)
    assert data["cause"].fillna("").tolist() == [REVISED, NEW_MONTH, "", NEW_MONTH]
    moved = data[data["headline"] == "level"]
    assert moved["part"].sum() == moved["difference"].iloc[0] == 30.0
    assert set(data["vintage"]) == {"2026-11-05"}


def test_several_reports_have_a_table_each_and_tell_nothing_twice():
    lead, first, second = changes_blocks(
        {"Import trends": [MOVED, FILLED], "Smelt and cast": [FILLED, change("licensed")], "Duty": [SAME]}, SINCE, NOW
    )
    assert lead.paragraphs[0].startswith("Three of 4 headline figures")
    assert [first.key, second.key] == ["changes_import_trends", "changes_smelt_and_cast"]
    assert second.title == "Smelt and cast: what changed since October 29, 2026"
    assert [row.cells[0] for row in second.rows] == ["Imports in August 2026"]


def test_no_other_cause_is_possible():
    with pytest.raises(ValueError, match="no cause"):
        Part("the weather", 1.0, "rain")


def test_both_exporters_set_the_section():
    blocks = changes_blocks({"Import trends": [MOVED, FILLED, SAME, BEGUN]}, SINCE, NOW)
    cover = Cover("Imports", "of aluminum", [("Origin", "Canada")], str(NOW), "slug").content()
    document = Document(cover, [block.content() for block in blocks])
    page = render_html(document)
    assert "September 2026 is new: +32 t" in page
    assert render_pdf(document).startswith(b"%PDF")
