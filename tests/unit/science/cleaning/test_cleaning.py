"""Faults made on purpose in otherwise sound recordings; expected are the faults, nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from topform.core.activity import Channel, Leg, Sport, Streams
from topform.science.cleaning import CLEANING_VERSION, Action, clean_leg
from topform.science.motion import M_PER_DEGREE, distance_along_m

N = 3600
T_S = np.arange(float(N))
EFFORT = 200 + 60 * np.sin(T_S / 90)


def leg_of(sport: Sport = Sport.CYCLING, t_s=T_S, **channels) -> Leg:
    streams = Streams(t_s, {Channel(name): values for name, values in channels.items()})
    return Leg(sport, datetime(2026, 3, 1, 7, tzinfo=UTC), float(t_s[-1]), float(t_s[-1]), streams)


def pulse() -> np.ndarray:
    return np.round(140 + 20 * np.sin(T_S / 200))


def found(leg: Leg) -> list[tuple[str, str, int, tuple[float, float]]]:
    return [(one.code, one.channel.value, one.samples, one.window_s) for one in clean_leg(leg).report.corrections]


def with_faults(values: np.ndarray, faults: dict[int, float]) -> np.ndarray:
    changed = values.copy()
    for place, value in faults.items():
        changed[place] = value
    return changed


def test_impossible_values_and_spikes_are_told_apart_and_placed():
    leg = leg_of(
        hr_bpm=with_faults(pulse(), {100: 255, 200: 12, 300: 225}), power_w=with_faults(EFFORT, {50: 9000, 60: 2400})
    )
    assert found(leg) == [
        ("hr_impossible", "hr_bpm", 2, (100, 200)),
        ("power_impossible", "power_w", 1, (50, 50)),
        ("hr_spike", "hr_bpm", 1, (300, 300)),
        ("power_spike", "power_w", 1, (60, 60)),
    ]
    cleaned = clean_leg(leg).leg.streams
    assert np.flatnonzero(np.isnan(cleaned[Channel.HR_BPM])).tolist() == [100, 200, 300]
    assert np.flatnonzero(np.isnan(cleaned[Channel.POWER_W])).tolist() == [50, 60]


def test_spikes_that_hide_behind_a_larger_one_are_found_too():
    leg = leg_of(power_w=with_faults(np.full(N, 100.0), {500: 2400, 2000: 800}))
    cleaned = clean_leg(leg).leg.streams[Channel.POWER_W]
    assert np.nanmax(cleaned) == 100


@pytest.mark.parametrize(("sport", "limit_m_s"), [(Sport.RUNNING, 12), (Sport.CYCLING, 45), (Sport.SWIMMING, 4)])
def test_speed_is_limited_by_the_sport(sport, limit_m_s):
    leg = leg_of(sport, speed_m_s=with_faults(np.full(N, 2.0), {10: limit_m_s + 0.1, 20: limit_m_s}))
    assert found(leg) == [("speed_impossible", "speed_m_s", 1, (10, 10))]


def test_an_altitude_that_leaves_and_returns_is_a_spike_and_a_cliff_is_not():
    altitude = with_faults(np.full(N, 500.0), {100: 900, 101: 905})
    altitude[2000:] = 800
    leg = leg_of(altitude_m=altitude)
    assert found(leg) == [("altitude_spike", "altitude_m", 2, (100, 101))]


def test_power_that_is_repeated_while_the_pedals_stand_still():
    power, cadence = EFFORT.copy(), np.full(N, 85.0)
    power[1000:1050], cadence[1000:1050] = 233.0, 0.0
    assert found(leg_of(power_w=power, cadence_rpm=cadence)) == [("power_stuck", "power_w", 49, (1001, 1049))]
    assert found(leg_of(power_w=power, cadence_rpm=np.full(N, 85.0))) == []


def test_a_pulse_that_stands_still_while_the_effort_changes():
    stuck = pulse()
    stuck[600:1800] = 151.0
    assert found(leg_of(hr_bpm=stuck, power_w=EFFORT)) == [("hr_stuck", "hr_bpm", 1199, (601, 1799))]
    assert found(leg_of(hr_bpm=stuck, power_w=np.full(N, 200.0))) == []
    assert found(leg_of(hr_bpm=np.full(N, 150.0))) == []


def test_silence_of_a_sensor_is_reported_and_nothing_is_changed():
    silent = pulse()
    silent[1000:1100] = np.nan
    silent[2000:2020] = np.nan
    silent[:50] = np.nan
    leg = leg_of(hr_bpm=silent)
    cleaned = clean_leg(leg)
    assert found(leg) == [("hr_drop_out", "hr_bpm", 100, (1000, 1099))]
    assert cleaned.report.corrections[0].action is Action.REPORTED
    assert cleaned.leg is leg


def northward(speed_m_s: np.ndarray) -> dict[str, np.ndarray]:
    return {"latitude_deg": 47 + np.cumsum(speed_m_s) / M_PER_DEGREE, "longitude_deg": np.full(N, 8.0)}


def test_positions_that_jump_and_return():
    track = northward(np.full(N, 5.0))
    track["latitude_deg"][500:505] += 0.05
    track["longitude_deg"][2000] += 1.0
    leg = leg_of(**track)
    assert found(leg) == [("position_jump", "latitude_deg", 6, (500, 2000))]
    streams = clean_leg(leg).leg.streams
    assert np.isnan(streams[Channel.LONGITUDE_DEG][500:505]).all()
    along = distance_along_m(streams, max_speed_m_s=45)
    assert along is not None
    assert along[-1] == pytest.approx(5 * (N - 1), rel=1e-3)


def test_a_position_that_jumps_and_stays_is_believed():
    track = northward(np.full(N, 5.0))
    track["longitude_deg"][1000:] += 1.0
    assert found(leg_of(**track)) == []


def test_a_position_that_stands_still_on_the_move():
    track = northward(np.full(N, 5.0))
    track["latitude_deg"][1000:1060] = track["latitude_deg"][1000]
    leg = leg_of(**track, speed_m_s=np.full(N, 5.0))
    assert found(leg) == [("position_stuck", "latitude_deg", 59, (1001, 1059))]


def test_a_position_that_wanders_while_the_athlete_stands():
    speed = np.full(N, 3.0)
    speed[1000:1600] = 0.0
    track = northward(speed)
    noise = np.random.default_rng(1).normal(0, 1.5, (2, 600)) / M_PER_DEGREE
    track["latitude_deg"][1000:1600] += noise[0]
    track["longitude_deg"][1000:1600] += noise[1]
    leg = leg_of(Sport.RUNNING, **track)
    along = distance_along_m(leg.streams, max_speed_m_s=12)
    cleaned = clean_leg(leg)
    repaired = distance_along_m(cleaned.leg.streams, max_speed_m_s=12)
    assert along is not None
    assert repaired is not None
    true_m = float(speed[1:].sum())
    assert along[-1] > true_m + 500
    assert repaired[-1] == pytest.approx(true_m, rel=0.01)
    assert [one.code for one in cleaned.report.corrections] == ["position_drift"]


def test_the_report_names_its_version_and_speaks():
    leg = leg_of(hr_bpm=with_faults(pulse(), {100: 255}))
    report = clean_leg(leg).report
    assert report.as_dict() == {
        "version": CLEANING_VERSION,
        "corrections": [
            {
                "code": "hr_impossible",
                "channel": "hr_bpm",
                "action": "removed",
                "samples": 1,
                "window_s": [100.0, 100.0],
                "message": "outside 30 to 230",
            }
        ],
    }
    assert report.sentences() == ["1 implausible heart rate value left out"]


def test_a_leg_without_samples_is_left_alone():
    leg = leg_of(t_s=np.array([0.0]))
    assert clean_leg(leg).leg is leg
