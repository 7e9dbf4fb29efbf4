"""The figures of a tagged PDF."""

from __future__ import annotations

import pypdf


def figures_of(path) -> list[dict]:
    """Return the Figure elements of a PDF's structure tree."""
    found, seen = [], set()

    def walk(node):
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, pypdf.generic.ArrayObject):
            for child in node:
                walk(child)
        elif isinstance(node, pypdf.generic.DictionaryObject) and id(node) not in seen:
            seen.add(id(node))
            if node.get("/S") == "/Figure":
                found.append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(pypdf.PdfReader(path).trailer["/Root"]["/StructTreeRoot"])
    return found
