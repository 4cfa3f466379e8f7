"""Stored secrets: nothing of them is readable, they open only in their place, and keys can be changed."""

from __future__ import annotations

import pytest

from topform.platform.sealed_secrets import SealBrokenError, SecretSealer

OLD = "an old key with more than thirty-two characters"
NEW = "a new key with more than thirty-two characters!"
TOKEN = "refresh-token-0123456789"


def test_a_sealed_text_opens_in_its_place_and_shows_nothing() -> None:
    sealer = SecretSealer([NEW])
    sealed = sealer.seal(TOKEN, place="connection/1")
    assert TOKEN not in sealed
    assert sealer.open(sealed, place="connection/1") == TOKEN
    assert sealer.seal(TOKEN, place="connection/1") != sealed, "the same text never looks the same twice"


def test_a_sealed_text_does_not_open_elsewhere() -> None:
    sealer = SecretSealer([NEW])
    with pytest.raises(SealBrokenError):
        sealer.open(sealer.seal(TOKEN, place="connection/1"), place="connection/2")


def test_old_texts_open_after_a_change_of_key_and_are_known_to_be_old() -> None:
    sealed = SecretSealer([OLD]).seal(TOKEN, place="p")
    after = SecretSealer([NEW, OLD])
    assert after.open(sealed, place="p") == TOKEN
    assert not after.is_current(sealed)
    assert after.is_current(after.seal(TOKEN, place="p"))
    with pytest.raises(SealBrokenError) as caught:
        SecretSealer([NEW]).open(sealed, place="p")
    assert "TOPFORM_PREVIOUS_SECRET_KEYS" in (caught.value.remedy or "")


@pytest.mark.parametrize("damaged", ["", "v1", "v1.x.y", "v2.00000000.AAAA", "v1.00000000.AAAA", "a.b.c.d", "v1..!!!"])
def test_anything_else_is_refused(damaged: str) -> None:
    with pytest.raises(SealBrokenError):
        SecretSealer([NEW]).open(damaged, place="p")


def test_one_changed_letter_is_noticed() -> None:
    sealer = SecretSealer([NEW])
    sealed = sealer.seal(TOKEN, place="p")
    for place in range(len(sealed.rsplit(".", 1)[0]) + 1, len(sealed) - 4):
        changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(SealBrokenError):
            sealer.open(changed, place="p")
