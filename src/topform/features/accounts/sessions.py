"""Who is inside: sessions of browsers and of apps, and how an app's tokens are renewed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId, new_id
from topform.features.accounts.app_repository import AppRepository
from topform.features.accounts.chains import (
    ACCESS_LASTS,
    ACCESS_PREFIX,
    APP_ACCESS_PREFIX,
    GRACE,
    REFRESH_PREFIX,
    Link,
    TokenChains,
    is_fresh,
    read_link,
)
from topform.features.accounts.errors import RefreshReusedError, SessionEndedError
from topform.features.accounts.history import write_down, write_down_and_tell
from topform.features.accounts.repository import AccountRepository, StandingSession
from topform.features.accounts.schemas import AccountHappening, SessionKind, SessionTokens
from topform.features.accounts.standing import require_open
from topform.features.accounts.standing_repository import StandingRepository
from topform.features.accounts.tables import SessionRow
from topform.features.accounts.tokens import API_TOKEN_PREFIX, digest, new_token
from topform.features.athletes.public import get_athlete
from topform.platform.web.identity import Identity, Role
from topform.platform.web.resources import Resources

SESSION_LASTS: Final = timedelta(days=90)
SESSIONS_KEPT: Final = 50
TOUCH_EVERY: Final = timedelta(hours=1)


class Sessions:
    """Opens, recognises, renews and ends sessions."""

    def __init__(self, resources: Resources) -> None:
        self._database = resources.database
        self._clock = resources.clock
        self._chains = TokenChains(resources.settings.sealing_keys())

    async def open(
        self, session: AsyncSession, athlete_id: AthleteId, *, kind: SessionKind, device: str | None, now: datetime
    ) -> tuple[str | None, SessionTokens | None]:
        """Open a session for an athlete who has proven to be one; return its cookie or its tokens."""
        await require_open(session, athlete_id)
        cookie = new_token()
        row = SessionRow(
            token_sha256=digest(cookie),
            id=new_id(),
            athlete_id=athlete_id,
            device=device,
            created_at=now,
            last_seen_at=now,
            expires_at=now + SESSION_LASTS,
            generation=None if kind == "cookie" else 0,
            renewed_at=None if kind == "cookie" else now,
        )
        accounts = AccountRepository(session)
        await accounts.add_session(row, now=now)
        await accounts.trim_sessions(athlete_id, keep=SESSIONS_KEPT)
        await write_down(session, athlete_id, AccountHappening.SIGNED_IN, now=now, about=device)
        # Of a session with tokens the random value is never handed out: it is the chain's seed.
        return (cookie, None) if kind == "cookie" else (None, self._tokens(row, 0, now))

    async def identify(self, token: str) -> Identity | None:
        """Return whom a session or an API token belongs to, None when it is unknown or has expired."""
        now = self._clock.now()
        if token.startswith((API_TOKEN_PREFIX, APP_ACCESS_PREFIX)):
            return await self._program(token, now)
        link = read_link(token, ACCESS_PREFIX)
        async with self._database.reading() as session:
            accounts = AccountRepository(session)
            row = await (
                accounts.standing_session(digest(token), now=now)
                if link is None
                else accounts.standing_session_by_id(link.chain_id, now=now)
            )
        if row is None or row.is_locked or not self._opens(row, link, now):
            return None
        if now - row.last_seen_at > TOUCH_EVERY:
            async with self._database.transaction() as session:
                await AccountRepository(session).touch_session(row.id, now=now, expires_at=now + SESSION_LASTS)
        return Identity(AthleteId(row.athlete_id), session_id=row.id, role=Role(row.role))

    async def _program(self, token: str, now: datetime) -> Identity | None:
        async with self._database.transaction() as session:
            found = await (
                _api_token(AccountRepository(session), token, now)
                if token.startswith(API_TOKEN_PREFIX)
                else self._app(AppRepository(session), token, now)
            )
            standing = None if found is None else await StandingRepository(session).of(found.athlete_id)
            if found is None or standing is None:
                return found
            return None if standing.locked_at is not None else replace(found, role=Role(standing.role))

    async def renew(self, refresh_token: str) -> SessionTokens:
        """Return the next tokens of an app's session; a token that was used before ends the session.

        A token that another request has just used gets the same answer again, for half a minute.
        """
        link, now = read_link(refresh_token, REFRESH_PREFIX), self._clock.now()
        if link is None:
            raise _ended()
        async with self._database.transaction() as session:
            accounts = AccountRepository(session)
            row = await accounts.session_by_id(link.chain_id, now=now, lock=True)
            if row is None or row.renewed_at is None or row.generation is None:
                raise _ended()
            if not self._chains.is_authentic(link, row.token_sha256):
                raise _ended()
            if link.generation >= row.generation:
                # A later link than the stored one is ours as well: the database was restored from a backup.
                row.generation, row.renewed_at = link.generation + 1, now
                row.last_seen_at, row.expires_at = now, now + SESSION_LASTS
                return self._tokens(row, row.generation, now)
            if link.generation == row.generation - 1 and now - row.renewed_at <= GRACE:
                return self._tokens(row, row.generation, row.renewed_at)
            athlete_id = AthleteId(row.athlete_id)
            await accounts.end_session_of(athlete_id, row.id)
            athlete = await get_athlete(session, athlete_id)
            await write_down_and_tell(
                session, athlete_id, AccountHappening.SESSION_COPIED, email=athlete.email, now=now, about=row.device
            )
        raise RefreshReusedError(
            "This refresh token was used before; the session has been ended for safety.", remedy="Sign in again."
        )

    async def end(self, athlete_id: AthleteId, session_id: UUID | None) -> None:
        """End a session; its tokens and its cookie stop working at once."""
        if session_id is not None:
            async with self._database.transaction() as session:
                await AccountRepository(session).end_session_of(athlete_id, session_id)

    async def _app(self, apps: AppRepository, token: str, now: datetime) -> Identity | None:
        link = read_link(token, APP_ACCESS_PREFIX)
        row = None if link is None else await apps.grant(link.chain_id, now=now)
        if link is None or row is None or row.generation is None or not self._chains.is_authentic(link, row.seed):
            return None
        if not is_fresh(link, generation=row.generation, renewed_at=row.renewed_at, now=now):
            return None
        if row.last_used_at is None or now - row.last_used_at > TOUCH_EVERY:
            await apps.touch(row.id, now=now)
        return Identity(AthleteId(row.athlete_id), frozenset(row.scopes))

    def _opens(self, row: StandingSession, link: Link | None, now: datetime) -> bool:
        if link is None or row.generation is None or row.renewed_at is None:
            return link is None and row.generation is None
        return self._chains.is_authentic(link, row.token_sha256) and is_fresh(
            link, generation=row.generation, renewed_at=row.renewed_at, now=now
        )

    def _tokens(self, row: SessionRow, generation: int, since: datetime) -> SessionTokens:
        ends_at = (since + ACCESS_LASTS).replace(microsecond=0)
        seed = row.token_sha256
        return SessionTokens(
            token=self._chains.write(ACCESS_PREFIX, row.id, generation, seed=seed, ends_at=ends_at),
            expires_at=ends_at,
            refresh_token=self._chains.write(REFRESH_PREFIX, row.id, generation, seed=seed),
        )


async def _api_token(accounts: AccountRepository, token: str, now: datetime) -> Identity | None:
    row = await accounts.api_token(digest(token), now=now)
    if row is None:
        return None
    if row.last_used_at is None or now - row.last_used_at > TOUCH_EVERY:
        await accounts.touch_api_token(row.id, now=now)
    return Identity(AthleteId(row.athlete_id), frozenset(row.scopes))


def _ended() -> SessionEndedError:
    return SessionEndedError("The session has ended.", remedy="Sign in again.")
