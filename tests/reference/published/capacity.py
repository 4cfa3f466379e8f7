"""What an athlete can do and how they are: thresholds, reserves, uptake, drift, beats, readiness, stride."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from tests.reference.published.sessions import Tree, floats, numbers, trace

from topform.science import (
    dfa,
    durability,
    hrv,
    performance_index,
    power_duration,
    running_power,
    threshold,
    vo2,
    w_prime,
)
from topform.science.power_duration import Regression
from topform.science.readiness import WEIGHTS, Term, TermId, readiness
from topform.science.threshold_tests import Protocol, evaluate_test

DISTANCES_M = {"1500": 1500.0, "5k": 5000.0, "10k": 10_000.0, "HM": 21_097.5, "M": 42_195.0}


def cp_values(given: Tree) -> Tree:
    entry = given["cp"]
    power, time = floats(entry["P_W"]), floats(entry["t_s"])
    fits = {
        method: power_duration.fit_critical_power(power_w=power, time_s=time, method=method)
        for method in (Regression.WORK_TIME, Regression.INVERSE_TIME, Regression.HYPERBOLIC)
    }
    three = power_duration.fit_three_parameter(
        power_w=floats(entry["morton3"]["P"]), time_s=floats(entry["morton3"]["t"])
    )
    law = power_duration.fit_power_law(power_w=power, time_s=time)
    typical = {
        "cp_w": power_duration.TYPICAL_CP_W,
        "w_prime_j": power_duration.TYPICAL_W_PRIME_J,
        "p_max_w": power_duration.TYPICAL_P_MAX_W,
    }

    def typical_w(seconds: float) -> float:
        return float(power_duration.three_parameter_power_w(seconds, **typical))

    effort = {"power_w": 280.0, "time_s": 1200.0}
    index = power_duration.effort_index(**effort)
    line = entry["submax_hr_line"]
    fusion = entry["kalman_fusion"]
    (mean, sd), states = fusion["prior"], []
    for value, error in fusion["obs"]:
        spread = numbers(error)[0] / 100 * value
        mean, sd = threshold.measured(mean, math.hypot(sd, fusion["q_sd_per_step"]), value=value, value_sd=spread)
        states.append([mean, sd])
    two = {method: {"CP": fit.cp_w, "W": fit.w_prime_j} for method, fit in fits.items()}
    return {
        "work_time": two[Regression.WORK_TIME],
        "inverse_time": two[Regression.INVERSE_TIME],
        "hyperbolic_t_on_P": two[Regression.HYPERBOLIC],
        "morton3": {"CP": three.cp_w, "W": three.w_prime_j, "Pmax": three.p_max_w},
        "power_law": {
            "exponent": -law.exponent,
            "P60min": float(law.power_w(3600)),
            "cp_model_P60": float(fits[Regression.WORK_TIME].power_w(3600)),
        },
        "typical_athlete": {
            "CP": typical["cp_w"],
            "W": typical["w_prime_j"],
            "Pmax": typical["p_max_w"],
            "P1200": typical_w(1200),
            "P300": typical_w(300),
        },
        "one_effort_280W_1200s": {
            "index": index,
            "CP_est": power_duration.threshold_from_effort_w(**effort),
            "P20x0.95": evaluate_test(Protocol.POWER_20MIN, {"power_w": effort["power_w"]}).value,
            "P60_est": index * typical_w(3600),
        },
        "submax_hr_line": {
            "threshold_est": threshold.submaximal_threshold(
                floats(line["hr"]), floats(line["W"]), lthr_bpm=line["lthr"]
            )
        },
        "kalman_fusion": {"posterior_mean_sd": states},
    }


def wbal_values(given: Tree) -> Tree:
    entry = given["wbal"]
    ride, cp, full = trace(entry["segments"]), float(entry["CP"]), float(entry["W"])
    limits = {"cp_w": cp, "w_prime_j": full}
    deficit = cp - ride[ride < cp].mean()
    integral = w_prime.balance_integral_j(ride, **limits)
    exact = w_prime.balance_differential_j(ride, **limits)
    elite = w_prime.balance_elite_j(ride, **limits)
    # A step of Euler's method a second, which other programs take, differs from the exact one.
    left, euler = full, []
    for watts in ride:
        over = watts - cp
        left = left - over if over > 0 else left - over * (full - left) / full
        euler.append(left)
    return {
        "integral": {
            "D_CP": deficit,
            "tau": w_prime.recovery_tau_s(deficit),
            "min": integral.min(),
            "end": integral[-1],
        },
        "differential_exact": {"min": exact.min(), "end": exact[-1]},
        "differential_euler_1s": {"min": min(euler), "end": euler[-1]},
        "tau_elite_power_form": {"min": elite.min(), "end": elite[-1], "tau_at_100W": w_prime.elite_tau_s(100)},
        "tau_546_316": {watts: w_prime.recovery_tau_s(float(watts)) for watts in entry["tau_546_316"]},
    }


def vdot_values(given: Tree) -> Tree:
    entry = given["vdot"]
    index = performance_index.run_index(distance_m=5000, time_s=1200)
    return {
        "5k_20:00": index,
        "equiv_s": {
            name: performance_index.equivalent_time_s(distance_m=DISTANCES_M[name], index=index)
            for name in entry["equiv_s"]
        },
        "10k_40:00": performance_index.run_index(distance_m=10_000, time_s=2400),
        "v_at_vo2max_m_min": 60 * performance_index.speed_at_m_s(index=index, fraction=1.0),
        "pace_s_km_at_pct": {
            share: 1000 / performance_index.speed_at_m_s(index=index, fraction=float(share))
            for share in entry["pace_s_km_at_pct"]
        },
    }


def vo2_values(given: Tree) -> Tree:
    flat = vo2.running_uptake_ml_kg_min(speed_m_s=200 / 60)
    from_reserve = vo2.vo2max_from_reserve(uptake_ml_kg_min=flat, hr_bpm=150, hr_rest_bpm=50, hr_max_bpm=190)
    from_age = vo2.hr_max_from_age(40)
    return {
        "acsm_run_200m_min_1pct": vo2.running_uptake_ml_kg_min(speed_m_s=200 / 60, slope=0.01),
        "acsm_walk_100m_min_5pct": vo2.walking_uptake_ml_kg_min(speed_m_s=100 / 60, slope=0.05),
        "acsm_cycle_300W_75kg": vo2.cycling_uptake_ml_kg_min(power_w=300, mass_kg=75),
        "uth_190_50": vo2.vo2max_from_ratio(hr_max_bpm=190, hr_rest_bpm=50).value,
        "hrr_extrap_run_200m_min_0pct_hr150_rest50_max190": from_reserve.value,
        "five_min_power_4.5Wkg": vo2.vo2max_from_five_minutes(power_w=4.5 * 75, mass_kg=75).value,
        "hrmax_age40": {name.split("_")[0]: one.value for name, one in from_age.items()},
    }


def decoupling_values(given: Tree) -> Tree:
    entry = given["decoupling"]
    output, pulse = (np.repeat([entry["first"][place], entry["second"][place]], 1200).astype(float) for place in (0, 1))
    factor = output / pulse
    return {"EF1": factor[0], "EF2": factor[-1], "pct": durability.decoupling_pct(output, pulse)}


def dfa_values(given: Tree) -> Tree:
    entry = given["dfa"]
    state, drawn = 12345, []
    for _ in range(5000):
        state = (1_664_525 * state + 1_013_904_223) % 2**32
        drawn.append(state / 2**32)
    u = np.array(drawn)
    white, noise = 600 + 20 * (u - 0.5), np.zeros(u.size)
    for place in range(1, u.size):
        noise[place] = 0.7 * noise[place - 1] + u[place] - 0.5
    found = dfa.thresholds_from_alpha(floats(entry["hrvt_example"]["hr"]), floats(entry["hrvt_example"]["alpha1"]))
    assert found is not None
    return {
        "first3_u": u[:3].tolist(),
        "white_600+20(u-.5)_n5000_alpha1": dfa.alpha1(white),
        "F4": dfa.fluctuation(white, 4),
        "F16": dfa.fluctuation(white, 16),
        "white_first200_alpha1": dfa.alpha1(white[:200]),
        "integrated_600+cumsum(u-.5)_n5000": dfa.alpha1(600 + np.cumsum(u - 0.5)),
        "ar1_phi0.7_n5000": dfa.alpha1(600 + noise),
        "hrvt_example": {
            "slope": found.slope,
            "HR_at_0.75": found.effort_at_first,
            "HR_at_0.50": found.effort_at_second,
        },
    }


def hrv_values(given: Tree) -> Tree:
    rr, entry = floats(given["hrv"]["rr_ms"]), given["hrv"]["swc"]
    days, weeks = entry["baseline28"].rstrip().split("]x")
    band, week = hrv.normal_band(floats(numbers(days) * int(weeks))), floats(entry["week"])
    mean = hrv.weekly_mean(week)
    return {
        "rmssd": hrv.rmssd_ms(rr),
        "ln_rmssd": math.log(hrv.rmssd_ms(rr)),
        "sdnn_ddof1": hrv.sdnn_ms(rr),
        "mean_hr": hrv.mean_hr_bpm(rr),
        "pnn20": hrv.pnn_pct(rr, above_ms=20),
        "swc": {
            "mean": band.mean,
            "sd_ddof1": band.sd,
            "swc_0.5sd": band.high - band.mean,
            "lower": band.low,
            "upper": band.high,
            "week_mean": mean,
            "below": mean < band.low,
            "weekly_cv_pct": hrv.weekly_cv_pct(week),
        },
    }


def readiness_values(given: Tree) -> Tree:
    entry = given["readiness"]
    ours = {
        "hrv": TermId.HRV,
        "rhr": TermId.RESTING_HR,
        "sleep": TermId.SLEEP,
        "subjective": TermId.SUBJECTIVE,
        "form": TermId.BALANCE,
    }
    terms = {name: Term(ours[name], z, 0.0, 0.0, "1", 60) for name, z in entry["z_(positive=good)"].items()}
    today = readiness(list(terms.values()))
    without = readiness([term for name, term in terms.items() if name not in ("hrv", "rhr")])
    return {
        "weights": {name: WEIGHTS[term] for name, term in ours.items()},
        "score": today.score,
        "contributions": {name: today.points[term] for name, term in ours.items()},
        "coverage": today.coverage,
        "score_without_hrv_rhr": without.score,
        "coverage_without": without.coverage,
    }


def hr_drift_values(given: Tree) -> Tree:
    (name,) = given["hr_drift"]
    t_s = np.arange(600.0, 3601.0)
    pulse = 140 + 0.12 * (t_s / 60 - 10)
    rise = durability.hr_drift_bpm_h(t_s, pulse)
    hours = (t_s[-1] - t_s[0]) / 3600
    return {name: {"slope_bpm_per_h": rise, "pct_of_start": 100 * rise * hours / pulse[0]}}


def gait_values(given: Tree) -> Tree:
    contact, flight = given["gait"]["tc"], given["gait"]["tf"]
    step = running_power.spring_mass_step(contact_s=contact, flight_s=flight)
    # From touch-down to the middle of the contact, where the fall has ended: integrated twice, backwards in time.
    t, dt = np.linspace(0, contact / 2, 200_001, retstep=True)
    force = step.peak_force_bw * np.sin(np.pi * t / contact)
    fall = 9.80665 * (force - 1)
    speed = np.concatenate([[0.0], np.cumsum((fall[1:] + fall[:-1]) / 2)]) * dt
    drop = np.sum(speed[-1] - (speed[1:] + speed[:-1]) / 2) * dt
    return {
        "Fmax_over_mg": step.peak_force_bw,
        "com_drop_in_contact_m": step.contact_drop_m,
        "numeric_check": drop,
        "com_total_oscillation_m(+g*tf^2/8)": step.oscillation_m,
        "step_rate_spm": step.cadence_spm,
        "duty_factor": step.duty_factor,
    }


VALUES: dict[str, Any] = {
    "cp": cp_values,
    "wbal": wbal_values,
    "vdot": vdot_values,
    "vo2": vo2_values,
    "decoupling": decoupling_values,
    "dfa": dfa_values,
    "hrv": hrv_values,
    "readiness": readiness_values,
    "hr_drift": hr_drift_values,
    "gait": gait_values,
}
