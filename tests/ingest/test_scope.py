"""Which blocks a load answers."""

import pandas as pd

from aimlib.ingest.scope import scopes_of


def rows(*told):
    frame = pd.DataFrame(told, columns=["file", "period", "heading", "origin"])
    return {"census_imports": frame.assign(code_level="hts10", concept="consumption", row_kind="country")}


def answered(tables, **options):
    scopes, notes = scopes_of(tables, "complete", **options)
    return {(scope.period, heading) for scope in scopes for heading in scope.headings}, notes


def test_files_that_share_a_heading_answer_one_question():
    found, notes = answered(
        rows(("a", "2024-01", "7601", "CAN"), ("a", "2024-01", "7602", "CAN"), ("b", "2024-02", "7601", "CAN"))
    )
    assert found == {(month, heading) for month in ("2024-01", "2024-02") for heading in ("7601", "7602")}
    assert notes == ("7602 has no row in 2024-02: taken as zero imports.",)


def test_files_that_share_none_do_not():
    found, notes = answered(rows(("a", "2024-01", "7601", "CAN"), ("b", "2024-02", "7602", "CAN")))
    assert found == {("2024-01", "7601"), ("2024-02", "7602")}
    assert notes == ()


def test_a_file_may_join_two_others():
    found, _ = answered(
        rows(
            *(("a", "2024-01", "7601", "CAN"), ("b", "2024-02", "7602", "CAN")),
            *(("c", "2024-03", "7601", "CAN"), ("c", "2024-03", "7602", "CAN")),
        )
    )
    assert len(found) == 6


def test_a_declaration_says_it_all():
    found, notes = answered(rows(("a", "2024-01", "7601", "CAN")), codes=("7601", "7604"))
    assert found == {("2024-01", "7601"), ("2024-01", "7604")}
    assert notes == ()


def test_a_selection_lists_its_partners_over_all_headings_of_the_period():
    tables = rows(("a", "2024-01", "7601", "MEX"), ("a", "2024-01", "7602", "CAN"), ("a", "2024-02", "7601", "MEX"))
    scopes, _ = scopes_of(tables, "selection")
    assert {scope.period: scope.partners for scope in scopes} == {
        "2024-01": ("CAN", "MEX"),
        "2024-02": ("MEX",),
    }
