"""Where the metal was last cast, against the country of origin."""

from __future__ import annotations

from aimlib.analysis.totals import TOTAL
from aimlib.present import numbers
from aimlib.present.blocks import Column, Prose, Row, Table, csv_text
from aimlib.present.smelt_origin.smelt import OTHERS, column_name, noun, shares_wide
from aimlib.present.smelt_origin.view import MetalView

_CASTS = 6


def cast_by_origin(view: MetalView) -> Table | Prose:
    """Return the shares of each origin that were last cast in it, and elsewhere."""
    matrix = view.tables.matrix_cast
    wide = shares_wide(view, matrix, _CASTS)
    if wide.empty:
        return Prose("cast", [f"Where imports {view.from_place} were last cast cannot be shown for this period."])
    own = matrix[matrix["recent_cast"] == matrix["origin"]].set_index("origin")
    amounts = matrix[matrix["recent_cast"] == TOTAL].set_index("origin")[view.amount]
    countries = [name for name in wide.columns if name != OTHERS]
    rows = [
        Row(
            [
                view.name_of(origin),
                view.write(amounts[origin]),
                "" if origin == TOTAL or len(origin) != 3 else _own(own, origin, view.share),
                *(_cell(wide.loc[origin].get(name)) for name in wide.columns),
            ],
            "total" if origin == TOTAL else "highlight" if origin == view.row and not view.is_all else "",
        )
        for origin in wide.index
    ]
    return Table(
        key="cast",
        title=f"Origin by country of most recent cast, {view.period_words}",
        caption=f"Share of each origin's {noun(view)}.",
        columns=[
            Column("Origin", align="left"),
            Column("Licensed", view.measure.unit),
            Column("Cast in the origin"),
            *(Column(column_name(view, name), group="Last cast in") for name in countries),
            *([Column("Others", group="Last cast in")] if OTHERS in wide.columns else []),
        ],
        rows=rows,
        source=view.source,
        csv=csv_text(view.tidy(matrix)),
        notes=[
            "Most recent cast: where the metal, alloyed or not, was last liquefied by heat and cast solid.",
            *(["c: not shown, for the sake of single importers; Others holds it."] if _hidden(wide) else []),
            *view.confidential_note(view.hidden_origins(matrix)),
        ],
    )


def _own(own, origin: str, share: str) -> str:
    return _cell(own[share].get(origin, 0.0))


def _cell(share: float) -> str:
    return numbers.percent(share) or "c"


def _hidden(wide) -> bool:
    return bool(wide.isna().any(axis=None))
