"""The app's engine in Node beside the package's: the same poses and the same form model for both."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from topform.kinematics import form_step
from topform.kinematics.exercises.push_up import DEFINITION
from topform.kinematics.form_analysis import PUSH_UP_FAULTS
from topform.kinematics.observation import FrameObserver
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.vision.form_model import FormModels

REPOSITORY: Final = Path(__file__).resolve().parents[2]
ESBUILD: Final = REPOSITORY / "app" / "node_modules" / ".bin" / "esbuild"
REPLAY: Final = REPOSITORY / "benchmarks" / "live_engine" / "replay.ts"
PICTURE_PX: Final = (1280.0, 720.0)


def require_node() -> None:
    """Skip with the reason where the app's engine cannot be run."""
    if shutil.which("node") is None or not ESBUILD.exists():
        pytest.skip("the app's packages are not installed (npm ci in app/)")


def package_result(poses: PoseSequence, models: FormModels, target: Path) -> dict[str, Any]:
    """Follow poses with the package's engine and write what the app's needs for the same."""
    observer, form_model = FrameObserver(BLAZEPOSE33), models.new_model()
    state = form_step.start(DEFINITION)
    has_space = poses.world_m is not None
    world_of = poses.world_m if poses.world_m is not None else np.full((len(poses), 33, 3), np.nan)
    # The app holds keypoints in single precision.
    xy_px, score, world_m = (values.astype(np.float32) for values in (poses.xy_px, poses.score, world_of))
    logits = np.full((len(poses), len(PUSH_UP_FAULTS)), np.nan, dtype=np.float32)
    for i, t_s in enumerate(poses.t_s.tolist()):
        xy, certain, world = (values[i].astype(np.float64) for values in (xy_px, score, world_m))
        learned = form_model.step(t_s=t_s, xy_px=xy, score=certain)
        if learned is not None:
            logits[i] = learned.fault_logits
        seen = observer.observe(t_s=t_s, xy_px=xy, score=certain, world_m=world if has_space else None, learned=learned)
        state, _ = form_step.step(state, seen)
    state, _ = form_step.finish(state)
    header = np.array([len(poses), len(PUSH_UP_FAULTS)], dtype=np.uint32)
    size = np.array(PICTURE_PX, dtype=np.float32)
    parts = (header, poses.t_s, xy_px, score, world_m, logits, size)
    target.write_bytes(b"".join(np.ascontiguousarray(part).tobytes() for part in parts))
    reps = sorted((*state.reps, *state.partial_reps), key=lambda rep: rep.start_s)
    return {
        "count": state.engine.count,
        "partial_count": state.engine.partial_count,
        "reps": [[rep.start_s, rep.turn_s, rep.end_s, rep.is_complete] for rep in reps],
        "faults": [[finding.decision.value for finding in rep.findings] for rep in reps],
    }


def app_results(files: list[Path], folder: Path) -> list[dict[str, Any]]:
    """Follow the written poses with the app's engine."""
    bundle = folder / "replay.cjs"
    options = ("--bundle", "--platform=node", "--format=cjs", f"--outfile={bundle}", "--log-level=error")
    subprocess.run([str(ESBUILD), str(REPLAY), *options], check=True)
    said = subprocess.run(["node", str(bundle), *map(str, files)], check=True, capture_output=True, text=True)
    return [json.loads(line) for line in said.stdout.splitlines()]
