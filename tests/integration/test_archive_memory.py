"""A large archive in bounded memory: read in a process of its own, whose peak is asked of the system."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.support import platform_exports as made

MEMBER_BYTES = 6 * 2**20
MEMBERS = 28
RECORDS = 600_000

READ = """
import json, resource, sys
from pathlib import Path
from zoneinfo import ZoneInfo
from topform.formats.exports import PlatformExports
from topform.providers.folder import export_items
kinds = {}
for item in export_items([Path(sys.argv[1])], exports=PlatformExports(ZoneInfo("Europe/Berlin"))):
    kinds[type(item).__name__] = kinds.get(type(item).__name__, 0) + 1
status = Path("/proc/self/status")
# On Linux the usual figure begins with that of the process that started this one.
peak_kb = (
    int(status.read_text().partition("VmHWM:")[2].split()[0])
    if status.exists()
    else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
)
peak_mb = peak_kb / 1024
json.dump({"peak_mb": peak_mb, "kinds": kinds}, sys.stdout)
"""


@pytest.fixture
def large_archive(tmp_path: Path) -> Path:
    """An archive of 300 MB: half of it activity files, half an Apple Health document."""
    path = tmp_path / "export.zip"
    record = made.apple_quantity("HeartRate", "61", "count/min", "2026-03-02 08:00:00").encode()
    document = made.apple_document(made.apple_quantity("BodyMass", "70.1", "kg", "2026-03-02 07:00:00"))
    head, tail = document[: -len("</HealthData>\n")], b"</HealthData>\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for number in range(MEMBERS):
            archive.writestr(f"activities/{number}.fit", os.urandom(MEMBER_BYTES))
        with archive.open("apple_health_export/export.xml", "w") as member:
            member.write(head)
            for _ in range(RECORDS // 5000):
                member.write(record * 5000)
            member.write(tail)
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="the peak of memory is asked in the way of Unix")
def test_an_archive_of_300_megabytes_is_read_in_less_than_500(large_archive: Path) -> None:
    assert large_archive.stat().st_size > 300_000_000
    run = subprocess.run([sys.executable, "-c", READ, str(large_archive)], check=True, capture_output=True, text=True)
    answer = json.loads(run.stdout)
    assert answer["kinds"] == {"SourceFile": MEMBERS, "DailyValuesFile": 1}
    assert answer["peak_mb"] < 500, answer
    assert answer["peak_mb"] < 150 + 4 * MEMBER_BYTES / 2**20  # one member at a time, however many there are
