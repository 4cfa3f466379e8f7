"""Thousands of requests made from the OpenAPI document, for each family of endpoints.

    python -m benchmarks.faults.api_fuzz [--requests 5000] [--family activities] [--seed 0]

Schemathesis makes valid and invalid requests from the document that the server itself gives out; an API process and a
worker answer them on a PostgreSQL of their own. Wanted: no server error, and no answer whose status, content type or
shape the document does not promise. They come from a signed-in administrator with an activity; when a request ends the
session or erases the account, somebody new goes on. A family that is run again replaces its row in the stored result.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import itertools
import json
import os
import random
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import httpx
import schemathesis
from benchmarks.speed.api_load import own_database
from benchmarks.support import write_result
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.support.postgres import migrate
from tests.support.running_server import RunningServer, free_port
from tests.support.workouts import Ride

from topform.core.clock import SystemClock
from topform.core.ids import AthleteId
from topform.features.accounts.public import Sessions, set_role
from topform.features.athletes.public import add_athlete
from topform.platform.database import Database
from topform.platform.objects import ObjectStore
from topform.platform.settings import Settings
from topform.platform.web.identity import Role
from topform.platform.web.resources import Resources

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
MAX_ROUNDS = 4000
KNOWN_SHARE = 0.7
PATIENCE_S = 120
API = "topform.entrypoints.api_process"
HERE = Path(__file__).resolve().parent


class KnownIds:
    """Ids that answers have named, by the collection that they belong to, so that requests meet what exists."""

    def __init__(self, first_seed: int) -> None:
        self._rng = random.Random(first_seed)
        self._ids: dict[str, list[str]] = defaultdict(list)

    def learn(self, path: str, answer: Any) -> None:
        """Remember the ids of an answer under every collection that its path lies in."""
        kind = answer.headers.get("content-type", [""])[0]
        if answer.status_code >= 300 or not kind.startswith("application/json") or not answer.content:
            return
        document = json.loads(answer.content)
        items = document.get("items", [document]) if isinstance(document, dict) else []
        found = [str(item["id"]) for item in items if isinstance(item, dict) and "id" in item]
        parts = path.partition("{")[0].rstrip("/").split("/")
        for end in range(4, len(parts) + 1):
            self._ids["/".join(parts[:end]) + "/"] += found

    def put_into(self, case: Any) -> None:
        """Name something that exists in most requests that name something."""
        prefix, _, rest = case.operation.path.partition("{")
        name = rest.partition("}")[0]
        known = self._ids.get(prefix)
        if known and name in case.path_parameters and self._rng.random() < KNOWN_SHARE:
            case.path_parameters[name] = self._rng.choice(known[-20:])


class People:
    """Signs in somebody new whenever the person before has lost the session."""

    def __init__(self, server: RunningServer) -> None:
        self._server = server
        self._numbers = itertools.count(1)
        self.headers: dict[str, str] = {}

    def require_signed_in(self) -> None:
        """Ask who one is, and become somebody new when that is nobody any more."""
        if (
            self.headers
            and httpx.get(
                f"{self._server.url}/api/v1/athletes/me", headers=self.headers, timeout=PATIENCE_S
            ).status_code
            == 200
        ):
            return
        self.headers = {"Authorization": f"Bearer {asyncio.run(self._new_session(next(self._numbers)))}"}
        ride = {"file": ("ride.fit", Ride(seconds=60).as_fit())}
        httpx.post(
            f"{self._server.url}/api/v1/activities/uploads", files=ride, headers=self.headers, timeout=PATIENCE_S
        )

    async def _new_session(self, number: int) -> str:
        settings = Settings(data_dir=self._server.data_dir, database_url=self._server.database_url)
        database = Database(self._server.database_url)
        try:
            resources = Resources(settings, database, ObjectStore.from_settings(settings), SystemClock())
            async with database.transaction() as session:
                athlete = await add_athlete(
                    session, email=f"person{number}@example.org", display_name="Person", time_zone="Europe/Berlin",
                    units="metric", language="en", now=resources.clock.now(),
                )  # fmt: skip
                assert athlete is not None
                await set_role(session, AthleteId(athlete.id), Role.ADMIN, actor=None, now=resources.clock.now())
                _, tokens = await Sessions(resources).open(
                    session, AthleteId(athlete.id), kind="tokens", device=None, now=resources.clock.now()
                )
            assert tokens is not None
            return tokens.token
        finally:
            await database.close()


def fuzz_family(operations: list[Any], people: People, *, requests: int, first_seed: int) -> dict[str, Any]:
    """Send at least that many requests to a family's operations, each operation about as many."""
    known = KnownIds(first_seed)
    began, sent, statuses = time.perf_counter(), Counter[str](), Counter[int]()
    failures: dict[str, dict[str, Any]] = {}

    def call(case: Any) -> None:
        sent[case.operation.label] += 1
        known.put_into(case)
        answer = case.call(headers=people.headers, timeout=PATIENCE_S)
        statuses[answer.status_code] += 1
        known.learn(case.operation.path, answer)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                _note(failures, case, answer, failure)

    for number in range(MAX_ROUNDS):
        left = requests - sent.total()
        if left <= 0:
            break
        for operation in operations:
            people.require_signed_in()
            share = settings(
                max_examples=max(5, -(-left // len(operations))),
                deadline=None,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            seed(first_seed + number)(share(given(case=operation.as_strategy())(call)))()
    return {
        "operations": len(operations),
        "requests": sent.total(),
        "fewest_for_an_operation": min(sent.values()),
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
        "server_errors": sum(count for status, count in statuses.items() if status >= 500),
        "violations": len(failures),
        "failures": list(failures.values()),
        "seconds": round(time.perf_counter() - began),
    }


def _note(failures: dict[str, dict[str, Any]], case: Any, answer: Any, failure: Failure) -> None:
    name = f"{case.operation.label}: {answer.status_code} {failure.title}"
    if name not in failures:
        failures[name] = {
            "what": name,
            "message": failure.message[:500],
            "curl": case.as_curl_command()[:1500],
            "answer": answer.content[:500].decode(errors="replace"),
        }


def by_family(schema: Any) -> dict[str, list[Any]]:
    """Return the operations under their first tag."""
    families: dict[str, list[Any]] = {}
    for operation in (found.ok() for found in schema.get_all_operations()):
        families.setdefault(operation.tags[0], []).append(operation)
    return families


def run(folder: Path, options: argparse.Namespace) -> None:
    """Start a server and fuzz the families, storing what came back after each."""
    folder.chmod(0o711)
    program = {
        "commit": _git("rev-parse", "HEAD"),
        "uncommitted_changes": _git("status", "--porcelain", "--", "src") != "",
    }
    data_dir = folder / "data"
    with own_database(data_dir, fast=True) as url:
        asyncio.run(migrate(url))
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")},
            "TOPFORM_DATABASE_URL": url,
            "TOPFORM_DATA_DIR": str(data_dir),
            "TOPFORM_PORT": str(port := free_port()),
            "TOPFORM_LOG_FORMAT": "json",
            "TOPFORM_PROVIDERS__INTERVALS__ENABLED": "false",
        }
        server = RunningServer(url, data_dir, port, environment)
        try:
            server.start_api()
            server.start_worker("--queues", "default")
            schema = schemathesis.openapi.from_url(f"{server.url}/api/openapi.json", timeout=PATIENCE_S)
            people = People(server)
            families = by_family(schema)
            for family in options.family or families:
                logged = len(_errors(server))
                row = fuzz_family(families[family], people, requests=options.requests, first_seed=options.seed)
                row["first_errors_logged"] = _errors(server)[logged : logged + 5]
                print(f"{family:22}{row['requests']:7} requests {row['server_errors']:4} server errors "
                      f"{row['violations']:4} violations {row['seconds']:6} s", flush=True)  # fmt: skip
                for failure in (*row["failures"], *row["first_errors_logged"]):
                    print("   ", json.dumps(failure, ensure_ascii=False), flush=True)
                store(family, {**row, **program}, options, families_of_the_document=len(families))
        finally:
            server.stop()


def _errors(server: RunningServer) -> list[str]:
    return [_in_short(line) for line in server.log(API).splitlines() if '"level": "error"' in line]


def _in_short(line: str) -> str:
    """Return what happened and where in the program, without where the program lies on this machine."""
    said = json.loads(line)
    if not said.get("exception"):
        return str(said["event"]).strip()
    error = said["exception"][0]
    own = [one for one in error["frames"] if "/src/topform/" in one["filename"]]
    where = f" ({own[-1]['filename'].partition('/src/')[2]}:{own[-1]['lineno']})" if own else ""
    return f"{str(said['event']).strip()}: {error['exc_type']}: {error['exc_value']}{where}"


def _git(*arguments: str) -> str:
    """Return what git says of the program under test; read before it starts, since a run outlasts many a commit."""
    said = subprocess.run(["git", *arguments], cwd=HERE.parents[1], capture_output=True, text=True, check=True)
    return said.stdout.strip()


def store(family: str, row: dict[str, Any], options: argparse.Namespace, *, families_of_the_document: int) -> None:
    """Put a family's row into the stored result."""
    options.results.mkdir(parents=True, exist_ok=True)
    with (options.results / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = options.results / "api_fuzz.json"
        earlier = json.loads(path.read_text(encoding="utf-8"))["families"] if path.is_file() else {}
        facts = {"seed": options.seed, "load_average": round(os.getloadavg()[0], 2)}
        families = {**earlier, family: {**row, **facts}}
        rows = families.values()
        document = {
            "families_fuzzed": len(families),
            "families_of_the_document": families_of_the_document,
            "requests": sum(one["requests"] for one in rows),
            "fewest_of_a_family": min(one["requests"] for one in rows),
            "server_errors": sum(one["server_errors"] for one in rows),
            "violations": sum(one["violations"] for one in rows),
            "families": families,
        }
        write_result(options.results, "api_fuzz", document)
    (options.results / ".lock").unlink(missing_ok=True)


def main() -> None:
    """Fuzz, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=5000, help="for each family")
    parser.add_argument("--family", action="append", help="only these, as the document's tags name them")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--results", type=Path, default=HERE / "results")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        run(Path(folder), options)
    print(f"wanted: 0 server errors and 0 violations in {options.requests} requests of each family")


if __name__ == "__main__":
    main()
