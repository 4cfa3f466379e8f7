"""Accounts elsewhere that open an athlete's, and the flows that prove them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "account_identities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        _of_athlete("account_identities"),
        sa.PrimaryKeyConstraint("id", name="pk_account_identities"),
        sa.UniqueConstraint("issuer", "subject", name="uq_account_identities_issuer_subject"),
    )
    op.create_index("ix_account_identities_athlete_id", "account_identities", ["athlete_id"])
    op.create_table(
        "account_identity_flows",
        sa.Column("state_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=True),
        sa.Column("browser_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_question", sa.String(), nullable=False),
        sa.Column("is_answered", sa.Boolean(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _of_athlete("account_identity_flows"),
        sa.PrimaryKeyConstraint("state_sha256", name="pk_account_identity_flows"),
    )
    op.create_index("ix_account_identity_flows_athlete_id", "account_identity_flows", ["athlete_id"])
    op.create_index("ix_account_identity_flows_expires_at", "account_identity_flows", ["expires_at"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("account_identity_flows")
    op.drop_table("account_identities")


def _of_athlete(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], name=f"fk_{table}_athlete_id", ondelete="CASCADE")
