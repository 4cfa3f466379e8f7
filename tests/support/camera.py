"""A clip as the camera of a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from topform.vision.decode import VideoReader

FLAGS: Final = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
"""Chromium shows a test pattern and asks nobody."""


def write_clip(clip: Path, target: Path, *, frames_per_s: int = 30, max_s: float = 15.0) -> str:
    """Write a clip as Chromium takes it for a camera, in a loop; return the flag that says so."""
    with VideoReader(clip) as reader, target.open("wb") as file:
        for index, frame in enumerate(reader):
            height, width = frame.luma.shape
            if index == 0:
                file.write(f"YUV4MPEG2 W{width} H{height} F{frames_per_s}:1 Ip A1:1 C420jpeg\n".encode())
            if frame.t_s > max_s:
                break
            file.write(b"FRAME\n" + b"".join(plane.tobytes() for plane in (frame.luma, frame.blue, frame.red)))
    return f"--use-file-for-fake-video-capture={target}"
