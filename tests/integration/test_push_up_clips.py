"""Real recordings of real people through the whole chain: decoder, pose model, counting, form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.support.pose_weights import require_pose_weights

from topform.kinematics.form_analysis import Exercise, Fault, FormAnalysis, FormDecision, ViewName
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.vision.analysis import Clocks, PoseEstimator, SetRun, VideoAnalysis, analyze_sequence, shown
from topform.vision.annotate import Annotator, Overlay
from topform.vision.decode import VideoReader
from topform.vision.form_model import FormModels
from topform.vision.frames import VideoFrame

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def analyzer() -> VideoAnalysis:
    require_pose_weights()
    return VideoAnalysis(threads=1)


def analyse(analyzer: VideoAnalysis, shared_data: Path, clip: str) -> FormAnalysis:
    return analyzer.analyze(shared_data / "video" / clip)


@pytest.mark.parametrize(
    ("clip", "reps", "views"),
    [
        ("push_up/kg_teal_woman__01.mp4", 1, {ViewName.SIDE}),
        ("push_up/ucf_stage_man__01.mp4", 7, {ViewName.FRONT, ViewName.THREE_QUARTER}),
        ("push_up/ucf_bedroom_man__02.mp4", 8, {ViewName.REAR, ViewName.THREE_QUARTER, ViewName.SIDE}),
        ("push_up_plyometric/st_red_man__01.mp4", 6, {ViewName.FRONT, ViewName.THREE_QUARTER}),
    ],
)
def test_counts_verified_by_eye(
    analyzer: VideoAnalysis, shared_data: Path, clip: str, reps: int, views: set[ViewName]
) -> None:
    result = analyse(analyzer, shared_data, clip)
    assert result.rep_count == reps
    assert result.view.name in views
    assert result.poses_found > 0.9 * result.frames


@pytest.mark.parametrize(
    ("clip", "fault"),
    [
        ("push_up/kg_red_rack_man__01.mp4", Fault.HIPS_SAG),
        ("push_up/kg_blue_tank_gym__03.mp4", Fault.HIPS_SAG),
        ("push_up/kg_red_rack_man__05.mp4", Fault.HIPS_PIKE),
        ("push_up/vt_shorts__01.mp4", Fault.SHALLOW_DEPTH),
    ],
)
def test_faults_seen_by_eye(analyzer: VideoAnalysis, shared_data: Path, clip: str, fault: Fault) -> None:
    result = analyse(analyzer, shared_data, clip)
    assert fault in result.form.faults
    assert result.form.decision is FormDecision.FAULTY


@pytest.mark.parametrize("clip", ["push_up/kg_blue_tee_grass__01.mp4", "push_up/kg_mirror_studio_man__01.mp4"])
def test_clean_repetitions_stay_clean(analyzer: VideoAnalysis, shared_data: Path, clip: str) -> None:
    result = analyse(analyzer, shared_data, clip)
    assert result.form.faults == ()
    assert result.form.decision is FormDecision.CORRECT


@pytest.mark.parametrize(
    ("clip", "exercise", "count"),
    [("squat/calimiro_squat_14__01.mp4", "squat", 1), ("pull_up/calimiro_pull-up_16__01.mp4", "unknown", 0)],
)
def test_other_exercises_are_not_counted_as_push_ups(
    analyzer: VideoAnalysis, shared_data: Path, clip: str, exercise: str, count: int
) -> None:
    result = analyse(analyzer, shared_data, clip)
    assert (result.exercise.value, result.rep_count) == (exercise, count)


def test_poses_saved_and_read_again_give_the_same_count(
    analyzer: VideoAnalysis, shared_data: Path, tmp_path: Path
) -> None:
    from topform.vision.analysis import analyze_poses
    from topform.vision.poses_file import write_poses

    result, poses = analyzer.analyze_with_poses(shared_data / "video" / "push_up/kg_teal_woman__01.mp4")
    write_poses(tmp_path / "poses.npz", poses)
    again = analyze_poses(tmp_path / "poses.npz")
    assert (again.rep_count, again.view.name) == (result.rep_count, result.view.name)
    for one, other in zip(result.reps, again.reps, strict=True):
        assert one.turn_s == pytest.approx(other.turn_s, abs=0.05)


def test_a_set_judged_in_rows_is_judged_as_frame_by_frame(
    analyzer: VideoAnalysis, shared_data: Path, tmp_path: Path
) -> None:
    """Without an annotated video many poses are judged in a row; that changes nothing in what is found."""
    clip = shared_data / "video" / "push_up/ucf_stage_man__01.mp4"
    in_rows = analyzer.analyze(clip).as_dict()
    by_frame = analyzer.analyze(clip, annotate_to=tmp_path / "set.mp4").as_dict()
    assert {**in_rows, "timing_s": None} == {**by_frame, "timing_s": None}


def test_slow_shallow_repetitions_in_lossy_poses_are_push_ups(shared_data: Path) -> None:
    """Four by the table; each frame was scaled to its own box, which leaves too little to tell swaying."""
    with np.load(shared_data / "poses" / "countix_fitness_test_poses.npz", allow_pickle=False) as stored:
        xy = stored["push_up035"].astype(np.float64).reshape(-1, 33, 3)[:, :, :2]
    poses = PoseSequence(
        t_s=np.arange(len(xy)) / 30.0,
        xy_px=xy,
        score=np.isfinite(xy).all(axis=2).astype(np.float64),
        skeleton=BLAZEPOSE33,
    )
    result = analyze_sequence(poses, exercise=None)
    assert result.exercise is Exercise.PUSH_UP
    assert abs(result.rep_count - 4) <= 1


class ListedCues(Annotator):
    """Draws as usual, and lists the words that were shown, each once for as long as it stood."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, frames_per_s=25.0)
        self.cues: list[str] = []
        self.last_count: int | None = None

    def add(self, frame: VideoFrame, overlay: Overlay) -> None:
        super().add(frame, overlay)
        self._note(overlay)

    def hold(self, overlay: Overlay, *, seconds: float) -> None:
        super().hold(overlay, seconds=seconds)
        self._note(overlay)

    def _note(self, overlay: Overlay) -> None:
        self.last_count = overlay.count
        if overlay.cue is not None and self.cues[-1:] != [overlay.cue]:
            self.cues.append(overlay.cue)


@pytest.mark.parametrize(
    ("clip", "cues"),
    [
        # Noted by eye: fast, half range, the legs hidden; nothing uneven.
        ("push_up/ucf_stage_man__01.mp4", ["Slower down"]),
        ("push_up/kg_blue_tee_grass__01.mp4", []),
        # One repetition, which ends with the film.
        ("push_up/kg_red_rack_man__01.mp4", ["Hips up, squeeze glutes"]),
    ],
)
def test_the_annotated_video_says_what_is_seen_by_eye(
    shared_data: Path, tmp_path: Path, clip: str, cues: list[str]
) -> None:
    require_pose_weights()
    with ListedCues(tmp_path / "set.mp4") as drawn, VideoReader(shared_data / "video" / clip) as frames:
        run = SetRun(PoseEstimator().new_tracker(), FormModels().new_model(), drawn, Clocks(), exercise=None)
        for frame in frames:
            run.take(frame)
        _, state, _ = run.finish()
    assert drawn.cues == cues
    assert drawn.last_count == shown(state)[0]
