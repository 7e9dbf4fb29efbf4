"""Bulletins: typed parameters, execution, the two exporters and the manifest."""
