"""What the coach writes is there in every language: the same places, nothing left in English."""

from __future__ import annotations

import copy
import json
import re
import string
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from tests.support.plan_documents import HALF_MARATHON, PUSH_UPS
from tests.support.plan_requests import random_request

from topform.coaching.adaptation import decide
from topform.coaching.goal_reading import STRENGTH_EXERCISES
from topform.coaching.language import LANGUAGES, day_text, form_texts, phrase, phrases, sentence, sentences
from topform.coaching.load_warnings import Band, LoadWarning
from topform.coaching.plan_language import LISTS, OWN_WORDS, PHRASES, in_language
from topform.coaching.planner import make_plan
from topform.coaching.prediction_request import PredictionRequest
from topform.coaching.reasons import reason_text
from topform.coaching.request import PlanRequest
from topform.coaching.workouts.library import ALL_TEMPLATES
from topform.coaching.workouts.model import Step, Workout
from topform.coaching.workouts.strength import progression_week
from topform.coaching.workouts.template import workout
from topform.core.errors import NoHistoryError, PlanRequestError

OTHERS = LANGUAGES[1:]
NUMBER = re.compile(r"\d+(?:\.\d+)?")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!-)")
SAME_WORDS = {
    "burpees", "Burpees", "Dips", "Dip", "Sprint", "Sprints", "Squats", "Fartlek", "Sweet", "Spot", "spot", "Tempo",
    "tempo", "dips", "squats", "Sit-ups", "sit-ups", "Intervals", "Test", "test", "min", "km", "Marathon", "marathon",
    "good", "mornings", "bird", "dogs", "dead", "bugs", "Triathlon", "triathlon", "Form", "training", "Training", "Min",
    "cadence", "Effort", "mile", "April", "August", "September", "November", "Dates",
}  # fmt: skip
"""Words that another language writes as English does."""


def documents() -> list[dict[str, Any]]:
    """Return plans for every kind of goal and sport."""
    rng = np.random.default_rng(11)
    wishes = [copy.deepcopy(HALF_MARATHON), copy.deepcopy(PUSH_UPS)]
    wishes += [random_request(rng, max_weeks=6) for _ in range(14)]
    plans = []
    for wish in wishes:
        try:
            plans.append(make_plan(PlanRequest.from_dict(wish)).as_dict())
        except PlanRequestError:
            continue
    return plans


@lru_cache(maxsize=1)
def plans() -> list[dict[str, Any]]:
    """Return the plans once."""
    return documents()


def said(document: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Walk through everything a person reads."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key not in OWN_WORDS:
                yield from said(value, (*place, key))
    elif isinstance(document, list):
        for value in document:
            yield from said(value, place)
    elif isinstance(document, str) and place[-1] in PHRASES | LISTS | {"why", "reason"}:
        yield place, document


def is_left(english: str, text: str) -> bool:
    """Return whether a text is still the English one, for want of another."""
    words = set(re.findall(r"[A-Za-z][A-Za-z-]+", re.sub(r"\{.*?\}", "", english)))
    return english == text and bool(words - SAME_WORDS)


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_a_plan_is_said_in_the_language(language: str) -> None:
    """Names, purposes, steps, reasons, phases, checks, warnings, assumptions, forecast and summary."""
    assert len(plans()) > 10
    for document in plans():
        pairs = zip(said(document), said(in_language(document, language)), strict=True)
        assert [found for found, (_, text) in pairs if is_left(found[1], text)] == []


def test_numbers_dates_and_days_are_those_of_the_english_text() -> None:
    """A Spanish text holds every number that the English one has."""
    for document in plans():
        for (place, english), (_, spanish) in zip(said(document), said(in_language(document, "es")), strict=True):
            if place[-1] in {"title", "text", "purpose"} and place[-2] != "assumed":
                assert [n.replace(".", ",") for n in NUMBER.findall(english)] == re.findall(r"\d+(?:,\d+)?", spanish)


def test_reading_changes_nothing_that_is_stored() -> None:
    """The document stays as it was; only its reading differs, in English by its dates alone."""
    document = plans()[0]
    before = json.dumps(document)
    in_language(document, "zh")
    read = in_language(document, "en")
    assert json.dumps(document) == before
    assert [text for _, text in said(read) if ISO_DAY.search(text)] == []
    assert [text for _, text in said(read)] == [
        ISO_DAY.sub(lambda day: day_text(date.fromisoformat(day.group()), "en"), text) for _, text in said(document)
    ]


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "2 November 2026"),
        ("de", "2. November 2026"),
        ("es", "2 de noviembre de 2026"),
        ("fr", "2 novembre 2026"),
        ("zh", "2026年11月2日"),
    ],
)
def test_dates_within_texts_are_written_as_people_write_them(language: str, written: str) -> None:
    """Of a prediction, of a text that has no translation, and of a document; never as 2026-11-02."""
    text = "No race is known, so this rests on the fastest 30 minutes of your run of 2026-11-02 alone."
    assert written in phrase(text, language)
    assert phrase("something else on 2026-11-02", language) == f"something else on {written}"
    assert in_language({"reasons": [text], "date": "2026-11-02"}, language) == {
        "reasons": [phrase(text, language)],
        "date": "2026-11-02",
    }


def _predicted() -> Iterator[dict[str, Any]]:
    """Yield predictions whose reasons and warnings between them say everything that can be said."""
    day = date(2027, 4, 11)
    easy = [
        {"date": (day - timedelta(days=day_of)).isoformat(), "distance_m": 5000, "time_s": 2100, "sport": "running"}
        for day_of in (*range(2, 30, 3), *range(170, 260, 3))
    ]
    race = {"date": "2026-07-01", "distance_m": 10_000, "time_s": 2700}
    old = {"date": "2019-07-01", "distance_m": 1500, "time_s": 330, "sport": "running"}
    weather = {"temperature_c": 25, "ascent_m": 300, "descent_m": 100, "altitude_m": 1500}
    for races in ([], [race], [race, {**race, "time_s": 3900}], [old], [{**race, "date": None}]):
        for training in ([], easy, easy[10:], [{**easy[0], "distance_m": 5, "sport": None}]):
            for target in ({"distance_m": 42_195, **weather}, {"distance_m": 5000, "descent_m": 200}):
                document = {"races": races, "training": training, "target": {"date": day.isoformat(), **target}}
                try:
                    yield PredictionRequest.from_dict(document, today=day).predict()
                except NoHistoryError:
                    continue


@pytest.mark.parametrize("language", OTHERS)
def test_every_reason_and_warning_of_a_prediction_is_said_in_the_language(language: str) -> None:
    """What it rests on, a break, conditions, the range of formulas, what was left out."""
    answers = list(_predicted())
    codes = {one["code"] for answer in answers for one in answer["warnings"]}
    assert {"training_formula_out_of_range", "training_old", "races_old", "far_extrapolation"} <= codes
    assert any(one["name"] == "break" for answer in answers for one in answer["adjustments"])
    for answer in answers:
        pairs = zip(said(answer), said(in_language(answer, language)), strict=True)
        assert [found for found, (_, text) in pairs if is_left(found[1], text)] == []


def test_digits_that_are_no_date_stay_as_they_are() -> None:
    """The id of a session, a day that no calendar has."""
    assert phrase("2027-03-01-2: steps last 40 min, 2027-02-30", "en") == "2027-03-01-2: steps last 40 min, 2027-02-30"


def test_what_an_older_plan_holds_is_still_read() -> None:
    """Plans of earlier versions hold a goal in words, no codes of the summary, or no reasons at all."""
    old = {
        "title": "Long run",
        "why": "Endurance for the distance. Your goal: a marathon on 2027-05-09 (priority A).",
        "why_parts": [
            {"code": "purpose", "params": {"text": "Endurance for the distance"}},
            {"code": "goal", "params": {"goal": "a marathon on 2027-05-09 (priority A)"}},
        ],
    }
    assert in_language(old, "es")["why"] == "Resistencia para la distancia."
    assert in_language({"why": "Something that nobody says any more."}, "es")["why"] == (
        "Something that nobody says any more."
    )


def _library_texts(items: Iterable[Workout]) -> set[str]:
    found: set[str] = set()

    def collect(steps: Iterable[Step]) -> None:
        for step in steps:
            found.add(step.text)
            collect(step.steps)

    for item in items:
        found.update((item.title, item.purpose))
        collect(item.steps)
    return {NUMBER.sub("#", text) for text in found if text}


def test_every_text_of_the_workout_library_has_every_language() -> None:
    items = [workout(item, minutes) for item in ALL_TEMPLATES for minutes in (item.min_minutes, item.max_minutes)]
    for exercise in STRENGTH_EXERCISES:
        for best in (0, 3, 5, 8, 12, 25, 60):
            for is_test in (False, True):
                items += progression_week(exercise, best, training_week=2, is_test_week=is_test)
    for language in OTHERS:
        assert _library_texts(items) - phrases(language).keys() == set()


@pytest.mark.parametrize("language", OTHERS)
def test_every_phrase_keeps_its_numbers_and_is_no_longer_english(language: str) -> None:
    assert phrases(language).keys() == phrases("de").keys()
    for english, text in phrases(language).items():
        assert [english.count(place) for place in "#@"] == [text.count(place) for place in "#@"], english
        assert not is_left(english, text), english
        assert text.strip() == text


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_has_its_places_and_is_no_longer_english(language: str) -> None:
    assert sentences(language).keys() == sentences("en").keys()
    for code, english in sentences("en").items():
        text = sentences(language)[code]
        if code == "date":
            continue
        assert _places(text) == _places(english), code
        assert not is_left(english, text), code


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_code_of_a_proposal_has_its_sentence() -> None:
    assert {code for code in decide.CODES if f"reason.{code}" not in sentences("en")} == set()
    tired = {"title": "Easy run", "share_pct": 60, "readiness": 31}
    assert reason_text("tired", tired, language="es") == (
        "Hoy tu disposición es baja (31 de 100). "
        "La sesión de hoy (Rodaje suave) se mantiene, con cerca del 60 % de su duración."
    )
    hurt = {"sports": ["running"], "days": 7, "other": "cycling"}
    assert "vélo" in reason_text("pain", hurt, language="fr")
    drill = form_texts("en")["push_up.hips_sag.drill"]
    form = {"share_pct": 60, "drill": drill, "exercise": "push_up"}
    assert reason_text("poor_form", form, language="zh").endswith(form_texts("zh")["push_up.hips_sag.drill"] + "。")


def test_plurals_numbers_and_dates_follow_the_language() -> None:
    """One and many, decimal commas, written dates; French counts zero as one."""
    about: dict[str, Any] = {"weeks": 1, "sessions": 0, "hours": 1.5, "goal": {"code": "goal.fitness", "params": {}}}
    assert sentence("summary.plan", about, "en") == "1 week towards general fitness: 0 sessions, 1.5 hours."
    assert sentence("summary.plan", about, "es") == "1 semana, objetivo: forma física general. 0 sesiones, 1,5 horas."
    assert "0 séance," in sentence("summary.plan", about, "fr")
    race = {"race": "a 7.5 km run", "day": "2027-03-01", "priority": "B"}
    assert sentence("goal.race", race, "es") == "7,5 km a pie, 1 de marzo de 2027 (prioridad B)"
    assert sentence("goal.race", race, "zh") == "7.5 公里跑步，2027年3月1日（优先级 B）"
    assert phrase("a text that is in no table", "fr") == "a text that is in no table"


def test_a_load_warning_is_said_in_every_language() -> None:
    warning = LoadWarning("R4", Band.ELEVATED, {"signs": ["hrv_low", "sleep_short"]})
    assert warning.message() == (
        "Several signs come together: heart rate variability below its usual band for two days and two nights under "
        "six hours."
    )
    assert len({warning.message(language=language) for language in LANGUAGES}) == len(LANGUAGES)
