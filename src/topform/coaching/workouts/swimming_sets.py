"""More swimming workouts, each with its purpose and source. Intensities are percentages of critical swim speed."""

from __future__ import annotations

from functools import partial
from typing import Final

from topform.coaching.goals import Experience, PlanSport
from topform.coaching.workouts.model import SessionKind, Step, repeat, rest, steady
from topform.coaching.workouts.swimming import easy_swim, intervals, timed_set
from topform.coaching.workouts.template import ADVANCED_ONLY, ALL_LEVELS, TRAINED, Template

_OLBRECHT: Final = "Olbrecht 2000, The Science of Winning: principle of the session"
_MAGLISCHO: Final = "Maglischo 2003, Swimming Fastest: principle of the session"
_TOUSSAINT: Final = "Toussaint 1992, drag and technique"
_WALL: Final = "Rest at the wall"
_THRESHOLD: Final = "Raises the speed you can hold"
_VO2: Final = "Raises the ceiling: maximal oxygen uptake"


def _swim(
    template_id: str,
    title: str,
    kind: SessionKind,
    purpose: str,
    source: str,
    span: tuple[int, int],
    rpe: float,
    build: partial[tuple[Step, ...]],
    *,
    levels: frozenset[Experience] = ALL_LEVELS,
    phases: frozenset[str] | None = None,
    equipment: frozenset[str] = frozenset(),
) -> Template:
    return Template(
        template_id=f"swim.{template_id}",
        title=title,
        sport=PlanSport.SWIMMING,
        kind=kind,
        purpose=purpose,
        source=source,
        min_minutes=span[0],
        max_minutes=span[1],
        rpe_cr10=rpe,
        build=build,
        levels=levels,
        phases=phases,
        equipment=equipment,
    )


def _drill_day(text: str, minutes: int) -> tuple[Step, ...]:
    drills = repeat(10, steady(0.75, 76, 84, text), rest(15, _WALL))
    return (steady(minutes - 14, 82, 88, "Easy freestyle"), drills, steady(4, 80, 86, "Freestyle, feel the difference"))


def _breathing(minutes: int) -> tuple[Step, ...]:
    pattern = repeat(6, steady(1.5, 82, 88, "Breathe every third, then every fifth stroke"), rest(30, _WALL))
    return (steady(minutes - 16, 82, 88, "Easy freestyle"), pattern, steady(4, 80, 86, "Breathe as you like"))


def _long_pulls(minutes: int) -> tuple[Step, ...]:
    pulls = repeat(4, steady(4.5, 86, 92, "Pull with the buoy, long strokes"), rest(30, _WALL))
    return (*easy_swim(84.0, 90.0, "Easy freestyle", minutes - 20), pulls)


def _open_water(minutes: int) -> tuple[Step, ...]:
    sighting = repeat(5, steady(3.5, 88, 92, "Steady; lift the eyes every tenth stroke"), rest(30, _WALL))
    return (*easy_swim(84.0, 90.0, "Easy freestyle", minutes - 20), sighting)


TECHNIQUE_SWIMS: Final = (
    _swim(
        "catch",
        "Technique swim: the catch",
        SessionKind.EASY,
        "A firmer grip on the water",
        _TOUSSAINT,
        (25, 60),
        3,
        partial(_drill_day, "Drill: sculling, then fists"),
    ),
    _swim(
        "body_line",
        "Technique swim: the body line",
        SessionKind.EASY,
        "A flatter line, so less drag",
        _TOUSSAINT,
        (25, 60),
        3,
        partial(_drill_day, "Drill: push-off glides, side kick"),
    ),
    _swim(
        "breathing",
        "Breathing patterns",
        SessionKind.EASY,
        "Calm breathing on both sides",
        _MAGLISCHO,
        (25, 60),
        3,
        partial(_breathing),
    ),
    _swim(
        "recovery",
        "Loosening swim",
        SessionKind.RECOVERY,
        "Loosens shoulders and legs",
        _OLBRECHT,
        (10, 40),
        2,
        partial(easy_swim, 76.0, 84.0, "Very easy, any stroke"),
    ),
    _swim(
        "long_pull",
        "Long swim with pulls",
        SessionKind.LONG,
        "Endurance of the arms",
        _MAGLISCHO,
        (40, 120),
        5,
        partial(_long_pulls),
        levels=TRAINED,
    ),
    _swim(
        "open_water",
        "Long swim with sighting",
        SessionKind.LONG,
        "Endurance, and a straight line in open water",
        "Baldassarre 2017, open-water swimming",
        (40, 150),
        5,
        partial(_open_water),
        levels=TRAINED,
        phases=frozenset({"build", "peak", "specific"}),
    ),
)

INTERVAL_SWIMS: Final = (
    intervals(
        "tempo_4x4",
        "Tempo 4 x 4 min",
        SessionKind.TEMPO,
        "Steady speed just below threshold",
        5,
        timed_set(4, 240, 92, 95, 30, "Firm and even"),
        source=_OLBRECHT,
    ),
    intervals(
        "tempo_3x8",
        "Tempo 3 x 8 min",
        SessionKind.TEMPO,
        "Steady speed just below threshold",
        6,
        timed_set(3, 480, 92, 95, 40, "Firm and even"),
        TRAINED,
        source=_OLBRECHT,
    ),
    intervals(
        "tempo_20x1",
        "Tempo 20 x 1 min",
        SessionKind.TEMPO,
        "Steady speed with little rest",
        6,
        timed_set(20, 60, 93, 96, 10, "Firm and even"),
        TRAINED,
        source=_OLBRECHT,
    ),
    intervals(
        "css_6x100",
        "Threshold 6 x 100 s",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        6,
        timed_set(6, 100, 97, 100, 25, "At threshold, the last as fast as the first"),
    ),
    intervals(
        "css_10x100",
        "Threshold 10 x 100 s",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        7,
        timed_set(10, 100, 97, 100, 20, "At threshold, the last as fast as the first"),
    ),
    intervals(
        "css_4x6",
        "Threshold 4 x 6 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        7.5,
        timed_set(4, 360, 95, 98, 40, "At threshold, long strokes"),
        ADVANCED_ONLY,
    ),
    intervals(
        "css_20x100",
        "Threshold 20 x 100 s",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        7.5,
        timed_set(20, 100, 97, 100, 15, "At threshold"),
        ADVANCED_ONLY,
    ),
    intervals(
        "css_descend",
        "Threshold 3 x 4 x 100 s, each faster",
        SessionKind.THRESHOLD,
        "Speed control: each a little faster than the one before",
        7,
        (
            repeat(
                3,
                *(
                    part
                    for pct in (93, 96, 99, 102)
                    for part in (steady(100 / 60, pct, pct + 1, "A little faster each time"), rest(20, _WALL))
                ),
            ),
        ),
        TRAINED,
        source=_MAGLISCHO,
    ),
    intervals(
        "vo2_6x60", "Fast 6 x 60 s", SessionKind.VO2, _VO2, 7, timed_set(6, 60, 102, 105, 45, "Fast"), source=_MAGLISCHO
    ),
    intervals(
        "vo2_8x100",
        "Fast 8 x 100 s",
        SessionKind.VO2,
        _VO2,
        8,
        timed_set(8, 100, 102, 104, 60, "Fast"),
        TRAINED,
        source=_MAGLISCHO,
    ),
    intervals(
        "vo2_5x3",
        "Fast 5 x 3 min",
        SessionKind.VO2,
        _VO2,
        8.5,
        timed_set(5, 180, 101, 103, 90, "Fast and even"),
        ADVANCED_ONLY,
        source=_MAGLISCHO,
    ),
    intervals(
        "speed_8x20",
        "Sprints 8 x 20 s",
        SessionKind.SPEED,
        "Speed and a strong pull",
        6,
        timed_set(8, 20, 108, 115, 70, "Very fast, clean strokes"),
        source=_MAGLISCHO,
    ),
    intervals(
        "speed_starts",
        "Race starts 6 x 45 s",
        SessionKind.SPEED,
        "A quick start without a flooded tank",
        7,
        (
            repeat(
                6,
                steady(0.75, 106, 110, "Race start"),
                steady(1.25, 84, 88, "Settle into your rhythm"),
                rest(30, _WALL),
            ),
        ),
        TRAINED,
        frozenset({"peak", "specific", "taper"}),
        _MAGLISCHO,
    ),
    intervals(
        "kick_8x45",
        "Kick 8 x 45 s",
        SessionKind.SPEED,
        "Legs that keep the body flat",
        6,
        timed_set(8, 45, 96, 102, 45, "Kick, with or without a board"),
        source=_MAGLISCHO,
    ),
    intervals(
        "test_1000",
        "Steady test 15 min",
        SessionKind.TEST,
        "Measures where you are, so that paces stay right",
        8,
        (steady(15, 97, 100, "As far as you can, evenly paced"),),
        TRAINED,
        source="T-20 principle (Olbrecht 2000)",
    ),
)
