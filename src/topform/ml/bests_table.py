"""Reading a table of bests: one row an athlete and distance, whatever its columns are called."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from topform.coaching.prediction_request import RECORD_TOLERANCE, SLOWEST_M_S, record_time_s
from topform.core.errors import OutcomeTableError
from topform.core.units import M_PER_KM, M_PER_MILE, S_PER_MIN
from topform.science.athlete import Sex
from topform.science.prediction.history import MAX_DISTANCE_M, MIN_DISTANCE_M
from topform.science.prediction.models import HALF_MARATHON_M, MARATHON_M

COLUMNS: Final = {
    "id": ("id", "athlete", "athlete_id", "runner", "runner_id", "person", "person_id", "subject", "name", "user"),
    "sex": ("sex", "gender"),
    "age": ("age", "age_years"),
    "distance": (
        "distance", "distance_m", "distance_km", "distance_mi", "distance_miles", "dist", "event", "race", "km",
        "miles", "meters", "metres",
    ),
    "time": (
        "seconds", "time", "time_s", "time_seconds", "sec", "secs", "result", "finish", "finish_time", "official",
        "best", "best_s", "pb", "performance", "duration_s", "minutes", "time_min",
    ),
}  # fmt: skip
_SEXES: Final[dict[str, Sex]] = {
    "m": "m",
    "male": "m",
    "man": "m",
    "men": "m",
    "f": "f",
    "w": "f",
    "female": "f",
    "woman": "f",
    "women": "f",
}
_NAMED_M: Final = {
    "marathon": MARATHON_M,
    "m": MARATHON_M,
    "mar": MARATHON_M,
    "fullmarathon": MARATHON_M,
    "full": MARATHON_M,
    "half": HALF_MARATHON_M,
    "halfmarathon": HALF_MARATHON_M,
    "hm": HALF_MARATHON_M,
    "mile": M_PER_MILE,
}
_UNITS_M: Final = {
    "": 0.0,
    "m": 1.0,
    "k": M_PER_KM,
    "km": M_PER_KM,
    "mi": M_PER_MILE,
    "mile": M_PER_MILE,
    "miles": M_PER_MILE,
}
STANDARD_M: Final = (
    800.0, 1500.0, M_PER_MILE, 3000.0, 5000.0, 5 * M_PER_MILE, 10_000.0, 15_000.0, 10 * M_PER_MILE, 20_000.0,
    HALF_MARATHON_M, 25_000.0, 30_000.0, MARATHON_M, 50_000.0, 50 * M_PER_MILE, 100_000.0, 100 * M_PER_MILE,
)  # fmt: skip
NOTHING: Final = frozenset({"", "na", "nan", "null", "none", "-"})
PREFIX: Final = re.compile(r"^(pb|best|time|t)_")
SUFFIX: Final = re.compile(r"_(s|sec|seconds|time|best|pb)$")
AMBIGUOUS: Final = frozenset({"m", "full", "mar"})
"""Words that as the name of a column may mean something else."""

SAME_DISTANCE: Final = 0.012
SMALLEST_METRES: Final = 400.0
SAME_AGE_YEARS: Final = 1.0
MAX_ROWS: Final = 5_000_000
MOST_REMARKS: Final = 20
"""Lines that are named; more are only counted."""


@dataclass(frozen=True, slots=True)
class Person:
    """An athlete of the table: the best time over each distance. [m] -> [s]"""

    id: str
    sex: Sex | None
    age: float | None
    bests: dict[float, float]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is odd about a line of a table.

    Parameters
    ----------
    code : str
        ``second_sex``, ``second_age``, ``sex_unreadable`` or ``age_unreadable``.
    line : int
        Counted from 1, the header.
    message : str
    """

    code: str
    line: int
    message: str

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {"code": self.code, "line": self.line, "message": self.message}


@dataclass(slots=True)
class BestsTable:
    """The people of a table and what could not be used of it.

    ``of_several_ages`` counts people whose rows state ages more than ``SAME_AGE_YEARS`` apart; ``remarks`` names the
    first ``MOST_REMARKS`` lines that contradict others or cannot be read in part, of ``remark_count``.
    """

    people: list[Person]
    rows: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    of_several_ages: int = 0
    remarks: list[Remark] = field(default_factory=list)
    remark_count: int = 0


@dataclass(slots=True)
class _Found:
    """What the rows of an identifier say."""

    rows: int = 0
    sexes: dict[Sex, int] = field(default_factory=dict)
    """With the line that said it first."""
    ages: list[tuple[float, int]] = field(default_factory=list)
    """With their lines."""
    bests: dict[float, float] = field(default_factory=dict)
    line: int = 0
    """The last one."""

    def person(self, key: str) -> Person:
        sex = next(iter(self.sexes), None)
        return Person(key, sex, float(np.median([age for age, _ in self.ages])) if self.ages else None, self.bests)

    @property
    def is_of_several_ages(self) -> bool:
        return bool(self.ages) and max(self.ages)[0] - min(self.ages)[0] > SAME_AGE_YEARS

    def read(self, cells: Mapping[str, str], line: int) -> Iterator[Remark]:
        """Take sex and age of a row, once, and yield what is odd about them."""
        if line == self.line:
            return
        self.line = line
        person, word = cells["id"], cells.get("sex", "")
        sex = _SEXES.get(word.lower())
        if sex is not None:
            if other := next((place for known, place in self.sexes.items() if known != sex), None):
                said = f"{person} is {word} in line {line} and of the other sex in line {other}"
                yield Remark("second_sex", line, f"{said}: all rows of {person} are left out")
            self.sexes.setdefault(sex, line)
        elif word.lower() not in NOTHING:
            said = f"the sex of {person} in line {line} is {word}, neither m nor f"
            yield Remark("sex_unreadable", line, f"{said}: it counts as unknown")
        word = cells.get("age", "")
        age = _age(word)
        if age is not None:
            first, place = self.ages[0] if self.ages else (age, line)
            if abs(age - first) > SAME_AGE_YEARS:
                said = f"{person} is {age:g} in line {line} and {first:g} in line {place}"
                yield Remark("second_age", line, f"{said}: the median of all its ages counts")
            self.ages.append((age, line))
        elif word.lower() not in NOTHING:
            said = f"the age of {person} in line {line} is {word}, not a number from 5 to 110"
            yield Remark("age_unreadable", line, f"{said}: it counts as unknown")


def read_bests_table(text: str) -> BestsTable:
    """Read a table with the columns id, sex, age, distance and seconds under any usual name.

    Parameters
    ----------
    text : str
        Comma, semicolon or tab separated, with a header. Distances as metres, kilometres below 400, or words
        (``10k``, ``half marathon``, ``5 mi``); times as seconds, m:ss or h:mm:ss. Sex and age may be missing.
        Or one row an athlete with a column for each distance, named by it.

    Returns
    -------
    BestsTable
        The fastest time of each person and distance, and the median of their ages; rows that do not count are counted
        by reason. An identifier that is a man in one row and a woman in another is nobody: all its rows are left out.
        Lines with a second sex or age, or with one that cannot be read, are named.

    Raises
    ------
    OutcomeTableError
        If it has no header with id, distance and time, or no usable row.
    """
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    header = next(reader, None)
    if not header:
        raise OutcomeTableError("the table is empty", remedy="Write a header and one row an athlete and distance.")
    wide = _distance_columns(header)
    places = _places(header, is_wide=bool(wide))
    unit_m = _unit_of(header[places["distance"]]) if "distance" in places else 0.0
    is_minutes = "time" in places and "min" in header[places["time"]].lower()
    dropped: dict[str, int] = defaultdict(int)
    found: dict[str, _Found] = defaultdict(_Found)
    rows, remark_count, remarks = 0, 0, list[Remark]()
    for line, cells in _cells(reader, places, wide):
        rows += 1
        if rows > MAX_ROWS:
            raise OutcomeTableError(f"the table has more than {MAX_ROWS} rows", remedy="Split it.")
        distance, time_s = parse_distance_m(cells["distance"], unit_m=unit_m), parse_time_s(cells["time"])
        if is_minutes and time_s is not None and ":" not in cells["time"]:
            time_s *= S_PER_MIN
        reason = _why_not(cells["id"], distance, time_s)
        if reason is not None or distance is None or time_s is None:
            dropped[reason or "unreadable"] += 1
            continue
        own = found[cells["id"]]
        own.rows += 1
        for remark in own.read(cells, line):
            remark_count += 1
            if remark_count <= MOST_REMARKS:
                remarks.append(remark)
        if distance in own.bests:
            dropped["slower_over_the_same_distance"] += 1
        own.bests[distance] = min(time_s, own.bests.get(distance, time_s))
    people = {key: own for key, own in found.items() if len(own.sexes) < 2}
    if contradicting := sum(own.rows for own in found.values()) - sum(own.rows for own in people.values()):
        dropped["one_id_of_both_sexes"] = contradicting
    if not people:
        raise OutcomeTableError(
            "; ".join(["no row of the table can be used", *(one.message for one in remarks[:1])]),
            remedy="Write distances in metres and times in seconds or h:mm:ss.",
            dropped=dict(dropped),
        )
    several = sum(own.is_of_several_ages for own in people.values())
    found_people = [own.person(key) for key, own in people.items()]
    return BestsTable(found_people, rows, dict(dropped), several, remarks, remark_count)


def _cells(
    reader: Iterable[list[str]], places: Mapping[str, int], wide: Mapping[int, str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and cells of each best, from a row each or from the columns of a row."""
    for line, row in enumerate(reader, start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
        if not wide:
            yield line, cells
            continue
        for place, name in wide.items():
            if place < len(row) and row[place].strip().lower() not in NOTHING:
                yield line, {**cells, "distance": name, "time": row[place].strip()}


def parse_time_s(text: str) -> float | None:
    """Return seconds from seconds, m:ss or h:mm:ss; None when it is none of them.

    Examples
    --------
    >>> parse_time_s("3:27:41"), parse_time_s("19:59.5"), parse_time_s("2400"), parse_time_s("DNF")
    (12461.0, 1199.5, 2400.0, None)
    """
    parts = text.strip().split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    if len(parts) > 3 or not all(number >= 0 for number in numbers):
        return None
    if any(number >= 60 for number in numbers[1:]):
        return None
    total = 0.0
    for number in numbers:
        total = total * 60 + number
    return total if total > 0 else None


def parse_distance_m(text: str, *, unit_m: float = 0.0) -> float | None:
    """Return a distance in metres, usual race distances exactly; None when it is none.

    A number without a unit counts in ``unit_m``; when that is 0, in kilometres below 400 and in metres from there.

    Examples
    --------
    >>> [parse_distance_m(one) for one in ("21.1", "42195", "Half Marathon", "10k", "5 mi")]
    [21097.5, 42195.0, 21097.5, 10000.0, 8046.72]
    """
    word = re.sub(r"[\s_\-.]+", "", text.strip().lower()) if not re.match(r"^\s*\d", text) else text.strip().lower()
    if word in _NAMED_M:
        return _NAMED_M[word]
    found = re.fullmatch(r"([0-9]+(?:[.,][0-9]+)?)\s*([a-z]*)\.?", word)
    if found is None or found[2] not in _UNITS_M:
        return None
    number = float(found[1].replace(",", "."))
    factor = _UNITS_M[found[2]]
    if factor == 0.0:
        factor = unit_m or (M_PER_KM if number < SMALLEST_METRES else 1.0)
    distance = number * factor
    nearest = min(STANDARD_M, key=lambda standard: abs(distance / standard - 1))
    return nearest if abs(distance / nearest - 1) <= SAME_DISTANCE else distance


def _why_not(person: str, distance: float | None, time_s: float | None) -> str | None:
    if not person:
        return "no_id"
    if distance is None or not MIN_DISTANCE_M <= distance <= MAX_DISTANCE_M:
        return "distance_unreadable"
    if time_s is None:
        return "time_unreadable"
    if time_s < RECORD_TOLERANCE * record_time_s(distance):
        return "faster_than_the_record"
    return "slower_than_a_stroll" if distance / time_s < SLOWEST_M_S else None


def _age(text: str) -> float | None:
    try:
        age = float(text)
    except ValueError:
        return None
    return age if 5 <= age <= 110 else None


def _delimiter(text: str) -> str:
    first = text.lstrip("\ufeff").partition("\n")[0]
    return max(",;\t", key=first.count)


def _name(column: str) -> str:
    return re.sub(r"\W+", "_", column.strip("\ufeff\"' ").lower()).strip("_")


def _unit_of(column: str) -> float:
    """Return the unit that a column's name states, 0 where it states none. [m]"""
    words = _name(column).split("_")
    if "km" in words:
        return M_PER_KM
    return M_PER_MILE if {"mi", "miles"} & set(words) else 0.0


def _distance_columns(header: Sequence[str]) -> dict[int, str]:
    """Return the columns named by a distance, where no column holds distances."""
    names = [_name(column) for column in header]
    if set(names) & set(COLUMNS["distance"]) and set(names) & set(COLUMNS["time"]):
        return {}
    found = {}
    for place, name in enumerate(names):
        words = SUFFIX.sub("", PREFIX.sub("", name)).replace("_", " ")
        if words not in AMBIGUOUS and parse_distance_m(words) is not None:
            found[place] = words
    return found if len(found) > 1 else {}


def _places(header: Sequence[str], *, is_wide: bool) -> dict[str, int]:
    names = [_name(column) for column in header]
    places = {}
    for column, variants in COLUMNS.items():
        for variant in variants:
            if variant in names:
                places[column] = names.index(variant)
                break
    needed = ("id",) if is_wide else ("id", "distance", "time")
    if is_wide:
        places = {column: place for column, place in places.items() if column in ("id", "sex", "age")}
    missing = [column for column in needed if column not in places]
    if missing:
        raise OutcomeTableError(
            f"the header {', '.join(header)} has no column for {' and '.join(missing)}",
            remedy="Name the columns id, sex, age, distance, seconds.",
        )
    return places
