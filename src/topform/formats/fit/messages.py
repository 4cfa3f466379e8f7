"""A FIT message as its readers see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class DeveloperValue:
    """A value of a field that an app on the device declared itself."""

    name: str
    value: Any
    units: str | None
    native_field_num: int | None


@dataclass(frozen=True, slots=True)
class FitMessage:
    """One data message: scaled values by profile name, invalid values left out."""

    name: str
    values: dict[str, Any]
    raw: dict[str, Any] = field(default_factory=dict)
    developer: tuple[DeveloperValue, ...] = ()

    def number(self, *names: str) -> float | None:
        """Return the first of the named values that is a number."""
        for name in names:
            value = self.values.get(name)
            if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf"):
                return float(value)
        return None

    def word(self, *names: str) -> str | None:
        """Return the first of the named values that is text."""
        for name in names:
            value = self.values.get(name)
            if isinstance(value, str) and value.strip():
                return value.strip()
        return None
