"""What is known about an athlete's life around their plan: recorded training, what they told, how sessions felt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.adaptation import Illness, Life
from topform.coaching.adaptation.matching import Done, lived_days
from topform.coaching.goals import PlanSport
from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.core.units import S_PER_MIN
from topform.features.activities.public import past_sessions
from topform.features.athletes.public import get_athlete
from topform.features.plans.adapting_schemas import StoredMark, Told
from topform.features.plans.repository import PlanRepository
from topform.features.plans.tables import PlanLifeRow, PlanRow, SessionMarkRow
from topform.features.readiness.public import readiness, red_flag_is_set, red_flag_spans, warnings
from topform.features.strength_sets.public import filmed_sessions

TOO_EASY_POINTS: Final = 2
MIN_COVERAGE: Final = 0.4
"""The least share of readiness's weights on which a session may be changed."""

TIRED_RULE: Final = "R4"
LOW_SIGNALS: Final = 2
LAST_HARD_SESSIONS: Final = 2
FILMED: Final = "filmed_sets"
"""No sport that a plan trains: the load counts, and no rule about whole strength sessions applies."""

_REJECTED_LOOKED_AT: Final = 50
"""So many of the last refused proposals tell which illness needs no question any more."""


async def local_today(session: AsyncSession, athlete_id: AthleteId, now: datetime) -> date:
    """Return the athlete's calendar day."""
    athlete = await get_athlete(session, athlete_id)
    return now.astimezone(ZoneInfo(athlete.time_zone)).date()


async def done_between(
    session: AsyncSession, athlete_id: AthleteId, first: date, last: date, *, purpose: Purpose = Purpose.OWN_EYES
) -> list[Done]:
    """Return what was recorded or filmed on some days, as the plan looks back on it."""
    filmed = [
        Done(
            activity_id=str(item.id),
            day=item.day,
            sport=FILMED,
            minutes=item.active_s / S_PER_MIN,
            load_au=item.load_au,
            is_part=True,
        )
        for item in await filmed_sessions(session, athlete_id, first=first, last=last)
    ]
    recorded = [
        Done(
            activity_id=str(item.id),
            day=item.day,
            sport=item.sport,
            minutes=item.timer_s / 60,
            load_au=item.load_au,
            distance_m=item.distance_m,
            rpe_cr10=item.rpe_cr10,
        )
        for item in await past_sessions(session, athlete_id, first=first, last=last, purpose=purpose)
    ]
    return [*recorded, *filmed]


def called_done(marks: Iterable[SessionMarkRow | StoredMark]) -> set[str]:
    """Return the ids of the sessions that the athlete called done."""
    return {mark.session_id for mark in marks if mark.mark == "done"}


async def locked_days(session: AsyncSession, athlete_id: AthleteId, *, first: date, last: date) -> set[date]:
    """Return the days on which the athlete was ill, away, or told by a symptom not to train."""
    told = told_of(await PlanRepository(session).life(athlete_id))
    spans = await red_flag_spans(session, athlete_id, first=first, last=last)
    if told.illness is not None:
        spans.append((told.illness.since, told.illness.symptom_free_since))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    ill = {day for day in days if any(start <= day and (end is None or day <= end) for start, end in spans)}
    return ill | (set(told.away) & set(days))


async def locked_by_illness(session: AsyncSession, plan: PlanRow, *, today: date) -> frozenset[date]:
    """Return the days that an illness keeps free, without those that the plan left to the athlete's own choice."""
    told = told_of(await PlanRepository(session).life(AthleteId(plan.athlete_id)))
    if told.illness is None:
        return frozenset()
    illness = Illness(since=told.illness.since, symptom_free_since=told.illness.symptom_free_since)
    trained = {date.fromisoformat(day["date"]) for day in plan.document["days"] if day["sessions"]}
    return illness.rest_from(today) - trained


async def lived_until(
    session: AsyncSession, athlete_id: AthleteId, document: Mapping[str, Any], *, today: date
) -> tuple[date, dict[date, tuple[dict[str, Any], ...]]]:
    """Return the first day of a plan that is still to come, and what was trained on each day before it."""
    first = date.fromisoformat(document["days"][0]["date"])
    done = await done_between(session, athlete_id, first, today)
    marks = await PlanRepository(session).marks(athlete_id, first=first, last=today)
    # Who has trained today already has the rest of the plan before them from tomorrow on.
    has_trained = any(item.day == today and not item.is_part for item in done) or any(
        mark.day == today and mark.mark == "done" for mark in marks
    )
    morning = today + timedelta(days=1) if has_trained else today
    return morning, lived_days(document, done, today=morning, told=called_done(marks))


async def life_of(
    session: AsyncSession, athlete_id: AthleteId, plan: PlanRow, *, today: date
) -> tuple[Life, frozenset[str]]:
    """Return what is known on a morning, and which questions should not come up."""
    row = await PlanRepository(session).life(athlete_id)
    told = told_of(row)
    first = date.fromisoformat(plan.document["days"][0]["date"])
    morning, lived = await lived_until(session, athlete_id, plan.document, today=today)
    feedback = await PlanRepository(session).feedback(athlete_id, first=first, last=today)
    felt = {entry.session_id: entry.rpe_cr10 for entry in feedback if entry.rpe_cr10 is not None}
    score, is_low = await recovery(session, athlete_id, day=morning) if morning == today else (None, False)
    rejected = await PlanRepository(session).proposals(athlete_id, status="rejected", limit=_REJECTED_LOOKED_AT)
    life = Life(
        today=morning,
        lived=lived,
        is_red_flag=await red_flag_is_set(session, athlete_id),
        readiness=score,
        n_tired_signals=LOW_SIGNALS if is_low else 0,
        illness=None
        if told.illness is None
        else Illness(since=told.illness.since, symptom_free_since=told.illness.symptom_free_since),
        answered_illnesses=frozenset(
            str(item.params["since"])
            for item in rejected
            if item.code == "back_from_illness" and "since" in item.params
        ),
        painful={PlanSport(sport): since for sport, since in told.painful.items()},
        away=frozenset(told.away),
        n_too_easy=too_easy(plan.document, lived, felt),
    )
    return life, frozenset(str(code) for code in (row.silenced if row is not None else ()))


async def recovery(session: AsyncSession, athlete_id: AthleteId, *, day: date) -> tuple[float | None, bool]:
    """Return this morning's readiness, where enough is known, and whether several signals of recovery are low."""
    found = await readiness(session, athlete_id, day=day)
    is_known = found.score is not None and found.coverage >= MIN_COVERAGE
    low = (await warnings(session, athlete_id, day=day)).warnings if is_known else []
    return found.score if is_known else None, any(item.rule == TIRED_RULE for item in low)


def told_of(row: PlanLifeRow | None) -> Told:
    """Return what was told, nothing when nothing was."""
    return Told() if row is None else Told.model_validate(row.told)


def too_easy(
    document: Mapping[str, Any], lived: Mapping[date, tuple[dict[str, Any], ...]], felt: Mapping[str, float]
) -> int:
    """Return how many of the last hard sessions felt at least two points easier than planned."""
    planned = {session["id"]: session for day in document["days"] for session in day["sessions"]}
    hard = [
        (float(planned[item["planned_id"]].get("rpe") or 0), felt[item["planned_id"]])
        for day in sorted(lived)
        for item in lived[day]
        if item.get("planned_id") in planned and item["planned_id"] in felt and planned[item["planned_id"]].get("hard")
    ]
    return sum(rating <= expected - TOO_EASY_POINTS for expected, rating in hard[-LAST_HARD_SESSIONS:])
