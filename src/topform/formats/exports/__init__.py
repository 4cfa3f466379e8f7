"""What platforms hand out when an athlete asks for their data: read as streams, in bounded memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from topform.core.errors import NoActivityError
from topform.core.exports import ExportReader, FoundValues, Tree
from topform.formats.exports.scale_users import ScaleUser

HEAD_BYTES = 128


@dataclass(frozen=True, slots=True)
class PlatformExports:
    """The exports that TopForm knows, read for an athlete.

    Parameters
    ----------
    zone : ZoneInfo
        The athlete's zone; it decides the day of instants whose source names no offset.
    athlete : ScaleUser or None
        What is known of the athlete, to tell them from others who use their scale.
    scale_user : int or None
        Which user of a scale the athlete says to be.
    """

    zone: ZoneInfo
    athlete: ScaleUser | None = None
    scale_user: int | None = None

    def readers(self, tree: Tree) -> Sequence[ExportReader]:
        """Return the readers of the exports that the files are; none for a plain folder of activities."""
        from topform.formats.exports.detection import readers_for

        return readers_for(tree, zone=self.zone)

    def is_activity(self, head: bytes) -> bool:
        """Say whether the first few kilobytes of a file are those of an activity, whatever its name."""
        from topform.formats.decoding import looks_like_activity

        return looks_like_activity(head)

    def daily_values(self, content: bytes, *, file: str) -> FoundValues | None:
        """Return the daily values of a FIT file of monitoring or weighings, None for any other file."""
        from topform.formats.exports.fit_kind import day_kind, may_hold_days

        if not may_hold_days(content[:HEAD_BYTES]):
            return None
        from topform.formats.exports.fit_wellness import fit_daily_values

        found = fit_daily_values(content, file=file, zone=self.zone, athlete=self.athlete, scale_user=self.scale_user)
        if found.values or found.implausible:
            return found
        if (kind := day_kind(content[:HEAD_BYTES])) is not None:
            raise NoActivityError(
                f"the file holds {kind}, and in it no daily value that is stored",
                file=file,
                remedy="There is nothing in it to import.",
            )
        return None


__all__ = ["PlatformExports", "ScaleUser"]
