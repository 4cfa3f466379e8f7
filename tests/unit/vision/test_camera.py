"""A camera at this computer: what is passed over is counted, and what is wrong with it is said."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from tests.support.tiny_videos import write_video

from topform.vision.camera import FilmCamera, NewestFrame, error_of, open_camera
from topform.vision.decode import VideoReader
from topform.vision.errors import CameraError, CameraLostError
from topform.vision.frames import VideoFrame

PATIENCE_S = 60.0


def picture(t_s: float) -> VideoFrame:
    grey = np.full((4, 4), 128, dtype=np.uint8)
    return VideoFrame(t_s=t_s, luma=grey, blue=grey[:2, :2], red=grey[:2, :2])


class StepByStep:
    """A camera that takes a picture when it is told to, and is unplugged at the end where that is asked for."""

    name = "camera"

    def __init__(self, pictures: int, *, is_unplugged: bool = False) -> None:
        self.gates = [Event() for _ in range(pictures)]
        self.taken = [Event() for _ in range(pictures + 1)]
        self.is_unplugged = is_unplugged
        self.is_closed = False

    def frames(self) -> Iterator[VideoFrame]:
        for index, gate in enumerate(self.gates):
            self.taken[index].set()
            gate.wait(PATIENCE_S)
            yield picture(index / 10.0)
        self.taken[-1].set()
        if self.is_unplugged:
            raise CameraLostError("gone")

    def close(self) -> None:
        self.is_closed = True


def test_of_pictures_that_come_too_fast_the_newest_is_looked_at_and_the_others_are_counted() -> None:
    camera = StepByStep(4)
    newest = NewestFrame(camera)
    camera.gates[0].set()
    found = newest.next(timeout_s=PATIENCE_S)
    assert found is not None and found[0].t_s == 0.0
    for index in (1, 2, 3):
        camera.gates[index].set()
        assert camera.taken[index + 1].wait(PATIENCE_S)
    found = newest.next(timeout_s=PATIENCE_S)
    assert found is not None and found[0].t_s == pytest.approx(0.3)
    assert newest.dropped_s == [0.1, 0.2]
    assert newest.next(timeout_s=PATIENCE_S) is None
    assert newest.is_over and newest.failure is None
    newest.close()
    assert camera.is_closed


def test_no_picture_in_time_is_no_picture() -> None:
    camera = StepByStep(1)
    newest = NewestFrame(camera)
    assert newest.next(timeout_s=0.01) is None
    assert not newest.is_over
    camera.gates[0].set()
    newest.close()


def test_a_camera_that_is_unplugged_says_so_after_its_last_picture() -> None:
    camera = StepByStep(1, is_unplugged=True)
    newest = NewestFrame(camera)
    camera.gates[0].set()
    assert newest.next(timeout_s=PATIENCE_S) is not None
    assert newest.next(timeout_s=PATIENCE_S) is None
    assert newest.failure is not None and newest.failure.code == "camera_lost"
    newest.close()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOENT, "camera_missing"),
        (errno.ENODEV, "camera_missing"),
        (errno.EBUSY, "camera_busy"),
        (errno.EACCES, "camera_not_allowed"),
        (errno.EPERM, "camera_not_allowed"),
        (errno.EINVAL, "camera_unusable"),
    ],
)
def test_what_the_system_refuses_has_a_remedy(number: int, code: str) -> None:
    error = error_of(Path("/dev/video3"), OSError(number, os.strerror(number)))
    assert error.code == code
    assert "/dev/video3" in error.message
    assert error.remedy


@pytest.mark.skipif(sys.platform != "linux", reason="cameras are read on Linux")
@pytest.mark.parametrize(("wanted", "code"), [("987", "camera_missing"), ("/dev/null", "camera_unusable")])
def test_what_is_no_camera_is_refused_by_the_system_itself(wanted: str, code: str) -> None:
    with pytest.raises(CameraError) as caught:
        open_camera(wanted)
    assert caught.value.code == code


def test_a_film_plays_the_camera_with_all_its_pictures_and_times(tmp_path: Path) -> None:
    film = write_video(tmp_path / "film.mp4", times_s=(0.0, 0.04, 0.1, 0.12, 0.2, 0.24))
    camera = open_camera(str(film))
    assert isinstance(camera, FilmCamera)
    shown = list(camera.frames())
    camera.close()
    with VideoReader(film) as reader:
        for ours, theirs in zip(shown, reader, strict=True):
            assert ours.t_s == theirs.t_s
            assert np.array_equal(ours.luma, theirs.luma)
