"""Carbon intensities of aluminum by country of smelt: dated sets with their sources, and a user's own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from aimlib.errors import AimError, did_you_mean
from aimlib.reference import countries
from aimlib.reference._tables import listed, load

WORLD = "WLD"
DEFAULT = "traded_2017"
SECONDARY = "secondary"
COLUMNS = ("country", "low_t_t", "high_t_t", "year", "scope", "certainty", "source")
LARGEST = 100.0
"""Tonnes of CO2 equivalent a tonne that no smelter comes near: more is a mistake of unit."""

CAVEATS = (
    "Intensities are of primary metal from mine to ingot; rolling, extruding and transport come on top.",
    "How much of a product is primary metal the license does not ask, so that every figure is a band.",
    "In the default set a country has the power mix of its region: neighbors with other power have the same figure.",
    "For most of Asia the default set is above other sources; take ranks from it rather than levels.",
    "The sets have other years, boundaries and methods; figures of two sets are not compared.",
    "European border levies count direct emissions only and are not comparable with these figures.",
)
"""What a reader must know beside any figure of carbon; none of it depends on the data."""

_OWN_COLUMNS = ("country", "t_co2_t", "source")


def intensity_sets() -> tuple[str, ...]:
    """Return the names of the sets: ``traded_2017`` (the default), ``practitioner``, ``iai_world``."""
    return tuple(name for name in load("carbon_intensity")["set"].unique() if name != SECONDARY)


def intensities(which: str = DEFAULT, override: Path | str | None = None) -> pd.DataFrame:
    """Return the carbon intensities of primary aluminum by country of smelt.

    Parameters
    ----------
    which
        One of `intensity_sets`.
    override
        A CSV file with the columns country, t_co2_t, source, whose rows take the place of the set's.

    Returns
    -------
    pandas.DataFrame
        country (alpha-3; ``WLD`` for those without a row), low_t_t, high_t_t (tonnes of CO2 equivalent a tonne of
        metal; equal where the source gives one figure), year (Int64, <NA> where not said), scope, certainty
        (``sourced``, ``recalled`` or ``user``), source.

    Raises
    ------
    AimError
        The set is unknown, or the file is missing, lacks a column, or has a row that is not right; all such rows
        are named by their line.
    """
    if which not in intensity_sets():
        hint = did_you_mean(str(which), intensity_sets()) or f"The sets are {', '.join(intensity_sets())}."
        raise AimError(f"No set of carbon intensities is called '{which}'.", hint)
    table = load("carbon_intensity")
    table = table[table["set"] == which].sort_values("year", kind="stable").drop_duplicates("country", keep="last")
    out = _typed(table)
    if override is not None:
        own = _read(Path(override))
        out = pd.concat([out[~out["country"].isin(own["country"])], own])
    return out.sort_values("country", ignore_index=True)


def secondary_intensity() -> tuple[float, float]:
    """Return the band for metal made from scrap, tonnes of CO2 equivalent a tonne (recalled, not checked)."""
    row = load("carbon_intensity").query(f"set == '{SECONDARY}'").iloc[0]
    return float(row["low_t_t"]), float(row["high_t_t"])


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    out = table[list(COLUMNS)].copy()
    out["year"] = pd.to_numeric(out["year"]).astype("Int64")
    return out.astype({"low_t_t": "float64", "high_t_t": "float64"})


def _read(path: Path) -> pd.DataFrame:
    """Return a user's file in the columns of the table."""
    advice = (
        f"The columns are {', '.join(_OWN_COLUMNS)}: a country's name or code, tonnes of CO2 equivalent a tonne, "
        "where from."
    )
    try:
        found = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError:
        raise AimError(f"There is no file {path}.", "Check the name of the file of carbon intensities.") from None
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError):
        raise AimError(f"{path} cannot be read as a CSV file.", advice) from None
    found.columns = [str(name).strip().lower() for name in found.columns]
    lacking = [name for name in _OWN_COLUMNS if name not in found.columns]
    if lacking:
        raise AimError(f"{path} has no column {' and no column '.join(lacking)}.", advice)
    found = found[list(_OWN_COLUMNS)].apply(lambda column: column.str.strip())
    wrong, places = [], []
    for line, row in enumerate(found.itertuples(index=False), start=2):
        place, fault = _place(row.country)
        fault = fault or _fault(row.t_co2_t, row.source)
        fault = fault or (f"{row.country} is there twice" if place in places else "")
        places.append(place)
        if fault:
            wrong.append(f"line {line}: {fault}")
    if wrong:
        raise AimError(f"{path} has rows that are not right: {listed(wrong, 5)}.", advice)
    figure = found["t_co2_t"].astype(float)
    out = pd.DataFrame({"country": pd.Series(places, dtype="str"), "low_t_t": figure, "high_t_t": figure})
    year = pd.array([pd.NA] * len(out), dtype="Int64")
    return out.assign(year=year, scope="", certainty="user", source=found["source"])


def _place(text: str) -> tuple[str, str]:
    """Return the alpha-3 code of a country or of the world, and what is wrong with the name."""
    try:
        place = countries.resolve(text)
    except AimError as error:
        return text, error.message.rstrip(".")
    if place.kind == "group":
        return text, f"{place.name} is a group, not a country"
    return (WORLD if place.kind == "all" else place.key), ""


def _fault(figure: str, source: str) -> str:
    """Return what is wrong with a figure or its source, or ''."""
    try:
        number = float(figure)
    except ValueError:
        return f"'{figure}' is not a number"
    if not 0 < number <= LARGEST:
        return f"{figure} is not between 0 and {LARGEST:.0f} tonnes of CO2 equivalent a tonne"
    return "" if source else "the source is empty"
