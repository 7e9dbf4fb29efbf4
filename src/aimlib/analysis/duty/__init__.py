"""The duty on entries: the dated law applied, explained, changed, and set beside what Census calculated."""
