"""Footage that is hard to judge says so, one code for each reason; real clips changed by code, real models."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from tests.support.pose_weights import require_pose_weights

from topform.vision.analysis import VideoAnalysis
from topform.vision.decode import VideoReader

CLIP = "video/push_up/kg_blue_tank_gym__03.mp4"
STANDING = "video/squat/p5665dc__01.mp4"
SECONDS = 1.2
Change = Callable[[np.ndarray], np.ndarray]


def changed(source: Path, target: Path, change: Change, *, rate: float | None = None) -> Path:
    """Write the first seconds of a clip with every picture changed; ``rate`` repeats frames as a fast camera does."""
    with VideoReader(source) as reader, av.open(str(target), "w") as container:
        stream = None
        shown = -1
        for frame in reader:
            if frame.t_s > SECONDS:
                break
            picture = change(frame.rgb())
            if stream is None:
                stream = container.add_stream("mjpeg" if target.suffix == ".avi" else "libx264", rate=30)
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = "yuvj420p" if target.suffix == ".avi" else "yuv420p"
                stream.codec_context.time_base = Fraction(1, 1000)
            until = shown + 1 if rate is None else int(frame.t_s * rate)
            for number in range(shown + 1, until + 1):
                encoded = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
                encoded.pts = round(1000.0 * (frame.t_s if rate is None else number / rate))
                encoded.time_base = Fraction(1, 1000)
                container.mux(stream.encode(encoded))
            shown = max(shown, until)
        assert stream is not None
        container.mux(stream.encode())
    return target


@pytest.fixture(scope="module")
def analysis() -> VideoAnalysis:
    require_pose_weights()
    return VideoAnalysis()


def codes(analysis: VideoAnalysis, video: Path) -> set[str]:
    result = analysis.analyze(video, exercise="push_up")
    assert all(warning.message for warning in result.warnings)
    return {warning.code for warning in result.warnings}


def in_a_corner(picture: np.ndarray) -> np.ndarray:
    height, width = picture.shape[:2]
    wide = np.full((height, width, 3), 120, dtype=np.uint8)
    small = cv2.resize(picture, (width // 3 // 2 * 2, height // 3 // 2 * 2), interpolation=cv2.INTER_AREA)
    wide[-small.shape[0] :, : small.shape[1]] = small
    return wide


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda picture: (0.12 * picture).astype(np.uint8), "too_dark"),
        (in_a_corner, "person_too_small"),
        (lambda picture: np.concatenate([picture, picture[:, ::-1]], axis=0), "several_people"),
        (lambda picture: picture[:, picture.shape[1] * 3 // 8 // 2 * 2 :], "feet_cut_off"),
        (lambda picture: picture, None),
    ],
    ids=["dark", "small", "two people", "feet cut off", "as it is"],
)
def test_each_reason_has_its_own_warning(
    analysis: VideoAnalysis, shared_data: Path, tmp_path: Path, change: Change, code: str | None
) -> None:
    reasons = {"too_dark", "person_too_small", "several_people", "feet_cut_off"}
    found = codes(analysis, changed(shared_data / CLIP, tmp_path / "changed.mp4", change)) & reasons
    assert found == ({code} if code else set())


@pytest.mark.shared_data
@pytest.mark.parametrize("is_left", [False, True])
def test_whoever_stands_beside_is_told_of_and_the_one_who_exercises_is_followed(
    analysis: VideoAnalysis, shared_data: Path, tmp_path: Path, is_left: bool
) -> None:
    """The detector names one of the two alone."""
    with VideoReader(shared_data / STANDING) as reader:
        standing = next(iter(reader)).rgb()

    def with_company(picture: np.ndarray) -> np.ndarray:
        height = picture.shape[0]
        width = standing.shape[1] * height // standing.shape[0] // 2 * 2
        company = cv2.resize(standing, (width, height), interpolation=cv2.INTER_AREA)
        return np.concatenate([company, picture] if is_left else [picture, company], axis=1)

    video = changed(shared_data / CLIP, tmp_path / "company.mp4", with_company)
    result, poses = analysis.analyze_with_poses(video, exercise="push_up")
    assert "several_people" in {warning.code for warning in result.warnings}
    with VideoReader(video) as reader:
        wide = next(iter(reader)).size_px[0]
    company_px = standing.shape[1] / standing.shape[0] * 360.0
    low, high = (company_px, wide) if is_left else (0.0, wide - company_px)
    shoulders = poses.xy_px[:, 11:13, 0]
    assert ((shoulders > low) & (shoulders < high)).all()


@pytest.mark.shared_data
def test_an_animated_picture_and_a_fast_camera_are_read(
    analysis: VideoAnalysis, shared_data: Path, tmp_path: Path
) -> None:
    """A GIF keeps its times; 240 frames a second are thinned and the thinning is said."""
    as_mp4 = changed(shared_data / CLIP, tmp_path / "plain.mp4", lambda p: p)
    with VideoReader(as_mp4) as reader:
        pictures = [(frame.t_s, frame.rgb()) for frame in reader][::3]
    gif = tmp_path / "set.gif"
    with av.open(str(gif), "w") as container:
        stream = container.add_stream("gif", rate=10)
        stream.height, stream.width, stream.pix_fmt = *pictures[0][1].shape[:2], "rgb8"
        stream.codec_context.time_base = Fraction(1, 100)
        for t_s, picture in pictures:
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="rgb8")
            frame.pts, frame.time_base = round(100 * t_s), Fraction(1, 100)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    result = analysis.analyze(gif, exercise="push_up")
    assert result.poses_found > 0.8 * result.frames
    fast = changed(shared_data / CLIP, tmp_path / "fast.mp4", lambda p: p[::2, ::2], rate=240.0)
    result = analysis.analyze(fast, exercise="push_up")
    assert result.fps < 80.0
    assert "frame_rate_reduced" in {warning.code for warning in result.warnings}


def test_what_decodes_of_a_cut_off_file_is_used_and_the_loss_is_said(tmp_path: Path) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (240, 320, 3), dtype=np.uint8)
    with av.open(str(tmp_path / "whole.mp4"), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for shift in range(250):
            frame = av.VideoFrame.from_ndarray(np.roll(noise, shift, axis=1), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    content = (tmp_path / "whole.mp4").read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(content[: len(content) // 2])
    with VideoReader(cut) as reader:
        times_s = [frame.t_s for frame in reader]
        codes_found = {warning.code for warning in reader.warnings}
    assert 2.0 < times_s[-1] < 8.0
    assert "video_cut_off" in codes_found
