"""Decoding what strangers send, in a process of its own that may do little else.

The child has bounded memory, time and file sizes, cannot gain rights, and has no network where the system lets it give
that up; with bubblewrap installed it also sees a read-only file system without the homes of people. What breaks it, or
asks for too much, is a typed error here.
"""

from __future__ import annotations

import json
import mmap
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from topform.core.activity import FileWarning
from topform.core.errors import VideoError
from topform.vision import decode_child, errors
from topform.vision.decode import DecodeLimits, Picture, RawPlane, VideoProperties, VideoReader
from topform.vision.errors import DecoderStoppedError
from topform.vision.frames import VideoFrame

MEMORY_BYTES: Final = 3 * 1024**3
"""Address space of the child: an 8K film with all its reference pictures needs half of it."""

CPU_S: Final = 3600
BYTES_PER_PIXEL: Final = 3
"""Of a picture with full chroma."""

STOP_S: Final = 5.0
HIDDEN: Final = ("/home", "/root", "/var", "/run", "/etc/ssh")
"""Folders that the child sees empty inside bubblewrap."""


def is_available() -> bool:
    """Tell whether this system has what the child needs; elsewhere decoding stays in this process."""
    return sys.platform != "win32"


def open_video(path: Path, *, limits: DecodeLimits | None = None, threads: int = 1) -> SandboxedReader | VideoReader:
    """Open a video for reading front to back, in a child where the system allows."""
    if is_available():
        return SandboxedReader(path, limits=limits, threads=threads)
    return VideoReader(path, limits=limits, threads=threads)


class SandboxedReader:
    """Reads one video file front to back; the decoder runs in a child. A frame holds until the next one is asked for.

    Parameters
    ----------
    path : Path
        A local file.
    limits : DecodeLimits
        What is refused.
    threads : int
        Decoder threads.
    memory_bytes : int
        Address space of the child. [bytes]
    with_bubblewrap : bool
        Whether bubblewrap is used where it works.

    Raises
    ------
    VideoError
        On opening or while iterating; the subclass and its ``code`` say which.
    """

    def __init__(
        self,
        path: Path,
        *,
        limits: DecodeLimits | None = None,
        threads: int = 1,
        memory_bytes: int = MEMORY_BYTES,
        with_bubblewrap: bool = True,
    ) -> None:
        self.path = path
        limits = limits if limits is not None else DecodeLimits()
        self.warnings: tuple[FileWarning, ...] = ()
        self._ring = _shared_memory()
        self._memory: memoryview | None = None
        self._is_done = False
        self.cpu_s: float | None = None
        self.peak_mb: float | None = None
        """CPU time of the child, its start included, and its memory without the shared pictures; known after the last
        frame. [s], [MB]"""
        wrap = _bubblewrap(path) if with_bubblewrap else []
        self._child = subprocess.Popen(
            [*wrap, sys.executable, "-m", decode_child.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(self._ring,),
            env=_environment(),
        )
        asked = {
            "path": str(path.absolute()),
            "limits": asdict(limits),
            "threads": threads,
            "ring": self._ring,
            "ring_bytes": decode_child.LEAST_PLACES * BYTES_PER_PIXEL * limits.max_frame_pixels,
            "memory_bytes": memory_bytes,
            "cpu_s": CPU_S,
            "held": ["process", *(("bubblewrap", "no_network") if wrap else ())],
        }
        try:
            self._write(json.dumps(asked).encode() + b"\n")
            opened = self._read()
        except BaseException:  # Ctrl-C as well: the child must not outlive whoever waits for its first answer.
            self.close()
            raise
        self.properties = VideoProperties(**opened["properties"])
        self.protections: tuple[str, ...] = tuple(opened["held"])
        """What stands between the file and this machine: ``process``, ``limits``, ``no_new_rights``, ..."""

    def __enter__(self) -> SandboxedReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        if self._ring < 0:
            return
        if self._is_done:
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(timeout=STOP_S)
        self._child.kill()
        for stream in (self._child.stdin, self._child.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):  # what the child no longer reads
                    stream.close()
        self._child.wait(timeout=STOP_S)
        os.close(self._ring)
        self._ring = -1

    def __iter__(self) -> Iterator[VideoFrame]:
        while True:
            said = self._read()
            if said["kind"] == decode_child.ENDED:
                self._is_done = True
                self.cpu_s, self.peak_mb = float(said["cpu_s"]), float(said["peak_mb"])
                self.warnings = tuple(FileWarning(**one) for one in said["warnings"])
                return
            yield from [self._frame(one) for one in said["pictures"]]
            self._write(b".")

    def _frame(self, said: dict[str, Any]) -> VideoFrame:
        offset = int(said["offset"])
        ends = offset + sum(row_bytes * height for row_bytes, height, _ in said["planes"])
        if self._memory is None or ends > len(self._memory):
            self._memory = memoryview(mmap.mmap(self._ring, 0, prot=mmap.PROT_READ))
        planes = []
        for row_bytes, height, width in said["planes"]:
            pixels = self._memory[offset : offset + row_bytes * height]
            planes.append(RawPlane(pixels, row_bytes, height, width))
            offset += row_bytes * height
        return Picture(
            t_s=float(said["t_s"]),
            planes=(planes[0], planes[1], planes[2]),
            rotation_deg=int(said["rotation_deg"]),
            pixel_aspect=float(said["pixel_aspect"]),
            luma_weights=str(said["luma_weights"]),
            full_range=bool(said["full_range"]),
        ).as_frame()

    def _write(self, content: bytes) -> None:
        assert self._child.stdin is not None
        with suppress(BrokenPipeError):  # it has said all it will, or it was stopped: reading tells which
            self._child.stdin.write(content)
            self._child.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line.endswith(b"\n"):
            raise DecoderStoppedError(
                "The video needs more memory or time to decode than is allowed, or it breaks the decoder",
                file=str(self.path),
                remedy="Export the video again at 1080p, or cut it to the set you want checked.",
            )
        said: dict[str, Any] = json.loads(line)
        if said["kind"] == decode_child.ERROR:
            known = getattr(errors, said["name"], VideoError)
            raise known(said["text"], file=str(self.path), remedy=said["remedy"], **said["fields"])
        return said


def _shared_memory() -> int:
    if sys.platform == "linux":
        return os.memfd_create("topform-pictures")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _environment() -> dict[str, str]:
    """Return what the child needs to find its code; no secret of this process reaches it."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG") if name in os.environ}
    return {**kept, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}


@cache
def _bubblewrap_works() -> str | None:
    program = shutil.which("bwrap") if sys.platform == "linux" else None
    if program is None:
        return None
    tried = subprocess.run([program, "--ro-bind", "/", "/", "--unshare-all", "true"], capture_output=True, check=False)
    return program if tried.returncode == 0 else None


def _bubblewrap(video: Path) -> list[str]:
    """Return the beginning of a command line inside bubblewrap; nothing where it does not work."""
    program = _bubblewrap_works()
    if program is None:
        return []
    hidden = [folder for folder in (*HIDDEN, tempfile.gettempdir()) if Path(folder).is_dir()]
    code = [
        Path(place).resolve() for place in (sys.prefix, sys.base_prefix, *sys.path) if place and Path(place).exists()
    ]
    command = [program, "--ro-bind", "/", "/", "--dev", "/dev"]
    for folder in hidden:
        command += ["--tmpfs", folder]
    # What the child runs and the one file that it reads may lie in a folder that was hidden.
    for place in dict.fromkeys([*code, video.absolute()]):
        if any(place.is_relative_to(folder) for folder in hidden):
            command += ["--ro-bind", str(place), str(place)]
    return [*command, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
