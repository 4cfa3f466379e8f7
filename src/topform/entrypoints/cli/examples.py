"""Requests that run as they stand, for ``--help`` and ``--example``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import typer

PLAN_REQUEST: Final[dict[str, Any]] = {
    "athlete": {"sport": "running", "experience": "intermediate", "threshold": {"speed_m_s": 3.6}},
    "goal": {"type": "race", "sport": "running", "distance_m": 21097.5, "date": "2027-05-23", "priority": "A"},
    "start": "2027-03-01",
    "available_minutes": {"tue": 60, "thu": 60, "sat": 45, "sun": 120},
}
HISTORY: Final[dict[str, Any]] = {
    "athlete": {"sex": "f", "age": 38, "mass_kg": 61},
    "races": [{"date": "2027-03-14", "distance_m": 21097.5, "time_s": 6120}],
    "training": [{"date": "2027-04-11", "distance_m": 30000, "time_s": 10200}],
    "target": {"date": "2027-05-23", "distance_m": 42195},
}


def example_option(document: Mapping[str, Any], what: str) -> Any:
    """Return the setting of an option that prints an example and does nothing else."""

    def show(wanted: bool) -> None:
        if wanted:
            typer.echo(pretty(document))
            raise typer.Exit

    return typer.Option("--example", help=f"Print {what} that runs as it stands.", callback=show, is_eager=True)


def pretty(document: Mapping[str, Any]) -> str:
    """Return the document with one line for each of its parts."""
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in document.items())
    return "{\n" + lines + "\n}"


def epilog(document: Mapping[str, Any], before: str) -> str:
    """Return the end of a command's help: a sentence and the example, a paragraph for each line."""
    return "\n\n".join([before, *pretty(document).split("\n")])
