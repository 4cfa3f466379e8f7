"""Share cards: exactly what was chosen, in the athlete's words, and a way that tells no place."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from tests.integration.features.test_community import join, share, store_activity
from tests.integration.features.test_form_checks import store_form_check
from tests.integration.features.test_minors import born
from tests.support.api import Api, Person

from topform.features.community.publishing.cards import shape_of
from topform.science.places import Circle, is_hidden, pieces_outside

NORTHWARDS = [[52.5 + step * 0.001, 13.4] for step in range(41)]
"""Some 4.4 km, a point every 111 m."""
HOME = {"name": "Home", "latitude_deg": 52.52, "longitude_deg": 13.4, "radius_m": 300}


async def card(person: Person, *, status: int = 200, **query: Any) -> Any:
    return await person.get("/community/card", status=status, params=query)


async def test_a_card_says_what_was_chosen_and_nothing_else(api: Api) -> None:
    ada = await api.sign_up(language="fr")
    ride = await store_activity(api, ada)
    assert await card(ada, activity_id=ride) == {
        "title": "Vélo, 1er juin 2026",
        "caption": None,
        "lines": [
            {"label": "Distance", "value": "30,00 km"},
            {"label": "Temps", "value": "58:20"},
            {"label": "Temps total", "value": "1:01:40"},
            {"label": "Dénivelé positif", "value": "310 m"},
        ],
        "route": None,
        "alt": "Vélo, 1er juin 2026\nDistance : 30,00 km\nTemps : 58:20\nTemps total : 1:01:40\n"
        "Dénivelé positif : 310 m",
    }
    assert (await card(ada, activity_id=ride, shown=["heart_rate"]))["lines"] == [
        {"label": "Fréquence cardiaque", "value": "143 bpm"}
    ]
    no_stop = await store_activity(api, ada, elapsed_s=3500.4, moving_s=3500.0)
    assert [one["label"] for one in (await card(ada, activity_id=no_stop, shown=["time"]))["lines"]] == ["Temps"]
    titled = await card(ada, activity_id=ride, shown=["title"])
    assert (titled["title"], titled["caption"]) == ("Ride past my house", "Vélo, 1er juin 2026")
    form_check = await store_form_check(api, ada, b"video")
    push_ups = await card(ada, form_check_id=form_check)
    assert push_ups["title"].startswith("Pompes, ") and [one["label"] for one in push_ups["lines"]] == ["Répétitions"]
    await card(ada, status=422, form_check_id=form_check, shown=["power"])
    for wrong in ({}, {"activity_id": ride, "form_check_id": form_check}):
        await card(ada, status=422, **wrong)


async def test_a_card_is_made_of_ones_own_and_of_what_may_be_shown(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    ride = await store_activity(api, ada)
    post = await share(ada, ride, "public", shown=["time"])
    said = await card(ada, post_id=post["id"])
    assert [one["label"] for one in said["lines"]] == ["Time", "Total time"]
    await card(bob, status=404, post_id=post["id"])
    await card(bob, status=404, activity_id=ride)
    strava = await store_activity(api, ada, restricted_by="strava")
    assert (await card(ada, status=422, activity_id=strava))["code"] == "not_shareable"
    young = await api.sign_up(birth_date=born(15))
    assert (await card(young, status=403, activity_id=await store_activity(api, young)))["code"] == "too_young"


async def test_the_way_is_a_shape_without_a_place_and_leaves_privacy_zones_out(api: Api) -> None:
    ada = await api.sign_up()
    ride = await store_activity(api, ada, route_preview=NORTHWARDS)
    assert (await card(ada, activity_id=ride))["route"] is None
    whole = await card(ada, activity_id=ride, with_route=True)
    (piece,) = whole["route"]
    assert (piece[0], piece[-1], len(piece)) == ([0.0, 1.0], [0.0, 0.0], 41)
    assert whole["alt"].endswith("The shape of the route.")
    await ada.call("POST", "/athletes/me/privacy-zones", status=201, json=HOME)
    cut = await card(ada, activity_id=ride, with_route=True)
    assert len(cut["route"]) == 2
    gap = min(y for _, y in cut["route"][0]) - max(y for _, y in cut["route"][1])
    assert gap * 40 * 111.2 > 2 * HOME["radius_m"]
    for place in ("52.", "13.4", "Home"):
        assert place not in json.dumps(cut)
    post = await share(await with_profile(ada), ride, "public")
    assert (await card(ada, post_id=post["id"], with_route=True))["route"] == cut["route"]
    inside = await store_activity(api, ada, route_preview=[[52.5199, 13.4], [52.5201, 13.4]])
    hidden = await card(ada, activity_id=inside, with_route=True)
    assert hidden["route"] is None and "shape" not in hidden["alt"]


async def with_profile(person: Person) -> Person:
    await person.call("PUT", "/community/me", status=200, json={"handle": "ada", "name": "Ada"})
    return person


@pytest.mark.parametrize("seed", range(20))
def test_no_line_of_a_card_crosses_a_hidden_place(seed: int) -> None:
    chance = np.random.default_rng(seed)
    way = np.cumsum(chance.normal(0, 0.004, (40, 2)), axis=0) + np.array([47.0, 179.99])
    at = way[chance.integers(40)]
    circle = Circle(float(at[0]), float(at[1]) - (360 if at[1] > 180 else 0), 400.0)
    points = [(float(latitude), float((longitude + 180) % 360 - 180)) for latitude, longitude in way]
    pieces = pieces_outside([circle], points)
    kept = [point for piece in pieces for point in piece]
    assert len(kept) < len(points)
    assert set(kept) <= set(points)
    for piece in pieces:
        for before, after in pairwise(piece):
            turned = (after[1] - before[1] + 180) % 360 - 180
            steps = np.linspace(0, 1, 200)
            longitude = (before[1] + steps * turned + 180) % 360 - 180
            deep = Circle(circle.latitude_deg, circle.longitude_deg, circle.radius_m * 0.95)
            assert not is_hidden([deep], before[0] + steps * (after[0] - before[0]), longitude).any()
    shape = shape_of(pieces)
    assert shape is not None
    flat = np.array([point for piece in shape for point in piece])
    assert flat.min() == 0.0 and flat.max() == 1.0
