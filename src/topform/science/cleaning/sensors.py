"""Faults of sensors: values no body produces, sensors that stick, sensors that fall silent."""

from __future__ import annotations

import itertools

import numpy as np

from topform.core.activity import Channel, Sport
from topform.core.arrays import BoolArray, FloatArray
from topform.science import motion, quality
from topform.science.cleaning.report import Bench, runs

LIMITS: dict[Channel, tuple[float, float]] = {
    Channel.HR_BPM: (quality.MIN_HR_BPM, quality.MAX_HR_BPM),
    Channel.POWER_W: (0.0, quality.MAX_POWER_W),
    Channel.CADENCE_RPM: (0.0, 250.0),
    Channel.CADENCE_SPM: (0.0, 320.0),
    Channel.ALTITUDE_M: (-500.0, 9000.0),
    Channel.TEMPERATURE_C: (-60.0, 80.0),
    Channel.CORE_TEMPERATURE_C: (30.0, 43.0),
    Channel.RESPIRATION_RPM: (2.0, 90.0),
    Channel.LEFT_BALANCE_FRAC: (0.0, 1.0),
}
"""Values outside are no observations. The highest cadences are those of track sprints, the altitude spans the shore
of the Dead Sea and Mount Everest."""

MAX_CLIMB_M_S = 40.0
"""Faster vertical movement that is taken back at once is an artefact: a skydiver falls at 55 m/s, but stays down."""

SPIKE_WITHIN_S = 10.0
SPIKE_M = 30.0

STUCK_HR_S = 900.0
"""A beating heart does not keep one whole number for a quarter of an hour while the effort changes."""

STUCK_POWER_S = 30.0
EFFORT_VARIES_FRAC = 0.1
SILENT_S = 30.0


def remove_impossible(bench: Bench, sport: Sport) -> None:
    """Take out values outside what bodies and places allow."""
    limits = {**LIMITS, Channel.SPEED_M_S: (0.0, motion.max_speed_m_s(sport))}
    for channel, (low, high) in limits.items():
        values = bench.get(channel)
        if values is not None:
            outside = (values < low) | (values > high)
            bench.remove(channel, outside, f"{_name(channel)}_impossible", f"outside {low:g} to {high:g}")


def remove_spikes(bench: Bench) -> None:
    """Take out single values that jump away and back."""
    hr_bpm = bench.get(Channel.HR_BPM)
    if hr_bpm is not None:
        kept = quality.plausible_heart_rate(bench.t_s, hr_bpm)
        change = f"changes by more than {quality.MAX_HR_CHANGE_BPM_S:g} bpm a second"
        bench.remove(Channel.HR_BPM, np.isnan(kept), "hr_spike", change)
    power_w = bench.get(Channel.POWER_W)
    if power_w is not None:
        kept = _without_power_spikes(power_w)
        peak = f"more than {quality.MAX_OVER_BEST_5S:g} times the best five samples"
        bench.remove(Channel.POWER_W, np.isnan(kept), "power_spike", peak)
    altitude_m = bench.get(Channel.ALTITUDE_M)
    if altitude_m is not None:
        away = f"leaves and returns by more than {SPIKE_M:g} m within {SPIKE_WITHIN_S:g} s"
        bench.remove(Channel.ALTITUDE_M, _altitude_spikes(bench.t_s, altitude_m), "altitude_spike", away)


def _without_power_spikes(power_w: FloatArray) -> FloatArray:
    """Repeat the rule until nothing changes: a spike lifts the very best that it is measured against."""
    kept = quality.plausible_power(power_w)
    while (again := quality.plausible_power(kept))[np.isfinite(kept)].size != np.isfinite(again).sum():
        kept = again
    return kept


def _altitude_spikes(t_s: FloatArray, altitude_m: FloatArray) -> BoolArray:
    """Say which altitudes lie between a jump and its reversal shortly after."""
    wrong = np.zeros(altitude_m.size, dtype=np.bool_)
    known = np.flatnonzero(np.isfinite(altitude_m))
    if known.size < 3:
        return wrong
    height, instants = altitude_m[known], t_s[known]
    steps = np.diff(height)
    jumps = np.flatnonzero((np.abs(steps) > SPIKE_M) & (np.abs(steps) > MAX_CLIMB_M_S * np.diff(instants)))
    for first, second in itertools.pairwise(jumps):
        returns = steps[first] * steps[second] < 0 and abs(height[second + 1] - height[first]) < SPIKE_M
        if returns and instants[second + 1] - instants[first] <= SPIKE_WITHIN_S:
            wrong[known[first + 1 : second + 1]] = True
    return wrong


def remove_stuck(bench: Bench) -> None:
    """Take out values that a sensor repeated after it had lost touch."""
    power_w, cadence = bench.get(Channel.POWER_W), bench.get(Channel.CADENCE_RPM)
    if power_w is not None and cadence is not None:
        held = (power_w > 0) & (cadence == 0)
        stuck = _constant(bench.t_s, np.where(held, power_w, np.nan), longer_than_s=STUCK_POWER_S)
        still = f"one value for more than {STUCK_POWER_S:g} s while the pedals stand still"
        bench.remove(Channel.POWER_W, stuck, "power_stuck", still)
    hr_bpm = bench.get(Channel.HR_BPM)
    if hr_bpm is not None:
        stuck = _constant(bench.t_s, hr_bpm, longer_than_s=STUCK_HR_S)
        changes = np.zeros(stuck.size, dtype=np.bool_)
        for begin, end in runs(stuck):
            changes[begin:end] = _effort_changes(bench, begin, end)
        held_for = f"one value for more than {STUCK_HR_S / 60:g} min while the effort changes"
        bench.remove(Channel.HR_BPM, stuck & changes, "hr_stuck", held_for)


def _constant(t_s: FloatArray, values: FloatArray, *, longer_than_s: float) -> BoolArray:
    """Say which values belong to a stretch of one repeated value that lasts longer; the first of it is sound."""
    repeats = np.zeros(values.size, dtype=np.bool_)
    repeats[1:] = values[1:] == values[:-1]
    for begin, end in runs(repeats):
        if t_s[end - 1] - t_s[begin - 1] <= longer_than_s:
            repeats[begin:end] = False
    return repeats


def _effort_changes(bench: Bench, begin: int, end: int) -> bool:
    """Say whether power or speed, averaged over fifths of the stretch, differ by more than a tenth."""
    for channel in (Channel.POWER_W, Channel.SPEED_M_S):
        values = bench.get(channel)
        if values is None or not np.isfinite(values[begin:end]).any():
            continue
        fifths = [part[np.isfinite(part)] for part in np.array_split(values[begin:end], 5)]
        means = np.array([part.mean() for part in fifths if part.size])
        if means.size > 1 and means.max() - means.min() > EFFORT_VARIES_FRAC * max(float(means.mean()), 1e-9):
            return True
    return False


def report_silence(bench: Bench) -> None:
    """Note stretches in which the device recorded but a sensor that had been heard was silent."""
    for channel in (Channel.HR_BPM, Channel.POWER_W, Channel.LATITUDE_DEG):
        values = bench.get(channel)
        if values is None or not np.isfinite(values).any():
            continue
        heard = np.flatnonzero(np.isfinite(values))
        missing = np.isnan(values)
        missing[: heard[0]] = missing[heard[-1] :] = False
        for begin, end in runs(missing):
            if bench.t_s[end] - bench.t_s[begin - 1] <= SILENT_S:
                missing[begin:end] = False
        silent = f"stretches of more than {SILENT_S:g} s without a value"
        bench.report(channel, missing, f"{_name(channel)}_drop_out", silent)


def _name(channel: Channel) -> str:
    """Return the quantity without its unit, as codes name it."""
    if channel in (Channel.LATITUDE_DEG, Channel.LONGITUDE_DEG):
        return "position"
    return channel.value.rpartition("_s" if channel is Channel.SPEED_M_S else "_")[0].removesuffix("_m")
