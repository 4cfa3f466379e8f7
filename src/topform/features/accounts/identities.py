"""Signing in with an account elsewhere, and linking one with the athlete's own."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.accounts.errors import (
    IdentityRefusedError,
    IdentityTakenError,
    IdentityUnknownError,
    IdentityUnlinkedError,
)
from topform.features.accounts.history import write_down, write_down_and_tell
from topform.features.accounts.identity_repository import IdentityRepository
from topform.features.accounts.identity_schemas import IdentityProviderOffer, LinkedIdentity, ProviderAnswer
from topform.features.accounts.openid import Claims, OpenIdProvider, Question
from topform.features.accounts.schemas import AccountHappening, IdentitySignIn
from topform.features.accounts.service import Accounts, Entry
from topform.features.accounts.tables import IdentityFlowRow, IdentityRow
from topform.features.accounts.tokens import digest
from topform.features.athletes.public import Athlete, find_athlete, get_athlete
from topform.platform.sealed_secrets import SecretSealer
from topform.platform.web.resources import Resources

OPEN_FOR: Final = timedelta(minutes=10)
CALLBACK_PATH: Final = "/identity"
Purpose = Literal["enter", "link"]


class Identities:
    """Accounts elsewhere, and what they open."""

    def __init__(self, resources: Resources, accounts: Accounts) -> None:
        settings = resources.settings
        self._database = resources.database
        self._clock = resources.clock
        self._accounts = accounts
        self._providers = settings.identity_providers
        self._sealer = SecretSealer(settings.sealing_keys())
        self._redirect_uri = (settings.public_url or f"http://localhost:{settings.port}").rstrip("/") + CALLBACK_PATH

    def offers(self) -> list[IdentityProviderOffer]:
        """Return where else one can sign in."""
        return [
            IdentityProviderOffer(id=name, name=settings.name or name.title())
            for name, settings in sorted(self._providers.items())
        ]

    async def begin(self, provider: str, purpose: Purpose, athlete_id: AthleteId | None = None) -> tuple[str, str]:
        """Return the provider's page, and a secret for the browser, which alone can go on from there."""
        question, browser = Question.new(purpose), secrets.token_urlsafe(32)
        async with self._opened(provider) as opened:
            url = await opened.authorization_url(question, redirect_uri=self._redirect_uri)
        now = self._clock.now()
        row = IdentityFlowRow(
            state_sha256=digest(question.state),
            provider=provider,
            purpose=purpose,
            athlete_id=athlete_id,
            browser_sha256=digest(browser),
            sealed_question=self._sealer.seal(
                json.dumps([question.nonce, question.verifier]), place=_place(question.state)
            ),
            is_answered=False,
            expires_at=now + OPEN_FOR,
        )
        async with self._database.transaction() as session:
            await IdentityRepository(session).add_flow(row, now=now)
        return url, browser

    async def enter(self, form: IdentitySignIn, *, browser: str | None, device: str | None) -> Entry:
        """Open a session for whom the provider's answer names.

        Somebody who is not linked yet, but whose proven address is an account's, links the two with its password.
        """
        now = self._clock.now()
        claims, provider = await self._answered(form, "enter", browser, None)
        async with self._database.transaction() as session:
            linked = await IdentityRepository(session).by_subject(claims.issuer, claims.subject)
            athlete = (
                await get_athlete(session, AthleteId(linked.athlete_id))
                if linked is not None
                else await find_athlete(session, claims.email)
                if claims.email is not None and claims.is_email_verified
                else None
            )
        if athlete is None:
            raise IdentityUnknownError(
                "Nobody here uses this account.", remedy="Sign in as usual and link it under Account security."
            )
        athlete_id = AthleteId(athlete.id)
        if linked is None:
            if form.password is None:
                raise IdentityUnlinkedError(
                    "There is an account with this address. Its password links the two.", remedy="Send the password."
                )
            await self._accounts.confirm_password(athlete_id, form.password.get_secret_value())
        await self._accounts.check_second_factor(athlete_id, form.second_factor, now=now)
        async with self._database.transaction() as session:
            identities = IdentityRepository(session)
            await _end_flow(identities, form.state, now)
            if linked is None:
                await identities.add(_link(provider, claims, athlete_id, now))
                await _tell(session, athlete, provider, now)
            else:
                await identities.note_use(linked.id, now=now)
            cookie, tokens = await self._accounts.sessions.open(
                session, athlete_id, kind=form.session, device=device, now=now
            )
            return Entry(athlete, cookie, tokens)

    async def link(self, athlete_id: AthleteId, form: ProviderAnswer, *, browser: str | None) -> LinkedIdentity:
        """Link an account elsewhere with the athlete who has just confirmed that they want it."""
        now = self._clock.now()
        claims, provider = await self._answered(form, "link", browser, athlete_id)
        if not claims.is_email_verified:
            raise IdentityRefusedError(
                "The identity provider has not proven the e-mail address of this account.",
                remedy="Confirm the address there, then begin again.",
            )
        async with self._database.transaction() as session:
            identities = IdentityRepository(session)
            await _end_flow(identities, form.state, now)
            if await identities.by_subject(claims.issuer, claims.subject) is not None:
                raise IdentityTakenError("This account is linked already.", remedy="Unlink it first, where it is.")
            row = _link(provider, claims, athlete_id, now)
            await identities.add(row)
            await _tell(session, await get_athlete(session, athlete_id), provider, now)
            return LinkedIdentity.model_validate(row)

    async def remove(self, athlete_id: AthleteId, identity_id: UUID) -> None:
        """Have an account elsewhere open nothing here any more."""
        async with self._database.transaction() as session:
            if not await IdentityRepository(session).remove(athlete_id, identity_id):
                raise NotFoundError("There is no such link.", remedy="It may have been removed already.")
            await write_down(session, athlete_id, AccountHappening.IDENTITY_UNLINKED, now=self._clock.now())

    async def _answered(
        self, form: ProviderAnswer, purpose: Purpose, browser: str | None, athlete_id: AthleteId | None
    ) -> tuple[Claims, str]:
        """Return whom a provider named: asked of it the first time, remembered while the flow waits for a password."""
        state_sha256, now = digest(form.state), self._clock.now()
        async with self._database.transaction() as session:
            flow = await IdentityRepository(session).flow(state_sha256, now=now)
            if (
                flow is None
                or flow.purpose != purpose
                or flow.athlete_id != athlete_id
                or not hmac.compare_digest(flow.browser_sha256, digest(browser or ""))
            ):
                raise _over()
            if flow.subject is not None and flow.issuer is not None:
                return Claims(flow.issuer, flow.subject, flow.email, flow.email is not None), flow.provider
            if flow.is_answered or flow.provider not in self._providers:
                raise _over()
            flow.is_answered = True
            provider, sealed = flow.provider, flow.sealed_question
        if form.code is None:
            raise _over()
        nonce, verifier = json.loads(self._sealer.open(sealed, place=_place(form.state)))
        async with self._opened(provider) as opened:
            claims = await opened.claims(
                Question(form.state, nonce, verifier),
                code=form.code,
                answered_by=form.iss,
                redirect_uri=self._redirect_uri,
                now=now,
            )
        async with self._database.transaction() as session:
            flow = await IdentityRepository(session).flow(state_sha256, now=now)
            if flow is not None:
                flow.issuer, flow.subject = claims.issuer, claims.subject
                flow.email = claims.email if claims.is_email_verified else None
        return claims, provider

    @asynccontextmanager
    async def _opened(self, provider: str) -> AsyncIterator[OpenIdProvider]:
        settings = self._providers.get(provider)
        if settings is None:
            raise NotFoundError("There is no such identity provider.", remedy="See `GET /accounts/state`.")
        opened = OpenIdProvider(provider, settings)
        try:
            yield opened
        finally:
            await opened.aclose()


async def _end_flow(identities: IdentityRepository, state: str, now: datetime) -> None:
    """Take the flow out of the table; of two requests that end it at once, one finds it gone."""
    if await identities.flow(digest(state), now=now) is None:
        raise _over()
    await identities.end_flow(digest(state))


def _link(provider: str, claims: Claims, athlete_id: AthleteId, now: datetime) -> IdentityRow:
    return IdentityRow(
        id=new_id(),
        athlete_id=athlete_id,
        provider=provider,
        issuer=claims.issuer,
        subject=claims.subject,
        email=claims.email or "",
        created_at=now,
        last_used_at=None,
    )


async def _tell(session: AsyncSession, athlete: Athlete, provider: str, now: datetime) -> None:
    athlete_id, what = AthleteId(athlete.id), AccountHappening.IDENTITY_LINKED
    await write_down_and_tell(session, athlete_id, what, email=athlete.email, now=now, about=provider)


def _place(state: str) -> str:
    return f"identity flow {digest(state).hex()}"


def _over() -> IdentityRefusedError:
    return IdentityRefusedError(
        "This sign-in is over, was declined, or was begun in another browser.", remedy="Begin again."
    )
