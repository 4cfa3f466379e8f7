"""The object store when writers are killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from topform.platform.objects import ObjectStore

WRITER = """
import asyncio, sys
from pathlib import Path
from topform.platform.objects import ObjectStore

async def main():
    store = ObjectStore(staging_dir=Path(sys.argv[1]) / "staging", folder=Path(sys.argv[1]) / "objects")
    async def endless():
        while True:
            yield b"x" * 100_000
            print("wrote", flush=True)
            await asyncio.sleep(0.01)
    await store.put("upload", endless())

asyncio.run(main())
"""


def start_writer(folder: Path) -> subprocess.Popen[str]:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "wrote\n"
    return writer


async def test_a_writer_that_is_killed_leaves_no_object_and_the_next_start_cleans_up(tmp_path: Path) -> None:
    writer = start_writer(tmp_path)
    try:
        store = ObjectStore(staging_dir=tmp_path / "staging", folder=tmp_path / "objects")
        assert store.clean_staging() == 0  # it is still being written
    finally:
        writer.kill()
        writer.communicate()
    assert not await store.exists("upload")
    assert store.clean_staging() == 1
    assert [path.name for path in (tmp_path / "staging").iterdir()] == [".lock"]
