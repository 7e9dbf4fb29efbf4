"""A headline now and a week ago, and what each cause adds to the difference."""

from __future__ import annotations

from dataclasses import dataclass

FILLING = "a license month still filling"
REPLACED = "licenses replaced by Census"
NEW_MONTH = "a new month"
ESTIMATED = "estimated anew"
REVISED = "revised data"
LAW = "changed law"
CODE = "changed code"
SELECTION = "changed selection"
APPEARED = "first available"
VANISHED = "no longer available"
CAUSES = (REPLACED, NEW_MONTH, LAW, SELECTION, CODE, FILLING, ESTIMATED, REVISED, APPEARED, VANISHED)
"""All causes, those first that a reader should hear of first."""


@dataclass(frozen=True)
class Part:
    """What one cause adds to a difference, in the headline's unit; None where that is no number.

    ``words`` say it of this headline: ``licenses for November 2026 still filling``.
    """

    cause: str
    amount: float | None
    words: str

    def __post_init__(self) -> None:
        if self.cause not in CAUSES:
            raise ValueError(f"{self.cause} is no cause of a change")


@dataclass(frozen=True)
class Change:
    """One headline of a report, before and after.

    Attributes
    ----------
    headline, label, label_before
        The name that stays, and how the newer bulletin prints it (the older one where it is gone), and the older.
    amount_unit, unit
        The unit of the amounts (quantity_t, customs_value_usd, duty_usd, fraction, percent, usd_t, c_lb, ...), and
        the unit as printed.
    before, after
        The amounts; None where there is none.
    before_text, after_text
        As printed, with unit; '' where the headline was not there.
    period_before, period_after
        What they are about, in the grammar of periods or a day; '' where the headline was not there.
    difference
        ``after`` less ``before``, None where one of them is none, or they are not of one unit.
    parts
        What the causes add; their amounts add up to the difference. None where nothing changed.
    data_basis, partial, concept
        Of the newer figure: one of `aimlib.present.headlines.BASES`; whether its month is still filling; the concept
        of the imports, or the flow.
    """

    headline: str
    label: str
    amount_unit: str
    unit: str
    before: float | None
    after: float | None
    before_text: str
    after_text: str
    period_before: str
    period_after: str
    difference: float | None
    parts: tuple[Part, ...]
    data_basis: str
    partial: bool = False
    concept: str = ""
    label_before: str = ""

    @property
    def is_new(self) -> bool:
        """Return whether the headline was not there before."""
        return self.period_before == ""

    @property
    def is_gone(self) -> bool:
        """Return whether the headline is there no longer, and nothing took its place."""
        return self.period_after == ""

    @property
    def has_moved(self) -> bool:
        """Return whether the newer figure is of another period."""
        return self.period_before != self.period_after
