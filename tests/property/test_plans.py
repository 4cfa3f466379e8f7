"""Whatever is asked, the plan keeps every rule, and the same question gives the same plan."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.plan_documents import failed_rules
from tests.support.plan_requests import WEEKDAYS, make_rng, random_request

from topform.coaching.planner import make_plan
from topform.coaching.request import PlanRequest
from topform.core.errors import PlanRequestError

CHUNKS, PER_CHUNK = 8, 30


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_random_requests_get_sound_plans(chunk: int) -> None:
    """Every goal, sport and level, awkward lives included: no rule broken, no crash, plain JSON."""
    for seed in range(chunk * PER_CHUNK, (chunk + 1) * PER_CHUNK):
        request = PlanRequest.from_dict(random_request(make_rng(seed), max_weeks=5))
        document = make_plan(request).as_dict()
        again = json.loads(json.dumps(document, allow_nan=False))
        assert failed_rules(again, request) == set(), seed
        for day in document["days"]:
            training = [session for session in day["sessions"] if session["kind"] != "race"]
            offered = request.available_minutes[day["weekday"]]
            assert sum(session["minutes"] for session in training) <= offered, seed
            assert all(session["why"] and session["steps"] for session in day["sessions"]), seed


@pytest.mark.parametrize("priority", ["B", "C"])
def test_races_on_the_way_get_their_days(priority: str) -> None:
    """The race is there with its load, free and easy days lie around it as its distance asks, no rule is broken."""
    for seed in range(2000, 2012):
        document = random_request(make_rng(seed), max_weeks=6)
        start, end = date.fromisoformat(document["start"]), PlanRequest.from_dict(document).end
        when = start + timedelta(days=(end - start).days // 2)
        if (end - when).days < 4:
            continue
        race = {"date": when.isoformat(), "sport": "running", "distance_m": 10_000, "priority": priority}
        request = PlanRequest.from_dict({**document, "other_races": [race]})
        plan = make_plan(request).as_dict()
        assert failed_rules(plan, request) == set(), seed
        held = {date.fromisoformat(day["date"]): day["sessions"] for day in plan["days"]}
        (entry,) = held[when]
        assert (entry["kind"], entry["sport"], entry["race"]["priority"]) == ("race", "running", priority), seed
        assert entry["load"] > 0 and entry["minutes"] > 0 and entry["race"]["distance_m"] == 10_000, seed
        assert held.get(when + timedelta(days=1), []) == [], seed
        assert priority == "C" or held.get(when - timedelta(days=1), []) == [], seed
        easy = (-3, -2, -1, 1, 2, 3, 4) if priority == "B" else (-1, 1, 2, 3, 4)
        near = [item for n in easy for item in held.get(when + timedelta(days=n), []) if item["kind"] != "race"]
        assert not any(item["hard"] for item in near), seed


@pytest.mark.parametrize("seed", [3, 11, 27, 64])
def test_the_same_request_gives_the_same_plan(seed: int) -> None:
    """No wall clock, no thread order, no hash order."""
    document = random_request(make_rng(seed), max_weeks=4)
    first = make_plan(PlanRequest.from_dict(document)).as_dict()
    second = make_plan(PlanRequest.from_dict(json.loads(json.dumps(document)))).as_dict()
    assert first == second


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    minutes=st.lists(st.integers(0, 600), min_size=7, max_size=7),
    ctl=st.floats(0, 150),
    atl_ratio=st.floats(0, 3),
    longest=st.floats(0, 400),
    weeks=st.integers(1, 3),
    experience=st.sampled_from(["beginner", "intermediate", "advanced"]),
    sport=st.sampled_from(["running", "cycling", "swimming", "triathlon", "strength"]),
)
def test_any_numbers_get_a_sound_plan(
    minutes: list[int], ctl: float, atl_ratio: float, longest: float, weeks: int, experience: str, sport: str
) -> None:
    """Odd numbers find no hole either."""
    request = PlanRequest.from_dict(
        {
            "athlete": {
                "sport": sport,
                "experience": experience,
                "ctl": ctl,
                "atl": ctl * atl_ratio,
                "recent_longest": {"minutes": longest},
            },
            "goal": {"type": "maintain", "weeks": weeks},
            "start": "2027-03-03",
            "available_minutes": dict(zip(WEEKDAYS, minutes, strict=True)),
        }
    )
    assert failed_rules(make_plan(request).as_dict(), request) == set()


@settings(max_examples=300, deadline=None)
@given(
    document=st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["athlete", "goal", "start", "available_minutes", "sport", "type", "weeks", "mon"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_document_is_a_request_or_a_typed_refusal(document: object) -> None:
    """No JSON value makes the reading of a request crash."""
    try:
        PlanRequest.from_dict(document)
    except PlanRequestError as error:
        assert error.remedy
