"""PostgreSQL refuses to run as root; this finds or makes the unprivileged user it runs as instead."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from topform.core.errors import SetupError


@dataclass(frozen=True, slots=True)
class ServiceUser:
    """The user that the database server runs as when the program itself runs as root."""

    name: str
    uid: int
    gid: int

    def popen_arguments(self) -> dict[str, Any]:
        """Return the arguments that make `subprocess` start a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, test: str, path: Path) -> bool:
        """Tell whether this user passes ``test -x PATH`` and the like, by trying it as that user."""
        result = subprocess.run(
            ["/bin/sh", "-c", f'test -{test} "$1"', "sh", str(path)],
            check=False,
            cwd="/",
            stdin=subprocess.DEVNULL,
            **self.popen_arguments(),
        )
        return result.returncode == 0


def service_user(name: str) -> ServiceUser | None:
    """Return the user to drop to, made if missing; None when the program does not run as root."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        entry = _make_user(name)
    if entry.pw_uid == 0:
        raise SetupError(
            f"The service user {name!r} is root; PostgreSQL refuses to run as root.",
            remedy="Set TOPFORM_SERVICE_USER to an unprivileged user, or run TopForm as one.",
        )
    return ServiceUser(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _make_user(name: str) -> pwd.struct_passwd:
    remedy = (
        f"Create it (useradd --system --user-group --no-create-home {name}), set TOPFORM_SERVICE_USER to an existing "
        "user, run TopForm as a user other than root, or set TOPFORM_DATABASE_URL to your own PostgreSQL."
    )
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is None:
        raise SetupError(f"PostgreSQL must not run as root, and the user {name!r} does not exist.", remedy=remedy)
    with _users_locked():
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
        made = subprocess.run(
            [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
             "--shell", "/usr/sbin/nologin", name],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        try:
            return pwd.getpwnam(name)
        except KeyError:
            message = f"The user {name!r} could not be created: {made.stderr.strip()}"
            raise SetupError(message, remedy=remedy) from None


@contextlib.contextmanager
def _users_locked() -> Iterator[None]:
    """Keep other processes of TopForm from making a user at the same time; `useradd` may then lose one of two."""
    folder = os.open("/etc", os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
