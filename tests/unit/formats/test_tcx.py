"""TCX documents made for the purpose."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.documents import TCX_HEAD, tcx, tcx_lap, tcx_point

from topform.core.activity import Channel, Sport
from topform.core.errors import NoActivityError
from topform.formats import decode


def test_laps_and_points_become_a_leg():
    laps = [
        tcx_lap([tcx_point(second) for second in range(20)], timer_s=20, distance_m=80),
        tcx_lap(
            [tcx_point(second) for second in range(20, 31)], start="2022-06-01T08:00:20Z", timer_s=10.5, distance_m=40
        ),
    ]
    recording = decode(tcx(laps), file="run.tcx")
    (leg,) = recording.legs
    assert (recording.format, recording.device["product"], recording.device["software_version"]) == (
        "tcx",
        "Watch",
        "4.20",
    )
    assert (leg.sport, leg.timer_s, leg.elapsed_s, leg.distance_m) == (Sport.RUNNING, 30.5, 30.5, 120)
    assert [(lap.start_s, lap.elapsed_s, lap.hr_mean_bpm, lap.trigger) for lap in leg.laps] == [
        (0, 20, 131, "manual"), (20, 10.5, 131, "manual"),
    ]  # fmt: skip
    assert leg.utc_offset_s == 7200
    assert leg.device_summary["energy_kcal"] == 24
    np.testing.assert_allclose(leg.streams[Channel.HR_BPM], 120 + np.arange(31))
    np.testing.assert_allclose(leg.streams[Channel.DISTANCE_M], 4 * np.arange(31))


def test_extensions_hold_speed_watts_and_run_cadence():
    extension = "<x:Speed>3.5</x:Speed><x:RunCadence>84</x:RunCadence><x:Watts>260</x:Watts>"
    (leg,) = decode(tcx([tcx_lap([tcx_point(0, extension=extension)], timer_s=1, distance_m=0)]), file="run.tcx").legs
    assert leg.streams[Channel.SPEED_M_S][0] == 3.5
    assert leg.streams[Channel.POWER_W][0] == 260
    assert leg.streams[Channel.CADENCE_SPM][0] == 168


def test_cycling_cadence_is_not_doubled():
    document = tcx([tcx_lap([tcx_point(0, cadence=90)], timer_s=1, distance_m=0)], sport="Biking")
    (leg,) = decode(document, file="ride.tcx").legs
    assert leg.sport is Sport.CYCLING
    assert leg.streams[Channel.CADENCE_RPM][0] == 90


def test_distances_counted_anew_in_each_lap_are_continued():
    laps = [
        tcx_lap([tcx_point(second) for second in range(10)], timer_s=10, distance_m=36),
        tcx_lap(
            [tcx_point(second, distance_m=4.0 * (second - 10)) for second in range(10, 20)], timer_s=10, distance_m=36
        ),
    ]
    (leg,) = decode(tcx(laps), file="run.tcx").legs
    assert leg.streams[Channel.DISTANCE_M][-1] == pytest.approx(72)


def test_a_lap_without_points_is_still_an_activity():
    (leg,) = decode(tcx([tcx_lap([], timer_s=600, distance_m=1000)], sport="Other"), file="swim.tcx").legs
    assert (len(leg.streams), leg.timer_s, leg.distance_m) == (0, 600, 1000)


@pytest.mark.parametrize(("element", "words"), [("Courses", "course"), ("Workouts", "planned workout")])
def test_documents_without_an_activity_are_named(element, words):
    course = f"<Course><Lap><TotalTimeSeconds>5</TotalTimeSeconds></Lap><Track>{tcx_point(0)}</Track></Course>"
    inner = f"<{element}>{course}</{element}>"
    with pytest.raises(NoActivityError, match=words):
        decode(f"{TCX_HEAD}{inner}</TrainingCenterDatabase>".encode(), file="plan.tcx")


def test_a_cut_document_keeps_what_precedes_the_cut():
    whole = tcx([tcx_lap([tcx_point(second) for second in range(50)], timer_s=50, distance_m=200)])
    recording = decode(whole[: len(whole) // 2], file="cut.tcx")
    assert recording.salvaged
    assert 15 < len(recording.legs[0].streams) < 30
    assert recording.warnings[0].code == "document_damaged"


def test_multi_sport_activities_are_legs():
    ride = tcx_lap([tcx_point(0), tcx_point(9)], timer_s=10, distance_m=36)
    run = tcx_lap([tcx_point(15), tcx_point(30)], start="2022-06-01T08:00:15Z", timer_s=16, distance_m=60)
    change = f"<TotalTimeSeconds>5</TotalTimeSeconds><Track>{tcx_point(10)}{tcx_point(14)}</Track>"
    inner = (
        "<Activities><MultiSportSession><Id>2022-06-01T08:00:00Z</Id>"
        f'<FirstSport><Activity Sport="Biking"><Id>x</Id>{ride}</Activity></FirstSport>'
        f'<NextSport><Transition StartTime="2022-06-01T08:00:10Z">{change}</Transition>'
        f'<Activity Sport="Running"><Id>y</Id>{run}</Activity></NextSport>'
        "</MultiSportSession></Activities>"
    )
    legs = decode(f"{TCX_HEAD}{inner}</TrainingCenterDatabase>".encode(), file="duathlon.tcx").legs
    assert [leg.sport for leg in legs] == [Sport.CYCLING, Sport.TRANSITION, Sport.RUNNING]
    assert [leg.timer_s for leg in legs] == [10, 5, 16]
