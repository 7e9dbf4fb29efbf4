"""From a source to the store: ask or open, parse, check, commit, report; and back out for the analysis."""
