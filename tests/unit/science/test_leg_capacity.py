"""What a leg says about capacity, against published and hand-calculated numbers."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from topform.core.activity import Channel, Leg, RRIntervals, Sport, Streams
from topform.science.athlete import AthleteParameters
from topform.science.leg_analysis import LegAnalysis, analyse_leg
from topform.science.leg_capacity import w_prime_balance_at

RIDER = AthleteParameters(cp_w=250, w_prime_j=20_000)


def analysis_of(sport: Sport, athlete: AthleteParameters, *, rr_ms=None, **channels) -> LegAnalysis:
    size = max((np.size(values) for values in channels.values()), default=300)
    t_s = np.arange(float(size))
    streams = Streams(t_s, {Channel(name): np.broadcast_to(values, t_s.shape) for name, values in channels.items()})
    rr = None if rr_ms is None else RRIntervals(np.cumsum(rr_ms) / 1000, np.asarray(rr_ms, dtype=float))
    started = datetime(2026, 3, 1, 7, tzinfo=UTC)
    return analyse_leg(
        Leg(sport=sport, started_at=started, elapsed_s=size, timer_s=size, streams=streams, rr=rr), athlete
    )


def intervals() -> np.ndarray:
    """Return 2 min at 150 W, five times 60 s at 400 W and 60 s at 150 W, 2 min at 150 W."""
    return np.concatenate([np.full(120, 150.0), *[np.repeat([400.0, 150.0], 60)] * 5, np.full(120, 150.0)])


def test_the_lowest_reserve_is_the_published_one() -> None:
    """The differential form gives -6976.5 J; below zero the parameters are too low, and that is said, not clipped."""
    metric = analysis_of(Sport.CYCLING, RIDER, power_w=intervals()).metrics["w_prime_balance_min_j"]
    assert metric.value == pytest.approx(-6976.5, abs=0.05)
    assert (metric.unit, metric.version, metric.coverage) == ("J", 1, 1.0)
    assert "too low" in metric.warnings[0]
    assert "w_prime_balance_min_j" not in analysis_of(Sport.CYCLING, AthleteParameters(), power_w=intervals()).metrics
    assert "w_prime_balance_min_j" not in analysis_of(Sport.ROWING, RIDER, power_w=intervals()).metrics


def test_the_trace_stands_still_without_power() -> None:
    """60 s at 350 W take 6000 J; a gap of ten minutes gives nothing back."""
    t_s = np.concatenate([np.arange(61.0), 661 + np.arange(60.0)])
    power = np.concatenate([np.full(61, 350.0), np.full(60, 250.0)])
    trace = w_prime_balance_at(np.array([59.0, 660.0, 720.0]), t_s, power, cp_w=250, w_prime_j=20_000)
    assert trace == pytest.approx([14_000, 13_900, 13_900], abs=100)


def test_the_index_of_five_kilometres_in_twenty_minutes() -> None:
    """Daniels and Gilbert: 49.8; a training run shows no more than it held."""
    metric = analysis_of(Sport.RUNNING, AthleteParameters(), speed_m_s=np.full(1200, 5000 / 1200)).metrics["run_index"]
    assert metric.value == pytest.approx(49.806, abs=0.1)
    assert "lower bound" in metric.warnings[0]
    short = analysis_of(Sport.RUNNING, AthleteParameters(), speed_m_s=np.full(200, 5.0))
    assert "run_index" not in short.metrics


def test_uptake_from_a_steady_run_by_heart_rate_reserve() -> None:
    """200 m/min takes 43.5 ml/kg/min; at (150 - 50) / (190 - 50) of the reserve the maximum is 59.5."""
    runner = AthleteParameters(hr_rest_bpm=50, hr_max_bpm=190)
    metric = analysis_of(Sport.RUNNING, runner, speed_m_s=np.full(1800, 200 / 60), hr_bpm=np.full(1800, 150.0)).metrics[
        "vo2max_est_ml_kg_min"
    ]
    assert metric.value == pytest.approx((43.5 - 3.5) / (100 / 140) + 3.5)
    assert "± 10" in metric.warnings[0]
    unknown = AthleteParameters(hr_max_bpm=190)
    found = analysis_of(Sport.RUNNING, unknown, speed_m_s=np.full(1800, 200 / 60), hr_bpm=np.full(1800, 150.0))
    assert "vo2max_est_ml_kg_min" not in found.metrics


def test_variability_only_of_a_recording_at_rest() -> None:
    """Beats of 1000 and 1040 ms in turn: every difference is 40 ms, the standard deviation 20 ms."""
    beats = np.tile([1000.0, 1040.0], 100)
    metrics = analysis_of(Sport.OTHER, AthleteParameters(), rr_ms=beats).metrics
    assert metrics["rmssd_ms"].value == pytest.approx(40)
    assert metrics["sdnn_ms"].value == pytest.approx(20, rel=0.01)
    assert metrics["rmssd_ms"].coverage == 1.0
    assert "rmssd_ms" not in analysis_of(Sport.OTHER, AthleteParameters(), rr_ms=np.full(400, 450.0)).metrics
    noisy = np.where(np.arange(200) % 10 == 0, 1500.0, beats)
    rejected = analysis_of(Sport.OTHER, AthleteParameters(), rr_ms=noisy).metrics["rmssd_ms"]
    assert rejected.value is None
    assert "artefacts" in rejected.warnings[0]
