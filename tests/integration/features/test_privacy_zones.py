"""Privacy zones: whatever another person can get of an activity, no point of it lies in a zone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.integration.features.test_coaches import coach_of, of, ride_of
from tests.support.api import Api, Person

from topform.science.places import Circle, great_circle_m

HOME = {"name": "Home", "radius_m": 150}
POINTS = (2, 7, 100, 1000, 20_000)


async def zone_around(person: Person, latitude: float, longitude: float, **fields: Any) -> Circle:
    """Draw a zone and return it."""
    order = {**HOME, "latitude_deg": latitude, "longitude_deg": longitude, **fields}
    zone = await person.call("POST", "/athletes/me/privacy-zones", status=201, json=order)
    return Circle(zone["latitude_deg"], zone["longitude_deg"], zone["radius_m"])


def places_in(document: Any) -> list[tuple[float, float]]:
    """Return every pair of numbers in a document that could be a place: under a name, in a list, or as columns."""
    found: list[tuple[float, float]] = []
    if isinstance(document, dict):
        if {"latitude_deg", "longitude_deg"} <= document.keys():
            pair = document["latitude_deg"], document["longitude_deg"]
            columns = pair if isinstance(pair[0], list) else ([pair[0]], [pair[1]])
            found += [(a, b) for a, b in zip(*columns, strict=True) if isinstance(a, float) and isinstance(b, float)]
        for value in document.values():
            found += places_in(value)
    elif isinstance(document, list):
        if len(document) == 2 and all(isinstance(one, float) for one in document):
            found.append((document[0], document[1]))
        for value in document:
            found += places_in(value)
    return found


def lie_in(zone: Circle, places: list[tuple[float, float]]) -> int:
    """Return how many places lie in a zone."""
    if not places:
        return 0
    table = np.array(places)
    return int((great_circle_m(zone, table[:, 0], table[:, 1]) <= zone.radius_m).sum())


async def answers(reader: Person, of_activity: str, of_list: str) -> list[Any]:
    """Return every answer that holds a place."""
    streams = [await reader.get(f"{of_activity}/streams?points={points}") for points in POINTS]
    few = await reader.get(f"{of_activity}/streams?points=100&channels=latitude_deg&channels=longitude_deg")
    return [await reader.get(of_list), await reader.get(of_activity), *streams, few]


@pytest.mark.parametrize("where", [0.0, 0.5, 1.0], ids=["start", "middle", "end"])
async def test_no_point_in_a_zone_reaches_another_person(api: Api, person: Person, where: float) -> None:
    activity = await ride_of(api, person)
    coach = await coach_of(api, person, "activities")
    own = await person.get(f"/activities/{activity}/streams?points=20000")
    route = list(zip(own["channels"]["latitude_deg"], own["channels"]["longitude_deg"], strict=True))
    paths = of(person, f"/activities/{activity}"), of(person, "/activities")
    assert len(places_in(await coach.get(f"{paths[0]}/streams?points=20000"))) == len(route), (
        "all is seen without a zone"
    )
    zone = await zone_around(person, *route[round(where * (len(route) - 1))])
    assert lie_in(zone, route) > 0, "the athlete was in the zone"
    seen = await answers(coach, *paths)
    assert [lie_in(zone, places_in(answer)) for answer in seen] == [0] * len(seen)
    assert any(places_in(answer) for answer in seen), "the rest of the route is still there"
    full = next(answer for answer in seen if answer.get("samples") and len(answer["t_s"]) == len(own["t_s"]))
    hidden = [value is None for value in full["channels"]["latitude_deg"]]
    for channel in {"distance_m", "speed_m_s", "altitude_m"} & full["channels"].keys():
        assert all(value is None for value, gone in zip(full["channels"][channel], hidden, strict=True) if gone)
    if where == 0.0:
        assert next(value for value in full["channels"]["distance_m"] if value is not None) == 0.0
    assert full["channels"]["hr_bpm"] == own["channels"]["hr_bpm"], "what tells no place stays"
    assert [lie_in(zone, places_in(one)) > 0 for one in [await person.get(f"/activities/{activity}/streams")]] == [True]


async def test_drawing_a_zone_again_hides_the_same_circle(api: Api, person: Person) -> None:
    activity = await ride_of(api, person)
    coach = await coach_of(api, person, "activities")
    start = places_in(await person.get(f"/activities/{activity}/streams"))[0]
    path = of(person, f"/activities/{activity}/streams?points=20000")
    found = []
    for _ in range(2):
        await zone_around(person, *start)
        found.append(await coach.get(path))
        (zone,) = (await person.get("/athletes/me/privacy-zones"))["items"]
        await person.call("DELETE", f"/athletes/me/privacy-zones/{zone['id']}", status=204)
    assert found[0] == found[1]
    assert len(places_in(await coach.get(path))) > len(places_in(found[0]))


async def test_zones_are_their_owners_only(api: Api, person: Person) -> None:
    await zone_around(person, 52.5, 13.4)
    coach = await coach_of(api, person, "activities", "numbers", "plan", "health_notes")
    assert (await coach.get("/athletes/me/privacy-zones"))["items"] == []
    await coach.get(of(person, "/privacy-zones"), status=404)
    for wrong in ({"radius_m": 10}, {"latitude_deg": 91.0}, {"name": " "}):
        order = {**HOME, "latitude_deg": 52.5, "longitude_deg": 13.4, **wrong}
        await person.call("POST", "/athletes/me/privacy-zones", status=422, json=order)
