"""The one answer to "who may see this row"; every query over an athlete's rows goes through it."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from topform.core.ids import AthleteId


class AthleteScoped(Protocol):
    """A table whose rows belong to an athlete."""

    athlete_id: InstrumentedAttribute[UUID]


def visible_to(viewer: AthleteId, table: type[AthleteScoped]) -> ColumnElement[bool]:
    """Return the condition under which the viewer sees a row: it is their own."""
    return table.athlete_id == viewer
