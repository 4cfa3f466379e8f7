"""The formulas against published and hand-calculated values (metrics.toml names the sources)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from topform.core.arrays import FloatArray
from topform.science import fitness, heart_rate, mean_maximal, power, running, srpe, swimming
from topform.science.heart_rate import Weighting

CASES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("metrics.toml").read_text())
RELATIVE = 1e-3


def near(expected: Any) -> Any:
    return pytest.approx(expected, rel=RELATIVE)


def session(case: dict[str, Any]) -> FloatArray:
    """Return one value a second of a session with repeats."""
    blocks = [case["warm_up"], *[case["work"], case["rest"]] * case["repeats"], case["cool_down"]]
    return np.concatenate([np.full(seconds, float(value)) for seconds, value in blocks])


def test_weighted_power_and_load():
    case = CASES["power"]
    ride = session(case)
    weighted = power.weighted_power_w(ride)
    assert ride.mean() == near(case["mean_w"])
    assert weighted == pytest.approx(case["weighted_power_w"], abs=5e-5)
    assert weighted != pytest.approx(case["weighted_power_w_if_zero_padded"], rel=RELATIVE)
    assert weighted / ride.mean() == near(case["variability_index"])
    assert power.intensity_ratio(weighted_power_w=weighted, ftp_w=case["ftp_w"]) == near(case["intensity_ratio"])
    load = power.power_load(weighted_power_w=weighted, duration_s=ride.size, ftp_w=case["ftp_w"])
    assert load == near(case["power_load"])
    assert power.work_j(ride) / 1000 == near(case["work_kj"])


def test_exponentially_weighted_power():
    case, ride = CASES["power"]["ewma"], session(CASES["power"])
    weighted = power.weighted_power_ewma_w(ride)
    assert weighted == near(case["weighted_power_ewma_w"])
    assert weighted / CASES["power"]["ftp_w"] == near(case["intensity"])
    load = power.power_load_ewma(weighted_power_ewma_w=weighted, duration_s=ride.size, cp_w=CASES["power"]["ftp_w"])
    assert load == near(case["load"])


def test_steady_power():
    case = CASES["power"]["steady"]
    ride = np.full(case["duration_s"], float(case["power_w"]))
    assert power.weighted_power_w(ride) == near(case["weighted_power_w"])
    assert power.power_load(weighted_power_w=200, duration_s=ride.size, ftp_w=250) == near(case["load"])


@pytest.mark.parametrize(("weighting", "suffix"), [(Weighting.MEN_1990, "men"), (Weighting.WOMEN_1990, "women")])
def test_banister_and_heart_rate_load(weighting, suffix):
    case = CASES["heart_rate"]
    hr = np.full(case["minutes"] * 60, float(case["hr_bpm"]))
    limits = {"hr_rest_bpm": case["hr_rest_bpm"], "hr_max_bpm": case["hr_max_bpm"]}
    assert heart_rate.hr_reserve_frac(hr, **limits)[0] == near(case["reserve_frac"])
    impulse = heart_rate.trimp_banister(hr, **limits, weighting=weighting)
    assert impulse == near(case[f"banister_{suffix}"])
    load = heart_rate.hr_load(trimp_banister_au=impulse, lthr_bpm=case["lthr_bpm"], **limits, weighting=weighting)
    assert load == near(case[f"hr_load_{suffix}"])


def test_banister_is_summed_per_sample():
    case = CASES["heart_rate"]["intervals"]
    hr = session(case)
    limits = {"hr_rest_bpm": 50, "hr_max_bpm": 190, "weighting": Weighting.MEN_1990}
    assert hr.mean() == near(case["mean_bpm"])
    assert heart_rate.trimp_banister(hr, **limits) == near(case["banister_men"])
    flat = heart_rate.trimp_banister(np.full(hr.size, hr.mean()), **limits)
    assert flat == near(case["banister_men_from_the_mean"])


def test_edwards():
    case = CASES["heart_rate"]["edwards"]
    shares = (0.55, 0.65, 0.75, 0.85, 0.95)
    hr = np.concatenate([np.full(m * 60, share * 200.0) for m, share in zip(case["minutes"], shares, strict=True)])
    assert heart_rate.edwards_minutes(hr, hr_max_bpm=200).tolist() == case["minutes"]
    assert heart_rate.trimp_edwards(hr, hr_max_bpm=200) == case["trimp"]


def test_lucia():
    case = CASES["heart_rate"]["lucia"]
    hr = np.concatenate([np.full(m * 60, float(bpm)) for m, bpm in zip(case["minutes"], (120, 150, 175), strict=True)])
    assert heart_rate.trimp_lucia(hr, vt1_bpm=140, vt2_bpm=165) == case["trimp"]


def test_cost_of_slopes():
    case = CASES["grade"]
    slopes = np.array(case["slope"])
    np.testing.assert_allclose(running.running_cost_j_kg_m(slopes), case["cost_j_kg_m"], rtol=RELATIVE)
    np.testing.assert_allclose(running.running_cost_j_kg_m(slopes) / 3.6, case["factor"], rtol=RELATIVE)
    np.testing.assert_allclose(running.crowd_factor(slopes), case["crowd_factor"], rtol=RELATIVE)
    fine = np.linspace(-0.45, 0.45, 90_001)
    cost = running.running_cost_j_kg_m(fine)
    assert fine[cost.argmin()] == near(case["cheapest_slope"])
    assert cost.min() == near(case["cheapest_cost"])


def test_grade_adjusted_speed_of_a_run():
    case = CASES["grade"]["run"]
    factor = running.running_cost_j_kg_m(np.array(case["slope"])) / running.FLAT_COST
    flat_m = float(np.sum(np.array(case["distance_m"]) * factor))
    assert flat_m == near(case["flat_equivalent_m"])
    assert flat_m / sum(case["time_s"]) == near(case["speed_m_s"])


def test_run_load():
    case = dict(CASES["run_load"])
    expected = case.pop("load")
    case.pop("source")
    assert running.run_load(**case) == near(expected)


def test_critical_speed():
    case = CASES["critical_speed"]
    fit = running.critical_speed(
        distance_m=np.array(case["distance_m"], dtype=float), time_s=np.array(case["time_s"], dtype=float)
    )
    assert (fit.cs_m_s, fit.d_prime_m) == (near(case["cs_m_s"]), near(case["d_prime_m"]))
    assert (fit.cs_inverse_m_s, fit.d_prime_inverse_m) == (
        near(case["cs_inverse_m_s"]),
        near(case["d_prime_inverse_m"]),
    )
    assert fit.is_consistent


def test_swimming():
    case = CASES["swim"]
    css = swimming.css_m_s(t400_s=case["t400_s"], t200_s=case["t200_s"])
    assert css == near(case["css_m_s"])
    assert swimming.swim_load(distance_m=case["distance_m"], moving_s=case["moving_s"], css_m_s=css) == near(
        case["load"]
    )


def test_session_rpe_monotony_and_strain():
    case = CASES["srpe"]
    load = srpe.srpe_load(rpe_cr10=case["rpe_cr10"], duration_s=case["minutes"] * 60)
    assert load == case["load"]
    assert load * srpe.LOAD_PER_SRPE == near(case["on_the_load_scale"])
    week = np.array(case["week"]["daily_load"], dtype=float)
    assert srpe.monotony(week) == near(case["week"]["monotony"])
    assert srpe.strain_au(week) == near(case["week"]["strain"])


def test_mean_maximal():
    case = CASES["mean_maximal"]
    values = np.array(case["power_w"], dtype=float)
    means, _ = mean_maximal.best_means(values, range(1, values.size + 1))
    np.testing.assert_allclose(means, case["best"], rtol=RELATIVE)
    ride = session(CASES["power"])
    found = mean_maximal.best_by_duration(ride, case["ride_durations_s"])
    np.testing.assert_allclose(list(found.values()), case["ride_best_w"], rtol=RELATIVE)


def test_load_averages():
    case = CASES["load_averages"]
    found = fitness.load_averages(np.full(case["days"], float(case["daily_load"])), ctl_start=0, atl_start=0)
    assert [found.ctl[-1], found.atl[-1], found.tsb[-1]] == near([case["ctl"], case["atl"], case["tsb"]])
    week = case["week"]
    found = fitness.load_averages(
        np.array(week["daily_load"], dtype=float), ctl_start=week["start"], atl_start=week["start"]
    )
    np.testing.assert_allclose(found.ctl, week["ctl"], atol=5e-4)
    np.testing.assert_allclose(found.atl, week["atl"], atol=5e-4)
    np.testing.assert_allclose(found.tsb, week["tsb"], atol=1e-3)
    assert found.tsb_morning[0] == 0
    np.testing.assert_array_equal(found.tsb_morning[1:], found.tsb[:-1])
    assert fitness.ramp_7d(found.ctl, ctl_start=week["start"]) == pytest.approx(week["ramp"], abs=5e-4)


def test_a_fortnight_without_load():
    case = CASES["load_averages"]["taper"]
    found = fitness.load_averages(np.zeros(case["days"]), ctl_start=100, atl_start=100)
    assert found.ctl[-1] / 100 == near(case["remaining_frac"])


def test_a_line_through_the_origin_is_drawn_towards_the_default_scale() -> None:
    """By hand: pairs at 0.15 with one wild one; the median line keeps 0.15, of weight 24 / (24 + 8) in logarithms."""
    rated, load = np.full(24, 400.0), np.full(24, 60.0)
    load[5] = 400.0
    default = 100 / 420
    assert srpe.personal_scale(rated, load) == pytest.approx(default * (0.15 / default) ** 0.75)
    assert srpe.personal_scale(np.empty(0), np.empty(0)) == default
    assert srpe.personal_scale(rated[:1], np.array([1e6])) == pytest.approx(default * 4 ** (1 / 9))
