"""``topform serve``: the database, the API with the app, and the workers, as one program."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

import topform
from topform.core.errors import SetupError, TopFormError
from topform.entrypoints.cli.output import JsonOption, explained, print_json, stderr, stdout
from topform.entrypoints.interruption import Interruption
from topform.platform.database import Database
from topform.platform.embedded_postgres import EmbeddedPostgres
from topform.platform.job_runner import forget_workers
from topform.platform.jobs import DEFAULT_QUEUE, TRAINING_QUEUE, VIDEO_QUEUE
from topform.platform.logs import configure_logging
from topform.platform.migrations import upgrade
from topform.platform.objects import ObjectStore
from topform.platform.running import HeldDataDirectory, embedded_postgres, hold_data_directory
from topform.platform.settings import Settings, load_settings
from topform.platform.supervisor import Program, Supervisor, address_of, listen

READY_TIMEOUT_S = 60.0
READY_POLL_S = 0.05
CRASHES_BEFORE_GIVING_UP = 3
DATABASE_POLL_S = 0.5
RETRY_DATABASE_S = 5.0

Say = Callable[[str], None]
app = typer.Typer(add_completion=False)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; 0.0.0.0 for the whole network.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", min=0, max=65535)] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Where everything is kept.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Start the database, the API, the workers and the app, and keep them running until Ctrl-C."""
    say = stderr.print if as_json else stdout.print
    with explained(as_json=as_json):
        settings = load_settings(host=host, port=port, data_dir=data_dir, web_dir=_web_dir())
        configure_logging(log_format=settings.log_format, level=settings.log_level)
        interruption = Interruption()
        with contextlib.suppress(KeyboardInterrupt), interruption.raised():
            _run(settings, interruption, say, as_json=as_json)
        say("TopForm has stopped.")


def _web_dir() -> Path | None:
    """Return the app built in this checkout, or the one inside the installed package, unless the settings name one."""
    package = Path(topform.__file__).parent
    for built in (package.parents[1] / "app" / "dist", package / "_web"):
        if "TOPFORM_WEB_DIR" not in os.environ and (built / "index.html").is_file():
            return built
    return None


def _run(settings: Settings, interruption: Interruption, say: Say, *, as_json: bool) -> None:
    with ExitStack() as held:
        interruption.check()
        directory = held.enter_context(hold_data_directory(settings.data_dir, role="server"))
        listener = held.enter_context(contextlib.closing(listen(settings.host, settings.port)))
        postgres: EmbeddedPostgres | None = None
        if settings.database_url is None:
            say(f"Starting the database in {escape(str(settings.data_dir))}")
            postgres = embedded_postgres(settings, say=say)
            held.callback(_stop_database, postgres, say)
            url = postgres.start()
        else:
            url = settings.database_url.get_secret_value()
        interruption.check()
        held.callback(interruption.ignore_further)  # the loop takes its handlers along when it ends
        server = _Server(settings, directory, listener, postgres, url, say)
        asyncio.run(server.run(interruption, as_json=as_json))


def _stop_database(postgres: EmbeddedPostgres, say: Say) -> None:
    if postgres.pid is not None:
        say("Stopping the database")
    postgres.stop()


class _Server:
    """One run of ``topform serve``."""

    def __init__(
        self,
        settings: Settings,
        directory: HeldDataDirectory,
        listener: socket.socket,
        postgres: EmbeddedPostgres | None,
        database_url: str,
        say: Say,
    ) -> None:
        self._settings = settings
        self._directory = directory
        self._listener = listener
        self._postgres = postgres
        self._database_url = database_url
        self._say = say
        self._address = address_of(listener)
        self._supervisor = Supervisor(say=say)
        self._stopping = asyncio.Event()

    async def run(self, interruption: Interruption, *, as_json: bool) -> None:
        loop = asyncio.get_running_loop()
        for sent in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sent, self._interrupted)
        if interruption.is_asked:
            return
        try:
            await self._prepare()
            tasks = [asyncio.create_task(self._stopping.wait()), asyncio.create_task(self._start(as_json=as_json))]
            if self._postgres is not None:
                tasks.append(asyncio.create_task(self._keep_database(self._postgres)))
            await self._until_stopped(tasks)
        finally:
            self._directory.announce(None)
            await self._supervisor.stop()

    async def _until_stopped(self, tasks: list[asyncio.Task[Any]]) -> None:
        stopped = tasks[0]
        pending: set[asyncio.Task[Any]] = set(tasks)
        try:
            while not stopped.done():
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        finally:
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)

    def _interrupted(self) -> None:
        if self._stopping.is_set():
            self._supervisor.kill()  # asked twice: no more time of grace
            return
        self._say("\nStopping the API and the workers (Ctrl-C again to force)")
        self._stopping.set()

    async def _prepare(self) -> None:
        database = Database(self._database_url, pool_size=2, application_name="topform-serve")
        try:
            await database.require()
            await upgrade(database)
            if self._postgres is not None:
                await forget_workers(database)  # the database was down: no worker of it can be alive
        finally:
            await database.close()
        ObjectStore.from_settings(self._settings).clean_staging()

    async def _start(self, *, as_json: bool) -> None:
        self._say("Starting the API")
        for program in self._api():
            self._supervisor.start(program)
        await self._until_ready()
        self._directory.announce(self._address)
        if as_json:
            print_json({"address": self._address, "data_dir": str(self._settings.data_dir), "pid": os.getpid()})
            sys.stdout.flush()
        self._say(f"[bold green]TopForm is ready:[/] open [bold]{self._address}[/] (Ctrl-C stops it)")
        # After the API, which would otherwise share the processor with them while a person waits for it.
        for program in self._workers():
            self._supervisor.start(program)

    def _environment(self) -> dict[str, str]:
        settings = self._settings
        return {
            "TOPFORM_DATABASE_URL": self._database_url,
            "TOPFORM_DATA_DIR": str(settings.data_dir),
            "TOPFORM_HOST": settings.host,
            "TOPFORM_PORT": str(self._listener.getsockname()[1]),
            **({} if settings.web_dir is None else {"TOPFORM_WEB_DIR": str(settings.web_dir)}),
        }

    def _api(self) -> Iterator[Program]:
        descriptor = self._listener.fileno()
        arguments = [sys.executable, "-m", "topform.entrypoints.api_process", "--descriptor", str(descriptor)]
        for number in range(1, self._settings.api_processes + 1):
            name = "API" if number == 1 else f"API ({number})"
            yield Program(name, arguments, self._environment(), descriptors=[descriptor])

    def _workers(self) -> Iterator[Program]:
        # Videos have a process of their own: they take long, and one that crashes takes no import with it.
        for name, queue in (("worker", f"{DEFAULT_QUEUE},{TRAINING_QUEUE}"), ("video worker", VIDEO_QUEUE)):
            arguments = [sys.executable, "-m", "topform.entrypoints.worker", "--queues", queue]
            yield Program(name, arguments, self._environment())

    async def _until_ready(self) -> None:
        host, port = self._listener.getsockname()[:2]
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        deadline = asyncio.get_running_loop().time() + READY_TIMEOUT_S
        while not await asyncio.to_thread(_answers, host, port):
            if self._supervisor.crashes("API") >= CRASHES_BEFORE_GIVING_UP:
                raise SetupError("The API cannot start.", remedy="The reason is printed above.")
            if asyncio.get_running_loop().time() > deadline:
                raise SetupError(
                    f"The API was not ready after {READY_TIMEOUT_S:.0f} seconds.", remedy="See what it printed above."
                )
            await asyncio.sleep(READY_POLL_S)

    async def _keep_database(self, postgres: EmbeddedPostgres) -> None:
        delay_s = DATABASE_POLL_S
        while True:
            await asyncio.sleep(delay_s)
            delay_s = DATABASE_POLL_S
            if postgres.pid is not None:
                continue
            self._say("The database has ended unexpectedly; starting it again")
            try:
                await asyncio.to_thread(postgres.start)
            except (TopFormError, OSError) as error:  # such as a full disk: somebody will make room
                self._say(f"The database cannot start ({escape(str(error))}); trying again in {RETRY_DATABASE_S:.0f} s")
                delay_s = RETRY_DATABASE_S


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
