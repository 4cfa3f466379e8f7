"""Sharing, reading, liking and answering posts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, InvalidInputError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.athletes.public import require_may_share
from topform.features.community.club_members.repository import ClubRepository
from topform.features.community.events import POST_CHANGED, POST_DELETED
from topform.features.community.evidence import about_of, evidence, require_not_taken_away
from topform.features.community.posts import sharing
from topform.features.community.posts.kept_here import EVERYTHING, held_back, require_may_choose
from topform.features.community.posts.mentions import handles_in
from topform.features.community.posts.repository import PostRepository, Seen
from topform.features.community.posts.schemas import (
    Author,
    Comment,
    CommentPage,
    CommentWords,
    NewPost,
    NewReport,
    Origin,
    Post,
    PostChange,
    PostClub,
    PostPage,
    Report,
    Snapshot,
    snapshot_shown,
)
from topform.features.community.posts.subjects import subject_of, values_of
from topform.features.community.posts.telling import mentioned_in, readers_of, tell_of_post
from topform.features.community.relations.service import person_of, person_to_report, profile_of, require_profile
from topform.features.community.remote_posts_repository import RemotePost, RemotePostRepository
from topform.features.community.report_repository import ReportRepository
from topform.features.community.tables import CommentRow, PersonRow, PostRow, ReportRow
from topform.features.form_checks.public import form_check_facts
from topform.platform.happenings import Happening, happened
from topform.platform.web.idempotency import Nothing
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page


async def share(session: AsyncSession, athlete_id: AthleteId, new: NewPost, *, now: datetime) -> Post:
    """Write a post; it holds the chosen fields as they are now, and nothing else."""
    await require_may_share(session, athlete_id, today=now.date())
    await require_profile(session, athlete_id)
    subject = await subject_of(session, athlete_id, new, now=now)
    about = about_of(subject.kind, subject.values, subject.activity_id, subject.form_check_id)
    await require_not_taken_away(session, athlete_id, new.text, about=about)
    shown = sharing.chosen_fields(subject.kind, new.shown)
    await require_may_choose(session, athlete_id, shown, today=now.date())
    row = PostRow(
        id=new_id(),
        athlete_id=athlete_id,
        kind=subject.kind,
        activity_id=subject.activity_id,
        form_check_id=subject.form_check_id,
        **await _meant(session, athlete_id, new),
        text=new.text,
        shown=shown,
        snapshot=sharing.snapshot_of(subject.kind, shown, subject.values),
        created_at=now,
        edited_at=None,
        removed_at=None,
    )
    await PostRepository(session).add(row)
    await tell_of_post(session, row, POST_CHANGED)
    await _tell_mentioned(session, row, now=now)
    return await get_post(session, athlete_id, row.id)


async def get_post(session: AsyncSession, viewer: AthleteId, post_id: UUID) -> Post:
    """Return a post that the viewer may see."""
    return (await _shown(session, viewer, [await _visible(session, viewer, post_id)]))[0]


async def video_frame_key(session: AsyncSession, viewer: AthleteId, post_id: UUID) -> str:
    """Return the key of the picture of a post that the viewer may see, if its author shows it."""
    post = (await _visible(session, viewer, post_id)).row
    held = (await held_back(session, [post])).get(post.athlete_id, EVERYTHING)
    key = None
    if snapshot_shown(post.snapshot, held=held).video_frame and post.form_check_id is not None:
        check = await form_check_facts(session, AthleteId(post.athlete_id), post.form_check_id)
        key = None if check is None else check.thumbnail_key
    if key is None:
        raise NotFoundError("The post has no picture.")
    return key


async def post_of_anywhere(session: AsyncSession, viewer: AthleteId, post_id: UUID) -> Post:
    """Return a post that the viewer may see, also one of another server."""
    found = await RemotePostRepository(session).post(viewer, post_id)
    return await get_post(session, viewer, post_id) if found is None else remote_post(found)


async def feed(
    session: AsyncSession, viewer: AthleteId, *, now: datetime, cursor: str | None, limit: int, with_others: bool
) -> PostPage:
    """Return a page of what the viewer and those they follow share, and those on other servers if they are asked."""
    after = decode_cursor(cursor)
    found = await PostRepository(session).feed(viewer, now=now, after=after, limit=limit + 1)
    theirs = await RemotePostRepository(session).feed(viewer, after=after, limit=limit + 1) if with_others else []
    ranked = [(seen.rank_at, seen.row.id) for seen in found] + [(one.row.received_at, one.row.id) for one in theirs]
    places, has_more = split_page(sorted(ranked, reverse=True), limit)
    posts = {post.id: post for post in await _shown(session, viewer, found)}
    posts |= {one.row.id: remote_post(one) for one in theirs}
    return PostPage(
        items=[posts[post_id] for _, post_id in places],
        next_cursor=encode_cursor(*places[-1]) if has_more else None,
    )


def remote_post(found: RemotePost) -> Post:
    """Return a post of another server as the API shows it: its words, and where it comes from."""
    row, author = found.row, found.author
    return Post(
        id=row.id,
        author=Author(handle=author.handle, name=author.name),
        is_own=False,
        kind="remote",
        text=row.text,
        mentions=[],
        snapshot=Snapshot(),
        shown=[],
        audience="public",
        club=None,
        kudos=0,
        gave_kudos=False,
        comments=0,
        created_at=row.received_at,
        edited_at=row.edited_at,
        is_removed=False,
        activity_id=None,
        form_check_id=None,
        origin=Origin(host=author.host, url=row.url),
    )


async def posts_of(
    session: AsyncSession, viewer: AthleteId, handle: str, *, cursor: str | None, limit: int
) -> PostPage:
    """Return a page of what a person shares with the viewer, newest first."""
    known = await person_of(session, viewer, handle)
    found = await PostRepository(session).of_person(
        viewer, known.row.athlete_id, after=decode_cursor(cursor), limit=limit + 1
    )
    return await _page(session, viewer, found, limit)


async def posts_of_club(
    session: AsyncSession, viewer: AthleteId, club_id: UUID, *, cursor: str | None, limit: int
) -> PostPage:
    """Return a page of what is shared with a club, newest first; nothing for who is not in it."""
    found = await PostRepository(session).of_club(viewer, club_id, after=decode_cursor(cursor), limit=limit + 1)
    return await _page(session, viewer, found, limit)


async def change_post(
    session: AsyncSession, athlete_id: AthleteId, post_id: UUID, change: PostChange, *, now: datetime
) -> Post:
    """Change a post's words, audience or fields; other fields are taken from what it is about as that is now."""
    posts = PostRepository(session)
    row = await posts.own(athlete_id, post_id)
    if row is None:
        raise NotFoundError("There is no such post.")
    before = await readers_of(session, row)
    values: dict[str, Any] = change.model_dump(exclude_unset=True, exclude_none=True)
    if values.get("text", row.text) != row.text:
        _require_not_taken_away(row)
        about = about_of(row.kind, row.snapshot, row.activity_id, row.form_check_id)
        await require_not_taken_away(session, athlete_id, values["text"], about=about)
    if change.audience is not None:
        values |= await _meant(session, athlete_id, change)
    if "shown" in values or change.audience not in (None, "me"):
        await require_may_share(session, athlete_id, today=now.date())
    if "shown" in values:
        kind: sharing.Kind = row.kind  # type: ignore[assignment]
        values["shown"] = sharing.chosen_fields(kind, values["shown"])
        await require_may_choose(session, athlete_id, values["shown"], today=now.date())
        known = {**row.snapshot, **await values_of(session, athlete_id, row)}
        values["snapshot"] = sharing.snapshot_of(kind, values["shown"], known)
    if not values:
        return await get_post(session, athlete_id, post_id)
    for name, value in {**values, "edited_at": now}.items():
        setattr(row, name, value)
    await session.flush()
    await tell_of_post(session, row, POST_CHANGED, also=before)
    await _tell_mentioned(session, row, now=now)
    return await get_post(session, athlete_id, post_id)


async def delete_post(session: AsyncSession, athlete_id: AthleteId, post_id: UUID) -> Nothing:
    """Delete a post with all that was said to it."""
    row = await PostRepository(session).own(athlete_id, post_id)
    if row is None:
        raise NotFoundError("There is no such post.")
    await tell_of_post(session, row, POST_DELETED)
    await PostRepository(session).remove(athlete_id, post_id)
    return Nothing()


async def kudos(session: AsyncSession, athlete_id: AthleteId, post_id: UUID, *, given: bool, now: datetime) -> Post:
    """Give kudos to another's post, or take them back."""
    await require_profile(session, athlete_id)
    seen = await _visible(session, athlete_id, post_id)
    if seen.row.athlete_id == athlete_id:
        raise InvalidInputError("You cannot give kudos to yourself.", remedy="Give them to others.")
    posts = PostRepository(session)
    changed = (
        await posts.give_kudos(athlete_id, post_id, now=now)
        if given
        else await posts.take_kudos_back(athlete_id, post_id)
    )
    if changed:
        await tell_of_post(session, seen.row, POST_CHANGED, to=[athlete_id])
    if changed and given:
        key = f"kudos:{post_id}:{athlete_id}"
        told = seen.row.athlete_id
        happened(session, Happening("kudos", told, key, now, actor_id=athlete_id, post_id=post_id))
    return await get_post(session, athlete_id, post_id)


async def list_comments(
    session: AsyncSession, viewer: AthleteId, post_id: UUID, *, cursor: str | None, limit: int
) -> CommentPage:
    """Return a page of what was said to a post, oldest first."""
    seen = await _visible(session, viewer, post_id)
    rows = await PostRepository(session).comments(viewer, post_id, after=decode_cursor(cursor), limit=limit + 1)
    shown, has_more = split_page(rows, limit)
    return CommentPage(
        items=await _comments(session, viewer, seen.row, shown),
        next_cursor=encode_cursor(shown[-1][0].created_at, shown[-1][0].id) if has_more else None,
    )


async def say(
    session: AsyncSession, athlete_id: AthleteId, post_id: UUID, words: CommentWords, *, now: datetime
) -> Comment:
    """Comment on a post that one sees."""
    await require_may_share(session, athlete_id, today=now.date())
    await require_profile(session, athlete_id)
    seen = await _visible(session, athlete_id, post_id)
    await require_not_taken_away(session, athlete_id, words.text)
    row = CommentRow(
        id=new_id(),
        athlete_id=athlete_id,
        post_id=post_id,
        text=words.text,
        created_at=now,
        edited_at=None,
        removed_at=None,
    )
    await PostRepository(session).add(row)
    people = await PostRepository(session).mentioned(athlete_id, handles_in(words.text))
    await tell_of_post(session, seen.row, POST_CHANGED)
    _tell_of_comment(session, seen.row, row, mentioned=people.values())
    return await _comment(session, athlete_id, row.id)


async def change_comment(
    session: AsyncSession, athlete_id: AthleteId, comment_id: UUID, words: CommentWords, *, now: datetime
) -> Comment:
    """Change one's own comment."""
    row, _ = await _visible_comment(session, athlete_id, comment_id)
    if row.athlete_id != athlete_id:
        raise NotFoundError("There is no such comment of yours.")
    _require_not_taken_away(row)
    if words.text != row.text:
        await require_not_taken_away(session, athlete_id, words.text)
    seen = await _visible(session, athlete_id, await _post_of(row, session))
    before = await readers_of(session, seen.row)
    await PostRepository(session).change_comment(athlete_id, comment_id, words.text, now=now)
    session.expire(row)
    await tell_of_post(session, seen.row, POST_CHANGED, also=before)
    return await _comment(session, athlete_id, comment_id)


async def delete_comment(session: AsyncSession, athlete_id: AthleteId, comment_id: UUID) -> Nothing:
    """Delete one's own comment, also on a post that one does not see any more, or another's on one's own post."""
    posts = PostRepository(session)
    row = await posts.known_comment(comment_id)
    if row is None or row.athlete_id != athlete_id:
        row, _ = await _visible_comment(session, athlete_id, comment_id)
        seen = await _visible(session, athlete_id, await _post_of(row, session))
        if seen.row.athlete_id != athlete_id:
            raise NotFoundError("There is no such comment of yours.")
    post = None if row.post_id is None else await posts.known(row.post_id)
    before = set() if post is None else await readers_of(session, post)
    await posts.remove_comment(row)
    if post is not None:
        await tell_of_post(session, post, POST_CHANGED, also={athlete_id, *before})
    return Nothing()


async def report(session: AsyncSession, athlete_id: AthleteId, new: NewReport, *, now: datetime) -> Report:
    """Tell the moderators of something that one sees, in the words that it has now."""
    reported: UUID
    name: str | None = None
    said_at: datetime | None = None
    post: PostRow | None = None
    if new.post_id is not None:
        post = (await _visible(session, athlete_id, new.post_id)).row
        reported, name, said_at = post.athlete_id, post.text, post.edited_at or post.created_at
    elif new.comment_id is not None:
        comment, _ = await _visible_comment(session, athlete_id, new.comment_id)
        reported, name, said_at = comment.athlete_id, comment.text, comment.edited_at or comment.created_at
    elif new.challenge_id is not None or new.entry_id is not None:
        reported, name = await _of_challenge(session, athlete_id, new)
    elif new.club_id is not None or new.team_id is not None:
        reported, name = await _of_group(session, athlete_id, new)
    else:
        reported = (await person_to_report(session, athlete_id, new.handle or "")).athlete_id
    if reported == athlete_id:
        raise InvalidInputError("That is your own.", remedy="Delete it yourself.")
    row = ReportRow(
        id=new_id(),
        athlete_id=athlete_id,
        reported_id=reported,
        post_id=new.post_id,
        comment_id=new.comment_id,
        challenge_id=new.challenge_id,
        entry_id=new.entry_id,
        club_id=new.club_id,
        team_id=new.team_id,
        name=name,
        kept=evidence(new.kind, await profile_of(session, AthleteId(reported)), said_at=said_at, post=post),
        reason=new.reason,
        note=new.note,
        created_at=now,
        decision=None,
        decision_note=None,
        decided_by=None,
        decided_at=None,
    )
    await PostRepository(session).add(row)
    return Report(id=row.id, created_at=now)


def _require_not_taken_away(said: PostRow | CommentRow) -> None:
    if said.removed_at is not None:
        raise ConflictError("A moderator took it away; its words stay as they were.", remedy="Appeal, or delete it.")


async def _of_challenge(session: AsyncSession, viewer: AthleteId, new: NewReport) -> tuple[UUID, str | None]:
    reports = ReportRepository(session)
    whose: UUID | None = None
    if new.entry_id is not None:
        whose = await reports.whose_place(viewer, new.entry_id)
    elif new.challenge_id is not None:
        found = await reports.whose_challenge(viewer, new.challenge_id)
        if found is not None:
            return found
    if whose is None:
        raise NotFoundError("There is no such challenge, or no such place in it.")
    return whose, None


async def _of_group(session: AsyncSession, viewer: AthleteId, new: NewReport) -> tuple[UUID, str]:
    reports = ReportRepository(session)
    found = None
    if new.club_id is not None:
        found = await reports.whose_club(viewer, new.club_id)
    elif new.team_id is not None:
        found = await reports.whose_team(viewer, new.team_id)
    if found is None:
        raise NotFoundError("There is no such club or team.")
    return found


async def _visible(session: AsyncSession, viewer: AthleteId, post_id: UUID) -> Seen:
    seen = await PostRepository(session).visible(viewer, post_id)
    if seen is None:
        raise NotFoundError("There is no such post.")
    return seen


async def _visible_comment(session: AsyncSession, viewer: AthleteId, comment_id: UUID) -> tuple[CommentRow, PersonRow]:
    found = await PostRepository(session).comment(viewer, comment_id)
    if found is None:
        raise NotFoundError("There is no such comment.")
    return found


async def _page(session: AsyncSession, viewer: AthleteId, found: Sequence[Seen], limit: int) -> PostPage:
    shown, has_more = split_page(found, limit)
    return PostPage(
        items=await _shown(session, viewer, shown),
        next_cursor=encode_cursor(shown[-1].rank_at, shown[-1].row.id) if has_more else None,
    )


async def _shown(session: AsyncSession, viewer: AthleteId, found: Sequence[Seen]) -> list[Post]:
    named = {handle for seen in found for handle in handles_in(seen.row.text)}
    known = await PostRepository(session).mentioned(viewer, named)
    held = await held_back(session, [seen.row for seen in found])
    return [
        Post(
            id=seen.row.id,
            author=Author(handle=seen.author.handle, name=seen.author.name),
            is_own=seen.row.athlete_id == viewer,
            kind=seen.row.kind,
            text=seen.row.text,
            mentions=[handle for handle in handles_in(seen.row.text) if handle in known],
            snapshot=snapshot_shown(seen.row.snapshot, held=held.get(seen.row.athlete_id, EVERYTHING)),
            shown=[name for name in sharing.FIELDS if name in seen.row.shown],
            audience=seen.row.audience if seen.club is None else "club",
            club=None if seen.club is None else PostClub(id=seen.row.club_id, name=seen.club),
            kudos=seen.kudos,
            gave_kudos=seen.gave_kudos,
            comments=seen.comments,
            created_at=seen.row.created_at,
            edited_at=seen.row.edited_at,
            is_removed=seen.row.removed_at is not None,
            activity_id=seen.row.activity_id if seen.row.athlete_id == viewer else None,
            form_check_id=seen.row.form_check_id if seen.row.athlete_id == viewer else None,
        )
        for seen in found
    ]


async def _comment(session: AsyncSession, viewer: AthleteId, comment_id: UUID) -> Comment:
    found = await _visible_comment(session, viewer, comment_id)
    seen = await _visible(session, viewer, await _post_of(found[0], session))
    return (await _comments(session, viewer, seen.row, [found]))[0]


async def _comments(
    session: AsyncSession, viewer: AthleteId, post: PostRow, found: Sequence[tuple[CommentRow, PersonRow]]
) -> list[Comment]:
    named = {handle for row, _ in found for handle in handles_in(row.text)}
    known = await PostRepository(session).mentioned(viewer, named)
    return [
        Comment(
            id=row.id,
            author=Author(handle=person.handle, name=person.name),
            is_own=row.athlete_id == viewer,
            may_delete=viewer in (row.athlete_id, post.athlete_id),
            text=row.text,
            mentions=[handle for handle in handles_in(row.text) if handle in known],
            created_at=row.created_at,
            edited_at=row.edited_at,
        )
        for row, person in found
    ]


async def _post_of(row: CommentRow, session: AsyncSession) -> UUID:
    await session.refresh(row)
    if row.post_id is None:
        raise NotFoundError("There is no such comment.")
    return row.post_id


async def _meant(session: AsyncSession, athlete_id: AthleteId, wish: NewPost | PostChange) -> dict[str, Any]:
    """Return how an audience is stored: what is for a club is for nobody else, so it stays so when the club goes."""
    if wish.club_id is None:
        return {"audience": wish.audience, "club_id": None}
    if not await ClubRepository(session).is_member(athlete_id, wish.club_id):
        raise NotFoundError("There is no such club of yours.")
    return {"audience": "me", "club_id": wish.club_id}


async def _tell_mentioned(session: AsyncSession, post: PostRow, *, now: datetime) -> None:
    """Have those told whom a post mentions, if it is for them."""
    for person in await mentioned_in(session, post):
        key = f"mention:{post.id}"
        happened(session, Happening("mention", person, key, now, actor_id=post.athlete_id, post_id=post.id))


def _tell_of_comment(session: AsyncSession, post: PostRow, comment: CommentRow, *, mentioned: Collection[UUID]) -> None:
    """Have the author told of a comment, and whom it mentions; whether they may see it is looked at with the notice."""
    told = {person: "mention" for person in mentioned} | {post.athlete_id: "comment"}
    for person, kind in told.items():
        if person != comment.athlete_id:
            happened(
                session,
                Happening(
                    kind,
                    person,
                    f"{kind}:{comment.id}",
                    comment.created_at,
                    actor_id=comment.athlete_id,
                    post_id=post.id,
                    comment_id=comment.id,
                ),
            )
