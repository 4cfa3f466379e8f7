"""The step model in the loop, on sets of made-up people whose body points are stored; training itself needs PyTorch."""

from __future__ import annotations

import io
from uuid import UUID, uuid4

import numpy as np
from sqlalchemy import text
from tests.integration.features.test_consents import consent
from tests.support.api import Api
from tests.unit.ml.test_step_improvement import spoilt

from topform.core.documents import plain
from topform.core.ids import AthleteId
from topform.entrypoints.trainer import step_trainer
from topform.features.form_checks.deciding import deciding_form_model
from topform.features.form_checks.repository import FormCheckRepository
from topform.features.form_checks.tables import FormCheckRow
from topform.features.improvement.datasets import build_dataset
from topform.features.improvement.public import retrain_steps, watch_steps
from topform.features.improvement.steps import sequences_of, step_registry
from topform.features.models.public import NewVersion
from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Exercise
from topform.kinematics.learned_form import MODEL_ID
from topform.ml.synthesis.as_dataset import poses_and_form
from topform.ml.synthesis.recordings import synthesise
from topform.vision.analysis import analyze_sequence
from topform.vision.form_model import FormModels

SETS = 3


async def film(api: Api, count: int) -> None:
    """Have one person who agreed film sets, give the body points, and call each set right."""
    person = await api.sign_up()
    await consent(person, given=True)
    use, models = api.resources, FormModels()
    made_up = synthesise(np.random.default_rng(5), count=24, frames=60)
    stored = 0
    for row in range(24):
        poses, form = poses_and_form(made_up, row)
        if form is None or stored == count:
            continue
        analysis = analyze_sequence(poses, exercise=Exercise.PUSH_UP, form_models=models)
        if not analysis.reps:
            continue
        form_check_id, written = uuid4(), io.BytesIO()
        np.savez(written, allow_pickle=False, xy=poses.xy_px, score=poses.score, t_s=poses.t_s)
        poses_key = f"form-checks/{person.athlete['id']}/{form_check_id}.npz"
        await use.store.put(poses_key, written.getvalue())
        async with use.database.transaction() as session:
            await FormCheckRepository(session).add(
                FormCheckRow(
                    id=form_check_id,
                    athlete_id=AthleteId(UUID(person.athlete["id"])),
                    exercise="push_up",
                    file_name="set.npz",
                    rep_count=analysis.rep_count,
                    form_decision=analysis.form.decision.value,
                    duration_s=analysis.duration_s,
                    document=plain(analysis.as_dict()),
                    poses_key=poses_key,
                    created_at=use.clock.now(),
                )
            )
        await person.call("PUT", f"/form-checks/{form_check_id}/opinion", status=200, json={"form": "correct"})
        stored += 1
    assert stored == count


async def test_a_version_is_judged_watched_and_decides_on_the_server(api: Api) -> None:
    use, trainer = api.resources, step_trainer()
    # The program's own model is version 1: devices and server have it already.
    async with use.database.transaction() as session:
        await step_registry(session, use, trainer)
        assert await deciding_form_model(session, use.store, use.settings, now=use.clock.now()) is None
    assert await watch_steps(use, trainer) == {"champion": 1}
    await film(api, SETS)

    async with use.database.transaction() as session:
        dataset = await build_dataset(session, now=use.clock.now())
        sequences = await sequences_of(use.store, dataset)
        assert len(sequences) == SETS
        # A set that is called right has no fault in any repetition.
        assert all(rep.judged == frozenset(PUSH_UP_FAULTS) and not rep.faults for one in sequences for rep in one.reps)
        registry = await step_registry(session, use, trainer)
        shipped = await registry.version(MODEL_ID, 1)
        new = NewVersion(MODEL_ID, spoilt(await registry.read(shipped)), {"use": "a drill"}, {}, dataset.row.number)
        await registry.register(new, reason="made for a drill")
        await registry.register(NewVersion(MODEL_ID, b"no model", {"use": "a drill"}), reason="made for a drill")

    outcome = await retrain_steps(use, trainer)
    assert (outcome["trained"], outcome["sequences"], outcome["judged"]) == (None, SETS, {2: "refused", 3: "refused"})

    async with use.database.transaction() as session:
        registry = await step_registry(session, use, trainer)
        row = await registry.register(NewVersion(MODEL_ID, new.content, {"use": "a drill"}), reason="another drill")
        await registry.promote(row, reason="a drill")
        deciding = await deciding_form_model(session, use.store, use.settings, now=use.clock.now())
        assert deciding is not None and (deciding.number, deciding.content) == (4, new.content)
    watched = await watch_steps(use, trainer)
    assert (watched["champion"], watched["rolled_back_to"], watched["shadow"]) == (4, None, None)
    async with use.database.transaction() as session:
        asked = "SELECT number, count(*) FROM model_judgements JOIN model_versions ON id = version_id GROUP BY number"
        judged = {number: count for number, count in await session.execute(text(asked))}
    assert judged == {1: SETS, 4: SETS}
