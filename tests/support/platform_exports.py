"""Exports of platforms, built from their documented layouts, so that tests know what is in them."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

APPLE_PROLOG = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 12 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary|ClinicalRecord)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!ELEMENT ExportDate EMPTY>
]>
<HealthData locale="en_DE">
 <ExportDate value="2026-03-09 20:00:00 +0100"/>
 <Me HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexFemale"/>
"""


def zipped(members: Mapping[str, bytes | str], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def apple_record(kind: str, value: str, unit: str, start: str, end: str | None = None, *, device: str = "Watch") -> str:
    """Return a quantity as Apple Health writes it; times without zone are given +0100."""
    unit_text = f' unit="{unit}"' if unit else ""
    return (
        f' <Record type="{kind}" sourceName="{device}" sourceVersion="10.1"{unit_text} '
        f'creationDate="{end or start} +0100" startDate="{start} +0100" endDate="{end or start} +0100" '
        f'value="{value}"/>\n'
    )


def apple_quantity(
    kind: str, value: str, unit: str, start: str, end: str | None = None, *, device: str = "Watch"
) -> str:
    """Return a quantity record."""
    return apple_record(f"HKQuantityTypeIdentifier{kind}", value, unit, start, end, device=device)


def apple_sleep(stage: str, start: str, end: str, *, device: str = "Watch") -> str:
    """Return a stretch of sleep."""
    kind = "HKCategoryTypeIdentifierSleepAnalysis"
    return apple_record(kind, f"HKCategoryValueSleepAnalysis{stage}", "", start, end, device=device)


def apple_document(*parts: str) -> bytes:
    """Return ``export.xml``."""
    return (APPLE_PROLOG + "".join(parts) + "</HealthData>\n").encode()


APPLE_ROUTE = "apple_health_export/workout-routes/route_2026-03-02_7.40am.gpx"


def apple_run() -> str:
    """Return a run of ten minutes with a pause of one, its route in a file of its own."""
    return """ <Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="9" durationUnit="min"
 totalDistance="1.8" totalDistanceUnit="km" totalEnergyBurned="100" totalEnergyBurnedUnit="kcal" sourceName="Watch"
 creationDate="2026-03-02 07:40:05 +0100" startDate="2026-03-02 07:30:00 +0100" endDate="2026-03-02 07:40:00 +0100">
  <MetadataEntry key="HKIndoorWorkout" value="0"/>
  <MetadataEntry key="HKElevationAscended" value="1234 cm"/>
  <WorkoutEvent type="HKWorkoutEventTypePause" date="2026-03-02 07:33:00 +0100"/>
  <WorkoutEvent type="HKWorkoutEventTypeResume" date="2026-03-02 07:34:00 +0100"/>
  <WorkoutStatistics type="HKQuantityTypeIdentifierHeartRate" startDate="2026-03-02 07:30:00 +0100"
   endDate="2026-03-02 07:40:00 +0100" average="150.5" minimum="120" maximum="171" unit="count/min"/>
  <WorkoutRoute sourceName="Watch" startDate="2026-03-02 07:30:01 +0100" endDate="2026-03-02 07:39:59 +0100">
   <FileReference path="/workout-routes/route_2026-03-02_7.40am.gpx"/>
  </WorkoutRoute>
 </Workout>
"""


def apple_route() -> bytes:
    """Return the route of `apple_run`: due north, a point every ten seconds."""
    points = "".join(
        f'<trkpt lon="13.400000" lat="{52.5 + index * 0.0003:.6f}"><ele>{40 + index / 10:.1f}</ele>'
        f"<time>2026-03-02T06:{30 + index // 6:02d}:{index % 6 * 10:02d}Z</time></trkpt>"
        for index in range(60)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="Apple Health Export" '
        f'xmlns="http://www.topografix.com/GPX/1/1"><trk><name>Route</name><trkseg>{points}</trkseg></trk></gpx>'
    ).encode()


def apple_heart_rate() -> str:
    """Return the pulse of `apple_run`: every five seconds, one beat more each minute, from 140."""
    return "".join(
        apple_quantity(
            "HeartRate", str(140 + second // 60), "count/min", f"2026-03-02 07:{30 + second // 60}:{second % 60:02d}"
        )
        for second in range(0, 600, 5)
    )


def apple_health() -> bytes:
    """Return an archive with two days of values and a run."""
    document = apple_document(
        apple_quantity("BodyMass", "155.2", "lb", "2026-03-02 07:00:00", device="Scale"),
        apple_quantity("BodyMass", "70.1", "kg", "2026-03-03 07:00:00", device="Scale"),
        apple_quantity("RestingHeartRate", "48", "count/min", "2026-03-02 00:10:00", "2026-03-02 21:00:00"),
        apple_quantity("HeartRateVariabilitySDNN", "60", "ms", "2026-03-02 03:00:00"),
        apple_quantity("HeartRateVariabilitySDNN", "80", "ms", "2026-03-02 05:00:00"),
        apple_quantity("OxygenSaturation", "0.96", "%", "2026-03-02 03:00:00"),
        apple_quantity("StepCount", "1000", "count", "2026-03-02 08:00:00", "2026-03-02 08:10:00", device="iPhone"),
        apple_quantity("StepCount", "1100", "count", "2026-03-02 08:00:00", "2026-03-02 08:10:00"),
        apple_quantity("StepCount", "500", "count", "2026-03-02 09:00:00", "2026-03-02 09:10:00"),
        apple_quantity("RestingHeartRate", "0", "count/min", "2026-03-03 00:10:00"),
        apple_heart_rate(),
        apple_sleep("InBed", "2026-03-01 22:30:00", "2026-03-02 06:30:00", device="iPhone"),
        apple_sleep("AsleepCore", "2026-03-01 22:50:00", "2026-03-02 01:50:00"),
        apple_sleep("AsleepDeep", "2026-03-02 01:50:00", "2026-03-02 03:20:00"),
        apple_sleep("Awake", "2026-03-02 03:20:00", "2026-03-02 03:30:00"),
        apple_sleep("AsleepREM", "2026-03-02 03:30:00", "2026-03-02 05:00:00"),
        apple_sleep("AsleepCore", "2026-03-02 05:00:00", "2026-03-02 06:20:00"),
        apple_sleep("AsleepUnspecified", "2026-03-02 14:00:00", "2026-03-02 14:20:00"),
        apple_run(),
    )
    return zipped(
        {
            "apple_health_export/export.xml": document,
            "apple_health_export/export_cda.xml": b'<?xml version="1.0"?><ClinicalDocument/>',
            APPLE_ROUTE: apple_route(),
        }
    )


STRAVA_HEADER = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Max Heart Rate,"
    "Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,Athlete Weight,Bike Weight,Elapsed Time,"
    "Moving Time,Distance,Max Speed,Average Speed,Elevation Gain"
)
STRAVA_HEADER_GERMAN = (
    "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Aktivitätsbeschreibung,Verstrichene Zeit,Distanz,"
    "Max. Herzfrequenz,Relative Leistung,Pendeln,Private Notiz,Ausrüstung,Dateiname,Athletengewicht,Fahrradgewicht,"
    "Verstrichene Zeit,Bewegungszeit,Distanz,Max. Geschwindigkeit,Durchschnittsgeschw.,Höhenmeter"
)


def strava_table(*rows: str, header: str = STRAVA_HEADER) -> str:
    """Return ``activities.csv``."""
    return "\n".join([header, *rows]) + "\n"


def strava_row(
    number: int, name: str, *, file: str = "", description: str = "", gear: str = "", kind: str = "Run"
) -> str:
    """Return a row; without a file it is an activity that was typed."""
    return (
        f'{number},"Mar {number}, 2026, 6:30:00 AM","{name}",{kind},"{description}",1800,5.01,,,false,,{gear},{file},,,'
        "1800.0,1750.0,5010.0,,,20.5"
    )


def garmin_documents() -> dict[str, Any]:
    """Return the documents of a Garmin export about two days, by their place in it."""
    folder = "DI_CONNECT"
    return {
        f"{folder}/DI-Connect-Aggregator/UDSFile_2026-03-01_2026-06-08.json": [
            {
                "userProfilePK": 1,
                "calendarDate": "2026-03-02",
                "totalSteps": 9876,
                "activeKilocalories": 500.0,
                "restingHeartRate": 47,
                "allDayStress": {
                    "aggregatorList": [
                        {"type": "TOTAL", "averageStressLevel": 29},
                        {"type": "AWAKE", "averageStressLevel": 35},
                    ]
                },
                "bodyBattery": {
                    "bodyBatteryStatList": [
                        {"bodyBatteryStatType": "HIGHEST", "statsValue": 91},
                        {"bodyBatteryStatType": "LOWEST", "statsValue": 18},
                    ]
                },
            },
            {"userProfilePK": 1, "calendarDate": "2026-03-03", "totalSteps": 100, "restingHeartRate": 0},
        ],
        f"{folder}/DI-Connect-Wellness/2026-03-01_2026-06-08_1_sleepData.json": [
            {
                "calendarDate": "2026-03-02",
                "sleepStartTimestampGMT": "2026-03-02T13:00:00.0",
                "sleepEndTimestampGMT": "2026-03-02T13:30:00.0",
                "deepSleepSeconds": 0,
                "lightSleepSeconds": 1700,
                "remSleepSeconds": 0,
                "awakeSleepSeconds": 100,
            },
            {
                "calendarDate": "2026-03-02",
                "sleepStartTimestampGMT": "2026-03-01T21:45:00.0",
                "sleepEndTimestampGMT": "2026-03-02T05:45:00.0",
                "deepSleepSeconds": 5400,
                "lightSleepSeconds": 14400,
                "remSleepSeconds": 7200,
                "awakeSleepSeconds": 1800,
                "averageRespiration": 13.5,
                "sleepScores": {"overallScore": 84},
                "spo2SleepSummary": {"averageSPO2": 95.0},
            },
        ],
        f"{folder}/DI-Connect-Wellness/2026-03-01_2026-06-08_1_healthStatusData.json": [
            {
                "calendarDate": "2026-03-02",
                "metrics": [
                    {"type": "HRV", "value": 62.0, "status": "NORMAL"},
                    {"type": "HR", "value": 46.0, "status": "NORMAL"},
                    {"type": "SPO2", "value": 0.0, "status": "UNKNOWN"},
                ],
            }
        ],
        f"{folder}/DI-Connect-Wellness/1_userBioMetrics.json": [
            {
                "metaData": {"calendarDate": "2026-03-02T00:00:00.0"},
                "weight": {"weight": 70400.0, "sourceType": "INDEX_SCALE", "timestampGMT": "2026-03-02T06:05:00.0",
                           "bodyFat": 14.2},
            },
            {"metaData": {"calendarDate": "2026-03-03T00:00:00.0"}, "heightCm": 178},
        ],
        f"{folder}/DI-Connect-Metrics/MetricsMaxMetData_20260301_20260608_1.json": [
            {"calendarDate": "2026-03-02", "sport": "RUNNING", "vo2MaxValue": 54.0,
             "updateTimestamp": "2026-03-02T07:00:00.0"}
        ],
        f"{folder}/DI-Connect-Metrics/TrainingReadinessDTO_20260301_20260608_1.json": [
            {"calendarDate": "2026-03-02", "timestamp": "2026-03-02T05:50:00.0", "score": 71},
            {"calendarDate": "2026-03-02", "timestamp": "2026-03-02T09:50:00.0", "score": 44},
        ],
    }  # fmt: skip


def garmin(extra: Mapping[str, bytes | str] | None = None, *, names: list[dict[str, Any]] | None = None) -> bytes:
    """Return a Garmin export; ``extra`` are further members, ``names`` entries of summarised activities."""
    members: dict[str, bytes | str] = {name: json.dumps(document) for name, document in garmin_documents().items()}
    if names is not None:
        place = "DI_CONNECT/DI-Connect-Fitness/me_0_summarizedActivities.json"
        members[place] = json.dumps([{"summarizedActivitiesExport": names}])
    return zipped(members | dict(extra or {}))


def fitbit() -> bytes:
    """Return a Google Takeout with Fitbit's and Google Fit's data of one day."""
    root = "Takeout/Fitbit/"
    night = {
        "logId": 1, "dateOfSleep": "2026-03-02", "startTime": "2026-03-01T22:40:00.000",
        "endTime": "2026-03-02T06:40:00.000", "duration": 28800000, "minutesAsleep": 420, "minutesAwake": 60,
        "timeInBed": 480, "mainSleep": True,
        "levels": {"summary": {"deep": {"minutes": 80}, "light": {"minutes": 240}, "rem": {"minutes": 100},
                               "wake": {"minutes": 60}}},
    }  # fmt: skip
    nap = {"dateOfSleep": "2026-03-02", "startTime": "2026-03-02T14:00:00.000", "endTime": "2026-03-02T14:30:00.000",
           "minutesAsleep": 28, "timeInBed": 30, "mainSleep": False}  # fmt: skip
    exercise = {
        "logId": 9, "activityName": "Run", "startTime": "03/02/26 06:30:00", "duration": 1800000,
        "activeDuration": 1750000, "averageHeartRate": 150, "calories": 300, "distance": 3.1, "distanceUnit": "Mile",
        "source": {"name": "Charge 6"},
    }  # fmt: skip
    members = {
        f"{root}Global Export Data/resting_heart_rate-2026-03-01.json": [
            {"dateTime": "03/02/26 00:00:00", "value": {"date": "03/02/26", "value": 51.4, "error": 6.8}},
            {"dateTime": "03/03/26 00:00:00", "value": {"date": None, "value": 0.0, "error": 0.0}},
        ],
        f"{root}Global Export Data/sleep-2026-03-01.json": [nap, night],
        f"{root}Global Export Data/weight-2026-03-01.json": [
            {"logId": 1, "weight": 154.3, "bmi": 22.1, "fat": 15.5, "date": "03/02/26", "time": "07:10:00",
             "source": "Aria"}
        ],
        f"{root}Global Export Data/steps-2026-03-01.json": [
            {"dateTime": "03/01/26 23:30:00", "value": "40"},
            {"dateTime": "03/02/26 10:00:00", "value": "60"},
            {"dateTime": "03/02/26 23:30:00", "value": "7"},
        ],
        f"{root}Global Export Data/exercise-0.json": [exercise],
    }  # fmt: skip
    tables = {
        f"{root}Heart Rate Variability/Daily Heart Rate Variability Summary - 2026-03-(1).csv":
            "timestamp,rmssd,nremhr,entropy\n2026-03-02T00:00:00,44.5,52.1,2.9\n",
        f"{root}Oxygen Saturation (SpO2)/Daily SpO2 - 2026-03-01-2026-03-31.csv":
            "timestamp,average_value,lower_bound,upper_bound\n2026-03-02T00:00:00Z,95.5,93.0,98.0\n",
        f"{root}Sleep Score/sleep_score.csv":
            "sleep_log_entry_id,timestamp,overall_score,resting_heart_rate\n1,2026-03-02T05:40:00Z,83,51\n",
        f"{root}Stress Score/Stress Score.csv":
            "DATE,UPDATED_AT,STRESS_SCORE,STATUS\n2026-03-02T00:00:00,2026-03-02T09:00:00.000,77,READY\n"
            "2026-03-03T00:00:00,2026-03-03T09:00:00.000,0,NO_DATA\n",
        f"{root}Daily Readiness/Daily Readiness Score - 2026-03-01.csv":
            "date,readiness_score_value,readiness_state\n2026-03-02,66,HIGH\n",
        "Takeout/Fit/Daily activity metrics/Daily activity metrics.csv":
            "Date,Move Minutes count,Step count,Average weight (kg)\n2026-03-02,60,10010,70.2\n",
    }  # fmt: skip
    return zipped({name: json.dumps(document) for name, document in members.items()} | tables)


WHOOP_CYCLES = (
    "Cycle start time,Cycle end time,Cycle timezone,Recovery score %,Resting heart rate (bpm),"
    "Heart rate variability (ms),Skin temp (celsius),Blood oxygen %,Day Strain,Energy burned (cal),Max HR (bpm),"
    "Average HR (bpm),Sleep onset,Wake onset,Sleep performance %,Respiratory rate (rpm),Asleep duration (min),"
    "In bed duration (min),Light sleep duration (min),Deep (SWS) duration (min),REM duration (min),"
    "Awake duration (min),Sleep need (min),Sleep debt (min),Sleep efficiency %,Sleep consistency %\n"
    "2026-03-01 23:10:00,,UTC+01:00,74,51,88,34.1,97.3,12.5,2400,170,68,2026-03-01 23:10:00,2026-03-02 07:05:00,79,"
    "15.7,436,475,214,105,117,39,452,78,88,49\n"
)
WHOOP_WORKOUTS = (
    "Cycle start time,Cycle end time,Cycle timezone,Workout start time,Workout end time,Duration (min),Activity name,"
    "Activity Strain,Energy burned (cal),Max HR (bpm),Average HR (bpm),HR Zone 1 %,GPS enabled,Distance (meters)\n"
    "2026-03-01 23:10:00,,UTC+01:00,2026-03-02 17:30:00,2026-03-02 18:15:00,45,Weightlifting,9.1,310,155,118,20,false,"
    "\n"
)


def whoop() -> bytes:
    """Return WHOOP's archive of one day."""
    return zipped(
        {"physiological_cycles.csv": WHOOP_CYCLES, "workouts.csv": WHOOP_WORKOUTS, "journal_entries.csv": "a,b\n"}
    )


def oura() -> bytes:
    """Return Oura's archive of one day, with a nap."""
    night_columns = (
        "id;average_breath;average_heart_rate;average_hrv;awake_time;bedtime_end;bedtime_start;day;"
        "deep_sleep_duration;light_sleep_duration;lowest_heart_rate;rem_sleep_duration;time_in_bed;"
        "total_sleep_duration;type"
    )
    night = (
        "a;14.25;52.5;58;2400;2026-03-02T06:50:00+01:00;2026-03-01T22:50:00+01:00;2026-03-02;5400;14100;46;6900;28800;"
        "26400;long_sleep"
    )
    nap = "b;15;60;40;60;2026-03-02T14:30:00+01:00;2026-03-02T14:00:00+01:00;2026-03-02;0;1700;55;0;1800;1700;late_nap"
    return zipped(
        {
            "App Data/sleepmodel.csv": f"{night_columns}\n{night}\n{nap}\n",
            "App Data/dailyreadiness.csv": "id;contributors;day;score;temperature_deviation\nx;{};2026-03-02;81;-0.2\n",
            "App Data/dailysleep.csv": "id;contributors;day;score\nx;{};2026-03-02;77\n",
            "App Data/dailyactivity.csv": "id;day;steps;active_calories\nx;2026-03-02;9500;480\n",
            "App Data/dailyspo2.csv": 'id;day;spo2_percentage\nx;2026-03-02;"{""average"": 97.1}"\n',
            "App Data/heartrate.csv": "timestamp;bpm;source\n2026-03-02T00:00:00Z;50;sleep\n",
        }
    )


INTERVALS_WELLNESS = (
    "date,weight,restingHR,hrv,hrvSDNN,sleepSecs,sleepQuality,soreness,fatigue,stress,mood,motivation,readiness,spO2,"
    "steps\n"
    "2026-03-02,70.3,47,61,83,27000,2,1,4,2,1,3,72,,11000\n"
    "2026-03-03,,,,,,,,,,,,,,\n"
)

HEALTH_CONNECT_TABLES = """
CREATE TABLE application_info_table (row_id INTEGER PRIMARY KEY, package_name TEXT, app_name TEXT);
CREATE TABLE weight_record_table (row_id INTEGER PRIMARY KEY, app_info_id INTEGER, time INTEGER,
  zone_offset INTEGER, weight REAL);
CREATE TABLE heart_rate_variability_rmssd_record_table (row_id INTEGER PRIMARY KEY, app_info_id INTEGER, time INTEGER,
  zone_offset INTEGER, heart_rate_variability_millis REAL);
CREATE TABLE resting_heart_rate_record_table (row_id INTEGER PRIMARY KEY, app_info_id INTEGER, time INTEGER,
  zone_offset INTEGER, beats_per_minute INTEGER);
CREATE TABLE steps_record_table (row_id INTEGER PRIMARY KEY, app_info_id INTEGER, start_time INTEGER,
  start_zone_offset INTEGER, end_time INTEGER, end_zone_offset INTEGER, count INTEGER);
CREATE TABLE sleep_session_record_table (row_id INTEGER PRIMARY KEY, app_info_id INTEGER, start_time INTEGER,
  start_zone_offset INTEGER, end_time INTEGER, end_zone_offset INTEGER, title TEXT, notes TEXT);
CREATE TABLE sleep_stages_table (parent_key INTEGER, stage_start_time INTEGER,
  stage_end_time INTEGER, stage_type INTEGER);
CREATE TABLE exercise_session_record_table (row_id INTEGER PRIMARY KEY, app_info_id INTEGER, start_time INTEGER,
  start_zone_offset INTEGER, end_time INTEGER, end_zone_offset INTEGER, exercise_type INTEGER, title TEXT, notes TEXT);
CREATE TABLE exercise_route_table (parent_key INTEGER, timestamp_millis INTEGER, latitude REAL,
  longitude REAL, altitude REAL);
CREATE TABLE heart_rate_record_table (row_id INTEGER PRIMARY KEY, app_info_id INTEGER);
CREATE TABLE heart_rate_record_series_table (parent_key INTEGER, beats_per_minute INTEGER, epoch_millis INTEGER);
"""
MONDAY_MS = 1_772_406_000_000
"""2026-03-02T00:00+01:00, in milliseconds since 1970."""

MINUTE_MS = 60_000
HOUR_MS = 3_600_000


def health_connect_database() -> bytes:
    """Return the database of one day: a weighing, a night, steps of two apps, and a run with pulse and route."""
    run_ms = MONDAY_MS + 7 * HOUR_MS
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export.db"
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.executescript(HEALTH_CONNECT_TABLES)
            add = connection.execute
            add("INSERT INTO application_info_table VALUES (1, 'com.scale', 'Scale'), (2, 'com.phone', 'Phone')")
            add("INSERT INTO weight_record_table VALUES (1, 1, ?, 3600, 70250.0)", (MONDAY_MS + 6 * HOUR_MS,))
            for hour, rmssd in ((2, 50.0), (4, 54.0)):
                add("INSERT INTO heart_rate_variability_rmssd_record_table VALUES (NULL, 1, ?, 3600, ?)",
                    (MONDAY_MS + hour * HOUR_MS, rmssd))  # fmt: skip
            add("INSERT INTO resting_heart_rate_record_table VALUES (1, 1, ?, 3600, 49)", (MONDAY_MS + HOUR_MS,))
            for app, count in ((1, 800), (2, 700), (2, 250)):
                add("INSERT INTO steps_record_table VALUES (NULL, ?, ?, 3600, ?, 3600, ?)",
                    (app, MONDAY_MS + 9 * HOUR_MS, MONDAY_MS + 10 * HOUR_MS, count))  # fmt: skip
            add("INSERT INTO sleep_session_record_table VALUES (1, 2, ?, 3600, ?, 3600, NULL, NULL)",
                (MONDAY_MS - HOUR_MS, MONDAY_MS + 6 * HOUR_MS))  # fmt: skip
            for start, end, stage in ((-1, 2, 4), (2, 3, 5), (3, 4, 6), (4, 5, 1), (5, 6, 4)):
                add("INSERT INTO sleep_stages_table VALUES (1, ?, ?, ?)",
                    (MONDAY_MS + start * HOUR_MS, MONDAY_MS + end * HOUR_MS, stage))  # fmt: skip
            add("INSERT INTO exercise_session_record_table VALUES (1, 2, ?, 3600, ?, 3600, 33, 'Park run', 'Windy')",
                (run_ms, run_ms + 20 * MINUTE_MS))  # fmt: skip
            for second in range(0, 1200, 5):
                add("INSERT INTO heart_rate_record_series_table VALUES (1, ?, ?)",
                    (150 + second // 300, run_ms + second * 1000))  # fmt: skip
                add("INSERT INTO exercise_route_table VALUES (1, ?, ?, 13.4, 40.0)",
                    (run_ms + second * 1000, 52.5 + second * 3 / 111_195))  # fmt: skip
        return path.read_bytes()


def health_connect() -> bytes:
    """Return Health Connect's archive."""
    return zipped({"health_connect_export.db": health_connect_database()})
