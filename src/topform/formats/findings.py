"""What a reader notices about a file while it reads."""

from __future__ import annotations

from topform.core.activity import FileWarning

MAX_OF_ONE_KIND = 5


def counted(count: int, noun: str) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> counted(1, "sample"), counted(2, "sample")
    ('1 sample', '2 samples')
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"


class Findings:
    """Collects warnings in order; repeats of one kind beyond a few are counted, not listed."""

    def __init__(self) -> None:
        self._warnings: list[FileWarning] = []
        self._count: dict[str, int] = {}
        self.salvaged = False

    def add(self, code: str, message: str, *, offset_bytes: int | None = None) -> None:
        """Note something a reader of the numbers should know."""
        self._count[code] = self._count.get(code, 0) + 1
        if self._count[code] <= MAX_OF_ONE_KIND:
            self._warnings.append(FileWarning(code, message, offset_bytes))

    def add_damage(self, code: str, message: str, *, offset_bytes: int | None = None) -> None:
        """Note damage: what was read before it is kept, the recording counts as salvaged."""
        self.salvaged = True
        self.add(code, message, offset_bytes=offset_bytes)

    def warnings(self) -> tuple[FileWarning, ...]:
        """Return everything noticed."""
        more = [
            FileWarning(code, f"{count - MAX_OF_ONE_KIND} more of this kind are not listed")
            for code, count in self._count.items()
            if count > MAX_OF_ONE_KIND
        ]
        return (*self._warnings, *more)
