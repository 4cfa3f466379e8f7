"""Devices, passwords, links by e-mail, authenticators and tokens of programs, over HTTP on a real database."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from sqlalchemy import text
from tests.support.api import PASSWORD, Api, Person, running

from topform.core.clock import FixedClock
from topform.features.accounts.public import invite
from topform.features.accounts.service import LOCK_AFTER
from topform.platform.settings import Settings

OTHER_PASSWORD = "staple battery horse correct"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def letters(api: Api) -> list[email.message.EmailMessage]:
    """The e-mails that were sent, the oldest first."""
    files = sorted((api.settings.data_dir / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]  # type: ignore[misc]


RESET = "A new password for TopForm"
CHANGE = "Confirm your new address for TopForm"


def newest(api: Api, subject: str) -> email.message.EmailMessage:
    """The letter with the subject that was written last; jobs of one round end in any order."""
    return [letter for letter in letters(api) if letter["Subject"] == subject][-1]


def link_in(letter: email.message.EmailMessage) -> str:
    """The token in the link of a letter."""
    (link,) = [line for line in letter.get_content().split() if line.startswith("http")]
    return parse_qs(urlsplit(link).query)["token"][0]


async def sign_in(api: Api, address: str, password: str, status: int, **fields: Any) -> dict[str, Any]:
    async with api.client() as http:
        answer = await http.post("/api/v1/sessions", json={"email": address, "password": password, **fields})
    assert answer.status_code == status, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def at(api: Api, now: datetime) -> None:
    """Set the clock of the door."""
    accounts = api.app.state.accounts
    for part in (accounts, accounts.sessions, api.app.state.security, api.app.state.email_links):
        part._clock = FixedClock(now)


# ---- devices --------------------------------------------------------------------------------------------------------


async def test_devices_are_listed_by_name_and_signed_out_one_by_one(api: Api, person: Person) -> None:
    async with api.client(headers={"User-Agent": FIREFOX}) as http:
        form = {"email": person.athlete["email"], "password": PASSWORD}
        other = (await http.post("/api/v1/sessions", json=form)).json()["token"]
    state = await person.get("/accounts/me/security")
    assert {(device["name"], device["is_this_one"]) for device in state["devices"]} == {
        ("Firefox on Linux", False),
        ("Python", True),
    }
    (phone,) = [device["id"] for device in state["devices"] if not device["is_this_one"]]
    await person.call("DELETE", f"/accounts/me/devices/{phone}", status=204)
    await person.call("DELETE", f"/accounts/me/devices/{phone}", status=404)
    async with api.client(headers={"Authorization": f"Bearer {other}"}) as http:
        assert (await http.get("/api/v1/athletes/me")).status_code == 401
    assert (await person.get("/athletes/me"))["id"] == person.athlete["id"]


async def test_nobody_signs_out_the_devices_of_another(api: Api, person: Person) -> None:
    stranger = await api.sign_up()
    (device,) = (await person.get("/accounts/me/security"))["devices"]
    await stranger.call("DELETE", f"/accounts/me/devices/{device['id']}", status=404)
    await stranger.call("DELETE", "/accounts/me/devices", status=204)
    await person.get("/athletes/me")


# ---- passwords and links --------------------------------------------------------------------------------------------


async def test_a_changed_password_signs_out_the_other_devices_and_is_told_by_letter(api: Api, person: Person) -> None:
    address = person.athlete["email"]
    other = (await sign_in(api, address, PASSWORD, 201))["token"]
    form = {"password": "not this one", "new_password": OTHER_PASSWORD}
    assert (await person.call("PUT", "/accounts/me/password", status=403, json=form))["code"] == "wrong_password"
    form = {"password": PASSWORD, "new_password": OTHER_PASSWORD}
    await person.call("PUT", "/accounts/me/password", status=204, json=form)
    await person.get("/athletes/me")
    async with api.client(headers={"Authorization": f"Bearer {other}"}) as http:
        assert (await http.get("/api/v1/athletes/me")).status_code == 401
    await sign_in(api, address, PASSWORD, 401)
    await sign_in(api, address, OTHER_PASSWORD, 201)
    await api.work()
    assert newest(api, "Your TopForm password was changed")["To"] == address


async def test_guessing_the_current_password_locks_the_account_too(person: Person) -> None:
    form = {"password": "not this one", "new_password": OTHER_PASSWORD}
    for _ in range(LOCK_AFTER):
        await person.call("PUT", "/accounts/me/password", status=403, json=form)
    locked = await person.call("PUT", "/accounts/me/password", status=429, json=form | {"password": PASSWORD})
    assert locked["code"] == "account_locked"


async def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(api: Api, person: Person) -> None:
    address = person.athlete["email"]
    async with api.client() as http:
        for asked in (address, "nobody@example.org"):
            answer = await http.post("/api/v1/accounts/password-resets", json={"email": asked})
            assert (answer.status_code, answer.content) == (202, b"")
        await api.work()
        (letter,) = [letter for letter in letters(api) if letter["Subject"] == "A new password for TopForm"]
        assert letter["To"] == address
        form = {"token": link_in(letter), "password": OTHER_PASSWORD}
        assert (await http.put("/api/v1/accounts/password-resets", json=form)).status_code == 204
        again = await http.put("/api/v1/accounts/password-resets", json=form)
        assert (again.status_code, again.json()["code"]) == (422, "link_invalid")
    await person.call("GET", "/athletes/me", status=401)
    signed_in = await sign_in(api, address, OTHER_PASSWORD, 201)
    async with api.client(headers={"Authorization": f"Bearer {signed_in['token']}"}) as http:
        assert (await http.get("/api/v1/accounts/me/security")).json()["email_verified"] is True


async def test_a_reset_unlocks_an_account_that_somebody_else_has_locked(api: Api, person: Person) -> None:
    address = person.athlete["email"]
    for _ in range(LOCK_AFTER):
        await sign_in(api, address, "a guess", 401)
    await sign_in(api, address, PASSWORD, 429)
    async with api.client() as http:
        await http.post("/api/v1/accounts/password-resets", json={"email": address})
        await api.work()
        form = {"token": link_in(newest(api, RESET)), "password": OTHER_PASSWORD}
        assert (await http.put("/api/v1/accounts/password-resets", json=form)).status_code == 204
    await sign_in(api, address, OTHER_PASSWORD, 201)


async def test_a_link_is_too_old_after_its_time_and_a_newer_one_replaces_it(api: Api, person: Person) -> None:
    now = datetime.now(UTC)
    async with api.client() as http:
        ask = {"email": person.athlete["email"]}
        await http.post("/api/v1/accounts/password-resets", json=ask)
        await api.work()
        first = link_in(newest(api, RESET))
        await http.post("/api/v1/accounts/password-resets", json=ask)
        await api.work()
        assert link_in(newest(api, RESET)) == first, "a second letter within a minute"
        await at(api, now + timedelta(minutes=2))
        await http.post("/api/v1/accounts/password-resets", json=ask)
        await api.work()
        second = link_in(newest(api, RESET))
        assert second != first
        for token, moment in ((first, now), (second, now + timedelta(hours=2))):
            await at(api, moment)
            answer = await http.put("/api/v1/accounts/password-resets", json={"token": token, "password": PASSWORD})
            assert answer.json()["code"] == "link_invalid"


async def test_neither_links_nor_codes_nor_tokens_are_stored_as_they_are(api: Api, person: Person) -> None:
    await api.work()
    token = link_in(letters(api)[-1])
    secret = (await person.call("POST", "/accounts/me/authenticator", status=201, json={"password": PASSWORD}))[
        "secret"
    ]
    codes = await person.call("PUT", "/accounts/me/authenticator", status=200, json={"code": pyotp.TOTP(secret).now()})
    form = {"name": "Watch", "scopes": ["activities:read"]}
    shown = await person.call("POST", "/accounts/me/tokens", status=201, json=form)
    async with api.resources.database.transaction() as session:
        tables = await session.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() OR schemaname = 'public'")
        )
        for table in tables.all():
            rows = (await session.execute(text(f'SELECT t::text FROM "{table}" t'))).scalars()
            content = "\n".join(rows)
            for hidden in (token, secret, shown["token"], codes["codes"][0], codes["codes"][0].replace("-", "")):
                assert hidden not in content, table


async def test_the_address_is_proven_by_the_letter_that_signing_up_sends(api: Api) -> None:
    ada = await api.sign_up(email="ada@example.org", language="de", display_name="Ada")
    assert (await ada.get("/accounts/me/security"))["email_verified"] is False
    await api.work()
    (letter,) = letters(api)
    assert (letter["To"], letter["Subject"]) == ("ada@example.org", "Bestätige deine Adresse für TopForm")
    assert letter.get_content().startswith("Hallo Ada,")
    async with api.client() as http:
        answer = await http.put("/api/v1/accounts/email-verifications", json={"token": link_in(letter)})
    assert answer.json() == {"email": "ada@example.org"}
    assert (await ada.get("/accounts/me/security"))["email_verified"] is True


async def test_another_address_counts_once_its_reader_has_followed_the_link(api: Api) -> None:
    ada = await api.sign_up(email="ada@example.org")
    form = {"email": "Countess@example.org", "password": PASSWORD}
    assert (await ada.call("PUT", "/accounts/me/email", status=403, json=form | {"password": "x"}))["code"] == (
        "wrong_password"
    )
    await ada.call("PUT", "/accounts/me/email", status=202, json=form)
    await api.work()
    assert (await ada.get("/athletes/me"))["email"] == "ada@example.org"
    letter = newest(api, CHANGE)
    assert letter["To"] == "countess@example.org"
    async with api.client() as http:
        await http.put("/api/v1/accounts/email-verifications", json={"token": link_in(letter)})
    assert (await ada.get("/athletes/me"))["email"] == "countess@example.org"
    await api.work()
    assert (letters(api)[-1]["To"], letters(api)[-1]["Subject"]) == (
        "ada@example.org",
        "Your TopForm account has a new address",
    )
    await sign_in(api, "countess@example.org", PASSWORD, 201)


async def test_an_address_that_someone_has_taken_meanwhile_stays_theirs(api: Api) -> None:
    ada = await api.sign_up(email="ada@example.org")
    await ada.call("PUT", "/accounts/me/email", status=202, json={"email": "b@example.org", "password": PASSWORD})
    await api.work()
    token = link_in(newest(api, CHANGE))
    await api.sign_up(email="b@example.org")
    async with api.client() as http:
        answer = await http.put("/api/v1/accounts/email-verifications", json={"token": token})
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    assert (await ada.get("/athletes/me"))["email"] == "ada@example.org"


def open_to_others(folder: Path) -> list[Path]:
    return [path for path in (folder, *folder.iterdir()) if path.stat().st_mode & 0o077]


async def test_no_finished_job_keeps_the_address_of_a_letter(api: Api, person: Person) -> None:
    jobs = text("SELECT count(*) FILTER (WHERE args ? 'email'), count(*) FROM procrastinate_jobs")
    await person.call("PUT", "/accounts/me/email", status=202, json={"email": "new@example.org", "password": PASSWORD})
    async with api.resources.database.transaction() as session:
        assert (await session.execute(jobs)).one()[0] > 0
    await api.work()
    async with api.resources.database.transaction() as session:
        with_address, kept = (await session.execute(jobs)).one()
    assert with_address == 0
    assert kept > 0


async def test_letters_can_be_read_by_their_owner_only(api: Api, person: Person) -> None:
    await api.work()
    assert letters(api)
    assert open_to_others(api.settings.data_dir / "outbox") == []


# ---- authenticator --------------------------------------------------------------------------------------------------


async def with_authenticator(person: Person) -> tuple[pyotp.TOTP, list[str]]:
    proof = {"password": PASSWORD}
    setup = await person.call("POST", "/accounts/me/authenticator", status=201, json=proof)
    totp = pyotp.parse_uri(setup["address"])
    assert isinstance(totp, pyotp.TOTP)
    assert totp.issuer == "TopForm"
    assert totp.secret == setup["secret"]
    confirmed = await person.call("PUT", "/accounts/me/authenticator", status=200, json={"code": totp.now()})
    return totp, confirmed["codes"]


async def test_with_an_authenticator_the_password_alone_opens_nothing(api: Api, person: Person) -> None:
    address = person.athlete["email"]
    totp, _ = await with_authenticator(person)
    assert (await person.get("/accounts/me/security"))["authenticator"] is True
    assert (await sign_in(api, address, PASSWORD, 401))["code"] == "second_factor_required"
    assert (await sign_in(api, address, PASSWORD, 401, code="000000"))["code"] == "second_factor_wrong"
    later = datetime.now(UTC) + timedelta(minutes=5)
    await at(api, later)
    code = totp.at(later)
    assert (await sign_in(api, address, "not this one", 401, code=code))["code"] == "wrong_credentials"
    await sign_in(api, address, PASSWORD, 201, code=code)
    assert (await sign_in(api, address, PASSWORD, 401, code=code))["code"] == "second_factor_wrong", "used twice"


async def test_an_authenticator_counts_only_after_its_first_code(api: Api, person: Person) -> None:
    await person.call("POST", "/accounts/me/authenticator", status=201, json={"password": PASSWORD})
    await sign_in(api, person.athlete["email"], PASSWORD, 201)
    refused = await person.call("PUT", "/accounts/me/authenticator", status=401, json={"code": "000000"})
    assert refused["code"] == "second_factor_wrong"
    assert (await person.get("/accounts/me/security"))["authenticator"] is False


async def test_a_recovery_code_works_once_however_it_is_typed(api: Api, person: Person) -> None:
    address = person.athlete["email"]
    _, codes = await with_authenticator(person)
    assert len(set(codes)) == 10
    await sign_in(api, address, PASSWORD, 201, code=codes[0].upper().replace("-", " "))
    await sign_in(api, address, PASSWORD, 401, code=codes[0])
    assert (await person.get("/accounts/me/security"))["recovery_codes_left"] == 9
    renewed = await person.call("POST", "/accounts/me/recovery-codes", status=201, json={"password": PASSWORD})
    await sign_in(api, address, PASSWORD, 401, code=codes[1])
    await sign_in(api, address, PASSWORD, 201, code=renewed["codes"][1])


async def test_guessing_codes_locks_the_account(api: Api, person: Person) -> None:
    address = person.athlete["email"]
    await with_authenticator(person)
    for _ in range(LOCK_AFTER):
        await sign_in(api, address, PASSWORD, 401, code="000000")
    assert (await sign_in(api, address, PASSWORD, 429, code="000000"))["code"] == "account_locked"


async def test_removing_the_authenticator_needs_the_password_and_is_told(api: Api, person: Person) -> None:
    await with_authenticator(person)
    await person.call("POST", "/accounts/me/authenticator/removal", status=403, json={"password": "a guess"})
    await person.call("POST", "/accounts/me/authenticator/removal", status=204, json={"password": PASSWORD})
    await sign_in(api, person.athlete["email"], PASSWORD, 201)
    await api.work()
    assert newest(api, "Your TopForm account no longer asks for a code")


async def test_the_qr_code_is_square_with_a_light_border(person: Person) -> None:
    setup = await person.call("POST", "/accounts/me/authenticator", status=201, json={"password": PASSWORD})
    rows = setup["qr_rows"]
    assert {len(row) for row in rows} == {len(rows)}
    assert all(set(row) == {"0"} for row in (*rows[:4], *rows[-4:]))
    assert rows[4][4:11] == "1111111"  # a finder pattern


# ---- tokens of programs ---------------------------------------------------------------------------------------------


async def program(api: Api, person: Person, *scopes: str, **fields: Any) -> Person:
    form = {"name": "A program", "scopes": list(scopes)} | fields
    shown = await person.call("POST", "/accounts/me/tokens", status=201, json=form)
    return Person(api.client(headers={"Authorization": f"Bearer {shown['token']}"}), person.athlete, shown["token"])


async def test_a_token_reaches_as_far_as_its_scopes(api: Api, person: Person) -> None:
    reader = await program(api, person, "activities:read")
    assert (await reader.get("/activities"))["items"] == []
    refused = await reader.upload("a.fit", b"x", status=403)
    assert (refused["code"], refused["scope"]) == ("scope_missing", "activities:write")
    assert (await reader.get("/fitness", status=403))["scope"] == "training_load:read"
    writer = await program(api, person, "activities:write")
    await writer.get("/activities")
    await writer.upload("a.fit", b"x")


@pytest.mark.parametrize("path", ["/accounts/me/security", "/accounts/me/tokens"])
async def test_no_token_opens_the_account_itself(api: Api, person: Person, path: str) -> None:
    scopes = (await person.get("/accounts/me/tokens"))["scopes"]
    assert not [scope for scope in scopes if scope.startswith(("accounts:", "privacy:"))]
    everything = await program(api, person, *scopes)
    assert (await everything.get(path, status=403))["code"] == "scope_missing"


async def test_a_deleted_or_expired_token_opens_nothing(api: Api, person: Person) -> None:
    deleted = await program(api, person, "activities:read")
    await deleted.get("/activities")
    (listed,) = (await person.get("/accounts/me/tokens"))["items"]
    assert listed["last_used_at"] is not None
    assert "token" not in listed
    stranger = await api.sign_up()
    await stranger.call("DELETE", f"/accounts/me/tokens/{listed['id']}", status=404)
    await person.call("DELETE", f"/accounts/me/tokens/{listed['id']}", status=204)
    await deleted.get("/activities", status=401)
    brief = await program(api, person, "activities:read", lasts_days=1)
    await brief.get("/activities")
    await at(api, datetime.now(UTC) + timedelta(days=2))
    await brief.get("/activities", status=401)


async def test_a_scope_that_does_not_exist_is_refused(person: Person) -> None:
    form = {"name": "A program", "scopes": ["accounts:write"]}
    refused = await person.call("POST", "/accounts/me/tokens", status=422, json=form)
    assert refused["code"] == "scope_unknown"


# ---- invitations ----------------------------------------------------------------------------------------------------


async def test_with_invitations_only_each_lets_one_person_in(settings: Settings) -> None:
    async with running(settings.model_copy(update={"sign_up": "invite"})) as api:
        form = {"email": "ada@example.org", "password": PASSWORD, "display_name": "Ada"}
        async with api.client() as http:
            refused = await http.post("/api/v1/accounts", json=form)
            assert (refused.status_code, refused.json()["code"]) == (403, "invitation_invalid")
            async with api.resources.database.transaction() as session:
                token = await invite(session, now=datetime.now(UTC))
            assert (await http.post("/api/v1/accounts", json=form | {"invitation": token})).status_code == 201
            again = await http.post("/api/v1/accounts", json=form | {"email": "b@example.org", "invitation": token})
            assert (again.status_code, again.json()["code"]) == (403, "invitation_invalid")


async def test_a_failed_sign_up_leaves_the_invitation(settings: Settings) -> None:
    async with running(settings.model_copy(update={"sign_up": "invite"})) as api:
        async with api.resources.database.transaction() as session:
            first, second = [await invite(session, now=datetime.now(UTC)) for _ in range(2)]
        form = {"email": "ada@example.org", "password": PASSWORD, "display_name": "Ada"}
        async with api.client() as http:
            assert (await http.post("/api/v1/accounts", json=form | {"invitation": first})).status_code == 201
            taken = await http.post("/api/v1/accounts", json=form | {"invitation": second})
            assert taken.json()["code"] == "email_taken"
            form["email"] = "b@example.org"
            assert (await http.post("/api/v1/accounts", json=form | {"invitation": second})).status_code == 201
