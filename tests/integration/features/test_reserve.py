"""The reserve above critical power of a ride, once the athlete's model is known."""

from __future__ import annotations

import pytest
from tests.support.api import Api, Person
from tests.support.workouts import Ride


async def test_a_ride_shows_its_reserve_once_the_model_is_known(api: Api, person: Person) -> None:
    """200 W for 1200 s with CP 190 W and 20 kJ: 10 J a second are used, 8 kJ are left; computed again by itself."""
    await person.upload("ride.fit", Ride().as_fit())
    await api.work()
    (ride,) = (await person.get("/activities"))["items"]
    before = await person.get(f"/activities/{ride['id']}/streams")
    assert "w_prime_balance_j" not in before["channels"]
    await person.call("PATCH", "/athletes/me", status=200, json={"cp_w": 190, "w_prime_j": 20_000})
    await api.work()
    after = await person.get(f"/activities/{ride['id']}/streams")
    trace = after["channels"]["w_prime_balance_j"]
    assert len(trace) == len(after["t_s"])
    assert trace[-1] == pytest.approx(8000, abs=30)
    (leg,) = (await person.get(f"/activities/{ride['id']}"))["legs"]
    metric = leg["metrics"]["w_prime_balance_min_j"]
    assert (metric["value"], metric["unit"], metric["version"]) == (pytest.approx(8000, abs=15), "J", 1)
    only = await person.get(f"/activities/{ride['id']}/streams", params={"channels": "power_w"})
    assert set(only["channels"]) == {"power_w"}
    await person.call("PATCH", "/athletes/me", status=422, json={"w_prime_j": 20})
