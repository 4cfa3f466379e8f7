"""Makes the example files of the documentation: ``python docs/examples/make.py``.

Nothing here was recorded. The ride follows a prescription, so its numbers can be checked by hand; the push-ups are
a stick figure in side view whose arms are solved by inverse kinematics.
"""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent
TCX_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
 xmlns:x="http://www.garmin.com/xmlschemas/ActivityExtension/v2"><Activities><Activity Sport="Biking">
<Id>2026-03-07T08:00:00Z</Id>
"""
TCX_LAP = """<Lap StartTime="{start}"><TotalTimeSeconds>{seconds}</TotalTimeSeconds>
<DistanceMeters>{metres:.1f}</DistanceMeters><Calories>0</Calories><Intensity>Active</Intensity>
<TriggerMethod>Manual</TriggerMethod><Track>
"""
TCX_POINT = (
    "<Trackpoint><Time>{time}</Time><DistanceMeters>{metres:.1f}</DistanceMeters>"
    "<HeartRateBpm><Value>{hr}</Value></HeartRateBpm><Cadence>{cadence}</Cadence>"
    "<Extensions><x:TPX><x:Watts>{watts}</x:Watts></x:TPX></Extensions></Trackpoint>\n"
)

# seconds, watts: ten minutes easy, five times three minutes hard and two easy, ten minutes easy
INTERVALS = [(600, 150), *[(180, 300), (120, 150)] * 5, (600, 150)]


def ride() -> str:
    """Return an interval ride on a trainer as TCX, one point a second, one lap a step."""
    start = datetime(2026, 3, 7, 8, 0, tzinfo=UTC)
    out, elapsed_s, metres, hr = [TCX_HEAD], 0, 0.0, 95.0
    for seconds, watts in INTERVALS:
        speed_m_s = (watts / 0.25) ** (1 / 3)
        out.append(TCX_LAP.format(start=_stamp(start, elapsed_s), seconds=seconds, metres=seconds * speed_m_s))
        for _ in range(seconds):
            hr += (80 + 0.32 * watts - hr) / 45
            out.append(
                TCX_POINT.format(
                    time=_stamp(start, elapsed_s),
                    metres=metres,
                    hr=round(hr),
                    cadence=90 if watts > 200 else 80,
                    watts=watts,
                )
            )
            elapsed_s += 1
            metres += speed_m_s
        out.append("</Track></Lap>\n")
    out.append("</Activity></Activities></TrainingCenterDatabase>\n")
    return "".join(out)


def _stamp(start: datetime, elapsed_s: int) -> str:
    return (start + timedelta(seconds=elapsed_s)).strftime("%Y-%m-%dT%H:%M:%SZ")


def plan_request() -> dict[str, object]:
    """Return a request for eight weeks towards a 10 km race."""
    return {
        "athlete": {
            "sport": "running",
            "experience": "intermediate",
            "ctl": 32,
            "atl": 34,
            "threshold": {"speed_m_s": 3.9},
            "recent_longest": {"minutes": 75},
        },
        "goal": {"type": "race", "sport": "running", "distance_m": 10000, "date": "2026-05-03", "priority": "A"},
        "start": "2026-03-09",
        "available_minutes": {"mon": 0, "tue": 60, "wed": 45, "thu": 60, "fri": 0, "sat": 45, "sun": 110},
        "unavailable_dates": ["2026-04-05"],
        "preferred_rest": ["mon", "fri"],
    }


# ---- push-ups ----

FRAMES_PER_S = 25
PX_PER_M = 440.0
UPPER_ARM_M, FOREARM_M = 0.30, 0.27
ANKLE_TO_HIP_M, ANKLE_TO_SHOULDER_M = 0.86, 1.36
ANKLE = np.array([0.0, 0.09])
TOP_ELBOW_DEG = 172.0
# Elbow angle at the bottom of each repetition: four deep ones, then two that stop half-way.
BOTTOM_ELBOW_DEG = (78.0, 76.0, 80.0, 82.0, 118.0, 121.0)


def push_ups() -> dict[str, NDArray[np.float64]]:
    """Return the poses of six push-ups seen from the side; the last two are shallow."""
    rng = np.random.default_rng(7)
    elbow_deg = np.concatenate([_still(1.0), *(_repetition(bottom) for bottom in BOTTOM_ELBOW_DEG), _still(0.6)])
    xy_m = np.stack([_body(angle) for angle in elbow_deg])
    xy_px = np.stack([150 + PX_PER_M * xy_m[..., 0], 620 - PX_PER_M * xy_m[..., 1]], axis=-1)
    xy_px += rng.normal(scale=1.2, size=xy_px.shape)
    score = np.where(np.arange(33) % 2 == 1, 0.97, 0.85)
    return {
        "xy": np.round(xy_px).astype(np.float32),
        "score": np.broadcast_to(score, xy_px.shape[:2]).astype(np.float32),
        "t_s": np.arange(len(xy_px)) / FRAMES_PER_S,
    }


def _still(seconds: float) -> NDArray[np.float64]:
    return np.full(round(seconds * FRAMES_PER_S), TOP_ELBOW_DEG)


def _repetition(bottom_deg: float) -> NDArray[np.float64]:
    down = _minimum_jerk(TOP_ELBOW_DEG, bottom_deg, 1.0)
    up = _minimum_jerk(bottom_deg, TOP_ELBOW_DEG, 0.9)
    return np.concatenate([down, up, _still(0.4)])


def _minimum_jerk(start: float, end: float, seconds: float) -> NDArray[np.float64]:
    u = np.linspace(0, 1, round(seconds * FRAMES_PER_S), endpoint=False)
    return start + (end - start) * (10 * u**3 - 15 * u**4 + 6 * u**5)


def _reach_m(elbow_deg: float) -> float:
    cosine = np.cos(np.radians(elbow_deg))
    return float(np.sqrt(UPPER_ARM_M**2 + FOREARM_M**2 - 2 * UPPER_ARM_M * FOREARM_M * cosine))


def _body(elbow_deg: float) -> NDArray[np.float64]:
    """Return 33 points in metres, feet left, head right, y up; hands stand still under the shoulders of the top."""
    top_rise = _reach_m(TOP_ELBOW_DEG) - ANKLE[1]
    wrist = np.array([np.sqrt(ANKLE_TO_SHOULDER_M**2 - top_rise**2), 0.0])
    shoulder = _circles_meet(ANKLE, ANKLE_TO_SHOULDER_M, wrist, _reach_m(elbow_deg), side=1)
    elbow = _circles_meet(shoulder, UPPER_ARM_M, wrist, FOREARM_M, side=-1)
    along = (shoulder - ANKLE) / ANKLE_TO_SHOULDER_M
    across = np.array([-along[1], along[0]])
    hip = ANKLE + ANKLE_TO_HIP_M * along
    knee = ANKLE + 0.43 * along
    head = shoulder + 0.20 * along
    face = [(0.10, -0.05), *[(0.08, -0.02)] * 6, *[(0.02, 0.0)] * 2, *[(0.08, -0.07)] * 2]
    points = [head + x * along + y * across for x, y in face]
    for joint in (shoulder, elbow, wrist):
        points += [joint, joint]
    points += [wrist + np.array([x, 0.01]) for x in (0.08, 0.09, 0.05) for _ in range(2)]
    heel, toe = ANKLE + np.array([-0.05, 0.0]), np.array([0.06, 0.0])
    for joint in (hip, knee, ANKLE, heel, toe):
        points += [joint, joint]
    return np.array(points)


def _circles_meet(
    a: NDArray[np.float64], radius_a: float, b: NDArray[np.float64], radius_b: float, *, side: int
) -> NDArray[np.float64]:
    gap = float(np.linalg.norm(b - a))
    along = (b - a) / gap
    x = (gap**2 + radius_a**2 - radius_b**2) / (2 * gap)
    y = np.sqrt(radius_a**2 - x**2)
    return a + x * along + side * y * np.array([-along[1], along[0]])


def write(folder: Path) -> None:
    """Write all example files into the folder."""
    (folder / "intervals.tcx.gz").write_bytes(gzip.compress(ride().encode(), mtime=0))
    (folder / "plan-10k.json").write_text(json.dumps(plan_request(), indent=2) + "\n")
    np.savez_compressed(folder / "push-ups.npz", **push_ups())


if __name__ == "__main__":
    write(FOLDER)
