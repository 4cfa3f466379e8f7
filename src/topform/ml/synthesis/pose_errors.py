"""The errors of a pose model: jitter, slow drift, biases of a clip, certainty, misses.

The constants were fitted on the push-up clips of the evaluation data by ``benchmarks/accuracy/form_synthesis.py``:
jitter is the median deviation of a joint from the middle of its neighbours in time, certainty the median score, both
by joint, by the side nearer to the camera or the farther one, and by view. They are numbers of the pose model, not of
people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from topform.core.arrays import BoolArray, FloatArray
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.ml.synthesis.camera import Cameras


@dataclass(frozen=True, slots=True)
class JointError:
    """Errors of one kind of joint.

    Parameters
    ----------
    jitter : tuple of float
        From frame to frame: near side, far side (both from the side), and from the front. Shares of the trunk.
    score : tuple of float
        Median certainty in the same order, 0..1.
    bias : tuple of float
        Standard deviation of the constant offset in one clip, in the same order. Shares of the trunk.
    """

    jitter: tuple[float, float, float]
    score: tuple[float, float, float]
    bias: tuple[float, float, float]


ERRORS: Final = {
    "head": JointError((0.006, 0.006, 0.014), (0.995, 0.995, 0.995), (0.03, 0.03, 0.03)),
    "shoulder": JointError((0.008, 0.010, 0.012), (0.998, 0.996, 0.998), (0.03, 0.04, 0.03)),
    "elbow": JointError((0.010, 0.018, 0.010), (0.99, 0.16, 0.97), (0.03, 0.10, 0.04)),
    "wrist": JointError((0.009, 0.018, 0.008), (0.98, 0.27, 0.95), (0.03, 0.09, 0.04)),
    "hand": JointError((0.009, 0.020, 0.008), (0.97, 0.31, 0.90), (0.04, 0.10, 0.05)),
    "hip": JointError((0.009, 0.010, 0.014), (0.996, 0.99, 0.998), (0.035, 0.045, 0.05)),
    "knee": JointError((0.008, 0.010, 0.025), (0.94, 0.26, 0.16), (0.035, 0.05, 0.14)),
    "ankle": JointError((0.008, 0.010, 0.028), (0.96, 0.49, 0.12), (0.035, 0.05, 0.18)),
    "foot": JointError((0.012, 0.015, 0.030), (0.94, 0.71, 0.11), (0.04, 0.05, 0.18)),
}
DRIFT_SHARE: Final = 1.6
"""Slow errors are this much larger than the jitter; they last about `DRIFT_TIME_S`."""
DRIFT_TIME_S: Final = 0.35
QUALITY_SPREAD: Final = 0.55
SCORE_SPREAD: Final = 1.0
MISS_SHARE: Final = 0.004
MAX_SCORE_OUTSIDE: Final = 0.2


def _kind(name: str) -> str:
    parts = {
        "shoulder": "shoulder",
        "elbow": "elbow",
        "wrist": "wrist",
        "pinky": "hand",
        "index": "hand",
        "thumb": "hand",
        "hip": "hip",
        "knee": "knee",
        "ankle": "ankle",
        "heel": "foot",
    }
    return "foot" if "foot" in name else next((kind for part, kind in parts.items() if part in name), "head")


_KINDS: Final = [_kind(name) for name in BLAZEPOSE33.names]
_SIDE: Final = np.array([1.0 if "left" in name else -1.0 if "right" in name else 0.0 for name in BLAZEPOSE33.names])


def _by_view(values: str, cameras: Cameras) -> FloatArray:
    """Return a constant of every joint for every camera, shape (B, K)."""
    table = np.array([getattr(ERRORS[kind], values) for kind in _KINDS])
    frontal = np.sin(np.radians(cameras.yaw_deg))[:, None] ** 2
    is_far = np.clip(-_SIDE * cameras.from_left[:, None], 0.0, 1.0)
    side = table[:, 0] * (1.0 - is_far) + table[:, 1] * is_far
    return np.asarray(side * (1.0 - frontal) + table[:, 2] * frontal)


def observe(
    rng: np.random.Generator, picture: FloatArray, size: FloatArray, cameras: Cameras, t_s: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return what a pose model would say.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    picture : ndarray, shape (B, T, K, 2)
        True positions in the picture.
    size : ndarray, shape (B,)
        Length of a trunk of the population's mean, in the same unit.
    cameras : Cameras
        Decide which side is hidden.
    t_s : ndarray, shape (B, T)
        Times. [s]

    Returns
    -------
    tuple of ndarray
        Positions (B, T, K, 2), NaN where missed, and certainties (B, T, K).
    """
    count, frames, joints, _ = picture.shape
    quality = np.exp(rng.normal(0.0, QUALITY_SPREAD, (count, 1, 1, 1)))
    jitter = _by_view("jitter", cameras)[:, None, :, None] * quality
    bias = _by_view("bias", cameras)[:, None, :, None] * np.sqrt(quality)
    unit = size[:, None, None, None]
    # Both sides of the body err together for the most part: what is taken for the hip lies somewhere else on everyone.
    shared = rng.normal(0.0, 1.0, (count, 1, joints, 2))
    own = rng.normal(0.0, 1.0, (count, 1, joints, 2))
    together = 0.8 * shared[:, :, np.minimum(np.arange(joints), BLAZEPOSE33.mirrored())] + 0.6 * own
    noise = rng.normal(0.0, 1.0, picture.shape) * jitter
    drift = _slow(rng, picture.shape, t_s) * jitter * DRIFT_SHARE
    outside = _outside(rng, picture)
    wild = np.where(outside, 4.0, 1.0)[..., None]
    seen = picture + unit * (together * bias + (noise + drift) * wild)
    seen = _swapped(rng, seen)
    score = _scores(rng, cameras, t_s, outside)
    missed = _missed(rng, count, frames)
    return np.where(missed[..., None, None], np.nan, seen), np.where(missed[..., None], 0.0, score)


def _slow(rng: np.random.Generator, shape: tuple[int, ...], t_s: FloatArray) -> FloatArray:
    """Return noise that forgets itself within `DRIFT_TIME_S`."""
    fresh: FloatArray = rng.normal(0.0, 1.0, size=shape)
    slow: FloatArray = np.empty(shape, dtype=np.float64)
    slow[:, 0] = fresh[:, 0]
    keep = np.exp(-np.diff(t_s, axis=1) / DRIFT_TIME_S)
    for frame in range(1, shape[1]):
        kept = keep[:, frame - 1].reshape(-1, *([1] * (len(shape) - 2)))
        slow[:, frame] = kept * slow[:, frame - 1] + np.sqrt(1.0 - kept**2) * fresh[:, frame]
    return slow


def _outside(rng: np.random.Generator, picture: FloatArray) -> BoolArray:
    """Tell which joints a picture that is cut somewhere would not hold."""
    count = picture.shape[0]
    low, high = picture.min(axis=(1, 2)), picture.max(axis=(1, 2))
    is_cut = rng.random((count, 4)) < 0.06
    share = rng.uniform(0.02, 0.3, (count, 4))
    span = high - low
    near = np.where(is_cut[:, :2], low + share[:, :2] * span, low - span)
    far = np.where(is_cut[:, 2:], high - share[:, 2:] * span, high + span)
    beyond = (picture < near[:, None, None]) | (picture > far[:, None, None])
    return np.asarray(beyond.any(axis=-1))


def _swapped(rng: np.random.Generator, seen: FloatArray) -> FloatArray:
    """Exchange left and right for some frames of a few clips."""
    count, frames = seen.shape[:2]
    begins = np.asarray(rng.integers(0, frames, count))
    lasts = np.asarray(rng.integers(1, 8, count))
    place = np.arange(frames)[None]
    is_swapped = (rng.random((count, 1)) < 0.06) & (place >= begins[:, None]) & (place < (begins + lasts)[:, None])
    return np.where(is_swapped[..., None, None], seen[:, :, BLAZEPOSE33.mirrored()], seen)


def _scores(rng: np.random.Generator, cameras: Cameras, t_s: FloatArray, outside: BoolArray) -> FloatArray:
    median = _by_view("score", cameras)
    logit = np.log(median / (1.0 - median))[:, None]
    spread = rng.normal(0.0, SCORE_SPREAD, (len(median), 1, 1)) + rng.normal(
        0.0, 0.7, (len(median), 1, median.shape[1])
    )
    wavering = 0.4 * _slow(rng, (*t_s.shape, median.shape[1]), t_s)
    score = 1.0 / (1.0 + np.exp(-(logit + spread + wavering)))
    return np.where(outside, np.minimum(score, MAX_SCORE_OUTSIDE), score)


def _missed(rng: np.random.Generator, count: int, frames: int) -> BoolArray:
    """Return frames without a body: single ones, and one longer gap in a few clips."""
    missed = rng.random((count, frames)) < MISS_SHARE
    begins, lasts = np.asarray(rng.integers(0, frames, count)), np.asarray(rng.integers(2, 9, count))
    place = np.arange(frames)[None]
    gap = (rng.random((count, 1)) < 0.06) & (place >= begins[:, None]) & (place < (begins + lasts)[:, None])
    return np.asarray(missed | gap)
