"""Quarto runs this before it renders: fonts, styles and the list of bulletins."""

from pathlib import Path

from aimlib.bulletin.quarto import prepare

prepare(Path(__file__).resolve().parent)
