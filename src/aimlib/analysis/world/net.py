"""Exports less imports."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from aimlib.analysis.blocks import ratio
from aimlib.analysis.world.amounts import ordered
from aimlib.analysis.world.countries import by_country
from aimlib.analysis.world.spans import Span


def net_trade(
    exports_flows: pd.DataFrame,
    exports_standing: pd.DataFrame,
    imports_flows: pd.DataFrame,
    imports_standing: pd.DataFrame,
    *,
    span: Span,
    countries: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return each country's exports, imports and what is left.

    Values are netted on the FOB basis of both sides alone: exports at FOB less imports at CIF would count freight as a
    deficit. Both tables may be the same, as with reconciled figures.

    Returns
    -------
    pandas.DataFrame
        country (those asked for, or all; largest net exporter by quantity first, blanks last), exports_quantity_t,
        imports_quantity_t, net_quantity_t (above zero for a net exporter), coverage_ratio_quantity (exports by
        imports, blank without imports), and the same of fob_value_usd with coverage_ratio_value; exports_covered_share
        (the part of the exports' FOB value that has a weight), imports_covered_share (of the import value);
        exports_standing, imports_standing. Blank where a period of the side is missing.
    """
    told = {
        "exports": by_country(exports_flows, exports_standing, flow="export", span=span),
        "imports": by_country(imports_flows, imports_standing, flow="import", span=span),
    }
    if countries is None:
        countries = sorted(set(told["exports"]["country"]) | set(told["imports"]["country"]))
    index = pd.Index(list(dict.fromkeys(countries)), dtype="str", name="country")
    sides = {name: frame.set_index("country").reindex(index) for name, frame in told.items()}
    exports, imports = sides["exports"], sides["imports"]
    made = {}
    for amount, measure in (("quantity_t", "quantity"), ("fob_value_usd", "value")):
        if amount in exports.columns and amount in imports.columns:
            made[f"exports_{amount}"], made[f"imports_{amount}"] = exports[amount], imports[amount]
            made[f"net_{amount}"] = exports[amount] - imports[amount]
            made[f"coverage_ratio_{measure}"] = ratio(exports[amount], imports[amount])
    for name, frame in sides.items():
        made[f"{name}_covered_share"] = frame["covered_share"]
    for name, frame in sides.items():
        made[f"{name}_standing"] = frame["standing"].fillna("missing").astype("str")
    return ordered(pd.DataFrame(made, index=index).reset_index(), "net_quantity_t", "country")
