"""All workouts, by sport."""

from __future__ import annotations

from typing import Final

from topform.coaching.goals import Experience, PlanSport
from topform.coaching.workouts.cycling import CYCLING
from topform.coaching.workouts.model import SessionKind
from topform.coaching.workouts.running import RUNNING
from topform.coaching.workouts.strength import GENERAL_STRENGTH
from topform.coaching.workouts.swimming import SWIMMING
from topform.coaching.workouts.template import Template

LIBRARY: Final[tuple[Template, ...]] = (*RUNNING, *CYCLING, *SWIMMING, *GENERAL_STRENGTH)


def templates(sport: PlanSport, level: Experience, kinds: frozenset[SessionKind]) -> tuple[Template, ...]:
    """Return the library's templates of a sport that suit the level, in library order."""
    return tuple(item for item in LIBRARY if item.sport is sport and level in item.levels and item.kind in kinds)
