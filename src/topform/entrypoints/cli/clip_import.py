"""From a table of labelled clips to a dataset: estimates the poses of what is not there yet."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from topform.core.errors import InvalidInputError, TopFormError
from topform.ml.dataset import Dataset, add_recording, recording_of_row, rows_of_table, write_dataset
from topform.vision.analysis import VideoAnalysis
from topform.vision.poses_file import read_poses


def import_clips(labels: Path, clips: Path, out: Path, *, told: Callable[[str], None]) -> dict[str, Any]:
    """Write a dataset from a table; clips that cannot be read are refused and named, the others go in.

    Parameters
    ----------
    labels : Path
        Table, see `topform.ml.dataset.rows_of_table`.
    clips : Path
        Folder that the files of the table lie in: videos, or poses as `.npz`.
    out : Path
        Folder of the dataset; poses that are there already are kept.
    told : callable
        Told what happens.
    """
    root = clips.resolve()
    analysis: VideoAnalysis | None = None
    recordings, refused = [], []
    for row in rows_of_table(labels):
        source = (clips / row["file"]).resolve()
        recording = recording_of_row(row)
        target = out / recording.poses
        try:
            if not source.is_relative_to(root):
                raise InvalidInputError("The file lies outside the folder of clips", file=row["file"])
            if not target.exists() and source.suffix == ".npz":
                read_poses(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
            elif not target.exists():
                told(f"estimating poses: {row['file']}")
                analysis = analysis if analysis is not None else VideoAnalysis()
                _, poses = analysis.analyze_with_poses(source)
                add_recording(out, recording, poses)
        except TopFormError as error:
            refused.append({"file": row["file"], "code": error.code, "message": error.message})
            continue
        recordings.append(recording)
    write_dataset(Dataset(out, tuple(recordings)))
    return {"folder": str(out), "recordings": len(recordings), "refused": refused}
