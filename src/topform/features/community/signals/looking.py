"""Looking at an athlete's efforts on boards for what a moderator may want to know of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId, new_id
from topform.features.activities.public import EffortFacts, effort_facts
from topform.features.community.challenge_tables import ChallengeRow, CountedSetRow
from topform.features.community.challenges.efforts import counted_ids, sets_of, window_of
from topform.features.community.challenges.repository import ChallengeRepository
from topform.features.community.challenges.scoring import Entry
from topform.features.community.signals.copies import copies_among
from topform.features.community.signals.repository import SignalRepository
from topform.features.community.signals.rules import (
    ALIKE_WITHIN_S,
    Movement,
    Recording,
    Signal,
    of_jump,
    of_recording,
    of_repetitions,
    same_movement,
)
from topform.features.form_checks.public import form_check_facts
from topform.platform.events import hold
from topform.platform.objects import ObjectStore

LOOKED_BACK: Final = timedelta(days=365)
"""An effort is compared with one's own of so long before it."""
SPAN_SLACK_S: Final = 2 * ALIKE_WITHIN_S
MEASURED: Final = frozenset({"distance", "time", "ascent"})

Found = list[dict[str, Any]]


async def look_at(session: AsyncSession, store: ObjectStore, athlete_id: AthleteId, *, now: datetime) -> None:
    """Bring the signals about an athlete's efforts in challenges up to date; after the late days they stay."""
    await hold(session, athlete_id)  # Whoever has just changed a score commits it first.
    for entry, challenge in await ChallengeRepository(session).places_of(athlete_id):
        if entry.removed_at is not None or now >= window_of(challenge).late_until:
            continue
        if challenge.kind == "push_ups":
            found = await _of_sets(session, athlete_id, challenge, now=now)
        elif challenge.kind in MEASURED:
            found = await _of_activities(session, store, athlete_id, challenge, now=now)
        else:
            continue
        await SignalRepository(session).keep(athlete_id, found, challenge_id=challenge.id)


def signal_rows(
    signals: Sequence[Signal],
    place: UUID,
    *,
    effort_at: datetime,
    now: datetime,
    form_check_id: UUID | None = None,
    activity_id: UUID | None = None,
    other_form_check_id: UUID | None = None,
    other_activity_id: UUID | None = None,
) -> Found:
    """Return the rows of what is unusual about an effort at a place."""
    return [
        {
            "id": new_id(),
            "key": f"{one.code}:{place}:{form_check_id or activity_id}",
            "code": one.code,
            "strength": one.strength,
            "facts": dict(one.facts),
            "form_check_id": form_check_id,
            "activity_id": activity_id,
            "other_form_check_id": other_form_check_id,
            "other_activity_id": other_activity_id,
            "effort_at": effort_at,
            "raised_at": now,
        }
        for one in signals
    ]


def recording_of(facts: EffortFacts) -> Recording:
    """Return what of an activity the rules look at."""
    return Recording(
        sport=facts.sport,
        started_at=facts.started_at,
        elapsed_s=facts.elapsed_s,
        arrived_at=facts.arrived_at,
        moving_s=facts.moving_s,
        distance_m=facts.distance_m,
        ascent_m=facts.ascent_m,
        best_speed_m_s=facts.best_speed_m_s,
        version_after=facts.version_after,
    )


# ---- sets ----


async def _of_sets(session: AsyncSession, athlete_id: AthleteId, challenge: ChallengeRow, *, now: datetime) -> Found:
    window = window_of(challenge)
    sets = await sets_of(session, athlete_id, challenge, first=window.first - LOOKED_BACK)
    counted = counted_ids([(row, day) for row, day in sets if day >= window.first], window)
    found: Found = []
    for row, day in sets:
        if row.form_check_id not in counted:
            continue
        about: dict[str, Any] = {"effort_at": row.at, "now": now, "form_check_id": row.form_check_id}
        earlier = [float(other.count) for other, its in sets if its < day and its >= day - LOOKED_BACK]
        jump = of_jump("push_ups", float(row.count), earlier)
        signals = [*of_repetitions(_times(row)), *([] if jump is None else [jump])]
        found += signal_rows(signals, challenge.id, **about)
        repeated = await _repeated(session, athlete_id, row)
        if repeated is not None:
            signal, other = repeated
            found += signal_rows([signal], challenge.id, other_form_check_id=other.form_check_id, **about)
    return found


def _times(row: CountedSetRow) -> list[tuple[float, float]]:
    return [(rep["start_s"], rep["end_s"]) for rep in row.reps]


async def _repeated(
    session: AsyncSession, athlete_id: AthleteId, row: CountedSetRow
) -> tuple[Signal, CountedSetRow] | None:
    """Return the signal that an earlier set shows the same movement, somebody else's before one's own.

    One's own set handed in twice as it is counts once anyway, and is no signal.
    """
    mine: Movement | None = None
    own: tuple[Signal, CountedSetRow] | None = None
    for other in await SignalRepository(session).alike(row, within_s=SPAN_SLACK_S):
        is_own = other.athlete_id == athlete_id
        if is_own and other.digest == row.digest:
            continue
        mine = mine or await _movement(session, row)
        facts = same_movement(mine, await _movement(session, other))
        if facts is None:
            continue
        if not is_own:
            return Signal("repeats_another", 1.0, facts), other
        own = own or (Signal("repeats_own", 0.8, facts), other)
    return own


async def _movement(session: AsyncSession, row: CountedSetRow) -> Movement:
    check = await form_check_facts(session, AthleteId(row.athlete_id), row.form_check_id)
    reps = [] if check is None else sorted(check.document.get("reps", ()), key=lambda rep: float(rep["start_s"]))
    angles = [(rep.get("min_elbow_deg"), rep.get("max_elbow_deg")) for rep in reps]
    return Movement(_times(row), angles if len(angles) == len(row.reps) else ())


# ---- activities ----


async def _of_activities(
    session: AsyncSession, store: ObjectStore, athlete_id: AthleteId, challenge: ChallengeRow, *, now: datetime
) -> Found:
    window = window_of(challenge)
    efforts = await effort_facts(session, athlete_id, first=window.first - LOOKED_BACK, last=window.last)
    counted = [
        (one, amount)
        for one in efforts
        if (amount := _amount(one, challenge.kind)) > 0
        and challenge.sport in (None, one.sport)
        and window.takes(Entry(one.day, one.arrived_at, amount))
    ]
    copies = await copies_among(session, store, athlete_id, {one.activity_id for one, _ in counted})
    found: Found = []
    for one, amount in counted:
        earlier = [other for other in efforts if other.sport == one.sport and _is_before(other.day, one.day)]
        jumps = (
            of_jump(challenge.kind, amount, [_amount(other, challenge.kind) for other in earlier]),
            speed_jump(one, earlier),
        )
        signals = [*of_recording(recording_of(one)), *(jump for jump in jumps if jump is not None)]
        about: dict[str, Any] = {"effort_at": one.started_at, "now": now, "activity_id": one.activity_id}
        found += signal_rows(signals, challenge.id, **about)
        if (copy := copies.get(one.activity_id)) is not None:
            found += signal_rows([copy.signal], challenge.id, other_activity_id=copy.other_activity_id, **about)
    return found


def speed_jump(one: EffortFacts, earlier: Sequence[EffortFacts]) -> Signal | None:
    """Return the signal that an activity is far faster than those of at least half its time before it."""
    speeds = [_speed(other) for other in earlier if other.moving_s >= one.moving_s / 2]
    known = [speed for speed in speeds if speed is not None]
    speed = _speed(one)
    return None if speed is None else of_jump("speed", speed, known)


def _speed(facts: EffortFacts) -> float | None:
    return facts.distance_m / facts.moving_s if facts.distance_m is not None and facts.moving_s > 0 else None


def _amount(facts: EffortFacts, kind: str) -> float:
    amounts: Mapping[str, float | None] = {
        "distance": facts.distance_m,
        "time": facts.moving_s,
        "ascent": facts.ascent_m,
    }
    return amounts[kind] or 0.0


def _is_before(day: date, other: date) -> bool:
    return other - LOOKED_BACK <= day < other
