"""The annotated video: playable, true to the times, legible on small and large pictures."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from tests.support.push_up_body import PushUps

from topform.core.errors import VideoError
from topform.kinematics.engine import Phase
from topform.vision.annotate import MAX_SIDE_PX, MIN_SIDE_PX, Annotator, Overlay, annotated
from topform.vision.frames import VideoFrame


def grey(width: int, height: int, t_s: float = 0.0) -> VideoFrame:
    chroma = np.full(((height + 1) // 2, (width + 1) // 2), 128, dtype=np.uint8)
    return VideoFrame(t_s, np.full((height, width), 120, dtype=np.uint8), chroma, chroma)


def overlay(cue: str | None = "Hips up, squeeze glutes", count: int = 12) -> Overlay:
    poses = PushUps(px_per_m=80.0).frames()
    xy = poses.xy_px[0] - poses.xy_px[0].min(axis=0) + 20.0
    return Overlay(xy_px=xy, score=poses.score[0], count=count, phase=Phase.ECCENTRIC, cue=cue)


@pytest.mark.parametrize("size", [(160, 120), (320, 240), (1920, 1080), (1080, 1920), (359, 641)])
def test_size_is_legible_and_even(size: tuple[int, int]) -> None:
    picture = annotated(grey(*size), overlay())
    height, width = picture.shape[:2]
    assert width % 2 == height % 2 == 0
    assert MIN_SIDE_PX <= max(width, height) <= MAX_SIDE_PX
    assert width / height == pytest.approx(size[0] / size[1], rel=0.02)


def test_skeleton_counter_and_cue_are_drawn() -> None:
    plain = annotated(grey(640, 360), Overlay(None, np.zeros(33), 0, Phase.TOP, None))
    full = annotated(grey(640, 360), overlay())
    other_count = annotated(grey(640, 360), overlay(count=3))
    changed = np.any(full != plain, axis=2)
    assert changed[280:, 200:440].any()
    assert changed[60:260, 120:].any()
    assert np.any(full[:90, :90] != other_count[:90, :90])
    # White on near-black: a contrast no background can spoil.
    panel = full[8:80, 8:60].reshape(-1, 3)
    assert panel.max() == 255
    assert np.median(panel) < 60


def test_wild_positions_draw_nothing_and_break_nothing() -> None:
    wild = overlay()
    for value in (1e12, -1e12):
        moved = Overlay(np.full((33, 2), value), wild.score, 1, Phase.TOP, None)
        annotated(grey(320, 240), moved)


def test_file_is_h264_with_the_frames_own_times(tmp_path: Path) -> None:
    times_s = [0.0, 0.05, 0.2, 0.21, 0.6]
    with Annotator(tmp_path / "out.mp4", frames_per_s=30.0) as annotator:
        for t_s in times_s:
            annotator.add(grey(320, 240, t_s), overlay())
    with av.open(str(tmp_path / "out.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert [frame.time for frame in container.decode(stream)] == pytest.approx(times_s, abs=1e-3)
    content = (tmp_path / "out.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]


def test_the_last_picture_is_held_with_what_the_end_found(tmp_path: Path) -> None:
    plain = Overlay(None, np.zeros(33), 2, Phase.TOP, None)
    with Annotator(tmp_path / "out.mp4", frames_per_s=20.0) as annotator:
        annotator.hold(plain, seconds=1.0)
        for t_s in (0.0, 0.05):
            annotator.add(grey(640, 360, t_s), plain)
        annotator.hold(Overlay(None, np.zeros(33), 3, Phase.TOP, "Hips up, squeeze glutes"), seconds=2.5)
    with av.open(str(tmp_path / "out.mp4")) as container:
        frames = list(container.decode(video=0))
    assert [frame.time for frame in frames] == pytest.approx([0.0, 0.05, 0.1, 2.6], abs=1e-3)
    first, last = frames[1].to_ndarray(format="gray"), frames[3].to_ndarray(format="gray")
    assert np.ptp(first[280:].astype(int)) < 20 < np.ptp(last[280:].astype(int))
    assert np.abs(last[100:240, 200:].astype(int) - first[100:240, 200:]).max() < 10


def test_a_failure_in_the_middle_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(VideoError), Annotator(tmp_path / "out.mp4", frames_per_s=30.0) as annotator:
        annotator.add(grey(320, 240), overlay())
        raise VideoError("cut off")
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_counted_has_no_counter_and_a_pull_up_rises_first() -> None:
    picture = annotated(grey(640, 360), Overlay(None, np.zeros(33), None, Phase.AWAY, None))
    assert np.ptp(picture.reshape(-1, 3), axis=0).max() == 0
    sinking, rising = (
        annotated(grey(640, 360), Overlay(None, np.zeros(33), 1, Phase.ECCENTRIC, None, rises_first=rises_first))
        for rises_first in (False, True)
    )
    assert not np.array_equal(sinking, rising)
