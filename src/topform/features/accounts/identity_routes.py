"""Signing in with an account elsewhere (OpenID Connect)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import APIKeyCookie

from topform.core.errors import RateLimitedError
from topform.features.accounts.identities import OPEN_FOR, Identities
from topform.features.accounts.identity_schemas import IdentityFlow, LinkedIdentity, ProviderAnswer
from topform.features.accounts.routes import UseAccounts, address_of, enter, is_secure, named_device
from topform.features.accounts.schemas import IdentityChoice, IdentityLinkChoice, IdentitySignIn, Proof, SignedIn
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use

FLOW_COOKIE = "topform_flow"

router = APIRouter(tags=["accounts"])
_cookie = APIKeyCookie(name=FLOW_COOKIE, auto_error=False, description="Set when a sign-in elsewhere begins.")


async def _identities(request: Request) -> Identities:
    identities: Identities = request.app.state.identities
    return identities


UseIdentities = Annotated[Identities, Depends(_identities)]
Browser = Annotated[str | None, Depends(_cookie)]


def _remember(response: Response, request: Request, use: Use, browser: str) -> None:
    response.set_cookie(
        FLOW_COOKIE,
        browser,
        max_age=int(OPEN_FOR.total_seconds()),
        path="/api/v1/",
        httponly=True,
        samesite="lax",
        secure=is_secure(request, use),
    )


@router.post("/sessions/identity-flows", status_code=201)
async def begin_identity_sign_in(
    form: IdentityChoice,
    request: Request,
    response: Response,
    use: Use,
    accounts: UseAccounts,
    identities: UseIdentities,
) -> IdentityFlow:
    """Begin to sign in with an account elsewhere; only this browser can go on."""
    if not await accounts.attempts.may_sign_in(address_of(request)):
        raise RateLimitedError("Too many attempts from this address.", remedy="Wait a minute and try again.")
    url, browser = await identities.begin(form.provider, "enter")
    _remember(response, request, use, browser)
    return IdentityFlow(authorization_url=url)


@router.post("/sessions/identities", status_code=201)
async def sign_in_with_identity(
    form: IdentitySignIn, request: Request, response: Response, use: Use, identities: UseIdentities, browser: Browser
) -> SignedIn:
    """Sign in with what the provider sent back.

    An account that is not linked yet, but has the proven address, answers 409 `identity_unlinked`: send the same again
    with its `password`. One with an authenticator app answers 401 `second_factor_required`: send it with
    `second_factor`.
    """
    entry = await identities.enter(form, browser=browser, device=named_device(request))
    response.delete_cookie(FLOW_COOKIE, path="/api/v1/", httponly=True, samesite="lax")
    return enter(entry, request, response, use)


@router.post("/accounts/me/identity-flows", status_code=201)
async def begin_identity_link(
    form: IdentityLinkChoice,
    request: Request,
    response: Response,
    use: Use,
    athlete_id: SignedInAthlete,
    accounts: UseAccounts,
    identities: UseIdentities,
) -> IdentityFlow:
    """Begin to link an account elsewhere."""
    await accounts.confirm(athlete_id, form)
    url, browser = await identities.begin(form.provider, "link", athlete_id)
    _remember(response, request, use, browser)
    return IdentityFlow(authorization_url=url)


@router.post("/accounts/me/identities", status_code=201)
async def link_identity(
    form: ProviderAnswer, athlete_id: SignedInAthlete, identities: UseIdentities, browser: Browser
) -> LinkedIdentity:
    """Link the account that the provider's answer names."""
    return await identities.link(athlete_id, form, browser=browser)


@router.post("/accounts/me/identities/{identity_id}/removal", status_code=204)
async def remove_identity(
    identity_id: UUID, form: Proof, athlete_id: SignedInAthlete, accounts: UseAccounts, identities: UseIdentities
) -> None:
    """Have an account elsewhere open nothing here any more."""
    await accounts.confirm(athlete_id, form)
    await identities.remove(athlete_id, identity_id)
