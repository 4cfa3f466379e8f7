"""Signing up, in and out, and what one does when the password is forgotten."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from topform.features.accounts.devices import device_name
from topform.features.accounts.email_links import EmailLinks
from topform.features.accounts.schemas import (
    EmailProof,
    PasswordReset,
    ProvenEmail,
    Refresh,
    ResetRequest,
    SessionTokens,
    SignedIn,
    SignIn,
    SignUp,
    SignUpState,
)
from topform.features.accounts.service import Accounts, Entry
from topform.features.accounts.sessions import SESSION_LASTS
from topform.features.athletes.public import has_athletes
from topform.platform.web.identity import SESSION_COOKIE, Caller
from topform.platform.web.resources import Use

router = APIRouter(tags=["accounts"])


async def _accounts(request: Request) -> Accounts:
    accounts: Accounts = request.app.state.accounts
    return accounts


async def _email_links(request: Request) -> EmailLinks:
    links: EmailLinks = request.app.state.email_links
    return links


UseAccounts = Annotated[Accounts, Depends(_accounts)]
UseEmailLinks = Annotated[EmailLinks, Depends(_email_links)]


def address_of(request: Request) -> str:
    """Return the network address of a request."""
    return request.client.host if request.client else "unknown"


def named_device(request: Request) -> str | None:
    """Return what a request says of its device."""
    return device_name(request.headers.get("user-agent"))


def is_secure(request: Request, use: Use) -> bool:
    """Whether cookies go over TLS only."""
    secure = use.settings.secure_cookies
    return request.url.scheme == "https" if secure is None else secure


def enter(entry: Entry, request: Request, response: Response, use: Use) -> SignedIn:
    """Answer with the tokens, or set the cookie, of somebody who came in."""
    if entry.cookie is not None:
        response.set_cookie(
            SESSION_COOKIE,
            entry.cookie,
            max_age=int(SESSION_LASTS.total_seconds()),
            path="/",
            httponly=True,
            samesite="lax",
            secure=is_secure(request, use),
        )
    tokens = entry.tokens
    return SignedIn(
        athlete=entry.athlete,
        token=tokens.token if tokens else None,
        expires_at=tokens.expires_at if tokens else None,
        refresh_token=tokens.refresh_token if tokens else None,
    )


@router.get("/accounts/state")
async def get_sign_up_state(request: Request, use: Use) -> SignUpState:
    """Return whether new accounts are accepted and whether any exist; needs no session."""
    async with use.database.transaction() as session:
        return SignUpState(
            sign_up=use.settings.sign_up,
            has_accounts=await has_athletes(session),
            identity_providers=request.app.state.identities.offers(),
            passkey_origins=list(use.settings.trusted_origins()),
        )


@router.post("/accounts", status_code=201)
async def sign_up(form: SignUp, request: Request, response: Response, use: Use, accounts: UseAccounts) -> SignedIn:
    """Create an account and sign in."""
    entry = await accounts.sign_up(form, address=address_of(request), device=named_device(request))
    return enter(entry, request, response, use)


@router.post("/sessions", status_code=201)
async def sign_in(form: SignIn, request: Request, response: Response, use: Use, accounts: UseAccounts) -> SignedIn:
    """Sign in with a password, and with a code where the account has an authenticator app.

    Without the code such an account answers 401 `second_factor_required`: send the same again with `code`.
    """
    entry = await accounts.sign_in(form, address=address_of(request), device=named_device(request))
    return enter(entry, request, response, use)


@router.post("/sessions/refreshes", status_code=201)
async def renew_session(form: Refresh, request: Request, accounts: UseAccounts) -> SessionTokens:
    """Get the next tokens of an app's session.

    A refresh token works once. Two requests with the same one within half a minute get the same answer; after that,
    its use ends the session, because somebody may have copied it.
    """
    return await accounts.renew(form.refresh_token, address=address_of(request))


@router.delete("/sessions/current", status_code=204)
async def sign_out(response: Response, accounts: UseAccounts, caller: Caller) -> None:
    """End this session; its tokens and cookie stop working at once."""
    await accounts.sessions.end(caller.athlete_id, caller.session_id)
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")


@router.post("/accounts/password-resets", status_code=202, response_class=Response)
async def request_password_reset(form: ResetRequest, request: Request, links: UseEmailLinks) -> Response:
    """Send a link for a new password to the address, if it is an account's; the answer is the same if not."""
    await links.request_reset(form, address=address_of(request))
    return Response(status_code=202)


@router.put("/accounts/password-resets", status_code=204)
async def reset_password(form: PasswordReset, links: UseEmailLinks) -> None:
    """Choose a new password with the link from the e-mail; all devices are signed out."""
    await links.reset_password(form)


@router.put("/accounts/email-verifications")
async def verify_email(form: EmailProof, links: UseEmailLinks) -> ProvenEmail:
    """Prove an address with the link from the e-mail; works without being signed in."""
    return ProvenEmail(email=await links.verify(form.token))
