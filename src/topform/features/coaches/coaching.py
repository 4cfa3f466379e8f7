"""Who coaches whom, as a condition for queries of others."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import InstrumentedAttribute, aliased

from topform.features.athletes.public import may_share
from topform.features.coaches.tables import CoachGrantRow

Person = UUID | InstrumentedAttribute[UUID] | ColumnElement[UUID]


def is_coach_of(coach: Person, athlete: Person) -> ColumnElement[bool]:
    """Return the condition that an athlete lets somebody coach them now, whatever they share."""
    grant = aliased(CoachGrantRow)
    return exists().where(
        grant.athlete_id == athlete,
        grant.coach_id == coach,
        grant.accepted_at.is_not(None),
        grant.ended_at.is_(None),
        may_share(grant),
    )
