"""Posts, comments and reports as the API shows and accepts them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from topform.core.activity import Sport
from topform.features.athletes.public import PlainText
from topform.features.community.posts import sharing
from topform.features.community.posts.kept_here import EVERYTHING, Held, kept_apart
from topform.features.community.posts.routes_shown import Pieces, still_shown
from topform.features.plans.public import MilestoneKind
from topform.platform.web.pages import Page

PostKind = Literal["activity", "form_check", "personal_best", "plan_milestone", "remote"]
Audience = Literal["me", "followers", "club", "public"]
Values = dict[str, Any]
BestKind = Literal["power_w", "speed_m_s"]
PostText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), PlainText]
CommentText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), PlainText]


class Author(BaseModel):
    """Who wrote it."""

    handle: str
    name: str


class Origin(BaseModel):
    """Where a post of another server is."""

    host: str
    url: str = Field(description="The post there.")


class PostClub(BaseModel):
    """The club that a post is shared with."""

    id: UUID
    name: str


class Snapshot(BaseModel):
    """What a post shows; a field that is absent was not shared or is not known."""

    model_config = ConfigDict(extra="ignore")

    sport: str | None = None
    exercise: str | None = None
    day: date | None = None
    title: str | None = None
    distance_m: float | None = None
    elapsed_s: float | None = None
    moving_s: float | None = None
    speed_mean_m_s: float | None = None
    ascent_m: float | None = None
    started_at: datetime | None = None
    load_au: float | None = None
    hr_mean_bpm: float | None = None
    power_mean_w: float | None = None
    route: Pieces | None = Field(
        default=None,
        examples=[[[[47.3702, 8.5417], [47.3748, 8.5462], [47.3811, 8.5503]]]],
        description="Pieces of the way, each of [latitude, longitude] points, at most 150 in all, in four decimals: "
        "without its first and last 200 m, and without what lies in a privacy zone of the author's by now. Only "
        "answers of posts have it.",
    )
    mass_kg: float | None = Field(
        default=None,
        ge=20,
        le=400,
        allow_inf_nan=False,
        description="What the author weighed on that day, as their profile says. Only answers of posts have it.",
    )
    video_frame: bool | None = Field(
        default=None,
        description="Whether it has a picture out of the video: `GET /community/posts/{post_id}/video-frame`. Only "
        "answers of posts have it.",
    )
    rep_count: int | None = None
    held_s: float | None = Field(default=None, description="How long a posture was held.")
    step_rate_spm: float | None = None
    form_decision: str | None = None
    duration_s: float | None = None
    best_kind: BestKind | None = None
    best_duration_s: int | None = None
    best_value: float | None = Field(default=None, description="In the unit that `best_kind` names.")
    milestone: MilestoneKind | None = None
    phase: str | None = None
    weeks: int | None = None
    session_count: int | None = None


def snapshot_shown(stored: Values, *, held: Held = EVERYTHING) -> Snapshot:
    """Return what a stored post shows; values that are none, as a tampered archive could hold, are left out.

    What is kept on this server is part of it only for who says what its author holds back.
    """
    values = kept_apart(stored, held)
    try:
        snapshot = Snapshot.model_validate(values)
    except ValidationError as error:
        wrong = {str(one["loc"][0]) for one in error.errors()}
        snapshot = Snapshot.model_validate({name: value for name, value in values.items() if name not in wrong})
    if snapshot.route is None:
        return snapshot
    return snapshot.model_copy(update={"route": still_shown(snapshot.route, held.circles)})


class Post(BaseModel):
    """Something that was shared."""

    id: UUID
    author: Author
    is_own: bool
    kind: PostKind
    text: str
    mentions: list[str] = Field(description="Handles in the text that stand for people you may see.")
    snapshot: Snapshot
    shown: list[str] = Field(description="Names of the fields that the author chose to show.")
    audience: Audience = Field(description="`me` also for a club that is gone, or that its author has left.")
    club: PostClub | None = Field(description="Which club sees it; null for other audiences.")
    kudos: int
    gave_kudos: bool
    comments: int
    created_at: datetime
    edited_at: datetime | None
    is_removed: bool = Field(description="Whether a moderator took it away; then only its author sees it.")
    activity_id: UUID | None = Field(description="The activity behind it; only the author learns it.")
    form_check_id: UUID | None = Field(description="The form check behind it; only the author learns it.")
    origin: Origin | None = Field(
        default=None,
        description="Set for posts of other servers, of the kind `remote`: they have words only, and are liked and "
        "answered where they come from.",
    )


class PostPage(Page[Post]):
    """Posts, the newest and the closest first."""


class Best(BaseModel):
    """Which of one's best values is meant."""

    model_config = ConfigDict(extra="forbid")

    sport: Sport
    kind: BestKind
    duration_s: int = Field(ge=1, le=86_400)


class MilestoneOfPlan(BaseModel):
    """Which milestone of one's own plan is meant, as `GET /plans/{plan_id}/milestones` lists it."""

    model_config = ConfigDict(extra="forbid")

    plan_id: UUID
    kind: MilestoneKind
    first_day: date


class NewPost(BaseModel):
    """What to share, with whom, and which fields of it; exactly one of the four things."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "activity_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                    "audience": "followers",
                    "text": "First ride of the year with @ada_runs",
                    "shown": ["distance", "time", "route"],
                }
            ]
        },
    )

    activity_id: UUID | None = None
    form_check_id: UUID | None = None
    personal_best: Best | None = None
    plan_milestone: MilestoneOfPlan | None = None
    audience: Audience = Field(default="me", description="Who sees it; only you unless you say otherwise.")
    club_id: UUID | None = Field(default=None, description="One of your clubs, when the audience is `club`.")
    text: PostText = ""
    shown: list[sharing.Field] | None = Field(
        default=None,
        max_length=len(sharing.FIELDS),
        description="The fields to show; absent: distance, time and ascent, the count of a form check, the value of a "
        "best, the phase, distance and weeks of a milestone. `route`, `weight` and `video_frame` only where they "
        "are named, and not below 18 years.",
    )

    @model_validator(mode="after")
    def _one_subject(self) -> NewPost:
        about = (self.activity_id, self.form_check_id, self.personal_best, self.plan_milestone)
        if sum(one is not None for one in about) != 1:
            raise ValueError("name exactly one of activity_id, form_check_id, personal_best and plan_milestone")
        _require_fitting_club(self.audience, self.club_id)
        return self


class PostChange(BaseModel):
    """What to change of a post; fields that are left out stay."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"audience": "me"}]})

    audience: Audience | None = None
    club_id: UUID | None = Field(default=None, description="One of your clubs, when the audience becomes `club`.")
    text: PostText | None = None
    shown: list[sharing.Field] | None = Field(
        default=None,
        max_length=len(sharing.FIELDS),
        description="Fields may be shown or hidden afterwards; the snapshot is made anew.",
    )

    @model_validator(mode="after")
    def _one_club(self) -> PostChange:
        _require_fitting_club(self.audience, self.club_id)
        return self


def _require_fitting_club(audience: Audience | None, club_id: UUID | None) -> None:
    if (audience == "club") != (club_id is not None):
        raise ValueError("the audience `club` and a club_id go together")


class Comment(BaseModel):
    """What somebody said to a post."""

    id: UUID
    author: Author
    is_own: bool
    may_delete: bool
    text: str
    mentions: list[str]
    created_at: datetime
    edited_at: datetime | None


class CommentPage(Page[Comment]):
    """Comments, oldest first."""


class CommentWords(BaseModel):
    """What to say."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"text": "Well done, @ada_runs!"}]})

    text: CommentText


Reason = Literal["spam", "harassment", "unsafe_advice", "private_information", "cheating", "other"]


class NewReport(BaseModel):
    """What should not be here, and why; exactly one thing."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"comment_id": "01890a5d-ac96-774b-bcce-b302099a8057", "reason": "harassment"}]
        },
    )

    post_id: UUID | None = None
    comment_id: UUID | None = None
    challenge_id: UUID | None = None
    entry_id: UUID | None = Field(default=None, description="A place on the board of a challenge.")
    club_id: UUID | None = Field(default=None, description="A club, for its name and what it says of itself.")
    team_id: UUID | None = Field(default=None, description="A team of a challenge, for its name.")
    handle: Annotated[str, StringConstraints(max_length=30)] | None = None
    reason: Reason
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), PlainText] = ""

    @model_validator(mode="after")
    def _one_subject(self) -> NewReport:
        names = ("post_id", "comment_id", "challenge_id", "entry_id", "club_id", "team_id", "handle")
        if sum(getattr(self, name) is not None for name in names) != 1:
            raise ValueError(f"name exactly one of {', '.join(names[:-1])} and {names[-1]}")
        return self

    @property
    def kind(self) -> str:
        """Of which kind the thing is."""
        names = ("post", "comment", "challenge", "entry", "club", "team")
        return next((name for name in names if getattr(self, f"{name}_id") is not None), "person")


class NewReportOfName(BaseModel):
    """Why something is not to be called so."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "harassment"}]})

    reason: Reason
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), PlainText] = ""


class Report(BaseModel):
    """A report as who made it sees it."""

    id: UUID
    created_at: datetime
