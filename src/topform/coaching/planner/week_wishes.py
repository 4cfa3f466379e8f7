"""The wishes of one week, each with a price: what bends where not everything fits."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from topform.coaching.planner.candidates import PLAIN_TEMPLATES
from topform.coaching.planner.long_sessions import long_weekday
from topform.coaching.planner.week_model import WeekModel
from topform.coaching.planner.zones import zone_wish
from topform.coaching.workouts.model import KEY_KINDS, SessionKind
from topform.coaching.workouts.race_pace import is_race_pace

_LOAD_BAND_FRAC: Final = (0.005, 0.02)
"""Deviations of the week's load below and above its target that cost nothing: what every week lacks, Fitness loses."""

# Penalties; loads are in tenths of an AU.
_LOAD, _LOAD_OF_SHORT_HOURS, _DAY_LOAD = 10, 16, 7
_MISSING_KEY, _MISSING_LONG, _MISSING_STRENGTH, _MISSING_SPORT = 4000, 4500, 3000, 2500
_MISSING_RACE_PACE, _NO_PLAIN_DAY, _MODERATE = 7000, 2500, 100
_LONG_MINUTE, _LONG_DAY, _SESSION_COUNT = 60, 1500, 900
_ZONE_MINUTE, _REPEATED, _RECOVERY, _NO_OPENER = 40, 300, 150, 600
_EASY_SHARE: Final = 0.8
_ZONE_WISH: Final = 2
"""For each tenth of a minute off the wished share: light, so that it chooses among sessions, not their number."""

_AS_PLANNED: Final = 1200
"""What it is worth to leave a session where the athlete has seen it before."""

_MISSING_BRICK: Final = 1200


class Wishes:
    """The prices of a week's wishes, and which of them stayed open.

    Parameters
    ----------
    week : WeekModel

    Attributes
    ----------
    missing_keys, missing_strength
        Integer variables: how many of these sessions found no place.
    missing_long : list
        One variable for each sport with a long session, 1 where it found no place.
    """

    def __init__(self, week: WeekModel) -> None:
        self.week = week
        self.problem = week.problem
        self.penalties: list[Any] = []
        self.missing_long: list[Any] = []

    def add(self) -> None:
        """Give the model its objective."""
        self._wish_load()
        self._wish_keys_and_long()
        self._wish_sessions()
        self._wish_variety_and_zones()
        self.week.model.minimize(sum(self.penalties))

    def _excess(self, expression: Any, weight: int, name: str, bound: int = 200_000) -> Any:
        """Penalise the positive part of an expression."""
        over = self.week.model.new_int_var(0, bound, name)
        self.week.model.add(over >= expression)
        self.penalties.append(weight * over)
        return over

    def _wish_load(self) -> None:
        target = round(self.problem.target_au * 10)
        total = sum(self.week.load.values())
        below, above = (round(share * target) for share in _LOAD_BAND_FRAC)
        self._excess(total - target - above, _LOAD, "over")
        self._excess(target - below - total, _LOAD_OF_SHORT_HOURS if self.problem.week.is_short else _LOAD, "under")
        asked = float(self.problem.daily_au[list(self.week.days)].sum())
        for d in self.week.days:
            self._wish_day_load(
                d, round(10 * self.problem.target_au * float(self.problem.daily_au[d]) / max(asked, 1e-9))
            )

    def _wish_day_load(self, day: int, wanted: int) -> None:
        """Price how far a day's endurance load is from the one wanted, the run off the bike included."""
        bricks = sum(round(item.load_au * 10) * v for d, item, v in self.week.bricks if d == day)
        if isinstance(bricks, int):
            self.penalties.append(
                sum(_DAY_LOAD * (abs(c.load_tenths - wanted) - wanted) * v for c, v in self.week.on_day[day])
            )
            return
        total = sum(c.load_tenths * v for c, v in self.week.on_day[day]) + bricks
        self._excess(total - wanted, _DAY_LOAD, f"day_over_{day}")
        self._excess(wanted - total, _DAY_LOAD, f"day_under_{day}")

    def _wish_keys_and_long(self) -> None:
        menu, main = self.problem.menu, list(zip(self.problem.menu.main, self.week.pick, strict=True))
        keys = [(c, v) for c, v in main if c.kind in KEY_KINDS]
        self.week.model.add(sum(v for _, v in keys) <= menu.n_keys)
        self.missing_keys = self._excess(menu.n_keys - sum(v for _, v in keys), _MISSING_KEY, "keys")
        by_kind: dict[SessionKind, list[Any]] = defaultdict(list)
        for candidate, chosen in keys:
            by_kind[candidate.kind].append(chosen)
        for of_one_kind in by_kind.values():
            self.week.model.add_at_most_one(of_one_kind)
        long_day = long_weekday(self.problem.request, self.problem.season, self.problem.week)
        for sport, wanted in menu.long_minutes.items():
            longs = [(c, v) for c, v in main if c.kind is SessionKind.LONG and c.item.sport is sport]
            self.week.model.add_at_most_one([v for _, v in longs])
            possible = bool(longs)
            if not possible:
                continue
            missing = self._excess(1 - sum(v for _, v in longs), _MISSING_LONG, f"long_{sport}")
            self.missing_long.append(missing)
            self._excess(
                wanted - wanted * missing - sum(v * c.item.minutes for c, v in longs), _LONG_MINUTE, f"longmin_{sport}"
            )
            self.penalties.append(
                sum(v * (0 if self.problem.season.weekday(c.day) == long_day else _LONG_DAY) for c, v in longs)
            )
        at_pace = [(c, v) for c, v in main if is_race_pace(c.item.template_id)]
        for wanted, is_long in ((menu.n_race_keys, False), (menu.n_race_longs, True)):
            chosen_at_pace = [v for c, v in at_pace if (c.kind is SessionKind.LONG) is is_long]
            if wanted and chosen_at_pace:
                self._excess(wanted - sum(chosen_at_pace), _MISSING_RACE_PACE, f"race_pace_{is_long}")

    def _wish_sessions(self) -> None:
        total = sum(self.week.trained.values())
        self._excess(total - self.problem.menu.n_sessions, _SESSION_COUNT, "days_over")
        self._excess(self.problem.menu.n_sessions - total, _SESSION_COUNT, "days_under")
        placed: list[Any] = [sum(v for row in grid for v in row) for grid in self.week.strength]
        self.missing_strength = self._excess(len(placed) - sum(placed), _MISSING_STRENGTH, "lifts")
        if self.week.bricks:
            self._excess(1 - sum(v for _, _, v in self.week.bricks), _MISSING_BRICK, "brick")
        sports = {c.item.sport for c in self.problem.menu.main}
        if len(sports) > 1:
            for sport in sorted(sports):
                done = sum(
                    v for c, v in zip(self.problem.menu.main, self.week.pick, strict=True) if c.item.sport is sport
                )
                self._excess(1 - done, _MISSING_SPORT, f"none_{sport}")
                self._excess(done - 2, _REPEATED * 4, f"many_{sport}")

    def _wish_variety_and_zones(self) -> None:
        recent = self.problem.diary.recent_templates(self.week.days[0], 14)
        race = self.problem.season.race_index
        by_template: dict[str, list[Any]] = defaultdict(list)
        above: Any = 0
        everything: Any = 0
        main = list(zip(self.problem.menu.main, self.week.pick, strict=True))
        for candidate, chosen in main:
            item = candidate.item
            by_template[item.template_id].append(chosen)
            above += chosen * round(item.zone_minutes[1] + item.zone_minutes[2])
            everything += chosen * round(sum(item.zone_minutes))
            is_planned = (item.template_id, item.minutes) in self.problem.menu.planned.get(candidate.day, ())
            price = -_AS_PLANNED if is_planned else 0
            if (item.kind in KEY_KINDS or item.template_id.endswith("fast_finish")) and item.template_id in recent:
                price += _REPEATED
            if item.kind is SessionKind.RECOVERY:
                price += _RECOVERY
            if item.is_moderate:
                price += _MODERATE
            if price:
                self.penalties.append(price * chosen)
        for name, uses in by_template.items():
            allowance = 3 if name in PLAIN_TEMPLATES else 1
            self._excess(sum(uses) - allowance, _REPEATED, f"again_{name}")
        plain = [v for c, v in main if c.item.template_id in PLAIN_TEMPLATES]
        if plain:
            self._excess(1 - sum(plain), _NO_PLAIN_DAY, "no_plain_day")
        self._excess(10 * above - round(10 * (1 - _EASY_SHARE)) * everything, _ZONE_MINUTE // 10, "zones")
        wish = zone_wish(
            phase=self.problem.week.phase,
            is_easier=self.problem.week.is_deload,
            experience=self.problem.request.experience,
        )
        zone_time = sum(v * round(10 * (1 - wish[0]) * sum(c.item.zone_minutes)) for c, v in main)
        self._excess(10 * above - zone_time, _ZONE_WISH, "zone_over")
        self._excess(zone_time - 10 * above, _ZONE_WISH, "zone_under")
        if race is not None:
            openers = [
                v
                for c, v in zip(self.problem.menu.main, self.week.pick, strict=True)
                if c.kind is SessionKind.OPENER and c.day < race
            ]
            if openers:
                self._excess(1 - sum(openers), _NO_OPENER, "opener")
