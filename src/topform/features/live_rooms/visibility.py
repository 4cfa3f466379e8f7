"""The one answer to "who may be in this room", for one person and for many at once.

The owner, and who the room is for: people who follow each other with the owner, are in its club together with the
owner, coach the owner or are coached by the owner, or came by the owner's link. Never somebody whom the owner blocks or
who blocks the owner, and nobody below 16. Who is below 18 is in rooms of people with whom they follow each other or who
coach them, and nobody else is in theirs. It is asked at every look into the room, so that what ends, ends there too.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import InstrumentedAttribute

from topform.core.ids import AthleteId
from topform.features.athletes.public import (
    PUBLISHING_FROM_YEARS,
    SHARING_FROM_YEARS,
    is_below,
    is_seen_by_others,
)
from topform.features.coaches.public import is_coach_of
from topform.features.community.public import apart, belongs, follows
from topform.features.live_rooms.tables import LiveRoomRow

Person = AthleteId | InstrumentedAttribute[UUID]


def lets_in(person: Person, *, by_link: ColumnElement[bool] | InstrumentedAttribute[bool]) -> ColumnElement[bool]:
    """Return the condition that a room is for somebody; ``by_link`` is that its owner's link let them in."""
    if is_seen_by_others():
        return false()
    owner = LiveRoomRow.athlete_id
    are_friends = and_(follows(person, owner), follows(owner, person))
    is_coached, coaches = is_coach_of(owner, person), is_coach_of(person, owner)
    is_for = or_(
        and_(LiveRoomRow.audience == "friends", are_friends),
        and_(
            LiveRoomRow.audience == "club",
            belongs(person, LiveRoomRow.club_id),
            belongs(owner, LiveRoomRow.club_id),
        ),
        and_(LiveRoomRow.audience == "coaching", or_(is_coached, coaches)),
        by_link,
    )
    safe = and_(
        or_(~is_below(person, PUBLISHING_FROM_YEARS), are_friends, is_coached),
        or_(~is_below(owner, PUBLISHING_FROM_YEARS), are_friends, coaches),
    )
    grown = and_(~is_below(person, SHARING_FROM_YEARS), ~is_below(owner, SHARING_FROM_YEARS))
    return and_(grown, or_(owner == person, and_(is_for, safe, ~apart(person, owner))))
