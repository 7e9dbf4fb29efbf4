"""A report about to be shown, and what every opener shares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from aimlib.bulletin.notices import SAMPLE_NOTICE
from aimlib.bulletin.parameters import Parameters, PlaceParameters
from aimlib.errors import AimError
from aimlib.present.blocks import Cover
from aimlib.reference.countries import Place
from aimlib.store import Store

_PAPERS = {"letter": "us-letter", "a4": "a4"}


@dataclass(frozen=True)
class Report:
    """A report: its parameters with nothing left open, its view, the sources, and the cover before it is named.

    ``about`` and ``cuts`` are words of its file name.
    """

    notebook: str
    parameters: Parameters
    about: tuple[str, ...]
    view: Any
    synthetic: bool
    read_sources: Callable[[], tuple[dict[str, Any], ...]]
    head: Callable[[], Cover]
    cuts: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """Return the bulletin's file name: notebook, what it is about, what else sets it apart, and day."""
        return "-".join([self.notebook, *self.about, *self.cuts, str(self.parameters.as_of)])

    @property
    def blocks(self) -> list[dict]:
        """Return the sources with their blocks and hashes, for the manifest."""
        return [dict(source) for source in self.read_sources()]

    def cover(self) -> Cover:
        """Return the head of the bulletin."""
        head = self.head()
        return replace(
            head,
            slug=self.slug,
            paper=_PAPERS[self.parameters.paper],
            notices=([SAMPLE_NOTICE] if self.synthetic else []) + head.notices,
            label="Synthetic sample" if self.synthetic else "",
            footer=head.footer + (". Synthetic sample, not for citation." if self.synthetic else ""),
        )


def about_place(chosen: PlaceParameters) -> tuple[str, ...]:
    """Return what names a report on imports from a place: country, product, measure, and an unusual concept."""
    concept = () if chosen.concept == "consumption" else (chosen.concept,)
    return (chosen.country, chosen.product, chosen.measure, *concept)


def check_day(store: Store, day: dt.date | None) -> None:
    """Raise AimError for a day that nobody can know yet: after today and after all that the store holds."""
    newest = newest_day(store)
    if day is not None and day > newest:
        raise AimError(f"as_of={day} is in the future.", f"Take {newest} or earlier, or leave it away for the newest.")


def newest_day(store: Store) -> dt.date:
    """Return the newest day that can be asked for: today, or the newest that the store holds."""
    return max([dt.date.today(), *store.known_days()[-1:]])


def as_origin(place: Place) -> Place:
    """Return a group without the United States, which is no origin of its own imports."""
    if place.kind != "group":
        return place
    return replace(place, members=tuple(iso3 for iso3 in place.members if iso3 != "USA"))
