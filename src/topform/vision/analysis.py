"""From a video file, or poses, to the form check: decode, pose, kinematics, words."""

from __future__ import annotations

import math
import time
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from topform.coaching.form_feedback import cue_for, feedback_for, recommendations_for, what_to_say
from topform.core.activity import FileWarning
from topform.core.arrays import FloatArray, frozen_floats
from topform.core.errors import InvalidInputError
from topform.kinematics import exercise_step
from topform.kinematics.camera_record import CameraRecord
from topform.kinematics.comparison import compare
from topform.kinematics.engine import Phase
from topform.kinematics.exercises import registry
from topform.kinematics.exercises.push_up import has_push_up_posture
from topform.kinematics.form_analysis import Decision, Exercise, Fault, FormAnalysis, Repetition
from topform.kinematics.form_step import CUE_ORDER, Told
from topform.kinematics.learned_form import FormModel, PromotedModel
from topform.kinematics.normalised import CoordinateFrame, rebuild
from topform.kinematics.observation import FrameObservation, FrameObserver
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.protocols import Progress
from topform.kinematics.set_summary import Footage, summarise
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.vision.annotate import Annotator, Overlay
from topform.vision.blazepose.detector import PersonDetector
from topform.vision.blazepose.landmarks import BodyLandmarks, LandmarkModel
from topform.vision.blazepose.tracker import PoseTracker
from topform.vision.bystanders import Bystanders
from topform.vision.decode import DecodeLimits
from topform.vision.footage import FootageNotes
from topform.vision.form_model import FormModels
from topform.vision.frames import VideoFrame
from topform.vision.poses_file import read_camera, read_poses, write_poses
from topform.vision.sandbox import open_video
from topform.vision.still import write_still
from topform.vision.weights import ModelManifest, load_weights, read_manifest

PROGRESS_EVERY: Final = 15
JUDGED_TOGETHER: Final = 32
"""Frames of a file whose poses are judged in a row. Between two runs of the pose model nothing is left in the
processor's caches, and the same work costs two and a half times as much."""

CUE_SHOWN_S: Final = 2.5
RUNNING_FRAMES_PER_S: Final = 120.0
AUTO: Final = "auto"


class PoseEstimator:
    """The two BlazePose models, loaded once and used for many videos."""

    def __init__(self, *, variant: str | None = None, weights_dir: Path | None = None, threads: int = 1) -> None:
        self.manifest: ModelManifest = read_manifest("blazepose")
        self.variant = variant if variant is not None else self.manifest.default_variant
        self._detector = PersonDetector(load_weights(self.manifest, "detector", folder=weights_dir), threads=threads)
        self._landmarks = LandmarkModel(load_weights(self.manifest, self.variant, folder=weights_dir), threads=threads)
        self._observer = FrameObserver(BLAZEPOSE33)

    def new_tracker(self) -> PoseTracker:
        """Return a tracker for one video that prefers whoever is in the posture of a push-up."""
        return PoseTracker(self._detector, self._landmarks, interest=self._interest)

    def new_bystanders(self) -> Bystanders:
        """Return who looks for other people in one video."""
        return Bystanders(self._detector, self._landmarks)

    def _interest(self, body: BodyLandmarks) -> float:
        seen = self._observer.observe(t_s=0.0, xy_px=body.xy_px, score=body.visibility, world_m=body.world_m)
        size = body.next_region.side_px
        return (1.0 if has_push_up_posture(seen) else 0.0) + size / (size + 10_000.0)


@dataclass(slots=True)
class Clocks:
    """Where the time of one analysis went. [s]"""

    decode: float = 0.0
    pose: float = 0.0
    analysis: float = 0.0
    annotate: float = 0.0


class VideoAnalysis:
    """Checks the form shown in video files; implements `topform.kinematics.protocols.VideoAnalyzer`.

    Parameters
    ----------
    variant : str, optional
        ``lite``, ``full`` or ``heavy``; the manifest's default otherwise.
    weights_dir : Path, optional
        Folder of the weights; searched for otherwise.
    threads : int
        Threads of the pose model and of the decoder. One thread costs the least, two are nearly twice as fast.
    limits : DecodeLimits, optional
        What is refused.
    """

    def __init__(
        self,
        *,
        variant: str | None = None,
        weights_dir: Path | None = None,
        threads: int = 1,
        limits: DecodeLimits | None = None,
    ) -> None:
        self._variant = variant
        self._weights_dir = weights_dir
        self._threads = threads
        self._limits = limits
        self._estimator: PoseEstimator | None = None
        self._form_models: FormModels | None = None
        # An interpreter holds one frame at a time: videos queue up.
        self._one_at_a_time = Lock()
        # The crops are small: OpenCV's own threads would only spin.
        cv2.setNumThreads(1)

    def _limits_for(self, exercise: Exercise | None) -> DecodeLimits | None:
        """Return what is refused and thinned out; contact in running shows only at a high frame rate."""
        if exercise is not Exercise.RUNNING:
            return self._limits
        return replace(self._limits or DecodeLimits(), max_frames_per_s=RUNNING_FRAMES_PER_S)

    def analyze(
        self, video: Path, *, exercise: str = AUTO, annotate_to: Path | None = None, progress: Progress | None = None
    ) -> FormAnalysis:
        """Analyse one video; see the protocol."""
        return self.analyze_with_poses(video, exercise=exercise, annotate_to=annotate_to, progress=progress)[0]

    def analyze_with_poses(
        self,
        video: Path,
        *,
        exercise: str = AUTO,
        annotate_to: Path | None = None,
        poses_to: Path | None = None,
        progress: Progress | None = None,
        form_model: PromotedModel | None = None,
    ) -> tuple[FormAnalysis, PoseSequence]:
        """Analyse one video and return its poses too; see the protocol. A poses file will do, which has no picture."""
        wanted = exercise_named(exercise)
        if zipfile.is_zipfile(video):
            return self._of_poses(video, form_model, exercise=wanted, poses_to=poses_to, progress=progress)
        started_s = time.perf_counter()
        clocks = Clocks()
        with ExitStack() as stack:
            stack.enter_context(self._one_at_a_time)
            reader = open_video(video, limits=self._limits_for(wanted), threads=self._threads)
            stack.callback(reader.close)
            if self._estimator is None:
                self._estimator = PoseEstimator(
                    variant=self._variant, weights_dir=self._weights_dir, threads=self._threads
                )
            form_models = self._form_models_of(form_model)
            annotator = None
            if annotate_to is not None:
                annotator = stack.enter_context(Annotator(annotate_to, frames_per_s=reader.properties.frames_per_s))
            tracker = self._estimator.new_tracker()
            bystanders = self._estimator.new_bystanders()
            run = SetRun(tracker, form_models.new_model(), annotator, clocks, exercise=wanted, bystanders=bystanders)
            for index, frame in enumerate(_timed(reader, clocks)):
                run.take_later(frame)
                if progress is not None and index % PROGRESS_EVERY == 0:
                    progress(_share_done(frame.t_s, reader.properties.duration_s), "pose")
            poses, state, observations = run.finish()
            warnings = (*reader.warnings, *run.notes.warnings(people=max(tracker.people, 1 + bystanders.are_there)))
        if poses_to is not None:
            write_poses(poses_to, poses)
        footage = Footage(
            observations=observations,
            fps=frames_per_s(poses),
            duration_s=poses.duration_s,
            warnings=warnings,
        )
        result = with_words(summarise(state, footage, exercise=wanted))
        total_s = time.perf_counter() - started_s
        timing = {"decode": clocks.decode, "pose": clocks.pose, "analysis": clocks.analysis}
        if annotator is not None:
            timing["annotate"] = clocks.annotate
        models = {
            "pose": self._estimator.manifest.as_dict(variant=self._estimator.variant),
            "form": form_models.as_dict(),
        }
        if progress is not None:
            progress(1.0, "done")
        return replace(result, models=models, timing_s={**timing, "total": total_s}), poses

    def write_still(self, video: Path, *, at_s: float, to: Path) -> None:
        """Write a still picture; see the protocol."""
        write_still(video, at_s=at_s, to=to)

    def _form_models_of(self, promoted: PromotedModel | None) -> FormModels:
        """Return the form model to run, loaded anew when another version decides."""
        if self._form_models is None or self._form_models.promoted != promoted:
            self._form_models = FormModels(promoted)
        return self._form_models

    def _of_poses(
        self,
        path: Path,
        form_model: PromotedModel | None,
        *,
        exercise: Exercise | None,
        poses_to: Path | None,
        progress: Progress | None,
    ) -> tuple[FormAnalysis, PoseSequence]:
        started_s = time.perf_counter()
        poses, warnings = read_poses(path)
        read_s = time.perf_counter()
        with self._one_at_a_time:
            form_models = self._form_models_of(form_model)
            result = analyze_sequence(poses, exercise=exercise, warnings=warnings, form_models=form_models)
        if poses_to is not None:
            write_poses(poses_to, poses)
        ended_s = time.perf_counter()
        if progress is not None:
            progress(1.0, "done")
        timing = {"decode": read_s - started_s, "pose": 0.0, "analysis": ended_s - read_s, "total": ended_s - started_s}
        models = {"pose": {"id": "file"}, "form": form_models.as_dict()}
        return replace(with_camera(result, read_camera(path, poses)), models=models, timing_s=timing), poses


def analyze_video(
    video: Path,
    *,
    exercise: str = AUTO,
    annotate_to: Path | None = None,
    progress: Progress | None = None,
    threads: int = 1,
) -> FormAnalysis:
    """Analyse one video with freshly loaded models; for many videos keep a `VideoAnalysis`."""
    return VideoAnalysis(threads=threads).analyze(video, exercise=exercise, annotate_to=annotate_to, progress=progress)


def analyze_poses(path: Path, *, exercise: str = AUTO, reference: Path | None = None) -> FormAnalysis:
    """Analyse a poses file; see `topform.vision.poses_file`. A reference is a poses file too."""
    wanted = exercise_named(exercise)
    started_s = time.perf_counter()
    poses, warnings = read_poses(path)
    read_s = time.perf_counter()
    form_models = FormModels()
    result = analyze_sequence(poses, exercise=wanted, warnings=warnings, form_models=form_models)
    result = with_camera(result, read_camera(path, poses))
    if reference is not None:
        result = with_reference(result, poses, reference)
    ended_s = time.perf_counter()
    timing = {
        "decode": read_s - started_s,
        "pose": 0.0,
        "analysis": ended_s - read_s,
        "total": ended_s - started_s,
    }
    return replace(result, models={"pose": {"id": "file"}, "form": form_models.as_dict()}, timing_s=timing)


def with_camera(result: FormAnalysis, camera: CameraRecord | None) -> FormAnalysis:
    """Return the result with what is known of the pictures it rests on."""
    if camera is None:
        return result
    return replace(result, camera=camera, warnings=(*result.warnings, *camera.warnings()))


def with_reference(result: FormAnalysis, poses: PoseSequence, reference: Path) -> FormAnalysis:
    """Return the result with a comparison with the reference performance in a poses file."""
    reference_poses, _ = read_poses(reference)
    theirs = analyze_sequence(reference_poses, exercise=None)
    comparison = compare(
        _observed(rebuild(poses).poses), result.reps, _observed(rebuild(reference_poses).poses), theirs.reps
    )
    return replace(result, comparison=comparison.as_dict())


def _observed(poses: PoseSequence, form_model: FormModel | None = None) -> list[FrameObservation]:
    """Return what every frame shows, and what the learned model says of it."""
    observer = FrameObserver(poses.skeleton)
    observations = []
    for index, t_s in enumerate(poses.t_s.tolist()):
        xy_px, score = poses.xy_px[index], poses.score[index]
        learned = None if form_model is None else form_model.step(t_s=t_s, xy_px=xy_px, score=score)
        world_m = None if poses.world_m is None else poses.world_m[index]
        observations.append(observer.observe(t_s=t_s, xy_px=xy_px, score=score, world_m=world_m, learned=learned))
    return observations


def analyze_sequence(
    poses: PoseSequence,
    *,
    exercise: Exercise | None,
    warnings: tuple[FileWarning, ...] = (),
    form_models: FormModels | None = None,
) -> FormAnalysis:
    """Analyse poses in memory: the same causal step, frame by frame; for many sets hand over the loaded models."""
    rebuilt = rebuild(poses)
    poses = rebuilt.poses
    if rebuilt.frame is not CoordinateFrame.PICTURE:
        warnings = (*warnings, FileWarning("coordinates_normalised", _NORMALISED[rebuilt.frame]))
    is_normalised = rebuilt.frame in (CoordinateFrame.BODY_BOX, CoordinateFrame.BODY_CENTER)
    state = exercise_step.start(exercise, is_normalised=is_normalised)
    form_models = form_models if form_models is not None else FormModels()
    observations = _observed(poses, form_models.new_model())
    for seen in observations:
        state, _ = exercise_step.step(state, seen)
    state, _ = exercise_step.finish(state)
    footage = Footage(
        observations=observations, fps=frames_per_s(poses), duration_s=poses.duration_s, warnings=warnings
    )
    return with_words(summarise(state, footage, exercise=exercise, is_normalised=is_normalised))


_NORMALISED: Final = {
    CoordinateFrame.PICTURE_SIZE: "The coordinates are fractions of the picture whose aspect ratio is unknown; "
    "angles are approximate",
    CoordinateFrame.BODY_BOX: "Each frame is scaled to the body's own box; the shape was rebuilt from limb lengths, so "
    "angles and faults are rough",
    CoordinateFrame.BODY_CENTER: "The coordinates are centred on the body; the hands were taken to rest on the ground",
}


def exercise_named(name: str) -> Exercise | None:
    """Return the exercise of a name, None for ``auto``.

    Raises
    ------
    InvalidInputError
        If the form of that exercise cannot be checked.
    """
    if name == AUTO:
        return None
    supported = [exercise.value for exercise in registry.EXERCISES]
    if name not in supported:
        raise InvalidInputError(
            f"The form of {name!r} cannot be checked yet",
            remedy=f"Choose one of {', '.join([AUTO, *supported])}.",
        )
    return Exercise(name)


@dataclass(frozen=True, slots=True, eq=False)
class FrameResult:
    """What one frame showed, and what it led to."""

    body: BodyLandmarks | None
    seen: FrameObservation
    told: Told
    state: exercise_step.SetState


class _Posed(NamedTuple):
    """The pose in one frame, not judged yet."""

    t_s: float
    body: BodyLandmarks | None
    xy_px: FloatArray
    score: FloatArray
    world_m: FloatArray | None


class SetRun:
    """One pass over one video or camera: every frame goes through the whole chain and is then forgotten."""

    def __init__(
        self,
        tracker: PoseTracker,
        form_model: FormModel,
        annotator: Annotator | None,
        clocks: Clocks,
        *,
        exercise: Exercise | None,
        bystanders: Bystanders | None = None,
    ) -> None:
        self._tracker = tracker
        self._bystanders = bystanders
        self._form_model = form_model
        self._annotator = annotator
        self._clocks = clocks
        self.notes = FootageNotes()
        self._observer = FrameObserver(BLAZEPOSE33)
        self._state = exercise_step.start(exercise)
        self._observations: list[FrameObservation] = []
        # Single precision: twenty minutes of video fit into some hundred megabytes.
        self._xy_px: list[NDArray[np.float32]] = []
        self._score: list[NDArray[np.float32]] = []
        self._world_m: list[NDArray[np.float32]] = []
        self._waiting: list[_Posed] = []
        self._times_seen: Counter[Fault] = Counter()
        self._cue: str | None = None
        self._cue_until_s = -math.inf
        self._drawn: tuple[float, Overlay] | None = None

    def take(self, frame: VideoFrame) -> FrameResult:
        """Take one frame through the chain."""
        posed = self._posed(frame)
        ((seen, told),) = self._judged([posed])
        if self._annotator is not None:
            self._annotate(self._annotator, frame, posed, told.judged)
        return FrameResult(posed.body, seen, told, self._state)

    def take_later(self, frame: VideoFrame) -> None:
        """Take one frame, whose pose may be judged together with later ones; `finish` leaves none out."""
        if self._annotator is not None:
            self.take(frame)
            return
        self._waiting.append(self._posed(frame))
        if len(self._waiting) >= JUDGED_TOGETHER:
            self._catch_up()

    def _catch_up(self) -> None:
        self._judged(self._waiting)
        self._waiting = []

    def _posed(self, frame: VideoFrame) -> _Posed:
        started_s = time.perf_counter()
        body = self._tracker.track(frame)
        if self._bystanders is not None:
            self._bystanders.look(frame, body)
        self._clocks.pose += time.perf_counter() - started_s
        self.notes.look(frame, body)
        if body is None:
            return _Posed(frame.t_s, None, _NO_XY, _NO_SCORE, None)
        return _Posed(frame.t_s, body, body.xy_px, body.visibility, body.world_m)

    def _judged(self, posed: Sequence[_Posed]) -> list[tuple[FrameObservation, Told]]:
        started_s = time.perf_counter()
        learned = [self._form_model.step(t_s=one.t_s, xy_px=one.xy_px, score=one.score) for one in posed]
        observed = [
            self._observer.observe(t_s=one.t_s, xy_px=one.xy_px, score=one.score, world_m=one.world_m, learned=said)
            for one, said in zip(posed, learned, strict=True)
        ]
        result = []
        for seen in observed:
            self._state, told = exercise_step.step(self._state, seen)
            result.append((seen, told))
        self._observations += observed
        self._xy_px += [np.asarray(one.xy_px, dtype=np.float32) for one in posed]
        self._score += [np.asarray(one.score, dtype=np.float32) for one in posed]
        self._world_m += [
            np.asarray(_NO_WORLD if one.world_m is None else one.world_m, dtype=np.float32) for one in posed
        ]
        self._clocks.analysis += time.perf_counter() - started_s
        return result

    def _annotate(self, annotator: Annotator, frame: VideoFrame, posed: _Posed, judged: Sequence[Repetition]) -> None:
        started_s = time.perf_counter()
        overlay = self._overlay(frame.t_s, None if posed.body is None else posed.xy_px, posed.score, judged)
        annotator.add(frame, overlay)
        self._drawn = frame.t_s, overlay
        self._clocks.annotate += time.perf_counter() - started_s

    def _annotate_end(self, annotator: Annotator, judged: Sequence[Repetition]) -> None:
        """Hold the last picture where the end of the recording closed a repetition or showed what is wrong with it."""
        if self._drawn is None:
            return
        t_s, last = self._drawn
        overlay = self._overlay(t_s, last.xy_px, last.score, judged)
        if overlay.count != last.count or overlay.cue not in (None, last.cue):
            annotator.hold(overlay, seconds=CUE_SHOWN_S)

    def _overlay(
        self, t_s: float, xy_px: FloatArray | None, score: FloatArray, judged: Sequence[Repetition]
    ) -> Overlay:
        fault = self._fault_to_show(judged)
        if fault is not None:
            first = exercise_step.leading(self._state)
            exercise = Exercise.UNKNOWN if first is None else first.definition.exercise
            self._cue, self._cue_until_s = cue_for(fault, exercise=exercise), t_s + CUE_SHOWN_S
        count, phase, rises_first = shown(self._state)
        return Overlay(
            xy_px=xy_px,
            score=score,
            count=count,
            phase=phase,
            cue=self._cue if t_s < self._cue_until_s else None,
            rises_first=rises_first,
        )

    def _fault_to_show(self, judged: Sequence[Repetition]) -> Fault | None:
        """Return the fault of these repetitions that most repetitions so far show; the surest of equals."""
        found: dict[Fault, float] = {}
        for one in (one for rep in judged for one in rep.findings if one.decision is Decision.FAULT):
            found[one.fault] = max(found.get(one.fault, 0.0), one.probability or 0.0)
        self._times_seen.update(found.keys())
        in_order = [fault for fault in dict.fromkeys((*CUE_ORDER, *Fault)) if fault in found]
        return max(in_order, key=lambda fault: (self._times_seen[fault], found[fault]), default=None)

    def finish(self) -> tuple[PoseSequence, exercise_step.SetState, list[FrameObservation]]:
        """Close what is open; return the poses, the last state and what every frame showed."""
        self._catch_up()
        self._state, told = exercise_step.finish(self._state)
        if self._annotator is not None:
            self._annotate_end(self._annotator, told.judged)
        poses = PoseSequence(
            t_s=frozen_floats([seen.t_s for seen in self._observations]),
            xy_px=frozen_floats(np.stack(self._xy_px)),
            score=frozen_floats(np.stack(self._score)),
            skeleton=BLAZEPOSE33,
            world_m=frozen_floats(np.stack(self._world_m)),
        )
        return poses, self._state, self._observations


def shown(state: exercise_step.SetState) -> tuple[int | None, Phase, bool]:
    """Return what to show: repetitions or the seconds of a plank, the phase, and whether the exercise begins rising."""
    first = exercise_step.leading(state)
    if first is not None:
        return first.engine.count, first.engine.phase, first.definition.rises_first
    if state.hold is None:
        return None, Phase.AWAY, False
    return int(state.hold.held_s), Phase.TOP if state.hold.is_held else Phase.AWAY, False


_NO_XY: Final = np.full((len(BLAZEPOSE33), 2), np.nan)
_NO_WORLD: Final = np.full((len(BLAZEPOSE33), 3), np.nan)
_NO_SCORE: Final = np.zeros(len(BLAZEPOSE33))


def _timed(reader: Iterable[VideoFrame], clocks: Clocks) -> Iterator[VideoFrame]:
    frames = iter(reader)
    while True:
        started_s = time.perf_counter()
        frame = next(frames, None)
        clocks.decode += time.perf_counter() - started_s
        if frame is None:
            return
        yield frame


def _share_done(t_s: float, duration_s: float | None) -> float:
    return 0.0 if not duration_s else min(0.99, t_s / duration_s)


def frames_per_s(poses: PoseSequence) -> float:
    """Return the mean rate of the frames that were looked at."""
    return (len(poses) - 1) / poses.duration_s if poses.duration_s > 0.0 else 0.0


def with_words(result: FormAnalysis) -> FormAnalysis:
    """Return the result with what to tell the athlete."""
    return replace(
        result,
        feedback=feedback_for(result),
        recommendations=recommendations_for(result),
        feedback_codes=tuple(said.as_dict() for said in what_to_say(result)),
    )
