"""The process that decodes one video and nothing else; `topform.vision.sandbox` starts it and reads what it writes.

It gives up what it does not need before it touches the file: new rights, the network, memory, time, the size of what it
writes. Pictures go in groups into two halves of shared memory, one line of JSON for each group to standard output; for
each byte that comes in, one half is free again. Decoding many in a row costs a third less than one at a time between
two runs of the pose model, which leaves nothing of the decoder in the processor's caches.
"""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from topform.vision.decode import Picture

LEAST_PLACES: Final = 4
"""Of pictures in shared memory, however large they are."""

MOST_PER_GROUP: Final = 8
GROUP_BYTES: Final = 4 * 1024**2
ERROR, OPENED, PICTURES, ENDED = "error", "opened", "pictures", "ended"
OPEN_FILES: Final = 64
_PR_SET_NO_NEW_PRIVS: Final = 38
_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000


def give_up_rights(*, memory_bytes: int, cpu_s: int, ring_bytes: int) -> list[str]:
    """Bound this process and cut it off the network where the system allows; return what is in force."""
    import resource

    held = ["limits"]
    for kind, wanted in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, ring_bytes),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        soft, hard = resource.getrlimit(kind)
        lowest = min([wanted, *(limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY)])
        resource.setrlimit(kind, (lowest, hard))
    if sys.platform != "linux":
        return held
    libc = ctypes.CDLL(None, use_errno=True)
    # The namespace first: in one of its own, even root has nothing but a loopback that is down.
    if libc.unshare(_CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
        held.append("no_network")
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        held.append("no_new_rights")
    return held


class _Groups:
    """Two halves of shared memory, which grows with the pictures: one is filled while the other is looked at."""

    def __init__(self, descriptor: int, *, most_bytes: int) -> None:
        self._descriptor = descriptor
        self._most_bytes = most_bytes
        self._memory: mmap.mmap | None = None
        self._begin = 0
        self._slot_bytes = 0
        self._per_group = 0
        self._sent = 0
        self._group: list[dict[str, Any]] = []

    def add(self, picture: Picture) -> bool:
        """Write the planes of a picture and hand the group over once it is full; False where nobody looks any more."""
        size = sum(len(plane.pixels) for plane in picture.planes)
        if size > self._slot_bytes:
            self.hand_over()
            self._grow(size)
        # The third group goes where the first one was.
        if not self._group and self._sent >= 2 and not sys.stdin.buffer.read(1):
            return False
        assert self._memory is not None
        place = self._sent % 2 * self._per_group + len(self._group)
        start = offset = self._begin + place * self._slot_bytes
        for plane in picture.planes:
            self._memory[offset : offset + len(plane.pixels)] = plane.pixels
            offset += len(plane.pixels)
        self._group.append(
            {
                "t_s": picture.t_s,
                "rotation_deg": picture.rotation_deg,
                "pixel_aspect": picture.pixel_aspect,
                "luma_weights": picture.luma_weights,
                "full_range": picture.full_range,
                "offset": start,
                "planes": [(plane.row_bytes, plane.height, plane.width) for plane in picture.planes],
            }
        )
        if len(self._group) == self._per_group:
            self.hand_over()
        return True

    def hand_over(self) -> None:
        """Tell of the pictures that were written since the last time."""
        if self._group:
            _say(PICTURES, pictures=self._group)
            self._group = []
            self._sent += 1

    def _grow(self, size: int) -> None:
        # Larger pictures go behind the ones that may still be looked at: nothing that was written moves.
        self._begin += 2 * self._per_group * self._slot_bytes
        fitting = min(MOST_PER_GROUP, GROUP_BYTES // size, (self._most_bytes - self._begin) // (2 * size))
        self._per_group = max(LEAST_PLACES // 2, fitting)
        self._slot_bytes = size
        total = self._begin + 2 * self._per_group * size
        if total > self._most_bytes:
            raise MemoryError("the pictures are larger than allowed")
        os.ftruncate(self._descriptor, total)
        self._memory = mmap.mmap(self._descriptor, total)


def main() -> int:
    """Decode the file that standard input names."""
    asked = json.loads(sys.stdin.buffer.readline())
    held = give_up_rights(
        memory_bytes=asked["memory_bytes"], cpu_s=asked["cpu_s"], ring_bytes=max(asked["ring_bytes"], 1)
    )
    from topform.core.errors import VideoError

    try:
        _decode(asked, [*asked["held"], *(one for one in held if one not in asked["held"])])
    except VideoError as error:
        _say(ERROR, name=type(error).__name__, text=error.message, remedy=error.remedy, fields=error.fields)
    except MemoryError:
        return 1
    return 0


def _decode(asked: dict[str, Any], held: list[str]) -> None:
    from topform.vision.decode import DecodeLimits, VideoReader

    groups = _Groups(asked["ring"], most_bytes=asked["ring_bytes"])
    with VideoReader(Path(asked["path"]), limits=DecodeLimits(**asked["limits"]), threads=asked["threads"]) as reader:
        known = reader.properties
        _say(
            OPENED,
            held=held,
            properties={name: getattr(known, name) for name in type(known).__slots__},
        )
        for picture in reader.pictures():
            if not groups.add(picture):
                return
        groups.hand_over()
        _say(
            ENDED,
            cpu_s=time.process_time(),
            peak_mb=_peak_mb(),
            warnings=[{"code": code, "message": message} for code, message in reader.oddities()],
        )


def _peak_mb() -> float:
    """Return the most memory that was in use, on Linux without the pictures, which count in the other process."""
    status = Path("/proc/self/status")
    if status.is_file():
        # Not `ru_maxrss`, in which Linux counts what the parent held at the fork.
        lines = (line.split() for line in status.read_text(encoding="utf-8").splitlines())
        kilobytes = {line[0]: int(line[1]) for line in lines if line[0] in ("VmHWM:", "RssShmem:")}
        return (kilobytes["VmHWM:"] - kilobytes["RssShmem:"]) / 1024.0
    import resource

    # macOS counts bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0**2


def _say(kind: str, **what: Any) -> None:
    sys.stdout.buffer.write(json.dumps({"kind": kind, **what}).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
