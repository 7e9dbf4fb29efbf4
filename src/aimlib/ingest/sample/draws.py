"""Random whole numbers that are the same on every machine, for every order of the calls.

Each (line, origin) has a stream of its own, seeded by its name. Only the raw 64-bit words of PCG64 are
used, whose sequence numpy guarantees; ranges are cut from them with whole-number arithmetic.
"""

from __future__ import annotations

from hashlib import sha256

import numpy as np


class Draws:
    """A stream of whole numbers that depends on nothing but its name."""

    def __init__(self, name: str) -> None:
        seed = int.from_bytes(sha256(f"aim sample|{name}".encode()).digest()[:8], "big")
        self._words = np.random.PCG64(seed)

    def below(self, limit: int, size: int) -> np.ndarray:
        """Return `size` whole numbers from 0 to `limit` - 1 (`limit` below 2**31), all as likely."""
        words = self._words.random_raw(size) >> np.uint64(33)
        return ((words * np.uint64(limit)) >> np.uint64(31)).astype(np.int64)

    def around_zero(self, spread: int, size: int) -> np.ndarray:
        """Return `size` whole numbers within plus and minus `spread`, bell-shaped (mean of three)."""
        draws = self.below(2 * spread + 1, 3 * size).reshape(3, size)
        return draws.sum(axis=0) // 3 - spread

    def bell(self, deviation: int, size: int) -> np.ndarray:
        """Return `size` whole numbers around zero with this standard deviation (sum of twelve, within six of it)."""
        draws = self.below(1001, 12 * size).reshape(12, size)
        return (draws.sum(axis=0) - 6000) * deviation // 1001
