"""Notifications from services: checked, then taken as a hint to look; nothing in them is stored."""

from __future__ import annotations

from topform.features.connections.catalog import open_provider
from topform.features.connections.repository import ConnectionRepository
from topform.features.connections.runs import queue_run
from topform.platform.web.resources import Resources
from topform.providers.protocols import WebhookAnswer, WebhookRequest


async def take_notification(resources: Resources, provider: str, request: WebhookRequest) -> WebhookAnswer:
    """Queue a look at each connection that a notification concerns; an account nobody connected is no news."""
    async with open_provider(resources, provider) as opened:
        answer = opened.read_webhook(request)
    if answer.notices:
        async with resources.database.transaction() as session:
            repository, now = ConnectionRepository(session), resources.clock.now()
            for notice in answer.notices:
                for connection in await repository.of_account(provider, notice.account_id):
                    window = notice.window
                    await queue_run(
                        session,
                        connection,
                        kind="notice",
                        now=now,
                        first=None if window is None else window.first,
                        last=None if window is None else window.last,
                        activity_ids=notice.activity_ids or None,
                    )
    return answer
