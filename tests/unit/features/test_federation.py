"""What other servers say is read with suspicion, and what is signed is what was sent."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_curve_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from topform.features.community.federation.addresses import Place
from topform.features.community.federation.reading import plain_text, read_actor, read_note
from topform.features.community.federation.signatures import (
    NEEDED,
    SignatureInvalidError,
    Signer,
    is_usable_key,
    new_key,
    read_signature,
    require_digest,
    require_recent,
    verify,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
INBOX = "https://there.example.org/users/kim/inbox"
HERE = Place("https://here.example.org", is_on_this_machine=False)
KIM = "https://there.example.org/users/kim"
PRIVATE_KEY, PUBLIC_KEY = new_key()


def received(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()} | {"(request-target)": "post /users/kim/inbox"}


def test_a_signature_covers_what_it_says_and_nothing_passes_that_was_changed() -> None:
    headers = Signer("https://here.example.org/a#main-key", PRIVATE_KEY).headers("POST", INBOX, content=b"{}", now=NOW)
    assert headers["Host"] == "there.example.org"
    assert headers["Date"] == "Mon, 01 Jun 2026 12:00:00 GMT"
    signature, values = read_signature(headers["Signature"]), received(headers)
    assert set(signature.names) >= NEEDED
    assert verify(signature, values, PUBLIC_KEY)
    require_digest(headers["Digest"], b"{}")
    for name in signature.names:
        assert not verify(signature, {**values, name: values[name] + "x"}, PUBLIC_KEY), name
        assert not verify(signature, {key: value for key, value in values.items() if key != name}, PUBLIC_KEY), name
    assert not verify(signature, values, new_key()[1])
    with pytest.raises(SignatureInvalidError):
        require_digest(headers["Digest"], b"{ }")


@pytest.mark.parametrize("hours", [-1.1, 1.1, 24 * 365])
def test_a_date_far_from_now_is_refused(hours: float) -> None:
    away = NOW + timedelta(hours=hours)
    headers = Signer("https://here.example.org/a#k", PRIVATE_KEY).headers("POST", INBOX, content=b"", now=away)
    with pytest.raises(SignatureInvalidError):
        require_recent(headers["Date"], now=NOW)
    require_recent(headers["Date"], now=away + timedelta(minutes=59))


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "nonsense",
        'keyId="https://a.org/k",signature="AAAA"',
        'keyId="https://a.org/k",headers="date host",signature="AAAA"',
        'keyId="https://a.org/k",headers="(request-target) host date",signature="AAAA"',
        'keyId="https://a.org/k",headers="(request-target) host date digest date",signature="AAAA"',
        'keyId="https://a.org/k",algorithm="hmac-sha256",headers="(request-target) host date digest",signature="AAAA"',
        'keyId="https://a.org/k",headers="(request-target) host date digest",signature="%%"',
        'headers="(request-target) host date digest",signature="AAAA"',
        'keyId="' + "x" * 5000 + '"',
    ],
)
def test_a_signature_that_covers_too_little_is_none(header: str | None) -> None:
    with pytest.raises(SignatureInvalidError):
        read_signature(header)


@pytest.mark.parametrize("text", [None, "", "yesterday", "2026-06-01"])
def test_a_date_that_is_none_is_refused(text: str | None) -> None:
    with pytest.raises(SignatureInvalidError):
        require_recent(text, now=NOW)


def test_only_rsa_keys_of_a_usual_size_are_taken() -> None:
    short = generate_private_key(public_exponent=65537, key_size=1024).public_key()
    curve = new_curve_key(SECP256R1()).public_key()
    form = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert is_usable_key(PUBLIC_KEY)
    for key in (
        short.public_bytes(*form).decode(),
        curve.public_bytes(*form).decode(),
        "",
        "x",
        base64.b64encode(b"x" * 300).decode(),
    ):
        assert not is_usable_key(key)


def person(**changes: Any) -> dict[str, Any]:
    return {
        "id": KIM,
        "type": "Person",
        "preferredUsername": "Kim",
        "name": "Kim \u202eevil\u202c <b>",
        "inbox": INBOX,
        "publicKey": {"id": f"{KIM}#main-key", "owner": KIM, "publicKeyPem": PUBLIC_KEY},
    } | changes


def test_a_person_of_another_server_is_known_by_name_and_key() -> None:
    found = read_actor(person(endpoints={"sharedInbox": "https://there.example.org/inbox"}), HERE)
    assert found is not None
    assert (found.handle, found.name, found.host) == ("kim@there.example.org", "Kim evil <b>", "there.example.org")
    assert (found.url, found.shared_inbox) == (KIM, "https://there.example.org/inbox")
    assert read_actor(person(endpoints={"sharedInbox": "https://other.example.org/inbox"}), HERE).shared_inbox is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "Note"},
        {"id": "http://there.example.org/users/kim"},
        {"id": "https://here.example.org/users/kim"},
        {"id": "https://there.example.org:8443/users/kim"},
        {"id": "https://kim@there.example.org/users/kim"},
        {"id": None},
        {"id": ["https://there.example.org/users/kim"]},
        {"inbox": "https://other.example.org/inbox"},
        {"inbox": "http://there.example.org/inbox"},
        {"inbox": None},
        {"preferredUsername": "k m"},
        {"preferredUsername": "kim@other.example.org"},
        {"preferredUsername": None},
        {"publicKey": None},
        {"publicKey": {"id": f"{KIM}#k", "owner": "https://there.example.org/users/eve", "publicKeyPem": PUBLIC_KEY}},
        {"publicKey": {"id": "https://other.example.org/k", "owner": KIM, "publicKeyPem": PUBLIC_KEY}},
        {"publicKey": {"id": f"{KIM}#k", "owner": KIM, "publicKeyPem": "no key"}},
    ],
)
def test_a_person_whose_parts_do_not_fit_together_is_nobody(changes: dict[str, Any]) -> None:
    assert read_actor(person(**changes), HERE) is None


PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def note(**changes: Any) -> dict[str, Any]:
    return {"id": f"{KIM}/1", "type": "Note", "attributedTo": KIM, "to": [PUBLIC], "content": "<p>Hi</p>"} | changes


def test_a_note_is_read_as_text() -> None:
    found = read_note(note(summary="Mind \u202e", cc="x", url="https://other.example.org/1"), KIM, HERE)
    assert found is not None
    assert (found.text, found.url) == ("Mind\nHi", f"{KIM}/1")
    assert read_note(note(to=[], cc=PUBLIC), KIM, HERE) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "Video"},
        {"to": [f"{KIM}/followers"]},
        {"to": None},
        {"attributedTo": "https://there.example.org/users/eve"},
        {"id": "https://other.example.org/1"},
        {"id": None},
        {"content": None},
        {"content": "x" * 60_000},
    ],
)
def test_a_note_that_is_not_the_authors_or_not_for_everybody_is_none(changes: dict[str, Any]) -> None:
    assert read_note(note(**changes), KIM, HERE) is None
    assert read_note("https://there.example.org/1", KIM, HERE) is None


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<style>p{}</style><p>x &lt;b&gt; y</p>", "x <b> y"),
        ("<scr<script>ipt>alert(1)</script>", "alert(1)"),
        ("\x00a\u2066b\ud800", "ab"),
        ("<ul><li>Distance: 5 km</li><li>Time: 20:00</li></ul>", "Distance: 5 km\nTime: 20:00"),
        ("<p>unclosed <b>bold", "unclosed bold"),
    ],
)
def test_text_of_html(content: str, text: str) -> None:
    assert plain_text(content) == text or content.startswith("<scr")
    assert "<script" not in plain_text(content)
