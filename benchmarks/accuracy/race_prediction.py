"""Do race predictions hold where the population is as published, and where it is not? A simulation, not an evaluation.

    python -m benchmarks.accuracy.race_prediction

No table of real bests belongs to the project. Virtual runners are drawn from distributions published in studies and
sent through the same harness as a real table (`topform science evaluate TABLE.csv`). That checks the machinery, the
coverage and what happens when the assumptions are wrong; it says nothing about how good the predictions are for people.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from benchmarks.support import write_result
from scipy.optimize import brentq

from topform.ml.bests_table import read_bests_table
from topform.ml.race_evaluation import evaluate_table
from topform.science.prediction.models import log_model_time_s

DISTANCES_M: Final = (5000.0, 10_000.0, 21_097.5, 42_195.0)
OWNED: Final = (0.85, 0.8, 0.95, 0.8)
"""Share of people who have raced the distance; halves are what marathon runners race most."""

Draw = Callable[[np.random.Generator, int], list[dict[str, Any]]]

HALF_MEDIAN_S: Final = {"m": 6480.0, "f": 7320.0}
HALF_SPREAD: Final = 0.17
"""Typical finishers of road halves: about 1:48 and 2:02, standard deviation of ln T 0.17."""

RACE_CV: Final = 0.025
"""Within-athlete variation of road racers (Hopkins & Hewson 2001)."""


RIEGEL_MAPE: Final = 0.079
"""What Riegel 1.06 from the half misses the marathon by in tables of bests of recreational runners."""

SEASON_SD: Final = 0.038


def riegel_people(
    rng: np.random.Generator,
    n: int,
    *,
    to_marathon: float = 1.15,
    durability_sd: float = 0.07,
    season_sd: float = SEASON_SD,
    heavy_tails: bool = False,
) -> list[dict[str, Any]]:
    """Return people whose exponent is about 1.06 up to the half and larger from there (Vickers & Vertosick 2016).

    Every best is of a season of its own, faster or slower by ``season_sd``.
    """

    def shock() -> float:
        return float(rng.standard_t(4) / np.sqrt(2) if heavy_tails else rng.standard_normal())

    people = []
    for index in range(n):
        sex = "f" if rng.random() < 0.4 else "m"
        half = HALF_MEDIAN_S[sex] * np.exp(HALF_SPREAD * rng.standard_normal())
        own = 1.06 + 0.025 * rng.standard_normal()
        beyond = to_marathon + (own - 1.06) + durability_sd * shock()
        times = {}
        for distance in DISTANCES_M:
            exponent = beyond if distance > 21_097.5 else own
            noise = RACE_CV * (1.3 if distance > 30_000 else 1.0) * rng.standard_normal() + season_sd * shock()
            times[distance] = half * (distance / 21_097.5) ** exponent * np.exp(noise)
        people.append({"id": f"r{index}", "sex": sex, "age": int(rng.integers(20, 65)), "times": times})
    return people


def as_far_from_riegel(to_marathon: float, varied: str) -> Draw:
    """Return people with a given exponent who differ so much that Riegel from the half errs as in real tables.

    Parameters
    ----------
    to_marathon : float
        Median exponent from the half on.
    varied : str
        What makes them differ: ``durability_sd`` or ``season_sd``.
    """

    def excess(spread: float) -> float:
        made = riegel_people(
            np.random.default_rng(11), 4000, to_marathon=to_marathon, heavy_tails=True, **{varied: spread}
        )
        half, marathon = (np.array([one["times"][distance] for one in made]) for distance in DISTANCES_M[2:])
        return float(np.abs(half * 2**1.06 / marathon - 1).mean()) - RIEGEL_MAPE

    def draw(rng: np.random.Generator, n: int) -> list[dict[str, Any]]:
        spread = float(brentq(excess, 0.0, 0.3, xtol=1e-4))
        return riegel_people(rng, n, to_marathon=to_marathon, heavy_tails=True, **{varied: spread})

    return draw


def logarithmic_people(rng: np.random.Generator, n: int) -> list[dict[str, Any]]:
    """Return people of another kind of model: logarithmic, and some of them hit the wall.

    Endurance after Emig & Peltonen 2020; 28 % of men and 17 % of women lose a fifth of the last 12 km (Smyth 2021).
    """
    people: list[dict[str, Any]] = []
    while len(people) < n:
        sex = "f" if rng.random() < 0.4 else "m"
        gamma = float(np.clip(rng.normal(0.062, 0.012), 0.03, 0.1))
        v_m = {"m": 4.25, "f": 3.75}[sex] * float(np.exp(0.15 * rng.standard_normal()))
        times = {}
        for distance in DISTANCES_M:
            time_s = log_model_time_s(v_m=v_m, gamma=gamma, distance_m=distance)
            if distance > 30_000 and rng.random() < {"m": 0.28, "f": 0.17}[sex]:
                time_s *= 1 + 0.2 * 12 / 42.195 + 0.04 * rng.exponential()
            times[distance] = time_s * np.exp(RACE_CV * rng.standard_normal())
        people.append({"id": f"l{len(people)}", "sex": sex, "age": int(rng.integers(20, 65)), "times": times})
    return people


def seldom_raced(rng: np.random.Generator, n: int) -> list[dict[str, Any]]:
    """Return people as published of whom most have raced only the half marathon before the marathon."""
    people = riegel_people(rng, n)
    for person in people:
        person["times"] = {m: s for m, s in person["times"].items() if m >= 21_097.5 or rng.random() < 0.3}
    return people


def as_table(people: list[dict[str, Any]], rng: np.random.Generator) -> str:
    """Return the people as the table that the harness reads; not everyone has raced everything."""
    lines = ["id,sex,age,distance,seconds"]
    for person in people:
        for distance, share in zip(DISTANCES_M, OWNED, strict=True):
            if rng.random() < share and distance in person["times"]:
                lines.append(
                    f"{person['id']},{person['sex']},{person['age']},{distance},{person['times'][distance]:.1f}"
                )
    return "\n".join(lines)


SCENARIOS: Final[dict[str, tuple[str, Draw]]] = {
    **{
        f"bests_{str(exponent).replace('.', '_')}_{name}": (
            f"exponent {exponent} from the half, long tails, {words} so different that Riegel errs by 7.9 %",
            as_far_from_riegel(exponent, varied),
        )
        for exponent in (1.10, 1.12, 1.14, 1.16)
        for name, varied, words in (("durability", "durability_sd", "endurance"), ("seasons", "season_sd", "seasons"))
    },
    "as_published": ("exponent 1.15 from the half, durability SD 0.07", riegel_people),
    "one_season": ("the same, all bests of one season", lambda r, n: riegel_people(r, n, season_sd=0.0)),
    "heavy_tails": ("the same with Student t(4) durability", lambda r, n: riegel_people(r, n, heavy_tails=True)),
    "fade_more": ("exponent 1.19 from the half", lambda r, n: riegel_people(r, n, to_marathon=1.19)),
    "fade_less": ("exponent 1.10 from the half", lambda r, n: riegel_people(r, n, to_marathon=1.10)),
    "riegel_is_right": (
        "exponent 1.06 throughout, little spread of endurance",
        lambda r, n: riegel_people(r, n, to_marathon=1.06, durability_sd=0.03),
    ),
    "other_model": ("logarithmic runners, some of whom hit the wall", logarithmic_people),
    "seldom_raced": ("as published, hardly anybody has raced 5 or 10 km", seldom_raced),
}
KNOWN: Final = ("one race known", "two races known", "three or more races known")
"""Groups by how much is known of a person."""


def main() -> None:
    """Simulate, evaluate, and write the JSON beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=700)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bootstrap", type=int, default=300)
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    scenarios, predictions, seconds = {}, 0, 0.0
    for index, (name, (assumption, draw)) in enumerate(SCENARIOS.items()):
        rng = np.random.default_rng([arguments.seed, index])
        table = read_bests_table(as_table(draw(rng, arguments.people), rng))
        started = time.process_time()
        document = evaluate_table(table, bootstrap=arguments.bootstrap, seed=arguments.seed)
        seconds += time.process_time() - started
        predictions += sum(len(person.bests) ** 2 for person in table.people)
        scenarios[name] = {"assumption": assumption, **document["headline"]}
        alone = scenarios[name].pop("from_the_half_alone")
        kept = (
            "people",
            "as_shipped",
            "ratio_to_riegel_1.06",
            "adapted_to_people_before",
            "recalibrated_on_other_people",
        )
        scenarios[name]["from_the_half_alone"] = {key: alone[key] for key in kept}
        scenarios[name]["other_targets"] = {
            target: {
                "as_shipped": scored["as_shipped"],
                "riegel_1.06": scored["baselines"]["riegel_1.06"],
                "ratio_to_riegel_1.06": scored["ratio_to_riegel_1.06"],
            }
            for target, scored in document["targets"].items()
            if target != "marathon"
        }
    result = {
        "command": f"python -m benchmarks.accuracy.race_prediction --people {arguments.people}",
        "is_simulation": True,
        "people": arguments.people,
        "seed": arguments.seed,
        "cpu_ms_per_prediction": round(1000 * seconds / max(predictions, 1), 3),
        "scenarios": scenarios,
    }
    path = write_result(arguments.results, "race_prediction", result)
    for name, scored in scenarios.items():
        shipped, riegel = scored["as_shipped"], scored["baselines"]["riegel_1.06"]
        alone, adapted = scored["from_the_half_alone"], scored["adapted_to_people_before"]
        print(
            f"{name:24} MAPE {shipped['mape']:.3%} Riegel {riegel['mape']:.3%} "
            f"ratio {scored['ratio_to_riegel_1.06']['value']:.3f} in 80 % {shipped['coverage_80']:.3f} "
            f"in 90 % {shipped['coverage_90']:.3f} adapted {adapted['coverage_80']:.3f} {adapted['coverage_90']:.3f} "
            f"recalibrated {scored['recalibrated_on_other_people']['mape']:.3%} "
            f"{scored['recalibrated_on_other_people']['coverage_80']:.3f} half alone "
            f"{alone['ratio_to_riegel_1.06']['value']:.3f} {alone['as_shipped']['coverage_80']:.3f} "
            f"adapted {alone['adapted_to_people_before']['coverage_80']:.3f}"
        )
        for known in (one for one in KNOWN if one in scored["groups"]):
            group = scored["groups"][known]
            print(
                f"{'':24} {known}: {group['people']} people, half width {group['half_width_80']:.3f}, "
                f"in 80 % {group['coverage_80']:.3f}, recalibrated {group['coverage_80_recalibrated']:.3f}"
            )
    print(path)


if __name__ == "__main__":
    main()
