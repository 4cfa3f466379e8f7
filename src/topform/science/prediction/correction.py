"""A learned correction of predicted race times, as coefficients that anybody can read; none is shipped without data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from topform.core.arrays import FloatArray
from topform.core.errors import PredictionHistoryError
from topform.science.prediction.history import RunningHistory

FEATURES: Final = (
    "level", "level_squared", "is_woman", "sex_unknown", "age", "age_squared", "own_exponent", "reach", "races",
)  # fmt: skip
FORMAT: Final = "topform-race-correction-1"
SAME_DISTANCE: Final = 0.012
MOST_LOG: Final = 0.1
"""A correction moves no time by more than 10 %."""


@dataclass(frozen=True, slots=True)
class TargetCorrection:
    """The correction of one target distance.

    Parameters
    ----------
    typical : float
        Median predicted ln T of the people learned from.
    constant : float
    coefficients : tuple of float
        One for each of `FEATURES`.
    """

    typical: float
    constant: float
    coefficients: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RaceCorrection:
    """Corrections by target distance [m], for one version of the predictor."""

    predictor_version: int
    targets: Mapping[float, TargetCorrection]

    @classmethod
    def from_document(cls, document: Any, *, predictor_version: int) -> RaceCorrection:
        """Read what ``topform science train`` wrote.

        Raises
        ------
        PredictionHistoryError
            If it is no correction, or one of another version of the predictor.
        """
        try:
            if document["format"] != FORMAT or tuple(document["features"]) != FEATURES:
                raise ValueError("another format")
            targets = {
                float(one["distance_m"]): TargetCorrection(
                    float(one["typical"]), float(one["constant"]), tuple(float(value) for value in one["coefficients"])
                )
                for one in document["targets"]
            }
            version = int(document["predictor_version"])
            numbers = [number for one in targets.values() for number in (one.typical, one.constant, *one.coefficients)]
            if not np.isfinite(numbers).all() or any(
                len(one.coefficients) != len(FEATURES) for one in targets.values()
            ):
                raise ValueError("numbers are missing")
        except (KeyError, TypeError, ValueError) as error:
            raise PredictionHistoryError(
                f"the correction cannot be read: {error}", remedy="Write one with `topform science train`."
            ) from error
        if version != predictor_version:
            raise PredictionHistoryError(
                f"the correction belongs to version {version} of the predictor, this is version {predictor_version}",
                remedy="Train it again with `topform science train`.",
            )
        return cls(version, targets)

    def log_shift(self, history: RunningHistory, *, log_time: float) -> float:
        """Return by how much ln T moves for an athlete; 0 for a distance that was not learned or without a race."""
        found = [one for target, one in self.targets.items() if abs(history.target_m / target - 1) <= SAME_DISTANCE]
        others = {
            race.distance_m: race.time_s for race in sorted(history.races, key=lambda one: -one.time_s / one.distance_m)
        }
        if not found or not others:
            return 0.0
        nearest = min(others, key=lambda distance: abs(np.log(distance / history.target_m)))
        row = feature_matrix(
            level=np.array([log_time - found[0].typical]),
            is_woman=np.array([history.sex == "f"]),
            sex_unknown=np.array([history.sex is None]),
            age=np.array([np.nan if history.age is None else history.age]),
            own_exponent=np.array([own_exponent(others)]),
            reach=np.array([np.log(history.target_m / nearest)]),
            races=np.array([float(len(others))]),
        )[0]
        return float(np.clip(found[0].constant + row @ np.array(found[0].coefficients), -MOST_LOG, MOST_LOG))


def own_exponent(bests: Mapping[float, float]) -> float:
    """Return the fatigue exponent between the shortest and the longest distance, NaN when they are too near.

    Examples
    --------
    >>> round(own_exponent({5000.0: 1200.0, 10_000.0: 2500.0}), 4)
    1.0589
    """
    short, long = min(bests), max(bests)
    if long < 1.5 * short:
        return float("nan")
    return float(np.log(bests[long] / bests[short]) / np.log(long / short))


def feature_matrix(
    *,
    level: FloatArray,
    is_woman: NDArray[np.bool_],
    sex_unknown: NDArray[np.bool_],
    age: FloatArray,
    own_exponent: FloatArray,
    reach: FloatArray,
    races: FloatArray,
) -> FloatArray:
    """Return `FEATURES` of n people, roughly of unit size; what is not known stands at its usual.

    Parameters
    ----------
    level : FloatArray
        (n,) predicted ln T less the typical one.
    is_woman, sex_unknown : NDArray of bool
        (n,)
    age : FloatArray
        (n,) NaN = not known. [years]
    own_exponent : FloatArray
        (n,) NaN = not known.
    reach : FloatArray
        (n,) ln of the target over the nearest distance.
    races : FloatArray
        (n,) how many distances are known.
    """
    scaled = level / 0.2
    years = np.nan_to_num((age - 42.0) / 12.0)
    exponent = np.clip(np.nan_to_num((own_exponent - 1.07) / 0.05), -3, 3)
    columns = [scaled, scaled**2, is_woman.astype(np.float64), sex_unknown.astype(np.float64), years, years**2]
    return np.column_stack([*columns, exponent, reach, np.log(races)])
