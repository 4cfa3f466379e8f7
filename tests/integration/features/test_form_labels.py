"""What people say about a form check, who may say it, and what of it becomes training data."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from tests.integration.features.test_consents import consent
from tests.integration.features.test_plans_and_fitness import REQUEST
from tests.support.api import Api, Person
from tests.support.push_up_body import PushUps

from topform.core.ids import AthleteId
from topform.entrypoints.cli.collecting import collect_dataset
from topform.features.form_checks.public import consented_checks
from topform.features.form_checks.repository import FormCheckRepository
from topform.features.form_checks.tables import FormCheckRow
from topform.features.improvement.datasets import build_dataset
from topform.features.improvement.repository import ImprovementRepository
from topform.features.improvement.training import registry_of
from topform.features.improvement.watching import forget_withdrawn
from topform.features.models.public import NewVersion
from topform.kinematics.movement_track import curves_of, movement_track
from topform.kinematics.verdict_model import MODEL_ID
from topform.ml.dataset import read_dataset
from topform.ml.quality import quality_report
from topform.vision.analysis import analyze_sequence
from topform.vision.poses_file import write_poses

CLEAN = PushUps(bottoms_m=(0.2,) * 6)
SAGGING = PushUps(bottoms_m=(0.2,) * 6, hip_offset=-0.08)


async def store(api: Api, person: Person, push_ups: PushUps, folder: Path) -> str:
    """Store a form check of made-up push-ups, analysed by the real analysis, as the worker does."""
    poses = push_ups.frames()
    analysis = analyze_sequence(poses, exercise=None)
    form_check_id = uuid4()
    key = f"form-checks/{person.athlete['id']}/{form_check_id}"
    write_poses(folder / "poses.npz", poses)
    await api.resources.store.put(f"{key}.npz", (folder / "poses.npz").read_bytes())
    await api.resources.store.put(f"{key}.json", json.dumps(movement_track(poses)).encode())
    async with api.resources.database.transaction() as session:
        await FormCheckRepository(session).add(
            FormCheckRow(
                id=form_check_id,
                athlete_id=AthleteId(UUID(person.athlete["id"])),
                exercise=analysis.exercise.value,
                file_name="set.mp4",
                rep_count=analysis.rep_count,
                form_decision=analysis.form.decision.value,
                duration_s=analysis.duration_s,
                document=analysis.as_dict(),
                poses_key=f"{key}.npz",
                track_key=f"{key}.json",
                rep_curves=[curve.as_dict() for curve in curves_of(poses, analysis)],
                created_at=api.resources.clock.now(),
            )
        )
    return str(form_check_id)


def marked(*faults: str, count: int = 6) -> dict:
    """Labels of a set of two-second repetitions, the named faults in the first half of them."""
    return {
        "reps": [
            {
                "start_s": 1.0 + 2.0 * i,
                "turn_s": 2.0 + 2.0 * i,
                "end_s": 2.9 + 2.0 * i,
                "complete": True,
                "faults": list(faults) if i < count // 2 else [],
            }
            for i in range(count)
        ]
    }


async def test_the_last_word_about_a_cue_or_the_count_is_kept(api: Api, person: Person, tmp_path: Path) -> None:
    path = f"/form-checks/{await store(api, person, SAGGING, tmp_path)}/disputes"
    cue = await person.call("POST", path, status=201, json={"kind": "cue_wrong", "fault": "hips_sag"})
    await person.call("POST", path, status=201, json={"kind": "cue_wrong", "fault": "hips_sag", "rep_index": 2})
    await person.call("POST", path, status=201, json={"kind": "count_wrong", "rep_count": 7})
    await person.call("POST", path, status=201, json={"kind": "count_wrong", "rep_count": 5})
    said = await person.get(path)
    assert [(one["kind"], one["fault"], one["rep_index"], one["rep_count"]) for one in said["items"]] == [
        ("cue_wrong", "hips_sag", None, None),
        ("cue_wrong", "hips_sag", 2, None),
        ("count_wrong", None, None, 5),
    ]
    assert said["used_for_training"] is False
    await person.call("DELETE", f"{path}/{cue['id']}", status=204)
    assert len((await person.get(path))["items"]) == 2
    for wrong in ({"kind": "cue_wrong"}, {"kind": "count_wrong"}, {"kind": "cue_wrong", "fault": "handstand"}):
        await person.call("POST", path, status=422, json=wrong)


async def test_only_what_was_agreed_to_and_labelled_is_collected(api: Api, person: Person, tmp_path: Path) -> None:
    """Consent off, on, withdrawn; a second athlete who never agreed is in no set."""
    mine, unlabelled = await store(api, person, SAGGING, tmp_path), await store(api, person, CLEAN, tmp_path)
    silent = await api.sign_up()
    theirs = await store(api, silent, SAGGING, tmp_path)
    for owner, check in ((person, mine), (silent, theirs)):
        await owner.call("PUT", f"/form-checks/{check}/labels", status=200, json=marked("hips_sag"))
    await person.call("POST", f"/form-checks/{mine}/disputes", status=201, json={"kind": "count_wrong", "rep_count": 6})
    assert (await collect_dataset(api.resources, tmp_path / "before"))["recordings"] == 0

    await consent(person, given=True)
    outcome = await collect_dataset(api.resources, tmp_path / "agreed")
    assert (outcome["recordings"], outcome["people"]) == (1, 1)
    (recording,) = read_dataset(tmp_path / "agreed").recordings
    assert (recording.rep_count, recording.faults, len(recording.reps)) == (6, ("hips_sag",), 6)
    assert recording.consent.startswith("improve_form_model, text 1, given ")
    written = (tmp_path / "agreed" / "labels.json").read_text()
    for secret in (person.athlete["id"], person.athlete["email"], mine, unlabelled):
        assert secret not in written
    poses = read_dataset(tmp_path / "agreed").poses_of(recording)
    assert np.allclose(poses.xy_px, SAGGING.frames().xy_px, atol=0.01)

    await consent(person, given=False)
    assert (await collect_dataset(api.resources, tmp_path / "withdrawn"))["recordings"] == 0
    await consent(person, given=True)
    await person.call("DELETE", f"/form-checks/{mine}", status=204)
    assert (await collect_dataset(api.resources, tmp_path / "deleted"))["recordings"] == 0


async def test_a_second_person_sees_the_skeleton_and_nothing_else(api: Api, person: Person, tmp_path: Path) -> None:
    check = await store(api, person, SAGGING, tmp_path)
    other = await api.sign_up()
    labels, rater = f"/form-checks/{check}/labels", f"/form-checks/{check}/rater"
    await other.get(labels, status=404)
    await person.call("PUT", labels, status=200, json=marked("hips_sag"))
    asked = await person.call("PUT", rater, status=200, json={"email": other.athlete["email"]})
    nobody = await person.call("PUT", rater, status=200, json={"email": "nobody@example.org"})
    assert {**asked["rater"], "email": 0, "granted_at": 0} == {**nobody["rater"], "email": 0, "granted_at": 0}
    await other.get(labels, status=404)
    await person.call("PUT", rater, status=200, json={"email": other.athlete["email"].upper()})

    (request,) = (await other.get("/form-checks/label-requests"))["items"]
    assert (request["form_check_id"], request["has_labelled"]) == (check, False)
    sheet = await other.get(labels)
    assert (sheet["is_owner"], sheet["labels"], sheet["rater"], sheet["agreement"]) == (False, None, None, [])
    track = await other.get(f"/form-checks/{check}/track")
    assert len(track["t_s"]) == len(track["xy"])
    assert track["xy"][0] is not None
    for hidden in ("", "/video", "/comparison", "/disputes"):
        await other.get(f"/form-checks/{check}{hidden}", status=404)
    await other.call("PUT", rater, status=404, json={"email": "third@example.org"})

    # Six repetitions: both see the fault in two, one of them in a third; by hand kappa = (5/6 - 1/2) / (1/2) = 2/3.
    second = marked("hips_sag")
    second["reps"][0]["faults"] = []
    await other.call("PUT", labels, status=200, json=second)
    sheet = await person.get(labels)
    assert (sheet["matched_reps"], sheet["rater"]["has_labelled"]) == (6, True)
    sag = next(one for one in sheet["agreement"] if one["fault"] == "hips_sag")
    assert (sag["reps"], sag["agreed"]) == (6, 5)
    assert sag["kappa"] == pytest.approx(2 / 3, abs=1e-3)
    assert next(one for one in sheet["agreement"] if one["fault"] == "head_drop")["kappa"] is None

    await consent(person, given=True)
    await collect_dataset(api.resources, tmp_path / "set")
    agreement = quality_report(read_dataset(tmp_path / "set"))["agreement"]
    assert agreement["matched_reps"] == 6
    assert [(one["fault"], one["kappa"]) for one in agreement["faults"]] == [("hips_sag", 0.667)]

    await person.call("DELETE", rater, status=204)
    for closed in (labels, f"/form-checks/{check}/track"):
        await other.get(closed, status=404)
    assert (await other.get("/form-checks/label-requests"))["items"] == []
    assert len((await person.get(labels))["agreement"]) > 0


async def test_labels_must_make_sense(api: Api, person: Person, tmp_path: Path) -> None:
    labels = f"/form-checks/{await store(api, person, CLEAN, tmp_path)}/labels"
    rep = {"start_s": 1.0, "turn_s": 2.0, "end_s": 3.0}
    for wrong in (
        [{**rep, "end_s": 0.5}],
        [{**rep, "turn_s": 4.0}],
        [rep, rep],
        [{**rep, "faults": ["handstand"]}],
        [{**rep, "end_s": 500.0}],
    ):
        await person.call("PUT", labels, status=422, json={"reps": wrong})
    assert (await person.get(labels))["labels"] is None


async def test_a_set_is_compared_with_the_standard_and_with_the_athletes_best(
    api: Api, person: Person, tmp_path: Path
) -> None:
    shallow = await store(api, person, PushUps(bottoms_m=(0.46,) * 6), tmp_path)
    alone = await person.get(f"/form-checks/{shallow}/comparison")
    assert (alone["similarity"], alone["good_reps"]) == (None, 0)
    elbow = next(one for one in alone["joints"] if one["joint"] == "elbow")
    assert elbow["by_part_deg"]["bottom"] > 25.0
    assert len(elbow["by_phase_deg"]) == 16
    assert max(range(16), key=lambda i: abs(elbow["by_phase_deg"][i])) in range(6, 11)
    assert len(alone["reference_poses"]["xy"]) == 64
    assert (await person.get(f"/form-checks/{shallow}"))["references"] == ["standard"]
    for path in ("?reference=best_of_set", "?rep=99"):
        assert (await person.get(f"/form-checks/{shallow}/comparison{path}", status=404))["remedy"]

    clean = await store(api, person, CLEAN, tmp_path)
    assert (await person.get(f"/form-checks/{shallow}"))["references"] == ["standard", "best_ever"]
    assert (await person.get(f"/form-checks/{clean}"))["references"] == ["standard", "best_of_set", "best_ever"]
    best = await person.get(f"/form-checks/{shallow}/comparison?reference=best_ever")
    assert (best["reference_form_check_id"], best["good_reps"]) == (clean, 5)
    assert best["similarity"] == 0.0, "no good repetition of the athlete is as far from their best one"
    itself = await person.get(f"/form-checks/{clean}/comparison?reference=best_of_set&rep=3")
    assert (itself["reps"], itself["reference_form_check_id"]) == (1, clean)
    assert itself["distance"] < 0.1
    assert itself["similarity"] > 0.0


async def test_a_recommendation_becomes_a_question_about_the_plan(api: Api, person: Person, tmp_path: Path) -> None:
    check = await store(api, person, SAGGING, tmp_path)
    (advice, *_) = (await person.get(f"/form-checks/{check}"))["analysis"]["recommendations"]
    path = f"/form-checks/{check}/recommendations/{advice['fault']}/proposal"
    assert (await person.call("POST", path, status=404))["remedy"].startswith("Make a plan")
    today = api.resources.clock.now().date().isoformat()
    request = {
        **{name: REQUEST[name] for name in ("available_minutes",)},
        "athlete": {"sport": "strength", "experience": "beginner", "max_reps": {"push_up": 12}},
        "goal": {"type": "strength_max_reps", "exercise": "push_up", "current": 12, "target": 20, "weeks": 4},
        "start": today,
    }
    await person.call("POST", "/plans", status=202, json={"request": request})
    await api.work()
    proposal_id = (await person.call("POST", path, status=201))["proposal_id"]
    assert (await person.call("POST", path, status=201))["proposal_id"] == proposal_id
    (card,) = (await person.get("/plans/proposals?status=open"))["items"]
    assert (card["id"], card["code"], card["params"]["fault"]) == (proposal_id, "poor_form", advice["fault"])
    assert advice["drill"] in card["reason"]
    before = (await person.get("/plans/current"))["document"]
    plan = await person.call("POST", f"/plans/proposals/{proposal_id}/accept", status=200)
    (changed,) = [
        session
        for day in plan["document"]["days"]
        for session in day["sessions"]
        if any(advice["drill"] in step.get("text", "") for step in session["steps"])
    ]
    old = next(s for day in before["days"] for s in day["sessions"] if s["id"] == changed["id"])
    reps = [sum(step.get("reps") or 0 for step in session["steps"]) for session in (changed, old)]
    assert reps[0] == pytest.approx(0.7 * reps[1], rel=0.15)
    await person.call("POST", f"/form-checks/{check}/recommendations/heel_lift/proposal", status=404)


async def test_a_word_on_the_set_confirms_or_contradicts_and_can_be_taken_back(
    api: Api, person: Person, tmp_path: Path
) -> None:
    form_check_id = await store(api, person, SAGGING, tmp_path)
    path = f"/form-checks/{form_check_id}/opinion"
    assert (await person.get(path))["form"] is None
    said = await person.call("PUT", path, status=200, json={"form": "faulty"})
    assert (said["agrees"], said["used_for_training"]) == (True, False)
    assert (await person.call("PUT", path, status=200, json={"form": "correct"}))["agrees"] is False
    async with api.resources.database.transaction() as session:
        assert await consented_checks(session) == []
    await consent(person, given=True)
    async with api.resources.database.transaction() as session:
        (check,) = await consented_checks(session)
    assert (check.is_wrong, check.source) == (False, "opinion")
    await person.call("PUT", f"/form-checks/{form_check_id}/labels", status=200, json=marked("hips_sag"))
    async with api.resources.database.transaction() as session:
        (check,) = await consented_checks(session)
        assert (check.is_wrong, check.source) == (True, "raters")
        dataset = await build_dataset(session, now=api.resources.clock.now())
    assert dataset.row.counts["sources"] == {"raters": 1}
    await person.call("DELETE", path, status=204)
    assert (await person.get(path))["form"] is None
    await consent(person, given=False)
    await forget_withdrawn(api.resources)
    async with api.resources.database.transaction() as session:
        assert await ImprovementRepository(session).example_digests(MODEL_ID, dataset.row.number) == set()


async def test_a_set_whose_faults_are_all_denied_counts_as_right(api: Api, person: Person, tmp_path: Path) -> None:
    form_check_id = await store(api, person, SAGGING, tmp_path)
    await consent(person, given=True)
    faults = (await person.get(f"/form-checks/{form_check_id}"))["analysis"]["form"]["faults"]
    for place, fault in enumerate(faults):
        async with api.resources.database.transaction() as session:
            (check,) = await consented_checks(session)
        assert check.is_wrong is None, faults[place:]
        said = {"kind": "cue_wrong", "fault": fault}
        await person.call("POST", f"/form-checks/{form_check_id}/disputes", status=201, json=said)
    async with api.resources.database.transaction() as session:
        (check,) = await consented_checks(session)
    assert (check.is_wrong, check.source) == (False, "disputes")


async def test_a_changed_file_is_refused_and_the_version_before_decides(api: Api) -> None:
    use = api.resources
    async with use.database.transaction() as session:
        registry = await registry_of(session, use)
        row = await registry.register(NewVersion(MODEL_ID, b"something else", {}), reason="a test")
        await registry.promote(row, reason="a test")
    await use.store.put(row.object_key, b"changed since")
    async with use.database.transaction() as session:
        found = await (await registry_of(session, use)).champion(MODEL_ID)
        assert found is not None and found[0].number == 1
        row = await (await registry_of(session, use)).version(MODEL_ID, 2)
        assert row.state == "refused"
