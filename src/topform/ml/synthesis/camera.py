"""Cameras: from the world to the picture."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from topform.core.arrays import FloatArray
from topform.ml.synthesis.body import at


@dataclass(frozen=True, slots=True, eq=False)
class Cameras:
    """Cameras that look at bodies; arrays of shape (B,).

    Parameters
    ----------
    yaw_deg : ndarray
        0 = from the side, +90 = the head towards the camera, -90 = the feet. [deg]
    from_left : ndarray
        +1 = on the athlete's left-hand side, -1 = on the right.
    height_m, distance_m : ndarray
        Over the ground, and to the body on the ground. [m]
    roll_deg : ndarray
        Turn of the picture. [deg]
    aim_m : ndarray, shape (B, 3)
        By how much it looks past the middle of the body. [m]
    distortion : ndarray
        First radial coefficient for the picture's half height. [1]
    """

    yaw_deg: FloatArray
    from_left: FloatArray
    height_m: FloatArray
    distance_m: FloatArray
    roll_deg: FloatArray
    aim_m: FloatArray
    distortion: FloatArray


def sample_cameras(rng: np.random.Generator, count: int) -> Cameras:
    """Return cameras as people put them: mostly at the side, some oblique, some before the head, some high."""
    kind = rng.choice(4, count, p=[0.5, 0.25, 0.17, 0.08])
    sign = rng.choice([-1.0, 1.0], count)
    yaw = np.select(
        [kind == 0, kind == 1, kind == 2],
        [rng.normal(0.0, 12.0, count), sign * rng.uniform(20.0, 70.0, count), rng.normal(88.0, 8.0, count)],
        default=rng.uniform(-100.0, 100.0, count),
    )
    low = rng.gamma(2.0, 0.25, count) + 0.05
    return Cameras(
        yaw_deg=yaw,
        from_left=rng.choice([-1.0, 1.0], count),
        height_m=np.where(kind == 3, rng.uniform(1.2, 2.6, count), np.minimum(low, 1.8)),
        distance_m=rng.uniform(1.6, 4.5, count),
        roll_deg=rng.normal(0.0, 2.0, count),
        aim_m=rng.normal(0.0, 0.12, (count, 3)),
        distortion=rng.uniform(-0.12, 0.06, count),
    )


def mirrored_cameras(cameras: Cameras) -> Cameras:
    """Return the same cameras on the other side of the athlete."""
    values = {item.name: getattr(cameras, item.name) for item in fields(cameras)}
    values["from_left"] = -cameras.from_left
    values["roll_deg"] = -cameras.roll_deg
    values["aim_m"] = cameras.aim_m * np.array([1.0, 1.0, -1.0])
    return Cameras(**values)


def project(joints: FloatArray, cameras: Cameras) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return what the cameras see.

    Parameters
    ----------
    joints : ndarray, shape (B, T, K, 3)
        World positions. [m]
    cameras : Cameras
        B cameras.

    Returns
    -------
    tuple of ndarray
        Picture positions (B, T, K, 2), x right and y down, in units of the focal length; depths (B, T, K) [m]; and the
        size of one metre at the body (B,), in the same unit.
    """
    middle = np.mean((at(joints, "left_hip") + at(joints, "right_hip")) / 2.0, axis=1)
    yaw = np.radians(cameras.yaw_deg)
    offset = np.stack(
        [
            cameras.distance_m * np.sin(yaw),
            cameras.height_m - middle[:, 1],
            cameras.from_left * cameras.distance_m * np.cos(yaw),
        ],
        axis=-1,
    )
    position = middle + offset
    forwards = middle + cameras.aim_m - position
    distance = np.linalg.norm(forwards, axis=-1)
    forwards = forwards / distance[:, None]
    right = np.cross(forwards, np.array([0.0, 1.0, 0.0]))
    right = right / np.linalg.norm(right, axis=-1, keepdims=True)
    down = np.cross(forwards, right)
    axes = np.stack([right, down, forwards], axis=-1)
    seen = (joints - position[:, None, None, :]) @ axes[:, None]
    depth = np.maximum(seen[..., 2], 0.2)
    flat = seen[..., :2] / depth[..., None]
    # Radial, about the middle of a picture that is about as high as 0.5 focal lengths on either side.
    radius2 = np.sum((flat / 0.5) ** 2, axis=-1, keepdims=True)
    flat = flat * (1.0 + cameras.distortion[:, None, None, None] * np.minimum(radius2, 2.0))
    roll = np.radians(cameras.roll_deg)
    turn = np.stack([np.stack([np.cos(roll), -np.sin(roll)], -1), np.stack([np.sin(roll), np.cos(roll)], -1)], -2)
    return flat @ np.swapaxes(turn, -1, -2)[:, None], depth, 1.0 / distance
