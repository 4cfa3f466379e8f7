"""Ctrl-C that is never lost.

An exception that a signal raises in the middle of an import can vanish: extension modules clear errors that they do not
expect, or turn them into others. While modules are imported nothing runs that would have to be stopped, so that the
process simply ends; afterwards the exception is raised, and remembered in case a step swallows it all the same.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def end_at_once() -> None:
    """From now on let Ctrl-C end the process there and then: while its modules are imported."""
    if not _is_ignored():
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def raise_from_now_on() -> None:
    """From now on let Ctrl-C raise `KeyboardInterrupt`, as Python does by itself."""
    if not _is_ignored():
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _is_ignored() -> bool:
    """Whether whoever started the process, such as a shell in the background, keeps Ctrl-C from it."""
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN


class Interruption:
    """Whether somebody has asked a service to end, by SIGINT or SIGTERM; the first of them unwinds it."""

    def __init__(self) -> None:
        self.is_asked = False

    @contextlib.contextmanager
    def raised(self) -> Iterator[None]:
        """Raise `KeyboardInterrupt` inside, once, so that nothing disturbs the unwinding."""
        before = [signal.signal(sent, self._raise_once) for sent in SIGNALS]
        try:
            yield
        finally:
            for sent, handler in zip(SIGNALS, before, strict=True):
                signal.signal(sent, handler)

    def check(self) -> None:
        """Raise again if it was asked for; between steps."""
        if self.is_asked:
            raise KeyboardInterrupt

    def ignore_further(self) -> None:
        """Let the clean-up run to its end."""
        for sent in SIGNALS:
            signal.signal(sent, signal.SIG_IGN)

    def _raise_once(self, _number: int, _frame: FrameType | None) -> None:
        was_asked, self.is_asked = self.is_asked, True
        if not was_asked:
            raise KeyboardInterrupt
