"""Signing up, in and out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import RateLimitedError
from topform.core.ids import AthleteId
from topform.features.accounts.attempts import Attempts
from topform.features.accounts.authenticator import matching_step, recovery_digest, second_factor_place
from topform.features.accounts.errors import (
    AccountLockedError,
    EmailTakenError,
    InvitationError,
    SecondFactorRequiredError,
    SignUpClosedError,
    WrongCodeError,
    WrongCredentialsError,
    WrongPasswordError,
)
from topform.features.accounts.history import write_down
from topform.features.accounts.passkey_schemas import PasskeyOptions
from topform.features.accounts.passkeys import Passkeys
from topform.features.accounts.passwords import Passwords
from topform.features.accounts.repository import AccountRepository
from topform.features.accounts.schemas import (
    AccountHappening,
    PasskeySignIn,
    Proof,
    SessionKind,
    SessionTokens,
    SignIn,
    SignUp,
)
from topform.features.accounts.sessions import Sessions
from topform.features.accounts.tables import CredentialsRow
from topform.features.accounts.tasks import SEND_LINK_TASK, VERIFY
from topform.features.accounts.tokens import digest, new_token
from topform.features.athletes.public import Athlete, add_athlete, find_athlete, get_athlete, require_plain_name
from topform.platform.jobs import defer
from topform.platform.sealed_secrets import SecretSealer
from topform.platform.web.rate_limits import RateLimits
from topform.platform.web.resources import Resources

LOCK_AFTER = 10
LOCK_FOR = timedelta(minutes=15)
INVITATION_LASTS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who came in, with the cookie or the tokens of the new session."""

    athlete: Athlete
    cookie: str | None
    tokens: SessionTokens | None


class Accounts:
    """The door: who may come in, and who is inside."""

    def __init__(self, resources: Resources, sessions: Sessions, limits: RateLimits) -> None:
        self._database = resources.database
        self._clock = resources.clock
        self._sign_up = resources.settings.sign_up
        self._sealer = SecretSealer(resources.settings.sealing_keys())
        self.sessions = sessions
        self.passkeys = Passkeys(resources)
        self.passwords = Passwords()
        self.attempts = Attempts(limits)

    async def sign_up(self, form: SignUp, *, address: str, device: str | None) -> Entry:
        """Create an athlete with a password and sign them in."""
        if self._sign_up == "closed":
            raise SignUpClosedError(
                "This server accepts no new accounts.", remedy="Ask the person who runs it for an account."
            )
        if not await self.attempts.may_sign_up(address):
            raise _too_many()
        require_plain_name(form.display_name)
        password_hash = await self.passwords.hash(form.password.get_secret_value())
        now = self._clock.now()
        async with self._database.transaction() as session:
            accounts = AccountRepository(session)
            if self._sign_up == "invite" and not await accounts.use_invitation(digest(form.invitation or ""), now=now):
                raise InvitationError(
                    "This server takes new accounts by invitation only, and this invitation does not work.",
                    remedy="Ask the person who runs the server for a new invitation.",
                )
            athlete = await add_athlete(
                session,
                email=form.email,
                display_name=form.display_name,
                time_zone=form.time_zone,
                units=form.units,
                language=form.language,
                birth_date=form.birth_date,
                now=now,
            )
            if athlete is None:
                raise EmailTakenError("Someone has already signed up with this address.", remedy="Sign in instead.")
            athlete_id = AthleteId(athlete.id)
            await accounts.add_credentials(athlete_id, password_hash, now=now)
            await defer(session, SEND_LINK_TASK, athlete_id=athlete_id, purpose=VERIFY, email=athlete.email)
            cookie, tokens = await self.sessions.open(session, athlete_id, kind=form.session, device=device, now=now)
            return Entry(athlete, cookie, tokens)

    async def sign_in(self, form: SignIn, *, address: str, device: str | None) -> Entry:
        """Check the password, and the code where there is an authenticator, and open a session.

        Attempts are limited by address and by account.
        """
        if not await self.attempts.may_sign_in(address):
            raise _too_many()
        now = self._clock.now()
        async with self._database.transaction() as session:
            athlete = await find_athlete(session, form.email)
            credentials = await AccountRepository(session).credentials(AthleteId(athlete.id)) if athlete else None
        _require_unlocked(credentials, now)
        stored = credentials.password_hash if credentials else None
        is_right, newer_hash = await self.passwords.verify(form.password.get_secret_value(), stored)
        if athlete is None or not is_right:
            if athlete is not None:
                await self._count_failure(AthleteId(athlete.id), now)
            raise WrongCredentialsError("The address or the password is wrong.", remedy="Check both and try again.")
        await self.check_second_factor(AthleteId(athlete.id), form.code, now=now)
        return await self._welcome(athlete, newer_hash, kind=form.session, device=device, now=now)

    async def begin_passkey_sign_in(self, *, address: str) -> PasskeyOptions:
        """Return what a browser needs to offer its passkeys."""
        if not await self.attempts.may_sign_in(address):
            raise _too_many()
        return await self.passkeys.sign_in_options()

    async def sign_in_with_passkey(self, form: PasskeySignIn, *, address: str, device: str | None) -> Entry:
        """Open a session for the owner of a passkey; a lock after wrong passwords does not stop it."""
        if not await self.attempts.may_sign_in(address):
            raise _too_many()
        athlete_id = await self.passkeys.owner(form.credential)
        now = self._clock.now()
        async with self._database.transaction() as session:
            cookie, tokens = await self.sessions.open(session, athlete_id, kind=form.session, device=device, now=now)
            return Entry(await get_athlete(session, athlete_id), cookie, tokens)

    async def confirm(self, athlete_id: AthleteId, proof: Proof) -> None:
        """Refuse unless the password or the passkey is the athlete's."""
        if proof.passkey is not None:
            await self.passkeys.confirm(athlete_id, proof.passkey)
        elif proof.password is not None:
            await self.confirm_password(athlete_id, proof.password.get_secret_value())

    async def confirm_password(self, athlete_id: AthleteId, password: str) -> None:
        """Refuse unless the password is the athlete's; wrong ones count towards the lock of the account."""
        now = self._clock.now()
        async with self._database.transaction() as session:
            credentials = await AccountRepository(session).credentials(athlete_id)
        _require_unlocked(credentials, now)
        is_right, _ = await self.passwords.verify(password, credentials.password_hash if credentials else None)
        if not is_right:
            await self._count_failure(athlete_id, now)
            raise WrongPasswordError("The password is wrong.", remedy="Check it and try again.")

    async def check_second_factor(self, athlete_id: AthleteId, code: str | None, *, now: datetime) -> None:
        """Refuse unless the code is right, where the account has an authenticator app."""
        async with self._database.transaction() as session:
            factor = await AccountRepository(session).second_factor(athlete_id)
        if factor is None or factor.confirmed_at is None:
            return
        if code is None:
            raise SecondFactorRequiredError(
                "The code of your authenticator app is needed as well.",
                remedy="Send it, or one of your recovery codes, with the password.",
            )
        secret = self._sealer.open(factor.sealed_secret, place=second_factor_place(athlete_id))
        if not await self._use_code(athlete_id, secret, code, now=now):
            await self._count_failure(athlete_id, now)
            raise WrongCodeError(
                "The code is wrong or has been used.",
                remedy="Wait for the next code, check the clock of your phone, or use a recovery code.",
            )
        if not self._sealer.is_current(factor.sealed_secret):
            sealed = self._sealer.seal(secret, place=second_factor_place(athlete_id))
            async with self._database.transaction() as session:
                await AccountRepository(session).reseal_second_factor(athlete_id, factor.sealed_secret, sealed)

    async def _use_code(self, athlete_id: AthleteId, secret: str, code: str, *, now: datetime) -> bool:
        typed = code.replace(" ", "")
        async with self._database.transaction() as session:
            accounts = AccountRepository(session)
            step = matching_step(secret, typed, now=now)
            if step is not None:
                return await accounts.use_step(athlete_id, step)
            return await accounts.use_recovery_code(athlete_id, recovery_digest(typed))

    async def _count_failure(self, athlete_id: AthleteId, now: datetime) -> None:
        async with self._database.transaction() as session:
            is_locked = await AccountRepository(session).count_failure(
                athlete_id, now=now, lock_after=LOCK_AFTER, lock_for=LOCK_FOR
            )
            if is_locked:
                await write_down(session, athlete_id, AccountHappening.LOCKED, now=now)

    async def _welcome(
        self, athlete: Athlete, newer_hash: str | None, *, kind: SessionKind, device: str | None, now: datetime
    ) -> Entry:
        athlete_id = AthleteId(athlete.id)
        async with self._database.transaction() as session:
            accounts = AccountRepository(session)
            await accounts.forget_failures(athlete_id, now=now)
            if newer_hash is not None:
                await accounts.replace_hash(athlete_id, newer_hash, now=now)
            cookie, tokens = await self.sessions.open(session, athlete_id, kind=kind, device=device, now=now)
            return Entry(await get_athlete(session, athlete_id), cookie, tokens)

    async def renew(self, refresh_token: str, *, address: str) -> SessionTokens:
        """Return the next tokens of an app's session."""
        if not await self.attempts.may_renew(address):
            raise _too_many()
        return await self.sessions.renew(refresh_token)


async def add_local_athlete(
    session: AsyncSession, *, email: str, display_name: str, time_zone: str, now: datetime
) -> tuple[Athlete, str]:
    """Add an athlete for a command of the machine's owner and return it with its generated password."""
    password = secrets.token_urlsafe(12)
    password_hash = await Passwords().hash(password)
    athlete = await add_athlete(
        session, email=email, display_name=display_name, time_zone=time_zone, units="metric", language="en", now=now
    )
    if athlete is None:
        raise EmailTakenError(f"There is already an athlete {email}.")
    await AccountRepository(session).add_credentials(AthleteId(athlete.id), password_hash, now=now)
    return athlete, password


async def invite(session: AsyncSession, *, now: datetime) -> str:
    """Return an invitation that lets one person sign up, for a command of the machine's owner."""
    token = new_token()
    await AccountRepository(session).add_invitation(digest(token), now=now, expires_at=now + INVITATION_LASTS)
    return token


def _require_unlocked(credentials: CredentialsRow | None, now: datetime) -> None:
    if credentials is not None and credentials.locked_until is not None and credentials.locked_until > now:
        raise AccountLockedError(
            "Too many wrong passwords for this account.",
            remedy="Wait a quarter of an hour and try again, or reset the password.",
            retry_after_s=int((credentials.locked_until - now).total_seconds()) + 1,
        )


def _too_many() -> RateLimitedError:
    return RateLimitedError("Too many attempts from this address.", remedy="Wait a minute and try again.")
