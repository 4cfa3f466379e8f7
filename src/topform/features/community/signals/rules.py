"""What is unusual about an effort that others see, in numbers a person can check. Pure.

A signal is a question to a moderator, never a verdict: it changes no score and hides nothing. Each rule asks for more
than ordinary training, devices and mistakes give, and says what it found beside what it compared with.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import fmean, pstdev
from typing import Final, Literal, get_args

from topform.science.copied_track import Copied

Code = Literal[
    "repeats_another",
    "repeats_own",
    "route_of_another",
    "reps_beyond_record",
    "reps_too_even",
    "speed_beyond_record",
    "climb_beyond_record",
    "clock_ahead",
    "second_version",
    "sudden_jump",
    "speed_jump",
]
CODES: Final[tuple[str, ...]] = get_args(Code)

Number = float | int


@dataclass(frozen=True, slots=True)
class Signal:
    """Something unusual: how strong it is from 0 to 1, for the order in which moderators look, and its numbers."""

    code: Code
    strength: float
    facts: Mapping[str, Number] = field(default_factory=dict)


# ---- repetitions ----

MOST_IN_A_MINUTE: Final = 150
"""About the most push-ups anybody has been recorded doing in a minute; the board counts nothing faster either."""
MINUTE_S: Final = 60.0
EVEN_FROM_REPS: Final = 12
EVEN_BELOW: Final = 0.01
"""Coefficient of variation. Trained musicians who tap in time with a click still vary by about 2 % of the interval
(Repp 2005, Psychonomic Bulletin & Review 12, 969-992); push-ups vary by many times that."""

ALIKE_FROM_REPS: Final = 6
ALIKE_WITHIN_S: Final = 0.07
"""Two frames of a camera at 30 a second: as far as two analyses of the same film, or of a film of a screen, differ."""
ALIKE_WITHIN_DEG: Final = 6.0

RepTimes = tuple[float, float]
"""Start and end of a repetition. [s]"""


def of_repetitions(reps: Sequence[RepTimes]) -> list[Signal]:
    """Return what is unusual about the times of a set.

    Examples
    --------
    >>> [one.code for one in of_repetitions([(k * 1.5, k * 1.5 + 1.4) for k in range(12)])]
    ['reps_too_even']
    >>> of_repetitions([(k * 1.5 + 0.1 * (k % 3), k * 1.5 + 1.4) for k in range(12)])
    []
    """
    starts = sorted(start for start, _ in reps)
    found = []
    most = max((bisect_left(starts, one + MINUTE_S) - place for place, one in enumerate(starts)), default=0)
    if most > MOST_IN_A_MINUTE:
        found.append(Signal("reps_beyond_record", 0.9, {"reps": most, "record": MOST_IN_A_MINUTE}))
    steps = [after - before for before, after in pairwise(starts)]
    if len(starts) >= EVEN_FROM_REPS and fmean(steps) > 0:
        variation = pstdev(steps) / fmean(steps)
        if variation < EVEN_BELOW:
            facts = {"reps": len(starts), "variation_pct": round(100 * variation, 2), "least_pct": 100 * EVEN_BELOW}
            found.append(Signal("reps_too_even", 0.7, facts))
    return found


@dataclass(frozen=True, slots=True)
class Movement:
    """A set as two recordings of the same movement would show it: times, and angles where they were seen."""

    reps: Sequence[RepTimes]
    angles_deg: Sequence[tuple[float | None, float | None]] = ()
    """Smallest and largest elbow angle of each repetition."""

    @property
    def span_s(self) -> float:
        """From the start of the first repetition to the end of the last."""
        return self.reps[-1][1] - self.reps[0][0] if self.reps else 0.0


def same_movement(one: Movement, other: Movement) -> dict[str, Number] | None:
    """Return how near two sets are when they show the same movement, else None.

    Times are compared from the first start on, so that it does not matter when a recording began. By chance alone, two
    people's repetitions of 1.5 s that vary by a tenth agree in one start and one end with a probability of about 0.06.
    """
    if len(one.reps) != len(other.reps) or len(one.reps) < ALIKE_FROM_REPS:
        return None
    here, there = one.reps[0][0], other.reps[0][0]
    apart_s = max(
        max(abs((a[0] - here) - (b[0] - there)), abs((a[1] - here) - (b[1] - there)))
        for a, b in zip(one.reps, other.reps, strict=True)
    )
    if apart_s > ALIKE_WITHIN_S:
        return None
    apart_deg = [
        abs(a - b)
        for mine, theirs in zip(one.angles_deg, other.angles_deg, strict=False)
        for a, b in zip(mine, theirs, strict=True)
        if a is not None and b is not None
    ]
    if apart_deg and max(apart_deg) > ALIKE_WITHIN_DEG:
        return None
    facts: dict[str, Number] = {"reps": len(one.reps), "apart_s": round(apart_s, 3)}
    return facts | ({"apart_deg": round(max(apart_deg), 1)} if apart_deg else {})


# ---- activities ----

RECORD_MARGIN: Final = 1.1
"""What a device may measure too much. Distances of watches are a few percent off."""

RECORDS_M_S: Final[Mapping[str, Sequence[tuple[float, float]]]] = {
    # World records of men, over the time that they took: 400 m, 1500 m, 5000 m, 10,000 m, half marathon, marathon.
    "running": ((43.03, 9.30), (206.0, 7.28), (755.4, 6.62), (1571.0, 6.37), (3402.0, 6.20), (7235.0, 5.83)),
    # Race walking over 5, 20 and 50 km.
    "walking": ((1085.0, 4.61), (4596.0, 4.35), (12_000.0, 3.93)),
    "hiking": ((1085.0, 4.61), (4596.0, 4.35), (12_000.0, 3.93)),
    # 100, 400 and 1500 m freestyle.
    "swimming": ((46.4, 2.16), (220.0, 1.82), (870.7, 1.72)),
    # 2000 m in an eight.
    "rowing": ((318.7, 6.28),),
    # Downhill and in a bunch nobody is timed for records: 110 km/h over a minute, 90 over five, 72 over twenty; over an
    # hour the record on the track, 56.8 km/h.
    "cycling": ((60.0, 30.6), (300.0, 25.0), (1200.0, 20.0), (3600.0, 15.78)),
}
SPEED_FROM_S: Final = 60.0
"""Over shorter times single wrong positions make speeds."""

CLIMB_RECORD_M_S: Final = 0.577
"""1000 m of ascent in 28:53 min, the fastest vertical kilometre on foot; nobody climbs faster on a bicycle."""
CLIMB_FROM_S: Final = 1200.0
CLIMBING: Final = frozenset({"running", "walking", "hiking", "cycling"})

CLOCK_SLACK: Final = timedelta(minutes=15)
VERSION_SLACK: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Recording:
    """What of an activity decides whether it is plausible."""

    sport: str
    started_at: datetime
    elapsed_s: float
    arrived_at: datetime
    moving_s: float
    distance_m: float | None
    ascent_m: float | None
    best_speed_m_s: Mapping[int, float] = field(default_factory=dict)
    """Best mean speed over some durations in seconds."""
    version_after: timedelta | None = None
    """How long after the first file another one of the same device and format was handed in; None: none was."""


def fastest_m_s(sport: str, over_s: float) -> float | None:
    """Return the fastest that people have been over a time, where it is known; a line in log time between two.

    Examples
    --------
    >>> round(fastest_m_s("running", 1571.0), 2), round(fastest_m_s("running", 20_000), 2)
    (6.37, 5.83)
    """
    known = RECORDS_M_S.get(sport)
    if known is None:
        return None
    if over_s <= known[0][0]:
        return known[0][1]
    for (t0, v0), (t1, v1) in pairwise(known):
        if over_s <= t1:
            share = math.log(over_s / t0) / math.log(t1 / t0)
            return v0 + share * (v1 - v0)
    return known[-1][1]


def of_speed(sport: str, distance_m: float, over_s: float) -> Signal | None:
    """Return the signal that a distance was covered faster than anybody could.

    Examples
    --------
    >>> of_speed("running", 10_000, 1600) is None, of_speed("running", 10_000, 900).code
    (True, 'speed_beyond_record')
    """
    record = fastest_m_s(sport, over_s)
    if record is None or over_s < SPEED_FROM_S:
        return None
    speed = distance_m / over_s
    if speed <= record * RECORD_MARGIN:
        return None
    facts = {"speed_m_s": round(speed, 2), "record_m_s": round(record, 2), "over_s": round(over_s)}
    return Signal("speed_beyond_record", _beyond(speed / record, RECORD_MARGIN), facts)


def of_recording(recorded: Recording) -> list[Signal]:
    """Return what is unusual about an activity by itself."""
    found = [_fastest(recorded), _climbs(recorded)]
    ahead = recorded.started_at + timedelta(seconds=recorded.elapsed_s) - recorded.arrived_at
    if ahead > CLOCK_SLACK:
        found.append(Signal("clock_ahead", 0.5, {"ahead_s": round(ahead.total_seconds())}))
    if recorded.version_after is not None and recorded.version_after > VERSION_SLACK:
        found.append(Signal("second_version", 0.4, {"after_s": round(recorded.version_after.total_seconds())}))
    return [one for one in found if one is not None]


def _fastest(recorded: Recording) -> Signal | None:
    """Return the strongest of the signals about speed, over the whole activity and its fastest parts."""
    parts = [(over_s * speed, float(over_s)) for over_s, speed in recorded.best_speed_m_s.items()]
    if recorded.distance_m is not None and recorded.moving_s > 0:
        parts.append((recorded.distance_m, recorded.moving_s))
    found = [one for one in (of_speed(recorded.sport, *part) for part in parts) if one is not None]
    return max(found, key=lambda one: (one.strength, one.facts["over_s"]), default=None)


def _climbs(recorded: Recording) -> Signal | None:
    if recorded.sport not in CLIMBING or recorded.ascent_m is None or recorded.moving_s < CLIMB_FROM_S:
        return None
    speed = recorded.ascent_m / recorded.moving_s
    if speed <= CLIMB_RECORD_M_S * RECORD_MARGIN:
        return None
    facts = {
        "climb_m_h": round(3600 * speed),
        "record_m_h": round(3600 * CLIMB_RECORD_M_S),
        "over_s": round(recorded.moving_s),
    }
    return Signal("climb_beyond_record", _beyond(speed / CLIMB_RECORD_M_S, RECORD_MARGIN), facts)


def of_copy(copied: Copied, *, apart_s: float) -> Signal:
    """Return the signal that a route was recorded by somebody else, with how far apart the two began. [s]

    Examples
    --------
    >>> of_copy(Copied(samples=1800, same_frac=0.9983, apart_m=0.412), apart_s=86400.0).facts
    {'samples': 1800, 'same_pct': 99.8, 'apart_m': 0.41, 'apart_s': 86400}
    """
    facts = {
        "samples": copied.samples,
        "same_pct": round(100 * copied.same_frac, 1),
        "apart_m": round(copied.apart_m, 2),
        "apart_s": round(apart_s),
    }
    return Signal("route_of_another", 0.9, facts)


def _beyond(ratio: float, margin: float) -> float:
    """Return 0.6 just beyond the margin, and 1 from half as much again on."""
    return round(min(1.0, 0.6 + 0.4 * (ratio - margin) / 0.5), 2)


# ---- one's own history ----

JUMP_FROM_EFFORTS: Final = 10
JUMP_FACTOR: Final = 2.5
"""First marathons follow longest runs of 30 km, first 100 km rides of 50: up to twice as much is a plan."""
LEAST_JUMP: Final[Mapping[str, float]] = {
    "push_ups": 20.0, "distance": 10_000.0, "time": 3600.0, "ascent": 500.0, "speed": 0.0,
}  # fmt: skip
SPEED_JUMP_FACTOR: Final = 1.5
"""Of the best mean speed over at least half as long: more than a change of bicycle, shoes or ground brings."""


def of_jump(measure: str, amount: float, earlier: Sequence[float]) -> Signal | None:
    """Return the signal that an effort is far above all earlier ones of the year before it.

    Examples
    --------
    >>> of_jump("push_ups", 45, [18, 20, 20, 22, 21, 20, 23, 24, 22, 25]) is None
    True
    >>> of_jump("push_ups", 80, [18, 20, 20, 22, 21, 20, 23, 24, 22, 25]).facts["earlier_best"]
    25
    """
    if len(earlier) < JUMP_FROM_EFFORTS:
        return None
    best, is_speed = max(earlier), measure == "speed"
    factor = SPEED_JUMP_FACTOR if is_speed else JUMP_FACTOR
    if best <= 0 or amount <= factor * best or amount - best < LEAST_JUMP[measure]:
        return None
    facts = {"amount": round(amount, 2), "earlier_best": round(best, 2), "efforts": len(earlier)}
    code: Code = "speed_jump" if is_speed else "sudden_jump"
    return Signal(code, round(min(0.6, 0.3 + 0.1 * (amount / best - factor)), 2), facts)
