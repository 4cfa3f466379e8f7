"""Recordings made from a recording: the same session from a second device or platform, and sessions that look alike.

Every function takes and returns legs. Pauses, clock errors, sampling, rounding and sensor errors are those that devices
and platforms are known for; the sizes are written at their place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter1d

from topform.core.activity import Channel, Leg, Pause, Sport, Streams
from topform.core.arrays import FloatArray

Rng = np.random.Generator
M_PER_DEGREE = 111_195.0
POSITION = (Channel.LATITUDE_DEG, Channel.LONGITUDE_DEG)


def with_streams(leg: Leg, t_s: FloatArray, channels: dict[Channel, FloatArray], **changes: object) -> Leg:
    """Return the leg with other streams that start at zero, its length following from them."""
    shift_s = float(t_s[0]) if t_s.size else 0.0
    t_s = t_s - shift_s
    elapsed_s = float(t_s[-1]) if t_s.size else 0.0
    fields: dict[str, Any] = {
        "started_at": leg.started_at + timedelta(seconds=shift_s),
        "elapsed_s": elapsed_s,
        "timer_s": elapsed_s,
        "laps": (),
        "lengths": (),
        "sets": (),
        "pauses": (),
        "rr": None,
        "distance_m": _span(channels.get(Channel.DISTANCE_M)),
        **changes,
    }
    present = {name: values for name, values in channels.items() if np.isfinite(values).any()}
    return replace(leg, streams=Streams(t_s, present), **fields)


def _span(distance_m: FloatArray | None) -> float | None:
    if distance_m is None:
        return None
    known = distance_m[np.isfinite(distance_m)]
    return float(known[-1] - known[0]) if known.size > 1 else None


def channels_of(leg: Leg) -> dict[Channel, FloatArray]:
    """Return the streams' channels as a dictionary to change."""
    return {name: values.copy() for name, values in leg.streams.channels.items()}


def wander(rng: Rng, t_s: FloatArray, *, sd: float, over_s: float) -> FloatArray:
    """Return a slow random error with the standard deviation, correlated over the time."""
    if t_s.size == 0:
        return t_s
    step_s = max(over_s / 8, 0.5)
    grid = np.arange(0.0, t_s[-1] + 2 * step_s, step_s)
    line = gaussian_filter1d(rng.normal(size=grid.size + 64), 8 / 2)[32 : 32 + grid.size]
    line = line / max(float(np.std(line)), 1e-9) * sd if grid.size > 8 else line * sd
    error: FloatArray = np.interp(t_s, grid, line)
    return error


# ---- the same session ----------------------------------------------------------------------------------------------


def second_device(leg: Leg, rng: Rng) -> Leg:
    """Another watch or computer on the same body: own sensors, own errors."""
    t_s, channels = leg.streams.t_s, channels_of(leg)
    noise = rng.normal
    for name, values in channels.items():
        if name is Channel.HR_BPM:
            lag_s = rng.uniform(0, 5)
            late = np.interp(t_s - lag_s, t_s, values) if np.isfinite(values).all() else values
            channels[name] = np.round(late + wander(rng, t_s, sd=1.2, over_s=20) + noise(0, 0.7, t_s.size))
        elif name is Channel.POWER_W:
            factor = rng.uniform(0.97, 1.03)
            channels[name] = np.maximum(np.round(values * factor + noise(0, 0.05, t_s.size) * values), 0)
        elif name is Channel.SPEED_M_S:
            channels[name] = np.maximum(values * rng.uniform(0.985, 1.015) + noise(0, 0.12, t_s.size), 0)
        elif name is Channel.ALTITUDE_M:
            channels[name] = values + rng.uniform(-25, 25) + wander(rng, t_s, sd=1.5, over_s=400)
        elif name in (Channel.CADENCE_RPM, Channel.CADENCE_SPM):
            channels[name] = np.round(values + noise(0, 1, t_s.size))
        elif name is Channel.DISTANCE_M:
            channels[name] = values * rng.uniform(0.985, 1.015)
    if all(name in channels for name in POSITION):
        north, east = (wander(rng, t_s, sd=4.0, over_s=60) for _ in POSITION)
        channels[Channel.LATITUDE_DEG] = channels[Channel.LATITUDE_DEG] + north / M_PER_DEGREE
        channels[Channel.LONGITUDE_DEG] = channels[Channel.LONGITUDE_DEG] + east / M_PER_DEGREE / np.maximum(
            np.cos(np.radians(channels[Channel.LATITUDE_DEG])), 0.05
        )
    return with_streams(leg, t_s, channels, pauses=leg.pauses, timer_s=leg.timer_s, elapsed_s=leg.elapsed_s)


def clock_offset(leg: Leg, rng: Rng) -> Leg:
    """A second device whose clock was set by hand: up to 170 s wrong."""
    moved = second_device(leg, rng)
    return replace(moved, started_at=moved.started_at + timedelta(seconds=rng.uniform(-170, 170)))


def other_sampling(leg: Leg, rng: Rng) -> Leg:
    """Smart recording (1 to 8 s apart), or every 5 or 10 s."""
    t_s, channels = leg.streams.t_s, channels_of(leg)
    kind = rng.integers(3)
    steps = rng.integers(1, 9, size=t_s.size) if kind == 0 else np.full(t_s.size, 5 if kind == 1 else 10)
    wanted = np.cumsum(steps).astype(np.float64)
    kept = np.unique(np.clip(np.searchsorted(t_s, wanted[wanted < t_s[-1]]), 0, t_s.size - 1))
    kept = np.unique(np.concatenate([[0], kept, [t_s.size - 1]]))
    return with_streams(leg, t_s[kept], {name: values[kept] for name, values in channels.items()}, pauses=leg.pauses)


def trimmed(leg: Leg, rng: Rng) -> Leg:
    """Started late and stopped early, by up to 15 min and a third of the session in all."""
    limit = min(900.0, leg.streams.t_s[-1] / 6)
    return cut(leg, rng.uniform(0, limit), float(leg.streams.t_s[-1]) - rng.uniform(0, limit))


def cut(leg: Leg, begin_s: float, end_s: float) -> Leg:
    """Return the part between the two times."""
    t_s = leg.streams.t_s
    kept = (t_s >= begin_s) & (t_s <= end_s)
    pauses = tuple(
        Pause(max(pause.start_s - begin_s, 0.0), pause.end_s - begin_s)
        for pause in leg.pauses
        if pause.end_s > begin_s and pause.start_s < end_s
    )
    return with_streams(leg, t_s[kept], {n: v[kept] for n, v in leg.streams.channels.items()}, pauses=pauses)


def platform_copy(leg: Leg, rng: Rng) -> Leg:
    """What a platform hands out again: rounded values, no power meter or foot pod, no pauses, perhaps a vague sport."""
    decimals = {Channel.LATITUDE_DEG: 5, Channel.LONGITUDE_DEG: 5, Channel.SPEED_M_S: 1, Channel.DISTANCE_M: -1}
    kept = {*decimals, Channel.HR_BPM, Channel.ALTITUDE_M} | ({Channel.POWER_W} if rng.random() < 0.5 else set())
    channels = {n: np.round(v, decimals.get(n, 0)) for n, v in channels_of(leg).items() if n in kept}
    if not channels:
        channels = {name: np.round(values) for name, values in channels_of(leg).items()}
    sport = Sport.OTHER if rng.random() < 0.2 else leg.sport
    return with_streams(leg, leg.streams.t_s, channels, sport=sport, sub_sport=None)


def zone_error(leg: Leg, rng: Rng) -> Leg:
    """A platform that takes local time for UTC, or knows no summer time: whole hours, some half hours."""
    hours = rng.choice([-10, -8, -7, -5, -4, -2, -1, 1, 2, 3, 5.5, 8, 9.5, 10, 12])
    copy = platform_copy(leg, rng) if rng.random() < 0.5 else second_device(leg, rng)
    return replace(copy, started_at=copy.started_at + timedelta(hours=float(hours)))


def with_pauses(leg: Leg, rng: Rng) -> Leg:
    """The session with one to four stops of 1 to 20 min in which the device recorded nothing."""
    t_s, channels = leg.streams.t_s.copy(), channels_of(leg)
    at = np.sort(rng.uniform(0.1, 0.9, size=rng.integers(1, 5))) * t_s[-1]
    pauses: list[Pause] = []
    for moment in at:
        length_s = float(np.round(rng.uniform(60, 1200)))
        place = min(int(np.searchsorted(t_s, moment)), t_s.size - 1)
        start = float(t_s[place - 1]) if place else 0.0
        t_s[place:] += length_s
        pauses = [*pauses, Pause(start, start + length_s)]
        at[at > moment] += length_s
    return with_streams(leg, t_s, channels, pauses=tuple(pauses))


def lost_pauses(leg: Leg, rng: Rng) -> Leg:
    """A platform that writes the timer's time as time: every pause is gone, what follows is early."""
    t_s = leg.streams.t_s
    early = np.zeros(t_s.size)
    inside = np.zeros(t_s.size, dtype=bool)
    for pause in leg.pauses:
        early += np.where(t_s >= pause.end_s, pause.end_s - pause.start_s - 1.0, 0.0)
        inside |= (t_s > pause.start_s) & (t_s < pause.end_s)
    moved = (t_s - early)[~inside]
    kept = np.concatenate([[True], np.diff(moved) > 0])
    channels = {name: values[~inside][kept] for name, values in leg.streams.channels.items()}
    return platform_copy(with_streams(leg, moved[kept], channels), rng)


def few_channels(leg: Leg, rng: Rng) -> Leg:
    """A device that measures one thing: a strap, a phone with GPS, a trainer; started and stopped by hand."""
    kinds = [
        {Channel.HR_BPM},
        {*POSITION, Channel.ALTITUDE_M, Channel.SPEED_M_S},
        {Channel.POWER_W, Channel.CADENCE_RPM},
    ]
    usable = [kind for kind in kinds if kind & set(leg.streams.channels)]
    if not usable:
        return second_device(leg, rng)
    chosen = usable[rng.integers(len(usable))]
    device = separately_started(leg, rng)
    channels = {name: values for name, values in channels_of(device).items() if name in chosen}
    return with_streams(device, device.streams.t_s, channels)


def separately_started(leg: Leg, rng: Rng) -> Leg:
    """A second device, started and stopped by hand up to 90 s apart."""
    last = float(leg.streams.t_s[-1])
    return cut(second_device(leg, rng), rng.uniform(0, 90), last - rng.uniform(0, 60))


def everything(leg: Leg, rng: Rng) -> Leg:
    """A second device, trimmed, sampled otherwise, rounded by a platform, its clock wrong, sometimes by hours."""
    copy = platform_copy(other_sampling(trimmed(second_device(leg, rng), rng), rng), rng)
    wrong_s = rng.uniform(-120, 120) + (3600 * rng.integers(-8, 9) if rng.random() < 0.2 else 0)
    return replace(copy, started_at=copy.started_at + timedelta(seconds=float(wrong_s)))


# ---- another session -----------------------------------------------------------------------------------------------


def another_go(leg: Leg, rng: Rng) -> Leg:
    """The same loop or the same intervals once more: pace, pulse, power differ in detail, the outline is the same."""
    t_s = leg.streams.t_s
    pace = 1.0 + wander(rng, t_s, sd=0.05, over_s=240) + rng.uniform(-0.04, 0.04)
    own = np.concatenate([[0.0], np.cumsum(np.diff(t_s) * np.clip(pace[1:], 0.6, 1.6))]) if t_s.size else t_s
    channels = channels_of(leg)
    for name, values in channels.items():
        if name is Channel.HR_BPM:
            day = rng.uniform(-7, 7)
            channels[name] = np.round(values + day + wander(rng, t_s, sd=3.5, over_s=50))
        elif name is Channel.POWER_W:
            spread = 1 + wander(rng, t_s, sd=0.12, over_s=12) + rng.uniform(-0.05, 0.05)
            channels[name] = np.maximum(np.round(values * spread + rng.normal(0, 8, t_s.size)), 0)
        elif name is Channel.SPEED_M_S:
            channels[name] = np.maximum(values / pace + wander(rng, t_s, sd=0.25, over_s=15), 0)
        elif name in (Channel.CADENCE_RPM, Channel.CADENCE_SPM):
            channels[name] = np.round(values + wander(rng, t_s, sd=3, over_s=20))
    return with_streams(leg, own, channels)


def partner(leg: Leg, rng: Rng, other: Leg) -> Leg:
    """Someone who trains along: the same way at the same time a few metres off, another heart and other legs."""
    beside = second_device(leg, rng)
    t_s, channels = beside.streams.t_s, channels_of(beside)
    for name in (Channel.HR_BPM, Channel.POWER_W, Channel.CADENCE_RPM, Channel.CADENCE_SPM):
        if name in channels:
            theirs = other.streams.get(name)
            known = np.isfinite(theirs) if theirs is not None else np.zeros(0, dtype=bool)
            if theirs is None or known.sum() < 60:
                del channels[name]
            else:
                wrapped = np.mod(t_s, other.streams.t_s[known][-1])
                channels[name] = np.interp(wrapped, other.streams.t_s[known], theirs[known])
    return with_streams(beside, t_s, channels)


# ---- made sessions ---------------------------------------------------------------------------------------------------


def made_session(rng: Rng, sport: Sport, *, is_indoor: bool, has_power: bool, is_interval: bool) -> Leg:
    """A session from nothing: a plan of efforts, a heart that follows them, a winding way."""
    seconds = int(rng.uniform(1500, 6000))
    t_s = np.arange(0.0, seconds + 1.0)
    effort = 0.65 + wander(rng, t_s, sd=0.06, over_s=300)
    if is_interval:
        work, rest, warm_up = int(rng.uniform(60, 360)), int(rng.uniform(45, 200)), int(rng.uniform(480, 900))
        phase = np.mod(t_s - warm_up, work + rest)
        effort = effort + np.where((t_s > warm_up) & (t_s < seconds - 400) & (phase < work), 0.35, -0.05)
    effort = np.clip(effort + wander(rng, t_s, sd=0.05, over_s=15), 0.2, 1.3)
    beat = np.zeros_like(effort)
    beat[0] = 0.4
    for second in range(1, beat.size):
        beat[second] = beat[second - 1] + (effort[second] - beat[second - 1]) / 35.0
    hr = np.round(60 + 115 * beat + 6 * t_s / 3600 + wander(rng, t_s, sd=1.5, over_s=40))
    is_ride = sport is Sport.CYCLING
    speed = np.maximum((9.0 if is_ride else 3.6) * effort**0.6 + wander(rng, t_s, sd=0.2, over_s=25), 0.3)
    distance = np.cumsum(speed)
    channels: dict[Channel, FloatArray] = {Channel.HR_BPM: hr}
    if has_power:
        power = 255 * effort + rng.normal(0, 14, t_s.size)
        channels[Channel.POWER_W] = np.maximum(power, 0.0).round()
        channels[Channel.CADENCE_RPM] = np.round(88 + wander(rng, t_s, sd=4, over_s=60))
    if not is_indoor:
        heading = np.cumsum(wander(rng, t_s, sd=0.02, over_s=40)) + rng.uniform(0, 6.28)
        latitude = 47.0 + rng.uniform(0, 0.5) + np.cumsum(speed * np.cos(heading)) / M_PER_DEGREE
        channels |= {
            Channel.LATITUDE_DEG: latitude,
            Channel.LONGITUDE_DEG: 8.0
            + rng.uniform(0, 0.5)
            + np.cumsum(speed * np.sin(heading)) / (M_PER_DEGREE * np.cos(np.radians(latitude))),
            Channel.ALTITUDE_M: np.round(
                500
                + np.interp(
                    distance, np.linspace(0, distance[-1], 40), wander(rng, np.arange(40.0) * 10, sd=40, over_s=60)
                ),
                1,
            ),
            Channel.SPEED_M_S: speed,
            Channel.DISTANCE_M: distance,
        }
    return Leg(
        sport=sport,
        started_at=datetime(2026, 3, 1, 7, tzinfo=UTC) + timedelta(seconds=int(rng.integers(0, 86_400 * 200))),
        elapsed_s=float(t_s[-1]),
        timer_s=float(t_s[-1]),
        distance_m=None if is_indoor else float(distance[-1]),
        streams=Streams(t_s, channels),
    )


SAME: dict[str, Callable[[Leg, Rng], Leg]] = {
    "second device": separately_started,
    "clock off by up to 170 s": clock_offset,
    "other sampling": other_sampling,
    "trimmed start and end": trimmed,
    "rounded by a platform": platform_copy,
    "wrong time zone": zone_error,
    "lost pauses": lost_pauses,
    "one sensor only": few_channels,
    "all of these": everything,
}
