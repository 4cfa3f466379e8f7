"""What every command has in common: one JSON document on stdout, everything else on stderr, exit codes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.markup import escape

from topform.core.errors import TopFormError

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]

stdout = Console(highlight=False, soft_wrap=True)
stderr = Console(stderr=True, highlight=False)


def say_dimly(sentence: str) -> None:
    """Tell on stderr what is being done."""
    stderr.print(f"[dim]{escape(sentence)}[/]")


@contextmanager
def without_native_notes() -> Iterator[None]:
    """Drop what libraries write to stderr past Python; what goes wrong in them comes as an exception."""
    sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # the command was started without stderr
        yield
        return
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)


def print_json(document: Any) -> None:
    """Write one JSON document to stdout; NaN and infinities become null."""
    json.dump(_plain(document), sys.stdout, ensure_ascii=False, allow_nan=False)
    sys.stdout.write("\n")


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(item) for item in value]
        case np.ndarray():
            return _plain(value.tolist())
        case np.generic():
            return _plain(value.item())
        case bool() | None | int() | str():
            return value
        case float():
            return value if np.isfinite(value) else None
        case _ if hasattr(value, "isoformat"):
            return value.isoformat()
        case _ if hasattr(value, "as_dict"):
            return _plain(value.as_dict())
        case _:
            return str(value)


@contextmanager
def explained(*, as_json: bool, file: str | Path | None = None) -> Iterator[None]:
    """Turn a typed error into the error document or two readable lines, and exit code 1."""
    try:
        yield
    except TopFormError as error:
        if error.file is None and file is not None:
            error.file = str(file)
        if as_json:
            print_json({"error": error.as_dict()})
        else:
            place = f" at byte {error.offset_bytes}" if error.offset_bytes is not None else ""
            where = f"{error.file}{place}: " if error.file else ""
            stderr.print(f"[bold red]error[/] {where}{error.message} [dim]({error.code})[/]")
            if error.remedy:
                stderr.print(f"  [bold]try[/] {error.remedy}")
        raise typer.Exit(1) from error
