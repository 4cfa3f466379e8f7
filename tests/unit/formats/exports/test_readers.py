"""Each platform's export, built from its documented layout: what is read of it, in which unit, for which day."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.support import platform_exports as made

from topform.core.activity import Channel, Pause, Recording, Sport
from topform.core.errors import DamagedFileError
from topform.core.wellness import WellnessMetric
from topform.formats import decode
from topform.formats.errors import UnsafeFileError
from topform.formats.exports import PlatformExports
from topform.providers.folder import (
    ActivityNames,
    DailyValuesFile,
    Item,
    RejectedFile,
    SourceFile,
    export_items,
    unpack_items,
)

BERLIN = PlatformExports(ZoneInfo("Europe/Berlin"))
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
M = WellnessMetric


def items(name: str, content: bytes, tmp_path: Path) -> list[Item]:
    path = tmp_path / name
    path.write_bytes(content)
    return list(unpack_items(name, path, exports=BERLIN))


def values(found: list[Item], day: date = MONDAY) -> dict[str, float]:
    one = [item for item in found if isinstance(item, DailyValuesFile)]
    return {value.metric.value: value.value for item in one for value in item.values if value.local_date == day}


def sources(found: list[Item]) -> set[str]:
    return {value.source for item in found if isinstance(item, DailyValuesFile) for value in item.values}


def recordings(found: list[Item]) -> list[Recording]:
    return [decode(item.content, file=item.name) for item in found if isinstance(item, SourceFile)]


def rejected(found: list[Item]) -> list[RejectedFile]:
    return [item for item in found if isinstance(item, RejectedFile)]


# ---- Apple Health ----


def test_apple_health_gives_a_value_a_day_in_our_units(tmp_path):
    found = items("export.zip", made.apple_health(), tmp_path)
    assert values(found) == {
        "body_mass_kg": 70.3975,  # 155.2 lb
        "resting_hr_bpm": 48,
        "hrv_sdnn_ms": 70,  # mean of 60 and 80
        "spo2_pct": 96,
        "steps": 1600,  # the watch's 1100 + 500; the phone's 1000 of the same walk are not added
        "sleep_s": 7 * 3600 + 20 * 60,  # 180 + 90 + 90 + 80 min
        "time_in_bed_s": 7.5 * 3600,
        "sleep_deep_s": 90 * 60,
        "sleep_light_s": 260 * 60,
        "sleep_rem_s": 90 * 60,
        "sleep_awake_s": 10 * 60,
        "sleep_start_s": -70 * 60,  # 22:50 the evening before
        "sleep_end_s": 6 * 3600 + 20 * 60,
    }
    assert values(found, TUESDAY) == {"body_mass_kg": 70.1}
    assert sources(found) == {"apple_health"}
    (daily,) = [item for item in found if isinstance(item, DailyValuesFile)]
    assert daily.implausible == 1  # a resting heart rate of 0
    assert {value.device for value in daily.values if value.metric is M.STEPS} == {"Watch"}
    assert {value.measured_at for value in daily.values if value.metric is M.RESTING_HR_BPM} == {
        datetime(2026, 3, 2, 20, tzinfo=UTC)
    }
    assert rejected(found) == []


def test_an_apple_workout_becomes_a_recording_with_its_route_and_pulse(tmp_path):
    (run,) = recordings(items("export.zip", made.apple_health(), tmp_path))
    (leg,) = run.legs
    assert (run.format, leg.sport, leg.utc_offset_s) == ("apple_health", Sport.RUNNING, 3600)
    assert leg.started_at == datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
    assert (leg.elapsed_s, leg.timer_s, leg.distance_m, leg.ascent_m) == (600, 540, 1800, 12.34)
    assert leg.pauses == (Pause(180, 240),)
    assert leg.device_summary == {"energy_kj": 418.4, "hr_mean_bpm": 150.5, "hr_max_bpm": 171}
    assert leg.streams.t_s.tolist() == [float(second) for second in range(0, 600, 10)]
    assert leg.streams[Channel.LATITUDE_DEG][-1] == pytest.approx(52.5 + 59 * 0.0003)
    assert leg.streams[Channel.HR_BPM].tolist() == [140.0 + second // 60 for second in range(0, 600, 10)]


def test_the_same_apple_export_gives_the_same_bytes(tmp_path):
    first, second = (items("export.zip", made.apple_health(), tmp_path) for _ in range(2))
    assert [item.content for item in first if isinstance(item, SourceFile)] == [
        item.content for item in second if isinstance(item, SourceFile)
    ]


def test_the_document_alone_is_read_too_and_its_workout_has_the_pulse_only(tmp_path):
    document = made.apple_document(made.apple_heart_rate(), made.apple_run())
    found = items("export.xml", document, tmp_path)
    (run,) = recordings(found)
    assert set(run.legs[0].streams.channels) == {Channel.HR_BPM}
    assert len(run.legs[0].streams) == 120


def test_a_cut_apple_export_keeps_what_precedes_the_cut_and_says_where_it_is(tmp_path):
    document = made.apple_document(
        made.apple_quantity("BodyMass", "70.1", "kg", "2026-03-02 07:00:00"), made.apple_heart_rate()
    )
    found = items("export.xml", document[:-400], tmp_path)
    assert values(found) == {"body_mass_kg": 70.1}
    (damage,) = rejected(found)
    assert isinstance(damage.error, DamagedFileError)
    assert damage.error.offset_bytes is not None
    assert abs(damage.error.offset_bytes - (len(document) - 400)) < 400


def test_entities_in_an_apple_export_are_refused(tmp_path):
    bomb = made.apple_document(made.apple_quantity("BodyMass", "70", "kg", "2026-03-02 07:00:00")).replace(
        b"<!ELEMENT ExportDate EMPTY>", b'<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">'
    )
    (refused,) = items("export.xml", bomb, tmp_path)
    assert isinstance(refused, RejectedFile)
    assert isinstance(refused.error, UnsafeFileError)


def test_declarations_that_are_not_well_formed_do_not_matter(tmp_path):
    """Some versions of iOS wrote a document type that no parser accepts."""
    document = made.apple_document(made.apple_quantity("BodyMass", "70", "kg", "2026-03-02 07:00:00"))
    broken = document.replace(b"<!ELEMENT ExportDate EMPTY>", b"<!ELEMENT ExportDate EMPTY")
    assert values(items("export.xml", broken, tmp_path)) == {"body_mass_kg": 70}


def test_a_workout_abroad_keeps_the_local_time_of_where_it_was(tmp_path):
    abroad = made.apple_run().replace(
        '<MetadataEntry key="HKIndoorWorkout"',
        '<MetadataEntry key="HKTimeZone" value="America/New_York"/><MetadataEntry key="HKIndoorWorkout"',
    )
    (run,) = recordings(items("export.xml", made.apple_document(abroad), tmp_path))
    assert run.legs[0].utc_offset_s == -5 * 3600
    assert run.legs[0].started_at == datetime(2026, 3, 2, 6, 30, tzinfo=UTC)


# ---- Strava ----


def test_strava_files_get_their_titles_and_typed_activities_become_recordings(tmp_path):
    ride = b"not decoded here"
    table = made.strava_table(
        made.strava_row(1, "Long run", file="activities/11.fit.gz", description="Felt good", gear="Old shoes"),
        made.strava_row(2, "Yoga at home", kind="Yoga"),
    )
    found = items("export.zip", made.zipped({"activities.csv": table, "activities/11.fit.gz": ride}), tmp_path)
    by_name = {Path(item.name).name: item for item in found if isinstance(item, SourceFile)}
    about = by_name["11.fit.gz"].about
    assert about is not None
    assert (about.title, about.notes, about.gear) == ("Long run", "Felt good", "Old shoes")
    typed = decode(by_name["line 3"].content, file="x")
    assert (typed.title, typed.legs[0].sport, typed.legs[0].sub_sport) == ("Yoga at home", Sport.OTHER, "yoga")
    assert typed.legs[0].started_at == datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
    assert (typed.legs[0].elapsed_s, typed.legs[0].timer_s, typed.legs[0].distance_m) == (1800, 1750, 5010)


def test_strava_tables_in_another_language_are_understood(tmp_path):
    table = made.strava_table(
        made.strava_row(1, "Dauerlauf", file="activities/11.gpx", gear="Alte Schuhe"), header=made.STRAVA_HEADER_GERMAN
    )
    found = items("export.zip", made.zipped({"activities.csv": table, "activities/11.gpx": b"<gpx"}), tmp_path)
    (run,) = [item for item in found if isinstance(item, SourceFile)]
    assert run.about is not None
    assert (run.about.title, run.about.gear) == ("Dauerlauf", "Alte Schuhe")


def test_strava_routes_that_were_planned_are_not_activities(tmp_path):
    table = made.strava_table(made.strava_row(1, "Run", file="activities/1.gpx"))
    members = {"activities.csv": table, "activities/1.gpx": b"<gpx", "routes/2.gpx": b"<gpx"}
    found = items("export.zip", made.zipped(members), tmp_path)
    assert [Path(item.name).name for item in found if isinstance(item, SourceFile)] == ["1.gpx"]


# ---- Garmin ----


def test_garmin_gives_one_value_a_day_from_several_documents(tmp_path):
    found = items("garmin.zip", made.garmin(), tmp_path)
    assert values(found) == {
        "steps": 9876,
        "active_energy_kj": 2092,  # 500 kcal
        "resting_hr_bpm": 46,  # the morning report, not the day's 47
        "garmin_stress_score": 29,
        "garmin_body_battery_max": 91,
        "garmin_body_battery_min": 18,
        "sleep_s": 27_000,
        "time_in_bed_s": 28_800,
        "sleep_deep_s": 5400,
        "sleep_light_s": 14_400,
        "sleep_rem_s": 7200,
        "sleep_awake_s": 1800,
        "sleep_start_s": -75 * 60,  # 21:45 UTC is 22:45 in Berlin
        "sleep_end_s": 6 * 3600 + 45 * 60,
        "garmin_sleep_score": 84,
        "respiration_brpm": 13.5,
        "spo2_pct": 95,  # of the night; the health status knows none
        "hrv_rmssd_ms": 62,
        "body_mass_kg": 70.4,
        "body_fat_pct": 14.2,
        "vo2max_est_running_ml_kg_min": 54,
        "garmin_training_readiness": 44,  # the latest of the day
    }
    assert values(found, TUESDAY) == {"steps": 100}
    assert sources(found) == {"garmin"}
    assert rejected(found) == []


def test_garmin_names_follow_the_files_and_tell_when_the_activity_began(tmp_path):
    entry = {"activityId": 1, "name": "Track session", "startTimeGmt": 1_772_433_000_000.0, "distance": 1_000_000}
    upload = made.zipped({"me_1.fit": b"not decoded here"})
    members = {"DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip": upload}
    found = items("garmin.zip", made.garmin(members, names=[entry]), tmp_path)
    assert [type(item) for item in found[-2:]] == [SourceFile, ActivityNames]
    (names,) = [item for item in found if isinstance(item, ActivityNames)]
    ((started_at, about),) = names.by_start
    assert (started_at, about.title) == (datetime(2026, 3, 2, 6, 30, tzinfo=UTC), "Track session")


# ---- Fitbit and Google Fit ----


def test_fitbit_and_google_fit_are_found_in_one_takeout(tmp_path):
    found = items("takeout.zip", made.fitbit(), tmp_path)
    by_source: dict[str, dict[str, float]] = {}
    for item in found:
        if isinstance(item, DailyValuesFile):
            for value in item.values:
                if value.local_date == MONDAY:
                    by_source.setdefault(value.source, {})[value.metric.value] = value.value
    assert by_source["google_fit"] == {"steps": 10_010, "body_mass_kg": 70.2}
    assert by_source["fitbit"] == {
        "resting_hr_bpm": 51.4,
        "sleep_s": 420 * 60,
        "time_in_bed_s": 480 * 60,
        "sleep_deep_s": 80 * 60,
        "sleep_light_s": 240 * 60,
        "sleep_rem_s": 100 * 60,
        "sleep_awake_s": 60 * 60,
        "sleep_start_s": -80 * 60,
        "sleep_end_s": 6 * 3600 + 40 * 60,
        "body_mass_kg": pytest.approx(69.9893, abs=1e-4),  # 154.3 lb
        "body_fat_pct": 15.5,
        "steps": 100,  # 23:30 and 10:00 UTC are the same day in Berlin, the last 23:30 is the next
        "hrv_rmssd_ms": 44.5,
        "spo2_pct": 95.5,
        "fitbit_sleep_score": 83,
        "fitbit_stress_management_score": 77,
        "fitbit_readiness_score": 66,
    }
    (run,) = recordings(found)
    leg = run.legs[0]
    assert (leg.sport, leg.elapsed_s, leg.timer_s) == (Sport.RUNNING, 1800, 1750)
    assert leg.distance_m == pytest.approx(4989.0)  # 3.1 miles
    assert leg.started_at == datetime(2026, 3, 2, 6, 30, tzinfo=UTC)


# ---- WHOOP, Oura, intervals.icu ----


def test_whoop_cycles_belong_to_the_day_of_waking_and_workouts_become_summaries(tmp_path):
    found = items("whoop.zip", made.whoop(), tmp_path)
    assert values(found) == {
        "whoop_recovery_pct": 74,
        "resting_hr_bpm": 51,
        "hrv_rmssd_ms": 88,
        "spo2_pct": 97.3,
        "respiration_brpm": 15.7,
        "whoop_sleep_performance_pct": 79,
        "whoop_day_strain": 12.5,
        "sleep_s": 436 * 60,
        "time_in_bed_s": 475 * 60,
        "sleep_light_s": 214 * 60,
        "sleep_deep_s": 105 * 60,
        "sleep_rem_s": 117 * 60,
        "sleep_awake_s": 39 * 60,
        "sleep_start_s": -50 * 60,
        "sleep_end_s": 7 * 3600 + 5 * 60,
    }
    (lifting,) = recordings(found)
    leg = lifting.legs[0]
    assert (leg.sport, leg.elapsed_s, leg.utc_offset_s) == (Sport.STRENGTH, 2700, 3600)
    assert leg.started_at == datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    assert leg.device_summary == {
        "hr_mean_bpm": 118, "hr_max_bpm": 155, "whoop_strain": 9.1, "energy_kj": pytest.approx(1297.04),
    }  # fmt: skip
    assert [warning.code for warning in lifting.warnings] == ["summary_only"]


def test_oura_takes_the_main_sleep_and_not_the_nap(tmp_path):
    found = items("oura.zip", made.oura(), tmp_path)
    assert values(found) == {
        "sleep_s": 26_400,
        "time_in_bed_s": 28_800,
        "sleep_deep_s": 5400,
        "sleep_light_s": 14_100,
        "sleep_rem_s": 6900,
        "sleep_awake_s": 2400,
        "sleep_start_s": -70 * 60,
        "sleep_end_s": 6 * 3600 + 50 * 60,
        "hrv_rmssd_ms": 58,
        "resting_hr_bpm": 46,
        "respiration_brpm": 14.25,
        "oura_readiness_score": 81,
        "oura_sleep_score": 77,
        "skin_temperature_deviation_c": -0.2,
        "steps": 9500,
        "active_energy_kj": pytest.approx(2008.32),
        "spo2_pct": 97.1,
    }


def test_the_wellness_table_of_intervals_keeps_rmssd_and_sdnn_apart(tmp_path):
    found = items("wellness.csv", made.INTERVALS_WELLNESS.encode(), tmp_path)
    assert values(found) == {
        "body_mass_kg": 70.3,
        "resting_hr_bpm": 47,
        "hrv_rmssd_ms": 61,
        "hrv_sdnn_ms": 83,
        "sleep_s": 27_000,
        "sleep_quality": pytest.approx(6.67),  # second of four, the first is best
        "soreness": 0,
        "fatigue": 10,
        "stress": pytest.approx(3.33),
        "mood": 10,
        "motivation": pytest.approx(3.33),
        "intervals_readiness_score": 72,
        "steps": 11_000,
    }
    assert values(found, TUESDAY) == {}


# ---- Health Connect ----


def test_health_connect_is_read_from_its_database(tmp_path):
    found = items("Health Connect.zip", made.health_connect(), tmp_path)
    assert values(found) == {
        "body_mass_kg": 70.25,
        "hrv_rmssd_ms": 52,
        "resting_hr_bpm": 49,
        "steps": 950,  # the phone's 700 + 250; the other app's 800 are not added
        "sleep_s": 6 * 3600,
        "time_in_bed_s": 7 * 3600,
        "sleep_light_s": 4 * 3600,
        "sleep_deep_s": 3600,
        "sleep_rem_s": 3600,
        "sleep_awake_s": 3600,
        "sleep_start_s": -3600,
        "sleep_end_s": 6 * 3600,
    }
    (run,) = recordings(found)
    leg = run.legs[0]
    assert (run.title, leg.sport, leg.elapsed_s) == ("Park run", Sport.RUNNING, 1200)
    assert leg.streams[Channel.HR_BPM][[0, 60, 239]].tolist() == [150, 151, 153]
    assert np.isfinite(leg.streams[Channel.LATITUDE_DEG]).all()


@pytest.mark.parametrize("damage", ["cut", "noise"])
def test_a_damaged_database_is_refused_by_name(tmp_path, damage):
    database = bytearray(made.health_connect_database())
    if damage == "cut":
        del database[5000:]
    else:
        database[100:4000] = bytes(3900)
    found = items("x.zip", made.zipped({"health_connect_export.db": bytes(database)}), tmp_path)
    (refused,) = rejected(found)
    assert refused.name == "x.zip/health_connect_export.db"
    assert isinstance(refused.error, DamagedFileError)


# ---- what they share ----


@pytest.mark.parametrize(
    ("build", "source"),
    [
        (made.apple_health, "apple_health"),
        (made.garmin, "garmin"),
        (made.whoop, "whoop"),
        (made.oura, "oura"),
        (made.health_connect, "health_connect"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_unpacked_export_is_read_like_the_archive(tmp_path, build, source):
    with zipfile.ZipFile(io.BytesIO(build())) as archive:
        archive.extractall(tmp_path / "unpacked")
    found = list(export_items([tmp_path / "unpacked"], exports=BERLIN))
    assert source in sources(found)
    assert values(found) == values(items("export.zip", build(), tmp_path))


def test_a_plain_archive_of_activities_stays_one(tmp_path):
    found = items("rides.zip", made.zipped({"a.gpx": b"<gpx", "notes.csv": "a,b\n1,2\n", "x.json": "{}"}), tmp_path)
    assert [(type(item), Path(item.name).name) for item in found] == [(SourceFile, "a.gpx")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("DI_CONNECT/UDSFile_2026.json", '[{"calendarDate": "2026-03-02", "totalSteps": 5000}, {"calen'),
        ("DI_CONNECT/UDSFile_2026.json", "[" * 100_000),
        ("DI_CONNECT/UDSFile_2026.json", '[{"calendarDate": "2026-03-02", "totalSteps": 5000}, \x00'),
    ],
    ids=["cut", "nested", "noise"],
)
def test_a_damaged_document_costs_itself(tmp_path, name, content):
    found = items("garmin.zip", made.zipped({name: content}), tmp_path)
    (refused,) = rejected(found)
    assert isinstance(refused.error, DamagedFileError)
    assert refused.error.remedy


def test_odd_entries_are_left_out_and_do_no_harm(tmp_path):
    odd: list[Any] = [
        None, 7, "text", [], {}, {"calendarDate": "someday", "totalSteps": 1}, {"calendarDate": "2026-03-02"},
        {"calendarDate": "2026-03-02", "totalSteps": "many", "allDayStress": []},
        {"calendarDate": "2026-03-02", "bodyBattery": {"bodyBatteryStatList": 3}},
        {"calendarDate": "2026-03-02", "totalSteps": 10**400, "restingHeartRate": True},
        {"calendarDate": "1066-10-14", "totalSteps": 10},
        {"calendarDate": "2026-03-02", "totalSteps": 4200},
    ]  # fmt: skip
    found = items("garmin.zip", made.zipped({"UDSFile_2026.json": json.dumps(odd)}), tmp_path)
    assert values(found) == {"steps": 4200}
