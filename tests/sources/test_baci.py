"""BACI's flows in our words and units; what is missing stays missing, what is beyond reason is marked."""

import gzip
import io
import zipfile

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimlib.errors import AimError
from aimlib.sources.baci import DOUBTFUL_FACTOR, clean, edition_in, read

TEXT = "t,i,j,k,v,q\n2020,124,842,760110,1500.5,700.25\n2020,490,699,760110,20,NA\n2021,76,251,760120,  3.5,\n"


def frame():
    return pd.read_csv(io.StringIO(TEXT), skipinitialspace=True)


def parquet(rows):
    buffer = io.BytesIO()
    rows.to_parquet(buffer, index=False)
    return buffer.getvalue()


def zipped():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("BACI_HS92_Y2020.csv", TEXT)
        archive.writestr("country_codes_V202401b.csv", "country_code,country_name\n4,Afghanistan\n")
        archive.writestr("Readme.txt", "read me")
    return buffer.getvalue()


FORMS = {
    "csv": TEXT.encode(),
    "windows": TEXT.replace("\n", "\r\n").encode(),
    "semicolons": TEXT.replace(",", ";").encode(),
    "NULL": TEXT.replace("NA", "NULL").encode(),
    "quoted": TEXT.replace("760110", '"760110"').encode(),
    "other columns too": TEXT.replace("\n", ",x\n").encode(),
    "gzip": gzip.compress(TEXT.encode()),
    "zip": zipped(),
    "parquet": parquet(frame()),
    "parquet of text": parquet(frame().astype("str").replace("nan", None)),
    "parquet of floats": parquet(frame().astype("float64")),
}


def flows(*rows):
    text = "t,i,j,k,v,q\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
    return clean(read(text.encode(), "flows.csv"))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_flows(form):
    found = clean(read(FORMS[form], "file"))
    rows = found.rows
    assert found.rejects.empty
    assert rows["year"].tolist() == ["2020", "2020", "2021"]
    assert rows["exporter"].tolist() == ["CAN", "TWN", "BRA"]
    assert rows["importer"].tolist() == ["USA", "IND", "FRA"]
    assert rows["code"].tolist() == ["760110", "760110", "760120"]
    assert rows["fob_value_usd"].tolist() == [1_500_500.0, 20_000.0, 3_500.0]
    assert rows["quantity_kg"].iloc[0] == 700_250.0
    assert rows["quantity_kg"].isna().tolist() == [False, True, True]


def test_other_chapters_are_left_out_and_counted_even_without_their_zeros():
    found = flows((2020, 124, 842, 760110, 5, 2), (2020, 124, 842, 10110, 5, 2), (2020, 12345, 842, 260300, 5, 2))
    assert (len(found.rows), found.outside) == (1, 2)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ((2020, 76, 76, 760110, 5, 2), "the same"),
        ((2020, 76, 842, 760110, "x", 2), "value is not a number"),
        ((2020, 76, 842, 760110, "", 2), "value is not a number"),
        ((2020, 76, 842, 760110, 5, "x"), "quantity is not a number"),
        ((2020, 76, 842, 760110, -5, 2), "negative"),
        ((2020, 76, 842, 760110, 5, -2), "negative"),
        (("20x0", 76, 842, 760110, 5, 2), "year"),
        ((2020, 76, 842, 7601101, 5, 2), "no HS6"),
    ],
)
def test_a_bad_row_is_set_apart_and_the_others_go_in(row, why):
    found = flows((2020, 124, 842, 760110, 5, 2), row)
    assert len(found.rows) == 1
    assert found.rejects["row"].tolist() == [3]
    assert why in found.rejects["reason"].iloc[0]


def test_a_flow_given_twice_is_not_chosen_between():
    found = flows((2020, 124, 842, 760110, 5, 2), (2020, 124, 842, 760110, 5, 2), (2021, 124, 842, 760110, 5, 2))
    assert found.rejects["row"].tolist() == [2, 3]
    assert found.rows["year"].tolist() == ["2021"]


def test_two_areas_not_specified_are_one_and_added_up():
    found = flows((2020, 124, 697, 760110, 5, 2), (2020, 124, 568, 760110, 6, 3), (2020, 842, 697, 760110, 1, 1))
    assert found.rows.set_index("exporter")["fob_value_usd"].to_dict() == {"USA": 1000.0, "CAN": 11_000.0}
    assert found.added == 2


def test_an_unknown_area_stops_with_its_row():
    with pytest.raises(AimError, match=r"not known: 12345.*flows\.csv row 3"):
        flows((2020, 124, 842, 760110, 5, 2), (2020, 12345, 842, 760110, 5, 2))


def test_a_quantity_of_zero_beside_a_value_is_missing():
    assert flows((2020, 124, 842, 760110, 5, 0)).rows["quantity_kg"].isna().all()


def test_unit_values_beyond_reason_are_marked_and_kept():
    factor = DOUBTFUL_FACTOR
    normal = [(2020, 124, at, 760110, 2000, 1000) for at in (842, 484, 76)]
    odd = [
        (2020, 124, 251, 760110, 2 * factor * 0.99, 1),
        (2020, 124, 276, 760110, 2 * factor * 1.01, 1),
        (2020, 124, 380, 760110, 2 / factor * 1.01, 1),
        (2020, 124, 724, 760110, 2 / factor * 0.99, 1),
        (2020, 124, 392, 760110, 500, ""),
    ]
    rows = flows(*normal, *odd).rows
    assert len(rows) == 8
    assert rows["doubtful"].tolist() == [False] * 3 + [False, True, False, True, False]


def test_the_median_is_that_of_trade_and_of_code_and_year():
    small = [(2020, 124, at, 760110, 0.5, 0.0001) for at in (4, 8, 12, 32, 36)]
    rows = flows((2020, 124, 842, 760110, 2000, 1000), *small, (2021, 124, 4, 760110, 0.5, 0.0001)).rows
    assert rows["doubtful"].tolist() == [False, *[True] * 5, False]


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(1995, 2023), st.sampled_from([124, 842, 76]), st.sampled_from([251, 276, 490])),
        st.tuples(st.integers(1, 10**9), st.none() | st.integers(1, 10**9)),
        min_size=1,
        max_size=20,
    )
)
def test_sums_are_a_thousand_times_the_file(cells):
    found = flows(*((t, i, j, 760110, v / 1000, "" if q is None else q / 1000) for (t, i, j), (v, q) in cells.items()))
    assert found.rows["fob_value_usd"].sum() == pytest.approx(sum(v for v, _ in cells.values()))
    assert found.rows["quantity_kg"].sum() == pytest.approx(sum(q or 0 for _, q in cells.values()))
    assert found.rows["quantity_kg"].isna().sum() == sum(q is None for _, q in cells.values())


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"t,i,j,k,v\n2020,4,8,760110,5\n", "no column q"),
        (b"t,i,j,k,v,q\n2020,4,8\n", "cannot|can be read"),
        (b"\x1f\x8bnothing", "damaged gzip"),
        (b"PK\x03\x04nothing", "damaged or locked"),
        (b"PAR1nothing", "can be read"),
        (b"", "can be read"),
    ],
)
def test_what_is_no_file_of_baci_is_told(body, said):
    with pytest.raises(AimError, match=said) as caught:
        read(body, "file.csv")
    assert "file.csv" in caught.value.message


@pytest.mark.parametrize(
    ("name", "edition"),
    [
        ("BACI_HS92_Y1995_V202401b.csv", "HS92"),
        ("BACI_HS22_V202401b.zip", "HS22"),
        ("baci-hs07.parquet", "HS07"),
        ("flows.csv", ""),
        ("BACI_HS1995.csv", ""),
    ],
)
def test_the_edition_in_a_name(name, edition):
    assert edition_in(name) == edition


@pytest.mark.parametrize(
    ("body", "said", "advice"),
    [
        (b'\xef\xbb\xbf {"data": []}', "is JSON, not a BACI file", "aim load comtrade"),
        (b"[]", "is JSON, not a BACI file", "aim load comtrade"),
        (TEXT.encode("utf-16"), "UTF-16", "UTF-8"),
        (TEXT.encode() + b"2021,76,8", "has 3 of 6 columns, so that the file is probably cut", "Download it again"),
    ],
)
def test_what_to_do_about_it_is_told(body, said, advice):
    with pytest.raises(AimError, match=said) as caught:
        read(body, "file.csv")
    assert advice in caught.value.advice
