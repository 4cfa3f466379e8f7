"""Whether the app's engine says of real sets what the package's says, and how long a frame takes it.

    python benchmarks/accuracy/live_engine.py

Every labelled clip of push-ups goes through both causal engines with the same poses and the same form model, the app's
in Node. What the pose model costs is not in these times.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.support import CachedPoses, cue_scores, read_clips, shared_data_dir, write_result
from tests.support.live_replay import app_results, package_result

from topform.kinematics.form_analysis import Exercise
from topform.vision.analysis import analyze_sequence
from topform.vision.form_model import FormModels

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Print and store the agreement."""
    shared = shared_data_dir()
    if shared is None:
        sys.exit("evaluation data is not beside this checkout (set TOPFORM_SHARED_DATA)")
    cache, models = CachedPoses(), FormModels()
    clips = [clip for clip in read_clips(shared) if clip.is_push_up and clip.true_reps is not None]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        expected, recorded, files = [], [], []
        for place, clip in enumerate(clips):
            poses = cache.of(shared / "video" / clip.file)
            files.append(folder / f"{place:03d}.bin")
            expected.append(package_result(poses, models, files[-1]))
            recorded.append(analyze_sequence(poses, exercise=Exercise.PUSH_UP, form_models=models).rep_count)
        found = app_results(files, folder)
    same = sum(one["count"] == other["count"] for one, other in zip(found, expected, strict=True))
    faults = sum(one["faults"] == other["faults"] for one, other in zip(found, expected, strict=True))
    apart = [abs(one["count"] - count) for one, count in zip(found, recorded, strict=True)]
    session = sum(one["session_count"] == one["count"] for one in found)
    truth = [abs(one["count"] - (clip.true_reps or 0)) for one, clip in zip(found, clips, strict=True)]
    took = np.concatenate([one["ms"] for one in found])
    result = {
        "clips": len(clips),
        "same_count_as_causal_step": same,
        "same_decisions_on_every_fault": faults,
        "same_count_as_recorded_analysis": sum(value == 0 for value in apart),
        "within_one_of_recorded_analysis": sum(value <= 1 for value in apart),
        "most_apart": max(apart),
        "session_counts_the_same": session,
        "exact_to_label": sum(value == 0 for value in truth),
        "within_one_of_label": sum(value <= 1 for value in truth),
        "spoken_corrections": dict(Counter(code for one in found for code in one["corrections"])),
        **cue_scores([(clip, one["count"], one["corrections"]) for clip, one in zip(clips, found, strict=True)]),
        "ms_per_frame": {
            "median": round(float(np.median(took)), 3),
            "mean": round(float(took.mean()), 3),
            "p95": round(float(np.quantile(took, 0.95)), 3),
            "p99": round(float(np.quantile(took, 0.99)), 3),
            "frames": int(took.size),
        },
    }
    print(json.dumps(result, indent=2))
    write_result(RESULTS, "live_engine", result)


if __name__ == "__main__":
    main()
