"""Fitting a small calibrator over many devices without their data: clipped steps, a noisy sum, a counted budget.

Nothing in the product uses it; `benchmarks/accuracy/federated_calibration.py` says what it would cost in accuracy. The
sum of the steps is what a secure aggregation would reveal; the aggregation itself is not simulated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from topform.core.arrays import BoolArray, FloatArray
from topform.core.errors import InvalidInputError, OutOfRangeError

MIN_COHORT: Final = 50
"""Devices; a smaller sum says too much of each."""

LOCAL_STEPS: Final = 3
RIDGE: Final = 1e-2
START: Final = (1.0, 0.0)
"""Slope and offset that change nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class DeviceData:
    """What one device knows: what the model said of its sets, and what its owner said.

    Parameters
    ----------
    logit : ndarray of float64, shape (N,)
        Of the model's probability.
    is_wrong : ndarray of bool, shape (N,)
        The labels.
    """

    logit: FloatArray
    is_wrong: BoolArray


@dataclass(frozen=True, slots=True)
class FederatedPlan:
    """How a calibrator is fitted over devices.

    Parameters
    ----------
    rounds : int
        Each of which every device takes part in.
    clip : float
        Longest step of one device, Euclidean. [1]
    epsilon, delta : float
        Budget of all rounds together, for everything one device holds; ``math.inf`` adds no noise.
    """

    rounds: int = 10
    clip: float = 1.0
    epsilon: float = 8.0
    delta: float = 1e-6


def noise_multiplier(*, epsilon: float, delta: float, rounds: int) -> float:
    """Return the noise of each round over the clipping length that keeps the budget; 0 for an infinite one.

    Gaussian noise of ``z`` times the clipping length is ``rounds / (2 z^2)`` zero-concentrated differentially private
    [1]_, which is ``(epsilon, delta)`` with ``epsilon = rho + 2 sqrt(rho ln(1 / delta))``.

    Parameters
    ----------
    epsilon, delta : float
        The budget; epsilon > 0, 0 < delta < 1.
    rounds : int
        At least one.

    Raises
    ------
    OutOfRangeError
        If there is no such budget.

    References
    ----------
    .. [1] M. Bun, T. Steinke, "Concentrated differential privacy: simplifications, extensions, and lower bounds,"
       Theory of Cryptography (TCC), pp. 635-658, 2016.

    Examples
    --------
    >>> round(noise_multiplier(epsilon=8.0, delta=1e-6, rounds=10), 2)
    2.34
    """
    if not (epsilon > 0.0 and 0.0 < delta < 1.0 and rounds >= 1):
        raise OutOfRangeError("A budget needs epsilon > 0, 0 < delta < 1 and at least one round")
    if math.isinf(epsilon):
        return 0.0
    length = math.log(1.0 / delta)
    root = math.sqrt(length + epsilon) - math.sqrt(length)
    return math.sqrt(rounds / 2.0) / root


def clipped(step: FloatArray, *, length: float) -> FloatArray:
    """Return a step, shortened to a length if it is longer.

    Examples
    --------
    >>> [round(float(one), 6) for one in clipped(np.array([3.0, 4.0]), length=1.0)]
    [0.6, 0.8]
    """
    norm = float(np.linalg.norm(step))
    return step if norm <= length else step * (length / norm)


def fit_over_devices(
    devices: Sequence[DeviceData], plan: FederatedPlan, rng: np.random.Generator
) -> tuple[float, float]:
    """Return slope and offset of the calibrated logit, fitted in rounds of clipped steps and a noisy sum.

    Parameters
    ----------
    devices : sequence of DeviceData
        At least `MIN_COHORT`.
    plan : FederatedPlan
        Rounds, clipping and budget.
    rng : Generator
        Of the noise.

    Raises
    ------
    InvalidInputError
        If there are too few devices.
    """
    if len(devices) < MIN_COHORT:
        raise InvalidInputError(
            f"{len(devices)} devices are too few to hide one of them",
            remedy=f"Wait until {MIN_COHORT} devices take part.",
        )
    noise = noise_multiplier(epsilon=plan.epsilon, delta=plan.delta, rounds=plan.rounds) * plan.clip
    fitted = np.array(START)
    for _ in range(plan.rounds):
        total = sum((clipped(_local_step(one, fitted), length=plan.clip) for one in devices), np.zeros(2))
        fitted = fitted + (total + rng.normal(0.0, noise, 2) if noise > 0.0 else total) / len(devices)
    return float(fitted[0]), float(fitted[1])


def fit_centrally(devices: Sequence[DeviceData]) -> tuple[float, float]:
    """Return slope and offset of the calibrated logit by maximum likelihood over everybody's data in one place.

    Parameters
    ----------
    devices : sequence of DeviceData
        Whose data are joined.
    """
    everything = DeviceData(
        np.concatenate([one.logit for one in devices]), np.concatenate([one.is_wrong for one in devices])
    )
    fitted = np.array(START)
    for _ in range(50):
        fitted = fitted + _newton(everything, fitted, START, ridge=RIDGE)
    return float(fitted[0]), float(fitted[1])


def calibrated(logit: FloatArray, fitted: tuple[float, float]) -> FloatArray:
    """Return probabilities by a calibrator, shape (N,).

    Examples
    --------
    >>> calibrated(np.array([0.0]), (2.0, 0.0)).tolist()
    [0.5]
    """
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(fitted[0] * logit + fitted[1], -30.0, 30.0))))


def _local_step(device: DeviceData, start: FloatArray) -> FloatArray:
    """Return how far a device would go from the common calibrator, held near it: few sets move little."""
    fitted = start
    for _ in range(LOCAL_STEPS):
        fitted = fitted + _newton(device, fitted, (float(start[0]), float(start[1])), ridge=float(device.logit.size))
    return fitted - start


def _newton(device: DeviceData, fitted: FloatArray, towards: tuple[float, float], *, ridge: float) -> FloatArray:
    """Return one Newton step of the penalised likelihood."""
    design = np.stack([device.logit, np.ones(device.logit.size)], axis=1)
    said = calibrated(device.logit, (float(fitted[0]), float(fitted[1])))
    slope = design.T @ (device.is_wrong - said) - ridge * (fitted - np.array(towards))
    curvature = (design * (said * (1.0 - said))[:, None]).T @ design + ridge * np.eye(2)
    return np.asarray(np.linalg.solve(curvature, slope))
