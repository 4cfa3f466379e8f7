"""Computing stored activities again, in batches, from what is stored; done twice it gives the same."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from topform.core.ids import AthleteId, new_id
from topform.features.activities.events import ACTIVITIES_RECOMPUTED, FITNESS_CHANGED
from topform.features.activities.exertion import load_with_rating, rating_scale
from topform.features.activities.importing import ActivityImport
from topform.features.activities.recompute_repository import Found, RecomputeRepository
from topform.features.activities.repository import ActivityRepository
from topform.features.activities.stored_legs import Recomputed, StoredActivity, can_recompute, recompute
from topform.features.athletes.public import parameter_history
from topform.platform.events import publish
from topform.platform.web.resources import Resources
from topform.science.athlete import ParameterHistory
from topform.science.srpe import LOAD_PER_SRPE

BATCH: Final = 40
SAME_FRAC: Final = 1e-9

Report = Callable[[float, str], Awaitable[None]]


@dataclass(slots=True)
class RecomputeOutcome:
    """What a recomputation did."""

    activities: int = 0
    changed_metrics: int = 0
    from_files: int = 0
    gone: int = 0
    first_changed_day: date | None = None
    metrics: set[str] = field(default_factory=set)

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "activities": self.activities,
            "changed_metrics": self.changed_metrics,
            "from_files": self.from_files,
            "gone": self.gone,
            "metrics": sorted(self.metrics),
        }


@dataclass(slots=True)
class Recomputation:
    """Computes one athlete's activities again."""

    resources: Resources
    athlete_id: AthleteId
    outcome: RecomputeOutcome = field(default_factory=RecomputeOutcome)
    rating_scale: float = LOAD_PER_SRPE

    async def run(
        self, *, since: date | None = None, outdated: Mapping[str, int] | None = None, report: Report | None = None
    ) -> RecomputeOutcome:
        """Compute the activities since a day, or those that lack these versions of metrics; tell clients once."""
        async with self.resources.database.transaction() as session:
            ids = await RecomputeRepository(session).ids(self.athlete_id, since=since, outdated=outdated)
            history = await parameter_history(session, self.athlete_id)
            self.rating_scale = await rating_scale(session, self.athlete_id)
        storing: asyncio.Task[None] | None = None
        try:
            for begin in range(0, len(ids), BATCH):
                if report is not None:
                    await report(begin / len(ids), "recomputing")
                computed, too_old = await self._compute(ids[begin : begin + BATCH], history)
                if storing is not None:
                    await storing
                storing = asyncio.create_task(self._store(computed))
                for one in too_old:
                    await storing
                    await self._from_files(one)
        finally:
            if storing is not None:
                await storing
        if self.outcome.activities:
            async with self.resources.database.transaction() as session:
                told = {"count": self.outcome.activities}
                await publish(session, self.athlete_id, ACTIVITIES_RECOMPUTED, told)
                if self.outcome.first_changed_day is not None:
                    day = self.outcome.first_changed_day.isoformat()
                    await publish(session, self.athlete_id, FITNESS_CHANGED, {"from": day})
        return self.outcome

    async def _compute(self, ids: Sequence[UUID], history: ParameterHistory) -> tuple[list[Recomputed], list[Found]]:
        """Analyse a batch off the event loop, while the batch before it is written."""
        async with self.resources.database.transaction() as session:
            activities = RecomputeRepository(session)
            found = await activities.found(self.athlete_id, ids)
            documents = await activities.documents(self.athlete_id, ids)
            digests = await activities.digests(self.athlete_id, ids)
        self.outcome.gone += len(ids) - len(found)
        work, too_old = [], []
        for one in found:
            digest = digests.get(one.activity_id, one.streams_key)
            legs = tuple(documents.get(one.activity_id, ()))
            stored = StoredActivity(one.activity_id, one.streams_key, digest, legs)
            if can_recompute(stored):
                streams = await self.resources.store.get(one.streams_key)
                work.append((stored, streams, history.on(one.local_date)))
            else:
                too_old.append(one)
        return await asyncio.to_thread(lambda: [recompute(*arguments) for arguments in work]), too_old

    async def _from_files(self, one: Found) -> None:
        """Read the activity's files again, since what is stored of it is too old."""
        before = await self._metrics_of(one.activity_id)
        if not await ActivityImport(self.resources, self.athlete_id).recompute(one.activity_id, is_told=False):
            self.outcome.gone += 1
            return
        history = self._history(before, await self._metrics_of(one.activity_id))
        async with self.resources.database.transaction() as session:
            await RecomputeRepository(session).add_history(self._dated(history))
        self.outcome.from_files += 1
        self._count(1, history)
        self._note_day(one.local_date)

    async def _metrics_of(self, activity_id: UUID) -> list[dict[str, Any]]:
        async with self.resources.database.transaction() as session:
            return await RecomputeRepository(session).metrics(self.athlete_id, [activity_id])

    def _dated(self, history: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        now = self.resources.clock.now()
        return [{**row, "id": new_id(), "replaced_at": now} for row in history]

    def _count(self, activities: int, history: Sequence[Mapping[str, Any]]) -> None:
        self.outcome.activities += activities
        self.outcome.changed_metrics += len(history)
        self.outcome.metrics |= {row["metric"] for row in history}

    async def _store(self, computed: Sequence[Recomputed]) -> None:
        """Write a batch, but for activities that changed their recording meanwhile."""
        if not computed:
            return
        now = self.resources.clock.now()
        async with self.resources.database.transaction() as session:
            await ActivityRepository(session).lock_athlete(self.athlete_id)
            activities = RecomputeRepository(session)
            ids = [one.activity_id for one in computed]
            locked = {one.activity_id: one for one in await activities.found(self.athlete_id, ids, lock=True)}
            kept = [
                one
                for one in computed
                if one.activity_id in locked and locked[one.activity_id].streams_key == one.streams_key
            ]
            self.outcome.gone += len(computed) - len(kept)
            if not kept:
                return
            ids = [one.activity_id for one in kept]
            computed_metrics = [{**row, "activity_id": one.activity_id} for one in kept for row in one.metrics]
            history = self._history(await activities.metrics(self.athlete_id, ids), computed_metrics)
            rows = [self._activity(locked[one.activity_id], one) for one in kept]
            await activities.write(
                self.athlete_id,
                ids,
                activities=[{**row, "updated_at": now} for row in rows],
                legs=[row for one in kept for row in self._owned(locked[one.activity_id], one.legs)],
                metrics=[row for one in kept for row in self._owned(locked[one.activity_id], one.metrics)],
                bests=[row for one in kept for row in self._owned(locked[one.activity_id], one.bests)],
            )
            await activities.add_history(self._dated(history))
        self._count(len(kept), history)

    def _owned(self, found: Found, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        owner = {
            "activity_id": found.activity_id,
            "athlete_id": self.athlete_id,
            "restricted_by": found.restricted_by,
        }
        return [{**owner, **row} for row in rows]

    def _activity(self, before: Found, computed: Recomputed) -> dict[str, Any]:
        values = dict(computed.values)
        values["load_au"], values["load_source"] = load_with_rating(
            load_au=values["load_au"],
            load_source=values["load_source"],
            rpe_cr10=before.rpe_cr10,
            elapsed_s=before.elapsed_s,
            scale=self.rating_scale,
        )
        if values["load_au"] != before.load_au:
            self._note_day(before.local_date)
        return {"activity": before.activity_id, **values}

    def _note_day(self, day: date) -> None:
        first = self.outcome.first_changed_day
        self.outcome.first_changed_day = day if first is None else min(first, day)

    def _history(self, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the stored metrics that come out differently, with the reason."""
        new = {(row["activity_id"], row["leg"], row["metric"]): row for row in after}
        changed = []
        for old in before:
            found = new.get((old["activity_id"], old["leg"], old["metric"]))
            if found is not None and found["version"] == old["version"] and _is_same(found["value"], old["value"]):
                continue
            is_new_version = found is None or found["version"] != old["version"]
            changed.append({**old, "athlete_id": self.athlete_id, "reason": "version" if is_new_version else "inputs"})
        return changed


def _is_same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=SAME_FRAC, abs_tol=SAME_FRAC)
