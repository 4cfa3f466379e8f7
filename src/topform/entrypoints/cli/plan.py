"""``topform plan REQUEST.json``: a training plan, as a table or as one JSON document."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from topform.coaching.request import PlanRequest
from topform.core.errors import InvalidInputError, PlanRequestError, TooLargeError
from topform.entrypoints.cli.output import JsonOption, explained, print_json

app = typer.Typer(add_completion=False)

MAX_REQUEST_BYTES = 10_000_000


@app.command()
def plan(
    request: Annotated[Path, typer.Argument(help="The request as JSON; - reads stdin.", show_default=False)],
    as_json: JsonOption = False,
    ics: Annotated[Path | None, typer.Option(help="Also write a calendar file.", metavar="FILE")] = None,
    fit: Annotated[Path | None, typer.Option(help="Also write a FIT workout for each session.", metavar="DIR")] = None,
    zwo: Annotated[Path | None, typer.Option(help="Also write ZWO files, cycling only.", metavar="DIR")] = None,
    mrc: Annotated[Path | None, typer.Option(help="Also write MRC files, cycling only.", metavar="DIR")] = None,
    erg: Annotated[Path | None, typer.Option(help="Also write ERG files, cycling only.", metavar="DIR")] = None,
) -> None:
    """Write a training plan that is safe by its rules, or say why there is none.

    Every plan is checked by a separate module before you see it; what had to give is listed, safety never is.
    """
    with explained(as_json=as_json, file=request):
        parsed = PlanRequest.from_dict(read_request(request))
        # The solvers take a second to load; a wrong request is answered before.
        from topform.coaching.planner import make_plan

        document = make_plan(parsed).as_dict()
        files = _write_files(document, parsed, ics=ics, folders={"fit": fit, "zwo": zwo, "mrc": mrc, "erg": erg})
        if as_json:
            print_json({**document, "files": files} if files else document)
        else:
            from topform.entrypoints.cli.plan_view import show

            show(document, files)


def read_request(path: Path) -> Any:
    """Return the parsed request; stdin for ``-``."""
    try:
        content = sys.stdin.buffer.read(MAX_REQUEST_BYTES + 1) if str(path) == "-" else _read(path)
    except OSError as error:
        raise InvalidInputError(
            f"cannot read the request: {error.strerror}", remedy="Check the path of the request file."
        ) from error
    if len(content) > MAX_REQUEST_BYTES:
        raise TooLargeError("the request is larger than 10 MB", remedy="Send fewer days of history.")
    if not content.strip():
        raise PlanRequestError("the request is empty", remedy='Write {"athlete": {...}, "goal": {...}, ...}.')
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise PlanRequestError(
            "the request is not UTF-8 text", remedy="Save the file as UTF-8.", offset_bytes=error.start
        ) from error
    except json.JSONDecodeError as error:
        offset = len(error.doc[: error.pos].encode())
        raise PlanRequestError(
            f"line {error.lineno}, column {error.colno}: {error.msg}",
            remedy="Correct the JSON there; often a comma or a quote is missing just before.",
            offset_bytes=offset,
            line=error.lineno,
            column=error.colno,
        ) from error
    except RecursionError as error:
        raise PlanRequestError("the request is nested too deeply", remedy="Send a plain plan request.") from error


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_REQUEST_BYTES + 1)


def _no_constant(name: str) -> float:
    raise PlanRequestError(f"{name} is no JSON number", remedy="Write a number, or leave the field out.")


def _write_files(
    document: dict[str, Any], request: PlanRequest, *, ics: Path | None, folders: dict[str, Path | None]
) -> dict[str, Any]:
    if ics is None and not any(folders.values()):
        return {}
    from topform.entrypoints.cli.plan_files import write_files

    return write_files(document, request, ics=ics, folders=folders)
