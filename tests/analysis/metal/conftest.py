"""Made details of licenses and Census to go with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aimlib.analysis.confidentiality import Rule
from aimlib.analysis.metal.tables import metal_tables
from aimlib.reference.carbon import intensities

HIDES_NOTHING = Rule(importers=1, share=1.0)
KEYS = ["month", "origin", "product", "largest_smelt", "second_smelt", "recent_cast"]
ORIGINS = ["CAN", "MEX", "ARE", "CHN", "DEU", "BHR", "IND", "TUR"]
METALS = ["CAN", "RUS", "CHN", "ARE", "N/A", "IND", "unknown", "NOR"]


def tidy(rows) -> pd.DataFrame:
    """Return DETAIL of rows (month, origin, product, largest, second, cast, importer, kilograms, dollars)."""
    frame = pd.DataFrame(rows, columns=[*KEYS, "importer", "quantity_kg", "customs_value_usd"])
    frame["month"] = pd.to_datetime(frame["month"]).astype("datetime64[us]")
    types = dict.fromkeys(KEYS[1:], "str") | {"importer": "Int64"}
    return frame.astype(types | {"quantity_kg": "float64", "customs_value_usd": "float64"})


def random_detail(seed: int, rows: int | None = None, first: str | None = None) -> pd.DataFrame:
    """Return a random DETAIL: a few origins, 1 to 9 months about the start of the smelt field, few importers."""
    rng = np.random.default_rng(seed)
    rows = rows or int(rng.integers(20, 1200))
    months = pd.date_range(first or f"2022-{rng.integers(3, 9):02}-01", periods=int(rng.integers(1, 10)), freq="MS")
    origins = ORIGINS[: rng.integers(2, 7)]
    metals = METALS[: rng.integers(3, 9)]
    mix = rng.dirichlet(np.full(len(metals), 0.5), len(origins))
    origin = rng.choice(len(origins), rows, p=rng.dirichlet(np.full(len(origins), 0.7)))

    def metal() -> np.ndarray:
        return np.array(metals, dtype=object)[[rng.choice(len(metals), p=mix[at]) for at in origin]]

    largest, second, cast = metal(), metal(), metal()
    second = np.where((rng.random(rows) < 0.5) | (largest == "N/A") | (second == largest), "N/A", second)
    cast = np.where(np.isin(cast, ["N/A", "unknown"]), "CAN", cast)
    month = months[rng.integers(0, len(months), rows)]
    early = np.asarray(month < pd.Timestamp("2022-07-01"))
    kg = np.round(np.exp(rng.normal(8, 1.3, rows))) + 1
    out = tidy(
        zip(
            month,
            np.array(origins, dtype=object)[origin],
            rng.choice(["wire", "foil", "unwrought"], rows),
            np.where(early, "not collected", largest),
            np.where(early, "not collected", second),
            cast,
            rng.integers(0, rng.integers(3, 40), rows),
            kg,
            np.round(kg * rng.uniform(2, 5, rows)),
            strict=True,
        )
    )
    return out.groupby([*KEYS, "importer"], as_index=False)[["quantity_kg", "customs_value_usd"]].sum()


def census_of(detail: pd.DataFrame, seed: int = 0, months_less: int = 0) -> pd.DataFrame:
    """Return CENSUS near a detail's sums, with cells that have no license and, if asked, without the last months."""
    rng = np.random.default_rng(seed)
    keep = detail["month"].isin(sorted(detail["month"].unique())[: detail["month"].nunique() - months_less])
    out = (
        detail[keep].groupby(["month", "origin", "product"], as_index=False)[["quantity_kg", "customs_value_usd"]].sum()
    )
    out["quantity_kg"] = np.round(out["quantity_kg"] * rng.uniform(0.9, 1.1, len(out)))
    extra = out.sample(frac=0.3, random_state=seed).assign(product="fittings")
    other = out.head(1).assign(origin="ZAF")
    return pd.concat([out, extra, other], ignore_index=True)


@pytest.fixture(scope="session")
def made():
    """Return the module's makers."""
    import types

    return types.SimpleNamespace(tidy=tidy, detail=random_detail, census=census_of, hides_nothing=HIDES_NOTHING)


@pytest.fixture(scope="session")
def tables():
    """Return a caller of `metal_tables` over all months of a detail; keywords replace its defaults."""

    def call(detail: pd.DataFrame, census: pd.DataFrame | None = None, **given):
        defaults = {
            "rule": Rule(),
            "first": detail["month"].min(),
            "last": detail["month"].max(),
            "intensities": intensities(),
            "watch": ("CHN", "RUS"),
        }
        census = census_of(detail) if census is None else census
        return metal_tables(detail, census, **(defaults | given))

    return call


@pytest.fixture(scope="session")
def attack():
    """Return the tools of the attack in ``tests/analysis/metal/attack.py``."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("metal_attack", Path(__file__).with_name("attack.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
