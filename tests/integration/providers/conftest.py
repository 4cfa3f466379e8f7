"""Fixtures of connected services: the API with the services on a local port behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.api import api, person
from tests.support.provider_server import (
    CLIENT_ID,
    CLIENT_SECRET,
    WEBHOOK_SECRET,
    ProviderServer,
    running_provider,
)

from topform.features.connections.catalog import REMOTE
from topform.platform.provider_settings import ProviderSettings
from topform.platform.settings import Settings

__all__ = ["api", "person"]

PUBLIC_URL = "https://topform.example.org"


@pytest.fixture
def provider() -> Iterator[ProviderServer]:
    """The services, on a free port."""
    with running_provider() as started:
        yield started


@pytest.fixture
def settings(database_url: str, tmp_path: Path, provider: ProviderServer) -> Settings:
    """Settings of an installation whose services answer on the local port."""
    app = ProviderSettings.model_validate(
        {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "webhook_secret": WEBHOOK_SECRET,
            "base_url": provider.url,
        }
    )
    return Settings(
        data_dir=tmp_path,
        database_url=database_url,
        public_url=PUBLIC_URL,
        providers=dict.fromkeys(REMOTE, app),
        watch_dir=tmp_path / "watched",
    )
