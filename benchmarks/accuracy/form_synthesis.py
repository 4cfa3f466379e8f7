"""How much made-up recordings look like real ones, and the constants of the pose model's errors.

    python -m benchmarks.accuracy.form_synthesis

Real: the push-up clips. Made up: push-ups from `topform.ml.synthesis`. A logistic regression on per-recording summaries
tells them apart, each real person held out once; 0.5 would be perfect, 1.0 means that they are easily told apart. The
table of jitter and certainty is what `pose_errors` was set from.
"""

from __future__ import annotations

import sys
import warnings
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import ks_2samp, wasserstein_distance

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.support import CachedPoses, read_clips, shared_data_dir, write_result

from topform.core.arrays import FloatArray, frozen_floats
from topform.kinematics.observation import FrameObserver
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.ml.evaluation import auroc
from topform.ml.synthesis.recordings import synthesise
from topform.ml.verdict_fit import fit_logistic

RESULTS = Path(__file__).parent / "results"
RATE_S = 1.0 / 15.0
JOINTS = ("ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot_index")
FEATURES = (
    "elbow_low_deg",
    "elbow_high_deg",
    "line_median_deg",
    "line_range_deg",
    "neck_median_deg",
    "shoulder_travel",
    "arm_score",
    "leg_score",
    "jitter_shoulder",
    "jitter_elbow",
    "jitter_ankle",
)


def thinned(poses: PoseSequence) -> PoseSequence:
    """Return about fifteen frames a second, as the model takes them."""
    kept, last_s = [], -np.inf
    for frame, t_s in enumerate(poses.t_s):
        if t_s - last_s >= 0.055:
            kept.append(frame)
            last_s = t_s
    return PoseSequence(
        t_s=frozen_floats(poses.t_s[kept]),
        xy_px=frozen_floats(poses.xy_px[kept]),
        score=frozen_floats(poses.score[kept]),
        skeleton=poses.skeleton,
    )


def trunk_px(poses: PoseSequence) -> float:
    """Return the median length of the trunk in the picture."""
    shoulders = (poses.xy("left_shoulder") + poses.xy("right_shoulder")) / 2.0
    return float(np.nanmedian(np.linalg.norm(shoulders - (poses.xy("left_hip") + poses.xy("right_hip")) / 2.0, axis=1)))


def jitter(poses: PoseSequence, joint: str) -> float:
    """Return how far a joint is from the middle of its neighbours in time, as a standard deviation over the trunk."""
    xy = poses.xy(joint)
    off = np.abs(xy[1:-1] - (xy[:-2] + xy[2:]) / 2.0)
    return float(np.nanmedian(off) / 0.6745 / np.sqrt(1.5) / trunk_px(poses))


def summary(poses: PoseSequence) -> FloatArray:
    """Return the features of one recording; see `FEATURES`."""
    observer = FrameObserver(BLAZEPOSE33)
    seen = [observer.observe(t_s=float(t), xy_px=poses.xy_px[i], score=poses.score[i]) for i, t in enumerate(poses.t_s)]
    seen = [frame for frame in seen if frame.is_observed]
    elbow = np.array([frame.near_arm.elbow_deg for frame in seen])
    line = np.array([frame.body_line_deg for frame in seen])
    height = np.array([frame.shoulder_y_px for frame in seen])
    near = "left" if np.mean(poses.score[:, 13]) >= np.mean(poses.score[:, 14]) else "right"
    return np.array(
        [
            *np.nanquantile(elbow, [0.05, 0.95]),
            np.nanmedian(line),
            np.subtract(*np.nanquantile(line, [0.9, 0.1])),
            np.nanmedian([frame.neck_deg for frame in seen]),
            np.subtract(*np.nanquantile(height, [0.95, 0.05])) / trunk_px(poses),
            np.median([frame.near_arm.visibility for frame in seen]),
            np.median([frame.leg_visibility for frame in seen]),
            jitter(poses, f"{near}_shoulder"),
            jitter(poses, f"{near}_elbow"),
            jitter(poses, f"{near}_ankle"),
        ]
    )


def real_side_clips(shared: Path) -> tuple[list[PoseSequence], list[str]]:
    """Return the push-up clips filmed from the side, and who is in them."""
    cache, poses, people = CachedPoses(), [], []
    for clip in read_clips(shared):
        if clip.exercise != "push_up" or not clip.view.startswith("side"):
            continue
        sequence = cache.of(shared / "video" / clip.file)
        if len(sequence) >= 30 and np.isfinite(sequence.xy_px).all(axis=(1, 2)).mean() > 0.8:
            poses.append(sequence)
            people.append(clip.person_group)
    return poses, people


def made_up_side(count: int) -> list[PoseSequence]:
    """Return as many made-up push-ups from the side, in position all the time, as long as the clips are."""
    rng = np.random.default_rng(21)
    found: list[PoseSequence] = []
    while len(found) < count:
        made = synthesise(rng, count=100, frames=60, step_s=(0.95 * RATE_S, 1.05 * RATE_S))
        for row in range(100):
            if (made.exercise[row] == 1).all() and made.rep_count[row] > 0 and abs(made.yaw_deg[row]) < 25.0:
                t_s, xy, score = (frozen_floats(values[row]) for values in (made.t_s, made.xy, made.score))
                found += [PoseSequence(t_s=t_s, xy_px=xy, score=score, skeleton=BLAZEPOSE33)]
    return found[:count]


def told_apart(real: FloatArray, made: FloatArray, people: list[str]) -> float:
    """Return the AUROC of a logistic regression, each real person held out once with a share of the made-up."""
    features = np.concatenate([real, made])
    middle, spread = np.median(features, axis=0), np.std(features, axis=0)
    features = np.clip((features - middle) / spread, -3.0, 3.0)
    # Squares too, so that a narrower or wider spread gives one away.
    features = np.column_stack([features, features**2, np.ones(len(features))])
    is_real = np.arange(len(features)) < len(real)
    names = sorted(set(people))
    owner = np.array([*people, *(names[i % len(names)] for i in range(len(made)))])
    score = np.full(len(features), np.nan)
    for name in names:
        weights = fit_logistic(features[owner != name], is_real[owner != name])
        score[owner == name] = features[owner == name] @ weights
    return auroc(true=is_real, score=score)


def errors_by_joint(poses: list[PoseSequence]) -> dict[str, Any]:
    """Return jitter and certainty of the pose model from the side, nearer and farther side apart."""
    rows = defaultdict(list)
    for sequence in poses:
        near = "left" if np.mean(sequence.score[:, 13]) >= np.mean(sequence.score[:, 14]) else "right"
        for side in ("left", "right"):
            for joint in JOINTS:
                place = BLAZEPOSE33.index(f"{side}_{joint}")
                which = "near" if side == near else "far"
                rows[joint, which].append((jitter(sequence, f"{side}_{joint}"), np.median(sequence.score[:, place])))
    return {
        f"{joint} {which}": {
            "jitter_median": round(float(np.nanmedian([row[0] for row in found])), 4),
            "score_median": round(float(np.median([row[1] for row in found])), 3),
        }
        for (joint, which), found in sorted(rows.items())
    }


def main() -> int:
    """Print the tables and write the result."""
    shared = shared_data_dir()
    if shared is None:
        print("The evaluation data is not beside this checkout (set TOPFORM_SHARED_DATA); nothing was measured.")
        return 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        clips, people = real_side_clips(shared)
        made_up = made_up_side(len(clips))
        real = np.stack([summary(thinned(poses)) for poses in clips])
        made = np.stack([summary(poses) for poses in made_up])
        errors = {"real": errors_by_joint([thinned(p) for p in clips]), "made_up": errors_by_joint(made_up)}
    usable_real, usable_made = (np.asarray(np.isfinite(rows).all(axis=1)) for rows in (real, made))
    people = [person for person, use in zip(people, usable_real.tolist(), strict=True) if use]
    real, made = real[usable_real], made[usable_made]
    apart = told_apart(real, made, people)
    print(
        f"{len(real)} real clips of {len(set(people))} people, {len(made)} made up: told apart with AUROC {apart:.3f}"
    )
    features = {}
    for place, name in enumerate(FEATURES):
        distance = float(ks_2samp(real[:, place], made[:, place]).statistic)
        features[name] = {
            "real_median": round(float(np.median(real[:, place])), 4),
            "made_up_median": round(float(np.median(made[:, place])), 4),
            "ks": round(distance, 3),
            "wasserstein_over_real_spread": round(
                float(wasserstein_distance(real[:, place], made[:, place]) / np.std(real[:, place])), 3
            ),
            "auroc_alone": round(
                max(
                    a := auroc(
                        true=np.arange(len(real) + len(made)) < len(real),
                        score=np.concatenate([real[:, place], made[:, place]]),
                    ),
                    1.0 - a,
                ),
                3,
            ),
        }
        print(f"  {name:20} {features[name]}")
    for name, row in errors["real"].items():
        print(f"  {name:18} real {row}  made up {errors['made_up'][name]}")
    path = write_result(
        RESULTS,
        "form_synthesis",
        {
            "real_clips": len(real),
            "people": len(set(people)),
            "made_up": len(made),
            "told_apart_auroc": round(apart, 4),
            "target_at_most": 0.75,
            "features": features,
            "pose_errors": errors,
        },
    )
    print(f"written {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
