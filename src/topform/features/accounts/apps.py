"""Apps of others: registered, let in by athletes, given tokens (RFC 6749, 7636, 7009, 9207, 9700).

There is one way in: a code with PKCE (S256), to an address that was registered letter by letter.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from topform.core.errors import ConflictError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.accounts.app_repository import AppRepository
from topform.features.accounts.app_schemas import (
    AppAnswer,
    AppDecision,
    AppQuestion,
    AppRequest,
    Apps,
    AppTokens,
    GrantedApp,
    NewApp,
    RegisteredApp,
    ShownApp,
)
from topform.features.accounts.chains import (
    ACCESS_LASTS,
    APP_ACCESS_PREFIX,
    APP_REFRESH_PREFIX,
    GRACE,
    TokenChains,
    read_link,
)
from topform.features.accounts.errors import AppRequestError
from topform.features.accounts.history import write_down
from topform.features.accounts.schemas import AccountHappening
from topform.features.accounts.security import agree_to_assistants, scopes_of
from topform.features.accounts.tables import AppGrantRow, AppRow
from topform.features.accounts.tokens import digest, new_token
from topform.platform.web.resources import Resources

MOST_APPS: Final = 20
CODE_LASTS: Final = timedelta(minutes=1)
GRANT_LASTS: Final = timedelta(days=90)
"""From the last renewal."""
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class AppRefusedError(Exception):
    """An app gets no tokens; answered as RFC 6749, section 5.2 asks for."""

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


class ThirdPartyApps:
    """What apps of others may do, and who lets them."""

    def __init__(self, resources: Resources) -> None:
        settings = resources.settings
        self._database = resources.database
        self._clock = resources.clock
        self._chains = TokenChains(settings.sealing_keys())
        self.issuer = (settings.public_url or f"http://localhost:{settings.port}").rstrip("/")

    async def listed(self, athlete_id: AthleteId) -> Apps:
        """Return the apps that the athlete let in, and those they registered."""
        async with self._database.transaction() as session:
            apps = AppRepository(session)
            granted: dict[UUID, GrantedApp] = {}
            for grant, app in await apps.grants(athlete_id):
                entry = granted.setdefault(
                    app.id,
                    GrantedApp(
                        client_id=app.id, name=app.name, scopes=[], granted_at=grant.created_at, last_used_at=None
                    ),
                )
                entry.scopes = sorted({*entry.scopes, *grant.scopes})
                used = [at for at in (entry.last_used_at, grant.last_used_at) if at is not None]
                entry.last_used_at = max(used, default=None)
            return Apps(
                granted=list(granted.values()), registered=[_shown(row) for row in await apps.registered(athlete_id)]
            )

    async def register(self, athlete_id: AthleteId, form: NewApp) -> ShownApp:
        """Store an app; a confidential one gets a secret, which is shown once."""
        secret = new_token() if form.is_confidential else None
        row = AppRow(
            id=new_id(),
            athlete_id=athlete_id,
            name=form.name,
            redirect_uris=form.redirect_uris,
            secret_sha256=None if secret is None else digest(secret),
            created_at=self._clock.now(),
        )
        async with self._database.transaction() as session:
            apps = AppRepository(session)
            if len(await apps.registered(athlete_id)) >= MOST_APPS:
                raise ConflictError(f"There are {MOST_APPS} apps already.", remedy="Delete those nobody uses.")
            await apps.add(row)
        return ShownApp(**_shown(row).model_dump(), client_secret=secret)

    async def remove(self, athlete_id: AthleteId, client_id: UUID) -> None:
        """Delete an app of the athlete's; everybody's grants to it end."""
        async with self._database.transaction() as session:
            if not await AppRepository(session).remove(athlete_id, client_id):
                raise NotFoundError("There is no such app.", remedy="It may have been deleted already.")

    async def revoke(self, athlete_id: AthleteId, client_id: UUID) -> None:
        """Take back all that the athlete granted an app; its tokens stop working at once."""
        async with self._database.transaction() as session:
            if not await AppRepository(session).revoke(athlete_id, client_id):
                raise NotFoundError("This app has no access.", remedy="It may have been taken back already.")
            await write_down(session, athlete_id, AccountHappening.APP_REVOKED, now=self._clock.now())

    async def question(self, request: AppRequest, areas: Collection[str]) -> AppQuestion:
        """Return what an app asks for in words, or refuse what no honest app would send."""
        app, scopes = await self._checked(request, areas)
        parts = urlsplit(request.redirect_uri)
        return AppQuestion(name=app.name, scopes=scopes, leads_to=parts.hostname or parts.scheme)

    async def decide(self, athlete_id: AthleteId, decision: AppDecision, areas: Collection[str]) -> AppAnswer:
        """Return the address that leads back to the app, with a code where the athlete lets it in."""
        request = decision.request
        app, scopes = await self._checked(request, areas)
        answer = {"iss": self.issuer} | ({} if request.state is None else {"state": request.state})
        if decision.is_allowed:
            code, now = new_token(), self._clock.now()
            row = AppGrantRow(
                id=new_id(),
                client_id=app.id,
                athlete_id=athlete_id,
                scopes=scopes,
                redirect_uri=request.redirect_uri,
                code_sha256=digest(code),
                code_challenge=request.code_challenge,
                seed=secrets.token_bytes(32),
                generation=None,
                renewed_at=now,
                created_at=now,
                last_used_at=None,
                expires_at=now + CODE_LASTS,
            )
            async with self._database.transaction() as session:
                apps = AppRepository(session)
                await apps.drop_expired(now=now)
                await agree_to_assistants(session, athlete_id, scopes, now=now)
                await apps.add(row)
                await write_down(session, athlete_id, AccountHappening.APP_ALLOWED, now=now, about=app.name)
            answer["code"] = code
        else:
            answer["error"] = "access_denied"
        separator = "&" if urlsplit(request.redirect_uri).query else "?"
        return AppAnswer(redirect_to=f"{request.redirect_uri}{separator}{urlencode(answer)}")

    async def exchange(
        self, client_id: str, secret: str | None, *, code: str, redirect_uri: str, verifier: str
    ) -> AppTokens:
        """Return the tokens for a code; a code that comes twice ends what the first one gave."""
        app, now = await self._client(client_id, secret), self._clock.now()
        async with self._database.transaction() as session:
            apps = AppRepository(session)
            row = await apps.grant_by_code(digest(code), now=now)
            if row is None or row.client_id != app.id:
                raise _invalid_grant()
            if row.generation is None:
                made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
                is_proven = _VERIFIER.fullmatch(verifier) is not None and hmac.compare_digest(made, row.code_challenge)
                if not is_proven or redirect_uri != row.redirect_uri:
                    raise _invalid_grant()
                row.generation, row.renewed_at, row.expires_at = 0, now, now + GRANT_LASTS
                return self._tokens(row)
            await apps.end(row.id)
        raise _invalid_grant()

    async def renew(self, client_id: str, secret: str | None, *, refresh_token: str, scope: str | None) -> AppTokens:
        """Return the next tokens; a refresh token that was used before ends the grant."""
        app, now = await self._client(client_id, secret), self._clock.now()
        link = read_link(refresh_token, APP_REFRESH_PREFIX)
        if link is None:
            raise _invalid_grant()
        async with self._database.transaction() as session:
            apps = AppRepository(session)
            row = await apps.grant(link.chain_id, now=now, lock=True)
            if row is None or row.generation is None or row.client_id != app.id:
                raise _invalid_grant()
            if not self._chains.is_authentic(link, row.seed):
                raise _invalid_grant()
            if scope is not None and not set(scope.split()) <= set(row.scopes):
                raise AppRefusedError("invalid_scope", "More than was granted.")
            if link.generation >= row.generation:
                row.generation, row.renewed_at = link.generation + 1, now
                row.last_used_at, row.expires_at = now, now + GRANT_LASTS
                return self._tokens(row)
            if link.generation == row.generation - 1 and now - row.renewed_at <= GRACE:
                return self._tokens(row)
            await apps.end(row.id)
        raise _invalid_grant()

    async def withdraw(self, client_id: str, secret: str | None, *, token: str) -> None:
        """End the grant of a token at the app's own wish; unknown tokens are no error (RFC 7009, 2.2)."""
        app, now = await self._client(client_id, secret), self._clock.now()
        link = read_link(token, APP_REFRESH_PREFIX) or read_link(token, APP_ACCESS_PREFIX)
        if link is None:
            return
        async with self._database.transaction() as session:
            apps = AppRepository(session)
            row = await apps.grant(link.chain_id, now=now, lock=True)
            if row is not None and row.client_id == app.id and self._chains.is_authentic(link, row.seed):
                await apps.end(row.id)

    async def _checked(self, request: AppRequest, areas: Collection[str]) -> tuple[AppRow, list[str]]:
        """Return the app and the scopes of a request; where anything is wrong nobody is led anywhere."""
        async with self._database.transaction() as session:
            app_id = _uuid(request.client_id)
            app = None if app_id is None else await AppRepository(session).app(app_id)
        if app is None:
            raise AppRequestError("This app is not registered here.", remedy="Tell the people who make it.")
        if request.redirect_uri not in app.redirect_uris:
            raise AppRequestError("The app wants to lead you to an address that it has not registered.")
        if request.response_type != "code":
            raise AppRequestError("The app asks in a way that is not safe; only codes are given.")
        if request.code_challenge_method != "S256" or _CHALLENGE.fullmatch(request.code_challenge) is None:
            raise AppRequestError("The app does not protect its code (PKCE with S256 is needed).")
        scopes = sorted(set(request.scope.split()))
        if not scopes or not set(scopes) <= set(scopes_of(areas)):
            raise AppRequestError("The app asks for something that does not exist.")
        return app, scopes

    async def _client(self, client_id: str, secret: str | None) -> AppRow:
        app_id = _uuid(client_id)
        async with self._database.transaction() as session:
            app = None if app_id is None else await AppRepository(session).app(app_id)
        is_known = app is not None and (
            (app.secret_sha256 is None and secret is None)
            or (app.secret_sha256 is not None and hmac.compare_digest(app.secret_sha256, digest(secret or "")))
        )
        if app is None or not is_known:
            raise AppRefusedError("invalid_client", "The app is unknown or its secret is wrong.", status=401)
        return app

    def _tokens(self, row: AppGrantRow) -> AppTokens:
        generation, now = row.generation or 0, self._clock.now()
        ends_at = (row.renewed_at + ACCESS_LASTS).replace(microsecond=0)
        return AppTokens(
            access_token=self._chains.write(APP_ACCESS_PREFIX, row.id, generation, seed=row.seed, ends_at=ends_at),
            expires_in=max(int((ends_at - now).total_seconds()), 0),
            refresh_token=self._chains.write(APP_REFRESH_PREFIX, row.id, generation, seed=row.seed),
            scope=" ".join(row.scopes),
        )


def _shown(row: AppRow) -> RegisteredApp:
    return RegisteredApp(
        client_id=row.id,
        name=row.name,
        redirect_uris=row.redirect_uris,
        is_confidential=row.secret_sha256 is not None,
        created_at=row.created_at,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _invalid_grant() -> AppRefusedError:
    return AppRefusedError("invalid_grant", "The code or token is unknown, used, too old, or not for this app.")
