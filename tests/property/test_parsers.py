"""No byte string may make a parser hang or raise anything but `ActivityFileError`."""

from __future__ import annotations

import gzip
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.documents import gpx, gpx_point, gpx_track, tcx, tcx_lap, tcx_point
from tests.support.fit_writer import START, SWIMMING, FitWriter, crc16, ride

from topform.core.activity import Channel, Recording
from topform.core.errors import ActivityFileError
from topform.formats import decode
from topform.providers.folder import RejectedFile, SourceFile, unpack
from topform.science.athlete import AthleteParameters
from topform.science.leg_analysis import analyse_leg

LIMIT_S = 5
ATHLETE = AthleteParameters(
    sex="f", hr_rest_bpm=50, hr_max_bpm=190, lthr_bpm=170, ftp_w=250, threshold_speed_m_s=4, css_m_s=1.2
)


def rich_fit() -> bytes:
    """Return a file with nearly every kind of message that is read."""
    writer = ride(12)
    writer.developer_field("Power", units="Watts", native=7)
    writer.add("record", slot=7, timestamp=1_000_000_030, heart_rate=130, developer={"Power": 200.0})
    writer.add("hrv", slot=8, time=(0.8, 0.81, None, None, None))
    writer.add(
        "hr", slot=9, timestamp=1_000_000_000, fractional_timestamp=0.5, filtered_bpm=(120,), event_timestamp=9.0
    )
    writer.add("hr", slot=10, filtered_bpm=tuple(range(121, 129)), event_timestamp_12=tuple(range(1, 13)))
    times = {"timestamp": START + 20, "start_time": START}
    writer.add("length", slot=11, **times, total_elapsed_time=20.0, length_type=1)
    writer.add("set", slot=12, **times, duration=20.0, repetitions=9, set_type=1)
    writer.add("session", slot=13, start_time=1_000_000_025, timestamp=1_000_000_030, sport=SWIMMING)
    return writer.finish()


SEEDS = {
    "fit": rich_fit(),
    "gpx": gpx([gpx_track(gpx_point(second) for second in range(8))]),
    "tcx": tcx([tcx_lap([tcx_point(second) for second in range(8)], timer_s=8, distance_m=30)]),
}


def read(content: bytes) -> Recording | None:
    """Decode and analyse; the only failure allowed is the typed one."""
    try:
        recording = decode(content, file="fuzz")
    except ActivityFileError as error:
        assert error.code
        assert error.message
        assert error.file == "fuzz"
        assert error.offset_bytes is None or 0 <= error.offset_bytes <= len(content) + 1
        return None
    for leg in recording.legs:
        analyse_leg(leg, ATHLETE).as_dict()
    return recording


@given(st.binary(max_size=400))
@settings(deadline=LIMIT_S * 1000, max_examples=150)
def test_any_bytes(content):
    read(content)


@given(st.binary(max_size=300))
@settings(deadline=LIMIT_S * 1000, max_examples=200)
def test_any_bytes_behind_a_fit_header(body):
    header = struct.pack("<2BHI4s", 12, 0x20, 2132, len(body), b".FIT")
    read(header + body + struct.pack("<H", crc16(header + body)))


@given(st.sampled_from(["gpx", "TrainingCenterDatabase"]), st.text(max_size=200))
@settings(deadline=LIMIT_S * 1000, max_examples=150)
def test_any_text_in_a_document(root, text):
    read(f"<{root}>{text}</{root}>".encode("utf-8", "surrogatepass"))
    read(f"<{root}>{text}".encode("utf-8", "surrogatepass"))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Flip, cut, repeat, insert and remove bytes of a sound file."""
    content = bytearray(SEEDS[draw(st.sampled_from(sorted(SEEDS)))])
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(content) - 1))
        match draw(st.sampled_from(["flip", "cut", "insert", "remove", "repeat"])):
            case "flip":
                content[place] = draw(st.integers(0, 255))
            case "cut":
                del content[max(place, 1) :]
            case "insert":
                content[place:place] = draw(st.binary(min_size=1, max_size=8))
            case "remove":
                del content[place : place + draw(st.integers(1, 8))]
            case "repeat":
                content[place:place] = content[place : place + draw(st.integers(1, 60))]
        if not content:
            content = bytearray(b"\0")
    return bytes(content)


@given(mutated())
@settings(deadline=LIMIT_S * 1000, max_examples=300)
def test_mutated_files(content):
    read(content)


@given(mutated())
@settings(deadline=LIMIT_S * 1000, max_examples=100)
def test_mutated_gzip_streams(content):
    packed = bytearray(gzip.compress(SEEDS["fit"]))
    packed[len(packed) // 2 :] = content[: len(packed) // 2]
    read(bytes(packed))


@given(st.data())
@settings(deadline=LIMIT_S * 1000, max_examples=100)
def test_mutated_archives(data):
    import io
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.fit", SEEDS["fit"])
        archive.writestr("b.gpx", SEEDS["gpx"])
    packed = bytearray(target.getvalue())
    for _ in range(data.draw(st.integers(1, 5))):
        packed[data.draw(st.integers(4, len(packed) - 1))] = data.draw(st.integers(0, 255))
    for item in unpack("fuzz.zip", bytes(packed)):
        assert isinstance(item, SourceFile | RejectedFile)


@pytest.mark.parametrize("kind", sorted(SEEDS))
def test_every_cut_is_salvaged_or_a_typed_error(kind):
    whole = SEEDS[kind]
    complete = read(whole)
    assert complete is not None
    counts = []
    for cut in range(1, len(whole), 7):
        recording = read(whole[:cut])
        if recording is not None and cut < len(whole) - 8:
            assert recording.salvaged, cut
            assert recording.warnings, cut
        counts.append(0 if recording is None else sum(len(leg.streams) for leg in recording.legs))
    assert max(counts) <= sum(len(leg.streams) for leg in complete.legs)
    assert counts[-1] >= counts[len(counts) // 2] > 0


@given(
    st.lists(
        st.tuples(st.integers(0, 100_000), st.integers(0, 2500), st.integers(30, 220), st.floats(-490, 8000)),
        min_size=1,
        max_size=60,
        unique_by=lambda row: row[0],
    )
)
@settings(max_examples=60)
def test_encode_then_decode_is_identity(rows):
    rows.sort()
    writer = FitWriter()
    for second, watts, bpm, altitude in rows:
        writer.add("record", timestamp=1_000_000_000 + second, power=watts, heart_rate=bpm, altitude=altitude)
    (leg,) = decode(writer.finish(), file="made").legs
    assert leg.streams.t_s.tolist() == [row[0] - rows[0][0] for row in rows]
    assert leg.streams[Channel.POWER_W].tolist() == [row[1] for row in rows]
    assert leg.streams[Channel.HR_BPM].tolist() == [row[2] for row in rows]
    assert leg.streams[Channel.ALTITUDE_M].tolist() == pytest.approx([row[3] for row in rows], abs=0.1001)
