"""The as-of view against a second, literal implementation of the rule."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aimlib.store.asof import KEY, list_blocks, pick
from aimlib.store.commits import BlockGroup, Commit

DAYS = [date(2024, 1, day) for day in range(1, 6)]


def commit(name, known_on, captured, blocks):
    groups = tuple(
        BlockGroup("census_imports", "hts10", "consumption", period, coverage, {heading: (count, name)})
        for period, heading, coverage, count in blocks
    )
    return Commit(name, known_on, datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=captured), False, (), groups)


BLOCKS = st.lists(
    st.tuples(
        st.sampled_from(["2023-11", "2023-12"]),
        st.sampled_from(["7601", "7604"]),
        st.sampled_from(["complete", "selection"]),
        st.integers(0, 3),
    ),
    unique_by=lambda block: block[:2],
    min_size=1,
)
HISTORIES = st.lists(st.tuples(st.sampled_from(DAYS), st.integers(0, 2), BLOCKS), max_size=8).map(
    lambda told: [commit(f"commit{at}", *one) for at, one in enumerate(told)]
)


def literal(commits, as_of):
    """Walk over every block as the rule reads, one at a time."""
    winners = {}
    for one in commits:
        if as_of is not None and one.known_on > as_of:
            continue
        for group in one.groups:
            for heading in group.headings:
                key = (group.table, group.code_level, group.concept, group.period, heading)
                held = winners.get(key)
                if held is None:
                    winners[key] = (one, group.coverage)
                    continue
                before, coverage = held
                if coverage == "complete" and group.coverage == "selection":
                    continue
                replaces_selection = coverage == "selection" and group.coverage == "complete"
                later = (one.known_on, one.captured_at, one.name) > (
                    before.known_on,
                    before.captured_at,
                    before.name,
                )
                if replaces_selection or later:
                    winners[key] = (one, group.coverage)
    return {key: (one.name, coverage) for key, (one, coverage) in winners.items()}


@given(HISTORIES, st.sampled_from([None, date(2023, 12, 31), *DAYS]))
def test_the_view_is_what_the_rule_says(commits, as_of):
    found = pick(list_blocks(commits), as_of)
    keys = found[KEY].itertuples(index=False, name=None)
    values = found[["commit_name", "coverage"]].itertuples(index=False, name=None)
    assert dict(zip(keys, values, strict=True)) == literal(commits, as_of)


@given(HISTORIES, st.randoms())
def test_the_order_in_which_files_are_found_does_not_matter(commits, random):
    shuffled = list(commits)
    random.shuffle(shuffled)
    assert pick(list_blocks(commits)).equals(pick(list_blocks(shuffled)))


def view(*commits, as_of=None):
    return pick(list_blocks(commits), as_of).set_index(["period", "heading"])["commit_name"].to_dict()


BLOCK = ("2023-12", "7601", "complete", 1)
SELECTED = ("2023-12", "7601", "selection", 1)


def test_a_newer_answer_is_seen_from_its_day_on():
    older, newer = commit("older", DAYS[0], 0, [BLOCK]), commit("newer", DAYS[2], 0, [BLOCK])
    assert view(older, newer, as_of=DAYS[1]) == {("2023-12", "7601"): "older"}
    assert view(older, newer, as_of=DAYS[2]) == {("2023-12", "7601"): "newer"}


def test_of_two_on_the_same_day_the_later_captured_wins():
    first, second = commit("a", DAYS[0], 9, [BLOCK]), commit("b", DAYS[0], 3, [BLOCK])
    assert view(first, second) == {("2023-12", "7601"): "a"}


def test_a_selection_never_replaces_a_complete_answer():
    complete, selection = commit("complete", DAYS[0], 0, [BLOCK]), commit("selection", DAYS[4], 0, [SELECTED])
    assert view(complete, selection) == {("2023-12", "7601"): "complete"}
    assert view(selection) == {("2023-12", "7601"): "selection"}


def test_another_heading_of_the_month_is_not_displaced():
    both = commit("both", DAYS[0], 0, [BLOCK, ("2023-12", "7604", "complete", 1)])
    one = commit("one", DAYS[1], 0, [BLOCK])
    assert view(both, one) == {("2023-12", "7601"): "one", ("2023-12", "7604"): "both"}


def test_an_empty_block_replaces_rows_that_were_withdrawn():
    rows = commit("rows", DAYS[0], 0, [BLOCK])
    withdrawn = commit("withdrawn", DAYS[1], 0, [("2023-12", "7601", "complete", 0)])
    assert view(rows, withdrawn) == {("2023-12", "7601"): "withdrawn"}
