"""What a report said on a day, and what it was made with: the two sides of a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from aimlib.bulletin.parameters import Parameters, model_of
from aimlib.present.headlines import headlines_of

_NO_SELECTION = {"as_of", "on", "paper", "top"}
"""Parameters that choose the day or the looks, and not what the headlines are about."""


@dataclass(frozen=True)
class Record:
    """What a report said on a day.

    Attributes
    ----------
    notebook
        Which one.
    headlines
        Dicts of a `KeyFigure`'s fields, in reading order.
    resolved
        The parameters with nothing left open, as JSON values.
    as_of
        The day of the figures.
    digests
        Of what it was made with: ``code``, ``law``, ``tables``, ``templates`` (`aimlib.digests.part_digests`) and
        ``notebook``. What is not told of both sides counts as equal.
    """

    notebook: str
    headlines: tuple[dict[str, Any], ...]
    resolved: Mapping[str, Any]
    as_of: date
    digests: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, notebook: str, headlines: Iterable[Mapping[str, Any]], inputs: Mapping[str, Any]) -> Record:
        """Return the record of a bulletin's headlines and inputs.

        `inputs` has ``resolved`` (parameters), and may have ``as_of`` (else the parameter's), ``digests`` and
        ``notebook_sha256``.
        """
        resolved = dict(inputs["resolved"])
        digests = dict(inputs.get("digests") or {})
        if inputs.get("notebook_sha256"):
            digests["notebook"] = inputs["notebook_sha256"]
        day = date.fromisoformat(str(inputs.get("as_of") or resolved["as_of"]))
        return cls(notebook, tuple(dict(figure) for figure in headlines), resolved, day, digests)

    @classmethod
    def of_nodes(cls, notebook: str, nodes: Iterable[Mapping[str, Any]], inputs: Mapping[str, Any]) -> Record:
        """Return the record of a document's nodes (`aimlib.bulletin.document`); `inputs` as in `of`."""
        return cls.of(notebook, headlines_of(nodes), inputs)

    @property
    def by_name(self) -> dict[str, dict[str, Any]]:
        """Return the headlines by name."""
        return {headline["name"]: headline for headline in self.headlines}

    @property
    def parameters(self) -> Parameters:
        """Return the parameters; AimError where this installation does not know them any more."""
        return model_of(self.notebook).parse(self.resolved)

    @property
    def concept(self) -> str:
        """Return the concept of the imports, or the flow."""
        return self.resolved.get("concept") or self.resolved.get("flow") or ""

    def differs_in(self, other: Record, *parts: str) -> bool:
        """Return whether one of these digests is told of both and differs."""
        both = self.digests.keys() & other.digests.keys() & set(parts)
        return any(self.digests[part] != other.digests[part] for part in both)

    def selection_changes(self, other: Record) -> dict[str, tuple[Any, Any]]:
        """Return the parameters that choose what headlines are about and differ: this record's and the other's."""
        names = sorted((self.resolved.keys() | other.resolved.keys()) - _NO_SELECTION)
        pairs = {name: (self.resolved.get(name), other.resolved.get(name)) for name in names}
        return {name: (mine, theirs) for name, (mine, theirs) in pairs.items() if (mine or None) != (theirs or None)}
