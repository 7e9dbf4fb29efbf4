"""The commands about notebooks and bulletins."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import typer

import aimlib
from aimlib.cli.messages import near, say, table
from aimlib.errors import AimError
from aimlib.settings import read_settings, share_dir


def run(notebook: str, given: list[str], output: Path | None, embedded: bool) -> None:
    """Make one bulletin and say where it is."""
    from aimlib.bulletin.parameters import model_of
    from aimlib.bulletin.run import run as make

    model_of(notebook)
    if embedded:
        use_sample()
    bulletin = make(notebook, pairs(given), output)
    say(f"{bulletin.slug} ({bulletin.seconds:.1f} s)")
    for ending in (".html", ".pdf"):
        say(f"  {near(bulletin.folder / f'{bulletin.slug}{ending}')}")
    say(f"  {near(bulletin.folder / 'data')}{os.sep} and run.json beside them")


def use_sample() -> None:
    """Make this run, and the kernel it starts, read the embedded sample."""
    from aimlib.ingest.sample import fill_sample

    report = fill_sample(read_settings().store, beside_real=True)
    os.environ["AIM_STORE"] = str(report.folder)


def pairs(given: list[str]) -> dict[str, str]:
    """Return parameters given as NAME=VALUE; AimError for one that is not, or is given twice."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise AimError(f"-p {text} is not a parameter.", "Write it as -p NAME=VALUE, for example -p country=CAN.")
        if name.strip() in found:
            raise AimError(f"The parameter {name.strip()} is given twice.", "Give it once.")
        found[name.strip()] = value
    return found


def params(notebook: str) -> None:
    """Print name, type, default and meaning of each parameter."""
    from aimlib.bulletin.parameters import describe, model_of

    model = model_of(notebook)
    rows = describe(model)
    table(["Parameter", "Type", "Default", "Meaning"], (row.values() for row in rows))
    of = "country=CAN" if "country" in model.model_fields else "reporters=CAN,RUS"
    then = "measure=value" if "measure" in model.model_fields else "top=5"
    say(f"Example: aim run {notebook} -p {of} -p {then}")


def list_notebooks() -> None:
    """Print the notebooks, products and groups."""
    from aimlib.bulletin.parameters import NOTEBOOKS
    from aimlib.reference import countries, products

    table(
        ["Notebook", "What it shows"],
        ((name, (model.__doc__ or "").strip()) for name, model in NOTEBOOKS.items()),
    )
    say("")
    table(["Product", "Title"], ((product.key, product.title) for product in products.named()))
    say("A code of chapter 76 (7601, 7601.10.60) is a product too.")
    say("")
    table(["Group", "Name"], ((group.key, group.name) for group in countries.groups()))
    say("A country is named by its ISO code (CAN) or its name (Canada); all is all countries.")


def doctor() -> None:
    """Print a line a check; exit with status 1 when something that bulletins need is missing."""
    checks = [_python(), _packages(), *_files(), _store(), _key(), _comtrade_key(), _browser()]
    table(
        ["", "Check", "Finding"],
        (("ok" if fine else "!!" if needed else "--", name, text) for name, fine, needed, text in checks),
    )
    if any(not fine and needed for _, fine, needed, _ in checks):
        raise typer.Exit(1)


def _python() -> tuple[str, bool, bool, str]:
    version = ".".join(map(str, sys.version_info[:3]))
    return "Python", sys.version_info >= (3, 11), True, version


def _packages() -> tuple[str, bool, bool, str]:
    from importlib.metadata import PackageNotFoundError, version

    names = [
        "pandas",
        "duckdb",
        "altair",
        "mini-racer",
        "vl-convert-python",
        "typst",
        "papermill",
        "nbconvert",
        "jupyterlab",
    ]
    missing = []
    for name in names:
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    text = (
        f"missing: {', '.join(missing)}; make setup installs them"
        if missing
        else f"aim {aimlib.__version__} and what it needs"
    )
    return "Packages", not missing, True, text


def _files() -> list[tuple[str, bool, bool, str]]:
    from aimlib.present.style import FONT_DIR

    notebooks = sorted(path.stem for path in share_dir("notebooks").glob("*.ipynb"))
    fonts = len(list(FONT_DIR.glob("*.ttf")))
    return [
        ("Notebooks", bool(notebooks), True, ", ".join(notebooks) or "none found; install the package again"),
        ("Fonts", fonts > 0, True, f"{fonts} faces of the bulletins' font"),
    ]


def _store() -> tuple[str, bool, bool, str]:
    from aimlib.store import resolve_store

    store = resolve_store(read_settings().store)
    if store.is_empty:
        return "Store", False, False, "empty: aim sample, aim load or aim fetch fills it"
    kind = "the embedded sample" if store.is_sample else "real data"
    return (
        "Store",
        True,
        True,
        f"{kind}, {len(store.commits)} commits, newest known on {store.known_days()[-1]}",
    )


def _key() -> tuple[str, bool, bool, str]:
    from aimlib.sources.census.errors import KEY_PAGE

    held = read_settings().census_api_key is not None
    text = "set" if held else f"CENSUS_API_KEY is not set; only aim fetch census needs it ({KEY_PAGE})"
    return "Census key", held, False, text


def _comtrade_key() -> tuple[str, bool, bool, str]:
    from aimlib.sources.comtrade.errors import KEY_PAGE

    held = read_settings().comtrade_key is not None
    text = "set" if held else f"COMTRADE_API_KEY is not set; aim fetch comtrade asks the preview ({KEY_PAGE})"
    return "Comtrade key", held, False, text


def _browser() -> tuple[str, bool, bool, str]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    text = "found" if found else "no Chromium; only the browser tests need it"
    return "Browser", bool(found), False, text
