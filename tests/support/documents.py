"""GPX and TCX documents made for the purpose."""

from __future__ import annotations

from collections.abc import Iterable

GPX_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Test" '
    'xmlns="http://www.topografix.com/GPX/1/1" '
    'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1" '
    'xmlns:ns3="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">\n'
)


def gpx_point(second: int, *, time: bool = True, extensions: str = "", start: str = "2022-06-01T08:00") -> str:
    """Return a track point 10 m north of the one a second before."""
    latitude = 47.0 + second * 10 / 111_195
    stamp = f"<time>{start}:{second:02d}Z</time>" if time else ""
    inner = f"<extensions>{extensions}</extensions>" if extensions else ""
    return f'<trkpt lat="{latitude:.8f}" lon="8.0"><ele>{400 + second}</ele>{stamp}{inner}</trkpt>\n'


def gpx(tracks: Iterable[str], *, head: str = GPX_HEAD) -> bytes:
    """Return a document of tracks."""
    return (head + "".join(tracks) + "</gpx>").encode()


def gpx_track(points: Iterable[str], *, kind: str | None = "running", name: str = "Morning") -> str:
    """Return one track of one segment."""
    label = f"<type>{kind}</type>" if kind else ""
    return f"<trk><name>{name}</name>{label}<trkseg>{''.join(points)}</trkseg></trk>"


TCX_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<TrainingCenterDatabase '
    'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" '
    'xmlns:x="http://www.garmin.com/xmlschemas/ActivityExtension/v2">'
)


def tcx_point(second: int, *, distance_m: float | None = None, cadence: int | None = None, extension: str = "") -> str:
    """Return a trackpoint 4 m along."""
    along = 4.0 * second if distance_m is None else distance_m
    own = "" if cadence is None else f"<Cadence>{cadence}</Cadence>"
    more = f"<Extensions><x:TPX>{extension}</x:TPX></Extensions>" if extension else ""
    return (
        f"<Trackpoint><Time>2022-06-01T08:00:{second:02d}.000Z</Time>"
        f"<Position><LatitudeDegrees>{47 + along / 111_195:.8f}</LatitudeDegrees>"
        "<LongitudeDegrees>8.0</LongitudeDegrees></Position>"
        f"<AltitudeMeters>{400 + second}</AltitudeMeters><DistanceMeters>{along}</DistanceMeters>"
        f"<HeartRateBpm><Value>{120 + second}</Value></HeartRateBpm>{own}{more}</Trackpoint>"
    )


def tcx_lap(points: Iterable[str], *, start: str = "2022-06-01T08:00:00Z", timer_s: float, distance_m: float) -> str:
    """Return a lap of one track."""
    return (
        f'<Lap StartTime="{start}"><TotalTimeSeconds>{timer_s}</TotalTimeSeconds>'
        f"<DistanceMeters>{distance_m}</DistanceMeters><Calories>12</Calories>"
        "<AverageHeartRateBpm><Value>131</Value></AverageHeartRateBpm><TriggerMethod>Manual</TriggerMethod>"
        f"<Track>{''.join(points)}</Track></Lap>"
    )


def tcx(laps: Iterable[str], *, sport: str = "Running") -> bytes:
    """Return a document of one activity."""
    creator = (
        "<Creator><Name>Watch</Name><Version><VersionMajor>4</VersionMajor><VersionMinor>20</VersionMinor>"
        "</Version></Creator>"
    )
    body = f'<Activities><Activity Sport="{sport}"><Id>2022-06-01T08:00:00Z</Id>{"".join(laps)}{creator}</Activity>'
    return f"{TCX_HEAD}{body}</Activities></TrainingCenterDatabase>".encode()
