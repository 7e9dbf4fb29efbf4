"""The map's classes, outlines and points."""

from __future__ import annotations

import pandas as pd

from aimlib.present import outlines, svg
from aimlib.present.charts.world import class_labels, class_limits, world_map
from aimlib.reference import countries


def test_classes_are_round_and_below_the_largest():
    assert class_limits(pd.Series([5682.1, 3.0])) == [30, 100, 300, 1000, 3000]
    assert class_limits(pd.Series([1.0])) == [0.003, 0.01, 0.03, 0.1, 0.3]
    assert class_labels([3, 10]) == ["under 3", "3 to 10", "10 and over"]


def test_every_outline_and_point_is_a_country_of_the_reference():
    known = set(countries.all_countries()["iso3"])
    assert outlines.outlined() <= known
    assert set(outlines.points()["iso3"]) <= known


def test_the_small_suppliers_are_points():
    assert {"BHR", "SGP", "HKG"} <= set(outlines.points()["iso3"]) - outlines.outlined()


def test_the_outlines_are_filled_in_only_when_drawn():
    frame = pd.DataFrame({"iso3": ["CAN", "BHR"], "name": ["Canada", "Bahrain"], "amount": [10.0, 2.0]})
    spec = svg.specification(world_map(frame, "t", ",.0f"))
    assert "world" not in spec.get("datasets", {})
    assert svg.with_world(spec)["datasets"]["world"]["type"] == "Topology"
