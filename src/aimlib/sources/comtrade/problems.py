"""What is wrong with a file or an answer of Comtrade, as errors that callers may tell apart."""

from __future__ import annotations

from aimlib.errors import AimError


class NotComtrade(AimError):
    """The bytes are not figures of Comtrade, or say that the service failed."""


class NoRows(AimError):
    """There is no row in the scope; ``message`` says what there is instead."""


class CutShort(AimError):
    """The answer ends at a limit of the service, and what is there does not add up to the world's total."""


class PartsDiffer(AimError):
    """The partners do not add up to the row of the world."""
