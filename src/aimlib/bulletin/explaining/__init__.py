"""From a number in a bulletin back to the rows, the snapshots and the rule it came from."""

from aimlib.bulletin.explaining.explanation import Explanation, as_json, explain_number

__all__ = ["Explanation", "as_json", "explain_number"]
