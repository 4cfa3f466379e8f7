"""Workouts as a phone sends them: the documents that the app's own tests make, and damaged ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from topform.core.activity import Channel, Pause, Sport
from topform.core.errors import DamagedFileError
from topform.formats.decoding import decode

GOLDEN = Path(__file__).parents[2] / "golden" / "phone_workouts"


def document(name: str = "apple_health.json", **changes: Any) -> bytes:
    """A document of the app with some of its fields changed."""
    held = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return json.dumps(held | changes, separators=(",", ":")).encode()


def test_a_run_has_its_pulse_on_the_route_and_its_totals() -> None:
    recording = decode(document(), file="a.json")
    (leg,) = recording.legs
    assert (recording.format, recording.device["name"], recording.warnings) == ("apple_health", "Ada’s Apple Watch", ())
    assert (leg.sport, leg.sub_sport, leg.utc_offset_s) == (Sport.RUNNING, None, 7200)
    assert leg.started_at == datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert (leg.elapsed_s, leg.timer_s, leg.distance_m, leg.ascent_m) == (600, 540, 1931.213, 12.34)
    assert leg.pauses == (Pause(120, 180),)
    assert leg.device_summary == {"energy_kj": 627.6}
    np.testing.assert_array_equal(leg.streams.t_s, [0, 1])
    np.testing.assert_array_equal(leg.streams[Channel.HR_BPM], [100, 100])
    np.testing.assert_array_equal(leg.streams[Channel.ALTITUDE_M], [34.6, np.nan])


def test_a_ride_of_android_names_its_device() -> None:
    recording = decode(document("health_connect.json"), file="a.json")
    assert (recording.title, recording.device["name"]) == ("Commute", "Garmin Edge 840")
    assert recording.legs[0].sport is Sport.CYCLING


def test_a_workout_without_samples_is_a_summary_and_says_so() -> None:
    recording = decode(document(heart_rate=[], route=[], sport="yoga"), file="a.json")
    assert [warning.code for warning in recording.warnings] == ["summary_only"]
    assert (recording.legs[0].sport, recording.legs[0].sub_sport) == (Sport.OTHER, "yoga")


def test_samples_outside_of_the_workout_and_absurd_totals_are_left_out() -> None:
    rows = [[5, 120], [-3, 80], [10_000, 90], [0, 100]]
    changed = document(heart_rate=rows, route=[], distance_m=-4, duration_s=99_999, utc_offset_s=10**9)
    (leg,) = decode(changed, file="a.json").legs
    np.testing.assert_array_equal(leg.streams.t_s, [0, 5])
    assert (leg.distance_m, leg.timer_s, leg.utc_offset_s) == (None, 600, None)


@pytest.mark.parametrize(
    "content",
    [
        document()[:-40],
        document(topform_phone_workout=2),
        document(source="garmin"),
        document(ended_at="2026-03-29T06:00:00Z"),
        document(ended_at="2026-05-29T06:00:00Z"),
        document(started_at="2026-03-29T05:00:00"),
        document(started_at=None),
        document(heart_rate=[[1]]),
        document(heart_rate=[[1, 2], [3]]),
        document(route=[[1, "north", 3, 4]]),
        document(pauses=[3]),
        b'{"topform_phone_workout":' + b"[" * 100_000,
    ],
)
def test_what_is_damaged_is_refused_with_its_name(content: bytes) -> None:
    with pytest.raises(DamagedFileError) as failure:
        decode(content, file="workout.json")
    assert failure.value.file == "workout.json"
