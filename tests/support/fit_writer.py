"""A tiny FIT encoder, so that tests can make the very file they are about.

Independent of the decoder under test: field numbers and scales are written down here from the FIT profile.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

FIT_EPOCH_S = 631_065_600
START = 1_000_000_000
"""2021-09-08T01:46:40Z in FIT seconds."""

ENUM, SINT8, UINT8, STRING, BYTE, UINT8Z = 0x00, 0x01, 0x02, 0x07, 0x0D, 0x0A
SINT16, UINT16, SINT32, UINT32, FLOAT32 = 0x83, 0x84, 0x85, 0x86, 0x88
_CODE = {
    ENUM: "B", SINT8: "b", UINT8: "B", UINT8Z: "B", BYTE: "B", SINT16: "h", UINT16: "H", SINT32: "i", UINT32: "I",
    FLOAT32: "f",
}  # fmt: skip
_INVALID = {
    ENUM: 0xFF, SINT8: 0x7F, UINT8: 0xFF, UINT8Z: 0, BYTE: 0xFF, SINT16: 0x7FFF, UINT16: 0xFFFF, SINT32: 0x7FFFFFFF,
    UINT32: 0xFFFFFFFF,
}  # fmt: skip

MESSAGES: dict[str, tuple[int, dict[str, tuple[int, int, float, float]]]] = {
    # name: (global number, {field: (number, base type, scale, offset)})
    "file_id": (0, {"type": (0, ENUM, 1, 0), "manufacturer": (1, UINT16, 1, 0), "product": (2, UINT16, 1, 0),
                    "serial_number": (3, 0x8C, 1, 0), "time_created": (4, UINT32, 1, 0)}),
    "session": (18, {"timestamp": (253, UINT32, 1, 0), "start_time": (2, UINT32, 1, 0), "sport": (5, ENUM, 1, 0),
                     "sub_sport": (6, ENUM, 1, 0), "total_elapsed_time": (7, UINT32, 1000, 0),
                     "total_timer_time": (8, UINT32, 1000, 0), "total_distance": (9, UINT32, 100, 0),
                     "avg_power": (20, UINT16, 1, 0), "total_ascent": (22, UINT16, 1, 0),
                     "total_descent": (23, UINT16, 1, 0), "normalized_power": (34, UINT16, 1, 0),
                     "pool_length": (44, UINT16, 100, 0)}),
    "lap": (19, {"timestamp": (253, UINT32, 1, 0), "start_time": (2, UINT32, 1, 0),
                 "total_elapsed_time": (7, UINT32, 1000, 0), "total_timer_time": (8, UINT32, 1000, 0),
                 "total_distance": (9, UINT32, 100, 0), "avg_heart_rate": (15, UINT8, 1, 0),
                 "lap_trigger": (24, ENUM, 1, 0)}),
    "record": (20, {"timestamp": (253, UINT32, 1, 0), "position_lat": (0, SINT32, 2**31 / 180, 0),
                    "position_long": (1, SINT32, 2**31 / 180, 0), "altitude": (2, UINT16, 5, 500),
                    "heart_rate": (3, UINT8, 1, 0), "cadence": (4, UINT8, 1, 0), "distance": (5, UINT32, 100, 0),
                    "speed": (6, UINT16, 1000, 0), "power": (7, UINT16, 1, 0), "temperature": (13, SINT8, 1, 0),
                    "left_right_balance": (30, UINT8, 1, 0), "vertical_oscillation": (39, UINT16, 10, 0),
                    "stance_time": (41, UINT16, 10, 0), "fractional_cadence": (53, UINT8, 128, 0),
                    "enhanced_speed": (73, UINT32, 1000, 0), "enhanced_altitude": (78, UINT32, 5, 500),
                    "step_length": (85, UINT16, 10, 0)}),
    "event": (21, {"timestamp": (253, UINT32, 1, 0), "event": (0, ENUM, 1, 0), "event_type": (1, ENUM, 1, 0)}),
    "device_info": (23, {"timestamp": (253, UINT32, 1, 0), "device_index": (0, UINT8, 1, 0),
                         "device_type": (1, UINT8, 1, 0), "manufacturer": (2, UINT16, 1, 0),
                         "software_version": (5, UINT16, 100, 0), "source_type": (25, ENUM, 1, 0)}),
    "activity": (34, {"timestamp": (253, UINT32, 1, 0), "total_timer_time": (0, UINT32, 1000, 0),
                      "num_sessions": (1, UINT16, 1, 0), "local_timestamp": (5, UINT32, 1, 0)}),
    "hrv": (78, {"time": (0, UINT16, 1000, 0)}),
    "length": (101, {"timestamp": (253, UINT32, 1, 0), "start_time": (2, UINT32, 1, 0),
                     "total_elapsed_time": (3, UINT32, 1000, 0), "total_timer_time": (4, UINT32, 1000, 0),
                     "total_strokes": (5, UINT16, 1, 0), "swim_stroke": (7, ENUM, 1, 0),
                     "length_type": (12, ENUM, 1, 0)}),
    "hr": (132, {"timestamp": (253, UINT32, 1, 0), "fractional_timestamp": (0, UINT16, 32768, 0),
                 "filtered_bpm": (6, UINT8, 1, 0), "event_timestamp": (9, UINT32, 1024, 0),
                 "event_timestamp_12": (10, BYTE, 1, 0)}),
    "set": (225, {"timestamp": (254, UINT32, 1, 0), "duration": (0, UINT32, 1000, 0), "repetitions": (3, UINT16, 1, 0),
                  "weight": (4, UINT16, 16, 0), "set_type": (5, UINT8, 1, 0), "start_time": (6, UINT32, 1, 0),
                  "category": (7, UINT16, 1, 0)}),
    "user_profile": (3, {"message_index": (254, UINT16, 1, 0), "gender": (1, ENUM, 1, 0), "age": (2, UINT8, 1, 0),
                         "height": (3, UINT8, 100, 0), "weight": (4, UINT16, 10, 0)}),
    "weight_scale": (30, {"timestamp": (253, UINT32, 1, 0), "weight": (0, UINT16, 100, 0),
                          "percent_fat": (1, UINT16, 100, 0), "user_profile_index": (12, UINT16, 1, 0)}),
    "monitoring": (55, {"timestamp": (253, UINT32, 1, 0), "cycles": (3, UINT32, 1, 0),
                        "activity_type": (5, ENUM, 1, 0), "timestamp_16": (26, UINT16, 1, 0)}),
    "monitoring_info": (103, {"timestamp": (253, UINT32, 1, 0), "local_timestamp": (0, UINT32, 1, 0)}),
    "monitoring_hr_data": (211, {"timestamp": (253, UINT32, 1, 0), "resting_heart_rate": (0, UINT8, 1, 0),
                                 "current_day_resting_heart_rate": (1, UINT8, 1, 0)}),
    "sleep_level": (275, {"timestamp": (253, UINT32, 1, 0), "sleep_level": (0, ENUM, 1, 0)}),
    "hrv_status_summary": (370, {"timestamp": (253, UINT32, 1, 0), "weekly_average": (0, UINT16, 128, 0),
                                 "last_night_average": (1, UINT16, 128, 0)}),
    "developer_data_id": (207, {"developer_data_index": (3, UINT8, 1, 0)}),
}  # fmt: skip

FILE_ACTIVITY, FILE_SETTINGS, FILE_WORKOUT, FILE_COURSE, FILE_WEIGHT, FILE_MONITORING = 4, 2, 5, 6, 9, 32
GARMIN, STRYD, DEVELOPMENT, ZWIFT = 1, 95, 255, 260
BIKE_POWER, HEART_RATE, ANTPLUS = 11, 120, 1
RUNNING, CYCLING, TRANSITION, SWIMMING, TRAINING = 1, 2, 3, 5, 10
LAP_SWIMMING, STRENGTH_TRAINING = 17, 20
TIMER, EVENT_START, EVENT_STOP_ALL = 0, 0, 4


def crc16(content: bytes) -> int:
    """Return the checksum bit by bit, as the polynomial says."""
    crc = 0
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return crc


class FitWriter:
    """Collects messages and frames them."""

    def __init__(
        self, file_type: int | None = FILE_ACTIVITY, *, big_endian: bool = False, manufacturer: int = GARMIN
    ) -> None:
        self._body = bytearray()
        self._order = ">" if big_endian else "<"
        self._layout_by_slot: dict[int, Any] = {}
        self._developer_fields: dict[str, tuple[int, int]] = {}
        if file_type is not None:
            self.add("file_id", type=file_type, manufacturer=manufacturer, product=1, time_created=START)

    def add(self, message: str, *, slot: int = 0, developer: Mapping[str, float] | None = None, **values: Any) -> None:
        """Append a data message, with its definition when the layout changed; None writes the invalid value."""
        number, known = MESSAGES[message]
        fields = [(known[name], value) for name, value in values.items()]
        own = [(self._developer_fields[name], value) for name, value in (developer or {}).items()]
        self._define(slot, number, fields, own)
        self._body.append(slot)
        self._write(fields, own)

    def add_compressed(self, message: str, *, slot: int, seconds: int, **values: Any) -> None:
        """Append a data message whose header carries the low five bits of the time."""
        number, known = MESSAGES[message]
        fields = [(known[name], value) for name, value in values.items()]
        self._define(slot, number, fields, [])
        self._body.append(0x80 | (slot & 3) << 5 | (seconds & 0x1F))
        self._write(fields, [])

    def developer_field(self, name: str, *, units: str, native: int = 0xFF) -> None:
        """Declare a float field of an app; `native` says which record field it stands for."""
        place = len(self._developer_fields)
        if place == 0:
            self.add("developer_data_id", slot=15, developer_data_index=0)
        self._developer_fields[name] = (place, 4)
        texts = (name.encode() + b"\0", units.encode() + b"\0")
        layout = [
            (0, 1, UINT8), (1, 1, UINT8), (2, 1, UINT8), (3, len(texts[0]), STRING), (8, len(texts[1]), STRING),
            (15, 1, UINT8),
        ]  # fmt: skip
        self._body += bytes([0x40 | 15, 0, self._order == ">"]) + struct.pack(f"{self._order}HB", 206, len(layout))
        self._body += b"".join(bytes(item) for item in layout)
        self._body += bytes([15, 0, place, FLOAT32]) + texts[0] + texts[1] + bytes([native])
        self._layout_by_slot.pop(15, None)

    def raw(self, content: bytes) -> None:
        """Append bytes as they are."""
        self._body += content

    def finish(self, *, header_bytes: int = 14, header_crc: bool = True) -> bytes:
        """Return the file with correct sums."""
        header = struct.pack("<2BHI4s", header_bytes, 0x20, 2132, len(self._body), b".FIT")
        if header_bytes == 14:
            header += struct.pack("<H", crc16(header) if header_crc else 0)
        framed = header + bytes(self._body)
        return framed + struct.pack("<H", crc16(framed))

    def _define(self, slot: int, number: int, fields: Sequence[Any], own: Sequence[Any]) -> None:
        layout = [(field[0], _size(field[1], value), field[1]) for field, value in fields]
        developer = [(place, size, 0) for (place, size), _ in own]
        if self._layout_by_slot.get(slot) == (number, layout, developer):
            return
        self._layout_by_slot[slot] = (number, layout, developer)
        self._body += bytes([0x40 | (0x20 if developer else 0) | slot, 0, self._order == ">"])
        self._body += struct.pack(f"{self._order}HB", number, len(layout)) + b"".join(bytes(item) for item in layout)
        if developer:
            self._body += bytes([len(developer)]) + b"".join(bytes(item) for item in developer)

    def _write(self, fields: Sequence[Any], own: Sequence[Any]) -> None:
        for (_, base, scale, offset), value in fields:
            for item in value if isinstance(value, tuple | list) else (value,):
                self._body += _pack(self._order, base, item, scale, offset)
        for _, value in own:
            self._body += struct.pack(f"{self._order}f", value)


def _size(base: int, value: Any) -> int:
    count = len(value) if isinstance(value, tuple | list) else 1
    return count * (4 if base == 0x8C else struct.calcsize(_CODE[base]))


def _pack(order: str, base: int, value: float | None, scale: float, offset: float) -> bytes:
    code = "I" if base == 0x8C else _CODE[base]
    if value is None:
        return struct.pack(order + code, _INVALID[base])
    return struct.pack(order + code, round((value + offset) * scale))


def ride(seconds: int = 20, *, sport: int = CYCLING, manufacturer: int = GARMIN, **session: Any) -> FitWriter:
    """Return a writer holding a short activity: one sample a second, a lap, a session, an activity message."""
    writer = FitWriter(manufacturer=manufacturer)
    writer.add("event", slot=1, timestamp=START, event=TIMER, event_type=EVENT_START)
    for second in range(seconds):
        writer.add(
            "record",
            slot=2,
            timestamp=START + second,
            position_lat=47.0 + second * 1e-4,
            position_long=8.0,
            altitude=400.0 + second,
            heart_rate=160 - abs(second % 80 - 40),
            cadence=80,
            distance=10.0 * second,
            speed=10.0,
            power=200 + second % 100,
        )
    lasted = seconds - 1
    writer.add("event", slot=1, timestamp=START + lasted, event=TIMER, event_type=EVENT_STOP_ALL)
    writer.add("lap", slot=3, timestamp=START + lasted, start_time=START, total_elapsed_time=lasted,
               total_timer_time=lasted, total_distance=10.0 * lasted)  # fmt: skip
    writer.add("session", slot=4, timestamp=START + lasted, start_time=START, sport=sport, sub_sport=0,
               total_elapsed_time=lasted, total_timer_time=lasted, total_distance=10.0 * lasted, **session)  # fmt: skip
    writer.add("activity", slot=5, timestamp=START + lasted, total_timer_time=lasted, num_sessions=1,
               local_timestamp=START + lasted + 7200)  # fmt: skip
    return writer


def weighings(*, users: int = 1) -> FitWriter:
    """Return the file of a scale that a man of 75.8 kg uses, and with a second user a woman of 58.2 kg."""
    writer = FitWriter(FILE_WEIGHT)
    people = ((1, 47, 1.79, 75.8), (0, 52, 1.55, 58.2))[:users]
    for index, (gender, age, height_m, mass_kg) in enumerate(people):
        writer.add("user_profile", slot=1, message_index=index, gender=gender, age=age, height=height_m, weight=mass_kg)
    for index, (_, _, _, mass_kg) in enumerate(people):
        writer.add("weight_scale", slot=2, timestamp=START + index, weight=mass_kg, user_profile_index=index)
    return writer
