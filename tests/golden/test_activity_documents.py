"""Decoded and analysed documents stay what they were.

The files are built by the tests' own encoders, so there is nobody's licence to note. They prove stability, not truth:
run with ``TOPFORM_UPDATE_GOLDEN=1`` to rewrite them, and read the difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.support.documents import gpx, gpx_point, gpx_track, tcx, tcx_lap, tcx_point
from tests.support.fit_writer import ride

from topform.core.activity import Recording
from topform.entrypoints.cli.inspect import document
from topform.formats import decode
from topform.science.athlete import AthleteParameters
from topform.science.leg_analysis import analyse_leg

ATHLETE = AthleteParameters(
    sex="f", hr_rest_bpm=50, hr_max_bpm=190, lthr_bpm=170, ftp_w=250, threshold_speed_m_s=4, css_m_s=1.2
)
FILES = {
    "ride.fit": ride(900, total_ascent=899).finish(),
    "run.gpx": gpx([gpx_track(gpx_point(second, extensions="<hr>150</hr>") for second in range(60))]),
    "run.tcx": tcx([tcx_lap([tcx_point(second, cadence=85) for second in range(50)], timer_s=50, distance_m=200)]),
    "cut.fit": ride(900).finish()[:4000],
}


def canonical(recording: Recording, name: str) -> dict[str, Any]:
    """Return the document of ``topform inspect`` with numbers rounded to what is stable across machines."""
    analyses = [analyse_leg(leg, ATHLETE) for leg in recording.legs]
    return rounded(document(Path(name), FILES[name], recording, analyses))


def rounded(value: Any) -> Any:
    match value:
        case dict():
            return {key: rounded(item) for key, item in value.items()}
        case list():
            return [rounded(item) for item in value]
        case float():
            return float(f"{value:.9g}")
        case _:
            return value


@pytest.mark.parametrize("name", sorted(FILES))
def test_document(name):
    stored = Path(__file__).with_name(f"{name}.json")
    found = json.loads(json.dumps(canonical(decode(FILES[name], file=name), name), default=str))
    if os.environ.get("TOPFORM_UPDATE_GOLDEN"):
        stored.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    assert found == json.loads(stored.read_text())
