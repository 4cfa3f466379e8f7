"""What the learned form model says about a frame, and the decision constants fitted on held-out people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from topform.core.arrays import FloatArray
from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Fault

FAULT_ORDER: Final = PUSH_UP_FAULTS
MODEL_ID: Final = "push_up_form"
"""Under which the registry and the folder of shipped models know it."""


@dataclass(frozen=True, slots=True)
class LearnedForm:
    """What the model says after a frame.

    Parameters
    ----------
    fault_logits : tuple of float
        One for each of `FAULT_ORDER`, for the repetition under way or just ended; 0 = even odds on made-up athletes.
    push_up, plank : float
        Probability that the athlete does push-ups, or holds a plank, 0..1.
    line_deg : float
        Bend at the hip against the line from shoulders to feet, + pike, - sag. [deg]
    left_elbow_deg, right_elbow_deg : float
        Interior elbow angles in space. [deg]
    neck_deg : float
        Ear against the trunk, positive on the ground side. [deg]
    arm_level_deg : float
        Height of the shoulder over the elbow as an inclination. [deg]
    flare_deg : float
        Upper arm against the trunk. [deg]
    """

    fault_logits: tuple[float, ...]
    push_up: float
    plank: float
    line_deg: float
    left_elbow_deg: float
    right_elbow_deg: float
    neck_deg: float
    arm_level_deg: float
    flare_deg: float

    def logit(self, fault: Fault) -> float:
        """Return the logit of one fault."""
        return self.fault_logits[FAULT_ORDER.index(fault)]


@dataclass(frozen=True, slots=True)
class PromotedModel:
    """A version of the form model that decides on a server instead of the one that ships with the program.

    Parameters
    ----------
    number : int
        In the server's registry.
    sha256 : str
        Of the file.
    content : bytes
        The `.tflite`.
    """

    number: int
    sha256: str
    content: bytes

    def as_dict(self) -> dict[str, str]:
        """Return what an analysis says about it."""
        return {"version": str(self.number), "sha256": self.sha256, "variant": "promoted"}


class FormModel(Protocol):
    """A learned step model that follows one person."""

    def step(self, *, t_s: float, xy_px: FloatArray, score: FloatArray) -> LearnedForm | None:
        """Take one frame; None before the model has seen a body.

        Parameters
        ----------
        t_s : float
            Time of the frame; increases. [s]
        xy_px : ndarray of float64, shape (33, 2)
            Keypoints, y down, NaN = not observed. [px]
        score : ndarray of float64, shape (33,)
            Certainty, 0..1.
        """
        ...
