"""How the sample's figures of 2024 were computed from the Census file of HTS10 lines.

The file is the Census API's answer for chapter 76, December 2024, year to date (public-domain data). Run
``python -m aimlib.ingest.sample.figures FILE FOLDER`` to write ``census_2024.csv`` again.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from aimlib.reference import countries, products

HEADER = (
    "# United States imports for consumption 2024, chapter 76, by origin and product, in US dollars.\n"
    "# Source: U.S. Census Bureau, International Trade API, imports/hs, time 2024-12, CON_VAL_YR and\n"
    "# CAL_DUT_YR of HTS10 lines, 47 partner countries (the European Union aggregate is left out).\n"
    "# Public domain. Computed by aimlib.ingest.sample.figures.\n"
)


def read_census_year(path: Path) -> pd.DataFrame:
    """Return the country rows of the Census file at `path`.

    Columns: code, origin (ISO alpha-3), product (category of the code), customs_value_usd,
    calculated_duty_usd (whole dollars of the year).
    """
    answer = pd.read_csv(path, dtype=str, keep_default_na=False)
    kinds = answer["CTY_CODE"].map(countries.kind_of_census_code)
    rows = answer[kinds == "country"]
    months = pd.to_datetime(rows["time"])
    return pd.DataFrame(
        {
            "code": rows["I_COMMODITY"],
            "origin": countries.from_census(rows["CTY_CODE"]),
            "product": products.classify(rows["I_COMMODITY"], months),
            "customs_value_usd": rows["CON_VAL_YR"].astype("int64"),
            "calculated_duty_usd": rows["CAL_DUT_YR"].astype("int64"),
        }
    )


def by_origin_and_product(path: Path) -> pd.DataFrame:
    """Return the table of ``census_2024.csv``: one row an origin and product, sorted by both."""
    rows = read_census_year(path)
    measures = ["customs_value_usd", "calculated_duty_usd"]
    return rows.groupby(["origin", "product"], as_index=False)[measures].sum()


def by_line(path: Path) -> pd.Series:
    """Return the year's customs value by HTS10 line over the countries of the file, as in ``lines.csv``."""
    return read_census_year(path).groupby("code")["customs_value_usd"].sum()


def write_figures(path: Path, folder: Path) -> Path:
    """Write ``census_2024.csv`` into `folder` from the Census file at `path`; return its path."""
    target = folder / "census_2024.csv"
    table = by_origin_and_product(path).to_csv(index=False, lineterminator="\n")
    target.write_text(HEADER + table, encoding="utf-8", newline="\n")
    return target


def main() -> None:
    """Write the figures from the command line."""
    parser = argparse.ArgumentParser(description="Compute the sample's figures of 2024 from the Census file.")
    parser.add_argument("file", type=Path, help="the Census file of HTS10 lines, December 2024, year to date")
    parser.add_argument("folder", type=Path, help="the folder to write census_2024.csv into")
    arguments = parser.parse_args()
    print(write_figures(arguments.file, arguments.folder))


if __name__ == "__main__":
    main()
