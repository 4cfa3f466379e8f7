"""What counts as growth of the memory of a long run: a leak does, however it comes; what fills once does not."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.faults.soak import JUDGED, SHARED, WARM_UP_SHARE, grown, judged
from benchmarks.growth import growth

EVERY_S, MINUTES = 15.0, 30.0
T_S = np.arange(0.0, 60 * MINUTES, EVERY_S)
LATE_S = T_S[T_S >= WARM_UP_SHARE * 60 * MINUTES]
BASE_MB = 140.0
HOUR_S = 3600.0


def noise(seed: int, *, mb: float = 0.3) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, mb, LATE_S.size)


def leak(per_hour: float) -> np.ndarray:
    return BASE_MB * (1.0 + per_hour * (LATE_S - LATE_S[0]) / HOUR_S)


def step(at_s: float, mb: float) -> np.ndarray:
    return BASE_MB + np.where(at_s <= LATE_S, mb, 0.0)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("per_hour", [0.1, 0.25, 1.0])
def test_a_steady_leak_is_found(seed: int, per_hour: float) -> None:
    found = growth(LATE_S, leak(per_hour) + noise(seed))
    of_the_middle = per_hour * BASE_MB / float(np.median(leak(per_hour)))
    assert found.growth_per_hour == pytest.approx(of_the_middle, abs=0.03)
    assert grown("memory_mb", found) is not None


@pytest.mark.parametrize("mb", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("per_hour", [0.1, 0.25])
def test_a_leak_that_comes_in_pieces_is_found(mb: float, per_hour: float) -> None:
    pieces = BASE_MB + mb * np.floor((leak(per_hour) - BASE_MB) / mb)
    if np.unique(pieces).size > 4:  # two or three pieces cannot be told from what fills once
        assert grown("memory_mb", growth(LATE_S, pieces)) is not None


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("at_s", [920.0, 1000.0, 1350.0, 1700.0])
def test_a_leak_beside_a_step_is_found(seed: int, at_s: float) -> None:
    found = growth(LATE_S, leak(0.1) + step(at_s, 10.0) - BASE_MB + noise(seed))
    assert grown("memory_mb", found) is not None


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("mb", [10.0, -10.0])
@pytest.mark.parametrize("at_s", [1000.0, 1350.0, 1700.0])
def test_what_fills_once_is_told_as_a_step_and_is_no_growth(seed: int, mb: float, at_s: float) -> None:
    found = growth(LATE_S, step(at_s, mb) + noise(seed))
    assert found.step * BASE_MB == pytest.approx(mb, abs=1.5)
    assert found.step_at_s == pytest.approx(at_s, abs=3 * EVERY_S)
    assert grown("memory_mb", found) is None


def test_what_doubles_at_once_is_growth() -> None:
    assert grown("memory_mb", growth(LATE_S, step(1350.0, BASE_MB))) is not None


@pytest.mark.parametrize("seed", range(20))
def test_what_stays_is_no_growth(seed: int) -> None:
    assert grown("memory_mb", growth(LATE_S, np.full(LATE_S.size, BASE_MB) + noise(seed, mb=1.0))) is None


def test_files_that_are_left_open_are_found() -> None:
    left = np.floor(110.0 + 20.0 * (LATE_S - LATE_S[0]) / HOUR_S)
    assert grown("open_files", growth(LATE_S, left)) is not None


@pytest.mark.parametrize("leaking", JUDGED)
def test_only_what_leaks_is_named(leaking: str) -> None:
    notes = [
        {"t_s": t_s, **{name: 100.0 + (0.01 * t_s if name == leaking else 0.0) for name in (*JUDGED, SHARED)}}
        | {"dead_rows": {}, "live_rows": {}, "memory_of_backends_mb": {}}
        for t_s in T_S
    ]
    _, grew = judged(notes)
    assert [one.split()[0] for one in grew] == [leaking]
