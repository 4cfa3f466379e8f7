"""Decoding in a child: the same pictures, the same errors, no network, and an end for what asks too much."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.support.tiny_videos import write_video

from topform.vision import sandbox
from topform.vision.decode import DecodeLimits, VideoReader
from topform.vision.errors import (
    DamagedVideoError,
    DecoderStoppedError,
    FrameTooLargeError,
    NotAVideoError,
)
from topform.vision.sandbox import SandboxedReader

pytestmark = pytest.mark.skipif(not sandbox.is_available(), reason="this system decodes in the process itself")


@pytest.mark.parametrize("with_bubblewrap", [False, True])
def test_the_child_hands_over_the_same_pictures(tmp_path: Path, with_bubblewrap: bool) -> None:
    video = write_video(tmp_path / "set.mp4", rotation_deg=90, times_s=[index / 25.0 for index in range(23)])
    with VideoReader(video) as plain, SandboxedReader(video, with_bubblewrap=with_bubblewrap) as apart:
        assert apart.properties == plain.properties
        assert {"process", "limits"} <= set(apart.protections)
        count = 0
        for one, other in zip(plain, apart, strict=True):
            for plane in ("luma", "blue", "red"):
                np.testing.assert_array_equal(getattr(one, plane), getattr(other, plane))
            assert (one.t_s, one.rotation_deg, one.full_range) == (other.t_s, other.rotation_deg, other.full_range)
            count += 1
        assert count == 23
        assert apart.warnings == plain.warnings


def test_pictures_that_grow_in_the_middle_arrive_whole(tmp_path: Path) -> None:
    small = write_video(tmp_path / "small.h264", size=(64, 48))
    large = write_video(tmp_path / "large.h264", size=(320, 240))
    joined = tmp_path / "joined.h264"
    joined.write_bytes(small.read_bytes() + large.read_bytes())
    with VideoReader(joined) as plain, SandboxedReader(joined) as apart:
        for one, other in zip(plain, apart, strict=True):
            np.testing.assert_array_equal(one.luma, other.luma)


def test_errors_of_the_child_are_typed_and_name_the_file(tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("no video")
    with pytest.raises(NotAVideoError) as caught:
        SandboxedReader(text)
    assert (caught.value.file, bool(caught.value.remedy)) == (str(text), True)
    large = write_video(tmp_path / "large.mp4", size=(320, 240), times_s=[0.0])
    with pytest.raises(FrameTooLargeError) as too_large:
        SandboxedReader(large, limits=DecodeLimits(max_frame_pixels=1000))
    assert too_large.value.fields == {"width_px": 320, "height_px": 240}


def test_a_bomb_is_a_typed_error(tmp_path: Path) -> None:
    """A motion-JPEG AVI of a few hundred bytes whose headers claim 15360x15360 pixels."""
    content = write_video(tmp_path / "small.avi", codec="mjpeg", times_s=[0.0, 0.04]).read_bytes()
    marker = b"\xff\xc0\x00\x11\x08"
    content = content.replace(marker + struct.pack(">HH", 48, 64), marker + struct.pack(">HH", 15360, 15360))
    bomb = tmp_path / "bomb.avi"
    bomb.write_bytes(content.replace(struct.pack("<II", 64, 48), struct.pack("<II", 15360, 15360)))
    with pytest.raises((FrameTooLargeError, DamagedVideoError)), SandboxedReader(bomb) as reader:
        list(reader)


def test_a_child_that_needs_more_memory_than_allowed_is_a_typed_error(tmp_path: Path) -> None:
    video = write_video(tmp_path / "set.mp4")
    with pytest.raises(DecoderStoppedError) as caught:
        SandboxedReader(video, memory_bytes=48 * 1024**2)
    assert caught.value.code == "video_decoder_stopped"
    assert caught.value.remedy


def test_the_memory_of_the_child_is_its_own(tmp_path: Path) -> None:
    """A child begins as a copy of this process; what that held is not counted, nor are the pictures of both."""
    held = np.ones(400 * 1024**2, dtype=np.uint8)
    with SandboxedReader(write_video(tmp_path / "set.mp4", size=(1280, 720))) as apart:
        assert sum(1 for _ in apart) == 10
    assert held[-1] == 1
    assert apart.peak_mb is not None
    assert 10.0 < apart.peak_mb < 200.0


CONNECTS = """
import json, socket, sys
from topform.vision.decode_child import give_up_rights
held = give_up_rights(memory_bytes=3 * 1024**3, cpu_s=60, ring_bytes=1024)
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5)
    reached = True
except OSError:
    reached = False
try:
    with open("written", "wb") as file:
        file.write(b"x" * 4096)
    wrote = True
except OSError:
    wrote = False
print(json.dumps({"held": held, "reached": reached, "wrote": wrote}))
"""


@pytest.mark.parametrize("with_bubblewrap", [False, True])
def test_the_child_reaches_no_network_and_writes_no_large_file(tmp_path: Path, with_bubblewrap: bool) -> None:
    wrap = sandbox._bubblewrap(tmp_path / "set.mp4") if with_bubblewrap else []
    if with_bubblewrap and not wrap:
        pytest.skip("bubblewrap is not installed or not allowed here")
    (tmp_path / "set.mp4").touch()
    with socket.create_server(("127.0.0.1", 0)) as server:
        command = [*wrap, sys.executable, "-c", CONNECTS, str(server.getsockname()[1])]
        ran = subprocess.run(
            command, capture_output=True, check=True, cwd="/" if wrap else tmp_path, env=sandbox._environment()
        )
    found = json.loads(ran.stdout)
    assert found["wrote"] is False
    if not with_bubblewrap and "no_network" not in found["held"]:
        pytest.skip("this system lets no process give up its network")
    assert found["reached"] is False


def test_no_secret_of_this_process_reaches_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPFORM_SECRET_KEY", "do not tell")
    assert "do not tell" not in sandbox._environment().values()
