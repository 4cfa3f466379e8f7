"""Exported sessions say the same as the plan, read back by something that is not our writer."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import fitdecode
import icalendar
import pytest
from lxml import etree
from tests.support.plan_requests import make_rng, random_request

from topform.coaching.planner import make_plan
from topform.coaching.request import PlanRequest
from topform.formats.workouts import (
    calendar,
    erg,
    fit_workout,
    health_connect_session,
    intervals_event,
    mrc,
    workoutkit_composition,
    zwo,
)
from topform.formats.workouts.steps import UnsupportedSessionError, flat_steps

NOW = datetime(2027, 2, 28, 12, 0, tzinfo=UTC)


def plan_document(sport: str, **athlete: Any) -> dict[str, Any]:
    """Return two weeks of a sport."""
    request = {
        "athlete": {"sport": sport, "experience": "intermediate", "ctl": 45, **athlete},
        "goal": {"type": "threshold_gain", "pct": 3, "weeks": 2},
        "start": "2027-03-01",
        "available_minutes": {"tue": 75, "wed": 60, "thu": 75, "sat": 150, "sun": 90},
        "constraints": {"strength_per_week": 1},
    }
    return make_plan(PlanRequest.from_dict(request)).as_dict()


def sessions(document: dict[str, Any], sport: str) -> list[dict[str, Any]]:
    """Return the sessions of a sport."""
    return [item for day in document["days"] for item in day["sessions"] if item["sport"] == sport]


@pytest.fixture(scope="module")
def rides() -> list[dict[str, Any]]:
    """Cycling sessions with power targets for 250 W."""
    return sessions(plan_document("cycling", threshold={"power_w": 250}), "cycling")


def decoded(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """Read a FIT file with an independent decoder, checksums enforced."""
    messages: dict[str, list[dict[str, Any]]] = {}
    with fitdecode.FitReader(io.BytesIO(content), check_crc=fitdecode.CrcCheck.RAISE) as reader:
        for frame in reader:
            if isinstance(frame, fitdecode.FitDataMessage):
                values = {field.name: field.value for field in frame.fields if field.value is not None}
                messages.setdefault(frame.name, []).append(values)
    return messages


def played(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Run a FIT workout as a watch does, repeats jumped back to."""
    done, index, left = [], 0, {}
    while index < len(steps):
        step = steps[index]
        if step["duration_type"] == "repeat_until_steps_cmplt":
            left.setdefault(index, step["repeat_steps"] - 1)
            if left[index] > 0:
                left[index] -= 1
                index = step["duration_step"]
                continue
            del left[index]
        else:
            done.append(step)
        index += 1
    return done


def assert_same_steps(session: dict[str, Any], messages: dict[str, list[dict[str, Any]]]) -> None:
    """Each step of the plan is played with its duration."""
    steps = played(messages["workout_step"])
    planned = list(flat_steps(session["steps"]))
    assert [step["duration_time"] for step in steps] == [step["duration_s"] for step in planned]
    assert messages["workout"][0]["num_valid_steps"] == len(messages["workout_step"])


def test_fit_power_steps(rides: list[dict[str, Any]]) -> None:
    """Durations, repeats and watts survive."""
    for session in rides:
        messages = decoded(fit_workout(session, created_at=NOW))
        assert messages["file_id"][0]["type"] == "workout"
        assert messages["file_id"][0]["time_created"] == NOW
        assert messages["workout"][0]["sport"] == "cycling"
        assert_same_steps(session, messages)
        for step, planned in zip(played(messages["workout_step"]), flat_steps(session["steps"]), strict=True):
            low, high = sorted((planned["low"], planned["high"]))
            assert step["target_type"] == "power"
            assert (step["custom_target_power_low"], step["custom_target_power_high"]) == (low + 1000, high + 1000)


def test_fit_speed_steps() -> None:
    """Running steps in metres a second."""
    for session in sessions(plan_document("running", threshold={"speed_m_s": 3.8}), "running"):
        messages = decoded(fit_workout(session, created_at=NOW))
        assert_same_steps(session, messages)
        for step, planned in zip(played(messages["workout_step"]), flat_steps(session["steps"]), strict=True):
            assert step["custom_target_speed_low"] == pytest.approx(min(planned["low"], planned["high"]), abs=0.0006)


def test_fit_heart_rate_and_effort_steps() -> None:
    """Heart rate where known, otherwise an open step that names the effort."""
    for session in sessions(plan_document("running", threshold={"hr_bpm": 170}), "running"):
        messages = decoded(fit_workout(session, created_at=NOW))
        assert_same_steps(session, messages)
        for step, planned in zip(played(messages["workout_step"]), flat_steps(session["steps"]), strict=True):
            if planned["target"] == "hr_bpm":
                assert step["custom_target_heart_rate_low"] == planned["low"] + 100
            else:
                assert step["target_type"] == "open"
                assert step["notes"].startswith("Effort ")


def test_fit_holds_every_sport() -> None:
    """Whatever the planner writes can be sent to a watch."""
    for seed in range(15):
        request = random_request(make_rng(seed), max_weeks=2)
        for day in make_plan(PlanRequest.from_dict(request)).as_dict()["days"]:
            for session in day["sessions"]:
                if session["sport"] != "triathlon":
                    assert_same_steps(session, decoded(fit_workout(session, created_at=NOW)))
                else:
                    with pytest.raises(UnsupportedSessionError):
                        fit_workout(session, created_at=NOW)


def test_zwo_lasts_and_costs_the_same(rides: list[dict[str, Any]]) -> None:
    """Durations add up and the mean power is that of the plan."""
    for session in rides:
        root = etree.fromstring(zwo(session))
        assert root.findtext("sportType") == "bike"
        seconds, work = 0.0, 0.0
        for element in root.find("workout"):
            values = {name: float(value) for name, value in element.attrib.items()}
            if element.tag == "IntervalsT":
                seconds += values["Repeat"] * (values["OnDuration"] + values["OffDuration"])
                work += values["Repeat"] * values["OnDuration"] * values["OnPower"]
                work += values["Repeat"] * values["OffDuration"] * values["OffPower"]
            else:
                seconds += values["Duration"]
                power = values.get("Power", (values.get("PowerLow", 0) + values.get("PowerHigh", 0)) / 2)
                work += values["Duration"] * power
        planned = list(flat_steps(session["steps"]))
        wanted = sum(step["duration_s"] * sum(step["intensity_pct"]) / 200 for step in planned)
        assert seconds == session["minutes"] * 60
        assert work == pytest.approx(wanted, rel=1e-4)


@pytest.mark.parametrize(("unit", "factor"), [("PERCENT", 1.0), ("WATTS", 2.5)])
def test_course_files_cover_the_session(unit: str, factor: float, rides: list[dict[str, Any]]) -> None:
    """From minute 0 to the end without a gap, at the planned power."""
    for session in rides:
        text = (mrc(session) if unit == "PERCENT" else erg(session, ftp_w=250)).decode()
        assert f"MINUTES {unit}" in text
        data = text.split("[COURSE DATA]")[1].split("[END COURSE DATA]")[0]
        points = [tuple(map(float, line.split("\t"))) for line in data.strip().splitlines()]
        assert points[0][0] == 0
        assert points[-1][0] == session["minutes"]
        for (_, _), (end, power), step in zip(points[::2], points[1::2], flat_steps(session["steps"]), strict=True):
            high = step["intensity_pct"][1] if step["kind"] == "ramp" else sum(step["intensity_pct"]) / 2
            assert power == pytest.approx(high * factor, abs=0.06)
            assert end > 0
        assert all(first[0] == second[0] for first, second in zip(points[1:-1:2], points[2::2], strict=True))


def test_trainer_files_refuse_other_sports() -> None:
    """A run is no trainer session, and watts need a threshold."""
    run = sessions(plan_document("running"), "running")[0]
    for encode in (zwo, mrc):
        with pytest.raises(UnsupportedSessionError):
            encode(run)
    ride = sessions(plan_document("cycling"), "cycling")[0]
    with pytest.raises(UnsupportedSessionError) as caught:
        erg(ride, ftp_w=None)
    assert "power_w" in (caught.value.remedy or "")


def test_calendar_follows_rfc_5545() -> None:
    """CRLF, lines of at most 75 octets, escaped text, one all-day event for each session with its own UID."""
    document = plan_document("running", threshold={"speed_m_s": 3.8})
    content = calendar(document["days"], created_at=NOW)
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert not re.search(rb"(?<!\r)\n", content)
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//TopForm//Training plan//EN"]
    planned = [(day["date"], session) for day in document["days"] for session in day["sessions"]]
    starts = [line.removeprefix("DTSTART;VALUE=DATE:") for line in lines if line.startswith("DTSTART")]
    assert starts == [date.fromisoformat(day).strftime("%Y%m%d") for day, _ in planned]
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(set(uids)) == len(planned)
    assert lines.count("DTSTAMP:20270228T120000Z") == len(planned)
    for (_, session), line in zip(planned, (x for x in lines if x.startswith("DESCRIPTION:")), strict=True):
        text = line.removeprefix("DESCRIPTION:")
        assert not re.search(r"(?<!\\)[,;]", text)
        plain = text.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
        assert session["why"] in plain


def test_calendar_says_the_same_days_and_words_to_another_reader() -> None:
    """Read by the icalendar package: every session once, on its day, with its title, minutes, reason and steps."""
    document = plan_document("running", threshold={"speed_m_s": 3.8})
    next(session for day in document["days"] for session in day["sessions"])["title"] = "Up, down; \\ and\nback"
    read = icalendar.Calendar.from_ical(calendar(document["days"], created_at=NOW))
    events = {str(event["UID"]): event for event in read.walk("VEVENT")}
    planned = [(date.fromisoformat(day["date"]), session) for day in document["days"] for session in day["sessions"]]
    assert len(events) == len(planned) == len(list(read.walk("VEVENT")))
    for day, session in planned:
        event = events[f"{session['id']}-{session['sport']}@topform"]
        assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (day, day + timedelta(days=1))
        assert event.decoded("DTSTAMP") == NOW
        assert str(event["SUMMARY"]) == f"{session['title']}, {session['minutes']} min"
        description = str(event["DESCRIPTION"])
        assert session["why"] in description
        for step in flat_steps(session["steps"]):
            minutes, seconds = divmod(int(step["duration_s"]), 60)
            assert f"{minutes}:{seconds:02d} {step['text']}" in description


def test_calendar_folds_between_characters() -> None:
    """Letters of several bytes stay whole."""
    session = {
        "id": "a",
        "title": "ä" * 90,
        "sport": "running",
        "minutes": 30,
        "load": 1.0,
        "steps": [],
        "why": "ü" * 99,
    }
    content = calendar([{"date": "2027-03-01", "sessions": [session]}], created_at=NOW)
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    unfolded = content.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:" + "ä" * 90 in unfolded


def fields(step: dict[str, Any]) -> tuple[float, float] | None:
    """Return the own target of a planned step, None without one."""
    return tuple(sorted((step["low"], step["high"]))) if step.get("target") == "power_w" else None


def test_workoutkit_says_the_same_times_and_targets(rides: list[dict[str, Any]]) -> None:
    for ride in rides:
        read = json.loads(json.dumps(workoutkit_composition(ride)))
        assert (read["kind"], read["activity"], read["displayName"]) == ("custom", "cycling", ride["title"])
        steps = [read[name] for name in ("warmup",) if name in read]
        for block in read["blocks"]:
            steps += [item["step"] for item in block["steps"]] * block["iterations"]
        steps += [read[name] for name in ("cooldown",) if name in read]
        planned = list(flat_steps(ride["steps"]))
        assert [s["goal"]["time"] for s in steps] == [{"value": s["duration_s"], "unit": "seconds"} for s in planned]
        ranges = [s.get("alert", {}).get("powerRange") for s in steps]
        assert [r and (r["lower"], r["upper"]) for r in ranges] == [fields(s) for s in planned]


def test_health_connect_says_the_same_times_and_targets(rides: list[dict[str, Any]]) -> None:
    for ride in rides:
        read = json.loads(json.dumps(health_connect_session(ride, day="2027-03-02")))
        assert (read["startDate"], read["exerciseType"]) == ("2027-03-02", "EXERCISE_TYPE_BIKING")
        steps = [step for block in read["blocks"] for step in block["steps"] * block["repetitions"]]
        planned = list(flat_steps(ride["steps"]))
        assert [s["completionGoal"]["seconds"] for s in steps] == [s["duration_s"] for s in planned]
        assert sum(s["completionGoal"]["seconds"] for s in steps) == read["durationSeconds"]
        for step, wanted in zip(steps, planned, strict=True):
            power = [t for t in step["performanceTargets"] if t["type"] == "PowerTarget"]
            assert [(t["minWatts"], t["maxWatts"]) for t in power] == [x for x in [fields(wanted)] if x]


def test_intervals_icu_reads_the_same_seconds(rides: list[dict[str, Any]]) -> None:
    for ride in rides:
        read = json.loads(json.dumps(intervals_event(ride, day="2027-03-02")))
        assert (read["category"], read["type"], read["start_date_local"]) == ("WORKOUT", "Ride", "2027-03-02T00:00:00")
        seconds, count, block = 0, 1, False
        for line in read["description"].splitlines():
            if head := re.fullmatch(r"(\d+)x", line):
                count, block = int(head[1]), True
            elif not line:
                count, block = 1, False
            else:
                found = re.search(r" (?:(\d+)m(?:(\d+)s)?|(\d+)s)(?= |$)", line)
                assert found is not None
                seconds += (count if block else 1) * (60 * int(found[1] or 0) + int(found[2] or found[3] or 0))
        assert seconds == read["moving_time"] == 60 * ride["minutes"]


OTHERS = {
    "running": ({"threshold": {"speed_m_s": 3.6}}, "running", "EXERCISE_TYPE_RUNNING"),
    "swimming": ({"threshold": {"speed_m_s": 1.1}}, "swimming", "EXERCISE_TYPE_SWIMMING_POOL"),
    "strength": ({}, "functionalStrengthTraining", "EXERCISE_TYPE_STRENGTH_TRAINING"),
}


@pytest.fixture(scope="module", params=OTHERS)
def others(request: pytest.FixtureRequest) -> tuple[str, list[dict[str, Any]]]:
    """The sessions of a sport that is no cycling; strength stands beside the running."""
    sport = request.param
    about = OTHERS[sport][0]
    document = plan_document("running" if sport == "strength" else sport, **about)
    found = sessions(document, sport)
    assert found
    return sport, found


def test_workoutkit_holds_runs_swims_and_strength(others: tuple[str, list[dict[str, Any]]]) -> None:
    """Times and speed ranges come back; repetitions only in the words of their step."""
    sport, planned_sessions = others
    for session in planned_sessions:
        read = json.loads(json.dumps(workoutkit_composition(session)))
        assert (read["activity"], read["displayName"]) == (OTHERS[sport][1], session["title"])
        steps = [read[name] for name in ("warmup",) if name in read]
        for block in read["blocks"]:
            steps += [item["step"] for item in block["steps"]] * block["iterations"]
        steps += [read[name] for name in ("cooldown",) if name in read]
        planned = list(flat_steps(session["steps"]))
        assert [s["goal"]["time"]["value"] for s in steps] == [s["duration_s"] for s in planned]
        for step, wanted in zip(steps, planned, strict=True):
            speed = step.get("alert", {}).get("speedRange")
            is_by_speed = wanted.get("target") == "speed_m_s"
            assert (speed is not None) == is_by_speed
            assert not is_by_speed or sorted((wanted["low"], wanted["high"])) == [speed["lower"], speed["upper"]]
            assert str(wanted.get("reps") or "") in step["displayName"]


def test_health_connect_holds_runs_swims_and_strength(others: tuple[str, list[dict[str, Any]]]) -> None:
    """Times, speeds and repetitions come back, each at its step."""
    sport, planned_sessions = others
    for session in planned_sessions:
        read = json.loads(json.dumps(health_connect_session(session, day="2027-03-02")))
        assert (read["exerciseType"], read["title"]) == (OTHERS[sport][2], session["title"])
        steps = [step for block in read["blocks"] for step in block["steps"] * block["repetitions"]]
        for step, wanted in zip(steps, flat_steps(session["steps"]), strict=True):
            goal = step["completionGoal"]
            assert goal.get("repetitions") == (wanted.get("reps") or None)
            assert goal.get("seconds") == (None if wanted.get("reps") else wanted["duration_s"])
            speed = [t for t in step["performanceTargets"] if t["type"] == "SpeedTarget"]
            by_speed = wanted.get("target") == "speed_m_s"
            ranges = [[t["minMetersPerSecond"], t["maxMetersPerSecond"]] for t in speed]
            assert ranges == ([sorted((wanted["low"], wanted["high"]))] if by_speed else [])
