"""The live pose of the app in a real Chromium beside the recorded analysis, on the same pictures of real clips.

    python -m benchmarks.accuracy.live_pose [--minutes M] [CLIP ...]

Both see the same decoded planes and run the same weights; one is TypeScript on LiteRT's WebAssembly, the other Python
on LiteRT. The distance of the 33 keypoints is given in percent of the trunk's length; both count the repetitions, and
what the app would have said aloud is held against the trainer's label. Every clip of push-ups with a label is taken, in
an order that mixes people and views; what was seen is kept below `.cache/`, so a run that ends goes on where it was.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from benchmarks.live_browser import APP, LIVE, Footage, build, call, footage_of, opened
from benchmarks.support import REPOSITORY, CachedPoses, Clip, cue_scores, read_clips, shared_data_dir, write_result
from playwright.sync_api import Page

from topform.core.arrays import frozen_floats
from topform.kinematics.form_analysis import Exercise
from topform.kinematics.pose_sequence import PoseSequence
from topform.vision.analysis import analyze_sequence
from topform.vision.form_model import FormModels

CACHE: Final = REPOSITORY / ".cache" / "live_pose"
MAX_FRAMES: Final = 300


@dataclass(frozen=True, slots=True)
class Row:
    """One clip: what both saw of it."""

    clip: Clip
    frames: int
    seen_live: int
    seen_recorded: int
    distances_pct: np.ndarray
    count_live: int
    count_recorded: int
    corrections: list[str]
    engine_ms_a_frame: float

    def as_dict(self) -> dict[str, Any]:
        """Return it as stored."""
        found = self.distances_pct
        return {
            "clip": self.clip.file,
            "frames": self.frames,
            "seen": {"live": self.seen_live, "recorded": self.seen_recorded},
            "median_pct": round(float(np.median(found)), 2) if found.size else None,
            "count_live": self.count_live,
            "count_recorded": self.count_recorded,
        }


def code_digest() -> str:
    """Return what the app's code and models look like, as far as they decide what is seen."""
    digest = hashlib.sha256(str(MAX_FRAMES).encode())
    code = [path for room in ("pose", "engine", "cues") for path in (APP / "src/live" / room).rglob("*")]
    files = [path for path in code if path.is_file() and ".test." not in path.name and "vectors" not in path.name]
    for path in (*sorted(files), *sorted(LIVE.rglob("*.tflite"))):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def live_seen(page: Page, footage: Footage, clip: Path, target: Path) -> dict[str, Any]:
    """Return what the app sees in a clip, and keep it."""
    found, _ = footage_of(clip, max_frames=MAX_FRAMES)
    for name in ("times", "pictures", "width", "height", "color_space"):
        setattr(footage, name, getattr(found, name))
    call(page, "restart")
    live = call(page, "replay", footage.described(), {"keypoints": True, "engine": True})
    kept = {
        "xy": [None if one is None else np.round(one, 2).tolist() for one in live["seen"]],
        "count": live["summary"]["count"],
        "corrections": live["corrections"],
        "engine_ms_a_frame": live["engineMs"] / live["pictures"],
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".part")
    unfinished.write_text(json.dumps(kept), encoding="utf-8")
    unfinished.replace(target)
    return kept


def first_frames(poses: PoseSequence, count: int) -> PoseSequence:
    """Return the beginning of a recording."""
    if len(poses) <= count:
        return poses
    assert poses.world_m is not None
    return PoseSequence(
        t_s=frozen_floats(poses.t_s[:count]),
        xy_px=frozen_floats(poses.xy_px[:count]),
        score=frozen_floats(poses.score[:count]),
        world_m=frozen_floats(poses.world_m[:count]),
        skeleton=poses.skeleton,
    )


def compared(clip: Clip, live: dict[str, Any], recorded: PoseSequence, models: FormModels) -> Row:
    """Hold what the app saw beside what the recorded analysis saw."""
    frames = len(live["xy"])
    poses = first_frames(recorded, frames)
    theirs = np.array(poses.xy_px)
    ours = np.stack([np.full((33, 2), np.nan) if one is None else np.reshape(one, (33, 2)) for one in live["xy"]])
    trunk = np.linalg.norm((theirs[:, [11, 12]] - theirs[:, [23, 24]]).mean(axis=1), axis=1)
    both = np.isfinite(ours[:, 0, 0]) & np.isfinite(theirs[:, 0, 0])
    apart = np.linalg.norm(ours - theirs, axis=2)[both]
    return Row(
        clip=clip,
        frames=frames,
        seen_live=int(np.isfinite(ours[:, 0, 0]).sum()),
        seen_recorded=int(np.isfinite(theirs[:, 0, 0]).sum()),
        distances_pct=apart / np.nanmedian(trunk) * 100.0 if apart.size else np.empty((0, 33)),
        count_live=live["count"],
        count_recorded=analyze_sequence(poses, exercise=Exercise.PUSH_UP, form_models=models).rep_count,
        corrections=live["corrections"],
        engine_ms_a_frame=live["engine_ms_a_frame"],
    )


def totals(rows: list[Row], *, labelled: int) -> dict[str, Any]:
    """Return the numbers over all clips."""
    together = np.concatenate([row.distances_pct for row in rows])
    apart = np.array([abs(row.count_live - row.count_recorded) for row in rows])
    return {
        "clips": len(rows),
        "of_labelled_clips": labelled,
        "frames": sum(row.frames for row in rows),
        "frames_seen": {
            "live": sum(row.seen_live for row in rows),
            "recorded": sum(row.seen_recorded for row in rows),
        },
        "median_pct": round(float(np.median(together)), 2),
        "p90_pct": round(float(np.quantile(together, 0.9)), 2),
        "same_count": int((apart == 0).sum()),
        "same_count_pct": round(100.0 * float((apart == 0).mean()), 1),
        "within_one": int((apart <= 1).sum()),
        "most_apart": int(apart.max()),
        **cue_scores([(row.clip, row.count_live, row.corrections) for row in rows]),
        "engine_ms_a_frame": round(float(np.mean([row.engine_ms_a_frame for row in rows])), 3),
    }


def mixed(clips: list[Clip]) -> list[Clip]:
    """Return the clips in an order that has nothing to do with people or views."""
    return sorted(clips, key=lambda clip: hashlib.sha256(clip.file.encode()).hexdigest())


def main() -> int:
    """Measure, print what differs, write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=240.0, help="look at no new clip after this time")
    parser.add_argument("clips", nargs="*", help="only these")
    asked = parser.parse_args()
    shared = shared_data_dir()
    if shared is None:
        print("The evaluation data is not beside this checkout (set TOPFORM_SHARED_DATA): nothing measured.")
        return 0
    build()
    ends_s, digest, poses, models = time.monotonic() + 60.0 * asked.minutes, code_digest(), CachedPoses(), FormModels()
    labelled = [clip for clip in read_clips(shared) if clip.is_push_up and clip.true_reps is not None]
    wanted = [clip for clip in mixed(labelled) if not asked.clips or clip.file in asked.clips]
    rows, left_out, footage = [], [], Footage()
    with opened(footage) as page:
        ready = call(page, "open", "ours", {})
        for clip in wanted:
            video = shared / "video" / clip.file
            target = CACHE / f"{hashlib.sha256(video.read_bytes()).hexdigest()[:24]}-{digest}.json"
            if target.is_file():
                live = json.loads(target.read_text(encoding="utf-8"))
            elif time.monotonic() > ends_s:
                break
            else:
                try:
                    live = live_seen(page, footage, video, target)
                except ValueError as error:
                    left_out.append(clip.file)
                    print(error)
                    continue
            rows.append(compared(clip, live, poses.of(video), models))
            if rows[-1].count_live != rows[-1].count_recorded:
                print(rows[-1].as_dict(), flush=True)
    total = totals(rows, labelled=len(labelled))
    print(json.dumps(total, indent=1))
    if asked.clips:
        return 0
    document = {
        "all": total,
        "processor": ready["processor"],
        "threads": ready["threads"],
        "left_out": left_out,
        "different_count": [row.as_dict() for row in rows if row.count_live != row.count_recorded],
    }
    path = write_result(Path(__file__).parent / "results", "live_pose", document)
    print(f"written {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
