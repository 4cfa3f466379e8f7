"""Activity files from the disk: single files, folders, and zip archives such as services export them.

Nothing is unpacked to the disk under a name from an archive, memory holds one member at a time, and what is refused
is reported beside what is taken.
"""

from __future__ import annotations

import io
import lzma
import os
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from topform.core.errors import ArchiveError, InvalidInputError, NotFoundError, TooLargeError, TopFormError

MAX_FILE_BYTES = 256 * 2**20
MAX_NESTED_ARCHIVE_BYTES = 4 * 2**30
MAX_MEMBERS = 200_000
MAX_DEPTH = 1
BOMB_FLOOR_BYTES = 64 * 2**20
BOMB_RATIO = 100
"""Deflate packs activity files 2 to 25 times; an archive that unpacks to more than 100 times is a bomb."""

READ_BYTES = 1 * 2**20
HEAD_BYTES = 64
ENCRYPTED_FLAG = 0x1
ACTIVITY_SUFFIXES = frozenset({".fit", ".tcx", ".gpx"})
ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
GZIP_MAGIC = b"\x1f\x8b"

_ARCHIVE_FAILURES = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError, RuntimeError, ValueError,
    LookupError, struct.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A candidate: its name within what was given, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """Something that was not taken, and why."""

    name: str
    error: TopFormError


def source_files(paths: Iterable[Path]) -> Iterator[SourceFile | RejectedFile]:
    """Walk files, folders and zip archives, one file at a time in a stable order.

    In folders and archives only what looks like an activity by suffix or first bytes is yielded; a file that was
    named is yielded whatever it is. Symbolic links that lead out of a folder are refused.
    """
    for path in paths:
        if path.is_dir():
            yield from _walk(path)
        elif path.is_file():
            yield from _open_file(path, str(path))
        elif path.exists():
            error: TopFormError = InvalidInputError("this is neither a file nor a folder", file=str(path))
            yield RejectedFile(str(path), error)
        else:
            error = NotFoundError("no such file or folder", file=str(path), remedy="Check the path.")
            yield RejectedFile(str(path), error)


def unpack(name: str, content: bytes | Path) -> Iterator[SourceFile | RejectedFile]:
    """Yield the files of an upload: the members of a zip archive, or the one file that it is."""
    if isinstance(content, Path):
        yield from _open_file(content, name)
    elif content[:4] in ZIP_MAGICS:
        yield from _archive(io.BytesIO(content), name, len(content), depth=0)
    elif len(content) > MAX_FILE_BYTES:
        yield RejectedFile(name, _too_large(name, len(content)))
    else:
        yield SourceFile(name, content)


def _walk(folder: Path) -> Iterator[SourceFile | RejectedFile]:
    root = folder.resolve()
    failures: list[OSError] = []
    for parent, folders, files in os.walk(folder, followlinks=False, onerror=failures.append):
        folders.sort()
        for file in sorted(files):
            path = Path(parent) / file
            name = str(path)
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                error = InvalidInputError("the link leads out of the folder and was not followed", file=name)
                yield RejectedFile(name, error)
            elif _is_regular(path) and _is_wanted(path.name, _head(path)):
                yield from _open_file(path, name)
    for failure in failures:
        name = str(failure.filename)
        yield RejectedFile(name, _unreadable(name, failure))


def _is_regular(path: Path) -> bool:
    """Say whether it is a plain file; pipes and devices could block."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError:
        return b""


def _is_wanted(name: str, head: bytes) -> bool:
    """Say whether a file that nobody named may be an activity: by its suffix, or by its first bytes."""
    if name.startswith("._"):
        return False
    pure = PurePosixPath(name.lower())
    suffix = PurePosixPath(pure.stem).suffix if pure.suffix == ".gz" else pure.suffix
    if suffix in ACTIVITY_SUFFIXES or pure.suffix == ".zip":
        return True
    return head[8:12] == b".FIT" or b"<gpx" in head or b"<TrainingCenterDatabase" in head


def _open_file(path: Path, name: str) -> Iterator[SourceFile | RejectedFile]:
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            head = stream.read(4)
            stream.seek(0)
            if head in ZIP_MAGICS:
                yield from _archive(stream, name, size, depth=0)
                return
            if size > MAX_FILE_BYTES:
                yield RejectedFile(name, _too_large(name, size))
                return
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as failure:
        yield RejectedFile(name, _unreadable(name, failure))
        return
    yield SourceFile(name, content)


def _archive(stream: IO[bytes], name: str, size: int, *, depth: int) -> Iterator[SourceFile | RejectedFile]:
    """Yield the members of an archive."""
    try:
        archive = zipfile.ZipFile(stream)
        members = archive.infolist()
    except _ARCHIVE_FAILURES as failure:
        yield RejectedFile(name, _damaged(name, failure))
        return
    with archive:
        if len(members) > MAX_MEMBERS:
            yield RejectedFile(name, ArchiveError(f"the archive lists {len(members)} members", file=name))
            return
        budget = _Budget(max(BOMB_FLOOR_BYTES, BOMB_RATIO * size))
        for member in sorted(members, key=lambda item: item.filename):
            if member.is_dir() or "__MACOSX" in PurePosixPath(member.filename).parts:
                continue
            inner = f"{name}/{member.filename}"
            try:
                yield from _member(archive, member, inner, budget, depth=depth)
            except ArchiveError as refused:
                yield RejectedFile(inner, refused)
                if budget.is_spent:
                    return


class _Budget:
    """How much an archive may still unpack to before it counts as a bomb."""

    def __init__(self, allowed: int) -> None:
        self._allowed = self._left = allowed

    @property
    def is_spent(self) -> bool:
        """Whether nothing more may be unpacked."""
        return self._left < 0

    def spend(self, size: int, name: str) -> None:
        """Count unpacked bytes; refuse the archive once there are too many."""
        self._left -= size
        if self.is_spent:
            raise ArchiveError(
                f"the archive unpacks to more than {self._allowed // 2**20} MB (the limit for an archive of its size)",
                file=name,
                remedy="Unpack it and import the files one by one, if you trust it.",
            )


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, budget: _Budget, *, depth: int
) -> Iterator[SourceFile | RejectedFile]:
    """Yield one member, or the members of an archive in the archive."""
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and path.parts[0].endswith(":")):
        raise ArchiveError(
            "the path leads out of the archive",
            file=name,
            remedy="Unpack it and import this file by itself, if you trust it.",
        )
    if member.flag_bits & ENCRYPTED_FLAG:
        raise ArchiveError("the member is encrypted", file=name, remedy="Unpack it with its password first.")
    try:
        with archive.open(member) as stream:
            head = stream.read(HEAD_BYTES)
            is_archive = head[:4] in ZIP_MAGICS
            if not is_archive and not _is_wanted(path.name, head):
                return
            if is_archive and depth >= MAX_DEPTH:
                raise ArchiveError("archives are nested too deeply", file=name, remedy="Unpack the outer archive.")
            limit = MAX_NESTED_ARCHIVE_BYTES if is_archive else MAX_FILE_BYTES
            if member.file_size > limit:
                raise ArchiveError(f"the member states {member.file_size / 2**20:.0f} MiB", file=name)
            with tempfile.SpooledTemporaryFile(max_size=READ_BYTES * 8) as copy:
                copied = _copy(stream, head, copy, name, budget, limit)
                copy.seek(0)
                if is_archive:
                    yield from _archive(copy, name, copied, depth=depth + 1)
                    return
                content = copy.read()
    except _ARCHIVE_FAILURES as failure:
        raise _damaged(name, failure) from failure
    yield SourceFile(name, content)


def _copy(
    stream: IO[bytes], head: bytes, target: tempfile.SpooledTemporaryFile[bytes], name: str, budget: _Budget, limit: int
) -> int:
    """Copy a member in small steps, so that a lying size is noticed early; return its real size."""
    copied = 0
    block = head
    while block:
        copied += len(block)
        budget.spend(len(block), name)
        if copied > limit:
            raise ArchiveError(f"the member unpacks to more than {limit // 2**20} MiB", file=name)
        target.write(block)
        block = stream.read(READ_BYTES)
    return copied


def _too_large(name: str, size: int) -> TooLargeError:
    return TooLargeError(f"the file holds {size / 2**20:.0f} MiB, more than an activity can", file=name)


def _unreadable(name: str, failure: OSError) -> InvalidInputError:
    reason = (failure.strerror or type(failure).__name__).lower()
    return InvalidInputError(f"cannot be read: {reason}", file=name, remedy="Check the permissions.")


def _damaged(name: str, failure: Exception) -> ArchiveError:
    return ArchiveError(
        f"the archive is damaged or of an unknown kind ({failure or type(failure).__name__})",
        file=name,
        remedy="Download the archive again.",
    )
