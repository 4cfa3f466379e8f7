"""What a form check found: the types behind `topform analyze` and the form-check screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from topform.core.activity import FileWarning
from topform.kinematics.camera_record import CameraRecord


class Exercise(StrEnum):
    """Exercises whose form can be checked, and the honest rest."""

    PUSH_UP = "push_up"
    SQUAT = "squat"
    LUNGE = "lunge"
    PULL_UP = "pull_up"
    SIT_UP = "sit_up"
    PLANK = "plank"
    JUMPING_JACK = "jumping_jack"
    OVERHEAD_PRESS = "overhead_press"
    RUNNING = "running"
    UNKNOWN = "unknown"


class ViewName(StrEnum):
    """From where the camera sees the athlete."""

    SIDE = "side"
    THREE_QUARTER = "three_quarter"
    FRONT = "front"
    REAR = "rear"
    TOP = "top"
    UNKNOWN = "unknown"


class Fault(StrEnum):
    """Faults of all exercises; a code means the same in each."""

    HIPS_SAG = "hips_sag"
    HIPS_PIKE = "hips_pike"
    SHALLOW_DEPTH = "shallow_depth"
    INCOMPLETE_LOCKOUT = "incomplete_lockout"
    ELBOW_FLARE = "elbow_flare"
    HEAD_DROP = "head_drop"
    ASYMMETRY = "asymmetry"
    TOO_FAST = "too_fast"
    WORMING = "worming"
    FORWARD_LEAN = "forward_lean"
    KNEES_IN = "knees_in"
    HEEL_LIFT = "heel_lift"
    NOT_FULLY_UP = "not_fully_up"
    NOT_FULLY_DOWN = "not_fully_down"
    FEET_LIFT = "feet_lift"
    NECK_PULL = "neck_pull"
    CHIN_BELOW_BAR = "chin_below_bar"
    KIPPING = "kipping"
    LINE_DRIFT = "line_drift"
    ELBOWS_OFF = "elbows_off"
    FEET_NARROW = "feet_narrow"
    LEAN_BACK = "lean_back"
    HANDS_OFF = "hands_off"
    OVERSTRIDE = "overstride"


PUSH_UP_FAULTS: Final = (
    Fault.HIPS_SAG,
    Fault.HIPS_PIKE,
    Fault.SHALLOW_DEPTH,
    Fault.INCOMPLETE_LOCKOUT,
    Fault.ELBOW_FLARE,
    Fault.HEAD_DROP,
    Fault.ASYMMETRY,
    Fault.TOO_FAST,
    Fault.WORMING,
)
"""The order is that of the learned form model's outputs."""


class Decision(StrEnum):
    """What can be said of one fault in one repetition."""

    FAULT = "fault"
    BORDERLINE = "borderline"
    NONE = "none"
    ABSTAIN = "abstain"


class FormDecision(StrEnum):
    """What can be said of the whole set."""

    CORRECT = "correct"
    FAULTY = "faulty"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class View:
    """The camera's place.

    Parameters
    ----------
    name : ViewName
        The place in a word.
    yaw_deg : float or None
        0 = side view, +90 = head towards the camera, -90 = feet towards the camera. [deg]
    """

    name: ViewName
    yaw_deg: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {"name": self.name.value, "yaw_deg": _rounded(self.yaw_deg, 1)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in one repetition.

    Parameters
    ----------
    fault : Fault
        Which.
    decision : Decision
        ``ABSTAIN`` when it could not be seen.
    probability : float or None
        Map of the margin to the limits, 0..1, not calibrated; None when nothing was measured.
    reason : str
        Stable id of why, for example ``"beyond_limit"`` or ``"view_not_side"``.
    window_s : tuple of float
        When the evidence was seen. [s]
    measured : float or None
        The measured value. [unit]
    passes, fails : float
        The limits it was held against. [unit]
    unit : str
        Unit of the three.
    learned_probability : float or None
        What the learned model says on its own, 0..1; trained on made-up athletes, so evidence and no verdict.
    """

    fault: Fault
    decision: Decision
    probability: float | None
    reason: str
    window_s: tuple[float, float]
    measured: float | None
    passes: float
    fails: float
    unit: str
    learned_probability: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "code": self.fault.value,
            "probability": _rounded(self.probability, 3),
            "decision": self.decision.value,
            "reason": self.reason,
            "window_s": [round(self.window_s[0], 3), round(self.window_s[1], 3)],
            "measured": _rounded(self.measured, 2),
            "limit_pass": self.passes,
            "limit_fail": self.fails,
            "unit": self.unit,
            "learned_probability": _rounded(self.learned_probability, 3),
        }


@dataclass(frozen=True, slots=True)
class Tempo:
    """How long the parts of a repetition took. [s]"""

    eccentric_s: float
    concentric_s: float

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "eccentric_s": round(self.eccentric_s, 3),
            "concentric_s": round(self.concentric_s, 3),
            "total_s": round(self.eccentric_s + self.concentric_s, 3),
        }


@dataclass(frozen=True, slots=True)
class JointRange:
    """The interior angle of the joint that an exercise is about, 180 = straight. [deg]"""

    joint: str
    min_deg: float
    max_deg: float

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {"joint": self.joint, "min_deg": round(self.min_deg, 1), "max_deg": round(self.max_deg, 1)}


@dataclass(frozen=True, slots=True)
class Hold:
    """A posture that was held.

    Parameters
    ----------
    start_s, end_s : float
        The longest stretch. [s]
    held_s : float
        All stretches together. [s]
    line_deg : float or None
        Median bend at the hip, + pike, - sag. [deg]
    drift_deg : float or None
        Largest change of the line against the first five seconds. [deg]
    broke_s : float or None
        When the line was lost for longer than three seconds. [s]
    findings : tuple of Finding
        One for each fault of the exercise.
    """

    start_s: float
    end_s: float
    held_s: float
    line_deg: float | None
    drift_deg: float | None
    broke_s: float | None
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "start_s": round(self.start_s, 3),
            "end_s": round(self.end_s, 3),
            "held_s": round(self.held_s, 3),
            "line_deg": _rounded(self.line_deg, 1),
            "drift_deg": _rounded(self.drift_deg, 1),
            "broke_s": _rounded(self.broke_s, 3),
            "faults": [finding.as_dict() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Gait:
    """Running, seen from the side; None = not measured.

    Parameters
    ----------
    step_rate_spm : float
        Steps of both feet. [1/min]
    steps : int
        How many were seen.
    landing_ahead : float or None
        Ankle ahead of the hip when the foot lands. [leg lengths]
    trunk_lean_deg : float or None
        Positive forwards. [deg]
    knee_at_landing_deg : float or None
        Interior angle, 180 = straight. [deg]
    shank_at_landing_deg : float or None
        Shank against the upright. [deg]
    contact_s, flight_s : float or None
        From landing to where the foot is furthest behind, and the rest of a step: proxies, for recordings with at least
        100 frames a second. [s]
    start_s, end_s : float
        First and last step. [s]
    findings : tuple of Finding
        One for each fault.
    """

    step_rate_spm: float
    steps: int
    landing_ahead: float | None
    trunk_lean_deg: float | None
    knee_at_landing_deg: float | None
    shank_at_landing_deg: float | None
    contact_s: float | None
    flight_s: float | None
    start_s: float
    end_s: float
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "step_rate_spm": round(self.step_rate_spm, 1),
            "steps": self.steps,
            "landing_ahead": _rounded(self.landing_ahead, 3),
            "trunk_lean_deg": _rounded(self.trunk_lean_deg, 1),
            "knee_at_landing_deg": _rounded(self.knee_at_landing_deg, 1),
            "shank_at_landing_deg": _rounded(self.shank_at_landing_deg, 1),
            "contact_s": _rounded(self.contact_s, 3),
            "flight_s": _rounded(self.flight_s, 3),
            "start_s": round(self.start_s, 3),
            "end_s": round(self.end_s, 3),
            "faults": [finding.as_dict() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Repetition:
    """One repetition or attempt.

    Parameters
    ----------
    index : int
        Place in the set from 1, partial attempts included.
    start_s, turn_s, end_s : float
        Leaving the top, lowest point, back at the top. [s]
    is_complete : bool
        False for a partial repetition, which is not counted.
    range_deg : float or None
        Elbow range from the bottom to the straighter end. [deg]
    range_m : float
        How far the shoulders sank. [m], by the scale of an average body
    min_elbow_deg, max_elbow_deg : float or None
        Interior elbow angles, 180 = straight. [deg]
    body_line_deg : float or None
        Median bend at the hip, + pike, - sag. [deg]
    tempo : Tempo
        Durations.
    score : float or None
        0..100; None when the line of the body or the depth could not be seen.
    findings : tuple of Finding
        One for each fault of the exercise.
    angle : JointRange or None
        Range of the joint that the exercise is about; None where it was not seen.
    """

    index: int
    start_s: float
    turn_s: float
    end_s: float
    is_complete: bool
    range_deg: float | None
    range_m: float
    min_elbow_deg: float | None
    max_elbow_deg: float | None
    body_line_deg: float | None
    tempo: Tempo
    score: float | None
    findings: tuple[Finding, ...]
    angle: JointRange | None = None

    def finding(self, fault: Fault) -> Finding:
        """Return the finding on one fault."""
        return next(finding for finding in self.findings if finding.fault is fault)

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "index": self.index,
            "start_s": round(self.start_s, 3),
            "turn_s": round(self.turn_s, 3),
            "end_s": round(self.end_s, 3),
            "complete": self.is_complete,
            "range_deg": _rounded(self.range_deg, 1),
            "range_m": round(self.range_m, 3),
            "min_elbow_deg": _rounded(self.min_elbow_deg, 1),
            "max_elbow_deg": _rounded(self.max_elbow_deg, 1),
            "body_line_deg": _rounded(self.body_line_deg, 1),
            "angle": None if self.angle is None else self.angle.as_dict(),
            "tempo": self.tempo.as_dict(),
            "score": _rounded(self.score, 1),
            "faults": [finding.as_dict() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class FormVerdict:
    """The set as a whole.

    Parameters
    ----------
    decision : FormDecision
        In a word.
    probability_faulty : float or None
        Calibrated probability that a trainer would call the set wrong, 0..1; None without repetitions.
    faults : tuple of Fault
        Faults seen, worst first.
    unseen : tuple of Fault
        Faults that this recording cannot show.
    """

    decision: FormDecision
    probability_faulty: float | None
    faults: tuple[Fault, ...]
    unseen: tuple[Fault, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "decision": self.decision.value,
            "probability_faulty": _rounded(self.probability_faulty, 3),
            "faults": [fault.value for fault in self.faults],
            "unseen": [fault.value for fault in self.unseen],
        }


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to do about a fault."""

    fault: Fault
    drill: str
    variant: str
    next_set: str
    source: str

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "fault": self.fault.value,
            "drill": self.drill,
            "variant": self.variant,
            "next_set": self.next_set,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class FormAnalysis:
    """The result of one form check.

    Parameters
    ----------
    exercise : Exercise
        What was done, as far as that could be told.
    exercise_probability : float
        Share of the evidence that speaks for it, 0..1.
    view : View
        Where the camera stood.
    fps, duration_s : float
        Mean frame rate and length. [1/s], [s]
    frames, poses_found : int
        Frames analysed and frames with a person.
    reps, partial_reps : tuple of Repetition
        Counted repetitions and attempts that were not.
    revised_count : int or None
        What evidence of the whole recording says, where it contradicts the causal count.
    revision_reason : str or None
        Why.
    form : FormVerdict
        The set as a whole.
    feedback : tuple of str
        Sentences a person can act on.
    recommendations : tuple of Recommendation
        Drills for the worst faults.
    feedback_codes : tuple of dict
        The feedback as codes and numbers, for other languages.
    models : dict
        Which models spoke.
    timing_s : dict
        Time spent decoding, estimating, analysing and in total. [s]
    warnings : tuple of FileWarning
        What to know about the recording.
    comparison : dict or None
        The set beside a reference performance, where one was given.
    hold : Hold or None
        The posture that was held, for an exercise without repetitions.
    gait : Gait or None
        For running.
    camera : CameraRecord or None
        Which pictures it rests on, where a camera was followed live.
    """

    exercise: Exercise
    exercise_probability: float
    view: View
    fps: float
    frames: int
    duration_s: float
    poses_found: int
    reps: tuple[Repetition, ...]
    partial_reps: tuple[Repetition, ...]
    revised_count: int | None
    revision_reason: str | None
    form: FormVerdict
    feedback: tuple[str, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    models: dict[str, Any] = field(default_factory=dict)
    timing_s: dict[str, float] = field(default_factory=dict)
    warnings: tuple[FileWarning, ...] = ()
    comparison: dict[str, Any] | None = None
    hold: Hold | None = None
    gait: Gait | None = None
    feedback_codes: tuple[dict[str, Any], ...] = ()
    camera: CameraRecord | None = None

    @property
    def rep_count(self) -> int:
        """Repetitions counted."""
        return len(self.reps)

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        in_order = sorted((*self.reps, *self.partial_reps), key=lambda rep: rep.start_s)
        document: dict[str, Any] = {
            "exercise": self.exercise.value,
            "exercise_probability": round(self.exercise_probability, 3),
            "view": self.view.as_dict(),
            "fps": round(self.fps, 3),
            "frames": self.frames,
            "duration_s": round(self.duration_s, 3),
            "poses_found": self.poses_found,
            "rep_count": self.rep_count,
            "partial_count": len(self.partial_reps),
            "revised_count": self.revised_count,
            "revision_reason": self.revision_reason,
            "reps": [rep.as_dict() for rep in in_order],
            "form": self.form.as_dict(),
            "feedback": list(self.feedback),
            "feedback_codes": list(self.feedback_codes),
            "recommendations": [item.as_dict() for item in self.recommendations],
            "models": self.models,
            "timing_s": {name: round(seconds, 3) for name, seconds in self.timing_s.items()},
            "warnings": [warning.as_dict() for warning in self.warnings],
        }
        if self.hold is not None:
            document["hold"] = self.hold.as_dict()
        if self.gait is not None:
            document["gait"] = self.gait.as_dict()
        if self.comparison is not None:
            document["comparison"] = self.comparison
        if self.camera is not None:
            document["camera"] = self.camera.as_dict()
        return document


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
