"""Numbers as readers copy them from a page, and the numbers in printed text that are the same."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from aimlib.present.numbers import MINUS

_NUMBER = re.compile(rf"(?P<sign>[-+{MINUS}]?)\s?\$?(?P<digits>\d[\d,]*(?:\.\d+)?)\s?(?P<percent>%?)")
_ASKED = re.compile(rf"^\s*\$?{_NUMBER.pattern}(?P<rest>[^\d(]*(?:\([^)]*\))?)\s*$")
_SCALES = (1.0, 1e3, 1e6)
"""What columns are printed in: themselves, thousands (kilograms as tons), millions."""


@dataclass(frozen=True)
class AskedNumber:
    """A number as printed: its digits without commas, decimals, sign ('', '+' or '-'), and whether it is a percentage.

    A sign or percent sign that is not given may be anything.
    """

    digits: str
    sign: str
    is_percent: bool

    @property
    def decimals(self) -> int:
        return len(self.digits.partition(".")[2])

    def stands_in(self, text: str) -> bool:
        """Say whether printed `text` holds this number."""
        return any(self._same(found) for found in _NUMBER.finditer(text))

    def _same(self, found: re.Match) -> bool:
        digits, sign = found["digits"].rstrip(",").replace(",", ""), found["sign"].replace(MINUS, "-")
        return (
            digits == self.digits
            and (not self.sign or sign == self.sign)
            and (not self.is_percent or bool(found["percent"]))
        )

    def rounds_from(self, amount: object) -> bool:
        """Say whether an unrounded `amount` of a table is printed so, in its unit, thousands, millions or percent."""
        if isinstance(amount, (bool, str)) or amount is None or not math.isfinite(float(amount)):
            return False
        amount = float(amount)
        if self.sign and (amount < 0) != (self.sign == "-"):
            return False
        # A whole number that is no percentage is a count, a rank, an index, and not a multiple of one.
        as_fraction = () if amount.is_integer() and not self.is_percent else (0.01,)
        scales = (*as_fraction, 1.0) if self.is_percent else (*as_fraction, *_SCALES)
        return any(f"{abs(amount) / scale:.{self.decimals}f}" == self.digits for scale in scales)


def asked_number(text: str) -> AskedNumber | None:
    """Return the number that `text` is (``931.4``, ``$931.4 million``, ``24.6%``), None where it is none."""
    found = _ASKED.match(text)
    if found is None:
        return None
    return AskedNumber(
        found["digits"].rstrip(",").replace(",", ""), found["sign"].replace(MINUS, "-"), bool(found["percent"])
    )


def numbers_in(text: str) -> list[str]:
    """Return the numbers that a printed text holds, as printed."""
    return [found.group().strip() for found in _NUMBER.finditer(text)]
