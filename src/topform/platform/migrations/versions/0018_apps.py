"""Apps of others, and what athletes allowed them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "account_apps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("redirect_uris", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _of_athlete("account_apps"),
        sa.PrimaryKeyConstraint("id", name="pk_account_apps"),
    )
    op.create_index("ix_account_apps_athlete_id", "account_apps", ["athlete_id"])
    op.create_table(
        "account_app_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("redirect_uri", sa.String(), nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("code_challenge", sa.String(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=True),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["account_apps.id"], name="fk_account_app_grants_client_id", ondelete="CASCADE"
        ),
        _of_athlete("account_app_grants"),
        sa.PrimaryKeyConstraint("id", name="pk_account_app_grants"),
        sa.UniqueConstraint("code_sha256", name="uq_account_app_grants_code_sha256"),
    )
    for column in ("client_id", "athlete_id", "expires_at"):
        op.create_index(f"ix_account_app_grants_{column}", "account_app_grants", [column])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("account_app_grants")
    op.drop_table("account_apps")


def _of_athlete(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], name=f"fk_{table}_athlete_id", ondelete="CASCADE")
