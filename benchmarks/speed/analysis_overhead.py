"""What a whole analysis costs above the pose step alone, in CPU seconds on one thread.

    python benchmarks/speed/analysis_overhead.py [CLIP ...]

Every measurement is a process of its own. ``total`` is everything `topform analyze` does after the program has
started: opening, decoding, pose, counting, judging, words. ``pose`` is the pose step in it: crop, inference, landmark
decoding. The promise is total <= 1.15 x pose. ``process`` also counts starting Python and loading the libraries.
Beside that: one step of the form model, its mirror image included, and how many times faster than 30 frames a second
the slowest of the clips is analysed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

RESULTS = Path(__file__).parent / "results"
PROMISE = 1.15
REPEATS = 3
CLIPS = (
    "push_up/st_grey_tee_studio_man__01.mp4",
    "push_up/st_blue_shorts_gym_man__01.mp4",
    "push_up/kg_glasses_man__01.mp4",
    "push_up/kg_blue_room_man__01.mp4",
    "push_up/kg_teal_woman__05.mp4",
    "push_up/yt_60s_counter_man__01.mp4",
)


def measure(clip: Path) -> dict[str, float]:
    """Analyse one clip in this process and return CPU seconds."""
    from benchmarks.support import cpu_s

    from topform.vision import analysis
    from topform.vision.blazepose.tracker import PoseTracker
    from topform.vision.sandbox import SandboxedReader

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    pose_s = 0.0
    track = PoseTracker.track

    def timed(self: PoseTracker, frame: object) -> object:
        nonlocal pose_s
        started = cpu_s()
        body = track(self, frame)  # type: ignore[arg-type]
        pose_s += cpu_s() - started
        return body

    PoseTracker.track = timed  # type: ignore[method-assign,assignment]
    decoder_s = 0.0
    close = SandboxedReader.close

    def closed(self: SandboxedReader) -> None:
        nonlocal decoder_s
        decoder_s += self.cpu_s or 0.0
        close(self)

    SandboxedReader.close = closed  # type: ignore[method-assign]
    started = cpu_s()
    result = analysis.analyze_video(clip, threads=1)
    # The decoder runs in a child, whose time belongs to the analysis.
    total_s = cpu_s() - started + decoder_s
    return {
        "total_s": total_s,
        "pose_s": pose_s,
        "decoder_s": decoder_s,
        "process_s": cpu_s() + decoder_s,
        "frames": float(result.frames),
    }


def bare_decoding(clip: Path) -> dict[str, float]:
    """Decode one clip in this process, look at nothing, and return CPU seconds."""
    import av
    from benchmarks.support import cpu_s

    from topform.vision.decode import CODEC_OPTIONS

    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        stream.codec_context.thread_type = "SLICE"
        stream.codec_context.options = dict(CODEC_OPTIONS)
        started = cpu_s()
        for _ in container.decode(stream):
            pass
        return {"decoding_s": cpu_s() - started}


def run(kind: str, clip: Path) -> dict[str, float]:
    """Return what one measurement in a process of its own says."""
    child = subprocess.run([sys.executable, __file__, kind, str(clip)], capture_output=True, text=True, check=True)
    document: dict[str, float] = json.loads(child.stdout.splitlines()[-1])
    return document


def form_step_ms(*, steps: int = 2000) -> float:
    """Return the CPU time of one step of the form model, mirror image and conversions included. [ms]"""
    import numpy as np
    from benchmarks.support import cpu_s

    from topform.vision.form_model import FormModels

    model, rng = FormModels().new_model(), np.random.default_rng(0)
    xy_px, score = rng.uniform(0.0, 700.0, (33, 2)), rng.random(33)
    model.step(t_s=0.0, xy_px=xy_px, score=score)
    started = cpu_s()
    for index in range(1, steps + 1):
        model.step(t_s=0.08 * index, xy_px=xy_px, score=score)
    return 1e3 * (cpu_s() - started) / steps


def main() -> int:
    """Measure all clips, print the table, write the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", nargs="*", type=Path)
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None or options.bare is not None:
        print(json.dumps(bare_decoding(options.bare) if options.one is None else measure(options.one)))
        return 0
    from benchmarks.support import shared_data_dir, write_result

    shared = shared_data_dir()
    clips = options.clips or ([] if shared is None else [shared / "video" / name for name in CLIPS])
    if not clips:
        print("No clip given and the evaluation data is not beside this checkout; nothing was measured.")
        return 0
    rows = []
    print(
        f"{'clip':32}{'frames':>7}{'pose ms':>9}{'total ms':>10}{'decoding ms':>13}{'total/pose':>12}"
        f"{'without decoding':>18}{'process/pose':>14}"
    )
    for clip in clips:
        runs = [{**run("--bare", clip), **run("--one", clip)} for _ in range(REPEATS)]
        ratios = [one["total_s"] / one["pose_s"] for one in runs]
        frames = runs[0]["frames"]
        row = {
            "clip": clip.name,
            "frames": int(frames),
            "pose_ms": round(1e3 * statistics.median(one["pose_s"] for one in runs) / frames, 2),
            "total_ms": round(1e3 * statistics.median(one["total_s"] for one in runs) / frames, 2),
            "decoder_ms": round(1e3 * statistics.median(one["decoder_s"] for one in runs) / frames, 2),
            "bare_decoding_ms": round(1e3 * statistics.median(one["decoding_s"] for one in runs) / frames, 2),
            "total_over_pose": round(statistics.median(ratios), 3),
            "without_decoding_over_pose": round(
                statistics.median((one["total_s"] - one["decoding_s"]) / one["pose_s"] for one in runs), 3
            ),
            "total_over_pose_runs": [round(ratio, 3) for ratio in ratios],
            "process_over_pose": round(statistics.median(one["process_s"] / one["pose_s"] for one in runs), 3),
        }
        rows.append(row)
        print(
            f"{row['clip']:32}{row['frames']:>7}{row['pose_ms']:>9.2f}{row['total_ms']:>10.2f}"
            f"{row['bare_decoding_ms']:>13.2f}{row['total_over_pose']:>12.3f}"
            f"{row['without_decoding_over_pose']:>18.3f}{row['process_over_pose']:>14.3f}"
        )
    ratios = sorted(float(row["total_over_pose"]) for row in rows)
    middle, worst = statistics.median(ratios), ratios[-1]
    kept = sum(ratio <= PROMISE for ratio in ratios)
    without = sorted(float(row["without_decoding_over_pose"]) for row in rows)
    print(f"without decoding: median {statistics.median(without):.3f}, worst {without[-1]:.3f}")
    print(f"promise {PROMISE}: kept on {kept} of {len(rows)} clips, median {middle:.3f}, worst {worst:.3f}")
    step_ms = form_step_ms()
    print(f"form model: {step_ms:.3f} ms a step")
    realtime = 1e3 / 30.0 / max(float(row["total_ms"]) for row in rows)
    print(f"the slowest clip: {realtime:.2f} times faster than 30 frames a second, one core")
    path = write_result(
        RESULTS,
        "analysis_overhead",
        {
            "promise": PROMISE,
            "repeats": REPEATS,
            "median_total_over_pose": round(middle, 3),
            "worst_total_over_pose": round(worst, 3),
            "median_without_decoding_over_pose": round(statistics.median(without), 3),
            "worst_without_decoding_over_pose": round(without[-1], 3),
            "times_realtime_30_slowest": round(realtime, 2),
            "form_step_ms": round(step_ms, 4),
            "clips": rows,
        },
    )
    print(f"written {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
