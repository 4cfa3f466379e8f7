"""The document in which an activity from the Strava API is kept."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from topform.core.activity import Channel, Sport
from topform.core.errors import ActivityFileError, DamagedFileError, NoActivityError
from topform.formats import decode


def document(**changes: Any) -> dict[str, Any]:
    """Return an activity of two minutes with a stop of half a minute."""
    t = [*range(60), *range(90, 120)]
    streams: dict[str, Any] = {
        "time": t,
        "distance": [3.0 * second for second in range(90)],
        "heartrate": [140] * 90,
        "watts": [200] * 90,
        "cadence": [80] * 90,
        "altitude": [500.0] * 90,
        "velocity_smooth": [3.0] * 90,
        "latlng": [[47.0, 8.0 + 1e-5 * second] for second in range(90)],
        "moving": [True] * 60 + [False] + [True] * 29,
    }
    activity = {
        "id": 154504250376823,
        "name": "Lunch Run",
        "sport_type": "TrailRun",
        "start_date": "2026-05-02T12:15:09Z",
        "utc_offset": 7200.0,
        "elapsed_time": 119,
        "distance": 267.0,
        "total_elevation_gain": 0,
        "device_watts": True,
        "device_name": "Watch",
    }
    streams |= changes.pop("streams", {})
    activity |= changes
    kept = {name: {"data": data} for name, data in streams.items() if data is not None}
    return {"format": "strava.activity.v3", "activity": activity, "streams": kept}


def content_of(parts: dict[str, Any]) -> bytes:
    return json.dumps(parts, separators=(",", ":")).encode()


def test_an_activity_is_read_with_its_channels_and_its_pause() -> None:
    recording = decode(content_of(document()), file="a.json")
    (leg,) = recording.legs
    assert (recording.format, recording.title, recording.device["product"]) == ("strava", "Lunch Run", "Watch")
    assert (leg.sport, leg.sub_sport) == (Sport.RUNNING, "trail_run")
    assert leg.started_at == datetime(2026, 5, 2, 12, 15, 9, tzinfo=UTC)
    assert leg.utc_offset_s == 7200
    assert (leg.elapsed_s, leg.timer_s) == (119, 119 - 31)
    assert [(pause.start_s, pause.end_s) for pause in leg.pauses] == [(59, 90)]
    assert set(leg.streams.channels) == {
        Channel.LATITUDE_DEG,
        Channel.LONGITUDE_DEG,
        Channel.ALTITUDE_M,
        Channel.DISTANCE_M,
        Channel.SPEED_M_S,
        Channel.HR_BPM,
        Channel.POWER_W,
        Channel.CADENCE_SPM,
    }
    assert set(leg.streams[Channel.CADENCE_SPM]) == {160.0}, "strides of one foot become steps"


def test_estimated_power_is_left_out_and_said_so() -> None:
    recording = decode(content_of(document(device_watts=False)), file="a.json")
    assert Channel.POWER_W not in recording.legs[0].streams
    assert [warning.code for warning in recording.warnings] == ["power_estimated"]


def test_gaps_in_a_stream_stay_gaps() -> None:
    recording = decode(content_of(document(streams={"heartrate": [None] * 30 + [150] * 60})), file="a.json")
    hr_bpm = recording.legs[0].streams[Channel.HR_BPM]
    assert (np.count_nonzero(np.isnan(hr_bpm)), np.nanmean(hr_bpm)) == (30, 150)


def test_a_stream_of_another_length_is_left_out_with_a_warning() -> None:
    recording = decode(content_of(document(streams={"heartrate": [140, 141]})), file="a.json")
    assert Channel.HR_BPM not in recording.legs[0].streams
    assert "stream_length_differs" in [warning.code for warning in recording.warnings]


def test_an_activity_without_samples_is_no_recording() -> None:
    for streams in ({"time": None}, {"time": []}, {"time": [None]}):
        with pytest.raises(NoActivityError):
            decode(content_of(document(streams=streams)), file="a.json")


def test_damaged_documents_are_typed_errors() -> None:
    whole = content_of(document())
    with pytest.raises(DamagedFileError):
        decode(whole[: len(whole) // 2] + b'"format":"strava.activity.v3"', file="a.json")
    with pytest.raises(DamagedFileError):
        decode(content_of(document(start_date="yesterday")), file="a.json")
    for broken in (10**400, [], {}, "x", True):
        for name in ("elapsed_time", "distance", "utc_offset", "laps", "name", "sport_type"):
            with contextlib.suppress(ActivityFileError):
                decode(content_of(document(**{name: broken})), file="a.json")
