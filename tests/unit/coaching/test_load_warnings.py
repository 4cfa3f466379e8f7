"""The rules R1 to R8 on days made for them, and on days just beside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from topform.coaching.load_warnings import (
    Band,
    Condition,
    EnergySign,
    Pain,
    PerformanceTest,
    RedFlag,
    Session,
    acute_chronic,
    load_warnings,
    overall_band,
)
from topform.core.wellness import WellnessMetric

DAY = date(2026, 11, 22)


def ago(days: int) -> date:
    """Return a day before the day."""
    return DAY - timedelta(days=days)


def runs(distances_m: dict[int, float]) -> list[Session]:
    """Return runs by days ago, at five minutes a kilometre."""
    return [
        Session(ago(back), "running", distance * 0.3, distance, load_au=distance / 200)
        for back, distance in sorted(distances_m.items(), reverse=True)
    ]


def rules(condition: Condition) -> set[str]:
    """Return which rules speak."""
    return {one.rule for one in load_warnings(condition)}


def days_of(load: dict[int, float]) -> list[Session]:
    """Return one ride a day by days ago."""
    return [
        Session(ago(back), "cycling", 3600.0, None, load_au=value)
        for back, value in sorted(load.items(), reverse=True)
        if value
    ]


@pytest.mark.parametrize(("distance_m", "speaks"), [(17_500.0, False), (17_700.0, True), (19_000.0, True)])
def test_r1_a_run_ten_per_cent_longer_than_the_month(distance_m: float, speaks: bool) -> None:
    """The longest run of 30 days was 16 km; the limit is 17.6 km."""
    condition = Condition(DAY, runs({20: 16_000, 9: 12_000, 1: distance_m}))
    assert ("R1" in rules(condition)) is speaks


def test_r1_says_what_happened_to_others_and_gives_no_probability() -> None:
    """19 km after 16 km is 18.75 % more; of 1000 runners 38 and, at a hazard ratio of 1.64, about 62."""
    (warning,) = load_warnings(Condition(DAY, runs({20: 16_000, 1: 19_000})))
    assert warning.values["excess_pct"] == 18.8
    assert "about 38" in warning.evidence()
    assert "about 62" in warning.evidence()
    assert "you will" not in (warning.message() + warning.evidence() + warning.advice()).lower()


def test_r1_allows_cyclists_more_and_knows_no_first_session() -> None:
    """30 % by time on the bike; a first session has nothing to be longer than."""

    def ride(back: int, hours: float) -> Session:
        return Session(ago(back), "cycling", hours * 3600, 30_000 * hours, load_au=50 * hours)

    assert "R1" not in rules(Condition(DAY, [ride(10, 2.0), ride(1, 2.5)]))
    assert "R1" in rules(Condition(DAY, [ride(10, 2.0), ride(1, 2.7)]))
    assert "R1" not in rules(Condition(DAY, [ride(1, 6.0)]))


def test_r2_a_week_far_above_the_three_before() -> None:
    """Three weeks of 50 a day, then 120 a day: 2.4 times as much and a ramp above seven."""
    steady = dict.fromkeys(range(28), 50.0)
    assert "R2" not in rules(Condition(DAY, days_of(steady)))
    assert "R2" in rules(Condition(DAY, days_of(steady | dict.fromkeys(range(7), 120.0))))


def test_r2_tells_runners_what_happened_to_others() -> None:
    """17.8 injuries for 1000 hours: 52 of 1000 in three hours, times 1.59 about 83; of rides no number is known."""
    steady = dict.fromkeys(range(28), 10_000.0)
    raised = runs(steady | dict.fromkeys(range(7), 24_000.0))
    (warning,) = (one for one in load_warnings(Condition(DAY, raised)) if one.rule == "R2")
    assert "about 52" in warning.evidence() and "about 83" in warning.evidence()
    ridden = days_of(dict.fromkeys(range(28), 50.0) | dict.fromkeys(range(7), 120.0))
    (warning,) = (one for one in load_warnings(Condition(DAY, ridden)) if one.rule == "R2")
    assert "No number is known" in warning.evidence()


def test_r2_a_full_week_after_months_of_rest() -> None:
    """More than 1.3 times of nothing, and a ramp of about 15: whoever returns is told too."""
    trained = dict.fromkeys(range(70, 140), 50.0)
    (warning,) = (
        one
        for one in load_warnings(Condition(DAY, days_of(trained | dict.fromkeys(range(7), 100.0))))
        if one.rule == "R2"
    )
    assert (warning.values["week_au"], warning.values["before_au"]) == (700.0, 0.0)
    assert "R2" not in rules(Condition(DAY, days_of(trained | dict.fromkeys(range(7), 30.0))))


def test_a_warning_says_its_day_as_people_write_it() -> None:
    """Not 2026-11-21."""
    (warning,) = load_warnings(Condition(DAY, runs({20: 16_000, 1: 19_000})))
    assert "session of 21 November 2026" in warning.message()
    assert "21. November 2026" in warning.message(language="de")


def test_r3_a_heavy_week_of_equal_days() -> None:
    """The same load with two hard days and rest is not monotonous."""
    before = {back: 60.0 * (back % 2) for back in range(7, 42)}
    alike = dict.fromkeys(range(7), 70.0)
    varied = {0: 250.0, 1: 0.0, 2: 0.0, 3: 200.0, 4: 0.0, 5: 40.0, 6: 0.0}
    (warning,) = (one for one in load_warnings(Condition(DAY, days_of(before | alike))) if one.rule == "R3")
    assert "25 athletes" in warning.evidence() and "no number is known" in warning.evidence()
    assert "R3" not in rules(Condition(DAY, days_of(before | varied)))


TIRED: dict[WellnessMetric, dict[date, float]] = {
    WellnessMetric.SLEEP_S: {DAY: 5 * 3600.0, ago(1): 5.5 * 3600},
    WellnessMetric.SORENESS: {DAY: 8.0},
}


def test_r4_needs_two_signs() -> None:
    """Two short nights alone are one sign; with strong soreness they are two."""
    only_sleep = {WellnessMetric.SLEEP_S: TIRED[WellnessMetric.SLEEP_S]}
    assert "R4" not in rules(Condition(DAY, series=only_sleep))
    (warning,) = load_warnings(Condition(DAY, series=TIRED))
    assert (warning.rule, warning.values["signs"]) == ("R4", ["sleep_short", "soreness_high"])


def test_r4_tells_what_short_nights_did_to_others() -> None:
    """38 of 1000, and at a hazard ratio of 1.51 about 57; no number where sleep is not among the signs."""
    (warning,) = load_warnings(Condition(DAY, series=TIRED))
    assert "about 38" in warning.evidence() and "about 57" in warning.evidence()
    low = {WellnessMetric.MOOD: {ago(back): 5.0 + 0.5 * (back % 3) for back in range(1, 60)} | {DAY: 1.0}}
    (warning,) = load_warnings(Condition(DAY, series=low | {WellnessMetric.SORENESS: {DAY: 8.0}}))
    assert warning.rule == "R4" and "No number is known" in warning.evidence()


def test_r4_sees_heart_signals_against_their_own_usual() -> None:
    """HRV below its band for two days and a resting heart rate 4 bpm up."""
    hrv = {ago(back): 60.0 + 2 * (back % 2) for back in range(7, 75)} | {ago(back): 50.0 for back in range(7)}
    heart = {ago(back): 48.0 + back % 2 for back in range(7, 67)} | {ago(back): 52.6 for back in range(7)}
    (warning,) = load_warnings(
        Condition(DAY, series={WellnessMetric.HRV_RMSSD_MS: hrv, WellnessMetric.RESTING_HR_BPM: heart})
    )
    assert warning.values["signs"] == ["hrv_low", "resting_hr_high"]


def test_r5_the_same_sessions_feel_harder_for_two_weeks() -> None:
    """RPE 4 to 5 before, 7 to 8 now at the same load an hour; only together with R4."""

    def rated(back: int, rpe: float, load: float) -> Session:
        return Session(ago(back), "running", 3600.0, 10_000.0, load_au=load, rpe_cr10=rpe)

    before = [rated(back, 4 + (back % 2), 50 + 10 * (back % 2)) for back in range(60, 15, -3)]
    lately = [rated(back, 7 + (back % 2), 50 + 10 * (back % 2)) for back in range(13, 0, -3)]
    assert "R5" in rules(Condition(DAY, [*before, *lately], series=TIRED))
    assert "R5" not in rules(Condition(DAY, [*before, *lately]))


def test_a_test_three_percent_down_when_tired_asks_for_rest() -> None:
    """270, 274 and 272 W, then 263 W: 3.3 % down. Without tiredness, long ago or of another kind it says nothing."""
    course = zip((100, 70, 40, 3), (270.0, 274.0, 272.0, 263.0), strict=True)
    tests = [PerformanceTest(ago(back), "ftp_w", watts) for back, watts in course]
    (found,) = [one for one in load_warnings(Condition(DAY, series=TIRED, tests=tests)) if one.rule == "R5"]
    assert found.values == {"drop_pct": 3.3}
    assert "No number is known" in found.evidence()
    assert "keine Zahl bekannt" in found.evidence(language="de")
    assert "R5" not in rules(Condition(DAY, tests=tests))
    old = [replace(one, day=one.day - timedelta(days=12)) for one in tests]
    assert "R5" not in rules(Condition(DAY, series=TIRED, tests=old))
    alone = [replace(tests[-1], kind="css_m_s"), *tests[:-1]]
    assert "R5" not in rules(Condition(DAY, series=TIRED, tests=alone))


@pytest.mark.parametrize(
    ("pains", "speaks"),
    [
        ([Pain(ago(1), "left knee", 5)], False),
        ([Pain(ago(5), "left knee", 5), Pain(ago(1), "left knee", 4)], True),
        ([Pain(ago(1), "left knee", 5), Pain(ago(1), "left knee", 6)], False),
        ([Pain(ago(5), "left knee", 4), Pain(ago(1), "left knee", 5), Pain(ago(1), "left knee", 2)], True),
        ([Pain(ago(9), "knee", 5), Pain(ago(5), "knee", 2), Pain(ago(3), "knee", 2), Pain(ago(1), "knee", 5)], False),
        ([Pain(ago(1), "shin", 3, is_on_bone=True), Pain(ago(1), "shin", 1)], True),
        ([Pain(ago(5), "left knee", 5), Pain(ago(1), "right knee", 4)], False),
        ([Pain(ago(1), "shin", 3, is_on_bone=True)], True),
        ([Pain(ago(1), "shin", 3, changes_movement=True)], True),
        ([Pain(ago(30), "shin", 8, is_at_night=True)], False),
    ],
)
def test_r6_pain_at_the_same_place(pains: list[Pain], speaks: bool) -> None:
    """Twice in three reports at four or more, or of a kind that needs looking at."""
    assert ("R6" in rules(Condition(DAY, pains=pains))) is speaks


@pytest.mark.parametrize("flag", list(RedFlag))
def test_r7_comes_first_and_sends_to_a_doctor(flag: RedFlag) -> None:
    """Every red flag stops everything and stands before all other rules."""
    found = load_warnings(Condition(DAY, runs({20: 10_000, 1: 30_000}), series=TIRED, red_flags=[flag]))
    assert found[0].rule == "R7"
    assert found[0].band is Band.HIGH
    assert "medical care" in found[0].advice()


def test_r8_is_neutral_and_sets_no_weight_goal() -> None:
    """Reported signs, or a body mass that fell by more than 3 % in four weeks."""
    mass: dict[date, float] = {ago(back): 60.0 for back in (22, 24, 26)} | {ago(back): 57.5 for back in (0, 2)}
    for condition in (
        Condition(DAY, signs=[EnergySign.MISSED_PERIODS]),
        Condition(DAY, series={WellnessMetric.BODY_MASS_KG: mass}),
    ):
        (warning,) = load_warnings(condition)
        assert warning.rule == "R8"
        assert "physician" in warning.advice()


def test_nothing_known_warns_of_nothing() -> None:
    """No data is no sign of anything."""
    assert load_warnings(Condition(DAY)) == []
    assert overall_band([]) is Band.USUAL
    assert acute_chronic(Condition(DAY)) is None


def test_the_acute_chronic_ratio_describes_and_triggers_nothing() -> None:
    """21 x 200 then 7 x 300: 1.3333 coupled, 1.5 uncoupled, 1.1976 smoothed by 2 / 8 and 2 / 29; no rule tells."""
    load: dict[int, Any] = dict.fromkeys(range(28), 200.0) | dict.fromkeys(range(7), 300.0)
    found = acute_chronic(Condition(DAY, days_of(load)))
    assert found is not None
    assert (found.coupled, found.uncoupled) == (pytest.approx(4 / 3), pytest.approx(1.5))
    smoothed = (300 - 100 * (6 / 8) ** 7) / (300 - 100 * (27 / 29) ** 7)
    assert found.smoothed == pytest.approx(smoothed) == pytest.approx(1.1976, abs=5e-5)
    ratio_words = [one for one in load_warnings(Condition(DAY, days_of(load))) if "ratio" in one.message()]
    assert ratio_words == []
