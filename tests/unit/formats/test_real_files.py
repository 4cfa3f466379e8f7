"""Files of real devices, where they are at hand: against the devices' own totals and an independent GPX reader."""

from __future__ import annotations

import csv
from datetime import UTC
from pathlib import Path

import gpxpy
import numpy as np
import pytest

from topform.core.activity import Channel
from topform.core.errors import ActivityFileError, NoActivityError
from topform.formats import decode
from topform.science.athlete import AthleteParameters
from topform.science.leg_analysis import analyse_leg

pytestmark = pytest.mark.shared_data

SMALL_BYTES = 120_000
MADE_FILES = ("TestEncode.fit", "big_activity.fit", "unterminated-strings.fit")
"""Files whose summary does not describe their samples."""


@pytest.fixture(scope="module")
def activities(shared_data: Path) -> Path:
    return shared_data / "activities"


def small(files: list[Path]) -> list[Path]:
    return [path for path in files if path.stat().st_size <= SMALL_BYTES]


def test_fit_sessions_agree_with_the_devices(shared_data, activities):
    sessions: dict[str, list[dict[str, str]]] = {}
    with (shared_data / "fit_session_reference.csv").open(newline="") as stream:
        for row in csv.DictReader(stream):
            sessions.setdefault(row["file"], []).append(row)
    compared = with_pulse = 0
    for name, rows in sessions.items():
        path = activities / name
        if path.stat().st_size > SMALL_BYTES or path.name in MADE_FILES:
            continue
        recording = decode(path.read_bytes(), file=name)
        repeated = sum(warning.code == "leg_repeated" for warning in recording.warnings)
        told = [{key: value for key, value in row.items() if key != "session"} for row in rows]
        once = [row for place, row in enumerate(told) if row not in told[:place]]
        # A copy of a session is dropped and told; only what the reference too has twice may be missing.
        assert len(recording.legs) + repeated == len(rows), name
        assert len(recording.legs) == (len(once) if repeated else len(rows)), name
        for leg, row in zip(recording.legs, once if repeated else told, strict=True):
            if row["total_timer_time"]:
                assert leg.timer_s == pytest.approx(float(row["total_timer_time"]), abs=0.01), name
            analysis = analyse_leg(leg, AthleteParameters())
            sampled_m, stated = analysis.distance_from_samples_m, row["total_distance"]
            if stated and sampled_m is not None:
                assert sampled_m == pytest.approx(float(stated), rel=0.01, abs=6), name
            highest = analysis.metrics.get("hr_highest_10s_bpm")
            if highest is not None and row["max_heart_rate"] and float(row["max_heart_rate"]) > 0:
                assert highest.value is not None and highest.value <= float(row["max_heart_rate"]) + 0.5, name
                with_pulse += 1
            if row["max_heart_rate"] and Channel.HR_BPM in analysis.channels and float(row["max_heart_rate"]) > 0:
                assert analysis.channels[Channel.HR_BPM].max == pytest.approx(float(row["max_heart_rate"]), abs=2), name
            compared += 1
    assert compared > 40
    assert with_pulse > 10


def test_every_file_is_read_or_refused_for_a_reason(activities):
    outcomes = {"read": 0, "refused": 0}
    suffixes = (".fit", ".tcx", ".gpx")
    files = [path for path in activities.rglob("*") if path.suffix.lower() in suffixes or "Fuzz" in str(path.parent)]
    for path in small(files):
        try:
            recording = decode(path.read_bytes(), file=path.name)
        except ActivityFileError as error:
            assert error.file == path.name
            assert error.remedy
            outcomes["refused"] += 1
        else:
            assert recording.legs
            assert recording.warnings or not recording.salvaged
            if "invalid" in path.parts and "elemnt" not in path.name:
                assert recording.salvaged, path
            outcomes["read"] += 1
    assert outcomes["read"] > 60
    assert outcomes["refused"] > 40


def test_gpx_points_agree_with_an_independent_reader(activities):
    compared = 0
    for path in small(sorted(activities.rglob("*.gpx"))):
        theirs = gpxpy.parse(path.read_bytes())
        tracks = [[point for segment in track.segments for point in segment.points] for track in theirs.tracks]
        timed = {}
        for points in tracks:
            for point in points:
                if point.time is not None and point.time.year >= 1990:
                    instant = (point.time if point.time.tzinfo else point.time.replace(tzinfo=UTC)).timestamp()
                    timed[round(instant, 3)] = point
        try:
            legs = decode(path.read_bytes(), file=path.name).legs
        except NoActivityError:
            assert not timed, path
            continue
        ours = {}
        for leg in legs:
            for place, second in enumerate(leg.streams.t_s):
                ours[round(leg.started_at.timestamp() + second, 3)] = (leg.streams, place)
        assert ours.keys() == timed.keys(), path
        for instant, (streams, place) in ours.items():
            latitude = streams[Channel.LATITUDE_DEG][place]
            if np.isfinite(latitude):
                assert latitude == pytest.approx(timed[instant].latitude), path
            if timed[instant].elevation is not None:
                assert streams[Channel.ALTITUDE_M][place] == pytest.approx(timed[instant].elevation), path
            compared += 1
    assert compared > 500


def test_the_same_ride_says_the_same_in_three_formats(activities):
    folder = activities / "gc-sweatpy/sweat/examples/data"
    recordings = {
        suffix: decode((folder / name).read_bytes(), file=name)
        for suffix, name in (
            ("fit", "2020-06-01-16-52-40.fit"),
            ("tcx", "activity_5039744860.tcx"),
            ("gpx", "activity_5039744860.gpx"),
        )
    }
    legs = {suffix: recording.legs[0] for suffix, recording in recordings.items()}
    assert len({leg.started_at for leg in legs.values()}) == 1
    assert {leg.utc_offset_s for leg in legs.values()} == {7200}
    assert len({len(leg.streams) for leg in legs.values()}) == 1
    for channel in (Channel.HR_BPM, Channel.CADENCE_RPM):
        for suffix in ("tcx", "gpx"):
            np.testing.assert_allclose(legs[suffix].streams[channel], legs["fit"].streams[channel], atol=1)
    assert legs["tcx"].distance_m == pytest.approx(legs["fit"].distance_m, abs=0.1)
