"""The service's ways of failing, each by a name and with what to do about it."""

from __future__ import annotations

import pandas as pd

from aimlib.errors import AimError

KEY_PAGE = "https://api.census.gov/data/key_signup.html"
_SAVE_AGAIN = "Ask the service again and save its answer whole, as JSON or CSV."


class CensusError(AimError):
    """Anything wrong with what the Census service answered or with a file that should hold its answer."""


class MissingKey(CensusError):
    """The answer is the page about a missing key (HTTP 200, text/html)."""

    def __init__(self, name: str) -> None:
        advice = f"Get a free key at {KEY_PAGE}, set it as CENSUS_API_KEY, and ask again."
        super().__init__(f"{name} is Census's page about a missing key, not figures.", advice)


class BadKey(CensusError):
    """The answer is the page about a key that is not valid (HTTP 200, text/html)."""

    def __init__(self, name: str) -> None:
        advice = f"Check CENSUS_API_KEY, activate the key by the link in its mail, or get one at {KEY_PAGE}."
        super().__init__(f"{name} is Census's page about a key that is not valid, not figures.", advice)


class NoData(CensusError):
    """HTTP 204 or 404: no rows for the question, as for a month that is not published yet."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: the service has no figures.", "The month may not be published yet.")


class BadRequest(CensusError):
    """HTTP 400 with a text, or such a text saved to a file."""

    def __init__(self, name: str, told: str) -> None:
        advice = "Check the names of the variables and the address asked."
        super().__init__(f"{name}: Census refused the question: {told}.", advice)


class Throttled(CensusError):
    """HTTP 429. ``wait_seconds`` is what the service asks to wait, or None."""

    def __init__(self, name: str, wait_seconds: float | None) -> None:
        when = "later" if wait_seconds is None else f"in {wait_seconds:.0f} seconds"
        super().__init__(f"{name}: the service takes no more questions for now.", f"Try again {when}.")
        self.wait_seconds = wait_seconds


class TooLarge(CensusError):
    """HTTP 500 or 504, or no answer in time: the service cannot make so large an answer at once."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: the answer is too large for the service.", "Ask for fewer codes at once.")


class ProviderDown(CensusError):
    """HTTP 502 or 503, a connection that failed or broke, an answer that ended early."""

    def __init__(self, name: str, what: str) -> None:
        advice = "Try again later; what was committed stays and is not asked for again."
        super().__init__(f"{name}: the service could not be reached or broke off ({what}).", advice)


class NotCensus(CensusError):
    """Neither rows of the service nor one of its known pages."""

    def __init__(self, name: str, what: str, advice: str = _SAVE_AGAIN) -> None:
        super().__init__(f"{name} {what}.", advice)


class Truncated(NotCensus):
    """JSON that ends before its last row does."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "is cut off: its JSON ends in the middle")


class MissingColumns(NotCensus):
    """Rows without the columns that a Census answer has."""

    def __init__(self, name: str, columns: list[str]) -> None:
        what = f"lacks Census's columns: {', '.join(columns)}"
        super().__init__(name, what, "Ask with these variables in get=, or keep them when saving as CSV.")


class ExportsAnswer(NotCensus):
    """An answer of the exports tables."""

    def __init__(self, name: str) -> None:
        advice = "Ask intltrade/imports/hs; this suite reads imports."
        super().__init__(name, "holds exports (it has E_COMMODITY or ALL_VAL_MO)", advice)


class ControlFailed(CensusError):
    """The parts of an answer do not meet its published totals.

    ``differences`` holds the lines as `aimlib.sources.census.control.compare` gives them, None without
    totals.
    """

    differences: pd.DataFrame | None = None
