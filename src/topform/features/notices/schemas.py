"""Notices, settings and devices as the API shows and accepts them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from topform.features.notices.kinds import ALWAYS_ON, Kind
from topform.features.notices.times import Digest, Habits
from topform.platform.web.pages import Page

Minute = Annotated[int, Field(ge=0, le=1439, description="Minutes after midnight of your day.")]
ENDPOINT_CHARACTERS = 2000
EXPO_NAME = r"^Expo(nent)?PushToken\[[A-Za-z0-9_-]{10,100}\]$"

DEFAULT_QUIET_FROM_MIN = 22 * 60
DEFAULT_QUIET_TO_MIN = 7 * 60
DEFAULT_DIGEST_MIN = 18 * 60


class NoticeAuthor(BaseModel):
    """Who caused a notice."""

    handle: str
    name: str


class Notice(BaseModel):
    """Something you are told of."""

    id: UUID
    kind: Kind
    by: NoticeAuthor | None = Field(description="Who caused it; null when no person did.")
    path: str = Field(description="The page of the app that it leads to.")
    service: str | None = Field(description="The name of the connected service that it is about.")
    day: date | None = Field(description="The day of the session that it reminds of.")
    created_at: datetime
    is_read: bool


class NoticePage(Page[Notice]):
    """Notices, newest first."""

    unread: int = Field(description="How many of all your notices you have not read.")


class ReadNotices(BaseModel):
    """Which notices were read."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"ids": None}]})

    ids: list[UUID] | None = Field(default=None, max_length=200, description="Null: all of them.")


class UnreadCount(BaseModel):
    """How many notices are left to read."""

    unread: int


class QuietHours(BaseModel):
    """The time in which no device is told; it may go over midnight."""

    model_config = ConfigDict(extra="forbid")

    from_min: Minute
    to_min: Minute

    @model_validator(mode="after")
    def _some_time_is_left(self) -> Self:
        if self.from_min == self.to_min:
            raise ValueError("Quiet hours begin and end at different minutes; set them to null for none.")
        return self


class NoticeSettings(BaseModel):
    """How you want to be told."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "off": ["kudos"],
                    "hides_text": False,
                    "quiet_hours": {"from_min": 1320, "to_min": 420},
                    "digest": "at_once",
                    "digest_min": 1080,
                    "reminder_min": 420,
                }
            ]
        },
    )

    off: list[Kind] = Field(
        default_factory=list,
        max_length=20,
        description="Kinds that you do not want at all; `removal` and `appeal_answered` stay on.",
    )
    hides_text: bool = Field(default=False, description="Whether devices show only that something is new.")
    quiet_hours: QuietHours | None = Field(
        default_factory=lambda: QuietHours(from_min=DEFAULT_QUIET_FROM_MIN, to_min=DEFAULT_QUIET_TO_MIN)
    )
    digest: Digest = "at_once"
    digest_min: Minute = DEFAULT_DIGEST_MIN
    reminder_min: Minute | None = Field(
        default=None, description="When you are reminded of the session of the day; null: never."
    )

    @field_validator("off")
    @classmethod
    def _stays_on(cls, off: list[Kind]) -> list[Kind]:
        if kept := ALWAYS_ON.intersection(off):
            raise ValueError(f"What moderators decided about you is always told: {', '.join(sorted(kept))}.")
        return off

    @property
    def habits(self) -> Habits:
        """The settings that decide when a device is told."""
        quiet = self.quiet_hours
        return Habits(
            quiet_from_min=None if quiet is None else quiet.from_min,
            quiet_to_min=None if quiet is None else quiet.to_min,
            digest=self.digest,
            digest_min=self.digest_min,
        )


class PushDevice(BaseModel):
    """A browser or an app on a phone that is told."""

    id: UUID
    name: str | None
    is_phone: bool = Field(description="Whether it is the app on a phone, told through Expo's push service.")
    created_at: datetime
    last_sent_at: datetime | None
    is_this_one: bool = Field(description="Whether it asked in the session that asks now.")


class PushDevices(BaseModel):
    """Your devices, and what a browser or a phone needs to become one of them."""

    public_key: str = Field(description="The server's key, which a browser wants to know before it takes messages.")
    tells_phones: bool = Field(description="Whether this server sends messages to the apps on phones.")
    items: list[PushDevice]


class BrowserSubscriptionKeys(BaseModel):
    """What a browser gives to encrypt messages for it."""

    model_config = ConfigDict(extra="forbid")

    p256dh: str = Field(min_length=80, max_length=100)
    auth: str = Field(min_length=20, max_length=32)


class NewPushDevice(BaseModel):
    """A browser that wants to be told, as its push manager describes the subscription."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABl",
                    "keys": {
                        "p256dh": (
                            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
                        ),
                        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
                    },
                }
            ]
        },
    )

    endpoint: str = Field(max_length=ENDPOINT_CHARACTERS)
    keys: BrowserSubscriptionKeys

    @field_validator("endpoint")
    @classmethod
    def _over_tls(cls, endpoint: str) -> str:
        parts = urlsplit(endpoint)
        if parts.scheme != "https" or not parts.hostname or parts.username is not None or parts.fragment:
            raise ValueError("The address of a push service begins with https://.")
        return endpoint


class NewPushPhone(BaseModel):
    """The app on a phone that wants to be told, by the token that Expo's push service knows it by."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"token": "ExponentPushToken[Nf8Qm1rT5yUe3wKa7zXcVb]"}]}
    )

    token: str = Field(pattern=EXPO_NAME)


class SentTest(BaseModel):
    """To how many devices a trial was sent."""

    devices: int
