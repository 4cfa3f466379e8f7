"""What an athlete can share with a coach, in the words that both are shown."""

from __future__ import annotations

from typing import Final

from topform.core.errors import InvalidInputError
from topform.features.athletes.public import Share

TEXT_VERSION: Final = "1"
"""A changed meaning of any scope is a new version."""

TEXTS: Final = {
    Share.ACTIVITIES: "Activities with their numbers, curves and routes outside your privacy zones, and the fitness, "
    "fatigue and form that follow from them. Original files and your notes are not included.",
    Share.NUMBERS: "Thresholds, zones, tests, and daily values such as sleep, weight and resting heart rate, and the "
    "readiness and warnings that follow from them.",
    Share.PLAN: "Your plan, its changes and open questions, and how you said sessions felt.",
    Share.PLAN_PROPOSALS: "Suggesting changes of your plan. Nothing changes before you accept it.",
    Share.FORM_CHECKS: "Analyses of your form: repetitions, findings and advice. No video and no picture.",
    Share.HEALTH_NOTES: "What you reported about illness, pain and symptoms, and the notes of your activities and "
    "sessions.",
}
SUGGESTED: Final = (Share.ACTIVITIES, Share.NUMBERS, Share.PLAN, Share.PLAN_PROPOSALS)
"""What is ticked at first; health notes never are."""


def ordered(scopes: list[Share]) -> list[str]:
    """Return a sound selection without repetition, in the usual order."""
    if Share.PLAN_PROPOSALS in scopes and Share.PLAN not in scopes:
        raise InvalidInputError(
            "Whoever suggests changes of a plan has to see it.", remedy="Share the plan as well, or take both away."
        )
    return [share.value for share in Share if share in scopes]
