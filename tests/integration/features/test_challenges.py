"""Challenges: what counts, who sees whom on a board, and that a board is always what counting afresh would give."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from tests.integration.features.test_community import befriend, join, store_activity, told
from tests.support.api import Api, Person
from tests.support.live_sets import live_set
from tests.support.query_plans import recorded_queries, scans_without_index

from topform.features.activities.tables import ActivityRow
from topform.features.community.challenge_tables import ChallengeEntryRow, ChallengeRow
from topform.features.community.challenges.jobs import recount_boards
from topform.features.community.public import BoardWatcher
from topform.features.community.tables import PersonRow
from topform.platform.events import publish


def today() -> date:
    return datetime.now(UTC).date()


async def do(person: Person, reps: int, **options: Any) -> str:
    return str((await person.call("POST", "/form-checks/live", status=201, json=live_set(reps, **options)))["id"])


async def make(person: Person, **said: Any) -> str:
    wish = {
        "title": "Most push-ups",
        "kind": "push_ups",
        "first_day": (today() - timedelta(days=2)).isoformat(),
        "last_day": (today() + timedelta(days=5)).isoformat(),
        "audience": "public",
    }
    return str((await person.call("POST", "/community/challenges", status=201, json=wish | said))["id"])


async def take_part(person: Person, challenge: str, **wish: Any) -> dict[str, Any]:
    return dict(await person.call("PUT", f"/community/challenges/{challenge}/entry", status=200, json=wish))


async def board(person: Person, challenge: str, **query: Any) -> list[tuple[int | None, str | None, float]]:
    answer = await person.get(f"/community/challenges/{challenge}/board", params=query)
    return [(row["rank"], row["name"], row["score"]) for row in answer["items"]]


async def test_a_board_follows_what_is_counted_and_form_checked(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    await do(bob, 7)
    challenge = await make(ada)
    assert (await take_part(bob, challenge))["entry"]["score"] == 7
    assert await board(ada, challenge) == [(1, "Bob", 7), (None, "Ada", 0)]
    # Two of ten do not meet the standard; a head that drops is advice and costs nothing.
    wrong = {0: "shallow_depth", 4: "hips_sag", 5: "head_drop"}
    check = await do(ada, 10, wrong=wrong)
    assert await board(bob, challenge) == [(1, "Ada", 8), (2, "Bob", 7)]
    (evidence,) = (await ada.get(f"/community/challenges/{challenge}/entry"))["sets"]
    assert (evidence["form_check_id"], evidence["count"], evidence["counted"]) == (check, 8, True)
    reasons = [rep["reason"] for rep in evidence["reps"]]
    assert reasons == ["shallow_depth", *["counts"] * 3, "hips_sag", *["counts"] * 5]
    await ada.call("DELETE", f"/form-checks/{check}", status=204)
    assert await board(bob, challenge) == [(1, "Bob", 7), (None, "Ada", 0)]


async def test_the_same_repetitions_count_once_and_faster_than_a_human_not_at_all(api: Api) -> None:
    ada = await join(api, "ada")
    challenge = await make(ada)
    said = live_set(9)
    for _ in range(2):
        await ada.call("POST", "/form-checks/live", status=201, json=said)
    await do(ada, 30, pace_s=0.3)
    assert await board(ada, challenge) == [(1, "Ada", 9)]
    sets = (await ada.get(f"/community/challenges/{challenge}/entry"))["sets"]
    assert [(one["count"], one["counted"]) for one in sets] == [(9, True), (9, False), (0, False)]


async def test_ties_share_a_rank_and_who_was_first_stands_first(api: Api) -> None:
    people = [await join(api, name) for name in ("ada", "bob", "cyd", "dan")]
    challenge = await make(people[0])
    for person in people[1:]:
        await take_part(person, challenge)
    for person, reps in zip(people, (5, 9, 5, 2), strict=True):
        await do(person, reps)
    expected = [(1, "Bob", 9), (2, "Ada", 5), (2, "Cyd", 5), (4, "Dan", 2)]
    assert await board(people[3], challenge) == expected
    first = await people[3].get(f"/community/challenges/{challenge}/board", params={"limit": 3})
    assert (first["own"]["rank"], first["own"]["is_you"], first["people"]) == (4, True, 4)
    rest = await people[3].get(
        f"/community/challenges/{challenge}/board", params={"limit": 3, "cursor": first["next_cursor"]}
    )
    assert ([row["rank"] for row in rest["items"]], rest["next_cursor"]) == ([4], None)


async def recorded(api: Api, person: Person, **values: Any) -> str:
    """Store an activity and tell of it, as an import does."""
    activity = await store_activity(api, person, **values)
    await tell(api, person)
    return activity


async def tell(api: Api, person: Person) -> None:
    async with api.resources.database.transaction() as session:
        await publish(session, UUID(person.athlete["id"]), "activity.updated", {})


async def test_a_ladder_ranks_by_what_is_above_the_own_best_and_shows_nothing_else(api: Api) -> None:
    ada, bob, cyd = [await join(api, name) for name in ("ada", "bob", "cyd")]
    run = {"sport": "running", "ascent_m": None}
    before = today() - timedelta(days=30)
    await recorded(api, ada, local_date=before, distance_m=20_000.0, **run)
    old = await recorded(api, bob, local_date=before, distance_m=5000.0, **run)
    challenge = await make(ada, kind="distance", ranked_by="own_best", sport="running")
    for person in (bob, cyd):
        await take_part(person, challenge)
    assert await board(ada, challenge) == [(None, name, 0) for name in ("Ada", "Bob", "Cyd")]
    await recorded(api, ada, local_date=today(), distance_m=21_000.0, **run)  # 5 % above 20 km
    await recorded(api, bob, local_date=today(), distance_m=9000.0, **run)  # a tenth above 5 km, as a leap counts
    await recorded(api, cyd, local_date=today() - timedelta(days=1), distance_m=3000.0, **run)
    assert await board(cyd, challenge) == [(1, "Bob", 10.0), (2, "Ada", 5.0), (None, "Cyd", 0)]
    await recorded(api, cyd, local_date=today(), distance_m=3200.0, **run)
    assert await board(cyd, challenge) == [(1, "Bob", 10.0), (2, "Cyd", 6.7), (3, "Ada", 5.0)]
    # Deleting the best makes the ladder no easier; leaving and taking part again looks for the start anew.
    await bob.call("DELETE", f"/activities/{old}", status=204)
    assert (await board(cyd, challenge))[0] == (1, "Bob", 10.0)
    assert await recount_boards(api.resources) == 0
    ladder = (await bob.get(f"/community/challenges/{challenge}/entry"))["ladder"]
    steps = [{"day": today().isoformat(), "amount": 9000.0, "counts_to": 5500.0}]
    assert ladder == {"base": 5000.0, "starts_on": None, "steps": steps}
    await bob.call("DELETE", f"/community/challenges/{challenge}/entry", status=204)
    await take_part(bob, challenge)
    ladder = (await bob.get(f"/community/challenges/{challenge}/entry"))["ladder"]
    assert ladder == {"base": 9000.0, "starts_on": today().isoformat(), "steps": []}
    text = (await ada.http.get(f"/api/v1/community/challenges/{challenge}/board")).text
    assert "9000" not in text and "3200" not in text
    await ada.call("POST", "/community/challenges", status=422, json={
        "title": "No", "kind": "streak", "ranked_by": "own_best",
        "first_day": today().isoformat(), "last_day": today().isoformat(),
    })  # fmt: skip


async def test_distance_counts_days_of_the_athlete_the_sport_and_what_others_may_know(api: Api) -> None:
    ada = await join(api, "ada")
    challenge = await make(ada, kind="distance", sport="running", last_day=today().isoformat())
    last, before = today(), today() - timedelta(days=3)
    arrived = datetime.combine(last, datetime.min.time(), tzinfo=UTC)
    run = {"sport": "running", "local_date": last}
    kept = [
        await recorded(api, ada, distance_m=5000.0, **run),
        await recorded(api, ada, distance_m=800.0, **run, created_at=arrived + timedelta(days=4, seconds=-1)),
    ]
    await recorded(api, ada, distance_m=700.0, **run, created_at=arrived + timedelta(days=4))
    await recorded(api, ada, distance_m=600.0, **run, restricted_by="strava")
    await recorded(api, ada, distance_m=500.0, sport="cycling", local_date=last)
    await recorded(api, ada, distance_m=400.0, sport="running", local_date=before)
    assert await board(ada, challenge) == [(1, "Ada", 5800)]
    async with api.resources.database.transaction() as session:
        await session.execute(update(ActivityRow).where(ActivityRow.id == UUID(kept[0])).values(distance_m=4500.0))
    await tell(api, ada)
    assert await board(ada, challenge) == [(1, "Ada", 5300)]
    await ada.call("DELETE", f"/activities/{kept[1]}", status=204)
    assert await board(ada, challenge) == [(1, "Ada", 4500)]


async def test_nobody_is_shown_to_whom_they_are_not_for(api: Api) -> None:
    ada, bob, shy = await join(api, "ada"), await join(api, "bob"), await join(api, "shy", findable=False)
    hidden = await join(api, "hid")
    challenge = await make(ada)
    await take_part(bob, challenge)
    await take_part(shy, challenge)
    await take_part(hidden, challenge, is_named=False)
    for person, reps in ((hidden, 9), (shy, 8), (bob, 7), (ada, 6)):
        await do(person, reps)
    assert await board(bob, challenge) == [(1, None, 9), (2, None, 8), (3, "Bob", 7), (4, "Ada", 6)]
    assert (await board(shy, challenge))[1] == (2, "Shy", 8)
    # Who knows each other sees the name of whom cannot be found, never of who wants to stay without.
    await befriend(shy, bob)
    assert await board(bob, challenge) == [(1, None, 9), (2, "Shy", 8), (3, "Bob", 7), (4, "Ada", 6)]
    await bob.call("PUT", "/community/blocks/shy", status=204)
    assert await board(bob, challenge) == [(1, None, 9), (2, "Bob", 7), (3, "Ada", 6)]
    assert await board(shy, challenge) == [(1, None, 9), (2, "Shy", 8), (3, "Ada", 6)]
    text = (await bob.http.get(f"/api/v1/community/challenges/{challenge}/board")).text
    assert shy.athlete["id"] not in text and "shy" not in text.lower() and hidden.athlete["id"] not in text
    # Whom the maker parts from neither sees the challenge nor stands on its board, and can still leave.
    await ada.call("PUT", "/community/blocks/bob", status=204)
    await bob.get(f"/community/challenges/{challenge}", status=404)
    assert await board(ada, challenge) == [(1, None, 9), (2, None, 8), (3, "Ada", 6)]
    await bob.call("DELETE", f"/community/challenges/{challenge}/entry", status=204)
    await shy.call("DELETE", "/community/me", status=204)
    assert await board(ada, challenge) == [(1, None, 9), (2, "Ada", 6)]


async def test_a_challenge_is_for_those_it_was_meant_for(api: Api) -> None:
    ada, friend, guest, other = [await join(api, name) for name in ("ada", "fred", "gus", "oda")]
    await befriend(friend, ada)
    nobody = await api.sign_up()
    followers, invited = await make(ada, audience="followers"), await make(ada, audience="invited")
    everybody = await make(ada, audience="public")
    await ada.call("PUT", f"/community/challenges/{invited}/invitations/gus", status=200)
    assert ("community.challenge_changed", {"id": invited}) in await told(api, guest)
    seen = {
        name: {one["id"] for one in (await person.get("/community/challenges", params={"state": "open"}))["items"]}
        for name, person in (("friend", friend), ("guest", guest), ("other", other), ("nobody", nobody))
    }
    assert seen == {
        "friend": {followers, everybody},
        "guest": {invited, everybody},
        "other": {everybody},
        "nobody": set(),
    }
    await other.call("PUT", f"/community/challenges/{invited}/entry", status=404, json={})
    joined = await take_part(guest, invited)
    assert (joined["is_invited"], joined["people"], joined["is_own"]) == (True, 2, False)
    (place,) = [
        row for row in (await ada.get(f"/community/challenges/{invited}/board"))["items"] if row["name"] == "Gus"
    ]
    await guest.call("DELETE", f"/community/challenges/{invited}/entries/{place['id']}", status=404)
    await ada.call("DELETE", f"/community/challenges/{invited}/entries/{place['id']}", status=204)
    assert [name for _, name, _ in await board(ada, invited)] == ["Ada"]
    refused = await guest.call("PUT", f"/community/challenges/{invited}/entry", status=409, json={})
    assert refused["code"] == "taken_off_board"
    await guest.call("DELETE", f"/community/challenges/{everybody}", status=404)
    await ada.call("DELETE", f"/community/challenges/{everybody}", status=204)
    await other.get(f"/community/challenges/{everybody}", status=404)


async def test_people_like_you_are_those_who_let_the_challenge_know(api: Api) -> None:
    ada, bob, cyd = [await join(api, name) for name in ("ada", "bob", "cyd")]
    for person, born, sex in ((ada, "1984-05-01", "f"), (bob, "1988-05-01", "m"), (cyd, "1983-01-31", "f")):
        await person.call("PATCH", "/athletes/me", status=200, json={"birth_date": born, "sex": sex})
    challenge = await make(ada)
    refused = await ada.get(f"/community/challenges/{challenge}/board", status=409, params={"like": "sex"})
    assert refused["code"] == "likeness_not_shared"
    band = (await take_part(ada, challenge, share=["age_band", "sex"], level="beginner"))["entry"]["age_band"]
    await take_part(bob, challenge, share=["age_band"], level="beginner")
    await take_part(cyd, challenge, share=["sex"])
    assert band == ("30-39" if today() < date(2024, 5, 1) else "40-49")
    for person, reps in ((ada, 3), (bob, 4), (cyd, 5)):
        await do(person, reps)
    assert await board(ada, challenge, like="sex") == [(1, "Cyd", 5), (2, "Ada", 3)]
    assert await board(ada, challenge, like="level") == [(1, "Bob", 4), (2, "Ada", 3)]
    assert await board(ada, challenge, like=["sex", "level"]) == [(1, "Ada", 3)]
    row = (await bob.get(f"/community/challenges/{challenge}/board"))["items"][0]
    assert set(row) == {"id", "rank", "name", "handle", "is_you", "score"}


async def test_who_is_too_young_or_too_late_has_no_place(api: Api) -> None:
    ada, young = await join(api, "ada"), await join(api, "young")
    challenge = await make(ada)
    await take_part(young, challenge)
    born = (today() - timedelta(days=15 * 365)).isoformat()
    await young.call("PATCH", "/athletes/me", status=200, json={"birth_date": born})
    assert [name for _, name, _ in await board(ada, challenge)] == ["Ada"]
    await young.call("DELETE", f"/community/challenges/{challenge}/entry", status=204)
    assert (await young.call("PUT", f"/community/challenges/{challenge}/entry", status=403, json={}))[
        "code"
    ] == "too_young"
    over = {"title": "Over", "kind": "time", "first_day": "2026-01-01", "last_day": "2026-01-02"}
    await ada.call("POST", "/community/challenges", status=422, json=over)
    async with api.resources.database.transaction() as session:
        first, last = today() - timedelta(days=9), today() - timedelta(days=5)
        await session.execute(update(ChallengeRow).values(first_day=first, last_day=last))
    assert (await ada.get(f"/community/challenges/{challenge}"))["state"] == "settled"
    bob = await join(api, "bob")
    await bob.call("PUT", f"/community/challenges/{challenge}/entry", status=409, json={})
    assert [one["id"] for one in (await ada.get("/community/challenges", params={"state": "ended"}))["items"]] == [
        challenge
    ]


@pytest.mark.parametrize("seed", range(2))
async def test_the_board_is_what_counting_from_scratch_gives(api: Api, seed: int) -> None:
    chance = random.Random(seed)
    people = [await join(api, name) for name in ("ada", "bob", "cyd")]
    kinds = [("push_ups", "total"), ("distance", "total"), ("time", "total"), ("ascent", "total")]
    kinds += [("push_ups", "own_best"), ("distance", "own_best")]
    boards = {(kind, rank): await make(people[0], kind=kind, ranked_by=rank) for kind, rank in kinds}
    for person in people[1:]:
        for challenge in boards.values():
            await take_part(person, challenge)
    for _ in range(20):
        await act(api, chance.choice(people), chance)
    incremental = {kind: await board(people[0], challenge) for kind, challenge in boards.items()}
    assert any(score > 0 for rows in incremental.values() for _, _, score in rows)
    assert await recount_boards(api.resources) == 0
    async with api.resources.database.transaction() as session:
        await session.execute(update(ChallengeEntryRow).values(score=12345.0, reached_at=None))
    assert await recount_boards(api.resources) > 0
    assert {kind: await board(people[0], challenge) for kind, challenge in boards.items()} == incremental


async def act(api: Api, person: Person, chance: random.Random) -> None:
    """Something random that changes what is recorded, also late and outside of the days."""
    owner = UUID(person.athlete["id"])
    checks = [one["id"] for one in (await person.get("/form-checks"))["items"]]
    activities = [one["id"] for one in (await person.get("/activities"))["items"]]
    match chance.choice(("set", "set", "activity", "activity", "edit", "remove", "remove set", "zone")):
        case "set":
            await do(person, chance.randint(1, 12), wrong={0: "hips_pike"} if chance.random() < 0.5 else {})
        case "activity":
            day = today() + timedelta(days=chance.randint(-4, 6))
            arrived = datetime.now(UTC) + timedelta(days=chance.choice((0, 0, 0, 12)))
            amount = {"distance_m": chance.randint(1, 9) * 1000.0, "ascent_m": chance.choice((None, 120.0))}
            await recorded(api, person, local_date=day, created_at=arrived, **amount)
        case "edit" if activities:
            changed = {"distance_m": chance.randint(1, 9) * 100.5, "moving_s": chance.choice((None, 777.0))}
            async with api.resources.database.transaction() as session:
                chosen = ActivityRow.id == UUID(chance.choice(activities))
                await session.execute(
                    update(ActivityRow).where(chosen, ActivityRow.athlete_id == owner).values(changed)
                )
                await publish(session, owner, "activities.recomputed", {})
        case "remove" if activities:
            await person.call("DELETE", f"/activities/{chance.choice(activities)}", status=204)
        case "remove set" if checks:
            await person.call("DELETE", f"/form-checks/{chance.choice(checks)}", status=204)
        case "zone":
            zone = chance.choice(("Pacific/Auckland", "America/Los_Angeles", "Europe/Berlin"))
            await person.call("PATCH", "/athletes/me", status=200, json={"time_zone": zone})


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        ({"handle": "admin", "name": "Ada"}, "handle_reserved"),
        ({"handle": "top_form", "name": "Ada"}, "handle_reserved"),
        ({"handle": "ada", "name": "Ada\u202eadA"}, "name_not_plain"),
        ({"handle": "ada", "name": "Ada\u200b"}, "name_not_plain"),
    ],
)
async def test_nobody_speaks_for_the_server_or_hides_signs_in_a_name(
    person: Person, profile: dict[str, str], code: str
) -> None:
    assert (await person.call("PUT", "/community/me", status=422, json=profile))["code"] == code
    # Persian needs a joiner between its letters.
    await person.call("PUT", "/community/me", status=200, json={"handle": "ada", "name": "\u0645\u06cc\u200c\u0646"})


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\u2028"])
async def test_a_title_hides_no_signs(person: Person, sign: str) -> None:
    await person.call("PUT", "/community/me", status=200, json={"handle": "ada", "name": "Ada"})
    wish = {"kind": "push_ups", "first_day": today().isoformat(), "last_day": today().isoformat()}
    refused = await person.call("POST", "/community/challenges", status=422, json=wish | {"title": f"June{sign}enuJ"})
    assert (refused["code"], f"U+{ord(sign):04X}" in refused["detail"]) == ("name_not_plain", True)
    family = "June \U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f"
    made = await person.call("POST", "/community/challenges", status=201, json=wish | {"title": family})
    assert made["title"] == family


async def test_who_watches_gets_what_a_fetch_gives_and_one_message_however_many_changes(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    challenge = await make(ada)
    await take_part(bob, challenge)
    rooms = api.app.state.board_rooms
    viewers = {one.athlete["id"]: one for one in (ada, bob)}
    watchers = [rooms.enter(UUID(challenge), UUID(athlete), []) for athlete in viewers]

    async def until(watcher: BoardWatcher, score: float) -> dict[str, Any]:
        async with asyncio.timeout(60):
            while True:
                data = json.loads(str(await watcher.next()))["data"]
                if max(row["score"] for row in data["items"]) == score:
                    return dict(data)

    for watcher, person in zip(watchers, viewers.values(), strict=True):
        assert await until(watcher, 0) == await person.get(f"/community/challenges/{challenge}/board")
    for reps in (2, 3, 4):
        await do(bob, reps)
    for watcher, person in zip(watchers, viewers.values(), strict=True):
        assert await until(watcher, 9) == await person.get(f"/community/challenges/{challenge}/board")
    # A message that nobody has fetched yet is replaced by the next: a slow client costs the memory of one.
    watchers[0].offer("old")
    watchers[0].offer("new")
    assert await watchers[0].next() == "new"
    await ada.call("PUT", "/community/blocks/bob", status=204)
    async with asyncio.timeout(60):
        while await watchers[1].next() is not None:  # Whom the maker blocks has nothing to see any more.
            pass
    for watcher in watchers:
        watcher.close()


@pytest.mark.parametrize("seed", range(3))
async def test_the_pages_of_a_board_are_the_board_that_is_watched(api: Api, seed: int) -> None:
    chance = random.Random(seed)
    people = {name: await join(api, name) for name in ("ada", "bob", "cyd", "dan", "eve", "fay", "gus")}
    challenge = await make(people["ada"])
    for follower, followed in chance.sample(list(itertools.permutations(people, 2)), 6):
        await befriend(people[follower], people[followed])
    for one, other in chance.sample(list(itertools.combinations(list(people)[1:], 2)), 3):
        await people[one].call("PUT", f"/community/blocks/{other}", status=204)
    bands = {name: chance.choice([None, "20-29", "30-39"]) for name in people}
    for name, person in people.items():
        await take_part(person, challenge, is_named=chance.random() < 0.7)
        score = chance.choice([0.0, 3.0, 3.0, 8.5])
        reached = None if score == 0 else datetime(2026, 5, chance.randint(1, 2), tzinfo=UTC)
        owner = UUID(person.athlete["id"])
        values = {"score": score, "reached_at": reached, "age_band": bands[name], "sex": chance.choice(["f", "m"])}
        async with api.resources.database.transaction() as session:
            await session.execute(
                update(ChallengeEntryRow).where(ChallengeEntryRow.athlete_id == owner).values(**values)
            )
            is_findable = chance.random() < 0.5
            await session.execute(
                update(PersonRow).where(PersonRow.athlete_id == owner).values(is_findable=is_findable)
            )
    for name, person in people.items():
        for like in ([], ["age_band"], ["age_band", "sex"]):
            watcher = api.app.state.board_rooms.enter(UUID(challenge), UUID(person.athlete["id"]), like)
            async with asyncio.timeout(60):
                watched = json.loads(str(await watcher.next()))["data"]
            watcher.close()
            path = f"/community/challenges/{challenge}/board"
            if like and bands[name] is None:
                await person.get(path, status=409, params={"like": like})
                assert watched["items"] == []
                continue
            rows, cursor = [], {}
            while cursor is not None:
                page = await person.get(path, params={"limit": 3, "like": like, **cursor})
                rows += page["items"]
                cursor = None if page["next_cursor"] is None else {"cursor": page["next_cursor"]}
                assert (page["own"], page["people"]) == (watched["own"], watched["people"])
            assert rows == watched["items"]


@pytest.mark.parametrize("state", ["mine", "ended"])
async def test_ones_own_challenges_are_not_looked_for_among_everybodys(api: Api, state: str) -> None:
    ada = await join(api, "ada")
    await take_part(ada, await make(ada))
    database = api.resources.database
    with recorded_queries(database) as queries:
        await ada.get(f"/community/challenges?state={state}")
    growing = frozenset({ChallengeRow.__tablename__, ChallengeEntryRow.__tablename__})
    scans = [await scans_without_index(database, query, growing, avoid_scans=True) for query in queries]
    assert len(scans) > 1
    assert not any(scans)
