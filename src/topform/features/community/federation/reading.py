"""What other servers say, read with suspicion: people and public notes; anything else is nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Final

from topform.features.community.federation.addresses import PERSON, Place
from topform.features.community.federation.documents import PUBLIC
from topform.features.community.federation.signatures import is_usable_key

PEOPLE: Final = frozenset({"Person", "Service", "Application", "Group", "Organization"})
EVERYBODY: Final = frozenset({PUBLIC, "as:Public", "Public"})
MOST_HTML: Final = 50_000
MOST_TEXT: Final = 5_000
MOST_NAME: Final = 80
NEW_LINES: Final = frozenset({"p", "br", "li", "div", "blockquote", "h1", "h2", "h3", "h4", "pre", "tr"})
UNREAD: Final = frozenset({"script", "style", "template"})


@dataclass(frozen=True, slots=True)
class RemoteActor:
    """Somebody of another server."""

    address: str
    host: str
    handle: str
    name: str
    url: str
    inbox: str
    shared_inbox: str | None
    key_id: str
    public_key: str


@dataclass(frozen=True, slots=True)
class RemoteNote:
    """A public post of another server, as text."""

    address: str
    url: str
    text: str


def address_of(thing: object) -> str | None:
    """Return the address of something that is either that address or a document with it."""
    found = thing.get("id") if isinstance(thing, Mapping) else thing
    return found if isinstance(found, str) else None


def read_actor(document: Mapping[str, Any], place: Place) -> RemoteActor | None:
    """Return the person that a document describes; all of their addresses have to be on their own host."""
    address, name = document.get("id"), document.get("preferredUsername")
    host = place.host_of(address)
    if not isinstance(address, str) or host is None or host == place.host or document.get("type") not in PEOPLE:
        return None
    key = document.get("publicKey")
    if not isinstance(name, str) or not isinstance(key, Mapping) or key.get("owner", address) != address:
        return None
    handle = f"{name}@{host}".lower()
    key_id, public_key = key.get("id"), key.get("publicKeyPem")
    inbox = document.get("inbox")
    endpoints = document.get("endpoints")
    shared = endpoints.get("sharedInbox") if isinstance(endpoints, Mapping) else None
    if not isinstance(key_id, str) or not isinstance(public_key, str) or not is_usable_key(public_key):
        return None
    if not isinstance(inbox, str) or not place.host_of(inbox) == place.host_of(key_id) == host:
        return None
    if PERSON.match(handle) is None:
        return None
    shown, url = document.get("name"), document.get("url")
    return RemoteActor(
        address=address,
        host=host,
        handle=handle,
        name=one_line(shown if isinstance(shown, str) else "")[:MOST_NAME] or name,
        url=url if isinstance(url, str) and place.host_of(url) == host else address,
        inbox=inbox,
        shared_inbox=shared if isinstance(shared, str) and place.host_of(shared) == host else None,
        key_id=key_id,
        public_key=public_key,
    )


def read_note(document: object, author: str, place: Place) -> RemoteNote | None:
    """Return the public note that a document is, if it is the author's."""
    if not isinstance(document, Mapping) or document.get("type") != "Note":
        return None
    address, content = document.get("id"), document.get("content")
    if not isinstance(address, str) or not isinstance(content, str) or len(content) > MOST_HTML:
        return None
    if place.host_of(address) != place.host_of(author) or address_of(document.get("attributedTo")) != author:
        return None
    if not EVERYBODY & {*_listed(document.get("to")), *_listed(document.get("cc"))}:
        return None
    warning = document.get("summary")
    said = [one_line(warning)] if isinstance(warning, str) and warning.strip() else []
    url = document.get("url")
    return RemoteNote(
        address=address,
        url=url if isinstance(url, str) and place.host_of(url) == place.host_of(address) else address,
        text="\n".join([*said, plain_text(content)])[:MOST_TEXT],
    )


def plain_text(content: str) -> str:
    """Return HTML as text: its words and its lines, and nothing that is not shown.

    Examples
    --------
    >>> plain_text("<p>Ran <b>far</b><script>x()</script></p><p>&amp; fast</p>")
    'Ran far\\n& fast'
    """
    reader = _Words()
    reader.feed(content)
    reader.close()
    text = "".join(_without_tricks(reader.said))
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.splitlines()]
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """Return text in one line, without characters that show nothing or turn it around."""
    return " ".join("".join(_without_tricks([text])).split())


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in UNREAD
        if tag in NEW_LINES:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unread = max(self._unread - (tag in UNREAD), 0)
        if tag in NEW_LINES:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.said.append(data)


def _without_tricks(parts: list[str]) -> list[str]:
    hidden = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    return [
        "".join(sign for sign in part if sign in "\n\t\u200c\u200d" or unicodedata.category(sign) not in hidden)
        for part in parts
    ]


def _listed(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, str)]
