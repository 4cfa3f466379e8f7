"""Event types of segments.

`segments.changed`: ``{}``; a segment that the athlete sees, or an effort of theirs, was made, changed or deleted.
"""

from typing import Final

SEGMENTS_CHANGED: Final = "segments.changed"
