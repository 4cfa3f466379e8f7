"""Cycling workouts. Intensities are percentages of threshold power."""

from __future__ import annotations

from functools import partial
from typing import Final

from topform.coaching.goals import Experience, PlanSport
from topform.coaching.workouts.model import SessionKind, Step, ramp, repeat, steady
from topform.coaching.workouts.template import (
    ADVANCED_ONLY,
    ALL_LEVELS,
    TRAINED,
    Frame,
    Template,
    around,
    shortest_minutes,
)

FRAME: Final = Frame(
    warm_up=lambda m: ramp(m, 45, 75, "Warm up, building slowly"),
    cool_down=lambda m: steady(m, 50, 50, "Spin easily"),
    filler=lambda m: steady(m, 60, 70, "Endurance pace"),
)
_SEILER: Final = "Seiler 2010, intensity distribution"
_COGGAN: Final = "Coggan's power levels: principle of the session"
_EXTRA_MIN: Final = 60


def _level(low: float, high: float, text: str, minutes: int) -> tuple[Step, ...]:
    return (steady(minutes, low, high, text),)


def _cadence(minutes: int) -> tuple[Step, ...]:
    drill = repeat(
        5,
        steady(2, 62, 68, "Quick and light", cadence_rpm=105),
        steady(3, 60, 66, "Usual cadence", cadence_rpm=85),
        text="Cadence play",
    )
    return (steady(minutes - 30, 60, 70, "Endurance pace"), drill, steady(5, 50, 50, "Spin easily"))


def _long(minutes: int) -> tuple[Step, ...]:
    return (steady(minutes, 60, 70, "Long and steady: eat and drink from the first hour on"),)


def _long_fast_finish(minutes: int) -> tuple[Step, ...]:
    return (
        steady(minutes - 30, 60, 70, "Long and steady: eat and drink early"),
        steady(30, 75, 81, "Finish stronger, still controlled"),
    )


def _opener(minutes: int) -> tuple[Step, ...]:
    return (
        ramp(15, 45, 75, "Warm up, building slowly"),
        repeat(2, steady(1, 112, 118, "Crisp"), steady(1, 50, 50, "Spin")),
        steady(1, 112, 118, "Crisp"),
        steady(minutes - 30, 52, 58, "Easy"),
        steady(10, 50, 50, "Spin easily"),
    )


def intervals(
    template_id: str,
    title: str,
    kind: SessionKind,
    purpose: str,
    source: str,
    rpe: float,
    core: tuple[Step, ...],
    levels: frozenset[Experience] = ALL_LEVELS,
    phases: frozenset[str] | None = None,
) -> Template:
    """Return a template: the core with a warm-up, a cool-down and easy filler up to the minutes at hand."""
    shortest = shortest_minutes(FRAME, core)
    return Template(
        template_id=f"ride.{template_id}",
        title=title,
        sport=PlanSport.CYCLING,
        kind=kind,
        purpose=purpose,
        source=source,
        min_minutes=shortest,
        max_minutes=shortest + 10 + _EXTRA_MIN,
        rpe_cr10=rpe,
        build=around(FRAME, core),
        levels=levels,
        phases=phases,
    )


def blocks(count: int, minutes: float, pct: float, rest_min: float, rest_pct: float, text: str) -> tuple[Step, ...]:
    """Return intervals with easy riding between, none after the last."""
    work, spin = steady(minutes, pct - 2, pct + 2, text), steady(rest_min, rest_pct, rest_pct, "Spin easily")
    return (repeat(count - 1, work, spin), work) if count > 2 else (work, spin, work)


def _short_series() -> Step:
    return repeat(13, steady(0.5, 118, 122, "On"), steady(0.25, 60, 60, "Off"), text="30 s on, 15 s off")


_THRESHOLD: Final = "Raises the power you can hold for an hour"
_VO2: Final = "Raises the ceiling: maximal oxygen uptake"

CYCLING: Final = (
    Template(
        "ride.recovery",
        "Recovery ride",
        PlanSport.CYCLING,
        SessionKind.RECOVERY,
        "Moves the blood without new fatigue",
        _SEILER,
        15,
        60,
        2,
        partial(_level, 50.0, 50.0, "Very easy, flat, quick legs"),
        TRAINED,
    ),
    Template(
        "ride.endurance",
        "Endurance ride",
        PlanSport.CYCLING,
        SessionKind.EASY,
        "Builds the aerobic base",
        _SEILER,
        15,
        119,
        3,
        partial(_level, 60.0, 70.0, "Easy to steady: full sentences possible"),
    ),
    Template(
        "ride.cadence",
        "Endurance ride with cadence play",
        PlanSport.CYCLING,
        SessionKind.EASY,
        "Base riding and a smoother pedal stroke",
        "TopForm",
        45,
        119,
        3,
        _cadence,
    ),
    Template(
        "ride.long",
        "Long ride",
        PlanSport.CYCLING,
        SessionKind.LONG,
        "Endurance: fat burning and practice in eating on the bike",
        _SEILER,
        45,
        360,
        5,
        _long,
    ),
    Template(
        "ride.long_fast_finish",
        "Long ride with a fast finish",
        PlanSport.CYCLING,
        SessionKind.LONG,
        "Endurance, and power on tired legs",
        _COGGAN,
        90,
        360,
        6,
        _long_fast_finish,
        TRAINED,
    ),
    intervals(
        "tempo_2x10",
        "Tempo 2 x 10 min",
        SessionKind.TEMPO,
        "Steady strength just below threshold",
        _COGGAN,
        5,
        blocks(2, 10, 83, 5, 55, "Firm and even"),
    ),
    intervals(
        "tempo_2x20",
        "Tempo 2 x 20 min",
        SessionKind.TEMPO,
        "Steady strength just below threshold",
        _COGGAN,
        6,
        blocks(2, 20, 85, 5, 55, "Firm and even"),
        TRAINED,
    ),
    intervals(
        "threshold_3x8",
        "Threshold 3 x 8 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _COGGAN,
        6.5,
        blocks(3, 8, 95, 4, 55, "Hard but even"),
    ),
    intervals(
        "threshold_3x12",
        "Threshold 3 x 12 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _COGGAN,
        7,
        blocks(3, 12, 97, 4, 55, "Hard but even"),
        TRAINED,
    ),
    intervals(
        "threshold_2x20",
        "Threshold 2 x 20 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _COGGAN,
        7,
        blocks(2, 20, 95, 5, 55, "Hard but even"),
        ADVANCED_ONLY,
    ),
    intervals(
        "hi_4x8",
        "Intervals 4 x 8 min",
        SessionKind.VO2,
        "Raises threshold and ceiling together",
        "Seiler 2013, 4 x 8 min",
        8,
        blocks(4, 8, 105, 2, 50, "As hard as all four allow"),
        TRAINED,
    ),
    intervals(
        "vo2_4x3",
        "Intervals 4 x 3 min",
        SessionKind.VO2,
        _VO2,
        _COGGAN,
        7,
        blocks(4, 3, 110, 3, 50, "Hard; the last as good as the first"),
    ),
    intervals(
        "vo2_5x4",
        "Intervals 5 x 4 min",
        SessionKind.VO2,
        _VO2,
        "Helgerud 2007, 4 x 4 min",
        8,
        blocks(5, 4, 112, 4, 50, "Hard and even"),
        TRAINED,
    ),
    intervals(
        "vo2_3x13x30_15",
        "Intervals 3 x 13 x 30/15 s",
        SessionKind.VO2,
        _VO2,
        "Rønnestad 2015, short intervals",
        8,
        (
            _short_series(),
            steady(3, 50, 50, "Spin easily"),
            _short_series(),
            steady(3, 50, 50, "Spin easily"),
            _short_series(),
        ),
        TRAINED,
    ),
    intervals(
        "anaerobic_8x1",
        "Sprints 8 x 1 min",
        SessionKind.SPEED,
        "Power above the ceiling, for attacks and short climbs",
        _COGGAN,
        7.5,
        blocks(8, 1, 140, 3, 45, "Very hard"),
        ADVANCED_ONLY,
    ),
    Template(
        "ride.opener",
        "Openers",
        PlanSport.CYCLING,
        SessionKind.OPENER,
        "Reminds the legs of race power without tiring them",
        "Bosquet 2007: keep intensity in the taper",
        35,
        60,
        3,
        _opener,
    ),
    intervals(
        "test_20",
        "Threshold test 20 min",
        SessionKind.TEST,
        "Measures where you are, so that targets stay right",
        "Allen and Coggan, 20-minute test",
        8.5,
        (steady(20, 102, 106, "As hard as you can hold, evenly paced"),),
        TRAINED,
    ),
)
