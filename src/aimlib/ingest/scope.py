"""Which blocks a load answers, with or without rows in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from aimlib.errors import AimError
from aimlib.ingest.report import first_few
from aimlib.reference import products
from aimlib.store.commits import SELECTION
from aimlib.store.writing import Scope

CHAPTER = "76"
_BLOCKS = ["code_level", "concept", "period"]


def scopes_of(
    tables: Mapping[str, pd.DataFrame],
    coverage: str,
    codes: Sequence[str] | None = None,
    set_apart: pd.DataFrame | None = None,
) -> tuple[tuple[Scope, ...], tuple[str, ...]]:
    """Return what a load answers, and notes on the zeros that follow from it.

    `codes` says what was asked: the chapter ``76``, or headings. Without it, files with a heading in common
    count as answers to one question, about all the headings of any of them: a heading that one such file
    lacks is a true zero there. Files without a heading in common say nothing about each other's.

    `set_apart` are the rejected rows as period, heading and origin ('' for what cannot be read): a partner with
    such a row counts as not listed in that heading, for what the row held is not known.
    """
    scopes, notes = [], []
    for table, rows in tables.items():
        for level, of_level in rows.groupby("code_level"):
            asked = _declared(codes, level, of_level) if codes else None
            families = [set(of_level["file"])] if codes else _families(of_level)
            for files in families:
                family = of_level[of_level["file"].isin(files)]
                headings = asked or tuple(sorted(family["heading"].unique()))
                blocks = _scopes(table, family, headings, coverage, set_apart)
                scopes.extend(blocks)
                if not codes:
                    notes.extend(_zeros(family, blocks))
    return tuple(scopes), tuple(dict.fromkeys(notes))


def chapter_headings() -> tuple[str, ...]:
    """Return the headings of chapter 76."""
    return products.headings_of(products.resolve("chapter76"))


def _declared(codes: Sequence[str], level: str, rows: pd.DataFrame) -> tuple[str, ...]:
    if level == "hs2":
        headings = tuple(code for code in codes if code == CHAPTER)
    else:
        every = chapter_headings()
        headings = tuple(sorted({heading for heading in every for code in codes if heading.startswith(code)}))
        strange = [code for code in codes if code != CHAPTER and code not in every]
        if strange:
            advice = "Say 76 for the whole chapter, or headings such as 7601."
            raise AimError(f"{first_few(strange)} is not a heading of chapter 76.", advice)
    outside = sorted(set(rows["heading"]) - set(headings))
    if outside:
        advice = "Declare what was asked for, or leave the declaration away."
        raise AimError(f"The answer holds headings outside the codes declared: {first_few(outside)}.", advice)
    return headings


def _families(rows: pd.DataFrame) -> list[set[str]]:
    """Return the files in groups: those in one group have headings in common, directly or through others."""
    families: list[tuple[set[str], set[str]]] = []
    for file, headings in rows.groupby("file")["heading"].agg(set).items():
        related = [family for family in families if family[1] & headings]
        families = [family for family in families if family not in related]
        files = {file}.union(*(family[0] for family in related))
        families.append((files, headings.union(*(family[1] for family in related))))
    return [files for files, _ in families]


def _scopes(
    table: str, rows: pd.DataFrame, headings: tuple[str, ...], coverage: str, set_apart: pd.DataFrame | None
) -> list[Scope]:
    listed = rows[rows["row_kind"] == "country"].groupby(_BLOCKS)["origin"].unique()
    scopes = []
    for key in rows[_BLOCKS].drop_duplicates().itertuples(index=False, name=None):
        told = dict(zip(_BLOCKS, key, strict=True))
        named = frozenset(listed.get(key, ())) if coverage == SELECTION else frozenset()
        by_partners: dict[frozenset[str], list[str]] = {}
        for heading in headings:
            unknown = _unknown(set_apart, told["period"], heading) if coverage == SELECTION else frozenset()
            by_partners.setdefault(named - unknown, []).append(heading)
        scopes += [
            Scope(table=table, **told, coverage=coverage, headings=tuple(same), partners=tuple(sorted(partners)))
            for partners, same in by_partners.items()
        ]
    return scopes


def _unknown(set_apart: pd.DataFrame | None, period: str, heading: str) -> frozenset[str]:
    """Return the partners with a rejected row that is, or may be, of this period and heading."""
    if set_apart is None or set_apart.empty:
        return frozenset()
    here = set_apart["period"].isin(["", period]) & set_apart["heading"].isin(["", heading])
    return frozenset(set_apart.loc[here, "origin"])


def _zeros(rows: pd.DataFrame, scopes: Sequence[Scope]) -> list[str]:
    """Say which headings have no row in a period that the load counts as answered."""
    there = set(rows[["concept", "period", "heading"]].itertuples(index=False, name=None))
    empty: dict[str, list[str]] = {}
    for scope in scopes:
        for heading in scope.headings:
            if (scope.concept, scope.period, heading) not in there:
                empty.setdefault(heading, []).append(scope.period)
    return [
        f"{heading} has no row in {first_few(sorted(set(periods)))}: taken as zero imports."
        for heading, periods in sorted(empty.items())
    ]
