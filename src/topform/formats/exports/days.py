"""From many records to one value a day."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from enum import Enum

from topform.core.wellness import DailyValue, WellnessMetric

EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 1, 1)


class Joining(Enum):
    """How several records of one day become one value."""

    LAST = "last"
    """The latest measurement of the day counts."""
    MEAN = "mean"
    SUM = "sum"
    """Of one device; two devices that count the same steps are never added up."""


class Days:
    """Collects records of one source and joins those of a day."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._cells: dict[tuple[WellnessMetric, date, str | None], list[float]] = {}
        self._joining: dict[WellnessMetric, Joining] = {}
        self.implausible = 0

    def add(
        self,
        metric: WellnessMetric,
        local_date: date | None,
        value: float | None,
        *,
        at_s: float = math.nan,
        device: str | None = None,
        joining: Joining = Joining.LAST,
    ) -> None:
        """Take a record; ``at_s`` is its instant in seconds since 1970. Nothing is taken when value or day is None."""
        if value is None or local_date is None or not EARLIEST <= local_date < LATEST:
            return
        self._joining[metric] = joining
        if joining is not Joining.SUM and not metric.is_plausible(value):
            self.implausible += 1
            return
        key = (metric, local_date, device)
        cell = self._cells.get(key)
        if cell is None:
            self._cells[key] = [1.0, value, at_s]
            return
        if joining is Joining.LAST:
            if not at_s < cell[2]:
                cell[1], cell[2] = value, at_s
        else:
            cell[1] += value
            cell[2] = max(cell[2], at_s) if not math.isnan(cell[2]) else at_s
        cell[0] += 1

    def values(self) -> tuple[DailyValue, ...]:
        """Return one value for each metric and day, in the order of days.

        Where several devices speak, the one with the latest value counts, for means the one with most records, and for
        sums the one that counted most.
        """
        best: dict[tuple[date, WellnessMetric], tuple[float, DailyValue]] = {}
        for (metric, local_date, device), (count, total, at_s) in self._cells.items():
            joining = self._joining[metric]
            value = total / count if joining is Joining.MEAN else total
            if not metric.is_plausible(value):
                self.implausible += 1
                continue
            rank = {Joining.LAST: at_s, Joining.MEAN: count, Joining.SUM: value}[joining]
            known = best.get((local_date, metric))
            if known is not None and not rank > known[0]:
                continue
            best[(local_date, metric)] = (rank, self._value(metric, local_date, value, at_s, device))
        return tuple(best[key][1] for key in sorted(best))

    def _value(
        self, metric: WellnessMetric, local_date: date, value: float, at_s: float, device: str | None
    ) -> DailyValue:
        return DailyValue.of(
            metric,
            round(value, 4),
            local_date=local_date,
            source=self._source,
            measured_at=None if math.isnan(at_s) else datetime.fromtimestamp(at_s, UTC),
            device=device,
        )
