"""Reading the history document of ``topform predict``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

import numpy as np

from topform.coaching.fields import Fields, refuse
from topform.core.errors import NoHistoryError, OutOfRangeError, PlanRequestError, PredictionHistoryError
from topform.science.prediction import Conditions, Prediction, Race, RunningHistory, TrainingRun, predict
from topform.science.prediction.correction import RaceCorrection
from topform.science.prediction.history import MAX_DISTANCE_M, MIN_DISTANCE_M

RUNNING: Final = frozenset({"running", "run", "road_running", "trail_running", "track_running", "treadmill_running"})
RECORD_M: Final = (400.0, 800.0, 1500.0, 5000.0, 10_000.0, 21_097.5, 42_195.0, 100_000.0, 250_000.0)
RECORD_S: Final = (43.03, 100.91, 206.0, 755.36, 1571.0, 3402.0, 7235.0, 21_735.0, 72_000.0)
"""World records, women and men together, and about the 24-hour record for the last."""
RECORD_TOLERANCE: Final = 0.97
SLOWEST_M_S: Final = 0.4
MAX_ENTRIES: Final = 50_000
SAME_RACE: Final = 0.02


class StatedSex(StrEnum):
    """Sex as the formulas need it."""

    MALE = "m"
    FEMALE = "f"


@dataclass(frozen=True, slots=True)
class PredictionRequest:
    """A history that was read, with what had to be said about it."""

    history: RunningHistory
    notes: tuple[dict[str, str], ...]
    today: date | None = None

    @classmethod
    def from_dict(cls, document: object, *, today: date) -> PredictionRequest:
        """Read the document; null counts as absent everywhere.

        Parameters
        ----------
        document : object
            The parsed JSON.
        today : date
            Day of the race where the document tells none; training is called old as of this day.

        Raises
        ------
        PredictionHistoryError
            If a value is malformed or impossible; it names the field and what to write instead.
        """
        try:
            return _Reader(today).read(document)
        except PlanRequestError as error:
            raise PredictionHistoryError(error.message, remedy=error.remedy, **error.fields) from error

    def predict(self, *, correction: RaceCorrection | None = None) -> dict[str, Any]:
        """Return the prediction as a document, the notes of reading among its warnings.

        Parameters
        ----------
        correction : RaceCorrection or None
            default None

        Raises
        ------
        NoHistoryError
            If there is not enough to predict from; it says what was left out of the document.
        """
        try:
            prediction: Prediction = predict(self.history, correction=correction, today=self.today)
        except NoHistoryError as error:
            left_out = " ".join(note["message"] for note in self.notes)
            raise NoHistoryError(error.message, remedy=f"{error.remedy} {left_out}".strip()) from error
        answer = prediction.as_dict()
        answer["warnings"] = [*self.notes, *answer["warnings"]]
        return answer


class _Reader:
    def __init__(self, today: date) -> None:
        self._today = today
        self._notes: dict[str, str] = {}
        self._ignored: list[str] = []

    def read(self, document: object) -> PredictionRequest:
        fields = self._fields(document, "", ("athlete", "races", "training", "target"))
        athlete = self._fields(fields.raw("athlete") or {}, "athlete", ("sex", "age", "mass_kg"))
        athlete.number("mass_kg", low=20, high=400, unit="kg")
        target = self._fields(
            fields.required("target", 'Write {"target": {"date": "2027-04-11", "distance_m": 42195}}.'),
            "target",
            ("date", "distance_m", "sport", "temperature_c", "ascent_m", "descent_m", "altitude_m"),
        )
        sport = target.raw("sport")
        if sport is not None and sport not in RUNNING:
            raise refuse("target.sport", f"is {sport!r}", "Times are predicted for running only.")
        target.required("distance_m", "Write the distance of the race in metres.")
        target_m = target.number("distance_m", low=MIN_DISTANCE_M, high=MAX_DISTANCE_M, unit="m")
        assert target_m is not None
        day = target.day("date") or self._today
        conditions = self._conditions(target, target_m)
        sex = athlete.choice("sex", StatedSex)
        history = RunningHistory(
            races=self._races(self._entries(fields, "races"), day, target_m),
            training=self._training(self._entries(fields, "training"), day),
            target_m=target_m,
            target_day=day,
            sex=None if sex is None else sex.value,
            age=athlete.number("age", low=5, high=110, unit="years"),
            conditions=conditions,
        )
        if self._ignored:
            self._note("fields_ignored", f"Not used: {', '.join(self._ignored[:10])}.")
        notes = tuple({"code": c, "message": m} for c, m in self._notes.items())
        return PredictionRequest(history, notes, today=self._today)

    def _conditions(self, target: Fields, target_m: float) -> Conditions:
        found = Conditions(
            temperature_c=target.number("temperature_c", low=-40, high=55, unit="°C"),
            ascent_m=target.number("ascent_m", low=0, high=20_000, unit="m"),
            descent_m=target.number("descent_m", low=0, high=20_000, unit="m"),
            altitude_m=target.number("altitude_m", low=-430, high=6000, unit="m"),
        )
        up_and_down_m = (found.ascent_m or 0.0) + (found.descent_m or 0.0)
        if up_and_down_m > target_m:
            raise refuse(
                target.at("ascent_m"),
                f"and descent_m are {up_and_down_m:g} m together, more than the distance of {target_m:g} m",
                "Write the metres climbed and lost over the whole course.",
            )
        return found

    def _fields(self, document: object, path: str, known: tuple[str, ...]) -> Fields:
        return Fields(document, path=path, known=known, ignored=self._ignored)

    def _note(self, code: str, message: str) -> None:
        self._notes.setdefault(code, message)

    def _entries(self, fields: Fields, name: str) -> list[tuple[str, Fields]]:
        items = fields.items(name)
        if len(items) > MAX_ENTRIES:
            raise refuse(name, f"holds {len(items)} entries", f"Send at most {MAX_ENTRIES}, the newest.")
        known = ("date", "distance_m", "time_s", "hr_bpm", "load", "sport", "name")
        found = []
        for index, item in enumerate(items):
            if item is not None:
                place = f"{name}[{index}]"
                found.append((place, self._fields(item, place, known)))
        return found

    def _is_running(self, entry: Fields, kind: str) -> bool:
        sport = entry.raw("sport")
        if sport is None:
            self._note(f"{kind}_sport_unknown", f"Some {kind} without a sport {_were(kind)} taken as running.")
            return True
        if not isinstance(sport, str):
            raise refuse(entry.at("sport"), f"is {sport!r}, expected a text", 'Write for example "running".')
        if sport.strip().lower() in RUNNING:
            return True
        self._note(f"{kind}_of_other_sports", f"Some {kind} of other sports than running {_were(kind)} left out.")
        return False

    def _effort(self, entry: Fields) -> tuple[float, float] | None:
        distance = entry.number("distance_m", low=0, high=1e7, unit="m")
        time_s = entry.number("time_s", low=0, high=1e7, unit="s")
        return None if not distance or not time_s else (distance, time_s)

    def _races(self, entries: list[tuple[str, Fields]], target_day: date, target_m: float) -> list[Race]:
        races = []
        for place, entry in entries:
            day, effort = entry.day("date"), self._effort(entry)
            if not self._is_running(entry, "races"):
                continue
            if effort is None:
                self._note("races_incomplete", "Some races without distance or time were left out.")
            elif day is not None and _is_too_late(day, effort[0], target_day, target_m):
                self._note("races_after_target", "The predicted race itself and races after it were left out.")
            elif not MIN_DISTANCE_M <= effort[0] <= MAX_DISTANCE_M:
                self._note(
                    "races_out_of_range",
                    "Races shorter than 400 m or longer than 250 km were left out; check their units.",
                )
            else:
                _require_possible(place, *effort)
                races.append(_race(place, *effort, day))
        return races

    def _training(self, entries: list[tuple[str, Fields]], target_day: date) -> list[TrainingRun]:
        runs = []
        for _, entry in entries:
            day, effort = entry.day("date"), self._effort(entry)
            if not self._is_running(entry, "training"):
                continue
            if day is None or effort is None:
                self._note("training_incomplete", "Some training without date, distance or time was left out.")
            elif day >= target_day:
                self._note("training_after_target", "Training on or after the day of the race was left out.")
            elif _is_impossible(*effort):
                self._note(
                    "training_implausible", "Some training at speeds that nobody runs was left out; check its units."
                )
            else:
                runs.append(TrainingRun(day, *effort))
        return runs


def _were(kind: str) -> str:
    return "was" if kind == "training" else "were"


def record_time_s(distance_m: float) -> float:
    """Return about the world record over a distance. [s]

    Examples
    --------
    >>> record_time_s(42_195)
    7235.0
    """
    if distance_m < RECORD_M[0]:
        return RECORD_S[0] * distance_m / RECORD_M[0]
    return float(np.round(np.exp(np.interp(np.log(distance_m), np.log(RECORD_M), np.log(RECORD_S))), 6))


def _is_impossible(distance_m: float, time_s: float) -> bool:
    return time_s < RECORD_TOLERANCE * record_time_s(distance_m) or distance_m / time_s < SLOWEST_M_S


def _require_possible(place: str, distance_m: float, time_s: float) -> None:
    if time_s < RECORD_TOLERANCE * record_time_s(distance_m):
        raise refuse(
            f"{place}.time_s",
            f"is {time_s:g} s over {distance_m:g} m, faster than the world record",
            "Write the distance in metres and the time in seconds.",
        )
    if distance_m / time_s < SLOWEST_M_S:
        raise refuse(
            f"{place}.time_s",
            f"is {time_s:g} s over {distance_m:g} m, slower than a stroll",
            "Write the distance in metres and the time in seconds; leave out races that were not finished.",
        )


def _is_too_late(day: date, distance_m: float, target_day: date, target_m: float) -> bool:
    """Say whether a race lies after the predicted one or is that race itself."""
    return day > target_day or (day == target_day and abs(distance_m / target_m - 1) < SAME_RACE)


def _race(place: str, distance_m: float, time_s: float, day: date | None) -> Race:
    try:
        return Race(distance_m, time_s, day)
    except OutOfRangeError as error:
        raise refuse(place, error.message, "Correct the race or leave it out.") from error
