"""The choices of the consultation of February 2025 side by side: what each would have made of the same price.

The questions are those of the Platts subscriber note of February 3, 2025; the 35% is the example of its decision of
March 6, 2025.
"""

from __future__ import annotations

import pandas as pd

from aimlib.analysis.premium.checks import Figures, figures, need, not_above, rate_of
from aimlib.analysis.premium.formula import COLUMNS, p1020, values
from aimlib.errors import AimError

KEEP, WITH_IEEPA, OTHER_ORIGINS = "keep_section_232", "with_ieepa", "other_origins"
KEPT_RATE, IEEPA_RATE = 0.10, 0.25 + 0.10
TITLES = {
    KEEP: "Section 232 alone, 10%",
    WITH_IEEPA: "35%: Section 232 and the announced IEEPA duty together",
    OTHER_ORIGINS: "Another origin basis: origins weighted by imports",
}
ORIGIN_COLUMNS = ("origin", "share", "rate", "freight_c_lb")


def consultation(
    mwtp_c_lb: float, freight_c_lb: float, premium_c_lb: float | None = None, origins: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return one row a scenario: scenario, title, rate, freight_c_lb, `formula.COLUMNS`, duty_against_kept_c_lb.

    `origins` is as in `by_origins`; without it the third scenario is not there. Its rate is the one that gives its
    duty on its FOB value, its freight the weighted one. ``duty_against_kept_c_lb`` is the row's duty less that of 10%.
    """
    rows = [
        {"scenario": name, "rate": rate, "freight_c_lb": freight_c_lb}
        | p1020(mwtp_c_lb, freight_c_lb, rate, premium_c_lb)
        for name, rate in ((KEEP, KEPT_RATE), (WITH_IEEPA, IEEPA_RATE))
    ]
    if origins is not None:
        found = by_origins(mwtp_c_lb, origins, premium_c_lb)
        unpaid = found["duty_unpaid_fob_c_lb"]
        rate = found["duty_c_lb"] / unpaid if unpaid else float("nan")
        rows.append({"scenario": OTHER_ORIGINS, "rate": rate, "freight_c_lb": mwtp_c_lb - found["fob_c_lb"]} | found)
    table = pd.DataFrame(rows)
    table.insert(1, "title", table["scenario"].map(TITLES))
    table = table[["scenario", "title", "rate", "freight_c_lb", *COLUMNS]]
    return table.assign(duty_against_kept_c_lb=table["duty_c_lb"] - table["duty_c_lb"].iloc[0])


def by_origins(mwtp_c_lb: Figures, origins: pd.DataFrame, premium_c_lb: Figures | None = None) -> dict[str, Figures]:
    """Return the values on a basis of several origins, each with its own rate and freight, by their names.

    duty = sum over origins of share x rate x (price - freight) / (1 + rate)

    Parameters
    ----------
    mwtp_c_lb, premium_c_lb
        As in `formula.p1020`.
    origins
        origin, share (of imports; brought to a sum of 1), rate (fraction), freight_c_lb (to the Midwest).

    Raises
    ------
    AimError
        No origin is given, one is given twice, a share is zero or negative, or a figure cannot be.
    """
    parts = origin_parts(origins)
    price = figures("The transaction price", mwtp_c_lb, 0.0)
    premium = figures("The premium", premium_c_lb) if premium_c_lb is not None else price * float("nan")
    fob = unpaid = duty = price * 0
    for part in parts.itertuples():
        told = f"The freight of {part.origin} is above the transaction price"
        not_above(part.freight_c_lb, price, told, "Check the units of both.")
        value = price - part.freight_c_lb
        fob = fob + part.share * value
        unpaid = unpaid + part.share * value / (1 + part.rate)
        duty = duty + part.share * part.rate * value / (1 + part.rate)
    return values(price, premium, fob, unpaid, duty)


def origin_parts(origins: pd.DataFrame) -> pd.DataFrame:
    """Return `origins` checked, its shares brought to a sum of 1. Raises AimError as `by_origins` does."""
    need(origins, ORIGIN_COLUMNS, "The table of origins")
    if origins.empty:
        raise AimError("No origin is given.", f"Give rows of {', '.join(ORIGIN_COLUMNS)}.")
    double = origins["origin"].duplicated()
    if double.any():
        raise AimError(f"{origins['origin'][double].iloc[0]} is given twice.", "Give each origin once.")
    for row in origins.itertuples():
        share = figures(f"The share of {row.origin}", row.share)
        if share <= 0:
            raise AimError(
                f"The share of {row.origin} is {share:g}.", "Shares are above zero; leave out who sends none."
            )
        figures(f"The freight of {row.origin}", row.freight_c_lb, 0.0)
        rate_of(row.rate)
    out = origins[list(ORIGIN_COLUMNS)].astype(dict.fromkeys(ORIGIN_COLUMNS[1:], "float64")).reset_index(drop=True)
    return out.assign(share=out["share"] / out["share"].sum())
