"""Apps on phones can be told of things too, and the messages to them wait for a receipt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

DEVICES = "notice_devices"
TICKETS = "notice_tickets"
REFERS = (("athlete_id", "athletes"), ("device_id", DEVICES))


def upgrade() -> None:
    """Add what tells phones from browsers, and the tickets."""
    op.add_column(DEVICES, sa.Column("is_phone", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.create_table(
        TICKETS,
        sa.Column("id", sa.String(), nullable=False),
        *(sa.Column(column, sa.Uuid(), nullable=False) for column, _ in REFERS),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_{TICKETS}_{column}", ondelete="CASCADE")
            for column, table in REFERS
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TICKETS}"),
    )
    for column in (*(column for column, _ in REFERS), "sent_at"):
        op.create_index(f"ix_{TICKETS}_{column}", TICKETS, [column])


def downgrade() -> None:
    """Drop it again; phones are told nothing any more."""
    op.drop_table(TICKETS)
    op.execute(f"DELETE FROM {DEVICES} WHERE is_phone")  # noqa: S608
    op.drop_column(DEVICES, "is_phone")
