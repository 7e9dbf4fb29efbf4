"""Messages on a terminal and in a log: plain lines, tables, and errors on standard error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aimlib.errors import AimError

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def check_output(written: Path | None, read: Sequence[Path]) -> None:
    """Raise AimError where a file to write is one of those to read: it would be lost."""
    if written is not None and any(written.absolute() == path.absolute() for path in read):
        raise AimError(f"{written.name} is one of the files to be read.", "Name another file to write to.")


def near(path: Path) -> str:
    """Return the path as seen from here where it is below, else in full."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def say(text: str) -> None:
    """Print a line; nothing in it is taken as markup."""
    out.print(escape(text))


def warn(text: str) -> None:
    """Print a warning on standard error."""
    err.print(f"[yellow]Warning:[/yellow] {escape(text)}")


def report_error(error: AimError) -> None:
    """Print an error and its advice on standard error."""
    err.print(f"[red]Error:[/red] {escape(error.message)}")
    if error.advice:
        err.print(escape(error.advice))


def table(headings: Iterable[str], rows: Iterable[Iterable[object]], right: Iterable[str] = ()) -> None:
    """Print a table, columns named in `right` aligned to the right; full width where there is no terminal."""
    headings, right = list(headings), set(right)
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        grid.add_column(heading, justify="right" if heading in right else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(escape(str(cell)) for cell in row))
    console = out if out.is_terminal else Console(highlight=False, width=200)
    console.print(grid)
