"""Posts can be about what of a plan is done."""

from __future__ import annotations

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

CONTRACTS = "The check of the kinds of posts is widened; what 0049 wrote for it still passes."

POSTS = "community_posts"
NAME = f"ck_{POSTS}_kind_is_known"


def upgrade() -> None:
    """Let one more kind in."""
    for known in (NAME, f"ck_{POSTS}_{NAME}"):
        op.drop_constraint(op.f(known), POSTS, type_="check", if_exists=True)
    kinds = "kind IN ('activity', 'form_check', 'personal_best', 'plan_milestone')"
    op.create_check_constraint(op.f(NAME), POSTS, kinds)
