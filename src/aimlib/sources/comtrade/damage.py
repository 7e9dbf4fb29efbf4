"""What is wrong with a table's bytes, in words that say what to do."""

from __future__ import annotations

import re

UTF16_ADVICE = "Save it as UTF-8 (in a spreadsheet: CSV UTF-8), then load that."
CUT_ADVICE = "Download it again."

_RAGGED = re.compile(r"(?:Row #(\d+): )?Expected (\d+) columns, got (\d+)")


def is_utf16(body: bytes) -> bool:
    """Tell whether text is UTF-16, by its mark or by the zero byte beside its first letter."""
    return body.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in (body[:1], body[1:2])


def cut_at(error: str) -> str:
    """Say where the parser met a row with too few columns, '' where it met none.

    >>> cut_at("CSV parse error: Row #9: Expected 47 columns, got 39: A,C")
    'row 9 has 39 of 47 columns, so that the file is probably cut there'
    """
    found = _RAGGED.search(error)
    if not found or int(found[3]) >= int(found[2]):
        return ""
    row = f"row {found[1]}" if found[1] else "a row"
    return f"{row} has {found[3]} of {found[2]} columns, so that the file is probably cut there"
