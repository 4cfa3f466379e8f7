"""Passkeys (WebAuthn): made, used to sign in without a password, used to confirm a change."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any, Final, Literal
from urllib.parse import urlsplit
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from topform.core.errors import ConflictError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.accounts.errors import (
    PasskeyInvalidError,
    PasskeyRefusedError,
    PasskeysUnavailableError,
    WrongPasskeyError,
)
from topform.features.accounts.history import write_down_and_tell
from topform.features.accounts.passkey_repository import PasskeyRepository
from topform.features.accounts.passkey_schemas import NewPasskey, Passkey, PasskeyAssertion, PasskeyOptions
from topform.features.accounts.schemas import AccountHappening
from topform.features.accounts.tables import PasskeyChallengeRow, PasskeyRow
from topform.features.accounts.tokens import digest
from topform.features.athletes.public import get_athlete
from topform.platform.web.resources import Resources

ANSWER_WITHIN: Final = timedelta(minutes=5)
MOST_PASSKEYS: Final = 20
Purpose = Literal["register", "confirm", "sign_in"]

# What the library raises for bytes that are no answer of an authenticator.
_BROKEN: Final = (WebAuthnException, ValueError, TypeError, KeyError, IndexError)


class Passkeys:
    """The athlete's passkeys at this server's own address."""

    def __init__(self, resources: Resources) -> None:
        self._database = resources.database
        self._clock = resources.clock
        self._origins = list(resources.settings.trusted_origins())
        self._rp_id = urlsplit(self._origins[0]).hostname or "" if self._origins else ""

    async def registration_options(self, athlete_id: AthleteId) -> PasskeyOptions:
        """Return what a browser needs to make a passkey that can be found without an address and asks who uses it."""
        challenge = await self._challenge("register", athlete_id)
        async with self._database.transaction() as session:
            athlete = await get_athlete(session, athlete_id)
            known = await PasskeyRepository(session).of_athlete(athlete_id)
        options = generate_registration_options(
            rp_id=self._rp_id,
            rp_name="TopForm",
            user_id=athlete_id.bytes,
            user_name=athlete.email,
            user_display_name=athlete.display_name,
            challenge=challenge,
            timeout=int(ANSWER_WITHIN.total_seconds() * 1000),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=row.credential_id) for row in known],
        )
        return PasskeyOptions(public_key=json.loads(options_to_json(options)))

    async def add(self, athlete_id: AthleteId, form: NewPasskey) -> Passkey:
        """Check a new passkey, store it and tell the athlete by e-mail."""
        credential = form.credential.model_dump(by_alias=True)
        challenge = await self._answered(credential, "register", athlete_id)
        try:
            if challenge is None:
                raise ValueError("the challenge is not one of ours")
            verified = verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origins,
                require_user_verification=True,
            )
        except _BROKEN as error:
            raise PasskeyInvalidError(
                "The passkey could not be checked.", remedy="Begin again, on the address of this server."
            ) from error
        now = self._clock.now()
        row = PasskeyRow(
            id=new_id(),
            athlete_id=athlete_id,
            name=form.name,
            credential_id=verified.credential_id,
            public_key=verified.credential_public_key,
            sign_count=verified.sign_count,
            is_backed_up=verified.credential_backed_up,
            created_at=now,
            last_used_at=None,
        )
        async with self._database.transaction() as session:
            passkeys = PasskeyRepository(session)
            if len(await passkeys.of_athlete(athlete_id)) >= MOST_PASSKEYS:
                raise ConflictError(f"There are {MOST_PASSKEYS} passkeys already.", remedy="Remove one first.")
            if await passkeys.by_credential(row.credential_id) is not None:
                raise PasskeyInvalidError("This passkey is in use already.", remedy="Make a new one.")
            await passkeys.add(row)
            athlete = await get_athlete(session, athlete_id)
            await write_down_and_tell(
                session, athlete_id, AccountHappening.PASSKEY_ADDED, email=athlete.email, now=now, about=row.name
            )
            return Passkey.model_validate(row)

    async def remove(self, athlete_id: AthleteId, passkey_id: UUID) -> None:
        """Have a passkey open nothing any more, and tell the athlete by e-mail."""
        async with self._database.transaction() as session:
            if await PasskeyRepository(session).remove(athlete_id, passkey_id) is None:
                raise NotFoundError("There is no such passkey.", remedy="It may have been removed already.")
            athlete = await get_athlete(session, athlete_id)
            await write_down_and_tell(
                session, athlete_id, AccountHappening.PASSKEY_REMOVED, email=athlete.email, now=self._clock.now()
            )

    async def sign_in_options(self) -> PasskeyOptions:
        """Return what a browser needs to offer the passkeys it has for this server."""
        return self._request(await self._challenge("sign_in", None), [])

    async def confirmation_options(self, athlete_id: AthleteId) -> PasskeyOptions:
        """Return what a browser needs to have the athlete confirm a change with one of their passkeys."""
        challenge = await self._challenge("confirm", athlete_id)
        async with self._database.transaction() as session:
            known = await PasskeyRepository(session).of_athlete(athlete_id)
        return self._request(challenge, [PublicKeyCredentialDescriptor(id=row.credential_id) for row in known])

    async def owner(self, assertion: PasskeyAssertion) -> AthleteId:
        """Return whose passkey was used to sign in."""
        athlete_id = await self._verify(assertion, "sign_in", None)
        if athlete_id is None:
            raise PasskeyRefusedError(
                "This passkey opens no account here.", remedy="Try again, or sign in with your password."
            )
        return athlete_id

    async def confirm(self, athlete_id: AthleteId, assertion: PasskeyAssertion) -> None:
        """Refuse unless the passkey is the athlete's and answers a challenge made for it."""
        if await self._verify(assertion, "confirm", athlete_id) != athlete_id:
            raise WrongPasskeyError("This passkey confirms nothing here.", remedy="Try again with one of yours.")

    def _request(self, challenge: bytes, allowed: list[PublicKeyCredentialDescriptor]) -> PasskeyOptions:
        options = generate_authentication_options(
            rp_id=self._rp_id,
            challenge=challenge,
            timeout=int(ANSWER_WITHIN.total_seconds() * 1000),
            allow_credentials=allowed,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return PasskeyOptions(public_key=json.loads(options_to_json(options)))

    async def _challenge(self, purpose: Purpose, athlete_id: AthleteId | None) -> bytes:
        if not self._origins:
            raise PasskeysUnavailableError(
                "Passkeys need an address with a name and TLS.",
                remedy="Set TOPFORM_PUBLIC_URL to the https address that people open.",
            )
        challenge, now = secrets.token_bytes(32), self._clock.now()
        row = PasskeyChallengeRow(
            challenge_sha256=digest(challenge.hex()),
            purpose=purpose,
            athlete_id=athlete_id,
            expires_at=now + ANSWER_WITHIN,
        )
        async with self._database.transaction() as session:
            await PasskeyRepository(session).add_challenge(row, now=now)
        return challenge

    async def _answered(
        self, credential: dict[str, Any], purpose: Purpose, athlete_id: AthleteId | None
    ) -> bytes | None:
        """Return the challenge that a credential answers, if we made it for that and nobody has answered it."""
        try:
            challenge = base64url_to_bytes(
                json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))["challenge"]
            )
        except _BROKEN:
            return None
        async with self._database.transaction() as session:
            row = await PasskeyRepository(session).use_challenge(
                digest(challenge.hex()), purpose, now=self._clock.now()
            )
        return challenge if row is not None and row.athlete_id == athlete_id else None

    async def _verify(
        self, assertion: PasskeyAssertion, purpose: Purpose, athlete_id: AthleteId | None
    ) -> AthleteId | None:
        """Return the owner of the passkey, None when anything is wrong with its answer."""
        credential = assertion.model_dump(by_alias=True)
        challenge = await self._answered(credential, purpose, athlete_id)
        if challenge is None:
            return None
        async with self._database.transaction() as session:
            passkeys = PasskeyRepository(session)
            try:
                row = await passkeys.by_credential(base64url_to_bytes(assertion.raw_id))
                handle = assertion.response.user_handle
                if row is None or (handle and base64url_to_bytes(handle) != row.athlete_id.bytes):
                    return None
                verified = self._check(credential, challenge, row)
            except _BROKEN:
                return None
            await passkeys.note_use(
                row.id,
                sign_count=verified.new_sign_count,
                is_backed_up=verified.credential_backed_up,
                now=self._clock.now(),
            )
            return AthleteId(row.athlete_id)

    def _check(self, credential: dict[str, Any], challenge: bytes, row: PasskeyRow) -> VerifiedAuthentication:
        return verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=self._rp_id,
            expected_origin=self._origins,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
