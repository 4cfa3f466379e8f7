"""Signing up, in and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from topform.features.accounts.schemas import SignedIn, SignIn, SignUp, SignUpState
from topform.features.accounts.service import SESSION_LASTS, Accounts
from topform.features.athletes.public import has_athletes
from topform.platform.web.identity import SESSION_COOKIE, SessionToken, SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(tags=["accounts"])


async def _accounts(request: Request) -> Accounts:
    accounts: Accounts = request.app.state.accounts
    return accounts


UseAccounts = Annotated[Accounts, Depends(_accounts)]


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _set_cookie(request: Request, response: Response, token: str, use: Use) -> None:
    secure = use.settings.secure_cookies
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https" if secure is None else secure,
    )


@router.get("/accounts/state")
async def get_sign_up_state(use: Use) -> SignUpState:
    """Return whether new accounts are accepted and whether any exist; needs no session."""
    async with use.database.transaction() as session:
        return SignUpState(sign_up=use.settings.sign_up, has_accounts=await has_athletes(session))


@router.post("/accounts", status_code=201)
async def sign_up(form: SignUp, request: Request, response: Response, use: Use, accounts: UseAccounts) -> SignedIn:
    """Create an account and sign in."""
    signed_in = await accounts.sign_up(form, address=_address(request))
    _set_cookie(request, response, signed_in.token, use)
    return signed_in


@router.post("/sessions", status_code=201)
async def sign_in(form: SignIn, request: Request, response: Response, use: Use, accounts: UseAccounts) -> SignedIn:
    """Sign in with a password."""
    signed_in = await accounts.sign_in(form, address=_address(request))
    _set_cookie(request, response, signed_in.token, use)
    return signed_in


@router.delete("/sessions/current", status_code=204)
async def sign_out(response: Response, accounts: UseAccounts, token: SessionToken, athlete_id: SignedInAthlete) -> None:
    """End this session; its token and cookie stop working at once."""
    await accounts.sign_out(token)
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")
