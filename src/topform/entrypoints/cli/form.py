"""``topform form``: data, training, evaluation and conversion of the form model."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.markup import escape
from rich.table import Table

from topform.core.errors import InvalidInputError
from topform.entrypoints.cli.output import JsonOption, explained, print_json, stderr, stdout
from topform.entrypoints.cli.recompute import Engine
from topform.entrypoints.cli.stored import DataDirOption, with_resources
from topform.platform.settings import load_settings

app = typer.Typer(no_args_is_help=True, add_completion=False)

DatasetOption = Annotated[Path, typer.Option("--dataset", help="Folder of a dataset, with labels.json.")]
OutOption = Annotated[Path, typer.Option("--out", help="Folder to write to; made if it is not there.")]


@app.callback()
def form() -> None:
    """Make, check and judge the model of exercise technique."""


@app.command()
def synthesize(
    out: OutOption,
    count: Annotated[int, typer.Option(min=1, max=100_000, help="How many recordings.")] = 100,
    seconds: Annotated[float, typer.Option(min=2.0, max=60.0, help="Length of each.")] = 10.0,
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same recordings.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Write a dataset of made-up athletes whose faults are known."""
    from topform.ml.synthesis.as_dataset import write_synthetic

    with explained(as_json=as_json):
        dataset = write_synthetic(out, count=count, seconds=seconds, seed=seed)
    if as_json:
        print_json({"folder": str(out), "recordings": len(dataset.recordings), "seed": seed})
        return
    stdout.print(f"{len(dataset.recordings)} made-up recordings in {escape(str(out))}")


@app.command()
def augment(
    dataset: DatasetOption,
    out: OutOption,
    copies: Annotated[int, typer.Option(min=1, max=100, help="Changed copies of each recording.")] = 4,
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same copies.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Write copies seen by other cameras, mirrored, slower, noisier; for training only, labels stay true."""
    from topform.ml.augmentation import augment_dataset
    from topform.ml.dataset import read_dataset

    with explained(as_json=as_json):
        written = augment_dataset(read_dataset(dataset), out, copies=copies, seed=seed)
    if as_json:
        print_json({"folder": str(out), "recordings": len(written.recordings), "seed": seed})
        return
    stdout.print(f"{len(written.recordings)} changed copies in {escape(str(out))}")


@app.command("import")
def import_(
    labels: Annotated[Path, typer.Option(help="Table of labelled clips (CSV) with `file` and `person_group`.")],
    clips: Annotated[Path, typer.Option(help="Folder the files of the table lie in; videos or poses (.npz).")],
    out: OutOption,
    as_json: JsonOption = False,
) -> None:
    """Turn a table of labelled clips into a dataset; poses that are there already are kept."""
    from topform.entrypoints.cli.clip_import import import_clips

    with explained(as_json=as_json):
        outcome = import_clips(labels, clips, out, told=lambda text: stderr.print(f"[dim]{escape(text)}[/]"))
    if as_json:
        print_json(outcome)
        return
    stdout.print(f"{outcome['recordings']} recordings in {escape(str(out))}, {len(outcome['refused'])} refused")
    for refused in outcome["refused"]:
        stderr.print(f"[yellow]refused[/] {escape(refused['file'])}: {escape(refused['message'])}")


@app.command()
def collect(
    out: Annotated[Path, typer.Option("--out", help="New or empty folder for the dataset.")],
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a dataset of the form checks that athletes of this server agreed to have used, and somebody labelled.

    Every run writes it anew from the consents in force; what was withdrawn is in no later set.
    """
    from topform.entrypoints.cli.collecting import collect_dataset

    with explained(as_json=as_json, file=out):
        outcome = asyncio.run(
            with_resources(load_settings(data_dir=data_dir), lambda resources: collect_dataset(resources, out))
        )
    if as_json:
        print_json(outcome)
        return
    stdout.print(f"{outcome['recordings']} recordings of {outcome['people']} people in {escape(str(out))}")


@app.command()
def queue(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 20,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the sets that it would help most to hear about, of athletes who agreed; their owners see two of them."""
    from topform.entrypoints.cli.collecting import label_queue

    with explained(as_json=as_json):
        found = asyncio.run(with_resources(load_settings(data_dir=data_dir), label_queue))
    if as_json:
        print_json({"waiting": len(found), "items": found[:limit]})
        return
    stdout.print(f"{len(found)} sets wait for a label")
    for one in found[:limit]:
        stdout.print(f"  {one['score']:.2f} {one['reason']:<18} {one['decision']:<8} {one['view']:<13} {one['id']}")


@app.command()
def reference(out: OutOption, as_json: JsonOption = False) -> None:
    """Write the reference executions of the push-up, one for each side, as the package holds them."""
    from topform.ml.synthesis.reference import write_references

    with explained(as_json=as_json):
        written = [str(path) for path in write_references(out)]
    if as_json:
        print_json({"files": written})
        return
    for path in written:
        stdout.print(f"written {escape(path)}")


@app.command()
def quality(dataset: DatasetOption, as_json: JsonOption = False) -> None:
    """Report what a dataset holds, what is wrong with it and what it does not cover."""
    from topform.ml.dataset import read_dataset
    from topform.ml.quality import quality_report

    with explained(as_json=as_json):
        report = quality_report(read_dataset(dataset))
    if as_json:
        print_json(report)
        return
    stdout.print(f"{report['recordings']} recordings of {report['people']} people, {report['minutes']:.1f} min")
    for name, groups in report["coverage"].items():
        cells = ", ".join(
            f"{group}: {numbers['recordings']} ({numbers['people']} people)" for group, numbers in groups.items()
        )
        stdout.print(f"  {name}: {escape(cells)}")
    if report["agreement"] is not None:
        _show_agreement(report["agreement"])
    for problem in report["problems"]:
        stdout.print(f"[yellow]{problem['code']}[/] {escape(problem['recording'])}: {escape(problem['message'])}")


def _show_agreement(found: dict[str, Any]) -> None:
    stdout.print(
        f"Two people marked {found['recordings']} recordings: {found['first_reps']} and {found['second_reps']} "
        f"repetitions, {found['matched_reps']} of them the same"
    )
    for fault in found["faults"]:
        stdout.print(f"  {fault['fault']}: kappa {_cell(fault['kappa'])}, {fault['agreed']} of {fault['reps']} alike")


@app.command()
def split(
    dataset: DatasetOption,
    out: Annotated[Path, typer.Option("--out", help="Manifest to write (.json).")],
    folds: Annotated[int, typer.Option(min=2, max=50, help="Number of folds.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Chooses another assignment.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Assign people to folds and write digests and folds, nothing else."""
    import json

    from topform.ml.dataset import read_dataset, split_manifest

    with explained(as_json=as_json):
        read = read_dataset(dataset)
        content = ((recording, (read.folder / recording.poses).read_bytes()) for recording in read.recordings)
        manifest = split_manifest(content, folds=folds, seed=seed)
        out.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    if as_json:
        print_json(manifest)
        return
    stdout.print(f"{len(manifest['recordings'])} recordings in {folds} folds: {escape(str(out))}")


@app.command()
def train(
    out: OutOption,
    model: Annotated[str, typer.Option(help="tcn, cnn_lstm or transformer.")] = "tcn",
    seed: Annotated[int, typer.Option(min=0, help="Of weights, order and data.")] = 1,
    recordings: Annotated[int, typer.Option(min=64, help="Made-up recordings to learn from.")] = 7000,
    epochs: Annotated[int, typer.Option(min=1, help="At most so many passes.")] = 16,
    runs: Annotated[
        int, typer.Option(min=1, max=100, help="Train so many models, each with a seed of its own, from --seed on.")
    ] = 1,
    engine: Annotated[
        Engine, typer.Option(help="Runs one after the other here (local), or many at a time (ray).")
    ] = Engine.LOCAL,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Runs at a time of --engine ray; as many as cores when absent.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Train the form model on made-up athletes (needs PyTorch)."""
    from topform.entrypoints.trainer import train_form_model, train_form_models

    settings = {"model": model, "seed": seed, "recordings": recordings, "epochs": epochs}
    with explained(as_json=as_json):
        if model not in ("tcn", "cnn_lstm", "transformer"):
            raise InvalidInputError(f"There is no model {model!r}", remedy="Choose tcn, cnn_lstm or transformer.")
        if runs > 1 or engine is Engine.RAY:
            each = [settings | {"seed": seed + place} for place in range(runs)]
            result = train_form_models(each, out, on_ray=engine is Engine.RAY, workers=workers, told=_tell_run)
            if as_json:
                print_json(result)
            else:
                loss = result["validation_loss"]
                stdout.print(f"Validation loss {loss['mean']} ± {loss['spread']}, best: {escape(result['best'])}")
            return
        record = train_form_model(settings, out, told=_tell_pass)
    if as_json:
        print_json(record)
        return
    stdout.print(f"{record['parameters']} parameters, {record['seconds']:.0f} s: {escape(str(out))}")


def _tell_run(run: dict[str, Any]) -> None:
    stderr.print(f"[dim]{run['folder']}: validation {run['validation_loss']} after {run['seconds']:.0f} s[/]")


def _tell_pass(passed: dict[str, float]) -> None:
    stderr.print(
        f"[dim]pass {passed['epoch'] + 1:.0f}: training {passed['train']:.3f}, validation {passed['validation']:.3f}[/]"
    )


@app.command()
def search(
    out: OutOption,
    model: Annotated[str, typer.Option(help="tcn or cnn_lstm.")] = "tcn",
    seed: Annotated[int, typer.Option(min=0, help="Of weights, order, data and what is tried.")] = 1,
    trials: Annotated[int, typer.Option(min=1, help="Settings to try.")] = 8,
    recordings: Annotated[int, typer.Option(min=64, help="Made-up recordings for each.")] = 2000,
    epochs: Annotated[int, typer.Option(min=1, help="Passes for each.")] = 6,
    as_json: JsonOption = False,
) -> None:
    """Search the settings of a training run (needs PyTorch and Optuna); real recordings decide nothing."""
    from topform.entrypoints.trainer import search_form_model

    budget = {"trials": trials, "recordings": recordings, "epochs": epochs}
    with explained(as_json=as_json):
        if model not in ("tcn", "cnn_lstm"):
            raise InvalidInputError(f"There is nothing to search for {model!r}", remedy="Choose tcn or cnn_lstm.")
        result = search_form_model({"model": model, "seed": seed}, budget, out, told=_tell_trial)
    if as_json:
        print_json(result)
        return
    stdout.print(
        f"Best validation loss {result['best_validation_loss']} (the settings to start from: "
        f"{result['start_validation_loss']}): {escape(str(result['best']))}"
    )


def _tell_trial(trial: dict[str, Any]) -> None:
    ended = "given up" if trial["given_up"] else "done"
    stderr.print(f"[dim]{ended}: loss {trial['validation_loss']} with {escape(str(trial['settings']))}[/]")


@app.command()
def export(
    run: Annotated[Path, typer.Argument(help="Folder that `topform form train` wrote.")],
    out: OutOption,
    as_json: JsonOption = False,
) -> None:
    """Convert a trained model to `.tflite` and hold it against PyTorch (needs PyTorch and litert-torch)."""
    from topform.entrypoints.trainer import export_form_model

    with explained(as_json=as_json):
        outcome = export_form_model(run, out)
    if as_json:
        print_json(outcome)
        return
    stdout.print(f"{escape(outcome['model'])}, largest difference {outcome['largest_difference']:.1e}")


@app.command()
def evaluate(dataset: DatasetOption, as_json: JsonOption = False) -> None:
    """Judge every recording of a dataset and print the full table."""
    from topform.ml.dataset import read_dataset
    from topform.ml.form_evaluation import evaluate_dataset

    with explained(as_json=as_json):
        report = evaluate_dataset(read_dataset(dataset))
    if as_json:
        print_json(report)
        return
    show(report)


def show(report: dict[str, Any]) -> None:
    """Print the table of an evaluation."""
    names = ("recordings", "people", "balanced_accuracy", "auroc", "ece", "coverage", "selective_accuracy")
    for title, groups in report["form"].items():
        table = Table(box=None, pad_edge=False, header_style="bold", title=f"Form, {title}", title_justify="left")
        for name in ("group", *names):
            table.add_column(name.replace("_", " "), justify="left" if name == "group" else "right", no_wrap=True)
        for group, scores in groups.items():
            table.add_row(escape(group), *(_cell(scores.get(name)) for name in names))
        stdout.print(table)
    table = Table(box=None, pad_edge=False, header_style="bold", title="Single faults", title_justify="left")
    columns = ("labelled", "with_fault", "abstained", "precision", "recall", "auroc", "learned_auroc")
    for name in ("fault", *columns):
        table.add_column(name.replace("_", " "), justify="left" if name == "fault" else "right", no_wrap=True)
    for fault, scores in report["faults"].items():
        table.add_row(fault, *(_cell(scores.get(name)) for name in columns))
    stdout.print(table)
    counting = report["counting"]
    stdout.print(
        f"Counting: {counting['recordings']} recordings, exact {_cell(counting['exact'])}, "
        f"within one {_cell(counting['within_one'])}, normalised error {_cell(counting['mae_norm'])}"
    )
    for name, groups in report["coverage"].items():
        cells = ", ".join(f"{group} {numbers['recordings']}" for group, numbers in groups.items())
        stdout.print(f"Covered by {name}: {escape(cells)}")


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and not np.isfinite(value)):
        return "not measured"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
