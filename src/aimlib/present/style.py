"""One look for charts and pages: the font, the palette and the Vega-Lite theme.

The palette holds in gray printing and for the color blind: its steps differ in lightness first and in hue second
(blue against orange, never red against green).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import font_source_sans_pro

FONT = "Source Sans Pro"
FONT_DIR = Path(font_source_sans_pro.font_directory)
FACES = {400: "SourceSansPro-Regular.ttf", 600: "SourceSansPro-Semibold.ttf"}

INK = "#1d2a35"
MUTED = "#5b6873"
GRID = "#dfe4e8"
BAND = "#d5dfe8"
MAIN = "#1f5582"
HIGHLIGHT = "#d9772b"
PALE = "#a9bccb"
BLANK = "#f4f4f2"
OUTLINE = "#cdd3d8"
UNSPLIT = "#6f7880"
SEQUENCE = ["#cbdeed", "#a3c4de", "#6fa3c9", "#3f7cab", "#1f5582", "#0e2f4d"]
PARTS = [MAIN, HIGHLIGHT, "#8fb7d6", "#6b4e2e", "#e6b98f", "#0e2f4d", "#b9bfc4", "#e4e7ea"]
CATEGORIES = [MAIN, HIGHLIGHT, "#7fabcd", "#6b4e2e", "#b9bfc4", "#0e2f4d"]

WIDTH = 640
HEIGHT = 200


def lacking(text: str) -> str:
    """Return the characters of a text that the font of charts and pages cannot set, '' for none."""
    return "".join(dict.fromkeys(letter for letter in text if ord(letter) not in _glyphs()))


@cache
def _glyphs() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    return frozenset(TTFont(FONT_DIR / FACES[400]).getBestCmap())


def theme() -> dict:
    """Return the Vega-Lite configuration shared by every chart."""
    return {
        "font": FONT,
        "background": "white",
        "padding": {"left": 2, "right": 24, "top": 4, "bottom": 2},
        "view": {"stroke": None, "continuousWidth": WIDTH, "continuousHeight": HEIGHT},
        "axis": {
            "labelFontSize": 13,
            "titleFontSize": 13,
            "titleFontWeight": "normal",
            "labelColor": INK,
            "titleColor": MUTED,
            "gridColor": GRID,
            "domainColor": MUTED,
            "tickColor": MUTED,
            "labelFlush": False,
        },
        "axisY": {
            "domain": False,
            "ticks": False,
            "titleAngle": 0,
            "titleAlign": "left",
            "titleAnchor": "start",
            "titleX": 0,
            "titleY": -14,
        },
        "axisX": {"grid": False},
        "legend": {
            "labelFontSize": 13,
            "titleFontSize": 13,
            "titleFontWeight": "normal",
            "labelColor": INK,
            "titleColor": MUTED,
            "orient": "top",
            "offset": 30,
            "symbolStrokeWidth": 2.5,
            "labelLimit": 300,
        },
        "text": {"fontSize": 13, "fill": INK},
        "line": {"strokeWidth": 2.2},
        "title": {"fontSize": 15, "fontWeight": 600, "anchor": "start", "color": INK},
    }
