"""Growth of something that is measured again and again, apart from a step that happens once.

A straight line through a step is a slope that nobody sees on either side of it. Here the largest step is looked for
and told by itself, and the slope is the median of the slopes between all pairs of values on the same side of it (Theil
[1]_, Sen [2]_). A leak stays a leak: taking a step out of a steady rise leaves the rise on both sides, and what grows
in several steps keeps all but one.

References
----------
.. [1] H. Theil, "A rank-invariant method of linear and polynomial regression analysis," Proc. Kon. Ned. Akad. Wet.,
   vol. 53, pp. 386-392, 1950.
.. [2] P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau," J. Am. Stat. Assoc., vol. 63,
   pp. 1379-1389, 1968.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

AROUND_A_STEP = 5
"""So many values before and after a moment tell how high a step there is."""

OF_NORMAL = 1.4826
"""Standard deviation of normally distributed values over their median absolute deviation."""

OF_THE_MEAN = 1.253
"""Standard error of a median over that of a mean, for normally distributed values: the square root of half of pi."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How something grew; shares are of its median."""

    first: float
    last: float
    growth_per_hour: float
    uncertainty: float
    """Twice the standard error of the growth in an hour, from the scatter of the values."""
    step: float
    """The largest step between two neighbouring values; negative when it goes down."""
    step_at_s: float


def growth(t_s: NDArray[np.float64], values: NDArray[np.float64]) -> Growth:
    """Return the growth of values at moments in ascending order, of which there are more than ten.

    Examples
    --------
    >>> t_s = np.arange(60) * 15.0
    >>> found = growth(t_s, np.where(t_s < 400, 130.0, 140.0))
    >>> round(found.growth_per_hour, 3), round(found.step * 140), found.step_at_s
    (0.0, 10, 405.0)
    >>> round(growth(t_s, 130.0 * (1 + 0.1 * t_s / 3600)).growth_per_hour, 2)
    0.1
    """
    count, near = values.size, AROUND_A_STEP
    middle = float(np.median(values))
    if middle == 0.0:
        return Growth(float(values[0]), float(values[-1]), 0.0, 0.0, 0.0, float(t_s[0]))
    heights = [
        np.median(values[at : at + near]) - np.median(values[at - near : at]) for at in range(near, count - near)
    ]
    highest = np.flatnonzero(np.abs(heights) == np.max(np.abs(heights)))
    at = near + int(highest[highest.size // 2])
    one, other = np.triu_indices(count, 1)
    is_beside = (one < at) == (other < at)
    one, other = one[is_beside], other[is_beside]
    per_s = float(np.median((values[other] - values[one]) / (t_s[other] - t_s[one])))
    sides = [slice(0, at), slice(at, count)]
    rest = np.concatenate([values[side] - per_s * t_s[side] for side in sides])
    rest -= np.concatenate([np.full(t_s[side].size, np.median(rest[side])) for side in sides])
    spread = sum(float(np.sum((t_s[side] - t_s[side].mean()) ** 2)) for side in sides)
    error = OF_THE_MEAN * OF_NORMAL * float(np.median(np.abs(rest))) / spread**0.5
    return Growth(
        first=float(values[0]),
        last=float(values[-1]),
        growth_per_hour=3600 * per_s / middle,
        uncertainty=2 * 3600 * error / middle,
        step=float(heights[at - near]) / middle,
        step_at_s=float(t_s[at]),
    )
