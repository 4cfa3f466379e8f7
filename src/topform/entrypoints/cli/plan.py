"""``topform plan REQUEST.json``: a training plan, as a table or as one JSON document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from topform.coaching.race_dates import require_races_possible
from topform.coaching.request import PlanRequest
from topform.core.errors import PlanRequestError
from topform.entrypoints.cli.examples import PLAN_REQUEST, epilog, example_option
from topform.entrypoints.cli.json_input import read_json
from topform.entrypoints.cli.language import LanguageOption, require_spoken
from topform.entrypoints.cli.output import JsonOption, explained, print_json

app = typer.Typer(add_completion=False)


@app.command(
    epilog=epilog(
        PLAN_REQUEST,
        "A request, as --example prints it (goal: race, threshold_gain, general_fitness, strength_max_reps, maintain):",
    )
)
def plan(
    request: Annotated[Path, typer.Argument(help="The request as JSON; - reads stdin.", show_default=False)],
    as_json: JsonOption = False,
    example: Annotated[bool, example_option(PLAN_REQUEST, "a request")] = False,
    ics: Annotated[Path | None, typer.Option(help="Also write a calendar file.", metavar="FILE")] = None,
    fit: Annotated[Path | None, typer.Option(help="Also write a FIT workout for each session.", metavar="DIR")] = None,
    zwo: Annotated[Path | None, typer.Option(help="Also write ZWO files, cycling only.", metavar="DIR")] = None,
    mrc: Annotated[Path | None, typer.Option(help="Also write MRC files, cycling only.", metavar="DIR")] = None,
    erg: Annotated[Path | None, typer.Option(help="Also write ERG files, cycling only.", metavar="DIR")] = None,
    language: LanguageOption = "en",
) -> None:
    """Write a training plan that is safe by its rules, or say why there is none.

    Every plan is checked by a separate module before you see it; what had to give is listed, safety never is.
    """
    with explained(as_json=as_json, file=request):
        require_spoken(language)
        parsed = PlanRequest.from_dict(
            read_json(
                request,
                what="request",
                example='{"athlete": {...}, "goal": {...}, ...}',
                error=PlanRequestError,
            )
        )
        require_races_possible(parsed)
        # The solvers take a second to load; a wrong request is answered before.
        from topform.coaching.plan_language import in_language
        from topform.coaching.planner import make_plan

        document = in_language(make_plan(parsed).as_dict(), language)
        folders = {"fit": fit, "zwo": zwo, "mrc": mrc, "erg": erg}
        files = _write_files(document, parsed, ics=ics, folders=folders, language=language)
        if as_json:
            print_json({**document, "files": files} if files else document)
        else:
            from topform.entrypoints.cli.plan_view import show

            show(document, files, language=language)


def _write_files(
    document: dict[str, Any], request: PlanRequest, *, ics: Path | None, folders: dict[str, Path | None], language: str
) -> dict[str, Any]:
    if ics is None and not any(folders.values()):
        return {}
    from topform.entrypoints.cli.plan_files import write_files

    return write_files(document, request, ics=ics, folders=folders, language=language)
