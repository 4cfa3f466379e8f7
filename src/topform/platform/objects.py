"""Stored objects: uploads, streams, videos. A local folder by default, any S3 by URL; never half an object."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import obstore
from obstore.exceptions import NotFoundError as ObjectMissing
from obstore.store import LocalStore, from_url

from topform.core.errors import NotFoundError
from topform.platform.logs import get_logger
from topform.platform.outages import outages_are_typed
from topform.platform.settings import Settings

if TYPE_CHECKING:
    from obstore.store import RetryConfig

KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
CHUNK_BYTES = 2**20
# A request waits for the answer: a store that stays away is told within seconds, jobs try again by themselves.
PATIENCE: RetryConfig = {"max_retries": 4, "retry_timeout": timedelta(seconds=12)}

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ObjectMark:
    """Size, time and tag of an object as its store reports them; one of them differs once it was replaced."""

    size_bytes: int
    modified: str
    tag: str | None


class StagedFile:
    """A file that is being written; it vanishes unless it is committed under a key."""

    def __init__(self, store: ObjectStore, path: Path, file: BinaryIO) -> None:
        self.path = path
        self._store = store
        self._file = file
        self.size_bytes = 0

    async def write(self, chunk: bytes) -> None:
        """Append bytes."""
        await asyncio.to_thread(self._file.write, chunk)
        self.size_bytes += len(chunk)

    async def flush(self) -> None:
        """Make what was written visible to whoever opens ``path``."""
        await asyncio.to_thread(self._file.flush)

    async def commit(self, key: str) -> None:
        """Store the file under a key, at once and completely; what another program wrote to ``path`` counts too."""
        await self.flush()
        await self._store._take(key, self.path)


class ObjectStore:
    """Keys are relative paths of plain characters, made by the program and never taken from user input."""

    def __init__(self, *, staging_dir: Path, folder: Path | None = None, url: str | None = None) -> None:
        if (folder is None) == (url is None):
            raise ValueError("an object store is either a folder or a URL")
        self._folder = folder
        self._staging_dir = staging_dir
        for private in (staging_dir, *([folder] if folder is not None else [])):
            private.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._store = LocalStore(folder) if folder is not None else _remote(str(url))

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Open the object store that the settings name."""
        if settings.object_store_url is not None:
            return cls(staging_dir=settings.staging_dir, url=settings.object_store_url)
        return cls(staging_dir=settings.staging_dir, folder=settings.objects_dir)

    # ---- reading -----------------------------------------------------------------------------------------------

    async def get(self, key: str) -> bytes:
        """Return a whole object; for small ones."""
        with _missing_is_typed(key):
            found = await obstore.get_async(self._store, _checked(key))
            return bytes(await found.bytes_async())

    async def stream(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Return the bytes from ``start`` to before ``end``, in chunks."""
        size = await self.size_bytes(key)
        stop = size if end is None else min(end, size)
        for offset in range(start, stop, CHUNK_BYTES):
            with _missing_is_typed(key):
                part = await obstore.get_range_async(
                    self._store, _checked(key), start=offset, end=min(offset + CHUNK_BYTES, stop)
                )
            yield bytes(part)

    async def size_bytes(self, key: str) -> int:
        """Return the size of an object."""
        with _missing_is_typed(key):
            return int((await obstore.head_async(self._store, _checked(key)))["size"])

    async def exists(self, key: str) -> bool:
        """Tell whether there is an object under this key."""
        try:
            await self.size_bytes(key)
        except NotFoundError:
            return False
        return True

    async def keys(self, prefix: str) -> AsyncIterator[str]:
        """Iterate over the keys below a prefix."""
        with outages_are_typed():
            async for page in obstore.list(self._store, prefix=_checked(prefix)):
                for found in page:
                    yield str(found["path"])

    async def marks(self) -> dict[str, ObjectMark]:
        """Return what tells whether an object was replaced, for every key there is."""
        found: dict[str, ObjectMark] = {}
        with outages_are_typed():
            async for page in obstore.list(self._store):
                for item in page:
                    mark = ObjectMark(int(item["size"]), str(item["last_modified"]), item.get("e_tag"))
                    found[str(item["path"])] = mark
        return found

    @asynccontextmanager
    async def local_file(self, key: str) -> AsyncIterator[Path]:
        """Lend an object as a file to read, for programs that need a path; it must not be changed."""
        if self._folder is not None:
            path = self._folder / _checked(key)
            if not path.is_file():
                raise NotFoundError("The stored file does not exist.", key=key)
            yield path
            return
        async with self.staging_file(suffix=Path(key).suffix) as copy:
            async for chunk in self.stream(key):
                await copy.write(chunk)
            await copy.flush()
            yield copy.path

    # ---- writing -----------------------------------------------------------------------------------------------

    async def put(self, key: str, content: bytes | AsyncIterator[bytes]) -> None:
        """Store an object, replacing one under the same key in a single step."""
        _checked(key)
        async with self.staging_file() as staged:
            if isinstance(content, bytes):
                await staged.write(content)
            else:
                async for chunk in content:
                    await staged.write(chunk)
            await staged.commit(key)

    async def put_file(self, key: str, path: Path) -> None:
        """Store a copy of a file."""
        async with self.staging_file() as staged:
            with path.open("rb") as source:
                await asyncio.to_thread(shutil.copyfileobj, source, staged._file, CHUNK_BYTES)
            await staged.commit(key)

    async def delete(self, key: str) -> None:
        """Delete an object, and the folders that held nothing else; one that does not exist is deleted already."""
        with outages_are_typed(), contextlib.suppress(ObjectMissing, FileNotFoundError):
            await obstore.delete_async(self._store, _checked(key))
        if self._folder is not None:
            await asyncio.to_thread(_remove_empty_folders, self._folder / key, self._folder)

    async def delete_all(self, prefix: str) -> int:
        """Delete every object below a prefix, the folders included, and return how many there were."""
        found = [key async for key in self.keys(prefix)]
        for key in found:
            await self.delete(key)
        if self._folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._folder / _checked(prefix), ignore_errors=True)
        return len(found)

    @asynccontextmanager
    async def staging_file(self, *, suffix: str = "") -> AsyncIterator[StagedFile]:
        """Open a private file to write to; it is deleted at the end, also when the writer is interrupted."""
        path = self._staging_dir / f"{secrets.token_hex(16)}{suffix}"
        with self._staging_lock(fcntl.LOCK_SH):
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
            # Held while the writer lives: the kernel releases it when the process is killed.
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        file = os.fdopen(descriptor, "w+b")
        try:
            yield StagedFile(self, path, file)
        finally:
            path.unlink(missing_ok=True)
            file.close()

    def clean_staging(self) -> int:
        """Delete what killed writers left behind; safe while others write."""
        deleted = 0
        with self._staging_lock(fcntl.LOCK_EX):
            for path in self._staging_dir.iterdir():
                if path.name == ".lock" or not path.is_file():
                    continue
                with path.open("rb") as file:
                    try:
                        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        continue
                    path.unlink(missing_ok=True)
                    deleted += 1
        if deleted:
            log.info("staging_cleaned", files=deleted)
        return deleted

    @contextmanager
    def _staging_lock(self, kind: int) -> Iterator[None]:
        descriptor = os.open(self._staging_dir / ".lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, kind)
            yield
        finally:
            os.close(descriptor)

    async def _take(self, key: str, path: Path) -> None:
        if self._folder is None:
            with path.open("rb") as source, outages_are_typed():
                await obstore.put_async(self._store, _checked(key), source)
        else:
            await asyncio.to_thread(_move_durably, path, self._folder / _checked(key))


def _remote(url: str) -> Any:
    return from_url(url, retry_config=PATIENCE)


def _remove_empty_folders(path: Path, root: Path) -> None:
    """Remove the folders above a path, up to the root, that are empty; their names may tell whose they were."""
    for folder in path.parents:
        if folder == root:
            return
        try:
            folder.rmdir()
        except OSError:
            return


def _move_durably(source: Path, target: Path) -> None:
    """Rename a file into place such that after a power cut it is there completely or not at all."""
    with source.open("rb") as file:
        os.fsync(file.fileno())
    while True:
        try:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            source.replace(target)
            break
        except FileNotFoundError:
            # Another's deletion took the folder away while it was empty.
            if not source.exists():
                raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _checked(key: str) -> str:
    if KEY.fullmatch(key) is None:
        raise ValueError(f"not an object key: {key!r}")
    return key


@contextmanager
def _missing_is_typed(key: str) -> Iterator[None]:
    try:
        with outages_are_typed():
            yield
    except (ObjectMissing, FileNotFoundError) as error:
        raise NotFoundError("The stored file does not exist.", key=key) from error
