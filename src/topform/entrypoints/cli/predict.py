"""``topform predict HISTORY.json``: a race time with intervals, as a table or as one JSON document."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from topform.core.clock import SystemClock
from topform.core.errors import PredictionHistoryError
from topform.entrypoints.cli.examples import HISTORY, epilog, example_option
from topform.entrypoints.cli.json_input import read_json
from topform.entrypoints.cli.language import LanguageOption, require_spoken
from topform.entrypoints.cli.output import JsonOption, explained, print_json, stderr, stdout

app = typer.Typer(add_completion=False)


@app.command(epilog=epilog(HISTORY, "A history, as --example prints it; every list may be empty, every value null:"))
def predict(
    history: Annotated[Path, typer.Argument(help="Races, training and target as JSON; - reads stdin.")],
    as_json: JsonOption = False,
    correction: Annotated[
        Path | None,
        typer.Option(help="What `topform science train` wrote.", metavar="CORRECTION.json", show_default=False),
    ] = None,
    example: Annotated[bool, example_option(HISTORY, "a history")] = False,
    language: LanguageOption = "en",
) -> None:
    """Predict a running race from races, from training, or from both; always with intervals and beside Riegel 1.06."""
    with explained(as_json=as_json, file=history):
        require_spoken(language)
        document = read_json(
            history, what="history", example='{"races": [...], "target": {...}}', error=PredictionHistoryError
        )
        from topform.coaching.plan_language import in_language
        from topform.coaching.prediction_request import PredictionRequest
        from topform.science.prediction import PREDICTOR_VERSION
        from topform.science.prediction.correction import RaceCorrection

        learned = None
        if correction is not None:
            written = read_json(correction, what="correction", example="{}", error=PredictionHistoryError)
            learned = RaceCorrection.from_document(written, predictor_version=PREDICTOR_VERSION)
        request = PredictionRequest.from_dict(document, today=SystemClock().now().astimezone().date())
        answer = in_language(request.predict(correction=learned), language)
        if as_json:
            print_json(answer)
        else:
            show(answer, distance_m=request.history.target_m, day=request.history.target_day, language=language)


def show(answer: dict[str, Any], *, distance_m: float, day: date | None, language: str = "en") -> None:
    """Print the prediction for people: the race [m] and its day first, in a language (a BCP 47 tag)."""
    from topform.coaching.language import distance_text, sentence
    from topform.science.prediction.explain import clock, distance_words

    def said(code: str, **params: str) -> str:
        return sentence(f"prediction.{code}", params, language)

    race = distance_text(distance_words(distance_m), language)
    when = "-" if day is None else day.isoformat()
    stdout.print(f"[bold]{said('race', distance=race, date=when, time=clock(answer['time_s']))}[/]")
    for name in ("interval_80", "interval_90"):
        low, high = answer[f"{name}_s"]
        stdout.print(said(name, low=clock(low), high=clock(high)))
    stdout.print()
    table = Table(said("model"), said("time"), said("weight"))
    for model in answer["models"]:
        name = sentence(f"prediction_model.{model['name']}", {}, language)
        table.add_row(name, clock(model["time_s"]), f"{model['weight'] * 100:.0f} %")
    baseline = answer["baseline"]
    table.add_section()
    table.add_row(said("baseline"), "-" if baseline["time_s"] is None else clock(baseline["time_s"]), "")
    stdout.print(table)
    stdout.print(answer["why"])
    for warning in answer["warnings"]:
        stderr.print(f"[yellow]{said('note')}[/] {warning['message']}")
