"""Sets that were counted live: saved without body points, or with them and analysed again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support.api import Api, Person
from tests.support.push_up_body import PushUps

from topform.features.form_checks.schemas import FormDocument
from topform.kinematics.form_analysis import Exercise
from topform.kinematics.pose_sequence import PoseSequence
from topform.vision.analysis import VideoAnalysis, analyze_sequence
from topform.vision.poses_file import write_poses


def sagging() -> PoseSequence:
    """Five push-ups from the side with hips that hang."""
    body = PushUps(bottoms_m=(0.22,) * 5, noise_px=1.0, hip_offset=-0.09)
    return body.frames(20.0, rng=np.random.default_rng(4))


def as_said_live(recorded: dict[str, Any]) -> dict[str, Any]:
    """Return what the app says of a set, taken from the recorded analysis of the same poses."""
    copied = ("start_s", "turn_s", "end_s", "complete", "range_m", "min_elbow_deg", "max_elbow_deg", "body_line_deg")
    finding = ("code", "decision", "probability", "reason", "measured", "learned_probability")
    return {
        "exercise": "push_up",
        "duration_s": recorded["duration_s"],
        "frames": recorded["frames"],
        "poses_found": recorded["poses_found"],
        "reps": [
            {name: rep[name] for name in (*copied, "score")}
            | {"faults": [{name: one[name] for name in finding} for one in rep["faults"]]}
            for rep in recorded["reps"]
        ],
    }


@pytest.fixture(scope="module")
def recorded() -> dict[str, Any]:
    return analyze_sequence(sagging(), exercise=Exercise.PUSH_UP).as_dict()


async def test_a_set_counted_live_gets_the_verdict_of_the_recorded_one(
    api: Api, person: Person, recorded: dict[str, Any]
) -> None:
    saved = await person.call("POST", "/form-checks/live", status=201, json=as_said_live(recorded))
    assert (saved["exercise"], saved["rep_count"], saved["form_decision"]) == ("push_up", 5, "faulty")
    check = await person.get(f"/form-checks/{saved['id']}")
    FormDocument.model_validate(check["analysis"])
    assert check["analysis"]["form"]["probability_faulty"] == pytest.approx(
        recorded["form"]["probability_faulty"], abs=0.01
    )
    assert check["analysis"]["form"]["faults"] == recorded["form"]["faults"]
    assert check["analysis"]["form"]["faults"][0] == "hips_sag"
    for kept, rep in zip(check["analysis"]["reps"], recorded["reps"], strict=True):
        # The range is the difference of two angles that were rounded before.
        assert kept["range_deg"] == pytest.approx(rep["range_deg"], abs=0.11)
        window = [rep["start_s"], rep["end_s"]]
        faults = [one | {"window_s": window} for one in rep["faults"]]
        assert kept == rep | {"faults": faults, "range_deg": kept["range_deg"]}
    assert check["analysis"]["feedback"] == recorded["feedback"]
    # Nothing that could show the body is there.
    assert (check["video_url"], check["has_track"], check["references"]) == (None, False, [])
    assert (await person.get("/form-checks"))["items"][0]["id"] == saved["id"]


async def test_saving_twice_with_one_key_stores_one_set(person: Person, recorded: dict[str, Any]) -> None:
    said = as_said_live(recorded)
    answers = [
        await person.call(
            "POST", "/form-checks/live", status=201, json=said, headers={"Idempotency-Key": "set-of-the-evening"}
        )
        for _ in range(2)
    ]
    assert answers[0]["id"] == answers[1]["id"]
    assert len((await person.get("/form-checks"))["items"]) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        lambda said: said["reps"][0]["faults"].pop(),
        lambda said: said["reps"].reverse(),
        lambda said: said["reps"][1].update(turn_s=0.0),
        lambda said: said.update(poses_found=said["frames"] + 1),
        lambda said: said.update(duration_s=0.5),
        lambda said: said.update(reps=[]),
        lambda said: said.update(picture="no"),
        lambda said: said.update(frames=10**6),
        lambda said: said.update(poses_found=0),
        lambda said: said["reps"][0].update(turn_s=said["reps"][0]["start_s"], end_s=said["reps"][0]["start_s"]),
        lambda said: said["reps"][0].update(end_s=said["reps"][1]["turn_s"]),
        lambda said: said["reps"][0].update(min_elbow_deg=170.0, max_elbow_deg=70.0),
        lambda said: said["reps"][0]["faults"][0].update(decision="fault", probability=0.0, measured=1.0),
        lambda said: said["reps"][0]["faults"][0].update(decision="none", probability=1.0, measured=1.0),
        lambda said: said["reps"][0]["faults"][0].update(decision="abstain", probability=0.1, measured=None),
        lambda said: said["reps"][0]["faults"][0].update(decision="none", probability=0.05, measured=None),
    ],
)
async def test_what_contradicts_itself_is_refused(person: Person, recorded: dict[str, Any], wrong: Any) -> None:
    said = as_said_live(recorded)
    wrong(said)
    await person.call("POST", "/form-checks/live", status=422, json=said)
    assert (await person.get("/form-checks"))["items"] == []


async def test_body_points_that_the_athlete_gives_are_analysed_and_kept(
    api: Api, person: Person, tmp_path: Path, recorded: dict[str, Any]
) -> None:
    file = tmp_path / "live.npz"
    write_poses(file, sagging())
    job = await person.call(
        "POST",
        "/form-checks",
        status=202,
        files={"file": ("live.npz", file.read_bytes())},
        data={"exercise": "push_up"},
    )
    await api.work(VideoAnalyzer=VideoAnalysis())
    job = await person.get(f"/jobs/{job['id']}")
    assert (job["state"], job["error"]) == ("succeeded", None)
    check = await person.get(f"/form-checks/{job['result']['form_check_id']}")
    assert check["rep_count"] == recorded["rep_count"] == 5
    assert check["analysis"]["form"]["faults"] == recorded["form"]["faults"]
    assert (check["video_url"], check["has_track"]) == (None, True)


async def test_an_archive_that_holds_no_poses_is_refused(api: Api, person: Person, tmp_path: Path) -> None:
    file = tmp_path / "live.npz"
    with file.open("wb") as opened:
        np.savez(opened, something=np.zeros(3))
    job = await person.call("POST", "/form-checks", status=202, files={"file": ("live.npz", file.read_bytes())})
    await api.work(VideoAnalyzer=VideoAnalysis())
    job = await person.get(f"/jobs/{job['id']}")
    assert job["state"] == "failed"
    assert "xy" in job["error"]["message"]


async def test_a_set_says_which_pictures_were_passed_over(person: Person, recorded: dict[str, Any]) -> None:
    said = as_said_live(recorded)
    camera = {"dropped": 3, "dropped_s": [0.5, 0.533, 2.0], "gaps": [{"start_s": 1.0, "end_s": 2.5}]}
    saved = await person.call("POST", "/form-checks/live", status=201, json=said | {"camera": camera})
    analysis = (await person.get(f"/form-checks/{saved['id']}"))["analysis"]
    assert analysis["camera"] == camera | {"frames": said["frames"]}
    assert [warning["code"] for warning in analysis["warnings"]] == ["pictures_dropped"]

    silent = await person.call("POST", "/form-checks/live", status=201, json=said)
    analysis = (await person.get(f"/form-checks/{silent['id']}"))["analysis"]
    assert (analysis["camera"], analysis["warnings"]) == (None, [])
    for wrong in (
        {"dropped": 4},
        {"dropped_s": [0.5, 0.4, 2.0]},
        {"dropped_s": [0.5, 0.6, 1e6]},
        {"gaps": [{"start_s": 2.0, "end_s": 1.0}]},
        {"gaps": [{"start_s": 2.0, "end_s": 1e6}]},
    ):
        await person.call("POST", "/form-checks/live", status=422, json=said | {"camera": camera | wrong})
