"""What a recording becomes before it is stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.support.workouts import Ride

from topform.core.activity import Channel, Leg, Recording, Sport, Streams
from topform.core.errors import UnknownFormatError
from topform.features.activities.drafts import combined_sport, draft_activity, route_preview, source_quality
from topform.features.activities.exertion import load_with_rating
from topform.formats import decode
from topform.science.athlete import AthleteParameters

START = datetime(2026, 3, 1, 7, tzinfo=UTC)
NOBODY = AthleteParameters()


def leg(sport: Sport = Sport.RUNNING, sub_sport: str | None = None, **channels: np.ndarray) -> Leg:
    size = next((values.size for values in channels.values()), 0)
    streams = Streams(np.arange(float(size)), {Channel(name): values for name, values in channels.items()})
    return Leg(sport, START, elapsed_s=float(size), timer_s=float(size), streams=streams, sub_sport=sub_sport)


@pytest.mark.parametrize(
    ("legs", "expected"),
    [
        ([leg(sub_sport="trail")], (Sport.RUNNING, "trail")),
        ([leg(sub_sport="trail"), leg(sub_sport="road")], (Sport.RUNNING, None)),
        (
            [leg(Sport.SWIMMING), leg(Sport.TRANSITION), leg(Sport.CYCLING), leg(Sport.TRANSITION), leg()],
            (Sport.OTHER, "triathlon"),
        ),
        ([leg(), leg(Sport.CYCLING), leg()], (Sport.OTHER, "multisport")),
        ([leg(Sport.TRANSITION)], (Sport.TRANSITION, None)),
    ],
)
def test_legs_together_are_one_sport_or_say_that_they_are_not(legs: list[Leg], expected: tuple):
    assert combined_sport(legs) == expected


def test_a_fit_file_tells_more_than_an_export_and_a_damaged_one_least():
    ride = Ride(seconds=60)
    fit, tcx = decode(ride.as_fit(), file="a"), decode(ride.as_tcx(), file="b")
    cut = decode(ride.as_fit()[:-300], file="c")
    assert cut.salvaged
    assert source_quality(fit) > source_quality(tcx) > source_quality(cut)


def test_a_preview_follows_the_way_and_not_the_time():
    way = np.concatenate([np.zeros(5000), np.linspace(0, 1, 200)])
    preview = route_preview([leg(latitude_deg=50 + way / 100, longitude_deg=np.full(way.size, 8.0))])
    assert preview is not None
    assert len(preview) <= 64
    assert preview[0] == [50.0, 8.0]
    assert preview[-1] == [50.01, 8.0]
    assert np.diff([point[0] for point in preview]).max() < 2 / 63 / 100 + 1e-5


def test_without_positions_there_is_no_preview():
    assert route_preview([leg(hr_bpm=np.full(10, 120.0))]) is None
    nowhere = np.full(10, np.nan)
    assert route_preview([leg(latitude_deg=nowhere, longitude_deg=nowhere)]) is None


def test_the_equator_is_a_place():
    preview = route_preview([leg(latitude_deg=np.zeros(10), longitude_deg=np.linspace(0, 0.01, 10))])
    assert preview is not None
    assert preview[0] == [0.0, 0.0]


def test_the_local_day_comes_from_the_file_and_else_from_the_athlete():
    late = Ride(started_at=START.replace(hour=23, minute=30), seconds=60)
    draft = draft_activity(late.as_tcx(), file_name="a.tcx", athlete=NOBODY, time_zone="Pacific/Auckland")
    assert draft.values["started_at"] == late.started_at
    if draft.values["utc_offset_s"] is None:
        assert draft.values["local_date"].isoformat() == "2026-03-02"
    fit = draft_activity(late.as_fit(), file_name="a.fit", athlete=NOBODY, time_zone="Pacific/Auckland")
    assert (fit.values["utc_offset_s"], fit.values["local_date"].isoformat()) == (3600, "2026-03-02")


def test_a_draft_can_travel_between_processes_and_so_can_its_failure():
    import pickle

    draft = draft_activity(Ride(seconds=60).as_fit(), file_name="a.fit", athlete=NOBODY, time_zone="UTC")
    assert pickle.loads(pickle.dumps(draft)) == draft
    assert draft.ended_at == START + timedelta(seconds=60)
    with pytest.raises(UnknownFormatError) as caught:
        draft_activity(b"text", file_name="a.fit", athlete=NOBODY, time_zone="UTC")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert copy.as_dict() == caught.value.as_dict()
    assert copy.file == "a.fit"


def test_metrics_carry_their_version_and_the_digest_of_what_went_in():
    content = Ride(seconds=1200).as_fit()
    plain, informed = (
        draft_activity(content, file_name="a.fit", athlete=athlete, time_zone="UTC")
        for athlete in (NOBODY, AthleteParameters(ftp_w=250))
    )
    assert {row["inputs_digest"] for row in plain.metrics} != {row["inputs_digest"] for row in informed.metrics}
    assert len({row["inputs_digest"] for row in informed.metrics}) == 1
    assert all(row["version"] >= 1 for row in informed.metrics)
    by_name = {row["metric"]: row["value"] for row in informed.metrics}
    # A third of an hour at 80 % of threshold: 100 / 3 * 0.8 ** 2.
    assert by_name["power_load"] == pytest.approx(100 / 3 * 0.64, rel=2e-3)


@pytest.mark.parametrize(
    ("load", "rpe", "expected"),
    [
        ((None, None), 7.0, (100.0, "srpe")),
        ((None, None), 0.0, (0.0, "srpe")),
        ((50.0, "srpe"), 3.5, (50.0, "srpe")),
        ((50.0, "srpe"), None, (None, None)),
        ((80.0, "power"), 7.0, (80.0, "power")),
        ((None, None), None, (None, None)),
    ],
)
def test_a_rating_fills_in_only_where_nothing_was_measured(load: tuple, rpe: float | None, expected: tuple):
    value, source = load_with_rating(
        load_au=load[0], load_source=load[1], rpe_cr10=rpe, elapsed_s=3600.0, scale=100 / 420
    )
    assert source == expected[1]
    assert value == (None if expected[0] is None else pytest.approx(expected[0]))


def test_a_recording_without_samples_can_be_stored():
    recording = Recording(format="fit", legs=(leg(Sport.STRENGTH),))
    assert np.isfinite(source_quality(recording))
