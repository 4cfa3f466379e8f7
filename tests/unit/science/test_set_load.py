"""What one set asks of the body, by hand calculation from Ebben's shares and Foster's rating."""

from __future__ import annotations

import pytest

from topform.core.errors import EffortContradictionError, OutOfRangeError
from topform.science.set_load import PerformedSet, SetDetails, set_load

VELOCITIES = (0.78, 0.80, 0.76, 0.70, 0.60)


@pytest.mark.parametrize(
    ("exercise", "details", "mass_kg", "expected"),
    [
        # 5 x 0.64 x 80; with hands at 60 cm 5 x 0.41 x 80; with a vest 5 x (0.64 x 80 + 10)
        ("push_up", SetDetails(), 80.0, 256.0),
        ("push_up", SetDetails(variant="hands_60cm"), 80.0, 164.0),
        ("push_up", SetDetails(external_kg=10.0), 80.0, 306.0),
        ("pull_up", SetDetails(), 80.0, 400.0),
        # of a squat only the bar counts, and an empty bar is entered as one
        ("squat", SetDetails(external_kg=60.0), 80.0, 300.0),
        ("squat", SetDetails(external_kg=0.0), None, 0.0),
        ("sit_up", SetDetails(external_kg=5.0), 80.0, None),
    ],
)
def test_volume_is_repetitions_times_the_mass_moved(exercise, details, mass_kg, expected) -> None:
    found = set_load(PerformedSet(exercise, 5, 12.0, VELOCITIES), details, body_mass_kg=mass_kg)
    assert found.volume_load_kg == (None if expected is None else pytest.approx(expected))
    assert not {"body_mass", "external_mass"} & set(found.missing)


def test_velocity_loss_is_from_the_fastest_of_the_first_three_to_the_last() -> None:
    found = set_load(PerformedSet("push_up", 5, 12.0, VELOCITIES), SetDetails(), body_mass_kg=None)
    assert found.velocity_loss_frac == pytest.approx(1 - 0.60 / 0.80)


def test_what_is_not_known_is_missing_and_not_zero() -> None:
    found = set_load(PerformedSet("push_up", 2, 4.0, (0.7, 0.6)), SetDetails(), body_mass_kg=None)
    assert (found.volume_load_kg, found.hard_sets, found.velocity_loss_frac, found.load_au) == (None,) * 4
    assert found.missing == ("body_mass", "repetitions", "rir", "rating")
    assert set_load(PerformedSet("squat", 2, 4.0, ()), SetDetails(), body_mass_kg=70.0).missing[0] == "external_mass"


@pytest.mark.parametrize(("rir", "hard"), [(0, 1.0), (3, 1.0), (4, 0.5), (5, 0.5), (6, 0.0)])
def test_a_set_is_hard_by_what_was_left(rir: int, hard: float) -> None:
    found = set_load(PerformedSet("push_up", 9, 20.0, VELOCITIES), SetDetails(rir=rir), body_mass_kg=None)
    assert found.hard_sets == hard


def test_the_load_is_rating_times_minutes_on_the_scale_of_sessions() -> None:
    # An hour at rating 7 is 100, so 42 s at 7 are 100 x 42 / 3600.
    found = set_load(PerformedSet("plank", 0, 42.0, ()), SetDetails(rpe_cr10=7.0), body_mass_kg=None)
    assert found.load_au == pytest.approx(100 * 42 / 3600)


@pytest.mark.parametrize("wrong", [{"variant": "one_hand"}, {"rir": -1}, {"rpe_cr10": 10.5}, {"external_kg": -2.0}])
def test_impossible_details_are_refused(wrong: dict) -> None:
    with pytest.raises(OutOfRangeError):
        SetDetails(**wrong)


@pytest.mark.parametrize(
    ("rir", "rpe_cr10"),
    # Zourdos et al. (2016): 10 with none left, 9 with one, 8 with two, 7 with three, 5 or 6 with four to six
    [(0, 10), (1, 9), (2, 8), (3, 7), (4, 6), (6, 5), (12, 3), (30, 1), (0, 7), (5, 8), (8, 7), (None, 1), (0, None)],
)
def test_effort_and_what_was_left_agree(rir: int | None, rpe_cr10: float | None) -> None:
    SetDetails(rir=rir, rpe_cr10=rpe_cr10).require_agreement()


@pytest.mark.parametrize(("rir", "rpe_cr10"), [(0, 1), (0, 6.5), (2, 4.5), (6, 8), (10, 9), (30, 10)])
def test_effort_that_contradicts_what_was_left_is_refused(rir: int, rpe_cr10: float) -> None:
    with pytest.raises(EffortContradictionError, match="contradict each other") as refused:
        SetDetails(rir=rir, rpe_cr10=rpe_cr10).require_agreement()
    assert not refused.value.fields["least_rpe"] <= rpe_cr10 <= refused.value.fields["most_rpe"]
