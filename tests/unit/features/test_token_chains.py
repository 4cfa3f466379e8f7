"""Links of token chains: who can write them, and what happens to those that were changed."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from topform.features.accounts.chains import ACCESS_PREFIX, GRACE, REFRESH_PREFIX, TokenChains, is_fresh, read_link

OLD_KEY, NEW_KEY = "k" * 40, "n" * 40
SEED = b"s" * 32
CHAIN = UUID("00000000-0000-4000-8000-000000000001")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_link_says_what_was_written_and_is_authentic_for_its_chain_only() -> None:
    chains = TokenChains([OLD_KEY])
    link = read_link(chains.write(ACCESS_PREFIX, CHAIN, 7, seed=SEED, ends_at=NOON), ACCESS_PREFIX)
    assert link is not None
    assert (link.chain_id, link.generation, link.ends_at_s) == (CHAIN, 7, 1_772_366_400)
    assert chains.is_authentic(link, SEED)
    assert not chains.is_authentic(link, b"t" * 32)


def test_every_changed_bit_is_seen() -> None:
    chains = TokenChains([OLD_KEY])
    token = chains.write(REFRESH_PREFIX, CHAIN, 7, seed=SEED)
    content = base64.urlsafe_b64decode(token.removeprefix(REFRESH_PREFIX) + "==")
    assert len(content) == 60
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        link = read_link(REFRESH_PREFIX + base64.urlsafe_b64encode(changed).decode().rstrip("="), REFRESH_PREFIX)
        assert link is not None
        assert not chains.is_authentic(link, SEED), place


def test_a_refresh_token_is_no_access_token() -> None:
    chains = TokenChains([OLD_KEY])
    token = chains.write(REFRESH_PREFIX, CHAIN, 7, seed=SEED)
    assert read_link(token, ACCESS_PREFIX) is None
    disguised = read_link(ACCESS_PREFIX + token.removeprefix(REFRESH_PREFIX), ACCESS_PREFIX)
    assert disguised is not None
    assert not chains.is_authentic(disguised, SEED)


def test_after_a_change_of_the_key_old_links_hold_while_the_old_key_is_kept() -> None:
    token = TokenChains([OLD_KEY]).write(ACCESS_PREFIX, CHAIN, 1, seed=SEED, ends_at=NOON)
    link = read_link(token, ACCESS_PREFIX)
    assert link is not None
    assert TokenChains([NEW_KEY, OLD_KEY]).is_authentic(link, SEED)
    assert not TokenChains([NEW_KEY]).is_authentic(link, SEED)


@pytest.mark.parametrize("text", ["", "tfa_", "tfa_%%%", "tfa_AAAA", "tfa_" + "A" * 81, "ä", "tfa_ä"])
def test_what_is_no_token_is_none(text: str) -> None:
    assert read_link(text, ACCESS_PREFIX) is None


@pytest.mark.parametrize(
    ("generation", "after_s", "fresh"),
    [(5, 0, True), (5, 899, True), (5, 900, False), (4, 30, True), (4, 31, False), (3, 0, False), (6, 0, False)],
)
def test_the_newest_link_opens_for_a_quarter_hour_and_the_one_before_for_the_grace(
    generation: int, after_s: int, fresh: bool
) -> None:
    chain_id = uuid4()
    chains = TokenChains([OLD_KEY])
    ends_at = NOON + timedelta(minutes=15)
    link = read_link(chains.write(ACCESS_PREFIX, chain_id, generation, seed=SEED, ends_at=ends_at), ACCESS_PREFIX)
    assert link is not None
    assert timedelta(seconds=30) == GRACE
    assert is_fresh(link, generation=5, renewed_at=NOON, now=NOON + timedelta(seconds=after_s)) is fresh
