"""The tables of license rules and fields: complete, dated, and in words that a filer understands."""

import pandas as pd
import pytest

from aimlib.reference import products
from aimlib.reference._tables import fold, load
from aimlib.reference.license_rules import entry_types, fields, rules, unit_value_limits, yardstick_prices


@pytest.mark.parametrize("key", list(rules()))
def test_a_rule_says_all_that_it_must(key):
    rule = rules()[key]
    assert rule.severity in ("error", "warning")
    assert rule.basis in ("sourced", "recalled", "ours")
    assert rule.citation
    assert set(rule.fields) <= set(fields())
    assert rule.sentence.endswith(".")
    assert rule.sentence.count(".") >= 2  # what is wrong, and what to do
    if rule.filed_from is not pd.NaT and rule.filed_through is not pd.NaT:
        assert rule.filed_from <= rule.filed_through


def test_keys_are_unique():
    assert load("license_rules")["rule"].is_unique
    assert load("license_fields")["field"].is_unique
    assert load("license_entry_types")["name"].is_unique


def test_what_is_only_recalled_never_refuses_a_row_by_its_dates():
    recalled = {key: rule for key, rule in rules().items() if rule.basis == "recalled" and rule.severity == "error"}
    # What refuses is the form's own vocabulary, or logic: no primary metal has no second source.
    assert set(recalled) == {"AIM-SMELT-03", "AIM-CAST-01", "AIM-CAST-02", "AIM-ENTRY-01", "AIM-LINE-02"}
    assert all(rule.filed_from is pd.NaT and rule.filed_through is pd.NaT for rule in recalled.values())


def test_unknown_smelt_was_allowed_then_not_then_at_the_higher_rate():
    refused, warned = rules()["AIM-SMELT-01"], rules()["AIM-SMELT-02"]
    assert (refused.filed_from, refused.filed_through) == (pd.Timestamp("2022-06-29"), pd.Timestamp("2025-06-27"))
    assert warned.filed_from == refused.filed_through + pd.Timedelta(days=1)
    assert warned.filed_through is pd.NaT
    assert (refused.severity, warned.severity) == ("error", "warning")


def test_no_heading_means_two_fields():
    seen = {}
    for field in fields().values():
        for name in field.names:
            assert seen.setdefault(name, field.key) == field.key
            assert name == fold(name)


def test_entry_types_are_folded_and_lead_somewhere():
    for name, (kind, rule) in entry_types().items():
        assert name == fold(name)
        assert (kind in ("consumption", "zone", "warehouse")) != (rule in rules())


def test_unit_values_have_limits_for_every_product_of_the_scope():
    limits = unit_value_limits()
    assert set(limits.index) == set(products.resolve("aim").categories)
    ordered = limits[["lowest", "low", "high", "highest"]]
    assert (ordered.diff(axis=1).iloc[:, 1:] > 0).all(axis=None)
    assert (ordered["low"] < 1).all()
    assert (ordered["high"] > 1).all()


def test_yardsticks_cover_every_year_of_licenses():
    assert list(yardstick_prices().index) == list(range(2021, 2027))
    assert yardstick_prices().between(1500, 4000).all()
