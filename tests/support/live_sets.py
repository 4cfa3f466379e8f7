"""Sets of push-ups as the app says them after it counted live."""

from __future__ import annotations

import random
from typing import Any

from topform.kinematics.form_analysis import PUSH_UP_FAULTS


def live_set(
    reps: int,
    *,
    wrong: dict[int, str] | None = None,
    pace_s: float = 1.5,
    start_s: float | None = None,
    **said: Any,
) -> dict[str, Any]:
    """Return a set as the app says it, with a clear fault in some repetitions.

    Without a start no two calls give the same times.
    """
    start = random.SystemRandom().random() * 10 if start_s is None else start_s
    found = []
    for index in range(reps):
        at = start + index * pace_s
        faults = [
            {"code": fault.value, "decision": "none", "probability": 0.01, "reason": "within_limit", "measured": 0.1}
            | (
                {"decision": "fault", "probability": 0.9, "reason": "beyond_limit", "measured": 9.0}
                if (wrong or {}).get(index) == fault.value
                else {}
            )
            for fault in PUSH_UP_FAULTS
        ]
        found.append(
            {
                "start_s": at,
                "turn_s": at + pace_s / 2,
                "end_s": at + pace_s - 0.01,
                "complete": True,
                "range_m": 0.3,
                "min_elbow_deg": 80.0,
                "max_elbow_deg": 170.0,
                "body_line_deg": 2.0,
                "score": 90.0,
                "faults": faults,
            }
        )
    duration_s = start + reps * pace_s + 5
    frames = {"duration_s": duration_s, "frames": int(duration_s * 30), "poses_found": int(duration_s * 29)}
    return {"exercise": "push_up", "reps": found, **frames, **said}


def set_like(seed: int, reps: int = 12, *, shift_s: float = 0.0, off_s: float = 0.0) -> dict[str, Any]:
    """Return a set as a person does it, the same for a seed; ``off_s`` is how far another recording of it is off."""
    chance, said, at = random.Random(seed), live_set(reps), 2.0 + shift_s
    for place, rep in enumerate(said["reps"]):
        lasts = 1.5 * chance.gauss(1, 0.1)
        wobble = off_s if place % 2 else -off_s
        rep["start_s"], rep["turn_s"], rep["end_s"] = at + wobble, at + lasts / 2, at + lasts - 0.05 + wobble
        at += lasts + 0.1
    seconds = at + 5
    return said | {"duration_s": seconds, "frames": int(seconds * 30), "poses_found": int(seconds * 29)}
