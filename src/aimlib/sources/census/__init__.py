"""The U.S. Census Bureau's International Trade API, imports by HS code: request, answer, rows and control.

The parts, in the order of the way: `request` asks, `answer` turns bytes into text cells, `clean` sets bad
rows apart, `tidy` makes figures of the rest, `control` compares them with the published totals. `variables`
names the service's columns and units, `errors` its ways of failing.
"""
