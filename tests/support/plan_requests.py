"""Random plan requests: every goal, sport and level, ordinary lives and awkward ones."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.random import Generator

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RACES = {
    "running": (5000, 10_000, 21_097.5, 42_195),
    "cycling": (40_000, 100_000, 180_000),
    "swimming": (1500, 3800),
    "triathlon": (25_750, 51_500, 113_000),
}


def random_request(rng: Generator, *, max_weeks: int = 20) -> dict[str, Any]:
    """Return a valid request document."""
    start = date(2027, 1, 4) + timedelta(days=int(rng.integers(0, 365)))
    sport = str(rng.choice(["running", "running", "cycling", "swimming", "triathlon", "strength"]))
    athlete: dict[str, Any] = {"sport": sport}
    if rng.random() < 0.85:
        athlete["experience"] = str(rng.choice(["beginner", "intermediate", "advanced"]))
    if rng.random() < 0.8:
        athlete["ctl"] = round(float(rng.choice([0, 3, 15, 35, 60, 110]) * rng.uniform(0.7, 1.3)), 1)
        if rng.random() < 0.7:
            athlete["atl"] = round(athlete["ctl"] * float(rng.uniform(0.3, 2.2)), 1)
    if rng.random() < 0.6:
        athlete["recent_longest"] = _longest(rng)
    if rng.random() < 0.6:
        athlete["threshold"] = _threshold(rng, sport)
    request: dict[str, Any] = {
        "athlete": athlete,
        "goal": _goal(rng, sport, start, max_weeks),
        "start": start.isoformat(),
        "available_minutes": _minutes(rng),
        "seed": int(rng.integers(0, 1000)),
    }
    if rng.random() < 0.4:
        request["unavailable_dates"] = _absences(rng, start, request["goal"])
    if rng.random() < 0.4:
        request["preferred_rest"] = sorted({str(day) for day in rng.choice(WEEKDAYS, size=int(rng.integers(1, 3)))})
    if rng.random() < 0.3:
        request["constraints"] = _constraints(rng)
    if rng.random() < 0.35:
        request["history_days"] = _history(rng, start)
    if rng.random() < 0.3:
        request["other_races"] = _other_races(rng, start, request["goal"])
    if rng.random() < 0.4:
        athlete["mass_kg"] = round(float(rng.uniform(45, 110)), 1)
    if rng.random() < 0.5 and sport == "triathlon":
        athlete["threshold"] = {
            **athlete.get("threshold", {}),
            "swim_speed_m_s": round(float(rng.uniform(0.7, 1.5)), 2),
        }
    return request


def _other_races(rng: Generator, start: date, goal: dict[str, Any]) -> list[dict[str, Any]]:
    """Return up to three races, also on days in a row, from the first day of the plan on."""
    is_race = goal["type"] == "race"
    last = date.fromisoformat(goal["date"]) - timedelta(days=4) if is_race else start + timedelta(weeks=goal["weeks"])
    days = (last - start).days + (1 if is_race else 0)
    if days < 1:
        return []
    first = int(rng.integers(0, days))
    chosen = {first, int(rng.integers(0, days)), min(days - 1, first + int(rng.integers(1, 9)))}
    races = []
    for index in sorted(chosen)[: int(rng.integers(1, 4))]:
        sport = str(rng.choice(list(RACES)))
        races.append(
            {
                "date": (start + timedelta(days=index)).isoformat(),
                "sport": sport,
                "distance_m": float(rng.choice(RACES[sport])),
                "priority": str(rng.choice(["B", "C"])),
            }
        )
    return races


def _longest(rng: Generator) -> dict[str, float]:
    longest: dict[str, float] = {}
    if rng.random() < 0.8:
        longest["minutes"] = float(rng.choice([0, 8, 18, 35, 70, 120, 200]))
    if rng.random() < 0.4 or not longest:
        longest["distance_m"] = float(rng.choice([500, 3000, 8000, 20_000, 60_000]))
    return longest


def _threshold(rng: Generator, sport: str) -> dict[str, float]:
    threshold: dict[str, float] = {}
    if sport in {"running", "triathlon"}:
        threshold["speed_m_s"] = round(float(rng.uniform(2.2, 5.5)), 2)
    if sport == "swimming":
        threshold["speed_m_s"] = round(float(rng.uniform(0.7, 1.5)), 2)
    if sport in {"cycling", "triathlon"}:
        threshold["power_w"] = round(float(rng.uniform(120, 400)))
    if rng.random() < 0.5:
        threshold["hr_bpm"] = round(float(rng.uniform(140, 185)))
    return threshold


def _goal(rng: Generator, sport: str, start: date, max_weeks: int) -> dict[str, Any]:
    weeks = int(rng.integers(1, max_weeks + 1))
    kind = str(rng.choice(["race", "race", "threshold_gain", "general_fitness", "strength_max_reps", "maintain"]))
    if kind == "race":
        race_sport = sport if sport != "strength" and rng.random() < 0.85 else str(rng.choice(list(RACES)))
        return {
            "type": "race",
            "sport": race_sport,
            "distance_m": float(rng.choice(RACES[race_sport])),
            "date": (start + timedelta(days=int(rng.integers(1, 7 * max_weeks)))).isoformat(),
            "priority": str(rng.choice(["A", "B", "C"])),
        }
    if kind == "threshold_gain" and sport != "strength":
        return {"type": kind, "pct": round(float(rng.uniform(1, 20)), 1), "weeks": weeks}
    if kind == "general_fitness":
        goal: dict[str, Any] = {"type": kind, "weeks": weeks}
        if rng.random() < 0.5:
            goal["hours_per_week"] = float(rng.choice([1, 2.5, 5, 9]))
        return goal
    if kind == "strength_max_reps":
        current = int(rng.choice([0, 3, 8, 12, 25, 50]))
        return {
            "type": kind,
            "exercise": str(rng.choice(["push_up", "push_up", "squat", "pull_up"])),
            "current": current,
            "target": current + int(rng.integers(1, 40)),
            "weeks": weeks,
        }
    return {"type": "maintain", "weeks": weeks}


def _minutes(rng: Generator) -> dict[str, int]:
    style = rng.random()
    if style < 0.05:
        return dict.fromkeys(WEEKDAYS, 0)
    if style < 0.15:
        return {day: int(rng.choice([0, 5, 10, 20])) for day in WEEKDAYS}
    if style < 0.3:
        return dict.fromkeys(WEEKDAYS, int(rng.choice([30, 60, 120, 300])))
    choices = [0, 30, 45, 60, 75, 90, 120, 240]
    return {day: int(rng.choice(choices)) for day in WEEKDAYS}


def _absences(rng: Generator, start: date, goal: dict[str, Any]) -> list[str]:
    first = int(rng.integers(0, 40))
    length = int(rng.choice([1, 3, 10, 25, 45]))
    days = [(start + timedelta(days=first + offset)).isoformat() for offset in range(length)]
    return [day for day in days if day != goal.get("date")]


def _constraints(rng: Generator) -> dict[str, Any]:
    every = {
        "max_session_minutes": int(rng.choice([20, 45, 90])),
        "max_weekly_minutes": int(rng.choice([0, 60, 180, 400])),
        "max_sessions_per_week": int(rng.integers(0, 8)),
        "max_hard_days": int(rng.integers(0, 4)),
        "long_day": str(rng.choice(WEEKDAYS)),
        "strength_per_week": int(rng.integers(0, 4)),
    }
    chosen = rng.choice(list(every), size=int(rng.integers(1, 4)), replace=False)
    return {str(name): every[str(name)] for name in chosen}


def _history(rng: Generator, start: date) -> list[dict[str, Any]]:
    days = int(rng.choice([2, 10, 40, 90]))
    level = float(rng.choice([10, 40, 90]))
    history = []
    for back in range(days, 0, -1):
        if rng.random() < 0.6:
            load = round(level * float(rng.uniform(0, 2.5)), 1)
            entry: dict[str, Any] = {"date": (start - timedelta(days=back)).isoformat(), "load": load}
            if rng.random() < 0.8:
                entry["minutes"] = round(load * float(rng.uniform(0.8, 1.5)))
            history.append(entry)
    return history


def make_rng(seed: int) -> Generator:
    """Return the generator for a seed."""
    return np.random.default_rng(seed)
