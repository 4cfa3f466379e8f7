"""A set before a camera: pose, the causal step, the session and the voice, picture by picture.

The result is the one of a recorded analysis of the same pictures. No picture is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Any, Final

import cv2
import numpy as np

from topform.coaching import live_session, live_voice
from topform.coaching.live_session import SessionPhase, SessionState
from topform.core.activity import FileWarning
from topform.kinematics import exercise_step
from topform.kinematics.camera_record import gaps_as_dicts, longest_gaps
from topform.kinematics.form_analysis import Exercise, FormAnalysis
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.set_summary import Footage, summarise
from topform.vision.analysis import Clocks, FrameResult, PoseEstimator, SetRun, frames_per_s, shown, with_words
from topform.vision.camera import SILENT_S, Camera, NewestFrame
from topform.vision.decode import MAX_DURATION_S
from topform.vision.errors import CameraLostError
from topform.vision.form_model import FormModels
from topform.vision.frames import VideoFrame

LOOK_FOR_STOP_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Moment:
    """What to show after a picture.

    Parameters
    ----------
    t_s : float
        Time since the first picture. [s]
    phase : SessionPhase
        Where the session is.
    hint : str or None
        What keeps the camera from judging.
    count : int or None
        Repetitions, or the seconds of a plank; None before anything may be counted.
    is_seen : bool
        Whether a body was seen.
    said : Utterance or None
        What is said now.
    """

    t_s: float
    phase: SessionPhase
    hint: str | None
    count: int | None
    is_seen: bool
    said: live_voice.Utterance | None


@dataclass(slots=True)
class CameraReport:
    """How the camera was followed.

    Parameters
    ----------
    name : str
        The device.
    frames : int
        Pictures that were looked at.
    dropped_s : list of float
        When the pictures were taken that came while another was looked at. [s]
    lags_s : list of float
        From the arrival of each picture to what is shown and said of it. [s]
    cue_lags_s : list of float
        The same, of pictures with something to say. [s]
    said : list of dict
        Everything said.
    sets : int
        Sets that ended.
    gaps_s : tuple of (float, float)
        The longest times without a picture that was looked at, the longest first. [s]
    """

    name: str
    frames: int = 0
    dropped_s: list[float] = field(default_factory=list)
    lags_s: list[float] = field(default_factory=list)
    cue_lags_s: list[float] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)
    sets: int = 0
    gaps_s: tuple[tuple[float, float], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "name": self.name,
            "frames": self.frames,
            "dropped": len(self.dropped_s),
            "dropped_s": self.dropped_s,
            "gaps": gaps_as_dicts(self.gaps_s),
            "lag_ms": _quantiles_ms(self.lags_s),
            "cue_lag_ms": _quantiles_ms(self.cue_lags_s),
            "said": self.said,
            "sets": self.sets,
        }


def _quantiles_ms(lags_s: list[float]) -> dict[str, float] | None:
    if not lags_s:
        return None
    median, p95 = np.quantile(lags_s, (0.5, 0.95)) * 1000.0
    return {"median": round(float(median), 1), "p95": round(float(p95), 1)}


class LiveCoach:
    """Follows sets before a camera.

    Parameters
    ----------
    variant : str, optional
        Size of the pose model.
    weights_dir : Path, optional
        Folder of its weights; searched for otherwise.
    threads : int
        Threads of the pose model.
    """

    def __init__(self, *, variant: str | None = None, weights_dir: Path | None = None, threads: int = 1) -> None:
        cv2.setNumThreads(1)
        self._estimator = PoseEstimator(variant=variant, weights_dir=weights_dir, threads=threads)
        self._form_models = FormModels()

    def follow(
        self,
        camera: Camera,
        *,
        exercise: Exercise | None,
        language: str = "en",
        sets: int = 1,
        stop: Event | None = None,
        show: Callable[[Moment], None] = lambda _: None,
        may_drop: bool = True,
    ) -> tuple[FormAnalysis, PoseSequence, CameraReport]:
        """Follow a camera until the sets are done, it ends, or somebody says stop.

        Parameters
        ----------
        camera : Camera
            Where the pictures come from; it is closed.
        exercise : Exercise or None
            What the athlete does; None = find out.
        language : str
            Of what is said.
        sets : int
            After how many sets it is over; 0 = only by `stop`.
        stop : Event, optional
            Set from elsewhere to end.
        show : callable
            Called after each picture.
        may_drop : bool
            Whether pictures that come too fast are passed over; else the camera waits, which only a film can.

        Raises
        ------
        CameraLostError
            If not one picture came.
        """
        started_s = time.perf_counter()
        clocks, report = Clocks(), CameraReport(camera.name)
        tracker = self._estimator.new_tracker()
        run = SetRun(tracker, self._form_models.new_model(), None, clocks, exercise=exercise)
        session = _Session(exercise, language)
        warnings: list[FileWarning] = []
        pictures = _newest(camera, report, warnings, stop or Event()) if may_drop else _every(camera)
        with closing(pictures):
            for frame, came_s in pictures:
                moment = session.take(frame, run.take(frame))
                show(moment)
                report.frames += 1
                _note(report, moment, time.perf_counter() - came_s)
                if 0 < sets <= session.state.sets_done or (stop is not None and stop.is_set()):
                    break
                if frame.t_s > MAX_DURATION_S:
                    text = f"The session was ended after {MAX_DURATION_S / 60:.0f} minutes"
                    warnings.append(FileWarning("camera_stopped", text))
                    break
        if report.frames == 0:
            raise CameraLostError(f"{camera.name} gave no picture", remedy="Check the camera, then start again.")
        poses, state, observations = run.finish()
        moment = session.finish(state, poses.duration_s)
        show(moment)
        _note(report, moment, 0.0)
        report.sets = session.state.sets_done
        report.gaps_s = longest_gaps(poses.t_s)
        if report.dropped_s:
            text = f"{len(report.dropped_s)} pictures came faster than they could be looked at and were passed over"
            warnings.append(FileWarning("pictures_dropped", text))
        footage = Footage(
            observations=observations,
            fps=frames_per_s(poses),
            duration_s=poses.duration_s,
            warnings=(*warnings, *run.notes.warnings(people=tracker.people)),
        )
        total_s = time.perf_counter() - started_s
        result = replace(
            with_words(summarise(state, footage, exercise=exercise)),
            models={
                "pose": self._estimator.manifest.as_dict(variant=self._estimator.variant),
                "form": self._form_models.as_dict(),
            },
            timing_s={
                "decode": max(0.0, total_s - clocks.pose - clocks.analysis),
                "pose": clocks.pose,
                "analysis": clocks.analysis,
                "total": total_s,
            },
        )
        return result, poses, report


class _Session:
    """The session and the voice over what the chain says."""

    def __init__(self, exercise: Exercise | None, language: str) -> None:
        self.state = SessionState(exercise)
        self._voice = live_voice.VoiceState(language=live_voice.language_of(language))

    def take(self, frame: VideoFrame, result: FrameResult) -> Moment:
        xy_px = None if result.body is None else result.body.xy_px
        hint = live_session.setup_hint(xy_px, frame.size_px, result.seen, self.state.exercise)
        self.state, events = live_session.step(
            self.state, result.state, result.told, t_s=frame.t_s, hint=hint, is_seen=xy_px is not None
        )
        return self._moment(result.state, events, frame.t_s, is_seen=xy_px is not None)

    def finish(self, state: exercise_step.SetState, t_s: float) -> Moment:
        self.state, events = live_session.finish(self.state, state, t_s=t_s)
        return self._moment(state, events, t_s, is_seen=False)

    def _moment(
        self, state: exercise_step.SetState, events: tuple[live_voice.SetEvent, ...], t_s: float, *, is_seen: bool
    ) -> Moment:
        leading = exercise_step.leading(state)
        if leading is not None:
            self._voice = replace(self._voice, exercise=leading.definition.exercise)
        self._voice, said = live_voice.step(self._voice, events, t_s)
        return Moment(t_s, self.state.phase, self.state.hint, shown(state)[0], is_seen, said)


def _note(report: CameraReport, moment: Moment, lag_s: float) -> None:
    if lag_s > 0.0:
        report.lags_s.append(lag_s)
    if moment.said is None:
        return
    if lag_s > 0.0:
        report.cue_lags_s.append(lag_s)
    report.said.append({"t_s": round(moment.t_s, 3), "code": moment.said.wish.code, "text": moment.said.text})


def _every(camera: Camera) -> Generator[tuple[VideoFrame, float], None, None]:
    try:
        for frame in camera.frames():
            yield frame, time.perf_counter()
    finally:
        camera.close()


def _newest(
    camera: Camera, report: CameraReport, warnings: list[FileWarning], stop: Event
) -> Generator[tuple[VideoFrame, float], None, None]:
    newest, heard_s = NewestFrame(camera), time.perf_counter()
    report.dropped_s = newest.dropped_s
    try:
        while not stop.is_set() and not newest.is_over:
            found = newest.next(timeout_s=LOOK_FOR_STOP_S)
            now_s = time.perf_counter()
            if found is not None:
                heard_s = now_s
                yield found
            elif now_s - heard_s > SILENT_S:
                warnings.append(FileWarning("camera_silent", f"{camera.name} gave no picture for {SILENT_S:.0f} s"))
                return
        if newest.failure is not None:
            if report.frames == 0:
                raise newest.failure
            # What was seen until then is a result.
            warnings.append(FileWarning(newest.failure.code, newest.failure.message))
    finally:
        newest.close()
