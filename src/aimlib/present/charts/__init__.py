"""Charts: each function takes a small tidy frame with print-ready names and returns an Altair chart."""
