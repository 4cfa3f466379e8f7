"""What the server asks of whoever trains and judges versions of the learned step model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from topform.kinematics.form_analysis import Fault
from topform.kinematics.verdict import VerdictConstants
from topform.kinematics.verdict_training import GateLimits, GateReport, LabelledExample, TrainedOn


@dataclass(frozen=True, slots=True)
class MarkedRep:
    """One complete repetition, and what people said of it.

    Parameters
    ----------
    start_s, end_s : float
        Since the recording began. [s]
    faults : frozenset of Fault
        Those that were seen.
    judged : frozenset of Fault
        Those that were looked for; what is not among them is unknown.
    """

    start_s: float
    end_s: float
    faults: frozenset[Fault]
    judged: frozenset[Fault]


@dataclass(frozen=True, slots=True, eq=False)
class LabelledSequence:
    """A labelled set with its body points.

    Parameters
    ----------
    example : LabelledExample
        What is said of the set, and of whom.
    poses : bytes
        The `.npz` of the body points.
    reps : tuple of MarkedRep
        Empty where nobody said anything of single repetitions.
    """

    example: LabelledExample
    poses: bytes
    reps: tuple[MarkedRep, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class StepFile:
    """A step model: the `.tflite`, some frames with what it says of them, and what is known of its training."""

    content: bytes
    golden: Mapping[str, Any]
    notes: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class StepChallenger:
    """A freshly trained version."""

    file: StepFile
    trained_on: TrainedOn


@dataclass(frozen=True, slots=True)
class StepSaid:
    """What the verdict on a set is with one version of the step model."""

    decision: str
    probability: float | None


class StepTrainer(Protocol):
    """Anything that can train, judge and run versions of the step model."""

    def shipped(self) -> StepFile:
        """Return the version that ships with the program."""
        ...

    def fit(self, sequences: Sequence[LabelledSequence]) -> StepChallenger:
        """Train on made-up recordings and on the sequences of people who are not held out.

        Raises
        ------
        ModelUnavailableError
            If what training needs is not installed.
        """
        ...

    def judge(
        self,
        challenger: bytes,
        champion: bytes,
        sequences: Sequence[LabelledSequence],
        trained_on: TrainedOn,
        limits: GateLimits,
        constants: VerdictConstants,
    ) -> GateReport:
        """Hold a challenger against the champion on people held out, with the verdict in force."""
        ...

    def says(self, content: bytes, poses: Sequence[bytes], constants: VerdictConstants) -> list[StepSaid | None]:
        """Return what the verdict on sets would be; None for body points that cannot be read."""
        ...
