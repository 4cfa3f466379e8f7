"""The athlete as the API shows and accepts it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from topform.coaching.equipment import Equipment
from topform.coaching.language import LANGUAGES

Units = Literal["metric", "imperial"]
Sex = Literal["m", "f"]
TrainedSport = Literal["running", "cycling", "swimming", "triathlon", "strength"]
Aim = Literal["race", "threshold_gain", "general_fitness", "strength_max_reps", "maintain"]


def _known_time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is not a time zone name of the IANA database, such as Europe/Berlin")
    return name


def _storable_text(text: str) -> str:
    if "\x00" in text:
        raise ValueError("holds a NUL character")
    return text


PlainText = AfterValidator(_storable_text)
TimeZoneName = Annotated[str, AfterValidator(_known_time_zone), Field(examples=["Europe/Berlin"])]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
DisplayName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), PlainText]


class Parameters(BaseModel):
    """What the formulas need to know about a person; null where it is not known, and then never guessed."""

    sex: Sex | None = Field(default=None, description="Some formulas were published for women and men apart.")
    mass_kg: Annotated[float, Field(ge=20, le=400, allow_inf_nan=False)] | None = None
    hr_rest_bpm: Annotated[float, Field(ge=20, le=150, allow_inf_nan=False)] | None = None
    hr_max_bpm: Annotated[float, Field(ge=80, le=240, allow_inf_nan=False)] | None = Field(
        default=None, description="Measured, not derived from age."
    )
    lthr_bpm: Annotated[float, Field(ge=60, le=230, allow_inf_nan=False)] | None = Field(
        default=None, description="Heart rate at the lactate threshold."
    )
    ftp_w: Annotated[float, Field(ge=20, le=800, allow_inf_nan=False)] | None = Field(
        default=None, description="Functional threshold power on the bike."
    )
    threshold_speed_m_s: Annotated[float, Field(ge=0.5, le=8, allow_inf_nan=False)] | None = Field(
        default=None, description="Running speed that can be held for about an hour."
    )
    css_m_s: Annotated[float, Field(ge=0.2, le=2.5, allow_inf_nan=False)] | None = Field(
        default=None, description="Critical swim speed."
    )
    cp_w: Annotated[float, Field(ge=20, le=800, allow_inf_nan=False)] | None = Field(
        default=None, description="Critical power on the bike, a parameter of the model with W'. [W]"
    )
    w_prime_j: Annotated[float, Field(ge=1000, le=60_000, allow_inf_nan=False)] | None = Field(
        default=None, description="W': the work that can be done above critical power. [J]"
    )
    run_power_watch_w: Annotated[float, Field(ge=20, le=800, allow_inf_nan=False)] | None = Field(
        default=None, description="Running threshold power as a watch computes it; sources differ by more than a fifth."
    )
    run_power_foot_pod_w: Annotated[float, Field(ge=20, le=800, allow_inf_nan=False)] | None = Field(
        default=None, description="Running threshold power as a foot pod measures it."
    )
    run_power_app_w: Annotated[float, Field(ge=20, le=800, allow_inf_nan=False)] | None = Field(
        default=None, description="Running threshold power as an app computes it."
    )


class Athlete(Parameters):
    """A person who trains with TopForm."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    display_name: str
    time_zone: str = Field(description="IANA name; it decides which day an activity without an offset belongs to.")
    units: Units
    language: str = Field(description="BCP 47 tag.")
    birth_date: date | None = Field(description="Only for the rules that protect minors; null when it was never said.")
    sports: list[TrainedSport] | None = Field(description="What the athlete wants to train; null before they said it.")
    aim: Aim | None = Field(description="What for, in the words of a plan's goal; null before they said it.")
    equipment: list[Equipment] | None = Field(
        description="What they have at hand for strength training; plans count on it. Null before they said it."
    )
    created_at: datetime


class AthleteChange(Parameters):
    """The fields to change; what is absent stays as it is, null clears a physiological parameter."""

    model_config = ConfigDict(extra="forbid")

    display_name: DisplayName | None = None
    time_zone: TimeZoneName | None = None
    units: Units | None = None
    language: LanguageTag | None = Field(
        default=None, description=f"One of {', '.join(LANGUAGES)}, with or without a region."
    )
    birth_date: date | None = Field(
        default=None, description="Cannot be taken away again; below 16 years only an administrator changes it."
    )
    sports: Annotated[list[TrainedSport], Field(max_length=5)] | None = None
    aim: Aim | None = None
    equipment: Annotated[list[Equipment], Field(max_length=len(Equipment))] | None = None


class MapTiles(BaseModel):
    """Square pictures of the ground, Web Mercator; who fetches them tells their host which area they look at."""

    url_template: str = Field(
        description="Address of a tile; {z}, {x} and {y} stand for zoom, column and row.",
        examples=["https://tiles.example.org/{z}/{x}/{y}.png"],
    )
    attribution: str = Field(description="Whose maps these are; shown with them.", examples=["© Example Maps"])
    max_zoom: int = Field(description="The closest zoom that there are pictures for.", examples=[18])


class MapGround(BaseModel):
    """What the operator offers to draw below routes."""

    tiles: MapTiles | None = Field(description="Null where routes are drawn on an empty ground.")
