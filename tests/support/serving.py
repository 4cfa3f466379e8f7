"""The API in this process, answering on a port of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import uvicorn

from tests.support.api import Api
from topform.entrypoints.api import create_app
from topform.platform.settings import Settings

PATIENCE_S = 60.0


@asynccontextmanager
async def serving(settings: Settings, *, ws: Literal["none", "websockets-sansio"] = "none") -> AsyncIterator[Api]:
    """Start the application on the port of its settings, with or without sockets, and stop it at the end."""
    app = create_app(settings)
    config = uvicorn.Config(app, host="127.0.0.1", port=settings.port, log_config=None, access_log=False, ws=ws)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not server.started:
                assert not task.done(), "the server did not start"
                await asyncio.sleep(0.01)
        yield Api(app, settings)
    finally:
        server.should_exit = True
        await task
