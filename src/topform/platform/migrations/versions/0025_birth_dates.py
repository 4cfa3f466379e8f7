"""When athletes were born, for the rules that protect minors; the yes of those who gave assistants a token before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody's age is known yet."""
    op.add_column("athletes", sa.Column("birth_date", sa.Date(), nullable=True))
    op.execute(
        """
        INSERT INTO consents (id, athlete_id, purpose, text_version, given_at, withdrawn_at, is_given_here)
        SELECT gen_random_uuid(), athlete_id, 'assistant', '1', min(created_at), NULL, true
        FROM (
            SELECT athlete_id, scopes, created_at FROM account_api_tokens
            UNION ALL
            SELECT athlete_id, scopes, created_at FROM account_app_grants
        ) AS programs
        WHERE scopes && ARRAY['assistant:read', 'assistant:write']
        GROUP BY athlete_id
        """
    )


def downgrade() -> None:
    """Drop the column."""
    op.execute("DELETE FROM consents WHERE purpose = 'assistant'")
    op.drop_column("athletes", "birth_date")
