"""Codes of an authenticator app (RFC 6238) and recovery codes."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp
import segno

from topform.features.accounts.tokens import digest

STEP_S: Final = 30
RECOVERY_CODES: Final = 10
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike."""


def second_factor_place(athlete_id: UUID) -> str:
    """Return what an athlete's shared secret is sealed for."""
    return f"second factor of {athlete_id}"


def new_secret() -> str:
    """Return a shared secret of 160 bits in Base32."""
    return pyotp.random_base32()


def setup_address(secret: str, *, email: str) -> str:
    """Return the address that authenticator apps read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="TopForm")


def qr_rows(address: str) -> list[str]:
    """Return the QR code of an address as rows of ``0`` and ``1``, with the quiet border that scanners need."""
    code = segno.make(address, error="m", micro=False)
    return ["".join("1" if dark else "0" for dark in row) for row in code.matrix_iter(border=4)]


def matching_step(secret: str, code: str, *, now: datetime) -> int | None:
    """Return the time step whose code was given: the present one or a neighbour, since clocks differ."""
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // STEP_S
    for step in (present, present - 1, present + 1):
        if hmac.compare_digest(totp.at(step * STEP_S), code):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Return codes of 12 letters and digits, about 59 bits each."""
    return [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3)) for _ in range(RECOVERY_CODES)
    ]


def recovery_digest(code: str) -> bytes:
    """Return what is stored of a recovery code, however it was typed."""
    return digest("".join(letter for letter in code.lower() if letter in _LETTERS))
