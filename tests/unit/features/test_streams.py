"""Streams in Parquet: nothing lost, gaps kept, small."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from topform.core.activity import Channel, Leg, RRIntervals, Sport, Streams
from topform.core.units import DEG_PER_SEMICIRCLE
from topform.features.activities.streams import decode_streams, encode_streams, thin_out

START = datetime(2026, 3, 1, 7, tzinfo=UTC)


def leg(streams: Streams, rr: RRIntervals | None = None) -> Leg:
    return Leg(Sport.CYCLING, START, elapsed_s=1.0, timer_s=1.0, streams=streams, rr=rr)


def assert_same(stored: Streams, streams: Streams) -> None:
    np.testing.assert_array_equal(stored.t_s, streams.t_s)
    observed = {name for name, values in streams.channels.items() if np.isfinite(values).any()}
    assert set(stored.channels) == observed
    for name in observed:
        np.testing.assert_array_equal(stored[name], streams[name])


values_of_any_kind = st.floats(allow_infinity=False, width=64) | st.integers(-1000, 70_000).map(float)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_every_value_comes_back_bit_for_bit(data: st.DataObject):
    size = data.draw(st.integers(0, 30))
    steps = data.draw(hnp.arrays(np.float64, size, elements=st.floats(0.001, 1e4)))
    columns = {
        channel: data.draw(hnp.arrays(np.float64, size, elements=values_of_any_kind))
        for channel in data.draw(st.sets(st.sampled_from(list(Channel)), max_size=4))
    }
    streams = Streams(np.cumsum(steps), columns)
    assert_same(decode_streams(encode_streams([leg(streams)]), leg=0).streams, streams)


def test_the_steps_of_devices_are_recognised_and_lose_nothing():
    generator = np.random.default_rng(1)
    size = 5000
    columns = {
        Channel.HR_BPM: generator.integers(90, 190, size).astype(float),
        Channel.LATITUDE_DEG: generator.integers(-(2**30), 2**30, size) * DEG_PER_SEMICIRCLE,
        Channel.ALTITUDE_M: generator.integers(0, 60_000, size) / 5 - 500,
        Channel.DISTANCE_M: np.cumsum(generator.integers(0, 1200, size)) / 100,
        Channel.CADENCE_RPM: generator.integers(0, 120, size) + generator.integers(0, 128, size) / 128,
    }
    columns[Channel.HR_BPM][100:200] = np.nan
    streams = Streams(np.arange(size, dtype=float), columns)
    content = encode_streams([leg(streams)])
    assert_same(decode_streams(content, leg=0).streams, streams)
    assert len(content) < 0.35 * 8 * size * (len(columns) + 1)


def test_legs_and_beats_are_kept_apart():
    first = Streams(np.array([0.0, 1.0]), {Channel.POWER_W: np.array([100.0, np.nan])})
    second = Streams(np.array([0.0, 2.5]), {Channel.HR_BPM: np.array([60.0, 61.0])})
    beats = RRIntervals(np.array([0.5, 0.5, 1.4]), np.array([812.0, 799.0, np.nan]))
    content = encode_streams([leg(first), leg(second, beats)])
    assert_same(decode_streams(content, leg=0).streams, first)
    assert decode_streams(content, leg=0).rr is None
    stored = decode_streams(content, leg=1)
    assert_same(stored.streams, second)
    assert stored.rr is not None
    np.testing.assert_array_equal(stored.rr.t_s, beats.t_s)
    np.testing.assert_array_equal(stored.rr.rr_ms, beats.rr_ms)


def test_only_the_channels_asked_for_are_read():
    streams = Streams(np.arange(3.0), {Channel.POWER_W: np.ones(3), Channel.HR_BPM: np.ones(3)})
    stored = decode_streams(encode_streams([leg(streams)]), leg=0, channels=["hr_bpm"])
    assert set(stored.streams.channels) == {Channel.HR_BPM}


def test_a_leg_without_samples_is_stored():
    empty = Streams(np.empty(0), {})
    assert_same(decode_streams(encode_streams([leg(empty)]), leg=0).streams, empty)


def test_thinning_takes_means_keeps_gaps_and_ends():
    t_s = np.concatenate([np.arange(100.0), np.arange(500.0, 600.0)])
    power = np.where(t_s < 100, 100.0, 300.0)
    power[:50] = np.nan
    streams = Streams(t_s, {Channel.POWER_W: power, Channel.DISTANCE_M: t_s * 2, Channel.LONGITUDE_DEG: t_s / 10})
    thin_t_s, thin = thin_out(streams, 12)
    assert thin_t_s.size == 4  # two stretches before the pause, two after it, none within
    np.testing.assert_allclose(thin_t_s, [24.5, 74.5, 524.5, 574.5], atol=1)
    np.testing.assert_array_equal(thin[Channel.POWER_W], [np.nan, 100, 300, 300])
    assert thin[Channel.DISTANCE_M][-1] == 599 * 2
    assert thin[Channel.LONGITUDE_DEG][0] == 0


@pytest.mark.parametrize("points", [2, 7, 100, 1000])
def test_thinning_never_gives_more_points_than_asked_for(points: int):
    streams = Streams(np.cumsum(np.random.default_rng(2).uniform(0.1, 30, 900)), {Channel.HR_BPM: np.full(900, 120.0)})
    t_s, thin = thin_out(streams, points)
    assert t_s.size <= points
    assert np.all(np.diff(t_s) > 0)
    np.testing.assert_allclose(thin[Channel.HR_BPM], 120)
