"""What signing up and in takes and gives."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, EmailStr, Field, SecretStr, model_validator

from topform.features.accounts.identity_schemas import IdentityProviderOffer, LinkedIdentity, ProviderAnswer
from topform.features.accounts.passkey_schemas import Passkey, PasskeyAssertion
from topform.features.athletes.public import Athlete, DisplayName, LanguageTag, PlainText, TimeZoneName, Units
from topform.platform.web.identity import Role
from topform.platform.web.pages import Page

NewPassword = Annotated[
    SecretStr, Field(min_length=10, max_length=200, description="At least 10 characters; any kind, any words.")
]


Password = Annotated[SecretStr, Field(min_length=1, max_length=200)]
LinkToken = Annotated[str, Field(min_length=1, max_length=200, description="The `token` of the link in the e-mail.")]
Code = Annotated[str, Field(min_length=6, max_length=32, description="Six digits, or a recovery code.")]


SessionKind = Literal["cookie", "tokens"]
KindOfSession = Annotated[
    SessionKind,
    Field(
        description="`tokens` for apps and scripts: an access token and one that renews it. `cookie` for browsers: an "
        "httpOnly cookie and nothing that scripts can read."
    ),
]


ProviderId = Annotated[str, Field(min_length=1, max_length=60, description="The `id` of an identity provider.")]


class SignUp(BaseModel):
    """A new account."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[EmailStr, Field(max_length=254)]
    password: NewPassword
    display_name: DisplayName
    time_zone: TimeZoneName = "UTC"
    units: Units = "metric"
    language: LanguageTag = "en"
    invitation: Annotated[str, Field(max_length=200)] | None = Field(
        None, description="Needed on servers where `sign_up` is `invite`."
    )
    birth_date: date | None = Field(
        None, description="Protects minors: no account below 13 years, and nothing is shared below 16."
    )
    session: KindOfSession = "tokens"


class SignIn(BaseModel):
    """Credentials of an existing account."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, Field(min_length=3, max_length=254)]
    password: Password
    code: Code | None = Field(None, description="Needed when the answer was `second_factor_required`.")
    session: KindOfSession = "tokens"


class SessionTokens(BaseModel):
    """What an app sends and how it gets the next."""

    token: str = Field(description="Send it as `Authorization: Bearer ...`.")
    expires_at: datetime = Field(description="When `token` stops working: 15 minutes from now.")
    refresh_token: str = Field(description="Works once, at `POST /sessions/refreshes`; keep it where secrets are kept.")


class Refresh(BaseModel):
    """A refresh token."""

    model_config = ConfigDict(extra="forbid")

    refresh_token: Annotated[str, Field(min_length=1, max_length=200)]


class SignedIn(BaseModel):
    """The athlete, and the tokens of the session where it is one of an app."""

    athlete: Athlete
    token: str | None = Field(description="Send it as `Authorization: Bearer ...`; null with a cookie.")
    expires_at: datetime | None = Field(description="When `token` stops working; null with a cookie.")
    refresh_token: str | None = Field(
        description="Gets the next tokens at `POST /sessions/refreshes`, once; null with a cookie."
    )


class SignUpState(BaseModel):
    """Whether this server accepts new accounts."""

    sign_up: str = Field(description="`open`, `invite` or `closed`.")
    has_accounts: bool = Field(description="False on a fresh installation.")
    identity_providers: list[IdentityProviderOffer] = Field(description="Where else one can sign in.")
    passkey_origins: list[str] = Field(description="Where passkeys work; none when the server has no proper address.")


class ResetRequest(BaseModel):
    """Whose password is forgotten."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, Field(min_length=3, max_length=254)]


class PasswordReset(BaseModel):
    """A new password in the place of a forgotten one."""

    model_config = ConfigDict(extra="forbid")

    token: LinkToken
    password: NewPassword


class EmailProof(BaseModel):
    """The link that was sent to an address."""

    model_config = ConfigDict(extra="forbid")

    token: LinkToken


class ProvenEmail(BaseModel):
    """An address whose reader followed the link."""

    email: str


class Proof(BaseModel):
    """The password or a passkey, which confirms a change of the account's security."""

    model_config = ConfigDict(extra="forbid")

    password: Password | None = Field(None, description="The password; or else `passkey`.")
    passkey: PasskeyAssertion | None = Field(None, description="The answer to `POST /accounts/me/passkey-challenges`.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.password is None) == (self.passkey is None):
            raise ValueError("needs either password or passkey")
        return self


class IdentityChoice(BaseModel):
    """Where to sign in."""

    model_config = ConfigDict(extra="forbid")

    provider: ProviderId


class IdentityLinkChoice(Proof):
    """Where the account is that shall open this one."""

    provider: ProviderId


class IdentitySignIn(ProviderAnswer):
    """What the provider sent back, and what else the account asks for."""

    password: Password | None = Field(None, description="Needed when the answer was `identity_unlinked`.")
    second_factor: Code | None = Field(None, description="Needed when the answer was `second_factor_required`.")
    session: KindOfSession = "tokens"


class NewEmail(Proof):
    """Another address for the account."""

    email: Annotated[EmailStr, Field(max_length=254)]


class NewPasswordForm(Proof):
    """Another password, confirmed by the present one or by a passkey."""

    new_password: NewPassword


class PasskeySignIn(BaseModel):
    """A used passkey."""

    model_config = ConfigDict(extra="forbid")

    credential: PasskeyAssertion
    session: KindOfSession = "tokens"


class CodeProof(BaseModel):
    """A code of the authenticator app."""

    model_config = ConfigDict(extra="forbid")

    code: Code


class Device(BaseModel):
    """A signed-in device."""

    id: UUID
    name: str | None = Field(description="For instance `Firefox on Linux`; null when it said nothing of itself.")
    signed_in_at: datetime
    last_seen_at: datetime = Field(description="To the hour.")
    is_this_one: bool


class AccountHappening(StrEnum):
    """Something that happens to an account."""

    SIGNED_IN = "signed_in"
    LOCKED = "locked"
    SESSION_COPIED = "session_copied"
    DEVICE_SIGNED_OUT = "device_signed_out"
    OTHER_DEVICES_SIGNED_OUT = "other_devices_signed_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    EMAIL_CHANGED = "email_changed"
    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"
    TOKEN_ADDED = "token_added"  # noqa: S105
    TOKEN_REMOVED = "token_removed"  # noqa: S105
    APP_ALLOWED = "app_allowed"
    APP_REVOKED = "app_revoked"
    ARCHIVE_ORDERED = "archive_ordered"
    DELETION_ORDERED = "deletion_ordered"
    DELETION_TAKEN_BACK = "deletion_taken_back"


class AccountEvent(BaseModel):
    """Something that happened to the account."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    what: AccountHappening
    about: str | None = Field(description="The device, token, passkey, app or service that it was about.")
    created_at: datetime


class AccountHistory(Page[AccountEvent]):
    """What happened to the account, newest first."""


class SecurityState(BaseModel):
    """How the account is secured."""

    role: Role = Field(description="What the account may decide beyond its own data.")
    email_verified: bool
    authenticator: bool = Field(description="Whether signing in needs a code as well.")
    recovery_codes_left: int
    passkeys: list[Passkey]
    identities: list[LinkedIdentity] = Field(description="Accounts elsewhere that open this one.")
    devices: list[Device]


class AuthenticatorSetup(BaseModel):
    """What an authenticator app needs; shown once."""

    secret: str = Field(description="Base32, to be typed in by hand.")
    address: str = Field(description="An `otpauth://` address.")
    qr_rows: list[str] = Field(description="The address as a QR code: rows of `0` (light) and `1` (dark).")


class RecoveryCodes(BaseModel):
    """Codes for the day the phone is lost; each works once."""

    codes: list[str]


class NewApiToken(BaseModel):
    """A token for a program."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100), PlainText]
    scopes: Annotated[list[Annotated[str, Field(max_length=60)]], Field(min_length=1, max_length=60)]
    lasts_days: Annotated[int, Field(ge=1, le=3660)] | None = Field(365, description="Null: until it is deleted.")


class ApiToken(BaseModel):
    """A token, without the token itself."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None = Field(description="To the hour.")
    expires_at: datetime | None


class ShownApiToken(ApiToken):
    """A new token; the only answer that holds it."""

    token: str = Field(description="Send it as `Authorization: Bearer ...`. It is shown once.")


class ApiTokens(BaseModel):
    """The athlete's tokens and the scopes a new one can have."""

    items: list[ApiToken]
    scopes: list[str]
