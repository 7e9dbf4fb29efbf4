"""The sections of the import trends bulletin on stores of every shape: never a crash, never a printed NaN."""

from __future__ import annotations

import json
import re
from datetime import date

import pandas as pd
import pytest
from census_server import CODES, PARTNERS, answer, to_json

from aimlib.bulletin.opening import open_import_trends
from aimlib.ingest.load import load_census
from aimlib.present import import_trends
from aimlib.present.blocks import Prose

MISSING = re.compile(r"\b(nan|NaN|None|NaT|inf|Infinity)\b")
TWO_YEARS = [f"{year}-{month:02}" for year in (2023, 2024) for month in range(1, 13)]
FEW = ("1220", "5700")


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """Load answers for some months into a store of the test's own and open the report."""

    def run(months, *, selection=False, year_to_date=False, given=None, **shape):
        paths = []
        for month in months:
            rows = answer(month, **shape)
            if year_to_date:
                rows[0] = [name.replace("_MO", "_YR") for name in rows[0]]
            paths.append(tmp_path / f"{month}.json")
            paths[-1].write_bytes(to_json(rows))
        monkeypatch.setenv("AIM_STORE", str(tmp_path / "store"))
        load_census(tmp_path / "store", paths, known_on=date(2025, 3, 6), selection=selection)
        return open_import_trends(**(given or {}))

    return run


def sections(report) -> dict[str, object]:
    """Return every section of a report, checked for what may never be printed."""
    made = {name: getattr(import_trends, name)(report.view) for name in import_trends.__all__}
    for name, block in {"cover": report.cover(), **made}.items():
        content = {key: value for key, value in block.content().items() if key != "csv"}
        text = json.dumps(content, ensure_ascii=False, allow_nan=False)
        assert not MISSING.search(text), (name, MISSING.search(text))
        picture = block._repr_mimebundle_().get("image/svg+xml")
        if picture:
            # A mark group that drew nothing is closed at once.
            marks = re.findall(r'class="mark-(?!group)\w+ role-mark [^"]*"(/?)>', picture)
            assert "" in marks, f"the figure {name} is blank"
            assert name != "world_map" or picture.count("<path") > 150
    return made


@pytest.mark.parametrize("country", ["all", "CAN", "GCC", "PSE", "JPN"])
@pytest.mark.parametrize(
    "shape",
    [
        {"months": TWO_YEARS},
        {"months": ["2024-05"]},
        {"months": ["2023-02", "2023-03", "2024-03"]},
        {"months": TWO_YEARS, "selection": True, "partners": FEW},
        {"months": ["2024-01", "2024-02"], "selection": True, "partners": FEW, "total": False},
        {"months": TWO_YEARS[12:], "codes": ["7601103000"]},
        {"months": TWO_YEARS[-2:], "variables": ("CTY_CODE", "CON_VAL_MO")},
        {"months": ["2023-12", "2024-12"], "year_to_date": True},
        {"months": ["2024-06"], "year_to_date": True, "selection": True, "partners": FEW, "total": False},
    ],
    ids=["full", "one month", "gaps", "selection", "no totals", "one line", "values", "to date", "to date, selection"],
)
def test_every_shape_of_store_makes_every_section(opened, shape, country):
    sections(opened(**shape, given={"country": country}))


def test_totals_and_shares_are_blank_where_no_total_is_held(opened):
    report = opened(["2024-01"], selection=True, partners=FEW, total=False, given={"country": "CAN"})
    made = sections(report)
    total = next(row for row in made["suppliers"].rows if row.role == "total")
    assert set(total.cells[2:]) == {""}
    assert any("published total is not held" in note for note in made["suppliers"].notes)
    assert "no share can be given" in made["lead"].paragraphs[0]


def test_a_partner_that_is_not_listed_is_not_zero(opened):
    made = sections(opened(TWO_YEARS, selection=True, partners=FEW, given={"country": "MEX"}))
    assert "does not list Mexico" in made["lead"].paragraphs[0]
    assert "not listed in the selection" in made["monthly"].paragraphs[0]
    assert "cannot be judged" in made["surge_list"].paragraphs[0]
    mexico = made["suppliers"].frame.set_index("origin").loc["MEX"]
    assert mexico["not_listed"]
    assert pd.isna(mexico["quantity_t_ytd"])


def test_a_gap_is_blank_and_named(opened):
    months = [month for month in TWO_YEARS if month != "2024-04"]
    made = sections(opened(months, given={"country": "CAN"}))
    assert any("Apr 2024" in note for note in made["monthly"].notes)
    quarters = {row.cells[0]: row.cells[1] for row in made["longer_periods"].rows}
    assert quarters["Q2 2024"] == quarters["2024"] == ""
    assert quarters["Q1 2024"] != ""


def test_a_period_has_the_newest_vintage_of_its_months_and_says_where_it_is_not_whole(opened, tmp_path):
    opened(TWO_YEARS[:-2])
    later = tmp_path / "2024-06.json"
    later.write_bytes(to_json(answer("2024-06")))
    load_census(tmp_path / "store", [later], known_on=date(2025, 4, 3))
    report = open_import_trends(country="CAN")
    periods = sections(report)["longer_periods"].frame.set_index("period")
    assert periods.loc[["2023", "2024Q1"], "vintage"].astype("str").tolist() == ["2025-03-06", "2025-03-06"]
    assert periods.loc[["2024", "2024Q2"], "vintage"].astype("str").tolist() == ["2025-04-03", "2025-04-03"]
    assert periods["partial"].to_dict() == {
        **dict.fromkeys(["2023", *(f"2023Q{quarter}" for quarter in (1, 2, 3, 4))], False),
        **dict.fromkeys(["2024Q1", "2024Q2", "2024Q3"], False),
        **dict.fromkeys(["2024", "2024Q4"], True),
    }
    assert str(periods.loc["2024Q2", "month"]).startswith("2024-06")


def test_where_a_month_of_the_year_is_missing_tables_show_the_latest_month(opened):
    made = sections(opened(["2024-05"]))
    assert made["suppliers"].title == "Suppliers, May 2024"


def test_figures_by_a_second_road(opened):
    """The strip and the supplier table against sums over the raw answers in plain Python."""
    made = sections(opened(TWO_YEARS, given={"country": "CAN", "measure": "value", "product": "chapter76"}))

    def total(month: str, partners) -> int:
        rows = answer(month)
        at = {name: rows[0].index(name) for name in ("CTY_CODE", "CON_VAL_MO")}
        return sum(int(row[at["CON_VAL_MO"]]) for row in rows[1:] if row[at["CTY_CODE"]] in partners)

    key = made["key_figures"].frame.set_index("figure")["amount"]
    canada = {month: total(month, {"1220"}) for month in TWO_YEARS}
    everyone = {month: total(month, set(PARTNERS)) for month in TWO_YEARS}
    years = [sum(canada[month] for month in TWO_YEARS if month.startswith(year)) for year in ("2023", "2024")]
    assert key["level"] == canada["2024-12"]
    assert key["mom"] == pytest.approx(canada["2024-12"] / canada["2024-11"] - 1)
    assert key["yoy"] == pytest.approx(canada["2024-12"] / canada["2023-12"] - 1)
    assert key["ytd"] == years[1]
    assert key["ytd_yoy"] == pytest.approx(years[1] / years[0] - 1)
    assert key["share_of_total"] == pytest.approx(canada["2024-12"] / everyone["2024-12"])
    suppliers = made["suppliers"].frame.set_index("origin")
    assert suppliers["customs_value_usd_ytd"]["CAN"] == years[1]
    assert suppliers["customs_value_usd_ytd"]["TOTAL"] == sum(everyone[month] for month in TWO_YEARS[12:])
    gaza_and_west_bank = sum(total(month, {"5082", "5083"}) for month in TWO_YEARS[12:])
    assert suppliers["customs_value_usd_ytd"]["PSE"] == gaza_and_west_bank
    assert suppliers["share_of_total"].drop("TOTAL").sum() == pytest.approx(1)


def test_year_to_date_figures_are_never_shown_as_months(opened):
    made = sections(opened(["2023-12", "2024-12"], year_to_date=True, given={"country": "CAN"}))
    assert isinstance(made["monthly"], Prose)
    assert "no months" in made["monthly"].paragraphs[0]
    assert "From January through December 2024" in made["lead"].paragraphs[0]
    assert "same months of 2023" in made["lead"].paragraphs[0]


def test_one_heading_is_named_on_the_cover(opened):
    cover = opened(["2024-05"], codes=[code for code in CODES if code.startswith("7601")]).cover()
    assert ("Product", "Unwrought aluminum") in cover.facts


def printed(text: str) -> float:
    return 0.0 if text.startswith("<") else float(text.replace(",", "").replace("−", "-"))


def test_products_add_up_to_their_total_in_print(opened):
    made = sections(opened(TWO_YEARS, given={"country": "CAN", "product": "chapter76", "measure": "value"}))
    for column in (1, 3):
        *parts, total = [printed(row.cells[column]) for row in made["product_table"].rows]
        assert sum(parts) == pytest.approx(total, abs=0.05 * len(parts) + 0.05)


def test_what_went_to_nothing_is_a_contribution_and_a_row(tmp_path, monkeypatch):
    paths = []
    for month in ("2023-01", "2024-01"):
        partners = list(PARTNERS) if month == "2023-01" else [code for code in PARTNERS if code != "5700"]
        body = answer(month, codes=["7601103000", "7604101000"])
        head = body[0]
        at, value = head.index("CTY_CODE"), head.index("CON_VAL_MO")
        kept = [row for row in body[1:] if row[at] in partners]
        for code in ("7601103000", "7604101000"):
            total = sum(int(row[value]) for row in kept if row[head.index("I_COMMODITY")] == code)
            line = ["0"] * len(head)
            for name, text in (("CTY_CODE", "-"), ("CON_VAL_MO", str(total)), ("I_COMMODITY", code), ("time", month),
                               ("COMM_LVL", "HS10"), ("UNIT_QY1", "KG"), ("UNIT_QY2", "-")):  # fmt: skip
                line[head.index(name)] = text
            kept.append(line)
        names = ["CTY_CODE", "CON_VAL_MO", "I_COMMODITY", "time", "COMM_LVL"]
        picked = [head.index(name) for name in names]
        paths.append(tmp_path / f"{month}.json")
        paths[-1].write_bytes(to_json([names, *([row[place] for place in picked] for row in kept)]))
    monkeypatch.setenv("AIM_STORE", str(tmp_path / "store"))
    load_census(tmp_path / "store", paths, known_on=date(2025, 3, 6))
    made = sections(open_import_trends(country="all", product="7601"))
    china = made["origin_contributions"].frame.set_index("origin").loc["CHN"]
    assert china["contribution"] < 0
    assert "China" in made["origin_contributions"].chart.to_json()


def test_the_united_states_is_no_origin_of_its_own_group(opened):
    report = opened(TWO_YEARS, selection=True, partners=("1220", "2010"), given={"country": "USMCA"})
    made = sections(report)
    assert report.view.place.members == ("CAN", "MEX")
    group = next(row for row in made["suppliers"].rows if row.role == "highlight")
    members = [row for row in made["suppliers"].rows if row.cells[1] in ("Canada", "Mexico")]
    assert printed(group.cells[2]) == pytest.approx(sum(printed(row.cells[2]) for row in members), abs=1.5)


def test_a_group_that_is_partly_listed_says_how_many(opened):
    made = sections(opened(TWO_YEARS, selection=True, partners=("4280",), given={"country": "EU27"}))
    assert "lists 1 of the 27 members" in made["lead"].paragraphs[0]


def test_one_category_is_shown_by_tariff_line(opened):
    made = sections(opened(TWO_YEARS, given={"country": "CAN", "product": "unwrought"}))
    assert {"7601.10.30.00", "7601.20.30.00"} <= {row.cells[0][:13] for row in made["product_table"].rows}


def test_missing_quantities_are_said_and_never_called_not_loaded(tmp_path, monkeypatch):
    rows = answer("2024-05", codes=["7601103000"])
    rows[0] = [*rows[0], "CON_QY1_MO_FLAG"]
    at = rows[0].index("CTY_CODE")
    rows[1:] = [[*row, "S" if row[at] == "1220" else "-"] for row in rows[1:]]
    (tmp_path / "a.json").write_bytes(to_json(rows))
    monkeypatch.setenv("AIM_STORE", str(tmp_path / "store"))
    load_census(tmp_path / "store", [tmp_path / "a.json"], known_on=date(2025, 3, 6))
    made = sections(open_import_trends(country="CAN", measure="quantity"))
    assert "withheld" in made["monthly"].paragraphs[0]
    everyone = sections(open_import_trends(country="all", measure="quantity"))
    assert any("withheld the quantity" in note for note in everyone["suppliers"].notes)
