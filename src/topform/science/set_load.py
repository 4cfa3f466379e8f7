"""What one set of an exercise asked of the body: volume, hard sets, loss of velocity, session load.

Nothing is guessed: what the answer needs and does not have is named in ``missing``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from topform.core.arrays import require_range
from topform.core.errors import EffortContradictionError, OutOfRangeError
from topform.science.srpe import LOAD_PER_SRPE, srpe_load
from topform.science.strength import BODY_FRACTION, hard_sets, velocity_loss_frac, volume_load_kg

PUSH_UP: Final = "push_up"
HANGING: Final = frozenset({"pull_up"})
"""The hands carry the whole body."""

LOADED: Final = frozenset({"squat", "lunge", "overhead_press"})
"""The volume is that of the weight in the hands or on the shoulders; the body's own share is not published."""

# Rating by repetitions in reserve (Zourdos et al., 2016, J Strength Cond Res 30:267-275): 10 = none left, 9 = one, 8 =
# two, 7 = three; from about six on only "light" is said, and no number of repetitions.
HARDEST: Final = 10.0
LIGHT: Final = 4.0
TOLERANCE: Final = 3.0
"""Two points between scales and people, and the one repetition by which what is left is misjudged on average (Halperin
et al., 2022, Sports Med 52:377-390)."""

MIN_VELOCITIES: Final = 3
MAX_RIR: Final = 30
MAX_EXTERNAL_KG: Final = 600.0


@dataclass(frozen=True, slots=True)
class PerformedSet:
    """A set as it was seen.

    Parameters
    ----------
    exercise : str
        For example ``"push_up"``.
    reps : int
        Counted repetitions.
    active_s : float
        From the start of the first to the end of the last repetition, or held. [s]
    mcv_m_s : sequence of float
        Mean velocity of the raising part of each repetition, in order. [m/s]; its scale does not matter
    """

    exercise: str
    reps: int
    active_s: float
    mcv_m_s: Sequence[float]


@dataclass(frozen=True, slots=True)
class SetDetails:
    """What only the athlete knows of a set.

    Parameters
    ----------
    variant : str, optional
        Of a push-up, a key of `BODY_FRACTION`; the regular one where nothing is said.
    external_kg : float, optional
        Weight beside the body; unknown is not zero where an exercise is done with weights. [kg]
    rir : int, optional
        Repetitions that were left.
    rpe_cr10 : float, optional
        How hard it was, 0..10.
    """

    variant: str | None = None
    external_kg: float | None = None
    rir: int | None = None
    rpe_cr10: float | None = None

    def __post_init__(self) -> None:
        if self.variant is not None and self.variant not in BODY_FRACTION:
            raise OutOfRangeError(f"{self.variant!r} is not one of {', '.join(BODY_FRACTION)}")
        for name, value, high in (
            ("external_kg", self.external_kg, MAX_EXTERNAL_KG),
            ("rir", self.rir, MAX_RIR),
            ("rpe_cr10", self.rpe_cr10, 10),
        ):
            if value is not None:
                require_range(name, value, low=0, high=high)

    def require_agreement(self) -> None:
        """Refuse a rating that contradicts the repetitions left: nothing left and no effort cannot both be.

        Raises
        ------
        EffortContradictionError
            If the rating is further than three points from ten less the repetitions left [1]_; above about six left the
            effort is light, however many there are.

        References
        ----------
        .. [1] Zourdos MC et al. (2016). Novel resistance training-specific rating of perceived exertion scale measuring
               repetitions in reserve. J Strength Cond Res 30(1):267-275.

        Examples
        --------
        >>> SetDetails(rir=2, rpe_cr10=7).require_agreement()
        >>> SetDetails(rir=0, rpe_cr10=1).require_agreement()
        Traceback (most recent call last):
        topform.core.errors.EffortContradictionError: 0 repetitions left and an effort of 1 contradict each other
        """
        if self.rir is None or self.rpe_cr10 is None:
            return
        least = max(0.0, HARDEST - self.rir - TOLERANCE)
        most = min(HARDEST, max(HARDEST - self.rir, LIGHT) + TOLERANCE)
        if not least <= self.rpe_cr10 <= most:
            raise EffortContradictionError(
                f"{self.rir} repetitions left and an effort of {self.rpe_cr10:g} contradict each other",
                remedy=f"With {self.rir} left an effort of {least:g} to {most:g} fits; say only what you are sure of.",
                rir=self.rir,
                rpe_cr10=self.rpe_cr10,
                least_rpe=least,
                most_rpe=most,
            )


@dataclass(frozen=True, slots=True)
class SetLoad:
    """The set as training.

    Parameters
    ----------
    active_s : float
        Time under it. [s]
    volume_load_kg : float or None
        Repetitions times the mass moved. [kg]
    hard_sets : float or None
        0, half or 1.
    velocity_loss_frac : float or None
        From the fastest of the first three repetitions to the last, 0..1; negative when the last was faster.
    load_au : float or None
        Rating times minutes on the load scale. [AU]
    missing : tuple of str
        What was not known: ``body_mass``, ``external_mass``, ``rir``, ``rating``, ``repetitions``.
    """

    active_s: float
    volume_load_kg: float | None
    hard_sets: float | None
    velocity_loss_frac: float | None
    load_au: float | None
    missing: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        rounded = {
            "active_s": (self.active_s, 2),
            "volume_load_kg": (self.volume_load_kg, 1),
            "hard_sets": (self.hard_sets, 1),
            "velocity_loss_frac": (self.velocity_loss_frac, 3),
            "load_au": (self.load_au, 3),
        }
        found = {name: None if value is None else round(value, digits) for name, (value, digits) in rounded.items()}
        return {**found, "missing": list(self.missing)}


def set_load(
    performed: PerformedSet, details: SetDetails, *, body_mass_kg: float | None, scale: float = LOAD_PER_SRPE
) -> SetLoad:
    """Return what a set asked of the body.

    The load is that of any session that is only rated: rating times minutes times a factor; a filmed set is rated for
    the time it lasted.

    Parameters
    ----------
    performed : PerformedSet
    details : SetDetails
    body_mass_kg : float or None
        None = not known, and then there is no volume of an exercise that moves the body. [kg]
    scale : float
        Load of one rating times minute. [AU], default 100 / 420

    Examples
    --------
    >>> found = set_load(PerformedSet("push_up", 12, 30.0, ()), SetDetails(rir=2, rpe_cr10=7), body_mass_kg=75.0)
    >>> round(found.volume_load_kg), found.hard_sets, round(found.load_au, 3), found.missing
    (576, 1.0, 0.833, ('repetitions',))
    """
    volume, missing = _volume(performed, details, body_mass_kg)
    velocities = np.array(performed.mcv_m_s, dtype=np.float64)
    has_velocity = velocities.size >= MIN_VELOCITIES and bool(np.isfinite(velocities).all() and velocities.min() > 0.0)
    if not has_velocity:
        missing.append("repetitions")
    if details.rir is None:
        missing.append("rir")
    if details.rpe_cr10 is None:
        missing.append("rating")
    return SetLoad(
        active_s=performed.active_s,
        volume_load_kg=volume,
        hard_sets=None if details.rir is None else hard_sets([details.rir]),
        velocity_loss_frac=velocity_loss_frac(velocities) if has_velocity else None,
        load_au=None
        if details.rpe_cr10 is None
        else srpe_load(rpe_cr10=details.rpe_cr10, duration_s=performed.active_s) * scale,
        missing=tuple(missing),
    )


def _volume(performed: PerformedSet, details: SetDetails, body_mass_kg: float | None) -> tuple[float | None, list[str]]:
    """Return repetitions times mass, and what was missing; None without a word where volume makes no sense."""
    is_carried = performed.exercise == PUSH_UP or performed.exercise in HANGING
    if is_carried:
        share = 1.0 if performed.exercise in HANGING else BODY_FRACTION[details.variant or "regular"]
        if body_mass_kg is None:
            return None, ["body_mass"]
        external_kg = details.external_kg if details.external_kg is not None else 0.0
        return volume_load_kg(
            reps=performed.reps, mass_kg=external_kg, body_mass_kg=body_mass_kg, body_fraction=share
        ), []
    if performed.exercise not in LOADED:
        return None, []
    if details.external_kg is None:
        return None, ["external_mass"]
    return volume_load_kg(reps=performed.reps, mass_kg=details.external_kg), []
