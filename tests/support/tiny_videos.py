"""Small video files built by code: any size, times, rotation, container; also the broken ones."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np


def write_video(
    path: Path,
    *,
    times_s: Sequence[float] = tuple(index / 25.0 for index in range(10)),
    size: tuple[int, int] = (64, 48),
    rotation_deg: int = 0,
    codec: str = "libx264",
    rgb: np.ndarray | None = None,
) -> Path:
    """Write a video whose frames carry exactly the given times; the picture is a bright left half by default.

    ``rgb`` is one picture for all frames, or one for each.
    """
    width, height = size
    if rgb is None:
        rgb = np.zeros((height, width, 3), dtype=np.uint8)
        rgb[:, : width // 2] = (250, 60, 20)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        if codec == "libx264":
            stream.options = {"crf": "10", "bf": "0"}
        if rotation_deg:
            stream.set_display_rotation(rotation_deg)
        for index, t_s in enumerate(times_s):
            frame = av.VideoFrame.from_ndarray(rgb if rgb.ndim == 3 else rgb[index], format="rgb24")
            frame.pts, frame.time_base = round(t_s * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def write_sound(path: Path) -> Path:
    """Write a sound file without a picture."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16_000)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), dtype=np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 16_000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
