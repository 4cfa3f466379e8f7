"""Activity files from the disk: single files, folders, and zip archives such as services export them.

Nothing is unpacked to the disk under a name from an archive, memory holds one member at a time, and what is refused
is reported beside what is taken. An archive in an archive is opened, one in that is not. Where exports of platforms are
asked for, their daily values, names and workouts are yielded as well, and what is neither is told to who wants to know.
"""

from __future__ import annotations

import io
import os
import stat
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import IO

from topform.core.errors import (
    ArchiveError,
    InvalidInputError,
    NoActivityError,
    NotFoundError,
    TooLargeError,
    TopFormError,
    UnknownFormatError,
)
from topform.core.exports import (
    ActivityAbout,
    ExportFormats,
    ExportReader,
    FoundActivity,
    FoundBroken,
    FoundNames,
    FoundValues,
    Tree,
)
from topform.core.wellness import DailyValue
from topform.providers.archive_safety import (
    ARCHIVE_FAILURES,
    Budget,
    damaged,
    is_bookkeeping,
    office_document,
    refuse_unsafe,
)
from topform.providers.trees import ArchiveTree, FileOfTree, FolderTree, Noted, SingleFile

MAX_FILE_BYTES = 256 * 2**20
MAX_NESTED_ARCHIVE_BYTES = 4 * 2**30
MAX_MEMBERS = 200_000
MAX_DEPTH = 1
BOMB_FLOOR_BYTES = 64 * 2**20
MAX_UNPACKED_BYTES = 64 * 2**30
"""More than any export of one person unpacks to."""

BOMB_RATIO = 100
"""Deflate packs activity files 2 to 25 times; an archive that unpacks to more than 100 times is a bomb."""

UNPACK = "Unpack it and import what you need of it, if you trust it."
SAVE_AS_CSV = "Nothing reads it here; save a sheet of it as CSV and import that, with a mapping of its columns."
PLACEHOLDER = ".icloud"
READ_BYTES = 1 * 2**20
HEAD_BYTES = 128
SNIFFED_BYTES = 4096
EXPORT_SUFFIXES = frozenset({".xml", ".csv", ".json", ".db"})
ALONE_SUFFIXES = frozenset({".xml", ".csv", ".db"})
"""Exports that are one file wherever it lies; the others are recognised by the names of all files together."""

ACTIVITY_SUFFIXES = frozenset({".fit", ".tcx", ".gpx", ".kml", ".hrm"})
ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A candidate: its name within what was given, and its bytes."""

    name: str
    content: bytes
    about: ActivityAbout | None = None
    """What the platform that exported it knows about the activity beside the file."""


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """Something that was not taken, and why."""

    name: str
    error: TopFormError


@dataclass(frozen=True, slots=True)
class DailyValuesFile:
    """The daily values that one file of an export holds."""

    name: str
    values: tuple[DailyValue, ...]
    implausible: int


@dataclass(frozen=True, slots=True)
class ActivityNames:
    """What a platform calls activities, by the instant they began; yielded after their files."""

    name: str
    by_start: tuple[tuple[datetime, ActivityAbout], ...]


Item = SourceFile | RejectedFile | DailyValuesFile | ActivityNames


class Reason(StrEnum):
    """Why a file that nobody named was left alone."""

    NO_ACTIVITY = "no activity format"
    OF_EXPORT = "belongs to an export, and nothing in it is read"
    NOT_PLAIN = "no plain file"
    UNREADABLE = "cannot be read"
    EMPTY_ARCHIVE = "an archive without files"


@dataclass(frozen=True, slots=True)
class LeftFile:
    """A file in a folder or an archive that was left alone: it is nothing that can be imported."""

    name: str
    reason: Reason

    def as_dict(self) -> dict[str, str]:
        """Return the plain form used in JSON documents."""
        return {"name": self.name, "reason": self.reason.value}


Leave = Callable[[LeftFile], None]


def count_by_ending(files: Iterable[LeftFile]) -> dict[str, int]:
    """Return how many files have each ending, as ``.csv``, the most frequent first; under ``""`` those without one.

    Examples
    --------
    >>> count_by_ending(LeftFile(name, Reason.NO_ACTIVITY) for name in ("a/LICENSE", "b.TXT", "c.txt"))
    {'.txt': 2, '': 1}
    """
    endings = Counter(PurePosixPath(file.name.lower()).suffix for file in files)
    return dict(sorted(endings.items(), key=lambda one: (-one[1], one[0])))


def source_files(paths: Iterable[Path]) -> Iterator[SourceFile | RejectedFile]:
    """Walk files, folders and zip archives, one file at a time in a stable order.

    In folders and archives only what looks like an activity by suffix or first bytes is yielded; a file that was
    named is yielded whatever it is. Symbolic links that lead out of a folder are refused.
    """
    return _files_only(export_items(paths, exports=None))


def export_items(paths: Iterable[Path], *, exports: ExportFormats | None, leave: Leave | None = None) -> Iterator[Item]:
    """Walk like `source_files`, and read what platforms export besides activity files.

    Each path that was named yields something: one in which nothing is found is refused. With ``exports``, files that
    would be taken if they were named are recognised by their first bytes in folders and archives too; who gives
    ``leave`` is told of each that is left alone.
    """
    context = _Context(exports, leave=leave)
    for path in paths:
        if path.is_dir():
            nothing = NoActivityError(
                "the folder holds no activity files and no exports", file=str(path), remedy="Check the path."
            )
            yield from _or_refused(_walk(path, context), str(path), nothing)
        elif path.is_file():
            yield from _or_refused(_open_file(path, str(path), context), str(path), _nothing_known(str(path)))
        elif path.exists():
            error: TopFormError = InvalidInputError(
                "this is neither a file nor a folder", file=str(path), remedy="Name a file, a folder or an archive."
            )
            yield RejectedFile(str(path), error)
        else:
            error = NotFoundError("no such file or folder", file=str(path), remedy="Check the path.")
            yield RejectedFile(str(path), error)


def _or_refused(items: Iterator[Item], name: str, error: TopFormError) -> Iterator[Item]:
    """Yield the items, or if there are none, that what was named is refused."""
    first = next(items, None)
    if first is None:
        yield RejectedFile(name, error)
        return
    yield first
    yield from items


def _nothing_known(name: str) -> UnknownFormatError:
    return UnknownFormatError(
        "the file holds no activity and no export that can be read",
        file=name,
        remedy="Export the activity as FIT, TCX or GPX.",
    )


def unpack(name: str, content: bytes | Path) -> Iterator[SourceFile | RejectedFile]:
    """Yield the files of an upload: the members of a zip archive, or the one file that it is."""
    return _files_only(unpack_items(name, content, exports=None))


def unpack_items(
    name: str,
    content: bytes | Path,
    *,
    exports: ExportFormats | None,
    read: Callable[[int], None] | None = None,
    leave: Leave | None = None,
) -> Iterator[Item]:
    """Unpack like `unpack`, and read what platforms export besides activity files.

    Who follows it is told how many unpacked bytes were read, in steps: one document of an export can take minutes;
    and of each member that is left alone, as `export_items` does.
    """
    context = _Context(exports, read=read, leave=leave)
    if isinstance(content, Path):
        yield from _open_file(content, name, context)
    elif content[:4] in ZIP_MAGICS:
        yield from _archive(io.BytesIO(content), name, len(content), context)
    elif len(content) > MAX_FILE_BYTES:
        yield RejectedFile(name, _too_large(name, len(content)))
    else:
        yield _file(name, content, exports)


def _files_only(items: Iterable[Item]) -> Iterator[SourceFile | RejectedFile]:
    return (item for item in items if isinstance(item, SourceFile | RejectedFile))


@dataclass(frozen=True, slots=True)
class _Context:
    """Where the walk is: what knows exports, how deep in archives, the files here, and the exports around."""

    exports: ExportFormats | None
    depth: int = 0
    readers: tuple[ExportReader, ...] = ()
    read: Callable[[int], None] | None = None
    leave: Leave | None = None
    tree: Noted | None = None

    def within(self, tree: Tree) -> _Context:
        """Return the context of the files of a tree: the exports among them are recognised."""
        if self.exports is None:
            return self
        noted = Noted(tree)
        readers = (*self.readers, *self.exports.readers(noted))
        noted.opened.clear()  # to recognise an export is not to read it
        return replace(self, readers=readers, tree=noted)

    def alone(self, name: str) -> Sequence[ExportReader]:
        """Return the readers of the export that a file is by itself."""
        if self.exports is None or self.tree is None or PurePosixPath(name.lower()).suffix not in ALONE_SUFFIXES:
            return ()
        return self.exports.readers(FileOfTree(self.tree, name))

    def is_activity(self, head: bytes) -> bool:
        """Say whether these are the first bytes of an activity."""
        return self.exports is not None and self.exports.is_activity(head)

    def left(self, name: str, reason: Reason) -> None:
        """Tell that a file was left alone."""
        if self.leave is not None:
            self.leave(LeftFile(name, reason))

    def left_to_export(self, name: str, inner: str) -> None:
        """Tell that a file was left to an export that did not read it."""
        if self.tree is None or inner not in self.tree.opened:
            self.left(name, Reason.OF_EXPORT)

    def own(self, outer: _Context) -> Sequence[ExportReader]:
        """Return the readers that were recognised here, not around."""
        return self.readers[len(outer.readers) :]

    def deeper(self) -> _Context:
        """Return the context of an archive in the archive, whose bytes the outer one has counted."""
        return replace(self, depth=self.depth + 1, read=None)

    def claims(self, name: str, head: bytes) -> bool:
        """Say whether an export keeps a file to itself."""
        return any(reader.claims(name, head) for reader in self.readers)

    def about(self, name: str) -> ActivityAbout | None:
        """Return what the exports know about the activity in a file."""
        return next((about for reader in self.readers if (about := reader.about(name)) is not None), None)


def _found(name: str, readers: Sequence[ExportReader], names: list[ActivityNames]) -> Iterator[Item]:
    """Yield what the exports hold besides activity files; names of activities are kept for after the files."""
    for reader in readers:
        for found in reader.found():
            inner = f"{name}/{found.name}" if name else found.name
            match found:
                case FoundValues():
                    if found.values or found.implausible:
                        yield DailyValuesFile(inner, found.values, found.implausible)
                case FoundActivity():
                    yield SourceFile(inner, found.content, found.about)
                case FoundNames():
                    names.append(ActivityNames(inner, found.by_start))
                case FoundBroken():
                    yield RejectedFile(inner, found.error)


def _unnamed(name: str, inner: str, head: bytes, context: _Context) -> Iterator[Item] | None:
    """Return what is in a file without the name of a recording, None where it is to be read as an activity."""
    readers = context.alone(inner)
    if not readers and context.is_activity(head):
        return None
    if not readers:
        context.left(name, Reason.NO_ACTIVITY)
    return _of_readers(name.rpartition("/")[0], readers)


def _of_readers(name: str, readers: Sequence[ExportReader]) -> Iterator[Item]:
    names: list[ActivityNames] = []
    yield from _found(name, readers, names)
    yield from names


def _walk(folder: Path, outer: _Context) -> Iterator[Item]:
    root = folder.resolve()
    context = outer if outer.exports is None else outer.within(FolderTree(folder))
    names: list[ActivityNames] = []
    yield from _found(str(folder), context.own(outer), names)
    failures: list[OSError] = []
    for parent, folders, files in os.walk(folder, followlinks=False, onerror=failures.append):
        folders.sort()
        for path in (Path(parent) / inner for inner in (*folders, *sorted(files))):
            if (refusal := _refused_link(path, root)) is not None:
                yield RejectedFile(str(path), refusal)
        for file in sorted(files):
            path = Path(parent) / file
            if path.is_symlink() and _refused_link(path, root) is not None:
                continue
            if (original := _left_in_cloud(path.name)) is not None:
                placed = path.with_name(original)
                yield RejectedFile(str(placed), _not_here(placed))
            elif not _is_regular(path):
                context.left(str(path), Reason.NOT_PLAIN)
            else:
                yield from _of_folder(path, path.relative_to(folder).as_posix(), context)
    for failure in failures:
        name = str(failure.filename)
        yield RejectedFile(name, _unreadable(name, failure))
    yield from names


def _refused_link(path: Path, root: Path) -> InvalidInputError | None:
    """Return why a symbolic link is not followed; None for what is no link, and for one within the folder."""
    if not path.is_symlink():
        return None
    target = _target(path)
    if target is None or not target.exists():
        return InvalidInputError(
            "the link leads nowhere", file=str(path), remedy="Remove the link, or put the file where it points."
        )
    if target.is_relative_to(root):
        return None
    return InvalidInputError(
        "the link leads out of the folder and was not followed",
        file=str(path),
        remedy=f"Name what it leads to as well, if you trust it: {target}",
    )


def _target(path: Path) -> Path | None:
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError):  # a link that leads nowhere, or to itself
        return None


def _left_in_cloud(name: str) -> str | None:
    """Return the name of the activity that a placeholder of iCloud stands for; None for any other file."""
    if not (name.startswith(".") and name.endswith(PLACEHOLDER)):
        return None
    original = name[1 : -len(PLACEHOLDER)]
    return original if looks_like_recording(original, b"") else None


def _not_here(path: Path) -> InvalidInputError:
    return InvalidInputError(
        "the file lies in iCloud, not on this computer", file=str(path), remedy="Download it first, in the Finder."
    )


def _of_folder(path: Path, inner: str, context: _Context) -> Iterator[Item]:
    """Yield what a file is that was found in a folder: nothing, an archive, an export or an activity."""
    head = _head(path)
    if head is None and not looks_like_recording(path.name, b""):
        context.left(str(path), Reason.UNREADABLE)
        return
    head = head or b""
    if context.claims(inner, head):
        context.left_to_export(str(path), inner)
        return
    if not looks_like_recording(path.name, head[:HEAD_BYTES]):
        items = _unnamed(str(path), inner, head, context)
        if items is not None:
            yield from items
            return
    about = context.about(inner)
    for item in _open_file(path, str(path), context, is_named=False):
        yield SourceFile(item.name, item.content, about) if about and isinstance(item, SourceFile) else item


def _is_regular(path: Path) -> bool:
    """Say whether it is a plain file; pipes and devices could block."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _head(path: Path) -> bytes | None:
    try:
        with path.open("rb") as stream:
            return stream.read(SNIFFED_BYTES)
    except OSError:
        return None


def looks_like_recording(name: str, head: bytes) -> bool:
    """Say whether a file that nobody named may be an activity: by its suffix, or by its first bytes."""
    if name.startswith("._"):
        return False
    pure = PurePosixPath(name.lower())
    suffix = PurePosixPath(pure.stem).suffix if pure.suffix == ".gz" else pure.suffix
    if suffix in ACTIVITY_SUFFIXES or pure.suffix == ".zip":
        return True
    return head[8:12] == b".FIT" or b"<gpx" in head or b"<TrainingCenterDatabase" in head


def _open_file(path: Path, name: str, context: _Context, *, is_named: bool = True) -> Iterator[Item]:
    exports = context.exports
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            head = stream.read(4)
            stream.seek(0)
            if head in ZIP_MAGICS:
                yield from _archive(stream, name, size, context)
                return
            if is_named and exports is not None and PurePosixPath(name.lower()).suffix in EXPORT_SUFFIXES:
                readers = exports.readers(SingleFile(path, name, read=context.read))
                if readers:
                    yield from _of_readers(name.rpartition("/")[0], readers)
                    return
            if size > MAX_FILE_BYTES:
                yield RejectedFile(name, _too_large(name, size))
                return
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as failure:
        yield RejectedFile(name, _unreadable(name, failure))
        return
    yield _file(name, content, exports)


def _archive(stream: IO[bytes], name: str, size: int, outer: _Context) -> Iterator[Item]:
    """Yield what an archive holds: first what belongs to an export, then its files."""
    try:
        archive = zipfile.ZipFile(stream)
        members = archive.infolist()
    except ARCHIVE_FAILURES as failure:
        yield RejectedFile(name, damaged(name, failure))
        return
    with archive:
        if len(members) > MAX_MEMBERS:
            yield RejectedFile(
                name, ArchiveError(f"the archive lists {len(members)} members", file=name, remedy=UNPACK)
            )
            return
        if (document := office_document(members)) is not None:
            error = UnknownFormatError(f"the file is {document}", file=name, remedy=SAVE_AS_CSV)
            yield RejectedFile(name, error)
            return
        if outer.tree is not None and all(is_bookkeeping(member) for member in members):
            outer.left(name, Reason.EMPTY_ARCHIVE)
        allowed = min(max(BOMB_FLOOR_BYTES, BOMB_RATIO * size), MAX_UNPACKED_BYTES)
        context = (
            outer if outer.exports is None else outer.within(ArchiveTree(archive, Budget(allowed, read=outer.read)))
        )
        names: list[ActivityNames] = []
        yield from _found(name, context.own(outer), names)
        budget = Budget(allowed, read=outer.read)
        for member in sorted(members, key=lambda item: item.filename):
            if is_bookkeeping(member):
                continue
            inner = f"{name}/{member.filename}"
            try:
                yield from _member(archive, member, inner, budget, context)
            except ArchiveError as refused:
                yield RejectedFile(inner, refused)
                if budget.is_spent:
                    return
        yield from names


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, budget: Budget, context: _Context
) -> Iterator[Item]:
    """Yield one member, or the members of an archive in the archive."""
    path = refuse_unsafe(member, name)
    try:
        with archive.open(member) as stream:
            head = stream.read(SNIFFED_BYTES)
            is_archive = head[:4] in ZIP_MAGICS
            if context.claims(member.filename, head):
                context.left_to_export(name, member.filename)
                return
            if not is_archive and not looks_like_recording(path.name, head[:HEAD_BYTES]):
                items = _unnamed(name, member.filename, head, context)
                if items is not None:
                    yield from items
                    return
            if is_archive and context.depth >= MAX_DEPTH:
                raise ArchiveError("archives are nested too deeply", file=name, remedy="Unpack the outer archive.")
            limit = MAX_NESTED_ARCHIVE_BYTES if is_archive else MAX_FILE_BYTES
            if member.file_size > limit:
                raise ArchiveError(f"the member states {member.file_size / 2**20:.0f} MiB", file=name, remedy=UNPACK)
            with tempfile.SpooledTemporaryFile(max_size=READ_BYTES * 8) as copy:
                copied = _copy(stream, head, copy, name, budget, limit)
                copy.seek(0)
                if is_archive:
                    yield from _archive(copy, name, copied, context.deeper())
                    return
                content = copy.read()
    except ARCHIVE_FAILURES as failure:
        raise damaged(name, failure) from failure
    yield _file(name, content, context.exports, context.about(member.filename))


def _file(name: str, content: bytes, exports: ExportFormats | None, about: ActivityAbout | None = None) -> Item:
    """Return a file as the activity that it may be, or as the daily values that a FIT file of monitoring holds."""
    if exports is not None:
        try:
            found = exports.daily_values(content, file=name)
        except TopFormError as failure:
            return RejectedFile(name, failure)
        if found is not None:
            return DailyValuesFile(name, found.values, found.implausible)
    return SourceFile(name, content, about)


def _copy(
    stream: IO[bytes], head: bytes, target: tempfile.SpooledTemporaryFile[bytes], name: str, budget: Budget, limit: int
) -> int:
    """Copy a member in small steps, so that a lying size is noticed early; return its real size."""
    copied = 0
    block = head
    while block:
        copied += len(block)
        budget.spend(len(block), name)
        if copied > limit:
            raise ArchiveError(f"the member unpacks to more than {limit // 2**20} MiB", file=name, remedy=UNPACK)
        target.write(block)
        block = stream.read(READ_BYTES)
    return copied


def _too_large(name: str, size: int) -> TooLargeError:
    return TooLargeError(
        f"the file holds {size / 2**20:.0f} MiB, more than an activity can",
        file=name,
        remedy="Export single activities; an export of a platform is taken under the name it came with.",
    )


def _unreadable(name: str, failure: OSError) -> InvalidInputError:
    reason = (failure.strerror or type(failure).__name__).lower()
    return InvalidInputError(f"cannot be read: {reason}", file=name, remedy="Check the permissions.")
