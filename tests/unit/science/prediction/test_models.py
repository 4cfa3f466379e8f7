"""Published race-time formulas: expected values are those printed by their sources or computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from topform.core.errors import OutOfRangeError
from topform.science.prediction import models
from topform.science.prediction.correction import own_exponent
from topform.science.prediction.intervals import adaptive_alpha, conformal_quantile, miss_rate_after_others

HALF, MARATHON = 21_097.5, 42_195.0


@pytest.mark.parametrize(
    ("target_m", "exponent", "expected_s"),
    [(HALF, 1.06, 5295.4), (MARATHON, 1.06, 11_040.5), (MARATHON, 1.07, 11_200.6)],
)
def test_riegel(target_m: float, exponent: float, expected_s: float) -> None:
    """10 km in 40:00."""
    time_s = models.riegel_s(time_s=2400, distance_m=10_000, target_m=target_m, exponent=exponent)
    assert time_s == pytest.approx(expected_s, abs=0.06)


@pytest.mark.parametrize(
    ("miles", "one_s", "two_s"), [(15, 12_460.9, 12_162.7), (30, 12_116.1, 11_985.7), (50, 11_685.0, 11_753.7)]
)
def test_vickers_vertosick(miles: float, one_s: float, two_s: float) -> None:
    """10 km in 40:00, with and without a half in 1:30:00."""
    one = models.vickers_one_race_s(time_s=2400, distance_m=10_000, miles_per_week=miles)
    two = models.vickers_two_races_s(
        shorter_s=2400, shorter_m=10_000, longer_s=5400, longer_m=HALF, miles_per_week=miles
    )
    assert (one, two) == (pytest.approx(one_s, abs=0.06), pytest.approx(two_s, abs=0.06))


@pytest.mark.parametrize(
    ("distance_m", "expected_s"), [(5000, 1200.0), (10_000, 2490.0), (HALF, 5474.9), (MARATHON, 11_397.1)]
)
def test_logarithmic_model(distance_m: float, expected_s: float) -> None:
    """5 km in 20:00 and 10 km in 41:30; the endurance is exp(0.1 / gamma) = 8.4991."""
    v_m, gamma = models.fit_log_model(distance_m=np.array([5000.0, 10_000.0]), time_s=np.array([1200.0, 2490.0]))
    assert np.exp(0.1 / gamma) == pytest.approx(8.4991, abs=5e-4)
    assert models.log_model_time_s(v_m=v_m, gamma=gamma, distance_m=distance_m) == pytest.approx(expected_s, abs=0.06)


def test_logarithmic_parameters_and_the_power_law_of_the_same_two_races() -> None:
    """5 km in 20:00 and 10 km in 41:30: v_m, gamma; the exponent is ln(2490 / 1200) / ln 2."""
    v_m, gamma = models.fit_log_model(distance_m=np.array([5000.0, 10_000.0]), time_s=np.array([1200.0, 2490.0]))
    assert (v_m, gamma) == (pytest.approx(4.41507, rel=1e-3), pytest.approx(0.04673, rel=1e-3))
    exponent = own_exponent({5000.0: 1200.0, 10_000.0: 2490.0})
    assert exponent == pytest.approx(1.05311, rel=1e-4)
    time_s = models.riegel_s(time_s=2490, distance_m=10_000, target_m=MARATHON, exponent=exponent)
    assert time_s == pytest.approx(11_341.5, rel=1e-3)


def test_the_own_exponent_carries_two_races_to_the_marathon() -> None:
    """10 km in 40:00 and a half in 1:30:00: exponent 1.086209, a marathon of 11,465 s."""
    exponent = own_exponent({10_000.0: 2400.0, HALF: 5400.0})
    assert exponent == pytest.approx(1.086209, rel=1e-5)
    time_s = models.riegel_s(time_s=5400, distance_m=HALF, target_m=MARATHON, exponent=exponent)
    assert time_s == pytest.approx(11_465.0, abs=0.5)


def test_logarithmic_time_solves_the_model() -> None:
    """v / v_m = 1 - gamma ln(T / 6 min) holds at the time found, also for very even runners."""
    for gamma in (0.0101, 0.03, 0.08, 0.15):
        time_s = models.log_model_time_s(v_m=4.0, gamma=gamma, distance_m=10_000)
        assert 10_000 / time_s / 4.0 == pytest.approx(1 - gamma * np.log(time_s / 360), rel=1e-9)


def test_logarithmic_model_has_an_end() -> None:
    """Somebody who slows fast never gets as far as a hundred miles."""
    with pytest.raises(OutOfRangeError):
        models.log_model_time_s(v_m=3.0, gamma=0.19, distance_m=160_934)


def test_tanda() -> None:
    """60 km a week at 5:30 a kilometre: 300.464 s/km."""
    time_s = models.tanda_marathon_s(km_per_week=60, training_pace_s_km=330)
    assert time_s == pytest.approx(12_678.1, abs=0.06)
    assert time_s / 42.195 == pytest.approx(300.464, abs=1e-3)


RESIDUALS_PCT = np.abs(
    [1.2, -0.8, 3.1, 0.4, -2.2, 1.9, -0.3, 0.7, -1.5, 2.6, 0.1, -0.9, 1.1, -3.4, 0.6, 2.0, -1.1, 0.2, -0.5]
)


def test_conformal_quantile() -> None:
    """n = 19: the 18th smallest for 90 %, the 16th for 80 %; nine are the fewest that give 90 %."""
    assert conformal_quantile(RESIDUALS_PCT, alpha=0.1) == 3.1
    assert conformal_quantile(RESIDUALS_PCT, alpha=0.2) == 2.2
    assert np.isfinite(conformal_quantile(RESIDUALS_PCT[:9], alpha=0.1))
    assert conformal_quantile(RESIDUALS_PCT[:8], alpha=0.1) == np.inf


def test_the_conformal_interval_of_a_time() -> None:
    """Relative residuals of up to 3.1 % around 41:30 give 2412.8 to 2567.2 s."""
    share = conformal_quantile(RESIDUALS_PCT, alpha=0.1) / 100
    assert (2490 * (1 - share), 2490 * (1 + share)) == (
        pytest.approx(2412.8, abs=0.06),
        pytest.approx(2567.2, abs=0.06),
    )


def test_fewer_than_twenty_others_teach_nothing() -> None:
    """From the twentieth on each miss counts 0.016 and each hit 0.004; it never leaves 0.01 to 0.5."""
    assert miss_rate_after_others([False] * 19, alpha=0.2) == 0.2
    assert miss_rate_after_others([True] * 15 + [False] * 5, alpha=0.2) == pytest.approx(0.2 + 15 * 0.004 - 5 * 0.016)
    assert miss_rate_after_others([False] * 100, alpha=0.2) == 0.01
    assert miss_rate_after_others([True] * 300, alpha=0.2) == 0.5


def test_adaptive_alpha_follows_the_published_update() -> None:
    """Gibbs & Candes: alpha + gamma (alpha - miss), by hand 0.102, 0.104, 0.086, 0.088, 0.07."""
    outcomes = [True, True, False, True, False]
    path = [adaptive_alpha(outcomes[: n + 1], alpha=0.1) for n in range(5)]
    assert path == pytest.approx([0.102, 0.104, 0.086, 0.088, 0.07])


def test_adaptive_alpha_stays_within_its_range() -> None:
    """However often intervals miss, one per cent is the least."""
    assert adaptive_alpha([False] * 1000, alpha=0.2) == 0.01
    assert adaptive_alpha([True] * 10_000, alpha=0.2) == 0.5
