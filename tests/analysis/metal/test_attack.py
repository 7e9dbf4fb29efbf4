"""Bulletins for all, for each country and for a group together, with all their months: nothing hidden follows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

FIELDS = ("largest_smelt", "recent_cast")
AMOUNTS = ["quantity_kg", "customs_value_usd"]


def sensitive(rows: pd.DataFrame) -> bool:
    by_importer = rows.groupby("importer")[AMOUNTS].sum()
    return len(by_importer) > 0 and (len(by_importer) < 3 or (by_importer.max() / by_importer.sum() > 0.8 + 1e-9).any())


@pytest.mark.parametrize("seed", [*range(30), 108])
def test_no_hidden_cell_follows_from_all_sums(seed, made, tables, attack):
    detail = made.detail(seed)
    for field in FIELDS:
        found = attack.attacked(detail, [tables(detail)], field, [])
        assert not (found["follows"] & found["suppressed"].isin(["primary", "secondary"])).any()
        assert not (found["follows"] & found["sensitive"]).any()
        shown = found[found["suppressed"] == ""]
        assert np.allclose(shown[AMOUNTS], shown[[f"{name}_shown" for name in AMOUNTS]], rtol=1e-12)


@pytest.mark.parametrize("seed", range(100, 120))
def test_a_groups_report_gives_no_sensitive_cell_away(seed, made, tables, attack):
    detail = made.detail(seed)
    names = sorted(detail["origin"].unique())
    group = list(np.random.default_rng(seed).choice(names, 2, replace=False))
    reports = [tables(detail), tables(detail, origins=group)]
    for field in FIELDS:
        found = attack.attacked(detail, reports, field, group)
        assert not (found["follows"] & found["sensitive"]).any()


@pytest.mark.parametrize("seed", range(200, 206))
def test_a_countrys_report_hides_what_the_report_on_all_hides(seed, made, tables):
    detail = made.detail(seed)
    whole = tables(detail)
    for origins in (["CAN"], ["CAN", "MEX"]):
        part = tables(detail, origins=origins)
        for name, keys in (
            ("matrix_smelt", ["origin", "largest_smelt"]),
            ("matrix_cast", ["origin", "recent_cast"]),
            ("over_time", ["field", "by", "period", "origin", "metal"]),
            ("exposures", ["origin", "country", "measure"]),
            ("exposures_over_time", ["by", "period", "origin", "country", "measure"]),
            ("implied", ["origin", "largest_smelt"]),
            ("implied_bounds", ["origin", "country"]),
            ("differs", ["field", "origin", "metal", "product"]),
        ):
            both = getattr(part, name).merge(getattr(whole, name), on=keys)
            assert (both["suppressed_x"] == both["suppressed_y"]).all(), name
            members = getattr(part, name)["origin"].isin([*origins, "TOTAL"])
            assert len(both) == members.sum()


@pytest.mark.parametrize("seed", range(300, 315))
def test_every_sensitive_cell_is_hidden(seed, made, tables):
    detail = made.detail(seed)
    found = tables(detail)
    smelt = detail[detail["month"] >= "2022-07-01"]
    for rows, matrix, field in (
        (smelt, found.matrix_smelt, "largest_smelt"),
        (detail, found.matrix_cast, "recent_cast"),
    ):
        status = matrix.set_index(["origin", field])["suppressed"]
        for total in (rows, rows.assign(origin="TOTAL"), rows.assign(**{field: "TOTAL"})):
            for key, cell in total.groupby(["origin", field]):
                assert (status[key] == "primary") == sensitive(cell), key


@pytest.mark.parametrize("seed", range(400, 415))
def test_the_steps_between_exposures_are_not_sensitive(seed, made, tables):
    """What one measure has more than another it contains can be subtracted, so it must be allowed itself."""
    detail = made.detail(seed)
    exposures = tables(detail).exposures.set_index(["origin", "country", "measure"])["suppressed"]
    rows = detail[detail["month"] >= "2022-07-01"]
    if not len(rows):
        pytest.skip("the months of this detail have no smelt")
    checked = 0
    for (origin, country), _ in exposures.groupby(level=[0, 1]):
        own = rows if origin == "TOTAL" else rows[rows["origin"] == origin]
        largest, second = own["largest_smelt"] == country, own["second_smelt"] == country
        cast = own["recent_cast"] == country
        held = {
            "nothing": largest & False,
            "largest": largest,
            "any_smelt": largest | second,
            "cast": cast,
            "any_smelt_or_cast": largest | second | cast,
            "all": largest | True,
        }
        shown = {name for name in held if name in ("nothing", "all") or exposures[(origin, country, name)] == ""}
        for small, large in (
            ("nothing", "largest"),
            ("largest", "any_smelt"),
            ("any_smelt", "any_smelt_or_cast"),
            ("cast", "any_smelt_or_cast"),
            ("any_smelt", "all"),
            ("any_smelt_or_cast", "all"),
        ):
            if {small, large} <= shown and (small == "nothing" or held[small].any()):
                checked += 1
                assert not sensitive(own[held[large] & ~held[small]])
    assert checked


@pytest.mark.parametrize("seed", range(500, 512))
def test_implied_tonnes_do_not_follow_from_census_totals(seed, made, tables, attack):
    """Census totals of origins are public: rows of implied tonnes add up to them, columns to the total's."""
    detail = made.detail(seed)
    implied = tables(detail, made.census(detail)).implied
    names, columns = implied["origin"].unique(), implied["largest_smelt"].unique()
    place = {key: at for at, key in enumerate(zip(implied["origin"], implied["largest_smelt"], strict=True))}
    lines = []
    for origin in names:
        lines.append(np.zeros(len(implied)))
        for column in columns:
            lines[-1][place[(origin, column)]] = -1 if column == "TOTAL" else 1
    for column in columns:
        lines.append(np.zeros(len(implied)))
        for origin in names:
            lines[-1][place[(origin, column)]] = -1 if origin == "TOTAL" else 1
    hidden = (implied["suppressed"] != "").to_numpy()
    found = attack.follows(np.array(lines).reshape(-1, len(implied)), hidden) if len(implied) else hidden
    assert not (found & (implied["suppressed"] == "primary")).any()
