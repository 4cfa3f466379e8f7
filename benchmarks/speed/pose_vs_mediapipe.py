"""CPU cost of our whole analysis, and our landmarks, beside MediaPipe 0.10.21's poses, on the same clips in one run.

    python benchmarks/speed/pose_vs_mediapipe.py --peer-python PATH [CLIP ...]

Both decode the same file and run the `full` model, each in a process of its own pinned to one core. Ours counts, judges
and puts into words besides; MediaPipe's ends with the poses. Loading the models counts for neither. MediaPipe is no
dependency of TopForm: give the Python of an environment that holds mediapipe 0.10.21 (or set
TOPFORM_MEDIAPIPE_PYTHON). Without it the script says so and measures nothing.

Agreement is the distance of the twelve joints of arms and legs to MediaPipe's, in percent of the trunk's length,
against its image mode; its video mode smooths over time, ours does not.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

HERE = Path(__file__).parent
CLIPS = (
    "push_up/st_grey_tee_studio_man__01.mp4",
    "push_up/kg_glasses_man__01.mp4",
    "push_up/kg_blue_room_man__01.mp4",
    "push_up/kg_teal_woman__05.mp4",
    "push_up/kg_locker_man__01.mp4",
)
REPEATS = 3


def run_ours(clip: Path, landmarks_path: Path) -> dict[str, float]:
    """Analyse the whole clip in this process."""
    from benchmarks.support import cpu_s

    from topform.vision.analysis import PoseEstimator, VideoAnalysis
    from topform.vision.blazepose.tracker import PoseTracker
    from topform.vision.form_model import FormModels
    from topform.vision.sandbox import SandboxedReader

    pose_s = 0.0
    track = PoseTracker.track

    def timed(self: PoseTracker, frame: object) -> object:
        nonlocal pose_s
        before = cpu_s()
        body = track(self, frame)  # type: ignore[arg-type]
        pose_s += cpu_s() - before
        return body

    PoseTracker.track = timed  # type: ignore[method-assign,assignment]
    decoder: list[SandboxedReader] = []
    close = SandboxedReader.close

    def closed(self: SandboxedReader) -> None:
        decoder.append(self)
        close(self)

    SandboxedReader.close = closed  # type: ignore[method-assign]
    whole = VideoAnalysis(threads=1)
    # Loaded beforehand, as MediaPipe's are.
    whole._estimator, whole._form_models = PoseEstimator(threads=1), FormModels()
    started = cpu_s()
    _, poses = whole.analyze_with_poses(clip)
    # The decoder's process belongs to us: its time and its memory count.
    total_s = cpu_s() - started + sum(one.cpu_s or 0.0 for one in decoder[:1])
    np.save(landmarks_path, poses.xy_px)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    peak_mb += sum(one.peak_mb or 0.0 for one in decoder[:1])
    return {"total_s": total_s, "pose_s": pose_s, "frames": len(poses), "peak_mb": round(peak_mb, 1)}


def run_pinned(command: list[str]) -> dict[str, float]:
    """Run a child on one core and return its JSON."""
    core = min(os.sched_getaffinity(0))
    child = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2", "GLOG_minloglevel": "2"},
    )
    document: dict[str, float] = json.loads(child.stdout.splitlines()[-1])
    return document


def agreement_pct(ours: np.ndarray, theirs: np.ndarray) -> dict[str, float]:
    """Return quantiles of the joint distances in percent of trunk length."""
    from topform.kinematics.skeleton import BLAZEPOSE33, SIDES

    frames = min(len(ours), len(theirs))
    ours, theirs = ours[:frames], theirs[:frames]
    joints = BLAZEPOSE33.indices(
        f"{side}_{name}" for side in SIDES for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    )
    shoulders = BLAZEPOSE33.indices(f"{side}_shoulder" for side in SIDES)
    hips = BLAZEPOSE33.indices(f"{side}_hip" for side in SIDES)
    trunk = np.linalg.norm(theirs[:, shoulders].mean(axis=1) - theirs[:, hips].mean(axis=1), axis=1)
    distance = np.linalg.norm(ours[:, joints] - theirs[:, joints], axis=2) / np.nanmedian(trunk) * 100.0
    seen = distance[np.isfinite(distance).all(axis=1)]
    return {
        "median_pct": round(float(np.median(seen)), 2),
        "p90_pct": round(float(np.quantile(seen, 0.9)), 2),
        "frames_compared": len(seen),
        "found_ours": int(np.isfinite(ours[:, 0, 0]).sum()),
        "found_theirs": int(np.isfinite(theirs[:, 0, 0]).sum()),
    }


def main() -> int:
    """Measure, print the table, write the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", nargs="*", type=Path)
    parser.add_argument("--peer-python", default=os.environ.get("TOPFORM_MEDIAPIPE_PYTHON"))
    parser.add_argument("--ours", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ours is not None:
        print(json.dumps(run_ours(*options.ours)))
        return 0
    from benchmarks.support import shared_data_dir, write_result

    if options.peer_python is None:
        print("No environment with mediapipe 0.10.21 given (--peer-python); nothing was measured.")
        return 0
    shared = shared_data_dir()
    clips = options.clips or ([] if shared is None else [shared / "video" / name for name in CLIPS])
    if not clips:
        print("No clip given and the evaluation data is not beside this checkout; nothing was measured.")
        return 0
    rows: list[dict[str, Any]] = []
    print(f"{'clip':32}{'frames':>7}{'ours ms':>9}{'peer ms':>9}{'ratio':>7}{'pose only':>11}{'joints differ by':>24}")
    with tempfile.TemporaryDirectory() as folder:
        ours_path, peer_path = Path(folder) / "ours.npy", Path(folder) / "peer.npy"
        peer = [options.peer_python, str(HERE / "peers" / "mediapipe_tasks.py")]
        for clip in clips:
            runs = []
            for _ in range(REPEATS):
                ours = run_pinned([sys.executable, __file__, "--ours", str(clip), str(ours_path)])
                theirs = run_pinned([*peer, str(clip), str(peer_path), "video"])
                runs.append((ours, theirs))
            run_pinned([*peer, str(clip), str(peer_path), "image"])
            agree = agreement_pct(np.load(ours_path), np.load(peer_path))
            frames = runs[0][0]["frames"]
            row = {
                "clip": clip.name,
                "frames": frames,
                "ours_ms": round(1e3 * float(np.median([o["total_s"] for o, _ in runs])) / frames, 2),
                "mediapipe_ms": round(
                    1e3 * float(np.median([t["total_s"] for _, t in runs])) / runs[0][1]["frames"], 2
                ),
                "ours_over_mediapipe": round(float(np.median([o["total_s"] / t["total_s"] for o, t in runs])), 3),
                "pose_only_ours_over_mediapipe": round(
                    float(np.median([o["pose_s"] / t["pose_s"] for o, t in runs])), 3
                ),
                "peak_mb": {"ours": runs[0][0]["peak_mb"], "mediapipe": runs[0][1]["peak_mb"]},
                "agreement": agree,
            }
            rows.append(row)
            print(
                f"{clip.name:32}{frames:>7}{row['ours_ms']:>9.2f}{row['mediapipe_ms']:>9.2f}"
                f"{row['ours_over_mediapipe']:>7.2f}{row['pose_only_ours_over_mediapipe']:>11.2f}"
                f"{agree['median_pct']:>12.2f} % (p90 {agree['p90_pct']:.1f})"
            )
    ratio = float(np.median([float(row["ours_over_mediapipe"]) for row in rows]))
    memory = float(np.median([row["peak_mb"]["ours"] / row["peak_mb"]["mediapipe"] for row in rows]))
    print(f"Ours over MediaPipe, median: CPU seconds {ratio:.2f}, memory {memory:.2f}")
    path = write_result(
        HERE / "results",
        "pose_vs_mediapipe",
        {
            "peer": "mediapipe 0.10.21 Tasks, full, poses only; ours: the whole analysis",
            "repeats": REPEATS,
            "median_ratio": ratio,
            "median_memory_ratio": round(memory, 3),
            "clips": rows,
        },
    )
    print(f"written {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
