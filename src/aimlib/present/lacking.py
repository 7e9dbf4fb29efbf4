"""Why something is not shown, as readers of pages are told: errors speak to who holds a store, pages do not."""

from __future__ import annotations

import datetime as dt
import re

from aimlib.present import numbers

_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_OF_THE_STORE = {
    "The store is empty": "No data are held",
    "he store holds": "he data hold",
    "he store does not hold": "he data do not hold",
    "It holds": "They hold",
    "in the store": "in the data",
}


def of_the_data(message: str) -> str:
    """Return an error's message about what a store lacks in the words of pages, with days written out."""
    for of_store, of_data in _OF_THE_STORE.items():
        message = message.replace(of_store, of_data)
    return _ISO_DAY.sub(lambda found: numbers.day_name(dt.date.fromisoformat(found[0])), message)
