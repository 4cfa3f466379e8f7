"""Passkeys, and the challenges they answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "account_passkeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("is_backed_up", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        _of_athlete("account_passkeys"),
        sa.PrimaryKeyConstraint("id", name="pk_account_passkeys"),
        sa.UniqueConstraint("credential_id", name="uq_account_passkeys_credential_id"),
    )
    op.create_index("ix_account_passkeys_athlete_id", "account_passkeys", ["athlete_id"])
    op.create_table(
        "account_challenges",
        sa.Column("challenge_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _of_athlete("account_challenges"),
        sa.PrimaryKeyConstraint("challenge_sha256", name="pk_account_challenges"),
    )
    op.create_index("ix_account_challenges_athlete_id", "account_challenges", ["athlete_id"])
    op.create_index("ix_account_challenges_expires_at", "account_challenges", ["expires_at"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("account_challenges")
    op.drop_table("account_passkeys")


def _of_athlete(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], name=f"fk_{table}_athlete_id", ondelete="CASCADE")
