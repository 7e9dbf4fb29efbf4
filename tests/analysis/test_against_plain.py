"""The vectorized functions and a literal second implementation agree on random imports."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aimlib.analysis.contributions import contributions
from aimlib.analysis.decomposition import EFFECTS, decompose
from aimlib.analysis.grid import grid
from aimlib.analysis.growth import changes, seasonal_range
from aimlib.analysis.headline import headline
from aimlib.analysis.months import year_to_date_window
from aimlib.analysis.periods import annual, quarterly
from aimlib.analysis.shares import shares
from aimlib.analysis.surges import surges
from aimlib.analysis.tables import window_table
from aimlib.analysis.totals import total
from aimlib.analysis.unit_values import unit_values

SEEDS = range(8)
NAMES = {"value": "usd", "quantity": "kg"}


def same(found, wanted):
    """Assert that two runs of figures agree; None is blank."""
    found = np.asarray(found, dtype=float)
    wanted = np.array([np.nan if figure is None else figure for figure in wanted], dtype=float)
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)


@pytest.fixture(params=SEEDS)
def both(request, random_imports, plain):
    found = random_imports(request.param)
    return found, plain.Plain(*found.frames)


def test_levels(both):
    found, literal = both
    cells = grid(found.rows, found.months, found.listed, by=("origin", "product"))
    group = grid(found.rows, found.months, found.listed, origins=["CAN", "NAM"])
    whole = total(found.rows, found.totals, found.months, by=("product",))
    for frame, read in (
        (cells, lambda row: literal.place(row.month, [row.origin], row.product)),
        (group, lambda row: literal.place(row.month, ["CAN", "NAM"])),
        (whole, lambda row: literal.whole(row.month, row.product)),
    ):
        figures = [read(row) for row in frame.itertuples()]
        columns = ("customs_value_usd", "quantity_kg", "customs_value_with_quantity_usd")
        for column, name in zip(columns, ("usd", "kg", "covered"), strict=True):
            same(frame[column], [None if f is None else f[name] for f in figures])


@pytest.mark.parametrize("measure", NAMES)
def test_changes_ranges_and_periods(both, plain, measure):
    found, literal = both
    frame = grid(found.rows, found.months, found.listed, origins=["CAN"])
    series = literal.series(lambda month: literal.place(month, ["CAN"]), NAMES[measure])
    made, wanted = changes(frame, measure), literal.changes(series)
    c = "customs_value_usd" if measure == "value" else "quantity_t"
    for name in ("mom", "yoy", "3m_average", "12m_average", "12m", "12m_yoy", "ytd", "annualized", "ytd_yoy"):
        same(made[f"{c}_{name}"], [row[name] for row in wanted.values()])
    same(made["ytd_months_compared"], [row["count"] for row in wanted.values()])

    ranged, wanted = seasonal_range(frame, measure), literal.seasonal_range(series)
    same(ranged[f"{c}_range_low"], [low for low, _ in wanted.values()])
    same(ranged[f"{c}_range_high"], [high for _, high in wanted.values()])

    for table, length in ((quarterly(frame, measure), 3), (annual(frame, measure), 12)):
        wanted = literal.periods(series, length)
        assert table["period_start"].tolist() == list(wanted)
        same(table[c], wanted.values())
        same(
            table[f"{c}_yoy"],
            [literal_change(now, wanted.get(start - pd.DateOffset(years=1))) for start, now in wanted.items()],
        )


def literal_change(now, then):
    return None if now is None or not then else now / then - 1


@pytest.mark.parametrize("measure", NAMES)
def test_shares_supplier_table_and_contributions(both, plain, measure):
    found, literal = both
    parts = grid(found.rows, found.months, found.listed, by=("origin",))
    whole = total(found.rows, found.totals, found.months)
    of_all = literal.series(literal.whole, NAMES[measure])
    by_part = {
        origin: literal.series(lambda month, o=origin: literal.place(month, [o]), NAMES[measure])
        for origin in literal.origins
    }
    for frame, name, read in (
        (shares(parts, whole, measure), "share_of_total", plain.ratio),
        (contributions(parts, whole, measure), "contribution_yoy", None),
    ):
        wanted = []
        for row in frame.itertuples():
            before = row.month - pd.DateOffset(years=1)
            now, then = by_part[row.origin][row.month], by_part[row.origin].get(before)
            if read:
                wanted.append(read(now, of_all[row.month]))
            else:
                delta = None if now is None or then is None else now - then
                wanted.append(plain.ratio(delta, of_all.get(before)))
        same(frame[name], wanted)

    window = year_to_date_window(found.months)
    table = window_table(parts, whole, window, measure, keep=literal.origins)
    table = table.set_index("origin").loc[literal.origins]
    wanted = literal.table(by_part, of_all)
    c = ("customs_value_usd" if measure == "value" else "quantity_t") + "_ytd"
    names = {"level": c, "prior": f"{c}_prior", "yoy": f"{c}_yoy", "share": "share_of_total"}
    for name, column in (names | {"contribution": "contribution"}).items():
        same(table[column], [wanted[origin][name] for origin in literal.origins])


def test_unit_values(both, plain):
    found, literal = both
    frame = unit_values(grid(found.rows, found.months, found.listed, by=("origin",), origins=["CAN", "NAM"]))
    figures = [literal.place(row.month, [row.origin]) for row in frame.itertuples()]
    same(
        frame["unit_value_usd_t"],
        [f and plain.ratio(f["covered"], None if f["kg"] is None else f["kg"] / 1000) for f in figures],
    )
    same(frame["share_value_covered"], [f and plain.ratio(f["covered"], f["usd"]) for f in figures])


@pytest.mark.parametrize("origins", [["CAN"], ["ARE", "CHN"]])
def test_quantity_price_and_mix(both, origins):
    found, literal = both
    window = year_to_date_window(found.months)
    made = decompose(*found.frames, window, origins=origins).iloc[-1]
    wanted = literal.decompose(origins, window.compared, window.base) if window.compared else None
    if wanted is None:
        assert made[[*EFFECTS, "not_split_usd", "change_usd"]].isna().all()
    else:
        same(made[["change_usd", "not_split_usd"]], [wanted["change"], wanted["not_split"]])
        same(made[EFFECTS].fillna(0.0), wanted["effects"])


@pytest.mark.parametrize(("measure", "minimum"), [("value", 5000.0), ("quantity", 3.0)])
def test_surges(both, measure, minimum):
    found, literal = both
    cells = grid(found.rows, found.months, found.listed, by=("origin", "product"))
    made = surges(cells, found.months, measure, minimum=minimum, threshold=0.3)
    wanted = literal.surges(NAMES[measure], minimum, 0.3)
    assert set(zip(made["origin"], made["product"], strict=True)) == set(wanted)
    for row in made.itertuples():
        same([row.change_recent, row.change_seasonal], wanted[row.origin, row.product])


def test_the_headline_repeats_the_series(both):
    found, literal = both
    figures = headline(*found.frames, origins=["CAN"])
    series = literal.series(lambda month: literal.place(month, ["CAN"]), "usd")
    wanted = literal.changes(series)[figures.month]
    assert figures.level == series[figures.month]
    for name in ("mom", "yoy", "ytd", "ytd_yoy", "annualized"):
        assert getattr(figures, name) == (wanted[name] if wanted[name] is None else pytest.approx(wanted[name]))
    rivals = [literal.place(figures.month, [origin]) for origin in literal.origins]
    rivals = [f["usd"] for f in rivals if f is not None and f["usd"] > 0]
    own = series[figures.month]
    assert figures.rank == (1 + sum(f > own for f in rivals) if own else None)
