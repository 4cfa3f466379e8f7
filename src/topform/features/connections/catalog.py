"""Which services this server offers, and the way to each of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from topform.features.athletes.public import Athlete
from topform.platform.provider_settings import ProviderSettings
from topform.platform.settings import Settings
from topform.platform.web.resources import Resources
from topform.providers.base import ProviderBase
from topform.providers.errors import UnknownProviderError
from topform.providers.fitbit import Fitbit
from topform.providers.garmin import Garmin
from topform.providers.intervals import Intervals
from topform.providers.oura import Oura
from topform.providers.polar import Polar
from topform.providers.protocols import About, Provider, ProviderApp, SignInWay
from topform.providers.strava import Strava
from topform.providers.watch_folder import WatchFolder
from topform.providers.whoop import Whoop
from topform.providers.withings import Withings

KINDS: Final[tuple[type[ProviderBase], ...]] = (Intervals, Garmin, Strava, Polar, Oura, Withings, Whoop, Fitbit)
REMOTE: Final[Mapping[str, type[ProviderBase]]] = {kind.about.id: kind for kind in KINDS}


def all_about() -> list[About]:
    """Return every service that TopForm knows, the watch folder last."""
    return [*(kind.about for kind in REMOTE.values()), WatchFolder.about]


def scopes_of(provider: str) -> tuple[str, ...]:
    """Return what is asked for on the service's page."""
    kind = REMOTE.get(provider)
    return () if kind is None else kind.scopes


def folder_of(settings: Settings, athlete: Athlete) -> Path:
    """Return the athlete's own folder below the watch folder."""
    if settings.watch_dir is None:
        raise UnknownProviderError(
            "This server has no watch folder.", remedy="Ask the person who runs it to set TOPFORM_WATCH_DIR."
        )
    return settings.watch_dir / quote(athlete.email, safe="@+-_ ")


def offered_sign_in(settings: Settings, provider: str) -> tuple[SignInWay, ...]:
    """Return how an athlete can connect the service on this server; empty when it is not offered."""
    if provider == WatchFolder.about.id:
        return () if settings.watch_dir is None else WatchFolder.about.sign_in
    kind = REMOTE.get(provider)
    if kind is None:
        return ()
    given = settings.provider_settings().get(provider, ProviderSettings())
    if not given.enabled:
        return ()
    has_app = given.client_id is not None and given.secret() is not None
    return tuple(way for way in kind.about.sign_in if way is not SignInWay.OAUTH or has_app)


def require_offered(settings: Settings, provider: str, way: SignInWay) -> About:
    """Return the service if it can be connected in this way here."""
    if way not in offered_sign_in(settings, provider):
        raise UnknownProviderError(
            "This server does not offer the service.",
            remedy="Ask the person who runs it to set it up.",
        )
    return about_of(provider)


def about_of(provider: str) -> About:
    """Return what a service is."""
    found = next((about for about in all_about() if about.id == provider), None)
    if found is None:
        raise UnknownProviderError("There is no such service.")
    return found


@asynccontextmanager
async def open_provider(
    resources: Resources, provider: str, *, athlete: Athlete | None = None
) -> AsyncIterator[Provider]:
    """Open the way to a service and close it at the end; the watch folder is that of an athlete."""
    now = resources.clock.now
    if provider == WatchFolder.about.id and athlete is not None:
        yield WatchFolder(folder_of(resources.settings, athlete), now=now)
        return
    kind = REMOTE.get(provider)
    if kind is None:
        raise UnknownProviderError("There is no such service.")
    given = resources.settings.provider_settings().get(provider, ProviderSettings())
    app = ProviderApp(
        client_id=given.client_id,
        client_secret=given.secret(),
        webhook_secret=None if given.webhook_secret is None else given.webhook_secret.get_secret_value(),
        base_url=given.base_url,
    )
    opened: Provider = kind(app, now=now)
    try:
        yield opened
    finally:
        await opened.aclose()
