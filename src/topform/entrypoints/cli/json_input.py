"""Reading one JSON document from a file or stdin, with refusals that say where it is wrong."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from topform.core.errors import InvalidInputError, TooLargeError, TopFormError

MAX_DOCUMENT_BYTES = 10_000_000


def read_json(path: Path, *, what: str, example: str, error: type[TopFormError]) -> Any:
    """Return the parsed document; stdin for ``-``.

    ``what`` names it in messages, ``example`` shows its beginning, ``error`` is raised for what is not JSON.
    """
    try:
        content = sys.stdin.buffer.read(MAX_DOCUMENT_BYTES + 1) if str(path) == "-" else _read(path)
    except OSError as failure:
        raise InvalidInputError(
            f"cannot read the {what}: {failure.strerror}", remedy=f"Check the path of the {what} file."
        ) from failure
    if len(content) > MAX_DOCUMENT_BYTES:
        raise TooLargeError(f"the {what} is larger than 10 MB", remedy="Send fewer days of history.")
    if not content.strip():
        raise error(f"the {what} is empty", remedy=f"Write {example}.")

    def no_constant(name: str) -> float:
        raise error(f"{name} is no JSON number", remedy="Write a number, or leave the field out.")

    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=no_constant)
    except UnicodeDecodeError as failure:
        raise error(
            f"the {what} is not UTF-8 text", remedy="Save the file as UTF-8.", offset_bytes=failure.start
        ) from failure
    except json.JSONDecodeError as failure:
        raise error(
            f"line {failure.lineno}, column {failure.colno}: {failure.msg}",
            remedy="Correct the JSON there; often a comma or a quote is missing just before.",
            offset_bytes=len(failure.doc[: failure.pos].encode()),
            line=failure.lineno,
            column=failure.colno,
        ) from failure
    except RecursionError as failure:
        raise error(f"the {what} is nested too deeply", remedy=f"Send a plain {what}.") from failure


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_DOCUMENT_BYTES + 1)
