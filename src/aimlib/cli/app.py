"""The command tree: one function a command, which hands over to the rooms below and prints what they return."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

import aimlib
from aimlib.cli import changes, comtrade_fetch, data, global_trade, licenses, monitor, reports
from aimlib.cli import duty as duty_
from aimlib.cli import p1020 as p1020_
from aimlib.cli import prices as prices_
from aimlib.cli import weekly as weekly_
from aimlib.cli.messages import say
from aimlib.errors import AimError

app = typer.Typer(
    name="aim",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help=(
        "The aluminum import monitor: load or fetch official figures, and make bulletins from them.\n\n"
        "A first look, on the embedded sample: `aim sample`, then `aim run import_trends`."
    ),
)
load = typer.Typer(no_args_is_help=True, help="Load files into the store.")
fetch = typer.Typer(no_args_is_help=True, help="Ask a service for figures and keep its answers in the store.")
license_commands = typer.Typer(no_args_is_help=True, help="Examine license files.")
duty = typer.Typer(no_args_is_help=True, help="What the tariff costs: the law on a day, and the P1020 series.")
app.add_typer(load, name="load")
app.add_typer(license_commands, name="licenses")
app.add_typer(fetch, name="fetch")
app.add_typer(duty, name="duty")


def _version(wanted: bool) -> None:
    if wanted:
        say(f"aim {aimlib.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options of the command itself."""


@load.command(
    "census",
    epilog="Example: `aim load census imports_2013-2021.csv --selection --known-on 2021-09-10`",
)
def load_census(
    files: Annotated[list[Path], typer.Argument(help="Answers of the Census API: JSON as saved, or CSV.")],
    selection: Annotated[
        bool,
        typer.Option("--selection", help="The files list some partners only; totals are the published ones."),
    ] = False,
    known_on: Annotated[
        datetime | None,
        typer.Option(
            "--known-on",
            formats=["%Y-%m-%d"],
            help="The day on which these figures were known; today unless said.",
        ),
    ] = None,
    codes: Annotated[
        str,
        typer.Option(
            "--codes",
            help="What was asked for: 76, or headings such as 7601,7604. What is absent is then zero.",
        ),
    ] = "",
    rejects: Annotated[Path | None, typer.Option("--rejects", help="Where rows that break a rule are written.")] = None,
) -> None:
    """Load saved Census answers: one file or many, as one vintage."""
    data.load_census(files, selection, known_on.date() if known_on else None, _split(codes), rejects)


_KnownOn = Annotated[
    datetime | None,
    typer.Option("--known-on", formats=["%Y-%m-%d"], help="The day on which these figures were known."),
]
_Rejects = Annotated[Path | None, typer.Option("--rejects", help="Where rows that break a rule are written.")]


@load.command("licenses", epilog="Example: `aim load licenses licenses_2026-11.csv --known-on 2026-11-19`")
def load_licenses(
    files: Annotated[list[Path], typer.Argument(help="CSV or Excel files in the fields of form ITA-4142a.")],
    known_on: _KnownOn = None,
    rejects: _Rejects = None,
) -> None:
    """Load licenses: filed, corrected and cancelled. Rows that break a rule are set aside."""
    licenses.load_licenses(files, known_on.date() if known_on else None, rejects)


@license_commands.command("check", epilog="Example: `aim licenses check draft.xlsx --csv findings.csv`")
def check_licenses(
    files: Annotated[list[Path], typer.Argument(help="CSV or Excel files in the fields of form ITA-4142a.")],
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="The day of filing where a row gives none; today unless said."),
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Where all findings are written.")] = None,
) -> None:
    """Examine licenses without loading them: what to mend, by which rule."""
    licenses.check(files, on.date() if on else None, csv)


@load.command(
    "aim-monitor", epilog="Example: `aim load aim-monitor imports.csv smelt.csv cast.csv --known-on 2026-11-19`"
)
def load_aim_monitor(
    files: Annotated[list[Path], typer.Argument(help="Downloads of the public monitor's dashboards: CSV or Excel.")],
    known_on: _KnownOn = None,
    rejects: _Rejects = None,
) -> None:
    """Load what the public monitor shows, as one Thursday's vintage."""
    monitor.load_aim_monitor(files, known_on.date() if known_on else None, rejects)


@load.command(
    "prices",
    epilog="Examples: `aim load prices CMO-Historical-Data-Monthly.xlsx` · "
    "`aim load prices premium.csv --series midwest_premium --unit c/lb`",
)
def load_prices(
    files: Annotated[list[Path], typer.Argument(help="Prices: Pink Sheet workbook, LME, FRED, or date and value.")],
    series: Annotated[str | None, typer.Option("--series", help="Which series, where the file does not say.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="$/t, c/lb or $/lb, where the file does not say.")] = None,
    frequency: Annotated[
        str | None, typer.Option("--frequency", help="daily or monthly, where the dates do not say.")
    ] = None,
    known_on: _KnownOn = None,
    rejects: _Rejects = None,
) -> None:
    """Load prices, premiums, freight and exchange rates; $/t and c/lb are converted."""
    prices_.load_prices(files, series, unit, frequency, known_on.date() if known_on else None, rejects)


@app.command(epilog="Example: `aim prices`")
def prices() -> None:
    """List the prices held, and how far the sources of one price agree."""
    prices_.prices()


@load.command(
    "comtrade",
    epilog="Examples: `aim load comtrade canada_2024.json` · `aim load comtrade TradeData.csv --codes 7601,7604`",
)
def load_comtrade(
    files: Annotated[
        list[Path], typer.Argument(help="Answers of the API (JSON), bulk files, or exports of the web page.")
    ],
    selection: Annotated[bool, typer.Option("--selection", help="The files list some partners only.")] = False,
    codes: Annotated[
        str, typer.Option("--codes", help="Headings (7601) or HS6 codes asked for. What is absent is then zero.")
    ] = "",
    known_on: _KnownOn = None,
    rejects: _Rejects = None,
) -> None:
    """Load what countries report to UN Comtrade: one file or many, as one vintage."""
    global_trade.load_comtrade(files, selection, _split(codes), known_on.date() if known_on else None, rejects)


@load.command("baci", epilog="Example: `aim load baci BACI_HS92_V202401b.zip --known-on 2024-01-30`")
def load_baci(
    files: Annotated[list[Path], typer.Argument(help="CEPII's files: CSV, zip or Parquet of t, i, j, k, v, q.")],
    edition: Annotated[
        str | None, typer.Option("--edition", help="HS92 to HS22, where the files' names do not tell it.")
    ] = None,
    selection: Annotated[bool, typer.Option("--selection", help="The files list some flows only.")] = False,
    known_on: _KnownOn = None,
    rejects: _Rejects = None,
) -> None:
    """Load CEPII's reconciled flows of chapter 76; other chapters are left out."""
    global_trade.load_baci(files, edition, selection, known_on.date() if known_on else None, rejects)


@fetch.command("census", epilog="Example: `CENSUS_API_KEY=... aim fetch census --from 2019-01`")
def fetch_census(
    first: Annotated[str, typer.Option("--from", help="The first month, such as 2019-01.")],
    last: Annotated[str | None, typer.Option("--to", help="The last month; the newest published unless said.")] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Ask for every month again, not only what is missing or may have been revised."),
    ] = False,
) -> None:
    """Ask the Census API for chapter 76 at HTS10, month by month; a stopped fetch goes on where it was."""
    data.fetch_census(first, last, everything)


@fetch.command(
    "comtrade",
    epilog="Examples: `aim fetch comtrade --reporters CAN,DEU --from 2019-01` · "
    "`aim fetch comtrade --reporters all --annual --from 2015 --max-calls 450`",
)
def fetch_comtrade(
    reporters: Annotated[str, typer.Option("--reporters", help="Countries, groups, or all: CAN,DEU or EU27.")],
    first: Annotated[str, typer.Option("--from", help="The first month (2019-01), or year with --annual.")],
    last: Annotated[str | None, typer.Option("--to", help="The last one; the last that has ended unless said.")] = None,
    annual: Annotated[bool, typer.Option("--annual", help="Years and not months.")] = False,
    flows: Annotated[str, typer.Option("--flows", help="import, export or both.")] = "import,export",
    codes: Annotated[
        str, typer.Option("--codes", help="Headings (7601) or HS6 codes; those of the seven categories unless said.")
    ] = "",
    everything: Annotated[
        bool,
        typer.Option("--all", help="Ask for every period again, not only what is missing or may have been revised."),
    ] = False,
    max_calls: Annotated[
        int | None, typer.Option("--max-calls", help="Stop after so many calls; a free key has 500 a day.")
    ] = None,
) -> None:
    """Ask UN Comtrade what countries report; with COMTRADE_API_KEY twelve periods at once, without it the preview."""
    comtrade_fetch.fetch_comtrade(
        _split(reporters) or [],
        first,
        last,
        frequency="annual" if annual else "monthly",
        flows=_split(flows) or [],
        codes=_split(codes),
        everything=everything,
        max_calls=max_calls,
    )


@duty.command(
    "rate",
    epilog="Example: `aim duty rate 7601.10.60 --origin CAN --smelt CAN --cast CAN --on 2025-05-01 --claim usmca`",
)
def duty_rate(
    hts: Annotated[str, typer.Argument(help="The tariff number, 8 or 10 digits.")],
    origin: Annotated[str, typer.Option("--origin", help="Country of origin in the customs sense.")],
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="The day of entry for consumption.")],
    smelt: Annotated[
        str, typer.Option("--smelt", help="Country of largest smelt, unknown, or N/A; left out: not given.")
    ] = "",
    second_smelt: Annotated[
        str,
        typer.Option("--second-smelt", help="Country of second largest smelt; left out beside --smelt: one source."),
    ] = "",
    cast: Annotated[str, typer.Option("--cast", help="Country of most recent cast, or unknown.")] = "",
    claim: Annotated[
        list[str] | None,
        typer.Option("--claim", help=f"What the importer claims; repeat for more: {', '.join(duty_.CLAIMS)}."),
    ] = None,
    metal_share: Annotated[
        float | None, typer.Option("--metal-share", min=0, max=1, help="The aluminum's share of the value: 0.4.")
    ] = None,
    known_on: Annotated[
        datetime | None,
        typer.Option("--known-on", formats=["%Y-%m-%d"], help="Answer with the law as known on this day."),
    ] = None,
    extend: Annotated[
        bool, typer.Option("--extend", help="Take the law as last verified to days beyond verified coverage.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what an entry pays under the law of its day, by which measures, and why not by others."""
    duty_.rate(
        hts,
        on=on.date(),
        origin=origin,
        smelt=smelt,
        second_smelt=second_smelt,
        cast=cast,
        claims=claim or [],
        metal_share=metal_share,
        known_on=known_on.date() if known_on else None,
        extend=extend,
        as_json=as_json,
    )


@duty.command("p1020", epilog="Example: `aim duty p1020 --mwtp 160 --freight 3 --rate 0.35 --unit c/lb`")
def duty_p1020(
    mwtp: Annotated[float, typer.Option("--mwtp", help="The Midwest transaction price, all in.")],
    freight: Annotated[float, typer.Option("--freight", help="The freight factor, Canada to the Midwest.")],
    rate: Annotated[float | None, typer.Option("--rate", help="The tariff as a fraction, such as 0.5.")] = None,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="Instead of a rate: the reporter's factor of this day."),
    ] = None,
    premium: Annotated[
        float | None, typer.Option("--premium", help="The Midwest premium, for the duty-unpaid premium.")
    ] = None,
    unit: Annotated[str, typer.Option("--unit", help="The unit of what is given: c/lb or $/t.")] = "c/lb",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Compute the price reporter's import duty on P1020 and the duty-unpaid values from one price."""
    day = on.date() if on else None
    p1020_.p1020(mwtp, freight, rate=rate, day=day, premium=premium, unit=unit, as_json=as_json)


@app.command(epilog="Example: `aim sample`")
def sample(
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing, and succeed, when the store holds data.")
    ] = False,
) -> None:
    """Fill an empty store with the embedded sample (synthetic figures, shaped by published totals)."""
    data.sample(if_empty)


@app.command(epilog="Example: `aim tables`")
def tables() -> None:
    """List what is in the store: tables, periods, vintages, rows, source, complete or selection."""
    data.tables()


@app.command(
    epilog="Examples: `aim run import_trends -p country=CAN -p product=unwrought` · "
    "`aim run import_trends -p country=EU27 -p measure=value -p as_of=2026-11-19 --output eu`"
)
def run(
    notebook: Annotated[str, typer.Argument(help="Which notebook; see aim list.")],
    parameters: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A parameter; repeat for more. See aim params."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The folder for the bulletin; reports/build/NAME unless said."),
    ] = None,
    embedded: Annotated[
        bool, typer.Option("--sample", help="Use the embedded sample, whatever the store holds.")
    ] = False,
) -> None:
    """Make a bulletin: HTML, PDF, data and manifest."""
    reports.run(notebook, parameters or [], output, embedded)


@app.command(
    epilog="Examples: `aim weekly` · `aim weekly --as-of 2026-11-19 --only CAN,MEX --keep-going -j 2` · "
    "`aim weekly --on tcp://scheduler:8786 --data s3://bucket/store --output s3://bucket/weekly`"
)
def weekly(
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="The Thursday; the newest release day unless said."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="Bulletins of these countries or names, with commas between (CAN,MEX)."),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most this many bulletins.")] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Go on after a failure, and publish what went well.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Make everything anew, also what stands.")] = False,
    jobs: Annotated[
        int | None, typer.Option("-j", "--jobs", min=1, help="Reports at a time; one a processor unless said.")
    ] = None,
    plan: Annotated[
        Path | None, typer.Option("--plan", help="What is published; reports/bulletins.yml unless said.")
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", help="The folder to publish; reports/build/weekly unless said. Or an address."),
    ] = None,
    embedded: Annotated[
        bool, typer.Option("--sample", help="Use the embedded sample, whatever the store holds.")
    ] = False,
    on: Annotated[
        str | None, typer.Option("--on", help="A Dask scheduler to do the work (tcp://scheduler:8786).")
    ] = None,
    stored: Annotated[
        str | None,
        typer.Option("--data", help="The store as fsspec reaches it (s3://bucket/store); AIM_STORE unless said."),
    ] = None,
) -> None:
    """Make and publish every bulletin of a Thursday: what stands is kept, only what changed is made."""
    words = [word for text in only or [] for word in text.split(",") if word.strip()]
    if only and not words:
        raise AimError("--only is empty.", "Name countries or bulletins, such as CAN,MEX, or leave it away.")
    weekly_.weekly(
        as_of.date() if as_of else None,
        words,
        limit,
        keep_going=keep_going,
        force=force,
        jobs=jobs,
        plan_file=plan,
        output=_given("--output", output, "a folder or an address"),
        embedded=embedded,
        cluster=_given("--on", on, "a scheduler, such as tcp://scheduler:8786"),
        data=_given("--data", stored, "a folder or an address of a store"),
    )


@app.command(epilog="Example: `aim diff 2026-11-12 2026-11-19 -p country=CAN`")
def diff(
    first: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The earlier day.")],
    second: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The later day.")],
    notebook: Annotated[
        str | None, typer.Option("--notebook", help="Which notebook (see aim list); all of them unless said.")
    ] = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A parameter; repeat for more. See aim params."),
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Where the changes are written, a row a cause.")] = None,
) -> None:
    """Say what changed between two days, headline by headline, and why."""
    changes.diff(first.date(), second.date(), notebook, parameters or [], csv)


@app.command(epilog="Examples: `aim revisions CAN --product unwrought` · `aim revisions EU27 --measure value`")
def revisions(
    origin: Annotated[str, typer.Argument(help="A country, a group, or all.")] = "all",
    product: Annotated[str | None, typer.Option("--product", help="A product; see aim list.")] = None,
    measure: Annotated[str, typer.Option("--measure", help="quantity or value.")] = "quantity",
    concept: Annotated[str, typer.Option("--concept", help="consumption or general.")] = "consumption",
    months: Annotated[int, typer.Option("--months", min=1, max=36, help="How many months are printed.")] = 9,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The last day that counts.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Where all months are written, a row a month and vintage.")
    ] = None,
) -> None:
    """Print the revision triangle of Census figures: months by the day on which they were known."""
    changes.revisions(origin, product, measure, concept, months, as_of.date() if as_of else None, csv)


@app.command(
    # A number such as -1,029.8 is no option.
    context_settings={"ignore_unknown_options": True},
    epilog="Examples: `aim explain import_trends-CAN-aim-quantity-2026-11-19 183,958` · "
    "`aim explain reports/build/canada 'Figure 3'` · `aim explain canada 59.8% --in suppliers`",
)
def explain(
    bulletin: Annotated[str, typer.Argument(help="A bulletin's folder, page or name under reports/build.")],
    number: Annotated[str, typer.Argument(help="A number as printed, such as 931.4 or 24.6%; Figure 3; a part's key.")],
    within: Annotated[
        list[str] | None,
        typer.Option("--in", metavar="WORDS", help="The part in which it stands, or words of what it is; repeatable."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, with all rows.")] = False,
) -> None:
    """Go back from a number in a bulletin to its rows, its sources and its rule."""
    from aimlib.cli import explain as explain_

    explain_.explain(bulletin, number, within or [], as_json)


@app.command(epilog="Example: `aim params import_trends`")
def params(notebook: Annotated[str, typer.Argument(help="Which notebook; see aim list.")]) -> None:
    """Say which parameters a notebook takes."""
    reports.params(notebook)


@app.command("list", epilog="Example: `aim list`")
def list_() -> None:
    """List the notebooks, and the products, groups and countries that parameters may name."""
    reports.list_notebooks()


@app.command(epilog="Example: `aim doctor`")
def doctor() -> None:
    """Check the installation, the store and the key, and say what is missing."""
    reports.doctor()


def _given(option: str, text: str | None, what: str) -> str:
    """Return what an option says, '' where it was not given; an empty one is a variable that was not set."""
    if text is not None and not text.strip():
        raise AimError(f"{option} is empty.", f"Name {what}, or leave it away.")
    return text or ""


def _split(text: str) -> list[str] | None:
    return [part.strip() for part in text.split(",") if part.strip()] or None
