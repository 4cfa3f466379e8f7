"""The archive of an account: a zip of tables as lines of JSON, of stored objects, and a manifest with their digests."""

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

FORMAT: Final = "topform-account"
SCHEMA_VERSION: Final = 1
MANIFEST: Final = "manifest.json"
README: Final = "README.txt"
MAX_MANIFEST_BYTES: Final = 64 * 2**20
MAX_LINE_BYTES: Final = 64 * 2**20
MAX_RATIO: Final = 200
"""Lines of JSON shrink to a twentieth at best; objects are stored as they are."""

RATIO_FROM_BYTES: Final = 2**20
OBJECT_NAME: Final = re.compile(r"objects/[A-Za-z0-9_-]+(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, TypeError, EOFError, NotImplementedError,
    RecursionError,
)  # fmt: skip
CHUNK: Final = 2**20
REMEDY: Final = "Export the account again and import the new archive."

ABOUT: Final = """\
This archive holds everything TopForm kept about one athlete.

manifest.json     what is inside, with sizes and SHA-256 digests, and what was left out and why
tables/*.jsonl    one table a file, one row a line; times are UTC, quantities carry their unit in the name
objects/          originals/ the files as they were uploaded, streams/ the samples as Parquet, and videos

topform account import brings it back into an account, on this or another server.
"""


class ArchiveWriter:
    """Writes an archive; the same content gives the same bytes for every entry."""

    def __init__(self, target: Path) -> None:
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
        manifest = {"format": FORMAT, "schema_version": SCHEMA_VERSION, **about, "entries": self._entries}
        for name, text in ((README, ABOUT), (MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))):
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
                    raise ArchiveError("A line of the archive is too long.", file=name, remedy=REMEDY)
                yield line

    def objects(self) -> list[str]:
        """Return the names of the entries that are stored objects."""
        return sorted(name for name in self.entries if name.startswith("objects/"))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield an entry's bytes."""
        with self.zip.open(name) as file:
            while chunk := file.read(CHUNK):
                yield chunk


def open_archive(path: Path) -> ArchiveReader:
    """Open an archive and check every byte of it against its manifest.

    Raises
    ------
    ArchiveError
        If it is no archive of an account, damaged, unsafe, or newer than this version.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ArchiveError("The file is not a zip archive.", remedy=REMEDY) from error
    try:
        return _checked(archive)
    except DAMAGE as error:
        archive.close()
        raise ArchiveError("The archive is damaged.", remedy=REMEDY) from error
    except (ArchiveError, RuntimeError) as error:
        archive.close()
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError("The archive is encrypted or damaged.", remedy=REMEDY) from error


def _checked(archive: zipfile.ZipFile) -> ArchiveReader:
    infos = {info.filename: info for info in archive.infolist()}
    if MANIFEST not in infos or infos[MANIFEST].file_size > MAX_MANIFEST_BYTES:
        raise ArchiveError(
            "This is not the archive of an account: it has no manifest.",
            remedy="For activity files and exports of other services use topform import.",
        )
    manifest = json.loads(archive.read(MANIFEST))
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ArchiveError("This is not the archive of a TopForm account.", remedy=REMEDY)
    if manifest["schema_version"] > SCHEMA_VERSION:
        raise ArchiveError(
            f"The archive was made by a newer TopForm (schema {manifest['schema_version']}).",
            remedy="Update this installation, then import again.",
        )
    entries = manifest["entries"]
    if set(infos) != {*entries, MANIFEST, README} or len(infos) != len(archive.infolist()):
        raise ArchiveError("The archive holds other files than its manifest says.", remedy=REMEDY)
    for name, entry in entries.items():
        _check_entry(archive, infos[name], entry)
    return ArchiveReader(archive, manifest)


def _check_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, entry: dict[str, Any]) -> None:
    name = info.filename
    if name.startswith("objects/") and OBJECT_NAME.fullmatch(name) is None:
        raise ArchiveError("The archive holds an unsafe name.", file=name, remedy=REMEDY)
    if info.file_size > max(MAX_RATIO * info.compress_size, RATIO_FROM_BYTES) or info.file_size != entry["bytes"]:
        raise ArchiveError("An entry of the archive is not as large as it says.", file=name, remedy=REMEDY)
    digest = hashlib.sha256()
    with archive.open(name) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != entry["sha256"]:
        raise ArchiveError("An entry of the archive was changed.", file=name, remedy=REMEDY)
