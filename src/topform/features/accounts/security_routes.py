"""The athlete's own account security: devices, password, address, authenticator, tokens of programs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from topform.features.accounts.routes import UseEmailLinks
from topform.features.accounts.schemas import (
    AccountHistory,
    ApiTokens,
    AuthenticatorSetup,
    CodeProof,
    NewApiToken,
    NewEmail,
    NewPasswordForm,
    Proof,
    RecoveryCodes,
    SecurityState,
    ShownApiToken,
)
from topform.features.accounts.security import Security
from topform.platform.web.identity import Caller, SignedInAthlete
from topform.platform.web.pages import CursorParameter, Limit

router = APIRouter(prefix="/accounts/me", tags=["accounts"])


async def _security(request: Request) -> Security:
    security: Security = request.app.state.security
    return security


async def _areas(request: Request) -> frozenset[str]:
    areas: frozenset[str] = request.app.state.areas
    return areas


UseSecurity = Annotated[Security, Depends(_security)]
Areas = Annotated[frozenset[str], Depends(_areas)]


@router.get("/security")
async def get_security(caller: Caller, security: UseSecurity) -> SecurityState:
    """Return how the account is secured and which devices are signed in."""
    return await security.state(caller.athlete_id, caller.session_id, caller.role)


@router.get("/history")
async def list_account_history(
    athlete_id: SignedInAthlete, security: UseSecurity, limit: Limit = 50, cursor: CursorParameter = None
) -> AccountHistory:
    """Return what happened to the account in the last year, newest first: sign-ins and changes of what guards it."""
    return await security.history(athlete_id, cursor=cursor, limit=limit)


@router.delete("/devices/{device_id}", status_code=204)
async def sign_out_device(device_id: UUID, athlete_id: SignedInAthlete, security: UseSecurity) -> None:
    """Sign out one device."""
    await security.sign_out_device(athlete_id, device_id)


@router.delete("/devices", status_code=204)
async def sign_out_other_devices(caller: Caller, security: UseSecurity) -> None:
    """Sign out all devices but this one."""
    await security.sign_out_others(caller.athlete_id, caller.session_id)


@router.put("/password", status_code=204)
async def change_password(form: NewPasswordForm, caller: Caller, security: UseSecurity) -> None:
    """Choose another password; the other devices are signed out."""
    await security.change_password(caller.athlete_id, form, caller.session_id)


@router.put("/email", status_code=202, response_class=Response)
async def change_email(form: NewEmail, athlete_id: SignedInAthlete, links: UseEmailLinks) -> Response:
    """Send a link to another address; it becomes the account's when the link is followed."""
    await links.change_email(athlete_id, form)
    return Response(status_code=202)


@router.post("/email-verifications", status_code=202, response_class=Response)
async def send_email_verification(athlete_id: SignedInAthlete, links: UseEmailLinks) -> Response:
    """Send the link that proves the account's address again."""
    await links.send_verification(athlete_id)
    return Response(status_code=202)


@router.post("/authenticator", status_code=201)
async def set_up_authenticator(form: Proof, athlete_id: SignedInAthlete, security: UseSecurity) -> AuthenticatorSetup:
    """Begin to use an authenticator app; it counts once its first code is confirmed."""
    return await security.set_up_authenticator(athlete_id, form)


@router.put("/authenticator")
async def confirm_authenticator(form: CodeProof, athlete_id: SignedInAthlete, security: UseSecurity) -> RecoveryCodes:
    """Confirm the authenticator with its first code; from now on signing in needs one."""
    return await security.confirm_authenticator(athlete_id, form.code)


@router.post("/authenticator/removal", status_code=204)
async def remove_authenticator(form: Proof, athlete_id: SignedInAthlete, security: UseSecurity) -> None:
    """Remove the authenticator app and the recovery codes."""
    await security.remove_authenticator(athlete_id, form)


@router.post("/recovery-codes", status_code=201)
async def renew_recovery_codes(form: Proof, athlete_id: SignedInAthlete, security: UseSecurity) -> RecoveryCodes:
    """Make new recovery codes; the old ones stop working."""
    return await security.renew_recovery_codes(athlete_id, form)


@router.get("/tokens")
async def list_api_tokens(athlete_id: SignedInAthlete, security: UseSecurity, areas: Areas) -> ApiTokens:
    """Return the tokens of programs and the scopes that exist."""
    return await security.api_tokens(athlete_id, areas)


@router.post("/tokens", status_code=201)
async def add_api_token(
    form: NewApiToken, athlete_id: SignedInAthlete, security: UseSecurity, areas: Areas
) -> ShownApiToken:
    """Make a token for a program; the answer is the only one that holds it."""
    return await security.add_api_token(athlete_id, form, areas)


@router.delete("/tokens/{token_id}", status_code=204)
async def delete_api_token(token_id: UUID, athlete_id: SignedInAthlete, security: UseSecurity) -> None:
    """Have a token stop working at once."""
    await security.delete_api_token(athlete_id, token_id)
