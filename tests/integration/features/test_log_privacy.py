"""The logs of a whole session, at the most talkative level: nothing that a person entered, sent or is known by."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from tests.support.api import PASSWORD, running
from tests.support.workouts import Ride

from topform.platform.logs import configure_logging, get_logger
from topform.platform.settings import Settings

EMAIL = "zaphod.quirky@example.org"
SECRETS = (
    "zaphod", "quirky", "Zaphod", "Quirkyname", "quirkyfile", "quirkynote", "quirkytitle", "quirkyquery", PASSWORD,
    "wrong-quirky-password", "61.25", "47.01", "Europe/Berlin",
)  # fmt: skip


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that is logged, as the processes write it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    structlog.reset_defaults()
    configure_logging(log_format="json", level="debug")
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def test_a_session_leaves_nothing_of_the_person(logs: io.StringIO, database_url: str, tmp_path: Path) -> None:
    async with running(Settings(data_dir=tmp_path, database_url=database_url)) as api:
        person = await api.sign_up(email=EMAIL, display_name="Quirkyname")
        async with api.client() as stranger:
            for _ in range(2):
                form = {"email": EMAIL, "password": "wrong-quirky-password"}
                assert (await stranger.post("/api/v1/sessions", json=form)).status_code == 401
            await stranger.post("/api/v1/accounts/password-resets", json={"email": EMAIL})
        await person.call("PATCH", "/athletes/me", status=200, json={"mass_kg": 61.25})
        await person.call("PATCH", "/athletes/me", status=422, json={"mass_kg": "quirkynote"})
        await person.upload("quirkyfile.fit", Ride(seconds=60).as_fit())
        await person.upload("quirkyfile-broken.fit", b"quirkynote is no recording")
        await person.call(
            "POST", "/form-checks", status=202, files={"file": ("quirkyfile.mp4", b"quirkynote is no video")}
        )
        await api.work()
        activity = (await person.get("/activities"))["items"][0]["id"]
        note = {"title": "quirkytitle", "notes": "quirkynote"}
        await person.call("PATCH", f"/activities/{activity}", status=200, json=note)
        await person.get("/activities", params={"q": "quirkyquery"})
        await person.get("/activities/quirkyquery", status=404)
        await person.call("POST", "/account/exports", status=202)
        await api.work()
        await person.call("DELETE", f"/activities/{activity}", status=204)
        get_logger("topform.test").warning("marker")
    told = logs.getvalue()
    assert '"event": "marker"' in told
    assert "job_refused" in told or "job_failed" in told, "failures are logged, and they are the talkative ones"
    for secret in (*SECRETS, person.token, person.athlete["email"]):
        assert secret not in told, [line for line in told.splitlines() if secret in line][:3]
