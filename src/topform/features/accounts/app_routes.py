"""Apps of others: for athletes, who let them in, and for the apps themselves."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any
from urllib.parse import unquote
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import JSONResponse

from topform.features.accounts.app_schemas import (
    AppAnswer,
    AppDecision,
    AppError,
    AppQuestion,
    AppRequest,
    Apps,
    AppTokens,
    NewApp,
    ShownApp,
)
from topform.features.accounts.apps import AppRefusedError, ThirdPartyApps
from topform.features.accounts.routes import UseAccounts, address_of
from topform.features.accounts.security_routes import Areas
from topform.platform.web.identity import SignedInAthlete

router = APIRouter(tags=["accounts"])

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
REFUSED: dict[int | str, dict[str, Any]] = {
    400: {"model": AppError, "description": "As RFC 6749, section 5.2 describes."},
    401: {"model": AppError, "description": "The app is unknown or its secret is wrong."},
}
Text = Annotated[str, Form(max_length=2000)]
OptionalText = Annotated[str | None, Form(max_length=2000)]


async def _apps(request: Request) -> ThirdPartyApps:
    apps: ThirdPartyApps = request.app.state.third_party_apps
    return apps


UseApps = Annotated[ThirdPartyApps, Depends(_apps)]


@router.get("/accounts/me/apps")
async def list_apps(athlete_id: SignedInAthlete, apps: UseApps) -> Apps:
    """Return the apps that you let in, and those that you registered."""
    return await apps.listed(athlete_id)


@router.post("/accounts/me/apps", status_code=201)
async def register_app(form: NewApp, athlete_id: SignedInAthlete, apps: UseApps) -> ShownApp:
    """Register an app that asks athletes for access; the answer is the only one that holds its secret."""
    return await apps.register(athlete_id, form)


@router.delete("/accounts/me/apps/{client_id}", status_code=204)
async def delete_app(client_id: UUID, athlete_id: SignedInAthlete, apps: UseApps) -> None:
    """Delete an app that you registered; everybody's access through it ends."""
    await apps.remove(athlete_id, client_id)


@router.delete("/accounts/me/grants/{client_id}", status_code=204)
async def revoke_app(client_id: UUID, athlete_id: SignedInAthlete, apps: UseApps) -> None:
    """Take back what you allowed an app; its tokens stop working at once."""
    await apps.revoke(athlete_id, client_id)


@router.post("/accounts/me/app-requests", status_code=200)
async def read_app_request(form: AppRequest, athlete_id: SignedInAthlete, apps: UseApps, areas: Areas) -> AppQuestion:
    """Return what an app asks for; changes nothing."""
    return await apps.question(form, areas)


@router.post("/accounts/me/app-decisions", status_code=201)
async def decide_app_request(form: AppDecision, athlete_id: SignedInAthlete, apps: UseApps, areas: Areas) -> AppAnswer:
    """Let an app in or not; the answer says where to go."""
    return await apps.decide(athlete_id, form, areas)


@router.post("/oauth/token", response_model=AppTokens, responses=REFUSED)
async def issue_app_tokens(
    request: Request,
    accounts: UseAccounts,
    apps: UseApps,
    grant_type: Text = "",
    client_id: Text = "",
    client_secret: OptionalText = None,
    code: Text = "",
    redirect_uri: Text = "",
    code_verifier: Text = "",
    refresh_token: Text = "",
    scope: OptionalText = None,
) -> Response:
    """Give an app tokens for a code, or the next ones for a refresh token (RFC 6749, sections 4.1.3 and 6)."""
    try:
        if not await accounts.attempts.may_renew(address_of(request)):
            raise AppRefusedError("temporarily_unavailable", "Too many requests from this address.", status=400)
        client, secret = _credentials(request, client_id, client_secret)
        if grant_type == "authorization_code":
            tokens = await apps.exchange(client, secret, code=code, redirect_uri=redirect_uri, verifier=code_verifier)
        elif grant_type == "refresh_token":
            tokens = await apps.renew(client, secret, refresh_token=refresh_token, scope=scope)
        else:
            raise AppRefusedError("unsupported_grant_type", "Only codes and refresh tokens are taken.")
    except AppRefusedError as error:
        return _refusal(error)
    return JSONResponse(tokens.model_dump(), headers=NO_STORE)


@router.post("/oauth/revoke", response_class=Response, responses=REFUSED)
async def revoke_app_token(
    request: Request,
    accounts: UseAccounts,
    apps: UseApps,
    token: Text = "",
    client_id: Text = "",
    client_secret: OptionalText = None,
) -> Response:
    """End an app's access at its own wish (RFC 7009); a token that is unknown is no error."""
    try:
        if not await accounts.attempts.may_renew(address_of(request)):
            raise AppRefusedError("temporarily_unavailable", "Too many requests from this address.", status=400)
        client, secret = _credentials(request, client_id, client_secret)
        await apps.withdraw(client, secret, token=token)
    except AppRefusedError as error:
        return _refusal(error)
    return Response(status_code=200, headers=NO_STORE)


def _credentials(request: Request, client_id: str, client_secret: str | None) -> tuple[str, str | None]:
    """Return the app's id and secret, from the form or from HTTP Basic, never from both (RFC 6749, 2.3)."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return client_id, client_secret
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        name, secret = "", ""
    if client_secret is not None or (client_id and client_id != unquote(name)):
        raise AppRefusedError("invalid_request", "The app names itself twice.")
    return unquote(name), unquote(secret)


def _refusal(error: AppRefusedError) -> JSONResponse:
    headers = NO_STORE | ({"WWW-Authenticate": "Basic"} if error.status == 401 else {})
    content = AppError(error=error.error, error_description=error.description)
    return JSONResponse(content.model_dump(), status_code=error.status, headers=headers)
