"""Passkeys: to sign in without a password, and to confirm what else the password confirms."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request, Response

from topform.features.accounts.passkey_schemas import NewPasskey, Passkey, PasskeyOptions
from topform.features.accounts.routes import UseAccounts, address_of, enter, named_device
from topform.features.accounts.schemas import PasskeySignIn, Proof, SignedIn
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(tags=["accounts"])


@router.post("/sessions/passkey-challenges", status_code=201)
async def begin_passkey_sign_in(request: Request, accounts: UseAccounts) -> PasskeyOptions:
    """Begin to sign in with a passkey: the options for `navigator.credentials.get()`."""
    return await accounts.begin_passkey_sign_in(address=address_of(request))


@router.post("/sessions/passkeys", status_code=201)
async def sign_in_with_passkey(
    form: PasskeySignIn, request: Request, response: Response, use: Use, accounts: UseAccounts
) -> SignedIn:
    """Sign in with a passkey, which stands for the password and the code: its device has asked who uses it."""
    entry = await accounts.sign_in_with_passkey(form, address=address_of(request), device=named_device(request))
    return enter(entry, request, response, use)


@router.post("/accounts/me/passkey-challenges", status_code=201)
async def begin_confirmation(athlete_id: SignedInAthlete, accounts: UseAccounts) -> PasskeyOptions:
    """Begin to confirm a change with a passkey: the options for `navigator.credentials.get()`."""
    return await accounts.passkeys.confirmation_options(athlete_id)


@router.post("/accounts/me/passkeys/challenges", status_code=201)
async def begin_passkey(form: Proof, athlete_id: SignedInAthlete, accounts: UseAccounts) -> PasskeyOptions:
    """Begin to make a passkey: the options for `navigator.credentials.create()`."""
    await accounts.confirm(athlete_id, form)
    return await accounts.passkeys.registration_options(athlete_id)


@router.post("/accounts/me/passkeys", status_code=201)
async def add_passkey(form: NewPasskey, athlete_id: SignedInAthlete, accounts: UseAccounts) -> Passkey:
    """Keep the passkey that the browser has made."""
    return await accounts.passkeys.add(athlete_id, form)


@router.post("/accounts/me/passkeys/{passkey_id}/removal", status_code=204)
async def remove_passkey(passkey_id: UUID, form: Proof, athlete_id: SignedInAthlete, accounts: UseAccounts) -> None:
    """Have a passkey open nothing any more."""
    await accounts.confirm(athlete_id, form)
    await accounts.passkeys.remove(athlete_id, passkey_id)
