"""Out of the store for the analysis: imports of one product, month by month or for the year to date."""

from __future__ import annotations

from datetime import date

import pandas as pd

from aimlib.ingest.imports import Imports, YearToDate
from aimlib.ingest.imports_kept import as_frames, from_frames
from aimlib.ingest.months import STILL_REVISED
from aimlib.ingest.view import View, view
from aimlib.reference.products import Product
from aimlib.store.shared import shared
from aimlib.store.store import Store

__all__ = ["Imports", "YearToDate", "as_last_months", "read_imports", "read_ytd"]

_MONTHLY = "census_imports"
_SHARED = ("concept", "product", "code_level", "as_of", "has_quantity", "sources")
_ROW = ["code", "origin", "row_kind"]
_MEASURES = ["customs_value_usd", "cif_value_usd", "duty_usd", "quantity_kg"]


def read_imports(
    store: Store,
    *,
    as_of: date | None = None,
    concept: str = "consumption",
    product: Product | str | None = None,
) -> Imports:
    """Return the monthly imports of `product` as known on a day.

    Without `as_of` the newest vintage in the store counts, without `product` the widest that it holds. The
    code level is the finest at which the product is held; levels are never mixed.

    Raises AimError for an empty store, a day before any figures, and a concept or product that is not held.
    """
    asked = {"as_of": as_of, "concept": concept, "product": product}
    frames = shared(store, _MONTHLY, lambda: as_frames(_read(store, **asked)), tables=(_MONTHLY,), **asked)
    return from_frames(frames)


def _read(store: Store, as_of: date | None, concept: str, product: Product | str | None) -> Imports:
    found = view(store, _MONTHLY, as_of, concept, product)
    rows = found.rows(["month", *_ROW, *_MEASURES])
    countries, totals = _split(rows, ["month"])
    listed = found.listed()
    return Imports(
        rows=countries,
        totals=totals,
        months=_calendar(found),
        listed=listed.assign(month=_month(listed["period"]))[["month", "origin"]],
        concept=concept,
        product=found.product,
        code_level=found.code_level,
        as_of=found.as_of,
        has_quantity=bool(rows["quantity_kg"].notna().any()),
        sources=found.sources(),
    )


def read_ytd(
    store: Store,
    *,
    as_of: date | None = None,
    concept: str = "consumption",
    product: Product | str | None = None,
) -> YearToDate:
    """Return the published year-to-date imports of `product` as known on a day; as `read_imports` does."""
    found = view(store, "census_imports_ytd", as_of, concept, product)
    rows = found.rows(["year", "through_month", *_ROW, *_MEASURES])
    countries, totals = _split(rows, ["year", "through_month"])
    periods = found.periods[found.periods["loaded"]]
    return YearToDate(
        rows=countries,
        totals=totals,
        periods=_in_years(periods)[["year", "through_month", "coverage", "known_on", "captured_on"]],
        listed=_in_years(found.listed())[["year", "through_month", "origin"]],
        concept=concept,
        product=found.product,
        code_level=found.code_level,
        as_of=found.as_of,
        has_quantity=bool(rows["quantity_kg"].notna().any()),
        sources=found.sources(),
    )


def as_last_months(held: YearToDate) -> Imports:
    """Return year-to-date figures in the shape of `Imports`, each sum standing in the last month it runs through.

    Such rows are no months: whoever shows them says that they are sums from January.
    """

    def through(frame: pd.DataFrame) -> pd.Series:
        return _month(frame["year"].astype("str") + "-" + frame["through_month"].astype("str").str.zfill(2))

    periods = held.periods.assign(month=through(held.periods)).set_index("month")
    every = pd.date_range(periods.index.min(), periods.index.max(), freq="MS", unit="us", name="month")
    months = periods.reindex(every)
    is_loaded = months["coverage"].notna()
    return Imports(
        rows=held.rows.assign(month=through(held.rows)).drop(columns=["year", "through_month"]),
        totals=held.totals.assign(month=through(held.totals)).drop(columns=["year", "through_month"]),
        months=pd.DataFrame(
            {
                "month": every,
                "loaded": is_loaded.to_numpy(),
                "coverage": months["coverage"].fillna("").astype("str").to_numpy(),
                "data_basis": is_loaded.map({True: "census", False: ""}).to_numpy(),
                "partial": False,
                "provisional": False,
                "known_on": months["known_on"].to_numpy(),
                "captured_on": months["captured_on"].to_numpy(),
                "why": is_loaded.map({True: "", False: "not loaded"}).to_numpy(),
            }
        ),
        listed=held.listed.assign(month=through(held.listed))[["month", "origin"]],
        **{name: getattr(held, name) for name in _SHARED},
    )


def _split(rows: pd.DataFrame, when: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return country rows, one a period, origin and code, and the published totals."""
    is_total = rows["row_kind"] == "total"
    totals = rows.loc[is_total, [*when, "product", "code", *_MEASURES]].reset_index(drop=True)
    key = [*when, "origin", "product", "code"]
    countries = rows.loc[~is_total, [*key, *_MEASURES]]
    if countries.duplicated(key).any():  # two Census codes of one country, as Gaza and the West Bank
        groups = countries.groupby(key, as_index=False, sort=False)
        known = groups[_MEASURES].count()[_MEASURES].eq(groups.size()["size"], axis=0)
        countries = groups[_MEASURES].sum()
        countries[_MEASURES] = countries[_MEASURES].where(known)
    return countries.sort_values([*when, "origin", "code"], ignore_index=True), totals


def _calendar(found: View) -> pd.DataFrame:
    """Return one row for every calendar month from the first to the last loaded."""
    loaded = found.loaded
    every = pd.period_range(loaded[0], loaded[-1], freq="M").astype("str")
    months = found.periods.set_index("period").reindex(every)
    is_loaded = months["loaded"].eq(True)
    lacking = months["lacking"].fillna("")
    why = ("no figures for " + lacking).where(lacking != "", "not loaded").mask(is_loaded, "")
    return pd.DataFrame(
        {
            "month": _month(pd.Series(every, dtype="str")).to_numpy(),
            "loaded": is_loaded.to_numpy(),
            "coverage": months["coverage"].where(is_loaded, "").astype("str").to_numpy(),
            "data_basis": pd.Series("census", index=every).where(is_loaded, "").to_numpy(),
            "partial": False,
            "provisional": months.index.isin(loaded[-STILL_REVISED:]),
            "known_on": months["known_on"].where(is_loaded).to_numpy(),
            "captured_on": months["captured_on"].where(is_loaded).to_numpy(),
            "why": why.astype("str").to_numpy(),
        }
    )


def _in_years(frame: pd.DataFrame) -> pd.DataFrame:
    month = _month(frame["period"])
    return frame.assign(year=month.dt.year, through_month=month.dt.month).reset_index(drop=True)


def _month(period: pd.Series) -> pd.Series:
    return pd.to_datetime(period, format="%Y-%m").astype("datetime64[us]")
