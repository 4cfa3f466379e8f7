"""The best efforts of a month beside those of its activities, and which months have changed since.

Whoever writes legs or moves activities has the month noted, programs of the former version too.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and what notes changes; every month with activities waits to be summed up."""
    op.create_table(
        "curve_sums",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("sport", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("holders", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("curve", sa.LargeBinary(), nullable=False),
        sa.Column("restricted_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], ondelete="CASCADE", name="fk_curve_sums_athlete_id_athletes"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_curve_sums"),
    )
    op.create_index("ix_curve_sums_athlete_id_sport_kind_month", "curve_sums", ["athlete_id", "sport", "kind", "month"])
    op.create_table(
        "curve_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], ondelete="CASCADE", name="fk_curve_changes_athlete_id_athletes"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_curve_changes"),
    )
    op.create_index("ix_curve_changes_athlete_id_month", "curve_changes", ["athlete_id", "month"])
    op.execute(
        """
        CREATE FUNCTION note_changed_curves() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO curve_changes (athlete_id, month)
            SELECT DISTINCT activity.athlete_id, date_trunc('month', activity.local_date::timestamp)::date
            FROM changed JOIN activities activity ON activity.id = changed.activity_id;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER note_added_curves AFTER INSERT ON activity_legs
        REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_changed_curves()
        """
    )
    op.execute(
        """
        CREATE TRIGGER note_changed_curves AFTER UPDATE ON activity_legs
        REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_changed_curves()
        """
    )
    op.execute(
        """
        CREATE TRIGGER note_removed_curves AFTER DELETE ON activity_legs
        REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_changed_curves()
        """
    )
    # Legs that go with their activity find it gone, and an activity that goes with its athlete finds nobody.
    op.execute(
        """
        CREATE FUNCTION note_moved_curves() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO curve_changes (athlete_id, month)
            SELECT DISTINCT athlete.id, date_trunc('month', day.was::timestamp)::date
            FROM (VALUES (OLD.local_date), (CASE TG_OP WHEN 'UPDATE' THEN NEW.local_date END)) AS day (was)
            JOIN athletes athlete ON athlete.id = OLD.athlete_id
            WHERE day.was IS NOT NULL;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER note_moved_curves AFTER UPDATE OF local_date, restricted_by ON activities FOR EACH ROW
        WHEN (OLD.local_date IS DISTINCT FROM NEW.local_date OR OLD.restricted_by IS DISTINCT FROM NEW.restricted_by)
        EXECUTE FUNCTION note_moved_curves()
        """
    )
    op.execute(
        """
        CREATE TRIGGER note_deleted_curves AFTER DELETE ON activities
        FOR EACH ROW EXECUTE FUNCTION note_moved_curves()
        """
    )
    op.execute(
        """
        INSERT INTO curve_changes (athlete_id, month)
        SELECT DISTINCT athlete_id, date_trunc('month', local_date::timestamp)::date FROM activities
        """
    )


def downgrade() -> None:
    """Take them away."""
    for trigger in ("note_added_curves", "note_changed_curves", "note_removed_curves"):
        op.execute(f"DROP TRIGGER {trigger} ON activity_legs")
    for trigger in ("note_moved_curves", "note_deleted_curves"):
        op.execute(f"DROP TRIGGER {trigger} ON activities")
    for function in ("note_changed_curves", "note_moved_curves"):
        op.execute(f"DROP FUNCTION {function}()")
    op.drop_table("curve_changes")
    op.drop_table("curve_sums")
