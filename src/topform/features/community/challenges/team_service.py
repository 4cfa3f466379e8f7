"""Making teams, coming in, leaving, and reading their board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.athletes.public import require_may_share
from topform.features.community.challenge_tables import ChallengeTeamRow
from topform.features.community.challenges.boards import NOBODY, Standings
from topform.features.community.challenges.repository import Seen
from topform.features.community.challenges.schemas import BoardRow
from topform.features.community.challenges.seeing import state_of, visible_challenge
from topform.features.community.challenges.standings_repository import Place, Relations, StandingsRepository
from topform.features.community.challenges.team_repository import TeamRepository
from topform.features.community.challenges.team_schemas import ChallengeTeam, NewTeam, TeamBoard
from topform.features.community.challenges.teams import Crew, TeamStandings
from topform.features.community.events import CHALLENGE_CHANGED
from topform.features.community.names import require_group_name
from topform.features.community.topics import board_topic
from topform.platform.events import announce, publish
from topform.platform.happenings import Happening, happened
from topform.platform.web.idempotency import Nothing

MOST_TEAMS: Final = 200


class TeamFullError(ConflictError):
    """A team has as many members as can be, or a challenge as many teams."""

    code = "team_full"


class AlreadyInTeamError(ConflictError):
    """Nobody is in two teams of a challenge."""

    code = "already_in_team"


@dataclass(frozen=True, slots=True)
class _Field:
    """The teams of a challenge as somebody sees them."""

    seen: Seen
    places: list[Place]
    relations: Relations
    standings: TeamStandings

    def crew(self, viewer: UUID, team_id: UUID) -> Crew:
        for crew in self.standings.seen_by(viewer, self.relations):
            if crew.team.id == team_id:
                return crew
        raise NotFoundError("There is no such team.")

    def own(self, captain: UUID, team_id: UUID) -> Crew:
        crew = self.crew(captain, team_id)
        if crew.captain != captain:
            raise NotFoundError("There is no such team of yours.")
        return crew

    @property
    def size(self) -> int:
        return self.standings.size


async def team_board(session: AsyncSession, viewer: AthleteId, challenge_id: UUID) -> TeamBoard:
    """Return the teams of a challenge as the viewer may see them."""
    field = await _field(session, viewer, challenge_id)
    return field.standings.board(viewer, field.relations)


async def get_team(session: AsyncSession, viewer: AthleteId, challenge_id: UUID, team_id: UUID) -> ChallengeTeam:
    """Return a team with its members, as far as the viewer may know them."""
    field = await _field(session, viewer, challenge_id)
    crew = field.crew(viewer, team_id)
    is_captain = crew.captain == viewer
    return ChallengeTeam(
        id=crew.team.id,
        name=crew.team.name,
        is_open=crew.team.is_open,
        is_yours=crew.holds(viewer),
        is_captain=is_captain,
        members=_rows(field, viewer, crew.members),
        asking=_rows(field, viewer, crew.asking) if is_captain else [],
    )


async def make_team(
    session: AsyncSession, athlete_id: AthleteId, challenge_id: UUID, new: NewTeam, *, now: datetime
) -> ChallengeTeam:
    """Make a team and be its first member."""
    require_group_name(new.name)
    await TeamRepository(session).hold(challenge_id)
    field = await _changeable(session, athlete_id, challenge_id, now=now)
    _require_free(field, athlete_id)
    if len(field.standings.crews) >= MOST_TEAMS:
        raise TeamFullError(f"There are {MOST_TEAMS} teams.", remedy="Come into one of them.")
    if any(crew.team.name.casefold() == new.name.casefold() for crew in field.standings.crews):
        raise ConflictError("There is a team of that name.", remedy="Choose another name, or come into it.")
    row = ChallengeTeamRow(id=new_id(), challenge_id=challenge_id, name=new.name, is_open=new.is_open, created_at=now)
    await TeamRepository(session).add(row)
    await TeamRepository(session).enter(athlete_id, challenge_id, row.id, since=now)
    await _tell(session, challenge_id, athlete_id)
    return await get_team(session, athlete_id, challenge_id, row.id)


async def come_in(
    session: AsyncSession, athlete_id: AthleteId, challenge_id: UUID, team_id: UUID, *, now: datetime
) -> TeamBoard:
    """Come into an open team, or ask the captain of another."""
    await TeamRepository(session).hold(challenge_id)
    field = await _changeable(session, athlete_id, challenge_id, now=now)
    crew = field.crew(athlete_id, team_id)
    if not crew.holds(athlete_id):
        _require_free(field, athlete_id)
        _require_room(field, crew)
        since = now if crew.team.is_open else None
        await TeamRepository(session).enter(athlete_id, challenge_id, team_id, since=since)
        if since is None and crew.captain is not None:
            _happened(session, "team_request", challenge_id, crew.captain, by=athlete_id, now=now)
        await _tell(session, challenge_id, athlete_id, crew.captain)
    return await team_board(session, athlete_id, challenge_id)


async def go_out(session: AsyncSession, athlete_id: AthleteId, challenge_id: UUID) -> Nothing:
    """Leave one's team, or take the question back; what one has done stays one's own."""
    await TeamRepository(session).hold(challenge_id)
    await visible_challenge(session, athlete_id, challenge_id)
    if not await TeamRepository(session).leave(athlete_id, challenge_id):
        raise NotFoundError("You are in no team of such a challenge.")
    await TeamRepository(session).forget_empty(challenge_id)
    await _tell(session, challenge_id, athlete_id)
    return Nothing()


async def let_in(
    session: AsyncSession, captain: AthleteId, challenge_id: UUID, team_id: UUID, entry_id: UUID, *, now: datetime
) -> ChallengeTeam:
    """Let somebody who asks into one's own team."""
    await TeamRepository(session).hold(challenge_id)
    field = await _changeable(session, captain, challenge_id, now=now)
    crew = field.own(captain, team_id)
    place = _place(crew.asking, entry_id, field.relations.apart.get(captain, NOBODY))
    _require_room(field, crew)
    await TeamRepository(session).decide(team_id, place.athlete_id, since=now)
    _happened(session, "team_accepted", challenge_id, place.athlete_id, by=captain, now=now)
    await _tell(session, challenge_id, captain, place.athlete_id)
    return await get_team(session, captain, challenge_id, team_id)


async def put_out(
    session: AsyncSession, captain: AthleteId, challenge_id: UUID, team_id: UUID, entry_id: UUID
) -> Nothing:
    """Put somebody out of one's own team, or refuse who asks."""
    await TeamRepository(session).hold(challenge_id)
    crew = (await _field(session, captain, challenge_id)).own(captain, team_id)
    place = _place([one for one in (*crew.members, *crew.asking) if one.athlete_id != captain], entry_id, NOBODY)
    await TeamRepository(session).decide(team_id, place.athlete_id, since=None)
    await _tell(session, challenge_id, captain, place.athlete_id)
    return Nothing()


async def _field(session: AsyncSession, viewer: AthleteId, challenge_id: UUID) -> _Field:
    seen = await visible_challenge(session, viewer, challenge_id)
    repository = StandingsRepository(session)
    relay = await repository.relay(challenge_id)
    if relay is None:
        raise NotFoundError("This challenge has no teams.", remedy="Look at its board instead.")
    places = await repository.places(challenge_id)
    return _Field(
        seen, places, await repository.relations([viewer]), TeamStandings(challenge_id, relay.size, relay.teams, places)
    )


async def _changeable(session: AsyncSession, athlete_id: AthleteId, challenge_id: UUID, *, now: datetime) -> _Field:
    """Return the teams to somebody who takes part while the days are not over."""
    await require_may_share(session, athlete_id, today=now.date())
    field = await _field(session, athlete_id, challenge_id)
    if field.seen.entry is None:
        raise ConflictError("You do not take part.", remedy="Take part first, then come into a team.")
    if state_of(field.seen.row, now) in ("late", "settled"):
        raise ConflictError("The challenge is over.", remedy="Teams stay as they were on its last day.")
    return field


def _require_free(field: _Field, athlete_id: AthleteId) -> None:
    if athlete_id in field.standings.of_athlete:
        raise AlreadyInTeamError("You are in a team already.", remedy="Leave it first.")


def _require_room(field: _Field, crew: Crew) -> None:
    if len(crew.members) >= field.size:
        raise TeamFullError(f"The team has {field.size} members.", remedy="Come into another one, or make one.")


def _place(places: tuple[Place, ...] | list[Place], entry_id: UUID, apart: frozenset[UUID] | set[UUID]) -> Place:
    for place in places:
        if place.id == entry_id and place.athlete_id not in apart:
            return place
    raise NotFoundError("There is no such place in your team.")


def _rows(field: _Field, viewer: AthleteId, places: tuple[Place, ...]) -> list[BoardRow]:
    everybody = Standings(field.seen.row.id, field.places).without(field.relations.apart.get(viewer, NOBODY))
    known = field.relations.known.get(viewer, NOBODY)
    indexes = [everybody.of_athlete[one.athlete_id] for one in places if one.athlete_id in everybody.of_athlete]
    return [everybody.row(index, viewer, known) for index in indexes]


def _happened(session: AsyncSession, kind: str, challenge_id: UUID, told: UUID, *, by: UUID, now: datetime) -> None:
    key = f"{kind}:{challenge_id}:{by}:{now.date()}"
    happened(session, Happening(kind, told, key, now, actor_id=by, challenge_id=challenge_id))


async def _tell(session: AsyncSession, challenge_id: UUID, *people: UUID | None) -> None:
    for person in sorted({one for one in people if one is not None}):
        await publish(session, person, CHALLENGE_CHANGED, {"id": str(challenge_id)})
    await announce(session, board_topic(challenge_id))
