"""The worker's side of the improvement of models: off unless the operator turns it on, or asks for it once."""

from __future__ import annotations

from procrastinate import JobContext

from topform.features.improvement.steps import retrain_steps, watch_steps
from topform.features.improvement.tasks import FEATURE, RETRAIN, WATCH, WATCH_STEPS
from topform.features.improvement.training import retrain as train_and_judge
from topform.features.improvement.watching import forget_withdrawn
from topform.features.improvement.watching import watch as watch_versions
from topform.kinematics.step_training import StepTrainer
from topform.kinematics.verdict_training import VerdictTrainer
from topform.platform.jobs import TRAINING_QUEUE, Jobs, provided
from topform.platform.web.resources import Resources

jobs = Jobs(FEATURE)


@jobs.task(RETRAIN, queue=TRAINING_QUEUE)
async def retrain(context: JobContext) -> None:
    """Train and judge once."""
    await _train_all(context)


@jobs.task(f"{RETRAIN}_regularly", queue=TRAINING_QUEUE, cron="23 3 * * 1")
async def retrain_regularly(context: JobContext, timestamp: int) -> None:
    """Train and judge every Monday night, where the operator wants it."""
    if provided(context, Resources).settings.improve_models:
        await _train_all(context)


async def _train_all(context: JobContext) -> None:
    """The verdict first: a version of the step model is judged by the verdict in force."""
    use = provided(context, Resources)
    await train_and_judge(use, provided(context, VerdictTrainer))  # type: ignore[type-abstract]
    await retrain_steps(use, provided(context, StepTrainer))  # type: ignore[type-abstract]


@jobs.task(WATCH_STEPS, queue=TRAINING_QUEUE, cron="47 * * * *")
async def watch_step_model(context: JobContext, timestamp: int) -> None:
    """Look at new sets with versions of the step model every hour, where the operator wants it."""
    use = provided(context, Resources)
    if use.settings.improve_models:
        await watch_steps(use, provided(context, StepTrainer))  # type: ignore[type-abstract]


@jobs.task(WATCH, cron="41 * * * *")
async def watch(context: JobContext, timestamp: int) -> None:
    """Forget every hour what was withdrawn; look at new sets, where the operator wants it."""
    resources = provided(context, Resources)
    await forget_withdrawn(resources)
    if resources.settings.improve_models:
        await watch_versions(resources)
