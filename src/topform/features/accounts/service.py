"""Signing up, in and out."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.clock import Clock
from topform.core.errors import RateLimitedError
from topform.core.ids import AthleteId
from topform.features.accounts.attempts import Attempts
from topform.features.accounts.errors import (
    AccountLockedError,
    EmailTakenError,
    SignUpClosedError,
    WrongCredentialsError,
)
from topform.features.accounts.passwords import Passwords
from topform.features.accounts.repository import AccountRepository
from topform.features.accounts.schemas import SignedIn, SignIn, SignUp
from topform.features.athletes.public import Athlete, add_athlete, find_athlete, get_athlete
from topform.platform.database import Database

SESSION_LASTS = timedelta(days=90)
SESSIONS_KEPT = 50
TOUCH_EVERY = timedelta(hours=1)
LOCK_AFTER = 10
LOCK_FOR = timedelta(minutes=15)


class Accounts:
    """The door: who may come in, and who is inside."""

    def __init__(self, database: Database, clock: Clock, *, sign_up_open: bool) -> None:
        self._database = database
        self._clock = clock
        self._sign_up_open = sign_up_open
        self._passwords = Passwords()
        self._attempts = Attempts()

    async def sign_up(self, form: SignUp, *, address: str) -> SignedIn:
        """Create an athlete with a password and sign them in."""
        if not self._sign_up_open:
            raise SignUpClosedError(
                "This server accepts no new accounts.", remedy="Ask the person who runs it for an account."
            )
        if not await self._attempts.may_sign_up(address):
            raise _too_many()
        password_hash = await self._passwords.hash(form.password.get_secret_value())
        now = self._clock.now()
        async with self._database.transaction() as session:
            athlete = await add_athlete(
                session,
                email=form.email,
                display_name=form.display_name,
                time_zone=form.time_zone,
                units=form.units,
                language=form.language,
                now=now,
            )
            if athlete is None:
                raise EmailTakenError("Someone has already signed up with this address.", remedy="Sign in instead.")
            athlete_id = AthleteId(athlete.id)
            await AccountRepository(session).add_credentials(athlete_id, password_hash, now=now)
            return SignedIn(athlete=athlete, token=await _open_session(session, athlete_id, now=now))

    async def sign_in(self, form: SignIn, *, address: str) -> SignedIn:
        """Check the password and open a session; attempts are limited by address and by account."""
        if not await self._attempts.may_sign_in(address):
            raise _too_many()
        now = self._clock.now()
        async with self._database.transaction() as session:
            athlete = await find_athlete(session, form.email)
            credentials = await AccountRepository(session).credentials(AthleteId(athlete.id)) if athlete else None
        if credentials is not None and credentials.locked_until is not None and credentials.locked_until > now:
            raise AccountLockedError(
                "Too many wrong passwords for this account.",
                remedy="Wait a quarter of an hour and try again.",
                retry_after_s=int((credentials.locked_until - now).total_seconds()) + 1,
            )
        stored = credentials.password_hash if credentials else None
        is_right, newer_hash = await self._passwords.verify(form.password.get_secret_value(), stored)
        if athlete is None or not is_right:
            if athlete is not None:
                async with self._database.transaction() as session:
                    await AccountRepository(session).count_failure(
                        AthleteId(athlete.id), now=now, lock_after=LOCK_AFTER, lock_for=LOCK_FOR
                    )
            raise WrongCredentialsError("The address or the password is wrong.", remedy="Check both and try again.")
        return await self._welcome(athlete, newer_hash, now=now)

    async def _welcome(self, athlete: Athlete, newer_hash: str | None, *, now: datetime) -> SignedIn:
        athlete_id = AthleteId(athlete.id)
        async with self._database.transaction() as session:
            accounts = AccountRepository(session)
            await accounts.forget_failures(athlete_id, now=now)
            if newer_hash is not None:
                await accounts.replace_hash(athlete_id, newer_hash, now=now)
            token = await _open_session(session, athlete_id, now=now)
            return SignedIn(athlete=await get_athlete(session, athlete_id), token=token)

    async def sign_out(self, token: str) -> None:
        """End the session of the token."""
        async with self._database.transaction() as session:
            await AccountRepository(session).end_session(_digest(token))

    async def identify(self, token: str) -> AthleteId | None:
        """Return the athlete of a session token, None when it is unknown or has expired."""
        now = self._clock.now()
        async with self._database.transaction() as session:
            accounts = AccountRepository(session)
            row = await accounts.session(_digest(token), now=now)
            if row is None:
                return None
            if now - row.last_seen_at > TOUCH_EVERY:
                await accounts.touch_session(row.token_sha256, now=now, expires_at=now + SESSION_LASTS)
            return AthleteId(row.athlete_id)


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


async def _open_session(session: AsyncSession, athlete_id: AthleteId, *, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    accounts = AccountRepository(session)
    await accounts.add_session(athlete_id, _digest(token), now=now, expires_at=now + SESSION_LASTS)
    await accounts.trim_sessions(athlete_id, keep=SESSIONS_KEPT)
    return token


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _too_many() -> RateLimitedError:
    return RateLimitedError("Too many attempts from this address.", remedy="Wait a minute and try again.")
