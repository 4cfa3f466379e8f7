"""A parametric body doing push-ups, for tests: known repetitions, known faults, any camera, any frame rate.

Hands and toes rest; the shoulders move on a cosine between two heights; the elbows follow by two-link inverse
kinematics; the hips lie on the line from shoulders to ankles plus a signed offset. The camera turns the body and
projects it in parallel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from topform.core.arrays import FloatArray
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import BLAZEPOSE33

UPPER_ARM_M, FOREARM_M = 0.30, 0.27
SHOULDER_TO_ANKLE_M = 1.35
HIP_AT = 0.40
KNEE_AT = 0.70


@dataclass(frozen=True, slots=True)
class PushUps:
    """One recording.

    Parameters
    ----------
    bottoms_m : tuple of float
        Height of the shoulders over the hands at each lowest point. [m]
    top_m : float
        The same at the top. [m]; 0.55 is nearly straight.
    period_s, rest_s : float
        Time of one repetition, time at the top before the first and after the last. [s]
    hip_offset : float
        Offset of the hip from the line, positive = pike, as a fraction of its length.
    hip_lag_s : float
        How much later than the shoulders the hips move. [s]
    yaw_deg : float
        0 = side view, 90 = head towards the camera.
    px_per_m, noise_px : float
        Scale of the picture and standard deviation of every coordinate.
    """

    bottoms_m: tuple[float, ...] = (0.2,) * 5
    top_m: float = 0.55
    period_s: float = 2.0
    rest_s: float = 1.0
    hip_offset: float = 0.0
    hip_lag_s: float = 0.0
    yaw_deg: float = 0.0
    px_per_m: float = 300.0
    noise_px: float = 0.0
    neck_drop_deg: float = 0.0

    @property
    def duration_s(self) -> float:
        """Length of the recording. [s]"""
        return 2.0 * self.rest_s + self.period_s * len(self.bottoms_m)

    def shoulder_height_m(self, t_s: FloatArray) -> FloatArray:
        """Return the height of the shoulders over the hands. [m]"""
        moving_s = np.clip(t_s - self.rest_s, 0.0, self.period_s * len(self.bottoms_m) - 1e-9)
        bottoms = np.array([*self.bottoms_m, self.top_m])[(moving_s // self.period_s).astype(int)]
        bottoms = np.where(moving_s <= 0.0, self.top_m, bottoms)
        return (self.top_m + bottoms) / 2.0 + (self.top_m - bottoms) / 2.0 * np.cos(
            2.0 * np.pi * (moving_s % self.period_s) / self.period_s
        )

    def at(self, t_s: FloatArray, *, rng: np.random.Generator | None = None, with_world: bool = True) -> PoseSequence:
        """Return the poses at the given times."""
        world = self._body(t_s)
        turn = np.radians(self.yaw_deg)
        rotation = np.array([[np.cos(turn), 0.0, np.sin(turn)], [0.0, -1.0, 0.0], [-np.sin(turn), 0.0, np.cos(turn)]])
        camera = world @ rotation.T
        xy = camera[..., :2] * self.px_per_m + np.array([640.0, 500.0])
        if rng is not None and self.noise_px > 0.0:
            xy = xy + rng.normal(0.0, self.noise_px, xy.shape)
        hips = camera[:, BLAZEPOSE33.indices(("left_hip", "right_hip"))].mean(axis=1, keepdims=True)
        return PoseSequence(
            t_s=t_s,
            xy_px=xy,
            score=self._score(camera),
            skeleton=BLAZEPOSE33,
            world_m=camera - hips if with_world else None,
        )

    @staticmethod
    def _score(camera: FloatArray) -> FloatArray:
        """Return high scores for the side nearer the camera, lower ones for the other."""
        score = np.full(camera.shape[:2], 0.95)
        sides = {side: [i for i, name in enumerate(BLAZEPOSE33.names) if side in name] for side in ("left", "right")}
        depth = {side: camera[:, joints, 2].mean() for side, joints in sides.items()}
        score[:, sides[max(depth, key=lambda side: depth[side])]] = 0.6
        return score

    def frames(self, fps: float = 30.0, *, rng: np.random.Generator | None = None) -> PoseSequence:
        """Return the poses at a constant frame rate."""
        return self.at(np.arange(int(self.duration_s * fps) + 1) / fps, rng=rng)

    def _body(self, t_s: FloatArray) -> FloatArray:
        """Return body positions: x towards the head, y up, z to the athlete's left-hand side. [m]"""
        n = len(t_s)
        height = self.shoulder_height_m(t_s)
        body = np.zeros((n, len(BLAZEPOSE33), 3))
        ankle = np.array([-np.sqrt(SHOULDER_TO_ANKLE_M**2 - self.top_m**2), 0.08])
        shoulder = self._on_circle(ankle, height)
        carrier = self._on_circle(ankle, self.shoulder_height_m(np.maximum(t_s - self.hip_lag_s, 0.0)))
        along = carrier - ankle
        normal = np.stack([-along[:, 1], along[:, 0]], axis=1) / SHOULDER_TO_ANKLE_M
        trunk = {"hip": HIP_AT, "knee": KNEE_AT, "ankle": 1.0}
        for sign, side in ((1.0, "left"), (-1.0, "right")):
            for name, share in trunk.items():
                bulge = self.hip_offset * (share / HIP_AT if share <= HIP_AT else (1.0 - share) / (1.0 - HIP_AT))
                point = ankle + along * (1.0 - share) + normal * bulge * SHOULDER_TO_ANKLE_M
                self._put(body, f"{side}_{name}", point, 0.10 * sign)
            for name, offset in (("heel", (-0.03, -0.02)), ("foot_index", (0.05, -0.08))):
                self._put(body, f"{side}_{name}", np.broadcast_to(ankle + np.array(offset), (n, 2)), 0.10 * sign)
            self._put(body, f"{side}_shoulder", shoulder, 0.19 * sign)
            for name in ("wrist", "pinky", "index", "thumb"):
                self._put(body, f"{side}_{name}", np.zeros((n, 2)), 0.25 * sign)
            self._put_elbow(body, side)
            head = np.radians(-self.neck_drop_deg) + np.arctan2(along[:, 1], along[:, 0])
            neck = shoulder + 0.2 * np.stack([np.cos(head), np.sin(head)], axis=1)
            self._put(body, f"{side}_ear", neck, 0.07 * sign)
            for name in ("eye_inner", "eye", "eye_outer"):
                self._put(body, f"{side}_{name}", neck + np.array([0.08, 0.0]), 0.03 * sign)
            self._put(body, f"mouth_{side}", neck + np.array([0.07, -0.05]), 0.02 * sign)
        self._put(body, "nose", neck + np.array([0.10, -0.02]), 0.0)
        return body

    @staticmethod
    def _on_circle(ankle: FloatArray, height: FloatArray) -> FloatArray:
        """Return shoulder positions at a height, at their fixed distance from the ankles."""
        rise = height - ankle[1]
        return np.stack([ankle[0] + np.sqrt(SHOULDER_TO_ANKLE_M**2 - rise**2), height], axis=1)

    @staticmethod
    def _put(body: FloatArray, name: str, xy: FloatArray, z: float) -> None:
        index = BLAZEPOSE33.index(name)
        body[:, index, :2], body[:, index, 2] = xy, z

    @staticmethod
    def _put_elbow(body: FloatArray, side: str) -> None:
        """Bend the elbow backwards, towards the feet."""
        shoulder = body[:, BLAZEPOSE33.index(f"{side}_shoulder")]
        wrist = body[:, BLAZEPOSE33.index(f"{side}_wrist")]
        span = wrist - shoulder
        distance = np.minimum(np.linalg.norm(span, axis=1), UPPER_ARM_M + FOREARM_M - 1e-6)
        along = span / np.linalg.norm(span, axis=1, keepdims=True)
        reach = (UPPER_ARM_M**2 - FOREARM_M**2 + distance**2) / (2.0 * distance)
        away = np.sqrt(np.maximum(UPPER_ARM_M**2 - reach**2, 0.0))
        back = np.array([-1.0, 0.0, 0.0]) - along * (along @ np.array([-1.0, 0.0, 0.0]))[:, None]
        back /= np.linalg.norm(back, axis=1, keepdims=True)
        body[:, BLAZEPOSE33.index(f"{side}_elbow")] = shoulder + along * reach[:, None] + back * away[:, None]


def elbow_deg_for(height_m: float) -> float:
    """Return the interior elbow angle of a shoulder height over the hand, by the law of cosines, for z ignored."""
    span2 = height_m**2 + 0.06**2
    cosine = (UPPER_ARM_M**2 + FOREARM_M**2 - span2) / (2.0 * UPPER_ARM_M * FOREARM_M)
    return float(np.degrees(np.arccos(cosine)))
