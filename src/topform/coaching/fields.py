"""Reading a request document field by field: every refusal names the field and says what to write instead."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from topform.core.errors import PlanRequestError

E = TypeVar("E", bound=StrEnum)


def refuse(field: str, message: str, remedy: str) -> PlanRequestError:
    """Return the error that names the field."""
    return PlanRequestError(f"{field}: {message}", remedy=remedy, field=field)


class Fields:
    """One JSON object of the request, read by name; null counts as absent.

    Parameters
    ----------
    document : object
        What the request holds at this place; anything but an object is refused.
    path : str
        Where it stands, for the messages; empty at the top.
    known : collection of str
        Names that are read. One that looks like a misspelling of them is refused.
    ignored : list of str, optional
        Receives the paths of the other unknown names, so that nothing is passed over in silence. Without it the
        names are a closed set, and any other is refused.
    """

    def __init__(
        self, document: object, *, path: str, known: Collection[str], ignored: list[str] | None = None
    ) -> None:
        self.path = path
        if not isinstance(document, Mapping):
            raise refuse(
                path or "request",
                f"is {_kind(document)}, expected a JSON object",
                f"Write {{...}} with the fields {', '.join(known)}.",
            )
        for name in document:
            if name not in known:
                close = get_close_matches(str(name), known, n=1, cutoff=0.6 if ignored is None else 0.8)
                if close or ignored is None:
                    hint = f"Did you mean {close[0]!r}?" if close else f"Known fields: {', '.join(known)}."
                    raise refuse(self.at(str(name)), "is not a known field", hint)
                ignored.append(self.at(str(name)))
        self._document = {name: value for name, value in document.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self._document

    def at(self, name: str) -> str:
        """Return the full path of a field."""
        return f"{self.path}.{name}" if self.path else name

    def raw(self, name: str) -> Any:
        """Return the value as it stands, None when absent."""
        return self._document.get(name)

    def required(self, name: str, remedy: str) -> Any:
        """Return the value or refuse its absence."""
        if name not in self._document:
            raise refuse(self.at(name), "is missing", remedy)
        return self._document[name]

    def number(self, name: str, *, low: float, high: float, unit: str = "") -> float | None:
        """Return a finite number within ``low..high``, None when absent."""
        value = self.raw(name)
        if value is None:
            return None
        return number(value, field=self.at(name), low=low, high=high, unit=unit)

    def whole(self, name: str, *, low: int, high: int, unit: str = "") -> int | None:
        """Return a whole number within ``low..high``, None when absent."""
        value = self.number(name, low=low, high=high, unit=unit)
        if value is None:
            return None
        if value != int(value):
            raise refuse(self.at(name), f"is {value:g}", f"Write a whole number from {low} to {high}.")
        return int(value)

    def choice(self, name: str, kind: type[E]) -> E | None:
        """Return a member of the enumeration, None when absent."""
        value = self.raw(name)
        if value is None:
            return None
        names = [member.value for member in kind]
        if not isinstance(value, str) or value not in names:
            raise refuse(self.at(name), f"is {value!r}", f"Write one of: {', '.join(names)}.")
        return kind(value)

    def day(self, name: str) -> date | None:
        """Return a calendar date, None when absent."""
        value = self.raw(name)
        return None if value is None else day(value, field=self.at(name))

    def items(self, name: str) -> list[Any]:
        """Return a JSON list, empty when absent."""
        value = self.raw(name)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            raise refuse(self.at(name), f"is {_kind(value)}, expected a list", "Write a JSON list: [...].")
        return list(value)


def number(value: object, *, field: str, low: float, high: float, unit: str = "") -> float:
    """Return the value as a finite float within ``low..high`` or refuse it."""
    suffix = f" {unit}" if unit else ""
    remedy = f"Write a number from {low:g} to {high:g}{suffix}."
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise refuse(field, f"is {value!r}, expected a number", remedy)
    if not low <= value <= high:
        raise refuse(field, f"is {value:g}", remedy)
    return float(value)


def day(value: object, *, field: str) -> date:
    """Return the value as a calendar date or refuse it."""
    remedy = "Write a calendar date as YYYY-MM-DD, for example 2027-04-11."
    if not isinstance(value, str) or len(value) != 10:
        raise refuse(field, f"is {value!r}, expected a date", remedy)
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise refuse(field, f"is {value!r}, which is no date of the calendar", remedy) from error


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case list() | tuple():
            return "a list"
        case _:
            return type(value).__name__
