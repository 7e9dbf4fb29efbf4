"""Named series told apart: by color and by dash, so that they can be told apart in gray too."""

from __future__ import annotations

from typing import Any

import altair as alt

from aimlib.present import style

_DASHES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [1, 0], [4, 4]]


def told_apart(field: str, names: list[str], *, columns: int | None = None, legend: bool = True) -> dict[str, Any]:
    """Return the encodings `color` and `strokeDash` of a field of names, in the names' order.

    The legend stands in `columns`, or is left out.
    """
    shown = alt.Legend(symbolType="stroke", symbolSize=300, columns=columns or alt.Undefined) if legend else None
    return {
        "color": alt.Color(
            f"{field}:N",
            title=None,
            sort=names,
            scale=alt.Scale(domain=names, range=style.CATEGORIES[: len(names)]),
            legend=shown,
        ),
        "strokeDash": alt.StrokeDash(
            f"{field}:N",
            title=None,
            sort=names,
            scale=alt.Scale(domain=names, range=_DASHES[: len(names)]),
            legend=alt.Undefined if legend else None,
        ),
    }
