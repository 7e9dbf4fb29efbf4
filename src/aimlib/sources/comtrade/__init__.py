"""UN Comtrade: merchandise trade as countries report it, by HS code, partner, flow and month or year.

The parts, in the order of the way: `request` asks, `read` turns bytes into records of text, `clean` keeps the rows that
are totals over transport mode, customs procedure and second partner, makes figures of them and sets bad rows apart,
`control` holds the partners against the row of the world. `fields` names the service's columns and ours, `errors` the
service's ways of failing, `problems` those of a file.
"""
