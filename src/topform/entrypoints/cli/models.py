"""``topform models``: which models there are and whether their weights are the right ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from topform.core.errors import ModelUnavailableError
from topform.entrypoints.cli.output import JsonOption, explained, print_json, stderr, stdout
from topform.ml.registry import ModelState, list_models, verify

app = typer.Typer(no_args_is_help=True, add_completion=False)

FolderOption = Annotated[Path | None, typer.Option(help="The only folder to look for weights in.")]


@app.callback()
def models() -> None:
    """Show the models and check their weights."""


@app.command("list")
def list_(as_json: JsonOption = False, weights_dir: FolderOption = None) -> None:
    """Show every model, its source and where its weights lie."""
    with explained(as_json=as_json):
        states = [verify(manifest, weights_dir=weights_dir) for manifest in list_models()]
    if as_json:
        print_json({"models": [state.as_dict() for state in states]})
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("model", "task", "version", "licence", "source", "weights"):
        table.add_column(name)
    for state in states:
        there = sum(weights.is_verified for weights in state.weights)
        manifest = state.manifest
        table.add_row(
            manifest.id,
            manifest.task,
            manifest.version,
            manifest.licence,
            manifest.package,
            f"{there} of {len(state.weights)} verified",
        )
    stdout.print(table)


@app.command("verify")
def verify_(as_json: JsonOption = False, weights_dir: FolderOption = None) -> None:
    """Compare every weight file with the digest in its manifest; fails unless all are right."""
    with explained(as_json=as_json):
        states = [verify(manifest, weights_dir=weights_dir) for manifest in list_models()]
        failed = [(state, weights) for state in states for weights in state.weights if not weights.is_verified]
        if failed and as_json:
            _, weights = failed[0]
            raise ModelUnavailableError(
                weights.problem or "A weight file is wrong",
                file=weights.file,
                remedy=weights.remedy,
                models=[state.as_dict() for state in states],
            )
    if as_json:
        print_json({"models": [state.as_dict() for state in states]})
        return
    for state in states:
        _show(state)
    if failed:
        raise typer.Exit(1)


def _show(state: ModelState) -> None:
    for weights in state.weights:
        name = f"{state.manifest.id}/{weights.name}"
        if weights.is_verified:
            stdout.print(f"[green]ok[/]      {name}  {escape(str(weights.path))}")
        else:
            stderr.print(f"[bold red]failed[/]  {name}  {escape(weights.problem or '')}")
            stderr.print(f"  [bold]try[/] {escape(weights.remedy or '')}")
