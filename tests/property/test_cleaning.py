"""Cleaning changes nothing that is sound, makes nothing up, and is done when it is done."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from topform.core.activity import Channel, Leg, Sport, Streams
from topform.science.cleaning import Action, clean_leg

RANGES = {
    Channel.HR_BPM: (0, 260), Channel.POWER_W: (-50, 4000), Channel.CADENCE_RPM: (0, 255), Channel.SPEED_M_S: (-1, 80),
    Channel.ALTITUDE_M: (-900, 12_000), Channel.LATITUDE_DEG: (-90, 90), Channel.LONGITUDE_DEG: (-180, 180),
    Channel.TEMPERATURE_C: (-128, 127),
}  # fmt: skip


@st.composite
def any_leg(draw: st.DrawFn) -> Leg:
    size = draw(st.integers(1, 80))
    steps = draw(arrays(np.float64, size, elements=st.sampled_from([0.5, 1.0, 1.0, 1.0, 5.0, 40.0])))
    channels = {}
    for channel in draw(st.sets(st.sampled_from(sorted(RANGES)), min_size=1)):
        low, high = RANGES[channel]
        values = draw(arrays(np.float64, size, elements=st.floats(low, high, width=32) | st.just(np.nan)))
        if np.isfinite(values).any():
            channels[channel] = values
    t_s = np.cumsum(steps)
    return Leg(draw(st.sampled_from(Sport)), datetime(2026, 3, 1, tzinfo=UTC), 4000.0, 4000.0, Streams(t_s, channels))


@given(any_leg())
@settings(max_examples=150, deadline=None)
def test_nothing_is_made_up_and_everything_is_reported(leg):
    cleaned = clean_leg(leg)
    before, after = leg.streams, cleaned.leg.streams
    np.testing.assert_array_equal(after.t_s, before.t_s)
    assert after.channels.keys() <= before.channels.keys()
    removed = dict.fromkeys(before.channels, 0)
    for channel, values in before.channels.items():
        kept = after.get(channel)
        kept = np.full(values.size, np.nan) if kept is None else kept
        is_same = (kept == values) | (np.isnan(kept) & np.isnan(values))
        assert (is_same | np.isnan(kept)).all()
        removed[channel] = int((~is_same).sum())
    told = dict.fromkeys(before.channels, 0)
    for correction in cleaned.report.corrections:
        assert correction.samples > 0
        assert before.t_s[0] <= correction.window_s[0] <= correction.window_s[1] <= before.t_s[-1]
        if correction.action is Action.REMOVED:
            told[correction.channel] += correction.samples
    for channel in removed.keys() - {Channel.LATITUDE_DEG, Channel.LONGITUDE_DEG}:
        assert told[channel] == removed[channel]
    assert not cleaned.report.corrections or (cleaned.leg is leg) == all(
        one.action is Action.REPORTED for one in cleaned.report.corrections
    )


@given(
    st.integers(120, 600),
    st.floats(60, 180),
    st.floats(0, 400),
    st.floats(0.5, 10),
    st.floats(-60, 60),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=40, deadline=None)
def test_sound_data_pass_unchanged(size, bpm, watts, speed_m_s, latitude_deg, seed):
    rng = np.random.default_rng(seed)
    t_s = np.arange(float(size))
    drift = np.cumsum(rng.uniform(-0.5, 0.5, size))
    channels = {
        Channel.HR_BPM: np.round(np.clip(bpm + drift, 40, 220)),
        Channel.POWER_W: np.round(np.clip(watts + 100 + rng.normal(0, 20, size), 20, 900)),
        Channel.CADENCE_RPM: np.round(rng.uniform(70, 100, size)),
        Channel.ALTITUDE_M: 400 + np.cumsum(rng.uniform(-0.4, 0.4, size)),
        Channel.SPEED_M_S: np.full(size, speed_m_s),
        Channel.DISTANCE_M: speed_m_s * t_s,
        Channel.LATITUDE_DEG: latitude_deg + speed_m_s * t_s / 111_195,
        Channel.LONGITUDE_DEG: np.full(size, 8.0),
    }
    leg = Leg(Sport.CYCLING, datetime(2026, 3, 1, tzinfo=UTC), float(size), float(size), Streams(t_s, channels))
    cleaned = clean_leg(leg)
    assert cleaned.report.corrections == ()
    assert cleaned.leg is leg
