"""The partners whose accounts count: the same ones in every period, and who is left out for that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aimlib.analysis.mirror.board import Board

LEFT_OUT = ("country", "partner", "periods_reported", "periods", "quantity_t", "mirror_quantity_t")


@dataclass(frozen=True)
class PartnerSets:
    """For each country the periods built from partners and the partners that reported in every one of them.

    ``window`` countries by periods; ``constant`` and ``sometimes`` countries by partners: who reported the
    counter-flow in all periods of a country's window, and in some. n of a country is how many partners count, N how
    many there are: all other countries in the pairs and the reporting, also those that never report.
    """

    window: np.ndarray
    constant: np.ndarray
    sometimes: np.ndarray
    is_country: np.ndarray

    @property
    def reporting(self) -> np.ndarray:
        """n of each country."""
        return self.constant.sum(axis=1)

    @property
    def known(self) -> np.ndarray:
        """N of each country."""
        return self.is_country.sum() - self.is_country


def partner_sets(board: Board, window: np.ndarray) -> PartnerSets:
    """Return the partners that count for each country, given the periods in which it is built from partners.

    A total built from partners may only be compared between periods if the same partners reported in both: late
    ones would read as a fall. So a partner counts if it reported the counter-flow in every period of the window.
    """
    told = window.astype(np.int64) @ board.counter.T.astype(np.int64)
    sometimes = told > 0
    np.fill_diagonal(sometimes, False)
    constant = sometimes & (told == window.sum(axis=1, keepdims=True))
    return PartnerSets(window, constant, sometimes, board.is_country)


def left_out(board: Board, sets: PartnerSets, told: pd.DataFrame) -> pd.DataFrame:
    """Return the partners that reported only in some periods: country, partner, periods_reported of periods.

    ``told``: country, partner (as places on the board), quantity_t of what partners told in the window and ``own``,
    whether the country's own account counts in that period. ``quantity_t`` is then what is not counted since its
    partner is left out, ``mirror_quantity_t`` the part of it in periods that rest on partners alone.
    """
    country, partner = np.nonzero(sets.sometimes & ~sets.constant)
    reported = (sets.window[country] & board.counter[partner]).sum(axis=1)
    size = len(board.countries)
    cells = told["country"].to_numpy() * size + told["partner"].to_numpy()
    quantity = told["quantity_t"].fillna(0.0)
    alone = quantity.where(~told["own"], 0.0)
    whole, mirror = (np.bincount(cells, part, size * size).reshape(size, size) for part in (quantity, alone))
    columns = (
        board.countries[country],
        board.countries[partner],
        reported,
        sets.window.sum(axis=1)[country],
        whole[country, partner],
        mirror[country, partner],
    )
    return pd.DataFrame(dict(zip(LEFT_OUT, columns, strict=True)))


def counted(board: Board, sets: PartnerSets) -> pd.DataFrame:
    """Return the partners whose accounts count for each country built from partners: country, partner."""
    country, partner = np.nonzero(sets.constant)
    return pd.DataFrame({"country": board.countries[country], "partner": board.countries[partner]})
