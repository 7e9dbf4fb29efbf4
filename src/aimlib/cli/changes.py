"""The commands about what changed: a report from one day to another, and a month from vintage to vintage."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from aimlib.cli.messages import say, table, warn
from aimlib.cli.reports import pairs
from aimlib.errors import AimError
from aimlib.settings import read_settings

if TYPE_CHECKING:
    import pandas as pd

    from aimlib.bulletin.changes import Record
    from aimlib.bulletin.parameters import Parameters
    from aimlib.present.changes import Change
    from aimlib.store import Store


def diff(first: date, second: date, notebook: str | None, given: list[str], csv: Path | None) -> None:
    """Print what changed between two days in one report, or in those of all notebooks that take the parameters."""
    from aimlib.present.changes import cells, changes_frame, lead_words

    named = pairs(given)
    if "as_of" in named:
        raise AimError("as_of has no place here: the two days are those of the comparison.", "Leave it away.")
    asked = _asked(notebook, named)
    store = _store()
    _check_days(store, first, second)
    found, left_out = _compared(asked, first, second, may_lack=notebook is None)
    if csv is not None:
        _write(changes_frame({name: changes for name, (changes, _) in found.items()}, second), csv)
    _say_sample(store)
    _say_release_days(first, second)
    shown = ("country", "focus", "reporters", "product", "measure", "flow", "concept")
    for name, (changes, after) in found.items():
        told = [f"{word} {after.resolved[word]}" for word in shown if after.resolved.get(word)]
        say(f"{name}: {', '.join(told)}")
        say(lead_words({name: changes}, first))
        if changes:
            say("")
            table(
                ["Headline", str(first), str(second), "Change", "Cause"],
                map(cells, changes),
                right=(str(first), str(second), "Change"),
            )
        say("")
    for name, why in left_out.items():
        say(f"{name} is not compared: {why}")
    if csv is not None:
        say(f"Written: {csv}")


def _asked(notebook: str | None, named: dict[str, str]) -> dict[str, Parameters]:
    """Return the parameters of the notebook named, or of each that takes them; a country is a comparison's focus."""
    from aimlib.bulletin.parameters import NOTEBOOKS, model_of

    if notebook is not None:
        return {notebook: model_of(notebook).parse(named)}
    asked = {}
    for name, model in NOTEBOOKS.items():
        fitting = named
        if "country" in named and "country" not in model.model_fields:
            fitting = {"focus" if word == "country" else word: told for word, told in named.items()}
        if set(fitting) <= set(model.model_fields):
            asked[name] = model.parse(fitting)
    # Where no notebook takes them all, the first one's message says which name is wrong.
    return asked or {"import_trends": model_of("import_trends").parse(named)}


def _compared(
    asked: dict[str, Parameters], first: date, second: date, may_lack: bool
) -> tuple[dict[str, tuple[list[Change], Record]], dict[str, str]]:
    """Return the changes of each report with what it says now, and why others could not be compared."""
    from aimlib.bulletin.changes import changes_between, take_record

    found, left_out = {}, {}
    for name, parameters in asked.items():
        try:
            after = take_record(parameters, second)
            found[name] = changes_between(take_record(parameters, first), after), after
        except AimError as lacking:
            if not may_lack:
                raise
            left_out[name] = lacking.message
    if not found:
        raise AimError(next(iter(left_out.values())), "Load figures, or name other days.")
    return found, left_out


def revisions(
    origin: str,
    product: str | None,
    measure: str,
    concept: str,
    months: int,
    as_of: date | None,
    csv: Path | None,
) -> None:
    """Print the revision triangle of an origin: months by the day on which their figures were known."""
    from aimlib.analysis.measures import measure as measure_of
    from aimlib.analysis.revisions import first_prints, how_revised, triangle
    from aimlib.analysis.revisions import revisions as by_print
    from aimlib.bulletin.opening.revisions import read_vintages
    from aimlib.ingest.view import view
    from aimlib.present import numbers
    from aimlib.present.measure import PRINTED
    from aimlib.present.view import CONCEPTS
    from aimlib.reference import countries, products

    place = countries.resolve(origin)
    if measure not in PRINTED:
        raise AimError(f"'{measure}' is not a measure.", f"Use {' or '.join(PRINTED)}.")
    how = PRINTED[measure]
    store = _store()
    if as_of is not None:
        _check_future(store, as_of, f"--as-of {as_of}")
    goods = view(store, "census_imports", as_of, concept, product and products.resolve(product)).product
    prints = read_vintages(store, origin=origin, product=goods.key, concept=concept, as_of=as_of)
    if csv is not None:
        told = {"origin": place.key, "product": goods.key, "concept": concept}
        _write(by_print(prints, measure).assign(**told, data_basis="census"), csv)
    _say_sample(store)
    counted = CONCEPTS[concept].replace("imports", f"imports of {goods.phrase}", 1)
    say(f"U.S. {counted}, from {place.phrase}. {how.axis}, by the day on which Census figures were known.")
    say("Licenses are left out: their figures of each week would have to be protected against those of the others.")
    say("")
    held = prints[prints["month"].isin(sorted(prints["month"].unique())[-months:])]
    shown = triangle(held, measure)
    what, printed = measure_of(measure), first_prints(prints).set_index("month")
    first = (printed[what.source] / what.divisor).reindex(shown.index)
    heads = ["First print", *(f"{day:%Y-%m-%d}" for day in shown.columns)]
    table(
        ["Month", *heads],
        (
            [f"{month:%Y-%m}", *map(how.write, (first[month], *row))]
            for month, row in zip(shown.index, shown.to_numpy(), strict=True)
        ),
        right=heads,
    )
    if not set(shown.index) <= set(printed.index):
        say("No first print: the earliest figure held of the month may have been revised already.")
    found = how_revised(prints[prints["month"].isin(printed.index)], measure)
    if found["months"]:
        say("")
        say(
            f"Latest against first print, {found['months']} months that were published again: on average "
            f"{numbers.percent_change(found['mean_share'], 2)}, without sign "
            f"{numbers.percent(found['mean_absolute_share'], 2)}; largest "
            f"{numbers.percent_change(found['largest_share'], 2)} ({found['largest_month']:%Y-%m})."
        )
    if csv is not None:
        say(f"Written: {csv}")


def _store() -> Store:
    from aimlib.store import resolve_store

    return resolve_store(read_settings().store)


def _check_days(store: Store, first: date, second: date) -> None:
    if first == second:
        raise AimError(f"{first} is given twice.", "Give two days, the earlier one first.")
    if first > second:
        raise AimError(f"{first} is after {second}.", "Give the earlier day first.")
    _check_future(store, second, str(second))
    days = store.known_days()
    if days and first < days[0]:
        raise AimError(
            f"Nothing was known yet on {first}: the first figures in the store are of {days[0]}.",
            f"Take {days[0]} or later.",
        )


def _check_future(store: Store, day: date, said: str) -> None:
    from aimlib.bulletin.opening.report import newest_day

    newest = newest_day(store)
    if day > newest:
        raise AimError(f"{said} is in the future.", f"The newest day that can be asked for is {newest}.")


def _say_sample(store: Store) -> None:
    if store.is_sample:
        say("This is the embedded sample: synthetic figures.")


def _say_release_days(*days: date) -> None:
    from aimlib.reference.release_days import is_release, latest_release

    for day in days:
        if not is_release(day):
            warn(
                f"{day} is no day on which the monitor comes out; the newest before it is {latest_release(day)}. "
                "Compared is what was known on the day given."
            )


def _write(frame: pd.DataFrame, path: Path) -> None:
    try:
        frame.to_csv(path, index=False, date_format="%Y-%m-%d", lineterminator="\n", float_format="%.15g")
    except OSError as error:
        raise AimError(
            f"{path} cannot be written: {error.strerror or 'there is no such folder'}.", "Name another file."
        ) from None
