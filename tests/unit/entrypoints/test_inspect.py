"""``topform inspect`` from outside: documents, text, exit codes."""

from __future__ import annotations

import hashlib
import json

import pytest
from tests.support.documents import gpx, gpx_point, gpx_track
from tests.support.fit_writer import FILE_MONITORING, FILE_SETTINGS, START, FitWriter, ride, weighings
from tests.support.platform_exports import apple_document, apple_health, zipped
from typer.testing import CliRunner

from topform import __version__
from topform.core.activity import Sport
from topform.entrypoints.cli import COMMANDS, app
from topform.entrypoints.cli.activity_view import METRIC_LABELS, speed_row
from topform.science.metric_versions import METRICS

runner = CliRunner()


def hour_of_riding() -> bytes:
    writer = FitWriter()
    for second in range(3601):
        writer.add("record", slot=2, timestamp=START + second, heart_rate=150, cadence=90, power=200,
                   distance=8.0 * second, speed=8.0, altitude=100.0)  # fmt: skip
    writer.add("session", slot=4, start_time=START, timestamp=START + 3600, sport=2, total_elapsed_time=3600,
               total_timer_time=3600, total_distance=28_800.0, total_ascent=0)  # fmt: skip
    return writer.finish()


def inspect_json(path, *options: str, code: int = 0):
    result = runner.invoke(app, ["inspect", str(path), "--json", *options])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_the_document_has_the_agreed_shape(tmp_path):
    path = tmp_path / "ride.fit"
    content = hour_of_riding()
    path.write_bytes(content)
    document = inspect_json(
        path, "--ftp-w", "250", "--hr-rest-bpm", "50", "--hr-max-bpm", "190", "--lthr-bpm", "170", "--sex", "m",
        "--mass-kg", "70", "--threshold-speed-m-s", "4",
    )  # fmt: skip
    assert document["format"] == "fit"
    assert document["file"] == str(path)
    assert document["sha256"] == hashlib.sha256(content).hexdigest()
    assert document["salvaged"] is False
    assert document["warnings"] == []
    (leg,) = document["legs"]
    assert leg["sport"] == "cycling"
    assert leg["started_at"] == "2021-09-08T01:46:40+00:00"
    assert (leg["elapsed_s"], leg["timer_s"], leg["moving_s"], leg["distance_m"]) == (3600, 3600, 3600, 28_800)
    assert leg["power_w"] == {"mean": 200, "max": 200, "coverage": 1}
    assert leg["cadence_rpm"]["mean"] == 90
    assert "cadence_spm" not in leg
    assert leg["metrics"]["weighted_power_w"]["value"] == pytest.approx(200)
    assert leg["metrics"]["power_load"]["value"] == pytest.approx(64, rel=1e-3)
    assert leg["metrics"]["trimp_banister"]["value"] == pytest.approx(108.0954, rel=1e-3)
    assert leg["best_power_w"]["1200"] == pytest.approx(200)
    assert leg["load"]["source"] == "power"


def test_without_parameters_nothing_is_guessed(tmp_path):
    path = tmp_path / "ride.fit"
    path.write_bytes(hour_of_riding())
    metrics = inspect_json(path)["legs"][0]["metrics"]
    for name in ("power_load", "intensity_ratio", "trimp_banister", "trimp_edwards", "hr_load"):
        assert metrics[name]["value"] is None
        assert metrics[name]["warnings"]


def test_damage_is_told_with_its_place(tmp_path):
    path = tmp_path / "cut.fit"
    path.write_bytes(ride(50).finish()[:600])
    document = inspect_json(path)
    assert document["salvaged"] is True
    assert {"code", "message", "offset_bytes"} == document["warnings"][0].keys()
    assert document["warnings"][0]["offset_bytes"] == 600


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"plain text", "format_unknown"),
        (FitWriter(FILE_SETTINGS).finish(), "no_activity"),
        (gpx([gpx_track([gpx_point(0, time=False)])]), "no_activity"),
    ],
)
def test_failures_are_documents_with_code_and_remedy(tmp_path, content, code):
    path = tmp_path / "file.fit"
    path.write_bytes(content)
    error = inspect_json(path, code=1)["error"]
    assert error["code"] == code
    assert error["file"] == str(path)
    assert error["remedy"]
    assert "offset_bytes" in error


@pytest.mark.parametrize(
    ("name", "content", "message", "remedy"),
    [
        ("export.xml", apple_document(), "an Apple Health export", "topform import"),
        ("health.zip", apple_health(), "a zip archive", "topform import"),
        ("wellness.csv", b"date,restingHR,hrvSDNN,readiness\n2026-03-01,50,60,70\n", "wellness table", "import"),
        ("records.xml", b"<HealthData></HealthData>", "an Apple Health export", "topform import"),
        ("records.txt", b"<HealthData></HealthData>", "an Apple Health export", "ends in .xml"),
        ("scale.fit", weighings().finish(), "weighings, not an activity", "topform import"),
        ("scales.fit", weighings(users=2).finish(), "weighings of several people", "topform import"),
        ("days.fit", FitWriter(FILE_MONITORING).finish(), "no daily value", "nothing in it"),
        ("settings.fit", FitWriter(FILE_SETTINGS).finish(), "device settings", "Choose the activity file"),
        ("sheet.xlsx", zipped({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "Excel", "as CSV"),
        ("renamed.fit", zipped({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "Excel", "as CSV"),
        ("cut.zip", apple_health()[:2000], "archive is damaged", "Download the archive again"),
        ("other.zip", zipped({"readme.txt": "hello"}), "no activity and no export", "Export the activity"),
        ("spelled.csv", b"Type,Local Number,Message,Field 1\nData,0,record,x\n", "spells out a FIT file", "FIT file"),
        ("us.csv", b"timestamp,power\nSun Sep 25 06:00:22 PDT 2011,200\n", "'Sun Sep 25 06:00:22", "Write times as"),
    ],
)  # fmt: skip
def test_what_is_no_activity_is_named_with_what_takes_it(tmp_path, name, content, message, remedy):
    path = tmp_path / name
    path.write_bytes(content)
    error = inspect_json(path, code=1)["error"]
    assert message in error["message"]
    assert remedy in error["remedy"]
    assert error["file"] == str(path)


def test_an_export_larger_than_any_activity_is_named(tmp_path):
    path = tmp_path / "export.xml"
    with path.open("wb") as stream:
        stream.write(apple_document())
        stream.truncate(300 * 2**20)
    assert "Apple Health" in inspect_json(path, code=1)["error"]["message"]


def test_a_folder_is_for_the_import(tmp_path):
    assert "topform import" in inspect_json(tmp_path, code=1)["error"]["remedy"]


def test_a_missing_file_is_explained(tmp_path):
    error = inspect_json(tmp_path / "gone.fit", code=1)["error"]
    assert "no such file" in error["message"]


@pytest.mark.parametrize("arguments", [["inspect"], ["inspect", "a.fit", "--sex", "x"], ["inspect", "a.fit", "--nope"]])
def test_wrong_usage_exits_with_2(arguments):
    assert runner.invoke(app, arguments).exit_code == 2


def test_a_parameter_out_of_range_is_explained(tmp_path):
    path = tmp_path / "ride.fit"
    path.write_bytes(ride().finish())
    assert inspect_json(path, "--ftp-w", "-5", code=1)["error"]["code"] == "out_of_range"


def test_people_see_units_they_use(tmp_path):
    path = tmp_path / "ride.fit"
    path.write_bytes(hour_of_riding())
    result = runner.invoke(app, ["inspect", str(path), "--ftp-w", "250"])
    assert result.exit_code == 0
    for text in ("28.80 km", "1:00:00", "28.8 km/h", "200 W", "150 bpm", "session load", "from power"):
        assert text in result.output
    assert "not computed" in result.output
    assert "; give --sex, --hr-rest-bpm, --hr-max-bpm, --lthr-bpm)" in result.output


def test_runners_see_pace(tmp_path):
    path = tmp_path / "run.gpx"
    path.write_bytes(gpx([gpx_track(gpx_point(second) for second in range(60))]))
    result = runner.invoke(app, ["inspect", str(path)])
    assert result.exit_code == 0
    assert "1:40/km" in result.output
    assert "min/km" not in result.output


def test_a_runner_who_stood_still_has_no_pace():
    assert speed_row(0.0, Sport.RUNNING) == ("pace", "–")
    assert speed_row(0.0, Sport.CYCLING) == ("speed", "0.0 m/min")


def test_the_version_is_told():
    result = runner.invoke(app, ["--version"])
    assert (result.exit_code, result.output.strip()) == (0, f"topform {__version__}")


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_help_offers_no_shell_completion(command):
    result = runner.invoke(app, [*command, "--help"])
    assert result.exit_code == 0
    assert "completion" not in result.output


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("set.mp4", bytes.fromhex("0000001c") + b"ftypisom" + bytes(64), "a video"),
        ("set.webm", b"\x1aE\xdf\xa3" + bytes(64), "a video"),
        ("set.gif", b"GIF89a" + bytes(64), "a video"),
        ("set.npz", b"PK\x03\x04" + bytes(64), "a recording of poses"),
    ],
)
def test_footage_is_sent_to_the_command_that_takes_it(tmp_path, name, content, what):
    path = tmp_path / name
    path.write_bytes(content)
    error = inspect_json(path, code=1)["error"]
    assert what in error["message"]
    assert "topform analyze" in error["remedy"]


def test_a_threshold_out_of_range_is_named_as_the_option_is(tmp_path):
    path = tmp_path / "ride.fit"
    path.write_bytes(hour_of_riding())
    error = inspect_json(path, "--run-power-w", "0", code=1)["error"]
    assert error["message"] == "run_power_w is 0, expected 20..800"


def test_every_metric_has_a_name_on_the_command_line():
    assert set(METRIC_LABELS) == set(METRICS)
