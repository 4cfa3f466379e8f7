"""Event types of the community; the data holds ids and handles only, never what a post shows.

`community.relations_changed`: ``{}``, `community.post_changed`: ``{"id"}``, `community.post_deleted`: ``{"id"}``,
`community.posts_changed`: ``{}`` to who may see posts of which an author shows more or less now,
`community.challenge_changed`: ``{"id"}`` to who takes part with their own place, is asked to, or made it,
`community.challenge_deleted`: ``{"id"}``, `community.removal_changed`: ``{"id"}`` to whom something was taken from,
`community.club_changed`: ``{"id"}`` to who is in the club, and to whom it concerns, `community.club_deleted`:
``{"id"}``. Boards themselves go to who watches them, by topic and not by person.
"""

from typing import Final

RELATIONS_CHANGED: Final = "community.relations_changed"
POST_CHANGED: Final = "community.post_changed"
POSTS_CHANGED: Final = "community.posts_changed"
POST_DELETED: Final = "community.post_deleted"
CHALLENGE_CHANGED: Final = "community.challenge_changed"
REMOVAL_CHANGED: Final = "community.removal_changed"
CHALLENGE_DELETED: Final = "community.challenge_deleted"
CLUB_CHANGED: Final = "community.club_changed"
CLUB_DELETED: Final = "community.club_deleted"
