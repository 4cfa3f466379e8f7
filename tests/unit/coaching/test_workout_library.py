"""Every workout of the library is whole: its time, its load, its purpose and its source, at every length it offers."""

from __future__ import annotations

from collections import Counter

import pytest

from topform.coaching.equipment import Equipment
from topform.coaching.goals import Experience, PlanSport
from topform.coaching.planner.season import PHASE_WORDS
from topform.coaching.workouts.library import ALL_TEMPLATES, LIBRARY
from topform.coaching.workouts.model import KEY_KINDS, SessionKind, StepKind
from topform.coaching.workouts.strength_general import strength_sessions
from topform.coaching.workouts.template import Template, workout


def test_the_library_is_as_large_as_promised() -> None:
    assert len({item.template_id for item in ALL_TEMPLATES}) == len(ALL_TEMPLATES) >= 120
    by_sport = Counter(item.sport for item in ALL_TEMPLATES)
    assert all(by_sport[sport] >= 15 for sport in PlanSport if sport is not PlanSport.TRIATHLON)


@pytest.mark.parametrize("item", ALL_TEMPLATES, ids=lambda item: item.template_id)
def test_a_workout_is_whole(item: Template) -> None:
    assert item.purpose
    assert item.source
    assert item.levels
    assert item.phases is None or item.phases <= PHASE_WORDS.keys()
    assert item.equipment <= set(Equipment)
    for minutes in sorted({item.min_minutes, (item.min_minutes + item.max_minutes) // 2, item.max_minutes}):
        made = workout(item, minutes)
        assert made.minutes == minutes
        assert sum(step.total_s for step in made.steps) == 60 * minutes
        flat = [step for block in made.steps for step in block.flat()]
        assert all(step.duration_s > 0 and (step.text or step.kind is StepKind.REPEAT) for step in flat)
        assert all(0 <= step.low_pct <= 200 and 0 <= step.high_pct <= 200 for step in flat)
        assert 0 < made.load_au < 1.7 * minutes
        if item.kind in {SessionKind.EASY, SessionKind.RECOVERY} and item.sport is not PlanSport.STRENGTH:
            assert made.zone_minutes[2] < 6


@pytest.mark.parametrize("level", Experience)
@pytest.mark.parametrize("sport", [PlanSport.RUNNING, PlanSport.CYCLING, PlanSport.SWIMMING])
def test_every_level_finds_easy_long_and_hard_sessions(level: Experience, sport: PlanSport) -> None:
    kinds = {item.kind for item in LIBRARY if item.sport is sport and level in item.levels}
    assert {SessionKind.EASY, SessionKind.LONG, SessionKind.OPENER, *KEY_KINDS - {SessionKind.TEST}} <= kinds


def test_strength_uses_what_is_at_hand_and_never_needs_more() -> None:
    for level in Experience:
        for sport in PlanSport:
            nothing = strength_sessions(level, sport, frozenset())
            assert nothing
            assert all(not item.equipment for item in nothing)
    bands = strength_sessions(Experience.BEGINNER, PlanSport.RUNNING, frozenset({Equipment.BAND}))
    assert bands[0].equipment == {Equipment.BAND}
    assert "strength.cyclist_legs" not in {item.template_id for item in bands}
