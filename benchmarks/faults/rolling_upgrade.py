"""The former release serves on while the next one migrates its database and takes over: what people notice of it.

    python -m benchmarks.faults.rolling_upgrade [--from COMMIT] [--clients 8] [--seconds 30] [--results FOLDER]

The former program (the last tag before this commit, or the last commit with fewer migrations) is taken out of the
history of this checkout and runs with the packages that are installed. People import, edit, plan and post with it; then
this checkout brings the database to its newest schema while they go on, starts beside it, and after a while the former
program is stopped. As with Kubernetes, the proxy sends nobody to a process that is being stopped. Compared at the end,
as after killed processes: what was acknowledged is there once, and nothing was refused.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from benchmarks.faults.writers import Told, Writer, lost_and_doubled, repeated, until_drained
from benchmarks.support import REPOSITORY, write_result
from tests.support.running_server import PASSWORD, free_port

from topform.platform.embedded_postgres import EmbeddedPostgres

HERE = Path(__file__).resolve().parent
MIGRATIONS = "src/topform/platform/migrations/versions"
READY_S = 90.0
DRAIN_S = 120.0


def git(*arguments: str) -> str:
    """Return what git says of this checkout."""
    done = subprocess.run(["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def newest_migration(commit: str) -> str:
    """Return the name of the newest migration of a commit."""
    return max(Path(line).name for line in git("ls-tree", "--name-only", commit, f"{MIGRATIONS}/").splitlines())


def former_release() -> str:
    """Return the last tag before this commit, or the last commit whose database is older."""
    tags = git("tag", "--list", "v*", "--sort=-v:refname", "--merged", "HEAD~1").splitlines()
    if tags:
        return tags[0]
    newest = newest_migration("HEAD")
    for commit in git("log", "--format=%H", "--diff-filter=A", "--", MIGRATIONS).splitlines():
        if newest_migration(f"{commit}~1") < newest:
            return git("rev-parse", f"{commit}~1")
    raise SystemExit("no commit of this checkout has an older database")


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """Lend the source of a commit."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        place = Path(folder) / "former"
        git("worktree", "add", "--detach", str(place), commit)
        try:
            yield place
        finally:
            git("worktree", "remove", "--force", str(place))


class Program:
    """API and worker of one version."""

    def __init__(self, source: Path, environment: dict[str, str], log: Path) -> None:
        self.port = free_port()
        self._log = log.open("a+b")
        self._environment = {
            **environment,
            "PYTHONPATH": str(source / "src"),
            "TOPFORM_PORT": str(self.port),
        }
        self._source = source
        self._parts: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        """Where its API answers."""
        return f"http://127.0.0.1:{self.port}"

    def run(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one of its modules."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=self._environment, cwd=self._source, stdout=subprocess.DEVNULL, stderr=self._log,
        )  # fmt: skip

    def migrate(self) -> None:
        """Bring the database to its schema."""
        if self.run("topform.entrypoints.migrate").wait(READY_S) != 0:
            raise SystemExit("the migration failed")

    async def start(self) -> None:
        """Start API and worker and wait until the API is ready."""
        self._parts = [self.run("topform.entrypoints.api_process"), self.run("topform.entrypoints.worker")]
        async with httpx.AsyncClient() as http:
            deadline = time.monotonic() + READY_S
            while time.monotonic() < deadline and all(part.poll() is None for part in self._parts):
                try:
                    if (await http.get(f"{self.url}/readyz")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        self._log.seek(0)
        raise SystemExit(f"the API did not become ready: {self._log.read().decode()[-2000:]}")

    def errors(self) -> list[str]:
        """Return what it wrote into its log as errors, and which exceptions these were."""
        lines = Path(self._log.name).read_text(encoding="utf-8", errors="replace").splitlines()
        told = [json.loads(line) for line in lines if line.startswith("{") and '"level": "error"' in line]
        return [f"{one['event']} ({', '.join(e['exc_type'] for e in one.get('exception', []))})" for one in told][:10]

    def stop(self) -> None:
        """End it as an orchestrator does."""
        for part in self._parts:
            part.terminate()
        for part in self._parts:
            part.wait(60)
        self._parts = []
        self._log.close()


class Doors:
    """The addresses that clients use next, as a proxy in front would choose."""

    def __init__(self, *urls: str) -> None:
        self.urls, self._turn = list(urls), 0

    def __iter__(self) -> Doors:
        return self

    def __next__(self) -> str:
        self._turn += 1
        return self.urls[self._turn % len(self.urls)]


async def signed_up(url: str, doors: Doors, told: Told, number: int) -> Writer:
    """Return a person who signed up with the former program, whose tables this one does not know."""
    person = {
        "email": f"p{number}@example.org",
        "password": PASSWORD,
        "display_name": "P",
        "time_zone": "Europe/Berlin",
    }
    async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=60) as http:
        answer = await http.post("/accounts", json=person)
        assert answer.status_code == 201, answer.text
        token = answer.json()["token"]
        me = await http.get("/athletes/me", headers={"Authorization": f"Bearer {token}"})
    writer = Writer(doors, me.json()["id"], token, told, seed=number)
    answer = await writer.ask("PUT", "/community/me", json={"handle": f"person_{number}", "name": "Person"})
    assert answer.status_code == 200, answer.text
    return writer


async def upgraded(folder: Path, url: str, former_source: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Let people work through the upgrade and compare."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")}
    own = {"TOPFORM_DATABASE_URL": url, "TOPFORM_DATA_DIR": str(folder),
           "TOPFORM_PROVIDERS__INTERVALS__ENABLED": "false"}  # fmt: skip
    former = Program(former_source, {**clean, **own}, folder / "former.log")
    current = Program(REPOSITORY, {**clean, **own}, folder / "current.log")
    told, doors = Told(), Doors(former.url)
    try:
        former.migrate()
        await former.start()
        writers = [await signed_up(former.url, doors, told, number) for number in range(options.clients)]
        await asyncio.gather(*(writer.prepare() for writer in writers))
        until = time.time() + options.seconds
        writing = [asyncio.create_task(writer.run(until, pause_s=0.5)) for writer in writers]
        await asyncio.sleep(options.seconds / 4)
        began = time.monotonic()
        await asyncio.to_thread(current.migrate)
        migrated_s = round(time.monotonic() - began, 2)
        await asyncio.sleep(options.seconds / 4)  # the former program alone, on the new schema
        await current.start()
        doors.urls.append(current.url)
        await asyncio.sleep(options.seconds / 8)  # both
        doors.urls.remove(former.url)
        await asyncio.sleep(1.0)
        await asyncio.to_thread(former.stop)
        await asyncio.gather(*writing)
        drained_s = await until_drained(url, patience_s=DRAIN_S)
        errors = [in_short(line) for line in (*former.errors(), *current.errors())]
        return (
            await compared(url, writers, told)
            | {"logged_errors": errors}
            | {"migrated_s": migrated_s, "drained_s": drained_s}
        )
    finally:
        former.stop()
        current.stop()


def in_short(error: str) -> str:
    """Return what was logged without where the programs lie on this machine."""
    return error.replace(sys.prefix, "...").replace(str(REPOSITORY), "...")


async def compared(url: str, writers: list[Writer], told: Told) -> dict[str, Any]:
    """Return what was lost, doubled, or refused."""
    differing = await repeated(writers, each=5)
    lost, doubled = lost_and_doubled(url, writers)
    for writer in writers:
        await writer.close()
    return {
        "acknowledged_writes": told.acknowledged.total(),
        "lost": lost,
        "done_twice": doubled,
        "repeated_with_another_answer": differing,
        "refused": dict(told.refusals),
        "unclear_answers": told.unclear[:20],
        "broken_connections": told.broken_connections,
    }


def main() -> None:
    """Upgrade, compare, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="former", help="the commit or tag of the former release")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=30.0, help="how long people write")
    parser.add_argument("--results", type=Path, default=HERE / "results")
    options = parser.parse_args()
    commit = git("rev-parse", options.former or former_release())
    with checked_out(commit) as source, tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o711)
        postgres = EmbeddedPostgres(folder)
        try:
            document = asyncio.run(upgraded(folder, postgres.start(), source, options))
        finally:
            postgres.stop()
    schemas = [re.sub(r"_.*", "", newest_migration(one)) for one in (commit, "HEAD")]
    document = {"former": commit, "schemas": schemas, "clients": options.clients, **document}
    print(
        f"from schema {schemas[0]} to {schemas[1]} in {document['migrated_s']} s: {document['acknowledged_writes']} "
        f"acknowledged writes, {len(document['lost'])} lost, {len(document['done_twice'])} twice, refused: "
        f"{document['refused'] or 'none'}, unclear: {len(document['unclear_answers'])} (wanted: 0, 0, none, 0)"
    )
    for line in (*document["lost"], *document["done_twice"], *document["unclear_answers"], *document["logged_errors"]):
        print("  ", line)
    print(write_result(options.results, "rolling_upgrade", document))


if __name__ == "__main__":
    main()
