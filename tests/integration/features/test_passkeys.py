"""Passkeys over HTTP: made, used at the door and as a proof, and every answer that must be refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.integration.features.test_account_security import newest
from tests.support.api import PASSWORD, Api, Person, running
from tests.support.passkeys import USER_PRESENT, USER_VERIFIED, Authenticator, encoded

from topform.core.clock import FixedClock
from topform.features.accounts.passkeys import ANSWER_WITHIN
from topform.platform.settings import Settings


async def options_for_new(person: Person, status: int = 201, **proof: Any) -> dict[str, Any]:
    form = proof or {"password": PASSWORD}
    answer = await person.call("POST", "/accounts/me/passkeys/challenges", status=status, json=form)
    return answer["public_key"] if status == 201 else answer


async def add(person: Person, authenticator: Authenticator, name: str = "Laptop") -> dict[str, Any]:
    credential = authenticator.create(await options_for_new(person))
    form = {"name": name, "credential": credential}
    added: dict[str, Any] = await person.call("POST", "/accounts/me/passkeys", status=201, json=form)
    return added


async def begin(api: Api) -> dict[str, Any]:
    async with api.client() as http:
        answer = await http.post("/api/v1/sessions/passkey-challenges")
    assert answer.status_code == 201, answer.text
    options: dict[str, Any] = answer.json()["public_key"]
    return options


async def enter(api: Api, credential: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    async with api.client() as http:
        answer = await http.post("/api/v1/sessions/passkeys", json={"credential": credential})
    return answer.status_code, answer.json()


@pytest.fixture
def phone() -> Authenticator:
    """A device with room for a passkey."""
    return Authenticator()


async def test_a_passkey_opens_the_account_without_address_password_or_code(
    api: Api, person: Person, phone: Authenticator
) -> None:
    options = await options_for_new(person)
    assert options["rp"] == {"name": "TopForm", "id": "localhost"}
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    form = {"name": "Ada's phone", "credential": phone.create(options)}
    added = await person.call("POST", "/accounts/me/passkeys", status=201, json=form)
    (listed,) = (await person.get("/accounts/me/security"))["passkeys"]
    assert listed == added
    assert (added["name"], added["last_used_at"], added["is_backed_up"]) == ("Ada's phone", None, True)

    asked = await begin(api)
    assert asked["allowCredentials"] == []
    status, entered = await enter(api, phone.get(asked))
    assert status == 201
    assert entered["athlete"]["id"] == person.athlete["id"]
    async with api.client(headers={"Authorization": f"Bearer {entered['token']}"}) as http:
        (used,) = (await http.get("/api/v1/accounts/me/security")).json()["passkeys"]
    assert used["last_used_at"] is not None
    await api.work()
    assert newest(api, "A passkey was added to your TopForm account")["To"] == person.athlete["email"]


async def test_an_answer_works_once(api: Api, person: Person, phone: Authenticator) -> None:
    await add(person, phone)
    answer = phone.get(await begin(api))
    assert (await enter(api, answer))[0] == 201
    status, refused = await enter(api, answer)
    assert (status, refused["code"]) == (401, "passkey_refused")


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:3000"},
        {"rp_id": "evil.example"},
        {"flags": USER_PRESENT},
        {"flags": USER_VERIFIED},
        {"key": Authenticator().key},
        {"user_handle": b"\1" * 16},
        {"credential_id": b"unknown"},
    ],
    ids=lambda lie: f"{next(iter(lie))}",
)
async def test_a_wrong_answer_opens_nothing(
    api: Api, person: Person, phone: Authenticator, lie: dict[str, Any]
) -> None:
    await add(person, phone)
    status, refused = await enter(api, replace(phone, **lie).get(await begin(api)))
    assert (status, refused["code"]) == (401, "passkey_refused")


async def test_challenges_of_others_or_for_something_else_open_nothing(
    api: Api, person: Person, phone: Authenticator
) -> None:
    await add(person, phone)
    confirming = (await person.call("POST", "/accounts/me/passkey-challenges", status=201))["public_key"]
    assert (await enter(api, phone.get(confirming)))[0] == 401
    invented = {"challenge": encoded(b"x" * 32), "rpId": "localhost"}
    assert (await enter(api, phone.get(invented)))[0] == 401
    asked = await begin(api)
    api.app.state.accounts.passkeys._clock = FixedClock(datetime.now(UTC) + ANSWER_WITHIN + timedelta(seconds=2))
    assert (await enter(api, phone.get(asked)))[0] == 401


async def test_a_counter_that_goes_back_means_a_copy_and_is_refused(
    api: Api, person: Person, phone: Authenticator
) -> None:
    await add(person, phone)
    phone.sign_count = 5
    assert (await enter(api, phone.get(await begin(api))))[0] == 201
    assert (await enter(api, phone.get(await begin(api))))[0] == 401
    phone.sign_count = 6
    assert (await enter(api, phone.get(await begin(api))))[0] == 201


async def test_a_passkey_confirms_what_the_password_confirms(api: Api, person: Person, phone: Authenticator) -> None:
    await add(person, phone)
    stranger = await api.sign_up()

    async def proof() -> dict[str, Any]:
        asked = await person.call("POST", "/accounts/me/passkey-challenges", status=201)
        return {"passkey": phone.get(asked["public_key"])}

    form = {"new_password": "staple battery horse correct"}
    neither = await person.call("PUT", "/accounts/me/password", status=422, json=form)
    assert neither["code"] == "request_malformed"
    of_the_stranger = await stranger.call("POST", "/accounts/me/passkey-challenges", status=201)
    wrong = form | {"passkey": phone.get(of_the_stranger["public_key"])}
    assert (await person.call("PUT", "/accounts/me/password", status=403, json=wrong))["code"] == "wrong_passkey"
    borrowed = await proof()
    assert (await stranger.call("PUT", "/accounts/me/password", status=403, json=form | borrowed))[
        "code"
    ] == "wrong_passkey"
    await person.call("PUT", "/accounts/me/password", status=204, json=form | await proof())
    await person.call("POST", "/accounts/me/authenticator", status=201, json=await proof())
    erasure = {"confirm_email": person.athlete["email"]} | await proof()
    await person.call("POST", "/account/erasure", status=202, json=erasure)


@pytest.mark.parametrize(
    "lie", [{"origin": "https://evil.example"}, {"rp_id": "evil.example"}, {"flags": USER_PRESENT}]
)
async def test_a_passkey_made_elsewhere_is_not_kept(person: Person, phone: Authenticator, lie: dict[str, Any]) -> None:
    credential = replace(phone, **lie).create(await options_for_new(person))
    form = {"name": "Laptop", "credential": credential}
    assert (await person.call("POST", "/accounts/me/passkeys", status=422, json=form))["code"] == "passkey_invalid"
    assert (await person.get("/accounts/me/security"))["passkeys"] == []


async def test_nobody_registers_with_the_challenge_of_another_or_without_proof(
    api: Api, person: Person, phone: Authenticator
) -> None:
    assert (await options_for_new(person, 403, password="a guess"))["code"] == "wrong_password"
    stranger = await api.sign_up()
    form = {"name": "Mine", "credential": phone.create(await options_for_new(person))}
    assert (await stranger.call("POST", "/accounts/me/passkeys", status=422, json=form))["code"] == "passkey_invalid"


async def test_a_known_passkey_cannot_be_registered_by_a_second_account(
    api: Api, person: Person, phone: Authenticator
) -> None:
    await add(person, phone)
    stranger = await api.sign_up()
    form = {"name": "Mine", "credential": phone.create(await options_for_new(stranger))}
    assert (await stranger.call("POST", "/accounts/me/passkeys", status=422, json=form))["code"] == "passkey_invalid"


async def test_a_removed_passkey_opens_nothing(api: Api, person: Person, phone: Authenticator) -> None:
    added = await add(person, phone)
    path = f"/accounts/me/passkeys/{added['id']}/removal"
    stranger = await api.sign_up()
    await stranger.call("POST", path, status=404, json={"password": PASSWORD})
    await person.call("POST", path, status=403, json={"password": "a guess"})
    await person.call("POST", path, status=204, json={"password": PASSWORD})
    assert (await enter(api, phone.get(await begin(api))))[0] == 401


async def test_bytes_that_are_no_answer_are_refused_in_words(api: Api, person: Person, phone: Authenticator) -> None:
    await add(person, phone)
    for part in ("clientDataJSON", "authenticatorData", "signature", "userHandle"):
        for rubbish in ("", "AAAA", encoded(b'{"challenge": 5}')):
            answer = phone.get(await begin(api))
            answer["response"][part] = rubbish
            status, refused = await enter(api, answer)
            opens = part == "userHandle" and rubbish == ""
            assert (status, refused.get("code")) == ((201, None) if opens else (401, "passkey_refused")), part


async def test_without_a_proper_address_there_are_no_passkeys(settings: Settings) -> None:
    local = settings.model_copy(update={"public_url": "http://192.0.2.7:8000"})
    async with running(local) as api, api.client() as http:
        assert (await http.get("/api/v1/accounts/state")).json()["passkey_origins"] == []
        refused = await http.post("/api/v1/sessions/passkey-challenges")
        assert (refused.status_code, refused.json()["code"]) == (409, "passkeys_unavailable")
