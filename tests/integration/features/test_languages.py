"""What an athlete reads over the API is in the language of the profile; what is stored stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.api import Api, Person
from tests.support.runs import gpx_run
from tests.support.workouts import MORNING

TEXT_FIELDS = frozenset(
    {"title", "purpose", "text", "why", "focus", "detail", "basis", "note", "summary", "message", "advice", "evidence"}
    | {"reason", "reasons", "assumptions"}
)
"""Fields of answers that hold words for people."""

OWN_WORDS = frozenset({"request", "races", "params", "why_parts", "summary_parts"})
"""What the athlete or a service wrote, and codes."""

CODES = {"prediction", "threshold", "experience"}
"""What a race time rests on, where `basis` is a code."""

SAME_IN_SPANISH = {"Sweet spot", "Fartlek", "Tempo", "burpees", "min", "x", "s", "km"}


def texts(document: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Walk through everything a person reads."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key not in OWN_WORDS:
                yield from texts(value, (*place, key))
    elif isinstance(document, list):
        for value in document:
            yield from texts(value, place)
    elif isinstance(document, str) and place and place[-1] in TEXT_FIELDS and document:
        yield ".".join(place), document


def left_in_english(english: Any, spanish: Any) -> list[tuple[str, str]]:
    """Return the texts that both readings have, apart from words that both languages write alike."""
    pairs = zip(texts(english), texts(spanish), strict=True)
    alike = re.compile("|".join(sorted(SAME_IN_SPANISH, key=len, reverse=True)) + r"|[\d\s.,/×-]+")
    return [one for one, other in pairs if one == other and one[1] not in CODES and alike.sub("", one[1])]


async def plan_and_change(api: Api, person: Person) -> None:
    """Store a plan that began two weeks ago and the proposal that follows from doing nothing."""
    today = datetime.now(UTC).date()
    start = today - timedelta(days=14)
    minutes = dict(zip(("tue", "wed", "thu", "sat", "sun"), (60, 60, 45, 90, 120), strict=True))
    request = {
        "athlete": {"sport": "running", "experience": "intermediate", "ctl": 35},
        "goal": {
            "type": "race",
            "sport": "running",
            "distance_m": 21_097.5,
            "date": (start + timedelta(days=48)).isoformat(),
        },
        "start": start.isoformat(),
        "available_minutes": minutes,
    }
    await person.call("PATCH", "/athletes/me", status=200, json={"time_zone": "UTC"})
    with api.on(start):
        await person.call("POST", "/plans", status=202, json={"request": request})
        await api.work()
    await person.call("POST", "/plans/review", status=202)
    await api.work()


async def readings(person: Person) -> dict[str, Any]:
    """Return what the athlete can read."""
    plan = await person.get("/plans/current")
    return {
        "plan": plan,
        "proposals": await person.get("/plans/proposals"),
        "history": await person.get("/plans/history"),
        "race_time": await person.get(f"/plans/{plan['id']}/race-time"),
        "adherence": await person.get(f"/plans/{plan['id']}/adherence"),
        "prediction": await person.get(
            "/predictions", params={"distance_m": 42_195, "date": "2026-04-12", "temperature_c": 26}
        ),
        "warnings": await person.get("/readiness/warnings", params={"date": MORNING.date().isoformat()}),
        "red_flag": await person.get("/readiness/red-flag"),
    }


async def test_a_spanish_profile_reads_no_english_sentence(api: Api, person: Person) -> None:
    for days_ago, metres in ((0, 21_180), (8, 8000), (15, 8000), (22, 9000)):
        run = gpx_run("Carrera 10K", MORNING - timedelta(days=days_ago), distance_m=metres, time_s=metres * 0.3)
        await person.upload(f"{days_ago}.gpx", run)
    await plan_and_change(api, person)
    proposal = (await person.get("/plans/proposals"))["items"][0]
    await person.call("POST", f"/plans/proposals/{proposal['id']}/accept", status=200)
    english = await readings(person)
    await person.call("PATCH", "/athletes/me", status=200, json={"language": "es-MX"})
    spanish = await readings(person)
    assert len(list(texts(english))) > 200
    assert left_in_english(english, spanish) == []
    long = [day["sessions"][0]["title"] for day in spanish["plan"]["document"]["days"] if day["sessions"]]
    assert any(title.startswith("Tirada larga") for title in long)
    await person.call("POST", "/readiness/red-flag", status=200, json={"symptoms": ["chest_pain"]})
    stopped = await readings(person)
    assert {warning["rule"] for warning in stopped["warnings"]["warnings"]} >= {"R1", "R7"}
    await person.call("PATCH", "/athletes/me", status=200, json={"language": "en"})
    assert left_in_english(await readings(person), stopped) == []
    await person.call("POST", "/readiness/red-flag/clear", status=200, json={"was_looked_at": True})
    assert (await readings(person))["plan"] == english["plan"]


async def test_files_and_calendars_speak_the_language_where_they_can(api: Api, person: Person) -> None:
    await plan_and_change(api, person)
    await person.call("PATCH", "/athletes/me", status=200, json={"language": "fr"})
    plan = await person.get("/plans/current")
    session = next(item for day in plan["document"]["days"] for item in day["sessions"] if item["kind"] == "long")
    path = f"/plans/{plan['id']}/sessions/{session['id']}/files/fit"
    content = (await person.http.get(f"/api/v1{path}")).content
    assert session["title"].startswith("Sortie longue")
    assert b"Sortie longue" in content
    address = await person.call("POST", "/calendar/addresses", status=201, json={})
    feed = (await person.http.get(address["path"])).content.decode()
    assert "Sortie longue" in feed.replace("\r\n ", "")
    assert "Charge " in feed.replace("\r\n ", "")
