"""Speed of the app's live pose in headless Chromium beside MediaPipe's tasks-vision, on one real clip in one run.

    python -m benchmarks.speed.live_pose [--clip CLIP] [--peer-dir DIR --peer-python PATH]

Ours: camera picture to keypoints, form model and engine. The peer's ends with the keypoints. Both run the `full` model
on the processor, in a worker, two ways: picture after picture as fast as they can, and behind a camera of 30 frames/s.
The peer is no dependency of TopForm: DIR is where `npm install @mediapipe/tasks-vision@0.10.35` was run, PATH the
Python of an environment with mediapipe 0.10.21, whose writer makes the bundle. Without them ours is measured alone.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.live_browser import (
    Footage,
    browser_cpu_s,
    build,
    call,
    footage_of,
    installed_peer,
    opened,
    write_camera,
)
from benchmarks.support import shared_data_dir, write_result

CLIP = "push_up/kg_glasses_man__01.mp4"
FRAMES = 50
WARM_UP = 10
ROUNDS = 3
CAMERA_S = 10.0
CAMERA_RATE = 30


def task_bundle(python: Path, folder: Path) -> Path:
    """Make the peer's model bundle with its own writer."""
    code = "import sys; from pathlib import Path; from mediapipe_tasks import bundle; bundle(Path(sys.argv[1]))"
    peers = str(Path(__file__).parent / "peers")
    subprocess.run(
        [str(python), "-c", code, str(folder)], check=True, cwd=peers, env={**os.environ, "PYTHONPATH": peers}
    )
    return folder / "pose.task"


def one_by_one(footage: Footage, kind: str, **options: Any) -> dict[str, float]:
    """Look at the pictures as fast as possible."""
    with opened(footage, **options) as page:
        call(page, "open", kind, {})
        wants = {"keypoints": False, "engine": kind == "ours"}
        warm = {**footage.described(), "times": footage.times[:WARM_UP]}
        call(page, "replay", warm, wants)
        before = browser_cpu_s()
        found = call(page, "replay", {**footage.described(), "tStart": 100.0}, wants)
        used = browser_cpu_s() - before
    pictures = found["pictures"]
    return {
        "ms_a_frame": found["lookMs"] / pictures,
        "cpu_ms_a_frame": used / pictures * 1000.0,
        "engine_ms_a_frame": found["engineMs"] / pictures,
    }


def behind_camera(footage: Footage, kind: str, camera: Path, **options: Any) -> dict[str, Any]:
    """Follow the camera."""
    with opened(footage, camera=camera, **options) as page:
        call(page, "open", kind, {})
        before = browser_cpu_s()
        found = call(page, "follow", CAMERA_S)
        used = browser_cpu_s() - before
    if found["error"] is not None:
        raise SystemExit(f"{kind}: {found['error']}")
    lags = np.array(found["lagsMs"])
    result = {
        "frames_per_s": found["looked"] / CAMERA_S,
        "passed_over": found["passedOver"],
        "cpu_cores": used / CAMERA_S,
        "lag_median_ms": float(np.median(lags)),
        "lag_p95_ms": float(np.quantile(lags, 0.95)),
        "long_tasks": len(found["longTasksMs"]),
        "longest_task_ms": max(found["longTasksMs"], default=0.0),
    }
    if found["cueLagsMs"]:
        result["cues"] = len(found["cueLagsMs"])
        result["cue_lag_p95_ms"] = float(np.quantile(found["cueLagsMs"], 0.95))
    return result


def middle(rows: list[dict[str, float]]) -> dict[str, float]:
    """Return the median of each number."""
    return {name: round(float(np.median([row[name] for row in rows])), 2) for name in rows[0]}


def rounded(row: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers to two places."""
    return {name: round(value, 2) if isinstance(value, float) else value for name, value in row.items()}


def main() -> int:
    """Measure, print the table, write the result."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clip", default=CLIP)
    parser.add_argument("--peer-dir", type=Path, default=os.environ.get("TOPFORM_TASKS_VISION"))
    parser.add_argument("--peer-python", type=Path, default=os.environ.get("TOPFORM_MEDIAPIPE_PYTHON"))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args()
    shared = shared_data_dir()
    if shared is None:
        print("The evaluation data is not beside this checkout (set TOPFORM_SHARED_DATA): nothing measured.")
        return 0
    build()
    footage, _ = footage_of(shared / "video" / chosen.clip, max_frames=FRAMES)
    long_footage, _ = footage_of(shared / "video" / chosen.clip, max_frames=int(CAMERA_S * CAMERA_RATE))
    peer = installed_peer(None if chosen.peer_dir is None else Path(chosen.peer_dir))
    with tempfile.TemporaryDirectory() as folder:
        camera = Path(folder) / "camera.y4m"
        write_camera(long_footage, camera, frames_per_s=CAMERA_RATE)
        kinds: dict[str, dict[str, Any]] = {"ours": {}}
        if peer is not None and chosen.peer_python is not None:
            kinds["tasks_vision"] = {"peer": peer, "task": task_bundle(Path(chosen.peer_python), Path(folder))}
        rounds: dict[str, list[dict[str, float]]] = {kind: [] for kind in kinds}
        # By turns, so that whatever else the machine does meets both.
        for _ in range(chosen.rounds):
            for kind, options in kinds.items():
                rounds[kind].append(one_by_one(footage, kind, **options))
        result: dict[str, Any] = {
            kind: {
                "one_by_one": middle(rounds[kind]),
                "camera": rounded(behind_camera(long_footage, kind, camera, **options)),
            }
            for kind, options in kinds.items()
        }
    if "tasks_vision" in result:
        ours, theirs = result["ours"], result["tasks_vision"]
        result["ratio"] = {
            "speed_one_by_one": round(theirs["one_by_one"]["ms_a_frame"] / ours["one_by_one"]["ms_a_frame"], 2),
            "cpu": round(theirs["one_by_one"]["cpu_ms_a_frame"] / ours["one_by_one"]["cpu_ms_a_frame"], 2),
            "camera_frames_per_s": round(frame_rates(ours, theirs), 2),
        }
    load = os.getloadavg()[0]
    result |= {
        "clip": Path(chosen.clip).name,
        "size_px": [footage.width, footage.height],
        "load_average": round(load, 1),
    }
    for name, value in result.items():
        print(name, value)
    write_result(Path(__file__).parent / "results", "live_pose", result)
    return 0


def frame_rates(ours: dict[str, Any], theirs: dict[str, Any]) -> float:
    """Return how many times the peer's frame rate behind the camera is reached."""
    return float(ours["camera"]["frames_per_s"] / theirs["camera"]["frames_per_s"])


if __name__ == "__main__":
    raise SystemExit(main())
