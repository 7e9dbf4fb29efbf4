"""The heat map of shares: the number in a cell stands out from the cell's color."""

from __future__ import annotations

import re

import pandas as pd

from aimlib.present import style, svg
from aimlib.present.charts import shares

_CELL = re.compile(r'<path d="M([\d.]+),([\d.]+)h[^"]*" fill="rgb\(([\d, ]+)\)"')
_NUMBER = re.compile(r'<text[^>]*transform="translate\(([\d.]+),([\d.]+)\)"[^>]*fill="([^"]+)"[^>]*>(\d+)</text>')


def _luminance(color: tuple[int, ...]) -> float:
    parts = [part / 255 for part in color]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _rgb(color: str) -> tuple[int, ...]:
    text = "ffffff" if color == "white" else color.removeprefix("#")
    return tuple(int(text[place : place + 2], 16) for place in (0, 2, 4))


def test_a_number_has_the_color_that_stands_out_more():
    percents = range(0, 101, 5)
    frame = pd.DataFrame(
        {
            "row": "Canada",
            "column": [f"to {share}" for share in percents],
            "share": [share / 100 for share in percents],
            "label": [str(share) for share in percents],
            "told": [f"{share}%" for share in percents],
        }
    )
    picture = svg.render(svg.specification(shares.heat_map(frame, "Row", "Column")), "shares")
    cells = {float(x): tuple(map(int, color.split(","))) for x, _, color in _CELL.findall(picture)}
    numbers = {int(label): (float(x), color) for x, _, color, label in _NUMBER.findall(picture)}
    assert set(numbers) == set(percents)
    for share, (at, color) in numbers.items():
        cell = cells[max(x for x in cells if x <= at)]
        chosen = _contrast(cell, _rgb(color))
        best = max(_contrast(cell, _rgb(one)) for one in ("white", style.INK))
        assert chosen > 3, share
        # Between the two the eye sees no difference.
        assert chosen > best - 0.5, share
