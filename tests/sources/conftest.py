"""Lets the tests of this room import the Census server beside the rooms."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from census_server import CensusServer


@pytest.fixture
def census():
    """A running Census server."""
    with CensusServer() as server:
        yield server
