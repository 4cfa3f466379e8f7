"""Streaming decoding of one video file with its real timestamps and rotation.

Uploads are untrusted. Only local files of known containers are opened, the frame size is checked before anything
is decoded and again by the codec itself, and never more than a few frames are held.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from topform.vision.errors import (
    DamagedVideoError,
    EmptyVideoError,
    FrameTooLargeError,
    NoPictureError,
    NotAVideoError,
    UnsupportedVideoError,
    VideoTooLongError,
)

if TYPE_CHECKING:  # the child does without NumPy and OpenCV, the other process without the decoder
    import av
    from av.container import InputContainer
    from av.video.stream import VideoStream

    from topform.core.activity import FileWarning
    from topform.vision.frames import VideoFrame

MAX_FRAME_PIXELS = 8192 * 4320
"""8K; beyond it lies no camera but only files made to exhaust memory."""

MAX_DURATION_S = 20 * 60.0
MAX_DAMAGED_PACKETS = 1000
CUT_OFF_SHARE = 0.95
LONGEST_GAP_S = 60.0
"""No camera rests longer between two pictures; a time beyond it is damaged."""

TIMED_BY_PACKETS = frozenset({"mpegts", "mpeg"})
LEAST_BYTES_PER_S = 500.0
"""These containers state no length; it is guessed from the times of the last packets, and one damaged time makes hours
of seconds. Moving pictures need ten times as many bytes."""

FRAMES_AHEAD = 3
BEGIN_BYTES = 4096

CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,gif,flv,asf,ogg,m4v,h264,hevc,apng,mjpeg,ivf"
)
CODEC_OPTIONS = {"skip_loop_filter": "noref"}
"""Deblocking of frames nothing refers to changes no later frame and no keypoint; it costs a quarter."""

_PLANAR_8_BIT = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p"})
_BT709, _BT2020 = 1, (9, 10)
_HD_HEIGHT = 720
_FULL_RANGE = 2


@dataclass(frozen=True, slots=True)
class VideoProperties:
    """What the container says before anything is decoded."""

    width_px: int
    height_px: int
    codec: str
    frames_per_s: float | None
    duration_s: float | None


class RawPlane(NamedTuple):
    """Rows of bytes as the decoder left them, each a little longer than the picture is wide."""

    pixels: memoryview
    row_bytes: int
    height: int
    width: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded frame: its planes as the decoder left them, and the other fields of a `VideoFrame`."""

    t_s: float
    planes: tuple[RawPlane, RawPlane, RawPlane]
    rotation_deg: int
    pixel_aspect: float
    luma_weights: str
    full_range: bool

    def as_frame(self) -> VideoFrame:
        """Return it as the rest of the program sees it."""
        import numpy as np

        from topform.vision.frames import VideoFrame

        luma, blue, red = (
            np.frombuffer(plane.pixels, dtype=np.uint8).reshape(-1, plane.row_bytes)[: plane.height, : plane.width]
            for plane in self.planes
        )
        return VideoFrame(
            t_s=self.t_s,
            luma=luma,
            blue=blue,
            red=red,
            rotation_deg=self.rotation_deg,
            pixel_aspect=self.pixel_aspect,
            luma_weights=self.luma_weights,
            full_range=self.full_range,
        )


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """How much one file may ask for."""

    max_frame_pixels: int = MAX_FRAME_PIXELS
    max_duration_s: float = MAX_DURATION_S
    max_frames_per_s: float = 60.0


@dataclass(slots=True)
class _Timestamps:
    """Turns presentation times into strictly increasing seconds since the first frame."""

    nominal_s: float
    warnings: dict[str, int] = field(default_factory=dict)
    _shift_s: float | None = None
    _last_s: float = -1.0

    def next(self, raw_s: float | None) -> float:
        if self._shift_s is None:
            self._shift_s = -raw_s if raw_s is not None else 0.0
            self._last_s = 0.0
            if raw_s is None:
                self._note("timestamp_missing")
            return 0.0
        if raw_s is None:
            self._note("timestamp_missing")
            t_s = self._last_s + self.nominal_s
        else:
            t_s = raw_s + self._shift_s
            if not self._last_s < t_s <= self._last_s + LONGEST_GAP_S:
                self._note("timestamp_not_increasing" if t_s <= self._last_s else "timestamp_jumps")
                t_s = self._last_s + self.nominal_s
                self._shift_s = t_s - raw_s
        self._last_s = t_s
        return t_s

    def _note(self, code: str) -> None:
        self.warnings[code] = self.warnings.get(code, 0) + 1


class VideoReader:
    """Reads one video file front to back.

    Parameters
    ----------
    path : Path
        A local file.
    limits : DecodeLimits
        What is refused.
    threads : int
        Decoder threads; above 1 the frames are also decoded ahead while the caller works.

    Raises
    ------
    VideoError
        On opening or while iterating; the subclass and its ``code`` say which.
    """

    def __init__(self, path: Path, *, limits: DecodeLimits | None = None, threads: int = 1) -> None:
        self.path = path
        self.limits = limits if limits is not None else DecodeLimits()
        self.threads = threads
        self.damaged_packets = 0
        self.frames_skipped = 0
        self._ended_s: float | None = None
        self._container = _open(path, self.limits)
        self._stream = self._container.streams.video[0]
        self.properties = _checked_properties(path, self._container, self._stream, self.limits)
        rate = self.properties.frames_per_s
        self._timestamps = _Timestamps(nominal_s=1.0 / rate if rate else 1.0 / 25.0)

    def __enter__(self) -> VideoReader:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    @property
    def warnings(self) -> tuple[FileWarning, ...]:
        """What was odd about the file, known after the last frame."""
        from topform.core.activity import FileWarning

        return tuple(FileWarning(code=code, message=message) for code, message in self.oddities())

    def oddities(self) -> list[tuple[str, str]]:
        """Return codes and sentences of the warnings."""
        found = []
        texts = {
            "timestamp_missing": "Frames without a time: {n}; the container's frame rate stands in for it",
            "timestamp_not_increasing": "Frames timed before their predecessor, and moved behind it: {n}",
            "timestamp_jumps": "Frames timed over a minute after their predecessor, and moved up to it: {n}",
        }
        for code, count in self._timestamps.warnings.items():
            found.append((code, texts[code].format(n=count)))
        if self.damaged_packets:
            message = f"Damaged parts of the video that were skipped: {self.damaged_packets}"
            found.append(("video_partly_damaged", message))
        if self._is_cut_off():
            message = (
                f"The video ends after {self._ended_s:.1f} s of {self.properties.duration_s:.1f}; the rest is missing"
            )
            found.append(("video_cut_off", message))
        if self.frames_skipped:
            message = (
                f"{self.frames_skipped} frames above {self.limits.max_frames_per_s:g} frames/s were left out; "
                "times are the video's own"
            )
            found.append(("frame_rate_reduced", message))
        return found

    def _is_cut_off(self) -> bool:
        """Tell whether the pictures end well before the container says they do."""
        said_s = self.properties.duration_s
        return said_s is not None and self._ended_s is not None and self._ended_s < CUT_OFF_SHARE * said_s - 1.0

    def __iter__(self) -> Iterator[VideoFrame]:
        frames = (picture.as_frame() for picture in self.pictures())
        return frames if self.threads == 1 else _decoded_ahead(frames)

    def pictures(self) -> Iterator[Picture]:
        """Yield every picture that is kept."""
        context = self._stream.codec_context
        context.thread_count = self.threads
        context.thread_type = "AUTO" if self.threads > 1 else "SLICE"
        context.options = {"max_pixels": str(self.limits.max_frame_pixels), **CODEC_OPTIONS}
        shortest_s = 1.0 / self.limits.max_frames_per_s - 0.004
        kept_s, count = -1.0, 0
        for decoded in self._decoded():
            t_s = self._timestamps.next(None if decoded.time is None else float(decoded.time))
            if t_s > self.limits.max_duration_s:
                raise _too_long(self.path, t_s, self.limits)
            count += 1
            if kept_s >= 0.0 and t_s - kept_s < shortest_s:
                self.frames_skipped += 1
                continue
            kept_s = t_s
            yield picture_of(decoded, t_s, self._stream)
        self._ended_s = max(kept_s, 0.0)
        if count == 0:
            raise DamagedVideoError(
                "Not one frame of the video could be decoded",
                file=str(self.path),
                remedy="Record or export the video again; it may have been cut off while copying.",
            )

    def _decoded(self) -> Iterator[av.VideoFrame]:
        import av.error

        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                decoded = packet.decode()
            except IndexError:
                # A damaged part looks like a stream that was not there on opening; what follows may be sound.
                self.damaged_packets += 1
                if self.damaged_packets > MAX_DAMAGED_PACKETS:
                    return
                packets = self._container.demux(self._stream)
                continue
            except av.error.FFmpegError as error:
                self.damaged_packets += 1
                if isinstance(error, av.error.EOFError) or self.damaged_packets > MAX_DAMAGED_PACKETS:
                    return
                continue
            for frame in decoded:
                if frame.width * frame.height > self.limits.max_frame_pixels:
                    raise _too_large(self.path, frame.width, frame.height)
                yield frame


def _open(path: Path, limits: DecodeLimits) -> InputContainer:
    import av
    import av.error
    from av.container import InputContainer

    if not path.is_file():
        raise NotAVideoError("There is no such file", file=str(path), remedy="Check the path.")
    if path.stat().st_size == 0:
        raise EmptyVideoError(
            "The file is empty", file=str(path), remedy="Copy the video again; nothing of it arrived."
        )
    options = {
        "protocol_whitelist": "file,pipe",
        "format_whitelist": CONTAINERS,
        "max_pixels": str(limits.max_frame_pixels),
    }
    try:
        container = av.open(f"file:{path}", options=options, metadata_errors="replace")
    except (av.error.FFmpegError, UnicodeDecodeError) as error:
        if _is_unfinished(path):
            raise DamagedVideoError(
                "The end of the video is missing, and with it the list of its pictures",
                file=str(path),
                remedy="Copy or export the video again; it was cut off while it was recorded or copied.",
            ) from error
        raise NotAVideoError(
            "The file is not a video that can be read",
            file=str(path),
            remedy="Use an MP4, MOV, MKV, WebM or AVI file, as phones and cameras record them.",
        ) from error
    assert isinstance(container, InputContainer)
    if not container.streams.video:
        container.close()
        raise NoPictureError(
            "The file holds no picture", file=str(path), remedy="Choose the video file; this one holds sound only."
        )
    return container


def _is_unfinished(path: Path) -> bool:
    """Tell whether a file that cannot be read begins as an MP4 or MOV whose pictures come before their list."""
    with path.open("rb") as file:
        begin = file.read(BEGIN_BYTES)
    return begin[4:8] == b"ftyp" and b"mdat" in begin


def _checked_properties(
    path: Path, container: InputContainer, stream: VideoStream, limits: DecodeLimits
) -> VideoProperties:
    context = stream.codec_context
    if context is None:
        container.close()
        raise UnsupportedVideoError(
            "The video's codec is not supported",
            file=str(path),
            remedy="Convert it to H.264, for example with a phone.",
        )
    width, height = context.width, context.height
    duration_s = _duration_s(container, stream)
    failure: Exception | None = None
    if width * height > limits.max_frame_pixels:
        failure = _too_large(path, width, height)
    elif duration_s is not None and duration_s > limits.max_duration_s:
        failure = _too_long(path, duration_s, limits)
    if failure is not None:
        container.close()
        raise failure
    return VideoProperties(
        width_px=width,
        height_px=height,
        codec=context.name,
        frames_per_s=float(stream.average_rate) if stream.average_rate else None,
        duration_s=duration_s,
    )


def _duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        stated_s = float(stream.duration * stream.time_base)
    elif container.duration is not None:
        stated_s = container.duration / 1e6
    else:
        return None
    is_guessed = container.format.name in TIMED_BY_PACKETS
    return None if is_guessed and container.size < LEAST_BYTES_PER_S * stated_s else stated_s


def _too_large(path: Path, width: int, height: int) -> FrameTooLargeError:
    return FrameTooLargeError(
        f"The picture is {width}x{height} pixels, more than this program decodes",
        file=str(path),
        remedy="Export the video at 1080p; more pixels do not help the analysis.",
        width_px=width,
        height_px=height,
    )


def _too_long(path: Path, duration_s: float, limits: DecodeLimits) -> VideoTooLongError:
    return VideoTooLongError(
        f"The video lasts {duration_s / 60:.0f} minutes, the limit is {limits.max_duration_s / 60:.0f}",
        file=str(path),
        remedy="Cut it to the set you want checked.",
        duration_s=round(duration_s, 1),
    )


def picture_of(decoded: av.VideoFrame, t_s: float, stream: VideoStream) -> Picture:
    """Return a decoded frame as planes of eight bits."""
    picture = decoded if decoded.format.name in _PLANAR_8_BIT else decoded.reformat(format="yuv420p")
    colorspace = int(decoded.colorspace)
    is_hd = colorspace == _BT709 or colorspace in _BT2020 or (colorspace == 2 and decoded.height >= _HD_HEIGHT)
    aspect = stream.sample_aspect_ratio
    return Picture(
        t_s=t_s,
        planes=(_plane(picture, 0), _plane(picture, 1), _plane(picture, 2)),
        rotation_deg=round(decoded.rotation / 90) * 90 % 360,
        pixel_aspect=float(aspect) if aspect and 0.2 < float(aspect) < 5.0 else 1.0,
        luma_weights="bt709" if is_hd else "bt601",
        full_range=picture.format.name.startswith("yuvj") or int(picture.color_range) == _FULL_RANGE,
    )


def _plane(picture: av.VideoFrame, index: int) -> RawPlane:
    plane = picture.planes[index]
    rows = memoryview(plane).cast("B")
    return RawPlane(rows[: plane.line_size * plane.height], plane.line_size, plane.height, plane.width)


def _decoded_ahead(frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    """Decode in another thread, a few frames ahead; the decoder releases the interpreter lock."""
    from concurrent.futures import ThreadPoolExecutor  # the child, which starts for every video, does without

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="video-decoder") as decoder:
        ahead = deque(decoder.submit(next, frames, None) for _ in range(FRAMES_AHEAD))
        while (frame := ahead.popleft().result()) is not None:
            ahead.append(decoder.submit(next, frames, None))
            yield frame
