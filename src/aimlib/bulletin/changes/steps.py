"""From what a report said to what it says now, one step at a time; each is worked out when it is first asked for.

The steps, in this order: what was published; the old day with today's code and law, then with today's selection;
today's data at the old months under the old law, then under today's; what is said now. The difference between two
neighbors is what the step adds, so that the parts always come to the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from aimlib.bulletin.changes.recompute import LawDay, Through
from aimlib.bulletin.changes.record import Record
from aimlib.errors import AimError
from aimlib.reference.law import law

Headlines = dict[str, dict[str, Any]]
_LAW_APPLIED = "duty_scenarios"


@dataclass(frozen=True)
class Steps:
    """The steps between two records of a report.

    A step that is not needed, for nothing differs that it tells apart, or that cannot be worked out, gives None;
    ``recompute`` is `aimlib.bulletin.changes.recompute.recompute`.
    """

    before: Record
    after: Record
    recompute: Callable[..., list[dict[str, Any]]]

    @property
    def has_other_code(self) -> bool:
        """Return whether code, reference tables or the notebook changed in between."""
        return self.before.differs_in(self.after, "code", "tables", "notebook")

    @property
    def has_other_law_files(self) -> bool:
        """Return whether the law as held changed, for a report that applies it."""
        return self.applies_law and self.before.differs_in(self.after, "law")

    @property
    def applies_law(self) -> bool:
        return self.after.notebook == _LAW_APPLIED

    @cached_property
    def selection(self) -> Mapping[str, tuple[Any, Any]]:
        """Return the parameters that changed in between, each before and after."""
        return self.before.selection_changes(self.after)

    @cached_property
    def law_may_differ(self) -> bool:
        """Return whether law may have come into force or become known in between."""
        if not self.applies_law:
            return False
        days = [record.resolved.get("on") for record in (self.before, self.after)]
        # From the day through which it is verified on, all of the law held is known.
        return days[0] != days[1] or self.before.as_of < law().coverage.verified_through

    @cached_property
    def other_code(self) -> Headlines | None:
        """The old day and selection, with today's code and law."""
        if not (self.has_other_code or self.has_other_law_files):
            return None
        return self._asked(lambda: self.recompute(self.before.parameters, self.before.as_of))

    @cached_property
    def other_selection(self) -> Headlines | None:
        """The old day, with today's code, law and selection."""
        if not self.selection:
            return None
        return self._asked(lambda: self.recompute(self._on_the_old_day(), self.before.as_of))

    @cached_property
    def other_data(self) -> Headlines | None:
        """Today's data at the old months, under the law of the old day."""
        pinned = self._old_law if self.law_may_differ else None
        return self._asked(lambda: self.recompute(self.after.parameters, self.after.as_of, self._through, pinned))

    @cached_property
    def other_law(self) -> Headlines | None:
        """Today's data at the old months, under today's law."""
        if not self.law_may_differ:
            return self.other_data
        return self._asked(lambda: self.recompute(self.after.parameters, self.after.as_of, self._through))

    def at_month(self, month: str) -> Headlines:
        """Return today's headlines as if `month` were the newest."""
        if month not in self._by_month:
            through = Through(month=pd.Timestamp(month))
            asked = self._asked(lambda: self.recompute(self.after.parameters, self.after.as_of, through))
            self._by_month[month] = asked or {}
        return self._by_month[month]

    @cached_property
    def _by_month(self) -> dict[str, Headlines]:
        return {}

    @property
    def _through(self) -> Through:
        return Through.of(self.before.headlines)

    @property
    def _old_law(self) -> LawDay:
        return LawDay(date.fromisoformat(str(self.before.resolved["on"])), self.before.as_of)

    def _on_the_old_day(self) -> Any:
        parameters = self.after.parameters
        if self.before.resolved.get("on"):
            return parameters.model_copy(update={"on": date.fromisoformat(str(self.before.resolved["on"]))})
        return parameters

    @staticmethod
    def _asked(ask: Callable[[], list[dict[str, Any]]]) -> Headlines | None:
        try:
            return {headline["name"]: headline for headline in ask()}
        except AimError:  # the parameters are no longer known, or the store does not hold that day
            return None
