"""The files of an export, whether they lie in an archive, a folder or alone; read as streams, nothing unpacked."""

from __future__ import annotations

import io
import os
import stat
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from topform.core.errors import ArchiveError, InvalidInputError
from topform.core.exports import Tree
from topform.providers.archive_safety import ARCHIVE_FAILURES, Budget, damaged, is_bookkeeping, refuse_unsafe

BUFFER_BYTES = 256 * 1024


class ArchiveTree:
    """The members of a zip archive that are safe to read."""

    def __init__(self, archive: zipfile.ZipFile, budget: Budget) -> None:
        self._archive, self._budget = archive, budget
        self._members = {
            member.filename: member
            for member in sorted(archive.infolist(), key=lambda item: item.filename)
            if not is_bookkeeping(member) and _is_safe(member)
        }
        self.names: Sequence[str] = tuple(self._members)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open a member; what it unpacks to counts against the archive's budget."""
        try:
            stream = self._archive.open(self._members[name])
        except ARCHIVE_FAILURES as failure:
            raise damaged(name, failure) from failure
        with stream, io.BufferedReader(_Counted(stream, name, self._budget), BUFFER_BYTES) as counted:
            yield counted


def _is_safe(member: zipfile.ZipInfo) -> bool:
    try:
        refuse_unsafe(member, member.filename)
    except ArchiveError:
        return False
    return True


class _Counted(io.RawIOBase):
    """A member while it is read: counted, and with errors that name it."""

    def __init__(self, stream: IO[bytes], name: str, budget: Budget) -> None:
        super().__init__()
        self._stream, self._name, self._budget = stream, name, budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            block = self._stream.read(len(buffer))
        except ARCHIVE_FAILURES as failure:
            raise damaged(self._name, failure) from failure
        self._budget.spend(len(block), self._name)
        buffer[: len(block)] = block
        return len(block)


class FolderTree:
    """The plain files of a folder; links that lead out of it are not among them."""

    def __init__(self, folder: Path) -> None:
        self._root = folder.resolve()
        self.names: Sequence[str] = tuple(sorted(self._files()))

    def _files(self) -> Iterator[str]:
        for parent, folders, files in os.walk(self._root, followlinks=False):
            folders.sort()
            for file in files:
                path = Path(parent) / file
                if path.resolve().is_relative_to(self._root) and _is_plain(path):
                    yield path.relative_to(self._root).as_posix()

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open a file of the folder."""
        with _opened(self._root / name, name) as stream:
            yield stream


class Noted:
    """A tree that knows which of its files were opened."""

    def __init__(self, tree: Tree) -> None:
        self._tree, self.names = tree, tree.names
        self.opened: set[str] = set()

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open a file and note that it was."""
        self.opened.add(name)
        return self._tree.open(name)


class FileOfTree:
    """One file of a tree by itself, as if it had been named."""

    def __init__(self, tree: Tree, name: str) -> None:
        self._tree, self._name = tree, name
        self.names: Sequence[str] = (PurePosixPath(name).name,)

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open the file."""
        return self._tree.open(self._name)


class SingleFile:
    """One file by itself; who follows the reading is told how many bytes were read."""

    def __init__(self, path: Path, name: str, *, read: Callable[[int], None] | None = None) -> None:
        self._path, self._read = path, read
        self.names: Sequence[str] = (Path(name).name,)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open the file."""
        with _opened(self._path, name) as stream:
            if self._read is None:
                yield stream
                return
            with io.BufferedReader(_Counted(stream, name, Budget(sys.maxsize, read=self._read)), BUFFER_BYTES) as told:
                yield told


def _is_plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


@contextmanager
def _opened(path: Path, name: str) -> Iterator[IO[bytes]]:
    try:
        stream = path.open("rb", buffering=BUFFER_BYTES)
    except OSError as failure:
        reason = (failure.strerror or type(failure).__name__).lower()
        raise InvalidInputError(f"cannot be read: {reason}", file=name, remedy="Check the permissions.") from failure
    with stream:
        yield stream
