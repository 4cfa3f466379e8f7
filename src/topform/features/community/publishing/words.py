"""A post's snapshot as people read it: in the author's language and units, and never more than the snapshot holds."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from topform.coaching.language import day_text, known_language, knows, number_text, sentence
from topform.core.units import KMH_PER_M_S, M_PER_KM, M_PER_MILE, S_PER_HOUR
from topform.features.community.publishing.texts import TEXTS

M_PER_FOOT: Final = 0.3048
M_PER_YARD: Final = 0.9144
PACED: Final = frozenset({"running", "walking", "hiking", "swimming", "rowing"})
SLOWEST_PACED_M_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom numbers are written: the author chose the language, the units and the time zone."""

    language: str
    units: str
    time_zone: str

    @property
    def is_metric(self) -> bool:
        """Whether distances are in kilometres."""
        return self.units == "metric"

    def word(self, code: str, **places: str) -> str:
        """Return a word of the language."""
        return TEXTS[known_language(self.language)][code].format(**places)

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number with so many decimals."""
        return number_text(value, self.language, decimals=decimals)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a post."""

    label: str
    value: str


def headline(snapshot: Mapping[str, Any], reader: Reader) -> str:
    """Return what was done and on which day, or the title if that is shown."""
    if title := snapshot.get("title"):
        return str(title)
    done = what(snapshot, reader)
    day = snapshot.get("day")
    return done if day is None else done + reader.word("comma") + day_text(date.fromisoformat(day), reader.language)


def what(snapshot: Mapping[str, Any], reader: Reader) -> str:
    """Return the sport, the exercise, or which part of a plan was finished."""
    milestone = snapshot.get("milestone")
    if milestone is not None:
        return reader.word(f"milestone.{milestone}", sport=_sport(snapshot, reader))
    exercise = snapshot.get("exercise")
    if exercise is not None:
        code = f"exercise.{exercise}"
        name = sentence(code, {}, reader.language) if knows(code) else str(exercise).replace("_", " ")
        return name[:1].upper() + name[1:]
    return _sport(snapshot, reader)


def _sport(snapshot: Mapping[str, Any], reader: Reader) -> str:
    code = f"sport.{snapshot.get('sport')}"
    return reader.word(code if code in TEXTS["en"] else "sport.other")


def _phase(name: str, reader: Reader) -> str:
    code = f"phase.{name}"
    return reader.word(code) if code in TEXTS["en"] else name


def lines(snapshot: Mapping[str, Any], reader: Reader) -> list[Line]:
    """Return the figures of a snapshot; what was not shared, or is not known, has no line."""
    sport = str(snapshot.get("sport"))
    pace = reader.word("pace" if sport in PACED else "speed")
    shown: list[tuple[str, str, Callable[[Any], str | None]]] = [
        ("started_at", reader.word("start"), lambda value: _moment(value, reader)),
        ("distance_m", reader.word("distance"), lambda value: _distance(value, sport, reader)),
        ("moving_s", reader.word("time"), clock),
        ("elapsed_s", reader.word("elapsed"), lambda value: _elapsed(value, snapshot)),
        ("duration_s", reader.word("time"), clock),
        ("speed_mean_m_s", pace, lambda value: _speed(value, sport, reader)),
        ("ascent_m", reader.word("ascent"), lambda value: _height(value, reader)),
        ("hr_mean_bpm", reader.word("heart_rate"), lambda value: f"{reader.number(value)} {reader.word('bpm')}"),
        ("power_mean_w", reader.word("power"), lambda value: f"{reader.number(value)} W"),
        ("load_au", reader.word("load"), reader.number),
        ("rep_count", reader.word("count"), reader.number),
        ("held_s", reader.word("held"), clock),
        ("step_rate_spm", reader.word("steps"), reader.number),
        ("form_decision", reader.word("verdict"), lambda value: _verdict(value, reader)),
        ("phase", reader.word("phase"), lambda value: _phase(value, reader)),
        ("weeks", reader.word("weeks"), reader.number),
        ("session_count", reader.word("sessions"), reader.number),
    ]
    found = [
        Line(label, value)
        for name, label, written in shown
        if snapshot.get(name) is not None and (value := written(snapshot[name])) is not None
    ]
    return [*found, *_best(snapshot, sport, reader)]


def plain_body(text: str, snapshot: Mapping[str, Any], reader: Reader) -> str:
    """Return a post's words and figures as plain text."""
    figures = [f"{one.label}{reader.word('colon')}{one.value}" for one in lines(snapshot, reader)]
    return "\n".join(part for part in (text, *figures) if part)


def html_body(text: str, snapshot: Mapping[str, Any], reader: Reader) -> str:
    """Return a post's words and figures as HTML, escaped; nothing of what people wrote is markup."""
    said = [f"<p>{html.escape(part).replace(chr(10), '<br>')}</p>" for part in text.split("\n\n") if part.strip()]
    colon = reader.word("colon")
    figures = "".join(f"<li>{html.escape(f'{one.label}{colon}{one.value}')}</li>" for one in lines(snapshot, reader))
    return "".join(said) + (f"<ul>{figures}</ul>" if figures else "")


def clock(seconds: float) -> str:
    """Return a time as `1:02:03` or `4:05`.

    Examples
    --------
    >>> clock(3723), clock(244.6)
    ('1:02:03', '4:05')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _elapsed(seconds: float, snapshot: Mapping[str, Any]) -> str | None:
    """Return the whole time, unless it reads as the time in motion does."""
    moving = snapshot.get("moving_s")
    return clock(seconds) if moving is None or clock(moving) != clock(seconds) else None


def _moment(value: str, reader: Reader) -> str:
    return f"{datetime.fromisoformat(value).astimezone(ZoneInfo(reader.time_zone)):%H:%M}"


def _distance(meters: float, sport: str, reader: Reader) -> str:
    if sport == "swimming":
        return f"{reader.number(meters)} m" if reader.is_metric else f"{reader.number(meters / M_PER_YARD)} yd"
    long = meters / (M_PER_KM if reader.is_metric else M_PER_MILE)
    return f"{reader.number(long, 1 if long >= 100 else 2)} {'km' if reader.is_metric else 'mi'}"


def _height(meters: float, reader: Reader) -> str:
    return f"{reader.number(meters)} m" if reader.is_metric else f"{reader.number(meters / M_PER_FOOT)} ft"


def _speed(speed_m_s: float, sport: str, reader: Reader) -> str | None:
    if sport not in PACED:
        if reader.is_metric:
            return f"{reader.number(speed_m_s * KMH_PER_M_S, 1)} km/h"
        return f"{reader.number(speed_m_s * S_PER_HOUR / M_PER_MILE, 1)} mph"
    if speed_m_s <= SLOWEST_PACED_M_S:
        return None
    if sport == "rowing":
        return f"{clock(500 / speed_m_s)} /500 m"
    if sport == "swimming":
        length, unit = (100.0, "m") if reader.is_metric else (100 * M_PER_YARD, "yd")
        return f"{clock(length / speed_m_s)} /100 {unit}"
    length, unit = (M_PER_KM, "km") if reader.is_metric else (M_PER_MILE, "mi")
    return f"{clock(length / speed_m_s)} /{unit}"


def _verdict(said: str, reader: Reader) -> str:
    return reader.word(f"verdict.{said if said in ('correct', 'faulty') else 'unsure'}")


def _best(snapshot: Mapping[str, Any], sport: str, reader: Reader) -> list[Line]:
    value = snapshot.get("best_value")
    if value is None:
        return []
    is_power = snapshot.get("best_kind") == "power_w"
    written = f"{reader.number(value)} W" if is_power else _speed(value, sport, reader)
    label = reader.word("best", time=clock(snapshot.get("best_duration_s") or 0))
    return [] if written is None else [Line(label, written)]
