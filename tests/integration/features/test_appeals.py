"""What moderators and makers take away, appeals against it, and who answers them."""

from __future__ import annotations

from typing import Any

from tests.integration.features.test_administration import with_role
from tests.integration.features.test_challenge_teams import come_in, make_team, team_board
from tests.integration.features.test_challenges import board, do, make, take_part
from tests.integration.features.test_community import join, share, store_activity, told
from tests.support.api import Api, Person

from topform.platform.web.identity import Role


async def report(reporter: Person, moderator: Person, **subject: str) -> dict[str, Any]:
    """Report something and have a moderator take it away."""
    said = subject | {"reason": "cheating", "note": "look"}
    made = await reporter.call("POST", "/community/reports", status=201, json=said)
    verdict = {"decision": "removed", "note": "Not what it says."}
    return dict(await moderator.call("PUT", f"/community/reports/{made['id']}", status=200, json=verdict))


async def places(person: Person, challenge: str) -> list[dict[str, Any]]:
    return list((await person.get(f"/community/challenges/{challenge}/board"))["items"])


async def removal(person: Person) -> dict[str, Any]:
    return dict((await person.get("/community/removals"))["items"][0])


async def appeal(person: Person, *, status: int = 200) -> Any:
    path = f"/community/removals/{(await removal(person))['id']}/appeal"
    return await person.call("PUT", path, status=status, json={"reason": "It was me."})


async def answer(moderator: Person, removal_id: str, said: str, *, status: int = 200) -> Any:
    wish = {"answer": said, "note": "Looked again."}
    return await moderator.call("PUT", f"/community/appeals/{removal_id}", status=status, json=wish)


async def test_a_post_comes_back_when_another_moderator_says_so(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    first, second = await with_role(api, Role.MODERATOR), await with_role(api, Role.MODERATOR)
    post = await share(ada, await store_activity(api, ada), "public")
    await report(bob, first, post_id=post["id"])
    await bob.get(f"/community/posts/{post['id']}", status=404)
    taken = await removal(ada)
    assert (taken["kind"], taken["note"], taken["may_appeal"], taken["is_by_maker"]) == (
        "post", "Not what it says.", True, False,
    )  # fmt: skip
    assert ("community.removal_changed", {"id": taken["id"]}) in await told(api, ada)
    assert (await bob.get("/community/removals"))["items"] == []
    await bob.call("PUT", f"/community/removals/{taken['id']}/appeal", status=404, json={"reason": "x"})
    await answer(second, taken["id"], "restored", status=404)  # Nobody appealed yet.
    assert (await appeal(ada))["appeal"] == "It was me."
    assert (await appeal(ada, status=409))["code"] == "already_appealed"
    await ada.get("/community/appeals", status=403)
    (own,) = (await first.get("/community/appeals"))["items"]
    (other,) = (await second.get("/community/appeals"))["items"]
    assert (own["may_answer"], other["may_answer"], other["author"]["handle"]) == (False, True, "ada")
    assert (await answer(first, taken["id"], "upheld", status=409))["code"] == "another_moderator_answers"
    await answer(second, taken["id"], "restored")
    await bob.get(f"/community/posts/{post['id']}")
    after = await removal(ada)
    assert (after["answer"], after["answer_note"], after["may_appeal"]) == ("restored", "Looked again.", False)
    await answer(second, taken["id"], "upheld", status=409)
    assert (await first.get("/community/appeals"))["items"] == []
    assert [one["answer"] for one in (await first.get("/community/appeals", params={"answered": True}))["items"]] == [
        "restored"
    ]


async def test_words_are_judged_as_they_were_reported_and_stay_while_they_are_taken_away(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    moderator = await with_role(api, Role.MODERATOR)
    post = await share(ada, await store_activity(api, ada), "public")
    path = f"/community/posts/{post['id']}"
    said = await bob.call("POST", f"{path}/comments", status=201, json={"text": "You cheat"})
    comment = f"/community/comments/{said['id']}"
    for author, other, thing, where in (
        (bob, ada, {"comment_id": said["id"]}, comment),
        (ada, bob, {"post_id": post["id"]}, path),
    ):
        await author.call("PATCH", where, status=200, json={"text": "You cheat!"})
        await other.call("POST", "/community/reports", status=201, json={"reason": "harassment", **thing})
        await author.call("PATCH", where, status=200, json={"text": "Well done"})
        (reported,) = (await moderator.get("/community/reports"))["items"]
        assert reported["text"] == "You cheat!"
        verdict = {"decision": "removed", "note": "Not nice."}
        await moderator.call("PUT", f"/community/reports/{reported['id']}", status=200, json=verdict)
        problem = await author.call("PATCH", where, status=409, json={"text": "Never judged"})
        assert problem["remedy"] == "Appeal, or delete it."
    await ada.call("PATCH", path, status=200, json={"audience": "me"})
    assert (await ada.get(path))["text"] == "Well done"


async def test_where_there_is_no_other_moderator_the_same_one_looks_again(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    only = await with_role(api, Role.MODERATOR)
    post = await share(ada, await store_activity(api, ada), "public")
    said = await bob.call("POST", f"/community/posts/{post['id']}/comments", status=201, json={"text": "Hm"})
    await report(ada, only, comment_id=said["id"])
    await appeal(bob)
    await answer(only, (await removal(bob))["id"], "upheld")
    assert ((await removal(bob))["text"], (await removal(bob))["answer"]) == ("Hm", "upheld")
    assert (await ada.get(f"/community/posts/{post['id']}/comments"))["items"] == []


async def test_moderators_take_challenges_and_places_away_and_give_them_back(api: Api) -> None:
    ada, bob, cyd = [await join(api, name) for name in ("ada", "bob", "cyd")]
    first, second = await with_role(api, Role.MODERATOR), await with_role(api, Role.MODERATOR)
    challenge = await make(ada, team_size=2)
    for person, reps in ((bob, 5), (cyd, 3)):
        await take_part(person, challenge)
        await do(person, reps)
    await come_in(cyd, challenge, await make_team(bob, challenge, "Two"))
    (place,) = [
        one for one in (await cyd.get(f"/community/challenges/{challenge}/board"))["items"] if one["score"] == 5
    ]
    decided = await report(cyd, first, entry_id=place["id"])
    assert (decided["kind"], decided["text"], decided["author"]["handle"]) == ("entry", "Most push-ups", "bob")
    assert await board(cyd, challenge) == [(1, "Cyd", 3), (None, "Ada", 0)]
    assert await team_board(cyd, challenge) == [(1, "Two", 3, 1)]
    assert (await bob.call("PUT", f"/community/challenges/{challenge}/entry", status=409, json={}))[
        "code"
    ] == "taken_off_board"
    await appeal(bob)
    await answer(second, (await removal(bob))["id"], "restored")
    assert (await board(cyd, challenge))[0] == (1, "Bob", 5)
    # What a moderator gave back, the maker cannot take off again.
    await ada.call("DELETE", f"/community/challenges/{challenge}/entries/{place['id']}", status=409)
    assert (await board(cyd, challenge))[0] == (1, "Bob", 5)
    # The whole challenge: nobody but its maker sees it, until it comes back.
    await report(bob, second, challenge_id=challenge)
    await bob.get(f"/community/challenges/{challenge}", status=404)
    assert (await ada.get(f"/community/challenges/{challenge}"))["is_removed"]
    assert ("community.challenge_changed", {"id": challenge}) in (await told(api, cyd))[-1:]
    await appeal(ada)
    await answer(first, (await removal(ada))["id"], "restored")
    assert (await board(bob, challenge))[0] == (1, "Bob", 5)


async def test_whom_the_maker_takes_off_can_appeal_to_a_moderator(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    moderator = await with_role(api, Role.MODERATOR)
    challenge = await make(ada)
    await take_part(bob, challenge)
    (place,) = [
        one for one in (await ada.get(f"/community/challenges/{challenge}/board"))["items"] if not one["is_you"]
    ]
    await ada.call("DELETE", f"/community/challenges/{challenge}/entries/{place['id']}", status=204)
    taken = await appeal(bob)
    assert (taken["kind"], taken["is_by_maker"], taken["text"]) == ("entry", True, "Most push-ups")
    await answer(moderator, taken["id"], "restored")
    assert {name for _, name, _ in await board(ada, challenge)} == {"Ada", "Bob"}
    await bob.call("POST", "/community/reports", status=404, json={"entry_id": taken["id"], "reason": "spam"})
