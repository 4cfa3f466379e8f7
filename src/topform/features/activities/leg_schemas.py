"""What a leg of an activity holds beside its own numbers, for the OpenAPI document; as `topform inspect` prints it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from topform.science.cleaning.report import Action


class LapDocument(TypedDict):
    """A stretch between two presses of the lap button, as the device summarised it."""

    start_s: Annotated[float, Field(description="Since the start of the leg.")]
    elapsed_s: float
    timer_s: float | None
    distance_m: float | None
    hr_mean_bpm: float | None
    hr_max_bpm: float | None
    power_mean_w: float | None
    speed_mean_m_s: float | None
    trigger: str | None


class LengthDocument(TypedDict):
    """One length of the pool, or a rest between lengths."""

    start_s: float
    elapsed_s: float
    is_active: Annotated[bool, Field(description="False for a rest.")]
    stroke: str | None
    strokes: int | None
    distance_m: float | None


class SetDocument(TypedDict):
    """One set of an exercise, or a rest."""

    start_s: float | None
    elapsed_s: float | None
    is_active: Annotated[bool, Field(description="False for a rest.")]
    exercise: str | None
    reps: int | None
    mass_kg: float | None


class PauseDocument(TypedDict):
    """A stretch in which the timer stood still, since the start of the leg. [s]"""

    start_s: float
    end_s: float


class LegLoad(TypedDict):
    """Training load of the leg; 100 is one hour at threshold."""

    value_au: float | None
    source: str
    warnings: list[str]


class LegTotals(TypedDict):
    """Distance and climbing."""

    distance_m: float | None
    ascent_m: float | None
    descent_m: float | None


class CorrectionDocument(TypedDict):
    """What was taken out of the samples of a channel before anything was computed."""

    code: str
    channel: str
    action: Action
    samples: int
    window_s: Annotated[list[float], Field(description="First and last moment, since the start of the leg.")]
    message: str


class CleaningDocument(TypedDict):
    """What was taken out of the samples before anything was computed."""

    version: int
    corrections: list[CorrectionDocument]


DeviceDocument = dict[str, str | float | bool | None]
"""`manufacturer`, `product`, `software_version`, `name`, where the file tells, and what else it tells."""
