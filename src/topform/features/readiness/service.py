"""Readiness and warnings from what is stored, and the symptoms that stop training."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching import load_warnings as rules
from topform.coaching.language import sentence
from topform.core.activity import Sport
from topform.core.errors import InvalidInputError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.core.wellness import WellnessMetric
from topform.features.activities.public import past_sessions
from topform.features.athletes.public import language_for_reader
from topform.features.consents.public import ConsentPurpose, refuse_withdrawn
from topform.features.readiness.events import READINESS_CHANGED
from topform.features.readiness.repository import ENERGY, PAIN, RED_FLAG, HealthReportRepository
from topform.features.readiness.schemas import (
    AcuteChronicRatio,
    DayReadiness,
    HealthReport,
    HealthReports,
    LoadWarning,
    LoadWarnings,
    NewHealthReport,
    OpenRedFlag,
    PainReport,
    ReadinessTerm,
    RedFlagState,
)
from topform.features.readiness.tables import HealthReportRow
from topform.features.strength_sets.public import filmed_sessions
from topform.features.thresholds.public import tests_by_day
from topform.features.training_load.public import fitness
from topform.features.wellness.public import daily_numbers
from topform.platform.events import publish
from topform.science import readiness as science
from topform.science.readiness import Series

HISTORY_DAYS = 366
FIRST_YEAR, LAST_YEAR = 1950, 2199
SERIES_DAYS = 90
REPORT_DAYS = 28
METRICS = (
    WellnessMetric.HRV_RMSSD_MS,
    WellnessMetric.RESTING_HR_BPM,
    WellnessMetric.SLEEP_S,
    WellnessMetric.FATIGUE,
    WellnessMetric.SORENESS,
    WellnessMetric.STRESS,
    WellnessMetric.MOOD,
    WellnessMetric.BODY_MASS_KG,
)


async def readiness(session: AsyncSession, viewer: AthleteId, *, day: date) -> DayReadiness:
    """Return the score of a day with its terms."""
    _require_sensible(day)
    series = await _series(session, viewer, day=day)
    evening = day - timedelta(days=1)
    known = (await fitness(session, viewer, first=evening, last=evening)).days
    ctl, tsb = (known[-1].ctl, known[-1].tsb) if known and known[-1].ctl > 0 else (None, None)
    terms, is_saturated = science.terms_of_day(series, day=day, ctl=ctl, tsb_morning=tsb)
    today = science.readiness(terms, is_saturated=is_saturated)
    return DayReadiness(
        date=day,
        score=None if today.score is None else round(today.score, 1),
        coverage=today.coverage,
        verdict=today.verdict,
        terms=[
            ReadinessTerm(
                id=term.id,
                value=term.value,
                usual=term.usual,
                unit=term.unit,
                z=round(term.z, 3),
                weight=science.WEIGHTS[term.id],
                points=round(today.points[term.id], 2) if term.id in today.points else None,
                days=term.days,
            )
            for term in today.terms
        ],
        missing=list(today.missing),
        is_saturated=today.is_saturated,
        notes=science.notes_of_day(series, day=day),
        red_flag=await open_red_flag(session, viewer),
    )


async def warnings(session: AsyncSession, viewer: AthleteId, *, day: date) -> LoadWarnings:
    """Return what speaks for caution on a day."""
    _require_sensible(day)
    condition = await _condition(session, viewer, day=day)
    language = await language_for_reader(session, viewer)
    found = rules.load_warnings(condition)
    ratio = rules.acute_chronic(condition)
    return LoadWarnings(
        date=day,
        band=rules.overall_band(found),
        warnings=[
            LoadWarning(
                rule=one.rule,
                band=one.band,
                message=one.message(language=language),
                advice=one.advice(language=language),
                evidence=one.evidence(language=language),
                values=dict(one.values),
            )
            for one in found
        ],
        acute_chronic=None
        if ratio is None
        else AcuteChronicRatio(
            coupled=round(ratio.coupled, 4),
            uncoupled=round(ratio.uncoupled, 4) if ratio.uncoupled == ratio.uncoupled else None,
            smoothed=round(ratio.smoothed, 4),
        ),
    )


async def open_red_flag(session: AsyncSession, viewer: AthleteId) -> OpenRedFlag | None:
    """Return the symptoms that stop training, None when there are none."""
    row = await HealthReportRepository(session).open_red_flag(viewer)
    if row is None:
        return None
    advice = sentence("readiness.stopped", {}, await language_for_reader(session, viewer))
    return OpenRedFlag(symptoms=row.symptoms, reported_at=row.created_at, advice=advice)


async def red_flag_is_set(session: AsyncSession, athlete_id: AthleteId) -> bool:
    """Say whether the athlete reported a symptom that stops all sessions and has not been cleared."""
    return await HealthReportRepository(session).open_red_flag(athlete_id) is not None


async def red_flag_spans(
    session: AsyncSession, athlete_id: AthleteId, *, first: date, last: date
) -> list[tuple[date, date | None]]:
    """Return from when to when a symptom stopped all sessions, as far as that touches some days; None: it still does.

    The day on which it was cleared belongs to it.
    """
    rows = await HealthReportRepository(session).red_flags(athlete_id, first, last)
    return [(row.local_date, None if row.cleared_at is None else row.cleared_at.date()) for row in rows]


async def red_flag_state(session: AsyncSession, viewer: AthleteId) -> RedFlagState:
    """Return whether sessions are stopped, and why."""
    found = await open_red_flag(session, viewer)
    return RedFlagState(is_set=found is not None, red_flag=found)


async def report_red_flag(
    session: AsyncSession, athlete_id: AthleteId, symptoms: list[rules.RedFlag], *, day: date, now: datetime
) -> RedFlagState:
    """Stop all sessions; further symptoms are added to those that are open."""
    reports = HealthReportRepository(session)
    row = await reports.open_red_flag(athlete_id, lock=True)
    if row is None:
        await reports.add(
            _row(athlete_id, RED_FLAG, day=day, now=now, symptoms=sorted({one.value for one in symptoms}))
        )
    else:
        row.symptoms = sorted({*row.symptoms, *(one.value for one in symptoms)})
        await session.flush()
    await publish(session, athlete_id, READINESS_CHANGED, {"red_flag": True})
    return await red_flag_state(session, athlete_id)


async def clear_red_flag(
    session: AsyncSession, athlete_id: AthleteId, *, was_looked_at: bool, now: datetime
) -> RedFlagState:
    """Open training again on the athlete's word."""
    if not was_looked_at:
        raise InvalidInputError(
            "The red flag stays until you say that the symptoms were looked at.",
            remedy="Send was_looked_at true once a clinician has looked at them.",
        )
    if await HealthReportRepository(session).clear_red_flag(athlete_id, now=now):
        await publish(session, athlete_id, READINESS_CHANGED, {"red_flag": False})
    return await red_flag_state(session, athlete_id)


async def add_report(
    session: AsyncSession, athlete_id: AthleteId, report: NewHealthReport, *, today: date, now: datetime
) -> HealthReport:
    """Store what an athlete says about pain or signs of low energy."""
    await refuse_withdrawn(session, athlete_id, ConsentPurpose.BODY_AND_WELLNESS)
    day = report.date or today
    _require_sensible(day)
    if day > today:
        raise InvalidInputError("The report lies in the future.", remedy="Leave the date out for today.")
    if report.pain is not None:
        row = _row(athlete_id, PAIN, day=day, now=now, pain=report.pain)
    else:
        row = _row(athlete_id, ENERGY, day=day, now=now, symptoms=sorted({one.value for one in report.energy_signs}))
    await HealthReportRepository(session).add(row)
    await publish(session, athlete_id, READINESS_CHANGED, {"red_flag": await red_flag_is_set(session, athlete_id)})
    return _shown(row)


async def reports(session: AsyncSession, viewer: AthleteId, *, day: date) -> HealthReports:
    """Return the reports of the last four weeks, newest first."""
    rows = await HealthReportRepository(session).since(viewer, day - timedelta(days=REPORT_DAYS - 1), day)
    return HealthReports(items=[_shown(row) for row in reversed(rows)])


async def remove_report(session: AsyncSession, athlete_id: AthleteId, report_id: UUID) -> None:
    """Take a report back."""
    if not await HealthReportRepository(session).remove(athlete_id, report_id):
        raise NotFoundError("There is no such report.")
    await publish(session, athlete_id, READINESS_CHANGED, {"red_flag": await red_flag_is_set(session, athlete_id)})


def _require_sensible(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidInputError(
            f"The date lies outside {FIRST_YEAR} to {LAST_YEAR}.", remedy="Ask for a day you lived."
        )


async def _condition(session: AsyncSession, viewer: AthleteId, *, day: date) -> rules.Condition:
    past = await past_sessions(session, viewer, first=day - timedelta(days=HISTORY_DAYS), last=day)
    told = await HealthReportRepository(session).since(viewer, day - timedelta(days=REPORT_DAYS - 1), day)
    flag = await open_red_flag(session, viewer)
    return rules.Condition(
        day=day,
        sessions=[
            rules.Session(
                day=one.day,
                sport=one.sport,
                duration_s=one.timer_s,
                distance_m=one.distance_m,
                load_au=one.load_au,
                rpe_cr10=one.rpe_cr10,
            )
            for one in past
        ]
        + [
            rules.Session(
                day=one.day,
                sport=Sport.STRENGTH.value,
                duration_s=one.active_s,
                distance_m=None,
                load_au=one.load_au,
                rpe_cr10=None,
            )
            for one in await filmed_sessions(session, viewer, first=day - timedelta(days=HISTORY_DAYS), last=day)
        ],
        series=await _series(session, viewer, day=day),
        pains=[
            rules.Pain(
                day=row.local_date,
                site=row.pain_site or "",
                level=row.pain_level or 0,
                changes_movement=row.changes_movement,
                is_at_night=row.is_at_night,
                is_on_bone=row.is_on_bone,
            )
            for row in told
            if row.kind == PAIN
        ],
        signs=sorted({rules.EnergySign(sign) for row in told if row.kind == ENERGY for sign in row.symptoms}),
        red_flags=[] if flag is None else flag.symptoms,
        tests=[
            rules.PerformanceTest(on, quantity, value)
            for quantity, values in (await tests_by_day(session, viewer)).items()
            for on, value in values.items()
        ],
    )


async def _series(session: AsyncSession, viewer: AthleteId, *, day: date) -> Mapping[WellnessMetric, Series]:
    return await daily_numbers(session, viewer, METRICS, day - timedelta(days=SERIES_DAYS), day)


def _row(
    athlete_id: AthleteId,
    kind: str,
    *,
    day: date,
    now: datetime,
    symptoms: list[str] | None = None,
    pain: PainReport | None = None,
) -> HealthReportRow:
    return HealthReportRow(
        id=new_id(),
        athlete_id=athlete_id,
        kind=kind,
        local_date=day,
        symptoms=symptoms or [],
        pain_site=None if pain is None else pain.site,
        pain_level=None if pain is None else pain.level,
        changes_movement=pain is not None and pain.changes_movement,
        is_at_night=pain is not None and pain.is_at_night,
        is_on_bone=pain is not None and pain.is_on_bone,
        created_at=now,
        cleared_at=None,
    )


def _shown(row: HealthReportRow) -> HealthReport:
    pain = None
    if row.pain_site is not None and row.pain_level is not None:
        pain = PainReport(
            site=row.pain_site,
            level=row.pain_level,
            changes_movement=row.changes_movement,
            is_at_night=row.is_at_night,
            is_on_bone=row.is_on_bone,
        )
    signs = [rules.EnergySign(sign) for sign in row.symptoms] if row.kind == ENERGY else []
    return HealthReport(id=row.id, date=row.local_date, pain=pain, energy_signs=signs, created_at=row.created_at)
