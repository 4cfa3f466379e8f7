"""The alerts as Prometheus itself evaluates them, on made series; skipped without promtool (in Debian's prometheus)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ALERTS = Path(__file__).parents[3] / "deploy" / "kubernetes" / "components" / "monitoring" / "alerts.yaml"
BACKUP = 'cronjob="topform-backup",namespace="topform"'

pytestmark = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")


def spec() -> dict[str, Any]:
    return dict(yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["spec"])


def fires(folder: Path, alert: str, *, at: str, series: dict[str, str], labels: dict[str, str] | None) -> None:
    """Assert that the alert fires with these labels, or not for None; each series has a value every five minutes."""
    (folder / "rules.yaml").write_text(yaml.safe_dump(spec()), encoding="utf-8")
    expected: dict[str, Any] = {"eval_time": at, "alertname": alert, "exp_alerts": []}
    if labels is not None:
        (rule,) = (one for group in spec()["groups"] for one in group["rules"] if one["alert"] == alert)
        told = dict(rule["annotations"])
        for name, value in labels.items():
            told["summary"] = told["summary"].replace(f"{{{{ $labels.{name} }}}}", value)
        told["summary"] = told["summary"].replace("{{ $value }}", "9")
        expected["exp_alerts"] = [{"exp_labels": {**rule["labels"], **labels}, "exp_annotations": told}]
    tests = {
        "rule_files": ["rules.yaml"],
        "evaluation_interval": "5m",
        "tests": [
            {
                "interval": "5m",
                "input_series": [{"series": name, "values": values} for name, values in series.items()],
                "alert_rule_test": [expected],
            }
        ],
    }
    (folder / "tests.yaml").write_text(yaml.safe_dump(tests), encoding="utf-8")
    done = subprocess.run(
        ["promtool", "test", "rules", "tests.yaml"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("at", "labels"), [("30m", None), ("45m", {"queue": "default"})])
def test_a_queue_that_nobody_reads(tmp_path: Path, at: str, labels: dict[str, str] | None) -> None:
    series = {'topform_jobs_longest_wait_seconds{queue="default",pod="a"}': "0+300x20"}
    fires(tmp_path, "TopFormJobsWait", at=at, series=series, labels=labels)


def test_a_training_may_wait(tmp_path: Path) -> None:
    series = {'topform_jobs_longest_wait_seconds{queue="training",pod="a"}': "9000x20"}
    fires(tmp_path, "TopFormJobsWait", at="1h", series=series, labels=None)


@pytest.mark.parametrize(("failed", "labels"), [("0x11 9x20", {"queue": "video"}), ("9x40", None)])
def test_jobs_that_are_given_up(tmp_path: Path, failed: str, labels: dict[str, str] | None) -> None:
    series = {'topform_jobs{queue="video",state="failed",pod="a"}': failed}
    fires(tmp_path, "TopFormJobsGivenUp", at="65m", series=series, labels=labels)


@pytest.mark.parametrize(("at", "labels"), [("35h", None), ("37h", {})])
def test_a_backup_that_never_succeeded(tmp_path: Path, at: str, labels: dict[str, str] | None) -> None:
    series = {f"kube_cronjob_created{{{BACKUP}}}": "0x600"}
    fires(tmp_path, "TopFormBackupFailed", at=at, series=series, labels=labels)


def test_a_backup_of_this_night(tmp_path: Path) -> None:
    series = {
        f"kube_cronjob_created{{{BACKUP}}}": "0x600",
        f"kube_cronjob_status_last_successful_time{{{BACKUP}}}": "97200x600",
    }
    fires(tmp_path, "TopFormBackupFailed", at="40h", series=series, labels=None)


@pytest.mark.parametrize(("up", "labels"), [("1x20", None), ("0x20", {})])
def test_an_api_that_is_gone(tmp_path: Path, up: str, labels: dict[str, str] | None) -> None:
    fires(tmp_path, "TopFormDown", at="30m", series={'up{job="topform-api",pod="a"}': up}, labels=labels)
