"""Moderators can take challenges and places away, and whoever loses something can appeal."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

CONTRACTS = "The check that a report names a post or a comment at most is widened; what 0037 wrote for it still passes."

CHALLENGES = "community_challenges"
REPORTS = "community_reports"
REMOVALS = "community_removals"
ONE_SUBJECT = f"ck_{REPORTS}_one_subject"
REPORTED = (("challenge_id", CHALLENGES), ("entry_id", "community_challenge_entries"))
SUBJECTS = (("post_id", "community_posts"), ("comment_id", "community_comments"), ("challenge_id", CHALLENGES))


def _moment(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(column: str, to: str, *, gone: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{REMOVALS}_{column}", ondelete=gone)


def upgrade() -> None:
    """Add what is needed, and write down what moderators have taken away so far."""
    op.add_column(CHALLENGES, _moment("removed_at"))
    for column, table in REPORTED:
        subject = sa.ForeignKey(f"{table}.id", name=op.f(f"fk_{REPORTS}_{column}"), ondelete="CASCADE")
        op.add_column(REPORTS, sa.Column(column, sa.Uuid(), subject, nullable=True))
        op.create_index(f"ix_{REPORTS}_{column}", REPORTS, [column])
    for name in (ONE_SUBJECT, f"ck_{REPORTS}_{ONE_SUBJECT}"):
        op.drop_constraint(op.f(name), REPORTS, type_="check", if_exists=True)
    op.create_check_constraint(
        op.f(ONE_SUBJECT), REPORTS, "num_nonnulls(post_id, comment_id, challenge_id, entry_id) <= 1"
    )
    op.create_table(
        REMOVALS,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        *[sa.Column(column, sa.Uuid(), nullable=True) for column, _ in SUBJECTS],
        sa.Column("is_by_maker", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        _moment("decided_at", nullable=False),
        sa.Column("appeal", sa.String(), nullable=True),
        _moment("appealed_at"),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answer_note", sa.String(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        _moment("answered_at"),
        sa.CheckConstraint("kind IN ('post', 'comment', 'challenge', 'entry')", name=f"ck_{REMOVALS}_kind_is_known"),
        sa.CheckConstraint("answer IN ('upheld', 'restored')", name=f"ck_{REMOVALS}_answer_is_known"),
        sa.CheckConstraint("num_nonnulls(post_id, comment_id, challenge_id) = 1", name=f"ck_{REMOVALS}_one_subject"),
        _refers("athlete_id", "athletes"),
        *[_refers(column, table) for column, table in SUBJECTS],
        _refers("decided_by", "athletes", gone="SET NULL"),
        _refers("answered_by", "athletes", gone="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{REMOVALS}"),
    )
    for column in ("post_id", "comment_id", "challenge_id", "decided_by", "answered_by"):
        op.create_index(f"ix_{REMOVALS}_{column}", REMOVALS, [column])
    op.create_index(f"ix_{REMOVALS}_athlete_id_decided_at_id", REMOVALS, ["athlete_id", "decided_at", "id"])
    op.create_index(f"ix_{REMOVALS}_answered_at_appealed_at_id", REMOVALS, ["answered_at", "appealed_at", "id"])
    op.execute(
        """
        INSERT INTO community_removals
            (id, athlete_id, kind, post_id, comment_id, is_by_maker, decided_by, note, decided_at)
        SELECT DISTINCT ON (r.post_id, r.comment_id)
            gen_random_uuid(), r.reported_id, CASE WHEN r.post_id IS NULL THEN 'comment' ELSE 'post' END,
            r.post_id, r.comment_id, false, r.decided_by, coalesce(r.decision_note, ''), r.decided_at
        FROM community_reports r
        LEFT JOIN community_posts p ON p.id = r.post_id
        LEFT JOIN community_comments c ON c.id = r.comment_id
        WHERE r.decision = 'removed' AND r.decided_at IS NOT NULL
            AND coalesce(p.removed_at, c.removed_at) IS NOT NULL
        ORDER BY r.post_id, r.comment_id, r.decided_at
        """
    )


def downgrade() -> None:
    """Drop it again, with the reports of challenges and places."""
    op.drop_table(REMOVALS)
    op.execute("DELETE FROM community_reports WHERE num_nonnulls(challenge_id, entry_id) > 0")
    op.drop_constraint(op.f(ONE_SUBJECT), REPORTS, type_="check")
    op.create_check_constraint(op.f(ONE_SUBJECT), REPORTS, "num_nonnulls(post_id, comment_id) <= 1")
    for column, _ in REPORTED:
        op.drop_column(REPORTS, column)
    op.drop_column(CHALLENGES, "removed_at")
