"""What follows, in the same transaction, from the events of the features."""

from __future__ import annotations

from typing import Final

from topform.features.coaches.public import keep_coaches_told
from topform.features.community.public import (
    keep_ages_told,
    keep_announced,
    keep_boards,
    keep_readers_told,
    tell_of_leaving_posts,
)
from topform.features.live_rooms.public import keep_rooms
from topform.features.notices.public import write_notices
from topform.features.segments.public import match_segments
from topform.platform.database import Reactions

REACTIONS: Final = Reactions(
    at_end=(
        keep_boards,
        keep_readers_told,
        keep_ages_told,
        keep_coaches_told,
        keep_rooms,
        keep_announced,
        write_notices,
        match_segments,
    ),
    before_deleting=(tell_of_leaving_posts,),
)
