"""Boards follow what is recorded: in the transaction that changes an athlete's data, and by counting afresh."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.community.challenge_tables import ChallengeRow
from topform.features.community.challenges.efforts import standing_of
from topform.features.community.challenges.repository import ChallengeRepository
from topform.features.community.challenges.scoring import Standing
from topform.features.community.challenges.standings_repository import StandingsRepository
from topform.features.community.events import CHALLENGE_CHANGED
from topform.features.community.signal_tasks import LOOK_TASK
from topform.features.community.topics import board_topic
from topform.platform.events import announce, hold, publish
from topform.platform.jobs import defer

TOLD_AT_MOST: Final = 200
CHANGING: Final = ("activity.", "activities.", "form_check.", "plan.", "readiness.", "athlete.", "fitness.", "account.")
"""Events after which an athlete's score may be another."""


async def keep_boards(session: AsyncSession, published: Sequence[tuple[UUID, str]]) -> None:
    """Bring the places of those whose data changed up to date, before the change is committed.

    Publishing has locked the athlete until then, so that of two changes at a time the second counts the first.
    """
    for athlete in sorted({athlete for athlete, event in published if event.startswith(CHANGING)}):
        await update_places(session, AthleteId(athlete))


async def update_places(session: AsyncSession, athlete_id: AthleteId) -> int:
    """Count an athlete's scores and tell of those that changed; return how many did."""
    challenges = ChallengeRepository(session)
    changed = 0
    for entry, challenge in await challenges.places_of(athlete_id):
        standing = await standing_of(session, athlete_id, challenge, base=entry.base)
        if standing != Standing(entry.score, entry.reached_at, entry.base):
            await challenges.set_score(athlete_id, challenge.id, standing)
            await tell_of_place(session, athlete_id, challenge.id)
            changed += 1
    if changed:
        await order_look(session, athlete_id)
    return changed


async def order_look(session: AsyncSession, athlete_id: AthleteId) -> None:
    """Have the worker look whether something about the athlete's efforts is unusual; one job waits at most."""
    await defer(session, LOOK_TASK, queueing_lock=f"{LOOK_TASK}:{athlete_id}", athlete_id=athlete_id)


async def tell_of_place(session: AsyncSession, athlete_id: AthleteId, challenge_id: UUID) -> None:
    """Tell who has a place that it changed, and who watches the board that it did."""
    await publish(session, athlete_id, CHALLENGE_CHANGED, {"id": str(challenge_id)})
    await announce(session, board_topic(challenge_id))


async def tell_of_challenge(session: AsyncSession, row: ChallengeRow) -> None:
    """Tell who made a challenge or takes part that it is there no more, or again."""
    people = await StandingsRepository(session).people(row.id, limit=TOLD_AT_MOST)
    for person in sorted({row.athlete_id, *people}):
        await publish(session, person, CHALLENGE_CHANGED, {"id": str(row.id)})
    await announce(session, board_topic(row.id))


async def recount_athlete(session: AsyncSession, athlete_id: AthleteId) -> int:
    """Count an athlete's scores from scratch, sets included; return how many were not what they should be.

    Data of others are not touched: an athlete's places follow from the athlete's data alone, so that a board is
    rebuilt by doing this for each of its people.
    """
    await hold(session, athlete_id)
    await ChallengeRepository(session).forget_sets(athlete_id)
    return await update_places(session, athlete_id)
