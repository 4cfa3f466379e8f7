"""The API process: HTTP, WebSocket and the built app. It never loads the vision stack."""

from topform.entrypoints.api.application import create_app

__all__ = ["create_app"]
