"""An explanation as JSON, with all rows that are summed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from aimlib.bulletin.explaining import changes
from aimlib.bulletin.explaining.derivation import LETTERS
from aimlib.bulletin.explaining.explanation import Explanation
from aimlib.bulletin.explaining.metal import NO_ROWS
from aimlib.bulletin.explaining.rules import BlockRule
from aimlib.reference.law.model import Rule


def as_json(made: Explanation) -> dict[str, Any]:
    """Return the explanation as plain JSON values, all rows that are summed among them."""
    place, report = made.place, made.report
    return {
        "bulletin": made.bulletin,
        "report": report.notebook,
        "part": {
            "key": place.name,
            "title": place.block.get("title", ""),
            "caption": place.block.get("caption", ""),
            "source": place.block.get("source", ""),
        },
        "number": {
            "where": place.where,
            "printed": place.printed,
            "unit": place.unit,
            "unrounded": made.amount,
            "column": place.column,
            "period": place.period,
            "also_in": [other.name for other in made.others],
        },
        "parameters": report.inputs["resolved"],
        "as_of": str(report.inputs["resolved"]["as_of"]),
        "data": records(made.data),
        "change": changes.as_json(place.change) if place.change else None,
        "worked_out": _derivation_json(made),
        "license_rows": NO_ROWS if made.rests_on_licenses else "",
        "commits": [dataclasses.asdict(commit) for commit in made.commits],
        "rule": _rule_json(made.rule),
        "law": [_law_json(rule) for rule in made.law],
        "cautions": list(made.cautions),
    }


def _derivation_json(made: Explanation) -> dict[str, Any] | None:
    if made.derivation is None:
        return None
    return {
        "formula": made.derivation.formula,
        "amount": made.derivation.amount,
        "adds_up": made.adds_up,
        "sums": [
            {
                "name": letter,
                "what": one.words,
                "table": one.table,
                "column": one.column,
                "rows": len(one.rows),
                "sum": one.stored,
                "amount": one.amount,
                "unit": one.unit,
                "each": records(one.rows),
            }
            for letter, one in zip(LETTERS, made.derivation.sums, strict=False)
        ],
        "remarks": list(made.derivation.remarks),
    }


def _rule_json(rule: BlockRule | None) -> dict[str, Any] | None:
    if rule is None:
        return None
    return {
        "words": rule.words,
        "calculation": rule.name,
        "summary": rule.summary,
        "source": rule.source,
        "tables": list(rule.tables),
    }


def _law_json(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "heading": rule.heading,
        "effective_from": str(rule.effective_from),
        "citation": rule.citation,
        "link": rule.link,
        "confidence": rule.confidence,
    }


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as JSON values: days as text, what is missing as null."""
    return [{name: _plain(value) for name, value in row.items()} for row in rows.to_dict("records")]


def _plain(value: Any) -> Any:
    if value is None or (not isinstance(value, (list, tuple, Mapping)) and pd.isna(value)):
        return None
    if isinstance(value, (pd.Timestamp, date)):
        return f"{pd.Timestamp(value):%Y-%m-%d}"
    return value.item() if hasattr(value, "item") else value
