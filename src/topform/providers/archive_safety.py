"""What keeps an archive from doing harm: a budget of unpacked bytes, and members that are refused unread."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from topform.core.errors import ArchiveError

ENCRYPTED_FLAG = 0x1

ARCHIVE_FAILURES = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError, RuntimeError, ValueError,
    LookupError, struct.error,
)  # fmt: skip
"""What the zip library raises on damaged archives."""


OFFICE_PARTS = {
    "xl/workbook.xml": "a spreadsheet (Excel workbook)",
    "word/document.xml": "a text document (Word)",
    "ppt/presentation.xml": "a presentation (PowerPoint)",
    "content.xml": "an OpenDocument file",
}
OFFICE_MARKS = frozenset({"[Content_Types].xml", "mimetype"})


class Budget:
    """How much an archive may still unpack to before it counts as a bomb."""

    def __init__(self, allowed: int, *, read: Callable[[int], None] | None = None) -> None:
        self._allowed = self._left = allowed
        self._read = read

    @property
    def is_spent(self) -> bool:
        """Whether nothing more may be unpacked."""
        return self._left < 0

    def spend(self, size: int, name: str) -> None:
        """Count unpacked bytes and tell who follows them; refuse the archive once there are too many."""
        self._left -= size
        if self._read is not None:
            self._read(size)
        if self.is_spent:
            raise ArchiveError(
                f"the archive unpacks to more than {self._allowed // 2**20} MB (the limit for an archive of its size)",
                file=name,
                remedy="Unpack it and import the files one by one, if you trust it.",
            )


def is_bookkeeping(member: zipfile.ZipInfo) -> bool:
    """Say whether a member is a folder, or what macOS adds to archives."""
    return member.is_dir() or "__MACOSX" in PurePosixPath(member.filename).parts


def refuse_unsafe(member: zipfile.ZipInfo, name: str) -> PurePosixPath:
    """Return a member's path within the archive; refuse what leads out of it, links, and what is encrypted."""
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and path.parts[0].endswith(":")):
        raise ArchiveError(
            "the path leads out of the archive",
            file=name,
            remedy="Unpack it and import this file by itself, if you trust it.",
        )
    if stat.S_ISLNK(member.external_attr >> 16):
        raise ArchiveError("the member is a link, not a file", file=name, remedy="Put the file itself in the archive.")
    if member.flag_bits & ENCRYPTED_FLAG:
        raise ArchiveError("the member is encrypted", file=name, remedy="Unpack it with its password first.")
    return path


def damaged(name: str, failure: Exception) -> ArchiveError:
    """Return the error for what the zip library raised."""
    return ArchiveError(
        f"the archive is damaged or of an unknown kind ({failure or type(failure).__name__})",
        file=name,
        remedy="Download the archive again.",
    )


def office_document(members: Sequence[zipfile.ZipInfo]) -> str | None:
    """Return what an archive is that an office program wrote as one document; None for any other archive."""
    names = {member.filename for member in members}
    return next((kind for part, kind in OFFICE_PARTS.items() if part in names), None) if names & OFFICE_MARKS else None
