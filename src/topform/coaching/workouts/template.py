"""Workout templates: a fixed core with a warm-up, cool-down and filler that fit the minutes at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from topform.coaching.goals import Experience, PlanSport
from topform.coaching.workouts.load import predicted_load, strength_load, target_trace, zone_minutes
from topform.coaching.workouts.model import SessionKind, Step, Workout

ALL_LEVELS = frozenset(Experience)
TRAINED = frozenset({Experience.INTERMEDIATE, Experience.ADVANCED})
ADVANCED_ONLY = frozenset({Experience.ADVANCED})

Builder = Callable[[int], tuple[Step, ...]]


@dataclass(frozen=True, slots=True)
class Template:
    """A workout that can be done in any whole number of minutes within its range.

    Parameters
    ----------
    template_id : str
        Stable, unique in the library.
    title : str
    sport : PlanSport
    kind : SessionKind
    purpose : str
        What it trains, in plain words.
    source : str
        Where the session or its principle was published, or "TopForm" for our own arrangement.
    min_minutes, max_minutes : int
        [min]
    rpe_cr10 : float
        Expected rating of the whole session.
    build : callable
        Minutes to steps that last exactly as long.
    levels : frozenset of Experience
        Who it is meant for.
    phases : frozenset of str or None
        Phases of the season it belongs to; None for all in which its kind has a place.
    equipment : frozenset of str
        What it cannot be done without; see `topform.coaching.equipment`.
    for_sports : frozenset of PlanSport or None
        Main sports that a strength session supplements; None for all.
    """

    template_id: str
    title: str
    sport: PlanSport
    kind: SessionKind
    purpose: str
    source: str
    min_minutes: int
    max_minutes: int
    rpe_cr10: float
    build: Builder = field(repr=False)
    levels: frozenset[Experience] = ALL_LEVELS
    phases: frozenset[str] | None = None
    equipment: frozenset[str] = frozenset()
    for_sports: frozenset[PlanSport] | None = None

    def fits(self, minutes: int) -> bool:
        """Return whether the template can be done in that time."""
        return self.min_minutes <= minutes <= self.max_minutes

    def belongs_to(self, phase: str) -> bool:
        """Return whether the workout has a place in a phase of the season."""
        return self.phases is None or phase in self.phases


@lru_cache(maxsize=8192)
def workout(template: Template, minutes: int) -> Workout:
    """Return the template at a duration, with its predicted load.

    Parameters
    ----------
    template : Template
    minutes : int
        Within the template's range. [min]

    Returns
    -------
    Workout
    """
    steps = template.build(minutes)
    zones = zone_minutes(steps, template.sport)
    if template.sport is PlanSport.STRENGTH:
        load_au = strength_load(rpe_cr10=template.rpe_cr10, minutes=minutes)
        ratio = template.rpe_cr10 / 10
        zones = (0.0, 0.0, 0.0)
        threshold_s = 0.0
    else:
        load_au, ratio = predicted_load(steps, template.sport)
        threshold_s = float(target_trace(steps).sum())
    return Workout(
        template_id=template.template_id,
        title=template.title,
        purpose=template.purpose,
        source=template.source,
        sport=template.sport,
        kind=template.kind,
        steps=steps,
        load_au=round(load_au, 1),
        intensity_ratio=round(ratio, 4),
        threshold_s=threshold_s,
        zone_minutes=zones,
        rpe_cr10=template.rpe_cr10,
    )


def cut_down(item: Workout, minutes: int) -> Workout | None:
    """Return an interval session with less of its work, so that it fits into the minutes.

    Parameters
    ----------
    item : Workout
        Of an endurance sport.
    minutes : int
        [min]

    Returns
    -------
    Workout or None
        Repetitions of its longest set are left out, or its one long effort is made shorter, at least half of it left;
        None where that is not enough, and for one unbroken effort.
    """
    if item.sport is PlanSport.STRENGTH or len(item.steps) < 2:
        return None
    steps = list(item.steps)
    excess_s = sum(step.total_s for step in steps) - 60 * minutes
    place = max(range(len(steps) - 1), key=lambda index: (bool(steps[index].steps), steps[index].total_s))
    if not steps[place].steps:
        place = max(range(len(steps) - 1), key=lambda index: steps[index].low_pct)
    block = steps[place]
    pass_s = block.total_s // block.count if block.steps else 60
    left = block.total_s // pass_s - -(-excess_s // pass_s)
    if left < (1 if block.steps else block.total_s / pass_s / 2):
        return None
    steps[place] = (
        replace(block, count=left, duration_s=pass_s) if block.steps else replace(block, duration_s=60 * left)
    )
    spare_s = -sum(step.total_s for step in steps) % 60
    steps[-1] = replace(steps[-1], duration_s=steps[-1].duration_s + spare_s)
    load_au, ratio = predicted_load(steps, item.sport)
    return replace(
        item,
        steps=tuple(steps),
        load_au=round(load_au, 1),
        intensity_ratio=round(ratio, 4),
        threshold_s=float(target_trace(steps).sum()),
        zone_minutes=zone_minutes(steps, item.sport),
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """How a sport begins, ends and fills up an interval session; each part takes its length in minutes."""

    warm_up: Callable[[float], Step]
    cool_down: Callable[[float], Step]
    filler: Callable[[float], Step]
    warm_up_min: tuple[int, int] = (10, 15)
    cool_down_min: tuple[int, int] = (5, 10)


def around(frame: Frame, core: tuple[Step, ...]) -> Builder:
    """Return a builder that wraps the core; time beyond a full warm-up and cool-down becomes easy filler."""
    core_s = sum(step.total_s for step in core)

    def build(minutes: int) -> tuple[Step, ...]:
        spare_s = minutes * 60 - core_s
        warm_s = min(frame.warm_up_min[1] * 60, max(frame.warm_up_min[0] * 60, spare_s - frame.cool_down_min[1] * 60))
        cool_s = min(frame.cool_down_min[1] * 60, spare_s - warm_s)
        filler_s = spare_s - warm_s - cool_s
        filler = (frame.filler(filler_s / 60),) if filler_s > 0 else ()
        return (frame.warm_up(warm_s / 60), *core, *filler, frame.cool_down(cool_s / 60))

    return build


def shortest_minutes(frame: Frame, core: tuple[Step, ...]) -> int:
    """Return the least whole minutes in which the core fits with the shortest warm-up and cool-down. [min]"""
    core_s = sum(step.total_s for step in core)
    return -(-core_s // 60) + frame.warm_up_min[0] + frame.cool_down_min[0]
