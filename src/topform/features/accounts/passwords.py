"""Argon2 password hashing off the event loop, a bounded number at a time."""

from __future__ import annotations

import asyncio
import itertools
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from topform.core.errors import RateLimitedError
from topform.features.accounts.errors import GuessablePasswordError

CONCURRENT_HASHES = 2
"""Each takes 64 MiB and about 0.2 s of one core."""
WAITING_HASHES = 32
FEWEST_CHARACTERS: Final = 4
"""Different ones in a password."""
ROWS: Final = (
    "0123456789" * 2,
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
"""What stands next to each other on keyboards and in alphabets."""
FAVOURITES: Final = (
    "password",
    "passwort",
    "motdepasse",
    "contraseña",
    "contrasena",
    "iloveyou",
    "letmein",
    "welcome",
    "admin",
    "football",
    "princess",
    "sunshine",
    "topform",
)


class Passwords:
    """Hashes and verifies passwords; refuses work when the queue is long."""

    def __init__(self) -> None:
        self._hasher = PasswordHash((Argon2Hasher(),))
        self._slots = asyncio.Semaphore(CONCURRENT_HASHES)
        self._waiting = 0
        self._decoy: str | None = None

    async def hash(self, password: str) -> str:
        """Return a salted hash.

        Raises
        ------
        GuessablePasswordError
            If the password is among those that are guessed first.
        """
        if is_guessable(password):
            raise GuessablePasswordError(
                "This password is among those that are guessed first.",
                remedy="Take a few words that only you would put together.",
            )
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


def is_guessable(password: str) -> bool:
    """Return whether guessing begins with passwords like this one: a row of keys, few characters, a favourite word.

    Examples
    --------
    >>> [is_guessable(one) for one in ("1234567890", "Password123!", "qwertyuiop", "aaaaaaaaaabb", "five green boats")]
    [True, True, True, True, False]
    """
    plain = password.casefold()
    if len(set(plain)) < FEWEST_CHARACTERS:
        return True
    letters = "".join(itertools.filterfalse(lambda one: not one.isalpha(), plain))
    if letters in FAVOURITES or (letters and letters in {word * 2 for word in FAVOURITES}):
        return True
    return any(plain in row * 2 or plain in row[::-1] * 2 for row in ROWS)


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
