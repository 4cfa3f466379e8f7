"""Pieces of a leg that FIT keeps in messages of their own: laps, lengths, sets, pauses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from topform.core.activity import Lap, Pause, PoolLength, StrengthSet
from topform.formats.fit.messages import FitMessage
from topform.formats.sports import snake_case

_TIMER_STOPS = frozenset({"stop", "stop_all", "stop_disable", "stop_disable_all"})
MAX_SANE_DURATION_S = 10 * 86_400.0


def duration(message: FitMessage, *names: str) -> float | None:
    """Return a duration in seconds, None when absent or absurd."""
    value = message.number(*names)
    return value if value is not None and 0 <= value <= MAX_SANE_DURATION_S else None


def laps(messages: Sequence[FitMessage], *, start_fit_s: float) -> tuple[Lap, ...]:
    """Return the laps of a leg in order of their start."""
    found = []
    for message in messages:
        elapsed_s = duration(message, "total_elapsed_time", "total_timer_time")
        began = _start(message, elapsed_s)
        if began is None or elapsed_s is None:
            continue
        trigger = message.word("lap_trigger")
        found.append(
            Lap(
                start_s=max(0.0, began - start_fit_s),
                elapsed_s=elapsed_s,
                timer_s=duration(message, "total_timer_time"),
                distance_m=message.number("total_distance"),
                hr_mean_bpm=positive(message, "avg_heart_rate"),
                hr_max_bpm=positive(message, "max_heart_rate"),
                power_mean_w=message.number("avg_power"),
                speed_mean_m_s=message.number("enhanced_avg_speed", "avg_speed"),
                trigger=snake_case(trigger) if trigger else None,
            )
        )
    return tuple(sorted(found, key=lambda lap: lap.start_s))


def lengths(
    messages: Sequence[FitMessage], *, start_fit_s: float, pool_length_m: float | None
) -> tuple[PoolLength, ...]:
    """Return the pool lengths and rests of a leg in order."""
    found = []
    for message in messages:
        elapsed_s = duration(message, "total_elapsed_time", "total_timer_time")
        began = _start(message, elapsed_s)
        if began is None or elapsed_s is None:
            continue
        is_active = message.values.get("length_type") != "idle"
        stroke = message.word("swim_stroke")
        strokes = message.number("total_strokes")
        found.append(
            PoolLength(
                start_s=max(0.0, began - start_fit_s),
                elapsed_s=elapsed_s,
                is_active=is_active,
                stroke=snake_case(stroke) if stroke and is_active else None,
                strokes=int(strokes) if strokes is not None and is_active else None,
                distance_m=pool_length_m if is_active else 0.0,
            )
        )
    return tuple(sorted(found, key=lambda length: length.start_s))


def _start(message: FitMessage, elapsed_s: float | None) -> float | None:
    """Return when a lap or length began; from its end when the start is missing."""
    began = message.number("start_time")
    if began is None and elapsed_s is not None:
        ended = message.number("timestamp")
        began = None if ended is None else ended - elapsed_s
    return began


def strength_sets(
    messages: Sequence[FitMessage], titles: dict[tuple[Any, Any], str], *, start_fit_s: float
) -> tuple[StrengthSet, ...]:
    """Return the strength sets and rests of a leg in file order."""
    found = []
    for message in messages:
        began = message.number("start_time")
        reps = message.number("repetitions")
        is_active = message.values.get("set_type") not in ("rest", 0)
        found.append(
            StrengthSet(
                start_s=None if began is None else max(0.0, began - start_fit_s),
                elapsed_s=duration(message, "duration"),
                is_active=is_active,
                exercise=_exercise(message, titles) if is_active else None,
                reps=int(reps) if reps is not None and is_active else None,
                mass_kg=message.number("weight") if is_active else None,
            )
        )
    return tuple(found)


def exercise_titles(messages: Sequence[FitMessage]) -> dict[tuple[Any, Any], str]:
    """Return the device's own exercise names by category and number."""
    titles: dict[tuple[Any, Any], str] = {}
    for message in messages:
        name = message.word("wkt_step_name")
        if name is not None:
            titles[(message.values.get("exercise_category"), message.values.get("exercise_name"))] = name
    return titles


def _exercise(message: FitMessage, titles: dict[tuple[Any, Any], str]) -> str | None:
    """Return the exercise in snake case: the device's title if it gave one, else the category."""
    category, number = _first(message.values.get("category")), _first(message.values.get("category_subtype"))
    title = titles.get((category, number))
    if title is not None:
        return snake_case(title)
    return snake_case(category) if isinstance(category, str) and category != "unknown" else None


def _first(value: Any) -> Any:
    if isinstance(value, tuple):
        return next((item for item in value if item is not None), None)
    return value


def pauses(events: Sequence[FitMessage], *, start_fit_s: float, end_fit_s: float) -> tuple[Pause, ...]:
    """Return the stretches in which the timer stood still within a leg."""
    found: list[Pause] = []
    stopped_at: float | None = None
    for event in events:
        if event.values.get("event") != "timer" or event.number("timestamp") is None:
            continue
        instant = event.number("timestamp") or 0.0
        if event.values.get("event_type") in _TIMER_STOPS:
            stopped_at = instant if stopped_at is None else stopped_at
        elif event.values.get("event_type") == "start" and stopped_at is not None:
            _add_pause(found, stopped_at, instant, start_fit_s, end_fit_s)
            stopped_at = None
    if stopped_at is not None:
        _add_pause(found, stopped_at, end_fit_s, start_fit_s, end_fit_s)
    return tuple(found)


def _add_pause(found: list[Pause], begin: float, end: float, start_fit_s: float, end_fit_s: float) -> None:
    begin, end = max(begin, start_fit_s), min(end, end_fit_s)
    if end > begin:
        found.append(Pause(start_s=begin - start_fit_s, end_s=end - start_fit_s))


def positive(message: FitMessage, name: str) -> float | None:
    """Return a number that means nothing at zero (a mean heart rate), None when it is not above zero."""
    value = message.number(name)
    return value if value is not None and value > 0 else None
