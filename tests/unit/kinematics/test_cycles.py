"""The cycle counter on signals whose cycles are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from topform.kinematics.cycles import CycleEvent, CycleEventKind, CycleState, cycle_step, finish_cycles


def run(values: list[float], *, fps: float = 30.0, min_range: float = 20.0) -> list[CycleEvent]:
    state, events = CycleState(min_range=min_range), []
    for frame, value in enumerate(values):
        state, happened = cycle_step(state, t_s=frame / fps, value=value)
        events.extend(happened)
    return [*events, *finish_cycles(state)]


def kinds(events: list[CycleEvent]) -> tuple[int, int]:
    counted = sum(event.kind is CycleEventKind.COUNTED for event in events)
    return counted, sum(event.kind is CycleEventKind.PARTIAL for event in events)


def reference(bottom_of_third: float = 80.0) -> list[float]:
    """125 + 45 cos(2 pi t / 2.5 s) at 30 frames/s for 20 s: eight bottoms; the third can be shallower."""
    angles = []
    for frame in range(601):
        cycle = frame // 75
        depth = 45.0 if cycle != 2 else (170.0 - bottom_of_third) / 2.0
        angles.append(170.0 - depth + depth * math.cos(2.0 * math.pi * frame / 75.0))
    return angles


def test_reference_signal_has_eight() -> None:
    assert kinds(run(reference())) == (8, 0)


def test_one_bottom_at_112_degrees_is_a_partial() -> None:
    assert kinds(run(reference(bottom_of_third=112.0))) == (7, 1)


def test_turns_and_times_are_those_of_the_signal() -> None:
    counted = [event for event in run(reference()) if event.kind is CycleEventKind.TOP]
    assert [event.turn.t_s for event in counted] == pytest.approx([1.25 + 2.5 * i for i in range(8)], abs=0.04)
    assert [event.end.t_s for event in counted] == pytest.approx([2.5 * (i + 1) for i in range(8)], abs=0.25)


def test_half_range_set_near_130_degrees_counts() -> None:
    """A fast set between 100 and 130 degrees: fixed thresholds of 100 and 145 count nothing."""
    values = [115.0 + 15.0 * math.cos(2.0 * math.pi * frame / 19.0) for frame in range(19 * 16 + 1)]
    assert kinds(run(values)) == (16, 0)


def test_range_that_shrinks_with_fatigue_still_counts() -> None:
    values: list[float] = []
    for cycle in range(12):
        depth = 45.0 - 2.2 * cycle
        values.extend(170.0 - depth + depth * math.cos(2.0 * math.pi * frame / 60.0) for frame in range(60))
    assert kinds([*run([*values, 170.0])]) == (12, 0)


@pytest.mark.parametrize("noise_sd", [1.0, 3.0, 5.0])
def test_noise_neither_adds_nor_removes(noise_sd: float) -> None:
    noise = np.random.default_rng(11).normal(0.0, noise_sd, 601)
    assert kinds(run([float(a + b) for a, b in zip(reference(), noise, strict=True)])) == (8, 0)


def test_pure_noise_and_drift_count_nothing() -> None:
    rng = np.random.default_rng(12)
    assert kinds(run([160.0 + float(x) for x in rng.normal(0.0, 3.0, 900)])) == (0, 0)
    assert kinds(run([160.0 - 0.08 * frame for frame in range(900)])) == (0, 0)


def test_getting_down_and_staying_there_is_no_cycle() -> None:
    assert kinds(run([170.0] * 30 + [170.0 - 3.0 * i for i in range(30)] + [80.0] * 60)) == (0, 0)


def test_starting_at_the_bottom_counts_from_the_first_top() -> None:
    values = [125.0 - 45.0 * math.cos(2.0 * math.pi * frame / 60.0) for frame in range(60 * 4 + 1)]
    assert kinds(run(values)) == (3, 0)


def test_recording_cut_on_the_way_up() -> None:
    whole = reference()[:150]
    falling, rising_little, rising_much = (
        whole + reference()[150:185],
        whole + reference()[:54],
        whole + reference()[:60],
    )
    assert kinds(run(falling)) == (2, 0)
    assert kinds(run(rising_little)) == (2, 1)
    assert kinds(run(rising_much)) == (3, 0)


def test_long_rest_at_the_top_is_not_part_of_the_cycle() -> None:
    values = [170.0] * 150 + reference()[:76] + [170.0] * 150
    (event,) = [e for e in run(values) if e.kind is CycleEventKind.TOP]
    assert event.start.t_s == pytest.approx(5.2, abs=0.2)
    assert event.end.t_s == pytest.approx(7.3, abs=0.2)
