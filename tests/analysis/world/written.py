"""Flows and standings written by hand, and random ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from aimlib.ingest.global_trade.frames import FLOWS, REPORTING, STANDING

COUNTRIES = ["AAA", "BBB", "CCC", "DDD", "EEE"]
YEARS = [2021, 2022, 2023]


def day(text):
    return pd.Timestamp(str(text) if len(str(text)) > 4 else f"{text}-01-01")


def make_flows(*rows):
    """FLOWS of (exporter, importer, period, tons, fob) or with a product behind; import value 1.1 times FOB."""
    made = []
    for exporter, importer, period, tons, fob, *product in rows:
        covered = 0.0 if tons is None else fob
        made.append(
            {
                "exporter": exporter,
                "importer": importer,
                "product": product[0] if product else "unwrought",
                "period": day(period),
                "quantity_t": tons,
                "fob_value_usd": fob,
                "import_value_usd": fob * 1.1,
                "covered_fob_value_usd": covered,
                "covered_import_value_usd": covered * 1.1,
                "side": "exporter",
            }
        )
    return pd.DataFrame(made, columns=list(FLOWS)).astype(FLOWS)


def make_standing(words, flow="export"):
    """STANDING of {(country, period): word or (word, partners reporting, partners)}."""
    made = []
    for (country, period), told in words.items():
        word, reporting, partners = told if isinstance(told, tuple) else (told, pd.NA, pd.NA)
        made.append((country, flow, day(period), word, reporting, partners))
    return pd.DataFrame(made, columns=list(STANDING)).astype(STANDING)


def all_reported(countries, periods, flow="export", **other):
    """STANDING of countries that reported every period, save those of other={country: {period: word}}."""
    words = {(country, period): "reported" for country in countries for period in periods}
    for country, told in other.items():
        words |= {(country, period): word for period, word in told.items()}
    return make_standing(words, flow)


def make_reporting(states, flow="export"):
    """REPORTING of {(reporter, period): complete | selection | months | ''}."""
    made = []
    for (reporter, period), word in states.items():
        coverage = {"months": "complete"}.get(word, word)
        made.append((reporter, flow, day(period), word != "", coverage, word == "months", day("2025-01-01")))
    return pd.DataFrame(made, columns=list(REPORTING)).astype(REPORTING)


@st.composite
def worlds(draw):
    """Random FLOWS by category over three years with weights missing here and there, and STANDING of both flows."""
    pairs = [(a, b) for a in COUNTRIES for b in COUNTRIES if a != b]
    row = st.tuples(
        st.sampled_from(pairs),
        st.sampled_from(YEARS),
        st.sampled_from(["foil", "unwrought", "wire"]),
        st.one_of(st.none(), st.floats(0.001, 1e6)),
        st.floats(1, 1e9),
    )
    rows = draw(st.lists(row, min_size=1, max_size=60, unique_by=lambda found: found[:3]))
    flows = make_flows(*((a, b, year, tons, fob, kind) for (a, b), year, kind, tons, fob in rows))
    words = st.sampled_from(["reported"] * 6 + ["mirror", "missing"])
    told = [
        make_standing({(c, y): draw(words) for c in COUNTRIES for y in YEARS}, flow=flow)
        for flow in ("export", "import")
    ]
    return flows, pd.concat(told, ignore_index=True)


def close(found, wanted):
    np.testing.assert_allclose(np.asarray(found, float), np.asarray(wanted, float), rtol=1e-9, atol=1e-9)
