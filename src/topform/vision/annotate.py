"""Writes the annotated video: skeleton, counter and the one cue of the moment, legible on a phone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from topform.core.arrays import FloatArray
from topform.kinematics.engine import Phase
from topform.kinematics.skeleton import BLAZEPOSE33, Side
from topform.vision.frames import RgbImage, VideoFrame

MAX_SIDE_PX: Final = 1280
MIN_SIDE_PX: Final = 640
TICKS_PER_S: Final = 90_000
MIN_SCORE_TO_DRAW: Final = 0.1

_WHITE: Final = (255, 255, 255)
_INK: Final = (16, 20, 28)
_ACCENT: Final = (255, 176, 32)
_LIMBS: Final = {Side.LEFT: (64, 220, 160), Side.RIGHT: (84, 170, 255)}
_CENTER: Final = (235, 235, 235)
_PHASES: Final = {Phase.AWAY: "ready?", Phase.TOP: "top", Phase.ECCENTRIC: "down", Phase.CONCENTRIC: "up"}
_PHASES_RISING: Final = {Phase.AWAY: "ready?", Phase.TOP: "start", Phase.ECCENTRIC: "up", Phase.CONCENTRIC: "down"}
"""The engine's phases are named after a push-up; a pull-up begins at the bottom."""

Color = tuple[int, int, int]
Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """What to draw on a frame."""

    xy_px: FloatArray | None
    score: FloatArray
    count: int | None
    """None where nothing is counted, as in running."""
    phase: Phase
    cue: str | None
    rises_first: bool = False


class Annotator:
    """Draws and encodes frame by frame; the file appears only when all of it is written.

    Parameters
    ----------
    path : Path
        The MP4 to write (H.264, playable while it loads).
    frames_per_s : float or None
        Nominal rate for the encoder; frames keep their own times.
    """

    def __init__(self, path: Path, *, frames_per_s: float | None) -> None:
        self._path = path
        self._unfinished = path.with_name(f".{path.name}.part")
        self._rate = Fraction(frames_per_s or 30.0).limit_denominator(1001)
        self._container: Any = None
        self._stream: Any = None
        self._last: tuple[float, _Upright] | None = None

    def __enter__(self) -> Annotator:
        return self

    def __exit__(self, kind: type[BaseException] | None, *exc: object) -> None:
        if self._container is None:
            return
        if kind is None:
            for packet in self._stream.encode():
                self._container.mux(packet)
        self._container.close()
        if kind is None:
            self._unfinished.replace(self._path)
        else:
            self._unfinished.unlink(missing_ok=True)

    def add(self, frame: VideoFrame, overlay: Overlay) -> None:
        """Draw one frame and encode it."""
        upright = _upright(frame)
        self._encode(frame.t_s, upright.with_overlay(overlay))
        self._last = frame.t_s, upright

    def hold(self, overlay: Overlay, *, seconds: float) -> None:
        """Show the last picture for longer, with something else drawn on it; nothing where there was none."""
        if self._last is None:
            return
        ended_s, upright = self._last
        picture = upright.with_overlay(overlay)
        next_s = ended_s + float(1 / self._rate)
        self._encode(next_s, picture)
        self._encode(next_s + seconds, picture)

    def _encode(self, t_s: float, picture: RgbImage) -> None:
        import av

        if self._container is None:
            self._open(picture.shape[1], picture.shape[0])
        encoded = av.VideoFrame.from_ndarray(picture, format="rgb24")
        encoded.pts = round(t_s * TICKS_PER_S)
        encoded.time_base = Fraction(1, TICKS_PER_S)
        for packet in self._stream.encode(encoded):
            self._container.mux(packet)

    def _open(self, width: int, height: int) -> None:
        import av

        self._container = av.open(str(self._unfinished), "w", format="mp4", options={"movflags": "+faststart"})
        self._stream = self._container.add_stream("libx264", rate=self._rate)
        self._stream.width, self._stream.height = width, height
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = Fraction(1, TICKS_PER_S)
        self._stream.codec_context.options = {"preset": "veryfast", "crf": "23", "profile": "high"}


@dataclass(frozen=True, slots=True, eq=False)
class _Upright:
    """The picture as it is shown, and how many of its pixels one of the frame became across and down."""

    picture: RgbImage
    scale: FloatArray

    def with_overlay(self, overlay: Overlay) -> RgbImage:
        picture = self.picture.copy()
        if overlay.xy_px is not None:
            _draw_skeleton(picture, overlay.xy_px * self.scale, overlay.score)
        if overlay.count is not None:
            _draw_counter(picture, overlay, overlay.count)
        if overlay.cue is not None:
            _draw_cue(picture, overlay.cue)
        return picture


def annotated(frame: VideoFrame, overlay: Overlay) -> RgbImage:
    """Return the upright picture with the overlay drawn on it."""
    return _upright(frame).with_overlay(overlay)


def _upright(frame: VideoFrame) -> _Upright:
    width, height = frame.size_px
    longest = max(width, height)
    scale = min(1.0, MAX_SIDE_PX / longest) if longest >= MIN_SIDE_PX else MIN_SIDE_PX / longest
    size = (max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2))
    picture = np.ascontiguousarray(frame.warp(np.diag([width / size[0], height / size[1], 1.0]), size))
    return _Upright(picture, np.array([size[0] / width, size[1] / height]))


def _unit(picture: Image) -> float:
    """Return the length that text and lines are measured in: a hundredth of the picture. [px]"""
    return math.sqrt(picture.shape[0] * picture.shape[1]) / 100.0


def _draw_skeleton(picture: Image, xy: FloatArray, score: FloatArray) -> None:
    thickness = max(2, round(0.45 * _unit(picture)))
    limit = 4 * max(picture.shape[:2])
    for start, end in BLAZEPOSE33.bones:
        first, last = BLAZEPOSE33.index(start), BLAZEPOSE33.index(end)
        if min(score[first], score[last]) < MIN_SCORE_TO_DRAW or np.abs(xy[[first, last]]).max() > limit:
            continue
        color = _bone_color(start, end)
        a, b = (tuple(round(value) for value in xy[i]) for i in (first, last))
        cv2.line(picture, a, b, _INK, thickness + 2, cv2.LINE_AA)
        cv2.line(picture, a, b, color, thickness, cv2.LINE_AA)
        for point in (a, b):
            cv2.circle(picture, point, thickness + 1, _INK, -1, cv2.LINE_AA)
            cv2.circle(picture, point, thickness, _WHITE, -1, cv2.LINE_AA)


def _bone_color(start: str, end: str) -> Color:
    for side, color in _LIMBS.items():
        if start.startswith(side) and end.startswith(side):
            return color
    return _CENTER


def _draw_counter(picture: Image, overlay: Overlay, count: int) -> None:
    unit = _unit(picture)
    pad, number_px, label_px = 1.6 * unit, round(9 * unit), max(12, round(3.2 * unit))
    number, label = str(count), (_PHASES_RISING if overlay.rises_first else _PHASES)[overlay.phase]
    number_w, label_w = _text_width(number, number_px), _text_width("ready?", label_px)
    width = 2 * pad + max(number_w, label_w)
    height = 2.4 * pad + number_px + label_px
    left, top = pad, pad
    _panel(picture, left, top, width, height)
    _text(picture, number, left + (width - number_w) / 2, top + pad * 0.8 + number_px * 0.9, number_px, _WHITE)
    label_w = _text_width(label, label_px)
    _text(picture, label, left + (width - label_w) / 2, top + height - pad * 0.8, label_px, _ACCENT)


def _draw_cue(picture: Image, cue: str) -> None:
    unit = _unit(picture)
    height_px, pad = max(14, round(4.6 * unit)), 1.6 * unit
    width = _text_width(cue, height_px)
    room = picture.shape[1] - 4 * pad
    if width > room:
        height_px = max(12, int(height_px * room / width))
        width = _text_width(cue, height_px)
    left = (picture.shape[1] - width) / 2 - pad
    top = picture.shape[0] - height_px - 4 * pad
    _panel(picture, left, top, width + 2 * pad, height_px + 2 * pad)
    _text(picture, cue, left + pad, top + pad + height_px * 0.85, height_px, _ACCENT)


def _panel(picture: Image, left: float, top: float, width: float, height: float) -> None:
    x0, y0 = max(0, round(left)), max(0, round(top))
    x1, y1 = min(picture.shape[1], round(left + width)), min(picture.shape[0], round(top + height))
    part = picture[y0:y1, x0:x1]
    picture[y0:y1, x0:x1] = (0.3 * part + 0.7 * np.array(_INK)).astype(np.uint8)


def _text_width(text: str, height_px: int) -> float:
    size, _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, _font_scale(height_px), _weight(height_px))
    return float(size[0])


def _text(picture: Image, text: str, left: float, baseline: float, height_px: int, color: Color) -> None:
    cv2.putText(
        picture,
        text,
        (round(left), round(baseline)),
        cv2.FONT_HERSHEY_DUPLEX,
        _font_scale(height_px),
        color,
        _weight(height_px),
        cv2.LINE_AA,
    )


def _font_scale(height_px: int) -> float:
    return float(cv2.getFontScaleFromHeight(cv2.FONT_HERSHEY_DUPLEX, height_px, _weight(height_px)))


def _weight(height_px: int) -> int:
    return max(1, round(height_px / 16))
