"""Computed from its files or from what is stored of it, an activity has the same numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from topform.core.activity import (
    Channel,
    Lap,
    Leg,
    Pause,
    PoolLength,
    PowerSource,
    Recording,
    RRIntervals,
    Sport,
    Streams,
)
from topform.features.activities.drafts import ActivityDraft, draft_recording
from topform.features.activities.merging import Source, merge_recordings
from topform.features.activities.stored_legs import SUMMARY, StoredActivity, can_recompute, recompute
from topform.science.athlete import AthleteParameters
from topform.science.leg_analysis import analyse_leg

BEGAN = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)
ATHLETE = AthleteParameters(
    sex="f", mass_kg=60.0, hr_rest_bpm=48.0, hr_max_bpm=188.0, lthr_bpm=168.0, ftp_w=230.0, threshold_speed_m_s=4.0,
    css_m_s=1.2, cp_w=225.0, w_prime_j=15_000.0, run_power_watch_w=240.0, run_power_foot_pod_w=210.0,
)  # fmt: skip
SPORTS = (Sport.RUNNING, Sport.CYCLING, Sport.SWIMMING, Sport.WALKING, Sport.STRENGTH, Sport.OTHER)


class Always:
    """The same athlete on every day."""

    def on(self, day: object) -> AthleteParameters:
        return ATHLETE


@st.composite
def made_legs(draw: st.DrawFn) -> Leg:
    """A leg of up to 25 minutes with faults, gaps, pauses, and numbers that the device states or does not."""
    size = draw(st.sampled_from([0, 1, 14, 60, 700, 1500]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    t_s = np.arange(size, dtype=np.float64)
    if draw(st.booleans()) and size > 20:
        t_s = np.sort(rng.choice(t_s, size=size // 3, replace=False))
    sport = draw(st.sampled_from(SPORTS))
    speed = np.abs(rng.normal(draw(st.sampled_from([0.0, 0.2, 3.0, 8.0])), 0.3, t_s.size))
    made = {
        Channel.HR_BPM: np.round(rng.normal(150, 8, t_s.size)),
        Channel.POWER_W: np.round(np.abs(rng.normal(210, 60, t_s.size))),
        Channel.SPEED_M_S: np.round(speed, 3),
        Channel.DISTANCE_M: np.round(np.cumsum(speed * np.diff(t_s, prepend=0.0)), 2),
        Channel.ALTITUDE_M: np.round(300 + 15 * np.sin(t_s / 90) + rng.normal(0, 0.3, t_s.size), 1),
        Channel.LATITUDE_DEG: 47.0 + np.cumsum(speed) / 111_000,
        Channel.LONGITUDE_DEG: np.full(t_s.size, 11.5),
        Channel.CADENCE_RPM: np.round(rng.normal(85, 5, t_s.size)),
    }
    chosen = draw(st.sets(st.sampled_from(sorted(made, key=str)), min_size=1))
    channels = {}
    for name in Channel:
        if name in chosen:
            values = made[name]
            lost = rng.random(t_s.size) < draw(st.sampled_from([0.0, 0.05, 0.4]))
            channels[name] = np.where(lost, np.nan, values)
            if name in (Channel.HR_BPM, Channel.POWER_W) and t_s.size > 50 and draw(st.booleans()):
                channels[name][rng.integers(0, t_s.size, 3)] = 3000.0
    end_s = float(t_s[-1]) if t_s.size else 600.0
    pauses = (Pause(0.4 * end_s, 0.5 * end_s),) if draw(st.booleans()) and end_s > 50 else ()
    timer_s = max(end_s - sum(pause.end_s - pause.start_s for pause in pauses), 1.0)
    beats = rng.normal(400, 15, 200) if draw(st.booleans()) else None
    leg = Leg(
        sport=sport,
        sub_sport=draw(st.sampled_from([None, "trail", "lap_swimming"])),
        started_at=BEGAN,
        utc_offset_s=draw(st.sampled_from([None, 3600])),
        elapsed_s=end_s + 0.749,
        timer_s=timer_s,
        streams=Streams(t_s, {name: values for name, values in channels.items() if np.isfinite(values).any()}),
        laps=(Lap(start_s=0.0, elapsed_s=end_s, timer_s=timer_s),) if draw(st.booleans()) else (),
        pauses=pauses,
        lengths=tuple(
            PoolLength(start_s=30.0 * index, elapsed_s=30.0, is_active=index != 2, distance_m=25.0)
            for index in range(4 if sport is Sport.SWIMMING and draw(st.booleans()) else 0)
        ),
        power_source=draw(st.sampled_from([None, *PowerSource])) if sport is Sport.RUNNING else None,
        rr=None if beats is None else RRIntervals(np.cumsum(beats) / 1000, beats),
        device_summary={"weighted_power_w": 220.0} if draw(st.booleans()) else {},
    )
    return _stating(leg, draw(st.sampled_from(["nothing", "the same", "other"])))


def _stating(leg: Leg, what: str) -> Leg:
    """Return the leg with a device's totals: none, the very ones of the samples, or others."""
    if what == "nothing":
        return leg
    analysis = analyse_leg(leg, ATHLETE)
    factor = 1.0 if what == "the same" else 1.07
    totals = {name: getattr(analysis, name) for name in ("distance_m", "ascent_m", "descent_m")}
    return replace(leg, **{name: None if value is None else factor * value for name, value in totals.items()})


def drafted(recording: Recording) -> ActivityDraft:
    return draft_recording(
        recording, digest="d", file_name="made", size_bytes=1, athlete=Always(), time_zone="Europe/Berlin"
    )


def assert_the_same_again(draft: ActivityDraft) -> None:
    documents = tuple(json.loads(json.dumps(leg["document"])) for leg in draft.legs)
    stored = StoredActivity(UUID(int=0), "streams", "d", documents)
    assert can_recompute(stored)
    again = recompute(stored, draft.streams, ATHLETE)
    assert [row for row in again.metrics if row not in draft.metrics] == []
    assert again.metrics == draft.metrics
    assert again.bests == draft.bests
    assert {name: again.values[name] for name in SUMMARY} == {name: draft.values[name] for name in SUMMARY}
    assert [json.loads(json.dumps(leg["document"])) for leg in again.legs] == list(documents)


@given(legs=st.lists(made_legs(), min_size=1, max_size=2))
@settings(max_examples=40, deadline=None)
def test_a_stored_activity_computed_again_is_the_imported_one(legs):
    assert_the_same_again(drafted(Recording("fit", tuple(legs))))


@given(first=made_legs(), second=made_legs())
@settings(max_examples=20, deadline=None)
def test_so_is_one_of_several_recordings(first, second):
    sources = [
        Source("a", Recording("fit", (first,)), 2.0, "Watch"),
        Source("b", Recording("gpx", (second,)), 1.0, "Phone"),
    ]
    assert_the_same_again(drafted(merge_recordings(sources).recording))
