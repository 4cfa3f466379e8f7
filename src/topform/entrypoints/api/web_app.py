"""The built app: its files, and index.html for every address that is a screen of the app."""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from topform.entrypoints.api.problems import problem_response

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
CLOSE_NOTHING_THERE = 4404
HASHED_FOLDERS = ("_expo/static/", "assets/")


class WebApp:
    """Answers what is no route of the API: with the folder that the app's build wrote, or a problem document."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._files = None if folder is None else StaticFiles(directory=folder, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": CLOSE_NOTHING_THERE})
            return
        path = scope["path"].lstrip("/")
        if path == "api" or path.startswith("api/"):
            response: Response = problem_response(
                404, "not_found", "There is nothing at this address.", remedy="See /api/openapi.json for what there is."
            )
        elif scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        else:
            response = await self._file(path, scope)
        await response(scope, receive, send)

    async def _file(self, path: str, scope: Scope) -> Response:
        index = None if self._folder is None else self._folder / "index.html"
        if self._files is None or index is None or not await asyncio.to_thread(index.is_file):
            return problem_response(
                503, "app_not_built", "The web app has not been built.", remedy="Run `make run`, or build it in app/."
            )
        if path not in ("", "index.html"):
            try:
                response = await self._files.get_response(path, scope)
            except HTTPException as error:
                if error.status_code != 404 or not _is_screen(path, scope):
                    raise
            else:
                response.headers["Cache-Control"] = IMMUTABLE if path.startswith(HASHED_FOLDERS) else REVALIDATE
                return response
        return FileResponse(index, media_type="text/html", headers={"Cache-Control": REVALIDATE})


def _is_screen(path: str, scope: Scope) -> bool:
    accepted = Headers(scope=scope).get("accept", "")
    return "text/html" in accepted and "." not in path.rsplit("/", 1)[-1]
