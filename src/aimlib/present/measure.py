"""What a measure is called in print, and how its numbers are written."""

from __future__ import annotations

from dataclasses import dataclass

from aimlib.present import numbers


@dataclass(frozen=True)
class PrintedMeasure:
    """How one of the two measures stands in print.

    ``column`` is its column in the analysis tables (US dollars or metric tons); dividing by ``scale`` gives the
    printed unit (millions of dollars, or metric tons), written with ``decimals`` decimals; ``words`` is how number
    and unit stand in a sentence.
    """

    key: str
    column: str
    noun: str
    unit: str
    axis: str
    scale: float
    decimals: int
    words: str

    @property
    def axis_format(self) -> str:
        """Return the number format of a chart's tooltips."""
        return f",.{self.decimals}f"

    def write(self, number: float | None) -> str:
        """Write `number`, in the column's unit, in the printed unit without naming it."""
        return "" if numbers.is_missing(number) else numbers.at_least(number / self.scale, self.decimals)

    def in_words(self, number: float | None) -> str:
        """Write `number` with its unit as it stands in a sentence: ``$614.8 million``, ``187,412 t``."""
        text = self.write(number)
        minus = numbers.MINUS if text.startswith(numbers.MINUS) else ""
        return text and minus + self.words.format(text.removeprefix(numbers.MINUS))


VALUE = PrintedMeasure(
    "value", "customs_value_usd", "customs value", "million US$", "Customs value, million US$", 1e6, 1, "${} million"
)
QUANTITY = PrintedMeasure("quantity", "quantity_t", "quantity", "t", "Quantity, metric tons", 1.0, 0, "{} t")
WORLD_QUANTITY = PrintedMeasure(
    "quantity", "quantity_t", "quantity", "thousand t", "Quantity, thousand metric tons", 1e3, 1, "{} thousand t"
)
EXPORT_VALUE = PrintedMeasure(
    "value", "fob_value_usd", "value (FOB)", "million US$", "Value (FOB), million US$", 1e6, 1, "${} million"
)
IMPORT_VALUE = PrintedMeasure(
    "value", "import_value_usd", "import value", "million US$", "Import value, million US$", 1e6, 1, "${} million"
)
PRINTED = {measure.key: measure for measure in (VALUE, QUANTITY)}
