"""Words for what the coach writes, in the athlete's language.

Documents keep what they say as codes with their numbers, or as the English text itself; the words are made when a
document is read. ``texts/phrases`` holds fixed texts under the English one, with ``#`` for every number and date in it
and, where that is not enough, ``@`` for every distance; ``texts/sentences`` holds texts under a code, with named places
for words and numbers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from string import Formatter
from typing import Any, Final

LANGUAGES: Final = ("en", "de", "es", "fr", "zh")

_NUMBER: Final = re.compile(r"\d{4}-\d{2}-\d{2}|\d+(?::\d{2})+|\d+(?:,\d{3})*(?:\.\d+)?")
_DAY: Final = re.compile(r"(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])")
_DISTANCE: Final = re.compile(r"(?:a )?(?:half marathon|marathon|mile)\b|\d+(?:\.\d+)? k?m\b")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?]) (?=[A-Z\d])")
_FULL_STOPS: Final = {"zh": "。"}


def known_language(tag: str) -> str:
    """Return the language that is spoken for a BCP 47 tag: English where there is no other.

    Examples
    --------
    >>> [known_language(tag) for tag in ("es-MX", "DE", "pt")]
    ['es', 'de', 'en']
    """
    name = tag.partition("-")[0].lower()
    return name if name in LANGUAGES else LANGUAGES[0]


def phrase(text: str, language: str) -> str:
    """Return a fixed text in a language, its dates written out; what else has no translation stays as it is.

    Parameters
    ----------
    text : str
        English, one or more sentences; numbers and dates (2027-03-01) in it are free.
    language : str
        A BCP 47 tag.

    Examples
    --------
    >>> phrase("Threshold 4 x 8 min", "es")
    'Umbral 4 × 8 min'
    >>> phrase("Base running, and a better step. Warm up, building slowly", "fr")
    "Footing d'endurance et meilleure foulée. Échauffement, progressif"
    >>> phrase("The history begins on 2027-03-01.", "en")
    'The history begins on 1 March 2027.'
    """
    name = known_language(language)
    found = _translated(text, name) if name != "en" else None
    return with_written_dates(text, name) if found is None else found


def sentence(code: str, params: Mapping[str, Any], language: str) -> str:
    """Return the text of a code with its words and numbers.

    Parameters
    ----------
    code : str
        A key of ``texts/sentences``.
    params : mapping
    language : str
        A BCP 47 tag.

    Notes
    -----
    A place is ``{name}``, or ``{name:how}`` where *how* is ``one|other`` (a word chosen by the number), ``phrase`` (an
    English text of the library), ``.1`` (that many decimals), or a group of words: ``{sport:sport}`` reads
    ``sport.running``. Lists are joined, a text within a text is a code with its own ``params``; dates in the form
    2027-03-01 are written out.

    Examples
    --------
    >>> sentence("reason.ill", {"days": 3}, "en")[:36]
    'You are ill: no training for 3 days.'
    """
    name = known_language(language)
    return _Words(name).vformat(sentences(name)[code], (), params)


def knows(code: str) -> bool:
    """Return whether there is a text for a code."""
    return code in sentences("en")


@lru_cache(maxsize=len(LANGUAGES))
def sentences(language: str) -> Mapping[str, str]:
    """Return all texts of a language by code."""
    return _table("sentences", language)


@lru_cache(maxsize=len(LANGUAGES))
def phrases(language: str) -> Mapping[str, str]:
    """Return all fixed texts of a language other than English, by the English one."""
    return _table("phrases", language)


@lru_cache(maxsize=len(LANGUAGES))
def form_texts(language: str) -> Mapping[str, str]:
    """Return what is said of a filmed set, by code."""
    return _table("form", language)


@lru_cache(maxsize=1)
def _form_codes() -> Mapping[str, str]:
    return {text: code for code, text in form_texts("en").items()}


def number_text(value: float, language: str, *, decimals: int | None = None) -> str:
    """Return a number as it is written in a language.

    Examples
    --------
    >>> [number_text(12.5, name) for name in ("en", "de", "zh")], number_text(3.0, "fr")
    (['12.5', '12,5', '12.5'], '3')
    """
    text = f"{value:.{decimals}f}" if decimals is not None else f"{value:.10g}"
    return text.replace(".", ",") if known_language(language) in {"de", "es", "fr"} else text


def day_text(day: date, language: str) -> str:
    """Return a date as it is written in a language.

    Examples
    --------
    >>> [day_text(date(2027, 3, 1), name) for name in ("en", "de", "es", "fr", "zh")]
    ['1 March 2027', '1. März 2027', '1 de marzo de 2027', '1er mars 2027', '2027年3月1日']
    """
    name = known_language(language)
    month = sentences(name)[f"month.{day.month}"]
    first = "1er" if name == "fr" and day.day == 1 else str(day.day)
    return sentences(name)["date"].format(day=first, month=month, year=day.year)


def with_written_dates(text: str, language: str) -> str:
    """Return a text with its dates of the form 2027-03-01 as they are written in a language.

    Examples
    --------
    >>> with_written_dates("2027-02-28, 2027-02-29", "en")
    '28 February 2027, 2027-02-29'
    """
    return _DAY.sub(lambda found: _written_day(found.group(), language), text)


def _written_day(item: str, language: str) -> str:
    """Return a date as it is written; digits that are none stay as they are."""
    try:
        return day_text(date.fromisoformat(item), language)
    except ValueError:
        return item


@lru_cache(maxsize=16_384)
def _translated(text: str, language: str) -> str | None:
    """Return the translation of a text, or of its parts; None where one of them has none."""
    if text in _form_codes():
        return form_texts(language)[_form_codes()[text]]
    for shape, distances in ((text, []), (_DISTANCE.sub("@", text), _DISTANCE.findall(text))):
        found = phrases(language).get(_NUMBER.sub("#", shape))
        if found is not None:
            numbers = [_as_written(item, language) for item in _NUMBER.findall(shape)]
            places = [*numbers, *(distance_text(item, language) for item in distances)]
            return _Words(language).vformat(_with_places(found), places, {})
    for parts, glue in ((_SENTENCE_END.split(text), " "), (text.split("; "), "; ")):
        if len(parts) > 1:
            translated = [_translated(part, language) for part in parts]
            if None not in translated:
                is_joined = language == "zh" and glue == " "
                return ("" if is_joined else glue).join(part for part in translated if part is not None)
    if text.endswith("."):
        bare = _translated(text[:-1], language)
        return None if bare is None else bare + _FULL_STOPS.get(language, ".")
    return None


def _with_places(template: str) -> str:
    n_numbers = template.count("#")
    for place in range(n_numbers + template.count("@")):
        template = template.replace("#" if place < n_numbers else "@", f"{{{place}}}", 1)
    return template


def distance_text(text: str, language: str) -> str:
    """Return a distance, named or in m or km, as it is written in a language.

    Examples
    --------
    >>> [distance_text(text, "zh") for text in ("a marathon", "10 km")]
    ['马拉松', '10 公里']
    """
    name = text.removeprefix("a ")
    value, _, unit = name.partition(" ")
    if value[0].isdigit():
        return sentence(f"distance.{unit}", {"value": float(value)}, language)
    return sentences(known_language(language))[f"distance.{name}"]


def _as_written(item: str, language: str) -> str:
    if "-" in item:
        return _written_day(item, language)
    return item if ":" in item else number_text(float(item.replace(",", "")), language, decimals=_decimals(item))


def _decimals(item: str) -> int:
    return len(item.partition(".")[2])


def _table(kind: str, language: str) -> dict[str, str]:
    source = files("topform.coaching").joinpath("texts", kind, f"{language}.json")
    found: dict[str, str] = json.loads(source.read_text(encoding="utf-8"))
    return found


class _Words(Formatter):
    """Fills places with words and numbers of a language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return one value as it is said."""
        if isinstance(value, list | tuple):
            return self._joined([self.format_field(item, format_spec) for item in value])
        if "|" in format_spec:
            one, other = format_spec.split("|")
            return one if self._is_one(value) else other
        if format_spec.startswith("."):
            return number_text(float(value), self.language, decimals=int(format_spec[1:]))
        if format_spec == "phrase":
            return phrase(str(value), self.language)
        if format_spec:
            return sentences(self.language).get(f"{format_spec}.{value}", str(value))
        if isinstance(value, Mapping):
            return sentence(value["code"], value["params"], self.language)
        if isinstance(value, int | float):
            return number_text(value, self.language)
        text = str(value)
        return _written_day(text, self.language) if _DAY.fullmatch(text) else text

    def _is_one(self, value: Any) -> bool:
        count = abs(float(str(value).replace(",", ".")))
        return count < 2 if self.language == "fr" else count == 1

    def _joined(self, items: list[str]) -> str:
        words = sentences(self.language)
        if len(items) < 2:
            return "".join(items)
        return words["list.comma"].join(items[:-1]) + words["list.and"] + items[-1]
