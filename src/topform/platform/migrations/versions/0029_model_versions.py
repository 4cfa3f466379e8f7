"""Versions of models with their history, the labels they were trained on, what they would have said, and alarms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _registry()
    op.create_table(
        "form_check_opinions",
        sa.Column("form_check_id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("form IN ('correct', 'faulty')", name=op.f("ck_form_check_opinions_form_is_known")),
        _to("form_check_opinions", "form_check_id", "form_checks.id"),
        _to("form_check_opinions", "athlete_id", "athletes.id"),
        sa.PrimaryKeyConstraint("form_check_id", name="pk_form_check_opinions"),
    )
    _datasets()
    op.create_table(
        "model_judgements",
        sa.Column("form_check_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _to("model_judgements", "form_check_id", "form_checks.id"),
        _to("model_judgements", "version_id", "model_versions.id"),
        _to("model_judgements", "athlete_id", "athletes.id"),
        sa.PrimaryKeyConstraint("form_check_id", "version_id", name="pk_model_judgements"),
    )
    op.create_index("ix_model_judgements_athlete_id", "model_judgements", ["athlete_id"])
    op.create_table(
        "model_alarms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("numbers", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('disputes', 'inputs')", name=op.f("ck_model_alarms_kind_is_known")),
        _to("model_alarms", "version_id", "model_versions.id"),
        sa.PrimaryKeyConstraint("id", name="pk_model_alarms"),
        sa.UniqueConstraint("version_id", "kind", name="uq_model_alarms_version_id_kind"),
    )


def _registry() -> None:
    op.create_table(
        "model_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("model_id", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("object_key", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("card", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("trained_on", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("dataset_number", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('candidate', 'shadow', 'champion', 'retired', 'refused')",
            name=op.f("ck_model_versions_state_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_model_versions"),
        sa.UniqueConstraint("model_id", "number", name="uq_model_versions_model_id_number"),
    )
    op.create_index(
        "uq_model_versions_champion",
        "model_versions",
        ["model_id"],
        unique=True,
        postgresql_where=sa.text("state = 'champion'"),
    )
    op.create_table(
        "model_transitions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("numbers", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decided_by IN ('server', 'administrator', 'command')",
            name=op.f("ck_model_transitions_decided_by_is_known"),
        ),
        _to("model_transitions", "version_id", "model_versions.id"),
        sa.PrimaryKeyConstraint("id", name="pk_model_transitions"),
    )
    op.create_index("ix_model_transitions_version_id_created_at", "model_transitions", ["version_id", "created_at"])


def _datasets() -> None:
    op.create_table(
        "model_datasets",
        sa.Column("model_id", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("parent_number", sa.BigInteger(), nullable=True),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("counts", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("model_id", "number", name="pk_model_datasets"),
        sa.UniqueConstraint("model_id", "content_sha256", name="uq_model_datasets_model_id_content_sha256"),
    )
    op.create_table(
        "model_dataset_examples",
        sa.Column("model_id", sa.String(), nullable=False),
        sa.Column("dataset_number", sa.BigInteger(), nullable=False),
        sa.Column("form_check_id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("example", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("consent", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["model_id", "dataset_number"],
            ["model_datasets.model_id", "model_datasets.number"],
            name="fk_model_dataset_examples_model_id_dataset_number",
            ondelete="CASCADE",
        ),
        _to("model_dataset_examples", "form_check_id", "form_checks.id"),
        _to("model_dataset_examples", "athlete_id", "athletes.id"),
        sa.PrimaryKeyConstraint("model_id", "dataset_number", "form_check_id", name="pk_model_dataset_examples"),
    )
    for name in ("athlete_id", "form_check_id"):
        op.create_index(f"ix_model_dataset_examples_{name}", "model_dataset_examples", [name])


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete="CASCADE")


def downgrade() -> None:
    """Drop the tables."""
    for name in (
        "model_alarms",
        "model_judgements",
        "model_dataset_examples",
        "model_datasets",
        "form_check_opinions",
        "model_transitions",
        "model_versions",
    ):
        op.drop_table(name)
