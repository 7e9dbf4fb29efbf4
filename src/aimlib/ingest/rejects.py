"""The rejects file: rows that were set apart, each with its reason."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from aimlib.store.files import obstacles_explained, write_whole


def write_rejects(root: Path, commit_name: str, rejects: pd.DataFrame, path: Path | None = None) -> Path | None:
    """Write `rejects` as CSV to `path`, else below the store in ``rejects``; return where, None if empty."""
    if rejects.empty:
        return None
    relative = f"rejects/{commit_name}.rejects.csv"
    body = rejects.to_csv(index=False, lineterminator="\n").encode()
    with obstacles_explained("written"):
        if path is None:
            write_whole(root, relative, body)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
    return path or root / relative
