"""The revision triangle of a place, one call away from a notebook."""

from __future__ import annotations

from datetime import date

import pandas as pd

from aimlib.analysis.revisions import triangle
from aimlib.bulletin.opening.report import as_origin, check_day
from aimlib.ingest.revisions import read_revisions
from aimlib.reference import countries
from aimlib.store import Store


def revision_triangle(
    store: Store,
    *,
    origin: str = "all",
    product: str | None = None,
    measure: str = "quantity",
    concept: str = "consumption",
    as_of: date | None = None,
) -> pd.DataFrame:
    """Return Census figures of an origin, months by the day on which they were known.

    Parameters
    ----------
    origin
        A country (CAN, Canada), a group (EU27) or all.
    product, concept
        As a bulletin's; without a product the widest held.
    measure
        ``quantity`` (metric tons) or ``value`` (US dollars).
    as_of
        The last day that counts; all vintages unless given.

    A cell is blank where the month was not published on the day. Licenses are left out. Raises AimError for what is not
    held, for a day in the future, and for an origin, product, concept or measure that is none.
    """
    return triangle(read_vintages(store, origin=origin, product=product, concept=concept, as_of=as_of), measure)


def read_vintages(
    store: Store, *, origin: str, product: str | None, concept: str, as_of: date | None = None
) -> pd.DataFrame:
    """Return the figures that the triangle is made of (`aimlib.ingest.revisions`), of an origin by its name."""
    check_day(store, as_of)
    place = as_origin(countries.resolve(origin))
    return read_revisions(store, place, product=product or None, concept=concept, as_of=as_of)
