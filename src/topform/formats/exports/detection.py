"""Which exports a folder or an archive is; one may hold several, as a Takeout does."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from topform.core.errors import TopFormError
from topform.core.exports import ExportReader, Tree
from topform.formats.exports.apple_health import AppleHealth
from topform.formats.exports.fitbit import Fitbit
from topform.formats.exports.garmin import Garmin
from topform.formats.exports.google_fit import GoogleFit
from topform.formats.exports.health_connect import HealthConnect
from topform.formats.exports.intervals import IntervalsIcu
from topform.formats.exports.oura import Oura
from topform.formats.exports.strava import Strava
from topform.formats.exports.whoop import Whoop


def readers_for(tree: Tree, *, zone: ZoneInfo) -> list[ExportReader]:
    """Return the readers of the exports that the files are; none for a plain folder of activities.

    Parameters
    ----------
    tree : Tree
    zone : ZoneInfo
        The athlete's zone; it decides the day of instants whose source names no offset.
    """
    attempts = (
        lambda: AppleHealth.of(tree),
        lambda: Strava.of(tree),
        lambda: Garmin.of(tree, zone=zone),
        lambda: Fitbit.of(tree, zone=zone),
        lambda: GoogleFit.of(tree),
        lambda: Whoop.of(tree),
        lambda: Oura.of(tree),
        lambda: IntervalsIcu.of(tree),
        lambda: HealthConnect.of(tree),
    )
    found: list[ExportReader] = []
    for attempt in attempts:
        try:
            reader = attempt()
        except TopFormError:
            continue  # the file that could not be opened is reported when the walk comes to it
        if reader is not None:
            found.append(reader)
    return found
