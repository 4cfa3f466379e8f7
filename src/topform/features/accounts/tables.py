"""Tables of credentials and sessions; neither passwords nor tokens are stored, only what verifies them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from topform.platform.database import Base


class CredentialsRow(Base):
    """An athlete's password hash and the count of wrong attempts."""

    __tablename__ = "account_credentials"

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    password_hash: Mapped[str]
    failed_attempts: Mapped[int] = mapped_column(server_default="0")
    locked_until: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    email_verified_at: Mapped[datetime | None]


class SessionRow(Base):
    """A signed-in device: a browser with a cookie, or an app whose tokens renew each other."""

    __tablename__ = "account_sessions"

    token_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    device: Mapped[str | None]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    generation: Mapped[int | None]
    """How often an app's tokens were renewed; null for a browser's cookie."""
    renewed_at: Mapped[datetime | None]


class EmailLinkRow(Base):
    """A link sent by e-mail that proves who reads that address; it works once."""

    __tablename__ = "account_email_links"

    token_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str]
    email: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SecondFactorRow(Base):
    """The shared secret of an authenticator app, encrypted; it counts once confirmed."""

    __tablename__ = "account_second_factors"

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    sealed_secret: Mapped[str]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(server_default="0")


class RecoveryCodeRow(Base):
    """A code for the day the authenticator is lost; it works once."""

    __tablename__ = "account_recovery_codes"

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    code_sha256: Mapped[bytes] = mapped_column(primary_key=True)


class PasskeyRow(Base):
    """The public half of a passkey."""

    __tablename__ = "account_passkeys"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    is_backed_up: Mapped[bool]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class PasskeyChallengeRow(Base):
    """What a passkey has to sign, once and soon."""

    __tablename__ = "account_challenges"

    challenge_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    athlete_id: Mapped[UUID | None] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class IdentityRow(Base):
    """An account elsewhere that opens an athlete's."""

    __tablename__ = "account_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    provider: Mapped[str]
    issuer: Mapped[str]
    subject: Mapped[str]
    email: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class IdentityFlowRow(Base):
    """Somebody who was sent to an identity provider and is expected back in the same browser."""

    __tablename__ = "account_identity_flows"

    state_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    provider: Mapped[str]
    purpose: Mapped[str]
    athlete_id: Mapped[UUID | None] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    browser_sha256: Mapped[bytes]
    sealed_question: Mapped[str]
    is_answered: Mapped[bool]
    issuer: Mapped[str | None]
    subject: Mapped[str | None]
    email: Mapped[str | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ApiTokenRow(Base):
    """A token that lets a program act for the athlete within its scopes."""

    __tablename__ = "account_api_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    token_sha256: Mapped[bytes] = mapped_column(unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]


class AppRow(Base):
    """An app of others that asks athletes for access."""

    __tablename__ = "account_apps"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    redirect_uris: Mapped[list[str]] = mapped_column(ARRAY(Text))
    secret_sha256: Mapped[bytes | None]
    created_at: Mapped[datetime]


class AppGrantRow(Base):
    """What an athlete allowed an app: first a code, then tokens that renew each other."""

    __tablename__ = "account_app_grants"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("account_apps.id", ondelete="CASCADE"), index=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    redirect_uri: Mapped[str]
    code_sha256: Mapped[bytes] = mapped_column(unique=True)
    code_challenge: Mapped[str]
    seed: Mapped[bytes]
    generation: Mapped[int | None]
    """Null until the code was exchanged."""
    renewed_at: Mapped[datetime]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class InvitationRow(Base):
    """Leave for one person to sign up on a server that is not open to all."""

    __tablename__ = "account_invitations"

    token_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class StandingRow(Base):
    """What an account is beyond an athlete's: a role, or locked by an administrator; most accounts have no row."""

    __tablename__ = "account_standing"
    __table_args__ = (CheckConstraint("role IN ('athlete', 'moderator', 'admin')", name="role_is_known"),)

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str]
    locked_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class AccountEventRow(Base):
    """Something that happened to an account, as its owner can read it."""

    __tablename__ = "account_events"
    __table_args__ = (Index("ix_account_events_athlete_id_created_at_id", "athlete_id", "created_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"))
    what: Mapped[str]
    about: Mapped[str | None]
    """The device, token, passkey, app or service that it happened to."""
    created_at: Mapped[datetime]


class AdminActionRow(Base):
    """What an administrator did, to whom; kept while the account it was done to exists."""

    __tablename__ = "account_admin_actions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID | None] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    """To whom; None for what concerns nobody yet, such as an invitation."""
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("athletes.id", ondelete="SET NULL"), index=True)
    """Who; None for a command on the machine itself, and once the account is gone."""
    action: Mapped[str]
    value: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
