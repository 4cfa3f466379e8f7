"""Google Fit in a Takeout archive: the table of daily metrics. Its workouts are TCX files and imported as such."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from topform.core.errors import TopFormError
from topform.core.exports import ActivityAbout, Found, FoundBroken, FoundValues, Tree
from topform.core.wellness import WellnessMetric
from topform.formats.exports.days import Days
from topform.formats.exports.reading import day, header, number, rows

SOURCE = "google_fit"
MARKS = {"Date", "Step count"}
COLUMNS = {"Step count": WellnessMetric.STEPS, "Average weight (kg)": WellnessMetric.BODY_MASS_KG}
NAMES = frozenset({"daily activity metrics.csv", "daily summaries.csv", "daily aggregations.csv"})


class GoogleFit:
    """Reads the table of daily metrics."""

    source = SOURCE

    def __init__(self, tree: Tree, tables: list[str]) -> None:
        self._tree, self._tables = tree, tables

    @classmethod
    def of(cls, tree: Tree) -> GoogleFit | None:
        """Return the reader when there is such a table."""
        named = [name for name in tree.names if PurePosixPath(name).name.lower() in NAMES]
        tables = [name for name in named if set(header(tree, name)) >= MARKS]
        return cls(tree, tables) if tables else None

    def claims(self, name: str, head: bytes) -> bool:
        """Say whether a file is the table."""
        return name in self._tables

    def about(self, name: str) -> ActivityAbout | None:
        """Return nothing."""
        return None

    def found(self) -> Iterator[Found]:
        """Yield the daily values."""
        for name in self._tables:
            days = Days(SOURCE)
            try:
                for row in rows(self._tree, name):
                    for column, metric in COLUMNS.items():
                        days.add(metric, day(row.get("Date")), number(row.get(column)))
            except TopFormError as failure:
                yield FoundBroken(name, failure)
            yield FoundValues(name, days.values(), days.implausible)
