"""Several reports as one bulletin: one cover, the contents, what changed, then a chapter a report.

Three kinds of node are made here and set by both exporters:

- ``contents``: ``title`` and ``entries``, each with ``text``, ``href`` (``#`` and the place in the page) and
  ``sections``, entries of their own without sections;
- ``chapter``: ``key`` (the report's label), ``title``, ``subtitle``, ``facts`` and ``notices`` that are not on the
  bulletin's cover, and what its pages carry: ``running``, ``footer`` and ``label``;
- ``reference``: where a later report says again what stands further up: ``href``, ``text``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aimlib.bulletin.document import Document, check_keys, numbered, without_empty_sections
from aimlib.errors import AimError
from aimlib.present import numbers
from aimlib.present.svg import with_prefix

# The notes' own headings stand one level below the section that holds them.
NOTES_LEVEL = 3
_AS_OF = "As of"
# What a block is called, not what it says.
_NAMES = ("key", "report", "block", "title", "svg", "specification")
_REFERRED = ("figure", "table")
_SAID_ONCE = (*_REFERRED, "prose", "strip")


@dataclass(frozen=True)
class Part:
    """A report within a bulletin: its label, unique in the bulletin, and its document."""

    label: str
    document: Document


def combine(
    name: str, title: str, subtitle: str, as_of: dt.date, parts: Sequence[Part], front: Iterable[dict] = ()
) -> Document:
    """Return the bulletin `name` of the reports `parts`, in their order.

    A block's key becomes ``<label>-<key>`` (its parts stay in the node as ``report`` and ``block``); figures and
    tables are numbered through the bulletin; what a report says word for word as one before it, with the same data,
    becomes a reference to it. `front` are nodes that stand before the first chapter and keep their keys. A bulletin
    of one report has neither contents nor chapters: its sections stand under the cover as in the report itself.

    Raises
    ------
    AimError
        If a label occurs twice, a report is as of another day, or the reports are for different paper.
    """
    _check(name, as_of, parts)
    if len(parts) == 1:
        nodes = numbered([*front, *_keyed(parts[0])])
    else:
        chapters = [node for part in parts for node in _chapter(part, parts)]
        nodes = _with_targets(numbered(without_empty_sections([*front, *_without_repeats(chapters)])))
        nodes = [_contents(nodes), *nodes]
    check_keys(nodes)
    return Document(_cover(name, title, subtitle, as_of, parts), nodes)


def _check(name: str, as_of: dt.date, parts: Sequence[Part]) -> None:
    if not parts:
        raise AimError(f"The bulletin {name} holds no report.", "Give it at least one.")
    labels = [part.label for part in parts]
    repeated = sorted({label for label in labels if labels.count(label) > 1})
    if repeated:
        raise AimError(
            f"Two reports of the bulletin {name} have the same label: {', '.join(repeated)}.",
            "Give each report of a bulletin a label of its own.",
        )
    for part in parts:
        day = part.document.cover["as_of"]
        if day != str(as_of):
            raise AimError(
                f"The report {part.label} of the bulletin {name} is as of {day}, the bulletin as of {as_of}.",
                "Make all reports of a bulletin as of the same day.",
            )
    if len({part.document.cover["paper"] for part in parts}) > 1:
        raise AimError(f"The reports of the bulletin {name} are for different paper.", "Give them the same paper.")


def _cover(name: str, title: str, subtitle: str, as_of: dt.date, parts: Sequence[Part]) -> dict:
    covers = [part.document.cover for part in parts]
    facts = covers[0]["facts"] if len(parts) == 1 else [*_shared_facts(covers), _as_of_fact(covers, as_of)]
    return {
        **covers[0],
        "title": title,
        "subtitle": subtitle,
        "facts": facts,
        "notices": _united_notices(covers),
        "slug": f"{name}-{as_of}",
        "running": covers[0]["running"] if len(parts) == 1 else f"{title}: {subtitle}",
        "label": "; ".join(dict.fromkeys(cover["label"] for cover in covers if cover["label"])),
        "footer": covers[0]["footer"] if len(parts) == 1 else _united_sentences(cover["footer"] for cover in covers),
    }


def _as_of_fact(covers: list[dict], as_of: dt.date) -> list[str]:
    said = {text for cover in covers for fact, text in cover["facts"] if fact == _AS_OF}
    return [_AS_OF, said.pop() if len(said) == 1 else f"{numbers.day_name(as_of)}: what was known by that day"]


def _shared_facts(covers: list[dict]) -> list[list[str]]:
    """Return the facts that every report states in the same words; they are told once, on the cover."""
    return [
        list(fact)
        for fact in covers[0]["facts"]
        if fact[0] != _AS_OF and all(list(fact) in map(list, cover["facts"]) for cover in covers)
    ]


def _united_notices(covers: list[dict]) -> list[str]:
    """Return every notice once; one that is not of all reports says of which it is."""
    united = []
    for notice in dict.fromkeys(notice for cover in covers for notice in cover["notices"]):
        titles = [cover["title"] for cover in covers if notice in cover["notices"]]
        united.append(notice if len(titles) == len(covers) else f"{numbers.joined(titles)}: {notice}")
    return united


def _united_sentences(texts: Iterable[str]) -> str:
    found = list(dict.fromkeys(sentence.rstrip(".") for text in texts for sentence in text.split(". ") if sentence))
    return found[0] if len(found) == 1 else ". ".join(found) + "."


def _chapter(part: Part, parts: Sequence[Part]) -> list[dict]:
    """Return the chapter's head and its nodes, one level lower than they stand in the report."""
    cover, others = part.document.cover, [other.document.cover for other in parts]
    shared = [list(fact) for fact in _shared_facts(others)]
    head = {
        "kind": "chapter",
        "key": part.label,
        "level": 2,
        "title": cover["title"],
        "subtitle": cover["subtitle"],
        "facts": [list(fact) for fact in cover["facts"] if fact[0] != _AS_OF and list(fact) not in shared],
        "notices": [notice for notice in cover["notices"] if any(notice not in other["notices"] for other in others)],
        "running": cover["running"],
        "footer": cover["footer"],
        "label": cover["label"],
    }
    return [head, *(_lowered(node, part.label, cover["title"]) for node in _keyed(part))]


def _keyed(part: Part) -> list[dict]:
    nodes = []
    for node in numbered(part.document.nodes):
        if "key" in node:
            node = {**node, "key": f"{part.label}-{node['key']}", "report": part.label, "block": node["key"]}
        if node["kind"] == "figure":
            node["svg"] = with_prefix(node["svg"], f"{part.label}-")
        nodes.append(node)
    return nodes


def _lowered(node: dict, label: str, title: str) -> dict:
    match node["kind"]:
        case "heading":
            return {**node, "level": node["level"] + 1, "chapter": label}
        case "notes":
            return {**node, "level": NOTES_LEVEL + 1}
        case "strip":
            # Parts of a page that a screen reader lists by name need names of their own.
            return {**node, "title": f"{node['title']}: {title}", "bare_title": node["title"]}
        case _:
            return node


def _without_repeats(nodes: list[dict]) -> list[dict]:
    """Put a reference in the place of a figure or table that stands further up, and drop prose said before."""
    seen: list[tuple[dict, dict]] = []
    kept = []
    for node in nodes:
        if node["kind"] in _SAID_ONCE:
            said = {name: value for name, value in node.items() if name not in _NAMES}
            first = next((before for words, before in seen if words == said), None)
            if first is not None:
                if node["kind"] in _REFERRED:
                    kept.append({"kind": "reference", "to": first["key"]})
                continue
            seen.append((said, node))
        kept.append(node)
    return kept


def _with_targets(nodes: list[dict]) -> list[dict]:
    """Give headings of chapters a place in the page, and references the title of what they refer to."""
    titles = {node["key"]: node["title"] for node in nodes if node["kind"] in _REFERRED}
    found = []
    for number, node in enumerate(nodes):
        if node["kind"] == "heading" and ("chapter" in node or node["level"] == 2):
            node = {**node, "id": f"{node.get('chapter', 'front')}-section-{number}"}
        if node["kind"] == "reference":
            node = {**node, "href": f"#{node['to']}", "text": titles[node["to"]]}
        found.append(node)
    return found


def _contents(nodes: list[dict]) -> dict:
    entries: list[dict] = []
    for node in nodes:
        if node["kind"] == "chapter":
            entries.append({"text": node["title"], "href": f"#{node['key']}", "sections": []})
        elif node["kind"] == "heading" and node["level"] == 2:
            entries.append({"text": node["text"], "href": f"#{node['id']}", "sections": []})
        elif node["kind"] == "heading" and node["level"] == 3 and entries:
            entries[-1]["sections"].append({"text": node["text"], "href": f"#{node['id']}"})
    return {"kind": "contents", "key": "contents", "title": "Contents", "entries": entries}
