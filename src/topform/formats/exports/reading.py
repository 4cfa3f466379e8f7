"""Reading tables and lists of unbounded length in bounded memory."""

from __future__ import annotations

import csv
import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import IO, Any

from topform.core.errors import DamagedFileError
from topform.core.exports import Tree

READ_BYTES = 256 * 1024
MAX_LINE_BYTES = 1 * 2**20
MAX_ITEM_CHARACTERS = 16 * 2**20
MAX_NESTING = 200

Row = dict[str, str]


@contextmanager
def damage_named(name: str) -> Iterator[None]:
    """Turn what the standard readers raise into one error that names the file."""
    try:
        yield
    except (csv.Error, ValueError, RecursionError) as failure:  # broken text and JSON are value errors
        raise DamagedFileError(
            f"the content is damaged ({failure})", file=name, remedy="Download the export again."
        ) from failure


def is_beside(name: str, files: Iterable[str]) -> bool:
    """Say whether a file lies in the folder that holds all of the files, or below it.

    Examples
    --------
    >>> is_beside("oura/heartrate.csv", ["oura/sleep.csv"]), is_beside("runs/heartrate.csv", ["oura/sleep.csv"])
    (True, False)
    """
    home = posixpath.commonpath([posixpath.dirname(file) for file in files])
    return not home or name.startswith(f"{home}/")


def rows(tree: Tree, name: str) -> Iterator[Row]:
    """Yield the rows of a table as mappings; the separator is found out, repeated columns get numbers."""
    with tree.open(name) as stream, damage_named(name):
        lines = _lines(stream, name)
        first = next(lines, "")
        separator = max(",;\t", key=first.count)
        header = next(csv.reader([first], delimiter=separator), [])
        names = _numbered([cell.strip() for cell in header])
        for cells in csv.reader(lines, delimiter=separator):
            if cells:
                yield dict(zip(names, cells, strict=False))


def header(tree: Tree, name: str) -> list[str]:
    """Return the column names of a table."""
    with tree.open(name) as stream, damage_named(name):
        first = next(_lines(stream, name), "")
        return [cell.strip() for cell in next(csv.reader([first], delimiter=max(",;\t", key=first.count)), [])]


def _numbered(names: list[str]) -> list[str]:
    """Return the names with the second ``"Distance"`` as ``"Distance 2"``."""
    seen: dict[str, int] = {}
    numbered = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        numbered.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return numbered


def _lines(stream: IO[bytes], name: str) -> Iterator[str]:
    is_first = True
    while line := stream.readline(MAX_LINE_BYTES):
        if len(line) == MAX_LINE_BYTES:
            raise DamagedFileError("a line is longer than a table's can be", file=name)
        yield line.decode("utf-8-sig" if is_first else "utf-8")
        is_first = False


def json_items(tree: Tree, name: str, *, within: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON array one at a time; of the array under the key ``within``, if given.

    The array stands at the top, or anywhere below under the key. A single object counts as an array of one.
    """
    with tree.open(name) as stream, damage_named(name):
        window = _Window(stream, name)
        if within is not None:
            window.skip_past(f'"{within}"')
        yield from window.items()


def json_document(tree: Tree, name: str, *, max_bytes: int = 16 * 2**20) -> Any:
    """Return a small JSON document."""
    with tree.open(name) as stream, damage_named(name):
        content = stream.read(max_bytes + 1)
        if len(content) > max_bytes:
            raise DamagedFileError(f"the document holds more than {max_bytes // 2**20} MiB", file=name)
        return json.loads(content)


class _Window:
    """A stretch of text that slides over a stream."""

    _SPACE = re.compile(r"[\s,]*")

    def __init__(self, stream: IO[bytes], name: str) -> None:
        import codecs

        self._stream, self._name = stream, name
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._text, self._ended = "", False
        self._json = json.JSONDecoder()

    def skip_past(self, words: str) -> None:
        """Move behind the words; to the end when they do not occur."""
        while (place := self._text.find(words)) < 0:
            self._text = self._text[-len(words) :]
            if not self._more():
                self._text = ""
                return
        self._text = self._text[place + len(words) :].lstrip().removeprefix(":")

    def items(self) -> Iterator[dict[str, Any]]:
        """Yield the objects of the array that begins here."""
        self._skip_space()
        is_array = self._text[:1] == "["
        if is_array:
            self._text = self._text[1:]
        place = 0
        while True:
            place = self._space_end(place)
            if place >= len(self._text) or self._text[place] == "]":
                if place < len(self._text) or not self._refill(place):
                    return
                place = 0
                continue
            item, place = self._item(place)
            if isinstance(item, dict):
                yield item
            if not is_array:
                return

    def _item(self, place: int) -> tuple[Any, int]:
        while True:
            try:
                item, end = self._json.raw_decode(self._text, place)
            except json.JSONDecodeError:
                if len(self._text) - place > MAX_ITEM_CHARACTERS:
                    raise DamagedFileError("an entry is larger than any can be", file=self._name) from None
                if not self._refill(place):
                    raise
                place = 0
                continue
            if end < len(self._text) or not self._refill(place):
                return item, end
            place = 0

    def _space_end(self, place: int) -> int:
        match = self._SPACE.match(self._text, place)
        return match.end() if match is not None else place

    def _skip_space(self) -> None:
        while not (stripped := self._text.lstrip()) and self._more():
            pass
        self._text = stripped or self._text.lstrip()

    def _refill(self, place: int) -> bool:
        """Drop what precedes the place and read on; False at the end of the stream."""
        self._text = self._text[place:]
        return self._more()

    def _more(self) -> bool:
        if self._ended:
            return False
        block = self._stream.read(max(READ_BYTES, len(self._text)))
        self._ended = not block
        self._text += self._decode(block, final=self._ended)
        return bool(block)


def number(text: Any) -> float | None:
    """Return a number from a cell or a JSON value; None for what is none.

    Examples
    --------
    >>> number("71,5"), number(" 4 "), number(""), number(True), number("nan")
    (71.5, 4.0, None, None, None)
    """
    if isinstance(text, bool) or text is None:
        return None
    try:
        value = float(text if isinstance(text, int | float) else str(text).strip().replace(",", "."))
    except (ValueError, OverflowError):
        return None
    return value if abs(value) < 1e15 else None


def day(text: Any) -> date | None:
    """Return the calendar day that a text begins with; None when it is none.

    Examples
    --------
    >>> day("2026-03-01T07:00:00.0"), day("01/03/26")
    (datetime.date(2026, 3, 1), None)
    """
    try:
        return date.fromisoformat(str(text).strip()[:10])
    except ValueError:
        return None


def instant(text: Any) -> datetime | None:
    """Return the instant of an ISO text, naive when it names no zone; None when it is none."""
    try:
        return datetime.fromisoformat(str(text).strip())
    except ValueError:
        return None
