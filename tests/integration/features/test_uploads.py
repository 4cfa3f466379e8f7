"""What arrives at the upload routes: sizes, forms, broken streams."""

from __future__ import annotations

import asyncio
import errno
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.support.api import Api, Person, running

from topform.core.clock import FixedClock
from topform.features.jobs.public import forget_orphaned_uploads
from topform.features.jobs.uploads import new_upload_key
from topform.platform.settings import Settings
from topform.platform.web import uploads

BOUNDARY = b"----boundary"
HEADERS = {"Content-Type": "multipart/form-data; boundary=----boundary"}


def form(*parts: tuple[bytes, bytes], end: bool = True) -> bytes:
    """Return a multipart body."""
    body = b"".join(
        b"--" + BOUNDARY + b"\r\nContent-Disposition: form-data; " + header + b"\r\n\r\n" + content + b"\r\n"
        for header, content in parts
    )
    return body + (b"--" + BOUNDARY + b"--\r\n" if end else b"")


async def test_an_announced_size_over_the_limit_is_refused_before_reading(
    api: Api, person: Person, settings: Settings
) -> None:
    chunks_read = 0
    announced = 2 * max(settings.max_activity_bytes, settings.max_video_bytes)

    async def body():
        nonlocal chunks_read
        while True:
            chunks_read += 1
            yield bytes(2**16)

    for path in ("activities/uploads", "form-checks"):
        answer = await person.http.post(
            f"/api/v1/{path}", content=body(), headers=HEADERS | {"Content-Length": str(announced)}
        )
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert answer.json()["remedy"]
        assert answer.headers["connection"] == "close"
    assert chunks_read <= 2
    assert api.staged_files() == []


async def test_a_stream_that_grows_over_the_limit_is_cut(settings: Settings) -> None:
    async with running(settings.model_copy(update={"max_activity_bytes": 100_000})) as api:
        person = await api.sign_up()

        async def body():
            yield form((b'name="file"; filename="a.fit"', b""), end=False)[:-2]
            for _ in range(100):
                yield bytes(100_000)

        answer = await person.http.post("/api/v1/activities/uploads", content=body(), headers=HEADERS)
        assert (answer.status_code, answer.json()["code"], answer.json()["limit_bytes"]) == (413, "too_large", 100_000)
        assert api.staged_files() == []
        assert api.stored_files() == set()


async def test_what_surrounds_a_file_is_bounded_too(settings: Settings) -> None:
    blocks = 0

    async with running(settings.model_copy(update={"max_activity_bytes": 100_000})) as api:
        person = await api.sign_up()

        async def body():
            nonlocal blocks
            for _ in range(640):
                blocks += 1
                yield b"\r\n" * 2**15

        answer = await person.http.post("/api/v1/activities/uploads", content=body(), headers=HEADERS)
        assert answer.status_code in (413, 422)
        assert blocks <= 20
        assert api.staged_files() == []


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (form((b'name="file"; filename="a.fit"', b"")), HEADERS, "file_empty"),
        (form((b'name="other"; filename="a.fit"', b"content")), HEADERS, "upload_unreadable"),
        (form((b'name="file"', b"content")), HEADERS, "upload_unreadable"),
        (form((b'name="file"; filename="a.fit"', b"content"), end=False), HEADERS, "upload_unreadable"),
        (form(*[(b'name="file"; filename="a.fit"', b"content")] * 2), HEADERS, "upload_unreadable"),
        (form(*[(b'name="field"', b"x")] * 20), HEADERS, "upload_unreadable"),
        (form((b'name="field"', b"x" * 2000)), HEADERS, "upload_unreadable"),
        (b"", HEADERS, "upload_unreadable"),
        (b"no multipart at all", HEADERS, "upload_unreadable"),
        (b"{}", {"Content-Type": "application/json"}, "upload_unreadable"),
        (b"", {"Content-Type": "multipart/form-data"}, "upload_unreadable"),
    ],
)
async def test_a_broken_form_is_refused(
    api: Api, person: Person, body: bytes, headers: dict[str, str], code: str
) -> None:
    answer = await person.http.post("/api/v1/activities/uploads", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["remedy"]
    assert api.staged_files() == []
    assert api.stored_files() == set()
    assert (await person.get("/jobs"))["items"] == []


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\ride.fit", "ride.fit"),
        ("über\nlang.fit", "über%0Alang.fit"),
        ("", "upload"),
    ],
)
async def test_a_file_name_is_only_a_name(person: Person, sent: str, shown: str) -> None:
    job = await person.upload(sent or "/", b"content")
    assert job["file_name"] == shown


async def test_nobody_uploads_without_a_session(api: Api) -> None:
    async with api.client() as http:
        answer = await http.post("/api/v1/activities/uploads", files={"file": ("a.fit", b"content")})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert api.staged_files() == []


async def test_an_upload_that_stops_arriving_is_given_up(
    api: Api, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "IDLE_S", 0.05)

    async def body():
        yield form((b'name="file"; filename="a.fit"', b"begin"), end=False)
        await asyncio.sleep(30)

    answer = await person.http.post("/api/v1/activities/uploads", content=body(), headers=HEADERS)
    assert (answer.status_code, answer.json()["code"]) == (422, "upload_unreadable")
    assert api.staged_files() == []


async def test_a_full_disk_is_told_as_such(api: Api, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploads, "_feed", full)
    problem = await person.upload("a.fit", b"content", status=507)
    assert problem["code"] == "storage_full"
    assert api.staged_files() == []


async def test_uploads_without_a_job_are_deleted_once_they_are_old(api: Api, person: Person) -> None:
    job = await person.upload("a.fit", b"content")
    (waiting,) = api.stored_files()
    orphan = new_upload_key()
    await api.resources.store.put(orphan, b"left behind by a process that was killed")
    assert await forget_orphaned_uploads(api.resources) == 0
    tomorrow = replace(api.resources, clock=FixedClock(datetime.now(UTC) + timedelta(days=1)))
    assert await forget_orphaned_uploads(tomorrow) == 1
    assert api.stored_files() == {waiting}
    await api.work()
    assert (await person.get(f"/jobs/{job['id']}"))["error"]["code"] == "format_unknown"
