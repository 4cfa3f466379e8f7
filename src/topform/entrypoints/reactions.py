"""What follows, in the same transaction, from the events of the features."""

from __future__ import annotations

from typing import Final

from topform.features.community.public import keep_announced, keep_boards
from topform.features.live_rooms.public import keep_rooms
from topform.features.notices.public import write_notices
from topform.features.segments.public import match_segments
from topform.platform.database import Reaction

REACTIONS: Final[tuple[Reaction, ...]] = (keep_boards, keep_rooms, keep_announced, write_notices, match_segments)
