"""``topform science evaluate TABLE.csv``: predictions against outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress
from rich.table import Table

from topform.core.errors import InvalidInputError, OutcomeTableError, TooLargeError
from topform.entrypoints.cli.output import JsonOption, explained, print_json, stderr, stdout

app = typer.Typer(no_args_is_help=True, add_completion=False)

MAX_TABLE_BYTES = 500_000_000


@app.callback()
def science() -> None:
    """Hold predictions against outcomes."""


@app.command()
def evaluate(
    table: Annotated[Path, typer.Argument(help="Bests: id, sex, age, distance, seconds; one row each.")],
    as_json: JsonOption = False,
    folds: Annotated[int, typer.Option(help="Folds of people for the recalibration.", min=2, max=50)] = 5,
    seed: Annotated[int, typer.Option(help="Chooses other folds and resamples.")] = 0,
    bootstrap: Annotated[int, typer.Option(help="Resamples of people.", min=0, max=100_000)] = 1000,
    min_people: Annotated[int, typer.Option(help="Leave out distances with fewer.", min=2)] = 20,
) -> None:
    """Predict every distance of every person from their other distances, beside the baselines.

    The predictor is the one of `topform predict` and learns nothing from the table; beside it stands the same predictor
    recalibrated on other people of the table.
    """
    with explained(as_json=as_json, file=table):
        text = _read(table)
        from topform.ml.bests_table import read_bests_table
        from topform.ml.race_evaluation import evaluate_table

        bests = read_bests_table(text)
        with Progress(console=stderr, transient=True, disable=not stderr.is_terminal) as bar:
            task = bar.add_task("people", total=None)
            document = evaluate_table(
                bests,
                folds=folds,
                seed=seed,
                bootstrap=bootstrap,
                min_people=min_people,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        if as_json:
            print_json(document)
        else:
            show(document)


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_TABLE_BYTES:
            raise TooLargeError("the table is larger than 500 MB", remedy="Evaluate a part of it.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidInputError(f"cannot read the table: {error.strerror}", remedy="Check its path.") from error
    except UnicodeDecodeError as error:
        raise OutcomeTableError(
            "the table is not UTF-8 text", remedy="Save it as UTF-8.", offset_bytes=error.start
        ) from error


def show(document: dict[str, Any]) -> None:
    """Print the scores for people."""
    counted = document["table"]
    stdout.print(f"{counted['people_with_two_distances']} people with two distances or more of {counted['people']}")
    for reason, count in counted["dropped_rows"].items():
        stdout.print(f"  {count} rows left out: {reason.replace('_', ' ')}")
    if document["headline"] is not None:
        stdout.print(f"\n[bold]{document['headline']['question']}[/]")
        stdout.print(_scores(document["headline"]))
    for name, scored in document["targets"].items():
        stdout.print(f"\n[bold]{name}[/] from the other distances, {scored['people']} people")
        stdout.print(_scores(scored))


def _scores(scored: dict[str, Any]) -> Table:
    table = Table("method", "MAPE", "95 %", "bias", "RMSE min", "in 80 %", "in 90 %", "half-width 80 %")
    rows = {
        "as shipped": scored["as_shipped"],
        "recalibrated": scored["recalibrated_on_other_people"],
        "learned": scored["learned_on_other_people"],
    }
    for name, scores in {**rows, **scored["baselines"]}.items():
        if scores is None:
            continue
        cells = [_percent(scores["mape"]), " to ".join(_percent(one) for one in scores["mape_95"])]
        cells += [_percent(scores["bias"]), f"{scores['rmse_min']:.1f}"]
        cells += [_percent(scores.get(key)) for key in ("coverage_80", "coverage_90", "half_width_80")]
        table.add_row(name.replace("_", " "), *cells)
    ratio = scored["ratio_to_riegel_1.06"]
    table.caption = f"as shipped over Riegel 1.06: {ratio['value']:.3f} ({' to '.join(map(str, ratio['range_95']))})"
    return table


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value * 100:.1f} %"
