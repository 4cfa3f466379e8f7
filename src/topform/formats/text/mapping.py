"""What the columns of a table mean: recognised by their names, or said by a mapping."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from topform.core.activity import Channel, Sport
from topform.core.errors import InvalidInputError
from topform.formats.points import CADENCE

INSTANT, ELAPSED, RR = "time", "elapsed_s", "rr_ms"
CELSIUS_PER_FAHRENHEIT = 5 / 9
FREEZING_F = 32.0

NAMES: dict[Channel | str, str] = {
    INSTANT: "time timestamp datetime date_time instant",
    ELAPSED: "sec secs second seconds elapsed elapsed_time elapsed_s time_s t_s duration",
    RR: "rr rri rr_ms rr_interval rr_intervals ibi",
    Channel.HR_BPM: "heart_rate heartrate hr hr_bpm pulse bpm",
    Channel.POWER_W: "power watts power_w pwr",
    CADENCE: "cadence cad rpm spm cadence_rpm cadence_spm run_cadence",
    Channel.SPEED_M_S: "speed velocity enhanced_speed speed_m_s",
    Channel.DISTANCE_M: "distance dist distance_m",
    Channel.ALTITUDE_M: "altitude alt elevation ele height enhanced_altitude altitude_m",
    Channel.LATITUDE_DEG: "latitude lat position_lat latitude_deg",
    Channel.LONGITUDE_DEG: "longitude lon lng long position_long longitude_deg",
    Channel.TEMPERATURE_C: "temperature temp temperature_c",
}
_TARGET_BY_NAME = {name: target for target, names in NAMES.items() for name in names.split()}

FACTOR_BY_UNIT: dict[str, float] = {
    "m/s": 1.0, "mps": 1.0, "km/h": 1 / 3.6, "kmh": 1 / 3.6, "kph": 1 / 3.6, "mph": 0.44704, "m": 1.0, "km": 1000.0,
    "mi": 1609.344, "ft": 0.3048, "s": 1.0, "min": 60.0, "ms": 0.001, "w": 1.0, "kw": 1000.0, "bpm": 1.0, "rpm": 1.0,
    "spm": 1.0, "deg": 1.0, "semicircles": 180 / 2**31, "c": 1.0, "f": CELSIUS_PER_FAHRENHEIT,
}  # fmt: skip
"""To our units; intervals between beats are milliseconds, so that for them `ms` counts 1 and `s` 1000."""

_UNIT = re.compile(r"[\(\[]\s*([^\)\]]{1,12})\s*[\)\]]\s*$")


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds and how it becomes our unit: value times factor plus offset."""

    target: Channel | str
    factor: float = 1.0
    offset: float = 0.0
    has_unit: bool = True


@dataclass(frozen=True, slots=True)
class TableMapping:
    """What a table does not say itself.

    Parameters
    ----------
    columns : mapping of str to Column
        By header; these replace what the name suggests.
    started_at : datetime or None
        For tables that count time from zero.
    utc_offset_s : int or None
        For instants without a zone. [s]
    sport : Sport
    delimiter, decimal : str or None
        None: recognised.
    """

    columns: Mapping[str, Column] = field(default_factory=dict)
    started_at: datetime | None = None
    utc_offset_s: int | None = None
    sport: Sport = Sport.OTHER
    delimiter: str | None = None
    decimal: str | None = None

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> TableMapping:
        """Read a mapping from its JSON form.

        Raises
        ------
        InvalidInputError
            If a field is unknown or does not say what it must.
        """
        known = {"columns", "started_at", "utc_offset_s", "sport", "delimiter", "decimal"}
        if unknown := sorted(set(document) - known):
            raise InvalidInputError(
                f"the mapping has the unknown field {unknown[0]}", remedy=f"Known are {', '.join(sorted(known))}."
            )
        offset_s = document.get("utc_offset_s")
        if offset_s is not None and not (isinstance(offset_s, int) and abs(offset_s) <= 50_400):
            raise InvalidInputError("utc_offset_s must be a whole number of seconds within 14 hours")
        columns = document.get("columns", {})
        if not isinstance(columns, Mapping):
            raise InvalidInputError("columns must map headers to what they hold")
        return cls(
            columns={_plain_name(header): _column_of(header, meaning) for header, meaning in columns.items()},
            started_at=_instant_of(document.get("started_at")),
            utc_offset_s=offset_s,
            sport=_sport_of(document.get("sport", Sport.OTHER.value)),
            delimiter=_sign_of(document, "delimiter", ",;\t|"),
            decimal=_sign_of(document, "decimal", ".,"),
        )

    def column(self, header: str) -> Column | None:
        """Return what a column holds, None for one that is not read."""
        said = self.columns.get(_plain_name(header))
        return said if said is not None else recognised(header)


def recognised(header: str) -> Column | None:
    """Return what the name of a column suggests, with the unit in brackets behind it if there is one.

    Examples
    --------
    >>> recognised("Speed (km/h)").target.value, round(recognised("Speed (km/h)").factor, 4)
    ('speed_m_s', 0.2778)
    >>> recognised("comment") is None
    True
    """
    unit = _UNIT.search(header)
    name = re.sub(r"[^a-z0-9]+", "_", (header[: unit.start()] if unit else header).lower()).strip("_")
    target = _TARGET_BY_NAME.get(name)
    if target is None:
        return None
    if unit is None:
        return Column(target, has_unit=name not in ("speed", "velocity", "distance", "dist"))
    return _in_unit(target, unit.group(1))


def _in_unit(target: Channel | str, unit: str) -> Column | None:
    word = unit.strip().lower().lstrip("°")
    if target == RR:
        return {"ms": Column(RR), "s": Column(RR, 1000.0)}.get(word)
    factor = FACTOR_BY_UNIT.get(word)
    if factor is None:
        return None
    offset = -FREEZING_F * CELSIUS_PER_FAHRENHEIT if word == "f" else 0.0
    return Column(target, factor, offset)


def _plain_name(header: str) -> str:
    return header.strip().lower()


def _column_of(header: str, meaning: Any) -> Column:
    """Return the column of ``"power_w"`` or ``{"to": "speed_m_s", "unit": "km/h"}``."""
    said = meaning if isinstance(meaning, Mapping) else {"to": meaning}
    targets = {str(target): target for target in NAMES}
    target = targets.get(str(said.get("to")))
    if target is None:
        raise InvalidInputError(
            f"column {header!r} is mapped to {said.get('to')!r}, which is no quantity",
            remedy=f"Known are {', '.join(sorted(targets))}.",
        )
    if (unit := said.get("unit")) is None:
        return Column(target)
    column = _in_unit(target, str(unit))
    if column is None:
        raise InvalidInputError(
            f"column {header!r} has the unknown unit {unit!r}", remedy=f"Known are {', '.join(FACTOR_BY_UNIT)}."
        )
    return column


def _instant_of(text: Any) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError as failure:
        raise InvalidInputError(f"started_at is {text!r}, expected 2026-03-01T07:00:00+01:00") from failure
    if instant.tzinfo is None:
        raise InvalidInputError("started_at needs a time zone, as in 2026-03-01T07:00:00+01:00")
    return instant.astimezone(UTC)


def _sport_of(word: Any) -> Sport:
    try:
        return Sport(str(word))
    except ValueError as failure:
        raise InvalidInputError(
            f"sport is {word!r}", remedy=f"Known are {', '.join(sport.value for sport in Sport)}."
        ) from failure


def _sign_of(document: Mapping[str, Any], name: str, allowed: str) -> str | None:
    sign = document.get(name)
    if sign is not None and not (isinstance(sign, str) and len(sign) == 1 and sign in allowed):
        raise InvalidInputError(f"{name} is {sign!r}, expected one of {' '.join(map(repr, allowed))}")
    return sign
