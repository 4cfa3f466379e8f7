"""Searches the settings of a training run with Optuna; needs the extra ``train``.

Judged by the validation loss on made-up recordings alone: no real recording decides, so the real ones stay a test.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import optuna

from topform.ml.training.fit import Trained, TrainingPlan, make_data, train

RESULT: Final = "search.json"


@dataclass(frozen=True, slots=True)
class SearchBudget:
    """How much a search may cost.

    Parameters
    ----------
    trials : int
        Settings that are tried; those that start badly are given up early.
    recordings, epochs : int
        Made-up recordings and passes of each; smaller than those of a final run.
    """

    trials: int = 8
    recordings: int = 2000
    epochs: int = 6


def search(
    plan: TrainingPlan, budget: SearchBudget, folder: Path, *, told: Callable[[dict[str, Any]], None] | None = None
) -> dict[str, Any]:
    """Try settings around a plan and write what came of it; return that.

    The first trial is the plan itself, so the result says by how much the best one is better. Width, learning rate,
    weight decay and batch are searched, with a tree-structured Parzen estimator from the plan's seed and the median of
    the earlier trials as the limit for giving up.

    Parameters
    ----------
    plan : TrainingPlan
        Kind of model, seed, and the settings to start from.
    budget : SearchBudget
        What it may cost.
    folder : Path
        Where ``search.json`` is written.
    told : callable, optional
        Called after every trial.
    """
    plan = replace(plan, recordings=budget.recordings, epochs=budget.epochs)
    data = make_data(seed=plan.seed, count=plan.recordings, frames=plan.frames)
    validation = make_data(seed=10_000 + plan.seed, count=plan.validation, frames=plan.frames)
    trials: list[dict[str, Any]] = []

    def objective(trial: optuna.Trial) -> float:
        tried = _suggested(trial, plan)

        def watch(passed: dict[str, float]) -> None:
            trial.report(passed["validation"], int(passed["epoch"]))
            if trial.should_prune():
                raise optuna.TrialPruned

        trained: Trained = train(tried, data=data, validation=validation, told=watch)
        return min(passed["validation"] for passed in trained.history)

    def note(_: optuna.Study, trial: optuna.trial.FrozenTrial) -> None:
        last = trial.value if trial.value is not None else min(trial.intermediate_values.values(), default=None)
        trials.append(
            {
                "settings": trial.params,
                "validation_loss": None if last is None else round(float(last), 4),
                "given_up": trial.state is optuna.trial.TrialState.PRUNED,
            }
        )
        if told is not None:
            told(trials[-1])

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        sampler=optuna.samplers.TPESampler(seed=plan.seed, n_startup_trials=4),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=3, n_warmup_steps=1),
    )
    study.enqueue_trial({name: getattr(plan, name) for name in ("width", "learning_rate", "weight_decay", "batch")})
    study.optimize(objective, n_trials=budget.trials, callbacks=[note])
    result = {
        "model": plan.model,
        "seed": plan.seed,
        "recordings": plan.recordings,
        "epochs": plan.epochs,
        "trials": trials,
        "best": study.best_params,
        "best_validation_loss": round(float(study.best_value), 4),
        "start_validation_loss": trials[0]["validation_loss"],
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RESULT).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return result


def _suggested(trial: optuna.Trial, plan: TrainingPlan) -> TrainingPlan:
    return replace(
        plan,
        width=trial.suggest_int("width", 48, 128, step=16),
        learning_rate=trial.suggest_float("learning_rate", 5e-4, 8e-3, log=True),
        weight_decay=trial.suggest_float("weight_decay", 1e-3, 0.1, log=True),
        batch=trial.suggest_categorical("batch", [16, 32, 64]),
    )
