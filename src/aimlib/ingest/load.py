"""Files of Census answers into the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from aimlib.ingest.commit import Declaration, commit_census
from aimlib.ingest.files import read_snapshots
from aimlib.ingest.report import LoadReport
from aimlib.sources.census.variables import LICENSE, PUBLISHER, TITLE


def load_census(
    store_root: Path,
    paths: Sequence[Path | str],
    *,
    known_on: date | None = None,
    selection: bool = False,
    codes: Sequence[str] | None = None,
    today: date | None = None,
    rejects_path: Path | None = None,
) -> LoadReport:
    """Load saved answers of the Census API, JSON or CSV, one file or many, as one commit.

    Parameters
    ----------
    store_root
        The store's folder; made when it does not exist.
    known_on
        The day on which these figures were known, today unless said.
    selection
        The files list some partners only, so that they need not add up to the published totals.
    codes
        What was asked for, ``76`` or headings such as ``7601``: an answer without rows of a heading then says
        that its imports were zero. Without it the headings found in the files count as asked for.
    today
        The day that counts as today.
    rejects_path
        Where rows that cannot be read are written; ``rejects`` in the store's folder unless said.

    Raises
    ------
    AimError
        A file is not there or is no answer of Census, its parts do not meet the totals, or the days make no
        sense. The store is then as it was.
    """
    now = datetime.now(UTC)
    today = today or date.today()
    snapshots = read_snapshots(paths, now, publisher=PUBLISHER, title=TITLE, license=LICENSE)
    declared = Declaration(
        known_on=known_on or today,
        captured_at=now,
        today=today,
        selection=selection,
        codes=tuple(codes) if codes else None,
    )
    return commit_census(Path(store_root), snapshots, declared, rejects_path)
