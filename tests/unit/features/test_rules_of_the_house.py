"""Rules that a reader cannot keep in mind: who may see a row, where queries are written."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

import topform
from topform.features.athletes.public import AthleteOwned

FEATURES = Path(topform.__file__).parent / "features"
STATEMENTS = {"select", "update", "delete"}
# Called by workers and by code that has just decided about the row, or that acts for nobody; each says so in its
# docstring.
EXEMPT = {
    "JobRepository.for_worker",
    "JobRepository.write",
    "JobRepository.uploads_needed",
    "ActivityRepository.replace_parts",
    "RecomputeRepository.athletes_with_activities",
    "ConnectionRepository.forget_old_authorizations",
    "ConnectionRepository.for_worker",
    "ConnectionRepository.of_account",
    "ConnectionRepository.due",
    "ConnectionRepository.run_for_worker",
    "PlanRepository.token_owner",
    "ConsentRepository.consenting",
    "LabelRepository.asked",
    "PlanRepository.athletes_with_plans",
}


def modules() -> list[Path]:
    return sorted(FEATURES.rglob("*.py"))


def owned_tables() -> set[str]:
    for path in FEATURES.glob("*/tables.py"):
        importlib.import_module(f"topform.features.{path.parent.name}.tables")
    return {table.__name__ for table in AthleteOwned.__subclasses__()}


def called(node: ast.AST) -> set[str]:
    return {call.func.id for call in ast.walk(node) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)}


def test_every_query_over_an_athletes_rows_asks_who_may_see_them():
    owned = owned_tables()
    assert "ActivityRow" in owned
    missing = []
    for path in modules():
        for kind in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef)):
            for method in (node for node in kind.body if isinstance(node, ast.AsyncFunctionDef)):
                names = {node.id for node in ast.walk(method) if isinstance(node, ast.Name)}
                reads = called(method) & STATEMENTS and names & owned
                if reads and "visible_to" not in names and f"{kind.name}.{method.name}" not in EXEMPT:
                    missing.append(f"{path.name}: {kind.name}.{method.name}")
    assert missing == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(FEATURES)))
def test_queries_are_written_in_repositories_only(path: Path):
    if path.name in ("repository.py", "outcomes.py", "visibility.py") or path.name.endswith("_repository.py"):
        return
    tree = ast.parse(path.read_text("utf-8"))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
    }
    assert not imported & (STATEMENTS | {"insert", "text"}), path
