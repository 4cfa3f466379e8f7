"""The report of what was cleaned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from topform.core.activity import Channel
from topform.core.arrays import BoolArray, FloatArray


class Action(StrEnum):
    """What became of the values."""

    REMOVED = "removed"
    """They count as not observed."""
    REPORTED = "reported"
    """They stay; a reader of the numbers should know."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One kind of fault in one channel.

    Parameters
    ----------
    code : str
        Stable name of the fault.
    channel : Channel
    action : Action
    samples : int
        How many values it concerns.
    window_s : tuple of float
        From the first to the last of them, seconds since the leg's start. [s]
    message : str
        What is wrong with them.
    """

    code: str
    channel: Channel
    action: Action
    samples: int
    window_s: tuple[float, float]
    message: str

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "code": self.code,
            "channel": self.channel.value,
            "action": self.action.value,
            "samples": self.samples,
            "window_s": list(self.window_s),
            "message": self.message,
        }


WORDS = {
    Channel.POWER_W: "power", Channel.HR_BPM: "heart rate", Channel.SPEED_M_S: "speed",
    Channel.LATITUDE_DEG: "position", Channel.ALTITUDE_M: "altitude",
    Channel.CADENCE_RPM: "cadence", Channel.CADENCE_SPM: "cadence",
    Channel.TEMPERATURE_C: "temperature", Channel.CORE_TEMPERATURE_C: "core temperature",
    Channel.RESPIRATION_RPM: "respiration", Channel.LEFT_BALANCE_FRAC: "balance",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CleaningReport:
    """Everything that one version of the cleaning found in a leg."""

    version: int
    corrections: tuple[Correction, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {"version": self.version, "corrections": [item.as_dict() for item in self.corrections]}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> CleaningReport:
        """Return the report of a plain form."""
        return cls(
            version=document["version"],
            corrections=tuple(
                Correction(
                    code=item["code"],
                    channel=Channel(item["channel"]),
                    action=Action(item["action"]),
                    samples=item["samples"],
                    window_s=tuple(item["window_s"]),
                    message=item["message"],
                )
                for item in document["corrections"]
            ),
        )

    def sentences(self) -> list[str]:
        """Say in words how many values were taken out of which channel."""
        counts = {channel: 0 for channel in WORDS}
        for item in self.corrections:
            if item.action is Action.REMOVED:
                counts[item.channel] = counts.get(item.channel, 0) + item.samples
        return [
            f"{count} implausible {WORDS.get(channel, channel.value)} value{'' if count == 1 else 's'} left out"
            for channel, count in counts.items()
            if count
        ]


@dataclass(slots=True)
class Bench:
    """A leg's channels while they are cleaned, and what was found so far."""

    t_s: FloatArray
    channels: dict[Channel, FloatArray]
    found: list[Correction] = field(default_factory=list)

    def get(self, channel: Channel) -> FloatArray | None:
        """Return a channel as it is now, None when the leg has none."""
        return self.channels.get(channel)

    def remove(self, channel: Channel, wrong: BoolArray, code: str, message: str) -> None:
        """Take out values that are no observations; those that were missing anyway do not count."""
        values = self.channels.get(channel)
        if values is None:
            return
        wrong = wrong & np.isfinite(values)
        if wrong.any():
            self.channels[channel] = np.where(wrong, np.nan, values)
            self._note(channel, wrong, code, message, Action.REMOVED)

    def report(self, channel: Channel, odd: BoolArray, code: str, message: str) -> None:
        """Note values that are odd and stay."""
        if odd.any():
            self._note(channel, odd, code, message, Action.REPORTED)

    def _note(self, channel: Channel, concerned: BoolArray, code: str, message: str, action: Action) -> None:
        places = np.flatnonzero(concerned)
        window_s = (float(self.t_s[places[0]]), float(self.t_s[places[-1]]))
        self.found.append(Correction(code, channel, action, int(places.size), window_s, message))


def runs(mask: BoolArray) -> list[tuple[int, int]]:
    """Return the stretches in which the mask holds, as first and one past the last place.

    Examples
    --------
    >>> runs(np.array([False, True, True, False, True]))
    [(1, 3), (4, 5)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
