"""Boards as they change: whoever watches a board gets its first page, or the whole board of teams, anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.community.challenges.boards import Standings
from topform.features.community.challenges.schemas import Likeness
from topform.features.community.challenges.standings_repository import StandingsRepository
from topform.features.community.challenges.teams import TeamStandings
from topform.features.community.topics import RELATIONS, board_topic
from topform.platform.database import Database
from topform.platform.events import EventHub
from topform.platform.watching import Watched, Watcher

BOARD: Final = "community.board"
TEAM_BOARD: Final = "community.team_board"


async def may_watch(session: AsyncSession, viewer: AthleteId, challenge_id: UUID) -> bool:
    """Tell whether somebody may see a challenge."""
    return bool(await StandingsRepository(session).still_seeing(challenge_id, [viewer]))


@dataclass(eq=False)
class BoardWatcher(Watcher):
    """One client that watches a board."""

    like: tuple[Likeness, ...] = ()


class BoardRooms:
    """The boards that are watched through this process."""

    def __init__(self, database: Database, hub: EventHub) -> None:
        self._database = database
        self._boards: Watched[BoardWatcher] = Watched(
            hub, name="board", topics=lambda challenge_id: (board_topic(challenge_id), RELATIONS), refresh=self._refresh
        )

    def enter(self, challenge_id: UUID, viewer: AthleteId, like: Sequence[Likeness]) -> BoardWatcher:
        """Begin to watch a board; the first message is the board as it is now."""
        return self._boards.enter(challenge_id, BoardWatcher(viewer, like=tuple(like)))

    async def _refresh(self, challenge_id: UUID, watchers: Sequence[BoardWatcher]) -> None:
        """Read the board once and give each watcher theirs."""
        viewers = {watcher.viewer for watcher in watchers}
        async with self._database.transaction() as session:
            standings = StandingsRepository(session)
            seeing = await standings.still_seeing(challenge_id, viewers)
            relations = await standings.relations(viewers)
            places = await standings.places(challenge_id)
            relay = await standings.relay(challenge_id)
        board = Standings(challenge_id, places)
        teams = None if relay is None else TeamStandings(challenge_id, relay.size, relay.teams, places)
        for watcher in watchers:
            if watcher.viewer not in seeing:
                watcher.end()
                continue
            shown = board.board(watcher.viewer, relations, like=watcher.like)
            watcher.offer(_message(BOARD, shown), kind=BOARD)
            if teams is not None:
                watcher.offer(_message(TEAM_BOARD, teams.board(watcher.viewer, relations)), kind=TEAM_BOARD)


def _message(kind: str, shown: BaseModel) -> str:
    return f'{{"type":"{kind}","data":{shown.model_dump_json()}}}'
