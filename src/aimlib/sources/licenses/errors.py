"""What can be wrong with a whole license file."""

from __future__ import annotations

from aimlib.errors import AimError

_FORM = "A license file is CSV or Excel with the fields of form ITA-4142a, one row a product line."


class NotLicenses(AimError):
    """A file that is no license file. `what` completes the sentence that the file's name begins."""

    def __init__(self, name: str, what: str, advice: str = _FORM) -> None:
        super().__init__(f"{name} {what}.", advice)
