"""The command about the price reporters' import duty on P1020: one calculation, as a table or as JSON."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import TYPE_CHECKING, Any

from aimlib.cli.messages import say, table, warn
from aimlib.errors import AimError

if TYPE_CHECKING:
    from aimlib.reference.p1020 import Factor

_TITLES = {
    "fob": "Implied FOB Canada value",
    "duty_unpaid_fob": "Duty-unpaid FOB value",
    "duty": "Import duty",
    "duty_unpaid_premium": "Duty-unpaid premium, implied",
    "duty_unpaid_price": "Duty-unpaid price, implied",
}


def p1020(
    mwtp: float,
    freight: float,
    *,
    rate: float | None,
    day: dt.date | None,
    premium: float | None,
    unit: str,
    as_json: bool,
) -> None:
    """Compute the reporter's values from one price and print them in c/lb and USD/t.

    Raises AimError where not exactly one of `rate` and `day` is given, the unit is another than c/lb or USD/t, or a
    figure cannot be.
    """
    from aimlib.analysis.premium.formula import p1020 as compute

    if (rate is None) == (day is None):
        both = "Both a rate and a day are given." if day else "Neither a rate nor a day is given."
        raise AimError(both, "Give --rate 0.5, or --on 2025-06-04 for the price reporter's factor of that day.")
    stated = _unit(unit)
    factor = _factor(day)
    used = factor.rate if factor else rate
    given = {"mwtp": mwtp, "freight": freight, "premium": premium}
    cents = {name: _c_lb(figure, stated) for name, figure in given.items()}
    found = compute(cents["mwtp"], cents["freight"], used, cents["premium"])
    told = {"unit": stated, "rate": used}
    told |= {f"{name}_c_lb": figure for name, figure in cents.items()}
    told |= {f"{name}_usd_t": _usd_t(given[name], stated) for name in given}
    told |= _factor_told(factor, day)
    values = {name: None if math.isnan(figure) else figure for name, figure in found.items()}
    if as_json:
        print(json.dumps(told | values, indent=2))
        return
    _print(values, told, factor, day)


def _print(values: dict[str, float | None], told: dict[str, Any], factor: Factor | None, day: dt.date | None) -> None:
    from aimlib.reference.p1020 import NEWEST_NOTE, symbol

    say(f"Transaction price {_pair(told, 'mwtp')}, freight {_pair(told, 'freight')}, rate {told['rate']:.4g}.")
    table(
        ["Value", "c/lb", "$/t", "Platts symbols (daily)"],
        (
            (
                title,
                _figure(values[f"{name}_c_lb"], 4),
                _figure(values[f"{name}_usd_t"], 2),
                " ".join(text for unit in ("c/lb", "USD/t") if (text := symbol(name, unit))),
            )
            for name, title in _TITLES.items()
        ),
        right=("c/lb", "$/t"),
    )
    if told["premium_c_lb"] is None:
        say("The duty-unpaid premium needs the Midwest premium: --premium.")
    if factor and day:
        through = f" to {factor.last_day}" if factor.last_day else " on"
        note = f"; {factor.note}" if factor.note else ""
        say(
            f"Rate: the price reporter's factor from {factor.first_day}{through}, {factor.confidence} "
            f"({factor.source}{note})."
        )
        if day > NEWEST_NOTE:
            warn(
                f"The newest of the reporter's notes seen is of {NEWEST_NOTE}; a later change would not be known here."
            )


def _factor(day: dt.date | None) -> Factor | None:
    from aimlib.reference.p1020 import factor_on

    return None if day is None else factor_on(day)


def _factor_told(factor: Factor | None, day: dt.date | None) -> dict[str, Any]:
    if factor is None:
        return {"on": None, "rate_source": "given", "rate_confidence": None}
    return {"on": str(day), "rate_source": factor.source, "rate_confidence": factor.confidence}


def _unit(text: str) -> str:
    from aimlib.reference import price_series

    advice = "Use --unit c/lb or --unit $/t."
    try:
        stated = price_series.unit(text)
    except AimError as error:
        raise AimError(error.message, advice) from None
    if stated not in ("c/lb", "USD/t"):
        raise AimError(f"'{text}' is no unit of this calculation.", advice)
    return stated


def _c_lb(figure: float | None, unit: str) -> float | None:
    from aimlib.reference.p1020 import USD_T_FOR_C_LB

    return figure if figure is None or unit == "c/lb" else figure / USD_T_FOR_C_LB


def _usd_t(figure: float | None, unit: str) -> float | None:
    from aimlib.reference.p1020 import USD_T_FOR_C_LB

    return figure if figure is None or unit == "USD/t" else figure * USD_T_FOR_C_LB


def _pair(told: dict[str, Any], name: str) -> str:
    return f"{told[f'{name}_c_lb']:,.6g} c/lb ({told[f'{name}_usd_t']:,.2f} $/t)"


def _figure(figure: float | None, digits: int) -> str:
    return "" if figure is None else f"{figure:,.{digits}f}"
