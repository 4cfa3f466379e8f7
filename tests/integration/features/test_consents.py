"""Consent: off by default, given to the words that were shown, withdrawn at any time, kept as a ledger."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.support.api import Api, Person
from tests.support.documents import gpx, gpx_point, gpx_track
from tests.support.live_sets import live_set

PURPOSE = "improve_form_model"


async def consent(
    person: Person, *, given: bool, version: str | None = "1", status: int = 200, purpose: str = PURPOSE
) -> dict:
    said = {"is_given": given, "text_version": version}
    return await person.call("PUT", f"/consents/{purpose}", status=status, json=said)


async def test_nothing_is_agreed_to_until_somebody_says_so(person: Person) -> None:
    offered, *others = (await person.get("/consents"))["items"]
    assert {one["purpose"]: one["is_given"] for one in others} == {
        "improve_predictions": False,
        "assistant": False,
        "training_diary": False,
        "body_and_wellness": False,
        "form_videos": False,
    }
    assert (offered["purpose"], offered["is_given"], offered["history"]) == (PURPOSE, False, [])
    assert "withdraw" in offered["text"]


async def test_the_ledger_keeps_when_it_was_given_and_withdrawn(person: Person) -> None:
    assert (await consent(person, given=True))["is_given"] is True
    again = await consent(person, given=True)
    assert len(again["history"]) == 1
    gone = await consent(person, given=False, version=None)
    assert gone["is_given"] is False
    assert (await consent(person, given=False))["history"] == gone["history"]
    renewed = await consent(person, given=True)
    assert [entry["withdrawn_at"] is None for entry in renewed["history"]] == [False, True]
    assert renewed["history"][0] == gone["history"][0]


async def test_only_the_words_that_hold_now_can_be_agreed_to(person: Person) -> None:
    for version in (None, "0"):
        problem = await consent(person, given=True, version=version, status=422)
        assert "version 1" in problem["remedy"]
    assert (await person.get("/consents"))["items"][0]["is_given"] is False


async def test_consent_is_a_matter_of_the_person_not_of_their_programs(api: Api, person: Person) -> None:
    scopes = (await person.get("/accounts/me/tokens"))["scopes"]
    token = await person.call("POST", "/accounts/me/tokens", status=201, json={"name": "all", "scopes": scopes})
    async with api.client(headers={"Authorization": f"Bearer {token['token']}"}) as program:
        answer = await program.put(f"/api/v1/consents/{PURPOSE}", json={"is_given": True, "text_version": "1"})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


async def test_what_was_agreed_to_and_taken_back_is_not_stored_any_more(api: Api, person: Person) -> None:
    run = gpx([gpx_track(gpx_point(second) for second in range(0, 900, 5))])

    async def storing(*, status: int) -> list[dict]:
        answers = [await person.call("PUT", "/wellness/2026-03-02", status=status, json={"resting_hr_bpm": 50})]
        answers.append(
            await person.call("POST", "/form-checks", status=403, files={"file": ("set.mp4", b"")})
            if status == 403
            else {}
        )
        return answers

    await storing(status=200)  # a program that was never told anything
    for purpose in ("body_and_wellness", "form_videos", "training_diary"):
        await consent(person, given=True, purpose=purpose)
    await storing(status=200)
    for purpose in ("body_and_wellness", "form_videos", "training_diary"):
        await consent(person, given=False, purpose=purpose)
    for answer in await storing(status=403):
        assert answer["code"] == "consent_missing"
    await person.call("PUT", "/wellness/2026-03-02", status=200, json={"resting_hr_bpm": None})

    job = await person.upload("run.gpx", run)
    await api.work()
    ended = await person.get(f"/jobs/{job['id']}")
    assert ended["state"] == "failed"
    assert [one["code"] for one in ended["result"]["files"]] == ["consent_missing"]

    await consent(person, given=True, purpose="training_diary")
    job = await person.upload("run.gpx", run)
    await api.work()
    assert (await person.get(f"/jobs/{job['id']}"))["state"] == "succeeded"


async def test_a_no_holds_without_a_yes_before_it_and_until_one(person: Person) -> None:
    day = "/wellness/2026-03-02"
    for purpose in ("body_and_wellness", "form_videos"):
        said = await consent(person, given=False, purpose=purpose, version=None)
        assert [
            (one["text_version"], one["is_refusal"], one["withdrawn_at"] == one["given_at"], one["is_given_here"])
            for one in said["history"]
        ] == [("1", True, True, True)]
        assert (await consent(person, given=False, purpose=purpose))["history"] == said["history"]
    guarded: list[tuple[str, str, dict]] = [
        ("PUT", day, {"json": {"resting_hr_bpm": 50}}),
        ("POST", "/readiness/reports", {"json": {"pain": {"site": "knee", "level": 2}}}),
        ("POST", "/form-checks", {"files": {"file": ("set.mp4", b"")}}),
        ("POST", "/form-checks/live", {"json": live_set(3)}),
    ]
    for method, path, sent in guarded:
        assert (await person.call(method, path, status=403, **sent))["code"] == "consent_missing"

    for purpose in ("body_and_wellness", "form_videos"):
        said = await consent(person, given=True, purpose=purpose)
        assert [one["is_refusal"] for one in said["history"]] == [True, False]
    await person.call("PUT", day, status=200, json={"resting_hr_bpm": 50})
    await person.call("POST", "/form-checks/live", status=201, json=live_set(3))


async def test_a_refused_diary_takes_no_recording(api: Api, person: Person) -> None:
    await consent(person, given=False, purpose="training_diary")
    job = await person.upload("run.gpx", gpx([gpx_track(gpx_point(second) for second in range(0, 900, 5))]))
    await api.work()
    ended = await person.get(f"/jobs/{job['id']}")
    assert [one["code"] for one in ended["result"]["files"]] == ["consent_missing"]


async def test_children_may_agree_to_what_only_they_see_themselves(api: Api) -> None:
    child = await api.sign_up(birth_date=f"{datetime.now(UTC).year - 14}-01-01")
    assert (await consent(child, given=True, purpose="training_diary"))["is_given"] is True
    assert (await consent(child, given=True, status=403))["code"] == "too_young"
