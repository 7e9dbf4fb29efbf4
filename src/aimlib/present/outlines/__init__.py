"""Country outlines for the map, and points for the suppliers that the outlines lack."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import pandas as pd


@cache
def world_topology() -> dict:
    """Return the world's countries as TopoJSON; the object is ``countries``, ids are ISO alpha-3."""
    return json.loads((files(__package__) / "world.topojson").read_text(encoding="utf-8"))


@cache
def outlined() -> frozenset[str]:
    """Return the ISO alpha-3 codes that have an outline."""
    return frozenset(shape["id"] for shape in world_topology()["objects"]["countries"]["geometries"])


@cache
def points() -> pd.DataFrame:
    """Return the countries drawn as points: iso3, longitude and latitude in degrees."""
    with (files(__package__) / "points.csv").open(encoding="utf-8") as table:
        return pd.read_csv(table, keep_default_na=False)
