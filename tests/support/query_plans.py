"""How PostgreSQL answers the queries of a piece of code: which it sent, and what each plan does with each table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from topform.platform.database import Database


@dataclass(frozen=True, slots=True)
class Query:
    """A statement as it was sent."""

    statement: str
    parameters: Any


@contextmanager
def recorded_queries(database: Database) -> Iterator[list[Query]]:
    """Collect what is asked of the database."""
    found: list[Query] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            found.append(Query(statement, parameters))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def scans_without_index(
    database: Database, query: Query, tables: frozenset[str], *, avoid_scans: bool = False
) -> list[str]:
    """Return the tables of which a plan reads everything, whether the rows or a whole index.

    On small tables a scan is the better plan; ``avoid_scans`` shows whether there is an index at all.
    """
    async with database.engine.connect() as connection:
        if avoid_scans:
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        answer = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {query.statement}", query.parameters)
        plan: Any = answer.scalar_one()
    return _whole_scans(json.loads(plan) if isinstance(plan, str) else plan, tables)


async def plan_text(database: Database, query: Query) -> str:
    """Return the plan of a query as PostgreSQL words it."""
    async with database.engine.connect() as connection:
        answer = await connection.exec_driver_sql(f"EXPLAIN {query.statement}", query.parameters)
        return "\n".join(answer.scalars())


async def pages_read(database: Database, query: Query) -> int:
    """Return how many pages of tables and indexes a query touches when it is run."""
    async with database.engine.connect() as connection:
        answer = await connection.exec_driver_sql(
            f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {query.statement}", query.parameters
        )
        plan: Any = answer.scalar_one()
    (told,) = json.loads(plan) if isinstance(plan, str) else plan
    return int(told["Plan"]["Shared Hit Blocks"] + told["Plan"]["Shared Read Blocks"])


def _whole_scans(plan: Any, tables: frozenset[str]) -> list[str]:
    if isinstance(plan, list):
        return [name for part in plan for name in _whole_scans(part, tables)]
    if not isinstance(plan, dict):
        return []
    found = [name for part in plan.values() for name in _whole_scans(part, tables)]
    table, kind = plan.get("Relation Name"), plan.get("Node Type", "")
    if table in tables and kind != "Bitmap Heap Scan" and "Index Cond" not in plan:
        found.append(f"{kind} of {table}")
    return found
