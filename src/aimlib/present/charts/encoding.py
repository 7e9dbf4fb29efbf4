"""How charts are built without what altair does again for each: guesses at channels, checks of single parts.

Altair turns a channel given as text or as a condition into an object by going through all classes of its schema, and
checks each part as it is made: most of the time that a chart takes. Here channels are given as objects, and the tests
check every chart of every notebook as a whole. A method of layers laid together makes all of them anew, so that size
and parameters are given beforehand.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import altair as alt
from altair.utils.schemapi import debug_mode

_Given = ParamSpec("_Given")
_Chart = TypeVar("_Chart")


def unchecked(draw: Callable[_Given, _Chart]) -> Callable[_Given, _Chart]:
    """Return a chart function whose parts are not checked one by one."""

    @wraps(draw)
    def drawn(*given: _Given.args, **named: _Given.kwargs) -> _Chart:
        with debug_mode(False):
            return draw(*given, **named)

    return drawn


def either(channel: type[Any], test: Any, if_true: Any, if_false: Any) -> Any:
    """Return a channel of values (such as ``alt.OpacityValue``) that depends on a parameter or an expression.

    `if_true` is a value, or a channel of a field.
    """
    told = if_true if isinstance(if_true, alt.SchemaBase) else alt.value(if_true)
    return channel(**alt.condition(test, told, alt.value(if_false)))
