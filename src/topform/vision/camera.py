"""A camera at this computer, picture by picture; what comes while the last one is looked at is dropped and counted."""

from __future__ import annotations

import errno
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Condition, Thread
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from topform.core.errors import VideoError
from topform.vision.decode import picture_of
from topform.vision.errors import (
    CameraBusyError,
    CameraError,
    CameraLostError,
    CameraMissingError,
    CameraNotAllowedError,
)
from topform.vision.sandbox import open_video

if TYPE_CHECKING:
    from av.container import InputContainer

    from topform.vision.frames import VideoFrame

SILENT_S: Final = 5.0
"""A camera that gives nothing for so long is lost."""

STOP_S: Final = 2.0
DEVICES: Final = Path("/dev")
WANTED: Final[tuple[dict[str, str], ...]] = (
    # Compressed pictures first: raw ones of this size do not fit through most cables thirty times a second.
    {"input_format": "mjpeg", "video_size": "1280x720", "framerate": "30"},
    {"video_size": "640x480", "framerate": "30"},
    {},
)


class Camera(Protocol):
    """Something that shows one picture after the other."""

    name: str

    def frames(self) -> Iterator[VideoFrame]:
        """Yield the pictures as they are taken, timed from the first."""

    def close(self) -> None:
        """Let go of it."""


def open_camera(wanted: str) -> Camera:
    """Open a camera by its number or device file; a film plays the camera in its own time.

    Raises
    ------
    VideoError
        If there is none, or it cannot be used; the subclass and its ``code`` say which.
    """
    if not wanted.isdigit() and not wanted.startswith(f"{DEVICES}/"):
        return FilmCamera(Path(wanted))
    if sys.platform != "linux":
        raise CameraError(
            "Cameras are read on Linux only",
            remedy="Use the camera in the app (Form checks, Live), or film the set and analyse the film.",
        )
    return DeviceCamera(DEVICES / f"video{wanted}" if wanted.isdigit() else Path(wanted))


class DeviceCamera:
    """A camera that Linux knows (Video4Linux).

    Parameters
    ----------
    device : Path
        Its device file.
    """

    def __init__(self, device: Path) -> None:
        self.name = str(device)
        self._device = device
        self._container = self._open()

    def _open(self) -> InputContainer:
        import av
        import av.error

        failure: OSError | None = None
        for options in WANTED:
            try:
                return av.open(str(self._device), format="video4linux2", options=options)
            except av.error.FFmpegError as error:
                failure = error if isinstance(error, OSError) else OSError(errno.EIO, str(error))
                if failure.errno in (errno.ENOENT, errno.EBUSY, errno.EACCES, errno.EPERM):
                    break
        assert failure is not None
        raise error_of(self._device, failure) from failure

    def frames(self) -> Iterator[VideoFrame]:
        """Yield the pictures; see `Camera`."""
        import av.error

        stream = self._container.streams.video[0]
        first_s, last_s = None, -1.0
        try:
            for decoded in self._container.decode(stream):
                taken_s = time.monotonic() if decoded.time is None else float(decoded.time)
                first_s = taken_s if first_s is None else first_s
                if taken_s - first_s > last_s:
                    last_s = taken_s - first_s
                    yield picture_of(decoded, last_s, stream).as_frame()
        except av.error.FFmpegError as error:
            raise CameraLostError(
                f"{self.name} gives no more pictures", remedy="Check its cable, then start again."
            ) from error

    def close(self) -> None:
        """Let go of it."""
        self._container.close()


def error_of(device: Path, failure: OSError) -> CameraError:
    """Return what the system's refusal to open a camera means."""
    code = failure.errno
    if code in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        there = sorted(
            int(name) for path in DEVICES.glob("video*") if (name := path.name.removeprefix("video")).isdigit()
        )
        numbers = ", ".join(map(str, there))
        remedy = (
            f"Choose one of {numbers}." if there else "Plug one in; without one, film the set and analyse the film."
        )
        return CameraMissingError(f"There is no camera {device}", remedy=remedy, cameras=there)
    if code == errno.EBUSY:
        return CameraBusyError(
            f"Another program uses {device}", remedy="Close it (a video call, the browser), then start again."
        )
    if code in (errno.EACCES, errno.EPERM):
        return CameraNotAllowedError(
            f"You may not use {device}",
            remedy="Let yourself into the group of cameras: `sudo usermod -aG video $USER`, then sign in again.",
        )
    return CameraError(
        f"{device} gives no pictures ({failure.strerror or failure})",
        remedy="Some cameras have a second device without pictures: try another number.",
    )


class FilmCamera:
    """A film that is shown as if a camera took it now.

    Parameters
    ----------
    film : Path
        The file.
    """

    def __init__(self, film: Path) -> None:
        self.name = str(film)
        self._reader = open_video(film)

    def frames(self) -> Iterator[VideoFrame]:
        """Yield each picture when its time has come; see `Camera`."""
        started_s = time.monotonic()
        for frame in self._reader:
            time.sleep(max(0.0, started_s + frame.t_s - time.monotonic()))
            # The decoder writes the next pictures into the same memory.
            luma, blue, red = (np.array(plane) for plane in (frame.luma, frame.blue, frame.red))
            yield replace(frame, luma=luma, blue=blue, red=red)

    def close(self) -> None:
        """Let go of it."""
        self._reader.close()


class NewestFrame:
    """Takes pictures from a camera in a thread of its own and holds the newest until somebody asks for it.

    Parameters
    ----------
    camera : Camera
        Where they come from; closed by `close`.
    """

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._news = Condition()
        self._held: tuple[VideoFrame, float] | None = None
        self._is_stopped = False
        self._is_over = False
        self.failure: VideoError | None = None
        self.dropped_s: list[float] = []
        self._thread = Thread(target=self._take, name="camera", daemon=True)
        self._thread.start()

    def _take(self) -> None:
        try:
            for frame in self._camera.frames():
                with self._news:
                    if self._is_stopped:
                        return
                    if self._held is not None:
                        self.dropped_s.append(round(self._held[0].t_s, 3))
                    self._held = frame, time.perf_counter()
                    self._news.notify()
        except VideoError as error:
            self.failure = error
        finally:
            with self._news:
                self._is_over = True
                self._news.notify()

    def next(self, *, timeout_s: float) -> tuple[VideoFrame, float] | None:
        """Return the newest picture and when it came, None where there is none in that time."""
        with self._news:
            self._news.wait_for(lambda: self._held is not None or self._is_over, timeout_s)
            found, self._held = self._held, None
            return found

    @property
    def is_over(self) -> bool:
        """Tell whether no picture will come any more."""
        with self._news:
            return self._is_over and self._held is None

    def close(self) -> None:
        """Stop, and let go of the camera."""
        with self._news:
            self._is_stopped = True
        self._thread.join(STOP_S)
        # A camera that hangs keeps its thread, which ends with the program.
        if not self._thread.is_alive():
            self._camera.close()
