"""Argon2 password hashing off the event loop, a bounded number at a time."""

from __future__ import annotations

import asyncio

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from topform.core.errors import RateLimitedError

CONCURRENT_HASHES = 2
"""Each takes 64 MiB and about 0.2 s of one core."""
WAITING_HASHES = 32


class Passwords:
    """Hashes and verifies passwords; refuses work when the queue is long."""

    def __init__(self) -> None:
        self._hasher = PasswordHash((Argon2Hasher(),))
        self._slots = asyncio.Semaphore(CONCURRENT_HASHES)
        self._waiting = 0
        self._decoy: str | None = None

    async def hash(self, password: str) -> str:
        """Return a salted hash."""
        async with _Place(self):
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password: str, password_hash: str | None) -> tuple[bool, str | None]:
        """Return whether the password fits, and a newer hash when the stored one should be replaced.

        Without a stored hash a decoy is verified, so that an unknown address takes as long as a wrong password.
        """
        async with _Place(self):
            if password_hash is None:
                if self._decoy is None:
                    self._decoy = await asyncio.to_thread(self._hasher.hash, "decoy")
                await asyncio.to_thread(self._hasher.verify, password, self._decoy)
                return False, None
            return await asyncio.to_thread(self._hasher.verify_and_update, password, password_hash)


class _Place:
    """A place in the bounded queue, then a slot to compute in."""

    def __init__(self, passwords: Passwords) -> None:
        self._passwords = passwords

    async def __aenter__(self) -> None:
        if self._passwords._waiting >= WAITING_HASHES:
            raise RateLimitedError("Too many people are signing in at once.", remedy="Try again in a few seconds.")
        self._passwords._waiting += 1
        try:
            await self._passwords._slots.acquire()
        except BaseException:  # also when the request is cancelled while it waits
            self._passwords._waiting -= 1
            raise

    async def __aexit__(self, *_: object) -> None:
        self._passwords._waiting -= 1
        self._passwords._slots.release()
