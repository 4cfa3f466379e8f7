"""From stretches of sleep to nights: one main sleep a day, from one device."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum

from topform.core.wellness import WellnessMetric
from topform.formats.exports.days import Days

LONGEST_BREAK_S = 2 * 3600.0
"""A longer break ends a sleep; what follows is another one."""

LONGEST_SLEEP_S = 20 * 3600.0


class Stage(IntEnum):
    """What a stretch was."""

    IN_BED = 0
    AWAKE = 1
    ASLEEP = 2
    """Asleep, the stage unknown."""
    LIGHT = 3
    DEEP = 4
    REM = 5


SLEEP_STAGES = (Stage.ASLEEP, Stage.LIGHT, Stage.DEEP, Stage.REM)
KNOWN_STAGES = (Stage.LIGHT, Stage.DEEP, Stage.REM)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one stage, in seconds since 1970, with local time minus UTC."""

    start_s: float
    end_s: float
    stage: Stage
    offset_s: int
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Night:
    """One sleep of one device."""

    start_s: float
    end_s: float
    offset_s: int
    device: str | None
    seconds: dict[Stage, float]

    @property
    def asleep_s(self) -> float:
        """Time asleep; without any sleep stage, the time in bed. [s]"""
        asleep = sum(self.seconds[stage] for stage in SLEEP_STAGES)
        return asleep if asleep > 0 else self.seconds[Stage.IN_BED]

    @property
    def has_stages(self) -> bool:
        """Whether the device told light, deep and REM sleep apart."""
        return any(self.seconds[stage] > 0 for stage in KNOWN_STAGES)

    @property
    def local_date(self) -> date:
        """The day on which it ended, in the local time of its end."""
        return local_day(self.end_s, self.offset_s)


def local_day(epoch_s: float, offset_s: int) -> date:
    """Return the local calendar day of an instant."""
    return (datetime.fromtimestamp(epoch_s, UTC) + timedelta(seconds=offset_s)).date()


def add_nights(days: Days, stretches: Iterable[Stretch]) -> None:
    """Add the main sleep of each day: the longest that ended on it, of a device that tells stages if there is one."""
    by_device: dict[str | None, list[Stretch]] = defaultdict(list)
    for stretch in stretches:
        if 0 < stretch.end_s - stretch.start_s <= LONGEST_SLEEP_S:
            by_device[stretch.device].append(stretch)
    best: dict[date, Night] = {}
    for of_device in by_device.values():
        for night in _nights(of_device):
            known = best.get(night.local_date)
            if known is None or _rank(night) > _rank(known):
                best[night.local_date] = night
    for night in best.values():
        add_night(days, night)


def _rank(night: Night) -> tuple[bool, float]:
    return night.has_stages, night.asleep_s


def _nights(stretches: list[Stretch]) -> Iterable[Night]:
    stretches.sort(key=lambda stretch: (stretch.start_s, stretch.end_s))
    group: list[Stretch] = []
    end_s = -float("inf")
    for stretch in stretches:
        if group and stretch.start_s - end_s > LONGEST_BREAK_S:
            yield _night(group)
            group, end_s = [], -float("inf")
        group.append(stretch)
        end_s = max(end_s, stretch.end_s)
    if group:
        yield _night(group)


def _night(group: Sequence[Stretch]) -> Night:
    last = max(group, key=lambda stretch: stretch.end_s)
    by_stage: dict[Stage, list[Stretch]] = defaultdict(list)
    for stretch in group:
        by_stage[stretch.stage].append(stretch)
    return Night(
        start_s=group[0].start_s,
        end_s=last.end_s,
        offset_s=last.offset_s,
        device=last.device,
        seconds={stage: _covered_s(by_stage[stage]) for stage in Stage},
    )


def _covered_s(stretches: Sequence[Stretch]) -> float:
    """Return the time that the stretches cover together; what two of them tell counts once. [s]"""
    covered, end_s = 0.0, -float("inf")
    for stretch in stretches:
        covered += max(0.0, stretch.end_s - max(stretch.start_s, end_s))
        end_s = max(end_s, stretch.end_s)
    return covered


def add_night(days: Days, night: Night) -> None:
    """Add a night's durations and its begin and end."""
    metric, day = WellnessMetric, night.local_date

    def add(metric: WellnessMetric, seconds: float) -> None:
        days.add(metric, day, seconds, at_s=night.end_s, device=night.device)

    if any(night.seconds[stage] > 0 for stage in SLEEP_STAGES):
        add(metric.SLEEP_S, night.asleep_s)
    add(metric.TIME_IN_BED_S, night.end_s - night.start_s)
    if night.has_stages:
        add(metric.SLEEP_DEEP_S, night.seconds[Stage.DEEP])
        add(metric.SLEEP_LIGHT_S, night.seconds[Stage.LIGHT])
        add(metric.SLEEP_REM_S, night.seconds[Stage.REM])
        add(metric.SLEEP_AWAKE_S, night.seconds[Stage.AWAKE])
    add_bed_times(days, day, night.start_s, night.end_s, night.offset_s, device=night.device)


def add_bed_times(
    days: Days, day: date, start_s: float, end_s: float, offset_s: int, *, device: str | None = None
) -> None:
    """Add when the night began and ended, counted from the local midnight that begins the day."""
    midnight_s = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() - offset_s
    days.add(WellnessMetric.SLEEP_START_S, day, start_s - midnight_s, at_s=end_s, device=device)
    days.add(WellnessMetric.SLEEP_END_S, day, end_s - midnight_s, at_s=end_s, device=device)
