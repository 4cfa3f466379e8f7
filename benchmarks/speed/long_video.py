"""How much memory the analysis of a long video needs, beside that of the short one it is made of.

    python -m benchmarks.speed.long_video [CLIP] [--minutes 10]

The packets of a clip are strung together, not encoded again, until it lasts that long; `topform analyze` looks
at the clip and at the long video. Memory is the proportional set size of the program and of the process that decodes,
ten times a second. Wanted: memory that does not follow the length, but for the poses, which are kept.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import av
from benchmarks.speed.bulk_import import descendants, proportional_mb
from benchmarks.support import shared_data_dir, write_result

RESULTS = Path(__file__).resolve().parent / "results"
CLIP = "push_up/st_grey_tee_studio_man__01.mp4"
EVERY_S = 0.1


def strung_together(clip: Path, target: Path, *, minutes: float) -> float:
    """Write a video that shows a clip again and again; return how long it is. [min]"""
    with av.open(str(clip)) as source, av.open(str(target), "w") as made:
        stream = source.streams.video[0]
        out = made.add_stream_from_template(stream)
        packets = [packet for packet in source.demux(stream) if packet.dts is not None]
        first, last = packets[0].dts, packets[-1]
        assert stream.time_base is not None and first is not None and last.dts is not None
        length = last.dts + (last.duration or (packets[1].dts or 0) - first) - first
        times = max(1, round(minutes * 60.0 / float(length * stream.time_base)))
        shifts = [(packet.pts, packet.dts) for packet in packets if packet.pts is not None and packet.dts is not None]
        for turn in range(times):
            for packet, (pts, dts) in zip(packets, shifts, strict=True):
                packet.pts, packet.dts = pts + turn * length, dts + turn * length
                packet.time_base = stream.time_base
                packet.stream = out
                made.mux(packet)
    return times * float(length * stream.time_base) / 60.0


def analysed(video: Path) -> dict[str, Any]:
    """Analyse a video as a user does; return its largest memory and how long it took."""
    command = [sys.executable, "-m", "topform", "analyze", str(video), "--json"]
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most, middle = 0.0, []
    while process.poll() is None:
        now = sum(proportional_mb(pid) for pid, _ in descendants(process.pid))
        most = max(most, now)
        middle.append(now)
        time.sleep(EVERY_S)
    assert process.returncode == 0, process.returncode
    return {
        "largest_mb": round(most, 1),
        "halfway_mb": round(middle[len(middle) // 2], 1),
        "wall_s": round(time.monotonic() - began, 1),
    }


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", type=Path, nargs="?")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args()
    shared = shared_data_dir()
    clip = options.clip or (None if shared is None else shared / "video" / CLIP)
    if clip is None:
        print("No clip given and the evaluation data is not beside this checkout; nothing was measured.")
        return 0
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        long = Path(folder) / "long.mp4"
        minutes = strung_together(clip, long, minutes=options.minutes)
        short_run, long_run = analysed(clip), analysed(long)
    growth = long_run["largest_mb"] - short_run["largest_mb"]
    print(f"{clip.name}: {short_run['largest_mb']} MB; {minutes:.1f} minutes of it: {long_run['largest_mb']} MB")
    document = {
        "clip": clip.name,
        "minutes": round(minutes, 2),
        "short": short_run,
        "long": long_run,
        "growth_mb": round(growth, 1),
    }
    print(write_result(options.results, "long_video", document))
    return 0


if __name__ == "__main__":
    sys.exit(main())
