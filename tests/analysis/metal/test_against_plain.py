"""The tables, computed a second time in plain pandas, under a rule that hides nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

AMOUNTS = ["quantity_kg", "customs_value_usd"]
SMELT_FROM = pd.Timestamp("2022-07-01")


@pytest.fixture(params=range(6))
def both(request, made, tables):
    """Return a detail, its Census and the tables of two years' comparison."""
    seed = request.param
    now = made.detail(seed, first=f"2024-0{1 + seed % 4}-01")
    then = made.detail(seed + 50)
    then = then.assign(month=now["month"].min() - pd.DateOffset(years=1))
    detail = pd.concat([now, then], ignore_index=True)
    census = made.census(detail, seed)
    given = {
        "first": now["month"].min(),
        "last": now["month"].max(),
        "base_first": now["month"].min() - pd.DateOffset(years=1),
        "base_last": now["month"].max() - pd.DateOffset(years=1),
        "rule": made.hides_nothing,
    }
    return now, then, census, tables(detail, census, **given)


def close(found: pd.Series, expected: pd.Series) -> None:
    """Compare two series by index; what one lacks is zero in the other."""
    both = pd.concat([found, expected], axis=1, keys=["found", "expected"]).fillna(0.0)
    assert np.allclose(both["found"], both["expected"], rtol=1e-9, atol=1e-9), both[
        ~np.isclose(both["found"], both["expected"])
    ]


@pytest.mark.parametrize("field", ["largest_smelt", "recent_cast"])
def test_matrix(both, field):
    now, _, _, found = both
    table = found.matrix_smelt if field == "largest_smelt" else found.matrix_cast
    cells = table[(table[field] != "TOTAL") & (table["origin"] != "TOTAL")].set_index(["origin", field])
    plain = now.groupby(["origin", field])[AMOUNTS].sum()
    for amount, share in (("quantity_kg", "share_quantity"), ("customs_value_usd", "share_value")):
        close(cells[amount], plain[amount])
        close(cells[share], plain[amount] / plain.groupby("origin")[amount].transform("sum"))
    totals = table[table["origin"] == "TOTAL"].set_index(field)["quantity_kg"]
    close(totals.drop("TOTAL"), now.groupby(field)["quantity_kg"].sum())
    assert totals["TOTAL"] == now["quantity_kg"].sum()
    assert (table["suppressed"] == "").all()


def test_over_time(both):
    now, _, _, found = both
    table = found.over_time[found.over_time["metal"] != "TOTAL"]
    for by, start in (("month", now["month"]), ("quarter", now["month"].dt.to_period("Q").dt.start_time)):
        for field in ("largest_smelt", "recent_cast"):
            rows = table[(table["by"] == by) & (table["field"] == field) & (table["origin"] != "TOTAL")]
            plain = now.assign(period=start, metal=now[field]).groupby(["period", "origin", "metal"])[AMOUNTS].sum()
            cells = rows.set_index(["period", "origin", "metal"])
            close(cells["quantity_kg"], plain["quantity_kg"])
            whole = plain.groupby(["period", "origin"])["customs_value_usd"].transform("sum")
            close(cells["share_value"], plain["customs_value_usd"] / whole)


def masks(rows: pd.DataFrame, country: str) -> dict[str, pd.Series]:
    largest, second = rows["largest_smelt"] == country, rows["second_smelt"] == country
    cast = rows["recent_cast"] == country
    return {
        "largest": largest,
        "any_smelt": largest | second,
        "any_smelt_or_cast": largest | second | cast,
        "cast": cast,
    }


def test_exposures(both):
    now, _, _, found = both
    total = now.groupby("origin")["quantity_kg"].sum()
    for country in ("CHN", "RUS"):
        for measure, mask in masks(now, country).items():
            rows = found.exposures.query(f"country == '{country}' and measure == '{measure}'").set_index("origin")
            plain = now[mask].groupby("origin")[AMOUNTS].sum()
            close(rows.drop("TOTAL")["customs_value_usd"], plain["customs_value_usd"])
            close(rows.drop("TOTAL")["share_quantity"], plain["quantity_kg"] / total)
            assert np.isclose(rows.loc["TOTAL", "quantity_kg"], plain["quantity_kg"].sum())
            months = found.exposures_over_time.query(
                f"country == '{country}' and measure == '{measure}' and origin == 'TOTAL' and by == 'month'"
            )
            close(months.set_index("period")["quantity_kg"], now[mask].groupby("month")["quantity_kg"].sum())


def test_differs(both):
    now, then, _, found = both
    for field in ("largest_smelt", "recent_cast"):
        rows = found.differs[found.differs["field"] == field].set_index(["origin", "metal", "product"])

        def plain(frame, field=field):
            frame = frame.assign(metal=frame[field])
            frame = frame[
                (frame["metal"] != frame["origin"]) & ~frame["metal"].isin(["N/A", "unknown", "not collected"])
            ]
            frame = pd.concat([frame, frame.assign(product="TOTAL")])
            return frame.groupby(["origin", "metal", "product"])["quantity_kg"].sum()

        close(rows["quantity_kg"], plain(now))
        base = plain(then).reindex(rows.index).fillna(0.0)
        close(rows["base_quantity_kg"], base)
        change = (plain(now).reindex(rows.index) / base.where(base > 0) - 1).dropna()
        close(rows["quantity_yoy"].dropna(), change)
        totals = rows.xs("TOTAL", level="product")
        assert totals["rank"].tolist() == sorted(totals["rank"])
        assert totals["quantity_kg"].is_monotonic_decreasing


def test_concentration(both):
    now, _, _, found = both
    said = now[~now["largest_smelt"].isin(["N/A", "unknown", "not collected"])]
    table = found.concentration[found.concentration["measure"] == "quantity"].set_index("origin")
    for origin, row in table.iterrows():
        own = said if origin == "TOTAL" else said[said["origin"] == origin]
        every = now if origin == "TOTAL" else now[now["origin"] == origin]
        if not len(own):
            assert np.isnan(row["herfindahl_low"])
            continue
        share = (own.groupby("largest_smelt")["quantity_kg"].sum() / own["quantity_kg"].sum()).sort_values()[::-1]
        assert np.isclose(row["herfindahl_low"], (share**2).sum())
        assert np.isclose(row["herfindahl_high"], (share**2).sum())
        assert row["countries"] == len(share)
        assert np.isclose(row["share_top"], share.iloc[0])
        assert np.isclose(row["share_top3"], share.iloc[:3].sum())
        none = every.loc[every["largest_smelt"] == "N/A", "quantity_kg"].sum()
        assert np.isclose(row["share_na"], none / every["quantity_kg"].sum())


def implied_rows(rows: pd.DataFrame, census: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return license rows with their implied kilograms, and the cells of Census with those not covered."""
    cell = ["month", "origin", "product"]
    own = census.groupby(cell)["quantity_kg"].sum()
    licensed = rows.groupby(cell)["quantity_kg"].sum()
    at = pd.MultiIndex.from_frame(rows[cell])
    kg = rows["quantity_kg"].to_numpy() / licensed.reindex(at).to_numpy() * own.reindex(at).fillna(0.0).to_numpy()
    missing = own[~own.index.isin(licensed.index)].reset_index()
    return rows.assign(implied=kg), missing


def test_implied_and_bounds(both):
    now, _, census, found = both
    census = census[census["month"].isin(now["month"])]
    rows, missing = implied_rows(now, census)
    table = found.implied.set_index(["origin", "largest_smelt"])["implied_quantity_kg"]
    own = table.drop("TOTAL", level="origin")
    inner = own.drop(["TOTAL", "not covered"], level="largest_smelt")
    close(inner, rows.groupby(["origin", "largest_smelt"])["implied"].sum())
    close(own.xs("not covered", level="largest_smelt"), missing.groupby("origin")["quantity_kg"].sum())
    close(own.xs("TOTAL", level="largest_smelt"), census.groupby("origin")["quantity_kg"].sum())
    uncovered = missing.groupby("origin")["quantity_kg"].sum()
    for country in ("CHN", "RUS"):
        bound = found.implied_bounds.query("country == @country and origin != 'TOTAL'").set_index("origin")
        mask = masks(rows, country)
        unknown = (rows["largest_smelt"] == "unknown") | (rows["second_smelt"] == "unknown")
        part = {
            "sole": mask["largest"] & (rows["second_smelt"] == "N/A"),
            "largest": mask["largest"],
            "second": mask["any_smelt"] & ~mask["largest"],
            "unknown": unknown & ~mask["any_smelt"],
        }
        kg = {
            key: rows[at].groupby("origin")["implied"].sum().reindex(bound.index).fillna(0) for key, at in part.items()
        }
        rest = uncovered.reindex(bound.index).fillna(0)
        close(bound["content_low_kg"], kg["sole"])
        close(bound["content_high_kg"], kg["largest"] + kg["second"] / 2 + kg["unknown"] + rest)
        close(bound["touched_low_kg"], kg["largest"] + kg["second"])
        close(bound["touched_high_kg"], kg["largest"] + kg["second"] + kg["unknown"] + rest)


def test_carbon(both):
    from aimlib.reference.carbon import intensities

    _, _, _, found = both
    figure = intensities().set_index("country")["low_t_t"]
    tonnes = found.implied.set_index(["origin", "largest_smelt"])["implied_quantity_kg"] / 1000
    for (origin, smelt), row in found.carbon.set_index(["origin", "largest_smelt"]).iterrows():
        if smelt == "TOTAL":
            continue
        t = tonnes[(origin, smelt)]
        if smelt == "N/A":
            low, high = 0.5, 0.6
        elif smelt in ("unknown", "not covered"):
            low, high = 0.5, figure.max()
        else:
            low, high = 0.5, figure.get(smelt, figure["WLD"])
        assert np.isclose(row["co2e_low_t"], t * low)
        assert np.isclose(row["co2e_high_t"], t * high)
    total = found.carbon[found.carbon["largest_smelt"] == "TOTAL"].set_index("origin")["co2e_high_t"]
    close(total, found.carbon[found.carbon["largest_smelt"] != "TOTAL"].groupby("origin")["co2e_high_t"].sum())
