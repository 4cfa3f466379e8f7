"""What the evidence says of an athlete's thresholds, what is in use, and the zones that follow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import InvalidInputError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.activities.public import MetricOfDay, SteadyStretches, metrics_by_day, steady_stretches
from topform.features.athletes.public import (
    SINCE_ALWAYS,
    DatedParameter,
    dated_parameters,
    get_athlete,
    parameter_history,
    remove_parameter,
    set_parameter,
)
from topform.features.thresholds.repository import ThresholdTestRepository
from topform.features.thresholds.schemas import (
    MissingThreshold,
    NewThresholdTest,
    Origin,
    Quantity,
    Threshold,
    ThresholdEstimate,
    ThresholdEvidence,
    ThresholdInUse,
    Thresholds,
    ThresholdTest,
    ThresholdTests,
    ZoneOut,
    Zones,
    ZoneSystemOut,
)
from topform.features.thresholds.tables import ThresholdTestRow
from topform.science import highest_heart_rate, zones
from topform.science import threshold as states
from topform.science.athlete import RUN_POWER, ParameterHistory, value_on
from topform.science.heart_rate import lthr_of_effort_bpm
from topform.science.threshold import ThresholdState
from topform.science.threshold_evidence import RISE_FRAC, Evidence, Observation, SetAside, exertion_of
from topform.science.threshold_tests import evaluate_test

LIMITS: Final = (
    "A threshold is known to about 5 percent at best. A best effort only shows that it is not lower; one far above "
    "what else is known counts once a second one, your heart rate or a test confirms it; without hard efforts the "
    "estimate slowly falls and its range widens."
)
ENTERED_SD_FRAC: Final = 0.05
HEART_RATE_SD_FRAC: Final = 0.04
"""Half of it is the maximal heart rate, of which the threshold is 83 to 93 percent."""

SUBMAXIMAL_WINDOW_D: Final = 42
SUBMAXIMAL_EVERY_D: Final = 14
SHOWN_EFFORTS: Final = 6
SHOWN_EFFORTS_D: Final = 180
MAX_SHOWN_STATES: Final = 60


@dataclass(frozen=True, slots=True)
class Kind:
    """A threshold and where its evidence comes from."""

    quantity: Quantity
    sport: str
    unit: str
    effort_metric: str | None = None
    output_sport: str | None = None
    falls: bool = True
    is_estimated: bool = True
    rise_frac: float = RISE_FRAC
    """How far above what is known a single effort is believed."""


KINDS: Final = (
    Kind("ftp_w", "cycling", "W", "effort_threshold_w", "cycling"),
    Kind("threshold_speed_m_s", "running", "m/s", "effort_threshold_m_s", "running", rise_frac=0.12),
    Kind("css_m_s", "swimming", "m/s"),
    Kind("lthr_bpm", "any", "bpm", falls=False, rise_frac=0.05),
    Kind("hr_max_bpm", "any", "bpm", falls=False),
    Kind("run_power_watch_w", "running", "W", is_estimated=False),
    Kind("run_power_foot_pod_w", "running", "W", is_estimated=False),
    Kind("run_power_app_w", "running", "W", is_estimated=False),
)
TESTED: Final[tuple[Quantity, ...]] = ("ftp_w", "threshold_speed_m_s", "css_m_s")
"""What tests measure as performance; a threshold heart rate is none."""

BEATS_METRIC: Final = "alpha1_second_bpm"
EFFORT_HR_METRIC: Final = "hr_effort_bpm"
BEST_HR_METRIC: Final = "hr_best_20min_bpm"
HIGHEST_HR_METRIC: Final = "hr_highest_10s_bpm"
METRICS: Final = (
    "effort_threshold_w", "effort_threshold_m_s", EFFORT_HR_METRIC, BEST_HR_METRIC, HIGHEST_HR_METRIC, BEATS_METRIC,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that is known of an athlete's thresholds."""

    today: date
    history: ParameterHistory
    dated: Sequence[DatedParameter]
    tests: Sequence[ThresholdTestRow]
    metrics: Sequence[MetricOfDay]
    steady: Sequence[SteadyStretches]


async def get_thresholds(session: AsyncSession, athlete_id: AthleteId, *, now: datetime) -> Thresholds:
    """Return every threshold with its state, evidence and history."""
    athlete = await get_athlete(session, athlete_id)
    known = Known(
        today=now.astimezone(ZoneInfo(athlete.time_zone)).date(),
        history=await parameter_history(session, athlete_id),
        dated=await dated_parameters(session, athlete_id),
        tests=await ThresholdTestRepository(session).all(athlete_id),
        metrics=await metrics_by_day(session, athlete_id, METRICS),
        steady=await steady_stretches(session, athlete_id),
    )
    return Thresholds(thresholds=[threshold_of(kind, known) for kind in KINDS], limits=LIMITS)


def threshold_of(kind: Kind, known: Known) -> Threshold:
    """Return one threshold from all that is known."""
    if kind.quantity == "hr_max_bpm":
        return _highest_heart_rate(kind, known)
    observations = observations_of(kind, known)
    course = states.threshold_course(observations, until=known.today, falls=kind.falls, rise_frac=kind.rise_frac)
    estimate = _estimate(course.states[-1], _ceiling(kind, known, known.today)) if course.states else None
    history = _history(kind, known)
    return Threshold(
        quantity=kind.quantity,
        sport=kind.sport,
        unit=kind.unit,
        in_use=_in_use(history, known.today),
        estimate=estimate,
        version=states.VERSION,
        evidence=[
            _evidence(one, known.today, course.set_aside.get(one))
            for one in _shown(observations, known.today, course.set_aside, estimate)
        ],
        history=history,
        estimate_history=[_estimate(state, _ceiling(kind, known, state.day)) for state in _monthly(course.states)],
    )


def _highest_heart_rate(kind: Kind, known: Known) -> Threshold:
    """Return the maximal heart rate: what was reached in six months, where that is above what is in use."""
    history = _history(kind, known)
    in_use = _in_use(history, known.today)
    reached = highest_heart_rate.within_half_year(list(_reached(known)), on=known.today)
    found = highest_heart_rate.highest_of_half_year(
        reached, on=known.today, known_bpm=None if in_use is None else in_use.value
    )
    estimate = None
    threshold = _on(known, "lthr_bpm", known.today)
    if found.of is not None and found.bpm is not None and (threshold is None or found.bpm > threshold):
        estimate = ThresholdEstimate(date=found.of.day, value=found.bpm, low=found.bpm, high=found.bpm)
    shown = _shown([*_entered(kind, known), *reached], known.today, found.set_aside, estimate)
    return Threshold(
        quantity=kind.quantity,
        sport=kind.sport,
        unit=kind.unit,
        in_use=in_use,
        estimate=estimate,
        version=highest_heart_rate.VERSION,
        evidence=[_evidence(one, known.today, found.set_aside.get(one)) for one in shown],
        history=history,
        estimate_history=[],
    )


def _history(kind: Kind, known: Known) -> list[ThresholdInUse]:
    return [
        ThresholdInUse.model_validate({"valid_from": one.valid_from, "value": one.value, "origin": one.origin})
        for one in known.dated
        if one.name == kind.quantity
    ]


def _in_use(history: Sequence[ThresholdInUse], today: date) -> ThresholdInUse | None:
    begun = [one for one in history if one.valid_from <= today]
    return begun[-1] if begun and begun[-1].value is not None else None


def _ceiling(kind: Kind, known: Known, day: date) -> float:
    """Return what a threshold cannot lie above on a day: for a heart rate the highest one, where it is known."""
    highest = _on(known, "hr_max_bpm", day) if kind.quantity == "lthr_bpm" else None
    return math.inf if highest is None else highest


def _estimate(state: ThresholdState, ceiling: float) -> ThresholdEstimate:
    low, value, high = (min(one, ceiling) for one in (state.range_80[0], state.mean, state.range_80[1]))
    return ThresholdEstimate(date=state.day, value=value, low=low, high=high)


def _monthly(course: Sequence[ThresholdState]) -> list[ThresholdState]:
    """Return the last state of each month."""
    last = {(state.day.year, state.day.month): state for state in course}
    return list(last.values())[-MAX_SHOWN_STATES:]


def observations_of(kind: Kind, known: Known) -> list[Observation]:
    """Return the evidence on one threshold; of running power the athlete alone says it."""
    if not kind.is_estimated:
        return []
    return [
        *_tests(kind, known),
        *_entered(kind, known),
        *_efforts(kind, known),
        *_submaximal(kind, known),
        *_heart_rates(kind, known),
        *_beats(kind, known),
    ]


def _tests(kind: Kind, known: Known) -> Iterable[Observation]:
    for test in known.tests:
        if test.quantity == kind.quantity:
            yield Observation(
                test.measured_on, Evidence.TEST, test.value, test.sd_frac, detail=test.protocol, reference=str(test.id)
            )


def _entered(kind: Kind, known: Known) -> Iterable[Observation]:
    """Yield what the athlete said.

    A value without a known beginning was true when it was said; one with a beginning still was, unless another holds
    by then.
    """
    of_kind = [one for one in known.dated if one.name == kind.quantity]
    for place, one in enumerate(of_kind):
        if one.origin == "entered" and one.value is not None:
            day = one.said_on if one.valid_from == SINCE_ALWAYS else one.valid_from
            is_in_force = not any(later.valid_from <= one.said_on for later in of_kind[place + 1 :])
            yield Observation(
                day,
                Evidence.ENTERED,
                one.value,
                ENTERED_SD_FRAC,
                detail="entered",
                holds_until=one.said_on if is_in_force else None,
            )


def _efforts(kind: Kind, known: Known) -> Iterable[Observation]:
    pulses = {(one.activity_id, one.leg): one.value for one in known.metrics if one.metric == EFFORT_HR_METRIC}
    for one in known.metrics:
        if kind.effort_metric is not None and one.metric == kind.effort_metric:
            yield Observation(
                one.day,
                Evidence.BEST_EFFORT,
                one.value,
                states.BEST_EFFORT_SD_FRAC,
                is_lower_bound=True,
                detail=one.detail,
                reference=str(one.activity_id),
                exertion=exertion_of(
                    pulses.get((one.activity_id, one.leg)),
                    hr_max_bpm=_on(known, "hr_max_bpm", one.day),
                    lthr_bpm=_on(known, "lthr_bpm", one.day),
                ),
            )


def _heart_rates(kind: Kind, known: Known) -> Iterable[Observation]:
    """Yield the threshold heart rate that the best 20 to 60 min imply, until a test or an entry says it."""
    if kind.quantity != "lthr_bpm":
        return
    said = min((one.day for one in (*_tests(kind, known), *_entered(kind, known))), default=date.max)
    for one in known.metrics:
        hr_max = _on(known, "hr_max_bpm", one.day)
        if one.metric != BEST_HR_METRIC or hr_max is None or one.day >= said:
            continue
        value = lthr_of_effort_bpm(hr_bpm=one.value, hr_max_bpm=hr_max)
        if value is not None:
            yield Observation(
                one.day,
                Evidence.BEST_EFFORT,
                value,
                HEART_RATE_SD_FRAC,
                is_lower_bound=True,
                detail=f"a lower bound, {one.detail}",
                reference=str(one.activity_id),
                fault=SetAside.ABOVE_MAX if one.value > hr_max else None,
            )


def _reached(known: Known) -> Iterable[Observation]:
    """Yield the highest heart rate of each recording."""
    for one in known.metrics:
        if one.metric == HIGHEST_HR_METRIC:
            yield Observation(
                one.day,
                Evidence.BEST_EFFORT,
                one.value,
                highest_heart_rate.SD_FRAC,
                is_lower_bound=True,
                detail="highest_10s",
                reference=str(one.activity_id),
            )


def _on(known: Known, parameter: str, day: date) -> float | None:
    return value_on(known.history.entries.get(parameter, ()), day)


def _submaximal(kind: Kind, known: Known) -> Iterable[Observation]:
    """Yield a line through the steady stretches of six weeks, every fortnight at most."""
    of_sport = [one for one in known.steady if one.sport == kind.output_sport]
    told: date | None = None
    for place, one in enumerate(of_sport):
        if told is not None and (one.day - told).days < SUBMAXIMAL_EVERY_D:
            continue
        lthr = value_on(known.history.entries.get("lthr_bpm", ()), one.day)
        if lthr is None:
            continue
        since = one.day - timedelta(days=SUBMAXIMAL_WINDOW_D)
        recent = [other for other in of_sport[: place + 1] if other.day >= since]
        points = np.array([point for other in recent for point in other.points])
        value = states.submaximal_threshold(points[:, 0], points[:, 1], lthr_bpm=lthr)
        if value is not None and value > 0:
            told = one.day
            yield Observation(
                one.day,
                Evidence.SUBMAXIMAL,
                value,
                states.SUBMAXIMAL_SD_FRAC,
                detail="steady_stretches",
                since=recent[0].day,
            )


def _beats(kind: Kind, known: Known) -> Iterable[Observation]:
    for one in known.metrics:
        if kind.quantity == "lthr_bpm" and one.metric == BEATS_METRIC:
            yield Observation(
                one.day,
                Evidence.DFA,
                one.value,
                states.DFA_SD_FRAC,
                detail="alpha1_0.5",
                reference=str(one.activity_id),
            )


def _shown(
    observations: Sequence[Observation],
    today: date,
    set_aside: Mapping[Observation, SetAside],
    estimate: ThresholdEstimate | None,
) -> list[Observation]:
    """Return what a person wants to see, newest first: all but the many best efforts that say nothing new."""
    since = today - timedelta(days=SHOWN_EFFORTS_D)
    efforts = [one for one in observations if one.is_lower_bound and one.day <= today]
    recent = [one for one in efforts if one.day >= since] or efforts
    best = sorted((one for one in recent if one not in set_aside), key=lambda one: one.value, reverse=True)
    doubted = sorted((one for one in recent if one in set_aside), key=lambda one: one.day, reverse=True)
    others = [one for one in observations if not one.is_lower_bound and one.day <= today]
    by_kind: dict[Evidence, list[Observation]] = {}
    for one in sorted(others, key=lambda one: one.day, reverse=True):
        by_kind.setdefault(one.kind, []).append(one)
    kept = [one for found in by_kind.values() for one in found[:SHOWN_EFFORTS]]
    shown = [*kept, *best[:SHOWN_EFFORTS], *doubted[:SHOWN_EFFORTS]]
    upholding = [one for one in efforts if one not in set_aside and estimate is not None and one.value >= estimate.low]
    newest = max(upholding, key=lambda one: one.day, default=None)
    if newest is not None and newest not in shown:
        shown.append(newest)
    return sorted(shown, key=lambda one: one.day, reverse=True)


def _evidence(one: Observation, today: date, set_aside: SetAside | None) -> ThresholdEvidence:
    reference = UUID(one.reference) if one.reference is not None else None
    return ThresholdEvidence(
        kind=one.kind,
        detail=one.detail,
        date=one.day,
        age_days=(today - one.day).days,
        value=one.value,
        error_pct=100 * one.sd_frac,
        is_lower_bound=one.is_lower_bound,
        exertion=one.exertion,
        set_aside=set_aside,
        activity_id=None if one.kind is Evidence.TEST else reference,
        test_id=reference if one.kind is Evidence.TEST else None,
    )


async def list_tests(session: AsyncSession, athlete_id: AthleteId) -> ThresholdTests:
    """Return the athlete's tests."""
    rows = await ThresholdTestRepository(session).all(athlete_id)
    return ThresholdTests(items=[ThresholdTest.model_validate(row) for row in rows])


async def tests_by_day(session: AsyncSession, athlete_id: AthleteId) -> dict[Quantity, dict[date, float]]:
    """Return what the athlete's tests of each kind of performance say, the last one of each day."""
    rows = await ThresholdTestRepository(session).all(athlete_id)
    return {quantity: {row.measured_on: row.value for row in rows if row.quantity == quantity} for quantity in TESTED}


async def add_test(
    session: AsyncSession, athlete_id: AthleteId, test: NewThresholdTest, *, now: datetime
) -> ThresholdTest:
    """Store a test; it becomes evidence, and holds as a threshold once it is accepted."""
    athlete = await get_athlete(session, athlete_id)
    if test.measured_on > now.astimezone(ZoneInfo(athlete.time_zone)).date():
        raise InvalidInputError("measured_on lies in the future.", remedy="Take the day of the test.")
    result = evaluate_test(test.protocol, dict(test.inputs))
    row = ThresholdTestRow(
        id=new_id(),
        athlete_id=athlete_id,
        protocol=test.protocol.value,
        measured_on=test.measured_on,
        inputs=dict(test.inputs),
        quantity=result.quantity,
        value=result.value,
        sd_frac=result.sd_frac,
        created_at=now,
    )
    await ThresholdTestRepository(session).add(row)
    return ThresholdTest.model_validate(row)


async def remove_test(session: AsyncSession, athlete_id: AthleteId, test_id: UUID) -> None:
    """Delete a test."""
    if not await ThresholdTestRepository(session).remove(athlete_id, test_id):
        raise NotFoundError("There is no such test.")


async def set_in_use(
    session: AsyncSession,
    athlete_id: AthleteId,
    quantity: Quantity,
    *,
    valid_from: date,
    value: float | None,
    origin: Origin,
    now: datetime,
) -> Thresholds:
    """Let a threshold hold from a day on."""
    await set_parameter(session, athlete_id, quantity, valid_from=valid_from, value=value, origin=origin, now=now)
    return await get_thresholds(session, athlete_id, now=now)


async def unset_in_use(
    session: AsyncSession, athlete_id: AthleteId, quantity: Quantity, *, valid_from: date, now: datetime
) -> Thresholds:
    """Take back what was to hold from a day on."""
    await remove_parameter(session, athlete_id, quantity, valid_from=valid_from, now=now)
    return await get_thresholds(session, athlete_id, now=now)


async def get_zones(
    session: AsyncSession, athlete_id: AthleteId, *, sport: str, on: date | None, now: datetime
) -> Zones:
    """Return the zones of a sport as they were on a day."""
    athlete = await get_athlete(session, athlete_id)
    day = on or now.astimezone(ZoneInfo(athlete.time_zone)).date()
    dated = await dated_parameters(session, athlete_id)
    return zones_on(dated, sport=sport, day=day)


def zones_on(dated: Sequence[DatedParameter], *, sport: str, day: date) -> Zones:
    """Return the zones of a sport on a day from what is dated."""
    systems: list[ZoneSystemOut] = []
    missing: dict[str, list[str]] = {}
    offered = zones.systems_for(sport) or zones.systems_for("other")
    for system in offered:
        entries = [(one.valid_from, one.value) for one in dated if one.name == system.threshold]
        value = value_on(entries, day)
        if value is None:
            if entries or system.threshold not in RUN_POWER.values():  # few have a source of running power at all
                missing.setdefault(system.threshold, []).append(system.id)
            continue
        since = max((valid_from for valid_from, _ in entries if valid_from <= day), default=entries[0][0])
        systems.append(
            ZoneSystemOut(
                id=system.id,
                quantity=system.quantity,
                threshold=system.threshold,
                threshold_value=value,
                valid_from=since,
                source=system.source,
                is_default=system.quantity not in {one.quantity for one in systems},
                zones=[ZoneOut.model_validate(zone) for zone in zones.zones_at(system, value)],
            )
        )
    names = {system.threshold for system in offered}
    return Zones(
        sport=sport,
        on=day,
        systems=systems,
        missing=[MissingThreshold.model_validate({"threshold": name, "systems": ids}) for name, ids in missing.items()],
        changed_on=sorted({one.valid_from for one in dated if one.name in names and one.valid_from > SINCE_ALWAYS}),
    )
