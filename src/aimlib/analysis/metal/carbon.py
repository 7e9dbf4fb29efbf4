"""Tonnes of CO2 equivalent embodied in imports, by country of smelt, as a band.

A quantity q from a country of smelt with intensity c holds primary metal in an unknown share p. Its carbon is
q (p c + (1 - p) s), where s is the intensity of metal made from scrap. The band runs from all secondary (p = 0, the
lower s) to all primary (p = 1, the higher c). Between the two no reading is singled out: p is not known by product.
Goods without primary metal (*N/A*) have the band of s. Where the country is unknown, not covered by licenses or
withheld, the upper end is the highest intensity of the set.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.analysis.metal.fields import NOT_APPLICABLE, WITHHELD, is_country
from aimlib.analysis.metal.shares import kind_of_origin
from aimlib.analysis.totals import TOTAL
from aimlib.reference.carbon import WORLD, secondary_intensity

CARBON = ("co2e_low_t", "co2e_high_t", "co2e_if_primary_low_t", "co2e_if_primary_high_t")


def carbon(cells: pd.DataFrame, quantity: str, intensities: pd.DataFrame) -> pd.DataFrame:
    """Return the carbon of protected cells by origin and largest smelt.

    Parameters
    ----------
    cells
        What `implied.implied` or `shares.matrix` returned. Only what it shows is used: all that an origin
        has hidden is one row, ``withheld``, whose quantity is the origin's total less what is shown.
    quantity
        Its column of kilograms.
    intensities
        As `reference.carbon.intensities` returns them.

    Returns
    -------
    pandas.DataFrame
        origin, row_kind, largest_smelt (then ``withheld``, ``TOTAL``), quantity_kg, intensity_low_t_t,
        intensity_high_t_t (of primary metal), intensity_of (``country``, ``world``: the set has no figure for the
        country, ``secondary``, ``range``: the lowest and the highest of the set), source, certainty, co2e_low_t,
        co2e_high_t (p from 0 to 1), co2e_if_primary_low_t, co2e_if_primary_high_t (p = 1), suppressed. An origin whose
        total is hidden has none but hidden cells.
    """
    low_secondary, high_secondary = secondary_intensity()
    by_country = intensities.set_index("country")
    out = cells[["origin", "largest_smelt", quantity, "suppressed"]].rename(columns={quantity: "quantity_kg"})
    out = _with_withheld(out)
    smelt, country = out["largest_smelt"], is_country(out["largest_smelt"]).astype(bool)
    own = country & smelt.isin(by_country.index)
    key = smelt.where(own, WORLD)
    secondary, total = smelt == NOT_APPLICABLE, smelt == TOTAL
    out["intensity_of"] = np.select(
        [total, secondary, own, country], ["", "secondary", "country", "world"], default="range"
    )
    ranged = out["intensity_of"] == "range"
    for side, edge, extreme in (
        ("low", low_secondary, by_country["low_t_t"].min()),
        ("high", high_secondary, by_country["high_t_t"].max()),
    ):
        figure = key.map(by_country[f"{side}_t_t"]).mask(ranged, extreme).mask(secondary, edge)
        out[f"intensity_{side}_t_t"] = figure.mask(total)
    for name in ("source", "certainty"):
        out[name] = key.map(by_country[name]).where(country, "").astype("str")
    tonnes = out["quantity_kg"] / 1000
    out["co2e_low_t"] = tonnes * np.minimum(low_secondary, out["intensity_low_t_t"])
    out["co2e_high_t"] = tonnes * np.maximum(high_secondary, out["intensity_high_t_t"])
    for side in ("low", "high"):
        out[f"co2e_if_primary_{side}_t"] = tonnes * out[f"intensity_{side}_t_t"]
    summed = out[~total].groupby("origin")[list(CARBON)].sum()
    for name in CARBON:
        out[name] = out[name].mask(total & out["quantity_kg"].notna(), out["origin"].map(summed[name]))
    out["row_kind"] = kind_of_origin(out["origin"])
    columns = ["origin", "row_kind", "largest_smelt", "quantity_kg", "intensity_low_t_t", "intensity_high_t_t"]
    return out[[*columns, "intensity_of", "source", "certainty", *CARBON, "suppressed"]].reset_index(drop=True)


def without_figure(table: pd.DataFrame) -> tuple[str, ...]:
    """Return the countries of smelt that have the world's figure."""
    return tuple(sorted(table.loc[table["intensity_of"] == "world", "largest_smelt"].unique()))


def _with_withheld(out: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with a row for what each origin with hidden cells has in them together, before its total."""
    total = out["largest_smelt"] == TOTAL
    whole = out[total].set_index("origin")["quantity_kg"]
    shown = out[~total].groupby("origin")["quantity_kg"].sum()
    some = out[~total & (out["suppressed"] != "")].groupby("origin").size()
    left = (whole - shown).reindex(some.index).clip(lower=0.0).dropna().rename("quantity_kg").reset_index()
    rest = left.assign(largest_smelt=WITHHELD, suppressed="").astype({"largest_smelt": "str", "suppressed": "str"})
    out = pd.concat([out, rest], ignore_index=True)
    place = pd.factorize(out["origin"])[0]
    last = out["largest_smelt"].map({WITHHELD: 1, TOTAL: 2}).fillna(0)
    return out.iloc[np.lexsort((np.arange(len(out)), last, place))].reset_index(drop=True)
