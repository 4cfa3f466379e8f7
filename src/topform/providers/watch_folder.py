"""A folder of the server as a source: whatever appears in it is imported, once it is whole."""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Final

from topform.providers.base import ProviderBase
from topform.providers.errors import ProviderUnavailableError, RemoteItemMissingError
from topform.providers.folder import MAX_FILE_BYTES, looks_like_recording
from topform.providers.http import Patience
from topform.providers.protocols import (
    About,
    ActivityPage,
    Credentials,
    DataKind,
    Original,
    ProviderApp,
    RemoteActivity,
    SignInWay,
    Window,
)

SETTLED_AFTER_S: Final = 20.0
"""A file that was written to within this time may still be growing."""
PAGE_SIZE: Final = 50
MAX_FILES: Final = 200_000


class WatchFolder(ProviderBase):
    """The files below one folder; a file's id is made of path, size and time, so that a changed file is a new one."""

    about: ClassVar[About] = About(
        id="folder",
        name="Watch folder",
        sign_in=(SignInWay.FOLDER,),
        kinds=frozenset({DataKind.ACTIVITIES}),
        hosts=frozenset(),
    )

    def __init__(self, folder: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(ProviderApp(), patience=Patience(), now=now)
        self._folder = folder

    async def activities(self, credentials: Credentials, window: Window, cursor: str | None) -> ActivityPage:
        """Return the settled files in order of their ids; a file has no day before it is read, so all are listed."""
        found = await asyncio.to_thread(self._scan)
        after = [(one, path) for one, path in found if cursor is None or one > cursor]
        page = after[:PAGE_SIZE]
        items = tuple(RemoteActivity(one, title=path.name) for one, path in page)
        return ActivityPage(items, page[-1][0] if len(after) > PAGE_SIZE else None)

    async def original(self, credentials: Credentials, activity: RemoteActivity) -> Original:
        """Return the file, if it is still the one that was listed."""
        path = next((path for one, path in await asyncio.to_thread(self._scan) if one == activity.external_id), None)
        if path is None:
            raise RemoteItemMissingError("The file is gone or is being written again.", provider=self.about.id)
        try:
            content = await asyncio.to_thread(_read, path)
        except OSError as error:
            raise ProviderUnavailableError(
                f"The file {path.name} cannot be read: {error.strerror}.",
                provider=self.about.id,
                remedy="Correct its permissions.",
            ) from error
        return Original(path.name, content)

    def _scan(self) -> list[tuple[str, Path]]:
        """Return the recordings that nobody has written to for a while; links are not followed."""
        newest_s = self.now().timestamp() - SETTLED_AFTER_S
        found: list[tuple[str, Path]] = []
        for parent, folders, names in os.walk(self._folder, onerror=self._unreadable, followlinks=False):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                path = Path(parent) / name
                try:
                    status = path.lstat()
                except FileNotFoundError:
                    continue
                is_whole = status.st_size > 0 and max(status.st_mtime, status.st_ctime) <= newest_s
                if stat.S_ISREG(status.st_mode) and is_whole and not name.startswith(".") and _is_recording(path):
                    key = f"{path.relative_to(self._folder)}\0{status.st_size}\0{status.st_mtime_ns}"
                    found.append((hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest(), path))
            if len(found) > MAX_FILES:
                break
        return sorted(found)

    def _unreadable(self, error: OSError) -> None:
        raise ProviderUnavailableError(
            f"The watch folder cannot be read: {error.strerror}.",
            provider=self.about.id,
            remedy="Ask the person who runs this server to look at TOPFORM_WATCH_DIR.",
        ) from error


def _is_recording(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return looks_like_recording(path.name, stream.read(64))
    except OSError:
        return True  # said with its reason when it is read


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MAX_FILE_BYTES + 1)
