"""What other features and entry points may use of the community."""

from typing import Any
from uuid import UUID

from topform.core.ids import AthleteId
from topform.features.community.age_changes import keep_ages_told
from topform.features.community.challenge_tables import (
    ChallengeEntryRow,
    ChallengeInvitationRow,
    ChallengeRow,
    CountedSetRow,
)
from topform.features.community.challenges.live import BoardRooms, BoardWatcher, may_watch
from topform.features.community.challenges.reacting import keep_boards
from topform.features.community.challenges.schemas import Likeness
from topform.features.community.club_members.sharing import club_of_member, names_of_clubs
from topform.features.community.club_tables import MEMBERS, ClubMemberRow, ClubRow
from topform.features.community.events import CLUB_CHANGED, CLUB_DELETED, RELATIONS_CHANGED
from topform.features.community.federation.announcing import keep_announced
from topform.features.community.federation.inbox import InboxLimits
from topform.features.community.federation_tables import (
    ActorRow,
    AnnouncedPostRow,
    DeliveryRow,
    RemoteBlockRow,
    RemoteFollowerRow,
    RemoteFollowRow,
    RemotePostRow,
    SeenActivityRow,
)
from topform.features.community.limits import CommunityLimits, UseLimits
from topform.features.community.moderation.reporting import report_segment
from topform.features.community.moderation_tables import RemovalRow
from topform.features.community.names import require_group_name
from topform.features.community.posts.live import OpenPosts, may_look
from topform.features.community.posts.restoring import settle_post
from topform.features.community.posts.schemas import Author, NewReportOfName, Report
from topform.features.community.posts.telling import keep_readers_told, tell_of_leaving_posts
from topform.features.community.relations.restoring import settle_profile
from topform.features.community.relations.schemas import HandleInPath
from topform.features.community.relations.service import people_named, require_profile
from topform.features.community.removal_state import is_off_segment_board, shown_segment_names
from topform.features.community.signal_tables import SignalRow
from topform.features.community.signals.copies import copies_among
from topform.features.community.signals.looking import recording_of, signal_rows
from topform.features.community.signals.repository import SignalRepository
from topform.features.community.signals.rules import Signal, of_jump, of_recording, of_speed
from topform.features.community.tables import (
    BlockRow,
    CommentRow,
    FollowRow,
    FormerHandleRow,
    KudosRow,
    MuteRow,
    PersonRow,
    PostRow,
    ReportRow,
)
from topform.features.community.telling_repository import handle_of, is_told, name_of
from topform.features.community.topics import RELATIONS
from topform.features.community.visibility import apart, belongs, follows
from topform.platform.personal_data import KeptFor, PersonalData, PersonalTable

__all__ = [
    "CLUB_CHANGED",
    "CLUB_DELETED",
    "MEMBERS",
    "PERSONAL_DATA",
    "RELATIONS",
    "RELATIONS_CHANGED",
    "Author",
    "BlockRow",
    "BoardRooms",
    "BoardWatcher",
    "ClubMemberRow",
    "ClubRow",
    "CommunityLimits",
    "FollowRow",
    "HandleInPath",
    "InboxLimits",
    "Likeness",
    "NewReportOfName",
    "OpenPosts",
    "PersonRow",
    "Report",
    "Signal",
    "SignalRepository",
    "UseLimits",
    "apart",
    "belongs",
    "club_of_member",
    "copies_among",
    "follows",
    "handle_of",
    "is_off_segment_board",
    "is_told",
    "keep_ages_told",
    "keep_announced",
    "keep_boards",
    "keep_readers_told",
    "may_look",
    "may_watch",
    "name_of",
    "names_of_clubs",
    "of_jump",
    "of_recording",
    "of_speed",
    "people_named",
    "recording_of",
    "report_segment",
    "require_group_name",
    "require_profile",
    "shown_segment_names",
    "signal_rows",
    "tell_of_leaving_posts",
]


async def _leave(resources: Any, athlete_id: UUID) -> None:
    """Keep the handle of an account that is about to go from others, take it out of the community, tell who saw it."""
    from topform.features.community.federation.sending import say_farewell
    from topform.features.community.relations.former_handle_repository import keep_apart
    from topform.features.community.relations.service import leave

    async with resources.database.transaction() as session:
        await keep_apart(
            session, AthleteId(athlete_id), secret=resources.settings.signing_key(), now=resources.clock.now()
        )
        await say_farewell(session, AthleteId(athlete_id), now=resources.clock.now())
        await leave(session, AthleteId(athlete_id))


PERSONAL_DATA = PersonalData(
    tables=(
        PersonalTable(PersonRow, omit=("has_public_feed",), settle=settle_profile),
        PersonalTable(FollowRow, left_out="who follows whom; both agree anew on another server"),
        PersonalTable(BlockRow, left_out="names people of this server"),
        PersonalTable(MuteRow, left_out="names people of this server"),
        PersonalTable(PostRow, omit=("club_id",), settle=settle_post),
        PersonalTable(KudosRow, left_out="likes of posts that belong to others"),
        PersonalTable(CommentRow, omit=("post_id",)),
        PersonalTable(ChallengeRow, omit=("club_id",)),
        PersonalTable(ChallengeEntryRow, left_out="a place among people of this server"),
        PersonalTable(ChallengeInvitationRow, left_out="asks into a challenge of this server"),
        PersonalTable(ClubMemberRow, left_out="a place among people of this server"),
        PersonalTable(CountedSetRow, left_out="counted again from the form checks, which are exported"),
        PersonalTable(RemovalRow, left_out="what moderators of this server decided, and what was said to it"),
        PersonalTable(SignalRow, left_out="what moderators of this server look at; it follows from the recordings"),
        PersonalTable(ReportRow, left_out="what was told to the moderators of this server", outlasts={"note": ""}),
        PersonalTable(ActorRow, left_out="an address of this server and its key; another server gives another"),
        PersonalTable(AnnouncedPostRow, left_out="what other servers were told of posts of this one"),
        PersonalTable(RemoteFollowerRow, left_out="who follows an address of this server"),
        PersonalTable(RemoteFollowRow, left_out="whom an address of this server follows; asked for anew elsewhere"),
        PersonalTable(RemoteBlockRow, left_out="names people of other servers"),
        PersonalTable(DeliveryRow, left_out="messages under way to other servers"),
    ),
    before_erasing=_leave,
    kept_for=(
        KeptFor(ReportRow, since="decided_at", days=365),
        KeptFor(RemovalRow, since="decided_at", days=365, only=("kind", ("post", "comment", "challenge"))),
        KeptFor(RemotePostRow, since="received_at", days=90),
        KeptFor(DeliveryRow, since="created_at", days=7),
        KeptFor(SeenActivityRow, since="received_at", days=7),
        KeptFor(FormerHandleRow, since="freed_at", days=180),
    ),
)
