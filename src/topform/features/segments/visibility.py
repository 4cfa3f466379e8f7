"""Who may see a segment, and whose efforts on it.

A segment is its owner's; it is shown to who follows them when it is shared with followers, or to who is in a club with
them that it is shared with, when its source allows it, the owner is old enough to share and in the community since, and
neither blocks the other. An effort is its athlete's; on a board it counts for others when its athlete chose so, may
share, still sees the segment, no moderator took the place away, and its source allows it.
A coach who looks at an athlete's data sees none of this.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from topform.core.ids import AthleteId
from topform.features.athletes.public import AthleteOwned, is_seen_by_others, may_share
from topform.features.athletes.public import visible_to as owned_by
from topform.features.community.public import PersonRow, apart, belongs, follows, is_off_segment_board
from topform.features.segments.tables import SegmentMemberRow, SegmentRow

Who = AthleteId | InstrumentedAttribute[UUID]


def visible_to(viewer: AthleteId, table: type[AthleteOwned]) -> ColumnElement[bool]:
    """Return the condition under which the viewer gets a row; of other tables than segments only their own."""
    if is_seen_by_others():
        return false()
    return sees_segment(viewer) if table is SegmentRow else owned_by(viewer, table)


def sees_segment(viewer: Who) -> ColumnElement[bool]:
    """Return the condition that somebody may see a segment, also for many people at once."""
    owner = SegmentRow.athlete_id
    shared = and_(
        or_(
            and_(SegmentRow.audience == "followers", follows(viewer, owner)),
            and_(
                SegmentRow.club_id.is_not(None),
                belongs(viewer, SegmentRow.club_id),
                belongs(owner, SegmentRow.club_id),
            ),
        ),
        SegmentRow.restricted_by.is_(None),
        may_share(SegmentRow),
        _in_community_since(owner, SegmentRow.shared_at),
        ~apart(viewer, owner),
    )
    return or_(owner == viewer, shared)


def on_board(viewer: AthleteId) -> ColumnElement[bool]:
    """Return the condition that a member of a segment stands on its board for a viewer."""
    member = SegmentMemberRow.athlete_id
    return and_(
        SegmentMemberRow.shares_efforts,
        ~is_off_segment_board(member, SegmentMemberRow.segment_id),
        may_share(SegmentMemberRow),
        _in_community_since(member, SegmentMemberRow.joined_at),
        sees_segment(member),
        ~apart(viewer, member),
    )


def _in_community_since(athlete: Any, moment: Any) -> ColumnElement[bool]:
    """Return the condition that somebody is in the community, and has not left it since a moment."""
    person = aliased(PersonRow)
    return exists().where(person.athlete_id == athlete, person.created_at <= moment)
