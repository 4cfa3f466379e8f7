"""The logs of a whole session, at the most talkative level: nothing that a person entered, sent or is known by."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from tests.integration.features.test_community import befriend, join, share, store_activity
from tests.integration.features.test_notices import listen
from tests.integration.features.test_plan_changes import plan_for, request
from tests.support.api import PASSWORD, running
from tests.support.push_service import running_push_service
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
    assert "job_refused" in told or "job_failed" in told, "failures are logged, and they are the talkative ones"
    require_nothing_of(told, *SECRETS, person.token, person.athlete["email"])


def require_nothing_of(told: str, *secrets: str) -> None:
    """Fail where what was logged, up to the marker at its end, holds one of the secrets."""
    assert '"event": "marker"' in told
    for secret in secrets:
        assert secret not in told, [line for line in told.splitlines() if secret in line][:3]


async def test_what_people_say_to_each_other_leaves_nothing(
    logs: io.StringIO, database_url: str, tmp_path: Path
) -> None:
    """Profiles, posts, comments, reports, clubs, challenges, coaches' words and codes, and messages to browsers."""
    with running_push_service() as push:
        settings = Settings(data_dir=tmp_path, database_url=database_url, push_base_url=push.url)
        async with running(settings) as api:
            ada, bob = await join(api, "quirkyada"), await join(api, "quirkybob")
            browser = await listen(ada)
            await befriend(bob, ada)
            post = await share(ada, await store_activity(api, ada), text="quirkynote @quirkybob")
            comments = f"/community/posts/{post['id']}/comments"
            push.refusals.append((400, {}))
            await bob.call("POST", comments, status=201, json={"text": "quirkynote @quirkyada"})
            await api.work()
            await bob.call("POST", comments, status=422, json={"text": "quirkynote" * 500})
            report = {"post_id": post["id"], "reason": "spam", "note": "quirkynote"}
            await bob.call("POST", "/community/reports", status=201, json=report)
            await bob.get("/community/people", params={"q": "quirkyquery"})
            await bob.get("/community/people/quirkyquery", status=404)
            await bob.call("PUT", "/community/following/quirkyquery", status=404)
            await ada.call("POST", "/community/clubs", status=201, json={"name": "quirkytitle"})
            wish = {"kind": "distance", "first_day": "2036-06-01", "last_day": "2036-06-30", "audience": "followers"}
            await ada.call("POST", "/community/challenges", status=201, json={"title": "quirkytitle", **wish})
            invitation = await ada.call("POST", "/coaching/invitations", status=201, json={"scopes": ["plan"]})
            await bob.call("POST", "/coaching/athletes", status=201, json={"code": invitation["code"]})
            question = {"email": ada.athlete["email"], "scopes": ["plan"], "message": "quirkynote"}
            await (await join(api, "quirkycoach")).call("POST", "/coaching/questions", status=202, json=question)
            await bob.call("POST", "/coaching/groups", status=201, json={"name": "quirkytitle"})
            await api.work()
            get_logger("topform.test").warning("marker")
    assert push.refusals == [], "each was used up by a message, and refused messages are logged"
    people = (ada.token, bob.token, ada.athlete["email"], bob.athlete["email"])
    keys = (browser.name, *browser.subscription()["keys"].values())
    require_nothing_of(logs.getvalue(), *SECRETS, invitation["code"], *people, *keys)


async def test_plans_and_what_is_said_of_them_leave_nothing(
    logs: io.StringIO, database_url: str, tmp_path: Path
) -> None:
    async with running(Settings(data_dir=tmp_path, database_url=database_url)) as api:
        person = await api.sign_up(email=EMAIL, display_name="Quirkyname")
        plan = await plan_for(api, person, request(days_ago=7))
        session = next(one for day in plan["document"]["days"] for one in day["sessions"])
        feedback = f"/plans/{plan['id']}/sessions/{session['id']}/feedback"
        said = {"rpe_cr10": 3, "soreness": 1, "note": "quirkynote"}
        await person.call("PUT", feedback, status=200, json=said)
        await person.call("PUT", feedback, status=422, json=said | {"note": "quirkynote" * 1000})
        await person.call("PUT", feedback, status=422, json=said | {"soreness": "quirkynote"})
        address = await person.call("POST", "/calendar/addresses", status=201, json={"name": "quirkytitle"})
        async with api.client() as stranger:
            assert (await stranger.get(address["path"])).status_code == 200
        await person.call("POST", "/plans", status=422, json={"request": {"goal": "quirkynote"}})
        await api.work()
        get_logger("topform.test").warning("marker")
    secret = address["path"].rsplit("/", 1)[-1].removesuffix(".ics")
    assert len(secret) > 20
    require_nothing_of(logs.getvalue(), *SECRETS, secret, person.token)
