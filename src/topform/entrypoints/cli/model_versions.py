"""``topform models versions|show|promote|rollback|improve``: the registry of the versions that this server trained."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer
from pydantic import BaseModel
from rich.markup import escape
from rich.table import Table

from topform.entrypoints.cli.models import app
from topform.entrypoints.cli.output import JsonOption, explained, print_json, stdout
from topform.entrypoints.cli.stored import DataDirOption, with_resources
from topform.features.improvement.public import retrain, retrain_steps, watch, watch_steps
from topform.features.models.public import promote_version, registered_models, roll_back, version_details
from topform.features.models.schemas import ModelVersionDetails
from topform.platform.settings import load_settings
from topform.platform.web.resources import Resources

ModelOption = Annotated[str, typer.Option("--model", help="Which model.")]
VersionArgument = Annotated[int, typer.Argument(min=1, help="Number of the version.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it is kept with the version.")]
PUSH_UP_VERDICT = "push_up_verdict"
Answer = TypeVar("Answer")


@app.command("versions")
def versions(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """List the versions that this server keeps of each model, and which of them decides."""

    async def work(use: Resources) -> dict[str, Any]:
        async with use.database.transaction() as session:
            return (await registered_models(session, use)).model_dump(mode="json")

    with explained(as_json=as_json):
        found = _run(data_dir, work)
    if as_json:
        print_json(found)
        return
    if not found["models"]:
        stdout.print("This server keeps no versions yet; what ships with the program decides.")
    for model in found["models"]:
        table = Table(box=None, pad_edge=False, header_style="bold", title=model["model_id"], title_justify="left")
        for name in ("version", "state", "labels", "made", "sha256"):
            table.add_column(name)
        for one in model["versions"]:
            labels = "" if one["dataset_number"] is None else str(one["dataset_number"])
            table.add_row(str(one["number"]), one["state"], labels, one["created_at"][:10], one["sha256"][:12])
        stdout.print(table)


@app.command("show")
def show(
    number: VersionArgument,
    model: ModelOption = PUSH_UP_VERDICT,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a version: its card, whether file and signature are right, and every change of its state."""
    _about(
        lambda session, use: version_details(session, use, model, number, now=use.clock.now()),
        data_dir,
        as_json=as_json,
    )


@app.command("promote")
def promote(
    number: VersionArgument,
    reason: ReasonOption,
    model: ModelOption = PUSH_UP_VERDICT,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a version decide that passed its gates, or decided before."""
    _about(
        lambda session, use: promote_version(
            session, use, model, number, reason=reason, by="command", now=use.clock.now()
        ),
        data_dir,
        as_json=as_json,
    )


@app.command("rollback")
def rollback(
    reason: ReasonOption,
    model: ModelOption = PUSH_UP_VERDICT,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give the decision back to the version before."""
    _about(
        lambda session, use: roll_back(session, use, model, reason=reason, by="command", now=use.clock.now()),
        data_dir,
        as_json=as_json,
    )


@app.command("improve")
def improve(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Train and judge once, and look at what drifted, whatever the setting says."""

    async def work(use: Resources) -> dict[str, Any]:
        from topform.entrypoints.trainer import step_trainer, verdict_trainer

        steps = step_trainer()
        return {
            "training": await retrain(use, verdict_trainer()),
            "watching": await watch(use),
            "step_model": {"training": await retrain_steps(use, steps), "watching": await watch_steps(use, steps)},
        }

    with explained(as_json=as_json):
        outcome = _run(data_dir, work)
    if as_json:
        print_json(outcome)
        return
    training, steps = outcome["training"], outcome["step_model"]["training"]
    stdout.print(f"Version {training['dataset']} of the labels, {training['sets']} sets")
    _say("verdict", training)
    stdout.print(f"{steps['sequences']} sets with body points")
    _say("step model", steps)


def _say(model: str, training: dict[str, Any]) -> None:
    if training.get("reason"):
        stdout.print(f"{model}: {escape(training['reason'])}")
    for number, state in training["judged"].items():
        stdout.print(f"{model}, version {number}: {state}")


def _run(data_dir: Any, work: Callable[[Resources], Awaitable[Answer]]) -> Answer:
    return asyncio.run(with_resources(load_settings(data_dir=data_dir), work))


def _about(ask: Callable[..., Awaitable[BaseModel]], data_dir: Any, *, as_json: bool) -> None:
    async def work(use: Resources) -> BaseModel:
        async with use.database.transaction() as session:
            return await ask(session, use)

    with explained(as_json=as_json):
        found = _run(data_dir, work)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    assert isinstance(found, ModelVersionDetails)
    is_right = (
        "[green]file and signature are right[/]" if found.is_verified else f"[red]{escape(found.problem or '')}[/]"
    )
    stdout.print(f"{found.model_id} {found.number}: [bold]{found.state}[/], {is_right}")
    for one in found.transitions:
        stdout.print(f"  {one.created_at:%Y-%m-%d %H:%M}  {one.after:<9} {escape(one.reason)} ({one.decided_by})")
