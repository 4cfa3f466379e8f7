"""Form checks as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from topform.platform.web.pages import Page
from topform.platform.web.shapes import ShownAs

FormDecision = Literal["correct", "faulty", "unsure"]
Reference = Literal["standard", "best_of_set", "best_ever"]
Exercise = Literal[
    "auto",
    "push_up",
    "squat",
    "lunge",
    "pull_up",
    "sit_up",
    "plank",
    "jumping_jack",
    "overhead_press",
    "running",
]

PushUpVariant = Literal["hands_60cm", "knees", "hands_30cm", "regular", "feet_30cm", "feet_60cm"]


class FormCheckSummary(BaseModel):
    """A form check in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    exercise: str
    created_at: datetime
    rep_count: int
    held_s: float | None = Field(
        default=None, description="How long the posture was held, of an exercise without repetitions. [s]"
    )
    step_rate_spm: float | None = Field(default=None, description="Steps of both feet a minute, of running.")
    form_decision: FormDecision
    duration_s: float
    file_name: str
    thumbnail_url: str | None = Field(
        default=None, description="One picture out of the annotated video, where there is one; for its athlete alone."
    )


class FormCheckPage(Page[FormCheckSummary]):
    """Form checks, newest first."""


class FormView(BaseModel):
    """From where the camera looks."""

    model_config = ConfigDict(extra="allow")

    name: str
    yaw_deg: float | None = None


class FormFault(BaseModel):
    """A finding with its certainty; `abstain` when it could not be seen."""

    model_config = ConfigDict(extra="allow")

    code: str
    probability: float | None = None
    decision: str = Field(description="`fault`, `borderline`, `none` or `abstain`.")
    reason: str | None = None
    window_s: tuple[float, float] | None = Field(default=None, description="When the evidence was seen. [s]")
    measured: float | None = Field(default=None, description="In `unit`.")
    limit_pass: float | None = Field(default=None, description="Better than this is no fault; in `unit`.")
    limit_fail: float | None = Field(default=None, description="Worse than this is a fault; in `unit`.")
    unit: str | None = None
    learned_probability: float | None = Field(default=None, description="Of the learned model on its own, 0..1.")


class FormAngle(BaseModel):
    """The interior angle of the joint that the exercise is about; 180 degrees is straight."""

    joint: str
    min_deg: float
    max_deg: float


class FormHold(BaseModel):
    """A posture that was held, for an exercise without repetitions."""

    model_config = ConfigDict(extra="allow")

    start_s: float
    end_s: float
    held_s: float = Field(description="All stretches together.")
    line_deg: float | None = None
    drift_deg: float | None = None
    broke_s: float | None = None
    faults: list[FormFault] = []


class FormGait(BaseModel):
    """Running seen from the side; null = not measured."""

    model_config = ConfigDict(extra="allow")

    step_rate_spm: float = Field(description="Steps of both feet a minute.")
    steps: int
    landing_ahead: float | None = Field(default=None, description="Ankle ahead of the hip at landing, in leg lengths.")
    trunk_lean_deg: float | None = Field(default=None, description="Positive forwards.")
    knee_at_landing_deg: float | None = Field(default=None, description="180 degrees is straight.")
    shank_at_landing_deg: float | None = None
    contact_s: float | None = Field(default=None, description="Proxy; needs at least 100 frames a second.")
    flight_s: float | None = None
    start_s: float | None = None
    end_s: float | None = None
    faults: list[FormFault] = []


class FormTempo(BaseModel):
    """How long the parts of a repetition took. [s]"""

    model_config = ConfigDict(extra="allow")

    eccentric_s: float | None = Field(default=None, description="Lowering.")
    concentric_s: float | None = Field(default=None, description="Raising.")
    total_s: float | None = None


class FormRep(BaseModel):
    """One repetition; joint angles are interior angles, 180 degrees is straight."""

    model_config = ConfigDict(extra="allow")

    index: int
    start_s: float
    turn_s: float | None = None
    end_s: float
    complete: bool
    range_deg: float | None = None
    range_m: float | None = Field(default=None, description="How far the body rose, on an average body.")
    min_elbow_deg: float | None = None
    max_elbow_deg: float | None = None
    body_line_deg: float | None = None
    angle: FormAngle | None = None
    tempo: FormTempo | None = None
    score: float | None = None
    faults: list[FormFault] = []


class FormVerdict(BaseModel):
    """The set as a whole."""

    model_config = ConfigDict(extra="allow")

    decision: FormDecision
    probability_faulty: float | None = None
    faults: list[str] = Field(default=[], description="Fault codes, worst first.")
    unseen: list[str] = Field(default=[], description="Codes of faults that could not be judged.")


class FormGap(BaseModel):
    """A time without a picture that was looked at. [s]"""

    model_config = ConfigDict(extra="allow")

    start_s: float
    end_s: float


class FormCamera(BaseModel):
    """Which pictures a set before a camera rests on."""

    model_config = ConfigDict(extra="allow")

    frames: int = Field(description="Pictures that were looked at.")
    dropped: int = Field(description="Pictures that were passed over.")
    dropped_s: list[float] = Field(description="When they were taken, since the first picture. [s]")
    gaps: list[FormGap] = Field(default=[], description="The longest ones first.")


class FormRecommendation(BaseModel):
    """What to do about a fault."""

    model_config = ConfigDict(extra="allow")

    fault: str
    drill: str
    variant: str = Field(description="An easier or other form of the exercise.")
    next_set: str = Field(description="How to do the next set.")
    source: str


class FormFeedbackCode(TypedDict):
    """A sentence of the feedback as its code and the numbers in it."""

    code: str
    params: dict[str, int | float | str]


class FormWarning(TypedDict):
    """Something to keep in mind about the recording."""

    code: str
    message: str
    offset_bytes: NotRequired[int | None]


FormModelFacts = dict[str, str | int | float | bool | None]


class FormDocument(BaseModel):
    """The whole analysis, as `topform analyze` prints it."""

    model_config = ConfigDict(extra="allow")

    exercise: str
    exercise_probability: float | None = None
    view: FormView | None = None
    fps: float | None = None
    frames: int | None = None
    duration_s: float
    rep_count: int
    partial_count: int | None = None
    revised_count: int | None = None
    revision_reason: str | None = None
    reps: list[FormRep]
    hold: FormHold | None = None
    gait: FormGait | None = None
    form: FormVerdict
    feedback: list[str] = []
    feedback_codes: Annotated[list[dict[str, Any]], ShownAs(list[FormFeedbackCode])] = Field(
        default=[], description="The same as `feedback`, for other languages."
    )
    recommendations: list[FormRecommendation] = []
    poses_found: float | None = None
    models: Annotated[dict[str, Any], ShownAs(dict[str, FormModelFacts])] = Field(
        default={},
        description="What took part (`pose`, `form`, ...): `id`, `version`, `sha256` and what it says of itself.",
    )
    timing_s: dict[str, float | None] = {}
    warnings: Annotated[list[Any], ShownAs(list[FormWarning])] = []
    camera: FormCamera | None = Field(default=None, description="Only of a set that was followed live.")


class SetSaid(BaseModel):
    """What only the athlete knows of a set; null where it is not said."""

    model_config = ConfigDict(extra="forbid")

    variant: PushUpVariant | None = Field(default=None, description="Of push-ups; the regular one when absent.")
    external_kg: Annotated[float, Field(ge=0, le=600, allow_inf_nan=False)] | None = Field(
        default=None, description="Weight beside the body. [kg]"
    )
    rir: Annotated[int, Field(ge=0, le=30)] | None = Field(default=None, description="Repetitions that were left.")
    rpe_cr10: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] | None = Field(
        default=None, description="How hard the set was, 0..10; gives its load."
    )


class FilmedSet(BaseModel):
    """The set as training; null where something is missing, which is not zero."""

    said: SetSaid
    reps: int
    active_s: float = Field(description="From the first repetition's start to the last one's end, or held. [s]")
    volume_load_kg: float | None = Field(description="Repetitions times the mass moved. [kg]")
    hard_sets: float | None = Field(description="1 with at most 3 repetitions left, 0.5 to 5, else 0.")
    velocity_loss_frac: float | None = Field(description="From the fastest of the first three repetitions to the last.")
    load_au: float | None = Field(description="Rating times minutes on the load scale.")
    counts: bool = Field(
        description="Whether the load is part of the day's; not where a strength workout of that day holds the set."
    )
    missing: list[Literal["body_mass", "external_mass", "repetitions", "rir", "rating"]]


class FormCheck(FormCheckSummary):
    """A form check with its analysis."""

    analysis: FormDocument
    video_url: str | None = Field(description="The annotated video; supports byte ranges.")
    has_track: bool = Field(description="Whether there is a moving skeleton of it.")
    references: list[Reference] = Field(description="What its repetitions can be compared with.")
    filmed_set: FilmedSet | None = Field(description="The set as training; null where none was recognised.")


class MovementTrack(BaseModel):
    """A moving skeleton: at most 15 moments a second, in a box whose longer side is 1000."""

    version: int
    joints: list[str]
    bones: list[tuple[int, int]] = Field(description="Pairs of places in `joints`.")
    width: float
    height: float
    t_s: list[float]
    xy: list[list[int | None] | None] = Field(description="x and y of each joint in turn, y down; null: nobody seen.")


class JointDifference(BaseModel):
    """How one joint differs from the reference; degrees, this recording minus the reference."""

    joint: str
    mean_deg: float
    by_part_deg: dict[str, float]
    by_phase_deg: list[float | None] = Field(description="Over the repetition, in 16 equal parts.")


class ReferencePoses(BaseModel):
    """A reference's skeleton over one repetition: origin between the hips, the trunk's length is 1, head to the right,
    y down."""

    joints: list[str]
    bones: list[tuple[int, int]]
    xy: list[list[float | None]]


class FormComparison(BaseModel):
    """A set, or one repetition of it, beside a reference."""

    reference: Reference
    reference_form_check_id: UUID | None = Field(description="Where the reference is a repetition of yours: of which.")
    reference_rep_index: int | None
    reference_poses: ReferencePoses | None = Field(description="Where it is the standard.")
    reps: int
    distance: float = Field(description="Mean squared difference along the best alignment, in squares of 10 degrees.")
    similarity: float | None = Field(
        description="Share of your own good repetitions that lie at least as far from the reference; null below five."
    )
    good_reps: int
    tempo_ratio: float
    joints: list[JointDifference] = Field(description="The largest difference first.")


class AskedPlan(BaseModel):
    """The question that a recommendation became."""

    proposal_id: UUID = Field(description="Among the plan's proposals; nothing changes before it is accepted.")
