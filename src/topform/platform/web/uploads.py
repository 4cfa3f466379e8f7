"""Streams one multipart upload into a staging file: refused early by its announced size, counted while it runs."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from fastapi import Request
from python_multipart import MultipartParser
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import parse_options_header

from topform.core.errors import EmptyFileError, InvalidInputError, TooLargeError

MAX_FIELD_BYTES = 1024
MAX_PARTS = 8
MAX_NAME_CHARACTERS = 200
ENVELOPE_BYTES = 16 * 1024
"""What multipart framing and the small fields may add to the file."""
WRITE_BUFFER_BYTES = 2**20
IDLE_S = 120.0
BODY_ALLOWANCE = "topform.body_allowance"
"""Where the scope of a request keeps how much of its body may be read."""


@dataclass(slots=True)
class BodyAllowance:
    """How many bytes the body of a request may have; None once whoever writes it away counts them."""

    max_bytes: int | None


class UnreadableUploadError(InvalidInputError):
    """The request is not the multipart form that was asked for."""

    code = "upload_unreadable"


@dataclass(frozen=True, slots=True)
class ReceivedUpload:
    """A complete upload that lies in the staging file."""

    file_name: str
    size_bytes: int
    sha256: str
    fields: dict[str, str]


def refuse_early(request: Request, *, max_bytes: int) -> None:
    """Raise before a single byte is read when the announced size is over the limit."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > max_bytes + ENVELOPE_BYTES:
        raise _too_large(max_bytes)


def _too_large(max_bytes: int) -> TooLargeError:
    return TooLargeError(
        f"The upload is larger than the limit of {max_bytes / 2**20:,.0f} MiB.",
        remedy="Send a smaller file, or split the archive.",
        limit_bytes=max_bytes,
    )


async def receive_upload(request: Request, *, into: Path, max_bytes: int) -> ReceivedUpload:
    """Write the form's ``file`` part to the path and return what was received; nothing is held in memory.

    The caller owns the path and removes it unless it is kept; a client that goes away half-way raises
    `starlette.requests.ClientDisconnect` here.
    """
    refuse_early(request, max_bytes=max_bytes)
    content_type, options = parse_options_header(request.headers.get("content-type", ""))
    if content_type != b"multipart/form-data" or not options.get(b"boundary"):
        raise UnreadableUploadError(
            "The request is not a multipart form.", remedy="Send multipart/form-data with the file in the field `file`."
        )
    allowance: BodyAllowance | None = request.scope.get(BODY_ALLOWANCE)
    if allowance is not None:
        allowance.max_bytes = None
    form = _Form(max_bytes=max_bytes)
    parser = MultipartParser(options[b"boundary"], form.callbacks())
    with await asyncio.to_thread(into.open, "wb") as target:
        try:
            async for chunk in _buffered(_bounded(request.stream(), max_bytes=max_bytes)):
                await asyncio.to_thread(_feed, parser, form, chunk, target)
            parser.finalize()
        except MultipartParseError as error:
            raise UnreadableUploadError(
                "The multipart form is broken.", remedy="Send the file again.", offset_bytes=error.offset
            ) from error
    return form.result()


async def _bounded(stream: AsyncIterator[bytes], *, max_bytes: int) -> AsyncIterator[bytes]:
    """Refuse more than the file and its framing, such as what stands before or after the form."""
    received = 0
    async for chunk in stream:
        received += len(chunk)
        if received > max_bytes + ENVELOPE_BYTES:
            raise _too_large(max_bytes)
        yield chunk


async def _buffered(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    pending = bytearray()
    while True:
        try:
            chunk = await asyncio.wait_for(anext(stream, None), IDLE_S)
        except TimeoutError as error:
            raise UnreadableUploadError(
                f"Nothing arrived for {IDLE_S:.0f} seconds.", remedy="Check the connection and send the file again."
            ) from error
        if chunk is None:
            break
        pending += chunk
        if len(pending) >= WRITE_BUFFER_BYTES:
            yield bytes(pending)
            pending.clear()
    if pending:
        yield bytes(pending)


def _feed(parser: MultipartParser, form: _Form, chunk: bytes, target: IO[bytes]) -> None:
    parser.write(chunk)
    form.write_file_bytes(target)


def _file_name(raw: bytes) -> str:
    name = raw.decode("utf-8", errors="replace").replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(character for character in name if character.isprintable()).strip()
    return printable[-MAX_NAME_CHARACTERS:] or "upload"


@dataclass(slots=True)
class _Form:
    """The parser's callbacks: fields are kept, file bytes are handed on."""

    max_bytes: int
    fields: dict[str, str] = field(default_factory=dict)
    file_name: str | None = None
    size_bytes: int = 0
    is_complete: bool = False
    _digest: Any = field(default_factory=hashlib.sha256)
    _parts: int = 0
    _header_name: bytes = b""
    _header_value: bytes = b""
    _headers: dict[bytes, bytes] = field(default_factory=dict)
    _field_name: str = ""
    _in_file: bool = False
    _value: bytearray = field(default_factory=bytearray)
    _file_bytes: list[bytes] = field(default_factory=list)

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._part_begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value_part,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._part_data,
            "on_part_end": self._part_end,
            "on_end": self._end,
        }

    def write_file_bytes(self, target: IO[bytes]) -> None:
        for piece in self._file_bytes:
            self._digest.update(piece)
            target.write(piece)
        self._file_bytes.clear()

    def result(self) -> ReceivedUpload:
        if not self.is_complete:
            raise UnreadableUploadError("The multipart form ends too early.", remedy="Send the file again.")
        if self.file_name is None:
            raise UnreadableUploadError("The form has no file.", remedy="Put the file in the field `file`.")
        if self.size_bytes == 0:
            raise EmptyFileError("The file is empty.", remedy="Export it again and send it.", file=self.file_name)
        return ReceivedUpload(self.file_name, self.size_bytes, self._digest.hexdigest(), self.fields)

    def _part_begin(self) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise UnreadableUploadError("The form has too many parts.", remedy="Send one file in each request.")
        self._headers, self._value = {}, bytearray()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _header_value_part(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._header_name.lower()] = self._header_value
        self._header_name, self._header_value = b"", b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._field_name = options.get(b"name", b"").decode("utf-8", errors="replace")
        self._in_file = self._field_name == "file" and b"filename" in options
        if self._in_file:
            if self.file_name is not None:
                raise UnreadableUploadError("The form has two files.", remedy="Send one file in each request.")
            self.file_name = _file_name(options[b"filename"])

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self.size_bytes += end - start
            if self.size_bytes > self.max_bytes:
                raise _too_large(self.max_bytes)
            self._file_bytes.append(data[start:end])
            return
        self._value += data[start:end]
        if len(self._value) > MAX_FIELD_BYTES:
            raise UnreadableUploadError(
                f"The field {self._field_name!r} is too long.", remedy="Put the file in the field `file`."
            )

    def _part_end(self) -> None:
        if not self._in_file:
            self.fields[self._field_name] = self._value.decode("utf-8", errors="replace")

    def _end(self) -> None:
        self.is_complete = True
