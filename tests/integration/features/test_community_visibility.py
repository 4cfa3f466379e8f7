"""Whatever people do to each other and to their posts, nobody receives a post or a field that is not for them.

Activities, form checks, bests and milestones of plans, each shared with oneself, followers, a club or everybody, as the
feed, the API, events, notices, push messages, share cards, public feeds, other servers and archives show them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.features.test_administration import with_role
from tests.integration.features.test_community import join
from tests.integration.features.test_notices import listen
from tests.support.api import Api
from tests.support.community_looks import (
    exported_text,
    look,
    look_at_notices,
    look_from_other_servers,
    look_from_outside,
)
from tests.support.community_world import KEPT, OWNER, PARTS, Devices, World, act, weigh_all
from tests.support.push_service import PushService, running_push_service

from topform.platform.settings import Settings
from topform.platform.web.identity import Role

STEPS, LOOK_EVERY = 84, 12


@pytest.fixture(scope="module")
def push_service() -> Iterator[PushService]:
    """The services of the browsers."""
    with running_push_service() as service:
        yield service


@pytest.fixture
def settings(database_url: str, tmp_path: Path, push_service: PushService) -> Settings:
    """Settings that lead messages to browsers to this machine."""
    return Settings(data_dir=tmp_path, database_url=database_url, push_base_url=push_service.url)


@pytest.mark.parametrize("seed", [35, 111])
async def test_no_representation_holds_what_is_not_for_the_reader(
    api: Api, push_service: PushService, seed: int
) -> None:
    federates = {"public_url": "http://localhost:8000", "federation": "loopback"}
    api.settings = api.settings.model_copy(update=federates)
    api.app.state.resources = replace(api.resources, settings=api.settings)
    chance = random.Random(seed)
    people = {handle: await join(api, handle, birth_date="1990-01-01") for handle in (OWNER, "bob", "eve", "kim")}
    new = {"name": "Lake", "joining": "open", "is_listed": True}
    club = (await people[OWNER].call("POST", "/community/clubs", status=201, json=new))["id"]
    world = World(people, await with_role(api, Role.MODERATOR), club, {OWNER})
    await weigh_all(api, world)
    browsers = {handle: await listen(person) for handle, person in people.items()}
    devices = Devices(push_service, browsers, {handle: [] for handle in people})
    most_posts = most_follows = most_members = most_in_club = most_published = most_federated = messages = 0
    for step in range(1, STEPS + 1):
        await act(api, world, chance)
        if step % LOOK_EVERY == 0:
            for reader in world.people:
                await look(api, world, reader)
            most_published = max(most_published, await look_from_outside(api, world))
            most_federated = max(most_federated, await look_from_other_servers(api, world))
            messages = await look_at_notices(api, world, devices)
        most_posts = max(most_posts, len(world.posts))
        most_follows = max(most_follows, len(world.follows))
        most_members = max(most_members, len(world.members))
        most_in_club = max(most_in_club, sum(post.audience == "club" for post in world.posts.values()))
    assert most_posts >= 3
    assert most_follows >= 2
    assert most_members >= 3
    assert most_in_club >= 1
    assert most_published >= 1
    assert most_federated >= 1
    assert world.seen_routes == {"whole", "hidden before", "hidden later"}
    assert world.seen_kept == {(name, is_shown) for name in KEPT for is_shown in (True, False)}
    assert messages >= 5
    assert {post.kind for post in [*world.posts.values(), *world.past]} == PARTS.keys()
    assert len(world.said) >= 2
    for reader in world.people:
        archive = await exported_text(api, world.people[reader])
        for post in world.posts.values():
            given_away = [trace for trace in post.all_traces if trace in archive]
            assert post.author == reader or given_away == [], (reader, post)
        weights = [weight for author, weight in world.weights.items() if author != reader]
        assert [weight for weight in weights if weight in archive] == [], reader
        assert [trace for _, author, trace in world.said if author != reader and trace in archive] == [], reader
