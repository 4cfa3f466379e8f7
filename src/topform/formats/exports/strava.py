"""Strava's bulk export: ``activities.csv`` names the activities whose files lie beside it.

Column names are translated to the account's language, so what matters is found by its place or by what it holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePosixPath

import numpy as np

from topform.core.activity import Leg, Streams
from topform.core.errors import DamagedFileError, TopFormError
from topform.core.exports import ActivityAbout, Found, FoundActivity, FoundBroken, Tree
from topform.formats.exports.reading import Row, header, number, rows
from topform.formats.exports.session_document import encode_session
from topform.formats.sports import snake_case, sport_of

TABLE = "activities.csv"
FOLDER = "activities/"
ENGLISH = "Filename"
DATE_FORMATS = (
    "%b %d, %Y, %I:%M:%S %p",
    "%d %b %Y, %H:%M:%S",
    "%d.%m.%Y, %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y, %H:%M:%S",
)
NAME, KIND, DESCRIPTION, ELAPSED = 2, 3, 4, 5
"""Places of columns, the same in every language."""

MIN_COLUMNS = 10
LONGEST_S = 7 * 86_400


class Strava:
    """Reads the table of Strava's export."""

    source = "strava"

    def __init__(self, tree: Tree, table: str) -> None:
        self._tree, self._table = tree, table
        self._folder = table[: -len(TABLE)]
        self._about: dict[str, ActivityAbout] | None = None

    @classmethod
    def of(cls, tree: Tree) -> Strava | None:
        """Return the reader when the files are such an export."""
        for name in tree.names:
            if PurePosixPath(name).name == TABLE and len(PurePosixPath(name).parts) <= 2:
                folder = name[: -len(TABLE)] + FOLDER
                columns = header(tree, name)
                if ENGLISH in columns or (
                    len(columns) >= MIN_COLUMNS and any(other.startswith(folder) for other in tree.names)
                ):
                    return cls(tree, name)
        return None

    def claims(self, name: str, head: bytes) -> bool:
        """Say whether a file holds something else than an activity: routes that were planned, not done."""
        return name == self._table or name.startswith(self._folder + "routes/")

    def about(self, name: str) -> ActivityAbout | None:
        """Return title, description and gear of the activity in a file."""
        if self._about is None:
            self._about = {}
            try:
                for row in rows(self._tree, self._table):
                    file = _file(row)
                    if file is not None:
                        self._about[self._folder + file] = _about(row, file)
            except TopFormError:
                return self._about.get(name)  # `found` reports the damage
        return self._about.get(name)

    def found(self) -> Iterator[Found]:
        """Yield the activities that were typed by hand and have no file."""
        try:
            for line, row in enumerate(rows(self._tree, self._table), start=2):
                if _file(row) is None and row:
                    name = f"{self._table}/line {line}"
                    try:
                        yield FoundActivity(name, _typed_activity(row, name=name), _about(row, None))
                    except DamagedFileError as failure:
                        yield FoundBroken(name, failure)
        except TopFormError as failure:
            yield FoundBroken(self._table, failure)


def _file(row: Row) -> str | None:
    return next((cell for cell in row.values() if cell.startswith(FOLDER)), None)


def _cells(row: Row) -> list[str]:
    return list(row.values())


def _about(row: Row, file: str | None) -> ActivityAbout:
    cells = _cells(row)
    notes = [cells[DESCRIPTION] if len(cells) > DESCRIPTION else "", row.get("Activity Private Note", "")]
    return ActivityAbout(
        title=cells[NAME].strip() or None if len(cells) > NAME else None,
        notes="\n\n".join(text.strip() for text in notes if text.strip()) or None,
        gear=_gear(row, cells, file),
    )


def _gear(row: Row, cells: list[str], file: str | None) -> str | None:
    """Return the gear: the column of that name, else the one before the file's name."""
    if "Activity Gear" in row:
        return row["Activity Gear"].strip() or None
    place = cells.index(file) - 1 if file is not None else -1
    return cells[place].strip() or None if place > ELAPSED else None


def _typed_activity(row: Row, *, name: str) -> bytes:
    cells = _cells(row)
    started_at = _date(cells[1]) if len(cells) > ELAPSED else None
    elapsed_s = number(row.get("Elapsed Time 2")) or number(cells[ELAPSED]) if len(cells) > ELAPSED else None
    if started_at is None or elapsed_s is None or not 0 < elapsed_s <= LONGEST_S:
        raise DamagedFileError(
            "the entry has no file and no date and duration that can be read",
            file=name,
            remedy="Set Strava's language to English and export again, if you miss this activity.",
        )
    moving_s = number(row.get("Moving Time"))
    sport, sub_sport = sport_of(snake_case(cells[KIND]))
    leg = Leg(
        sport=sport,
        sub_sport=sub_sport,
        started_at=started_at,
        elapsed_s=elapsed_s,
        timer_s=min(moving_s, elapsed_s) if moving_s is not None and moving_s > 0 else elapsed_s,
        distance_m=number(row.get("Distance 2")) or None,
        ascent_m=number(row.get("Elevation Gain")),
        streams=Streams(t_s=np.empty(0), channels={}),
    )
    entry = {key: value for key, value in row.items() if value}
    return encode_session(leg, format="strava_export", title=cells[NAME].strip() or None, entry=entry)


def _date(text: str) -> datetime | None:
    """Return the instant that an entry began; the table is in UTC."""
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
