"""What rests on the installation alone, filled in before processes are forked: law, tables, templates, themes.

Nothing here may call into DuckDB, the chart converter or the typesetter: children of a process that has would hang.
"""

from __future__ import annotations


def warm_up() -> None:
    """Fill the caches of this process that every report would fill again."""
    from aimlib.reference.law import law

    law()
