"""FIT files that are no activity: what they say about a day, and how they are told from activities."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.support.fit_writer import (
    FILE_MONITORING,
    FILE_SETTINGS,
    FILE_WEIGHT,
    FIT_EPOCH_S,
    FitWriter,
    ride,
    weighings,
)
from tests.support.shared_data import require_shared_data

from topform.core.errors import ActivityFileError, DamagedFileError
from topform.formats.exports import PlatformExports
from topform.formats.exports.fit_kind import fit_file_type
from topform.formats.exports.scale_users import ScaleUser, ScaleUserError
from topform.providers.folder import DailyValuesFile, RejectedFile, SourceFile, export_items, unpack_items

BERLIN = PlatformExports(ZoneInfo("Europe/Berlin"))
MONDAY = date(2026, 3, 2)
MIDNIGHT = int(datetime(2026, 3, 1, 23, tzinfo=UTC).timestamp()) - FIT_EPOCH_S
"""Local midnight in Berlin, in FIT seconds."""
HOUR = 3600
WALKING, SEDENTARY = 6, 8


def days(content: bytes) -> dict[tuple[date, str], float]:
    found = BERLIN.daily_values(content, file="x.fit")
    return {} if found is None else {(value.local_date, value.metric.value): value.value for value in found.values}


def monitoring() -> FitWriter:
    writer = FitWriter(FILE_MONITORING)
    writer.add("monitoring_info", timestamp=MIDNIGHT, local_timestamp=MIDNIGHT + HOUR)
    return writer


def test_steps_are_counted_from_midnight_and_the_count_at_midnight_ends_the_day_before():
    writer = monitoring()
    for hour, count in ((8, 1200), (12, 5000), (24, 9000), (25, 300)):
        stamp = MIDNIGHT + hour * HOUR
        if hour == 8:
            writer.add("monitoring", timestamp=stamp, cycles=count, activity_type=WALKING)
        else:
            writer.add("monitoring", slot=1, timestamp_16=stamp & 0xFFFF, cycles=count, activity_type=WALKING)
    writer.add("monitoring", slot=2, timestamp_16=(MIDNIGHT + 26 * HOUR) & 0xFFFF, cycles=77, activity_type=SEDENTARY)
    assert days(writer.finish()) == {(MONDAY, "steps"): 9000, (MONDAY + timedelta(days=1), "steps"): 300}


def test_nights_and_their_hrv_come_from_the_watch():
    writer = monitoring()
    for hours, level in ((-1.0, 2), (1.0, 3), (2.0, 4), (3.0, 1), (3.5, 2), (6.0, 1)):
        writer.add("sleep_level", slot=1, timestamp=MIDNIGHT + int(hours * HOUR), sleep_level=level)
    writer.add("hrv_status_summary", slot=2, timestamp=MIDNIGHT + 7 * HOUR, last_night_average=61.5)
    writer.add("monitoring_hr_data", slot=3, timestamp=MIDNIGHT + 8 * HOUR, resting_heart_rate=52,
               current_day_resting_heart_rate=47)  # fmt: skip
    assert days(writer.finish()) == {
        (MONDAY, "sleep_s"): 6.5 * HOUR,
        (MONDAY, "time_in_bed_s"): 7 * HOUR,
        (MONDAY, "sleep_light_s"): 4.5 * HOUR,
        (MONDAY, "sleep_deep_s"): HOUR,
        (MONDAY, "sleep_rem_s"): HOUR,
        (MONDAY, "sleep_awake_s"): 0.5 * HOUR,
        (MONDAY, "sleep_start_s"): -HOUR,
        (MONDAY, "sleep_end_s"): 6 * HOUR,
        (MONDAY, "hrv_rmssd_ms"): 61.5,
        (MONDAY, "resting_hr_bpm"): 47,
    }


def test_a_weighing_is_read_and_those_of_others_are_not():
    alone, shared = FitWriter(FILE_WEIGHT), FitWriter(FILE_WEIGHT)
    for person, weight in ((1, 70.25), (2, 88.5)):
        shared.add("weight_scale", timestamp=MIDNIGHT + 7 * HOUR + person, weight=weight, percent_fat=14.5,
                   user_profile_index=person)  # fmt: skip
    alone.add("weight_scale", timestamp=MIDNIGHT + 7 * HOUR, weight=70.25, percent_fat=14.5, user_profile_index=1)
    assert days(alone.finish()) == {(MONDAY, "body_mass_kg"): 70.25, (MONDAY, "body_fat_pct"): 14.5}
    with pytest.raises(ScaleUserError, match=r"user 1: 70\.2 kg; user 2: 88\.5 kg"):
        days(shared.finish())
    heavy = PlatformExports(ZoneInfo("UTC"), athlete=ScaleUser(mass_kg=90.0)).daily_values(shared.finish(), file="x")
    assert heavy is not None
    assert [value.value for value in heavy.values] == [14.5, 88.5]


def test_activities_and_settings_hold_no_days():
    assert fit_file_type(ride(3).finish()) == 4
    assert fit_file_type(FitWriter(FILE_SETTINGS).finish()) == FILE_SETTINGS
    assert fit_file_type(b"not a fit file at all, really") is None
    assert BERLIN.daily_values(ride(3).finish(), file="x") is None


@pytest.mark.parametrize(
    ("athlete", "scale_user", "mass_kg"),
    [
        (ScaleUser(sex="m"), None, 75.8),
        (ScaleUser(sex="f"), None, 58.2),
        (ScaleUser(mass_kg=80.0), None, 75.8),
        (ScaleUser(sex="f", mass_kg=60.0), None, 58.2),
        (ScaleUser(sex="m"), 1, 58.2),
        (None, 0, 75.8),
    ],
)
def test_of_a_scale_for_several_people_the_weighings_of_the_athlete_are_taken(athlete, scale_user, mass_kg):
    reading = PlatformExports(ZoneInfo("UTC"), athlete=athlete, scale_user=scale_user)
    found = reading.daily_values(weighings(users=2).finish(), file="scale.fit")
    assert found is not None
    assert [value.value for value in found.values] == [mass_kg]


@pytest.mark.parametrize(
    ("athlete", "scale_user", "message"),
    [
        (None, None, "several people use the scale"),
        (ScaleUser(), None, "several people use the scale"),
        (ScaleUser(sex="m", mass_kg=58.0), None, "several people use the scale"),
        (ScaleUser(mass_kg=67.0), None, "several people use the scale"),
        (ScaleUser(sex="m"), 7, "the scale has no user 7"),
    ],
)
def test_where_nothing_tells_the_users_are_listed(athlete, scale_user, message):
    reading = PlatformExports(ZoneInfo("UTC"), athlete=athlete, scale_user=scale_user)
    with pytest.raises(ScaleUserError, match=message) as refused:
        reading.daily_values(weighings(users=2).finish(), file="scale.fit")
    assert "user 0: male, 47 years, 179 cm, 75.8 kg; user 1: female, 52 years, 155 cm, 58.2 kg" in str(refused.value)
    assert "--scale-user" in (refused.value.remedy or "")
    assert refused.value.file == "scale.fit"


def test_a_damaged_file_of_days_is_refused_by_name():
    content = bytearray(monitoring().finish())
    content[-6] ^= 0xFF
    (refused,) = unpack_items("monitor.fit", bytes(content), exports=BERLIN)
    assert isinstance(refused, RejectedFile)
    assert isinstance(refused.error, DamagedFileError)
    assert refused.error.file == "monitor.fit"


@pytest.mark.parametrize("length", range(14, 60, 3))
def test_a_cut_file_of_days_is_refused_or_left_to_the_decoder(length):
    content = monitoring().finish()[:length]
    try:
        BERLIN.daily_values(content, file="cut.fit")
    except ActivityFileError as refused:
        assert refused.file == "cut.fit"


@pytest.mark.shared_data
def test_real_files_of_a_scale_and_a_wristband():
    folder = require_shared_data() / "activities" / "fitdecode" / "tests" / "files"
    scale = days((folder / "WeightScaleSingleUser.fit").read_bytes())
    before, after = date(2009, 9, 9), date(2009, 9, 10)  # 21:38 and 22:38 UTC lie on two days in Berlin
    assert scale == {
        (before, "body_mass_kg"): 75.8, (before, "body_fat_pct"): 22.3,
        (after, "body_mass_kg"): 76.09, (after, "body_fat_pct"): 25.1,
    }  # fmt: skip
    shared = (folder / "WeightScaleMultiUser.fit").read_bytes()
    woman = PlatformExports(ZoneInfo("UTC"), athlete=ScaleUser(sex="f")).daily_values(shared, file="x.fit")
    assert woman is not None
    assert {value.metric.value: value.value for value in woman.values} == {"body_mass_kg": 58.2, "body_fat_pct": 25.1}
    band = days((folder / "MonitoringFile.fit").read_bytes())
    assert band == {(date(2014, 12, 27), "steps"): 3173}


def test_days_and_activities_of_one_folder_are_told_apart(tmp_path):
    (tmp_path / "a.fit").write_bytes(ride(3).finish())
    weighing = FitWriter(FILE_WEIGHT)
    weighing.add("weight_scale", timestamp=MIDNIGHT, weight=70)
    (tmp_path / "b.fit").write_bytes(weighing.finish())
    assert [type(item) for item in export_items([tmp_path], exports=BERLIN)] == [SourceFile, DailyValuesFile]
