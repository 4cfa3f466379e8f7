"""The app's engine is held to this one: its numbers come from here, and golden vectors say what both must answer."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests.support.live_vectors import VECTORS, causal_result

from topform.coaching import live_voice
from topform.coaching.language import LANGUAGES
from topform.entrypoints import live_tables

DOCUMENT: dict[str, Any] = json.loads(VECTORS.read_text(encoding="utf-8"))


def test_the_apps_numbers_and_words_are_those_of_the_code() -> None:
    for path, text in live_tables.documents().items():
        assert path.read_text(encoding="utf-8") == text, path.name


def test_all_languages_say_the_same_with_the_same_fields() -> None:
    texts = {language: live_voice.words(language) for language in LANGUAGES}
    for words in texts.values():
        assert list(words) == list(texts["en"])
        for code, text in words.items():
            assert text.strip() == text != ""
            assert re.findall(r"{(\w+)}", text) == re.findall(r"{(\w+)}", texts["en"][code])


@pytest.mark.parametrize("stored", DOCUMENT["sets"], ids=lambda stored: stored["name"])
def test_the_causal_step_still_says_what_the_vectors_say(stored: dict[str, Any]) -> None:
    found = causal_result(stored)
    expected = stored["expected"]
    assert (found["count"], found["partial_count"]) == (expected["count"], expected["partial_count"])
    assert found["events"] == expected["events"]
    assert found["said"] == expected["said"]
    for rep, wanted in zip(found["reps"], expected["reps"], strict=True):
        assert [one[:3] for one in rep["findings"]] == [one[:3] for one in wanted["findings"]]
        assert {name: rep[name] for name in ("start_s", "turn_s", "end_s")} == {
            name: wanted[name] for name in ("start_s", "turn_s", "end_s")
        }
        assert rep["score"] == pytest.approx(wanted["score"], abs=1e-4)


def test_the_vectors_cover_rates_faults_and_what_goes_wrong() -> None:
    names = [stored["name"] for stored in DOCUMENT["sets"]]
    assert {int(re.match(r"\d+", name)[0]) for name in names} == {15, 24, 30, 60}  # type: ignore[index]
    faults = {
        one[0]
        for stored in DOCUMENT["sets"]
        for rep in stored["expected"]["reps"]
        for one in rep["findings"]
        if one[1] == "fault"
    }
    assert faults >= {
        "hips_sag",
        "hips_pike",
        "shallow_depth",
        "incomplete_lockout",
        "head_drop",
        "too_fast",
        "worming",
    }
    kinds = {event[0] for stored in DOCUMENT["sets"] for event in stored["expected"]["events"]}
    assert kinds >= {"in_position", "out_of_position", "phase", "rep", "rep_closed", "partial", "cue"}
