"""What an import changed, told once at the end of its transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.activities.events import ACTIVITIES_IMPORTED, FITNESS_CHANGED
from topform.features.activities.schemas import ActivitySummary
from topform.features.activities.tables import ActivityRow
from topform.platform.events import publish


@dataclass(slots=True)
class ImportNews:
    """Collects what clients are told, and the keys of objects that nothing needs any more."""

    replaced_keys: list[str] = field(default_factory=list)
    _told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _days: list[date] = field(default_factory=list)

    def add(self, row: ActivityRow, event: str, *, loaded_before: date | None = None) -> None:
        """Note that an activity was made or changed; ``loaded_before`` is the day that had its load until now."""
        self._told.append((event, ActivitySummary.model_validate(row).model_dump(mode="json")))
        if row.load_au is not None:
            self._days.append(row.local_date)
        if loaded_before is not None:
            self._days.append(loaded_before)

    def note_day(self, day: date) -> None:
        """Note that the day has lost a load."""
        self._days.append(day)

    async def publish(self, session: AsyncSession, athlete_id: AthleteId) -> None:
        """Tell of one activity as the list shows it, of several by their ids: clients fetch the list once."""
        if len(self._told) == 1:
            await publish(session, athlete_id, *self._told[0])
        elif self._told:
            ids = list(dict.fromkeys(summary["id"] for _, summary in self._told))
            await publish(session, athlete_id, ACTIVITIES_IMPORTED, {"ids": ids})
        if self._days:
            await publish(session, athlete_id, FITNESS_CHANGED, {"from": min(self._days).isoformat()})
