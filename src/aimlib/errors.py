"""What goes wrong in a user's hands, said in one message: what, where, how to fix it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class AimError(Exception):
    """A mistake or an obstacle that the user can act on; the command line prints it without a traceback.

    Parameters
    ----------
    message
        What is wrong and where, one sentence.
    advice
        How to fix it, one sentence; printed after the message.
    """

    exit_status = 2

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()

    def _render_traceback_(self) -> list[str]:
        """Return what IPython prints in the place of a traceback: in a notebook, too, the message is enough."""
        return [f"{type(self).__name__}: {self}"]


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return ``Did you mean X?`` for the choice nearest to `word`, or an empty string."""
    by_folded = {choice.casefold(): choice for choice in choices}
    close = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return f"Did you mean {by_folded[close[0]]}?" if close else ""
