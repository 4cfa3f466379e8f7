"""A calibrator over devices: the budget by hand, and no noise as good as all data in one place."""

from __future__ import annotations

import math

import numpy as np
import pytest

from topform.core.errors import InvalidInputError, OutOfRangeError
from topform.ml.federated import (
    DeviceData,
    FederatedPlan,
    calibrated,
    clipped,
    fit_centrally,
    fit_over_devices,
    noise_multiplier,
)


def devices(count: int, *, seed: int = 1) -> list[DeviceData]:
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        logit = rng.normal(0.0, 2.0, 30)
        found.append(DeviceData(logit, rng.random(30) < calibrated(logit, (0.5, 0.6))))
    return found


def test_the_budget_is_spent_and_no_more() -> None:
    for epsilon in (0.5, 1.0, 8.0):
        z = noise_multiplier(epsilon=epsilon, delta=1e-6, rounds=10)
        rho = 10.0 / (2.0 * z * z)
        assert rho + 2.0 * math.sqrt(rho * math.log(1e6)) == pytest.approx(epsilon, abs=1e-9)
    # Four times the rounds need twice the noise.
    few, many = (noise_multiplier(epsilon=2.0, delta=1e-6, rounds=rounds) for rounds in (5, 20))
    assert many == pytest.approx(2.0 * few)
    with pytest.raises(OutOfRangeError):
        noise_multiplier(epsilon=0.0, delta=1e-6, rounds=1)


def test_a_step_is_never_longer_than_allowed() -> None:
    assert np.linalg.norm(clipped(np.array([30.0, -40.0]), length=1.0)) == pytest.approx(1.0)
    np.testing.assert_array_equal(clipped(np.array([0.3, 0.4]), length=1.0), [0.3, 0.4])


def test_without_noise_it_comes_to_what_all_data_in_one_place_say() -> None:
    known = devices(200)
    plan = FederatedPlan(rounds=25, epsilon=math.inf)
    together = fit_over_devices(known, plan, np.random.default_rng(2))
    np.testing.assert_allclose(together, fit_centrally(known), atol=0.05)
    np.testing.assert_allclose(together, (0.5, 0.6), atol=0.1)


def test_the_noise_is_that_of_the_budget() -> None:
    known = devices(60)
    plan = FederatedPlan(rounds=1, epsilon=2.0)
    exact = fit_over_devices(known, FederatedPlan(rounds=1, epsilon=math.inf), np.random.default_rng(0))
    rng = np.random.default_rng(3)
    slopes = [fit_over_devices(known, plan, rng)[0] - exact[0] for _ in range(100)]
    wanted = noise_multiplier(epsilon=2.0, delta=1e-6, rounds=1) / 60
    assert np.std(slopes) == pytest.approx(wanted, rel=0.25)


def test_a_small_cohort_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="too few"):
        fit_over_devices(devices(49), FederatedPlan(), np.random.default_rng(0))
