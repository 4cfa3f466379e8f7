"""What signing up and in takes and gives."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, EmailStr, Field, SecretStr

from topform.features.athletes.public import Athlete, DisplayName, LanguageTag, TimeZoneName, Units

NewPassword = Annotated[
    SecretStr, Field(min_length=10, max_length=200, description="At least 10 characters; any kind, any words.")
]


class SignUp(BaseModel):
    """A new account."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[EmailStr, Field(max_length=254)]
    password: NewPassword
    display_name: DisplayName
    time_zone: TimeZoneName = "UTC"
    units: Units = "metric"
    language: LanguageTag = "en"


class SignIn(BaseModel):
    """Credentials of an existing account."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, Field(min_length=3, max_length=254)]
    password: Annotated[SecretStr, Field(min_length=1, max_length=200)]


class SignedIn(BaseModel):
    """The athlete and a token; browsers get the same token as an httpOnly cookie."""

    athlete: Athlete
    token: str = Field(description="Send it as `Authorization: Bearer ...`. It is shown once.")


class SignUpState(BaseModel):
    """Whether this server accepts new accounts."""

    sign_up: str = Field(description="`open` or `closed`.")
    has_accounts: bool = Field(description="False on a fresh installation.")
