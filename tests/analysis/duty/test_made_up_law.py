"""The engine and the literal implementation agree on measures that no file of the package has."""

from __future__ import annotations

import pandas as pd
import pytest

from aimlib.analysis.duty.rate import rate_entries
from aimlib.reference.law import load_law

HEAD = """
program: fictional
family: fictional
family_title: Fictional
scope: ["76"]
origins: all
"""
BRACKET = " {{measure: {name}, title: Made up, basis: {basis}, replaces: [{over}], versions: [{{id: {name}, {rest}}}]}}"
COMMON = (
    "from: 2026-05-01, known: 2026-04-20, known_basis: made up, heading: none, citation: Fictional Act, "
    "link: 'https://example.org/act', confidence: made up"
)


def measure(name: str, rest: str, basis: str = "full", over: str = "") -> str:
    """Return a measure as one line of YAML, in force from May 2026."""
    return f"  -{BRACKET.format(name=name, basis=basis, over=over, rest=f'{COMMON}, {rest}')}\n"


def yields(to: str, part: str, rest: str = "") -> str:
    """Return a stacking rule as one line of YAML, in force from May 2026."""
    ground = "known: 2026-04-20, known_basis: made up, reason: made up, citation: Fictional Act"
    held = f"measures: all, yields_to: {to}, part: {part}, from: 2026-05-01, {ground}, link: 'https://example.org/act'"
    return f"  - {{{held}{rest}}}\n"


def file(*measures: str, stacking: tuple[str, ...] = ()) -> str:
    text = HEAD + "measures:\n" + "".join(measures)
    return text + ("stacking:\n" + "".join(stacking) if stacking else "")


AGREED = {
    "a quota": file(measure("made_up", "quota: {in: 1, over: 7}")),
    "a top-up": file(measure("made_up", "top_up_to: 15")),
    "a top-up on the metal": file(measure("made_up", "top_up_to: 15", basis="metal_content")),
    "a chain of replacing": file(
        measure("lowest", "rate: 9"),
        measure("middle", "rate: 5, claims: {bars: [usmca]}", over="lowest"),
        measure("highest", "rate: 1, metal: {not_smelted_in: [CHN, unknown]}", over="middle"),
    ),
    "a rest": file(measure("made_up", "rate: 8", basis="rest"), stacking=(yields("s232", "covered"),)),
    "a whole, unless": file(
        measure("made_up", "rate: 8"), stacking=(yields("s232", "whole", ", unless: [s232_russian_metal]"),)
    ),
    "an end that was not known": file(
        measure("made_up", "rate: 3, until: 2026-06-30, until_known: 2026-09-01, collected_until: 2026-07-03")
    ),
    "a start that was collected late": file(measure("made_up", "rate: 3, collected_from: 2026-05-09")),
    "one suffix of a line": file(measure("made_up", "rate: 3, scope: ['7606.12.30.45']")),
    "one suffix of a line, of some countries": file(
        measure("made_up", "rate: 3, scope: ['7606.12.30.45'], origins: {only: [CHN, CAN, EU27]}")
    ),
    "one suffix of a line, beside the total": file(
        measure("made_up", "rate: 3, scope: ['7606.12.30.45'], in_total: false, amount: in words")
    ),
    "two smelts": file(measure("made_up", "rate: 3, metal: {smelted_and_cast_in: [CAN, NOR]}")),
}


HARD = {
    "a rest of two families": file(
        measure("made_up", "rate: 8", basis="rest"),
        stacking=(yields("s232", "covered"), yields("s301_china", "covered")),
    ),
    "a whole and a rest": file(
        measure("made_up", "rate: 8", basis="rest"),
        stacking=(yields("s232", "whole"), yields("s301_china", "covered")),
    ),
    "the rest of a metal's content": file(
        measure("made_up", "rate: 8", basis="metal_content"), stacking=(yields("s232", "covered"),)
    ),
    "both smelts in a place, else either": file(
        measure("either", "rate: 40, metal: {smelted_or_cast_in: [CAN]}"),
        measure("both", "rate: 0, metal: {smelted_and_cast_in: [CAN, MEX]}", over="either"),
    ),
}


@pytest.mark.parametrize(
    "text",
    [
        *(pytest.param(text, id=name) for name, text in AGREED.items()),
        *(pytest.param(text, id=name) for name, text in HARD.items()),
    ],
)
def test_both_agree(text, tmp_path, literal_of, random_entries, differences):
    path = tmp_path / "made_up.yml"
    path.write_text(text, encoding="utf-8")
    held, literal = load_law(extra=[path]), literal_of(path)
    rows = [row for row in random_entries.entries(seed=76, count=2500) if row["entry_date"].year == 2026]
    assert len(rows) > 300
    for known_on in (None, pd.Timestamp("2026-06-10").date()):
        assert differences(rows, literal, known_on, law=held) == []


def test_a_duty_is_never_below_nothing(tmp_path):
    """The same said without the literal implementation: one entry, two families that cover all."""
    (tmp_path / "made_up.yml").write_text(HARD["a rest of two families"], encoding="utf-8")
    entry = {"entry_date": "2026-05-01", "hts": "76071160", "origin": "CHN", "largest_smelt": "CHN"}
    rated = rate_entries(pd.DataFrame([entry | {"recent_cast": "CHN"}]), law=load_law(extra=[tmp_path / "made_up.yml"]))
    assert rated.frame["total_pct"].tolist() == [5.3 + 25 + 50]
