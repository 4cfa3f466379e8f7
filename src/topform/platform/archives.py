"""Archives of our own: a zip of entries, and a manifest with the size and digest of each."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from topform.core.errors import ArchiveError

MANIFEST: Final = "manifest.json"
README: Final = "README.txt"
MAX_MANIFEST_BYTES: Final = 256 * 2**20
MAX_LINE_BYTES: Final = 64 * 2**20
MAX_RATIO: Final = 200
"""Lines of JSON shrink to a twentieth at best; objects are stored as they are."""

RATIO_FROM_BYTES: Final = 2**20
SAFE_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, TypeError, EOFError, NotImplementedError,
    RecursionError,
)  # fmt: skip
CHUNK: Final = 2**20


@dataclass(frozen=True, slots=True)
class ArchiveKind:
    """What one kind of archive is called, and what to do with a file that is none."""

    format: str
    schema_version: int
    noun: str
    about: str
    remedy: str
    remedy_elsewhere: str


class ArchiveWriter:
    """Writes an archive; the same content gives the same bytes for every entry."""

    def __init__(self, kind: ArchiveKind, target: Path) -> None:
        self._kind = kind
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._entries: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._zip.close()

    def entry(self, name: str, *, is_packed: bool) -> EntryWriter:
        """Open an entry to write to; what holds objects is packed already."""
        info = zipfile.ZipInfo(name, EPOCH)
        info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return EntryWriter(self._zip.open(info, "w", force_zip64=True), self._entries, name)

    def finish(self, about: dict[str, Any]) -> dict[str, Any]:
        """Write the manifest and return it."""
        kind = self._kind
        manifest = {"format": kind.format, "schema_version": kind.schema_version, **about, "entries": self._entries}
        for name, text in ((README, kind.about), (MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            self._zip.writestr(info, text.encode())
        return manifest


class EntryWriter:
    """One entry that is being written; its size and digest go into the manifest."""

    def __init__(self, file: IO[bytes], entries: dict[str, dict[str, Any]], name: str) -> None:
        self._file, self._entries, self._name = file, entries, name
        self._digest = hashlib.sha256()
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def write(self, content: bytes) -> None:
        """Append bytes."""
        self._file.write(content)
        self._digest.update(content)
        self._size += len(content)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()
        self._entries[self._name] = {"bytes": self._size, "sha256": self._digest.hexdigest()}


@dataclass(frozen=True, slots=True)
class ArchiveReader:
    """An archive that was checked: entries, sizes and digests are those of its manifest."""

    kind: ArchiveKind
    zip: zipfile.ZipFile
    manifest: dict[str, Any]

    @property
    def entries(self) -> dict[str, dict[str, Any]]:
        """Sizes and digests by name."""
        entries: dict[str, dict[str, Any]] = self.manifest["entries"]
        return entries

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of an entry; nothing when there is no such entry."""
        if name not in self.entries:
            return
        with self.zip.open(name) as file:
            while line := file.readline(MAX_LINE_BYTES + 1):
                if len(line) > MAX_LINE_BYTES:
                    raise ArchiveError("A line of the archive is too long.", file=name, remedy=self.kind.remedy)
                yield line

    def below(self, folder: str) -> list[str]:
        """Return the names of the entries in a folder of the archive."""
        return sorted(name for name in self.entries if name.startswith(f"{folder}/"))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield an entry's bytes."""
        with self.zip.open(name) as file:
            while chunk := file.read(CHUNK):
                yield chunk


def open_archive(kind: ArchiveKind, path: Path) -> ArchiveReader:
    """Open an archive and check every byte of it against its manifest.

    Raises
    ------
    ArchiveError
        If it is no archive of this kind, damaged, unsafe, or newer than this version.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ArchiveError("The file is not a zip archive.", remedy=kind.remedy) from error
    try:
        return _checked(kind, archive)
    except DAMAGE as error:
        archive.close()
        raise ArchiveError("The archive is damaged.", remedy=kind.remedy) from error
    except (ArchiveError, RuntimeError) as error:
        archive.close()
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError("The archive is encrypted or damaged.", remedy=kind.remedy) from error


def _checked(kind: ArchiveKind, archive: zipfile.ZipFile) -> ArchiveReader:
    infos = {info.filename: info for info in archive.infolist()}
    if MANIFEST not in infos or infos[MANIFEST].file_size > MAX_MANIFEST_BYTES:
        raise ArchiveError(f"This is not {kind.noun}: it has no manifest.", remedy=kind.remedy_elsewhere)
    manifest = json.loads(archive.read(MANIFEST))
    if not isinstance(manifest, dict) or manifest.get("format") != kind.format:
        raise ArchiveError(f"This is not {kind.noun}.", remedy=kind.remedy_elsewhere)
    if manifest["schema_version"] > kind.schema_version:
        raise ArchiveError(
            f"The archive was made by a newer TopForm (schema {manifest['schema_version']}).",
            remedy="Update this installation, then try again.",
        )
    entries = manifest["entries"]
    if set(infos) != {*entries, MANIFEST, README} or len(infos) != len(archive.infolist()):
        raise ArchiveError("The archive holds other files than its manifest says.", remedy=kind.remedy)
    for name, entry in entries.items():
        _check_entry(kind, archive, infos[name], entry)
    return ArchiveReader(kind, archive, manifest)


def _check_entry(kind: ArchiveKind, archive: zipfile.ZipFile, info: zipfile.ZipInfo, entry: dict[str, Any]) -> None:
    name = info.filename
    if SAFE_NAME.fullmatch(name) is None:
        raise ArchiveError("The archive holds an unsafe name.", file=name, remedy=kind.remedy)
    if info.file_size > max(MAX_RATIO * info.compress_size, RATIO_FROM_BYTES) or info.file_size != entry["bytes"]:
        raise ArchiveError("An entry of the archive is not as large as it says.", file=name, remedy=kind.remedy)
    digest = hashlib.sha256()
    with archive.open(name) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != entry["sha256"]:
        raise ArchiveError("An entry of the archive was changed.", file=name, remedy=kind.remedy)
