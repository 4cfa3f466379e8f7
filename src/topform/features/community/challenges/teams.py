"""Teams of a challenge and their board: what a team has is what its members have now. Pure.

A team's total is the sum over the members who count, so that joining, leaving, a late upload, a deletion and an erased
account all lead to what adding up afresh gives. Captain is who has been a member longest, so that there always is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from topform.features.community.challenges.board_repository import NEVER
from topform.features.community.challenges.boards import NOBODY
from topform.features.community.challenges.scoring import ranks
from topform.features.community.challenges.standings_repository import Place, Relations, TeamFacts
from topform.features.community.challenges.team_schemas import TeamBoard, TeamRow

DECIMALS: Final = 3


@dataclass(frozen=True, slots=True)
class Crew:
    """A team with who is in it and who asks to be, those who came first before the others."""

    team: TeamFacts
    members: tuple[Place, ...]
    asking: tuple[Place, ...]

    @property
    def captain(self) -> UUID | None:
        """Who decides about the team; None when nobody of it counts."""
        return self.members[0].athlete_id if self.members else None

    @property
    def score(self) -> float:
        """What its members have together."""
        return round(sum(place.score for place in self.members), DECIMALS)

    @property
    def position(self) -> tuple[float, datetime, str]:
        """Where it stands: most first, then which reached it first."""
        reached = [place.reached_at for place in self.members if place.reached_at is not None]
        return -self.score, max(reached, default=NEVER), str(self.team.id)

    def holds(self, athlete: UUID) -> bool:
        """Tell whether somebody is a member."""
        return any(place.athlete_id == athlete for place in self.members)

    def is_asked_by(self, athlete: UUID) -> bool:
        """Tell whether somebody asks to become a member."""
        return any(place.athlete_id == athlete for place in self.asking)


class TeamStandings:
    """The teams of a challenge in order."""

    def __init__(self, challenge_id: UUID, size: int, teams: Sequence[TeamFacts], places: Sequence[Place]) -> None:
        self.challenge_id, self.size = challenge_id, size
        self._places: dict[UUID, list[Place]] = {}
        for place in places:
            if place.team_id is not None:
                self._places.setdefault(place.team_id, []).append(place)
        self.crews = sorted((self._crew(team) for team in teams), key=lambda crew: crew.position)

    def _crew(self, team: TeamFacts) -> Crew:
        places = self._places.get(team.id, [])
        members = [place for place in places if place.in_team_since is not None]
        return Crew(
            team,
            tuple(sorted(members, key=lambda place: (place.in_team_since or NEVER, str(place.id)))),
            tuple(sorted((place for place in places if place.in_team_since is None), key=lambda one: str(one.id))),
        )

    @cached_property
    def of_athlete(self) -> Mapping[UUID, Crew]:
        """In which team each member is."""
        return {place.athlete_id: crew for crew in self.crews for place in crew.members}

    def seen_by(self, viewer: UUID, relations: Relations) -> list[Crew]:
        """Return the teams that are for the viewer: not those of a captain from whom they are apart, save their own."""
        apart = relations.apart.get(viewer, NOBODY)
        return [crew for crew in self.crews if crew.members and (crew.captain not in apart or crew.holds(viewer))]

    def board(self, viewer: UUID, relations: Relations) -> TeamBoard:
        """Return the board of teams as the viewer may see it; a team's total is the same for everybody."""
        seen = self.seen_by(viewer, relations)
        places = ranks([crew.score for crew in seen])
        rows = [self._row(crew, rank, viewer) for crew, rank in zip(seen, places, strict=True)]
        return TeamBoard(
            challenge_id=self.challenge_id,
            team_size=self.size,
            own=next((row for row in rows if row.is_yours), None),
            items=rows,
        )

    def _row(self, crew: Crew, rank: int | None, viewer: UUID) -> TeamRow:
        return TeamRow.model_construct(
            id=crew.team.id,
            rank=rank,
            name=crew.team.name,
            score=crew.score,
            people=len(crew.members),
            is_open=crew.team.is_open,
            has_room=len(crew.members) < self.size,
            is_yours=crew.holds(viewer),
            is_asked=crew.is_asked_by(viewer),
        )
