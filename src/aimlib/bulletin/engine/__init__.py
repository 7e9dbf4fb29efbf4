"""A papermill engine that forks each notebook from a process in which everything is imported already.

``papermill --engine aim`` and the weekly run use it. The cells give the outputs that an ordinary kernel gives; nobody
pays the imports twice, and nothing leaks from one notebook to the next, for each has a process of its own. Where a
process cannot be forked (Windows) ordinary kernels take its place by themselves.
"""

from __future__ import annotations

from typing import Any

__all__ = ["AimEngine"]


def __getattr__(name: str) -> Any:
    # papermill loads its engines while it is being imported itself, so that the class cannot be made before it asks.
    if name == "AimEngine":
        from aimlib.bulletin.engine.papermill_engine import AimEngine

        return AimEngine
    raise AttributeError(name)
