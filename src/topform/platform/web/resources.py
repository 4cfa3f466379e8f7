"""What services work with, made once for each process in an entry point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from topform.core.clock import Clock
from topform.platform.database import Database
from topform.platform.objects import ObjectStore
from topform.platform.settings import Settings


@dataclass(frozen=True, slots=True)
class Resources:
    """Settings, database, object store and clock of this process."""

    settings: Settings
    database: Database
    store: ObjectStore
    clock: Clock


async def _resources(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


Use = Annotated[Resources, Depends(_resources)]
