"""Challenges, places in them, and boards."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from topform.features.community.challenges import service
from topform.features.community.challenges.boards import FIRST_PAGE
from topform.features.community.challenges.schemas import (
    Board,
    Challenge,
    ChallengePage,
    EntryWish,
    Likeness,
    ListedState,
    NewChallenge,
    ScoreEvidence,
)
from topform.features.community.limits import UseLimits
from topform.features.community.relations.schemas import HandleInPath
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.pages import CursorParameter, Limit
from topform.platform.web.resources import Use

router = APIRouter(prefix="/community/challenges", tags=["community"])
Like = Annotated[list[Likeness], Query(max_length=3, description="Only people who are like you in this.")]


@router.get("")
async def list_challenges(
    use: Use,
    athlete_id: SignedInAthlete,
    state: Annotated[
        ListedState, Query(description="`open`: to join; `mine`: running; `ended`: yours, over.")
    ] = "mine",
    cursor: CursorParameter = None,
    limit: Limit = 20,
) -> ChallengePage:
    """Return challenges that you may join, that you take part in or made, or those after their end."""
    async with use.database.reading() as session:
        return await service.list_challenges(
            session, athlete_id, state=state, now=use.clock.now(), cursor=cursor, limit=limit
        )


@router.post("", status_code=201)
async def make_challenge(
    new: NewChallenge, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits
) -> Challenge:
    """Make a challenge: what is counted, on which days, and who may take part. It cannot be changed afterwards."""
    await limits.count("challenge", athlete_id)
    return await once.write(
        use, athlete_id, new, lambda session, now: service.create(session, athlete_id, new, now=now), Challenge
    )


@router.get("/{challenge_id}")
async def get_challenge(challenge_id: UUID, use: Use, athlete_id: SignedInAthlete) -> Challenge:
    """Return a challenge that you may see."""
    async with use.database.reading() as session:
        return await service.get_challenge(session, athlete_id, challenge_id, now=use.clock.now())


@router.delete("/{challenge_id}", status_code=204)
async def delete_challenge(challenge_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Delete your challenge, or one of a club that you run, with its board."""
    await once.write(
        use, athlete_id, None, lambda session, _: service.delete_challenge(session, athlete_id, challenge_id), Nothing
    )


@router.get("/{challenge_id}/board")
async def get_challenge_board(
    challenge_id: UUID,
    use: Use,
    athlete_id: SignedInAthlete,
    like: Like = [],  # noqa: B006
    cursor: CursorParameter = None,
    limit: Limit = FIRST_PAGE,
) -> Board:
    """Return who stands where, as far as it is for you, and your own place wherever it is.

    The first page comes anew whenever it changes on the WebSocket `/api/v1/community/challenges/{challenge_id}/live`.
    """
    async with use.database.reading() as session:
        return await service.get_board(session, athlete_id, challenge_id, like=like, cursor=cursor, limit=limit)


@router.get("/{challenge_id}/entry")
async def get_challenge_evidence(challenge_id: UUID, use: Use, athlete_id: SignedInAthlete) -> ScoreEvidence:
    """Return what your score is made of, repetition by repetition; nobody else sees it."""
    async with use.database.reading() as session:
        return await service.evidence(session, athlete_id, challenge_id)


@router.put("/{challenge_id}/entry")
async def join_challenge(
    challenge_id: UUID, wish: EntryWish, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits
) -> Challenge:
    """Take part, or change what the board shows of you; what you recorded on its days so far counts."""
    await limits.count("challenge", athlete_id)
    return await once.write(
        use,
        athlete_id,
        wish,
        lambda session, now: service.take_part(session, athlete_id, challenge_id, wish, now=now),
        Challenge,
    )


@router.delete("/{challenge_id}/entry", status_code=204)
async def leave_challenge(challenge_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Leave: your place is gone from the board."""
    await once.write(
        use, athlete_id, None, lambda session, _: service.leave(session, athlete_id, challenge_id), Nothing
    )


@router.put("/{challenge_id}/invitations/{handle}")
async def invite_to_challenge(
    challenge_id: UUID, handle: HandleInPath, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits
) -> Challenge:
    """Ask somebody into your challenge."""
    await limits.count("follow", athlete_id)
    return await once.write(
        use,
        athlete_id,
        None,
        lambda session, now: service.invite(session, athlete_id, challenge_id, handle, now=now),
        Challenge,
    )


@router.delete("/{challenge_id}/invitations/{handle}", status_code=204)
async def take_back_challenge_invitation(
    challenge_id: UUID, handle: HandleInPath, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> None:
    """Take an invitation back; who takes part already stays."""
    await once.write(
        use, athlete_id, None, lambda session, _: service.uninvite(session, athlete_id, challenge_id, handle), Nothing
    )


@router.delete("/{challenge_id}/entries/{entry_id}", status_code=204)
async def take_off_challenge_board(
    challenge_id: UUID, entry_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> None:
    """Take a place off the board of your challenge; who had it cannot join again."""
    await once.write(
        use,
        athlete_id,
        None,
        lambda session, now: service.take_off(session, athlete_id, challenge_id, entry_id, now=now),
        Nothing,
    )
