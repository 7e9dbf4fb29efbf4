"""Series of prices, premiums, freight and exchange rates: their names, symbols, units and plausible ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import pandas as pd

from aimlib.errors import AimError, did_you_mean
from aimlib.reference._tables import TABLES, fold, load

POUNDS_PER_TONNE = 2204.62262185
DAILY, MONTHLY = "daily", "monthly"

_USD_T_FOR_ONE = {"USD/t": 1.0, "USD/kg": 1000.0, "USD/lb": POUNDS_PER_TONNE, "c/lb": POUNDS_PER_TONNE / 100}
_MONEY = {"usd": "USD", "us$": "USD", "$": "USD", "dollars": "USD", "dollar": "USD"}
_MONEY |= dict.fromkeys(("c", "¢", "us¢", "usc", "cts", "cent", "cents"), "c")
_MASS = dict.fromkeys(("t", "mt", "tonne", "tonnes"), "t") | dict.fromkeys(("lb", "lbs", "pound", "pounds"), "lb")
_MASS |= {"kg": "kg", "kilogram": "kg"}


@dataclass(frozen=True)
class Series:
    """A series of the table.

    ``kind`` is price, premium, freight or fx. ``lowest`` and ``highest`` bound what is plausible, in USD/t (fx:
    units of the currency for one US dollar). ``unit_must_be_said`` is True where publishers differ in the unit.
    """

    key: str
    title: str
    kind: str
    frequencies: tuple[str, ...]
    usual_unit: str
    unit_must_be_said: bool
    lowest: float
    highest: float
    publisher: str
    license: str

    @property
    def is_rate(self) -> bool:
        return self.kind == "fx"

    @property
    def stored_unit(self) -> str:
        """The unit of the stored figure: USD/t, or the currency per USD."""
        return self.usual_unit if self.is_rate else "USD/t"


@dataclass(frozen=True)
class Match:
    """What a name or symbol stands for; ``unit`` and ``frequency`` are '' where a name does not tell them."""

    series: str
    unit: str = ""
    frequency: str = ""


def keys() -> tuple[str, ...]:
    """Return the keys of all series."""
    return tuple(load("price_series")["series"])


@cache
def series(key: str) -> Series:
    """Return the series with this key. Raises AimError with the nearest key where there is none."""
    rows = load("price_series").set_index("series")
    if key not in rows.index:
        raise unknown(key)
    row = rows.loc[key]
    return Series(
        key=key,
        title=row["title"],
        kind=row["kind"],
        frequencies=tuple(row["frequencies"].split()),
        usual_unit=row["usual_unit"],
        unit_must_be_said=row["unit_must_be_said"] == "yes",
        lowest=float(row["lowest"]),
        highest=float(row["highest"]),
        publisher=row["publisher"],
        license=row["license"],
    )


def find(text: str) -> Match | None:
    """Return what a key, title, alias or symbol names, None where it names nothing.

    >>> find("MMAKE00")
    Match(series='midwest_premium', unit='c/lb', frequency='daily')
    """
    symbol = text.strip().upper()
    return _symbols().get(symbol) or _names().get(fold(text.replace("_", " ")))


def resolve(text: str) -> Match:
    """Return what a key, title, alias or symbol names. Raises AimError where it names nothing."""
    match = find(text)
    if match is None:
        raise unknown(text)
    return match


def unknown(text: str) -> AimError:
    """Return the error of a series that the tables do not know."""
    hint = did_you_mean(text.replace(" ", "_"), keys())
    return AimError(
        f"No price series is called '{text}'.",
        hint or f"The series are {', '.join(keys())}; a new one is a row of price_series.csv in {TABLES}.",
    )


def unit(text: str) -> str:
    """Return a unit in our spelling: USD/t, c/lb, USD/lb, USD/kg, or ``CNY per USD``.

    >>> unit("$/mt"), unit("¢ per pound"), unit("cny per usd")
    ('USD/t', 'c/lb', 'CNY per USD')

    Raises
    ------
    AimError
        The unit is not known, or may be read in two ways (ton; USD/CNY).
    """
    found = _unit(text)
    if found:
        return found
    advice = f"Use {', '.join(_USD_T_FOR_ONE)}, or for a rate CNY per USD."
    words = set(re.findall(r"[a-z]+", text.casefold()))
    if words & {"ton", "tons", "st"}:
        raise AimError(f"'{text}' can be a metric or a short ton.", advice)
    if re.fullmatch(r"[a-z]{3}/[a-z]{3}", text.strip().casefold()):
        raise AimError(f"'{text}' can be read both ways round.", advice)
    raise AimError(f"'{text}' is not a unit of prices that is known.", advice)


def split_unit(header: str) -> tuple[str, str]:
    """Return a header's name and its unit ('' where it has none) in our spelling.

    >>> split_unit("Midwest premium (c/lb)"), split_unit("price_usd_t"), split_unit("lme_cash")
    (('Midwest premium', 'c/lb'), ('price', 'USD/t'), ('lme_cash', ''))
    """
    bracketed = re.fullmatch(r"(.*?)[\s_]*[(\[](.+)[)\]]", header.strip())
    if bracketed and re.search(r"/|\bper\b", bracketed[2]):
        return bracketed[1], unit(bracketed[2])
    for form in (
        r"(.*?)[\s_,]+([^\s_,]+/[^\s_,/]+)",
        r"(.*?)[\s_]+(\S+?)[\s_]+per[\s_]+(\S+)",
        r"(.*)_([^_]+)_([a-z]+)",
    ):
        parts = re.fullmatch(form, header.strip(), re.IGNORECASE)
        found = parts and _unit(parts[2] if "/" in parts[2] else f"{parts[2]} per {parts[3]}")
        if parts and found:
            return parts[1], found
    return header.strip(), ""


def is_unit_of(name: str, key: str) -> bool:
    """Tell whether figures in unit `name` can be those of a series."""
    held = series(key)
    if not held.is_rate:
        return name in _USD_T_FOR_ONE
    return set(name.split(" per ")) == set(held.usual_unit.split(" per "))


def to_stored(values: pd.Series, name: str, key: str) -> pd.Series:
    """Return figures of a series in its stored unit: USD/t (1 t = 2204.62262185 lb), or currency per USD."""
    held = series(key)
    if not held.is_rate:
        return values * _USD_T_FOR_ONE[name]
    return values if name == held.usual_unit else 1 / values


def _unit(text: str) -> str:
    folded = text.casefold().strip().replace("metric tons", "t").replace("metric ton", "t").replace("u.s. ", "us")
    per = re.fullmatch(r"([a-z]{3}) per ([a-z]{3})", folded)
    if per and "usd" in per.groups() and per[1] != per[2]:
        return f"{per[1].upper()} per {per[2].upper()}"
    parts = re.fullmatch(r"(\S+?)\s*(?:/|\bper\b|\s)\s*(\S+)", folded)
    if not parts or parts[1] not in _MONEY or parts[2] not in _MASS:
        return ""
    name = f"{_MONEY[parts[1]]}/{_MASS[parts[2]]}"
    return name if name in _USD_T_FOR_ONE else ""


@cache
def _symbols() -> dict[str, Match]:
    rows = load("price_symbols").to_dict("records")
    return {row["symbol"]: Match(row["series"], row["unit"], row["frequency"]) for row in rows}


@cache
def _names() -> dict[str, Match]:
    found: dict[str, Match] = {}
    for row in load("price_series").to_dict("records"):
        for name in (row["series"].replace("_", " "), row["title"], *row["aliases"].split(";")):
            found.setdefault(fold(name), Match(row["series"]))
    found.pop("", None)
    return found
