"""What a rate on imports assumes that trade statistics do not tell: claims made, and where the metal came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from aimlib.errors import AimError, did_you_mean
from aimlib.reference.law.model import CLAIMS

SHARED = {"usmca": 1.0, "nafta": 1.0, "fta": 1.0, "in_quota": 1.0, "uk_95": 1.0}
"""The claims that are taken as made, each by the share of value that makes it, unless told otherwise."""
BOUNDED = ("usmca", "nafta", "fta", "in_quota", "uk_95")
"""The claims whose share nobody publishes: bounds let all of them be made, and none."""


_SHORT = {
    "usmca": "USMCA",
    "nafta": "NAFTA before it",
    "fta": "other trade agreements",
    "in_quota": "tariff-rate quotas with room",
    "uk_95": "metal of the United Kingdom (as smelt and cast are the origin)",
    "us_95": "metal of the United States",
}


@dataclass(frozen=True)
class Assumptions:
    """Shares of value for which a claim is made, and the aluminum's share of the value.

    The metal is taken to be smelted and cast in the country of origin. ``claim_shares`` are fractions; a claim that is
    not among them is not made.
    """

    claim_shares: dict[str, float] = field(default_factory=lambda: dict(SHARED))
    metal_share: float = 1.0

    def combinations(self) -> list[tuple[frozenset[str], float]]:
        """Return sets of claims with the share of value that makes just these; the shares add up to one."""
        partly = {claim: share for claim, share in self.claim_shares.items() if 0 < share < 1}
        wholly = frozenset(claim for claim, share in self.claim_shares.items() if share == 1)
        found = []
        for made in product((True, False), repeat=len(partly)):
            weight = 1.0
            claims = set(wholly)
            for (claim, share), is_made in zip(partly.items(), made, strict=True):
                weight *= share if is_made else 1 - share
                claims |= {claim} if is_made else set()
            found.append((frozenset(claims), weight))
        return found

    def words(self) -> str:
        """Return the assumptions in a sentence."""
        by_share: dict[float, list[str]] = {}
        for claim, share in self.claim_shares.items():
            if share > 0:
                by_share.setdefault(share, []).append(_SHORT.get(claim, claim))
        made = [
            f"for {_share_words(share)} value that can make them: {', '.join(names)}"
            for share, names in by_share.items()
        ]
        claims = f"Claims are taken as made {'; '.join(made)}." if made else "No claims are taken as made."
        metal = (
            "all of the value as aluminum" if self.metal_share == 1 else f"{self.metal_share:.0%} of value as aluminum"
        )
        low = " The count is thus at the low end of the bounds." if self.claim_shares == SHARED else ""
        return f"Smelt and cast are taken to be the country of origin, {metal}. {claims}{low}"


def _share_words(share: float) -> str:
    return "all" if share == 1 else f"{share:.0%} of the"


def named_numbers(text: str) -> Iterator[tuple[str, str, float]]:
    """Yield each part of a text such as ``usmca=0.9,in_quota=0.5``: the part, its name, its number (NaN for none)."""
    for part in (word.strip() for word in text.split(",")):
        name, _, number = part.partition("=")
        if part:
            try:
                yield part, name.strip(), float(number)
            except ValueError:
                yield part, name.strip(), float("nan")


def parse_shares(text: str) -> dict[str, float]:
    """Return claim shares from text such as ``usmca=0.9,in_quota=0.5``; those not named stay as they are.

    Raises AimError for a word that is no claim, and for a share that is none.
    """
    shares, named = dict(SHARED), set()
    for _, name, share in named_numbers(text):
        if name not in CLAIMS:
            raise AimError(
                f"claims={text}: '{name}' is no claim.",
                did_you_mean(name, CLAIMS) or f"The claims are {', '.join(CLAIMS)}.",
            )
        if not 0 <= share <= 1:
            raise AimError(f"claims={text}: {name} has no share from 0 to 1.", "Write it as usmca=0.9,in_quota=0.5.")
        if name in named:
            raise AimError(f"claims={text}: {name} is named twice.", "Name each claim once.")
        named.add(name)
        shares[name] = share
    return shares
