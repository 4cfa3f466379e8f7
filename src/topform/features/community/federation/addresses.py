"""Addresses of people and things across servers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit
from uuid import UUID

from topform.core.errors import InvalidInputError, NotFoundError
from topform.platform.settings import Settings

MOST_CHARACTERS: Final = 2000
PERSON: Final = re.compile(r"^@?([A-Za-z0-9_.-]{1,64})@([A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?)$")
HOST: Final = re.compile(r"^[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?$")


class RemoteAddressError(InvalidInputError):
    """Nobody of another server can be found under an address."""

    code = "remote_address_unusable"


@dataclass(frozen=True, slots=True)
class Place:
    """Where this server stands among the others."""

    base: str
    is_on_this_machine: bool

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the place; who asks on a server that does not federate is told that there is nothing.

        Raises
        ------
        NotFoundError
            If federation is off.
        """
        if settings.federation == "off" or settings.public_url is None:
            raise NotFoundError("There is nothing at this address.")
        return cls(settings.public_url.rstrip("/"), settings.federation == "loopback")

    @property
    def host(self) -> str:
        """Return the part after the @ of people of this server."""
        return urlsplit(self.base).netloc.lower()

    def actor(self, actor_id: UUID) -> str:
        """Return the address of a person of this server."""
        return f"{self.base}/federation/actors/{actor_id}"

    def note(self, note_id: UUID) -> str:
        """Return the address of a post of this server."""
        return f"{self.base}/federation/notes/{note_id}"

    def follow(self, follow_id: UUID) -> str:
        """Return the address of a request to follow."""
        return f"{self.base}/federation/follows/{follow_id}"

    def id_in(self, address: str, kind: str) -> UUID | None:
        """Return the id in an address of this server; None for any other address."""
        start = f"{self.base}/federation/{kind}/"
        if not address.startswith(start):
            return None
        try:
            return UUID(address.removeprefix(start).partition("#")[0])
        except ValueError:
            return None

    def host_of(self, address: object) -> str | None:
        """Return the host of an address of the web that may be another server's; None when it is none."""
        if not isinstance(address, str) or len(address) > MOST_CHARACTERS:
            return None
        if not address.isascii() or not address.isprintable() or " " in address:
            return None
        try:
            parts = urlsplit(address)
            usual = parts.scheme == "https" and parts.port in (None, 443)
        except ValueError:
            return None
        usual = usual or (self.is_on_this_machine and parts.scheme == "http")
        if not usual or parts.username is not None or HOST.match(parts.netloc) is None:
            return None
        return parts.netloc.lower()


def person_in(address: str) -> tuple[str, str]:
    """Return the name and the host of ``@name@host``.

    Examples
    --------
    >>> person_in("@Kim@social.example.org")
    ('kim', 'social.example.org')
    """
    found = PERSON.match(address.strip())
    if found is None:
        raise RemoteAddressError("That is no address of a person.", remedy="It looks like @name@host.")
    return found[1].lower(), found[2].lower()
