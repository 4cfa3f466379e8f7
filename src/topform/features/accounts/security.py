"""What athletes can do for the safety of their account: devices, password, authenticator, tokens of programs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.accounts.authenticator import (
    matching_step,
    new_recovery_codes,
    new_secret,
    qr_rows,
    recovery_digest,
    second_factor_place,
    setup_address,
)
from topform.features.accounts.errors import SecondFactorStateError, UnknownScopeError, WrongCodeError
from topform.features.accounts.history import account_history, write_down, write_down_and_tell
from topform.features.accounts.identity_repository import IdentityRepository
from topform.features.accounts.identity_schemas import LinkedIdentity
from topform.features.accounts.passkey_repository import PasskeyRepository
from topform.features.accounts.passkey_schemas import Passkey
from topform.features.accounts.repository import AccountRepository
from topform.features.accounts.schemas import (
    AccountHappening,
    AccountHistory,
    ApiToken,
    ApiTokens,
    AuthenticatorSetup,
    Device,
    NewApiToken,
    NewPasswordForm,
    Proof,
    RecoveryCodes,
    SecurityState,
    ShownApiToken,
)
from topform.features.accounts.service import Accounts
from topform.features.accounts.tables import ApiTokenRow, SecondFactorRow
from topform.features.accounts.tokens import digest, new_api_token
from topform.features.athletes.public import get_athlete
from topform.features.consents.public import ConsentPurpose, record_consent
from topform.platform.sealed_secrets import SecretSealer
from topform.platform.web.identity import Role
from topform.platform.web.resources import Resources

MOST_TOKENS = 50
ASSISTANT_SCOPES: Final = frozenset({"assistant:read", "assistant:write"})


class Security:
    """The athlete's side of the door."""

    def __init__(self, resources: Resources, accounts: Accounts) -> None:
        self._database = resources.database
        self._clock = resources.clock
        self._accounts = accounts
        self._sealer = SecretSealer(resources.settings.sealing_keys())

    async def state(self, athlete_id: AthleteId, session_id: UUID | None, role: Role) -> SecurityState:
        """Return how the account is secured and which devices are signed in; session and role are the asking one's."""
        async with self._database.transaction() as session:
            accounts = AccountRepository(session)
            credentials = await accounts.credentials(athlete_id)
            factor = await accounts.second_factor(athlete_id)
            rows = await accounts.sessions(athlete_id, now=self._clock.now())
            codes_left = await accounts.recovery_codes_left(athlete_id)
            passkeys = await PasskeyRepository(session).of_athlete(athlete_id)
            identities = await IdentityRepository(session).of_athlete(athlete_id)
        is_on = factor is not None and factor.confirmed_at is not None
        return SecurityState(
            role=role,
            email_verified=credentials is not None and credentials.email_verified_at is not None,
            authenticator=is_on,
            recovery_codes_left=codes_left if is_on else 0,
            passkeys=[Passkey.model_validate(row) for row in passkeys],
            identities=[LinkedIdentity.model_validate(row) for row in identities],
            devices=[
                Device(
                    id=row.id,
                    name=row.device,
                    signed_in_at=row.created_at,
                    last_seen_at=row.last_seen_at,
                    is_this_one=row.id == session_id,
                )
                for row in rows
            ],
        )

    async def history(self, athlete_id: AthleteId, *, cursor: str | None, limit: int) -> AccountHistory:
        """Return a page of what happened to the account, newest first."""
        async with self._database.reading() as session:
            return await account_history(session, athlete_id, cursor=cursor, limit=limit)

    async def sign_out_device(self, athlete_id: AthleteId, session_id: UUID) -> None:
        """End the session of one device."""
        async with self._database.transaction() as session:
            if not await AccountRepository(session).end_session_of(athlete_id, session_id):
                raise NotFoundError("There is no such device.", remedy="It may have signed out already.")
            await write_down(session, athlete_id, AccountHappening.DEVICE_SIGNED_OUT, now=self._clock.now())

    async def sign_out_others(self, athlete_id: AthleteId, session_id: UUID | None) -> None:
        """End all sessions but the one that asks."""
        async with self._database.transaction() as session:
            await AccountRepository(session).end_sessions(athlete_id, but=session_id)
            await write_down(session, athlete_id, AccountHappening.OTHER_DEVICES_SIGNED_OUT, now=self._clock.now())

    async def change_password(self, athlete_id: AthleteId, form: NewPasswordForm, session_id: UUID | None) -> None:
        """Store a new password, sign out the other devices and tell the athlete by e-mail."""
        await self._accounts.confirm(athlete_id, form)
        password_hash = await self._accounts.passwords.hash(form.new_password.get_secret_value())
        now = self._clock.now()
        async with self._database.transaction() as session:
            accounts = AccountRepository(session)
            await accounts.replace_hash(athlete_id, password_hash, now=now)
            await accounts.forget_failures(athlete_id, now=now)
            await accounts.end_sessions(athlete_id, but=session_id)
            athlete = await get_athlete(session, athlete_id)
            await write_down_and_tell(
                session, athlete_id, AccountHappening.PASSWORD_CHANGED, email=athlete.email, now=now
            )

    # ---- authenticator ----------------------------------------------------------------------------------------------

    async def set_up_authenticator(self, athlete_id: AthleteId, proof: Proof) -> AuthenticatorSetup:
        """Return a new shared secret; it counts once a code made with it has been given."""
        await self._accounts.confirm(athlete_id, proof)
        secret = new_secret()
        async with self._database.transaction() as session:
            accounts = AccountRepository(session)
            factor = await accounts.second_factor(athlete_id)
            if factor is not None and factor.confirmed_at is not None:
                raise SecondFactorStateError(
                    "There is an authenticator app for this account already.", remedy="Remove it first."
                )
            await accounts.replace_second_factor(
                SecondFactorRow(
                    athlete_id=athlete_id,
                    sealed_secret=self._sealer.seal(secret, place=second_factor_place(athlete_id)),
                    created_at=self._clock.now(),
                    last_step=0,
                )
            )
            athlete = await get_athlete(session, athlete_id)
        address = setup_address(secret, email=athlete.email)
        return AuthenticatorSetup(secret=secret, address=address, qr_rows=qr_rows(address))

    async def confirm_authenticator(self, athlete_id: AthleteId, code: str) -> RecoveryCodes:
        """Have the authenticator count after its first code; return the recovery codes, which are shown once."""
        now = self._clock.now()
        async with self._database.transaction() as session:
            accounts = AccountRepository(session)
            factor = await accounts.second_factor(athlete_id)
            if factor is None or factor.confirmed_at is not None:
                raise SecondFactorStateError("No authenticator app waits for its first code.", remedy="Set one up.")
            secret = self._sealer.open(factor.sealed_secret, place=second_factor_place(athlete_id))
            step = matching_step(secret, code.replace(" ", ""), now=now)
            if step is None or not await accounts.use_step(athlete_id, step):
                raise WrongCodeError(
                    "The code is wrong.", remedy="Check the clock of your phone and try the next code."
                )
            await accounts.confirm_second_factor(athlete_id, now=now)
            await write_down(session, athlete_id, AccountHappening.SECOND_FACTOR_ADDED, now=now)
            return await _new_recovery_codes(accounts, athlete_id)

    async def renew_recovery_codes(self, athlete_id: AthleteId, proof: Proof) -> RecoveryCodes:
        """Return new recovery codes; the old ones stop working."""
        await self._accounts.confirm(athlete_id, proof)
        async with self._database.transaction() as session:
            accounts = AccountRepository(session)
            factor = await accounts.second_factor(athlete_id)
            if factor is None or factor.confirmed_at is None:
                raise SecondFactorStateError("There is no authenticator app for this account.", remedy="Set one up.")
            await write_down(session, athlete_id, AccountHappening.RECOVERY_CODES_RENEWED, now=self._clock.now())
            return await _new_recovery_codes(accounts, athlete_id)

    async def remove_authenticator(self, athlete_id: AthleteId, proof: Proof) -> None:
        """Ask for the password only from now on, and tell the athlete by e-mail."""
        await self._accounts.confirm(athlete_id, proof)
        async with self._database.transaction() as session:
            accounts = AccountRepository(session)
            factor = await accounts.second_factor(athlete_id)
            await accounts.remove_second_factor(athlete_id)
            if factor is not None and factor.confirmed_at is not None:
                athlete = await get_athlete(session, athlete_id)
                await write_down_and_tell(
                    session,
                    athlete_id,
                    AccountHappening.SECOND_FACTOR_REMOVED,
                    email=athlete.email,
                    now=self._clock.now(),
                )

    # ---- tokens of programs -----------------------------------------------------------------------------------------

    async def api_tokens(self, athlete_id: AthleteId, areas: Collection[str]) -> ApiTokens:
        """Return the athlete's tokens and what a token can be made for."""
        async with self._database.transaction() as session:
            rows = await AccountRepository(session).api_tokens(athlete_id)
        return ApiTokens(items=[ApiToken.model_validate(row) for row in rows], scopes=scopes_of(areas))

    async def add_api_token(self, athlete_id: AthleteId, form: NewApiToken, areas: Collection[str]) -> ShownApiToken:
        """Make a token for a program and return it; it is shown once."""
        if unknown := sorted(set(form.scopes) - set(scopes_of(areas))):
            raise UnknownScopeError(
                f"There is no scope {', '.join(unknown)}.", remedy=f"Choose from {', '.join(scopes_of(areas))}."
            )
        now, token = self._clock.now(), new_api_token()
        row = ApiTokenRow(
            id=new_id(),
            athlete_id=athlete_id,
            name=form.name,
            token_sha256=digest(token),
            scopes=sorted(set(form.scopes)),
            created_at=now,
            expires_at=None if form.lasts_days is None else now + timedelta(days=form.lasts_days),
        )
        async with self._database.transaction() as session:
            accounts = AccountRepository(session)
            if len(await accounts.api_tokens(athlete_id)) >= MOST_TOKENS:
                raise ConflictError(f"There are {MOST_TOKENS} tokens already.", remedy="Delete those you do not use.")
            await agree_to_assistants(session, athlete_id, row.scopes, now=now)
            await accounts.add_api_token(row)
            await write_down(session, athlete_id, AccountHappening.TOKEN_ADDED, now=now, about=row.name)
            return ShownApiToken(**ApiToken.model_validate(row).model_dump(), token=token)

    async def delete_api_token(self, athlete_id: AthleteId, token_id: UUID) -> None:
        """Have a token stop working at once."""
        async with self._database.transaction() as session:
            if not await AccountRepository(session).delete_api_token(athlete_id, token_id):
                raise NotFoundError("There is no such token.", remedy="It may have been deleted already.")
            await write_down(session, athlete_id, AccountHappening.TOKEN_REMOVED, now=self._clock.now())


async def agree_to_assistants(
    session: AsyncSession, athlete_id: AthleteId, scopes: Collection[str], *, now: datetime
) -> None:
    """Write the yes down that letting a program in as an assistant says."""
    if ASSISTANT_SCOPES & set(scopes):
        await record_consent(session, athlete_id, ConsentPurpose.ASSISTANT, now=now)


def scopes_of(areas: Collection[str]) -> list[str]:
    """Return the scopes that exist for the areas of the API; events can only be read."""
    return sorted(
        f"{area}:{right}" for area in areas for right in ("read", "write") if (area, right) != ("events", "write")
    )


async def _new_recovery_codes(accounts: AccountRepository, athlete_id: AthleteId) -> RecoveryCodes:
    codes = new_recovery_codes()
    await accounts.replace_recovery_codes(athlete_id, [recovery_digest(code) for code in codes])
    return RecoveryCodes(codes=codes)
