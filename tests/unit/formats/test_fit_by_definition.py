"""Samples read a definition at a time say exactly what the decoder says that goes message by message."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.support import fit_writer as fit
from tests.support.fit_writer import START, FitWriter, ride
from tests.support.recordings import difference

from topform.core.activity import Channel
from topform.formats.findings import Findings
from topform.formats.fit.body import by_definition, by_message
from topform.formats.fit.checksum import crc16
from topform.formats.fit.scan import scan
from topform.formats.fit.tables import UnusualLayoutError

HEADER_BYTES = 14
SMALL_BYTES = 150_000


def body_of(writer: FitWriter) -> bytes:
    return writer.finish()[HEADER_BYTES:-2]


def assert_same(body: bytes, *, was_cut: bool = False) -> None:
    part, _ = by_definition(body, HEADER_BYTES)
    expected = by_message(body, HEADER_BYTES, Findings(), was_cut=was_cut)
    assert part.messages == expected.messages
    assert _observed(part.columns.channels).keys() == _observed(expected.columns.channels).keys()
    for channel, values in _observed(part.columns.channels).items():
        assert difference(values, expected.columns.channels[channel], at=channel) is None
    assert difference(part.columns.timestamp, expected.columns.timestamp) is None
    own_w, expected_w = part.columns.developer_power, expected.columns.developer_power
    assert (own_w is None) == (expected_w is None)
    if own_w is not None and expected_w is not None:
        assert difference(own_w, expected_w, at="developer_power") is None
    assert (part.columns.cadence is None) == (expected.columns.cadence is None)
    if part.columns.cadence is not None:
        assert difference(part.columns.cadence, expected.columns.cadence) is None
    assert difference(part.beat_intervals.interval_s, expected.beat_intervals.interval_s) is None


def _observed(channels):
    return {name: values for name, values in channels.items() if (values == values).any()}


def every_kind() -> FitWriter:
    writer = ride(30)
    writer.developer_field("Power", units="Watts", native=7)
    writer.developer_field("Form Power", units="Watts")
    for second in range(30, 40):
        own = {"Power": 200.5 + second, "Form Power": 60.0}
        writer.add("record", slot=7, timestamp=START + second, heart_rate=130, developer=own)
        writer.add("hrv", slot=8, time=(0.8, 0.81, None, None, None))
    writer.add("record", slot=9, timestamp=START + 41, power=None, heart_rate=0xFE, left_right_balance=0x80 | 47,
               enhanced_speed=3.5, fractional_cadence=0.5, cadence=88, step_length=None)  # fmt: skip
    writer.add("record", slot=9, timestamp=None, power=65534, heart_rate=1, left_right_balance=None,
               enhanced_speed=None, fractional_cadence=None, cadence=1, step_length=1100.5)  # fmt: skip
    return writer


@pytest.mark.parametrize("big_endian", [False, True])
def test_the_same_of_built_records(big_endian):
    writer = FitWriter(big_endian=big_endian)
    for second in range(20):
        writer.add("record", timestamp=START + second, power=second * 37 % 500, altitude=-12.4 + second, cadence=80,
                   position_lat=-47.1, position_long=179.9, temperature=-7, distance=3.25 * second)  # fmt: skip
        writer.add("record", slot=1, timestamp=START + second, heart_rate=90 + second, speed=None)
    assert_same(body_of(writer))


def test_the_same_of_every_kind_of_message():
    assert_same(body_of(every_kind()))


def test_the_same_of_compressed_timestamps_that_count_on_from_other_messages():
    writer = FitWriter()
    first = START - START % 32 + 30
    writer.add_compressed("record", slot=1, seconds=3, power=7)
    writer.add("record", timestamp=first, power=1)
    for step in range(1, 40):
        writer.add_compressed("record", slot=1, seconds=(first + step) % 32, power=1 + step)
    writer.add("event", slot=3, timestamp=first + 100, event=fit.TIMER, event_type=fit.EVENT_STOP_ALL)
    writer.add_compressed("record", slot=1, seconds=(first + 101) % 32, power=5)
    assert_same(body_of(writer))


@pytest.mark.parametrize("lost_bytes", range(1, 40))
def test_the_same_of_cut_bodies(lost_bytes):
    assert_same(body_of(every_kind())[:-lost_bytes], was_cut=True)


def test_a_message_without_a_definition_ends_the_body_at_its_place():
    body = body_of(ride(5))
    part, scanned = by_definition(body + b"\x0f\x00\x00", HEADER_BYTES)
    assert (scanned.stop, scanned.ran_out) == (len(body), False)
    assert part.columns.timestamp.size == 5


@pytest.mark.parametrize("values", [{"power": (1, 2)}, {"speed": (1.0, 2.0)}])
def test_unusual_layouts_are_left_to_the_other_decoder(values):
    writer = FitWriter()
    writer.add("record", timestamp=START, **values)
    with pytest.raises(UnusualLayoutError):
        by_definition(body_of(writer), HEADER_BYTES)


def test_the_walk_finds_definitions_and_messages():
    scanned = scan(body_of(ride(50)))
    records = next(one for one in scanned.definitions if one.message == 20)
    assert len(records.places) == 50
    assert {later - earlier for earlier, later in zip(records.places, records.places[1:], strict=False)} == {
        records.size
    }


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 4099])
def test_the_checksum_is_that_of_the_polynomial(size):
    content = bytes(place * 37 % 251 for place in range(size))
    assert crc16(content) == fit.crc16(content)


@pytest.mark.shared_data
def test_the_same_of_real_files(shared_data: Path):
    compared = 0
    for path in sorted((shared_data / "activities").rglob("*.fit")):
        content = path.read_bytes()
        if path.stat().st_size > SMALL_BYTES or content[8:12] != b".FIT":
            continue
        body = content[content[0] : -2]
        try:
            assert_same(body)
        except UnusualLayoutError:
            continue
        compared += 1
    assert compared > 35


def test_power_of_an_app_stays_apart_from_the_profiles_own():
    part, _ = by_definition(body_of(every_kind()), HEADER_BYTES)
    assert part.columns.developer_power is not None
    assert part.columns.developer_power[30:32].tolist() == [230.5, 231.5]
    assert np.isnan(part.columns.channels[Channel.POWER_W][30:32]).all()
