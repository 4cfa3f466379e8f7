"""Reports and what was taken away outlast what they are about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

CONTRACTS = (
    "What a report is about can go without it, and what was taken away as well; 0051 wrote rows that still pass. Where "
    "a process of the former version lists such a report, it calls it one about a person, with the words that it kept."
)

REPORTS = "community_reports"
REMOVALS = "community_removals"
POSTS = "community_posts"
COMMENTS = "community_comments"
CHALLENGES = "community_challenges"
REPORTED = (
    ("post_id", POSTS),
    ("comment_id", COMMENTS),
    ("challenge_id", CHALLENGES),
    ("entry_id", "community_challenge_entries"),
    ("club_id", "community_clubs"),
    ("team_id", "community_challenge_teams"),
    ("segment_id", "segments"),
)
TAKEN = (("post_id", POSTS), ("comment_id", COMMENTS), ("challenge_id", CHALLENGES))
ONE_SUBJECT = f"ck_{REMOVALS}_one_subject"
WORDS = (
    """
    UPDATE community_reports r SET name = p.text FROM community_posts p WHERE p.id = r.post_id AND r.name IS NULL
    """,
    """
    UPDATE community_reports r SET name = c.text FROM community_comments c WHERE c.id = r.comment_id AND r.name IS NULL
    """,
    "UPDATE community_removals r SET name = p.text FROM community_posts p WHERE p.id = r.post_id",
    "UPDATE community_removals r SET name = c.text FROM community_comments c WHERE c.id = r.comment_id",
)
SUBJECTS = "num_nonnulls(post_id, comment_id, challenge_id, club_id, team_id, segment_id)"


def _let_go(table: str, column: str, to: str, *, gone: str) -> None:
    name = op.f(f"fk_{table}_{column}")
    op.drop_constraint(name, table, type_="foreignkey")
    op.create_foreign_key(name, table, to, [column], ["id"], ondelete=gone)


def _replace_subjects(condition: str) -> None:
    for known in (ONE_SUBJECT, f"ck_{REMOVALS}_{ONE_SUBJECT}"):
        op.drop_constraint(op.f(known), REMOVALS, type_="check", if_exists=True)
    op.create_check_constraint(op.f(ONE_SUBJECT), REMOVALS, condition)


def upgrade() -> None:
    """Keep what moderators need of what was reported so far, and of what was taken away."""
    op.add_column(REPORTS, sa.Column("kept", postgresql.JSONB(none_as_null=True), nullable=True))
    op.add_column(REMOVALS, sa.Column("about", sa.String(), nullable=True))
    for column, to in REPORTED:
        _let_go(REPORTS, column, to, gone="SET NULL")
    for column, to in TAKEN:
        _let_go(REMOVALS, column, to, gone="SET NULL")
    _replace_subjects(f"{SUBJECTS} <= 1")
    op.execute(
        """
        UPDATE community_reports r SET kept = jsonb_build_object(
            'kind', CASE WHEN r.post_id IS NOT NULL THEN 'post' WHEN r.comment_id IS NOT NULL THEN 'comment'
                WHEN r.challenge_id IS NOT NULL THEN 'challenge' WHEN r.entry_id IS NOT NULL THEN 'entry'
                WHEN r.club_id IS NOT NULL THEN 'club' WHEN r.team_id IS NOT NULL THEN 'team'
                WHEN r.segment_id IS NOT NULL THEN 'segment' ELSE 'person' END,
            'handle', p.handle, 'name', p.name)
        FROM community_people p WHERE p.athlete_id = r.reported_id
        """
    )
    for statement in WORDS:
        op.execute(statement)
    op.execute(
        """
        UPDATE community_reports r SET name = c.title FROM community_challenges c
        WHERE c.id = r.challenge_id AND r.name IS NULL
        """
    )
    op.execute(
        """
        UPDATE community_removals r SET name = c.title FROM community_challenges c
        WHERE c.id = r.challenge_id AND r.kind = 'challenge' AND r.name IS NULL
        """
    )
    op.execute(
        """
        UPDATE community_removals r SET about = coalesce('activity:' || p.activity_id, 'form_check:' || p.form_check_id)
        FROM community_posts p WHERE p.id = r.post_id
        """
    )


def downgrade() -> None:
    """Let reports go with what they are about again, and those that outlasted it."""
    op.execute(
        """
        DELETE FROM community_removals
        WHERE num_nonnulls(post_id, comment_id, challenge_id, club_id, team_id, segment_id) = 0
        """
    )
    _replace_subjects(f"{SUBJECTS} = 1")
    for column, to in TAKEN:
        _let_go(REMOVALS, column, to, gone="CASCADE")
    for column, to in REPORTED:
        _let_go(REPORTS, column, to, gone="CASCADE")
    op.drop_column(REMOVALS, "about")
    op.drop_column(REPORTS, "kept")
