"""What happened to an account is written down with it, once, for its owner alone."""

from __future__ import annotations

import pyotp
from tests.integration.features.test_account_security import FIREFOX, link_in, newest
from tests.integration.features.test_passkeys import add as add_passkey
from tests.integration.features.test_third_party_apps import registered
from tests.support.api import PASSWORD, Api, Person
from tests.support.passkeys import Authenticator

from topform.features.accounts.letters import NOTICES
from topform.features.accounts.public import AccountHappening
from topform.features.accounts.service import LOCK_AFTER

PROOF = {"password": PASSWORD}


async def history(person: Person) -> list[tuple[str, str | None]]:
    """Return what happened and what it was about, the oldest first."""
    items = (await person.get("/accounts/me/history?limit=200"))["items"]
    return [(one["what"], one["about"]) for one in reversed(items)]


async def sign_in(api: Api, person: Person, password: str = PASSWORD) -> int:
    """Sign in with Firefox and return the status."""
    async with api.client(headers={"User-Agent": FIREFOX}) as http:
        form = {"email": person.athlete["email"], "password": password}
        return (await http.post("/api/v1/sessions", json=form)).status_code


async def test_every_change_of_what_guards_an_account_is_written_down(api: Api, person: Person) -> None:
    await sign_in(api, person)
    (other,) = [one for one in (await person.get("/accounts/me/security"))["devices"] if not one["is_this_one"]]
    await person.call("DELETE", f"/accounts/me/devices/{other['id']}", status=204)
    await person.call("DELETE", "/accounts/me/devices", status=204)
    setup = await person.call("POST", "/accounts/me/authenticator", status=201, json=PROOF)
    code = {"code": pyotp.TOTP(setup["secret"]).now()}
    await person.call("PUT", "/accounts/me/authenticator", status=200, json=code)
    await person.call("POST", "/accounts/me/recovery-codes", status=201, json=PROOF)
    await person.call("POST", "/accounts/me/authenticator/removal", status=204, json=PROOF)
    passkey = await add_passkey(person, Authenticator())
    await person.call("POST", f"/accounts/me/passkeys/{passkey['id']}/removal", status=204, json=PROOF)
    form = {"name": "Spreadsheet", "scopes": ["activities:read"]}
    token = await person.call("POST", "/accounts/me/tokens", status=201, json=form)
    await person.call("DELETE", f"/accounts/me/tokens/{token['id']}", status=204)
    app = await registered(api, person)
    await app.code(person)
    await person.call("DELETE", f"/accounts/me/grants/{app.client_id}", status=204)
    await person.call("PUT", "/accounts/me/password", status=204, json={**PROOF, "new_password": PASSWORD + "!"})
    wish = {"password": PASSWORD + "!", "confirm_email": person.athlete["email"]}
    await person.call("POST", "/account/exports", status=202)
    await person.call("POST", "/account/erasure", status=202, json=wish)
    await person.call("DELETE", "/account/erasure", status=204)
    assert await history(person) == [
        ("signed_in", "Python"),
        ("signed_in", "Firefox on Linux"),
        ("device_signed_out", None),
        ("other_devices_signed_out", None),
        ("second_factor_added", None),
        ("recovery_codes_renewed", None),
        ("second_factor_removed", None),
        ("passkey_added", "Laptop"),
        ("passkey_removed", None),
        ("token_added", "Spreadsheet"),
        ("token_removed", None),
        ("app_allowed", "Coach"),
        ("app_revoked", None),
        ("password_changed", None),
        ("archive_ordered", None),
        ("deletion_ordered", None),
        ("deletion_taken_back", None),
    ]


async def test_a_lock_is_written_down_once_and_a_wrong_password_not(api: Api, person: Person) -> None:
    for _ in range(LOCK_AFTER - 1):
        assert await sign_in(api, person, "a wrong one") == 401
    assert await history(person) == [("signed_in", "Python")]
    assert [await sign_in(api, person, "a wrong one") for _ in range(3)] == [401, 429, 429]
    assert await history(person) == [("signed_in", "Python"), ("locked", None)]


async def test_another_address_and_a_forgotten_password_are_written_down(api: Api, person: Person) -> None:
    moved = f"moved-{person.athlete['email']}"
    await person.call("PUT", "/accounts/me/email", status=202, json={**PROOF, "email": moved})
    await api.work()
    async with api.client() as http:
        token = link_in(newest(api, "Confirm your new address for TopForm"))
        await http.put("/api/v1/accounts/email-verifications", json={"token": token})
        await http.post("/api/v1/accounts/password-resets", json={"email": moved})
        await api.work()
        token = link_in(newest(api, "A new password for TopForm"))
        await http.put("/api/v1/accounts/password-resets", json={"token": token, "password": PASSWORD})
        answer = await http.post("/api/v1/sessions", json={"email": moved, "password": PASSWORD})
    again = Person(api.client(headers={"Authorization": f"Bearer {answer.json()['token']}"}), person.athlete, "")
    assert [what for what, _ in await history(again)] == ["signed_in", "email_changed", "password_changed", "signed_in"]


async def test_pages_hold_ones_own_account_only(api: Api, person: Person) -> None:
    for _ in range(4):
        await sign_in(api, person)
    stranger = await api.sign_up()
    assert await history(stranger) == [("signed_in", "Python")]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await person.get("/accounts/me/history", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 5


def test_what_is_told_by_letter_is_written_down_in_the_same_words() -> None:
    assert set(NOTICES) <= set(AccountHappening)
