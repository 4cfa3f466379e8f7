"""Teams of challenges, and their board."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from topform.features.community.challenges import team_service as service
from topform.features.community.challenges.team_schemas import ChallengeTeam, NewTeam, TeamBoard, TeamWish
from topform.features.community.limits import UseLimits
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(prefix="/community/challenges", tags=["community"])


@router.get("/{challenge_id}/teams")
async def get_challenge_teams(challenge_id: UUID, use: Use, athlete_id: SignedInAthlete) -> TeamBoard:
    """Return how the teams of a challenge stand.

    It comes anew whenever it changes on the WebSocket `/api/v1/community/challenges/{challenge_id}/live`.
    """
    async with use.database.reading() as session:
        return await service.team_board(session, athlete_id, challenge_id)


@router.post("/{challenge_id}/teams", status_code=201)
async def make_challenge_team(
    challenge_id: UUID, new: NewTeam, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits
) -> ChallengeTeam:
    """Make a team in a challenge that you take part in; you are its first member and its captain."""
    await limits.count("challenge", athlete_id)
    return await once.write(
        use,
        athlete_id,
        new,
        lambda session, now: service.make_team(session, athlete_id, challenge_id, new, now=now),
        ChallengeTeam,
    )


@router.get("/{challenge_id}/teams/{team_id}")
async def get_challenge_team(challenge_id: UUID, team_id: UUID, use: Use, athlete_id: SignedInAthlete) -> ChallengeTeam:
    """Return a team with its members, as far as you may know them."""
    async with use.database.reading() as session:
        return await service.get_team(session, athlete_id, challenge_id, team_id)


@router.put("/{challenge_id}/entry/team")
async def join_challenge_team(
    challenge_id: UUID, wish: TeamWish, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits
) -> TeamBoard:
    """Come into an open team, or ask the captain of another."""
    await limits.count("challenge", athlete_id)
    return await once.write(
        use,
        athlete_id,
        wish,
        lambda session, now: service.come_in(session, athlete_id, challenge_id, wish.team_id, now=now),
        TeamBoard,
    )


@router.delete("/{challenge_id}/entry/team", status_code=204)
async def leave_challenge_team(challenge_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Leave your team, or take back that you ask to come in; what you did stays yours, and leaves its total."""
    await once.write(
        use, athlete_id, None, lambda session, _: service.go_out(session, athlete_id, challenge_id), Nothing
    )


@router.put("/{challenge_id}/teams/{team_id}/members/{entry_id}")
async def let_into_challenge_team(
    challenge_id: UUID, team_id: UUID, entry_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> ChallengeTeam:
    """Let a place that asks into your team."""
    return await once.write(
        use,
        athlete_id,
        None,
        lambda session, now: service.let_in(session, athlete_id, challenge_id, team_id, entry_id, now=now),
        ChallengeTeam,
    )


@router.delete("/{challenge_id}/teams/{team_id}/members/{entry_id}", status_code=204)
async def put_out_of_challenge_team(
    challenge_id: UUID, team_id: UUID, entry_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> None:
    """Put a place out of your team, or refuse one that asks; it stays on the board of people."""
    await once.write(
        use,
        athlete_id,
        None,
        lambda session, _: service.put_out(session, athlete_id, challenge_id, team_id, entry_id),
        Nothing,
    )
