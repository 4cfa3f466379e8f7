"""Consent: off by default, given to the words that were shown, withdrawn at any time, kept as a ledger."""

from __future__ import annotations

from tests.support.api import Api, Person

PURPOSE = "improve_form_model"


async def consent(person: Person, *, given: bool, version: str | None = "1", status: int = 200) -> dict:
    said = {"is_given": given, "text_version": version}
    return await person.call("PUT", f"/consents/{PURPOSE}", status=status, json=said)


async def test_nothing_is_agreed_to_until_somebody_says_so(person: Person) -> None:
    (offered,) = (await person.get("/consents"))["items"]
    assert (offered["purpose"], offered["is_given"], offered["history"]) == (PURPOSE, False, [])
    assert "withdraw" in offered["text"]


async def test_the_ledger_keeps_when_it_was_given_and_withdrawn(person: Person) -> None:
    assert (await consent(person, given=True))["is_given"] is True
    again = await consent(person, given=True)
    assert len(again["history"]) == 1
    gone = await consent(person, given=False, version=None)
    assert gone["is_given"] is False
    assert (await consent(person, given=False))["history"] == gone["history"]
    renewed = await consent(person, given=True)
    assert [entry["withdrawn_at"] is None for entry in renewed["history"]] == [False, True]
    assert renewed["history"][0] == gone["history"][0]


async def test_only_the_words_that_hold_now_can_be_agreed_to(person: Person) -> None:
    for version in (None, "0"):
        problem = await consent(person, given=True, version=version, status=422)
        assert "version 1" in problem["remedy"]
    assert (await person.get("/consents"))["items"][0]["is_given"] is False


async def test_consent_is_a_matter_of_the_person_not_of_their_programs(api: Api, person: Person) -> None:
    scopes = (await person.get("/accounts/me/tokens"))["scopes"]
    token = await person.call("POST", "/accounts/me/tokens", status=201, json={"name": "all", "scopes": scopes})
    async with api.client(headers={"Authorization": f"Bearer {token['token']}"}) as program:
        answer = await program.put(f"/api/v1/consents/{PURPOSE}", json={"is_given": True, "text_version": "1"})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
