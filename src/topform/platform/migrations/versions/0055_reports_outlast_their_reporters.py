"""A report stays when the account of who made it is deleted, without anything that tells who that was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

CONTRACTS = (
    "A report can be nobody's; 0054 wrote reports with a reporter, which still pass. A process of the former version "
    "deletes the reports of an account that it erases, as before."
)

REPORTS = "community_reports"
REPORTER = f"fk_{REPORTS}_athlete_id"


def upgrade() -> None:
    """Let a report be nobody's."""
    op.alter_column(REPORTS, "athlete_id", existing_type=sa.Uuid(), nullable=True)
    op.drop_constraint(op.f(REPORTER), REPORTS, type_="foreignkey")
    op.create_foreign_key(op.f(REPORTER), REPORTS, "athletes", ["athlete_id"], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    """Delete the reports that are nobody's, and let the others go with their reporter again."""
    op.execute("DELETE FROM community_reports WHERE athlete_id IS NULL")
    op.drop_constraint(op.f(REPORTER), REPORTS, type_="foreignkey")
    op.create_foreign_key(op.f(REPORTER), REPORTS, "athletes", ["athlete_id"], ["id"], ondelete="CASCADE")
    op.alter_column(REPORTS, "athlete_id", existing_type=sa.Uuid(), nullable=False)
