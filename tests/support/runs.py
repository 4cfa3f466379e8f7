"""Made-up runs as GPX files."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

M_PER_DEGREE = 111_195.0


def gpx_run(title: str, started_at: datetime, *, distance_m: float, time_s: float) -> bytes:
    """Return a run due north at even speed, a point every ten seconds."""
    steps = math.ceil(time_s / 10)
    points = "".join(
        f'<trkpt lat="{47 + min(step * 10 / time_s, 1) * distance_m / M_PER_DEGREE:.8f}" lon="8.0"><ele>400</ele>'
        f"<time>{(started_at + timedelta(seconds=min(step * 10, time_s))).isoformat().replace('+00:00', 'Z')}</time>"
        "</trkpt>"
        for step in range(steps + 1)
    )
    return (
        '<?xml version="1.0"?><gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1"><trk>'
        f"<name>{title}</name><type>running</type><trkseg>{points}</trkseg></trk></gpx>"
    ).encode()
