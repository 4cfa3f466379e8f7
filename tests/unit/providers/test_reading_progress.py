"""How far an export was read is told while one of its documents is being read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.support import platform_exports as made

from topform.formats.exports import PlatformExports
from topform.providers.folder import DailyValuesFile, unpack_items

BERLIN = PlatformExports(ZoneInfo("Europe/Berlin"))


def test_an_export_tells_its_bytes_before_the_first_thing_in_it_is_yielded():
    content = made.apple_health()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document = max(archive.infolist(), key=lambda member: member.file_size)
        total = sum(member.file_size for member in archive.infolist())
    told: list[int] = []
    items = unpack_items("export.zip", content, exports=BERLIN, read=told.append)
    assert isinstance(next(items), DailyValuesFile)
    assert sum(told) >= document.file_size
    list(items)
    assert total <= sum(told) <= 2 * total


def test_a_document_by_itself_tells_its_bytes(tmp_path: Path):
    with zipfile.ZipFile(io.BytesIO(made.apple_health())) as archive:
        document = max(archive.infolist(), key=lambda member: member.file_size)
        (tmp_path / "export.xml").write_bytes(archive.read(document))
    told: list[int] = []
    items = list(unpack_items("export.xml", tmp_path / "export.xml", exports=BERLIN, read=told.append))
    assert any(isinstance(item, DailyValuesFile) for item in items)
    assert sum(told) >= document.file_size
