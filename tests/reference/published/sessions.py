"""What a session costs: power, heart rate, grade, running, swimming, ratings, strength."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from topform.core.arrays import FloatArray
from topform.science import heart_rate, mean_maximal, power, running, running_power, srpe, strength, swimming
from topform.science.heart_rate import Weighting
from topform.science.prediction.models import MARATHON_CS_FRAC, MARATHON_M

Tree = dict[str, Any]
NUMBER = re.compile(r"-?\d*\.?\d+")


def floats(values: Any) -> FloatArray:
    return np.array(values, dtype=np.float64)


def numbers(text: str) -> list[float]:
    return [float(one) for one in NUMBER.findall(text)]


def trace(blocks: list[Any]) -> FloatArray:
    """Return one value a second of blocks like ``[600, 150]`` and ``"5x[180 s 300 W,120 s 150 W]"``."""
    parts: list[list[float]] = []
    for block in blocks:
        if isinstance(block, str):
            count, repeated = block.rstrip("]").split("x[")
            parts += [numbers(part) for part in repeated.split(",")] * int(count)
        else:
            parts.append(block)
    return np.concatenate([np.full(int(seconds), value) for seconds, value in parts])


def power_values(given: Tree) -> Tree:
    entry = given["power"]
    ride, ftp = trace(entry["ride_segments_s_W"]), entry["ftp"]
    weighted = power.weighted_power_w(ride)
    before = power.WINDOW_S - 1
    from_zero = power.rolling_mean(np.concatenate([np.zeros(before), ride]), power.WINDOW_S)
    begun = np.cumsum(ride[:before]) / np.arange(1, power.WINDOW_S)
    ewma = power.weighted_power_ewma_w(ride)
    hour, steady_ftp = np.full(3600, 200.0), 250
    steady = power.weighted_power_w(hour)
    return {
        "duration_s": ride.size,
        "mean_W": ride.mean(),
        "eq_power_full_window_W": weighted,
        "eq_power_zero_padded_W": power.fourth_power_mean(from_zero),
        "eq_power_partial_window_W": power.fourth_power_mean(
            np.concatenate([begun, power.rolling_mean(ride, power.WINDOW_S)])
        ),
        "intensity_ratio": power.intensity_ratio(weighted_power_w=weighted, ftp_w=ftp),
        "variability": weighted / ride.mean(),
        "load_score": power.power_load(weighted_power_w=weighted, duration_s=ride.size, ftp_w=ftp),
        "work_kJ": power.work_j(ride) / 1000,
        "ewma25_power_W": ewma,
        "ewma25_rel_intensity_cp250": power.intensity_ratio(weighted_power_w=ewma, ftp_w=250),
        "ewma25_load": power.power_load_ewma(weighted_power_ewma_w=ewma, duration_s=ride.size, cp_w=250),
        "steady_200W_1h_ftp250": {
            "eq": steady,
            "load": power.power_load(weighted_power_w=steady, duration_s=hour.size, ftp_w=steady_ftp),
        },
    }


def hr_values(given: Tree) -> Tree:
    entry, inputs = given["hr"], given["hr"]["inputs"]
    limits = {"hr_rest_bpm": inputs["rest"], "hr_max_bpm": inputs["max"]}
    steady = np.full(inputs["min"] * 60, float(inputs["hr"]))
    impulse = {sex: heart_rate.trimp_banister(steady, **limits, weighting=Weighting.of_sex(sex)) for sex in ("m", "f")}
    load = {
        sex: heart_rate.hr_load(
            trimp_banister_au=impulse[sex], lthr_bpm=inputs["lthr"], **limits, weighting=Weighting.of_sex(sex)
        )
        for sex in impulse
    }
    by_zone = np.repeat([0.55, 0.65, 0.75, 0.85, 0.95], np.multiply(entry["edwards_minutes"], 60)) * 200
    by_border = np.repeat([120.0, 150.0, 175.0], np.multiply(entry["lucia_minutes"], 60))
    intervals = trace(entry["interval_session"]["segments"])
    men = {**limits, "weighting": Weighting.MEN_1990}
    by_sample = heart_rate.trimp_banister(intervals, **men)
    from_mean = heart_rate.trimp_banister(np.full(intervals.size, intervals.mean()), **men)
    # Programs that give women the factor of men and their own exponent come out a quarter lower.
    of_men = Weighting.MEN_1990.value[0] / Weighting.WOMEN_1990.value[0]
    return {
        "hrr_frac": heart_rate.hr_reserve_frac(steady, **limits)[0],
        "banister_m": impulse["m"],
        "banister_f": impulse["f"],
        "banister_f_with_0.64": impulse["f"] * of_men,
        "edwards": heart_rate.trimp_edwards(by_zone, hr_max_bpm=200),
        "edwards_minutes": heart_rate.edwards_minutes(by_zone, hr_max_bpm=200).tolist(),
        "lucia": heart_rate.trimp_lucia(by_border, vt1_bpm=140, vt2_bpm=165),
        "hr_load_m": load["m"],
        "hr_load_f": load["f"],
        "interval_session": {
            "mean_hr": intervals.mean(),
            "banister_m_per_sample": by_sample,
            "banister_m_from_mean_hr": from_mean,
            "ratio": by_sample / from_mean,
        },
    }


def grade_values(given: Tree) -> Tree:
    entry = given["grade"]
    slope = floats(entry["grade"])
    cost = running.running_cost_j_kg_m(slope)
    fine = np.linspace(-0.45, 0.45, 90_001)
    downhill = running.running_cost_j_kg_m(fine)
    rows = entry["run_example"]["segments_m_s_grade"]
    distance, seconds = sum(row[0] for row in rows), sum(row[1] for row in rows)
    flat = sum(running_power.flat_equivalent_m(distance_m=metres, slope=slope) for metres, _, slope in rows)
    return {
        "cost_J_kg_m": cost.tolist(),
        "factor_vs_flat": (cost / running.FLAT_COST).tolist(),
        "crowd_hr_factor_poly": running.crowd_factor(slope).tolist(),
        "cost_min": {"grade": fine[downhill.argmin()], "cost": downhill.min()},
        "run_example": {
            "time_s": seconds,
            "raw_speed": distance / seconds,
            "flat_equiv_m": flat,
            "ga_speed": flat / seconds,
            "ga_pace_s_km": 1000 * seconds / flat,
            "raw_pace_s_km": 1000 * seconds / distance,
        },
    }


def run_load_values(given: Tree) -> Tree:
    entry = given["run_load"]
    load = running.run_load(
        weighted_speed_m_s=entry["eq_speed"], duration_s=entry["duration_s"], threshold_speed_m_s=entry["v_thr"]
    )
    return {"intensity": entry["eq_speed"] / entry["v_thr"], "load": load}


def critical_speed_values(given: Tree) -> Tree:
    entry = given["critical_speed"]
    fit = running.critical_speed(distance_m=floats(entry["d_m"]), time_s=floats(entry["t_s"]))
    return {
        "CS_lin": fit.cs_m_s,
        "Dprime_lin": fit.d_prime_m,
        "CS_inv": fit.cs_inverse_m_s,
        "Dprime_inv": fit.d_prime_inverse_m,
        "pred_2000m_s": fit.time_s(2000),
        "marathon_at_0.848CS_s": fit.time_at_frac_s(MARATHON_M, fraction=MARATHON_CS_FRAC),
    }


def run_power_values(given: Tree) -> Tree:
    runner = {"mass_kg": 70, "speed_m_s": 4}
    by_slope = "mechanical_skiba_70kg_1.75m_4ms"
    return {
        "metabolic_70kg_4ms_flat_W": running_power.metabolic_power_w(**runner),
        by_slope: {
            slope: running_power.mechanical_power_w(**runner, height_m=1.75, slope=float(slope))
            for slope in given["run_power"][by_slope]
        },
        "simple_ecor1.04_70kg_4ms": running_power.simple_power_w(**runner),
        "simple_climb_5pct_eta": running_power.climbing_power_w(**runner, slope=0.05),
    }


def swim_values(given: Tree) -> Tree:
    entry = given["swim"]
    efforts = {"t400_s": entry["t400"], "t200_s": entry["t200"]}
    css = swimming.css_m_s(**efforts)
    return {
        "CSS": css,
        "pace_s_100": 100 / css,
        "Dprime_m": swimming.swim_d_prime_m(**efforts),
        "intensity": entry["session_m"] / entry["moving_s"] / css,
        "load_cubic": swimming.swim_load(distance_m=entry["session_m"], moving_s=entry["moving_s"], css_m_s=css),
        "drag_power_70kg_1.2ms": swimming.drag_power_w(speed_m_s=1.2, mass_kg=70),
    }


def srpe_values(given: Tree) -> Tree:
    week = floats(given["srpe"]["week"])
    rated = srpe.srpe_load(rpe_cr10=6, duration_s=3600)
    monotony = srpe.monotony(week)
    return {
        "session_60min_rpe6": rated,
        "sum": week.sum(),
        "monotony_ddof1": monotony,
        "monotony_ddof0": monotony * np.sqrt(week.size / (week.size - 1)),
        "strain_ddof1": srpe.strain_au(week),
        "load_equiv_k_100_420": rated * srpe.LOAD_PER_SRPE,
    }


def strength_values(given: Tree) -> Tree:
    entry = given["strength"]
    ours = {"knee": "knees"}
    sets = "effective_sets_example"
    return {
        "fractions": {name: strength.BODY_FRACTION[ours.get(name, name)] for name in entry["fractions"]},
        "pushup_4x12_75kg_volume_load_kg": strength.volume_load_kg(
            reps=48, body_mass_kg=75, body_fraction=strength.BODY_FRACTION["regular"]
        ),
        "e1rm_frac_from_8_regular": strength.push_up_max_frac(reps=8),
        "pred_max_reps_from_8_regular": {
            name: strength.predicted_reps(reps=8, variant="regular", other=ours.get(name, name))
            for name in entry["pred_max_reps_from_8_regular"]
        },
        sets: {"weights(1 if<=3, .5 if 4-5, else 0)": strength.hard_sets(entry[sets]["sets_rir"])},
    }


def meanmax_values(given: Tree) -> Tree:
    entry = given["meanmax"]
    values = floats(entry["power"])
    means, _ = mean_maximal.best_means(values, range(1, values.size + 1))
    ride = trace(given["power"]["ride_segments_s_W"])
    found = mean_maximal.best_by_duration(ride, [int(seconds) for seconds in entry["ride_above"]])
    return {
        "best_1_to_10": means.tolist(),
        "ride_above": {str(seconds): value for seconds, value in found.items()},
    }


def workout_library_values(given: Tree) -> Tree:
    from topform.coaching.goals import PlanSport
    from topform.coaching.workouts.cycling import FRAME
    from topform.coaching.workouts.library import LIBRARY
    from topform.coaching.workouts.load import predicted_load, zone_minutes
    from topform.coaching.workouts.template import workout

    ours = {
        "recovery_45": "recovery",
        "endurance_90": "endurance",
        "long_180_fast_finish": "long_fast_finish",
        "vo2_3x(13x30/15)": "vo2_3x13x30_15",
        "opener_40": "opener",
    }
    found = {}
    for name, entry in given["workout_library_pct_of_threshold"].items():
        template = next(one for one in LIBRARY if one.template_id == f"ride.{ours.get(name, name)}")
        item = workout(template, round(entry["min"]))
        steps = item.steps
        if not template.template_id.endswith(("recovery", "endurance", "long_fast_finish", "opener")):
            # Whole minutes are filled up in the warm-up or cool-down; the example has both at their full length.
            steps = (FRAME.warm_up(15), *item.steps[1:-1], FRAME.cool_down(10))
        load, ratio = predicted_load(steps, PlanSport.CYCLING)
        zones = floats(zone_minutes(steps, PlanSport.CYCLING))
        minutes = sum(step.total_s for step in steps) / 60
        found[name] = {
            "min": minutes,
            "intensity_ratio": ratio,
            "load": load,
            "three_zone_pct(<78,78-100,>=100)": (100 * zones / zones.sum()).tolist(),
        }
    return found


VALUES = {
    "power": power_values,
    "hr": hr_values,
    "grade": grade_values,
    "run_load": run_load_values,
    "critical_speed": critical_speed_values,
    "run_power": run_power_values,
    "swim": swim_values,
    "srpe": srpe_values,
    "strength": strength_values,
    "meanmax": meanmax_values,
    "workout_library_pct_of_threshold": workout_library_values,
}
