"""The bulletin's font for a self-contained page: a subset of the packaged open font as data URIs."""

from __future__ import annotations

import base64
import hashlib
import io
from functools import cache
from importlib import metadata

from aimlib.present import style
from aimlib.present.kept import kept

# Latin with the accents of country names, punctuation, minus sign, times sign, arrows and triangles.
_CHARACTERS = "".join(chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x180))) + "–—‘’“”•…−×▲▼→≥≤"
_FEATURES = ["kern", "tnum", "lnum", "liga", "mark"]


@cache
def font_faces() -> str:
    """Return the ``@font-face`` rules with the subset fonts inside; the same bytes every time."""
    versions = "-".join(metadata.version(name) for name in ("font-source-sans-pro", "fonttools"))
    digest = hashlib.sha256(repr((_CHARACTERS, _FEATURES, style.FACES)).encode()).hexdigest()[:12]
    return kept(f"fonts-{versions}-{digest}.css", lambda: _build().encode()).decode()


def _build() -> str:
    return "\n".join(
        f"@font-face{{font-family:'{style.FONT}';font-weight:{weight};font-display:block;"
        f"src:url(data:font/woff;base64,{base64.b64encode(_subset(name)).decode()}) format('woff')}}"
        for weight, name in style.FACES.items()
    )


def _subset(name: str) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(style.FONT_DIR / name, recalcTimestamp=False)
    worker = subset.Subsetter(subset.Options(layout_features=_FEATURES))
    worker.populate(text=_CHARACTERS)
    worker.subset(font)
    font.flavor = "woff"
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()
