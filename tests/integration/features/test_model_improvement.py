"""The whole loop on made-up people: a weak verdict, what they say of it, a better one, a poisoned one, and back.

Nothing here says how good a verdict is on real people: what is true comes from the parameters of the made-up ones.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

import numpy as np
import pytest
from sqlalchemy import text
from tests.integration.features.test_administration import with_role
from tests.integration.features.test_consents import consent
from tests.support.api import Api, Person

from topform.core.documents import plain
from topform.core.ids import AthleteId
from topform.entrypoints.trainer import step_trainer, verdict_trainer
from topform.features.form_checks.collecting import person_code
from topform.features.form_checks.deciding import decided, deciding_verdict
from topform.features.form_checks.repository import FormCheckRepository
from topform.features.form_checks.tables import FormCheckRow
from topform.features.improvement.datasets import build_dataset
from topform.features.improvement.examples import input_bins
from topform.features.improvement.training import registry_of
from topform.features.improvement.watching import MIN_INPUTS, watch
from topform.features.models.public import NewVersion
from topform.kinematics.form_analysis import Exercise, FormAnalysis, FormDecision
from topform.kinematics.learned_form import MODEL_ID as STEP_MODEL_ID
from topform.kinematics.verdict import CONSTANTS
from topform.kinematics.verdict_model import MODEL_ID, write_constants
from topform.kinematics.verdict_training import is_held_out
from topform.ml.synthesis.as_dataset import poses_and_form
from topform.ml.synthesis.recordings import synthesise
from topform.platform.settings import Settings
from topform.platform.web.identity import Role
from topform.vision.analysis import analyze_sequence
from topform.vision.form_model import FormModels

JUDGES, LEARNERS = 8, 12
PEOPLE, SETS_EACH, SHADOW_SETS, DRIFTED_SETS = JUDGES + LEARNERS, 4, 20, 60
WEAK = replace(CONSTANTS, line=-0.5, head=-0.5, tempo=-0.5, other=-0.5, slope_faulty=12.0)
"""Calls nearly every set wrong."""


@dataclass
class Crowd:
    """People who agreed, and sets of made-up athletes with what is true of them."""

    people: list[Person]
    sets: Iterator[tuple[FormAnalysis, bool]]


def made_up_sets(count: int) -> Iterator[tuple[FormAnalysis, bool]]:
    """Return analysed sets of made-up athletes and whether they were wrong."""
    rng, models, found = np.random.default_rng(5), FormModels(), 0
    while found < count:
        made_up = synthesise(rng, count=64, frames=80)
        for row in range(64):
            poses, form = poses_and_form(made_up, row)
            if form is None or found == count:
                continue
            analysis = analyze_sequence(poses, exercise=Exercise.PUSH_UP, form_models=models)
            if analysis.reps:
                found += 1
                yield analysis, form == "wrong"


@pytest.fixture
def settings(database_url: str, tmp_path) -> Settings:
    """A small server: gates that a handful of people can pass."""
    return Settings(
        data_dir=tmp_path,
        database_url=database_url,
        improve_min_people=6,
        improve_min_sets=24,
        improve_shadow_checks=SHADOW_SETS,
    )


async def film(api: Api, person: Person, analysis: FormAnalysis, *, says_wrong: bool | None) -> dict:
    """Store a set as the worker does, judged by the version in force; its athlete says what they think of it."""
    use = api.resources
    form_check_id = uuid4()
    async with use.database.transaction() as session:
        deciding = await deciding_verdict(session, use.store, use.settings, now=use.clock.now())
        judged = decided(analysis, deciding)
        await FormCheckRepository(session).add(
            FormCheckRow(
                id=form_check_id,
                athlete_id=AthleteId(UUID(person.athlete["id"])),
                exercise=judged.exercise.value,
                file_name="set.mp4",
                rep_count=judged.rep_count,
                form_decision=judged.form.decision.value,
                duration_s=judged.duration_s,
                document=plain(judged.as_dict()),
                created_at=use.clock.now(),
            )
        )
    if says_wrong is None:
        return {"id": str(form_check_id)}
    said = {"form": "faulty" if says_wrong else "correct"}
    return await person.call("PUT", f"/form-checks/{form_check_id}/opinion", status=200, json=said)


async def crowd_of(api: Api) -> Crowd:
    """Return people who agreed to have their form checks used: as many as judge and as many as train, in each run."""
    judges: list[Person] = []
    learners: list[Person] = []
    for place in itertools.count():
        if len(judges) >= JUDGES and len(learners) >= LEARNERS:
            break
        person = await api.sign_up(address=f"192.0.2.{place}")
        (judges if is_held_out(person_code(UUID(person.athlete["id"]))) else learners).append(person)
    people = judges[:JUDGES] + learners[:LEARNERS]
    for person in people:
        await consent(person, given=True)
    return Crowd(people, made_up_sets(PEOPLE * SETS_EACH + SHADOW_SETS + DRIFTED_SETS + 1))


async def film_all(api: Api, crowd: Crowd, count: int) -> list[dict]:
    """Have the people film sets in turn, and say what is true of them."""
    said = []
    for place in range(count):
        analysis, is_wrong = next(crowd.sets)
        said.append(await film(api, crowd.people[place % PEOPLE], analysis, says_wrong=is_wrong))
    return said


async def film_what_is_new(api: Api, crowd: Crowd, count: int) -> None:
    """Have the people film push-ups that look right to the published limits, and which they call wrong."""
    for place in range(count):
        analysis, _ = next(crowd.sets)
        if analysis.form.decision is FormDecision.CORRECT:
            await film(api, crowd.people[place % PEOPLE], analysis, says_wrong=True)


async def train(api: Api, admin: Person) -> None:
    """Ask for a training as administrators do, and have the worker do it."""
    assert (await admin.call("POST", "/admin/improvement/training", status=202))["is_queued"]
    await api.work(VerdictTrainer=verdict_trainer(), StepTrainer=step_trainer())


async def states(admin: Person) -> dict[int, str]:
    """Return the state of every version as administrators see it."""
    (model,) = (one for one in (await admin.get("/admin/models"))["models"] if one["model_id"] == MODEL_ID)
    return {one["number"]: one["state"] for one in model["versions"]}


async def version(admin: Person, number: int) -> dict:
    return await admin.get(f"/admin/models/{MODEL_ID}/versions/{number}")


async def add_version(
    api: Api, constants, *, card: dict | None = None, trained_on: dict | None = None, dataset: int | None = None
):
    async with api.resources.database.transaction() as session:
        registry = await registry_of(session, api.resources)
        described = {"use": "a drill", **(card or {})}
        new = NewVersion(MODEL_ID, write_constants(constants), described, trained_on or {}, dataset)
        return await registry.register(new, reason="made for a drill")


async def test_administrators_read_why_nothing_could_be_trained(api: Api) -> None:
    admin = await with_role(api, Role.ADMIN)
    assert (await admin.get("/admin/improvement"))["hindrances"] == []
    await train(api, admin)
    found = {one["model_id"]: one for one in (await admin.get("/admin/improvement"))["hindrances"]}
    assert found.keys() == {MODEL_ID, STEP_MODEL_ID}
    assert (found[MODEL_ID]["code"], found[MODEL_ID]["labels"]) == ("no_training_examples", 1)
    assert found[MODEL_ID]["message"].startswith("Training needs sets that people called right")
    # Without the extra `train` nothing of the step model can be trained at all.
    assert found[STEP_MODEL_ID]["code"] in {"no_training_examples", "model_unavailable"}


async def test_the_loop_from_a_weak_verdict_to_a_better_one_and_back(api: Api, settings: Settings) -> None:
    admin, crowd = await with_role(api, Role.ADMIN), await crowd_of(api)
    use = api.resources

    # A weakened champion decides.
    weak = await add_version(api, WEAK)
    async with use.database.transaction() as session:
        registry = await registry_of(session, use)
        await registry.promote(await registry.version(MODEL_ID, weak.number), reason="weakened for a drill")
    assert await states(admin) == {1: "retired", 2: "champion"}
    said = await film_all(api, crowd, PEOPLE * SETS_EACH)
    disputes = sum(one["agrees"] is False for one in said)
    assert disputes > 25 and all(one["used_for_training"] for one in said)

    # What they said becomes labels, the labels a challenger, which wins on people it never saw.
    await train(api, admin)
    assert await states(admin) == {1: "retired", 2: "champion", 3: "shadow"}
    challenger = await version(admin, 3)
    numbers = challenger["transitions"][-1]["numbers"]
    assert challenger["is_verified"] and numbers["against"] == 2
    assert numbers["gain"]["low"] > 0.0 and numbers["agrees"]["challenger"] > numbers["agrees"]["champion"]
    assert numbers["seen_in_training"] == {"people": 0, "examples": 0}
    (labels,) = (await admin.get("/admin/improvement"))["labels"]
    assert labels["counts"]["sets"] == challenger["card"]["labels"]["sets"] <= PEOPLE * SETS_EACH
    assert labels["counts"]["people"] == PEOPLE and labels["parent_number"] is None
    assert "accuracy" not in json.dumps(challenger["transitions"])

    # Beside the champion on new sets it does no worse, and takes over.
    await film_all(api, crowd, SHADOW_SETS - 1)
    assert (await watch(use))["shadow"]["outcome"] == "runs"
    on_trial = {"model_id": MODEL_ID, "version": 3, "sets": SHADOW_SETS - 1, "sets_wanted": SHADOW_SETS}
    assert (await admin.get("/admin/improvement"))["shadows"] == [on_trial]
    await film_all(api, crowd, 1)
    watched = await watch(use)
    assert watched["shadow"]["outcome"] == "promoted" and watched["shadow"]["sets"] == SHADOW_SETS
    assert watched["shadow"]["shadow_contradicted"] <= watched["shadow"]["champion_contradicted"]
    assert await states(admin) == {1: "retired", 2: "retired", 3: "champion"}
    found = await admin.get("/admin/improvement")
    assert found["shadows"] == []
    assert [one["model_id"] for one in found["hindrances"]] == [STEP_MODEL_ID]  # nobody marked repetitions
    judged = {one["version"]: one["decisions"] for one in found["judgements"]}
    assert sum(judged[3].values()) == SHADOW_SETS < sum(judged[2].values())

    # One trained on flipped labels and one trained on the people it is judged by are refused.
    async with use.database.transaction() as session:
        dataset = await build_dataset(session, now=use.clock.now())
    flipped = [replace(one, is_wrong=not one.is_wrong) for one in dataset.examples]
    poisoned = verdict_trainer().fit(flipped, CONSTANTS)
    await add_version(api, poisoned.constants, trained_on=_seen(flipped, held_out=False), dataset=dataset.row.number)
    await add_version(api, CONSTANTS, trained_on=_seen(dataset.examples, held_out=True), dataset=dataset.row.number)
    await train(api, admin)
    now = await states(admin)
    assert (now[3], now[4], now[5]) == ("champion", "refused", "refused")
    assert "no_proven_gain" in (await version(admin, 4))["transitions"][-1]["reason"]
    assert "trained_on_held_out_people" in (await version(admin, 5))["transitions"][-1]["reason"]
    refused = {"reason": "I want it all the same"}
    await admin.call("POST", f"/admin/models/{MODEL_ID}/versions/4/promote", status=409, json=refused)

    # The world changes: what looked right is called wrong. The one before is contradicted less, and decides again.
    await film_what_is_new(api, crowd, DRIFTED_SETS)
    watched = await watch(use)
    assert watched["rolled_back_to"] == 2
    assert (await states(admin))[2] == "champion" and (await states(admin))[3] == "retired"
    (alarm,) = (await admin.get("/admin/improvement"))["alarms"]
    assert (alarm["version"], alarm["kind"], alarm["outcome"]) == (3, "disputes", "rolled back to version 2")
    assert alarm["numbers"]["share"] > alarm["numbers"]["former_share"]
    async with api.client() as http:
        told = (await http.get("/metrics")).text
    assert 'topform_model_alarms{kind="disputes"} 1.0' in told
    assert 'topform_model_alarms{kind="inputs"} 0.0' in told
    (_, at), *others = [
        line.rsplit(" ", 1) for line in told.splitlines() if line.startswith("topform_model_last_alarm_timestamp")
    ]
    assert float(at) == datetime.fromisoformat(alarm["created_at"]).timestamp() and others == []
    assert "people contradict it" in (await version(admin, 3))["transitions"][-1]["reason"]
    await _asked_about(api, crowd)
    await _seen_on_the_command_line(settings)
    await _withdrawn(api, crowd.people[0])


@pytest.mark.parametrize("former_knows_them", [True, False])
async def test_other_sets_than_learned_from_bring_back_a_version_that_knows_them(
    api: Api, former_knows_them: bool
) -> None:
    person = await api.sign_up()
    await consent(person, given=True)
    use = api.resources
    ((analysis, _),) = made_up_sets(1)
    like_today = input_bins([plain(analysis.as_dict())] * MIN_INPUTS)
    (view,) = like_today["view"]
    otherwise = {**like_today, "view": {"front" if view != "front" else "side": MIN_INPUTS}}
    for place, known in enumerate([like_today if former_knows_them else otherwise, otherwise]):
        new = await add_version(api, replace(CONSTANTS, slope_faulty=3.1 + place), card={"inputs": known})
        async with use.database.transaction() as session:
            registry = await registry_of(session, use)
            await registry.promote(await registry.version(MODEL_ID, new.number), reason="a drill")
    for _ in range(MIN_INPUTS - 1):
        await film(api, person, analysis, says_wrong=False)
    assert (await watch(use))["rolled_back_to"] is None
    await film(api, person, analysis, says_wrong=False)
    watched = await watch(use)
    assert (watched["champion"], watched["rolled_back_to"]) == (3, 2 if former_knows_them else None)
    admin = await with_role(api, Role.ADMIN)
    (alarm,) = (await admin.get("/admin/improvement"))["alarms"]
    assert (alarm["version"], alarm["kind"]) == (3, "inputs")
    assert alarm["numbers"]["psi"]["view"] > alarm["numbers"]["limit"]
    assert alarm["outcome"].startswith("rolled back to version 2") is former_knows_them
    assert (await states(admin))[2 if former_knows_them else 3] == "champion"
    assert (await watch(use))["rolled_back_to"] is None, "it does not swing between the two"


def _seen(examples, *, held_out: bool) -> dict[str, list[str]]:
    used = [one for one in examples if held_out or not one.is_held_out]
    return {"examples": sorted({one.sha256 for one in used}), "people": sorted({one.person for one in used})}


async def _asked_about(api: Api, crowd: Crowd) -> None:
    """Check that a set nobody spoke of is asked about, its owner only, and only while they agree."""
    analysis, _ = next(crowd.sets)
    filmed = await film(api, crowd.people[1], analysis, says_wrong=None)
    (asked,) = (await crowd.people[1].get("/label-queue"))["items"]
    assert asked["form_check_id"] == filmed["id"]
    assert asked["reason"] in {"uncertain", "evidence_disagrees", "few_like_it", "by_lot"}
    assert (await crowd.people[2].get("/label-queue"))["items"] == []
    stranger = await api.sign_up(address="198.51.100.7")
    assert (await stranger.get("/label-queue"))["items"] == []
    await stranger.get(f"/form-checks/{filmed['id']}/opinion", status=404)
    await stranger.get("/admin/improvement", status=403)


async def _seen_on_the_command_line(settings: Settings) -> None:
    """Check that the commands tell the same story, with the history of the version that was rolled back."""
    url = settings.database_url.get_secret_value() if settings.database_url is not None else ""
    environment = {**os.environ, "TOPFORM_DATABASE_URL": url, "TOPFORM_DATA_DIR": str(settings.data_dir)}

    async def told(*arguments: str) -> dict:
        command = [sys.executable, "-m", "topform", *arguments, "--json"]
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
        written, _ = await process.communicate()
        assert process.returncode == 0, written
        return json.loads(written)

    listed = await told("models", "versions")
    (verdict,) = (one for one in listed["models"] if one["model_id"] == MODEL_ID)
    assert verdict["champion"] == 2 and len(listed["public_keys"]) == 1
    assert (await told("form", "queue"))["waiting"] == 1
    back = await told("models", "promote", "3", "--reason", "the drill is over")
    assert [one["after"] for one in back["transitions"]] == ["candidate", "shadow", "champion", "retired", "champion"]
    assert back["state"] == "champion" and back["transitions"][-1]["decided_by"] == "command"


async def _withdrawn(api: Api, person: Person) -> None:
    """Check that a withdrawal takes the person out of the next version of the labels, and the earlier ones."""
    use = api.resources
    async with use.database.transaction() as session:
        before = await build_dataset(session, now=use.clock.now())
        again = await build_dataset(session, now=use.clock.now())
    assert (again.row.number, again.is_new) == (before.row.number, False)
    await consent(person, given=False)
    async with use.database.transaction() as session:
        after = await build_dataset(session, now=use.clock.now())
        left = await session.scalar(
            text("SELECT count(*) FROM model_dataset_examples WHERE athlete_id = :who"), {"who": person.athlete["id"]}
        )
    assert after.row.parent_number == before.row.number and after.row.counts["people"] == PEOPLE - 1
    assert after.row.counts["removed"] > 0 and after.row.counts["added"] == 0 and left == 0
