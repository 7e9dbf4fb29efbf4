"""Calculations: pure functions on data frames."""
