"""What the tests of the duty share: one entry asked, the literal implementation, entries at random."""

from __future__ import annotations

import importlib.util
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from places import ROOT

from aimlib.analysis.duty.rate import rate_entries

LAW = ROOT / "src" / "aimlib" / "reference" / "law"
FIGURES = {"total": "total_pct", "low": "low_pct", "high": "high_pct", "refundable": "refundable_pct"}


def beside(name: str):
    """Load a module that stands beside this file."""
    spec = importlib.util.spec_from_file_location(f"duty_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # a data class looks its module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def literal_of():
    """Return the class of the literal implementation, over a folder of law and files beside it."""
    return lambda *extra: beside("literal").Literal(LAW, extra)


@pytest.fixture(scope="session")
def literal(literal_of):
    """Return the literal implementation of the law as it stands."""
    return literal_of()


@pytest.fixture(scope="session")
def random_entries():
    """Return the maker of random entries in ``random_entries.py``."""
    return beside("random_entries")


@pytest.fixture(scope="session")
def differences(random_entries):
    """Return what tells of each row what the engine and the literal implementation say differently."""

    def found(rows: list[dict], literal, known_on: date | None, law=None) -> list[str]:
        engine = rate_entries(pd.DataFrame(rows), known_on=known_on, law=law).frame.to_dict("records")
        told = []
        for row, answer in zip(rows, engine, strict=True):
            wanted = literal.answer(random_entries.as_asked(row), known_on)
            if not is_same(answer, wanted):
                said = {name: answer[name] for name in (*FIGURES.values(), "missing", "refused")}
                told.append(f"{row} as known on {known_on}: the engine says {said}, the literal one {wanted}")
        return told

    return found


def is_same(answer: dict, wanted) -> bool:
    """Tell whether a row of the engine is the literal answer; None is blank."""
    if (answer["missing"], answer["refused"]) != (wanted.missing, wanted.refused):
        return False
    for name, column in FIGURES.items():
        figure, other = getattr(wanted, name), answer[column]
        if pd.isna(other) != (figure is None) or not (figure is None or abs(figure - other) <= 1e-8):
            return False
    return True
