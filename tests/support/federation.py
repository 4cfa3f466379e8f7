"""Two servers on this machine that federate over real sockets, and messages signed beside the program's own code."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import text

from tests.support.api import Api, Person
from tests.support.postgres import PostgresServer
from tests.support.running_server import free_port
from tests.support.serving import PATIENCE_S, serving
from topform.core.ids import AthleteId
from topform.features.community.federation.repository import ActorRepository
from topform.features.community.federation.sending import signer_of
from topform.platform.embedded_postgres import DATABASE
from topform.platform.settings import Settings

ADULT = "1990-01-01"
_numbers = itertools.count(1)


@contextmanager
def another_database(server: PostgresServer) -> Iterator[str]:
    """The URL of one more migrated, empty database."""
    name = f"test_{uuid4().hex}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {DATABASE}")
    yield server.url_of(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def federating(database_url: str, data_dir: Path) -> AsyncIterator[Api]:
    """A server that answers on a port of this machine and federates with others there."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = Settings(
        data_dir=data_dir, database_url=database_url, port=port, public_url=address, federation="loopback"
    )
    async with serving(settings) as started:
        yield started


def host_of(api: Api) -> str:
    """What stands after the @ in addresses of a server."""
    return urlsplit(api.settings.public_url or "").netloc


async def settle(*servers: Api) -> None:
    """Let the servers do what waits, and what follows from it."""
    while True:
        busy = [server for server in servers if await _waits(server)]
        if not busy:
            return
        for server in busy:
            await server.work()


async def _waits(server: Api) -> bool:
    due = "status = 'todo' AND coalesce(scheduled_at, now()) <= now()"
    async with server.resources.database.transaction() as session:
        return bool(await session.scalar(text(f"SELECT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE {due})")))


async def known_person(api: Api, handle: str, **fields: Any) -> Person:
    """Return an adult whom other servers may know."""
    person = await api.sign_up(address=f"10.8.0.{next(_numbers)}", birth_date=ADULT, **fields)
    profile = {"handle": handle, "name": handle.title(), "is_findable": True}
    await person.call("PUT", "/community/me", status=200, json=profile)
    state = await person.call("PUT", "/community/federation", status=200, json={"is_on": True})
    assert state["address"] == f"@{handle}@{host_of(api)}"
    return person


@dataclass(frozen=True)
class Stranger:
    """Somebody of another server, who writes messages by hand."""

    address: str
    key_id: str
    key: RSAPrivateKey

    def message(
        self, url: str, document: dict[str, Any], *, at: datetime | None = None, **other: Any
    ) -> tuple[bytes, dict[str, str]]:
        """A body and its headers, put together step by step as the draft has it; ``other`` are changes to it."""
        body = json.dumps(document).encode()
        digest = "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()
        date = format_datetime((at or datetime.now(UTC)).astimezone(UTC), usegmt=True)
        parts = urlsplit(other.get("signed_for", url))
        lines = [
            f"(request-target): post {parts.path}",
            f"host: {parts.netloc}",
            f"date: {date}",
            f"digest: {digest}",
        ]
        signature = self.key.sign("\n".join(lines).encode(), PKCS1v15(), SHA256())
        header = ",".join(
            [
                f'keyId="{other.get("key_id", self.key_id)}"',
                'algorithm="rsa-sha256"',
                'headers="(request-target) host date digest"',
                f'signature="{base64.b64encode(signature).decode()}"',
            ]
        )
        headers = {"Date": date, "Digest": digest, "Signature": header, "Content-Type": "application/activity+json"}
        return body, headers

    async def send(self, url: str, document: dict[str, Any], **other: Any) -> int:
        """Send a message and return the status of the answer."""
        body, headers = self.message(url, document, **other)
        async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
            answer = await http.post(url, content=other.get("body", body), headers=headers | other.get("headers", {}))
        return answer.status_code


async def actor_of(api: Api, person: Person) -> Stranger:
    """A person of a server with their key, to write messages in their name."""
    async with api.resources.database.transaction() as session:
        row = await ActorRepository(session).own(AthleteId(UUID(person.athlete["id"])))
        assert row is not None
        signer = signer_of(api.resources, row)
    key = load_pem_private_key(signer.private_key.encode(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return Stranger(row.address, signer.key_id, key)
