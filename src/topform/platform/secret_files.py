"""Secrets that this installation generates for itself, each in a file that only its owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from topform.core.errors import SetupError


def secret_in_file(path: Path) -> str:
    """Return the secret in the file, generating it on first use; processes that race get the same one."""
    try:
        return _read(path)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _draft(path, secrets.token_urlsafe(48))
    try:
        os.link(draft, path)
    except FileExistsError:
        return _read(path)
    finally:
        draft.unlink(missing_ok=True)
    return _read(path)


def store_secret(path: Path, secret: str) -> None:
    """Put a secret that was made elsewhere into the file, in place of one that is there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _draft(path, secret)
    draft.replace(path)


def _draft(path: Path, secret: str) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _read(path: Path) -> str:
    try:
        value = path.read_text(encoding="ascii").strip()
    except PermissionError as error:
        raise SetupError(
            f"The secret in {path} belongs to another user.",
            remedy="Run TopForm as the user who created this data directory, or choose another with --data-dir.",
        ) from error
    if not value:
        raise SetupError(f"The secret in {path} is empty.", remedy="Delete the file; a new one is generated.")
    return value
