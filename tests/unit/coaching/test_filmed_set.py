"""From the document of an analysis to the set that was done."""

from __future__ import annotations

from typing import Any

import pytest

from topform.coaching.filmed_set import performed_set


def document(exercise: str, **changes: Any) -> dict[str, Any]:
    rep = {"start_s": 1.0, "turn_s": 2.0, "end_s": 2.5, "complete": True, "range_m": 0.3}
    partial = {**rep, "start_s": 9.0, "turn_s": 9.5, "end_s": 10.0, "complete": False}
    later = {**rep, "start_s": 3.0, "turn_s": 4.2, "end_s": 4.8}
    return {"exercise": exercise, "reps": [rep, later, partial], **changes}


def test_velocity_is_that_of_the_raising_part_whichever_comes_first() -> None:
    sinking_first, rising_first = performed_set(document("push_up")), performed_set(document("pull_up"))
    assert sinking_first is not None
    assert rising_first is not None
    assert sinking_first.mcv_m_s == pytest.approx([0.3 / 0.5, 0.3 / 0.6])
    assert rising_first.mcv_m_s == pytest.approx([0.3 / 1.0, 0.3 / 1.2])


def test_partial_repetitions_are_no_part_of_the_set() -> None:
    found = performed_set(document("squat"))
    assert found is not None
    assert (found.reps, found.active_s) == (2, pytest.approx(3.8))


def test_repetitions_without_turn_or_range_have_no_velocity() -> None:
    reps = [{"start_s": 0.0, "end_s": 2.0, "complete": True, "turn_s": None}]
    found = performed_set(document("push_up", reps=reps))
    assert found is not None
    assert found.mcv_m_s == ()


@pytest.mark.parametrize("nothing", [document("unknown"), document("running"), document("push_up", reps=[])])
def test_no_set_is_no_set(nothing: dict[str, Any]) -> None:
    assert performed_set(nothing) is None
