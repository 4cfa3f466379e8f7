"""What every benchmark shares: the result file with its provenance, CPU time, cached poses of evaluation clips."""

from __future__ import annotations

import ast
import csv
import hashlib
import json
import os
import platform
import resource
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from topform.core.arrays import frozen_floats
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import BLAZEPOSE33

REPOSITORY = Path(__file__).resolve().parents[1]
CACHE = REPOSITORY / ".cache" / "poses"


def shared_data_dir() -> Path | None:
    """Return the folder of evaluation data, or None where there is none."""
    configured = os.environ.get("TOPFORM_SHARED_DATA")
    folder = Path(configured) if configured else REPOSITORY.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def cpu_s(who: int = resource.RUSAGE_SELF) -> float:
    """Return user plus system time so far. [s]"""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def write_result(folder: Path, name: str, document: dict[str, Any]) -> Path:
    """Write a result with the commit, machine and versions that made it."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--", "src", "models"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    provenance = {
        "benchmark": name,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip() or None,
        "uncommitted_changes": bool(changed.stdout.strip()),
        "machine": {"processor": _processor(), "cores": os.cpu_count(), "system": platform.system()},
        "versions": {
            "python": platform.python_version(),
            **{package: version(package) for package in ("numpy", "av", "ai-edge-litert", "opencv-python-headless")},
        },
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps({**provenance, **document}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor()


NOTED: Final = {
    "too_fast": ("fast",),
    "shallow_depth": ("depth partial", "incomplete_depth", "half range"),
    "hips_sag": ("hips_sag",),
    "hips_pike": ("hips_pike",),
    "elbow_flare": ("flared_elbows",),
    "worming": ("worm",),
}
"""How the notes by eye call a fault."""


BOOTSTRAP_DRAWS: Final = 10_000
BOOTSTRAP_SEED: Final = 20261123


@dataclass(frozen=True, slots=True)
class Clip:
    """One row of the labels."""

    file: str
    exercise: str
    view: str
    true_reps: int | None
    verified: str
    form_label: str
    faults: str
    person_group: str

    @property
    def is_push_up(self) -> bool:
        return self.exercise.startswith("push_up")

    def shows(self, fault: str) -> bool:
        """Return whether the notes of who looked at the clip name a fault of our list."""
        return any(words in self.faults for words in NOTED.get(fault, ()))


def read_clips(shared: Path) -> list[Clip]:
    """Return every labelled clip."""
    with (shared / "video" / "labels.csv").open(encoding="utf-8", newline="") as file:
        return [
            Clip(
                file=row["file"],
                exercise=row["exercise"],
                view=row["view"],
                true_reps=int(row["true_reps"]) if row["true_reps"].strip().isdigit() else None,
                verified=row["reps_verified"],
                form_label=row["form_label"],
                faults=row["faults"],
                person_group=row["person_group"],
            )
            for row in csv.DictReader(file)
        ]


def cue_scores(sets: Sequence[tuple[Clip, int, Sequence[str]]]) -> dict[str, dict[str, float]]:
    """Return what was said of sets, given with their counted repetitions and the codes of their corrections.

    ``false_cues`` are those in sets that a trainer calls correct; of these, ``noted_by_eye`` name what whoever looked
    at the clip saw too; ``low_pct`` and ``high_pct`` hold 95 of 100 shares of repetitions with one when the people are
    drawn anew, with all their sets. ``true_cues`` counts the sets called wrong, those in which something was corrected,
    and the corrections that the notes name.
    """
    correct = [one for one in sets if one[0].form_label == "correct"]
    wrong = [one for one in sets if one[0].form_label == "wrong"]

    def noted(rows: Sequence[tuple[Clip, int, Sequence[str]]]) -> int:
        return sum(clip.shows(code.removeprefix("correction.")) for clip, _, codes in rows for code in codes)

    return {
        "false_cues": {
            "correct_sets": len(correct),
            "repetitions": sum(count for _, count, _ in correct),
            "corrections": sum(len(codes) for *_, codes in correct),
            "noted_by_eye": noted(correct),
            **_share_of_cues(correct),
        },
        "true_cues": {
            "wrong_sets": len(wrong),
            "corrected_sets": sum(bool(codes) for *_, codes in wrong),
            "corrections": sum(len(codes) for *_, codes in wrong),
            "noted_by_eye": noted(wrong),
        },
    }


def _share_of_cues(sets: Sequence[tuple[Clip, int, Sequence[str]]]) -> dict[str, float]:
    """Return corrections per repetition and where a bootstrap over people puts them. [percent]"""
    people = sorted({clip.person_group for clip, *_ in sets})
    if not people:
        return {}
    said, done = np.zeros(len(people)), np.zeros(len(people))
    for clip, count, codes in sets:
        place = people.index(clip.person_group)
        said[place] += len(codes)
        done[place] += count
    drawn = np.random.default_rng(BOOTSTRAP_SEED).integers(len(people), size=(BOOTSTRAP_DRAWS, len(people)))
    low, high = np.quantile(said[drawn].sum(axis=1) / np.maximum(done[drawn].sum(axis=1), 1.0), (0.025, 0.975))
    found = {"pct": said.sum() / max(done.sum(), 1.0), "low_pct": low, "high_pct": high}
    return {"people": len(people), **{name: round(100.0 * float(value), 1) for name, value in found.items()}}


def _code_of(source: Path) -> str:
    """Return the code without comments, docstrings and layout, which change no pose."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return ast.dump(tree)


class CachedPoses:
    """Poses of clips, estimated once for each content, model and tracker."""

    def __init__(self, *, variant: str = "full") -> None:
        from topform.vision import blazepose
        from topform.vision.analysis import PoseEstimator

        self._estimator = PoseEstimator(variant=variant)
        sources = [*sorted(Path(blazepose.__file__).parent.glob("*.py")), REPOSITORY / "src/topform/vision/frames.py"]
        digest = hashlib.sha256(self._estimator.manifest.files[variant].sha256.encode())
        for source in sources:
            digest.update(_code_of(source).encode())
        self._key = digest.hexdigest()[:16]
        self.cpu_s = 0.0
        self.estimated_frames = 0

    def of(self, video: Path) -> PoseSequence:
        """Return the poses of a video, from the cache where they are there."""
        content = hashlib.sha256(video.read_bytes()).hexdigest()[:24]
        cached = CACHE / f"{content}-{self._key}.npz"
        if not cached.exists():
            self._estimate(video, cached)
        with np.load(cached) as stored:
            return PoseSequence(
                t_s=frozen_floats(stored["t_s"]),
                xy_px=frozen_floats(stored["xy"]),
                score=frozen_floats(stored["score"]),
                skeleton=BLAZEPOSE33,
                world_m=frozen_floats(stored["world_m"]),
            )

    def _estimate(self, video: Path, target: Path) -> None:
        from topform.vision.decode import VideoReader

        started = cpu_s()
        tracker = self._estimator.new_tracker()
        t_s, xy, score, world = [], [], [], []
        with VideoReader(video) as reader:
            for frame in reader:
                body = tracker.track(frame)
                t_s.append(frame.t_s)
                xy.append(np.full((33, 2), np.nan) if body is None else body.xy_px)
                score.append(np.zeros(33) if body is None else body.visibility)
                world.append(np.full((33, 3), np.nan) if body is None else body.world_m)
        self.cpu_s += cpu_s() - started
        self.estimated_frames += len(t_s)
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_suffix(".part")
        with unfinished.open("wb") as file:
            xy_px, visibility, world_m = (np.asarray(values, dtype=np.float32) for values in (xy, score, world))
            np.savez(file, t_s=t_s, xy=xy_px, score=visibility, world_m=world_m)
        unfinished.replace(target)
