"""Writes or checks the committed OpenAPI document: ``python -m topform.entrypoints.openapi [--check] [FILE]``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from topform.entrypoints.api import create_app
from topform.platform.settings import Settings


def document() -> str:
    """Return the document as it is committed."""
    return json.dumps(create_app(Settings()).openapi(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file, or with ``--check`` compare it; returns the exit code."""
    checks = "--check" in arguments
    names = [argument for argument in arguments if argument != "--check"]
    target = Path(names[0] if names else "openapi.json")
    current = document()
    if not checks:
        target.write_text(current, encoding="utf-8")
        return 0
    if target.is_file() and target.read_text(encoding="utf-8") == current:
        return 0
    sys.stderr.write(f"{target} differs from the API; run `make openapi` and commit it with the app's client.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
