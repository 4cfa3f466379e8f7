"""Encryption against the worked example of RFC 8291, signatures against RFC 8292, and hours in the athlete's day."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from string import Formatter
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from topform.coaching.language import LANGUAGES
from topform.core.errors import InvalidInputError
from topform.features.notices.kinds import KINDS
from topform.features.notices.sending import require_known_host
from topform.features.notices.texts import TEXTS, Told, message
from topform.features.notices.times import Habits, is_quiet, next_at, release_at
from topform.features.notices.web_push import (
    BrowserKeys,
    PushAddressError,
    authorization,
    encrypt,
    from_text,
    new_key,
    public_text,
)
from topform.platform.settings import Settings

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)

# RFC 8291, section 5 and appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
SENDER_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
ENCRYPTED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_a_message_is_encrypted_as_the_worked_example_is() -> None:
    sender = derive_private_key(int.from_bytes(from_text(SENDER_PRIVATE)), SECP256R1())
    browser = BrowserKeys(from_text(RECEIVER_PUBLIC), from_text(AUTH))
    assert encrypt(PLAIN, browser, sender=sender, salt=from_text(SALT)) == from_text(ENCRYPTED)


def test_keys_and_salts_are_new_each_time_and_a_message_has_a_longest_length() -> None:
    browser = BrowserKeys(from_text(RECEIVER_PUBLIC), from_text(AUTH))
    assert encrypt(PLAIN, browser) != encrypt(PLAIN, browser)
    assert len(encrypt(b"x" * 3993, browser)) == 4096
    with pytest.raises(InvalidInputError):
        encrypt(b"x" * 3994, browser)


@pytest.mark.parametrize(
    ("public_key", "auth"),
    [("A" * 87, AUTH), (RECEIVER_PUBLIC, AUTH[:-4]), (RECEIVER_PUBLIC[:-1] + "!", AUTH), (RECEIVER_PUBLIC[:-8], AUTH)],
)
def test_what_is_no_key_of_a_browser_is_refused(public_key: str, auth: str) -> None:
    with pytest.raises(PushAddressError):
        BrowserKeys(from_text(public_key), from_text(auth))


def part(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return document


def test_the_server_signs_for_the_origin_of_the_push_service() -> None:
    key = new_key()
    header = authorization("https://push.example.net:443/push/JzLQ3", key, contact="mailto:a@example.org", now=NOW)
    scheme, token, own_key = header.replace("t=", "").replace("k=", "").replace(",", "").split(" ")
    head, claims, signature = token.split(".")
    assert scheme == "vapid"
    assert own_key == public_text(key)
    assert part(head) == {"typ": "JWT", "alg": "ES256"}
    assert part(claims) == {
        "aud": "https://push.example.net:443",
        "exp": int((NOW + timedelta(hours=12)).timestamp()),
        "sub": "mailto:a@example.org",
    }
    raw = from_text(signature)
    numbers = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), from_text(own_key))
    public.verify(numbers, f"{head}.{claims}".encode(), ECDSA(SHA256()))


@pytest.mark.parametrize(
    ("endpoint", "is_known"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://wns2-am3p.notify.windows.com/w/?token=x", True),
        ("https://push.example.org/x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com.example.net/x", False),
        ("https://notify.windows.com.example.net/x", False),
        ("https://127.0.0.1/x", False),
        ("https://[::1]/x", False),
        ("https://metadata.internal/x", False),
    ],
)
def test_messages_go_to_push_services_and_nowhere_else(endpoint: str, is_known: bool) -> None:
    settings = Settings(push_hosts=frozenset({"push.example.org"}))
    if is_known:
        require_known_host(endpoint, settings)
    else:
        with pytest.raises(PushAddressError):
            require_known_host(endpoint, settings)


def at(day: int, hour: int, minute: int = 0, *, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "kind", "digest", "expected"),
    [
        (at(10, 12), "kudos", "at_once", at(10, 12)),
        (at(10, 22), "kudos", "at_once", at(11, 7)),
        (at(11, 6, 59), "kudos", "at_once", at(11, 7)),
        (at(11, 7), "kudos", "at_once", at(11, 7)),
        (at(10, 12), "kudos", "daily", at(10, 18)),
        (at(10, 18), "kudos", "daily", at(11, 18)),
        (at(10, 23), "security", "daily", at(10, 23)),
        (at(10, 6), "session_reminder", "daily", at(10, 6)),
    ],
)
def test_devices_are_told_at_their_time(now: datetime, kind: str, digest: Any, expected: datetime) -> None:
    habits = Habits(quiet_from_min=22 * 60, quiet_to_min=7 * 60, digest=digest, digest_min=18 * 60)
    assert release_at(now, kind, habits, BERLIN) == expected


def test_a_digest_within_the_quiet_hours_comes_after_them() -> None:
    habits = Habits(quiet_from_min=17 * 60, quiet_to_min=19 * 60, digest="daily", digest_min=18 * 60)
    assert release_at(at(10, 12), "kudos", habits, BERLIN) == at(10, 19)


def test_without_quiet_hours_no_minute_is_quiet() -> None:
    assert not any(is_quiet(minute, quiet_from_min=None, quiet_to_min=None) for minute in range(1440))


def test_a_minute_that_the_clocks_jump_over_or_show_twice_comes_once() -> None:
    # In Berlin 2026 clocks jump from 2 to 3 on 29 March and from 3 back to 2 on 25 October.
    spring = next_at(datetime(2026, 3, 28, 12, tzinfo=UTC), 150, BERLIN)
    assert spring == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    autumn = next_at(datetime(2026, 10, 24, 12, tzinfo=UTC), 150, BERLIN)
    assert autumn == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_at(autumn, 150, BERLIN) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_every_kind_has_words_in_every_language() -> None:
    assert set(TEXTS) == set(LANGUAGES)
    for texts in TEXTS.values():
        assert set(texts) == set(KINDS) | {"several", "hidden", "test"}
        for name, text in texts.items():
            fields = {field for _, field, _, _ in Formatter().parse(text) if field}
            assert fields == {field for _, field, _, _ in Formatter().parse(TEXTS["en"][name]) if field}, (name, text)


def test_several_things_are_one_message_and_hidden_ones_say_nothing() -> None:
    told = [Told(uuid4(), "kudos", "Ada", uuid4()), Told(uuid4(), "comment", "Bob", uuid4())]
    assert message(told, language="en", hides_text=False).body == "2 things are new."
    one = message(told[:1], language="de-AT", hides_text=False)
    assert (one.body, one.url) == ("Ada hat dir Kudos gegeben.", f"/community/posts/{told[0].subject_id}")
    hidden = message(told[:1], language="en", hides_text=True)
    assert (hidden.body, hidden.url) == ("Something is new.", "/notices")
