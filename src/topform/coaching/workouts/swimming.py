"""Swimming workouts. Intensities are percentages of critical swim speed; times at the wall are part of the session."""

from __future__ import annotations

from functools import partial
from typing import Final

from topform.coaching.goals import Experience, PlanSport
from topform.coaching.workouts.model import SessionKind, Step, repeat, rest, steady
from topform.coaching.workouts.template import ALL_LEVELS, TRAINED, Frame, Template, around, shortest_minutes

FRAME: Final = Frame(
    warm_up=lambda m: steady(m, 80, 86, "Warm up, change strokes as you like"),
    cool_down=lambda m: steady(m, 76, 84, "Swim down, long strokes"),
    filler=lambda m: steady(m, 84, 90, "Easy freestyle, count strokes"),
    warm_up_min=(6, 10),
    cool_down_min=(4, 6),
)
_CSS: Final = "Critical-swim-speed sets (Wakayoshi 1992)"


def easy_swim(low: float, high: float, text: str, minutes: int) -> tuple[Step, ...]:
    """Return swimming in pieces of four and a half minutes with half a minute at the wall."""
    blocks, rest_min = divmod(minutes, 5)
    swim = repeat(blocks, steady(4.5, low, high, text), rest(30, "Rest at the wall")) if blocks else None
    tail = steady(rest_min, low, high, "Swim down") if rest_min else None
    return tuple(step for step in (swim, tail) if step is not None)


def _drills(minutes: int) -> tuple[Step, ...]:
    drills = repeat(8, steady(1, 76, 84, "Drill: catch-up, fists, side kick in turn"), rest(15, "Rest at the wall"))
    return (steady(minutes - 14, 82, 88, "Easy freestyle"), drills, steady(4, 80, 86, "Freestyle, feel the difference"))


def _opener(minutes: int) -> tuple[Step, ...]:
    fast = repeat(4, steady(0.5, 103, 107, "Race speed"), rest(60, "Rest at the wall"))
    return (steady(minutes - 10, 80, 88, "Easy"), fast, steady(4, 76, 84, "Swim down"))


def timed_set(count: int, seconds: int, low: float, high: float, rest_s: int, text: str) -> tuple[Step, ...]:
    """Return a set of equal repetitions by time with a fixed rest at the wall."""
    return (repeat(count, steady(seconds / 60, low, high, text), rest(rest_s, "Rest at the wall")),)


def intervals(
    template_id: str,
    title: str,
    kind: SessionKind,
    purpose: str,
    rpe: float,
    core: tuple[Step, ...],
    levels: frozenset[Experience] = ALL_LEVELS,
    phases: frozenset[str] | None = None,
    source: str = _CSS,
) -> Template:
    """Return a template: the core with a warm-up, a cool-down and easy filler up to the minutes at hand."""
    shortest = shortest_minutes(FRAME, core)
    return Template(
        template_id=f"swim.{template_id}",
        title=title,
        sport=PlanSport.SWIMMING,
        kind=kind,
        purpose=purpose,
        source=source,
        min_minutes=shortest,
        max_minutes=shortest + 6 + 25,
        rpe_cr10=rpe,
        build=around(FRAME, core),
        levels=levels,
        phases=phases,
    )


_THRESHOLD: Final = "Raises the speed you can hold"

SWIMMING: Final = (
    Template(
        "swim.easy",
        "Easy swim",
        PlanSport.SWIMMING,
        SessionKind.EASY,
        "Aerobic base and feel for the water",
        "TopForm",
        8,
        74,
        3,
        partial(easy_swim, 84.0, 90.0, "Easy freestyle"),
    ),
    Template(
        "swim.technique",
        "Technique swim",
        PlanSport.SWIMMING,
        SessionKind.EASY,
        "Less drag: in water, technique is worth more than strength",
        "Toussaint 1992, drag and technique",
        25,
        60,
        3,
        _drills,
    ),
    Template(
        "swim.long",
        "Long swim",
        PlanSport.SWIMMING,
        SessionKind.LONG,
        "Endurance for the distance",
        "TopForm",
        30,
        150,
        5,
        partial(easy_swim, 86.0, 92.0, "Steady freestyle"),
    ),
    intervals(
        "tempo_6x3",
        "Tempo 6 x 3 min",
        SessionKind.TEMPO,
        "Steady speed just below threshold",
        5.5,
        timed_set(6, 180, 93, 96, 20, "Firm and even"),
    ),
    intervals(
        "css_8x100",
        "Threshold 8 x 100 s",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        6.5,
        timed_set(8, 100, 97, 100, 20, "At threshold, the last as fast as the first"),
    ),
    intervals(
        "css_5x4",
        "Threshold 5 x 4 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        7,
        timed_set(5, 240, 96, 99, 30, "At threshold, long strokes"),
        TRAINED,
    ),
    intervals(
        "css_15x100",
        "Threshold 15 x 100 s",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        7,
        timed_set(15, 100, 97, 100, 15, "At threshold"),
        TRAINED,
    ),
    intervals(
        "vo2_10x60",
        "Fast 10 x 60 s",
        SessionKind.VO2,
        "Raises the ceiling: maximal oxygen uptake",
        7.5,
        timed_set(10, 60, 103, 106, 40, "Fast"),
        TRAINED,
    ),
    intervals(
        "speed_12x30",
        "Sprints 12 x 30 s",
        SessionKind.SPEED,
        "Speed and a strong pull",
        7,
        timed_set(12, 30, 106, 112, 60, "Very fast, clean strokes"),
    ),
    Template(
        "swim.opener",
        "Openers",
        PlanSport.SWIMMING,
        SessionKind.OPENER,
        "Reminds the body of race speed without tiring it",
        "Bosquet 2007: keep intensity in the taper",
        20,
        40,
        3,
        _opener,
    ),
    intervals(
        "test_400",
        "Threshold test",
        SessionKind.TEST,
        "Measures critical swim speed from a long and a short effort",
        8,
        (steady(6.5, 102, 106, "Long effort, all out, evenly"), rest(240, "Rest"), steady(3, 106, 110, "Short effort")),
        TRAINED,
    ),
)
