"""From a product and a span of periods to what is asked of the store's trade tables."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from aimlib.errors import AimError, did_you_mean
from aimlib.reference import products
from aimlib.reference.products import Product
from aimlib.store.tables import FLOWS
from aimlib.store.trade_plan import Asked

FREQUENCIES = ("monthly", "annual")
PAIRED = ("export", "import")


def world_product(product: Product | str) -> Product:
    """Return a product that trade of the world can show: up to six digits.

    Raises AimError for one that it cannot, such as the AIM scope, whose castings exist in the tariff of the United
    States only.
    """
    wanted = products.resolve(product) if isinstance(product, str) else product
    if products.supports(wanted, "hs6") == "complete" and len(max(wanted.code_prefixes, key=len)) <= 6:
        return wanted
    raise AimError(
        f"Trade of the world cannot show {wanted.phrase}: countries report six digits, and this needs more.",
        "Use gatm, one of its categories, a heading such as 7602, or a code of six digits such as 760110.",
    )


def asked_of(
    product: Product | str,
    *,
    frequency: str,
    first: object,
    last: object,
    by_category: bool = False,
    flows: Sequence[str] = PAIRED,
) -> Asked:
    """Return the question to the store. Raises AimError for a product, frequency, flow or span that cannot be."""
    wanted = world_product(product)
    for word, words, what in ((frequency, FREQUENCIES, "frequency"), *((flow, FLOWS, "flow") for flow in flows)):
        if word not in words:
            raise AimError(f"'{word}' is no {what}.", did_you_mean(word, words) or f"Use {' or '.join(words)}.")
    first, last = pd.Timestamp(first), pd.Timestamp(last)
    if last < first:
        raise AimError(f"The periods end ({last:%Y-%m}) before they start ({first:%Y-%m}).", "Exchange the two.")
    code = wanted.key if wanted.key.isdecimal() and len(wanted.key) == 6 else ""
    return Asked(categories(wanted, by_category=by_category), frequency, first, last, code, tuple(flows))


def categories(product: Product, *, by_category: bool = True) -> dict[str, str]:
    """Return heading -> category of the product's HS4 headings, or -> the product's key for all."""
    headings = pd.Series(products.headings_of(product), dtype="str")
    if not by_category:
        return dict.fromkeys(headings, product.key)
    names = products.classify(headings, pd.Series(pd.Timestamp(2020, 1, 1), index=headings.index))
    return dict(zip(headings, names, strict=True))
