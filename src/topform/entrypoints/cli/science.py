"""``topform science evaluate TABLE.csv``: predictions against outcomes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from topform.core.errors import InvalidInputError, OutcomeTableError, TooLargeError
from topform.entrypoints.cli.output import JsonOption, explained, print_json, stderr, stdout

app = typer.Typer(no_args_is_help=True, add_completion=False)

MAX_TABLE_BYTES = 500_000_000
BASELINES = {"mean_of_other_people": "others' mean"}
EXPLANATION = """\
In brackets: the 95 % range over people drawn again. MAPE: mean error without its sign, in percent of the time.
in 80 %: how many fell into the interval that should hold 80 %; +-: its half-width.
as shipped: what `topform predict` says, nothing learned from this table.
adapted: the same times; ranges that follow, person after person, whether those of the people before held.
recalibrated: the same, its scale and interval set on the other folds of people.
learned: a correction trained on the other folds of people; `topform science train` keeps it if it wins."""


@app.callback()
def science() -> None:
    """Hold predictions against outcomes."""


@app.command()
def evaluate(
    table: Annotated[
        Path | None, typer.Argument(help="Bests: id, sex, age, distance, seconds; one row each.", show_default=False)
    ] = None,
    named: Annotated[Path | None, typer.Option("--table", help="The same, by name.", show_default=False)] = None,
    as_json: JsonOption = False,
    folds: Annotated[int, typer.Option(help="Folds of people for the recalibration.", min=2, max=50)] = 5,
    seed: Annotated[int, typer.Option(help="Chooses other folds and resamples.")] = 0,
    bootstrap: Annotated[int, typer.Option(help="Resamples of people.", min=0, max=100_000)] = 1000,
    min_people: Annotated[int, typer.Option(help="Leave out distances with fewer.", min=2)] = 20,
    max_people: Annotated[int, typer.Option(help="Of more, take a random part.", min=2)] = 20_000,
) -> None:
    """Predict every distance of every person from their other distances, beside the baselines.

    The predictor is the one of `topform predict` and learns nothing from the table; beside it stand the same times with
    intervals adapted to the people before, and the same predictor recalibrated on other people, split conformal.
    """
    path = table or named
    if path is None or (table is not None and named is not None):
        raise typer.BadParameter("Name one table, as TABLE or with --table.", param_hint="TABLE")
    with explained(as_json=as_json, file=path):
        text = _read(path)
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
                max_people=max_people,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        if as_json:
            print_json(document)
        else:
            show(document)


@app.command()
def train(
    table: Annotated[Path, typer.Argument(help="Bests: id, sex, age, distance, seconds; one row each.")],
    source: Annotated[str, typer.Option(help="Where the table is from.")],
    licence: Annotated[str, typer.Option(help="What allows its use.")],
    out: Annotated[Path, typer.Option(help="Where the coefficients go.", metavar="CORRECTION.json")],
    as_json: JsonOption = False,
    folds: Annotated[int, typer.Option(help="Folds of people.", min=2, max=50)] = 5,
    seed: Annotated[int, typer.Option(help="Chooses other folds and resamples.")] = 0,
    bootstrap: Annotated[int, typer.Option(help="Resamples of people.", min=100, max=100_000)] = 1000,
) -> None:
    """Learn a correction of race times from a table that you may use; it is written only where it wins on other people.

    `topform predict --correction` uses it. TopForm ships none.
    """
    with explained(as_json=as_json, file=table):
        text = _read(table)
        from topform.ml.bests_table import read_bests_table
        from topform.ml.race_training import train_correction

        with Progress(console=stderr, transient=True, disable=not stderr.is_terminal) as bar:
            task = bar.add_task("people", total=None)
            document = train_correction(
                read_bests_table(text),
                source=source,
                licence=licence,
                table_sha256=hashlib.sha256(text.encode()).hexdigest(),
                folds=folds,
                seed=seed,
                bootstrap=bootstrap,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        try:
            out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise InvalidInputError(f"cannot write {out}: {error.strerror}", remedy="Choose another --out.") from error
        if as_json:
            print_json(document)
        else:
            for one in document["targets"]:
                stdout.print(f"{one['distance_m']:g} m: corrected")
            stdout.print(f"[bold]{out}[/]")


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
    if counted["people_evaluated"] < counted["people_with_two_distances"]:
        stdout.print(f"  {counted['people_evaluated']} of them, chosen at random")
    for what in ("sex", "age"):
        if counted[f"{what}_unknown"]:
            stdout.print(f"  {what} unknown: {counted[f'{what}_unknown']}")
    if counted["people_of_several_ages"]:
        stdout.print(f"  of several ages, their median counts: {counted['people_of_several_ages']}")
    for reason, count in counted["dropped_rows"].items():
        stdout.print(f"  {count} rows left out: {reason.replace('_', ' ')}")
    for remark in counted["remarks"]:
        stdout.print(f"[yellow]![/] {escape(remark['message'])}")
    if (more := counted["remark_count"] - len(counted["remarks"])) > 0:
        stdout.print(f"[yellow]![/] and {more} more such lines")
    if (headline := document["headline"]) is not None:
        stdout.print(f"\n[bold]{headline['question']}[/], {headline['people']} people")
        stdout.print(_scores(headline))
        if headline["groups"]:
            stdout.print(_groups(headline["groups"]))
        alone = headline["from_the_half_alone"]
        stdout.print(f"\n[bold]marathon from the half alone[/], {alone['people']} people")
        stdout.print(_scores(alone))
    for name, scored in document["targets"].items():
        sources = ", ".join(f"{source} ({count})" for source, count in scored["from"].items())
        stdout.print(f"\n[bold]{name}[/] of {scored['people']} people, from {sources}")
        stdout.print(_scores(scored))
    stdout.print("\n[bold]from one distance to another[/]")
    stdout.print(_pairs(document["pairs"]))
    stdout.print(EXPLANATION)


def _scores(scored: dict[str, Any]) -> Table:
    table = Table("method", "MAPE", "bias", "in 80 %", "+-", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    rows = {
        "as shipped": scored["as_shipped"],
        "adapted": scored["adapted_to_people_before"],
        "recalibrated": scored["recalibrated_on_other_people"],
        "learned": scored["learned_on_other_people"],
    }
    for name, scores in {**rows, **scored["baselines"]}.items():
        if scores is None:
            continue
        cells = [_with_range(scores["mape"], scores["mape_95"]), _percent(scores["bias"])]
        cells += [
            _share(scores.get("coverage_80"), scores.get("coverage_80_95", [])),
            _percent(scores.get("half_width_80")),
        ]
        table.add_row(BASELINES.get(name, name.replace("_", " ")), *cells)
    ratios = {
        "as shipped": scored["ratio_to_riegel_1.06"],
        "recalibrated": scored["ratio_to_riegel_1.06_recalibrated"],
    }
    table.caption = "over Riegel 1.06: " + ", ".join(
        f"{name} {_ratio(ratio, digits=3)}" for name, ratio in ratios.items() if ratio is not None
    )
    return table


def _groups(groups: dict[str, dict[str, Any]]) -> Table:
    columns = ("as shipped, for", "people", "MAPE", "bias", "in 80 %", "+-")
    table = Table(*columns, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name, scored in groups.items():
        cells = [str(scored["people"]), _percent(scored["mape"]), _percent(scored["bias"])]
        table.add_row(name, *cells, _share(scored["coverage_80"], []), _percent(scored["half_width_80"]))
    return table


def _pairs(pairs: list[dict[str, Any]]) -> Table:
    table = Table("from", "to", "people", "MAPE", "Riegel", "ratio", "in 80 %", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for pair in pairs:
        ratio = pair["ratio"]
        cells = [str(pair["people"]), _percent(pair["mape"]), _percent(pair["riegel_1.06_mape"])]
        cells += [_ratio(ratio, digits=2), _share(pair["coverage_80"], [])]
        table.add_row(pair["from"], pair["to"], *cells)
    return table


def _ratio(ratio: dict[str, Any], *, digits: int) -> str:
    if ratio["value"] is None:
        return "none: Riegel makes no error"
    value, bounds = f"{ratio['value']:.{digits}f}", ratio["range_95"]
    return f"{value} ({bounds[0]:.2f}-{bounds[1]:.2f})" if bounds else value


def _with_range(value: float | None, bounds: list[float]) -> str:
    if value is None or not bounds:
        return _percent(value)
    low, high = bounds
    return f"{value * 100:.1f} % ({low * 100:.1f}-{high * 100:.1f})"


def _share(value: float | None, bounds: list[float]) -> str:
    if value is None or not bounds:
        return "" if value is None else f"{value * 100:.0f} %"
    low, high = bounds
    return f"{value * 100:.0f} % ({low * 100:.0f}-{high * 100:.0f})"


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value * 100:.1f} %"
