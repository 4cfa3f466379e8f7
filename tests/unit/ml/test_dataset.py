"""Datasets: what is written is read again, what is wrong is said, what is not covered reads so."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support.push_up_body import PushUps

from topform.core.arrays import frozen_floats
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.ml.dataset import (
    NOT_MEASURED,
    Dataset,
    DatasetError,
    LabelledRecording,
    LabelledRep,
    add_recording,
    coverage,
    read_dataset,
    recording_of_row,
    rows_of_table,
    split_manifest,
    write_dataset,
)
from topform.ml.quality import quality_report

LABELS = LabelledRecording(
    id="a",
    poses="poses/a.npz",
    person="anna",
    source="own recording",
    licence="CC-BY-4.0",
    consent="signed for research and publication of poses",
    form="wrong",
    faults=("hips_sag",),
    rep_count=5,
    reps=(LabelledRep(1.0, 3.0, faults=("hips_sag",)),),
    view="side",
)


def written(folder: Path, *recordings: LabelledRecording, poses: PoseSequence | None = None) -> Dataset:
    sequence = PushUps(hip_offset=-0.08).frames() if poses is None else poses
    for recording in recordings:
        add_recording(folder, recording, sequence)
    dataset = Dataset(folder, recordings)
    write_dataset(dataset)
    return dataset


def test_written_is_read_again(tmp_path: Path) -> None:
    unlabelled = replace(LABELS, id="b", poses="poses/b.npz", form=None, faults=(), rep_count=None, reps=(), view=None)
    written(tmp_path, LABELS, unlabelled)
    read = read_dataset(tmp_path)
    assert read.recordings == (LABELS, unlabelled)
    assert len(read.poses_of(LABELS)) == len(PushUps().frames())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"person": ""}, "person"),
        ({"poses": "../elsewhere.npz"}, "inside"),
        ({"poses": "/etc/passwd"}, "inside"),
        ({"faults": ["bad_mood"]}, "bad_mood"),
        ({"form": "fine"}, "form"),
        ({"rep_count": -1}, "rep_count"),
        ({"rep_count": True}, "rep_count"),
        ({"reps": [{"start_s": "soon"}]}, "Recording 1"),
        ({"consent": None}, "consent"),
    ],
)
def test_wrong_labels_are_named(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    written(tmp_path, LABELS)
    document = json.loads((tmp_path / "labels.json").read_text(encoding="utf-8"))
    document["recordings"][0] |= change
    (tmp_path / "labels.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(DatasetError, match=says) as caught:
        read_dataset(tmp_path)
    assert caught.value.remedy
    assert caught.value.file


@pytest.mark.parametrize("content", [None, "{", "[]", '{"format": "other"}', '{"format": "topform-form-dataset"}'])
def test_no_dataset_is_said_so(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "labels.json").write_text(content, encoding="utf-8")
    with pytest.raises(DatasetError):
        read_dataset(tmp_path)


def test_a_recording_named_twice(tmp_path: Path) -> None:
    written(tmp_path, LABELS, LABELS)
    with pytest.raises(DatasetError, match="twice"):
        read_dataset(tmp_path)


def test_a_table_becomes_labels(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text(
        "file,person_group,exercise,view,true_reps,form_label,faults,source,licence\n"
        'push_up/one.mp4,p1,push_up,side,7,wrong,"hips_sag (strong)",club,CC-BY-4.0\n'
        "push_up/two.mp4,p1,push_up,,,,not judgeable,club,\n",
        encoding="utf-8",
    )
    first, second = map(recording_of_row, rows_of_table(table))
    assert (first.id, first.rep_count, first.form, first.faults) == ("push_up__one", 7, "wrong", ("hips_sag",))
    assert (second.rep_count, second.form, second.faults, second.view) == (None, None, None, None)
    assert second.licence == second.consent == "not stated"
    table.write_text("clip\nx\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="person_group"):
        rows_of_table(table)


def test_a_split_says_nothing_about_anybody() -> None:
    others = [replace(LABELS, id=str(i), person=person) for i, person in enumerate(["anna", "ben", "anna", "cleo"])]
    manifest = split_manifest(((one, one.id.encode()) for one in others), folds=3)
    assert "anna" not in json.dumps(manifest)
    digests = {row["sha256"]: row["fold"] for row in manifest["recordings"]}
    assert len(digests) == 4
    import hashlib

    fold = [digests[hashlib.sha256(one.id.encode()).hexdigest()] for one in others]
    assert fold[0] == fold[2]


def test_what_nobody_labelled_reads_not_measured() -> None:
    table = coverage([LABELS, replace(LABELS, id="b", person="ben", view=None, light="dark")])
    assert table["view"] == {"side": {"recordings": 1, "people": 1}, NOT_MEASURED: {"recordings": 1, "people": 1}}
    assert table["body"] == {"not measured": {"recordings": 2, "people": 2}}
    assert table["light"]["dark"]["people"] == 1


def test_quality_names_what_is_wrong(tmp_path: Path) -> None:
    good = PushUps().frames()
    copy = replace(LABELS, id="b", poses="poses/b.npz", person="ben", licence="not stated")
    bare = replace(LABELS, id="c", poses="poses/c.npz", form=None, faults=None, rep_count=None, reps=())
    written(tmp_path, LABELS, copy, poses=good)
    short = PoseSequence(
        t_s=frozen_floats([0.0, 0.1]),
        xy_px=good.xy_px[:2],
        score=good.score[:2],
        skeleton=BLAZEPOSE33,
    )
    add_recording(tmp_path, bare, short)
    lost = replace(LABELS, id="d", poses="poses/d.npz")
    add_recording(
        tmp_path,
        lost,
        PoseSequence(
            t_s=good.t_s,
            xy_px=frozen_floats(np.where(np.arange(len(good))[:, None, None] % 2, np.nan, 0.1 * good.xy_px)),
            score=good.score,
            skeleton=BLAZEPOSE33,
        ),
    )
    missing = replace(LABELS, id="e", poses="poses/e.npz")
    write_dataset(Dataset(tmp_path, (LABELS, copy, bare, lost, missing)))
    report = quality_report(read_dataset(tmp_path))
    found = {(problem["recording"], problem["code"]) for problem in report["problems"]}
    assert found == {
        ("b", "duplicate_of_another_person"),
        ("b", "no_licence"),
        ("c", "too_short"),
        ("c", "no_label"),
        ("d", "often_missed"),
        ("d", "small_body"),
        ("e", "poses_unreadable"),
    }
    assert report["people"] == 2
