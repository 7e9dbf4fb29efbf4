"""The service's ways of failing, each by a name and with what to do about it."""

from __future__ import annotations

from aimlib.errors import AimError

KEY_PAGE = "https://comtradedeveloper.un.org"
_SAVE_AGAIN = "Ask the service again and save its answer whole, as JSON or CSV."
_CHECK_URL = "Check AIM_COMTRADE_URL if it is set, and try again later."


class ComtradeError(AimError):
    """Anything wrong with what UN Comtrade answered or with a file that should hold its answer."""


class ServiceError(ComtradeError):
    """The service takes no further question, whatever it is: the key, the limits, the connection."""


class AnswerError(ComtradeError):
    """One question has no usable answer; others may have."""


class MissingKey(ServiceError):
    """HTTP 401, ``Access denied due to missing subscription key``."""

    def __init__(self) -> None:
        advice = f"Get a free key at {KEY_PAGE} and set it as COMTRADE_API_KEY."
        super().__init__("UN Comtrade asks for a key.", advice)


class BadKey(ServiceError):
    """HTTP 401, ``Access denied due to invalid subscription key``, or a text that can be no key."""

    def __init__(self) -> None:
        advice = (
            f"Check COMTRADE_API_KEY against the key at {KEY_PAGE}, or unset it: without a key the preview is asked."
        )
        super().__init__("UN Comtrade does not accept the key.", advice)


class KeyExpired(ServiceError):
    """HTTP 403 for another reason than the quota, as an expired subscription gives."""

    def __init__(self, told: str) -> None:
        advice = f"Renew the subscription at {KEY_PAGE}, or unset COMTRADE_API_KEY: without a key the preview is asked."
        super().__init__(f"UN Comtrade refuses the key: {told}.", advice)


class QuotaUsed(ServiceError):
    """HTTP 403, ``Out of call volume quota``. ``replenished`` is when it goes on, as told (``05:12:33``), or ''."""

    def __init__(self, replenished: str) -> None:
        when = f"in {replenished}" if replenished else "tomorrow"
        advice = f"The quota is replenished {when}; --max-calls stops a fetch before it is used up."
        super().__init__("The calls that UN Comtrade allows are used up.", advice)
        self.replenished = replenished


class CallsUsed(ServiceError):
    """The number of calls that the user allowed is reached; nothing was asked any more."""

    def __init__(self, calls: int) -> None:
        super().__init__(f"{calls} calls were made, as many as --max-calls allows.", "Run the same command again.")


class Throttled(ServiceError):
    """HTTP 429. ``wait_seconds`` is what the service asks to wait, or None."""

    def __init__(self, wait_seconds: float | None) -> None:
        when = "later" if wait_seconds is None else f"in {wait_seconds:.0f} seconds"
        super().__init__("UN Comtrade takes no more questions for now.", f"Try again {when}.")
        self.wait_seconds = wait_seconds


class ProviderDown(ServiceError):
    """HTTP 500 to 504, a connection that failed or broke."""

    def __init__(self, what: str) -> None:
        advice = "Try again later; what was committed stays and is not asked for again."
        super().__init__(f"UN Comtrade could not be reached or broke off ({what}).", advice)


class BadRequest(AnswerError):
    """HTTP 400 with ``errorObject.errorMessage``, or ``error`` in an answer."""

    def __init__(self, name: str, told: str) -> None:
        super().__init__(f"{name}: UN Comtrade refused the question: {told}.", "Check the reporter, periods and codes.")


class TooLarge(AnswerError):
    """An answer that ends at the service's limit of rows, which it does not say in the answer."""

    def __init__(self, name: str, rows: int) -> None:
        advice = "A key gives longer answers (COMTRADE_API_KEY)." if rows <= 500 else "Ask for fewer periods or codes."
        super().__init__(f"{name}: {rows:,} rows are the service's limit, so the answer may be cut.", advice)


class TooLong(AnswerError):
    """The page ``Request URL Too Long``, with any status."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: the address is too long for the service.", "Ask for fewer periods or codes at once.")


class Removed(AnswerError):
    """The page ``The resource you are looking for has been removed``, with any status."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: the service has no such address.", _CHECK_URL)


class NotFigures(AnswerError):
    """Neither rows of the service nor one of its known pages."""

    def __init__(self, name: str, what: str, advice: str = _CHECK_URL) -> None:
        super().__init__(f"{name} {what}.", advice)


class Truncated(NotFigures):
    """JSON that ends before it is whole."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "is cut off: its JSON ends in the middle", _SAVE_AGAIN)
