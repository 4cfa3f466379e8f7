"""Accounts: sessions with a name, e-mail links, second factors, API tokens, invitations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Extend the sessions and create the tables of account security."""
    op.add_column("account_credentials", sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "account_sessions", sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    )
    op.alter_column("account_sessions", "id", server_default=None)
    op.create_unique_constraint("uq_account_sessions_id", "account_sessions", ["id"])
    op.add_column("account_sessions", sa.Column("device", sa.String(), nullable=True))
    op.create_table(
        "account_email_links",
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _of_athlete("account_email_links"),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_account_email_links"),
    )
    op.create_index("ix_account_email_links_athlete_id", "account_email_links", ["athlete_id"])
    op.create_table(
        "account_second_factors",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_secret", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        _of_athlete("account_second_factors"),
        sa.PrimaryKeyConstraint("athlete_id", name="pk_account_second_factors"),
    )
    op.create_table(
        "account_recovery_codes",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(), nullable=False),
        _of_athlete("account_recovery_codes"),
        sa.PrimaryKeyConstraint("athlete_id", "code_sha256", name="pk_account_recovery_codes"),
    )
    op.create_table(
        "account_api_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        _of_athlete("account_api_tokens"),
        sa.PrimaryKeyConstraint("id", name="pk_account_api_tokens"),
        sa.UniqueConstraint("token_sha256", name="uq_account_api_tokens_token_sha256"),
    )
    op.create_index("ix_account_api_tokens_athlete_id", "account_api_tokens", ["athlete_id"])
    op.create_table(
        "account_invitations",
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_account_invitations"),
    )


def _of_athlete(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], name=f"fk_{table}_athlete_id", ondelete="CASCADE")
