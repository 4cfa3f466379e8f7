"""What somebody may have at hand for strength training."""

from __future__ import annotations

from enum import StrEnum


class Equipment(StrEnum):
    """A kind of equipment; a session that names none needs a floor and a chair."""

    BAND = "band"
    DUMBBELLS = "dumbbells"
    KETTLEBELL = "kettlebell"
    BARBELL = "barbell"
    PULL_UP_BAR = "pull_up_bar"
