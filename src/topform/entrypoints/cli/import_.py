"""``topform import PATH...``: files, folders and archives into an athlete's stored activities."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import multiprocessing
import os
import signal
import sys
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from topform.core.clock import SystemClock
from topform.core.errors import InvalidInputError, NoActivityError, NotFoundError, TopFormError
from topform.core.ids import AthleteId
from topform.entrypoints.cli.mapping_input import read_mapping_document
from topform.entrypoints.cli.output import JsonOption, explained, print_json, stderr, stdout
from topform.entrypoints.reactions import REACTIONS
from topform.features.accounts.public import add_local_athlete
from topform.features.activities.drafts import ActivityDraft
from topform.features.activities.exported import add_daily_values, exports_of, name_activities, tell_about
from topform.features.activities.importing import ActivityImport
from topform.features.athletes.public import Athlete, find_athlete, first_athletes
from topform.features.jobs.public import FileOutcome
from topform.formats.findings import counted
from topform.platform.database import Database
from topform.platform.logs import configure_logging
from topform.platform.objects import ObjectStore
from topform.platform.running import connect_or_start
from topform.platform.settings import Settings, load_settings
from topform.platform.web.resources import Resources
from topform.providers.folder import (
    ActivityNames,
    DailyValuesFile,
    Item,
    LeftFile,
    RejectedFile,
    SourceFile,
    count_by_ending,
    export_items,
)

LOCAL_EMAIL = "athlete@topform.local"
LISTED_WHOLE = 40
LISTED_ENDINGS = 8
POOL_AFTER_FILES = 4
MAX_WORKERS = 8
INTERRUPTED = 128 + signal.SIGINT
BATCH_FILES = 25
"""Files that share a transaction."""

MAX_BATCH_BYTES = 16 * 2**20
MAX_WAITING_BYTES = 48 * 2**20
ZONE_LINK = Path("/etc/localtime")
DAMAGE = frozenset(
    {"checksum_missing", "checksum_wrong", "document_damaged", "file_truncated", "header_damaged", "part_damaged"}
)
"""Warnings of files that were read up to some damage; not listed are devices that leave the end of a file out."""

COLOURS = {"imported": "green", "merged": "cyan", "duplicate": "dim", "rejected": "red"}

app = typer.Typer(add_completion=False)
Notify = Callable[[FileOutcome], None]


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose activities they become; the password is set only when the account was made here."""

    athlete: Athlete
    password: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "id": self.athlete.id,
            "email": self.athlete.email,
            "created": self.password is not None,
        }


@dataclass(slots=True)
class Report:
    """What became of every file, and what was left alone of folders and archives."""

    owner: Owner
    files: list[FileOutcome] = field(default_factory=list)
    left: list[LeftFile] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def values_found(self) -> int:
        """How many daily values of body and sleep the files hold."""
        return sum(outcome.daily_values or 0 for outcome in self.files)

    @property
    def values_changed(self) -> int:
        """How many of them were new or changed."""
        return sum(outcome.daily_values_changed or 0 for outcome in self.files)

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        counts = Counter[str](outcome.outcome for outcome in self.files)
        return {
            "athlete": self.owner.as_dict(),
            "files": [outcome.model_dump(mode="json") for outcome in self.files],
            "skipped": [file.as_dict() for file in self.left],
            "summary": {outcome: counts[outcome] for outcome in COLOURS},
            "daily_values": {"found": self.values_found, "changed": self.values_changed},
            "seconds": round(self.seconds, 2),
        }


@app.command("import")
def import_command(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders or zip archives.", show_default=False)],
    athlete: Annotated[str | None, typer.Option(help="Email address of the account.", metavar="EMAIL")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Where everything is kept.")] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="JSON that says what the columns of tables hold.", metavar="MAPPING.json")
    ] = None,
    scale_user: Annotated[
        int | None, typer.Option(help="Which user of a scale you are, when several people use it.", min=0)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Import activities and exports of platforms; importing the same files again changes nothing.

    Uses the running server's database, or starts the database for as long as the command runs.
    """
    with explained(as_json=as_json):
        columns = None if mapping is None else read_mapping_document(mapping)
        settings = load_settings(data_dir=data_dir)
        configure_logging(log_format=settings.log_format, level="warning")
        try:
            with _decoders() as decoders, _Counting() as (say, notify):
                report = asyncio.run(
                    _import(settings, paths, athlete, decoders, columns, scale_user, say=say, notify=notify)
                )
        except KeyboardInterrupt:
            stderr.print("Stopped. What was imported is stored; the same command goes on where this one stopped.")
            raise typer.Exit(INTERRUPTED) from None
        failure = _failure(report)
        _tell_password(report.owner, stderr if as_json else stdout)
        if as_json:
            document = report.as_dict()
            print_json(document if failure is None else {"error": failure.as_dict(), **document})
        else:
            _show(report, paths)
        if failure is not None:
            raise typer.Exit(1)


def _failure(report: Report) -> TopFormError | None:
    """Return why the command as a whole failed: a path that was named is missing, or nothing could be imported."""
    if not report.files:
        return NoActivityError(
            "No activity files and no exports were found.",
            remedy="Name FIT, TCX or GPX files, folders or zip archives of them, or the export of a platform.",
        )
    missing = [outcome for outcome in report.files if outcome.code == NotFoundError.code]
    if not missing and any(outcome.outcome != "rejected" for outcome in report.files):
        return None
    first = (missing or report.files)[0]
    failure = InvalidInputError(
        first.message or "The file was rejected.",
        remedy=first.remedy,
        file=first.name,
        offset_bytes=first.offset_bytes,
    )
    failure.code = first.code or failure.code  # type: ignore[misc]
    return failure


class _Counting:
    """A line on stderr that counts files while the command runs; yields how to say and how to count."""

    def __init__(self) -> None:
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("[progress.description]{task.description}"),
            TextColumn("{task.completed} files"),
            TimeElapsedColumn(),
            console=stderr,
            transient=True,
        )
        self._task = self._bar.add_task("Importing", total=None)

    def __enter__(self) -> tuple[Callable[[str], None], Notify]:
        self._bar.start()
        return self._say, self._notify

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _say(self, sentence: str) -> None:
        self._bar.update(self._task, description=sentence)

    def _notify(self, outcome: FileOutcome) -> None:
        name = Path(outcome.name).name
        self._bar.update(self._task, advance=1, description=f"Importing {escape(name[:50])}")


async def _import(
    settings: Settings,
    paths: Sequence[Path],
    email: str | None,
    decoders: Executor | None,
    mapping: Mapping[str, Any] | None,
    scale_user: int | None,
    *,
    say: Callable[[str], None],
    notify: Notify,
) -> Report:
    began = time.monotonic()
    async with connect_or_start(settings, say=say, reactions=REACTIONS, may_create=email is None) as database:
        owner = await _owner(database, email)
        resources = Resources(settings, database, ObjectStore.from_settings(settings), SystemClock())
        report = Report(owner)
        with ExitStack() as pools:
            importing = ActivityImport(resources, AthleteId(owner.athlete.id), executor=decoders, mapping=mapping)
            exports = await exports_of(resources, importing.athlete_id, scale_user=scale_user)
            async for outcome in _outcomes(
                importing, export_items(paths, exports=exports, leave=report.left.append), pools
            ):
                report.files.append(outcome)
                notify(outcome)
    report.seconds = time.monotonic() - began
    return report


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A file on its way: being decoded, or found to be stored already."""

    found: Item
    drafting: asyncio.Task[ActivityDraft] | None

    @property
    def size_bytes(self) -> int:
        return len(self.found.content) if isinstance(self.found, SourceFile) else 0


async def _outcomes(importing: ActivityImport, files: Iterator[Item], pools: ExitStack) -> AsyncIterator[FileOutcome]:
    """Decode files ahead in other processes, and store them in batches in their order."""
    waiting: deque[_Waiting] = deque()
    stored = await importing.stored_digests()
    seen = 0
    while (found := await asyncio.to_thread(next, files, None)) is not None:
        seen += 1
        if seen == POOL_AFTER_FILES and importing.executor is None and _cores() > 1:
            context = multiprocessing.get_context("spawn")
            importing.executor = pools.enter_context(
                ProcessPoolExecutor(_cores(), mp_context=context, initializer=_leave_interrupts_to_parent)
            )
        waiting.append(_begin(importing, found, stored))
        while len(waiting) > 2 * BATCH_FILES or sum(one.size_bytes for one in waiting) > MAX_WAITING_BYTES:
            for outcome in await _store_next(importing, waiting):
                yield outcome
    while waiting:
        for outcome in await _store_next(importing, waiting):
            yield outcome


def _cores() -> int:
    return min(os.cpu_count() or 1, MAX_WORKERS)


@contextmanager
def _decoders() -> Iterator[Executor | None]:
    """Yield processes that decode, where they can be forked: at once, sharing what this one has loaded.

    Only Linux, and only before this process has threads of its own; elsewhere they are started when there is enough
    to do.
    """
    if sys.platform != "linux" or _cores() == 1:
        yield None
        return
    gc.collect()
    gc.freeze()  # what is loaded stays shared: no collection writes to its pages
    with ProcessPoolExecutor(
        _cores(), mp_context=multiprocessing.get_context("fork"), initializer=_leave_interrupts_to_parent
    ) as pool:
        pool.submit(os.getpid).result()
        yield pool


def _leave_interrupts_to_parent() -> None:
    """Go on when the terminal sends an interrupt to all processes: the command itself stops, in its own order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _begin(importing: ActivityImport, found: Item, stored: Set[str]) -> _Waiting:
    if not isinstance(found, SourceFile) or hashlib.sha256(found.content).hexdigest() in stored:
        return _Waiting(found, None)
    return _Waiting(found, asyncio.create_task(importing.draft(file_name=found.name, content=found.content)))


async def _store_next(importing: ActivityImport, waiting: deque[_Waiting]) -> list[FileOutcome]:
    """Store the next file, and with it those behind it that can share its transaction."""
    batch: list[tuple[ActivityDraft, bytes]] = []
    files: list[SourceFile] = []
    batch_bytes = 0
    while waiting and len(batch) < BATCH_FILES and batch_bytes <= MAX_BATCH_BYTES:
        first = waiting[0]
        if first.drafting is None or not isinstance(first.found, SourceFile):
            break
        try:
            batch.append((await first.drafting, first.found.content))
        except TopFormError:
            break
        files.append(first.found)
        batch_bytes += waiting.popleft().size_bytes
    if batch:
        outcomes = await importing.store_many(batch)
        await _tell_about(importing, files, outcomes)
        return outcomes
    return await _store_alone(importing, waiting.popleft())


async def _tell_about(importing: ActivityImport, files: Sequence[Item], outcomes: Sequence[FileOutcome]) -> None:
    """Write what the platform of an export knows about the activities."""
    abouts = [
        (activity_id, found.about)
        for found, outcome in zip(files, outcomes, strict=True)
        if isinstance(found, SourceFile) and found.about is not None
        for activity_id in outcome.activity_ids
    ]
    if abouts:
        async with importing.resources.database.transaction() as session:
            await tell_about(session, importing.athlete_id, abouts, now=importing.resources.clock.now())


async def _store_alone(importing: ActivityImport, one: _Waiting) -> list[FileOutcome]:
    """Say what becomes of a file that was refused, is stored already, could not be read, or is no activity."""
    found = one.found
    if isinstance(found, ActivityNames):
        await name_activities(importing.resources, importing.athlete_id, found)
        return []
    if isinstance(found, DailyValuesFile):
        return [await add_daily_values(importing.resources, importing.athlete_id, found)]
    if isinstance(found, RejectedFile):
        return [await importing.reject(file_name=found.name, error=found.error)]
    if one.drafting is None:
        outcome = await importing.add(file_name=found.name, content=found.content)
        await _tell_about(importing, [found], [outcome])
        return [outcome]
    failure = one.drafting.exception()
    assert isinstance(failure, TopFormError)
    return [await importing.reject(file_name=found.name, error=failure)]


async def _owner(database: Database, email: str | None) -> Owner:
    async with database.transaction() as session:
        if email is not None:
            athlete = await find_athlete(session, email)
            if athlete is None:
                raise NotFoundError(
                    f"There is no account {email}.", remedy="Sign up in the app first, or leave out --athlete."
                )
            return Owner(athlete)
        known = await first_athletes(session, 2)
        if len(known) > 1:
            raise InvalidInputError(
                "There is more than one account.", remedy="Say whose activities these are with --athlete EMAIL."
            )
        if known:
            return Owner(known[0])
        athlete, password = await add_local_athlete(
            session,
            email=LOCAL_EMAIL,
            display_name="Athlete",
            time_zone=_machine_time_zone(),
            now=SystemClock().now(),
        )
        return Owner(athlete, password)


def _machine_time_zone() -> str:
    """Return the zone that this machine is set to, UTC when it does not say."""
    configured = os.environ.get("TZ", "").lstrip(":")
    linked = str(ZONE_LINK.resolve()).partition("/zoneinfo/")[2] if ZONE_LINK.is_symlink() else ""
    from zoneinfo import available_timezones

    return next((name for name in (configured, linked) if name in available_timezones()), "UTC")


def _tell_password(owner: Owner, console: Console) -> None:
    """Say how to sign in to an account that was made here; a document that is kept must not hold it."""
    if owner.password is not None:
        console.print(
            f"Made the account [bold]{owner.athlete.email}[/] with the password "
            f"[bold]{owner.password}[/]; sign in with them. The password is not shown again.",
            soft_wrap=True,
        )


def _show(report: Report, paths: Sequence[Path]) -> None:
    shown = (
        report.files
        if len(report.files) <= LISTED_WHOLE
        else [one for one in report.files if one.outcome in ("rejected", "merged") or _is_damaged(one)]
    )
    for outcome in shown:
        colour = COLOURS[outcome.outcome]
        stdout.print(f"[{colour}]{outcome.outcome:9}[/] {escape(_short(outcome.name, paths))}")
        for reason in _reasons(outcome):
            stdout.print(f"{'':9} [dim]{escape(reason)}[/]")
    counts = Counter[str](outcome.outcome for outcome in report.files)
    parts = [f"[{COLOURS[outcome]}]{counts[outcome]} {outcome}[/]" for outcome in COLOURS if counts[outcome]]
    stdout.print(f"{', '.join(parts) or 'No activity files found'} in {report.seconds:.1f} s")
    if report.left:
        stdout.print(f"[dim]{_left_alone(report.left)}[/]", soft_wrap=True)
    if report.values_found:
        stdout.print(f"{report.values_found} daily values of body and sleep, {report.values_changed} of them new")


def _left_alone(files: Sequence[LeftFile]) -> str:
    """Return how many files were left alone, by their endings."""
    counts = [f"{count} {ending or 'without an ending'}" for ending, count in count_by_ending(files).items()]
    more = ["..."] if len(counts) > LISTED_ENDINGS else []
    told = escape(", ".join(counts[:LISTED_ENDINGS] + more))
    return f"{counted(len(files), 'other file')} left alone: {told}; --json names each with the reason"


def _short(name: str, paths: Sequence[Path]) -> str:
    """Return the name without the folder that was named on the command line."""
    for path in paths:
        if path.is_dir() and Path(name).is_relative_to(path):
            return str(Path(name).relative_to(path))
    return name


def _reasons(outcome: FileOutcome) -> list[str]:
    if outcome.outcome == "rejected":
        reason = f"{outcome.message} ({outcome.code}{_place(outcome.offset_bytes)})"
        return [reason, *([outcome.remedy] if outcome.remedy else [])]
    values = [] if outcome.daily_values is None else [f"{outcome.daily_values} daily values of body and sleep"]
    told = [f"{warning.message}{_place(warning.offset_bytes, before=' (', after=')')}" for warning in outcome.warnings]
    return [*values, *told]


def _is_damaged(outcome: FileOutcome) -> bool:
    """Say whether a file was read up to some damage, which its owner should know."""
    return any(warning.code in DAMAGE for warning in outcome.warnings)


def _place(offset_bytes: int | None, *, before: str = ", ", after: str = "") -> str:
    """Return where in the file something is wrong, nothing where that is not known."""
    return "" if offset_bytes is None else f"{before}byte {offset_bytes}{after}"
