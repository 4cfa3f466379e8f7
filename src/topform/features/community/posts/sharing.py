"""What a post can show: a snapshot is made of the chosen fields only, when the post is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, Literal, get_args

from topform.core.errors import InvalidInputError

Kind = Literal["activity", "form_check", "personal_best", "plan_milestone"]
Field = Literal[
    "title",
    "distance",
    "time",
    "speed",
    "ascent",
    "start_time",
    "load",
    "heart_rate",
    "power",
    "route",
    "weight",
    "count",
    "verdict",
    "video_frame",
    "best",
    "phase",
    "weeks",
    "sessions",
]
FIELDS: Final[tuple[str, ...]] = get_args(Field)

ALWAYS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "activity": ("sport", "day"),
    "form_check": ("exercise", "day"),
    "personal_best": ("sport", "day", "best_kind", "best_duration_s"),
    "plan_milestone": ("sport", "day", "milestone"),
}
"""What a post of a kind says in any case."""

CHOOSABLE: Final[Mapping[Kind, Mapping[str, tuple[str, ...]]]] = {
    "activity": {
        "title": ("title",),
        "distance": ("distance_m",),
        "time": ("elapsed_s", "moving_s"),
        "speed": ("speed_mean_m_s",),
        "ascent": ("ascent_m",),
        "start_time": ("started_at",),
        "load": ("load_au",),
        "heart_rate": ("hr_mean_bpm",),
        "power": ("power_mean_w",),
        "route": ("route",),
        "weight": ("mass_kg",),
    },
    "form_check": {
        "count": ("rep_count", "held_s", "step_rate_spm"),
        "verdict": ("form_decision",),
        "time": ("duration_s",),
        "weight": ("mass_kg",),
        "video_frame": ("video_frame",),
    },
    "personal_best": {"best": ("best_value",)},
    "plan_milestone": {
        "phase": ("phase",),
        "distance": ("distance_m",),
        "weeks": ("weeks",),
        "sessions": ("session_count",),
        "time": ("duration_s",),
    },
}
"""What a field of a post consists of; nothing else of what it is about can get into a snapshot."""

DEFAULTS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "activity": ("distance", "time", "ascent"),
    "form_check": ("count",),
    "personal_best": ("best",),
    "plan_milestone": ("phase", "distance", "weeks"),
}
"""Shown unless the athlete chooses; never body, place, time of day or how hard it was."""


def chosen_fields(kind: Kind, asked: Collection[str] | None) -> list[str]:
    """Return the fields that a post will show, in a fixed order.

    Raises
    ------
    InvalidInputError
        If a field is asked for that posts of this kind do not have.
    """
    if asked is None:
        return list(DEFAULTS[kind])
    known = CHOOSABLE[kind]
    unknown = sorted(set(asked) - known.keys())
    if unknown:
        raise InvalidInputError(
            f"Such a post cannot show: {', '.join(unknown)}.", remedy=f"Choose among: {', '.join(known)}."
        )
    return [name for name in known if name in asked]


def snapshot_of(kind: Kind, fields: Collection[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the post shows: the chosen fields of the values that are known, and nothing besides."""
    names = [*ALWAYS[kind], *(name for one in fields for name in CHOOSABLE[kind][one])]
    return {name: values[name] for name in names if values.get(name) is not None}
