"""All workouts, by sport."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from topform.coaching.goals import Experience, PlanSport
from topform.coaching.workouts.cycling import CYCLING
from topform.coaching.workouts.cycling_sets import ENDURANCE_RIDES, INTERVAL_RIDES
from topform.coaching.workouts.model import SessionKind
from topform.coaching.workouts.race_pace import race_template
from topform.coaching.workouts.running import RUNNING
from topform.coaching.workouts.running_sets import BRICK_RUNS, EASY_RUNS, INTERVAL_RUNS
from topform.coaching.workouts.strength_general import GENERAL_STRENGTH
from topform.coaching.workouts.swimming import SWIMMING
from topform.coaching.workouts.swimming_sets import INTERVAL_SWIMS, TECHNIQUE_SWIMS
from topform.coaching.workouts.template import Template

LIBRARY: Final[tuple[Template, ...]] = (
    *(*RUNNING, *EASY_RUNS, *INTERVAL_RUNS),
    *(*CYCLING, *ENDURANCE_RIDES, *INTERVAL_RIDES),
    *(*SWIMMING, *TECHNIQUE_SWIMS, *INTERVAL_SWIMS),
    *GENERAL_STRENGTH,
)
"""Sessions that stand alone. Runs off the bike follow a ride: see `BRICK_RUNS`."""

ALL_TEMPLATES: Final[tuple[Template, ...]] = (*LIBRARY, *BRICK_RUNS)


@lru_cache(maxsize=1024)
def templates(
    sport: PlanSport, level: Experience, kinds: frozenset[SessionKind], phase: str | None = None
) -> tuple[Template, ...]:
    """Return the library's templates of a sport that suit the level and the phase, in library order."""
    return tuple(
        item
        for item in LIBRARY
        if item.sport is sport
        and level in item.levels
        and item.kind in kinds
        and (phase is None or item.belongs_to(phase))
    )


def template(template_id: str) -> Template | None:
    """Return a template by its id, None for sessions that are made for one plan only."""
    found = next((item for item in ALL_TEMPLATES if item.template_id == template_id), None)
    return race_template(template_id) if found is None else found
