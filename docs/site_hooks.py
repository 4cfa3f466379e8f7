"""What the documentation build takes from the code: the command line, the error codes, the Python API.

A page asks for a generated part with a comment on a line of its own, such as ``<!-- generated: cli -->``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import typer

SOURCE = Path(__file__).resolve().parents[1] / "src" / "topform"
MARKER = re.compile(r"^<!-- generated: (\w+) -->$", re.MULTILINE)


def on_config(config: Any, **_: Any) -> Any:
    """List every decision in the navigation."""
    pages = sorted(path.name for path in Path(config["docs_dir"]).glob("adr/*.md"))
    for section in config["nav"]:
        if "Decisions" in section:
            section["Decisions"] = [f"adr/{name}" for name in pages]
    return config


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put the generated parts in the place of their markers."""
    return MARKER.sub(lambda found: GENERATORS[found[1]](), markdown)


# ---- the command line ----


def command_reference() -> str:
    """Return one section for each command, in the order of ``topform --help``."""
    from topform.entrypoints.cli import app

    group: Any = typer.main.get_command(app)
    context = group.make_context("topform", [], resilient_parsing=True)
    return "\n\n".join(_sections(group, context, level=2))


def _sections(group: Any, context: Any, *, level: int) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = command.make_context(name, [], parent=context, resilient_parsing=True)
        yield _section(command, inner, level=level)
        if hasattr(command, "list_commands"):
            yield from _sections(command, inner, level=level + 1)


def _section(command: Any, context: Any, *, level: int) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    parts = [f"{'#' * level} `{context.command_path}`", _text(command.help), f"```text\n{usage}\n```"]
    rows = [_parameter_row(parameter, context) for parameter in command.get_params(context)]
    rows = [row for row in rows if row]
    if rows:
        parts.append("\n".join(["| argument or option | meaning |", "| --- | --- |", *rows]))
    return "\n\n".join(part for part in parts if part)


def _parameter_row(parameter: Any, context: Any) -> str | None:
    if {"--help", "--install-completion", "--show-completion"} & set(parameter.opts):
        return None
    record = parameter.get_help_record(context)
    if record is None:
        return None
    name, meaning = record
    meaning = _text(meaning).replace("|", "\\|").replace("  ", " ")
    return f"| `{name}` | {meaning} |"


def _text(help_text: str | None) -> str:
    return re.sub(r"\s*\n\s*(?!\n)", " ", (help_text or "").replace("\f", "").strip())


# ---- the error codes ----


@dataclass(frozen=True, slots=True)
class ErrorClass:
    """A typed error as its source states it."""

    name: str
    base: str
    code: str
    meaning: str


def error_classes() -> list[ErrorClass]:
    """Return every class of the error tree, read from the source without importing it."""
    found = {"TopFormError": ErrorClass("TopFormError", "Exception", "error", "Root of all typed errors.")}
    candidates = [
        node
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and node.bases
    ]
    while True:
        new = [
            _error_class(node, base)
            for node in candidates
            if node.name not in found and (base := _base_in(node, found)) is not None
        ]
        if not new:
            return sorted(found.values(), key=lambda error: error.code)
        found |= {error.name: error for error in new}


def _base_in(node: ast.ClassDef, found: dict[str, ErrorClass]) -> ErrorClass | None:
    names = (base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for base in node.bases)
    return next((found[name] for name in names if name in found), None)


def _error_class(node: ast.ClassDef, base: ErrorClass) -> ErrorClass:
    code = base.code
    for statement in node.body:
        target = getattr(statement, "target", None) or next(iter(getattr(statement, "targets", [])), None)
        value = getattr(statement, "value", None)
        if isinstance(target, ast.Name) and target.id == "code" and isinstance(value, ast.Constant):
            code = str(value.value)
    meaning = (ast.get_docstring(node) or "").partition("\n\n")[0].replace("\n", " ")
    return ErrorClass(node.name, base.name, code, meaning)


def error_reference() -> str:
    """Return the table of error codes with their HTTP status."""
    from topform.entrypoints.api.problems import STATUS_BY_ERROR

    statuses = {error.__name__: status for error, status in STATUS_BY_ERROR.items()}
    errors = error_classes()
    base_of = {error.name: error.base for error in errors}
    rows = ["| code | HTTP status | meaning |", "| --- | --- | --- |"]
    seen: set[str] = set()
    for error in errors:
        if error.code in seen or error.name == "TopFormError":
            continue
        seen.add(error.code)
        ancestor = error.name
        while ancestor not in statuses and ancestor in base_of:
            ancestor = base_of[ancestor]
        rows.append(f"| `{error.code}` | {statuses.get(ancestor, 500)} | {error.meaning} |")
    return "\n".join(rows)


# ---- the Python API ----


def python_reference(package: str) -> str:
    """Return one mkdocstrings directive for each public module of a package."""
    folder = SOURCE / package
    modules = [
        path
        for path in sorted(folder.rglob("*.py"))
        if not path.name.startswith("_") and ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    names = [".".join(["topform", *path.relative_to(SOURCE).with_suffix("").parts]) for path in modules]
    return "\n\n".join(f"::: {name}" for name in names)


GENERATORS: dict[str, Callable[[], str]] = {
    "cli": command_reference,
    "errors": error_reference,
    **{f"python_{name}": partial(python_reference, name) for name in ("core", "science", "kinematics", "coaching")},
}
