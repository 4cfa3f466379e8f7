"""An automatic report on a dataset: what it holds, what is wrong, what it does not cover."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from topform.core.errors import TopFormError
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.rating import MarkedRep, agreement, matched_reps
from topform.ml.dataset import Dataset, LabelledRecording, LabelledRep, coverage

MIN_FRAMES: Final = 15
MIN_RATE_HZ: Final = 10.0
MAX_MISSED: Final = 0.2
MIN_TRUNK_PX: Final = 70.0
"""Smaller people are often lost by the pose model; see its card."""

MAX_LENGTH_SPREAD: Final = 0.35
"""A thigh or an upper arm that varies more in the picture of one set has wrong joints or a moving camera."""


def quality_report(dataset: Dataset) -> dict[str, Any]:
    """Return a report that can be printed as JSON.

    Problems: poses that cannot be read, the same poses twice under different people, too few frames, a low frame rate,
    a body often missed, a small body, limbs whose length jumps, no licence or consent stated, no label at all.
    """
    problems: list[dict[str, str]] = []
    seen: dict[str, LabelledRecording] = {}
    seconds = 0.0

    def note(recording: LabelledRecording, code: str, message: str) -> None:
        problems.append({"recording": recording.id, "code": code, "message": message})

    for recording in dataset.recordings:
        try:
            poses = dataset.poses_of(recording)
        except TopFormError as error:
            note(recording, "poses_unreadable", error.message)
            continue
        seconds += poses.duration_s
        digest = hashlib.sha256(np.ascontiguousarray(poses.xy_px).tobytes()).hexdigest()
        if digest in seen:
            other = seen[digest]
            code = "duplicate" if other.person == recording.person else "duplicate_of_another_person"
            note(recording, code, f"The same poses as {other.id}")
        seen.setdefault(digest, recording)
        for code, message in pose_problems(poses):
            note(recording, code, message)
        for name in ("licence", "consent"):
            if getattr(recording, name) == "not stated":
                note(recording, f"no_{name}", f"No {name} is stated: evaluate with it, do not train shipped weights")
        if recording.form is None and recording.faults is None and recording.rep_count is None and not recording.reps:
            note(recording, "no_label", "Nobody labelled this recording")
    return {
        "recordings": len(dataset.recordings),
        "people": len({recording.person for recording in dataset.recordings}),
        "minutes": seconds / 60.0,
        "coverage": coverage(dataset.recordings),
        "agreement": rater_agreement(dataset.recordings),
        "problems": problems,
    }


def rater_agreement(recordings: Sequence[LabelledRecording]) -> dict[str, Any] | None:
    """Return how far two people agree where both marked a recording, None where nobody did.

    Parameters
    ----------
    recordings : sequence of LabelledRecording
        Those without a second person's marks are left out.

    Returns
    -------
    dict or None
        How many recordings, the repetitions of each person and those that both marked, and Cohen's kappa for each fault
        that anybody saw; a fault that one of the two could not judge does not count in that recording.
    """
    both = [recording for recording in recordings if recording.second_reps and recording.reps]
    if not both:
        return None
    matched = [(matched_reps(_marked(one.reps), _marked(one.second_reps)), frozenset(one.unjudged)) for one in both]
    seen = {fault for one in both for rep in (*one.reps, *one.second_reps) for fault in rep.faults}
    faults = []
    for fault in sorted(seen):
        pairs = [pair for found, unjudged in matched if fault not in unjudged for pair in found]
        faults += [one.as_dict() for one in agreement(pairs, [fault])]
    return {
        "recordings": len(both),
        "first_reps": sum(len(one.reps) for one in both),
        "second_reps": sum(len(one.second_reps) for one in both),
        "matched_reps": sum(len(found) for found, _ in matched),
        "faults": faults,
    }


def _marked(reps: Sequence[LabelledRep]) -> list[MarkedRep]:
    return [MarkedRep(rep.start_s, rep.end_s, frozenset(rep.faults)) for rep in reps]


def pose_problems(poses: PoseSequence) -> list[tuple[str, str]]:
    """Return what is wrong with the poses of one recording, as codes and sentences."""
    found = []
    n_frames = len(poses)
    if n_frames < MIN_FRAMES:
        return [("too_short", f"{n_frames} frames are too few to judge anything")]
    rate_hz = (n_frames - 1) / poses.duration_s if poses.duration_s > 0.0 else 0.0
    if rate_hz < MIN_RATE_HZ:
        found.append(("low_frame_rate", f"{rate_hz:.1f} frames a second; fast repetitions are lost below 15"))
    is_missed = np.asarray(np.isnan(poses.xy_px.sum(axis=2)).all(axis=1))
    if is_missed.mean() > MAX_MISSED:
        found.append(("often_missed", f"No body in {100.0 * is_missed.mean():.0f} % of the frames"))
    if is_missed.all():
        return found
    shoulders = (poses.xy("left_shoulder") + poses.xy("right_shoulder")) / 2.0
    hips = (poses.xy("left_hip") + poses.xy("right_hip")) / 2.0
    trunk_px = float(np.nanmedian(np.linalg.norm((shoulders - hips)[~is_missed], axis=1)))
    is_pixels = float(np.nanmax(np.abs(poses.xy_px))) > 4.0
    if is_pixels and trunk_px < MIN_TRUNK_PX:
        found.append(
            ("small_body", f"The trunk is {trunk_px:.0f} pixels long; below {MIN_TRUNK_PX:.0f} joints get lost")
        )
    spreads = [
        _spread(np.linalg.norm((poses.xy(f"{side}_{a}") - poses.xy(f"{side}_{b}"))[~is_missed], axis=1))
        for side in ("left", "right")
        for a, b in (("shoulder", "hip"), ("hip", "knee"))
    ]
    if min(spreads) > MAX_LENGTH_SPREAD:
        found.append(("unsteady_joints", "The lengths of trunk and thighs jump; look at the poses"))
    return found


def _spread(lengths: np.ndarray) -> float:
    middle = float(np.nanmedian(lengths))
    low, high = np.nanquantile(lengths, [0.1, 0.9])
    return float(high - low) / middle if middle > 0.0 else float("inf")
