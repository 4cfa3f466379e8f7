"""What the server asks of whoever trains and judges versions of the verdict; plain figures and no more."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from topform.kinematics.form_analysis import Fault
from topform.kinematics.verdict import VerdictConstants

HELD_OUT_SHARE: Final = 0.4
"""Of the people: they judge every version and train none. Who it is follows from the person's code alone."""


@dataclass(frozen=True, slots=True)
class LabelledExample:
    """One set, as positions in the grey zones, and whether people called it wrong.

    Parameters
    ----------
    person : str
        A code; the same for all sets of a person.
    positions : mapping
        See `topform.kinematics.verdict.positions`.
    is_wrong : bool
        The label.
    groups : mapping
        What subgroups the set belongs to, for example ``{"view": "side"}``.
    source : str
        Who said so: ``raters``, ``opinion`` or ``disputes``.
    content : str
        Digest of the analysis it comes from, so that a copy under another code is known again.
    """

    person: str
    positions: Mapping[Fault, float]
    is_wrong: bool
    groups: Mapping[str, str] = field(default_factory=dict)
    source: str = "opinion"
    content: str = ""

    @property
    def sha256(self) -> str:
        """Digest of the set itself, whoever it is said to show and whatever is said of it."""
        return _digest({"content": self.content, "positions": self._positions()})

    @property
    def lineage_sha256(self) -> str:
        """Digest of everything about it that a data set is made of."""
        return _digest(
            {
                "set": self.sha256,
                "person": self.person,
                "is_wrong": self.is_wrong,
                "groups": dict(self.groups),
                "source": self.source,
            }
        )

    def _positions(self) -> dict[str, float]:
        return {fault.value: round(value, 6) for fault, value in self.positions.items()}

    @property
    def is_held_out(self) -> bool:
        """Whether the person judges versions and never trains one."""
        return is_held_out(self.person)


def _digest(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def is_held_out(person: str) -> bool:
    """Tell whether a person's sets are for judging, by their code alone.

    Examples
    --------
    >>> is_held_out("person-a") == is_held_out("person-a")
    True
    """
    digest = hashlib.sha256(f"held out {person}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2.0**64 < HELD_OUT_SHARE


@dataclass(frozen=True, slots=True)
class TrainedOn:
    """What a version has seen: digests of the examples and codes of their people."""

    examples: frozenset[str]
    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class Challenger:
    """A freshly fitted version."""

    constants: VerdictConstants
    trained_on: TrainedOn


@dataclass(frozen=True, slots=True)
class GateLimits:
    """What a challenger has to reach on people held out.

    Parameters
    ----------
    min_people, min_sets : int
        Held out, fewer decide nothing.
    max_group_loss : float
        By how much the mean squared error of the probability may be worse in any subgroup. [1]
    max_ece : float
        Largest calibration error, unless the champion's is no smaller. [1]
    level : float
        Error level of the interval over all looks: the k-th at one champion takes ``level / (k (k + 1))``, which adds
        up to ``level`` however often one looks.
    looks : int
        Challengers that were held against this champion before.
    """

    min_people: int = 50
    min_sets: int = 200
    max_group_loss: float = 0.02
    max_ece: float = 0.15
    level: float = 0.05
    looks: int = 0


@dataclass(frozen=True, slots=True)
class GateReport:
    """Whether a challenger may go on, why not, and every number that decided."""

    reasons: tuple[str, ...]
    numbers: Mapping[str, Any]

    @property
    def has_passed(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons


class VerdictTrainer(Protocol):
    """Anything that can fit and judge the constants of the verdict."""

    def fit(self, examples: Sequence[LabelledExample], start: VerdictConstants) -> Challenger:
        """Fit constants to the examples of people who are not held out, beginning from published conventions."""
        ...

    def judge(
        self,
        challenger: VerdictConstants,
        champion: VerdictConstants,
        examples: Sequence[LabelledExample],
        trained_on: TrainedOn,
        limits: GateLimits,
    ) -> GateReport:
        """Hold a challenger against the champion on people held out."""
        ...
