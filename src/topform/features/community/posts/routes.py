"""The feed, posts, kudos, comments and reports."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request, Response

from topform.features.community.limits import UseLimits
from topform.features.community.posts import service
from topform.features.community.posts.schemas import (
    Comment,
    CommentPage,
    CommentWords,
    NewPost,
    NewReport,
    Post,
    PostChange,
    PostPage,
    Report,
)
from topform.features.community.relations.schemas import HandleInPath
from topform.features.form_checks.public import still_response
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.pages import CursorParameter, Limit
from topform.platform.web.resources import Use
from topform.platform.web.shapes import BYTES

router = APIRouter(prefix="/community", tags=["community"])


@router.get("/feed")
async def get_feed(
    use: Use, athlete_id: SignedInAthlete, cursor: CursorParameter = None, limit: Limit = 20
) -> PostPage:
    """Return your own posts and those of whom you follow, the newest first.

    For each kudos and comment that you gave an author in the last 30 days, a post of theirs counts as an hour newer,
    six hours at most. Where this server federates, posts of those whom you follow on other servers are among them, with
    their `origin`. Reacting while you page can move a post; drop what you have already.
    """
    async with use.database.reading() as session:
        return await service.feed(
            session,
            athlete_id,
            now=use.clock.now(),
            cursor=cursor,
            limit=limit,
            with_others=use.settings.federation != "off",
        )


@router.get("/people/{handle}/posts")
async def list_posts_of_person(
    handle: HandleInPath, use: Use, athlete_id: SignedInAthlete, cursor: CursorParameter = None, limit: Limit = 20
) -> PostPage:
    """Return what a person shares with you, newest first."""
    async with use.database.reading() as session:
        return await service.posts_of(session, athlete_id, handle, cursor=cursor, limit=limit)


@router.post("/posts", status_code=201)
async def share_post(new: NewPost, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits) -> Post:
    """Share an activity, a form check, a best or what of a plan is done with the audience and fields you choose.

    What you do not choose is not stored with the post. Activities whose source keeps them for you (Strava) are refused
    with the code `not_shareable`.
    """
    await limits.count("post", athlete_id)
    return await once.write(
        use, athlete_id, new, lambda session, now: service.share(session, athlete_id, new, now=now), Post
    )


@router.get("/posts/{post_id}")
async def get_post(post_id: UUID, use: Use, athlete_id: SignedInAthlete) -> Post:
    """Return a post that you may see."""
    async with use.database.reading() as session:
        if use.settings.federation != "off":
            return await service.post_of_anywhere(session, athlete_id, post_id)
        return await service.get_post(session, athlete_id, post_id)


@router.get(
    "/posts/{post_id}/video-frame",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": BYTES}, "description": "The picture."}},
)
async def get_video_frame(post_id: UUID, request: Request, use: Use, athlete_id: SignedInAthlete) -> Response:
    """Return the picture of a post that you may see, if its author shows it; without an account nobody gets it."""
    async with use.database.reading() as session:
        key = await service.video_frame_key(session, athlete_id, post_id)
    return await still_response(request, use.store, key)


@router.patch("/posts/{post_id}")
async def change_post(post_id: UUID, change: PostChange, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Post:
    """Change the words, the audience or the shown fields of your post; what is hidden now is gone from it."""
    return await once.write(
        use,
        athlete_id,
        change,
        lambda session, now: service.change_post(session, athlete_id, post_id, change, now=now),
        Post,
    )


@router.delete("/posts/{post_id}", status_code=204)
async def delete_post(post_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Delete your post with all that was said to it."""
    await once.write(
        use, athlete_id, None, lambda session, _: service.delete_post(session, athlete_id, post_id), Nothing
    )


@router.put("/posts/{post_id}/kudos")
async def give_kudos(post_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits) -> Post:
    """Give kudos to a post of somebody else."""
    await limits.count("kudos", athlete_id)
    return await once.write(
        use,
        athlete_id,
        None,
        lambda session, now: service.kudos(session, athlete_id, post_id, given=True, now=now),
        Post,
    )


@router.delete("/posts/{post_id}/kudos")
async def take_kudos_back(post_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Post:
    """Take your kudos back."""
    return await once.write(
        use,
        athlete_id,
        None,
        lambda session, now: service.kudos(session, athlete_id, post_id, given=False, now=now),
        Post,
    )


@router.get("/posts/{post_id}/comments")
async def list_comments(
    post_id: UUID, use: Use, athlete_id: SignedInAthlete, cursor: CursorParameter = None, limit: Limit = 50
) -> CommentPage:
    """Return what was said to a post, oldest first."""
    async with use.database.reading() as session:
        return await service.list_comments(session, athlete_id, post_id, cursor=cursor, limit=limit)


@router.post("/posts/{post_id}/comments", status_code=201)
async def add_comment(
    post_id: UUID, words: CommentWords, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits
) -> Comment:
    """Comment on a post that you see; an `@handle` mentions a person, who hears of it if they may see the post."""
    await limits.count("comment", athlete_id)
    return await once.write(
        use,
        athlete_id,
        words,
        lambda session, now: service.say(session, athlete_id, post_id, words, now=now),
        Comment,
    )


@router.patch("/comments/{comment_id}")
async def change_comment(
    comment_id: UUID, words: CommentWords, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> Comment:
    """Change your comment."""
    return await once.write(
        use,
        athlete_id,
        words,
        lambda session, now: service.change_comment(session, athlete_id, comment_id, words, now=now),
        Comment,
    )


@router.delete("/comments/{comment_id}", status_code=204)
async def delete_comment(comment_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Delete your comment, or anybody's on your own post."""
    await once.write(
        use, athlete_id, None, lambda session, _: service.delete_comment(session, athlete_id, comment_id), Nothing
    )


@router.post("/reports", status_code=201)
async def report_to_moderators(
    new: NewReport, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits
) -> Report:
    """Tell the moderators of a post, a comment or a person; the reported person does not learn who it was."""
    await limits.count("report", athlete_id)
    return await once.write(
        use, athlete_id, new, lambda session, now: service.report(session, athlete_id, new, now=now), Report
    )
