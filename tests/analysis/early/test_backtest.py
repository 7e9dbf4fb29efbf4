"""The record against a loop over single Thursdays; nothing later counts; who wins is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimlib.analysis.early.backtest import ESTIMATE, METHODS, backtest, rivals_ahead, trials
from aimlib.analysis.early.estimate import estimate
from aimlib.analysis.early.evidence import evidence
from aimlib.analysis.early.outages import outages, touched
from aimlib.analysis.early.thursdays import as_days, day_numbers, month_numbers, thursday

SMALL = {"seed": 4, "months": 30, "outage": ("2022-09-05", "2022-09-16")}
ORIGINS = ("CAN", "ARE", "MEX")


def rivals_by_hand(panel, prints, day, month, part):
    """The rivals' words for one part, from the frames as they stood on the day."""
    seen = panel[(panel["day"] == day) & (panel["month"] == month) & (panel["part"] == part)]
    known = prints[(prints["known_on"] <= day) & (prints["part"] == part)]
    newest = known.sort_values("known_on").groupby("month").tail(1).set_index("month")["quantity_kg"].sort_index()
    return {
        "licenses": seen["quantity_kg"].iloc[0],
        "last_month": newest.iloc[-1],
        "three_months": newest.iloc[-3:].mean(),
        "last_year": newest.get(month - pd.DateOffset(months=12), np.nan),
    }


def test_the_record_is_what_single_thursdays_said(simulated, day_of):
    """Total, a product and an origin at two horizons, by calling the estimate of each Thursday and averaging."""
    panel, prints, filings = simulated(**SMALL)
    today, silent = panel["day"].max(), outages(filings)
    record = backtest(panel, prints, filings, today, origins=ORIGINS, horizons=(-2, 1))
    for weeks in (-2, 1):
        errors = {part: [] for part in ("all", "foil", "CAN")}
        for month in panel["month"].unique():
            day = day_of(str(month.date()), weeks)
            # Which months count is judged today, when all of an outage is known.
            if day > today or touched(month_numbers(pd.DatetimeIndex([month])), weeks, silent).any():
                continue
            table = estimate(panel, prints, filings, day, origins=ORIGINS)
            table = table[table["month"] == month]
            versions = prints[prints["month"] == month].sort_values("known_on")
            for part, found in errors.items():
                row, actual = table[table["part"] == part], versions[versions["part"] == part]["quantity_kg"]
                if len(row) and len(actual):
                    said = {ESTIMATE: row["quantity_t_estimate"].iloc[0] * 1000}
                    said |= rivals_by_hand(panel, prints, day, month, part)
                    inside = (
                        row["quantity_t_low_80"].iloc[0] * 1000
                        <= actual.iloc[0]
                        <= row["quantity_t_high_80"].iloc[0] * 1000
                    )
                    found.append({"inside": inside} | {m: said[m] / actual.iloc[0] - 1 for m in METHODS})
        for part, found in errors.items():
            by_hand = pd.DataFrame(found).dropna()
            rows = record[(record["against"] == "first") & (record["horizon"] == weeks) & (record["part"] == part)]
            rows = rows.set_index("method").loc[list(METHODS)]
            assert (rows["n"] == len(by_hand)).all()
            assert len(by_hand) > 10
            assert rows["bias"].to_numpy() == pytest.approx(by_hand[list(METHODS)].mean().to_numpy(), abs=1e-12)
            assert rows["mae"].to_numpy() == pytest.approx(by_hand[list(METHODS)].abs().mean().to_numpy(), abs=1e-12)
            assert rows.loc[ESTIMATE, "coverage_80"] == pytest.approx(by_hand["inside"].mean())
            assert rows["coverage_80"].drop(ESTIMATE).isna().all()
            assert (rows["winner"] == by_hand[list(METHODS)].abs().mean().idxmin()).all()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(8, 28), weeks=st.integers(-3, 4), seed=st.integers(0, 999), drop=st.booleans())
def test_nothing_known_later_changes_what_a_thursday_says(simulated, place, weeks, seed, drop):
    panel, prints, filings = simulated(**SMALL)
    whole = evidence(panel, prints, filings, "quantity", origins=ORIGINS)
    day = int(thursday(whole.licenses.months[:1] + place, weeks)[0])
    at = pd.Timestamp(as_days(np.array([day]))[0])
    rng = np.random.default_rng(seed)

    def later_changed(frame, name):
        later = frame[name] > at
        if drop:
            return frame[~later]
        amounts = frame["quantity_kg"].where(~later, frame["quantity_kg"] * rng.uniform(0, 3, len(frame)))
        return frame.assign(quantity_kg=amounts)

    changed = evidence(
        later_changed(panel, "day"), later_changed(prints, "known_on"), filings, "quantity", origins=ORIGINS
    )
    today = int(day_numbers(pd.DatetimeIndex([panel["day"].max()]))[0])
    before, after = trials(whole, weeks, today), trials(changed, weeks, today)
    earlier = before.months[thursday(before.months, weeks) <= day]
    assert len(earlier)
    assert np.array_equal(after.months[: len(earlier)], earlier)
    for name in ("said", "low", "high"):
        assert np.array_equal(
            getattr(before, name)[:, : len(earlier)], getattr(after, name)[:, : len(earlier)], equal_nan=True
        )


def test_a_change_on_the_day_itself_does_count(simulated):
    """So that the test above can fail."""
    panel, prints, filings = simulated(**SMALL)
    whole = evidence(panel, prints, filings, "quantity", origins=ORIGINS)
    today = int(day_numbers(pd.DatetimeIndex([panel["day"].max()]))[0])
    before = trials(whole, 0, today)
    at = pd.Timestamp(as_days(thursday(before.months[20:21], 0))[0])
    louder = panel.assign(quantity_kg=panel["quantity_kg"] * np.where(panel["day"] == at, 2.0, 1.0))
    after = trials(evidence(louder, prints, filings, "quantity", origins=ORIGINS), 0, today)
    assert not np.array_equal(before.said[:, 20], after.said[:, 20])


def test_months_touched_by_an_outage_are_left_out_and_counted(simulated):
    panel, prints, filings = simulated(**SMALL)
    record = backtest(panel, prints, filings, panel["day"].max(), origins=ORIGINS, horizons=(0,))
    total = record[(record["part"] == "all") & (record["method"] == ESTIMATE)].set_index("against")
    silent = filings.assign(lines=filings["lines"].where(filings["lines"] > 0, 1))
    without = backtest(panel, prints, silent, panel["day"].max(), origins=ORIGINS, horizons=(0,))
    plain = without[(without["part"] == "all") & (without["method"] == ESTIMATE)].set_index("against")
    # The outage of September 2022 touches September, October and November; Census for August is known only then,
    # so that six months of history are there from March to April on.
    assert (total["months_left_out"] == 3).all()
    assert (plain["months_left_out"] == 0).all()
    assert ((plain["n"] - total["n"]) == 3).all()


def test_all_methods_of_a_group_are_measured_over_the_same_months(simulated):
    panel, prints, filings = simulated(**SMALL)
    record = backtest(panel, prints, filings, panel["day"].max(), origins=ORIGINS)
    groups = record.groupby(["against", "horizon", "part_kind", "part"])
    same = ["n", "first_month", "last_month", "months_front_loaded", "months_left_out", "winner"]
    assert (groups[same].nunique() == 1).all(axis=None)
    assert (groups.size() == len(METHODS)).all()
    assert set(record["against"]) == {"first", "latest"}
    assert set(record["horizon"]) == {-2, 0, 1, 2, 4}


@pytest.mark.parametrize(("days", "counts"), [(75, True), (76, False)])
def test_a_first_print_comes_within_75_days(ledger, day_of, days, counts):
    last = pd.Timestamp("2022-09-30") + pd.Timedelta(days=days)
    prints = ledger.prints
    prints.loc[prints["month"] == "2022-09-01", "known_on"] = last.as_unit("us")
    prints.loc[prints["month"] == "2022-10-01", "known_on"] = last.as_unit("us")
    prints = pd.concat(
        [prints, prints.assign(month=prints["month"] - pd.DateOffset(years=1), known_on=day_of("2021-12", 0))]
    )
    prints["month"] = prints["month"].astype("datetime64[us]")
    record = backtest(ledger.panel, prints, None, pd.Timestamp("2023-03-01"), horizons=(0,), origins=())
    rows = record[(record["part"] == "all") & (record["method"] == ESTIMATE)].set_index("against")
    september = pd.Timestamp("2022-09-01")
    # October was printed on the same day, 44 or 45 days after its end: in time either way.
    assert rows.loc["latest", "n"] - rows.loc["first", "n"] == (0 if counts else 1)
    assert rows.loc["first", "last_month"] >= september


def test_the_latest_figure_is_held_apart_from_the_first(ledger, day_of):
    earlier = [str(month.date())[:7] for month in pd.date_range("2021-01", periods=12, freq="MS")]
    for month in earlier:
        ledger.printed(month, 5, 100.0, wire=32.0, foil=68.0)
    for month in ("2022-08", "2022-09"):
        ledger.printed(month, 10, 200.0, wire=64.0, foil=136.0)
    record = backtest(ledger.panel, ledger.prints, None, pd.Timestamp("2023-03-01"), horizons=(4,), origins=())
    rows = record[(record["part"] == "all") & (record["method"] == "licenses")].set_index("against")
    assert rows.loc["first", "bias"] == pytest.approx(-0.05)
    assert rows.loc["latest", "bias"] < -0.2


def test_the_table_says_where_a_rival_is_ahead(simulated):
    """Noise large and Census flat: the mean of three months knows better, and the table says so."""
    panel, prints, filings = simulated(
        seed=2, months=40, month_noise=0.3, trade_noise=0.02, total_noise=0.01, season=0.0
    )
    record = backtest(panel, prints, filings, panel["day"].max(), horizons=(0,))
    ahead = rivals_ahead(record)
    total = ahead[(ahead["part"] == "all") & (ahead["against"] == "first")].iloc[0]
    assert total["winner"] == "three_months"
    rows = record[(record["part"] == "all") & (record["against"] == "first")].set_index("method")
    assert total["mae"] == rows.loc["three_months", "mae"] == rows["mae"].min()
    assert total["ahead"] == pytest.approx(rows.loc[ESTIMATE, "mae"] - rows.loc["three_months", "mae"])
    assert total["ahead"] > 0


def test_where_the_estimate_is_best_no_rival_is_named(simulated):
    panel, prints, filings = simulated(seed=2, months=40, month_noise=0.01, covered=0.8)
    record = backtest(panel, prints, filings, panel["day"].max(), horizons=(-2,))
    ahead = rivals_ahead(record)
    assert not len(ahead[ahead["part"] == "all"])


def test_without_history_the_record_is_empty(ledger):
    record = backtest(ledger.panel, ledger.prints, None, pd.Timestamp("2022-03-01"), origins=())
    assert record.empty
    assert "winner" in record
    assert rivals_ahead(record).empty
