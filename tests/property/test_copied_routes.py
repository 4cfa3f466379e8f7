"""Copies of a recorded route are told from recordings of people who were out together, whatever exports do to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topform.core.activity import Channel, Streams
from topform.core.arrays import FloatArray
from topform.science.copied_track import copied_track
from topform.science.motion import M_PER_DEGREE

STEP_S = 0.5
WANDERS_S = 20.0
"""How long the error of a receiver takes to become another."""


@dataclass(frozen=True)
class Way:
    """Where somebody was: it turns, and the pace changes, as it comes."""

    seed: int
    speed_m_s: float = 3.0
    lasts_s: float = 1500.0

    def places(self, t_s: FloatArray) -> np.ndarray:
        """Metres east, and north as the imaginary part; before the start and after the end they stand."""
        chance = np.random.default_rng(self.seed)
        size = int(self.lasts_s / STEP_S)
        heading = np.cumsum(chance.normal(0, 0.06, size))
        pace = self.speed_m_s * (1 + 0.3 * np.sin(np.cumsum(chance.normal(0, 0.05, size))))
        way = np.concatenate([[0], np.cumsum(pace * STEP_S * np.exp(1j * heading))])
        return np.interp(t_s, np.arange(size + 1) * STEP_S, way)


def recorded(
    way: Way,
    *,
    receiver: int = 1,
    off_m: float = 1.5,
    lag_s: float = 0.0,
    aside_m: float = 0.0,
    every_s: float = 1.0,
    at: tuple[float, float] = (48.1, 11.6),
) -> Streams:
    """What a receiver writes that was carried along: behind or beside somebody, and off by metres that wander."""
    t_s = np.arange(0.0, way.lasts_s, every_s)
    chance = np.random.default_rng(receiver)
    kept = np.exp(-every_s / WANDERS_S)
    off = np.zeros(t_s.size, dtype=complex)
    fresh = chance.normal(0, off_m, (t_s.size, 2)) @ np.array([1, 1j])
    off[0] = fresh[0]
    for k in range(1, t_s.size):
        off[k] = kept * off[k - 1] + np.sqrt(1 - kept**2) * fresh[k]
    there = way.places(t_s - lag_s)
    ahead = way.places(t_s - lag_s + 1) - way.places(t_s - lag_s - 1)
    there = there + aside_m * 1j * ahead / np.maximum(np.abs(ahead), 1e-6) + off
    latitude = at[0] + there.imag / M_PER_DEGREE
    longitude = at[1] + there.real / M_PER_DEGREE / np.cos(np.radians(at[0]))
    return streams(t_s, latitude, (longitude + 180) % 360 - 180)


def streams(t_s: FloatArray, latitude: FloatArray, longitude: FloatArray) -> Streams:
    return Streams(t_s, {Channel.LATITUDE_DEG: latitude, Channel.LONGITUDE_DEG: longitude})


def parts(one: Streams) -> tuple[FloatArray, FloatArray, FloatArray]:
    return one.t_s, one[Channel.LATITUDE_DEG], one[Channel.LONGITUDE_DEG]


def thinned(one: Streams, every: int) -> Streams:
    return streams(*(values[::every] for values in parts(one)))


def rounded(one: Streams, decimals: int) -> Streams:
    t_s, *position = parts(one)
    return streams(t_s, *(np.round(values, decimals) for values in position))


def in_whole_seconds(one: Streams) -> Streams:
    """The first sample of each second, with the fraction cut off."""
    t_s, *position = parts(one)
    whole, first = np.unique(np.floor(t_s), return_index=True)
    return streams(whole, *(values[first] for values in position))


def without(one: Streams, begin_s: float, end_s: float) -> Streams:
    t_s, *position = parts(one)
    kept = (t_s < begin_s) | (t_s >= end_s)
    return streams(t_s[kept] - t_s[kept][0], *(values[kept] for values in position))


def unseen(one: Streams) -> Streams:
    """Without a position in every seventh sample."""
    t_s, *position = parts(one)
    return streams(t_s, *(np.where(np.arange(t_s.size) % 7 == 3, np.nan, values) for values in position))


COPIES: dict[str, Callable[[Streams], Streams]] = {
    "as it is": lambda one: one,
    "begun later on its clock": lambda one: streams(one.t_s + 1000.0, *parts(one)[1:]),
    "five decimals": lambda one: rounded(one, 5),
    "every fourth sample": lambda one: thinned(one, 4),
    "every third sample in five decimals": lambda one: rounded(thinned(one, 3), 5),
    "whole seconds": in_whole_seconds,
    "whole seconds in five decimals": lambda one: rounded(in_whole_seconds(one), 5),
    "the first two seconds left out": lambda one: without(one, 0.0, 2.0),
    "the way home cut off": lambda one: without(one, 1300.0, 2000.0),
    "a tunnel": lambda one: without(one, 600.0, 640.0),
    "positions missing": unseen,
}


@pytest.mark.parametrize("speed_m_s", [1.4, 3.0, 9.0], ids=["walk", "run", "ride"])
@pytest.mark.parametrize("altered", COPIES.values(), ids=COPIES.keys())
@pytest.mark.parametrize("every_s", [1.0, 0.97], ids=["whole seconds", "fractions"])
def test_copies_are_found_whatever_was_done_to_them(
    altered: Callable[[Streams], Streams], speed_m_s: float, every_s: float
) -> None:
    one = recorded(Way(7, speed_m_s), every_s=every_s)
    for pair in ((one, altered(one)), (altered(one), one)):
        found = copied_track(*pair)
        assert found is not None
        assert found.same_frac >= 0.95
        assert found.apart_m < 0.6 or every_s != 1.0


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    speed_m_s=st.floats(1.2, 11.0),
    off_m=st.floats(0.5, 4.0),
    lag_s=st.floats(0.0, 8.0),
    aside_m=st.floats(-3.0, 3.0),
    every_s=st.sampled_from([1.0, 1.003, 3.0, 5.0]),
)
def test_company_is_no_copy(
    seed: int, speed_m_s: float, off_m: float, lag_s: float, aside_m: float, every_s: float
) -> None:
    way = Way(seed, speed_m_s)
    one = recorded(way, receiver=seed + 1, off_m=off_m)
    other = recorded(way, receiver=seed + 2, off_m=off_m, lag_s=lag_s, aside_m=aside_m, every_s=every_s)
    assert copied_track(one, other) is None
    assert copied_track(rounded(other, 5), one) is None


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), speed_m_s=st.floats(1.2, 11.0), copied=st.sampled_from(sorted(COPIES)))
def test_a_copy_is_one_in_either_order_and_anywhere(seed: int, speed_m_s: float, copied: str) -> None:
    for place in ((48.1, 11.6), (-16.8, 179.99), (69.6, 18.9)):
        one = recorded(Way(seed, speed_m_s), at=place)
        other = COPIES[copied](one)
        forth, back = copied_track(one, other), copied_track(other, one)
        assert forth is not None and back is not None, place
        assert abs(forth.same_frac - back.same_frac) < 0.02


def test_what_says_nothing_raises_nothing() -> None:
    run, hall = recorded(Way(1)), recorded(Way(1, speed_m_s=0.0), off_m=0.0)
    assert copied_track(run, run) is not None
    assert copied_track(hall, hall) is None, "both receivers hold one place"
    assert copied_track(recorded(Way(1, lasts_s=200.0)), recorded(Way(1, lasts_s=200.0))) is None, "600 m"
    sparse = thinned(run, 30)
    assert copied_track(sparse, sparse) is None, "50 samples"
    assert copied_track(run, Streams(run.t_s, {Channel.HR_BPM: np.full(run.t_s.size, 120.0)})) is None
    nowhere = streams(run.t_s, np.full(run.t_s.size, np.nan), np.full(run.t_s.size, np.nan))
    assert copied_track(nowhere, nowhere) is None


def test_the_limits_that_are_written_down() -> None:
    run = recorded(Way(3))
    assert copied_track(run, rounded(run, 4)) is None, "11 m look like company"
    assert copied_track(run, without(run, 0.0, 60.0)) is None, "cut at the start"
    t_s, *position = parts(run)
    assert copied_track(run, streams(0.9 * t_s, *position)) is None, "run at another speed"
