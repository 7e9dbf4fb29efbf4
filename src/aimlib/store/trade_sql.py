"""The queries of the trade tables: rows of winning blocks, valued, and summed into accounts, pairs and totals.

Sums are made in grams and thousandths of a dollar, as whole numbers that a float holds exactly (below 9 trillion
dollars and 9 billion tonnes), so that they do not depend on the order in which rows are read. A missing weight is null
throughout: a sum over rows without any weight is null too.
"""

from __future__ import annotations

BUYING = ("import", "re-import", "foreign import")
"""Flows that a reporter may value CIF; all others are valued FOB."""

COLUMNS = (
    "concept",
    "reporter",
    "partner",
    "code",
    "month",
    "quantity_kg",
    "primary_value_usd",
    "cif_value_usd",
    "fob_value_usd",
)

# A part is what some commits hold at one level and frequency. Where all its blocks count, its files are read as they
# are; else only the blocks in the table `used`.
PART = "SELECT {columns} FROM read_parquet({files}) {only} WHERE {conditions}"
ONLY_USED = "SEMI JOIN used USING (commit_name, code_level, concept, period, heading)"

# How an import is valued: by the row's own FOB figure; else by the reporter's dated flag, except where the row itself
# shows that its primary value is the CIF one; else CIF.
_DECLARED = f"""
SELECT concept AS flow, reporter, partner, code, month, round(quantity_kg * 1000) AS grams,
    CASE WHEN fob_value_usd > 0 AND concept IN {BUYING} THEN round(fob_value_usd * 1000)
        ELSE round(primary_value_usd * 1000) END AS value,
    concept NOT IN {BUYING} OR coalesce(fob_value_usd > 0, FALSE) OR (
        flagged.valuation IS NOT NULL AND flagged.valuation = 'fob'
        AND NOT (comtrade_primary = 'cif' AND coalesce(cif_value_usd = primary_value_usd, FALSE))
    ) AS is_fob
FROM ({{rows}}) AS told
LEFT JOIN flagged ON told.reporter = flagged.who AND told.month BETWEEN flagged.valid_from AND flagged.valid_to
"""

LINES = f"""
SELECT flow, reporter, partner, {{product}} AS product, {{period}} AS period, grams,
    CASE WHEN is_fob THEN value ELSE 0 END AS fob, CASE WHEN is_fob THEN 0 ELSE value END AS cif,
FROM ({_DECLARED})
"""

_SUMS = """
sum(grams) AS grams, sum(fob) AS fob, sum(cif) AS cif,
sum(fob) FILTER (grams IS NOT NULL) AS covered_fob, sum(cif) FILTER (grams IS NOT NULL) AS covered_cif
"""

ACCOUNTS = f"""
SELECT {{keys}}, grams / 1e6 AS quantity_t, fob / 1e3 AS fob_value_usd, cif / 1e3 AS cif_value_usd,
    coalesce(covered_fob, 0) / 1e3 AS covered_fob_value_usd, coalesce(covered_cif, 0) / 1e3 AS covered_cif_value_usd
FROM (SELECT {{keys}}, {_SUMS} FROM ({{lines}}) GROUP BY ALL)
ORDER BY {{keys}}
"""

# Without values, rows need not be valued.
WEIGHTS = """
SELECT {keys}, sum(grams) / 1e6 AS quantity_t FROM (
    SELECT concept AS flow, reporter, partner, {product} AS product, {period} AS period,
        round(quantity_kg * 1000) AS grams FROM ({rows})
) GROUP BY ALL ORDER BY {keys}
"""

# Both accounts in one pass: a row of the importer lands in the group of its exporter.
BOTH = """
SELECT CASE WHEN flow = 'export' THEN reporter ELSE partner END AS exporter,
    CASE WHEN flow = 'export' THEN partner ELSE reporter END AS importer, product, period,
    sum(CASE WHEN flow = 'export' THEN grams END) AS x_grams,
    sum(CASE WHEN flow = 'export' THEN fob END) AS x_fob,
    sum(CASE WHEN flow = 'export' AND grams IS NOT NULL THEN fob END) AS x_covered,
    sum(CASE WHEN flow = 'import' THEN grams END) AS m_grams,
    sum(CASE WHEN flow = 'import' THEN fob END) AS m_fob,
    sum(CASE WHEN flow = 'import' THEN cif END) AS m_cif,
    sum(CASE WHEN flow = 'import' AND grams IS NOT NULL THEN fob END) AS m_covered_fob,
    sum(CASE WHEN flow = 'import' AND grams IS NOT NULL THEN cif END) AS m_covered_cif
FROM ({lines}) GROUP BY ALL
"""


def _side(side: str, parts: str) -> str:
    """Return the columns of one side: what it says; zeros where it reported all and says nothing; else blank."""
    says, is_complete = f"{side}_fob IS NOT NULL", f"{side}_told.who IS NOT NULL"
    columns = [
        f"({says} OR {is_complete}) AS {side}_reported",
        f"CASE WHEN {says} THEN {side}_grams / 1e6 WHEN {is_complete} THEN 0 END AS {side}_quantity_t",
    ]
    for column in parts.split():
        name = f"{side}_{column}"
        shown = {"covered": "covered_fob"}.get(column, column)
        columns.append(
            f"CASE WHEN {says} THEN coalesce({name}, 0) / 1e3 WHEN {is_complete} THEN 0 END AS {side}_{shown}_value_usd"
        )
    return ", ".join(columns)


_TOLD = """
LEFT JOIN complete AS x_told ON x_told.flow = 'export' AND x_told.who = exporter
    AND x_told.what = product AND x_told.at = period
LEFT JOIN complete AS m_told ON m_told.flow = 'import' AND m_told.who = importer
    AND m_told.what = product AND m_told.at = period
"""

PAIRS = f"""
SELECT exporter, importer, product, period, {_side("x", "fob covered")},
    {_side("m", "fob cif covered_fob covered_cif")}
FROM ({BOTH}) AS both_sides
{_TOLD}
ORDER BY exporter, importer, product, period
"""

# Both weights of each flow, its key one number (see `trade_gaps`). Rows without a weight still say: there was trade.
PACKED = """
SELECT ((CASE WHEN side = 1 THEN here * {many} + there ELSE there * {many} + here END)::BIGINT * {products} + product)
    * {periods} + period AS packed,
    sum(CASE WHEN side = 1 THEN grams END) AS x_grams, sum(CASE WHEN side = 2 THEN grams END) AS m_grams,
    bit_or(side) AS sides
FROM (
    SELECT list_position(['export', 'import'], concept) AS side, list_position({places}, reporter) - 1 AS here,
        list_position({places}, partner) - 1 AS there, {product} AS product, {period} AS period,
        round(quantity_kg * 1000) AS grams
    FROM ({rows})
) GROUP BY packed ORDER BY packed
"""

RECONCILED = """
SELECT exporter, importer, {product} AS product, month AS period,
    sum(round(quantity_kg * 1000)) / 1e6 AS quantity_t,
    sum(round(fob_value_usd * 1000)) / 1e3 AS fob_value_usd,
    coalesce(sum(round(fob_value_usd * 1000)) FILTER (quantity_kg IS NOT NULL), 0) / 1e3 AS covered_fob_value_usd,
    coalesce(sum(round(fob_value_usd * 1000)) FILTER (doubtful), 0) / 1e3 AS doubtful_value_usd,
    coalesce(sum(round(quantity_kg * 1000)) FILTER (doubtful), 0) / 1e6 AS doubtful_quantity_t
FROM ({rows}) GROUP BY ALL ORDER BY exporter, importer, product, period
"""
