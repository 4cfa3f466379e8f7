"""Every text of the workout library is there in German, with the same numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from topform.coaching.request import STRENGTH_EXERCISES
from topform.coaching.workouts.library import ALL_TEMPLATES
from topform.coaching.workouts.model import Step, Workout
from topform.coaching.workouts.strength import progression_week
from topform.coaching.workouts.template import workout

CATALOGUE = Path(__file__).parents[3] / "app" / "src" / "features" / "plan" / "planTexts.de.json"
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def _texts(items: Iterable[Workout]) -> set[str]:
    found: set[str] = set()

    def collect(steps: Iterable[Step]) -> None:
        for step in steps:
            found.add(step.text)
            collect(step.steps)

    for item in items:
        found.update((item.title, item.purpose))
        collect(item.steps)
    return {NUMBER.sub("#", text) for text in found if text}


def test_every_text_of_the_library_is_there_in_german() -> None:
    items = [workout(item, minutes) for item in ALL_TEMPLATES for minutes in (item.min_minutes, item.max_minutes)]
    for exercise in STRENGTH_EXERCISES:
        for best in (0, 3, 5, 8, 12, 25, 60):
            for is_test in (False, True):
                items += progression_week(exercise, best, training_week=2, is_test_week=is_test)
    german = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    assert _texts(items) - german.keys() == set()
    for english, text in german.items():
        assert english.count("#") == text.count("#"), english
