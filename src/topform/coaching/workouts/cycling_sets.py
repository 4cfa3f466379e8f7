"""More cycling workouts: the well-known sets of the literature, each with its purpose and source.

Intensities are percentages of threshold power.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from topform.coaching.goals import Experience, PlanSport
from topform.coaching.workouts.cycling import blocks, intervals
from topform.coaching.workouts.model import SessionKind, Step, repeat, steady
from topform.coaching.workouts.template import ADVANCED_ONLY, ALL_LEVELS, TRAINED, Template

_COGGAN: Final = "Coggan's power levels: principle of the session"
_SEILER: Final = "Seiler 2010, intensity distribution"
_RONNESTAD: Final = "Rønnestad 2015, short intervals"
_STEPTO: Final = "Stepto 1999, interval programmes of cyclists"
_LAURSEN: Final = "Laursen 2002, high-intensity intervals at maximal aerobic power"
_TORQUE: Final = "Paton 2009, low-cadence intervals"

_TEMPO: Final = "Steady strength just below threshold"
_SWEET: Final = "Much work near threshold at a moderate price"
_THRESHOLD: Final = "Raises the power you can hold for an hour"
_VO2: Final = "Raises the ceiling: maximal oxygen uptake"
_RACE_SPECIFIC: Final = frozenset({"peak", "specific", "taper", "build"})


def _ride(
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
) -> Template:
    return Template(
        template_id=f"ride.{template_id}",
        title=title,
        sport=PlanSport.CYCLING,
        kind=kind,
        purpose=purpose,
        source=source,
        min_minutes=span[0],
        max_minutes=span[1],
        rpe_cr10=rpe,
        build=build,
        levels=levels,
        phases=phases,
    )


def _sprints(minutes: int) -> tuple[Step, ...]:
    sprint = repeat(5, steady(0.2, 150, 180, "Sprint, seated or standing"), steady(4.8, 58, 66, "Ride easily"))
    return (steady(minutes - 30, 60, 70, "Endurance pace"), sprint, steady(5, 50, 50, "Spin easily"))


def _single_leg(minutes: int) -> tuple[Step, ...]:
    drill = repeat(
        6,
        steady(0.5, 40, 50, "Left leg alone"),
        steady(0.5, 40, 50, "Right leg alone"),
        steady(2, 60, 66, "Both legs, round strokes"),
    )
    return (steady(minutes - 23, 60, 70, "Endurance pace"), drill, steady(5, 50, 50, "Spin easily"))


def _hilly(minutes: int) -> tuple[Step, ...]:
    return (
        steady(10, 55, 62, "Easy to start with"),
        steady(minutes - 10, 62, 74, "Hilly route: seated climbs, never gasping"),
    )


def _steady(minutes: int) -> tuple[Step, ...]:
    return (
        steady(10, 55, 62, "Easy to start with"),
        steady(minutes - 10, 68, 76, "Steady: whole sentences still possible, and you notice that you work"),
    )


def _long_with(count: int, block_min: float, pct: float, rest_min: float, text: str, minutes: int) -> tuple[Step, ...]:
    core = repeat(count, steady(block_min, pct - 2, pct + 2, text), steady(rest_min, 58, 64, "Ride easily"))
    return (
        steady(minutes - round(core.total_s / 60) - 10, 60, 70, "Long and steady: eat and drink early"),
        core,
        steady(10, 50, 55, "Ride home easily"),
    )


def _long_hills(minutes: int) -> tuple[Step, ...]:
    return (steady(minutes, 62, 72, "Long over hills: climbs seated and steady; eat and drink from the first hour on"),)


def _easy_spin(minutes: int) -> tuple[Step, ...]:
    return (steady(minutes, 48, 54, "Very easy, quick light legs", cadence_rpm=95),)


ENDURANCE_RIDES: Final = (
    _ride(
        "sprints_in",
        "Endurance ride with 5 sprints",
        SessionKind.EASY,
        "Base riding that keeps the top gear alive",
        "Almquist 2020, sprints in low-intensity sessions",
        (50, 119),
        4,
        partial(_sprints),
        levels=TRAINED,
    ),
    _ride(
        "single_leg",
        "Endurance ride with single-leg drills",
        SessionKind.EASY,
        "Base riding and a rounder pedal stroke",
        _COGGAN,
        (45, 100),
        3,
        partial(_single_leg),
    ),
    _ride(
        "hilly",
        "Hilly endurance ride",
        SessionKind.EASY,
        "Base riding with gentle strength work",
        _SEILER,
        (45, 119),
        3.5,
        partial(_hilly),
        levels=TRAINED,
    ),
    _ride(
        "steady",
        "Steady endurance ride",
        SessionKind.EASY,
        "More of the aerobic base in the same time",
        _COGGAN,
        (45, 119),
        3.5,
        partial(_steady),
        levels=TRAINED,
    ),
    _ride("spin", "Easy spin", SessionKind.RECOVERY, "Loosens the legs", _SEILER, (15, 45), 2, partial(_easy_spin)),
    _ride(
        "long_hills",
        "Long ride over hills",
        SessionKind.LONG,
        "Endurance for routes with climbs",
        _SEILER,
        (75, 360),
        5.5,
        partial(_long_hills),
        levels=TRAINED,
    ),
    _ride(
        "long_tempo",
        "Long ride with 3 x 15 min tempo",
        SessionKind.LONG,
        "Endurance, and strength on tired legs",
        _COGGAN,
        (120, 360),
        6,
        partial(_long_with, 3, 15, 83, 5, "Firm and even"),
        levels=TRAINED,
        phases=_RACE_SPECIFIC,
    ),
    _ride(
        "long_race",
        "Long ride with 4 x 20 min at race effort",
        SessionKind.LONG,
        "Race effort and race food, practised together",
        _COGGAN,
        (180, 360),
        6.5,
        partial(_long_with, 4, 20, 78, 5, "Race effort, race position"),
        levels=ADVANCED_ONLY,
        phases=_RACE_SPECIFIC,
    ),
    _ride(
        "long_surges",
        "Long ride with 8 surges",
        SessionKind.LONG,
        "Endurance with the changes of a group ride",
        _COGGAN,
        (90, 300),
        5.5,
        partial(_long_with, 8, 1, 104, 4, "Brisk over a crest"),
        levels=TRAINED,
    ),
)

INTERVAL_RIDES: Final = (
    intervals(
        "tempo_3x8", "Tempo 3 x 8 min", SessionKind.TEMPO, _TEMPO, _COGGAN, 5, blocks(3, 8, 82, 3, 55, "Firm and even")
    ),
    intervals(
        "tempo_3x15",
        "Tempo 3 x 15 min",
        SessionKind.TEMPO,
        _TEMPO,
        _COGGAN,
        6,
        blocks(3, 15, 83, 5, 55, "Firm and even"),
        TRAINED,
    ),
    intervals(
        "tempo_40",
        "Tempo 40 min",
        SessionKind.TEMPO,
        _TEMPO,
        _COGGAN,
        6,
        (steady(40, 80, 85, "Firm and even"),),
        TRAINED,
    ),
    intervals(
        "tempo_bursts",
        "Tempo 2 x 15 min with bursts",
        SessionKind.TEMPO,
        "Steady strength with the changes of a race",
        _COGGAN,
        6.5,
        (
            repeat(
                2,
                repeat(5, steady(2.75, 80, 84, "Firm"), steady(0.25, 118, 125, "Burst")),
                steady(5, 55, 55, "Spin easily"),
            ),
        ),
        TRAINED,
    ),
    intervals(
        "sweet_3x10",
        "Sweet spot 3 x 10 min",
        SessionKind.TEMPO,
        _SWEET,
        _COGGAN,
        6,
        blocks(3, 10, 88, 4, 55, "Between firm and hard"),
        TRAINED,
    ),
    intervals(
        "sweet_3x15",
        "Sweet spot 3 x 15 min",
        SessionKind.TEMPO,
        _SWEET,
        _COGGAN,
        6.5,
        blocks(3, 15, 88, 5, 55, "Between firm and hard"),
        TRAINED,
    ),
    intervals(
        "sweet_2x30",
        "Sweet spot 2 x 30 min",
        SessionKind.TEMPO,
        _SWEET,
        _COGGAN,
        7,
        blocks(2, 30, 88, 6, 55, "Between firm and hard"),
        ADVANCED_ONLY,
    ),
    intervals(
        "torque_5x4",
        "Strength endurance 5 x 4 min",
        SessionKind.TEMPO,
        "Force on the pedals at a low cadence",
        _TORQUE,
        6,
        (
            repeat(
                5,
                steady(4, 82, 88, "Big gear, seated, quiet upper body", cadence_rpm=55),
                steady(3, 55, 55, "Spin easily", cadence_rpm=95),
            ),
        ),
        TRAINED,
    ),
    intervals(
        "threshold_2x8",
        "Threshold 2 x 8 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _COGGAN,
        6,
        blocks(2, 8, 94, 4, 55, "Hard but even"),
    ),
    intervals(
        "threshold_4x6",
        "Threshold 4 x 6 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _COGGAN,
        6.5,
        blocks(4, 6, 96, 3, 55, "Hard but even"),
    ),
    intervals(
        "threshold_4x8",
        "Threshold 4 x 8 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _STEPTO,
        7,
        blocks(4, 8, 98, 3, 55, "Hard but even"),
        TRAINED,
    ),
    intervals(
        "threshold_4x10",
        "Threshold 4 x 10 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _COGGAN,
        7.5,
        blocks(4, 10, 96, 4, 55, "Hard but even"),
        ADVANCED_ONLY,
    ),
    intervals(
        "threshold_3x15",
        "Threshold 3 x 15 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _COGGAN,
        7.5,
        blocks(3, 15, 95, 5, 55, "Hard but even"),
        ADVANCED_ONLY,
    ),
    intervals(
        "over_under_3x9",
        "Over and under 3 x 9 min",
        SessionKind.THRESHOLD,
        "Clears what a faster effort leaves behind",
        _COGGAN,
        7.5,
        (
            repeat(
                3,
                repeat(3, steady(2, 91, 93, "Just below threshold"), steady(1, 105, 107, "Just above")),
                steady(4, 55, 55, "Spin easily"),
            ),
        ),
        TRAINED,
    ),
    intervals(
        "over_under_4x8",
        "Over and under 4 x 8 min",
        SessionKind.THRESHOLD,
        "Clears what a faster effort leaves behind",
        _COGGAN,
        8,
        (
            repeat(
                4,
                repeat(4, steady(1.5, 92, 94, "Just below threshold"), steady(0.5, 112, 116, "Above")),
                steady(4, 55, 55, "Spin easily"),
            ),
        ),
        ADVANCED_ONLY,
    ),
    intervals(
        "vo2_3x3",
        "Intervals 3 x 3 min",
        SessionKind.VO2,
        _VO2,
        _COGGAN,
        6.5,
        blocks(3, 3, 108, 3, 50, "Hard; the last as good as the first"),
    ),
    intervals(
        "vo2_6x2", "Intervals 6 x 2 min", SessionKind.VO2, _VO2, _LAURSEN, 7, blocks(6, 2, 114, 3, 50, "Hard and even")
    ),
    intervals(
        "vo2_6x3",
        "Intervals 6 x 3 min",
        SessionKind.VO2,
        _VO2,
        _COGGAN,
        8,
        blocks(6, 3, 112, 3, 50, "Hard and even"),
        TRAINED,
    ),
    intervals(
        "vo2_8x2_5",
        "Intervals 8 x 2.5 min",
        SessionKind.VO2,
        _VO2,
        _LAURSEN,
        8.5,
        blocks(8, 2.5, 115, 3, 50, "Hard and even"),
        ADVANCED_ONLY,
    ),
    intervals(
        "vo2_4x5",
        "Intervals 4 x 5 min",
        SessionKind.VO2,
        _VO2,
        _STEPTO,
        8,
        blocks(4, 5, 108, 5, 50, "Hard and even"),
        TRAINED,
    ),
    intervals(
        "vo2_30_30",
        "Intervals 2 x 8 x 30/30 s",
        SessionKind.VO2,
        _VO2,
        _RONNESTAD,
        7,
        (
            repeat(8, steady(0.5, 116, 120, "On"), steady(0.5, 50, 50, "Off"), text="First series"),
            steady(4, 50, 50, "Spin easily"),
            repeat(8, steady(0.5, 116, 120, "On"), steady(0.5, 50, 50, "Off"), text="Second series"),
        ),
    ),
    intervals(
        "vo2_40_20",
        "Intervals 2 x 10 x 40/20 s",
        SessionKind.VO2,
        _VO2,
        _RONNESTAD,
        8,
        (
            repeat(10, steady(2 / 3, 114, 118, "On"), steady(1 / 3, 50, 50, "Off"), text="First series"),
            steady(5, 50, 50, "Spin easily"),
            repeat(10, steady(2 / 3, 114, 118, "On"), steady(1 / 3, 50, 50, "Off"), text="Second series"),
        ),
        TRAINED,
    ),
    intervals(
        "vo2_decreasing",
        "Intervals with a fast start 5 x 3 min",
        SessionKind.VO2,
        "More minutes near the ceiling by a fast start",
        "Rønnestad 2020, fast-start intervals",
        8,
        (
            repeat(
                5, steady(1, 120, 124, "Fast start"), steady(2, 106, 110, "Hold on"), steady(3, 50, 50, "Spin easily")
            ),
        ),
        TRAINED,
    ),
    intervals(
        "hills_5x3",
        "Climbs 5 x 3 min",
        SessionKind.VO2,
        "Power for short climbs",
        _LAURSEN,
        7.5,
        blocks(5, 3, 110, 4, 50, "Uphill, seated and standing in turn"),
        TRAINED,
    ),
    intervals(
        "sprints_6x15s",
        "Sprints 6 x 15 s",
        SessionKind.SPEED,
        "Top power with full rest",
        _COGGAN,
        6,
        (repeat(6, steady(0.25, 160, 190, "Sprint"), steady(4.75, 52, 58, "Spin easily")),),
    ),
    intervals(
        "sprints_30s_4",
        "Sprints 4 x 30 s",
        SessionKind.SPEED,
        "Short, very hard efforts with long rests",
        "Gibala 2012, low-volume interval training",
        8,
        (repeat(4, steady(0.5, 160, 190, "All you have"), steady(4.5, 45, 50, "Spin easily")),),
        TRAINED,
    ),
    intervals(
        "attacks_6x1",
        "Attacks 6 x 1 min",
        SessionKind.SPEED,
        "Power above the ceiling, for attacks",
        _COGGAN,
        7,
        blocks(6, 1, 130, 4, 50, "Very hard"),
        TRAINED,
        _RACE_SPECIFIC,
    ),
    intervals(
        "ramp_test",
        "Ramp test",
        SessionKind.TEST,
        "Measures where you are, so that targets stay right",
        "Ramp protocol; threshold from the best minute",
        8,
        tuple(steady(1, pct, pct, "One step up each minute, until you must stop") for pct in range(50, 134, 6)),
    ),
    intervals(
        "test_2x8",
        "Threshold test 2 x 8 min",
        SessionKind.TEST,
        "Measures where you are, so that targets stay right",
        "Carmichael, 2 x 8-minute field test",
        8.5,
        blocks(2, 8, 108, 10, 50, "As hard as you can hold, evenly paced"),
        TRAINED,
    ),
    intervals(
        "test_5",
        "Five-minute test",
        SessionKind.TEST,
        "Measures the ceiling",
        "Sitko 2021, five-minute power",
        8.5,
        (steady(5, 112, 118, "As hard as you can hold, evenly paced"),),
        TRAINED,
    ),
)
