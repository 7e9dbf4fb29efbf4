"""From a number in a bulletin back to the rows, the snapshots and the rule it came from."""

from aimlib.bulletin.explaining.explanation import Explanation, explain_number
from aimlib.bulletin.explaining.in_json import as_json

__all__ = ["Explanation", "as_json", "explain_number"]
