"""Thresholds, uptake, beats, strength and responses against published and hand-calculated values (metrics.toml)."""

from __future__ import annotations

import csv
import json
import math
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support.shared_data import require_shared_data

from topform.core.arrays import FloatArray
from topform.science import (
    dfa,
    durability,
    fitness,
    hrv,
    impulse_response,
    performance_index,
    power_duration,
    running,
    running_power,
    strength,
    swimming,
    threshold,
    vo2,
    w_prime,
    zones,
)
from topform.science.power_duration import Regression

CASES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("metrics.toml").read_text())
RELATIVE = 1e-3


def near(expected: Any) -> Any:
    return pytest.approx(expected, rel=RELATIVE)


def floats(values: list[Any]) -> FloatArray:
    return np.array(values, dtype=np.float64)


@pytest.mark.parametrize("method", [Regression.WORK_TIME, Regression.INVERSE_TIME, Regression.HYPERBOLIC])
def test_critical_power_by_each_regression(method):
    case = CASES["critical_power"]
    fit = power_duration.fit_critical_power(
        power_w=floats(case["power_w"]), time_s=floats(case["time_s"]), method=method
    )
    assert [fit.cp_w, fit.w_prime_j] == near(case["fits"][method.value])


def test_the_weighted_fit_is_the_line_with_errors_of_two_percent():
    case = CASES["critical_power"]
    power, time = floats(case["power_w"]), floats(case["time_s"])
    fit = power_duration.fit_critical_power(power_w=power, time_s=time)
    slope, intercept = np.polyfit(1 / time, power, 1, w=1 / (0.02 * power))
    assert [fit.cp_w, fit.w_prime_j] == pytest.approx([intercept, slope], rel=1e-9)
    low, high = power_duration.critical_power(power_w=power, time_s=time).cp_range_w
    assert low == near(260.413)
    assert high == near(267.472)


def test_three_parameters_and_the_power_law():
    case = CASES["critical_power"]
    three = case["three_parameter"]
    fit = power_duration.fit_three_parameter(power_w=floats(three["power_w"]), time_s=floats(three["time_s"]))
    assert [fit.cp_w, fit.w_prime_j, fit.p_max_w] == near([three["cp_w"], three["w_prime_j"], three["p_max_w"]])
    power, time = floats(case["power_w"]), floats(case["time_s"])
    law = power_duration.fit_power_law(power_w=power, time_s=time)
    assert law.exponent == near(case["power_law"]["exponent"])
    assert float(law.power_w(3600)) == near(case["power_law"]["power_60min_w"])
    line = power_duration.fit_critical_power(power_w=power, time_s=time, method=Regression.WORK_TIME)
    assert float(line.power_w(3600)) == near(case["power_law"]["cp_model_60min_w"])


def test_one_effort_against_the_typical_curve():
    case = CASES["critical_power"]
    typical = {
        "cp_w": power_duration.TYPICAL_CP_W,
        "w_prime_j": power_duration.TYPICAL_W_PRIME_J,
        "p_max_w": power_duration.TYPICAL_P_MAX_W,
    }
    for seconds in (1200, 300):
        expected = case["typical"][f"power_{seconds}s_w"]
        assert float(power_duration.three_parameter_power_w(seconds, **typical)) == near(expected)
    effort = case["one_effort"]
    given = {"power_w": effort["power_w"], "time_s": effort["time_s"]}
    index = power_duration.effort_index(**given)
    assert index == near(effort["index"])
    assert power_duration.threshold_from_effort_w(**given) == near(effort["threshold_w"])
    hour = float(power_duration.three_parameter_power_w(3600, **typical))
    assert index * hour == near(effort["power_60min_w"])


def test_threshold_from_easy_sessions_and_its_fusion():
    case = CASES["critical_power"]["submaximal"]
    found = threshold.submaximal_threshold(floats(case["hr_bpm"]), floats(case["power_w"]), lthr_bpm=case["lthr_bpm"])
    assert found == near(case["threshold_w"])
    case = CASES["critical_power"]["fusion"]
    mean, sd = case["prior"]
    for (value, sd_frac), (expected_mean, expected_sd) in zip(case["observed"], case["posterior"], strict=True):
        mean, sd = threshold.measured(mean, math.hypot(sd, case["daily_sd"]), value=value, value_sd=sd_frac * value)
        assert [mean, sd] == near([expected_mean, expected_sd])


def interval_ride() -> FloatArray:
    case = CASES["w_prime"]
    blocks = [case["easy"], *[case["work"], case["rest"]] * case["repeats"], case["easy"]]
    return np.concatenate([np.full(seconds, float(watts)) for seconds, watts in blocks])


def test_w_prime_balance():
    case = CASES["w_prime"]
    limits = {"cp_w": float(case["cp_w"]), "w_prime_j": float(case["w_prime_j"])}
    ride = interval_ride()
    for name, balance in (
        ("integral", w_prime.balance_integral_j),
        ("differential", w_prime.balance_differential_j),
        ("elite", w_prime.balance_elite_j),
    ):
        left = balance(ride, **limits)
        assert left.min() == near(case[name]["lowest_j"])
        assert left[-1] == near(case[name]["end_j"])
    for deficit, tau in case["integral"]["tau_by_deficit"]:
        assert w_prime.recovery_tau_s(deficit) == near(tau)
    assert w_prime.elite_tau_s(100) == near(case["elite"]["tau_at_100_w_s"])


def test_the_exact_step_differs_from_eulers():
    case = CASES["w_prime"]
    full = case["w_prime_j"]
    left, course = float(full), []
    for watts in interval_ride():
        over = watts - case["cp_w"]
        left = left - over if over > 0 else left - over * (full - left) / full
        course.append(left)
    assert min(course) == near(case["differential"]["lowest_euler_j"])
    assert course[-1] == near(case["differential"]["end_euler_j"])


def test_critical_speed_predictions_and_swimming():
    case = CASES["critical_speed"]
    fit = running.critical_speed(distance_m=floats(case["distance_m"]), time_s=floats(case["time_s"]))
    assert fit.time_s(2000) == near(case["predictions"]["time_2000m_s"])
    assert fit.time_at_frac_s(42_195, fraction=0.848) == near(case["predictions"]["marathon_at_0_848_s"])
    swim, more = CASES["swim"], CASES["swim"]["more"]
    efforts = {"t400_s": swim["t400_s"], "t200_s": swim["t200_s"]}
    assert swimming.swim_d_prime_m(**efforts) == near(more["d_prime_m"])
    assert 100 / swimming.css_m_s(**efforts) == near(more["pace_s_100m"])
    assert swimming.drag_power_w(speed_m_s=1.2, mass_kg=70) == near(more["drag_power_70kg_1_2_m_s_w"])


def test_run_index_within_a_tenth():
    case = CASES["run_index"]
    index = performance_index.run_index(distance_m=case["distance_m"], time_s=case["time_s"])
    assert index == pytest.approx(case["index"], abs=1e-4)
    assert performance_index.run_index(distance_m=10_000, time_s=2400) == pytest.approx(case["ten_km_2400_s"], abs=1e-4)
    for distance, seconds in case["equivalent_s"]:
        assert performance_index.equivalent_time_s(distance_m=distance, index=index) == pytest.approx(seconds, abs=0.1)
    for fraction, pace in case["pace_s_km"]:
        assert 1000 / performance_index.speed_at_m_s(index=index, fraction=fraction) == pytest.approx(pace, abs=0.1)
    assert performance_index.speed_at_m_s(index=index, fraction=1) * 60 == near(case["speed_at_index_m_min"])


def test_running_power_and_the_spring_mass_step():
    case = CASES["running_power"]
    given = {"speed_m_s": case["speed_m_s"], "mass_kg": case["mass_kg"]}
    assert running_power.metabolic_power_w(**given) == near(case["metabolic_w"])
    for slope, expected in case["mechanical_w"]:
        found = running_power.mechanical_power_w(**given, height_m=case["height_m"], slope=slope)
        assert found == near(expected)
    assert running_power.simple_power_w(**given) == near(case["simple_w"])
    assert running_power.climbing_power_w(**given, slope=0.05) == near(case["climb_5pct_w"])
    case = CASES["gait"]
    step = running_power.spring_mass_step(contact_s=case["contact_s"], flight_s=case["flight_s"])
    for name in ("peak_force_bw", "contact_drop_m", "oscillation_m", "cadence_spm", "duty_factor"):
        assert getattr(step, name) == near(case[name])


def test_uptake():
    case = CASES["uptake"]
    speed = 200 / 60
    assert vo2.running_uptake_ml_kg_min(speed_m_s=speed, slope=0.01) == near(case["run_200_m_min_1pct"])
    assert vo2.walking_uptake_ml_kg_min(speed_m_s=100 / 60, slope=0.05) == near(case["walk_100_m_min_5pct"])
    assert vo2.cycling_uptake_ml_kg_min(power_w=300, mass_kg=75) == near(case["cycle_300_w_75_kg"])
    assert vo2.vo2max_from_ratio(hr_max_bpm=190, hr_rest_bpm=50).value == near(case["ratio_190_50"])
    flat = vo2.running_uptake_ml_kg_min(speed_m_s=speed)
    reserve = vo2.vo2max_from_reserve(uptake_ml_kg_min=flat, hr_bpm=150, hr_rest_bpm=50, hr_max_bpm=190)
    assert reserve.value == near(case["reserve_run_200_m_min_hr_150_50_190"])
    five = vo2.vo2max_from_five_minutes(power_w=4.5 * 70, mass_kg=70)
    assert five.value == near(case["five_minutes_4_5_w_kg"])
    assert five.plus_minus > 0
    assert {name: one.value for name, one in vo2.hr_max_from_age(40).items()} == near(case["hr_max_at_40"])


def test_decoupling_and_drift():
    case = CASES["decoupling"]
    output, pulse = (np.repeat([case["first"][place], case["second"][place]], 1200).astype(float) for place in (0, 1))
    assert durability.decoupling_pct(output, pulse) == near(case["pct"])
    case = CASES["hr_drift"]
    t_s = np.arange(600.0, 3601.0)
    pulse = 140 + 0.12 * (t_s / 60 - 10)
    assert durability.hr_drift_bpm_h(t_s, pulse) == near(case["slope_bpm_h"])
    assert 100 * (pulse[-1] - pulse[0]) / pulse[0] == near(case["pct_of_start"])


def test_alpha_1_of_known_noises():
    case = CASES["dfa"]
    state, drawn = case["seed"], []
    for _ in range(case["n"]):
        state = (case["multiplier"] * state + case["increment"]) % 2**32
        drawn.append(state / 2**32)
    u = np.array(drawn)
    np.testing.assert_allclose(u[:3], case["first_three"], atol=5e-9)
    white = 600 + 20 * (u - 0.5)
    assert dfa.alpha1(white) == near(case["white"])
    assert dfa.fluctuation(white, 4) == near(case["fluctuation_4"])
    assert dfa.fluctuation(white, 16) == near(case["fluctuation_16"])
    assert dfa.alpha1(white[:200]) == near(case["white_first_200"])
    assert dfa.alpha1(600 + np.cumsum(u - 0.5)) == near(case["integrated"])
    noise = np.zeros(u.size)
    for place in range(1, u.size):
        noise[place] = 0.7 * noise[place - 1] + u[place] - 0.5
    assert dfa.alpha1(600 + noise) == near(case["ar1_0_7"])


def test_thresholds_from_alpha_1():
    case = CASES["dfa"]["thresholds"]
    found = dfa.thresholds_from_alpha(floats(case["hr_bpm"]), floats(case["alpha1"]))
    assert found is not None
    assert [found.slope, found.effort_at_first, found.effort_at_second] == near(
        [case["slope"], case["at_first"], case["at_second"]]
    )


def test_variability_of_beats():
    case = CASES["hrv"]
    rr = floats(case["rr_ms"])
    assert hrv.rmssd_ms(rr) == near(case["rmssd_ms"])
    assert math.log(hrv.rmssd_ms(rr)) == near(case["ln_rmssd"])
    assert hrv.sdnn_ms(rr) == near(case["sdnn_ms"])
    assert hrv.mean_hr_bpm(rr) == near(case["mean_hr_bpm"])
    assert hrv.pnn_pct(rr, above_ms=20) == near(case["pnn20_pct"])


def test_the_normal_band():
    case = CASES["hrv"]["band"]
    band = hrv.normal_band(floats(case["week_of_baseline"] * case["weeks"]))
    assert [band.mean, band.sd, band.low, band.high] == near([case[name] for name in ("mean", "sd", "low", "high")])
    week = floats(case["week"])
    assert hrv.weekly_mean(week) == near(case["week_mean"])
    assert hrv.weekly_mean(week) < band.low
    assert hrv.weekly_cv_pct(week) == near(case["week_cv_pct"])


def test_strength():
    case = CASES["strength"]
    assert case["body_fraction"] == strength.BODY_FRACTION
    volume = strength.volume_load_kg(
        reps=case["push_ups"], body_mass_kg=case["body_mass_kg"], body_fraction=strength.BODY_FRACTION["regular"]
    )
    assert volume == near(case["volume_load_kg"])
    assert strength.hard_sets(case["rir"]) == case["hard_sets"]
    case = case["variants"]
    assert strength.push_up_max_frac(reps=case["reps"]) == near(case["max_frac"])
    for other, expected in case["predicted"].items():
        found = strength.predicted_reps(reps=case["reps"], variant="regular", other=other)
        assert found == pytest.approx(expected, rel=RELATIVE, abs=5e-3)


def response_parameters(case: dict[str, Any]) -> impulse_response.ResponseParameters:
    names = ("p0", "k_fitness", "k_fatigue", "tau_fitness_d", "tau_fatigue_d")
    return impulse_response.ResponseParameters(**{name: float(case[name]) for name in names})


def test_the_response_and_its_critical_days():
    case = CASES["response"]
    loads = np.concatenate([floats(case["daily_load"]), [0.0]])
    found = impulse_response.response(loads, response_parameters(case))
    np.testing.assert_allclose(found, case["performance"], rtol=1e-6)
    for tau1, tau2, ratio, harmful, best in case["critical_days"]["cases"]:
        days = impulse_response.critical_days(tau_fitness_d=tau1, tau_fatigue_d=tau2, ratio=ratio)
        assert list(days) == near([harmful, best])


def test_noise_free_tests_give_the_parameters_back():
    case = CASES["response"]["recovery"]
    day = np.arange(case["days"], dtype=float)
    loads = np.where(day % 7 == 0, 0.0, 60 + 40 * np.sin(2 * np.pi * day / 28) + 30 * (day % 7 == 6))
    loads[200:] *= 0.6
    tests = np.arange(20, 20 + 14 * case["tests"], 14)
    truth = response_parameters(case)
    fits = impulse_response.fit_grid(
        loads,
        tests,
        impulse_response.response(loads, truth)[tests],
        tau_fitness_d=np.arange(20.0, 81.0, 2.0).tolist(),
        tau_fatigue_d=np.arange(3.0, 21.0).tolist(),
    )
    best = fits[0].parameters
    assert [best.tau_fitness_d, best.tau_fatigue_d] == [truth.tau_fitness_d, truth.tau_fatigue_d]
    assert [best.p0, best.k_fitness, best.k_fatigue] == near([truth.p0, truth.k_fitness, truth.k_fatigue])


def test_intensity_distribution():
    case = CASES["distribution"]
    for name in ("polarised", "pyramidal"):
        shares = floats(case[name])
        assert zones.polarization_index(shares) == near(case[f"{name}_index"])
        assert zones.distribution_of(shares) == name


def test_the_other_smoothing_forms_differ():
    case = CASES["load_averages"]["other_forms"]
    days, load = 42, 100.0
    exact = fitness.load_averages(np.full(days, load), ctl_start=0, atl_start=0).ctl[-1]
    with_one_over_n = load * (1 - (1 - 1 / 42) ** days)
    with_two_over_n_plus_one = load * (1 - (1 - 2 / 43) ** days)
    assert with_one_over_n == near(case["ctl_with_one_over_n"])
    assert exact == pytest.approx(load * (1 - math.exp(-1)), rel=1e-12)
    assert with_one_over_n - exact == pytest.approx(0.4423, abs=5e-4)
    assert with_two_over_n_plus_one - exact > 20
    found = fitness.weekly_load_for_ramp(ctl=case["ramp_from"], ramp_au=case["ramp"])
    assert found == near(case["weekly_mean_load"])


# Data of others, read where it lies beside the checkout.


@pytest.mark.shared_data
@pytest.mark.parametrize("cyclist", [1, 2, 3])
def test_the_lab_fits_of_three_cyclists(cyclist):
    study = require_shared_data() / "activities/pypermod/src/pypermod/data_storage/VO2_study"
    meta = json.loads((study / str(cyclist) / "meta.json").read_text())
    stored = (meta.get("cp_fittings") or meta["meta_data"]["cp_fittings"])["SrmBbb_TTE"]
    stored = stored.get("fitting", stored)
    efforts = stored.get("ttes_time:power") or stored["time:power"]
    time, power = floats([float(key) for key in efforts]), floats(list(efforts.values()))
    for method, key in (
        (Regression.WORK_TIME, "2p_linear"),
        (Regression.INVERSE_TIME, "2p_1/time"),
        (Regression.HYPERBOLIC, "2p_hyp"),
    ):
        fit = power_duration.fit_critical_power(power_w=power, time_s=time, method=method)
        expected = stored[key]
        assert fit.cp_w == pytest.approx(expected["cp"], abs=0.1)
        assert fit.w_prime_j == pytest.approx(expected["w_p"], rel=0.005)
        assert [fit.cp_se_w, fit.w_prime_se_j] == near([expected["cp_see"], expected["wp_see"]])


@pytest.mark.shared_data
def test_the_published_response_of_a_cyclist():
    path = require_shared_data() / "activities/dorem/data-raw/bike-score.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    loads = floats([row["BikeScore"] for row in rows])
    tested = [place for place, row in enumerate(rows) if row["Test_5min_Power"].strip()]
    watts = floats([rows[place]["Test_5min_Power"] for place in tested])
    case = CASES["response"]["published"]
    given = response_parameters(case)
    same_day = impulse_response.response(loads, given, same_day=True)[tested]
    assert float(np.sum((same_day - watts) ** 2)) == pytest.approx(case["sse_with_rounded_parameters"], rel=0.01)
    next_day = impulse_response.response(loads, given)[tested]
    assert float(np.sum((next_day - watts) ** 2)) > 100  # the convention matters more than the noise
    free = impulse_response.fit_grid(
        loads,
        np.array(tested),
        watts,
        tau_fitness_d=np.arange(10.0, 81.0, 2.0).tolist(),
        tau_fatigue_d=np.arange(1.0, 61.0, 2.0).tolist(),
        same_day=True,
    )
    alike = [fit.parameters.k_fitness for fit in free if fit.sse <= 1.1 * case["sse_published"]]
    assert len(alike) > 10 and max(alike) > 10 * min(alike)  # they fit as well, with ten times the gain
    verdict = impulse_response.model_verdict(loads, np.array(tested), watts)
    assert not verdict.is_shown
    assert verdict.model_mae_pct > verdict.last_value_mae_pct


@pytest.mark.shared_data
@pytest.mark.parametrize("name", ["hrv-py/hrv/sampledata/rest_rri.txt", "hrv-py/notebooks/data/08012805.txt"])
def test_variability_of_recorded_beats(name):
    path = require_shared_data() / "activities" / name
    rr = np.loadtxt(path)
    steps = [later - earlier for earlier, later in zip(rr.tolist(), rr.tolist()[1:], strict=False)]
    mean = math.fsum(rr) / rr.size
    assert 60_000 / hrv.mean_hr_bpm(rr) == near(mean)
    assert hrv.sdnn_ms(rr) == near(math.sqrt(math.fsum((value - mean) ** 2 for value in rr) / (rr.size - 1)))
    assert hrv.rmssd_ms(rr) == near(math.sqrt(math.fsum(step**2 for step in steps) / len(steps)))
    clean = hrv.clean_rr(rr)
    assert 0 <= clean.rejected_frac < 0.2
