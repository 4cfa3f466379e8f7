"""What a race time rests on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from topform.coaching.baseline import assumed_targets
from topform.coaching.goals import RaceGoal
from topform.coaching.planner import make_plan
from topform.coaching.race import estimate_race, race_basis
from topform.coaching.race_model import ride_speed_m_s, triathlon_legs_m
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


def test_riding_speed_balances_power_against_air_road_and_slope() -> None:
    """At 10 m/s: 0.6 x 0.32 x 1000 = 192 W of air, 85 kg x 9.81 x 0.005 x 10 = 41.7 W of road, 2.4 % are lost."""
    flat, climb = (192 + 41.69) / 0.976, (192 + 41.69 + 85 * 9.81 * 0.02 * 10) / 0.976
    found = ride_speed_m_s(
        power_w=np.array([flat, climb]),
        mass_kg=75,
        slope=np.array([0.0, 0.02]),
        drag_area_m2=np.full(2, 0.32),
        rolling=np.full(2, 0.005),
    )
    assert found == pytest.approx([10.0, 10.0], abs=0.001)


RIDE = {"sport": "cycling", "distance_m": 40_000}
TRIATHLON = {"sport": "triathlon", "distance_m": 51_500}
ALL_FOUR = {"threshold": {"speed_m_s": 4.0, "power_w": 220, "swim_speed_m_s": 1.2}, "mass_kg": 72}


@pytest.mark.parametrize(
    ("goal", "athlete", "minutes", "interval"),
    [
        # 250 W for about an hour, 75 kg: 10 m/s on a flat road (see above), slower over hills.
        (RIDE, {"sport": "cycling", "threshold": {"power_w": 250}, "mass_kg": 75}, (64, 72), (60, 76)),
        # Twenty-one minutes in the water, 69 to 75 on the bicycle, 44 on foot, four to change.
        (TRIATHLON, {"sport": "triathlon", **ALL_FOUR}, (138, 150), (132, 158)),
        # A swimmer's critical speed: 3600 s * (1500 / 4320) ** 1.03 = 1211 s.
        (
            {"sport": "swimming", "distance_m": 1500},
            {"sport": "swimming", "threshold": {"speed_m_s": 1.2}},
            (20, 20),
            (18, 22),
        ),
    ],
)
def test_every_sport_has_a_time_from_its_thresholds(
    goal: dict[str, Any], athlete: dict[str, Any], minutes: tuple[int, int], interval: tuple[int, int]
) -> None:
    request = of(goal, **athlete)
    assert isinstance(request.goal, RaceGoal)
    found = estimate_race(request.goal, request)
    assert (found.basis, found.missing) == ("threshold", ())
    assert minutes[0] <= found.minutes <= minutes[1]
    assert found.interval_80_s is not None
    low, high = (value / 60 for value in found.interval_80_s)
    assert interval[0] < low < found.minutes < high < interval[1]
    assert "Duration from your threshold" in race_basis(request.goal, found)


@pytest.mark.parametrize(
    ("goal", "athlete", "missing"),
    [
        (RIDE, {"sport": "cycling"}, ("power_w", "mass_kg")),
        (RIDE, {"sport": "cycling", "threshold": {"power_w": 250}}, ("mass_kg",)),
        (RIDE, {"sport": "running", "threshold": {"speed_m_s": 4.0}, "mass_kg": 70}, ("power_w",)),
        (TRIATHLON, {"sport": "triathlon"}, ("swim_speed_m_s", "power_w", "mass_kg", "speed_m_s")),
        (TRIATHLON, {"sport": "triathlon", "threshold": {"speed_m_s": 4.0}}, ("swim_speed_m_s", "power_w", "mass_kg")),
        ({"sport": "swimming", "distance_m": 1500}, {"sport": "swimming"}, ("speed_m_s",)),
        ({}, {}, ("speed_m_s",)),
    ],
)
def test_without_thresholds_no_race_time_is_claimed(
    goal: dict[str, Any], athlete: dict[str, Any], missing: tuple[str, ...]
) -> None:
    request = of(goal, **athlete)
    assert isinstance(request.goal, RaceGoal)
    found = estimate_race(request.goal, request)
    assert (found.basis, found.missing, found.interval_80_s) == ("experience", missing, None)
    assert found.minutes > 0 and found.load_au > 0
    assert "no race time without" in race_basis(request.goal, found)


def test_the_plan_says_the_time_or_why_there_is_none() -> None:
    known = make_plan(of(RIDE, sport="cycling", threshold={"power_w": 250}, mass_kg=75)).as_dict()["forecast"]["race"]
    low, high = known["interval_80_minutes"]
    assert low < known["minutes"] < high and known["missing"] == []
    open_ = make_plan(of(RIDE, sport="cycling", threshold={"power_w": 250})).as_dict()["forecast"]["race"]
    assert (open_["interval_80_minutes"], open_["missing"]) == (None, ["mass_kg"])
    assert open_["basis"].endswith("no race time without your body mass.")


@pytest.mark.parametrize(
    ("distance_m", "legs"),
    [
        (25_750, (750, 20_000, 5_000)),
        (113_000, (1_900, 90_000, 21_100)),
        (226_000, (3_800, 180_000, 42_200)),
        (100_000, (2_900, 77_700, 19_400)),
    ],
)
def test_legs_of_triathlons(distance_m: float, legs: tuple[float, float, float]) -> None:
    assert triathlon_legs_m(distance_m) == pytest.approx(legs)
