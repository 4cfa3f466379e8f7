"""What a request left open and what was taken instead, as a code with its numbers and as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_TEXTS: Final = {
    "ignored_field": "The request's field {name} is not known here and was not used.",
    "experience": "Experience was not stated: planned as for a beginner, the most careful choice.",
    "fatigue": "Fatigue (atl) was not stated: taken equal to fitness (ctl), as in steady training.",
    "fitness": "Fitness (ctl) and history were not stated: {ctl} AU a day assumed for the stated experience and time; "
    "connect a history for a plan that fits better.",
    "longest": "Longest recent {sport} session was not stated: {minutes} min assumed.",
    "longest_triathlon": "The longest recent session was read as a ride; half of it as run, 40 % as swim.",
    "longest_other_sport": "The longest recent session was {own}: {sport} starts with short sessions.",
    "longest_by_distance": "The longest session was stated by distance only: read as {minutes} min.",
    "threshold": "No {sport} threshold was stated: targets are shares of a threshold you do not have yet, and effort.",
    "race_time": "The race time was taken from a speed typical for the stated experience: {minutes} min.",
}


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing that had to be assumed.

    Parameters
    ----------
    code : str
    params : mapping of str to object
        The numbers and names in the sentence.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The assumption in words.

        Examples
        --------
        >>> Assumption("longest", {"sport": "running", "minutes": 75}).text
        'Longest recent running session was not stated: 75 min assumed.'
        """
        return _TEXTS[self.code].format(**self.params)

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form."""
        return {"code": self.code, "params": dict(self.params), "text": self.text}
