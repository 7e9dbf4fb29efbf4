"""Asking for one unit: the questions that make it up, split where an answer may be cut, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from aimlib.errors import AimError
from aimlib.ingest.comtrade.due import Unit
from aimlib.sources.comtrade.errors import AnswerError, ServiceError, TooLarge, TooLong
from aimlib.sources.comtrade.question import Question, Reply
from aimlib.sources.comtrade.request import ComtradeClient


@dataclass
class Answered:
    """What came of a unit. ``ended`` is the error with which the service ended it, None where it did not.

    ``open`` are the periods of questions without an answer, ``failed`` those without a usable one, with why.
    """

    unit: Unit
    replies: list[Reply] = field(default_factory=list)
    failed: dict[str, AimError] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    ended: ServiceError | None = None

    @property
    def whole(self) -> tuple[str, ...]:
        """The periods whose every part came."""
        return tuple(period for period in self.unit.periods if period not in self.failed and period not in self.open)

    def separately(self, period: str) -> Answered | None:
        """Return what came of one period, None where it came together with others."""
        replies = self.replies_for((period,))
        if any(len(reply.question.periods) > 1 for reply in replies):
            return None
        return Answered(replace(self.unit, periods=(period,)), replies)

    @property
    def reported(self) -> frozenset[str]:
        """The periods that have rows."""
        return frozenset().union(*(reply.reported for reply in self.replies))

    def replies_for(self, periods: Sequence[str]) -> list[Reply]:
        """Return the replies about any of `periods`, in the order in which they came."""
        return [reply for reply in self.replies if set(reply.question.periods) & set(periods)]


class Asker:
    """Asks for units, and remembers which questions were too large, so as not to ask such a one again."""

    def __init__(self, client: ComtradeClient, frequency: str, flows: tuple[str, ...], codes: tuple[str, ...]) -> None:
        self._client = client
        self._frequency = frequency
        self._flows = flows
        self._codes = codes
        self._too_large: set[tuple[object, ...]] = set()

    @property
    def calls(self) -> int:
        """The calls made so far."""
        return self._client.calls

    def ask(self, unit: Unit) -> Answered:
        """Return what came of a unit; an error of the service ends it and is kept in ``ended``."""
        answered = Answered(unit)
        waiting = self._questions(unit)
        while waiting:
            question = waiting.pop(0)
            if set(question.periods) <= answered.failed.keys():
                continue
            parts = question.parts()
            if parts and question.size in self._too_large:
                waiting = [*parts, *waiting]
                continue
            try:
                answered.replies.append(self._client.ask(question))
            except (TooLarge, TooLong) as error:
                self._too_large.add(question.size)
                waiting = [*parts, *waiting]
                answered.failed |= {} if parts else dict.fromkeys(question.periods, error)
            except AnswerError as error:
                answered.failed |= dict.fromkeys(question.periods, error)
            except ServiceError as error:
                answered.ended = error
                answered.open = {period for left in (question, *waiting) for period in left.periods}
                break
        return answered

    def _questions(self, unit: Unit) -> list[Question]:
        step = self._client.periods_at_once
        return [
            Question(unit.reporter, unit.iso3, self._frequency, self._flows, unit.periods[at : at + step], self._codes)
            for at in range(0, len(unit.periods), step)
        ]
