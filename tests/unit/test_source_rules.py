"""Our own rules for the source, on the source and on what they must find."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.support.shared_data import REPOSITORY
from tests.support.source_rules import (
    dangerous_calls,
    formatted_sql,
    lost_imports,
    owned_tables,
    trees,
    unowned_queries,
    ways_out,
)

SOURCE = REPOSITORY / "src/topform"

ACROSS_ATHLETES = {
    "features/coaches/code_repository.py": "an invitation by its code, which is the right to know of it",
    "features/community/moderation/repository.py": "what was reported, for moderators",
    "features/community/removal_repository.py": "names that moderators took away, of whomever",
    "features/community/signals/repository.py": "signals, for moderators and the server itself",
    "features/community/publishing/repository.py": "what its authors have made public, for anybody",
    "features/notices/ticket_repository.py": "receipts, which the server asks for all at once",
    "features/accounts": "the door: found by a secret's digest, or by an id that such a row has just given",
    "platform/events.py": "the hub: events are handed to the athlete they belong to",
    "platform/web/idempotency.py": "keys that are too old, of everybody",
}
"""Where queries go over everybody's rows on purpose."""
WRITTEN_SQL = {
    "formats/exports/health_connect.py": "names of tables from our own list, in a file that was uploaded",
    "platform/job_runner.py": "constants of ours",
    "platform/migrations": "constants of ours",
}
WAYS_OUT = {
    "providers/http.py": "the guarded client itself",
    "providers/public_http.py": "the guarded client for addresses that strangers name",
    "platform/objects.py": "the store of files that the operator names",
    "platform/mail.py": "the mail server that the operator names",
    "platform/tracing.py": "the collector that the operator names",
    "platform/supervisor.py": "listens for those who ask us",
    "entrypoints/api_process.py": "listens for those who ask us",
    "entrypoints/cli/serve.py": "asks our own API whether it answers",
    "entrypoints/mcp/tools.py": "asks our own API, inside the process",
}
"""All that can call another program over the network; no address in them comes from an athlete but in the guarded."""


def excused(path: Path, places: dict[str, str]) -> bool:
    return any(str(path.relative_to(SOURCE)).startswith(place) for place in places)


def test_queries_over_rows_of_athletes_say_of_which() -> None:
    tables = owned_tables(SOURCE)
    assert len(tables) > 20
    assert [
        (str(path), *found)
        for path, tree in trees(SOURCE)
        if not excused(path, ACROSS_ATHLETES)
        for found in unowned_queries(tree, tables)
    ] == []


def test_no_sql_is_put_together_from_strings() -> None:
    assert [
        (str(path), line)
        for path, tree in trees(SOURCE)
        if not excused(path, WRITTEN_SQL)
        for line in formatted_sql(tree)
    ] == []


def test_no_shell_no_unpickling_no_unsafe_yaml() -> None:
    assert [(str(path), *found) for path, tree in trees(SOURCE) for found in dangerous_calls(tree)] == []


def test_all_requests_go_through_the_guarded_clients() -> None:
    found = {str(path.relative_to(SOURCE)) for path, tree in trees(SOURCE) if any(ways_out(tree))}
    assert found == WAYS_OUT.keys()


@pytest.mark.parametrize(
    "source",
    [
        "def f(s): return s.scalars(select(PlanRow).where(PlanRow.id == plan_id))",
        "async def f(s): await s.execute(delete(PlanRow))",
        "def f(s): return s.execute(select(PlanRow.id, Other))",
    ],
)
def test_a_query_over_everybody_is_found(source: str) -> None:
    assert list(unowned_queries(ast.parse(source), frozenset({"PlanRow"})))
    owned = source.replace("def f(s)", "def f(s, athlete_id)")
    assert not list(unowned_queries(ast.parse(owned), frozenset({"PlanRow"})))


@pytest.mark.parametrize(
    "source",
    ["s.execute(f'SELECT {x}')", "text('SELECT ' + x)", "s.scalar('SELECT %s' % x)", "text('SELECT {}'.format(x))"],
)
def test_sql_from_strings_is_found(source: str) -> None:
    assert list(formatted_sql(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    ["yaml.load(x)", "pickle.loads(x)", "subprocess.run(x, shell=True)", "subprocess.run(x, shell=y)", "os.system(x)"],
)
def test_dangerous_calls_are_found(source: str) -> None:
    assert list(dangerous_calls(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "import httpx",
        "import httpx as web",
        "from httpx import AsyncClient",
        "def f():\n    from requests import post",
        "import urllib.request",
        "from urllib import request",
        "import urllib.parse\nurllib.request.urlopen(x)",
        "from http.client import HTTPSConnection",
        "import socket",
        "asyncio.open_connection(x, 80)",
        "from obstore.store import from_url",
    ],
)
def test_requests_beside_the_guard_are_found(source: str) -> None:
    assert list(ways_out(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "s.execute(select(x))",
        "yaml.safe_load(x)",
        "subprocess.run([x])",
        "text('SELECT 1')",
        "from urllib.parse import urlsplit",
        "from http import HTTPStatus",
        "from obstore.exceptions import BaseError",
    ],
)
def test_what_is_fine_is_left_alone(source: str) -> None:
    tree = ast.parse(source)
    assert not list(formatted_sql(tree))
    assert not list(dangerous_calls(tree))
    assert not list(ways_out(tree))


def test_benchmarks_and_tests_import_what_is_there() -> None:
    files = [path for folder in ("benchmarks", "tests", "docs") for path in (REPOSITORY / folder).rglob("*.py")]
    assert len(files) > 100
    assert [(str(path), *found) for path in files for found in lost_imports(ast.parse(path.read_text()), SOURCE)] == []


def test_an_import_of_something_renamed_is_found() -> None:
    tree = ast.parse("from topform.core.errors import NoSuchName\nfrom topform.core.gone import thing\n")
    assert lost_imports(tree, SOURCE) == [
        (1, "topform.core.errors.NoSuchName"),
        (2, "topform.core.gone"),
    ]
