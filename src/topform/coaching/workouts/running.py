"""Running workouts. Intensities are percentages of critical speed."""

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
    warm_up=lambda m: ramp(m, 62, 76, "Warm up: start at a shuffle, end at an easy run"),
    cool_down=lambda m: steady(m, 62, 70, "Cool down, very easy"),
    filler=lambda m: steady(m, 70, 78, "Easy running"),
)
_EXTRA_MIN: Final = 30
_SEILER: Final = "Seiler 2010, intensity distribution"
_DANIELS: Final = "Daniels, Running Formula: principle of the session"
_BILLAT: Final = "Billat 2001, interval training"


def _walk_run(minutes: int) -> tuple[Step, ...]:
    count = max(1, (minutes - 2) // 3)
    rest_min = minutes - 3 * count
    block = repeat(
        count,
        steady(2, 66, 74, "Jog so that you can talk"),
        steady(1, 38, 46, "Walk"),
        text="Jog and walk in turn",
    )
    return (block, steady(rest_min, 38, 46, "Walk to the end")) if rest_min else (block,)


def easy(low: float, high: float, text: str, minutes: int) -> tuple[Step, ...]:
    """Return one even step."""
    return (steady(minutes, low, high, text),)


def _strides(minutes: int) -> tuple[Step, ...]:
    stride = steady(1 / 3, 104, 112, "Stride: fast and relaxed")
    strides = repeat(6, stride, steady(1, 60, 68, "Jog back"), text="Strides")
    return (
        steady(minutes - 10, 70, 78, "Easy running, full sentences possible"),
        strides,
        steady(2, 62, 70, "Cool down"),
    )


def _long(minutes: int) -> tuple[Step, ...]:
    return (
        ramp(10, 62, 74, "Settle in"),
        steady(minutes - 10, 70, 78, "Long and easy: stay able to talk; drink and eat as in a race over 90 min"),
    )


def _long_fast_finish(minutes: int) -> tuple[Step, ...]:
    finish = 20
    return (
        ramp(10, 62, 74, "Settle in"),
        steady(minutes - 10 - finish, 70, 78, "Long and easy"),
        steady(finish, 84, 90, "Finish at marathon effort: steady, controlled"),
    )


def _opener(minutes: int) -> tuple[Step, ...]:
    surges = repeat(
        3, steady(1, 98, 102, "Brisk and relaxed"), steady(1.5, 60, 68, "Jog"), text="Wake the legs, no fatigue"
    )
    return (steady(minutes - 12.5, 68, 76, "Easy running"), surges, steady(5, 62, 70, "Cool down"))


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
    """Return a template: the core with a warm-up, a cool-down and easy running up to the minutes at hand."""
    shortest = shortest_minutes(FRAME, core)
    return Template(
        template_id=f"run.{template_id}",
        title=title,
        sport=PlanSport.RUNNING,
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


def blocks(count: int, minutes: float, low: float, high: float, jog_min: float, text: str) -> tuple[Step, ...]:
    """Return intervals with jogs between, none after the last."""
    work, jog = steady(minutes, low, high, text), steady(jog_min, 58, 66, "Jog")
    return (repeat(count - 1, work, jog), work) if count > 2 else (work, jog, work)


_THRESHOLD: Final = "Raises the pace you can hold for an hour"
_VO2: Final = "Raises the ceiling: maximal oxygen uptake"

RUNNING: Final = (
    Template(
        "run.walk_run",
        "Run and walk",
        PlanSport.RUNNING,
        SessionKind.EASY,
        "Gets bones and tendons used to running before the lungs ask for more",
        "Run-walk progression of beginners' programmes",
        6,
        45,
        3,
        _walk_run,
        frozenset({Experience.BEGINNER}),
    ),
    Template(
        "run.recovery",
        "Recovery run",
        PlanSport.RUNNING,
        SessionKind.RECOVERY,
        "Moves the blood without new fatigue",
        _SEILER,
        10,
        40,
        2,
        partial(easy, 62.0, 70.0, "Very easy; slower is fine"),
        TRAINED,
    ),
    Template(
        "run.easy",
        "Easy run",
        PlanSport.RUNNING,
        SessionKind.EASY,
        "Builds the aerobic base at a pace that allows talking",
        _SEILER,
        10,
        74,
        3,
        partial(easy, 70.0, 78.0, "Easy: full sentences possible"),
    ),
    Template(
        "run.easy_strides",
        "Easy run with strides",
        PlanSport.RUNNING,
        SessionKind.EASY,
        "Base running, with a few quick steps to keep the stride lively",
        _DANIELS,
        25,
        74,
        3.5,
        _strides,
        TRAINED,
    ),
    Template(
        "run.long",
        "Long run",
        PlanSport.RUNNING,
        SessionKind.LONG,
        "Endurance: fat burning, tough legs, a calm head",
        _SEILER,
        30,
        180,
        5,
        _long,
    ),
    Template(
        "run.long_fast_finish",
        "Long run with a fast finish",
        PlanSport.RUNNING,
        SessionKind.LONG,
        "Endurance, and running well on tired legs",
        _DANIELS,
        75,
        180,
        6,
        _long_fast_finish,
        TRAINED,
    ),
    intervals(
        "tempo_20",
        "Tempo run 20 min",
        SessionKind.TEMPO,
        "Learns a comfortably hard rhythm",
        _DANIELS,
        5.5,
        (steady(20, 88, 92, "Comfortably hard, even pace"),),
    ),
    intervals(
        "tempo_2x15",
        "Tempo 2 x 15 min",
        SessionKind.TEMPO,
        "Marathon rhythm under control",
        _DANIELS,
        6,
        blocks(2, 15, 86, 91, 3, "Steady and controlled"),
        TRAINED,
    ),
    intervals(
        "fartlek",
        "Fartlek 8 x 1 min",
        SessionKind.SPEED,
        "First contact with speed, by feel",
        "Holmér's fartlek",
        5.5,
        (repeat(8, steady(1, 98, 104, "Brisk"), steady(1.5, 58, 66, "Jog"), text="Play with the pace"),),
    ),
    intervals(
        "threshold_3x6",
        "Threshold 3 x 6 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _DANIELS,
        6.5,
        blocks(3, 6, 95, 99, 2, "Hard but even: the last as fast as the first"),
    ),
    intervals(
        "threshold_4x8",
        "Threshold 4 x 8 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        "Seiler 2013, 4 x 8 min",
        7,
        blocks(4, 8, 95, 99, 2, "Hard but even"),
        TRAINED,
    ),
    intervals(
        "threshold_3x12",
        "Threshold 3 x 12 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _DANIELS,
        7,
        blocks(3, 12, 94, 98, 3, "Hard but even"),
        ADVANCED_ONLY,
    ),
    intervals(
        "vo2_4x3",
        "Intervals 4 x 3 min",
        SessionKind.VO2,
        _VO2,
        _BILLAT,
        7,
        blocks(4, 3, 104, 108, 2.5, "Fast; you could just do one more at the end"),
    ),
    intervals(
        "vo2_5x4",
        "Intervals 5 x 4 min",
        SessionKind.VO2,
        _VO2,
        "Helgerud 2007, 4 x 4 min",
        8,
        blocks(5, 4, 103, 107, 3, "Fast and even"),
        TRAINED,
    ),
    intervals(
        "vo2_30_15",
        "Intervals 2 x 10 x 30/15 s",
        SessionKind.VO2,
        _VO2,
        "Rønnestad 2015, short intervals",
        7.5,
        (
            repeat(10, steady(0.5, 108, 114, "Fast"), steady(0.25, 55, 65, "Float"), text="First series"),
            steady(3, 58, 66, "Jog"),
            repeat(10, steady(0.5, 108, 114, "Fast"), steady(0.25, 55, 65, "Float"), text="Second series"),
        ),
        TRAINED,
    ),
    intervals(
        "hills_8",
        "Hill repeats 8 x 45 s",
        SessionKind.SPEED,
        "Strong, springy legs with little impact",
        "Barnes 2013, uphill intervals",
        7,
        (repeat(8, steady(0.75, 106, 114, "Uphill, strong and tall"), steady(1.75, 45, 55, "Walk or jog down")),),
        TRAINED,
    ),
    Template(
        "run.opener",
        "Openers",
        PlanSport.RUNNING,
        SessionKind.OPENER,
        "Reminds the legs of race rhythm without tiring them",
        "Bosquet 2007: keep intensity in the taper",
        20,
        45,
        3,
        _opener,
    ),
    intervals(
        "test_20",
        "Threshold test 20 min",
        SessionKind.TEST,
        "Measures where you are, so that paces stay right",
        "Critical-speed testing, single long effort",
        8.5,
        (steady(20, 100, 104, "As far as you can, evenly paced"),),
        TRAINED,
    ),
)
