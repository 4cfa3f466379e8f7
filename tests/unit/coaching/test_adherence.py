"""Steps against what was recorded; hand-made recordings with known means."""

from __future__ import annotations

import numpy as np

from topform.coaching.adherence import adherence

STEPS = [
    {"kind": "steady", "duration_s": 600, "target": "power_w", "low": 120, "high": 150, "text": "Warm up"},
    {
        "kind": "repeat",
        "count": 2,
        "steps": [
            {"kind": "steady", "duration_s": 300, "target": "power_w", "low": 240, "high": 260, "text": "Hard"},
            {"kind": "free", "duration_s": 60, "text": "Rest"},
        ],
    },
]


def recording(*pieces: tuple[int, float]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    power = np.concatenate([np.full(seconds, watts) for seconds, watts in pieces])
    return np.arange(power.size, dtype=float), {"power_w": power}


def test_every_step_is_judged_by_its_own_mean() -> None:
    t_s, channels = recording((600, 135), (300, 250), (60, 90), (300, 210), (60, 90))
    found = adherence(STEPS, t_s, channels)
    assert [step.verdict for step in found.steps] == ["met", "met", "met", "below", "met"]
    assert found.steps[1].actual == 250
    # 600 + 300 + 60 + 60 of 1320 s were done as meant.
    assert round(found.share or 0, 3) == round(1020 / 1320, 3)


def test_a_total_that_fits_does_not_hide_missing_intervals() -> None:
    steady, channels = recording((1320, 172))
    found = adherence(STEPS, steady, channels)
    assert [step.verdict for step in found.steps if step.text == "Hard"] == ["below", "below"]
    assert found.steps[0].verdict == "above"


def test_what_was_cut_short_or_never_begun_says_so() -> None:
    t_s, channels = recording((600, 135), (200, 250))
    verdicts = [step.verdict for step in adherence(STEPS, t_s, channels).steps]
    assert verdicts == ["met", "short", "missed", "missed", "missed"]


def test_laps_stand_for_steps_when_there_are_as_many() -> None:
    t_s, channels = recording((700, 135), (300, 250), (60, 90), (300, 250), (60, 90))
    laps = [(0, 700), (700, 1000), (1000, 1060), (1060, 1360), (1360, 1420)]
    found = adherence(STEPS, t_s, channels, laps_s=laps)
    assert found.by_laps
    assert [step.verdict for step in found.steps] == ["met"] * 5


def test_without_a_sensor_nothing_is_claimed() -> None:
    t_s, _ = recording((1320, 0))
    found = adherence(STEPS, t_s, {})
    assert [step.verdict for step in found.steps] == ["unmeasured", "unmeasured", "met", "unmeasured", "met"]
