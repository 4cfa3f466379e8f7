"""Which content is what, and what is refused."""

from __future__ import annotations

import gzip
import resource
import zipfile
from io import BytesIO

import pytest
from tests.support.documents import gpx, gpx_point, gpx_track
from tests.support.fit_writer import ride

from topform.core.activity import Channel
from topform.core.errors import DamagedFileError, EmptyFileError, UnknownFormatError
from topform.formats import decode
from topform.formats.decoding import MAX_UNPACKED_BYTES
from topform.formats.errors import ActivityTooLargeError, UnsafeFileError

ENTITIES = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 12))


def test_the_name_plays_no_part():
    assert decode(ride().finish(), file="ride.gpx").format == "fit"
    assert decode(gpx([gpx_track([gpx_point(0)])]), file="run.fit").format == "gpx"


def test_gzip_is_transparent():
    recording = decode(gzip.compress(ride().finish()), file="ride.fit.gz")
    assert recording.format == "fit"
    assert not recording.salvaged


def test_a_cut_gzip_stream_yields_what_precedes_the_cut():
    packed = gzip.compress(gpx([gpx_track(gpx_point(second) for second in range(60))]), compresslevel=1)
    recording = decode(packed[: len(packed) - 60], file="run.gpx.gz")
    assert recording.salvaged
    assert recording.legs[0].streams[Channel.ALTITUDE_M][0] == 400


def test_a_gzip_bomb_is_refused_with_bounded_memory():
    block = gzip.compress(bytes(2**24), compresslevel=6)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ActivityTooLargeError):
        decode(block * 1000, file="bomb.gz")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * 1024 < 3 * MAX_UNPACKED_BYTES


def test_an_empty_file_is_refused():
    with pytest.raises(EmptyFileError) as caught:
        decode(b"", file="empty.fit")
    assert caught.value.as_dict()["file"] == "empty.fit"
    with pytest.raises(EmptyFileError):
        decode(gzip.compress(b""), file="empty.fit.gz")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"just some text that someone renamed", "neither"),
        (b"<html><body>Sign in</body></html>", "web page"),
        (b"<rss version='2.0'/>", "news feed"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "neither"),
    ],
)
def test_other_content_is_refused_with_what_it_is(content, words):
    with pytest.raises(UnknownFormatError, match=words) as caught:
        decode(content, file="renamed.fit")
    assert caught.value.remedy


def test_a_zip_archive_is_named_as_such():
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("a.fit", ride().finish())
    with pytest.raises(UnknownFormatError, match="zip archive"):
        decode(archive.getvalue(), file="a.fit")


def test_entities_are_refused_before_they_unfold():
    document = (
        f'<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY e0 "lol">{ENTITIES}]><gpx><trk><name>&e11;</name></trk></gpx>'
    )
    with pytest.raises(UnsafeFileError):
        decode(document.encode(), file="laughs.gpx")


def test_external_entities_are_never_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    document = f'<!DOCTYPE gpx [<!ENTITY x SYSTEM "file://{secret}">]><gpx><trk><name>&x;</name></trk></gpx>'
    with pytest.raises(UnsafeFileError):
        decode(document.encode(), file="xxe.gpx")


def test_a_broken_document_names_the_byte():
    with pytest.raises(DamagedFileError) as caught:
        decode(b"<?xml version='1.0'?>\n\n<<<", file="broken.gpx")
    assert caught.value.offset_bytes is not None
    assert 20 <= caught.value.offset_bytes <= 26
