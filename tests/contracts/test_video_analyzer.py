"""Every video analyzer passes this: the protocol, the document, the refusals. Real decoder, real model."""

from __future__ import annotations

import json
from pathlib import Path

import av
import pytest
from tests.support.pose_weights import require_pose_weights
from tests.support.tiny_videos import write_sound, write_video

from topform.core.errors import InvalidInputError, VideoError
from topform.kinematics.form_analysis import PUSH_UP_FAULTS
from topform.kinematics.protocols import VideoAnalyzer
from topform.vision.analysis import VideoAnalysis

DOCUMENT = {
    "exercise",
    "exercise_probability",
    "view",
    "fps",
    "frames",
    "duration_s",
    "rep_count",
    "partial_count",
    "revised_count",
    "reps",
    "form",
    "feedback",
    "recommendations",
    "poses_found",
    "models",
    "timing_s",
    "warnings",
}


@pytest.fixture(scope="module", params=[1, 2], ids=["one thread", "two threads"])
def analyzer(request: pytest.FixtureRequest) -> VideoAnalyzer:
    require_pose_weights()
    return VideoAnalysis(threads=request.param)


def test_a_video_without_anybody(analyzer: VideoAnalyzer, tmp_path: Path) -> None:
    video = write_video(tmp_path / "wall.mp4", size=(320, 240), times_s=[index / 25.0 for index in range(30)])
    told: list[tuple[float, str]] = []
    result = analyzer.analyze(
        video,
        exercise="auto",
        annotate_to=tmp_path / "out.mp4",
        progress=lambda share, stage: told.append((share, stage)),
    )
    document = json.loads(json.dumps(result.as_dict()))
    assert set(document) >= DOCUMENT
    assert (document["rep_count"], document["poses_found"], document["frames"]) == (0, 0, 30)
    assert document["exercise"] == "unknown"
    assert document["form"]["decision"] == "unsure"
    assert document["form"]["unseen"] == [fault.value for fault in PUSH_UP_FAULTS]
    assert document["feedback"][0].startswith("I could not see anybody")
    assert [warning["code"] for warning in document["warnings"]] == ["no_person"]
    assert document["fps"] == pytest.approx(25.0, abs=0.1)
    assert {"decode", "pose", "analysis", "total"} <= set(document["timing_s"])
    assert document["models"]["pose"]["sha256"]
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert told[-1][0] == 1.0
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 30


def test_what_is_no_video_is_refused_with_a_remedy(analyzer: VideoAnalyzer, tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.mp4", tmp_path / "text.mp4"
    empty.touch()
    text.write_text("not a video")
    for file in (empty, text, write_sound(tmp_path / "sound.m4a"), tmp_path / "missing.mp4"):
        with pytest.raises(VideoError) as caught:
            analyzer.analyze(file, exercise="push_up", annotate_to=tmp_path / "out.mp4", progress=None)
        assert caught.value.remedy
        assert caught.value.file == str(file)
    assert not (tmp_path / "out.mp4").exists()


def test_an_exercise_that_cannot_be_checked_is_refused(analyzer: VideoAnalyzer, tmp_path: Path) -> None:
    video = write_video(tmp_path / "wall.mp4")
    with pytest.raises(InvalidInputError, match="handstand"):
        analyzer.analyze(video, exercise="handstand", annotate_to=None, progress=None)


def test_one_frame_is_enough_to_answer(analyzer: VideoAnalyzer, tmp_path: Path) -> None:
    video = write_video(tmp_path / "still.mp4", times_s=[0.0])
    result = analyzer.analyze(video, exercise="push_up", annotate_to=None, progress=None)
    assert (result.frames, result.rep_count, result.fps) == (1, 0, 0.0)
