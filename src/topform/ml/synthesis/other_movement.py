"""What athletes do besides push-ups and planks: stand, walk, squat, lunge, press, sit up, crouch, lie.

A chain of segments from the hips; nothing rests on the ground, which no camera angle needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.kinematics.skeleton import BLAZEPOSE33, SIDES
from topform.ml.synthesis.body import SIGN, Bodies, add_extremities


@dataclass(frozen=True, slots=True)
class Habit:
    """A movement as a resting posture and how far each angle swings from it; degrees.

    Angles are directions in the sagittal plane: 90 = up, -90 = down, 0 = forwards. ``lift`` raises the arms sideways.
    """

    trunk: tuple[float, float]
    thigh: tuple[float, float]
    shank: tuple[float, float]
    upper_arm: tuple[float, float]
    forearm: tuple[float, float]
    lift: tuple[float, float] = (5.0, 0.0)
    alternates: bool = False


HABITS: Final = {
    "stand": Habit((90, 2), (-90, 2), (-90, 2), (-90, 8), (-80, 15)),
    "walk": Habit((88, 2), (-90, 22), (-100, 20), (-90, 22), (-70, 20), alternates=True),
    "squat": Habit((70, -22), (-40, -48), (-110, 20), (-20, 35), (-10, 40)),
    "lunge": Habit((86, 3), (-60, 28), (-100, 15), (-90, 10), (-80, 15), alternates=True),
    "press": Habit((88, 2), (-90, 2), (-90, 2), (10, 75), (88, 4), (30, 10)),
    "jack": Habit((90, 2), (-90, 2), (-90, 2), (-90, 5), (-90, 5), (80, 75)),
    "hang": Habit((92, 4), (-95, 8), (-110, 20), (60, -40), (95, 6), (20, 10)),
    "sit_up": Habit((140, -40), (40, 5), (-60, 5), (60, 20), (120, 20)),
    "lie": Habit((178, 3), (-2, 6), (-4, 6), (-10, 40), (0, 50), (20, 10)),
    "bench_press": Habit((178, 2), (-10, 5), (-80, 5), (60, 35), (90, 6), (40, 30)),
    "crouch": Habit((25, 12), (-85, 12), (180, 8), (-85, 10), (-88, 8)),
    "bend": Habit((20, 50), (-92, 4), (-92, 4), (-88, 6), (-88, 6)),
    "row": Habit((25, 5), (-75, 5), (-105, 5), (-110, 40), (-90, 10)),
    "curl": Habit((89, 2), (-90, 2), (-90, 2), (-90, 5), (-10, 75)),
}


def sample_others(rng: np.random.Generator, bodies: Bodies, t_s: FloatArray) -> FloatArray:
    """Return the joints of other movements, shape (B, T, 33, 3). [m]"""
    count = len(bodies)
    habits = [HABITS[name] for name in rng.choice(list(HABITS), count)]
    period = rng.uniform(0.8, 5.0, (count, 1))
    phase = rng.uniform(0.0, 2.0 * np.pi, (count, 1))
    swing = np.sin(2.0 * np.pi * t_s / period + phase)
    other = np.where(np.array([habit.alternates for habit in habits])[:, None], -swing, swing)
    strength = rng.uniform(0.1, 1.1, (count, 1))

    def angle(name: str, along: FloatArray) -> FloatArray:
        values = np.array([getattr(habit, name) for habit in habits], dtype=np.float64)
        rest = values[:, :1] + rng.normal(0.0, 6.0, (count, 1))
        return np.asarray(np.radians(rest + values[:, 1:] * strength * along))

    size = bodies.columns()
    joints = np.zeros((*t_s.shape, len(BLAZEPOSE33), 3))
    index = BLAZEPOSE33.index
    trunk = angle("trunk", swing)
    shoulders = _along(trunk) * size.trunk[..., None]
    for side, along in zip(SIDES, (swing, other), strict=True):
        sideways = np.array([0.0, 0.0, SIGN[side]])
        hip = np.broadcast_to(sideways * size.hip_half[..., None], shoulders.shape)
        knee = hip + _along(angle("thigh", along)) * size.thigh[..., None]
        ankle = knee + _along(angle("shank", along)) * size.shank[..., None]
        shoulder = shoulders + sideways * size.shoulder_half[..., None]
        lift = np.clip(angle("lift", along), 0.0, np.radians(170.0))
        elbow = shoulder + _raised(angle("upper_arm", -along), lift, sideways) * size.upper_arm[..., None]
        wrist = elbow + _raised(angle("forearm", -along), lift, sideways) * size.forearm[..., None]
        named = {"hip": hip, "knee": knee, "ankle": ankle, "shoulder": shoulder, "elbow": elbow, "wrist": wrist}
        for name, place in named.items():
            joints[:, :, index(f"{side}_{name}")] = place
    neck = np.broadcast_to(rng.normal(8.0, 12.0, (count, 1)), t_s.shape)
    face = np.broadcast_to(rng.normal(85.0, 15.0, (count, 1)), t_s.shape)
    add_extremities(joints, size, neck, face)
    joints[..., 1] += 0.9
    return joints


def _along(direction: FloatArray) -> FloatArray:
    return np.stack([np.cos(direction), np.sin(direction), np.zeros_like(direction)], axis=-1)


def _raised(direction: FloatArray, lift: FloatArray, sideways: FloatArray) -> FloatArray:
    """Return a direction of the sagittal plane, lifted sideways; beyond 90 degrees it points up."""
    low = np.where(lift[..., None] <= np.pi / 2.0, 1.0, -1.0)
    return np.asarray(_along(direction) * np.abs(np.cos(lift))[..., None] * low + sideways * np.sin(lift)[..., None])
