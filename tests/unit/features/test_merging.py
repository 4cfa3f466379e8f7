"""Several recordings as one: what comes from where, and that it is always the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.support.two_devices import TwoDevices, recording

from topform.core.activity import Channel, PowerSource, Recording, Sport, Streams
from topform.features.activities.drafts import source_quality
from topform.features.activities.merging import Quantity, Source, merge_recordings

RIDE = TwoDevices()


def source(key: str, what: Recording, *, provider: str | None = None) -> Source:
    return Source(key, what, source_quality(what), f"{what.device['manufacturer']} {what.device['product']}", provider)


def computer() -> Source:
    return source("a", recording(RIDE.computer(), "acme", "Edge"))


def watch(*, provider: str | None = None) -> Source:
    return source("b", recording(RIDE.watch(), "pulse", "Watch"), provider=provider)


def test_each_quantity_comes_from_the_device_that_has_it():
    merged = merge_recordings([computer(), watch()])
    assert merged.base == "a"
    assert merged.given_by == {
        Quantity.POSITION: "a", Quantity.DISTANCE: "a", Quantity.ALTITUDE: "a", Quantity.POWER: "a",
        Quantity.CADENCE: "a", Quantity.HEART_RATE: "b", Quantity.HEART_BEATS: "b",
    }  # fmt: skip
    leg = merged.recording.legs[0]
    assert leg.laps == RIDE.computer().laps
    assert np.array_equal(leg.streams[Channel.POWER_W], RIDE.computer().streams[Channel.POWER_W])


def test_clocks_are_brought_together_to_the_second():
    truth = RIDE.truth()["pulse"]
    late = replace(RIDE.watch(), started_at=RIDE.watch().started_at + timedelta(seconds=47))
    merged = merge_recordings([computer(), source("b", recording(late, "pulse", "Watch"))])
    assert merged.shift_s["b"] == pytest.approx(-47.0, abs=1.5)
    pulse = merged.recording.legs[0].streams[Channel.HR_BPM]
    known = np.isfinite(pulse)
    assert known.mean() > 0.95
    assert np.nanmedian(np.abs(pulse - truth)[known]) <= 1.0


def test_the_order_of_import_and_the_run_do_not_matter():
    one, other = merge_recordings([computer(), watch()]), merge_recordings([watch(), computer()])
    assert (one.digest, one.base, one.given_by) == (other.digest, other.base, other.given_by)
    for name, values in one.recording.legs[0].streams.channels.items():
        assert np.array_equal(values, other.recording.legs[0].streams[name], equal_nan=True)
    assert merge_recordings([computer(), watch()]).digest == one.digest


def test_one_source_is_taken_as_it_is():
    only = watch()
    merged = merge_recordings([only])
    assert merged.recording is only.recording
    assert (merged.digest, set(merged.given_by.values())) == ("b", {"b"})


def test_a_copy_that_adds_nothing_changes_nothing():
    original = computer()
    rows = slice(None, None, 4)
    leg = RIDE.computer()
    thinned = Streams(leg.streams.t_s[rows], {n: np.round(v[rows], 4) for n, v in leg.streams.channels.items()})
    copy = source("c", recording(replace(leg, laps=(), streams=thinned), None, "Platform"))
    merged = merge_recordings([original, copy])
    assert merged.recording is original.recording
    assert merged.digest == "a"


def test_a_choice_beats_a_preference_and_a_preference_the_rule():
    sources = [computer(), watch()]
    liked = {Quantity.DISTANCE: ["pulse Watch"], Quantity.POSITION: ["pulse Watch"]}
    preferred = merge_recordings(sources, preferences=liked)
    assert (preferred.given_by[Quantity.DISTANCE], preferred.given_by[Quantity.POSITION]) == ("b", "b")
    chosen = merge_recordings(sources, preferences=liked, choice={Quantity.POSITION: "a"})
    assert (chosen.given_by[Quantity.DISTANCE], chosen.given_by[Quantity.POSITION]) == ("b", "a")
    assert len({one.digest for one in (merge_recordings(sources), preferred, chosen)}) == 3


def test_a_distance_from_the_other_device_begins_at_zero():
    merged = merge_recordings([computer(), watch()], choice={Quantity.DISTANCE: "b"})
    leg = merged.recording.legs[0]
    along = leg.streams[Channel.DISTANCE_M]
    known = along[np.isfinite(along)]
    assert known[0] == 0.0
    assert np.all(np.diff(known) >= 0)
    assert leg.distance_m == RIDE.watch().distance_m


def test_a_source_that_restricts_its_use_gives_only_what_nobody_else_has():
    merged = merge_recordings([computer(), watch(provider="strava")])
    assert merged.base == "a"
    assert merged.given_by[Quantity.HEART_RATE] == "b"
    assert merged.provider == "strava"
    own = replace(RIDE.watch(), streams=RIDE.watch().streams)
    both = merge_recordings([computer(), watch(provider="strava"), source("d", recording(own, "own", "Watch"))])
    assert both.given_by[Quantity.HEART_RATE] == "d"
    assert both.provider is None


def test_a_denser_source_brings_its_own_times():
    leg = RIDE.computer()
    rows = slice(None, None, 5)
    sparse = replace(leg, streams=Streams(leg.streams.t_s[rows], {
        name: values[rows] for name, values in leg.streams.channels.items()
        if name is not Channel.POWER_W
    }))  # fmt: skip
    meter = replace(leg, laps=(), streams=Streams(leg.streams.t_s, {Channel.POWER_W: leg.streams[Channel.POWER_W]}))
    merged = merge_recordings(
        [source("a", recording(sparse, "acme", "Edge")), source("p", recording(meter, "acme", "Meter"))]
    ).recording.legs[0]
    assert np.array_equal(merged.streams[Channel.POWER_W], leg.streams[Channel.POWER_W])
    assert len(merged.streams) == len(leg.streams)
    assert np.isfinite(merged.streams[Channel.SPEED_M_S]).all()


def test_legs_of_a_multi_sport_recording_take_from_the_bike_computer_what_is_the_rides():
    ride = RIDE.computer()
    run = replace(TwoDevices(seed=7).watch(), sport=Sport.RUNNING, started_at=ride.started_at + timedelta(seconds=1600))
    wrist = replace(RIDE.watch(), started_at=ride.started_at, elapsed_s=1500.0, timer_s=1500.0)
    race = Recording("fit", (wrist, run), device={"manufacturer": "pulse", "product": "Watch"})
    merged = merge_recordings([source("race", race), computer()])
    assert merged.base == "race"
    assert merged.given_by[Quantity.POWER] == "a"
    assert Channel.POWER_W in merged.recording.legs[0].streams
    assert Channel.POWER_W not in merged.recording.legs[1].streams
    assert [leg.sport for leg in merged.recording.legs] == [Sport.CYCLING, Sport.RUNNING]


def test_power_of_a_run_brings_its_source_along():
    run = replace(RIDE.computer(), sport=Sport.RUNNING)
    without = Streams(run.streams.t_s, {n: v for n, v in run.streams.channels.items() if n is not Channel.POWER_W})
    watch_leg = replace(run, streams=without)
    pod_leg = replace(run, power_source=PowerSource.FOOT_POD)
    merged = merge_recordings(
        [source("a", recording(watch_leg, "acme", "Watch")), source("b", recording(pod_leg, "stryd", "Pod"))],
        choice={Quantity.POWER: "b"},
    )
    assert merged.given_by[Quantity.POWER] == "b"
    assert merged.recording.legs[0].power_source is PowerSource.FOOT_POD
