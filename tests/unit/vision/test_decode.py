"""Decoding: real times, rotation, and what is refused."""

from __future__ import annotations

import contextlib
import resource
import struct
from pathlib import Path

import numpy as np
import pytest
from tests.support.tiny_videos import write_sound, write_video

from topform.vision.decode import DecodeLimits, VideoReader
from topform.vision.errors import (
    DamagedVideoError,
    EmptyVideoError,
    FrameTooLargeError,
    NoPictureError,
    NotAVideoError,
    VideoTooLongError,
)


def test_frames_keep_their_own_times(tmp_path: Path) -> None:
    times_s = [0.0, 0.04, 0.07, 0.2, 0.22, 0.5]
    video = write_video(tmp_path / "variable.mp4", times_s=times_s)
    with VideoReader(video) as reader:
        assert [frame.t_s for frame in reader] == pytest.approx(times_s, abs=1e-3)
        assert reader.warnings == ()


def test_times_start_at_zero_whatever_the_container_says(tmp_path: Path) -> None:
    video = write_video(tmp_path / "late.mkv", times_s=[5.0, 5.1, 5.2])
    with VideoReader(video) as reader:
        assert [frame.t_s for frame in reader] == pytest.approx([0.0, 0.1, 0.2], abs=2e-3)


@pytest.mark.parametrize("threads", [1, 2])
def test_colours_survive_the_planes(tmp_path: Path, threads: int) -> None:
    video = write_video(tmp_path / "colour.mp4")
    with VideoReader(video, threads=threads) as reader:
        frames = list(reader)
    assert len(frames) == 10
    rgb = frames[0].rgb()
    assert rgb.shape == (48, 64, 3)
    assert np.abs(rgb[24, 10].astype(int) - (250, 60, 20)).max() <= 6
    assert rgb[24, 54].max() <= 6


@pytest.mark.parametrize(
    ("rotation_deg", "size", "bright"),
    [
        (90, (48, 64), (24, 54)),
        (-90, (48, 64), (24, 10)),
        (180, (64, 48), (54, 24)),
    ],
)
def test_rotation_metadata_turns_the_picture(
    tmp_path: Path, rotation_deg: int, size: tuple[int, int], bright: tuple[int, int]
) -> None:
    """The stored left half is bright: turned a quarter counter-clockwise it is at the bottom."""
    video = write_video(tmp_path / "turned.mp4", rotation_deg=rotation_deg)
    with VideoReader(video) as reader:
        frame = next(iter(reader))
    assert frame.size_px == size
    rgb = frame.rgb()
    x, y = bright
    assert rgb[y, x, 0] > 200
    assert rgb[size[1] - 1 - y, size[0] - 1 - x, 0] < 20


def test_frame_rates_above_the_limit_are_thinned_and_said(tmp_path: Path) -> None:
    video = write_video(tmp_path / "slow_motion.mp4", times_s=[index / 200.0 for index in range(100)])
    with VideoReader(video, limits=DecodeLimits(max_frames_per_s=50.0)) as reader:
        times_s = [frame.t_s for frame in reader]
        (warning,) = reader.warnings
    assert 20 <= len(times_s) <= 34
    assert warning.code == "frame_rate_reduced"


def test_empty_file(tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    with pytest.raises(EmptyVideoError) as caught:
        VideoReader(empty)
    assert caught.value.code == "video_empty"
    assert caught.value.remedy


def test_sound_only(tmp_path: Path) -> None:
    with pytest.raises(NoPictureError, match="no picture"):
        VideoReader(write_sound(tmp_path / "sound.m4a"))


@pytest.mark.parametrize(
    "content",
    [b"this is text, whatever its name says\n" * 40, bytes(4096), b"\x00\x00\x00\x20ftypisom" + bytes(64)],
)
def test_not_a_video(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "clip.mp4"
    file.write_bytes(content)
    with pytest.raises(NotAVideoError):
        VideoReader(file)


def test_an_mp4_without_its_end_is_damaged_and_no_other_kind_of_file(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.mp4", times_s=[index / 25.0 for index in range(50)], size=(320, 240))
    content = whole.read_bytes()
    assert content.find(b"mdat") < content.find(b"moov")
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(content[: content.find(b"moov") - 40])
    with pytest.raises(DamagedVideoError, match="end of the video is missing") as caught:
        VideoReader(cut)
    assert caught.value.file == str(cut)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(NotAVideoError, match="no such file"):
        VideoReader(tmp_path / "nowhere.mp4")


def test_playlists_that_point_elsewhere_are_refused(tmp_path: Path) -> None:
    secret = write_video(tmp_path / "secret.mp4")
    playlist = tmp_path / "clip.mp4"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{secret}\n#EXT-X-ENDLIST\n")
    with pytest.raises(NotAVideoError):
        VideoReader(playlist)
    concatenation = tmp_path / "list.mp4"
    concatenation.write_text(f"ffconcat version 1.0\nfile '{secret}'\n")
    with pytest.raises(NotAVideoError):
        VideoReader(concatenation)


def test_limit_on_pixels_is_checked_before_decoding(tmp_path: Path) -> None:
    video = write_video(tmp_path / "large.mp4", size=(320, 240), times_s=[0.0, 0.1])
    with pytest.raises(FrameTooLargeError) as caught:
        VideoReader(video, limits=DecodeLimits(max_frame_pixels=320 * 240 - 1))
    assert caught.value.fields == {"width_px": 320, "height_px": 240}


def test_a_header_that_claims_a_huge_picture_is_refused(tmp_path: Path) -> None:
    """A motion-JPEG AVI of a few hundred bytes; container and JPEG headers claim 15360x15360 pixels."""
    video = write_video(tmp_path / "small.avi", codec="mjpeg", times_s=[0.0, 0.04])
    frame_header = b"\xff\xc0\x00\x11\x08"
    content = video.read_bytes()
    assert frame_header + struct.pack(">HH", 48, 64) in content
    content = content.replace(
        frame_header + struct.pack(">HH", 48, 64), frame_header + struct.pack(">HH", 15360, 15360)
    )
    bomb = tmp_path / "bomb.avi"
    bomb.write_bytes(content.replace(struct.pack("<II", 64, 48), struct.pack("<II", 15360, 15360)))
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises((FrameTooLargeError, DamagedVideoError)):
        list(VideoReader(bomb))
    # One frame of that size would be 350 MB.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 100_000


def test_a_picture_that_grows_in_the_middle_is_refused(tmp_path: Path) -> None:
    """Two H.264 streams behind each other: the second is larger than the limit that the first kept."""
    small = write_video(tmp_path / "small.h264", size=(64, 48))
    large = write_video(tmp_path / "large.h264", size=(640, 480))
    joined = tmp_path / "joined.h264"
    joined.write_bytes(small.read_bytes() + large.read_bytes())
    limits = DecodeLimits(max_frame_pixels=200 * 200)
    with VideoReader(joined, limits=limits) as reader, contextlib.suppress(FrameTooLargeError):
        for frame in reader:
            assert frame.size_px == (64, 48)


def test_too_long(tmp_path: Path) -> None:
    video = write_video(tmp_path / "long.mp4", times_s=[0.0, 30.0, 61.0])
    with pytest.raises(VideoTooLongError) as caught:
        VideoReader(video, limits=DecodeLimits(max_duration_s=60.0))
    assert caught.value.remedy


@pytest.mark.parametrize("seconds", [30_000.0, 30_000.0 + 0.04 * 60])
def test_a_damaged_time_neither_refuses_nor_stretches_a_transport_stream(tmp_path: Path, seconds: float) -> None:
    sound = [index / 25.0 for index in range(50)]
    damaged = [30_000.0 + index / 25.0 for index in range(round((seconds - 30_000.0) * 25.0) + 1)]
    video = write_video(tmp_path / "damaged.ts", times_s=[*sound, *damaged])
    with VideoReader(video) as reader:
        times_s = [frame.t_s for frame in reader]
    assert times_s[:50] == pytest.approx(sound)
    assert len(times_s) == 50 + len(damaged)
    assert times_s[-1] == pytest.approx(sound[-1] + len(damaged) / 25.0)
    assert [warning.code for warning in reader.warnings] == ["timestamp_jumps"]


def test_damage_that_looks_like_a_new_stream_does_not_end_the_video(tmp_path: Path) -> None:
    """A part of a transport stream under another number, as a flipped bit makes it; sound pictures follow."""
    packet_bytes, picture, other = 188, 0x100, 0x101
    content = write_video(tmp_path / "whole.ts", times_s=[index / 25.0 for index in range(50)]).read_bytes()
    renamed = bytearray(content)
    for at in range(0, len(content), packet_bytes):
        if (renamed[at + 1] & 0x1F) << 8 | renamed[at + 2] == picture:
            renamed[at + 1 : at + 3] = bytes([renamed[at + 1] & 0xE0 | other >> 8, other & 0xFF])
    damaged = tmp_path / "damaged.ts"
    damaged.write_bytes(content + renamed + content)
    with VideoReader(damaged) as reader:
        frames = len(list(reader))
    assert frames == 100
    assert "video_partly_damaged" in [warning.code for warning in reader.warnings]


def test_cut_off_file_gives_its_frames_or_a_typed_error(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.mkv", times_s=[index / 25.0 for index in range(50)], size=(320, 240))
    content = whole.read_bytes()
    for share in (0.2, 0.5, 0.9):
        cut = tmp_path / "cut.mkv"
        cut.write_bytes(content[: int(len(content) * share)])
        try:
            with VideoReader(cut) as reader:
                assert all(np.isfinite(frame.t_s) for frame in reader)
        except (DamagedVideoError, NotAVideoError, NoPictureError) as error:
            assert error.remedy


def test_closing_early_stops_the_decoder_thread(tmp_path: Path) -> None:
    video = write_video(tmp_path / "clip.mp4", times_s=[index / 25.0 for index in range(200)])
    with VideoReader(video, threads=2) as reader:
        frames = iter(reader)
        first = next(frames)
        frames.close()  # type: ignore[attr-defined]
    assert first.t_s == 0.0
