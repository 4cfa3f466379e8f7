"""Watching a challenge's board, a post, and a room in which people train together."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, WebSocket
from pydantic import Field

from topform.core.ids import AthleteId
from topform.entrypoints.api.watching import FirstMessage, watch
from topform.features.community.public import BoardRooms, Likeness, OpenPosts, may_look, may_watch
from topform.features.live_rooms.public import LiveRooms, is_inside
from topform.platform.watching import Watcher
from topform.platform.web.resources import Resources

router = APIRouter()


class WatchBoard(FirstMessage):
    """Which of the people on a board are wanted."""

    like: Annotated[list[Likeness], Field(default_factory=list, max_length=3)]


class WatchWhole(FirstMessage):
    """Nothing of it is to be chosen."""

    after: None = None


@router.websocket("/community/challenges/{challenge_id}/live")
async def watch_board(socket: WebSocket, challenge_id: UUID) -> None:
    """Send the first page of the board as `{type: "community.board", data}`, now and whenever it changes.

    The caller is known as on `/events`. Then the client sends `{"like": []}`.
    """
    resources: Resources = socket.app.state.resources
    boards: BoardRooms = socket.app.state.board_rooms

    async def enter(viewer: AthleteId, message: WatchBoard) -> Watcher | None:
        async with resources.database.transaction() as session:
            is_theirs = await may_watch(session, viewer, challenge_id)
        return boards.enter(challenge_id, viewer, message.like) if is_theirs else None

    await watch(socket, WatchBoard, enter, what="challenge")


@router.websocket("/community/posts/{post_id}/live")
async def watch_post(socket: WebSocket, post_id: UUID) -> None:
    """Send `{type: "community.post_changed", data: {id}}`, now and whenever the post or what is said to it changes.

    The caller is known as on `/events`. Then the client sends `{"after": null}`. What changed is to be fetched.
    """
    resources: Resources = socket.app.state.resources
    posts: OpenPosts = socket.app.state.open_posts

    async def enter(viewer: AthleteId, message: WatchWhole) -> Watcher | None:
        async with resources.database.reading() as session:
            is_theirs = await may_look(session, viewer, post_id)
        return posts.enter(post_id, viewer) if is_theirs else None

    await watch(socket, WatchWhole, enter, what="post")


@router.websocket("/community/rooms/{room_id}/live")
async def watch_room(socket: WebSocket, room_id: UUID) -> None:
    """Send the room you are in as `{type: "community.room", data}`, now and whenever it changes.

    The caller is known as on `/events`. Then the client sends `{"after": null}`.
    """
    resources: Resources = socket.app.state.resources
    rooms: LiveRooms = socket.app.state.live_rooms

    async def enter(viewer: AthleteId, message: WatchWhole) -> Watcher | None:
        async with resources.database.transaction() as session:
            is_theirs = await is_inside(session, viewer, room_id, now=resources.clock.now())
        return rooms.enter(room_id, viewer) if is_theirs else None

    await watch(socket, WatchWhole, enter, what="room")
