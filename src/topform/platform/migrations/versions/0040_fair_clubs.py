"""Signals for moderators, challenges and segments of clubs, and names that can be taken away."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

CONTRACTS = (
    "The checks of what a report or a removal is about are widened; what 0039 wrote for them still passes. The new "
    "checks of challenges and segments hold for rows without a club, and so far none has one."
)

SIGNALS = "community_signals"
CHALLENGES = "community_challenges"
CLUBS = "community_clubs"
TEAMS = "community_challenge_teams"
SETS = "community_counted_sets"
REPORTS = "community_reports"
REMOVALS = "community_removals"
NOTICES = "notices"
SEGMENTS = "segments"
NAMED = (("club_id", CLUBS), ("team_id", TEAMS), ("segment_id", SEGMENTS))
KINDS = ("post", "comment", "challenge", "entry")
MORE_KINDS = (*KINDS, "club", "team", "segment", "segment_place")
SIGNAL_REFERS = (
    ("athlete_id", "athletes", "CASCADE"),
    ("challenge_id", CHALLENGES, "CASCADE"),
    ("segment_id", SEGMENTS, "CASCADE"),
    ("form_check_id", "form_checks", "CASCADE"),
    ("activity_id", "activities", "CASCADE"),
    ("other_form_check_id", "form_checks", "SET NULL"),
    ("decided_by", "athletes", "SET NULL"),
)


def _kinds(names: tuple[str, ...]) -> str:
    return "kind IN ({})".format(", ".join(f"'{name}'" for name in names))


def _replace_check(table: str, name: str, condition: str) -> None:
    full = f"ck_{table}_{name}"
    for known in (full, f"ck_{table}_{full}"):
        op.drop_constraint(op.f(known), table, type_="check", if_exists=True)
    op.create_check_constraint(op.f(full), table, condition)


def _add_reference(table: str, column: str, to: str, *, gone: str, index: bool = True) -> None:
    refers = sa.ForeignKey(f"{to}.id", name=op.f(f"fk_{table}_{column}"), ondelete=gone)
    op.add_column(table, sa.Column(column, sa.Uuid(), refers, nullable=True))
    if index:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _signals() -> None:
    def moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
        return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)

    op.create_table(
        SIGNALS,
        sa.Column("id", sa.Uuid(), nullable=False),
        *[sa.Column(column, sa.Uuid(), nullable=column != "athlete_id") for column, _, _ in SIGNAL_REFERS],
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("strength", sa.Float(), nullable=False),
        sa.Column("facts", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        moment("effort_at"),
        moment("raised_at"),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decision_note", sa.String(), nullable=True),
        moment("decided_at", nullable=True),
        sa.CheckConstraint("num_nonnulls(challenge_id, segment_id) = 1", name=f"ck_{SIGNALS}_one_place"),
        sa.CheckConstraint("num_nonnulls(form_check_id, activity_id) = 1", name=f"ck_{SIGNALS}_one_effort"),
        sa.CheckConstraint("decision IN ('fine', 'removed')", name=f"ck_{SIGNALS}_decision_is_known"),
        sa.CheckConstraint("strength BETWEEN 0 AND 1", name=f"ck_{SIGNALS}_strength_is_a_share"),
        *[
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{SIGNALS}_{column}", ondelete=gone)
            for column, to, gone in SIGNAL_REFERS
        ],
        sa.PrimaryKeyConstraint("id", name=f"pk_{SIGNALS}"),
        sa.UniqueConstraint("athlete_id", "key", name=f"uq_{SIGNALS}_athlete_id_key"),
    )
    for column, _, _ in SIGNAL_REFERS[1:]:
        op.create_index(f"ix_{SIGNALS}_{column}", SIGNALS, [column])
    op.create_index(f"ix_{SIGNALS}_open", SIGNALS, ["strength", "id"], postgresql_where=sa.text("decided_at IS NULL"))
    op.create_index(
        f"ix_{SIGNALS}_decided_at_id", SIGNALS, ["decided_at", "id"], postgresql_where=sa.text("decided_at IS NOT NULL")
    )


def _movements() -> None:
    op.add_column(SETS, sa.Column("rep_total", sa.BigInteger(), nullable=True))
    op.add_column(SETS, sa.Column("span_s", sa.Float(), nullable=True))
    op.execute(
        """
        UPDATE community_counted_sets SET
            rep_total = jsonb_array_length(reps),
            span_s = CAST(reps -> -1 ->> 'end_s' AS double precision)
                   - CAST(reps -> 0 ->> 'start_s' AS double precision)
        WHERE jsonb_array_length(reps) > 0
        """
    )
    op.create_index(f"ix_{SETS}_movement", SETS, ["exercise", "rep_total", "span_s"])


def upgrade() -> None:
    """Add what is needed; nothing that is there is shown to anybody else by it."""
    _signals()
    _movements()
    _add_reference(CHALLENGES, "club_id", CLUBS, gone="SET NULL", index=False)
    has_club = sa.text("club_id IS NOT NULL")
    op.create_index(
        f"ix_{CHALLENGES}_club_id_created_at_id", CHALLENGES, ["club_id", "created_at", "id"], postgresql_where=has_club
    )
    _replace_check(CHALLENGES, "club_is_its_audience", "club_id IS NULL OR audience = 'invited'")
    _add_reference(SEGMENTS, "club_id", CLUBS, gone="SET NULL", index=False)
    op.create_index(f"ix_{SEGMENTS}_club_id", SEGMENTS, ["club_id"], postgresql_where=has_club)
    _replace_check(SEGMENTS, "club_is_its_audience", "club_id IS NULL OR audience = 'me'")
    _replace_check(SEGMENTS, "sharing_with_a_club_has_a_moment", "club_id IS NULL OR shared_at IS NOT NULL")
    for table in (REPORTS, REMOVALS):
        for column, to in NAMED:
            _add_reference(table, column, to, gone="CASCADE")
        op.add_column(table, sa.Column("name", sa.String(), nullable=True))
    subjects = "num_nonnulls(post_id, comment_id, challenge_id, entry_id, club_id, team_id, segment_id) <= 1"
    _replace_check(REPORTS, "one_subject", subjects)
    taken = "num_nonnulls(post_id, comment_id, challenge_id, club_id, team_id, segment_id) = 1"
    _replace_check(REMOVALS, "one_subject", taken)
    _replace_check(REMOVALS, "kind_is_known", _kinds(MORE_KINDS))
    _add_reference(NOTICES, "club_id", CLUBS, gone="CASCADE")
    _add_reference(NOTICES, "removal_id", REMOVALS, gone="CASCADE")


def downgrade() -> None:
    """Drop it again; what was a club's alone is its maker's and of those who take part."""
    for column in ("club_id", "removal_id"):
        op.drop_column(NOTICES, column)
    op.execute("DELETE FROM community_reports WHERE num_nonnulls(club_id, team_id, segment_id) > 0")
    op.execute("DELETE FROM community_removals WHERE num_nonnulls(club_id, team_id, segment_id) > 0")
    _replace_check(REMOVALS, "kind_is_known", _kinds(KINDS))
    _replace_check(REMOVALS, "one_subject", "num_nonnulls(post_id, comment_id, challenge_id) = 1")
    _replace_check(REPORTS, "one_subject", "num_nonnulls(post_id, comment_id, challenge_id, entry_id) <= 1")
    for table in (REPORTS, REMOVALS):
        for column in ("name", *(column for column, _ in NAMED)):
            op.drop_column(table, column)
    op.drop_constraint(op.f(f"ck_{SEGMENTS}_sharing_with_a_club_has_a_moment"), SEGMENTS, type_="check")
    for table in (SEGMENTS, CHALLENGES):
        op.drop_constraint(op.f(f"ck_{table}_club_is_its_audience"), table, type_="check")
        op.drop_column(table, "club_id")
    op.drop_index(f"ix_{SETS}_movement", SETS)
    for column in ("span_s", "rep_total"):
        op.drop_column(SETS, column)
    op.drop_table(SIGNALS)
