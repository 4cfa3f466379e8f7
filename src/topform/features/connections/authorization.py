"""Connecting a service: asking for permission, coming back with it, or handing over a key."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, InvalidInputError, PermissionDeniedError, SetupError
from topform.core.ids import AthleteId, new_id
from topform.features.athletes.public import get_athlete
from topform.features.connections.catalog import about_of, folder_of, open_provider, require_offered
from topform.features.connections.credentials import seal_credentials, sealer_of
from topform.features.connections.repository import ConnectionRepository
from topform.features.connections.runs import queue_run
from topform.features.connections.schemas import Authorization, AuthorizationAnswer
from topform.features.connections.tables import AuthorizationRow, ConnectionRow
from topform.platform.web.resources import Resources
from topform.providers.base import split_scopes
from topform.providers.errors import ProviderRateLimitedError, ProviderUnavailableError
from topform.providers.protocols import Credentials, SignInWay

OPEN_FOR: Final = timedelta(minutes=10)
CALLBACK_PATH: Final = "/devices/callback"
DEFAULT_YEARS: Final = 10
EARLIEST: Final = date(1990, 1, 1)
AGAIN: Final = "Try again later."


class PublicAddressMissingError(SetupError):
    """The server does not know the address under which people reach it."""

    code = "public_url_missing"


class AuthorizationEndedError(ConflictError):
    """The permission came back too late, twice, or to somebody else."""

    code = "authorization_ended"


class AuthorizationDeclinedError(PermissionDeniedError):
    """The athlete did not give permission on the service's page."""

    code = "authorization_declined"


async def start_authorization(
    resources: Resources, athlete_id: AthleteId, provider: str, *, since: date | None
) -> Authorization:
    """Return the page on which the athlete gives permission, and remember that they were sent there."""
    settings, now = resources.settings, resources.clock.now()
    require_offered(settings, provider, SignInWay.OAUTH)
    redirect_uri = _redirect_uri(settings.public_url)
    import_from = first_day_to_import(since, today=now.date())
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    async with open_provider(resources, provider) as opened:
        url = opened.authorization_url(redirect_uri=redirect_uri, state=state, code_challenge=challenge)
    row = AuthorizationRow(
        state_sha256=_digest(state),
        athlete_id=athlete_id,
        provider=provider,
        sealed_verifier=sealer_of(settings).seal(verifier, place=_place(state)),
        redirect_uri=redirect_uri,
        import_from=import_from,
        expires_at=now + OPEN_FOR,
    )
    async with resources.database.transaction() as session:
        repository = ConnectionRepository(session)
        await repository.forget_old_authorizations(now=now)
        await repository.add_authorization(row)
    return Authorization(authorization_url=url, redirect_uri=redirect_uri)


async def finish_authorization(
    resources: Resources, athlete_id: AthleteId, answer: AuthorizationAnswer
) -> ConnectionRow:
    """Exchange the code for credentials and begin the import.

    Only the athlete who asked can come back: otherwise somebody could have another person's data sent to themselves.
    """
    async with resources.database.transaction() as session:
        asked = await ConnectionRepository(session).take_authorization(
            athlete_id, _digest(answer.state), now=resources.clock.now()
        )
    if asked is None:
        raise AuthorizationEndedError(
            "This permission is not awaited any more.", remedy="Begin again with Connect; it is valid for ten minutes."
        )
    if answer.code is None:
        raise AuthorizationDeclinedError(
            "The service did not give permission.",
            remedy="Connect again and allow what is asked for.",
            reason=answer.error,
        )
    verifier = sealer_of(resources.settings).open(asked.sealed_verifier, place=_place(answer.state))
    async with open_provider(resources, asked.provider) as opened:
        with _nothing_stored_yet(asked.provider):
            credentials = await opened.exchange(
                code=answer.code, redirect_uri=asked.redirect_uri, code_verifier=verifier
            )
    if answer.scope:
        credentials = replace(credentials, scopes=split_scopes(answer.scope))
    return await store_connection(resources, athlete_id, asked.provider, credentials, import_from=asked.import_from)


async def connect_with_key(
    resources: Resources, athlete_id: AthleteId, provider: str, *, key: str, since: date | None
) -> ConnectionRow:
    """Try a personal key, store it and begin the import."""
    require_offered(resources.settings, provider, SignInWay.KEY)
    import_from = first_day_to_import(since, today=resources.clock.now().date())
    async with open_provider(resources, provider) as opened:
        with _nothing_stored_yet(provider):
            credentials = await opened.sign_in_with_key(key)
    return await store_connection(resources, athlete_id, provider, credentials, import_from=import_from)


async def connect_folder(resources: Resources, athlete_id: AthleteId) -> ConnectionRow:
    """Make the athlete's folder and begin to look into it."""
    require_offered(resources.settings, "folder", SignInWay.FOLDER)
    async with resources.database.transaction() as session:
        athlete = await get_athlete(session, athlete_id)
    folder = folder_of(resources.settings, athlete)
    try:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"Your folder cannot be made: {error.strerror}.",
            remedy="Ask the person who runs this server to look at TOPFORM_WATCH_DIR.",
        ) from error
    credentials = Credentials(access_token="", sign_in=SignInWay.FOLDER, account_name=folder.name)
    return await store_connection(
        resources, athlete_id, "folder", credentials, import_from=resources.clock.now().date()
    )


async def store_connection(
    resources: Resources,
    athlete_id: AthleteId,
    provider: str,
    credentials: Credentials,
    *,
    import_from: date,
) -> ConnectionRow:
    """Store the connection and queue its first import, in one transaction."""
    async with resources.database.transaction() as session:
        row = await _put(session, resources, athlete_id, provider, credentials, import_from)
        await queue_run(session, row, kind="back_fill", first=row.import_from, now=resources.clock.now())
    return row


async def _put(
    session: AsyncSession,
    resources: Resources,
    athlete_id: AthleteId,
    provider: str,
    credentials: Credentials,
    import_from: date,
) -> ConnectionRow:
    repository, now = ConnectionRepository(session), resources.clock.now()
    before = next((row for row in await repository.of_athlete(athlete_id) if row.provider == provider), None)
    if before is not None and before.state == "disconnecting":
        raise ConflictError("The service is just being disconnected.", remedy="Try again in a minute.")
    if before is not None and _is_other_account(before, credentials):
        raise ConflictError(
            "Another account of this service is connected.", remedy="Disconnect it first, then connect this one."
        )
    row_id: UUID = new_id() if before is None else before.id
    sealed = (
        None
        if credentials.sign_in is SignInWay.FOLDER
        else seal_credentials(sealer_of(resources.settings), row_id, credentials)
    )
    values: Mapping[str, Any] = {
        "id": row_id,
        "athlete_id": athlete_id,
        "provider": provider,
        "state": "active",
        "sign_in": credentials.sign_in.value,
        "account_id": credentials.account_id,
        "account_name": credentials.account_name,
        "scopes": list(credentials.scopes),
        "sealed_credentials": sealed,
        "import_from": import_from,
        "error": None,
        "created_at": now,
        "updated_at": now,
    }
    row = await repository.put(values)
    if row.id != row_id:
        raise ConflictError("The service was connected at the same moment.", remedy="Look at the list again.")
    return row


@contextmanager
def _nothing_stored_yet(provider: str) -> Iterator[None]:
    """Say of a service that is down what holds before it is connected: nothing is tried again by itself."""
    try:
        yield
    except ProviderRateLimitedError as error:
        error.remedy = AGAIN
        raise
    except ProviderUnavailableError as error:
        raise ProviderUnavailableError(
            f"{about_of(provider).name} could not be reached.", provider=provider, remedy=AGAIN
        ) from error


def _is_other_account(before: ConnectionRow, credentials: Credentials) -> bool:
    return None not in (before.account_id, credentials.account_id) and before.account_id != credentials.account_id


def first_day_to_import(since: date | None, *, today: date) -> date:
    """Return the day to begin with; ten years back unless the athlete says otherwise."""
    if since is None:
        return date(today.year - DEFAULT_YEARS, today.month, 1)
    if not EARLIEST <= since <= today:
        raise InvalidInputError("`since` lies in the future or before 1990.", remedy="Choose another day.")
    return since


def _redirect_uri(public_url: str | None) -> str:
    if public_url is None:
        raise PublicAddressMissingError(
            "This server does not know its own public address.",
            remedy="Ask the person who runs it to set TOPFORM_PUBLIC_URL.",
        )
    return public_url.rstrip("/") + CALLBACK_PATH


def _digest(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()


def _place(state: str) -> str:
    return f"connection_authorizations/{_digest(state).hex()}"
