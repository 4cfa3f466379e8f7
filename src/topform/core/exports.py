"""What platforms hand out when an athlete asks for their data: how its readers are asked, and what they find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Protocol

from topform.core.errors import TopFormError
from topform.core.wellness import DailyValue


class Tree(Protocol):
    """The files of an export, wherever they lie; opened one at a time and read as a stream."""

    @property
    def names(self) -> Sequence[str]:
        """Relative paths with forward slashes, in a stable order."""
        ...

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open a file; raises `TopFormError` when it is unsafe or damaged, also while it is read."""
        ...


@dataclass(frozen=True, slots=True)
class ActivityAbout:
    """What a platform knows about an activity beside its file."""

    title: str | None = None
    notes: str | None = None
    gear: str | None = None


@dataclass(frozen=True, slots=True)
class FoundValues:
    """The daily values of one file of an export."""

    name: str
    values: tuple[DailyValue, ...]
    implausible: int = 0
    """Records that no person can have, left out."""


@dataclass(frozen=True, slots=True)
class FoundActivity:
    """An activity that has no file of its own in the export, as a document that `topform.formats.decode` reads."""

    name: str
    content: bytes
    about: ActivityAbout | None = None


@dataclass(frozen=True, slots=True)
class FoundNames:
    """What a platform calls activities that lie elsewhere in the export, by the instant they began."""

    name: str
    by_start: tuple[tuple[datetime, ActivityAbout], ...]


@dataclass(frozen=True, slots=True)
class FoundBroken:
    """A file of the export, or an entry in it, that cannot be read."""

    name: str
    error: TopFormError


Found = FoundValues | FoundActivity | FoundNames | FoundBroken


class ExportReader(Protocol):
    """Reads one kind of export."""

    @property
    def source(self) -> str:
        """The name under which its daily values are stored."""
        ...

    def found(self) -> Iterator[Found]:
        """Yield what is in the export beside activity files."""
        ...

    def claims(self, name: str, head: bytes) -> bool:
        """Say whether a file, given its first bytes, belongs to the export itself and is no activity to import."""
        ...

    def about(self, name: str) -> ActivityAbout | None:
        """Return what the platform knows about the activity in a file."""
        ...


class ExportFormats(Protocol):
    """Knows the exports of platforms."""

    def readers(self, tree: Tree) -> Sequence[ExportReader]:
        """Return the readers of the exports that the files are; none for a plain folder of activities."""
        ...

    def is_activity(self, head: bytes) -> bool:
        """Say whether the first few kilobytes of a file are those of an activity, whatever its name."""
        ...

    def daily_values(self, content: bytes, *, file: str) -> FoundValues | None:
        """Return the daily values that a single file holds, None when it is no such file.

        Raises
        ------
        ActivityFileError
            If it is one and damaged.
        """
        ...
