"""Labelled recordings: a folder with ``labels.json`` and one poses file for each recording.

``labels.json`` holds ``{"format": "topform-form-dataset", "version": 1, "recordings": [...]}``; see `LabelledRecording`
for the fields of one. Poses are `.npz` files as `topform analyze --save-poses` writes them. No picture is needed.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from topform.core.errors import InvalidInputError
from topform.kinematics.form_analysis import Fault
from topform.kinematics.pose_sequence import PoseSequence
from topform.ml.splits import fold_of_group
from topform.vision.poses_file import read_poses, write_poses

FORMAT: Final = "topform-form-dataset"
VERSION: Final = 1
LABELS: Final = "labels.json"
NOT_MEASURED: Final = "not measured"
GROUPS: Final = ("view", "camera", "light", "body")
"""What a coverage table is made by."""


class DatasetError(InvalidInputError):
    """A dataset cannot be read."""

    code = "dataset_unreadable"


@dataclass(frozen=True, slots=True)
class LabelledRep:
    """One repetition as people saw it.

    Parameters
    ----------
    start_s, end_s : float
        Extent. [s]
    complete : bool
        False for an attempt that does not count.
    faults : tuple of str
        Codes of the faults that were seen.
    turn_s : float or None
        Lowest point, where it was marked. [s]
    """

    start_s: float
    end_s: float
    complete: bool = True
    faults: tuple[str, ...] = ()
    turn_s: float | None = None


@dataclass(frozen=True, slots=True)
class LabelledRecording:
    """One recording and what is known about it; None = nobody looked.

    Parameters
    ----------
    id : str
        Unique in the dataset.
    poses : str
        Poses file, relative to the dataset.
    person : str
        Who, as a code; all recordings of a person share it. Splits go by it.
    source, licence, consent : str
        Where it is from, under which terms, and what the person agreed to.
    exercise : str
        For example ``push_up``.
    form : str or None
        ``correct`` or ``wrong``.
    faults : tuple of str or None
        Codes of the faults seen anywhere in the recording; empty = looked at and clean.
    rep_count : int or None
        Complete repetitions.
    reps : tuple of LabelledRep
        Single repetitions, where they were marked.
    view, camera, light, body : str or None
        What the coverage table is made by.
    second_reps : tuple of LabelledRep
        The same repetitions as a second person marked them; see `topform.ml.quality` for their agreement.
    unjudged : tuple of str
        Codes that one of the two could not judge.
    disputed : tuple of str
        Codes that the form check reported throughout and the athlete says were not there.
    """

    id: str
    poses: str
    person: str
    source: str
    licence: str
    consent: str
    exercise: str = "push_up"
    form: str | None = None
    faults: tuple[str, ...] | None = None
    rep_count: int | None = None
    reps: tuple[LabelledRep, ...] = ()
    view: str | None = None
    camera: str | None = None
    light: str | None = None
    body: str | None = None
    second_reps: tuple[LabelledRep, ...] = ()
    unjudged: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """Labelled recordings of one folder."""

    folder: Path
    recordings: tuple[LabelledRecording, ...]
    notes: dict[str, Any] = field(default_factory=dict)

    def poses_of(self, recording: LabelledRecording) -> PoseSequence:
        """Return the poses of one recording."""
        return read_poses(self.folder / recording.poses)[0]


def read_dataset(folder: Path) -> Dataset:
    """Read a dataset.

    Raises
    ------
    DatasetError
        If ``labels.json`` is missing, is no such file, names a recording twice, or points outside the folder.
    """
    path = folder / LABELS
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DatasetError(
            f"The folder holds no {LABELS}", file=str(path), remedy="`topform form import` makes one from a table."
        ) from error
    except (OSError, ValueError) as error:
        raise DatasetError(f"{LABELS} is no readable JSON", file=str(path), remedy="Restore the file.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT or document.get("version") != VERSION:
        raise DatasetError(
            f"{LABELS} does not say it is a {FORMAT} of version {VERSION}",
            file=str(path),
            remedy="See the form model's page of the documentation for the format.",
        )
    rows = document.get("recordings")
    if not isinstance(rows, list):
        raise DatasetError(f"{LABELS} holds no list of recordings", file=str(path), remedy="Add `recordings`.")
    recordings = tuple(_recording(path, place, row) for place, row in enumerate(rows))
    ids = [recording.id for recording in recordings]
    if len(set(ids)) != len(ids):
        twice = next(name for name in ids if ids.count(name) > 1)
        raise DatasetError(f"The recording {twice!r} is named twice", file=str(path), remedy="Give each its own id.")
    notes = {name: value for name, value in document.items() if name not in ("format", "version", "recordings")}
    return Dataset(folder, recordings, notes)


def _recording(path: Path, place: int, row: Any) -> LabelledRecording:
    known = set(LabelledRecording.__dataclass_fields__)
    codes = {fault.value for fault in Fault}
    try:
        values = {name: value for name, value in dict(row).items() if name in known}
        for name in ("id", "poses", "person", "source", "licence", "consent"):
            if not isinstance(values[name], str) or not values[name]:
                raise ValueError(f"{name} must be a text")
        inside = Path(values["poses"])
        if inside.is_absolute() or ".." in inside.parts:
            raise ValueError("poses must lie inside the dataset")
        if values.get("faults") is not None:
            values["faults"] = _codes(values["faults"], codes)
        if values.get("form") not in (None, "correct", "wrong"):
            raise ValueError("form must be correct, wrong or absent")
        if not (values.get("rep_count") is None or (type(values["rep_count"]) is int and values["rep_count"] >= 0)):
            raise ValueError("rep_count must be a number of repetitions")
        for name in ("reps", "second_reps"):
            values[name] = tuple(_rep(rep, codes) for rep in values.get(name, ()))
        for name in ("unjudged", "disputed"):
            values[name] = _codes(values.get(name, ()), codes)
        return LabelledRecording(**values)
    except (KeyError, TypeError, ValueError) as error:
        raise DatasetError(
            f"Recording {place + 1} is not described as it must be: {error}",
            file=str(path),
            remedy="It needs id, poses, person, source, licence and consent as texts.",
        ) from error


def _codes(said: Any, known: set[str]) -> tuple[str, ...]:
    found = tuple(said)
    if unknown := set(found) - known:
        raise ValueError(f"unknown faults {sorted(unknown)}")
    return found


def _rep(said: Any, known: set[str]) -> LabelledRep:
    turn = said.get("turn_s")
    return LabelledRep(
        start_s=float(said["start_s"]),
        end_s=float(said["end_s"]),
        complete=bool(said.get("complete", True)),
        faults=_codes(said.get("faults", ()), known),
        turn_s=None if turn is None else float(turn),
    )


def write_dataset(dataset: Dataset) -> Path:
    """Write ``labels.json``; the poses are there already."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        **dataset.notes,
        "recordings": [
            {name: value for name, value in asdict(recording).items() if value not in (None, ())}
            | ({"faults": []} if recording.faults == () else {})
            for recording in dataset.recordings
        ],
    }
    dataset.folder.mkdir(parents=True, exist_ok=True)
    path = dataset.folder / LABELS
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(path)
    return path


def add_recording(folder: Path, recording: LabelledRecording, poses: PoseSequence) -> LabelledRecording:
    """Write the poses of one recording into a dataset folder."""
    path = folder / recording.poses
    path.parent.mkdir(parents=True, exist_ok=True)
    write_poses(path, poses)
    return recording


# What people write about faults in a table, and what is meant.
FAULT_WORDS: Final = {
    "hips_sag": Fault.HIPS_SAG,
    "hips_pike": Fault.HIPS_PIKE,
    "incomplete_depth": Fault.SHALLOW_DEPTH,
    "shallow_depth": Fault.SHALLOW_DEPTH,
    "incomplete_lockout": Fault.INCOMPLETE_LOCKOUT,
    "flared_elbows": Fault.ELBOW_FLARE,
    "elbow_flare": Fault.ELBOW_FLARE,
    "head_drop": Fault.HEAD_DROP,
    "asymmetry": Fault.ASYMMETRY,
    "too_fast": Fault.TOO_FAST,
    "worm": Fault.WORMING,
    "worming": Fault.WORMING,
}


def faults_in_words(text: str) -> tuple[str, ...] | None:
    """Return the faults that a remark names; None where it says nothing that can be used.

    Examples
    --------
    >>> faults_in_words("hips_sag on ascent (worm)")
    ('hips_sag', 'worming')
    >>> faults_in_words("none visible")
    ()
    >>> faults_in_words("not judgeable") is None
    True
    """
    lowered = text.lower()
    found = {fault.value for word, fault in FAULT_WORDS.items() if word in lowered}
    if found:
        return tuple(sorted(found))
    return () if lowered.startswith("none visible") else None


def rows_of_table(table: Path) -> list[dict[str, str]]:
    """Read a table of labelled clips: ``file``, ``exercise``, ``view``, ``true_reps``, ``form_label``, ``faults``,
    ``person_group``, ``source``, ``licence``; only ``file`` and ``person_group`` must be there.

    Raises
    ------
    DatasetError
        If it cannot be read or lacks one of the two.
    """
    try:
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError("The table cannot be read", file=str(table), remedy="It must be CSV in UTF-8.") from error
    if not rows or not {"file", "person_group"} <= set(rows[0]):
        raise DatasetError(
            "The table needs at least the columns `file` and `person_group`",
            file=str(table),
            remedy="Name the clip in `file` and the person, as a code, in `person_group`.",
        )
    return rows


def recording_of_row(row: dict[str, str]) -> LabelledRecording:
    """Return the labels of one row; see `rows_of_table`."""
    name = Path(row["file"]).with_suffix("").as_posix().replace("/", "__")
    count = (row.get("true_reps") or "").strip()
    return LabelledRecording(
        id=name,
        poses=f"poses/{name}.npz",
        person=row["person_group"],
        source=row.get("source") or "not stated",
        licence=row.get("licence") or "not stated",
        consent=row.get("consent") or "not stated",
        exercise=row.get("exercise") or "push_up",
        form=row.get("form_label") or None,
        faults=faults_in_words(row.get("faults") or ""),
        rep_count=int(count) if count.isdigit() else None,
        view=row.get("view") or None,
        camera=row.get("camera") or None,
        light=row.get("light") or None,
        body=row.get("body") or None,
    )


def split_manifest(
    recordings: Iterable[tuple[LabelledRecording, bytes]], *, folds: int, seed: int = 0
) -> dict[str, Any]:
    """Return the folds of recordings as digests, which say nothing about anybody.

    Parameters
    ----------
    recordings : iterable of (LabelledRecording, bytes)
        Labels and the content that identifies each recording (its clip or poses file).
    folds, seed : int
        See `topform.ml.splits.fold_of_group`; the person decides, and a person belongs to one source.
    """
    rows = [
        {
            "sha256": hashlib.sha256(content).hexdigest(),
            "fold": fold_of_group(recording.person, folds=folds, seed=seed),
        }
        for recording, content in recordings
    ]
    return {"folds": folds, "seed": seed, "by": "person", "recordings": sorted(rows, key=lambda r: r["sha256"])}


def coverage(recordings: Sequence[LabelledRecording]) -> dict[str, dict[str, dict[str, int]]]:
    """Return how many recordings and people there are by view, camera, light and body."""
    table: dict[str, dict[str, dict[str, int]]] = {}
    for name in GROUPS:
        groups: dict[str, list[LabelledRecording]] = {}
        for recording in recordings:
            groups.setdefault(getattr(recording, name) or NOT_MEASURED, []).append(recording)
        table[name] = {
            group: {"recordings": len(rows), "people": len({row.person for row in rows})}
            for group, rows in sorted(groups.items())
        }
    return table
