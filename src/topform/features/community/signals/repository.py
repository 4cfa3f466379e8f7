"""Queries over what is unusual about efforts, and over sets of everybody that may show the same movement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, column, delete, func, or_, select, table, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from topform.core.ids import AthleteId
from topform.features.community.challenge_tables import ChallengeRow, CountedSetRow
from topform.features.community.signal_tables import SignalRow
from topform.features.community.tables import PersonRow

_activities = table("activities", column("id", Uuid()), column("athlete_id", Uuid()))
"""What of another feature's table says whose recording it is."""

CANDIDATES: Final = 50
"""So many sets of as many repetitions that took as long are compared one by one; more would be no coincidence."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A signal with whose effort it is, and where it counts."""

    row: SignalRow
    person: PersonRow
    challenge: ChallengeRow | None
    other: PersonRow | None
    """Whose earlier set or recording shows the same."""


class SignalRepository:
    """Signals within one transaction; callers act for the server or have checked the role."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(
        self,
        athlete_id: AthleteId,
        found: Sequence[Mapping[str, Any]],
        *,
        challenge_id: UUID | None = None,
        segment_id: UUID | None = None,
        name: str | None = None,
    ) -> None:
        """Write what is unusual about an athlete's efforts at a place; what holds no more and waits goes.

        What a moderator called fine about an effort is not raised again, wherever else the effort counts.
        """
        here = and_(
            SignalRow.athlete_id == athlete_id,
            SignalRow.challenge_id.is_not_distinct_from(challenge_id),
            SignalRow.segment_id.is_not_distinct_from(segment_id),
        )
        answered = {
            (row.code, row.form_check_id, row.activity_id)
            for row in await self._session.execute(
                select(SignalRow.code, SignalRow.form_check_id, SignalRow.activity_id).where(
                    SignalRow.athlete_id == athlete_id, SignalRow.decision == "fine"
                )
            )
        }
        rows = [
            dict(one)
            for one in found
            if (one["code"], one.get("form_check_id"), one.get("activity_id")) not in answered
        ]
        await self._session.execute(
            delete(SignalRow).where(
                here, SignalRow.decided_at.is_(None), SignalRow.key.not_in([row["key"] for row in rows])
            )
        )
        for row in rows:
            where = {"challenge_id": challenge_id, "segment_id": segment_id, "name": name}
            values = row | where | {"athlete_id": athlete_id}
            statement = insert(SignalRow).values(**values)
            await self._session.execute(
                statement.on_conflict_do_update(
                    index_elements=["athlete_id", "key"],
                    set_={"strength": row["strength"], "facts": row["facts"], "name": name},
                    where=SignalRow.decided_at.is_(None),
                )
            )

    async def listed(self, *, decided: bool, limit: int) -> list[Raised]:
        """Return open signals for moderators, the strongest first, or the decided ones, the latest first."""
        query = _raised().where(SignalRow.decided_at.is_not(None) if decided else SignalRow.decided_at.is_(None))
        order = (
            (SignalRow.decided_at.desc(), SignalRow.id.desc())
            if decided
            else (SignalRow.strength.desc(), SignalRow.id.desc())
        )
        return [Raised(*row) for row in (await self._session.execute(query.order_by(*order).limit(limit))).all()]

    async def signal(self, signal_id: UUID) -> Raised | None:
        """Return a signal for moderators, locked."""
        query = _raised().where(SignalRow.id == signal_id).with_for_update(of=SignalRow)
        found = (await self._session.execute(query)).one_or_none()
        return None if found is None else Raised(*found)

    async def decide(self, row: SignalRow, *, decision: str, note: str, by: UUID, now: datetime) -> None:
        """Decide a signal with all open ones that this answers, for moderators.

        `fine` holds for the same about the same effort everywhere, `removed` for all about the place.
        """
        same: ColumnElement[bool] = and_(
            SignalRow.code == row.code,
            SignalRow.form_check_id.is_not_distinct_from(row.form_check_id),
            SignalRow.activity_id.is_not_distinct_from(row.activity_id),
        )
        if decision == "removed":
            same = and_(
                SignalRow.challenge_id.is_not_distinct_from(row.challenge_id),
                SignalRow.segment_id.is_not_distinct_from(row.segment_id),
            )
        await self._session.execute(
            update(SignalRow)
            .where(SignalRow.athlete_id == row.athlete_id, same, SignalRow.decided_at.is_(None))
            .values(decision=decision, decision_note=note, decided_by=by, decided_at=now)
            .execution_options(synchronize_session=False)
        )

    async def alike(self, row: CountedSetRow, *, within_s: float) -> list[CountedSetRow]:
        """Return earlier sets, of anybody, of as many repetitions over about the same time, oldest first."""
        query = select(CountedSetRow).where(
            CountedSetRow.exercise == row.exercise,
            CountedSetRow.rep_total == row.rep_total,
            CountedSetRow.span_s.between((row.span_s or 0.0) - within_s, (row.span_s or 0.0) + within_s),
            or_(
                CountedSetRow.at < row.at,
                and_(CountedSetRow.at == row.at, CountedSetRow.form_check_id < row.form_check_id),
            ),
        )
        query = query.order_by(CountedSetRow.at, CountedSetRow.form_check_id).limit(CANDIDATES)
        return list((await self._session.execute(query)).scalars())

    async def in_community(self, athlete_ids: Collection[UUID]) -> set[UUID]:
        """Return who of some people has a profile."""
        query = select(PersonRow.athlete_id).where(PersonRow.athlete_id.in_(athlete_ids))
        return set(await self._session.scalars(query))

    async def open_count(self) -> int:
        """Return how many signals wait for a moderator."""
        query = select(func.count()).select_from(SignalRow).where(SignalRow.decided_at.is_(None))
        return (await self._session.scalar(query)) or 0


def _raised() -> Select[SignalRow, PersonRow, ChallengeRow, PersonRow]:
    earlier, other = aliased(CountedSetRow), aliased(PersonRow)
    return (
        select(SignalRow, PersonRow, ChallengeRow, other)
        .join(PersonRow, PersonRow.athlete_id == SignalRow.athlete_id)
        .outerjoin(ChallengeRow, ChallengeRow.id == SignalRow.challenge_id)
        .outerjoin(earlier, earlier.form_check_id == SignalRow.other_form_check_id)
        .outerjoin(_activities, _activities.c.id == SignalRow.other_activity_id)
        .outerjoin(other, other.athlete_id == func.coalesce(earlier.athlete_id, _activities.c.athlete_id))
        .execution_options(populate_existing=True)
    )
