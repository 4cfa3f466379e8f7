"""From a request to a plan: baseline, season, daily load, sessions, document, check."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from topform.coaching import rules
from topform.coaching.baseline import Baseline, assumed_targets, baseline
from topform.coaching.checker import check
from topform.coaching.goals import PlanSport, RaceGoal, StrengthGoal
from topform.coaching.language import sentence
from topform.coaching.planner.changes import Changes
from topform.coaching.planner.daily_load import PlannerError
from topform.coaching.planner.diary import Diary
from topform.coaching.planner.explain import Part, goal_part, race_name, why_parts
from topform.coaching.planner.forecast import forecast
from topform.coaching.planner.menu import week_menu
from topform.coaching.planner.relaxed import relaxations
from topform.coaching.planner.season import DELOAD_TARGET, PHASE_WORDS, RaceOnTheWay, Season, Week, build_season
from topform.coaching.planner.targets import daily_targets
from topform.coaching.planner.warnings import UNPREPARED, plan_warnings
from topform.coaching.planner.week_model import WeekProblem
from topform.coaching.planner.weekly import WeekChoice, solve_week
from topform.coaching.reasons import why
from topform.coaching.request import PlanRequest, Thresholds, own_threshold_speed
from topform.coaching.workouts.model import HARD_KINDS, SessionKind, Step, StepKind, Workout
from topform.coaching.workouts.resolve import step_documents
from topform.core.arrays import FloatArray
from topform.core.units import S_PER_MIN

PLAN_VERSION: Final = 1

NO_CHANGES: Final = Changes()

_LAST_MINUTE_DAYS: Final = 3
"""A plan this short has no day for training, whatever it offers: the race itself is all it can hold."""

_LOAD_EPSILON_AU: Final = 1e-6
"""Loads are tenths of an AU: 63.7 is seven tenths of 91.0, although not in binary. [AU]"""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A plan that passed its check.

    Parameters
    ----------
    request : PlanRequest
    document : dict
        The answer as it is shown, stored and exported: ``days``, ``phases``, ``checks``, ``relaxed``, ``forecast``,
        ``assumptions``, ``warnings`` and ``summary``.
    """

    request: PlanRequest
    document: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Return the answer document."""
        return self.document


def make_plan(request: PlanRequest, changes: Changes = NO_CHANGES) -> Plan:
    """Write a plan for a request, or let one go on, and check it.

    The same request and changes give the same plan.

    Parameters
    ----------
    request : PlanRequest
    changes : Changes, optional
        The days already lived and what life changed; a new plan has none.

    Returns
    -------
    Plan

    Raises
    ------
    PlannerError
        If the finished plan breaks a rule of its own checker; such a plan is never handed out.

    Examples
    --------
    >>> request = PlanRequest.from_dict({
    ...     "athlete": {"sport": "running", "ctl": 30, "recent_longest": {"minutes": 60}},
    ...     "goal": {"type": "maintain", "weeks": 1},
    ...     "start": "2027-03-01", "available_minutes": {"tue": 45, "thu": 45, "sun": 60}})
    >>> plan = make_plan(request).as_dict()
    >>> len(plan["days"]), {check["status"] for check in plan["checks"]} <= {"pass", "warn"}
    (7, True)
    """
    changes = replace(changes, easy=changes.easy | request.easy_days_for_races)
    base = baseline(request)
    season = changed_season(build_season(request, base), changes)
    targets = changed_targets(season, daily_targets(request, base, season), changes)
    diary, choices, season = _choose_sessions(request, base, season, targets, changes)
    document = _document(request, base, season, diary, choices, changes)
    document["checks"] = check(document, request, since=changes.today)
    broken = [item for item in document["checks"] if item["status"] == "fail"]
    if broken:
        raise PlannerError(
            "the plan breaks its own rules and was withheld: "
            + "; ".join(f"{item['rule']}: {item['detail']}" for item in broken),
            remedy="Report this with the request; change the request a little to get a plan meanwhile.",
            checks=broken,
        )
    return Plan(request, document)


def changed_season(season: Season, changes: Changes) -> Season:
    """Return the season with the days of rest that life brought, and only the races that are still to come."""
    minutes = tuple(0 if season.day(i) in changes.rest else offered for i, offered in enumerate(season.minutes))
    races = {
        index: race
        for index, race in season.races.items()
        if season.day(index) not in changes.rest and not changes.is_lived(season.day(index))
    }
    return replace(season, minutes=minutes, races=races)


def changed_targets(season: Season, targets: FloatArray, changes: Changes) -> FloatArray:
    """Return the daily targets with the shares of load that life allows and that the races on the way leave."""
    share = np.array([changes.scale.get(season.day(index), 1.0) for index in range(season.n_days)])
    for week in season.weeks:
        race_au, wanted = season.race_load(week.days), float(targets[list(week.days)].sum())
        if race_au > 0 and wanted > 0:
            share[list(week.days)] *= max(0.0, 1.0 - race_au / wanted)
    return np.asarray(targets * share, dtype=np.float64)


def _choose_sessions(
    request: PlanRequest, base: Baseline, season: Season, targets: FloatArray, changes: Changes
) -> tuple[Diary, list[WeekChoice | None], Season]:
    n_lived = sum(changes.is_lived(season.day(index)) for index in range(season.n_days))
    diary, choices, weeks = Diary(base, n_lived), [], []
    training_weeks, since_easy = 0, 0
    for scheduled in season.weeks:
        week = replace(scheduled, is_deload=_is_deload(scheduled, since_easy, season.taper_from))
        first = week.first_day
        choices.append(_fill_week(request, season, week, diary, targets, changes, training_weeks))
        training_weeks += not week.is_deload
        weeks.append(week)
        load = diary.load_between(first, first + week.n_days)
        is_easy = load <= rules.DELOAD_RATIO * diary.heaviest_of_three_weeks(first) + _LOAD_EPSILON_AU
        since_easy = 0 if is_easy or (season.taper and week.days[-1] >= season.taper_from) else since_easy + 1
    return diary, choices, replace(season, weeks=tuple(weeks))


def _fill_week(
    request: PlanRequest,
    season: Season,
    week: Week,
    diary: Diary,
    targets: FloatArray,
    changes: Changes,
    training_weeks: int,
) -> WeekChoice | None:
    """Write the days of a week into the diary: lived ones as they were, the others as chosen."""
    for index in week.days:
        if changes.is_lived(season.day(index)):
            diary.append(changes.lived(season.day(index), request))
    n_lived = len(diary.days) - week.first_day
    if n_lived == week.n_days:
        return None
    open_week = replace(week, first_day=week.first_day + n_lived, n_days=week.n_days - n_lived)
    wanted = float(targets[list(week.days)].sum())
    if season.weeks[week.index].is_deload and not week.is_deload:
        # Life made an easier week just before: this one is an ordinary week again.
        share = np.mean([changes.scale.get(season.day(index), 1.0) for index in week.days])
        wanted = max(wanted, float(share) * week.target_au) / DELOAD_TARGET
    target = max(0.0, wanted - diary.load_between(week.first_day, len(diary.days)))
    if season.race_load(open_week.days) > 0:
        target = min(target, float(targets[list(open_week.days)].sum()))
    menu = week_menu(request, season, open_week, diary, target, training_weeks=training_weeks, changes=changes)
    choice = solve_week(WeekProblem(request, season, open_week, diary, menu, target, targets))
    for index, workouts in zip(open_week.days, choice.days, strict=True):
        race = _race_on(request, season, index)
        diary.append(workouts if race is None else (_race_workout(race, is_on_the_way=index in season.races),))
    return replace(choice, load_au=choice.load_au + season.race_load(open_week.days))


def _is_deload(week: Week, since_easy: int, taper_from: int) -> bool:
    """Return whether the week must be an easy one: as scheduled, unless life just made one, and never later."""
    if week.n_days < 7 or week.phase == "taper" or week.days[-1] >= taper_from:
        return False
    return since_easy >= rules.DELOAD_EVERY_WEEKS - 1 or (week.is_deload and since_easy >= 2)


def _race_on(request: PlanRequest, season: Season, index: int) -> RaceOnTheWay | None:
    """Return the race of a day, the goal or one on the way."""
    if index == season.race_index and isinstance(request.goal, RaceGoal) and season.race is not None:
        return RaceOnTheWay(request.goal, season.race)
    return season.races.get(index)


def _race_workout(race: RaceOnTheWay, *, is_on_the_way: bool) -> Workout:
    goal = race.goal
    step = Step(StepKind.FREE, race.estimate.minutes * 60, text="Race: start calmly, eat and drink as practised")
    return Workout(
        template_id="race",
        title=f"Race: {race_name(goal)}",
        purpose="A race on the way" if is_on_the_way else "The day the plan was made for",
        source="Your goal",
        sport=goal.sport,
        kind=SessionKind.RACE,
        steps=(step,),
        load_au=race.estimate.load_au,
        intensity_ratio=race.estimate.intensity_ratio,
        threshold_s=0.0,
        zone_minutes=(0.0, 0.0, 0.0),
        rpe_cr10=9.0,
    )


def _document(
    request: PlanRequest,
    base: Baseline,
    season: Season,
    diary: Diary,
    choices: list[WeekChoice | None],
    changes: Changes,
) -> dict[str, Any]:
    days = []
    for index in range(season.n_days):
        week = season.weeks[index // 7]
        sessions = _sessions(request, season, week, diary, index, changes)
        ctl, atl = diary.ctl[index], diary.atl[index]
        days.append(
            {
                "date": season.day(index).isoformat(),
                "weekday": season.weekday(index),
                "phase": "race" if index == season.race_index else week.phase,
                "sessions": sessions,
                "minutes": sum(item["minutes"] for item in sessions),
                "load": round(sum(item["load"] for item in sessions), 1),
                "ctl": round(ctl, 2),
                "atl": round(atl, 2),
                "tsb": round(round(ctl, 2) - round(atl, 2), 2),
            }
        )
    warnings, summary = plan_warnings(request, base, season, diary), _summary(request, season, days)
    outlook = forecast(request, base, season, diary)
    assumed = (*base.assumed, *assumed_targets(request))
    _doubt_the_races(days, outlook, [item for item in warnings if item["code"] in UNPREPARED])
    return {
        "version": PLAN_VERSION,
        "summary": " ".join(sentence(part["code"], part["params"], "en") for part in summary),
        "summary_parts": summary,
        "days": days,
        "phases": _phases(season, days),
        "checks": [],
        "relaxed": relaxations(request, season, choices),
        "forecast": outlook,
        "assumptions": [item.text for item in assumed],
        "assumed": [item.as_dict() for item in assumed],
        "warnings": warnings,
    }


def _doubt_the_races(days: list[dict[str, Any]], outlook: dict[str, Any], doubts: list[dict[str, Any]]) -> None:
    """Say at the races themselves, too, that the plan does not prepare for them."""
    dates = {item["date"] for item in doubts}
    for session in (session for day in days if day["date"] in dates for session in day["sessions"]):
        if session["kind"] == SessionKind.RACE.value:
            session["purpose"] = "The race you asked for; this plan does not prepare you for it"
            session["why_parts"] = [{"code": "doubtful_race", "params": {}}]
            session["why"] = f"{session['purpose']}. Read the warnings of the plan before you start."
    if "race" in outlook and outlook["race"]["date"] in dates:
        outlook["race"]["basis"] += " This plan does not prepare you for it."


def _sessions(
    request: PlanRequest, season: Season, week: Week, diary: Diary, index: int, changes: Changes
) -> list[dict[str, Any]]:
    when = season.day(index)
    if changes.is_lived(when):
        return [dict(session) for session in changes.days[when]["sessions"]] if when in changes.days else []
    return [_session(request, season, week, index, number, item) for number, item in enumerate(diary.days[index])]


def _session(
    request: PlanRequest, season: Season, week: Week, index: int, number: int, item: Workout
) -> dict[str, Any]:
    thresholds = request.athlete.thresholds
    speed = own_threshold_speed(request, item.sport)
    own = Thresholds(speed, thresholds.power_w if item.sport is PlanSport.CYCLING else None, thresholds.hr_bpm)
    parts = why_parts(item, request=request, season=season, week=week, index=index)
    session: dict[str, Any] = {
        "id": f"{season.day(index).isoformat()}-{number + 1}",
        "title": item.title,
        "sport": item.sport.value,
        "kind": item.kind.value,
        "hard": item.kind in HARD_KINDS,
        "workout": item.template_id,
        "minutes": item.minutes,
        "load": item.load_au,
        "intensity_ratio": item.intensity_ratio,
        "rpe": item.rpe_cr10,
        "steps": step_documents(item.steps, sport=item.sport, thresholds=own),
        "purpose": item.purpose,
        "source": item.source,
        "why": why(parts),
        "why_parts": parts,
    }
    if speed is not None and item.threshold_s > 0:
        session["distance_m"] = round(item.threshold_s * speed)
    race = _race_on(request, season, index)
    if item.kind is SessionKind.RACE and race is not None:
        session["distance_m"] = race.goal.distance_m
        session["race"] = race_document(race)
    return session


def race_document(race: RaceOnTheWay) -> dict[str, Any]:
    """Return what is known of a race before it is run, for the session and the forecast."""
    estimate = race.estimate
    interval = estimate.interval_80_s
    return {
        "date": race.goal.day.isoformat(),
        "sport": race.goal.sport.value,
        "priority": race.goal.priority.value,
        "distance_m": race.goal.distance_m,
        "minutes": estimate.minutes,
        "load": estimate.load_au,
        "interval_80_minutes": None if interval is None else [round(value / S_PER_MIN, 1) for value in interval],
        "based_on": estimate.basis,
        "missing": list(estimate.missing),
    }


def _phases(season: Season, days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    phases: list[dict[str, Any]] = []
    for day in days:
        if not phases or phases[-1]["name"] != day["phase"]:
            phases.append(
                {"name": day["phase"], "start": day["date"], "end": day["date"], "focus": PHASE_WORDS[day["phase"]]}
            )
        phases[-1]["end"] = day["date"]
    for phase in phases:
        inside = [day for day in days if phase["start"] <= day["date"] <= phase["end"]]
        phase["days"] = len(inside)
        phase["load"] = round(sum(day["load"] for day in inside), 1)
        phase["easier_weeks"] = [
            season.day(week.first_day).isoformat()
            for week in season.weeks
            if week.is_deload and phase["start"] <= season.day(week.first_day).isoformat() <= phase["end"]
        ]
    return phases


def _summary(request: PlanRequest, season: Season, days: list[dict[str, Any]]) -> list[Part]:
    sessions = sum(len(day["sessions"]) for day in days)
    if sessions == 0:
        return [{"code": "summary.rest", "params": {}}]
    only_race = all(session["kind"] == SessionKind.RACE.value for day in days for session in day["sessions"])
    hours = sum(day["minutes"] for day in days) / 60
    about = {
        "weeks": len(season.weeks),
        "goal": goal_part(request.goal),
        "sessions": sessions,
        "hours": round(hours, 1),
    }
    parts: list[Part] = [{"code": "summary.plan", "params": about}]
    if only_race and len(days) > _LAST_MINUTE_DAYS:
        parts.append({"code": "summary.only_race", "params": {}})
    if isinstance(request.goal, StrengthGoal):
        parts.append({"code": "summary.strength", "params": {}})
    return parts
