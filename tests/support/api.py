"""The API in this process on a real database, with a client for each person and a worker on demand."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from topform.core.clock import FixedClock
from topform.entrypoints.api import create_app
from topform.entrypoints.worker import features
from topform.platform.job_runner import JobRunner
from topform.platform.settings import Settings
from topform.platform.web.resources import Resources

PASSWORD = "correct horse battery staple"
_numbers = itertools.count(1)


@dataclass
class Person:
    """Someone signed in with a token."""

    http: httpx.AsyncClient
    athlete: dict[str, Any]
    token: str

    async def get(self, path: str, *, status: int = 200, **options: Any) -> Any:
        """Return the JSON of a GET that must end with the status."""
        return await self.call("GET", path, status=status, **options)

    async def call(self, method: str, path: str, *, status: int, **options: Any) -> Any:
        """Return the JSON of a request that must end with the status; None for an empty body."""
        response = await self.http.request(method, f"/api/v1{path}", **options)
        assert response.status_code == status, (method, path, response.status_code, response.text)
        return response.json() if response.content else None

    async def upload(self, name: str, content: bytes, *, status: int = 202, **options: Any) -> Any:
        """Upload an activity file and return the job."""
        return await self.call("POST", "/activities/uploads", status=status, files={"file": (name, content)}, **options)


@dataclass
class Api:
    """The running application."""

    app: FastAPI
    settings: Settings

    @property
    def resources(self) -> Resources:
        """What the application works with."""
        resources: Resources = self.app.state.resources
        return resources

    def client(self, *, address: str = "127.0.0.1", **options: Any) -> httpx.AsyncClient:
        """Return a client without a session, that connects from an address."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(address, 123))
        return httpx.AsyncClient(transport=transport, base_url="http://topform.test", **options)

    async def sign_up(self, *, address: str = "127.0.0.1", **fields: Any) -> Person:
        """Return a new person, who signs up from an address; one address cannot sign up many."""
        form = {
            "email": f"person{next(_numbers)}@example.org",
            "password": PASSWORD,
            "display_name": "Person",
            "time_zone": "Europe/Berlin",
        }
        async with self.client(address=address) as http:
            response = await http.post("/api/v1/accounts", json=form | fields)
        assert response.status_code == 201, response.text
        answer = response.json()
        headers = {"Authorization": f"Bearer {answer['token']}"}
        return Person(self.client(headers=headers), answer["athlete"], answer["token"])

    async def work(self, **provided: Any) -> None:
        """Run the jobs that wait, in this process, until none is left."""
        runner = JobRunner(
            self.resources.database, features(), provides=(self.settings, self.resources.store, self.resources)
        )
        for kind, thing in provided.items():
            runner.provide(type(kind, (), {}), thing)
        await runner.run_until_idle()

    @contextmanager
    def on(self, day: date) -> Iterator[None]:
        """Let the application take a day that is over for today; today and later days change nothing."""
        now = self.resources
        if day < now.clock.now().date():
            clock = FixedClock(datetime.combine(day, time(12), tzinfo=UTC))
            self.app.state.resources = replace(now, clock=clock)
        yield
        self.app.state.resources = now

    def stored_files(self) -> set[str]:
        """Return the keys of all stored objects."""
        folder = self.settings.objects_dir
        return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    def staged_files(self) -> list[Path]:
        """Return the files that are being written."""
        return [path for path in self.settings.staging_dir.iterdir() if path.name != ".lock"]


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Api]:
    """Start the application and stop it at the end."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield Api(app, settings)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation that belongs to one test."""
    return Settings(data_dir=tmp_path, database_url=database_url)


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[Api]:
    """The application on an empty database."""
    async with running(settings) as started:
        yield started


@pytest.fixture
async def person(api: Api) -> Person:
    """Someone who has signed up."""
    return await api.sign_up()
