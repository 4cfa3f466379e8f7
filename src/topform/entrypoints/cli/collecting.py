"""From the form checks that athletes agreed to have used to a dataset."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

from topform.core.errors import ConflictError
from topform.features.form_checks.public import ConsentedRecording, consented_recordings
from topform.features.improvement.public import all_questions
from topform.ml.dataset import Dataset, LabelledRecording, LabelledRep, write_dataset
from topform.platform.web.resources import Resources


async def collect_dataset(resources: Resources, out: Path) -> dict[str, Any]:
    """Write the dataset into a folder that holds nothing yet, so that nothing withdrawn is left in it."""
    if await asyncio.to_thread(_holds_something, out):
        raise ConflictError(
            "The folder holds something already.",
            remedy="Choose a new folder; a set that was written before may hold what is withdrawn by now.",
        )
    async with resources.database.transaction() as session:
        found = await consented_recordings(session)
    recordings = []
    for one in found:
        recording = _labelled(one)
        async with resources.store.local_file(one.poses_key) as poses:
            await asyncio.to_thread(_copy, poses, out / recording.poses)
        recordings.append(recording)
    write_dataset(Dataset(out, tuple(recordings), {"collected_by": "topform form collect"}))
    return {
        "folder": str(out),
        "recordings": len(recordings),
        "people": len({recording.person for recording in recordings}),
    }


async def label_queue(resources: Resources) -> list[dict[str, Any]]:
    """Return the sets to ask about next, by code, the most useful first."""
    async with resources.database.transaction() as session:
        found = await all_questions(session)
    return [
        {
            "id": one.check.code,
            "person": one.check.person,
            "score": round(one.score, 3),
            "reason": one.reason,
            "decision": one.check.decision,
            "view": (one.check.document.get("view") or {}).get("name", "unknown"),
        }
        for one in found
    ]


def _holds_something(folder: Path) -> bool:
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _labelled(one: ConsentedRecording) -> LabelledRecording:
    reps, second = _reps(one.reps), _reps(one.second_reps)
    return LabelledRecording(
        id=one.id,
        poses=f"poses/{one.id}.npz",
        person=one.person,
        source="form checks of this server",
        licence="with the athlete's consent, for the form model of this server only",
        consent=one.consent,
        exercise=one.exercise,
        faults=tuple(sorted({fault for rep in reps for fault in rep.faults})) if reps else None,
        rep_count=one.rep_count,
        reps=reps,
        view=one.view,
        second_reps=second,
        unjudged=tuple(one.unjudged),
        disputed=tuple(one.disputed),
    )


def _reps(marked: list[dict[str, Any]]) -> tuple[LabelledRep, ...]:
    return tuple(
        LabelledRep(
            start_s=float(rep["start_s"]),
            end_s=float(rep["end_s"]),
            complete=bool(rep["complete"]),
            faults=tuple(rep["faults"]),
            turn_s=rep["turn_s"],
        )
        for rep in marked
    )
