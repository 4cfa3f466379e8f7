"""A still picture shows the moment asked for, and holds pixels and nothing else."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.support.tiny_videos import write_sound, write_video

from topform.core.errors import VideoError
from topform.vision.still import MAX_BYTES, MAX_SIDE_PX, jpeg_of, write_still

ALLOWED = {0xD8, 0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
"""Start, JFIF header, tables, size and picture; Exif, IPTC, colour profiles and comments have other codes."""


def segments(content: bytes) -> set[int]:
    """The codes of what stands before the pixels of a JPEG."""
    found, place = {content[1]}, 2
    while content[place + 1] != 0xDA:
        assert content[place] == 0xFF
        found.add(content[place + 1])
        place += 2 + int.from_bytes(content[place + 2 : place + 4])
    return found | {0xDA}


def brightness(path: Path) -> float:
    """The mean of a picture's pixels, 0 to 255."""
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    return float(picture.mean())


def film(path: Path) -> Path:
    """A second that grows brighter from black to white."""
    shades = np.linspace(16, 240, 25).astype(np.uint8)
    frames = np.ascontiguousarray(np.broadcast_to(shades[:, None, None, None], (25, 48, 64, 3)))
    return write_video(path, times_s=[index / 25.0 for index in range(25)], rgb=frames)


def test_the_picture_is_that_of_the_moment(tmp_path: Path) -> None:
    video, found = film(tmp_path / "film.mp4"), []
    for at_s in (0.0, 0.32, 0.64, 0.96):
        write_still(video, at_s=at_s, to=tmp_path / "still.jpg")
        found.append(brightness(tmp_path / "still.jpg"))
    assert found == pytest.approx([16, 90.7, 165.3, 240], abs=6)
    write_still(video, at_s=5.0, to=tmp_path / "still.jpg")
    assert brightness(tmp_path / "still.jpg") == pytest.approx(16, abs=6), "past the end, the first"


def test_it_holds_no_metadata_and_stands_upright(tmp_path: Path) -> None:
    video = write_video(tmp_path / "phone.mp4", size=(1280, 720), rotation_deg=90)
    write_still(video, at_s=0.2, to=tmp_path / "still.jpg")
    content = (tmp_path / "still.jpg").read_bytes()
    assert segments(content) <= ALLOWED
    height, width = cv2.imread(str(tmp_path / "still.jpg")).shape[:2]
    assert (width, height) == (540, MAX_SIDE_PX)


def test_a_picture_full_of_detail_is_made_small() -> None:
    chance = np.random.default_rng(1)
    rough = cv2.resize(chance.integers(0, 256, (480, 480, 3), dtype=np.uint8), (MAX_SIDE_PX, MAX_SIDE_PX))
    content = jpeg_of(np.asarray(rough, dtype=np.uint8))
    assert len(content) <= MAX_BYTES
    assert cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR).shape[:2] == (MAX_SIDE_PX, MAX_SIDE_PX)


def test_what_shows_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VideoError):
        write_still(write_sound(tmp_path / "sound.mp4"), at_s=0.0, to=tmp_path / "still.jpg")
    assert not (tmp_path / "still.jpg").exists()
