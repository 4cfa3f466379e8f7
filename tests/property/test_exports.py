"""No export, however damaged, makes its reader raise: what is bad becomes a rejection, the rest is read."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import platform_exports as made

from topform.core.errors import ActivityFileError, OutOfRangeError
from topform.core.wellness import DailyValue, WellnessMetric
from topform.formats import decode
from topform.formats.exports import PlatformExports
from topform.formats.exports.session_document import looks_like_session
from topform.providers.folder import DailyValuesFile, RejectedFile, SourceFile, unpack_items

BERLIN = PlatformExports(ZoneInfo("Europe/Berlin"))
BUILDERS = {
    "apple": made.apple_health,
    "garmin": made.garmin,
    "fitbit": made.fitbit,
    "whoop": made.whoop,
    "oura": made.oura,
    "health_connect": made.health_connect,
}


@cache
def members(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(BUILDERS[name]())) as archive:
        return {member: archive.read(member) for member in archive.namelist()}


def read(content: bytes) -> None:
    for item in unpack_items("export.zip", content, exports=BERLIN):
        if isinstance(item, RejectedFile):
            assert item.error.message
        elif isinstance(item, DailyValuesFile):
            assert all(value.metric.is_plausible(value.value) for value in item.values)
        elif isinstance(item, SourceFile) and looks_like_session(item.content):
            decode(item.content, file=item.name)


@pytest.mark.parametrize("name", BUILDERS)
@settings(max_examples=25, deadline=None)
@given(choice=st.data())
def test_damaged_members_are_read_or_refused(name, choice):
    parts = dict(members(name))
    for _ in range(choice.draw(st.integers(1, 3))):
        member = choice.draw(st.sampled_from(sorted(parts)))
        content = parts[member]
        start = choice.draw(st.integers(0, max(len(content) - 1, 0)))
        length = choice.draw(st.integers(0, 40))
        parts[member] = content[:start] + choice.draw(st.binary(max_size=40)) + content[start + length :]
    read(made.zipped(parts))


@pytest.mark.parametrize("name", ["apple", "garmin", "oura"])
@settings(max_examples=15, deadline=None)
@given(cut=st.integers(1, 4000))
def test_cut_archives_are_refused(name, cut):
    read(BUILDERS[name]()[:-cut])


@settings(max_examples=60, deadline=None)
@given(rest=st.binary(max_size=300))
def test_any_bytes_behind_the_mark_of_a_session(rest):
    try:
        decode(b'{"topform_session":' + rest, file="x.json")
    except ActivityFileError as refused:
        assert refused.file == "x.json"


@given(metric=st.sampled_from(WellnessMetric), value=st.floats())
def test_a_value_is_stored_only_when_a_person_can_have_it(metric, value):
    try:
        stored = DailyValue.of(metric, value, local_date=date(2026, 3, 2), source="oura")
    except OutOfRangeError:
        assert not metric.is_plausible(value)
    else:
        assert metric.low <= stored.value <= metric.high
