"""The weekly run: every bulletin of a Thursday, made where something changed, and published as one folder."""
