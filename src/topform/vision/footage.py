"""What is wrong with the footage itself, in words that help to film it better."""

from __future__ import annotations

from typing import Final

import numpy as np

from topform.core.activity import FileWarning
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.vision.blazepose.landmarks import BodyLandmarks
from topform.vision.frames import VideoFrame

MIN_TRUNK_PX: Final = 70.0
"""Smaller bodies are often lost by the pose model; see its card."""

DARK_LUMA: Final = 45.0
"""Mean brightness, 0..255, below which the pose model loses joints; a lit room has 80 to 150."""

LOOK_EVERY_S: Final = 0.5
MIN_SHARE: Final = 0.5
STRIDE: Final = 8
_SHOULDERS = BLAZEPOSE33.indices(("left_shoulder", "right_shoulder"))
_HIPS = BLAZEPOSE33.indices(("left_hip", "right_hip"))
_ANKLES = BLAZEPOSE33.indices(("left_ankle", "right_ankle"))


class FootageNotes:
    """Looks at a frame now and then while a video is analysed."""

    def __init__(self) -> None:
        self._next_s = 0.0
        self._luma: list[float] = []
        self._trunk_px: list[float] = []
        self._feet_outside: list[bool] = []

    def look(self, frame: VideoFrame, body: BodyLandmarks | None) -> None:
        """Take a frame in, where it is time for one."""
        if frame.t_s < self._next_s:
            return
        self._next_s = frame.t_s + LOOK_EVERY_S
        self._luma.append(float(frame.luma[::STRIDE, ::STRIDE].mean()) - (0.0 if frame.full_range else 16.0))
        if body is None:
            return
        shoulders, hips = body.xy_px[_SHOULDERS].mean(axis=0), body.xy_px[_HIPS].mean(axis=0)
        self._trunk_px.append(float(np.linalg.norm(shoulders - hips)))
        ankles = body.xy_px[_ANKLES]
        self._feet_outside.append(bool(((ankles < 0.0) | (ankles > frame.size_px)).any(axis=1).all()))

    def warnings(self, *, people: int) -> tuple[FileWarning, ...]:
        """Return what to know about the footage; ``people`` is how many were seen at once."""
        found = []
        if self._luma and float(np.median(self._luma)) < DARK_LUMA:
            found.append(FileWarning("too_dark", "The picture is dark and joints get lost; film in brighter light"))
        if self._trunk_px and float(np.median(self._trunk_px)) < MIN_TRUNK_PX:
            text = "The person is small in the picture; come closer, or film at a higher resolution"
            found.append(FileWarning("person_too_small", text))
        if self._feet_outside and np.mean(self._feet_outside) > MIN_SHARE:
            text = "The feet are outside the picture, so the line of the body is not judged; film the whole body"
            found.append(FileWarning("feet_cut_off", text))
        if people > 1:
            text = "There is more than one person in the picture; the one who exercises was followed"
            found.append(FileWarning("several_people", text))
        return tuple(found)
