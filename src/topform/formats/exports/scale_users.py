"""Who of those who use a scale the athlete is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import ClassVar, Final

from topform.core.errors import ActivityFileError

SAME_MASS_FRAC: Final = 0.1
"""Two people of a household can weigh the same; one person's mass seldom is further off from what they last stated."""

SEX_NAMES: Final = {"f": "female", "m": "male"}


class ScaleUserError(ActivityFileError):
    """Several people use the scale, and nothing tells which of them the athlete is."""

    code: ClassVar[str] = "scale_user_unknown"


@dataclass(frozen=True, slots=True)
class ScaleUser:
    """What is known of a person who uses a scale."""

    sex: str | None = None
    mass_kg: float | None = None
    age: int | None = None
    height_m: float | None = None

    def __str__(self) -> str:
        """Return what the scale states, in words."""
        known = (
            SEX_NAMES.get(self.sex or ""),
            None if self.age is None else f"{self.age} years",
            None if self.height_m is None else f"{100 * self.height_m:.0f} cm",
            None if self.mass_kg is None else f"{self.mass_kg:.1f} kg",
        )
        return ", ".join(word for word in known if word is not None) or "nothing stated"


def the_athlete(
    users: Mapping[int, ScaleUser],
    weighed: Mapping[int, Sequence[float]],
    *,
    file: str,
    athlete: ScaleUser | None,
    chosen: int | None,
) -> int:
    """Return the number of the user whom the athlete chose, else of the only one who can be the athlete.

    A user cannot be the athlete when the sex differs, or when the weighings are a tenth off the athlete's mass.

    Raises
    ------
    ScaleUserError
        If there is no such user, or several.
    """
    if chosen is not None and chosen in users:
        return chosen
    able = [number for number, user in users.items() if _agrees(user, weighed.get(number, ()), athlete)]
    if chosen is None and len(able) == 1:
        return able[0]
    listed = "; ".join(f"user {number}: {_weighed(user, weighed.get(number))}" for number, user in users.items())
    what = "several people use the scale" if chosen is None else f"the scale has no user {chosen}"
    raise ScaleUserError(
        f"{what} ({listed})",
        file=file,
        remedy="State your sex and mass in your profile, or name yourself: topform import --scale-user NUMBER.",
    )


def _weighed(user: ScaleUser, masses: Sequence[float] | None) -> ScaleUser:
    """Return the user with the mass that the scale showed last."""
    return replace(user, mass_kg=masses[-1]) if masses else user


def _agrees(user: ScaleUser, weighed: Sequence[float], athlete: ScaleUser | None) -> bool:
    """Tell whether something is known that speaks for the user, and nothing that speaks against."""
    verdicts = []
    if athlete is not None and athlete.sex is not None and user.sex is not None:
        verdicts.append(user.sex == athlete.sex)
    mass_kg = median(weighed) if weighed else user.mass_kg
    if athlete is not None and athlete.mass_kg is not None and mass_kg is not None:
        verdicts.append(abs(mass_kg - athlete.mass_kg) <= SAME_MASS_FRAC * athlete.mass_kg)
    return bool(verdicts) and all(verdicts)
