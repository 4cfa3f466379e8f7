"""One still picture out of a video, made anew from its pixels."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2

from topform.core.errors import VideoError
from topform.vision.frames import RgbImage
from topform.vision.sandbox import open_video

MAX_SIDE_PX: Final = 960
MAX_BYTES: Final = 300_000
QUALITIES: Final = (85, 70, 50, 30)
"""Of the JPEG, the first that is small enough; the last in any case."""


def write_still(video: Path, *, at_s: float, to: Path) -> None:
    """Write the picture that a video shows at a moment as JPEG, without any metadata; decoded in the child.

    Parameters
    ----------
    video : Path
        A local file.
    at_s : float
        Since its first frame; past the end, its first frame is taken. [s]
    to : Path
        Where to write; its folder exists. The longer side has at most `MAX_SIDE_PX` pixels.

    Raises
    ------
    VideoError
        If the video cannot be read, or has no frame.
    """
    picture: RgbImage | None = None
    with open_video(video) as reader:
        for frame in reader:
            if picture is None or frame.t_s >= at_s:
                picture = frame.rgb(max_side_px=MAX_SIDE_PX)
            if frame.t_s >= at_s:
                break
    if picture is None:
        raise VideoError("The video has no picture", file=str(video))
    to.write_bytes(jpeg_of(picture))


def jpeg_of(picture: RgbImage) -> bytes:
    """Return a picture as JPEG, of at most `MAX_BYTES` where one of `QUALITIES` makes it so small."""
    encoded = b""
    for quality in QUALITIES:
        _, buffer = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), (cv2.IMWRITE_JPEG_QUALITY, quality))
        encoded = buffer.tobytes()
        if len(encoded) <= MAX_BYTES:
            break
    return encoded
