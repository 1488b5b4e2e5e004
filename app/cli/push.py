"""`risk-register push`: what a school system exports goes into the register, and what is wrong comes back as rows to be corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.api.languages import accepted_language
from app.cli.connection import Address, ClientId, Connection, KeyFile, Kid, Language, SecretFile, stop
from app.cli.push_acts import Pushed, Unfit
from app.cli.push_report import show_counts, show_rejected
from app.cli.push_targets import BadTarget, check_rejected, check_target
from app.cli.sources.opening import Opening
from app.cli.sources.source import BadSource
from app.client import Atomic, ManyRemovals, Mode, RegisterClient, RegisterClientError

SOME_REJECTED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How items are sent."""

    dry_run: bool
    atomic: bool
    journal: Path | None
    institution: int | None
    semester: str | None
    confirm_removals: int | None


def push(  # noqa: PLR0913, PLR0917 - each is an option of the command
    files: Annotated[
        list[Path],
        typer.Argument(exists=True, help="NDJSON, tables (.csv, .xlsx), or OneRoster 1.2 (a folder or .zip)."),
    ],
    mapping: Annotated[
        list[Path],
        typer.Option(
            "--mapping", exists=True, dir_okay=False, help="Of the tables, in turn. Else plans.toml for plans.csv."
        ),
    ] = [],  # noqa: B006 - typer copies it
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be done, and keep nothing.")] = False,
    atomic: Annotated[bool, typer.Option("--atomic", help="Take all of it, or nothing.")] = False,
    snapshot: Annotated[
        bool, typer.Option("--snapshot", help="It is the whole set of one type: what is missing in it is ended.")
    ] = False,
    semester: Annotated[str | None, typer.Option(help="Of the snapshot, as 2021-1.")] = None,
    institution: Annotated[
        int | None, typer.Option(help="Of the snapshot, by the register's number. The system's only one unless said.")
    ] = None,
    confirm_removals: Annotated[
        int | None, typer.Option("--confirm-removals", help="The number of records that the snapshot may end.")
    ] = None,
    rejected: Annotated[
        Path | None,
        typer.Option(
            "--rejected",
            help="Where rejected rows are written in the form in which they came, with the reasons. It is for the system that made"
            " them: a spreadsheet may take a cell of a CSV file for a formula.",
        ),
    ] = None,
    journal: Annotated[
        Path | None, typer.Option("--journal", help="By this file a run that was killed goes on where it was.")
    ] = None,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of a OneRoster export. Today unless said.")
    ] = None,
    address: Address = None,
    client_id: ClientId = None,
    secret_file: SecretFile = None,
    key_file: KeyFile = None,
    kid: Kid = None,
    language: Language = "en",
) -> None:
    """Push files to a register. Ends with 0 if all was taken, 1 if some was rejected, 2 if it could not be done."""
    if snapshot == (semester is None):
        raise stop("--snapshot and --semester belong together.")
    connection = Connection(
        address=address, client_id=client_id, secret_file=secret_file, key_file=key_file, kid=kid, language=language
    )
    way = Way(
        dry_run=dry_run,
        atomic=atomic,
        journal=journal,
        institution=institution,
        semester=semester,
        confirm_removals=confirm_removals,
    )
    today = (datetime.now().astimezone() if on is None else on).date()
    with connection.client() as client:
        try:
            opening = Opening(schema=client.schema(), today=today, mappings=mapping)
            sources = opening.sources(files)
            read = [*_read(files, mapping), *(each for each in (secret_file, key_file) if each is not None)]
            if journal is not None:
                check_target(journal, read)
            if rejected is not None:
                of_sources = [file for source in sources for file in source.files()]
                check_rejected(rejected, of_sources, [*read, *([] if journal is None else [journal])])
            pushed = Pushed(sources=sources, language=accepted_language(language), whole=atomic or snapshot)
            _send(client, pushed, way)
        except Unfit:
            pass
        except ManyRemovals as refused:
            _show_removals(refused)
            raise stop(f"If that is right: --confirm-removals {refused.count}") from None
        except (BadSource, BadTarget, RegisterClientError) as error:
            raise stop(str(error)) from None
        except KeyboardInterrupt:
            again = "" if journal is None else " The same command goes on where it was."
            raise stop(f"Stopped.{again}") from None
    _tell(pushed, rejected)


def _read(files: Sequence[Path], mappings: Sequence[Path]) -> list[Path]:
    """Whatever a source may be read from."""
    inside = [each for folder in files if folder.is_dir() for each in folder.iterdir()]
    return [*files, *inside, *mappings, *(each.with_suffix(".toml") for each in files if each.suffix)]


def _send(client: RegisterClient, pushed: Pushed, way: Way) -> None:
    mode: Mode = "validate" if way.dry_run else "commit"
    atomic: Atomic = "all" if way.atomic else "item"
    if way.semester is not None:
        items = list(pushed.items())
        types = {str(each.get("type")) for each in items}
        if len(types) != 1:
            raise BadSource(f"A snapshot is of one type, and this is of {', '.join(sorted(types)) or 'none'}.")
        report = client.snapshot(
            items,
            type=types.pop(),
            institution=way.institution,
            semester=way.semester,
            mode=mode,
            confirm_removals=way.confirm_removals,
        )
        pushed.take_snapshot(report)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Reading", total=None)
        for progress in client.push(pushed.items(), mode=mode, atomic=atomic, journal=way.journal):
            pushed.take(progress)
            bar.update(task, description="Sending", total=progress.items, completed=progress.done)
            if not console.is_terminal:
                # No bar is drawn in a log, and a push of a whole country takes its time.
                typer.echo(f"{progress.done:,} of {progress.items:,} sent", err=True)


def _tell(pushed: Pushed, rejected: Path | None) -> None:
    # Before anything is said: whoever reads the beginning alone closes the pipe.
    written: list[Path] = []
    failed: str | None = None
    if rejected is not None and pushed.rejected:
        try:
            written = pushed.write_rejected(rejected)
        except (OSError, BadSource) as error:
            failed = f"{rejected} could not be written: {error}"
    console = Console()
    show_counts(pushed.counts, console)
    if pushed.removed is not None:
        console.print(f"Ended, since they were missing: {pushed.removed:,}")
    if not pushed.rejected:
        return
    show_rejected(pushed.in_order(), console)
    if "REFUSED" in pushed.states or (pushed.whole and not pushed.states):
        console.print("Nothing was kept.", style="bold red")
    for path in written:
        console.print(f"To be corrected: {path}", soft_wrap=True, highlight=False, markup=False)
    if failed is not None:
        raise stop(failed)
    raise typer.Exit(SOME_REJECTED)


def _show_removals(refused: ManyRemovals) -> None:
    typer.echo(f"The snapshot would end {refused.count:,} records that are missing in it, among them:", err=True)
    for each in refused.removals[:20]:
        typer.echo(f"  {each}", err=True)


def register(cli: typer.Typer) -> None:
    cli.command()(push)
