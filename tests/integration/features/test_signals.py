"""What moderators are asked about efforts on boards: raised by code, answered by people, nothing by itself."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.integration.features.test_administration import with_role
from tests.integration.features.test_appeals import answer, appeal, removal
from tests.integration.features.test_challenges import board, make, recorded, take_part, today
from tests.integration.features.test_community import befriend, handle_of, join
from tests.integration.features.test_segments import board as segment_board
from tests.integration.features.test_segments import made, ride, shared, takes_part
from tests.support.api import Api, Person
from tests.support.live_sets import set_like
from tests.support.workouts import Ride

from topform.platform.web.identity import Role


async def does(person: Person, said: dict[str, Any]) -> str:
    return str((await person.call("POST", "/form-checks/live", status=201, json=said))["id"])


async def signals(moderator: Person, **query: Any) -> list[dict[str, Any]]:
    return list((await moderator.get("/community/signals", params=query))["items"])


async def decide(moderator: Person, signal: dict[str, Any], decision: str, *, status: int = 200) -> Any:
    said = {"decision": decision, "note": "Looked at it."}
    return await moderator.call("PUT", f"/community/signals/{signal['id']}", status=status, json=said)


async def test_sets_that_show_the_same_movement(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    first, second = await with_role(api, Role.MODERATOR), await with_role(api, Role.MODERATOR)
    challenge = await make(ada)
    await take_part(bob, challenge)
    for seed in range(6):  # Ordinary sets, one handed in twice.
        await does(ada, set_like(seed))
        await does(bob, set_like(100 + seed))
    await does(ada, set_like(0))
    await api.work()
    assert await signals(first) == []
    copied = await does(bob, set_like(3, shift_s=40.0, off_s=0.02))
    again = await does(ada, set_like(5, shift_s=9.0, off_s=0.01))
    before = await board(ada, challenge)
    await api.work()
    await ada.get("/community/signals", status=403)
    others, own = await signals(first)
    assert (others["code"], others["author"]["handle"], others["other"]["handle"]) == ("repeats_another", "bob", "ada")
    assert (others["strength"], others["facts"]["reps"], others["place"], others["title"]) == (
        1.0, 12, "challenge", "Most push-ups",
    )  # fmt: skip
    assert others["facts"]["apart_s"] <= 0.07
    assert (own["code"], own["author"]["handle"]) == ("repeats_own", "ada")
    assert await board(ada, challenge) == before, "a signal changes no score"
    assert copied != again
    # Fine is fine: it is not raised again, not even by a set that makes everything be looked at anew.
    assert (await decide(first, own, "fine"))["decision"] == "fine"
    assert (await decide(first, own, "fine", status=409))["code"] == "conflict"
    await does(ada, set_like(55))
    await api.work()
    assert [one["code"] for one in await signals(first)] == ["repeats_another"]
    assert [one["code"] for one in await signals(first, decided=True)] == ["repeats_own"]
    # Removed: the place is off the board, with the reason and the one appeal.
    await decide(first, others, "removed")
    assert [name for _, name, _ in await board(ada, challenge)] == ["Ada"]
    taken = await removal(bob)
    assert (taken["kind"], taken["note"], taken["is_by_maker"]) == ("entry", "Looked at it.", False)
    await appeal(bob)
    await answer(second, taken["id"], "restored")
    assert {name for _, name, _ in await board(ada, challenge)} == {"Ada", "Bob"}
    # A deleted set takes its signals along.
    await bob.call("DELETE", f"/form-checks/{copied}", status=204)
    assert [one["code"] for one in await signals(first, decided=True)] == ["repeats_own"]


async def test_activities_that_nobody_can_do(api: Api) -> None:
    ada, mod = await join(api, "ada"), await with_role(api, Role.MODERATOR)
    run = {"sport": "running", "local_date": today(), "ascent_m": 100.0}
    for back in range(12):
        day = today() - timedelta(days=20 + back)
        at = datetime.combine(day, datetime.min.time(), tzinfo=UTC)
        await recorded(
            api, ada, **run | {"local_date": day, "started_at": at}, distance_m=9000.0 + back, moving_s=3400.0
        )
    challenge = await make(ada, kind="distance", sport="running")
    await recorded(api, ada, **run, distance_m=10_000.0, moving_s=3500.0)
    await api.work()
    assert await signals(mod) == []
    driven = await recorded(api, ada, **run, distance_m=80_000.0, moving_s=3500.0)
    await recorded(api, ada, **run, distance_m=1000.0, moving_s=400.0, restricted_by="strava", elapsed_s=10.0**7)
    await api.work()
    found = await signals(mod)
    assert found[0]["code"] == "speed_beyond_record"
    assert {one["code"] for one in found[1:]} == {"sudden_jump", "speed_jump"}
    # 80 km in 3500 s; between the half marathon (3402 s, 6.20 m/s) and the marathon the record is just below 6.2.
    assert found[0]["facts"] == {"speed_m_s": 22.86, "record_m_s": 6.19, "over_s": 3500}
    assert [one["strength"] for one in found] == sorted((one["strength"] for one in found), reverse=True)
    assert (await mod.get("/community/signals"))["open"] == 3
    assert "hr" not in str(found) and "route" not in str(found)
    own = await with_role(api, Role.MODERATOR)
    await decide(own, found[0], "removed")
    assert await signals(mod) == [], "all about the place is answered with it"
    assert await board(ada, challenge) == []
    await ada.call("DELETE", f"/activities/{driven}", status=204)


async def rides(api: Api, person: Person, *, days_ago: int = 2, **fields: Any) -> str:
    """Hand in a ride of a morning."""
    morning = datetime.combine(today() - timedelta(days=days_ago), datetime.min.time(), tzinfo=UTC)
    content = Ride(started_at=morning + timedelta(hours=1), **fields).as_fit()
    job = await person.upload("ride.fit", content)
    await api.work()
    (file,) = (await person.get(f"/jobs/{job['id']}"))["result"]["files"]
    return str(file["activity_ids"][0])


async def test_a_recording_that_somebody_else_made(api: Api) -> None:
    ada, bob, eve = [await join(api, name) for name in ("ada", "bob", "eve")]
    mod, shy = await with_role(api, Role.MODERATOR), await api.sign_up(address="10.7.7.1")
    challenge = await make(ada, kind="distance", sport="cycling")
    for person in (bob, eve):
        await take_part(person, challenge)
    await rides(api, shy, days_ago=1, seconds=900)
    await rides(api, ada, days_ago=1, seconds=900)
    assert await signals(mod) == [], "who is not in the community is compared with nobody"
    original = await rides(api, ada, off_m=0.3)
    await rides(api, eve, off_m=4.0)
    assert await signals(mod) == [], "they were out together"
    copied = await rides(api, bob, days_ago=1, off_m=0.3, hr_bpm=121, power_w=190)
    (found,) = await signals(mod)
    assert (found["code"], found["author"]["handle"], found["other"]["handle"], found["title"]) == (
        "route_of_another", "bob", "ada", "Most push-ups",
    )  # fmt: skip
    assert found["facts"] == {"same_pct": 100.0, "samples": 1201, "apart_m": 0.0, "apart_s": 86_400}
    assert not re.search(r"(?<![\d:])47\.", str(found)), "where it was is nobody's business"
    # The same on a segment; what is fine about an effort is fine everywhere.
    segment = (await made(api, ada, original))["id"]
    await befriend(bob, ada)
    await shared(api, ada, segment)
    await takes_part(api, bob, segment)
    await takes_part(api, ada, segment)
    await api.work()
    places = [(one["code"], one["place"], one["author"]["handle"]) for one in await signals(mod)]
    assert sorted(places) == [("route_of_another", "challenge", "bob"), ("route_of_another", "segment", "bob")]
    # When the earlier recording is gone, the question stays, and names nobody.
    await ada.call("DELETE", f"/activities/{original}", status=204)
    assert {one["other"] for one in await signals(mod)} == {None}
    await decide(mod, found, "fine")
    assert await signals(mod) == []
    await bob.call("DELETE", f"/activities/{copied}", status=204)
    assert await signals(mod, decided=True) == []


async def test_efforts_on_segments_and_their_places(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    mod, other = await with_role(api, Role.MODERATOR), await with_role(api, Role.MODERATOR)
    await befriend(bob, ada)
    assert await handle_of(ada) == "ada"
    segment = (await made(api, ada, await ride(api, ada)))["id"]
    await shared(api, ada, segment)
    await ride(api, bob, speed_m_s=30.0, seconds=300)  # 108 km/h on the flat
    await takes_part(api, bob, segment)
    await takes_part(api, ada, segment)
    await api.work()
    (found,) = await signals(mod)
    assert (found["code"], found["place"], found["title"], found["author"]["handle"]) == (
        "speed_beyond_record", "segment", "Long road", "bob",
    )  # fmt: skip
    assert [name for _, name, _, _ in await segment_board(ada, segment)] == ["Bob", "Ada"]
    await decide(mod, found, "removed")
    assert [name for _, name, _, _ in await segment_board(ada, segment)] == ["Ada"]
    taken = await removal(bob)
    assert (taken["kind"], taken["text"]) == ("segment_place", "Long road")
    # Leaving and joining anew does not bring the place back; the appeal does.
    await bob.call("DELETE", f"/segments/{segment}/membership", status=204)
    await takes_part(api, bob, segment)
    assert [name for _, name, _, _ in await segment_board(ada, segment)] == ["Ada"]
    await appeal(bob)
    await answer(other, taken["id"], "restored")
    assert [name for _, name, _, _ in await segment_board(ada, segment)] == ["Bob", "Ada"]
