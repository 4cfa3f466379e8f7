"""What the lock files name: every package with its version, digests, licence and what asks for it."""

from __future__ import annotations

import base64
import importlib.metadata
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("licences.toml")
PINNED = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+?))?(?: \\)?$"
)
ASKS = ("dependencies", "optionalDependencies", "peerDependencies")
CLASSIFIED = {
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
"""Classifiers that mean one licence; that of the BSD licences means several."""


@dataclass(frozen=True, slots=True)
class Package:
    """One locked package."""

    ecosystem: str
    name: str
    version: str
    licence: str | None
    is_shipped: bool
    """Whether the installed product needs it; the others build or test it."""
    is_direct: bool = False
    """Whether the product asks for it itself."""
    sha256: tuple[str, ...] = ()
    sha512: str | None = None
    marker: str | None = None
    asks_for: tuple[str, ...] = field(default=(), compare=False)
    """The identifiers of the packages it asks for."""

    @property
    def purl(self) -> str:
        """Return the identifier by which registries and scanners know it."""
        name = self.name.replace("@", "%40", 1) if self.name.startswith("@") else self.name
        return f"pkg:{self.ecosystem}/{name}@{self.version}"


def table() -> dict[str, Any]:
    """Return which licences are allowed, and what was found out about single packages."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def product_version() -> str:
    """Return the version of TopForm in this checkout."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


# ---- Python ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Pin:
    name: str
    version: str
    marker: str | None
    sha256: list[str] = field(default_factory=list)
    wanted_by: list[str] = field(default_factory=list)


def pins(lock: str) -> list[_Pin]:
    """Return the pins of a hashed requirements file, with who wants each."""
    found: list[_Pin] = []
    for line in lock.splitlines():
        if pinned := PINNED.match(line):
            found.append(_Pin(canonicalize_name(pinned["name"]), pinned["version"], pinned["marker"]))
        elif digest := re.match(r"^\s+--hash=sha256:([0-9a-f]{64})", line):
            found[-1].sha256.append(digest[1])
        elif (wanted := re.match(r"^\s+#\s+(?:via\s+)?(\S+)(?: \(.*\))?$", line)) and wanted[1] != "via":
            found[-1].wanted_by.append(wanted[1])
    return found


def python_packages(
    *, shipped: str | None = None, every: str | None = None, overrides: Mapping[str, Any] | None = None
) -> list[Package]:
    """Return the packages of the Python locks; licences are read from what is installed, then from the table."""
    shipped = (ROOT / "requirements.lock").read_text(encoding="utf-8") if shipped is None else shipped
    every = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8") if every is None else every
    known = table()["pypi"] if overrides is None else overrides
    needed = {(pin.name, pin.version) for pin in pins(shipped)}
    listed = {(pin.name, pin.version): pin for pin in (*pins(every), *pins(shipped))}
    return [
        Package(
            "pypi",
            pin.name,
            pin.version,
            known[pin.name]["licence"] if pin.name in known else installed_licence(pin.name),
            is_shipped=key in needed,
            is_direct="topform" in pin.wanted_by,
            sha256=tuple(pin.sha256),
            marker=pin.marker,
            asks_for=tuple(f"pkg:pypi/{name}@{version}" for name, version in sorted(listed)
                           if pin.name in listed[name, version].wanted_by),
        )
        for key, pin in sorted(listed.items())
    ]  # fmt: skip


def installed_licence(name: str) -> str | None:
    """Return the licence that an installed package states in a form that means one thing, as an SPDX expression."""
    try:
        metadata = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    stated = next((metadata[key] for key in ("License-Expression", "License") if metadata[key]), "")
    if (expression := _expression(stated)) is not None:
        return expression
    classifiers = [one.rpartition(" :: ")[2] for one in metadata.get_all("Classifier", []) if one.startswith("License")]
    if len(classifiers) == 1:
        return CLASSIFIED.get(classifiers[0])
    return None


def _expression(stated: str) -> str | None:
    try:
        return str(canonicalize_license_expression(stated))
    except InvalidLicenseExpression:
        return None


# ---- npm -------------------------------------------------------------------------------------------------------------


def npm_packages(lock: Mapping[str, Any] | None = None, overrides: Mapping[str, Any] | None = None) -> list[Package]:
    """Return the packages of the app's lock; one that lies in several folders is named once."""
    if lock is None:
        lock = json.loads((ROOT / "app/package-lock.json").read_text(encoding="utf-8"))
    known = table()["npm"] if overrides is None else overrides
    entries: Mapping[str, Any] = lock["packages"]
    found: dict[tuple[str, str], Package] = {}
    for path, entry in entries.items():
        if not path or entry.get("link"):
            continue
        name = entry.get("name") or path.rpartition("node_modules/")[2]
        key = (name, entry["version"])
        before = found.get(key)  # it may lie in several folders
        found[key] = Package(
            "npm",
            name,
            entry["version"],
            known[name]["licence"] if name in known else _expression(entry.get("license") or ""),
            is_shipped=not (entry.get("dev") or entry.get("devOptional")) or bool(before and before.is_shipped),
            is_direct=bool(before and before.is_direct)
            or (path == f"node_modules/{name}" and name in entries[""].get("dependencies", {})),
            sha512=_hex(entry.get("integrity", "")),
            asks_for=tuple(sorted({*_asked(entries, path, entry), *(before.asks_for if before else ())})),
        )
    return [found[key] for key in sorted(found)]


def _asked(entries: Mapping[str, Any], path: str, entry: Mapping[str, Any]) -> Iterator[str]:
    for name in {name for kind in ASKS for name in entry.get(kind, {})}:
        if (place := _resolved(entries, path, name)) is not None:
            other = entries[place]
            yield Package("npm", other.get("name") or name, other["version"], None, is_shipped=True).purl


def _resolved(entries: Mapping[str, Any], path: str, name: str) -> str | None:
    """Return where Node finds a package that is asked for from a folder: beside it, or in a folder above."""
    folder = path
    while True:
        place = f"{folder}/node_modules/{name}" if folder else f"node_modules/{name}"
        if place in entries and "version" in entries[place]:
            return place
        if not folder:
            return None
        folder = folder.rpartition("node_modules/")[0].rstrip("/")


def _hex(integrity: str) -> str | None:
    kind, _, digest = integrity.partition("-")
    return base64.b64decode(digest).hex() if kind == "sha512" else None
