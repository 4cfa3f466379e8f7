"""What a request left open and what was taken instead, as a code with its numbers and as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from topform.coaching.language import sentence


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
        return sentence(f"assumed.{self.code}", self.params, "en")

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form."""
        return {"code": self.code, "params": dict(self.params), "text": self.text}
