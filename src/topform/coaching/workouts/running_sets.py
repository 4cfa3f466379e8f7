"""More running workouts: the well-known sets of the literature, each with its purpose and source.

Intensities are percentages of critical speed.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from topform.coaching.goals import Experience, PlanSport
from topform.coaching.workouts.model import SessionKind, Step, ramp, repeat, steady
from topform.coaching.workouts.running import blocks, easy, intervals
from topform.coaching.workouts.template import ADVANCED_ONLY, ALL_LEVELS, TRAINED, Template

_DANIELS: Final = "Daniels, Running Formula: principle of the session"
_BILLAT: Final = "Billat 2001, interval training"
_SEILER: Final = "Seiler 2010, intensity distribution"
_SEILER_4X8: Final = "Seiler 2013, work duration of intervals"
_PFITZINGER: Final = "Pfitzinger and Douglas, Advanced Marathoning: principle of the session"
_TJELTA: Final = "Tjelta 2019, training of Norwegian distance runners"
_BURGOMASTER: Final = "Gibala 2012, low-volume interval training"
_LYDIARD: Final = "Lydiard, hill circuit: principle of the session"

_TEMPO: Final = "Learns a comfortably hard rhythm"
_THRESHOLD: Final = "Raises the pace you can hold for an hour"
_VO2: Final = "Raises the ceiling: maximal oxygen uptake"
_RACE_SPECIFIC: Final = frozenset({"peak", "specific", "taper", "build"})
_BEGINNERS: Final = frozenset({Experience.BEGINNER})


def _run(
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
        template_id=f"run.{template_id}",
        title=title,
        sport=PlanSport.RUNNING,
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


def _progression(minutes: int) -> tuple[Step, ...]:
    third = minutes // 3
    return (
        steady(minutes - 2 * third, 68, 74, "Start very easily"),
        steady(third, 74, 79, "A little quicker, still talking"),
        steady(third, 82, 87, "Steady to the end, never hard"),
    )


def _hilly(minutes: int) -> tuple[Step, ...]:
    return (ramp(8, 62, 74, "Settle in"), steady(minutes - 8, 70, 80, "Rolling route: easy by effort, not by pace"))


def _drills(minutes: int) -> tuple[Step, ...]:
    drill = repeat(6, steady(0.5, 60, 70, "Drill: skips, high knees, heel flicks"), steady(0.5, 45, 55, "Walk back"))
    return (steady(minutes - 10, 70, 78, "Easy: full sentences possible"), drill, steady(4, 62, 70, "Cool down"))


def _long_blocks(count: int, block_min: int, jog_min: int, minutes: int) -> tuple[Step, ...]:
    core = repeat(count, steady(block_min, 82, 88, "At marathon effort"), steady(jog_min, 68, 74, "Easy"))
    before = minutes - core.total_s // 60
    return (ramp(10, 62, 74, "Settle in"), steady(before - 10, 70, 78, "Long and easy"), core)


def _long_progression(minutes: int) -> tuple[Step, ...]:
    last = max(20, minutes // 4)
    return (
        ramp(10, 62, 74, "Settle in"),
        steady(minutes - 10 - last, 70, 76, "Long and easy"),
        steady(last, 77, 82, "A little quicker to the end, still talking"),
    )


def _long_hills(minutes: int) -> tuple[Step, ...]:
    return (
        ramp(10, 62, 74, "Settle in"),
        steady(minutes - 10, 70, 80, "Long over hills: walk the steep parts, run relaxed downhill"),
    )


def _long_walk(minutes: int) -> tuple[Step, ...]:
    count = max(1, minutes // 10)
    block = repeat(count, steady(9, 68, 76, "Jog so that you can talk"), steady(1, 38, 46, "Walk and drink"))
    left = minutes - 10 * count
    return (block, steady(left, 66, 74, "Jog to the end")) if left else (block,)


EASY_RUNS: Final = (
    _run(
        "progression",
        "Progression run",
        SessionKind.EASY,
        "Starts slowly and ends steady: patience at the beginning",
        _TJELTA,
        (30, 74),
        3.5,
        partial(_progression),
        levels=TRAINED,
    ),
    _run(
        "hilly_easy",
        "Easy run over hills",
        SessionKind.EASY,
        "Base running that strengthens the legs along the way",
        _LYDIARD,
        (30, 74),
        3.5,
        partial(_hilly),
        levels=TRAINED,
    ),
    _run(
        "easy_drills",
        "Easy run with drills",
        SessionKind.EASY,
        "Base running, and a better step",
        _DANIELS,
        (25, 74),
        3,
        partial(_drills),
    ),
    _run(
        "shake_out",
        "Shake-out run",
        SessionKind.RECOVERY,
        "A few minutes to loosen up",
        _SEILER,
        (10, 30),
        2,
        partial(easy, 60.0, 68.0, "As slow as you like"),
    ),
    _run(
        "long_walk_breaks",
        "Long run with walking breaks",
        SessionKind.LONG,
        "More time on the feet than running alone would allow",
        "Galloway, run-walk method: principle of the session",
        (30, 120),
        4.5,
        partial(_long_walk),
        levels=_BEGINNERS,
    ),
    _run(
        "long_progression",
        "Long run, quicker at the end",
        SessionKind.LONG,
        "Endurance, and a calm first half",
        _PFITZINGER,
        (60, 180),
        5.5,
        partial(_long_progression),
        levels=TRAINED,
    ),
    _run(
        "long_hills",
        "Long run over hills",
        SessionKind.LONG,
        "Endurance, and legs that bear climbs and descents",
        _LYDIARD,
        (60, 180),
        5.5,
        partial(_long_hills),
        levels=TRAINED,
    ),
    _run(
        "long_mp_2x15",
        "Long run with 2 x 15 min at marathon effort",
        SessionKind.LONG,
        "Marathon rhythm inside a long run",
        _PFITZINGER,
        (80, 180),
        6,
        partial(_long_blocks, 2, 15, 5),
        levels=TRAINED,
        phases=_RACE_SPECIFIC,
    ),
    _run(
        "long_mp_3x20",
        "Long run with 3 x 20 min at marathon effort",
        SessionKind.LONG,
        "Marathon rhythm inside a long run",
        _PFITZINGER,
        (110, 180),
        6.5,
        partial(_long_blocks, 3, 20, 5),
        levels=ADVANCED_ONLY,
        phases=_RACE_SPECIFIC,
    ),
)

_JOG: Final = "Jog"

INTERVAL_RUNS: Final = (
    intervals(
        "tempo_2x8",
        "Tempo 2 x 8 min",
        SessionKind.TEMPO,
        _TEMPO,
        _DANIELS,
        5,
        blocks(2, 8, 86, 91, 3, "Comfortably hard, even pace"),
    ),
    intervals(
        "tempo_3x10",
        "Tempo 3 x 10 min",
        SessionKind.TEMPO,
        _TEMPO,
        _DANIELS,
        6,
        blocks(3, 10, 86, 91, 2, "Comfortably hard, even pace"),
        TRAINED,
    ),
    intervals(
        "tempo_30",
        "Tempo run 30 min",
        SessionKind.TEMPO,
        "Marathon rhythm under control",
        _PFITZINGER,
        6,
        (steady(30, 85, 90, "Comfortably hard, even pace"),),
        TRAINED,
    ),
    intervals(
        "tempo_2x20",
        "Tempo 2 x 20 min",
        SessionKind.TEMPO,
        "Marathon rhythm under control",
        _PFITZINGER,
        6.5,
        blocks(2, 20, 85, 90, 3, "Steady and controlled"),
        ADVANCED_ONLY,
    ),
    intervals(
        "tempo_steady_40",
        "Steady run 40 min",
        SessionKind.TEMPO,
        "Marathon rhythm under control",
        _TJELTA,
        6,
        (steady(40, 84, 88, "Steady, breathing deep but calm"),),
        ADVANCED_ONLY,
    ),
    intervals(
        "alternations",
        "Alternations 6 x 3 min",
        SessionKind.TEMPO,
        "Learns to recover while still running well",
        "Canova, alternation session: principle",
        6.5,
        (repeat(6, steady(2, 92, 94, "Brisk"), steady(1, 78, 82, "Steady, no jog"), text="Change of rhythm"),),
        TRAINED,
    ),
    intervals(
        "fartlek_ladder",
        "Fartlek 1-2-3-2-1 min",
        SessionKind.SPEED,
        "First contact with speed, by feel",
        "Holmér's fartlek",
        5.5,
        tuple(step for m in (1, 2, 3, 2, 1) for step in (steady(m, 94, 102, "Brisk"), steady(m, 58, 66, _JOG))),
    ),
    intervals(
        "fartlek_12",
        "Fartlek 12 x 1 min",
        SessionKind.SPEED,
        "Speed by feel, without a watch",
        "Holmér's fartlek",
        6.5,
        (repeat(12, steady(1, 100, 106, "Brisk"), steady(1, 58, 66, _JOG), text="Play with the pace"),),
        TRAINED,
    ),
    intervals(
        "strides_10",
        "Strides 10 x 20 s",
        SessionKind.SPEED,
        "Quick, relaxed steps without fatigue",
        _DANIELS,
        5,
        (
            repeat(
                10,
                steady(1 / 3, 108, 118, "Fast and relaxed"),
                steady(5 / 3, 55, 63, "Walk or jog back"),
                text="Strides",
            ),
        ),
    ),
    intervals(
        "threshold_2x8",
        "Threshold 2 x 8 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _DANIELS,
        6,
        blocks(2, 8, 95, 98, 3, "Hard but even"),
    ),
    intervals(
        "threshold_5x5",
        "Threshold 5 x 5 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _TJELTA,
        6.5,
        blocks(5, 5, 95, 99, 1, "Hard but even, short jogs"),
        TRAINED,
    ),
    intervals(
        "threshold_6x5",
        "Threshold 6 x 5 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _TJELTA,
        7,
        blocks(6, 5, 95, 99, 1, "Hard but even, short jogs"),
        ADVANCED_ONLY,
    ),
    intervals(
        "threshold_10x3",
        "Threshold 10 x 3 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _TJELTA,
        7,
        blocks(10, 3, 96, 100, 1, "Controlled: you could do two more"),
        ADVANCED_ONLY,
    ),
    intervals(
        "threshold_8x3",
        "Threshold 8 x 3 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _TJELTA,
        6.5,
        blocks(8, 3, 95, 99, 1, "Controlled: you could do two more"),
        TRAINED,
    ),
    intervals(
        "threshold_2x15",
        "Threshold 2 x 15 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _DANIELS,
        7,
        blocks(2, 15, 94, 98, 3, "Hard but even"),
        TRAINED,
    ),
    intervals(
        "threshold_20",
        "Threshold run 20 min",
        SessionKind.THRESHOLD,
        _THRESHOLD,
        _DANIELS,
        7,
        (steady(20, 95, 98, "Hard but even"),),
        TRAINED,
    ),
    intervals(
        "over_under_4x6",
        "Over and under 4 x 6 min",
        SessionKind.THRESHOLD,
        "Clears what a faster pace leaves behind",
        "Billat 2004, training around the critical velocity",
        7.5,
        (
            repeat(
                4,
                steady(4, 93, 95, "Just below threshold"),
                steady(2, 101, 103, "Just above"),
                steady(2, 58, 66, _JOG),
                text="Over and under",
            ),
        ),
        ADVANCED_ONLY,
    ),
    intervals(
        "vo2_3x3",
        "Intervals 3 x 3 min",
        SessionKind.VO2,
        _VO2,
        _BILLAT,
        6.5,
        blocks(3, 3, 102, 106, 3, "Fast and even"),
    ),
    intervals(
        "vo2_6x2", "Intervals 6 x 2 min", SessionKind.VO2, _VO2, _BILLAT, 7, blocks(6, 2, 104, 109, 2, "Fast and even")
    ),
    intervals(
        "vo2_6x3",
        "Intervals 6 x 3 min",
        SessionKind.VO2,
        _VO2,
        _BILLAT,
        8,
        blocks(6, 3, 103, 107, 2, "Fast and even"),
        TRAINED,
    ),
    intervals(
        "vo2_4x4",
        "Intervals 4 x 4 min",
        SessionKind.VO2,
        _VO2,
        "Helgerud 2007, 4 x 4 min",
        8,
        blocks(4, 4, 102, 106, 3, "Fast and even"),
        TRAINED,
    ),
    intervals(
        "vo2_5x5",
        "Intervals 5 x 5 min",
        SessionKind.VO2,
        _VO2,
        _DANIELS,
        8.5,
        blocks(5, 5, 101, 104, 3, "Fast and even"),
        ADVANCED_ONLY,
    ),
    intervals(
        "vo2_30_30",
        "Intervals 12 x 30/30 s",
        SessionKind.VO2,
        _VO2,
        "Billat 2000, 30/30",
        7,
        (repeat(12, steady(0.5, 106, 112, "Fast"), steady(0.5, 52, 60, _JOG), text="30 s fast, 30 s slow"),),
    ),
    intervals(
        "vo2_60_60",
        "Intervals 10 x 60/60 s",
        SessionKind.VO2,
        _VO2,
        _BILLAT,
        7.5,
        (repeat(10, steady(1, 104, 110, "Fast"), steady(1, 55, 63, _JOG), text="60 s fast, 60 s slow"),),
        TRAINED,
    ),
    intervals(
        "vo2_5x1000s",
        "Intervals 8 x 90 s",
        SessionKind.VO2,
        _VO2,
        _BILLAT,
        7.5,
        blocks(8, 1.5, 105, 110, 1.5, "Fast and even"),
        TRAINED,
    ),
    intervals(
        "hills_6x60",
        "Hill repeats 6 x 60 s",
        SessionKind.SPEED,
        "Strong, springy legs with little impact",
        "Barnes 2013, uphill intervals",
        6.5,
        (repeat(6, steady(1, 102, 108, "Uphill, strong and tall"), steady(2, 45, 55, "Walk or jog down")),),
    ),
    intervals(
        "hills_10x20",
        "Hill sprints 10 x 20 s",
        SessionKind.SPEED,
        "Power of the step, full rest between",
        "Barnes 2013, uphill intervals",
        6,
        (repeat(10, steady(1 / 3, 120, 135, "Uphill, very fast"), steady(5 / 3, 42, 50, "Walk down")),),
        TRAINED,
    ),
    intervals(
        "hills_5x3",
        "Hill repeats 5 x 3 min",
        SessionKind.VO2,
        "The ceiling, with less impact than on the flat",
        "Barnes 2013, uphill intervals",
        8,
        blocks(5, 3, 101, 106, 3, "Uphill, even effort"),
        TRAINED,
    ),
    intervals(
        "speed_10x400s",
        "Fast 10 x 75 s",
        SessionKind.SPEED,
        "Speed for 5 km and shorter",
        _DANIELS,
        8,
        blocks(10, 1.25, 106, 112, 1.5, "Fast, relaxed shoulders"),
        ADVANCED_ONLY,
        _RACE_SPECIFIC,
    ),
    intervals(
        "speed_sprints_6x30",
        "Sprints 6 x 30 s",
        SessionKind.SPEED,
        "Speed with long rests",
        _BURGOMASTER,
        7.5,
        (repeat(6, steady(0.5, 125, 140, "Very fast"), steady(3.5, 45, 55, "Walk and jog")),),
        ADVANCED_ONLY,
    ),
    intervals(
        "test_30",
        "Threshold test 30 min",
        SessionKind.TEST,
        "Measures where you are, so that paces stay right",
        "Friel, 30-minute time trial: heart rate and pace of the last 20 min",
        9,
        (steady(30, 97, 101, "As far as you can, evenly paced"),),
        TRAINED,
    ),
    intervals(
        "test_12",
        "Twelve-minute test",
        SessionKind.TEST,
        "Measures where you are, so that paces stay right",
        "Cooper 1968, 12-minute run",
        8.5,
        (steady(12, 100, 105, "As far as you can, evenly paced"),),
    ),
)

BRICK_RUNS: Final = (
    _run(
        "brick_easy",
        "Run off the bike",
        SessionKind.EASY,
        "Teaches the legs to run after riding; starts within five minutes of the ride",
        "Millet and Vleck 2000, the cycle-to-run transition",
        (8, 40),
        3,
        partial(easy, 68.0, 76.0, "Short, quick steps first; easy"),
    ),
    _run(
        "brick_build",
        "Run off the bike, building",
        SessionKind.EASY,
        "Teaches the legs to run after riding; starts within five minutes of the ride",
        "Millet and Vleck 2000, the cycle-to-run transition",
        (15, 45),
        4,
        partial(_progression),
        levels=TRAINED,
    ),
)
"""Runs that follow a ride on the same day; the planner adds them to a ride, never alone."""
