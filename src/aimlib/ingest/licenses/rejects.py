"""The rows set aside, with the rules they break and their cells as they stood in the file."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.ingest.licenses.examine import MISSHAPEN, Examined
from aimlib.ingest.licenses.findings import is_error
from aimlib.reference.license_rules import rules
from aimlib.sources.licenses.clean import field_names

_BETWEEN = " | "


def rejected_rows(examined: Examined) -> pd.DataFrame:
    """Return one row a rejected row: file, row, rule, fields, found, sentence, the form's fields, content.

    Where a row breaks several rules they are listed with a bar between. ``content`` is the text of a row that has more
    or fewer cells than its header. The file's cells are read again, for a load does not keep them.
    """
    errors = examined.findings[is_error(examined.findings).to_numpy()].astype({"rule": "object", "field": "object"})
    if errors.empty:
        return pd.DataFrame()
    errors["sentence"] = errors["rule"].map({key: rule.sentence for key, rule in rules().items()})
    once = errors.drop_duplicates(["at", "rule", "field"])
    joined = once.groupby("at", sort=True).agg(
        rule=("rule", lambda keys: _BETWEEN.join(dict.fromkeys(keys))),
        fields=("field", _BETWEEN.join),
        found=("value", _BETWEEN.join),
        sentence=("sentence", lambda texts: " ".join(dict.fromkeys(texts))),
    )
    told = examined.places.loc[joined.index].join(joined)
    cells = _cells(examined, told)
    return pd.concat([told, cells], axis=1).sort_values(["file", "row"], kind="stable", ignore_index=True)


def _cells(examined: Examined, told: pd.DataFrame) -> pd.DataFrame:
    """Return the form's fields and ``content`` of the rows in `told`, '' where a file lacks a field."""
    columns = [*field_names(), "content"]
    parts = []
    for sheet in examined.sheets:
        mine = told[(told["file"] == sheet.name).to_numpy()]
        if mine.empty:
            continue
        at_row = pd.Series(mine.index.to_numpy(), index=mine["row"].to_numpy())
        for chunk in sheet.chunks():
            wanted = np.flatnonzero(np.isin(chunk.rows, at_row.index))
            if len(wanted):
                cells = {name: texts.take(wanted).to_pandas() for name, texts in chunk.cells.items()}
                parts.append(pd.DataFrame(cells).set_axis(at_row[chunk.rows[wanted]].to_numpy()))
        if (mine["rule"] == MISSHAPEN).any():
            contents = pd.Series(dict(sheet.misshapen), dtype="str")
            at = at_row[contents.index[contents.index.isin(at_row.index)]]
            parts.append(pd.DataFrame({"content": contents[at.index].to_numpy()}, index=at.to_numpy()))
    whole = pd.concat(parts) if parts else pd.DataFrame(index=told.index)
    return whole.reindex(index=told.index, columns=columns).astype("object").fillna("")
