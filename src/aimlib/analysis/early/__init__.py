"""The early estimate: what the licenses of a month that Census has not published say of it, and how well.

All functions are pure and take three frames (see `vintages` for the first two):

PANEL     license totals as each Thursday saw them: day, month, part_kind, part, quantity_kg, customs_value_usd,
          importers, top_share
PRINTS    versions of Census figures: known_on, month, part_kind, part, quantity_kg, customs_value_usd
FILINGS   license lines filed: day, lines; every calendar day from first to last

Parts are ('total', 'all'), ('product', category slug) and ('origin', ISO alpha-3); results add (kind, 'rest'), what
the total holds beside the parts that have an estimate of their own. A month's *horizon* on a Thursday counts whole
weeks from the first Thursday on or after the month's last day: 0 on that day, negative before (`thursdays`).
"""
