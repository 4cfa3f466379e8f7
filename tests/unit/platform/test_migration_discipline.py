"""Migrations that run while the former version of the program still serves: they add, or they say what they end."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from topform.platform.migrations import upgrade

VERSIONS = Path(upgrade.__code__.co_filename).parent / "versions"
FIRST_DISCIPLINED = 19
ADDS = frozenset({"create_table", "create_index", "add_column", "get_context", "f"})
MARK = "CONTRACTS"


def breaking_steps(source: str) -> Iterator[str]:
    """Return what of a migration an older program would stumble over: all but what is new and optional."""
    tree = ast.parse(source)
    (change,) = (one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == "upgrade")
    helpers = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name != "downgrade"}
    waiting, seen = [change], {"upgrade"}
    while waiting:
        for call in (node for node in ast.walk(waiting.pop()) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id in helpers.keys() - seen:
                seen.add(call.func.id)
                waiting.append(helpers[call.func.id])
            if not (isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "op"):
                continue
            step = call.func.attr
            if step == "execute" and _adds(call):
                continue
            if step not in ADDS:
                yield f"{step} in line {call.lineno}"
            elif step == "add_column" and not _is_optional(call):
                yield f"a required column without a default in line {call.lineno}"


def _is_optional(add_column: ast.Call) -> bool:
    column = add_column.args[1]
    given = {word.arg: word.value for word in column.keywords} if isinstance(column, ast.Call) else {}
    nullable = given.get("nullable")
    return "server_default" in given or not (isinstance(nullable, ast.Constant) and nullable.value is False)


def _adds(execute: ast.Call) -> bool:
    """New rows, and triggers with their functions, which are there to note what any program writes."""
    statement = execute.args[0]
    words = str(statement.value).upper().split(None, 2)[:2] if isinstance(statement, ast.Constant) else []
    return words[:1] == ["INSERT"] or words in (["CREATE", "FUNCTION"], ["CREATE", "TRIGGER"])


def mark_of(source: str) -> str | None:
    """Return which earlier change a migration completes, in its own words."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == MARK:
            assert isinstance(node.value, ast.Constant)
            assert isinstance(node.value.value, str)
            return node.value.value
    return None


@pytest.mark.parametrize("path", sorted(VERSIONS.glob("0*.py")), ids=lambda path: path.stem)
def test_a_migration_adds_or_says_what_it_ends(path: Path) -> None:
    if int(path.stem[:4]) < FIRST_DISCIPLINED:
        return
    source = path.read_text(encoding="utf-8")
    steps, mark = list(breaking_steps(source)), mark_of(source)
    assert mark is not None or steps == [], f"{path.name}: {steps}; see docs/concepts/schema-changes.md"
    assert mark is None or len(mark) > 20, "say which release wrote for it last"


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ('op.add_column("a", sa.Column("b", sa.Text(), nullable=True))', 0),
        ('op.add_column("a", sa.Column("b", sa.Text(), nullable=False, server_default=""))', 0),
        ('op.add_column("a", sa.Column("b", sa.Text(), nullable=False))', 1),
        ('op.drop_column("a", "b")', 1),
        ('op.alter_column("a", "b", new_column_name="c")', 1),
        ('op.execute("DELETE FROM a")', 1),
        ('op.execute("INSERT INTO a SELECT 1")', 0),
        ('op.execute("CREATE TRIGGER a AFTER DELETE ON b FOR EACH ROW EXECUTE FUNCTION c()")', 0),
        ('op.execute("CREATE TABLE a AS SELECT 1")', 1),
        ('_more()\n\ndef _more():\n    op.rename_table("a", "b")', 1),
    ],
)
def test_the_rule_knows_what_breaks(step: str, found: int) -> None:
    assert len(list(breaking_steps(f"def upgrade():\n    {step}\n"))) == found
