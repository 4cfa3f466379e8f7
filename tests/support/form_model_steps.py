"""The inputs of the form model's golden vector, built by code: a sagging set seen obliquely, with missed joints."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.support.push_up_body import PushUps

FIRST_STEP_S = 1.0 / 15.0


def golden_steps() -> list[tuple[NDArray[np.float32], NDArray[np.float32], float]]:
    """Return keypoints, certainties and time since the frame before; frame 7 is missed, in 20..25 the right arm."""
    poses = PushUps(bottoms_m=(0.2, 0.25), hip_offset=-0.06, yaw_deg=35.0).frames(fps=15.0)
    xy, score = poses.xy_px.astype(np.float32), poses.score.astype(np.float32)
    xy[7], score[7] = 0.0, 0.0
    for name in ("right_shoulder", "right_elbow", "right_wrist"):
        joint = poses.skeleton.index(name)
        xy[20:26, joint], score[20:26, joint] = 0.0, 0.0
    steps = np.diff(poses.t_s, prepend=poses.t_s[0] - FIRST_STEP_S)
    return [(xy[frame], score[frame], float(steps[frame])) for frame in range(len(poses))]
