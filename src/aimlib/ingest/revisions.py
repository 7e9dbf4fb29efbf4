"""Census figures of one place by vintage, out of the store: what a revision triangle is made of."""

from __future__ import annotations

from datetime import date

import pandas as pd

from aimlib.errors import AimError
from aimlib.ingest.prints import read_prints
from aimlib.reference.countries import Place
from aimlib.reference.products import Product
from aimlib.store.store import Store


def read_revisions(
    store: Store,
    place: Place,
    *,
    product: Product | str | None = None,
    concept: str = "consumption",
    as_of: date | None = None,
) -> pd.DataFrame:
    """Return Census figures of `place` as each vintage known by `as_of` had them.

    Columns: month, known_on, quantity_kg, customs_value_usd; a month stood so from known_on until its next row.
    A quantity that Census withheld is blank. Licenses are no part of it: their weekly figures of a month before Census
    would have to be protected week by week, so that no week's tells of another's importers.

    Raises AimError where the store holds no complete Census months of the product, and as `read_prints` does.
    """
    origins = None if place.kind == "all" else {place.key: place.members}
    prints = read_prints(store, concept=concept, product=product, origins=origins, as_of=as_of)
    if prints.empty:
        raise AimError(
            "The store holds no complete Census months of the product, only selections of partners.",
            "Load answers that list all partners: aim load census FILE, or aim fetch census.",
        )
    kind = "total" if place.kind == "all" else "origin"
    own = prints[prints["part_kind"] == kind]
    columns = ["month", "known_on", "quantity_kg", "customs_value_usd"]
    return own[columns].sort_values(["month", "known_on"], ignore_index=True)
