"""Every rule: rows that break it, and rows that just do not."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
import pytest
from license_files import row, to_csv

from aimlib.ingest.licenses import check_licenses, history, line_rules, load_licenses, row_rules
from aimlib.ingest.licenses.examine import MISSHAPEN
from aimlib.reference.license_rules import rules
from aimlib.sources.licenses import clean

ON = date(2026, 11, 20)
LINE_2 = {"line_number": "2", "hts10": "7604.21.00.90"}


@dataclass(frozen=True)
class Case:
    """Rows of a file; the last one breaks the rule, or just does not. `held` are rows loaded before."""

    rule: str
    breaks: tuple
    spares: tuple
    held: tuple = ()


def case(rule, breaks, spares, held=()):
    """Return a case of one row, given its changes, or of several rows."""
    as_rows = [cells if isinstance(cells, tuple) else (cells,) for cells in (breaks, spares)]
    return Case(rule, *as_rows, held)


CASES = [
    case(MISSHAPEN, "A1,1,filed", {}),
    case("AIM-ROW-02", {"importer": "Acme\nMetals"}, {"product_description": "Profiles\nanodized"}),
    case("AIM-ROW-02", {"product_description": "x" * 2001}, {"product_description": "x" * 2000}),
    case("AIM-BLANK-01", {"license_number": ""}, {"manufacturer": ""}),
    *(
        case("AIM-BLANK-01", {field: " "}, {field: row()[field]})
        for field in rules()["AIM-BLANK-01"].fields
        if field != "license_number"
    ),
    case("AIM-LENGTH-01", {"license_number": "1.23E+11"}, {"license_number": "123E11"}),
    case("AIM-DATE-01", {"expected_import_date": "02/30/2024"}, {"expected_import_date": "03/30/2024"}),
    case("AIM-DATE-01", {"expected_import_date": "20/03/2024"}, {"expected_import_date": "2024-03-20"}),
    case("AIM-DATE-01", {"expected_import_date": "3/20/24"}, {"expected_import_date": "3/20/2024"}),
    case("AIM-DATE-01", {"valid_through": "45371"}, {"valid_through": "2024-05-14 00:00:00"}),
    case("AIM-NUMBER-01", {"quantity_kg": "20 t"}, {"quantity_kg": "20000 kg"}),
    case("AIM-NUMBER-01", {"customs_value_usd": "sixty"}, {"customs_value_usd": "US$ 60,000.00 "}),
    case("AIM-NUMBER-02", {"customs_value_usd": "60.000,50"}, {"customs_value_usd": "60,000.50"}),
    case("AIM-NUMBER-02", {"quantity_kg": "20000,5"}, {"quantity_kg": "20000.5"}),
    case("AIM-NUMBER-03", {"quantity_kg": "1000000001"}, {"quantity_kg": "1000000000"}),
    case("AIM-NUMBER-03", {"customs_value_usd": "100000000000.01"}, {"customs_value_usd": "100000000000"}),
    case("AIM-STATUS-01", {"status": "pending"}, {"status": ""}),
    case("AIM-STATUS-01", {"status": "issue"}, {"status": "ISSUED"}),
    case(
        "AIM-STATUS-02",
        ({}, {"status": "corrected", "status_date": ""}),
        ({}, {"status": "corrected", "status_date": "03/01/2024"}),
    ),
    case("AIM-STATUS-03", {"status_date": "02/29/2024"}, {"status_date": "03/01/2024"}),
    case(
        "AIM-STATUS-04",
        {"day": "11/21/2026", "expected_import_date": "12/01/2026", "expected_export_date": "11/25/2026"},
        {"day": "11/20/2026", "expected_import_date": "12/01/2026", "expected_export_date": "11/25/2026"},
    ),
    case("AIM-STATUS-05", {"status_date": "03/02/2024"}, {"status_date": ""}),
    case(
        "AIM-STATUS-06",
        {"status": "corrected", "status_date": "03/04/2024"},
        ({}, {"status": "corrected", "status_date": "03/04/2024"}),
    ),
    case(
        "AIM-STATUS-06",
        {"license_number": "A2", "status": "corrected", "status_date": "03/04/2024"},
        {"status": "corrected", "status_date": "03/04/2024"},
        held=({},),
    ),
    case(
        "AIM-STATUS-07",
        ({}, {"license_number": "A2", "status": "cancelled", "status_date": "03/09/2024"}),
        ({}, {"status": "cancelled", "status_date": "03/09/2024"}),
    ),
    case(
        "AIM-STATUS-07",
        ({"recent_cast": "N/A"}, {"status": "cancelled", "status_date": "03/09/2024"}),
        ({}, {"status": "cancelled", "line_number": "", "status_date": "03/09/2024", "hts10": "", "origin": "?"}),
    ),
    case(
        "AIM-STATUS-07",
        {"status": "cancelled", "line_number": "2", "status_date": "03/09/2024"},
        {"status": "cancelled", "line_number": "1", "status_date": "03/09/2024"},
        held=({},),
    ),
    case(
        "AIM-STATUS-08",
        (
            {},
            {"status": "cancelled", "status_date": "03/09/2024"},
            {"status": "corrected", "status_date": "03/10/2024"},
        ),
        (
            {},
            {"status": "cancelled", "status_date": "03/09/2024"},
            {"status": "corrected", "status_date": "03/09/2024"},
        ),
    ),
    case("AIM-LINE-01", {"line_number": "0"}, {"line_number": "1"}),
    case("AIM-LINE-01", {"line_number": "1a"}, {"line_number": ""}),
    case("AIM-LINE-02", ({}, LINE_2 | {"origin": "Canada"}), ({}, LINE_2 | {"origin": "MEX"})),
    case("AIM-LINE-02", ({}, LINE_2 | {"importer": "Other Inc."}), ({}, LINE_2 | {"importer": "ACME  METALS INC."})),
    case("AIM-LINE-02", ({}, LINE_2 | {"entry_type": "FTZ"}), ({}, {"license_number": "A2", "entry_type": "FTZ"})),
    case("AIM-LINE-02", ({}, LINE_2 | {"manufacturer": "Other"}), ({}, LINE_2 | {"manufacturer": ""})),
    case("AIM-LINE-03", ({}, LINE_2 | {"port_of_entry": "Detroit, MI"}), ({}, LINE_2)),
    case(
        "AIM-LINE-03",
        ({}, LINE_2 | {"expected_import_date": "03/21/2024"}),
        ({}, {"status": "corrected", "status_date": "03/04/2024", "expected_import_date": "03/21/2024"}),
    ),
    case("AIM-ENTRY-01", {"entry_type": "bonded"}, {"entry_type": "Foreign-Trade Zone"}),
    case("AIM-ENTRY-02", {"entry_type": "Warehouse entry"}, {"entry_type": "Warehouse withdrawal"}),
    case("AIM-ENTRY-02", {"entry_type": "11"}, {"entry_type": "01"}),
    case("AIM-ENTRY-03", {"entry_type": "06"}, {"entry_type": "zone"}),
    case("AIM-LOW-01", {"low_value": "perhaps"}, {"low_value": "N"}),
    case(
        "AIM-LOW-02",
        {"low_value": "yes", "quantity_kg": "1500", "customs_value_usd": "5000"},
        {"low_value": "yes", "quantity_kg": "1500", "customs_value_usd": "4999.99"},
    ),
    case("AIM-PARTY-01", {"importer": "Unknown"}, {"importer": "Unknown Metals LLC"}),
    case("AIM-PARTY-02", {"exporter": "N/A"}, {"manufacturer": "unknown"}),
    case("AIM-COUNTRY-01", {"origin": "Mexiko"}, {"origin": "2010"}),
    case("AIM-COUNTRY-01", {"exportation": "EU"}, {"exportation": "germany"}),
    case("AIM-COUNTRY-01", {"largest_smelt": "Yugoslavia"}, {"largest_smelt": "RS"}),
    case("AIM-COUNTRY-01", {"recent_cast": "9999"}, {"recent_cast": "4621"}),
    case("AIM-COUNTRY-01", {"second_smelt": "XNS"}, {"second_smelt": "NOR"}),
    case("AIM-COUNTRY-02", {"origin": "Korea"}, {"origin": "Korea, South"}),
    case("AIM-COUNTRY-02", {"recent_cast": "NA"}, {"recent_cast": "NAM"}),
    case("AIM-COUNTRY-03", {"origin": "unknown"}, {"largest_smelt": "N/A", "second_smelt": "n/a"}),
    case("AIM-ORIGIN-01", {"origin": "United States"}, {"exportation": "United States"}),
    case(
        "AIM-SMELT-01",
        {"largest_smelt": "unknown", "day": "06/29/2022", "expected_import_date": "07/20/2022"}
        | {"expected_export_date": "07/01/2022"},
        {"largest_smelt": "unknown", "day": "06/28/2022", "expected_import_date": "07/20/2022"}
        | {"expected_export_date": "07/01/2022"},
    ),
    case(
        "AIM-SMELT-01",
        {"second_smelt": "UN", "day": "06/27/2025", "expected_import_date": "07/20/2025"}
        | {"expected_export_date": "07/01/2025"},
        {"second_smelt": "UN", "day": "06/28/2025", "expected_import_date": "07/20/2025"}
        | {"expected_export_date": "07/01/2025"},
    ),
    case(
        "AIM-SMELT-02",
        {"largest_smelt": "unknown", "day": "06/28/2025", "expected_import_date": "07/20/2025"}
        | {"expected_export_date": "07/01/2025"},
        {"largest_smelt": "unknown", "day": "06/27/2025", "expected_import_date": "07/20/2025"}
        | {"expected_export_date": "07/01/2025"},
    ),
    case("AIM-SMELT-03", {"largest_smelt": "N/A", "second_smelt": "Canada"}, {"largest_smelt": "N/A"}),
    case("AIM-SMELT-04", {"second_smelt": "CAN"}, {"second_smelt": "Norway"}),
    case(
        "AIM-SMELT-05",
        {"largest_smelt": "UN", "second_smelt": "Norway"},
        {"largest_smelt": "UN", "second_smelt": "UN"},
    ),
    case(
        "AIM-SMELT-06",
        {"second_smelt": "", "day": "06/29/2022", "expected_import_date": "07/20/2022"}
        | {"expected_export_date": "07/01/2022"},
        {"second_smelt": "", "day": "06/28/2022", "expected_import_date": "07/20/2022"}
        | {"expected_export_date": "07/01/2022"},
    ),
    case("AIM-SMELT-07", {"second_smelt": "NA"}, {"second_smelt": "N.A."}),
    case("AIM-CAST-01", {"recent_cast": "N/A"}, {"recent_cast": "USA"}),
    case("AIM-CAST-02", {"recent_cast": "unknown"}, {"recent_cast": "Russia"}),
    case("AIM-HTS-01", {"hts10": "7604.29.10"}, {"hts10": "7604291090"}),
    case("AIM-HTS-01", {"hts10": "7.60E+09"}, {"hts10": "7604 29 10 90"}),
    case("AIM-HTS-02", {"hts10": "7602.00.00.30"}, {"hts10": "7601.20.90.75"}),
    case("AIM-HTS-02", {"hts10": "7616.99.51.90"}, {"hts10": "7616.99.51.60"}),
    case("AIM-HTS-03", {"hts10": "7208.10.15.00"}, {"hts10": "7609.00.00.00"}),
    case("AIM-HTS-04", {"hts10": "7604.29.10.99"}, {"hts10": "7604.29.10.10"}),
    case("AIM-HTS-05", {"hts10": "7601.10.60.00"}, {"hts10": "7601.10.60.30"}),
    case(
        "AIM-SCOPE-01",
        {"day": "06/20/2021", "expected_import_date": "06/27/2021", "expected_export_date": "06/21/2021"},
        {"day": "06/20/2021", "expected_import_date": "06/28/2021", "expected_export_date": "06/21/2021"},
    ),
    case("AIM-SCOPE-02", {"day": "01/03/2021"}, {"day": "01/04/2021"}),
    case("AIM-TIME-01", {"expected_export_date": "03/21/2024"}, {"expected_export_date": "03/20/2024"}),
    case("AIM-TIME-02", {"expected_export_date": "09/21/2023"}, {"expected_export_date": "09/22/2023"}),
    case("AIM-TIME-03", {"expected_import_date": "05/01/2024"}, {"expected_import_date": "04/30/2024"}),
    case("AIM-TIME-03", {"expected_import_date": "05/15/2024"}, {"expected_import_date": "05/16/2024"}),
    case("AIM-TIME-04", {"expected_import_date": "05/16/2024"}, {"expected_import_date": "05/15/2024"}),
    case("AIM-TIME-05", {"day": "04/05/2024"}, {"day": "04/04/2024"}),
    case(
        "AIM-VALID-01",
        {"valid_from": "05/15/2024", "valid_through": "05/14/2024"},
        {"valid_from": "03/01/2024", "valid_through": "05/14/2024"},
    ),
    case(
        "AIM-VALID-02",
        {"valid_from": "03/01/2024", "valid_through": "05/16/2024"},
        {"valid_from": "03/01/2024", "valid_through": "05/15/2024"},
    ),
    case("AIM-VALID-03", {"valid_through": "03/19/2024"}, {"valid_through": "03/20/2024"}),
    case("AIM-VALID-03", {"valid_from": "03/21/2024"}, {"valid_from": "03/20/2024"}),
    case("AIM-KG-01", {"quantity_kg": "0"}, {"quantity_kg": "0.5"}),
    case("AIM-KG-01", {"quantity_kg": "(20000)"}, {"quantity_kg": "20000"}),
    case("AIM-KG-02", {"quantity_kg": "50000001"}, {"quantity_kg": "50000000"}),
    case("AIM-VALUE-01", {"customs_value_usd": "-60000"}, {"customs_value_usd": "60000"}),
    case("AIM-UNIT-01", {"customs_value_usd": "4799"}, {"customs_value_usd": "4801"}),
    case(
        "AIM-UNIT-01",
        {"quantity_kg": "1000", "customs_value_usd": "144001"},
        {"quantity_kg": "1000", "customs_value_usd": "143999"},
    ),
    case(
        "AIM-UNIT-01",
        {"quantity_kg": "30", "customs_value_usd": "5000"},
        {"quantity_kg": "30", "customs_value_usd": "4999"},
    ),
    case("AIM-UNIT-02", {"customs_value_usd": "28799"}, {"customs_value_usd": "28801"}),
    case("AIM-UNIT-02", {"customs_value_usd": "480001"}, {"customs_value_usd": "479999"}),
    case("AIM-DUP-01", ({}, {}), ({}, LINE_2)),
    case("AIM-DUP-01", ({}, {"exporter": "Other SA"}), ({}, {"quantity_kg": "20001"})),
    case("AIM-DUP-02", ({}, {"quantity_kg": "20001"}), ({}, {"exporter": "Other SA"})),
    case(
        "AIM-DUP-02",
        ({}, {"recent_cast": "Canada"}),
        ({}, {"status": "corrected", "recent_cast": "Canada"}),
    ),
    case("AIM-DUP-03", ({}, {"license_number": "A2"}), ({}, {"license_number": "A2", "quantity_kg": "20001"})),
    case(
        "AIM-DUP-03",
        ({}, {"license_number": "A2"}),
        ({}, {"status": "cancelled", "status_date": "03/02/2024"}, {"license_number": "A2"}),
    ),
    case("AIM-DUP-04", {"quantity_kg": "20001"}, {}, held=({},)),
    case("AIM-DUP-04", {"second_smelt": "Norway"}, {"importer": "Acme"}, held=({},)),
]


def identify(one):
    """Return a readable name of a case."""
    return one.rule


@pytest.fixture
def check(tmp_path):
    """Write rows to a file and check it, on a store with others where there are any."""

    def run(cells, held):
        paths = [tmp_path / "licenses.csv", tmp_path / "earlier.csv"]
        for path, rows in zip(paths, (cells, held), strict=True):
            lines = [one if isinstance(one, str) else row(**one) for one in rows]
            path.write_text(to_csv(*lines), encoding="utf-8")
        root = tmp_path / "store"
        if held:
            load_licenses(root, paths[1:], known_on=date(2024, 3, 7), today=ON)
        return check_licenses(paths[:1], on=ON, store_root=root)

    return run


@pytest.mark.parametrize("one", CASES, ids=identify)
def test_the_rule_is_found_where_it_is_broken(check, one):
    report = check(one.breaks, one.held)
    found = report.findings[report.findings["rule"] == one.rule]
    assert len(found) == 1
    # Rows are counted as a spreadsheet does: the header is the first.
    assert found["row"].iloc[0] == len(one.breaks) + 1
    assert found["severity"].iloc[0] == rules()[one.rule].severity
    assert found["field"].iloc[0] in (*rules()[one.rule].fields, "")
    assert (report.exit_status == 1) == (report.findings["severity"] == "error").any()


@pytest.mark.parametrize("one", CASES, ids=identify)
def test_the_rule_is_not_found_where_it_is_just_kept(check, one):
    report = check(one.spares, one.held)
    assert one.rule not in set(report.findings["rule"])


def test_a_good_row_breaks_nothing(check):
    report = check(({},), ())
    assert report.findings.empty
    assert (report.rows_read, report.rows_refused, report.exit_status) == (1, 0, 0)


def test_every_rule_of_the_table_has_code_and_a_case_and_the_other_way_round():
    in_code = clean.RULES | row_rules.RULES | line_rules.RULES | history.RULES | {MISSHAPEN}
    assert in_code == set(rules())
    assert {one.rule for one in CASES} == set(rules())


def test_unit_values_are_judged_by_the_prices_given(tmp_path):
    path = tmp_path / "licenses.csv"
    path.write_text(to_csv(row()))
    march = pd.Timestamp("2024-03-01")
    for price, told in ((3000.0, set()), (300.0, set()), (299.0, {"AIM-UNIT-02"}), (49.0, {"AIM-UNIT-01"})):
        # 3,000 USD/t of profiles: up to 10 times the price is usual, up to 60 times possible.
        report = check_licenses([path], on=ON, prices=pd.Series({march: price}))
        assert set(report.findings["rule"]) == told
    # The price of a month half a year before still serves, an older one does not.
    for month, told in (("2023-09-01", {"AIM-UNIT-01"}), ("2023-08-01", set())):
        report = check_licenses([path], on=ON, prices=pd.Series({pd.Timestamp(month): 49.0}))
        assert set(report.findings["rule"]) == told


def test_the_odd_line_is_the_one_that_differs_from_most(check):
    report = check(({"origin": "Canada"}, LINE_2, LINE_2 | {"line_number": "3"}), ())
    assert list(report.findings["row"]) == [2]
    assert list(report.findings["rule"]) == ["AIM-LINE-02"]
