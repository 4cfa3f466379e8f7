"""A filmed set over HTTP: upload, analysis in the worker, the document and the annotated video."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import av
import cv2
import httpx
import numpy as np
import pytest
from tests.support.api import Api, Person

from topform.core.ids import AthleteId
from topform.features.form_checks.repository import FormCheckRepository
from topform.features.form_checks.schemas import FormDocument
from topform.features.form_checks.tables import FormCheckRow
from topform.vision.analysis import VideoAnalysis
from topform.vision.poses_file import read_poses

CLIP = "push_up/ucf_kitchen_man__02.mp4"
DOCUMENT = {
    "exercise": "push_up",
    "duration_s": 12.5,
    "rep_count": 5,
    "reps": [],
    "form": {"decision": "unsure", "probability_faulty": None, "faults": []},
}


async def upload(person: Person, name: str, content: bytes, *, status: int = 202, **fields: str) -> dict:
    return await person.call("POST", "/form-checks", status=status, files={"file": (name, content)}, data=fields)


async def analyse(api: Api, person: Person, name: str, content: bytes) -> dict:
    """Upload a video, have the real analysis run, and return the job."""
    job = await upload(person, name, content, exercise="push_up")
    await api.work(VideoAnalyzer=VideoAnalysis())
    return await person.get(f"/jobs/{job['id']}")


def sound_only() -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 44100), dtype=np.float32), format="fltp", layout="mono")
        frame.sample_rate = 44100
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return target.getvalue()


async def store_form_check(api: Api, person: Person, video: bytes, **found: Any) -> str:
    """Store a form check as the worker does, with the given bytes as its video and what was found in it."""
    document = {**DOCUMENT, **found}
    form_check_id = uuid4()
    key = f"form-checks/{person.athlete['id']}/{form_check_id}.mp4"
    await api.resources.store.put(key, video)
    async with api.resources.database.transaction() as session:
        await FormCheckRepository(session).add(
            FormCheckRow(
                id=form_check_id,
                athlete_id=AthleteId(person.athlete["id"]),
                exercise=document["exercise"],
                file_name="set.mp4",
                rep_count=document["rep_count"],
                form_decision="unsure",
                duration_s=12.5,
                document=document,
                video_key=key,
                video_bytes=len(video),
                created_at=api.resources.clock.now(),
            )
        )
    return str(form_check_id)


@pytest.mark.shared_data
async def test_a_real_clip_becomes_a_form_check(api: Api, person: Person, shared_data: Path) -> None:
    clip = shared_data / "video" / CLIP
    job = await analyse(api, person, "set.mp4", clip.read_bytes())
    assert (job["state"], job["error"]) == ("succeeded", None)
    check = await person.get(f"/form-checks/{job['result']['form_check_id']}")
    assert check["file_name"] == "set.mp4"
    assert check["exercise"] == check["analysis"]["exercise"] == "push_up"
    assert (
        check["rep_count"]
        == check["analysis"]["rep_count"]
        == len([rep for rep in check["analysis"]["reps"] if rep["complete"]])
    )
    assert check["form_decision"] == check["analysis"]["form"]["decision"]
    FormDocument.model_validate(check["analysis"])
    (listed,) = (await person.get("/form-checks"))["items"]
    assert check | listed == check

    video = await person.http.get(check["video_url"])
    assert (video.status_code, video.headers["content-type"]) == (200, "video/mp4")
    with av.open(io.BytesIO(video.content)) as annotated:
        assert annotated.streams.video[0].frames > 0
    still = await person.http.get(check["thumbnail_url"])
    assert (still.status_code, still.headers["content-type"]) == (200, "image/jpeg")
    shown = cv2.imdecode(np.frombuffer(still.content, np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    assert max(shown.shape) <= 960
    assert shown.std() > 10, "a picture, not a plain surface"
    track = await person.get(f"/form-checks/{check['id']}/track")
    assert len(track["xy"]) == len(track["t_s"])
    assert track["t_s"][-1] == pytest.approx(check["duration_s"], abs=0.1)
    assert sum(points is not None for points in track["xy"]) > 0.9 * len(track["xy"])
    compared = await person.get(f"/form-checks/{check['id']}/comparison")
    assert compared["reps"] == check["rep_count"]
    (points,) = (key for key in api.stored_files() if key.endswith(".npz"))
    assert len(read_poses(api.settings.objects_dir / points)[0]) == check["analysis"]["frames"]
    assert [key for key in api.stored_files() if key.startswith("uploads/")] == []
    assert api.staged_files() == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("text.mp4", b"just text, renamed", "not_a_video"), ("sound.mp4", sound_only(), "no_video_stream")],
    ids=["text", "sound-only"],
)
async def test_what_is_no_video_fails_with_a_code_and_is_not_kept(
    api: Api, person: Person, name: str, content: bytes, code: str
) -> None:
    job = await analyse(api, person, name, content)
    assert (job["state"], job["error"]["code"]) == ("failed", code)
    assert job["error"]["remedy"]
    assert job["error"]["file"] == name
    assert str(api.settings.data_dir) not in str(job)
    assert api.stored_files() == set()
    assert api.staged_files() == []
    assert (await person.get("/form-checks"))["items"] == []


async def test_a_video_is_sent_whole_or_in_ranges(api: Api, person: Person) -> None:
    content = bytes(range(256)) * 10_000
    path = f"/api/v1/form-checks/{await store_form_check(api, person, content)}/video"

    async def fetch(**headers: str) -> httpx.Response:
        return await person.http.get(path, headers=headers)

    whole = await fetch()
    assert (whole.status_code, whole.content == content, whole.headers["accept-ranges"]) == (200, True, "bytes")
    first = await fetch(Range="bytes=0-99")
    assert (first.status_code, first.content) == (206, content[:100])
    assert first.headers["content-range"] == f"bytes 0-99/{len(content)}"
    assert (await fetch(Range="bytes=1000000-2500000")).content == content[1_000_000:2_500_001]
    assert (await fetch(Range="bytes=-5")).content == content[-5:]
    assert (await fetch(Range=f"bytes={len(content) - 3}-")).content == content[-3:]
    outside = await fetch(Range=f"bytes={len(content)}-")
    assert (outside.status_code, outside.headers["content-range"]) == (416, f"bytes */{len(content)}")
    for ignored in ("bytes=5-2", "bytes=0-1,5-6", "items=0-1", "bytes=-"):
        assert (await fetch(Range=ignored)).status_code == 200, ignored
    assert (await fetch(Range="bytes=0-1", **{"If-Range": '"another"'})).status_code == 200
    assert (await fetch(**{"If-None-Match": whole.headers["etag"]})).status_code == 304


async def test_deleting_removes_the_video_too(api: Api, person: Person) -> None:
    form_check_id = await store_form_check(api, person, b"video")
    await person.call("DELETE", f"/form-checks/{form_check_id}", status=204)
    await person.get(f"/form-checks/{form_check_id}", status=404)
    assert api.stored_files() == set()


async def test_a_stranger_gets_nothing(api: Api, person: Person) -> None:
    form_check_id = await store_form_check(api, person, b"video")
    stranger = await api.sign_up()
    for path in (f"/form-checks/{form_check_id}", f"/form-checks/{form_check_id}/video"):
        assert (await stranger.get(path, status=404))["code"] == "not_found"
        async with api.client() as nobody:
            assert (await nobody.get(f"/api/v1{path}")).status_code == 401
    await stranger.call("DELETE", f"/form-checks/{form_check_id}", status=404)
    assert (await stranger.get("/form-checks"))["items"] == []
    assert (await person.get(f"/form-checks/{form_check_id}"))["rep_count"] == 5


async def test_an_unknown_exercise_is_refused_and_nothing_is_kept(api: Api, person: Person) -> None:
    problem = await upload(person, "set.mp4", b"video", status=422, exercise="moonwalk")
    assert problem["code"] == "invalid_input"
    assert "push_up" in problem["remedy"]
    assert api.stored_files() == set()
    assert api.staged_files() == []
