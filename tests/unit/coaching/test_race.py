"""What a race time rests on."""

from __future__ import annotations

from typing import Any

import pytest

from topform.coaching.baseline import assumed_targets
from topform.coaching.goals import RaceGoal
from topform.coaching.race import estimate_race
from topform.coaching.request import PlanRequest

HALF = {"type": "race", "sport": "running", "distance_m": 21_097.5, "date": "2027-05-02"}


def of(goal: dict[str, Any], **athlete: Any) -> PlanRequest:
    return PlanRequest.from_dict(
        {
            "athlete": {"sport": "running", **athlete},
            "goal": {**HALF, **goal},
            "start": "2027-03-01",
            "available_minutes": {"tue": 45, "sun": 90},
        }
    )


@pytest.mark.parametrize(
    ("goal", "athlete", "basis", "minutes"),
    [
        # Riegel from an hour at 4 m/s: 3600 s * (21097.5 / 14400) ** 1.06 = 5396 s.
        ({}, {"threshold": {"speed_m_s": 4.0}}, "threshold", 90),
        ({"expected_s": 6240}, {"threshold": {"speed_m_s": 4.0}}, "prediction", 104),
        # An hour at 2.5 m/s is 9 km: 3600 s * (21097.5 / 9000) ** 1.06 = 8882 s.
        ({}, {}, "experience", 148),
        ({"sport": "triathlon", "distance_m": 51_500, "expected_s": 9000}, {}, "prediction", 150),
    ],
)
def test_a_prediction_comes_before_the_threshold(
    goal: dict[str, Any], athlete: dict[str, Any], basis: str, minutes: int
) -> None:
    request = of(goal, **athlete)
    assert isinstance(request.goal, RaceGoal)
    found = estimate_race(request.goal, request)
    assert (found.basis, found.minutes) == (basis, minutes)


def test_what_targets_and_race_do_without_is_said() -> None:
    assert [item.code for item in assumed_targets(of({}))] == ["threshold", "race_time"]
    assert [item.code for item in assumed_targets(of({"expected_s": 6240}, threshold={"hr_bpm": 170}))] == []
    assert "148 min" in assumed_targets(of({}))[1].text
