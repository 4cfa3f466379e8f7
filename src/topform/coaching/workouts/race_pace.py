"""Sessions at the pace of the athlete's own race, made for its length and its expected intensity.

The identifier of such a workout holds everything it is made of, for example ``run.race.3x10+2.97``: three times ten
minutes with two between, at 97 percent of threshold. A plan that was stored can so be read again without its goal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from topform.coaching.goals import Experience, PlanSport
from topform.coaching.workouts import cycling, running, swimming
from topform.coaching.workouts.model import SessionKind, Step, ramp, repeat, rest, steady
from topform.coaching.workouts.template import Frame, Template, around, shortest_minutes

_PREFIX: Final = {"run": PlanSport.RUNNING, "ride": PlanSport.CYCLING, "swim": PlanSport.SWIMMING}
_NAME_OF: Final = {sport: name for name, sport in _PREFIX.items()}
_ID: Final = re.compile(r"(run|ride|swim)\.race\.(long_|brick_)?(\d+)x([\d.]+)\+([\d.]+)\.(\d+)")

Set = tuple[int, float, float]
"""Repetitions, minutes of each, minutes of easy movement (or rest at the wall) between."""


@dataclass(frozen=True, slots=True)
class RaceSets:
    """Sets for races up to a length, by size; the sizes grow with the athlete's experience and towards the race.

    Parameters
    ----------
    up_to_min : float
        Longest race, or leg of a triathlon, they are for. [min]
    small, medium, large : tuple of Set
    taper : tuple of Set
        Enough to keep the rhythm while the load falls.
    long : tuple of Set
        For inside a long session: small, medium, large; empty where the race is too short for that.
    """

    up_to_min: float
    small: tuple[Set, ...]
    medium: tuple[Set, ...]
    large: tuple[Set, ...]
    taper: tuple[Set, ...]
    long: tuple[Set, ...] = ()


_SETS: Final[dict[PlanSport, tuple[RaceSets, ...]]] = {
    PlanSport.RUNNING: (
        RaceSets(14, ((6, 1, 1.5), (4, 2, 2)), ((8, 1, 1.5), (5, 2, 2)), ((10, 1, 1.5), (6, 2, 2)), ((4, 1, 2),)),
        RaceSets(
            35, ((5, 2, 1.5), (4, 3, 2)), ((6, 3, 2), (4, 4, 2.5)), ((5, 4, 2.5), (8, 2.5, 1.5)), ((3, 2, 2), (4, 1, 1))
        ),
        RaceSets(
            75, ((4, 4, 2), (3, 5, 2)), ((5, 5, 2), (4, 6, 2)), ((6, 5, 1.5), (3, 10, 2.5)), ((3, 3, 2), (2, 4, 2))
        ),
        RaceSets(
            140,
            ((3, 6, 2), (2, 10, 2)),
            ((3, 10, 2), (4, 8, 2)),
            ((3, 12, 2), (2, 20, 3)),
            ((2, 6, 2), (3, 4, 2)),
            ((2, 8, 4), (3, 10, 4), (3, 12, 4)),
        ),
        RaceSets(
            400,
            ((2, 12, 2), (3, 10, 2)),
            ((3, 12, 2), (2, 20, 3)),
            ((3, 15, 2), (2, 25, 3)),
            ((2, 8, 2), (2, 10, 2)),
            ((2, 15, 5), (3, 15, 5), (3, 20, 5)),
        ),
    ),
    PlanSport.CYCLING: (
        RaceSets(
            75, ((3, 6, 4), (2, 10, 5)), ((3, 10, 5), (4, 8, 4)), ((3, 12, 5), (2, 20, 5)), ((2, 5, 4), (3, 4, 4))
        ),
        RaceSets(
            180,
            ((2, 12, 5), (3, 10, 5)),
            ((2, 20, 5), (3, 15, 5)),
            ((3, 20, 5), (2, 30, 5)),
            ((2, 8, 4), (3, 6, 4)),
            ((2, 12, 6), (3, 15, 6), (3, 20, 6)),
        ),
        RaceSets(
            1500,
            ((2, 15, 5), (3, 12, 5)),
            ((2, 25, 5), (3, 20, 5)),
            ((2, 35, 5), (3, 25, 5)),
            ((2, 10, 5), (3, 8, 4)),
            ((2, 20, 8), (3, 20, 8), (3, 30, 10)),
        ),
    ),
    PlanSport.SWIMMING: (
        RaceSets(12, ((8, 0.75, 0.5),), ((10, 1, 0.5),), ((14, 1, 0.5),), ((4, 0.75, 1),)),
        RaceSets(
            30,
            ((6, 1.5, 0.5), (4, 3, 0.5)),
            ((10, 1.5, 0.5), (5, 4, 0.5)),
            ((14, 1.5, 0.5), (6, 4, 0.5)),
            ((4, 1.5, 0.5), (6, 1, 0.5)),
        ),
        RaceSets(
            400,
            ((4, 4, 0.5), (3, 6, 0.5)),
            ((5, 5, 0.5), (3, 8, 0.75)),
            ((4, 8, 0.75), (3, 12, 1)),
            ((3, 3, 0.5), (4, 2, 0.5)),
            ((4, 4, 0.5), (4, 6, 0.5), (4, 10, 1)),
        ),
    ),
}
"""Runs beyond 400 minutes have no sessions at their pace: it is that of every easy run."""

_FRAMES: Final[dict[PlanSport, Frame]] = {
    PlanSport.RUNNING: running.FRAME,
    PlanSport.CYCLING: cycling.FRAME,
    PlanSport.SWIMMING: swimming.FRAME,
}
_WORDS: Final = {
    PlanSport.RUNNING: ("Race pace", "Long run with", "at race pace"),
    PlanSport.CYCLING: ("Race effort", "Long ride with", "at race effort"),
    PlanSport.SWIMMING: ("Race speed", "Long swim with", "at race speed"),
}
_TEXT: Final = {
    PlanSport.RUNNING: "At the pace of your race, even and relaxed",
    PlanSport.CYCLING: "At the effort of your race, in race position",
    PlanSport.SWIMMING: "At the speed of your race, long strokes",
}
_SOURCE: Final = {
    PlanSport.RUNNING: "Pfitzinger and Douglas, goal-pace running: principle of the session",
    PlanSport.CYCLING: "Coggan's power levels: principle of the session",
    PlanSport.SWIMMING: "Maglischo 2003, Swimming Fastest: race-pace sets",
}
# From this intensity on a session is of that kind; below the last one it is a tempo session. [% of threshold]
_KINDS: Final = {
    PlanSport.RUNNING: ((101, SessionKind.VO2), (95, SessionKind.THRESHOLD)),
    PlanSport.CYCLING: ((103, SessionKind.VO2), (90, SessionKind.THRESHOLD)),
    PlanSport.SWIMMING: ((103, SessionKind.VO2), (97, SessionKind.THRESHOLD)),
}
_EXTRA_MIN: Final = {PlanSport.RUNNING: 40, PlanSport.CYCLING: 70, PlanSport.SWIMMING: 31}
_LONGEST_MIN: Final = {PlanSport.RUNNING: 180, PlanSport.CYCLING: 360, PlanSport.SWIMMING: 150}
_SIZES: Final = {Experience.BEGINNER: 0, Experience.INTERMEDIATE: 1, Experience.ADVANCED: 2}


def is_race_pace(template_id: str) -> bool:
    """Return whether a workout holds work at the pace of the plan's race.

    Examples
    --------
    >>> is_race_pace("run.race.3x10+2.97"), is_race_pace("run.easy")
    (True, False)
    """
    return _ID.fullmatch(template_id) is not None


@lru_cache(maxsize=256)
def race_templates(
    sport: PlanSport, race_min: float, intensity_pct: int, level: Experience, phase: str, most_min: int = 24 * 60
) -> tuple[Template, ...]:
    """Return the sessions at race pace for a phase, the long ones last.

    Parameters
    ----------
    sport : PlanSport
        Of the race or the leg.
    race_min : float
        Its expected duration. [min]
    intensity_pct : int
        Its expected intensity. [% of threshold]
    level : Experience
    phase : str
        Earlier phases get smaller sets than the last one before the taper; the base has none.
    most_min : int, optional
        Longest session that fits beside the long one; where the level's set does not fit, a smaller one does. [min]
    """
    sets = next((item for item in _SETS[sport] if race_min <= item.up_to_min), None)
    if sets is None or phase not in {"build", "peak", "specific", "taper"}:
        return ()
    if phase == "taper":
        return tuple(_template(sport, chosen, intensity_pct) for chosen in sets.taper)
    size = _SIZES[level]
    place = max(0, size - 1) if phase == "build" else size
    keys: tuple[Template, ...] = ()
    for chosen in (sets.small, sets.medium, sets.large)[place::-1]:
        found = tuple(_template(sport, item, intensity_pct) for item in chosen)
        keys = tuple(item for item in found if item.min_minutes <= most_min)
        if keys:
            break
    if not sets.long:
        return keys
    return (*keys, _template(sport, sets.long[place], intensity_pct, form="long_"))


def race_brick(intensity_pct: int, minutes: int) -> Template:
    """Return a run off the bike whose first part is at race pace; it ends easily."""
    return _template(PlanSport.RUNNING, (1, float(minutes - 10), 10.0), intensity_pct, form="brick_")


@lru_cache(maxsize=1024)
def race_template(template_id: str) -> Template | None:
    """Return the template of an identifier, None when it is none of these."""
    found = _ID.fullmatch(template_id)
    if found is None:
        return None
    name, form, count, work, between, pct = found.groups()
    return _template(_PREFIX[name], (int(count), float(work), float(between)), int(pct), form=form or "")


@lru_cache(maxsize=1024)
def _template(sport: PlanSport, chosen: Set, pct: int, *, form: str = "") -> Template:
    count, work, between = chosen
    title, long_title, words = _WORDS[sport]
    core = _core(sport, chosen, pct)
    kind = next((kind for border, kind in _KINDS[sport] if pct >= border), SessionKind.TEMPO)
    shortest = shortest_minutes(_FRAMES[sport], core)
    build, longest = around(_FRAMES[sport], core), shortest + _EXTRA_MIN[sport]
    title = f"{title} {count} x {work:g} min"
    purpose = "The rhythm of your race, until it feels like your own"
    if form == "long_":
        kind, title = SessionKind.LONG, f"{long_title} {count} x {work:g} min {words}"
        purpose = "Race rhythm on legs that are already tired" if sport is not PlanSport.SWIMMING else purpose
        core = (repeat(count, _work(sport, work, pct), _between(sport, between)),)
        core_min = round(sum(step.total_s for step in core) / 60)
        shortest, longest = core_min + 25, _LONGEST_MIN[sport]
        build = partial(_long, sport, core, core_min)
    elif form == "brick_":
        title = "Run off the bike at race pace"
        purpose = "Race pace on tired legs; starts within five minutes of the ride"
        shortest = longest = round(work + between)
        build = partial(_brick, work, pct)
    return Template(
        template_id=f"{_NAME_OF[sport]}.race.{form}{count}x{work:g}+{between:g}.{pct}",
        title=title,
        sport=sport,
        kind=kind,
        purpose=purpose,
        source="Hue 2002, cycle-run succession training" if form == "brick_" else _SOURCE[sport],
        min_minutes=shortest,
        max_minutes=longest,
        rpe_cr10=_rpe(pct, count * work, is_long=form == "long_"),
        build=build,
    )


def _rpe(pct: int, work_min: float, *, is_long: bool) -> float:
    """Return the expected rating: harder with intensity and with time spent at it, in halves."""
    rating = 4.0 + max(0, pct - 75) / 10 + min(1.5, work_min / 40) + (0.5 if is_long else 0.0)
    return min(8.5, round(2 * rating) / 2)


def _work(sport: PlanSport, minutes: float, pct: int) -> Step:
    return steady(minutes, pct - 1, pct + 1, _TEXT[sport])


def _between(sport: PlanSport, minutes: float) -> Step:
    if sport is PlanSport.SWIMMING:
        return rest(round(60 * minutes), "Rest at the wall")
    if sport is PlanSport.CYCLING:
        return steady(minutes, 55, 62, "Ride easily")
    return steady(minutes, 62, 70, "Jog")


def _core(sport: PlanSport, chosen: Set, pct: int) -> tuple[Step, ...]:
    count, minutes, between = chosen
    work, pause = _work(sport, minutes, pct), _between(sport, between)
    if sport is PlanSport.SWIMMING:
        return (repeat(count, work, pause),)
    return (repeat(count - 1, work, pause), work) if count > 2 else (work, pause, work)


def _long(sport: PlanSport, core: tuple[Step, ...], core_min: int, minutes: int) -> tuple[Step, ...]:
    before = minutes - core_min
    if sport is PlanSport.SWIMMING:
        return (*swimming.easy_swim(84.0, 90.0, "Easy freestyle", before), *core)
    if sport is PlanSport.CYCLING:
        return (
            steady(before - 10, 60, 70, "Long and steady: eat and drink early"),
            *core,
            steady(10, 50, 55, "Ride home easily"),
        )
    return (ramp(10, 62, 74, "Settle in"), steady(before - 10, 70, 78, "Long and easy"), *core)


def _brick(work_min: float, pct: int, minutes: int) -> tuple[Step, ...]:
    return (
        steady(work_min, pct - 1, pct + 1, "Race pace from the first step"),
        steady(minutes - work_min, 66, 72, "Easy to the end"),
    )
