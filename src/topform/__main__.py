"""Run the command line: ``topform``, or ``python -m topform``."""

from __future__ import annotations

from topform.entrypoints.interruption import end_at_once


def main() -> None:
    """Run the command line; everything else is imported where Ctrl-C is already looked after."""
    end_at_once()
    from topform.entrypoints.cli import main as run

    run()


if __name__ == "__main__":
    main()
