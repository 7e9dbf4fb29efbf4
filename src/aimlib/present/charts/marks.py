"""Rules across a chart over time at days that matter, with their labels above it."""

from __future__ import annotations

import altair as alt
import pandas as pd

from aimlib.present import style


def mark_rules(marks: pd.DataFrame | None) -> list[alt.Chart]:
    """Return the layers of `marks` (day, label; a blank label has a rule alone), none where there are no marks."""
    if marks is None or marks.empty:
        return []
    at = alt.Chart(marks[["day", "label"]]).encode(x=alt.X("day:T"))
    return [
        at.mark_rule(color=style.MUTED, strokeDash=[2, 3]),
        at.mark_text(align="left", baseline="bottom", dx=-2, y=-2, color=style.MUTED, fontSize=11).encode(
            text=alt.Text("label:N")
        ),
    ]
