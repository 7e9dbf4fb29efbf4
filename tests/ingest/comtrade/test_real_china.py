"""The real dump of China's imports, whose second partners repeat three of its years."""

import io

import pandas as pd
import pytest
from places import REAL

from aimlib.ingest.comtrade import load_comtrade
from aimlib.sources.comtrade import clean as cleaning
from aimlib.sources.comtrade.problems import NoRows
from aimlib.sources.comtrade.read import read

FILE = REAL / "comtrade/api_dataframe_china.csv"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FILE.exists(), reason="the shared real files are not here"),
]


def plain():
    return pd.read_csv(FILE).groupby("period")["primaryValue"].sum()


def test_a_plain_sum_counts_three_years_double_and_cleaning_none():
    # TOTAL is outside the scope: to see what cleaning makes of it, it is called a heading here.
    body = FILE.read_bytes().replace(b",TOTAL,", b",7601,")
    rows = cleaning.clean(read(body, FILE.name).rows).rows
    assert not rows.duplicated(["period", "flow"]).any()
    assert len(rows) == 25
    ours = rows.set_index(rows["period"].astype(int))["primary_value_usd"]
    ratio = plain() / ours
    assert ratio.loc[2015:2017].tolist() == pytest.approx([2.0, 2.0, 2.0], abs=0.001)
    assert ratio.drop(index=[2015, 2016, 2017]).tolist() == pytest.approx([1.0] * 22)


def test_a_sum_over_the_totals_of_the_raw_file_is_ours():
    raw = pd.read_csv(io.BytesIO(FILE.read_bytes()))
    totals = raw[(raw["partner2Code"] == 0) & (raw["motCode"] == 0) & (raw["customsCode"] == "C00")]
    assert totals.groupby("period").size().eq(1).all()
    records = read(FILE.read_bytes(), FILE.name).rows
    assert len(records) == len(raw)
    assert records["primaryValue"].astype(float).tolist() == raw["primaryValue"].tolist()


def test_as_a_load_it_has_nothing_in_the_scope_and_says_what_it_holds(tmp_path):
    with pytest.raises(NoRows, match="holds TOTAL of CHN, 2000 to 2024"):
        load_comtrade(tmp_path, [FILE])


def test_an_empty_answer_and_one_of_totals_are_told(tmp_path):
    with pytest.raises(NoRows, match="no rows"):
        load_comtrade(tmp_path, [FILE.parent / "api_bulk_error_empty.json"])
    with pytest.raises(NoRows, match="holds TOTAL of CHN, 2010"):
        load_comtrade(tmp_path, [FILE.parent / "api_get_CHN_2010_recorded.json"])
