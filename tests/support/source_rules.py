"""Rules that our own source keeps and no general checker knows: each finds places, named by file and line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

QUERIES = frozenset({"select", "update", "delete"})
OWNER_WORDS = ("athlete_id", "visible_to", "usable_for", "owner_id")
SQL_CALLS = frozenset({"text", "execute", "scalar", "scalars", "exec_driver_sql"})
REACHES_OUT = frozenset(
    {
        *("httpx", "httpcore", "requests", "aiohttp", "urllib3", "urllib.request", "http.client", "xmlrpc"),
        *("ftplib", "smtplib", "imaplib", "poplib", "telnetlib", "socket", "websockets", "grpc"),
        *("boto3", "obstore.store", "fsspec"),
    }
)
"""Modules with which a program can call another one over the network."""
CALLS_OUT = frozenset({"open_connection", "create_connection", "open_unix_connection", "sock_connect"})


def trees(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    """All modules of a folder, parsed."""
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def owned_tables(folder: Path) -> frozenset[str]:
    """Names of the table classes whose rows belong to an athlete."""
    return frozenset(
        node.name
        for _, tree in trees(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and node.name.endswith("Row")
        and any(
            isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name) and part.target.id == "athlete_id"
            for part in node.body
        )
    )


def unowned_queries(tree: ast.Module, tables: frozenset[str]) -> Iterator[tuple[str, int]]:
    """Functions that query rows of athletes and never say of which athlete."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        asked = [
            call
            for call in ast.walk(function)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id in QUERIES
            and any(isinstance(part, ast.Name) and part.id in tables for arg in call.args for part in ast.walk(arg))
        ]
        if asked and not any(word in ast.unparse(function) for word in OWNER_WORDS):
            yield function.name, asked[0].lineno


def formatted_sql(tree: ast.Module) -> Iterator[int]:
    """SQL put together from strings, where a value could become a command."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _name(call.func) in SQL_CALLS and call.args:
            first = call.args[0]
            joined = isinstance(first, ast.JoinedStr) and any(
                isinstance(part, ast.FormattedValue) for part in first.values
            )
            added = isinstance(first, ast.BinOp) and isinstance(first.op, ast.Add | ast.Mod) and _has_text(first)
            formatted = isinstance(first, ast.Call) and _name(first.func) == "format"
            if joined or added or formatted:
                yield call.lineno


def dangerous_calls(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """``yaml.load``, a shell, and unpickling."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        called = ast.unparse(call.func)
        if re.fullmatch(r"yaml\.(load|unsafe_load|full_load)(_all)?", called):
            yield called, call.lineno
        if re.fullmatch(r"(pickle|dill|joblib|marshal)\.loads?", called):
            yield called, call.lineno
        if called in ("os.system", "os.popen") or any(
            word.arg == "shell" and not (isinstance(word.value, ast.Constant) and word.value.value is False)
            for word in call.keywords
        ):
            yield "shell", call.lineno


def ways_out(tree: ast.Module) -> Iterator[int]:
    """Lines that bring in, or use, something that can call another program over the network."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), names=names, level=0):
                modules = [module, *(f"{module}.{alias.name}" for alias in names)]
            case ast.Attribute(attr=attr) if attr in CALLS_OUT:
                yield node.lineno
                continue
            case ast.Attribute():
                modules = [ast.unparse(node)] if ast.unparse(node) == "urllib.request" else []
            case _:
                continue
        if any(module == one or module.startswith(f"{one}.") for module in modules for one in REACHES_OUT):
            yield node.lineno


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _has_text(expression: ast.expr) -> bool:
    return any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(expression))


def lost_imports(tree: ast.Module, source: Path) -> list[tuple[int, str]]:
    """What a file imports of ours that is not there: (line, name). Files nobody runs in a test need it most."""
    lost = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("topform"):
            continue
        target = source.parent / (node.module or "").replace(".", "/")
        module = target / "__init__.py" if target.is_dir() else target.with_suffix(".py")
        if not module.exists():
            lost.append((node.lineno, str(node.module)))
            continue
        text = module.read_text()
        lost += [
            (node.lineno, f"{node.module}.{name.name}")
            for name in node.names
            if name.name not in text and not (target / f"{name.name}.py").exists() and not (target / name.name).is_dir()
        ]
    return lost
