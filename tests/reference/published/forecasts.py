"""What comes of it: load averages, responses, race times, intervals, warnings, drift, distribution of intensity."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
from tests.reference.published.capacity import DISTANCES_M
from tests.reference.published.sessions import Tree, floats, numbers

from topform.coaching.load_warnings import (
    NEW_RUNNERS_HURT_PER_1000_H,
    NEW_RUNNERS_WEEK_H,
    RUNNERS_HURT_PER_1000_H,
    RUNNERS_WEEK_H,
    Condition,
    Session,
    acute_chronic,
    hurt_in_a_week_frac,
    session_spike,
    spike_hazard,
)
from topform.core.arrays import FloatArray
from topform.science import fitness, zones
from topform.science.drift import PageHinkley, population_stability_index
from topform.science.impulse_response import ResponseParameters, critical_days, fit_grid, response
from topform.science.prediction import models
from topform.science.prediction.correction import own_exponent
from topform.science.prediction.intervals import adaptive_alpha, conformal_quantile

HALF, MARATHON = DISTANCES_M["HM"], DISTANCES_M["M"]
DAY = date(2026, 11, 22)


def pmc_values(given: Tree) -> Tree:
    entry = given["pmc"]
    steady = fitness.load_averages(np.full(42, 100.0), ctl_start=0, atl_start=0)
    week = fitness.load_averages(floats(entry["week_from_50_50"]["loads"]), ctl_start=50, atl_start=50)
    rest = fitness.load_averages(np.zeros(14), ctl_start=1, atl_start=1)
    return {
        "100x42_from_0": {
            "LTL_exp": steady.ctl[-1],
            # The other common form of the same average, which the project does not use.
            "LTL_1/42": 100 * (1 - (1 - 1 / fitness.CTL_DAYS) ** 42),
            "STL_exp": steady.atl[-1],
            "balance_day43": steady.tsb[-1],
        },
        "week_from_50_50": {
            "LTL": week.ctl.tolist(),
            "STL": week.atl.tolist(),
            "balance_next_morning": week.tsb.tolist(),
            "ramp_7d": fitness.ramp_7d(week.ctl, ctl_start=50),
        },
        "max_weekly_mean_load_for_ramp5_at_LTL50": fitness.weekly_load_for_ramp(ctl=50, ramp_au=5),
        "taper_14d_zero_load_LTL_frac": rest.ctl[-1],
    }


def banister_values(given: Tree) -> Tree:
    entry = given["banister"]
    parameters = ResponseParameters(entry["p0"], entry["k1"], entry["k2"], entry["tau1"], entry["tau2"])
    loads = floats([*entry["loads_day1..10"], 0])
    critical = {}
    for name in entry["critical_times"]:
        taus, ratio = name.split(",k2/k1=")
        slow, fast = (float(tau) for tau in taus.split("/"))
        harmful, best = critical_days(tau_fitness_d=slow, tau_fatigue_d=fast, ratio=float(ratio))
        critical[name] = {"t_n": harmful, "t_g": best}
    recovery = entry["noise_free_recovery"]
    p0, k1, k2, tau1, tau2 = recovery["true"]
    day = np.arange(240.0)
    made = np.where(day % 7 == 0, 0.0, 60 + 40 * np.sin(2 * np.pi * day / 28) + 30 * (day % 7 == 6))
    made[200:] *= 0.6
    tests = np.arange(20, day.size, 14)
    found = fit_grid(
        made,
        tests,
        response(made, ResponseParameters(p0, k1, k2, tau1, tau2))[tests],
        tau_fitness_d=np.arange(20.0, 81.0, 2.0).tolist(),
        tau_fatigue_d=np.arange(3.0, 21.0).tolist(),
    )[0].parameters
    return {
        "p_day1..11": response(loads, parameters).tolist(),
        "critical_times": critical,
        "noise_free_recovery": {
            "n_tests": tests.size,
            "fit_tau1,tau2,p0,k1,k2": [
                found.tau_fitness_d,
                found.tau_fatigue_d,
                found.p0,
                found.k_fitness,
                found.k_fatigue,
            ],
        },
    }


def race_values(given: Tree) -> Tree:
    entry = given["race"]
    ten = {"time_s": 2400.0, "distance_m": 10_000.0}
    two = {"shorter_s": 2400, "shorter_m": 10_000, "longer_s": 5400, "longer_m": HALF}
    own = own_exponent({10_000.0: 2400.0, HALF: 5400.0})
    races = floats(entry["log_model"]["races"])
    v_m, gamma = models.fit_log_model(distance_m=races[:, 0], time_s=races[:, 1])
    law = own_exponent({float(metres): float(seconds) for metres, seconds in races})
    tanda = models.tanda_marathon_s(km_per_week=60, training_pace_s_km=330)

    def miles(name: str) -> float:
        return numbers(name)[0]

    one_race, two_races = entry["vv_one_race_10k_2400s"], entry["vv_two_races_10k_2400s_HM_5400s"]
    # Mean squared errors of the published comparison, in square minutes.
    mse = {"riegel": 381, "vv1": 228, "vv2": 208}
    return {
        "riegel_10k_2400s": {
            "HM_1.06": models.riegel_s(**ten, target_m=HALF),
            "M_1.06": models.riegel_s(**ten, target_m=MARATHON),
            "M_1.07": models.riegel_s(**ten, target_m=MARATHON, exponent=1.07),
        },
        "vv_one_race_10k_2400s": {
            name: models.vickers_one_race_s(**ten, miles_per_week=miles(name)) for name in one_race
        },
        "vv_two_races_10k_2400s_HM_5400s": {
            "k": own,
            **{
                name: models.vickers_two_races_s(**two, miles_per_week=miles(name)) for name in two_races if name != "k"
            },
        },
        "personal_k_M_s": models.riegel_s(time_s=5400, distance_m=HALF, target_m=MARATHON, exponent=own),
        "log_model": {
            "t_c": models.LOG_MODEL_CRITICAL_S,
            "v_m": v_m,
            "gamma": gamma,
            "endurance_exp(0.1/g)": math.exp(0.1 / gamma),
            "pred_s": {
                name: models.log_model_time_s(v_m=v_m, gamma=gamma, distance_m=DISTANCES_M[name])
                for name in entry["log_model"]["pred_s"]
            },
            "riegel_fit_k": law,
            "riegel_fit_M": models.riegel_s(
                time_s=races[1, 1], distance_m=races[1, 0], target_m=MARATHON, exponent=law
            ),
        },
        "tanda_60km_330s_km": {"pace": tanda / MARATHON * 1000, "time_s": tanda},
        "published_rmse_min_from_mse": {name: math.sqrt(value) for name, value in mse.items()},
    }


def conformal_values(given: Tree) -> Tree:
    entry = given["conformal"]
    scores = np.abs(entry["residuals_pct"])
    widest = {alpha: conformal_quantile(scores, alpha=alpha) for alpha in (0.1, 0.2)}
    rank = {alpha: int(np.searchsorted(np.sort(scores), q)) + 1 for alpha, q in widest.items()}
    share = widest[entry["alpha"]] / 100
    aci = entry["aci"]
    covered = [bool(one) for one in aci["outcomes_covered"]]
    return {
        "n": scores.size,
        "k": rank[0.1],
        "q": widest[0.1],
        "interval_for_2490s": [2490 * (1 - share), 2490 * (1 + share)],
        "k_alpha0.2": rank[0.2],
        "q_alpha0.2": widest[0.2],
        "min_n_for_90": next(n for n in range(1, 100) if math.isfinite(conformal_quantile(np.ones(n), alpha=0.1))),
        "aci": {
            "alpha_path": [
                adaptive_alpha(covered[: n + 1], alpha=aci["alpha0"], gamma=aci["gamma"]) for n in range(len(covered))
            ]
        },
    }


def days_of(loads: FloatArray) -> list[Session]:
    """Return a ride of each load a day, the last of them today."""
    return [
        Session(DAY - timedelta(days=loads.size - 1 - place), "cycling", 3600.0, load_au=float(load))
        for place, load in enumerate(loads)
    ]


def run(back: int, km: float) -> Session:
    return Session(DAY - timedelta(days=back), "running", 300.0 * km, distance_m=1000 * km)


def alarms_that_are_right(*, base: float, sensitivity: float, specificity: float) -> float:
    """Return the positive predictive value; the project ships no model whose alarms would need it."""
    return base * sensitivity / (base * sensitivity + (1 - base) * (1 - specificity))


def injury_values(given: Tree) -> Tree:
    ratio = acute_chronic(Condition(DAY, days_of(np.repeat([200.0, 300.0], [21, 7]))))
    spike = session_spike(Condition(DAY, [run(20, 16), run(1, 19)]))
    assert ratio is not None and spike is not None
    injured, well = 583, 42_183
    return {
        "base_rate_day": injured / (injured + well),
        "weekly_hazard_5h_recreational_7.7/1000h": hurt_in_a_week_frac(
            injuries_per_1000_h=RUNNERS_HURT_PER_1000_H, hours=RUNNERS_WEEK_H
        ),
        "weekly_hazard_3h_novice_17.8/1000h": hurt_in_a_week_frac(
            injuries_per_1000_h=NEW_RUNNERS_HURT_PER_1000_H, hours=NEW_RUNNERS_WEEK_H
        ),
        "spike_19km_vs_16km_pct": spike.values["excess_pct"],
        "session_bands": {
            "<=10": spike_hazard(1.1),
            ">10-30": spike_hazard(1.2),
            ">30-100": spike_hazard(1.6),
            ">100": spike_hazard(2.1),
        },
        "acwr_descriptive": {
            "coupled": ratio.coupled,
            "uncoupled": ratio.uncoupled,
            "ewma_7_28(2/(n+1))": ratio.smoothed,
        },
        "ppv_base_0.01363_sens_0.584_spec_0.746": alarms_that_are_right(
            base=0.01363, sensitivity=0.584, specificity=0.746
        ),
        "ppv_base_0.01344_sens_0.504_spec_0.741": alarms_that_are_right(
            base=0.01344, sensitivity=0.504, specificity=0.741
        ),
    }


def drift_values(given: Tree) -> Tree:
    entry = given["drift"]["page_hinkley"]
    test, alarms = PageHinkley(delta=entry["delta"], threshold=entry["lambda"]), []
    for place, value in enumerate([0.1] * 10 + [0.6] * 10, start=1):
        test = test.after(value)
        alarms += [place] if test.is_alarmed else []
    return {
        "psi": population_stability_index(expected=[0.25] * 4, observed=[0.1, 0.2, 0.3, 0.4]),
        "page_hinkley": {"alarm_index_1based": alarms[0], "final_stat": test.excess},
    }


def distribution_values(given: Tree) -> Tree:
    found = {}
    for name in given["intensity_distribution"]:
        shares = floats(numbers(name))
        found[name] = {"PI": zones.polarization_index(shares), "class": zones.distribution_of(shares)}
    return found


def auc_values(given: Tree) -> Tree:
    """Hanley and McNeil 1982. The project's own intervals of an AUROC are bootstrapped over people instead."""
    found = {}
    for name in given["auc_standard_error"]:
        area, ill, well = (float(part.split("=")[1]) for part in name.split(","))
        first, second = area / (2 - area), 2 * area**2 / (1 + area)
        variance = area * (1 - area) + (ill - 1) * (first - area**2) + (well - 1) * (second - area**2)
        found[name] = math.sqrt(variance / (ill * well))
    return found


VALUES: dict[str, Any] = {
    "pmc": pmc_values,
    "banister": banister_values,
    "race": race_values,
    "conformal": conformal_values,
    "injury": injury_values,
    "drift": drift_values,
    "intensity_distribution": distribution_values,
    "auc_standard_error": auc_values,
}
