"""Quarto hands each executed notebook through this: JSON in, JSON out."""

import sys

import nbformat

from aimlib.bulletin.quarto import page_of

sys.stdout.write(nbformat.writes(page_of(nbformat.reads(sys.stdin.read(), as_version=4))))
