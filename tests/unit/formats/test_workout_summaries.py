"""Workouts of which a service tells only the summary: Oura, WHOOP and Google Health."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topform.core.activity import Recording, Sport
from topform.core.errors import ActivityFileError, DamagedFileError
from topform.formats import decode

# After the examples in the services' references.
OURA = {
    "id": "w1",
    "activity": "cycling",
    "calories": 300.0,
    "day": "2026-03-01",
    "distance": 10_500.0,
    "start_datetime": "2026-03-01T08:00:00.000+01:00",
    "end_datetime": "2026-03-01T08:30:00.000+01:00",
    "intensity": "moderate",
    "label": "To work",
    "source": "confirmed",
}
WHOOP = {
    "id": "ecfc6a15-4661-442f-a9a4-f160dd7afae8",
    "start": "2026-03-01T07:00:00.774Z",
    "end": "2026-03-01T07:45:00.774Z",
    "timezone_offset": "-05:00",
    "sport_name": "running",
    "score_state": "SCORED",
    "score": {
        "strain": 8.2463,
        "average_heart_rate": 123,
        "max_heart_rate": 146,
        "kilojoule": 1569.34033203125,
        "distance_meter": 7772.8,
        "altitude_gain_meter": 46.6,
    },
}
GOOGLE = {
    "exerciseType": "SWIMMING",
    "displayName": "Swimming",
    "activeDuration": "1500s",
    "interval": {"startTime": "2026-03-01T07:00:00Z", "startUtcOffset": "3600s", "endTime": "2026-03-01T07:30:00Z"},
    "metricsSummary": {
        "distanceMillimeters": 1_000_000.0,
        "elevationGainMillimeters": 0,
        "averageHeartRateBeatsPerMinute": "131",
        "caloriesKcal": 250.0,
    },
}
FORMS: dict[str, dict[str, Any]] = {
    "oura.workout.v2": OURA,
    "whoop.workout.v2": WHOOP,
    "google_health.exercise.v4": GOOGLE,
}


def read(form: str, **changes: Any) -> Recording:
    return decode(
        json.dumps({"format": form, "workout": FORMS[form] | changes}, separators=(",", ":")).encode(), file="one.json"
    )


def test_oura():
    recording = read("oura.workout.v2")
    (leg,) = recording.legs
    assert (recording.format, recording.title, leg.sport) == ("oura.workout.v2", "To work", Sport.CYCLING)
    assert (leg.started_at, leg.utc_offset_s) == (datetime(2026, 3, 1, 7, tzinfo=UTC), 3600)
    assert (leg.elapsed_s, leg.timer_s, leg.distance_m) == (1800, 1800, 10_500)
    assert leg.device_summary == {"energy_kj": pytest.approx(1255.2)}
    assert [warning.code for warning in recording.warnings] == ["summary_only"]


def test_whoop():
    (leg,) = read("whoop.workout.v2").legs
    assert (leg.sport, leg.utc_offset_s, leg.elapsed_s) == (Sport.RUNNING, -18_000, 2700)
    assert (leg.distance_m, leg.ascent_m) == (7772.8, 46.6)
    told = {"hr_mean_bpm": 123, "hr_max_bpm": 146, "whoop_strain": 8.246, "energy_kj": 1569.34}
    assert leg.device_summary == told
    (unscored,) = read("whoop.workout.v2", score=None, score_state="UNSCORABLE", timezone_offset="Z").legs
    assert (unscored.device_summary, unscored.distance_m, unscored.utc_offset_s) == ({}, None, 0)


def test_google_health():
    recording = read("google_health.exercise.v4")
    (leg,) = recording.legs
    assert (leg.sport, leg.elapsed_s, leg.timer_s, leg.distance_m) == (Sport.SWIMMING, 1800, 1500, 1000)
    assert (leg.ascent_m, leg.utc_offset_s) == (0, 3600)
    assert leg.device_summary == {"hr_mean_bpm": 131, "energy_kj": 1046}


@pytest.mark.parametrize(
    ("form", "changes"),
    [
        ("oura.workout.v2", {"end_datetime": "2026-03-01T07:00:00+01:00"}),
        ("oura.workout.v2", {"start_datetime": "2026-03-01T08:00:00"}),
        ("whoop.workout.v2", {"start": None}),
        ("whoop.workout.v2", {"timezone_offset": "somewhere"}),
        ("google_health.exercise.v4", {"interval": {}}),
    ],
)
def test_what_cannot_be_is_refused_with_file_and_remedy(form: str, changes: dict[str, Any]):
    content = json.dumps({"format": form, "workout": FORMS[form] | changes}, separators=(",", ":")).encode()
    with pytest.raises(DamagedFileError) as caught:
        decode(content, file="one.json")
    assert "again" in str(caught.value.remedy)
    assert "it lacks startTime" in str(caught.value) or changes != {"interval": {}}
    assert caught.value.file == "one.json"


@settings(max_examples=60, deadline=None)
@given(choice=st.data())
def test_damage_is_read_or_refused(choice: st.DataObject):
    form = choice.draw(st.sampled_from(sorted(FORMS)))
    content = json.dumps({"format": form, "workout": FORMS[form]}, separators=(",", ":")).encode()
    start = choice.draw(st.integers(40, len(content) - 1))
    length = choice.draw(st.integers(0, 30))
    damaged = content[:start] + choice.draw(st.binary(max_size=30)) + content[start + length :]
    with contextlib.suppress(ActivityFileError):
        decode(damaged, file="one.json")
